//! Who is signed in. Looked up on every command: from memory, which follows the rows, or from the rows.

use super::Pace;
use super::store::{self, AccountRow};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::random;
use crate::crypto::secret::Secret;
use crate::crypto::tokens::{Purpose, TokenHash};
use crate::error::Result;
use crate::store::Tx;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tsumugi_protocol::{AccountId, Code, Lang, Millis, PersonKind, SessionId};

/// Past this many remembered sessions, those that nobody uses now are forgotten; the rows still know them.
const HELD: usize = 50_000;

/// A signed-in device of a person.
#[derive(Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Language of the account.
    pub lang: Lang,
    /// What is left of the account's budget of commands; all its sessions share it.
    pub pace: Arc<Pace>,
    ended: AtomicBool,
}

impl Session {
    /// A session that has not ended.
    #[must_use]
    pub fn new(id: SessionId, account: AccountId, kind: PersonKind, lang: Lang) -> Self {
        Self { id, account, kind, lang, pace: Arc::default(), ended: AtomicBool::new(false) }
    }

    /// Whether it ended: then it is nobody's.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// It ended, from now on and everywhere.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }
}

/// Sessions that acts of this batch have ended: they end for everybody else with its commit.
#[derive(Default)]
struct Ending(Vec<Arc<Session>>);

impl Tx {
    /// The session ends with this batch; the acts that come after it in the batch know it already.
    pub fn ends_with_commit(&mut self, session: &Arc<Session>) {
        let ending = &mut self.memory::<Ending>().get_or_insert_default().0;
        // Those of earlier batches have ended by now and say so themselves.
        ending.retain(|earlier| !earlier.is_ended());
        ending.push(session.clone());
        let session = session.clone();
        self.after_commit(move || session.end());
    }

    /// Lets an act go on for a session that stands, also after the earlier acts of its batch.
    ///
    /// # Errors
    /// `signed_out`.
    pub fn let_stand(&mut self, who: &Session) -> Result<()> {
        let ending = self.memory::<Ending>().as_ref();
        let ends_here = ending.is_some_and(|ending| ending.0.iter().any(|session| session.id == who.id));
        if who.is_ended() || ends_here { Err(Code::SignedOut.into()) } else { Ok(()) }
    }
}

/// A session about to be opened: its token is handed out once, only the hash is kept.
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// The token.
    pub token: Secret,
    /// What is stored of it.
    pub hash: TokenHash,
}

impl NewSession {
    /// For an account that has shown who it is.
    #[must_use]
    pub fn of(app: &App, account: &AccountRow) -> Self {
        let id = SessionId(random::new_id(&app.clock));
        let (token, hash) = app.tokens.issue(Purpose::Session);
        Self { session: Session::new(id, account.id, account.kind, account.lang), token, hash }
    }

    /// The rows of its opening: the session, and who came in how.
    #[must_use]
    pub fn rows(&self, act: &'static str, now: Millis) -> Opening {
        let (id, account) = (self.session.id, self.session.account);
        let entry = Entry { at: now, act, account: Some(account), session: Some(id), ..Entry::default() };
        Opening { hash: self.hash, entry }
    }
}

/// What opening a session writes.
pub struct Opening {
    hash: TokenHash,
    entry: Entry,
}

impl Opening {
    /// Writes it.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn write(&self, app: &App, tx: &mut Tx) -> Result<()> {
        if let (Some(id), Some(account)) = (self.entry.session, self.entry.account) {
            tx.insert_session(id, account, &self.hash.0, self.entry.at).await?;
        }
        Ok(app.audit.append(tx, &self.entry).await?)
    }
}

/// Sessions that were used lately.
#[derive(Default)]
pub struct Sessions(Mutex<Held>);

#[derive(Default)]
struct Held {
    by_token: HashMap<[u8; 32], Arc<Session>>,
    paces: HashMap<AccountId, Arc<Pace>>,
}

async fn stored(app: &App, hash: &[u8; 32]) -> Result<Option<Session>> {
    let mut view = app.store.view().await?;
    Ok(store::session_of(view.conn(), hash).await?)
}

impl Sessions {
    /// The session that a token shown from there belongs to, if it stands.
    ///
    /// # Errors
    /// `rate_limited` when too many tokens from there had ended; when the rows cannot be read.
    pub async fn of_token(&self, app: &App, source: IpAddr, token: &str) -> Result<Option<Arc<Session>>> {
        let Some(TokenHash(hash)) = app.tokens.recognise(Purpose::Session, token) else { return Ok(None) };
        if let Some(known) = self.known(&hash) {
            return Ok(known);
        }
        let look = app.lookups.turn(source, || app.clock.monotonic()).await?;
        // Another request may have found it meanwhile.
        if let Some(known) = self.known(&hash) {
            look.was_no_fault();
            return Ok(known);
        }
        let found = stored(app, &hash).await;
        if !matches!(found, Ok(None)) {
            look.was_no_fault();
        }
        let Some(mut found) = found? else { return Ok(None) };
        let mut held = self.held();
        if held.by_token.len() >= HELD {
            held.by_token.retain(|_, session| Arc::strong_count(session) > 1);
            held.paces.retain(|_, pace| Arc::strong_count(pace) > 1);
        }
        found.pace = held.paces.entry(found.account).or_default().clone();
        // Two requests may have looked at once: both must hold the same one, so that its end is seen by both.
        let session = held.by_token.entry(hash).or_insert_with(|| Arc::new(found)).clone();
        Ok((!session.is_ended()).then_some(session))
    }

    /// What memory says about a token: nothing, or its session where that stands.
    fn known(&self, hash: &[u8; 32]) -> Option<Option<Arc<Session>>> {
        self.held().by_token.get(hash).map(|session| (!session.is_ended()).then(|| session.clone()))
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
