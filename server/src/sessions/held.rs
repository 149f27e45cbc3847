//! Who is signed in. Looked up on every command: from memory, which follows the rows, or from the rows.

use super::AtOnce;
use super::session::{Over, Session};
use super::store;
use crate::accounts::Pace;
use crate::app::App;
use crate::crypto::tokens::{Purpose, TokenHash};
use crate::error::Result;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tsumugi_protocol::{AccountId, Millis, SessionId};

/// Past this many remembered sessions, those that nobody uses now are forgotten; the rows still know them.
const HELD: usize = 50_000;

/// Sessions that were used lately.
#[derive(Default)]
pub struct Sessions {
    held: Mutex<Held>,
    /// Those that ended by themselves and whose rows do not say so yet.
    owed: Mutex<Vec<Arc<Session>>>,
    /// Rises whenever sessions are ended by their rows: what was read before is read again.
    endings: AtomicU64,
}

#[derive(Default)]
struct Held {
    by_token: HashMap<[u8; 32], Arc<Session>>,
    /// What the sessions of an account share.
    shared: HashMap<AccountId, (Arc<Pace>, Arc<AtOnce>)>,
}

/// Which sessions of an account are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// That one.
    One(SessionId),
    /// All, but for one where there is one.
    AllBut(Option<SessionId>),
}

impl Which {
    /// Whether it is among them.
    #[must_use]
    pub fn has(self, id: SessionId) -> bool {
        match self {
            Self::One(one) => one == id,
            Self::AllBut(kept) => kept != Some(id),
        }
    }
}

impl Sessions {
    /// The session that a token shown from there belongs to, if it stands.
    ///
    /// # Errors
    /// `session_idle` or `client_certificate_required` for one that ended by itself a while ago; `rate_limited` when too many
    /// tokens from there had ended; when the rows cannot be read.
    pub async fn of_token(&self, app: &App, source: IpAddr, token: &str) -> Result<Option<Arc<Session>>> {
        let Some(TokenHash(hash)) = app.tokens.recognise(Purpose::Session, token) else { return Ok(None) };
        if let Some(known) = self.known(&hash) {
            return standing(known);
        }
        let look = app.lookups.turn(source, || app.clock.monotonic()).await?;
        // Another request may have found it meanwhile.
        if let Some(known) = self.known(&hash) {
            look.was_no_fault();
            return standing(known);
        }
        let found = self.looked_up(app, &hash).await;
        if !matches!(found, Ok(None)) {
            look.was_no_fault();
        }
        found?.map_or(Ok(None), standing)
    }

    /// Reads it from the rows into memory; again where sessions were ended meanwhile.
    async fn looked_up(&self, app: &App, hash: &[u8; 32]) -> Result<Option<Arc<Session>>> {
        loop {
            let before = self.endings.load(Ordering::Acquire);
            let found = {
                let mut view = app.store.view().await?;
                store::session_of(view.conn(), &app.policies, hash).await?
            };
            let Some(mut found) = found else { return Ok(None) };
            let mut held = self.held();
            if self.endings.load(Ordering::Acquire) != before {
                continue;
            }
            if held.by_token.len() >= HELD {
                held.by_token.retain(|_, session| Arc::strong_count(session) > 1);
                held.shared.retain(|_, (pace, _)| Arc::strong_count(pace) > 1);
            }
            (found.pace, found.at_once) = held.shared.entry(found.account).or_default().clone();
            // Two requests may have looked at once: both must hold the same one, so that its end is seen by both.
            return Ok(Some(held.by_token.entry(*hash).or_insert_with(|| Arc::new(found)).clone()));
        }
    }

    /// Rows of an account's sessions were ended: so are those in memory, and those that are being read just now.
    pub fn end(&self, account: AccountId, which: Which) {
        let held = self.held();
        self.endings.fetch_add(1, Ordering::AcqRel);
        for session in held.by_token.values() {
            if session.account == account && which.has(session.id) {
                session.end(Over::Ended);
            }
        }
    }

    /// Ends those in memory whose time is over, and gives them.
    pub fn end_overdue(&self, now: Millis) -> Vec<Arc<Session>> {
        let held = self.held();
        let mut ended = Vec::new();
        for session in held.by_token.values().filter(|session| !session.is_ended()) {
            if let Some(why) = session.overdue(now) {
                session.end(why);
                ended.push(session.clone());
            }
        }
        ended
    }

    /// Rows of these are still to say that they ended.
    pub fn owe(&self, ended: &[Arc<Session>]) {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(ended);
    }

    /// Takes what is owed to the rows.
    pub fn take_owed(&self) -> Vec<Arc<Session>> {
        std::mem::take(&mut *self.owed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Those whose rows do not know their last act, with that act.
    pub fn stirred(&self) -> Vec<(Arc<Session>, Millis)> {
        let held = self.held();
        let standing = held.by_token.values().filter(|session| !session.is_ended());
        standing.filter_map(|session| Some((session.clone(), session.take_unwritten()?))).collect()
    }

    /// When the person of a session last did something, as far as memory knows.
    pub fn last_act(&self, account: AccountId) -> HashMap<SessionId, Millis> {
        let held = self.held();
        let of_account = held.by_token.values().filter(|session| session.account == account);
        of_account.map(|session| (session.id, session.last_act())).collect()
    }

    /// What memory says about a token.
    fn known(&self, hash: &[u8; 32]) -> Option<Arc<Session>> {
        self.held().by_token.get(hash).cloned()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session that ended by itself says so; one that was ended is nobody's.
fn standing(session: Arc<Session>) -> Result<Option<Arc<Session>>> {
    match session.over() {
        None => Ok(Some(session)),
        Some(Over::Ended) => Ok(None),
        Some(over) => Err(over.code().into()),
    }
}
