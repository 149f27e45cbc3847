//! Everything that is done about a loss or somebody else's access, in one act: sessions, devices, the account (001§28-3c). No
//! password is ever asked for; what somebody else may know is made worthless instead (c-19).

use super::raising::named;
use super::see::key_of;
use super::standing::{Step, dealt_with};
use super::store::{self, IncidentRow};
use crate::accounts::store as accounts;
use crate::accounts::{Doing, Facts, NextLink, Reason};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::seal;
use crate::devices::Turning;
use crate::devices::store::DeviceRow;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AccountState, Code, Done, IncidentStatus, NoticeKind, Refusal, SecureAct, SecureIncident,
    StepKind,
};

/// Does what is ticked, and tells the holder of the account and all who deal with the incident. Done already, a stop or a
/// suspension changes nothing.
///
/// # Errors
/// `not_found` for an incident of others, one that is not there, and one about no account; `incident_closed`; `bad_field` where
/// nothing is ticked, or a link into an account that is to be suspended; as [`Facts::decide`], `other_office` also for a device
/// of another office's ledger; `mail_not_configured`; for a suspension `step_up_required`; `reason_missing`;
/// `account_restricted`.
pub async fn secure(app: &App, who: &Arc<Session>, ask: SecureIncident) -> Result<Done> {
    who.let_write()?;
    let doing = doing(&ask)?;
    if ask.acts.contains(&SecureAct::SendLink) && app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let why = Reason::read(&ask.reason)?;
    let (of_account, of_incident) = {
        let mut view = app.store.view().await?;
        let plan = Plan::of(app, view.conn(), who, &ask, doing).await?;
        if ask.acts.contains(&SecureAct::Suspend) {
            app.passkeys.fresh.require(who, app.clock.now())?;
        }
        for device in &plan.devices {
            app.keys.ready(seal::key_of(&device.sealed)?).await?;
        }
        let key = key_of(app, view.conn(), &plan.incident).await?;
        let of_incident = Reason::about(app, plan.incident.id.0, &key, why.clone())?;
        (Reason::of(app, plan.account, &why).await?, of_incident)
    };
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let next = NextLink::of(app);
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = dealt_with(&inner, tx.conn(), &who, ask.incident, Step::Secure).await?;
            tx.hold_seats(found.account.ok_or(Code::NotFound)?).await?;
            let plan = Plan::of(&inner, tx.conn(), &who, &ask, doing).await?;
            let (account, has) = (plan.account, |act| ask.acts.contains(&act));
            let ended = match ask.acts.is_empty() {
                true => 0,
                false => tx.end_sessions_of(&inner, account, None, "secured", now).await?,
            };
            for device in plan.devices {
                tx.turn_device(&inner, device, Turning::Stop, &why, Some(&who), now).await?;
            }
            if has(SecureAct::Suspend) {
                let state = (account, AccountState::Suspended);
                tx.turn_account(&inner, state, &of_account, Some(&who), now).await?;
            }
            let holder = accounts::account(tx.conn(), account).await?.ok_or(Code::NotFound)?;
            if has(SecureAct::NewPassword) || has(SecureAct::SendLink) {
                let link = has(SecureAct::SendLink).then_some(&next);
                tx.renew_password(&inner, &holder, link, now).await?;
            }
            if plan.incident.status == IncidentStatus::New {
                tx.set_incident_status(plan.incident.id, IncidentStatus::Seen).await?;
            }
            let step = (plan.incident.id, StepKind::Secured);
            tx.note_step(&inner, step, who.account, Some(&of_incident), now).await?;
            let entry = Entry {
                at: now,
                act: "incidents.secure",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(plan.incident.id.0),
                detail: Some(detail(&ask, &of_incident, account, ended)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::Secured).tell(&inner, tx, account).await?;
            let notice = named(&inner, Notice::of(NoticeKind::StaffSecured), Some(&holder)).await?;
            let except = [Some(account), Some(who.account)];
            tx.tell_recipients(&inner, plan.incident.id, &notice, &except).await?;
            Ok(Done {})
        })
        .await
}

/// What is to be done about whom.
struct Plan {
    incident: IncidentRow,
    account: AccountId,
    devices: Vec<DeviceRow>,
}

impl Plan {
    async fn of(
        app: &App,
        conn: &mut Conn,
        who: &Arc<Session>,
        ask: &SecureIncident,
        doing: Doing,
    ) -> Result<Self> {
        let incident = dealt_with(app, conn, who, ask.incident, Step::Secure).await?;
        let account = incident.account.ok_or(Code::NotFound)?;
        Facts::of(app, conn, who.account, account).await?.decide(doing)?;
        let reachable = store::devices_to_stop(conn, who.account, account).await?;
        let mut devices = Vec::new();
        for id in ask.devices.iter().collect::<BTreeSet<_>>() {
            let found = reachable.iter().find(|device| device.id == *id);
            devices.push(found.cloned().ok_or(Code::OtherOffice)?);
        }
        Ok(Self { incident, account, devices })
    }
}

/// What it comes to for the account.
fn doing(ask: &SecureIncident) -> Result<Doing, Refusal> {
    let has = |act| ask.acts.contains(&act);
    let is_nothing = ask.acts.is_empty() && ask.devices.is_empty();
    if is_nothing || (has(SecureAct::Suspend) && has(SecureAct::SendLink)) {
        return Err(Refusal::new(Code::BadField).with("field", "acts"));
    }
    Ok(match (has(SecureAct::Suspend), has(SecureAct::SendLink)) {
        (true, _) => Doing::SetState(AccountState::Suspended),
        (false, true) => Doing::Reset,
        (false, false) => Doing::Secure,
    })
}

fn detail(ask: &SecureIncident, reason: &Reason, account: AccountId, ended: u64) -> String {
    let mut acts: Vec<&str> = ask.acts.iter().map(|act| act.as_str()).collect();
    acts.sort_unstable();
    acts.dedup();
    format!(
        r#"{{"reason":"{}","account":"{account}","acts":"{}","devices":{},"ended":{ended}}}"#,
        reason.id.0,
        acts.join(" "),
        ask.devices.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{DeviceId, IncidentId};
    use uuid::Uuid;

    #[test]
    fn what_is_ticked_and_what_it_comes_to() {
        use SecureAct::{EndSessions, NewPassword, SendLink, Suspend};
        let suspended = Doing::SetState(AccountState::Suspended);
        let cases: [(&[SecureAct], usize, Option<Doing>); 8] = [
            (&[], 0, None),
            (&[], 1, Some(Doing::Secure)),
            (&[EndSessions], 0, Some(Doing::Secure)),
            (&[NewPassword], 0, Some(Doing::Secure)),
            (&[EndSessions, NewPassword, SendLink], 1, Some(Doing::Reset)),
            (&[Suspend], 0, Some(suspended)),
            (&[Suspend, NewPassword], 0, Some(suspended)),
            (&[Suspend, SendLink], 0, None),
        ];
        for (acts, devices, expected) in cases {
            let ask = SecureIncident {
                incident: IncidentId(Uuid::nil()),
                acts: acts.to_vec(),
                devices: vec![DeviceId(Uuid::nil()); devices],
                reason: String::new(),
            };
            assert_eq!(doing(&ask).ok(), expected, "{acts:?} {devices}");
        }
    }
}
