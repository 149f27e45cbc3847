//! What happened, without a word of content. Rows are written once, in the act's own transaction, and chained.
//!
//! How densely (D13): an *act* is one row in its transaction; *reading content* one row per session, room and 15
//! minutes, before the first byte; a *refusal* of somebody signed in one row, past 20 a minute, or where the store takes
//! none, one row with the count; refusals without a session one row per source and minute. Previews, receipts and lists leave none.

mod export;
mod fhir;
mod heads;
mod reads;
mod refusals;
mod stated;
pub(crate) mod store;
mod verify;

pub use export::{Exported, FileReport, Line, export, judge_file};
pub use fhir::audit_event;
pub use heads::Heads;
pub use reads::Reads;
pub use refusals::{Refusals, Source};
pub use stated::{ImportedPosts, SentPost};
pub use verify::{Report, Verifier};

use crate::crypto::canonical::Canonical;
use crate::crypto::chain::Chain;
use std::sync::{Arc, Mutex, PoisonError};
use tsumugi_protocol::{AccountId, Millis, RegionId, RoomId, SessionId};
use uuid::Uuid;

/// One line of the audit.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Millis,
    /// What: a command's name, or `rooms.read_content`, `import` …
    pub act: &'static str,
    /// `done`, or a refusal code.
    pub outcome: &'static str,
    /// Who.
    pub account: Option<AccountId>,
    /// With which session.
    pub session: Option<SessionId>,
    /// Where.
    pub region: Option<RegionId>,
    /// In which room.
    pub room: Option<RoomId>,
    /// About what.
    pub subject: Option<Uuid>,
    /// Under which rules.
    pub profile: Option<String>,
    /// Numbers and hashes as JSON; never content.
    pub detail: Option<String>,
    /// How often: more than once only for counted rows.
    pub times: i64,
}

/// The outcome of an act that was carried out.
pub const DONE: &str = "done";

impl Default for Entry {
    fn default() -> Self {
        Self {
            at: Millis::default(),
            act: "",
            outcome: DONE,
            account: None,
            session: None,
            region: None,
            room: None,
            subject: None,
            profile: None,
            detail: None,
            times: 1,
        }
    }
}

impl Entry {
    /// The bytes that the chain covers.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        self.canonical_as(self.act, self.outcome)
    }

    /// The same, for words that were read back from a store.
    fn canonical_as(&self, act: &str, outcome: &str) -> Vec<u8> {
        Canonical::of("audit row 1")
            .number(self.at.0)
            .text(act)
            .text(outcome)
            .maybe(self.account, |form, id| form.id(id.0))
            .maybe(self.session, |form, id| form.id(id.0))
            .maybe(self.region, |form, id| form.id(id.0))
            .maybe(self.room, |form, id| form.id(id.0))
            .maybe(self.subject, Canonical::id)
            .maybe(self.profile.as_deref(), Canonical::text)
            .maybe(self.detail.as_deref(), Canonical::text)
            .number(self.times)
            .finish()
    }
}

/// The log of this process: its id, and how far it is committed.
pub struct Log {
    id: Uuid,
    committed: Arc<Mutex<Chain>>,
}

impl Log {
    /// A log that is empty so far.
    #[must_use]
    pub fn new(id: Uuid) -> Self {
        Self { id, committed: Arc::new(Mutex::new(Chain::start(id))) }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// How far it is committed.
    #[must_use]
    pub fn committed(&self) -> Chain {
        *self.committed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
