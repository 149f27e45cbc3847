//! What a timer does for sessions: those that stood too long end, and the rows learn who did something lately.

use super::{Over, Session};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::Ended;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::Millis;

/// So many rows are written in one act, so that posts do not wait behind all of them.
const AT_ONCE: usize = 64;

/// Ends sessions that nobody used for too long (002-1.2(1)d), and those whose certificate or exception is over, with their links: in memory
/// at once, then in the rows.
///
/// # Errors
/// When the rows cannot be written; the sessions have ended all the same, since their time is over, and the next time tries
/// again.
pub async fn end_overdue(app: &App) -> Result<()> {
    let now = app.clock.now();
    let overdue = app.sessions.end_overdue(now);
    for session in &overdue {
        let why = match session.over() {
            Some(Over::Unbound | Over::Excepted | Over::Ended) => Ended::SignedOut,
            Some(Over::Idle) | None => Ended::SessionIdle,
        };
        app.live.cut_those(session.account, |id| id == session.id, why);
    }
    app.sessions.owe(&overdue);
    let mut done = Ok(());
    for some in app.sessions.take_owed().chunks(AT_ONCE) {
        let (inner, ended) = (app.clone(), some.to_vec());
        let written = app
            .store
            .act(async move |tx: &mut Tx| -> Result<()> { write_ends(&inner, tx, &ended, now).await })
            .await;
        if written.is_err() {
            app.sessions.owe(some);
            done = written;
        }
    }
    done
}

async fn write_ends(app: &App, tx: &mut Tx, sessions: &[Arc<Session>], now: Millis) -> Result<()> {
    for session in sessions {
        let (why, act) = match session.over() {
            Some(Over::Unbound) => ("certificate_over", "sessions.certificate_end"),
            Some(Over::Excepted) => ("exception_over", "sessions.exception_end"),
            Some(Over::Idle | Over::Ended) | None => ("idle", "sessions.idle_end"),
        };
        if tx.end_session(session.id, why, now).await? {
            let entry = Entry {
                at: now,
                act,
                account: Some(session.account),
                session: Some(session.id),
                ..Entry::default()
            };
            app.audit.append(tx, &entry).await?;
        }
    }
    Ok(())
}

/// Writes who did something since the last time. A crash loses these: then a session ends a little early.
///
/// # Errors
/// When the rows cannot be written; then the next time tries again.
pub async fn write_last_acts(app: &App) -> Result<()> {
    let mut done = Ok(());
    for some in app.sessions.stirred().chunks(AT_ONCE) {
        let acts: Vec<_> = some.iter().map(|(session, at)| (session.id, *at)).collect();
        let written = app
            .store
            .act(async move |tx: &mut Tx| -> Result<()> {
                for (id, at) in &acts {
                    tx.set_last_act(*id, *at).await?;
                }
                Ok(())
            })
            .await;
        if written.is_err() {
            some.iter().for_each(|(session, _)| session.is_unwritten_still());
            done = written;
        }
    }
    done
}
