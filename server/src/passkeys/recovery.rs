//! Lost passkeys: one admin of the office opens a case with a reason, another one closes it, and neither for herself.

use super::store::{self, RecoveryRow};
use super::{CaseId, RecoveryBody};
use crate::accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::random;
use crate::crypto::seal;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::{
    AccountId, AccountState, Code, Done, Millis, NoticeKind, OfficeId, OpenRecovery, Refusal, WhichRecovery,
    limits,
};

/// † How long a case waits for the second admin.
pub(super) const OPEN: Duration = Duration::from_secs(72 * 60 * 60);

/// Opens a case.
///
/// # Errors
/// `not_found` for somebody who is not of an office that the asker runs; `step_up_required`; `bad_field` without a reason.
pub async fn recovery_open(app: &App, who: &Arc<Session>, ask: OpenRecovery) -> Result<WhichRecovery> {
    who.let_write()?;
    let now = app.clock.now();
    let reason = ask.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > limits::AIM_CHARS {
        return Err(Refusal::new(Code::BadField).with("field", "reason").with("column", 0).into());
    }
    app.passkeys.fresh.require(who, now)?;
    let (office, account) = {
        let mut view = app.store.view().await?;
        let office = shared_office(view.conn(), who.account, ask.account).await?;
        (office, accounts::store::account(view.conn(), ask.account).await?)
    };
    let office = office.filter(|_| who.account != ask.account).ok_or(Code::NotFound)?;
    let account = account.ok_or(Code::NotFound)?;
    let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
    let case = random::new_id(&app.clock);
    let sealed = RecoveryBody { v: FORMAT, reason }.sealed(&key, CaseId(case))?;
    let (inner, session) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.let_stand(&session)?;
            tx.insert_recovery(case, (account.id, office, session.account), &sealed, now).await?;
            let entry = entry(&session, "passkeys.recovery_open", account.id, case, now);
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await?;
    Ok(WhichRecovery { case })
}

/// Closes a case: all passkeys of the person are gone and all her sessions are ended.
///
/// # Errors
/// `not_found` for a case that is not open, or not of an office that the asker runs; `two_admins_required` for who
/// opened it, and where who opened it is no admin any more; `step_up_required`.
pub async fn recovery_approve(app: &App, who: &Arc<Session>, ask: WhichRecovery) -> Result<Done> {
    who.let_write()?;
    let now = app.clock.now();
    app.passkeys.fresh.require(who, now)?;
    let (inner, session) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&session)?;
            let case = store::recovery(tx.conn(), ask.case).await?.ok_or(Code::NotFound)?;
            let runs = accounts::store::offices_administered(tx.conn(), session.account).await?;
            let opener = accounts::store::offices_administered(tx.conn(), case.opened_by).await?;
            let stands = accounts::store::account(tx.conn(), case.opened_by).await?;
            let is_vouched = opener.contains(&case.office)
                && stands.is_some_and(|opener| opener.state == AccountState::Active);
            decide(&case, session.account, &runs, is_vouched, now)?;
            // Of somebody who left the office meanwhile its admins decide nothing.
            if !store::offices_of(tx.conn(), case.account).await?.contains(&case.office) {
                return Err(Code::NotFound.into());
            }
            if !tx.approve_recovery(ask.case, session.account, now).await? {
                return Err(Code::NotFound.into());
            }
            tx.delete_passkeys_of(case.account).await?;
            tx.end_all_links(case.account, now).await?;
            tx.end_sessions_of(&inner, case.account, None, "recovered", now).await?;
            let entry = entry(&session, "passkeys.recovery_approve", case.account, ask.case, now);
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::FactorRemoved).tell(&inner, tx, case.account).await?;
            Ok(Done {})
        })
        .await
}

fn decide(
    case: &RecoveryRow,
    by: AccountId,
    runs: &[OfficeId],
    is_vouched: bool,
    now: Millis,
) -> Result<(), Code> {
    let is_open = !case.is_approved && now < case.created_at.plus(OPEN);
    if !is_open || !runs.contains(&case.office) || by == case.account {
        return Err(Code::NotFound);
    }
    if by == case.opened_by || !is_vouched { Err(Code::TwoAdminsRequired) } else { Ok(()) }
}

/// An office that one of them runs and the other works for.
async fn shared_office(
    conn: &mut crate::store::Conn,
    admin: AccountId,
    person: AccountId,
) -> Result<Option<OfficeId>> {
    let runs = accounts::store::offices_administered(conn, admin).await?;
    let works = store::offices_of(conn, person).await?;
    Ok(runs.into_iter().find(|office| works.contains(office)))
}

fn entry(who: &Session, act: &'static str, person: AccountId, case: uuid::Uuid, now: Millis) -> Entry {
    Entry {
        at: now,
        act,
        account: Some(who.account),
        session: Some(who.id),
        subject: Some(person.0),
        detail: Some(format!(r#"{{"case":"{case}"}}"#)),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn two_admins_of_the_office_and_never_the_person_herself() {
        let account = |n| AccountId(Uuid::from_u128(n));
        let (person, one, other) = (account(1), account(2), account(3));
        let office = OfficeId(Uuid::from_u128(7));
        let case = |is_approved| RecoveryRow {
            account: person,
            office,
            opened_by: one,
            created_at: Millis(0),
            is_approved,
        };
        let hours = |hours: i64| Millis(hours * 3_600_000);
        assert_eq!(decide(&case(false), other, &[office], true, hours(71)), Ok(()));
        assert_eq!(decide(&case(false), one, &[office], true, hours(1)), Err(Code::TwoAdminsRequired));
        let alone = decide(&case(false), other, &[office], false, hours(1));
        assert_eq!(alone, Err(Code::TwoAdminsRequired), "who opened it was suspended since");
        for (case, by, runs, now) in [
            (case(true), other, vec![office], hours(1)),
            (case(false), other, vec![office], hours(72)),
            (case(false), other, vec![], hours(1)),
            (case(false), person, vec![office], hours(1)),
        ] {
            assert_eq!(decide(&case, by, &runs, true, now), Err(Code::NotFound));
        }
    }
}
