//! Whoever is signed in says what happened: a device is gone, somebody else uses the account ("this wasn't me"), or there is
//! other trouble (000-note(3)j, k; 001§14-2f).

use super::raising::Raised;
use super::store;
use crate::accounts::store as accounts;
use crate::accounts::{LinkPurpose, MailedLink};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::seal;
use crate::devices::Turning;
use crate::devices::store as devices;
use crate::error::{Fault, Result, rate_limited};
use crate::notices::Notice;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::{
    Code, DeviceId, Done, IncidentKind, NoticeKind, RaisedBy, Refusal, ReportMine, limits,
};

/// † So many incidents of a day somebody raises about her own account.
const A_DAY: i64 = 20;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Raises it. A loss and somebody else's access end every session of the account, this one too, ask for a new password, and
/// stop the device that is named (002-2.1M10). Where somebody else uses the account and mail leaves, the password that was is
/// worth nothing any more: a link to the next one goes to her address.
///
/// # Errors
/// `not_found` for a device that she does not hold; `bad_field` for trouble without words and for a device where none was
/// lost; `rate_limited` when she reports much of it in a day.
pub async fn report_mine(app: &App, who: &Arc<Session>, ask: ReportMine) -> Result<Done> {
    let effect = Effect::of(&ask)?;
    let text = words(&ask)?;
    ready(app, who, ask.device).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let link = MailedLink::of(app, LinkPurpose::Reset);
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let since = now.before(DAY);
            if store::raised_since(tx.conn(), who.account, RaisedBy::Holder, since).await? >= A_DAY
                && effect == Effect::Told
            {
                return Err(rate_limited(DAY).into());
            }
            if let Some(device) = ask.device {
                let device = devices::device(tx.conn(), device).await?.ok_or(Code::NotFound)?;
                tx.turn_device(&inner, device, Turning::Stop, ask.kind.as_str(), Some(&who), now).await?;
            }
            let raised = Raised::ByHolder(who.account, ask.device);
            let id = tx.raise_incident(&inner, ask.kind, raised, text.clone(), now).await?;
            let ended = match effect {
                Effect::Told => 0,
                Effect::Ends(told) => {
                    tx.must_change_password(who.account).await?;
                    tx.end_all_links(who.account, now).await?;
                    if ask.kind == IncidentKind::UnauthorisedAccess && inner.outward.mail.is_some() {
                        let holder =
                            accounts::account(tx.conn(), who.account).await?.ok_or(Code::NotFound)?;
                        tx.forget_password(who.account, now).await?;
                        link.send(&inner, tx, &holder, now).await?;
                    }
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
    /// It is told.
    Told,
    /// Sessions and links end, a new password is needed, and the holder is told so.
    Ends(NoticeKind),
}

impl Effect {
    fn of(ask: &ReportMine) -> Result<Self, Refusal> {
        match (ask.kind, ask.device) {
            (IncidentKind::Loss, _) => Ok(Self::Ends(NoticeKind::LossReported)),
            (IncidentKind::UnauthorisedAccess, None) => Ok(Self::Ends(NoticeKind::AccessReported)),
            (IncidentKind::Trouble, None) => Ok(Self::Told),
            (IncidentKind::UnauthorisedAccess | IncidentKind::Trouble, Some(_)) => {
                Err(Refusal::new(Code::BadField).with("field", "device"))
            }
        }
    }
}

fn words(ask: &ReportMine) -> Result<Option<String>, Refusal> {
    let wrong = || Refusal::new(Code::BadField).with("field", "text");
    match (&ask.text, ask.kind) {
        (Some(text), _) => Ok(Some(Text::short(text, limits::AIM_CHARS).ok_or_else(wrong)?)),
        (None, IncidentKind::Trouble) => Err(wrong()),
        (None, IncidentKind::Loss | IncidentKind::UnauthorisedAccess) => Ok(None),
    }
}

/// Opens the keys that are sealed with, before the act.
async fn ready(app: &App, who: &Arc<Session>, device: Option<DeviceId>) -> Result<()> {
    let mut view = app.store.view().await?;
    if let Some(id) = device {
        let device = devices::device(view.conn(), id).await?;
        let device = device.filter(|device| device.account == Some(who.account)).ok_or(Code::NotFound)?;
        app.keys.ready(seal::key_of(&device.sealed)?).await?;
    }
    let account = accounts::account(view.conn(), who.account).await?;
    let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
    app.keys.ready(seal::key_of(&account.sealed)?).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_report_does_and_what_it_must_say() {
        use IncidentKind::{Loss, Trouble, UnauthorisedAccess};
        let device = Some(DeviceId(uuid::Uuid::nil()));
        for (kind, device, text, expected) in [
            (Loss, None, None, Ok(Effect::Ends(NoticeKind::LossReported))),
            (Loss, device, Some("電車"), Ok(Effect::Ends(NoticeKind::LossReported))),
            (UnauthorisedAccess, None, None, Ok(Effect::Ends(NoticeKind::AccessReported))),
            (UnauthorisedAccess, device, None, Err("device")),
            (Trouble, None, Some("画面が出ない"), Ok(Effect::Told)),
            (Trouble, device, Some("画面が出ない"), Err("device")),
            (Trouble, None, None, Err("text")),
            (Trouble, None, Some(" "), Err("text")),
            (Loss, None, Some(" "), Err("text")),
        ] {
            let ask = ReportMine { kind, device, text: text.map(str::to_owned) };
            let found = Effect::of(&ask).and_then(|effect| words(&ask).map(|_| effect));
            let found = found.map_err(|refusal| refusal.params.get("field").cloned().unwrap_or_default());
            assert_eq!(found, expected.map_err(str::to_owned), "{ask:?}");
        }
    }
}
