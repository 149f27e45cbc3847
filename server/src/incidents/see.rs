//! Somebody who is to deal with an incident has seen it, and says what is to be done (000-note(3)j, 001§14-2f).

use super::standing::{Step, dealt_with};
use super::store::{self, IncidentRow};
use crate::accounts::store as accounts;
use crate::accounts::{Reason, ReasonBody};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::crypto::seal::{self, Key};
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::policy::Daily;
use crate::sessions::{Session, store as sessions};
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Done, IncidentId, IncidentStatus, Millis, NoticeKind, SeeIncident, StepKind};

/// Marks it as seen and keeps the instruction, of which the holder of the account is told. Seen already and without a new
/// instruction, nothing changes: the same one sent again is a retry.
///
/// # Errors
/// `not_found` for one of others and one that is not there; `incident_closed`, `incident_unsent`; `not_for_yourself`;
/// `reason_missing` for an instruction of nothing; `bad_field` for one that is too long; `daily_limit` for one too many;
/// `account_restricted`.
pub async fn see(app: &App, who: &Arc<Session>, ask: SeeIncident) -> Result<Done> {
    who.let_write()?;
    let words = ask.instruction.as_deref().map(Reason::read).transpose()?;
    let instruction = {
        let mut view = app.store.view().await?;
        let found = dealt_with(app, view.conn(), who, ask.incident, Step::See).await?;
        match &words {
            None => None,
            Some(text) => {
                let key = key_of(app, view.conn(), &found).await?;
                Some(Reason::about(app, found.id.0, &key, text.clone())?)
            }
        }
    };
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = dealt_with(&inner, tx.conn(), &who, ask.incident, Step::See).await?;
            if found.status == IncidentStatus::Seen
                && !is_new(&inner, tx.conn(), &who, (found.id, words.as_deref()), now).await?
            {
                return Ok(Done {});
            }
            tx.set_incident_status(found.id, IncidentStatus::Seen).await?;
            let (step, by) = ((found.id, StepKind::Seen), who.account);
            tx.note_step(&inner, step, by, instruction.as_ref(), now).await?;
            let entry = Entry {
                at: now,
                act: "incidents.see",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(found.id.0),
                detail: instruction.as_ref().map(Reason::detail),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            if let Some(holder) = found.account.filter(|holder| *holder != who.account) {
                Notice::of(NoticeKind::IncidentSeen).tell(&inner, tx, holder).await?;
            }
            Ok(Done {})
        })
        .await
}

/// Whether there is an instruction that was not the last one given.
///
/// # Errors
/// `daily_limit` where many were given about it within a day.
async fn is_new(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    (incident, words): (IncidentId, Option<&str>),
    now: Millis,
) -> Result<bool> {
    let Some(words) = words else { return Ok(false) };
    let given: Vec<_> = store::steps(conn, incident)
        .await?
        .into_iter()
        .filter(|step| step.kind == StepKind::Seen)
        .filter_map(|step| Some((step.by, step.at, step.reason?)))
        .collect();
    if let Some((by, _, (id, sealed))) = given.last()
        && *by == who.account
        && bodies::open::<ReasonBody>(app, *id, sealed).await?.text == words
    {
        return Ok(false);
    }
    let since = now.before(Daily::SPAN);
    let done = given.iter().filter(|(_, at, _)| *at > since).count();
    let profiles = sessions::profiles_of(conn, who.account).await?;
    let most = app.policies.daily(profiles.iter().map(String::as_str)).instructions;
    Daily::let_one_more(i64::try_from(done).unwrap_or(i64::MAX), most)?;
    Ok(true)
}

/// The key that what is said about an incident is sealed with: the one of its text, or of its account.
pub(super) async fn key_of(app: &App, conn: &mut Conn, found: &IncidentRow) -> Result<Key> {
    let missing = || Fault::noticed("finding the key of an incident");
    let sealed = match (&found.sealed, found.account) {
        (Some(sealed), _) => sealed.clone(),
        (None, Some(account)) => accounts::account(conn, account).await?.ok_or_else(missing)?.sealed,
        (None, None) => return Err(missing().into()),
    };
    Ok(app.keys.ready(seal::key_of(&sealed)?).await?)
}
