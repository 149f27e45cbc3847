//! Whoever is signed in says what happened: a device is gone, somebody else uses the account ("this wasn't me"), or there is
//! other trouble (000-note(3)j, k; 001§14-2f).

use super::raising::Raised;
use super::store;
use crate::accounts::NextLink;
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::seal;
use crate::devices::Turning;
use crate::devices::store as devices;
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::policy::Daily;
use crate::posts::Text;
use crate::sessions::{Session, store as sessions};
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    Code, DeviceId, Done, IncidentKind, Next, NoticeKind, RaisedBy, Refusal, ReportMine, limits,
};

/// Raises it. A loss and somebody else's access end every session of the account, this one too, ask for a new password, and
/// stop the device that is named (002-2.1M10). Where somebody else uses the account and mail leaves, the password that was is
/// worth nothing any more: a link to the next one goes to her address.
///
/// Whoever has not shown her second factor yet may be anybody who knows the password: what she says is kept and told, as if
/// she had not signed in, and nothing ends.
///
/// # Errors
/// `second_factor_required`, `bad_field`; `not_found` for a device that she does not hold; `daily_limit`
/// when she reports much trouble in a day, or anything without a second factor.
pub async fn report_mine(app: &App, who: &Arc<Session>, ask: ReportMine) -> Result<Done> {
    let effect = Effect::of(&ask, &who.next)?;
    let text = words(&ask)?;
    let daily = ready(app, who, ask.device).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let link = NextLink::of(app);
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let id = match effect {
                Effect::Kept => {
                    let kept = tx.raise_unproven(&inner, who.account, (ask.kind, text.clone()), now).await?;
                    kept.ok_or_else(|| no_more(daily.reports))?
                }
                Effect::Told | Effect::Ends(_) => {
                    if effect == Effect::Told {
                        let (by, since) = (RaisedBy::Holder, now.before(Daily::SPAN));
                        let done = store::raised_since(tx.conn(), who.account, by, since).await?;
                        Daily::let_one_more(done, daily.own_reports)?;
                    }
                    if let Some(device) = ask.device {
                        let device = devices::device(tx.conn(), device).await?.ok_or(Code::NotFound)?;
                        let why = ask.kind.as_str();
                        tx.turn_device(&inner, device, Turning::Stop, why, Some(&who), now).await?;
                    }
                    let raised = Raised::ByHolder(who.account, ask.device);
                    tx.raise_incident(&inner, ask.kind, raised, text.clone(), now).await?
                }
            };
            let ended = match effect {
                Effect::Kept | Effect::Told => 0,
                Effect::Ends(told) => {
                    let holder = accounts::account(tx.conn(), who.account).await?.ok_or(Code::NotFound)?;
                    let is_known = ask.kind == IncidentKind::UnauthorisedAccess;
                    let link = (is_known && inner.outward.mail.is_some()).then_some(&link);
                    tx.renew_password(&inner, &holder, link, now).await?;
                    Notice::of(told).tell(&inner, tx, who.account).await?;
                    tx.end_sessions_of(&inner, who.account, None, ask.kind.as_str(), now).await?
                }
            };
            let entry = Entry {
                at: now,
                act: "incidents.report_mine",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(id.0),
                detail: Some(format!(r#"{{"kind":"{}","ended":{ended}}}"#, ask.kind.as_str())),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// What a report does at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It is told, as if it came from anybody.
    Kept,
    /// It is told.
    Told,
    /// Sessions and links end, a new password is needed, and the holder is told so.
    Ends(NoticeKind),
}

impl Effect {
    /// Of a report in a session that lacks these steps.
    ///
    /// # Errors
    /// `bad_field` for a device where none was lost; `second_factor_required` for what is more than a word.
    fn of(ask: &ReportMine, lacks: &[Next]) -> Result<Self, Refusal> {
        use IncidentKind::{Loss, Trouble, UnauthorisedAccess};
        match (lacks.contains(&Next::SecondFactor), ask.kind, ask.device) {
            (_, UnauthorisedAccess | Trouble, Some(_)) => {
                Err(Refusal::new(Code::BadField).with("field", "device"))
            }
            (true, Loss | UnauthorisedAccess, None) => Ok(Self::Kept),
            (true, Trouble, None) | (true, Loss, Some(_)) => Err(Code::SecondFactorRequired.into()),
            (false, Loss, _) => Ok(Self::Ends(NoticeKind::LossReported)),
            (false, UnauthorisedAccess, None) => Ok(Self::Ends(NoticeKind::AccessReported)),
            (false, Trouble, None) => Ok(Self::Told),
        }
    }
}

fn no_more(limit: u32) -> Refusal {
    Refusal::new(Code::DailyLimit).with("limit", limit)
}

fn words(ask: &ReportMine) -> Result<Option<String>, Refusal> {
    let wrong = || Refusal::new(Code::BadField).with("field", "text");
    match (&ask.text, ask.kind) {
        (Some(text), _) => Ok(Some(Text::short(text, limits::AIM_CHARS).ok_or_else(wrong)?)),
        (None, IncidentKind::Trouble) => Err(wrong()),
        (None, IncidentKind::Loss | IncidentKind::UnauthorisedAccess) => Ok(None),
    }
}

/// Opens the keys that are sealed with, before the act; what may be done in a day.
async fn ready(app: &App, who: &Arc<Session>, device: Option<DeviceId>) -> Result<Daily> {
    let mut view = app.store.view().await?;
    if let Some(id) = device {
        let device = devices::device(view.conn(), id).await?;
        let device = device.filter(|device| device.account == Some(who.account)).ok_or(Code::NotFound)?;
        app.keys.ready(seal::key_of(&device.sealed)?).await?;
    }
    let account = accounts::account(view.conn(), who.account).await?;
    let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
    app.keys.ready(seal::key_of(&account.sealed)?).await?;
    let profiles = sessions::profiles_of(view.conn(), who.account).await?;
    Ok(app.policies.daily(profiles.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_report_does_and_what_it_must_say() {
        use IncidentKind::{Loss, Trouble, UnauthorisedAccess};
        let device = Some(DeviceId(uuid::Uuid::nil()));
        let (whole, half) = (&[][..], &[Next::SecondFactor, Next::NewPassword][..]);
        let second = Err("second_factor_required");
        for (lacks, kind, device, text, expected) in [
            (whole, Loss, None, None, Ok(Effect::Ends(NoticeKind::LossReported))),
            (whole, Loss, device, Some("電車"), Ok(Effect::Ends(NoticeKind::LossReported))),
            (whole, UnauthorisedAccess, None, None, Ok(Effect::Ends(NoticeKind::AccessReported))),
            (whole, UnauthorisedAccess, device, None, Err("device")),
            (whole, Trouble, None, Some("画面が出ない"), Ok(Effect::Told)),
            (whole, Trouble, device, Some("画面が出ない"), Err("device")),
            (whole, Trouble, None, None, Err("text")),
            (whole, Trouble, None, Some(" "), Err("text")),
            (whole, Loss, None, Some(" "), Err("text")),
            (&[Next::NewPassword][..], Loss, None, None, Ok(Effect::Ends(NoticeKind::LossReported))),
            (half, Loss, None, None, Ok(Effect::Kept)),
            (half, UnauthorisedAccess, None, Some("知らない記録"), Ok(Effect::Kept)),
            (half, Loss, device, None, second),
            (half, Trouble, None, Some("画面が出ない"), second),
            (half, UnauthorisedAccess, device, None, Err("device")),
        ] {
            let ask = ReportMine { kind, device, text: text.map(str::to_owned) };
            let found = Effect::of(&ask, lacks).and_then(|effect| words(&ask).map(|_| effect));
            let told = |refusal: Refusal| {
                refusal.params.get("field").cloned().unwrap_or_else(|| refusal.code.as_str().to_owned())
            };
            assert_eq!(found.map_err(told), expected.map_err(str::to_owned), "{lacks:?} {ask:?}");
        }
    }
}
