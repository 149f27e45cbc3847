//! What any act may use: store, keys, rules, clock, who is listening, and the tasks that outlive a caller.

use crate::accounts::{Attempts, Cards, Forgotten, Pictures, Throttle, Turns};
use crate::audit::{Log, Reads, Refusals};
use crate::clock::Clock;
use crate::config::Outward;
use crate::crypto::device_authority::DeviceAuthority;
use crate::crypto::keys::KeyStore;
use crate::crypto::lookup::Lookup;
use crate::crypto::master::MasterKey;
use crate::crypto::passwords::Passwords;
use crate::crypto::tokens::{ConfirmKey, Tokens};
use crate::live::Hub;
use crate::passkeys::Passkeys;
use crate::patients::Known;
use crate::policy::Policies;
use crate::rooms::{Marks, Rosters};
use crate::sessions::{Lookups, Sessions};
use crate::store::Store;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The application; clones are the same one.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// Rows.
    pub store: Store,
    /// Keys of rooms, patients, accounts, offices.
    pub keys: KeyStore,
    /// Finds sealed values again.
    pub lookup: Lookup,
    /// Session tokens.
    pub tokens: Tokens,
    /// Signs previews.
    pub confirm: ConfirmKey,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// The rules of every region.
    pub policies: Policies,
    /// What time it is.
    pub clock: Clock,
    /// Who is listening.
    pub live: Hub,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Sign-ins by where they come from.
    pub throttle: Throttle,
    /// Whose turn it is at a name.
    pub turns: Turns,
    /// Forgotten passwords, by where the asks come from.
    pub forgotten: Forgotten,
    /// Looks for sessions, by where they come from.
    pub lookups: Lookups,
    /// Passkeys: where they work, and ceremonies under way.
    pub passkeys: Passkeys,
    /// Whether rows could be read when that was last tried.
    pub is_readable: AtomicBool,
    /// Reads pictures that people send.
    pub pictures: Pictures,
    /// Opened cards.
    pub cards: Cards,
    /// Patients whom somebody was looked through for.
    pub known: Known,
    /// Members of rooms that were used lately.
    pub rosters: Rosters,
    /// Read marks that wait to be written.
    pub marks: Marks,
    /// This process's audit log.
    pub audit: Log,
    /// Which readings are in the audit already.
    pub reads: Reads,
    /// Refusals that are counted instead of written one by one.
    pub refusals: Refusals,
    /// Acts beyond their rights that people tried lately.
    pub attempts: Attempts,
    /// Reports without a session, by where they come from: a budget of their own.
    pub loss_reports: Lookups,
    /// Issues certificates for devices; made when it is first needed.
    pub device_authority: OnceCell<Arc<DeviceAuthority>>,
    /// Whose turn it is at the list of destroyed keys.
    pub destroyed_list: tokio::sync::Mutex<()>,
    /// What people outside are told, and how mail leaves.
    pub outward: Outward,
    /// Background work.
    pub tasks: Tasks,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "each is made in its own way before")]
    pub fn new(
        store: Store,
        keys: KeyStore,
        master: &MasterKey,
        passwords: Passwords,
        policies: Policies,
        clock: Clock,
        passkeys: Passkeys,
        outward: Outward,
    ) -> Self {
        Self(Arc::new(Parts {
            store,
            keys,
            lookup: Lookup::of(master),
            tokens: Tokens::of(master),
            confirm: ConfirmKey::of(master),
            passwords,
            policies: policies.timed(clock.clone()),
            audit: Log::new(crate::crypto::random::new_id(&clock)),
            clock,
            live: Hub::default(),
            sessions: Sessions::default(),
            throttle: Throttle::default(),
            turns: Turns::default(),
            forgotten: Forgotten::default(),
            lookups: Lookups::default(),
            passkeys,
            is_readable: AtomicBool::new(true),
            pictures: Pictures::default(),
            cards: Cards::default(),
            known: Known::default(),
            rosters: Rosters::default(),
            marks: Marks::default(),
            reads: Reads::default(),
            refusals: Refusals::default(),
            attempts: Attempts::default(),
            loss_reports: Lookups::default(),
            device_authority: OnceCell::new(),
            destroyed_list: tokio::sync::Mutex::default(),
            outward,
            tasks: Tasks::default(),
        }))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Tracked tasks: they end before the process does.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    links: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// Starts a task that runs to its end whatever happens to its caller.
    #[expect(clippy::disallowed_methods, reason = "this is where tasks are tracked")]
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(self.tracker.track_future(task));
    }

    /// Starts the task of a link or request; [`Tasks::links_ended`] waits for those.
    #[expect(clippy::disallowed_methods, reason = "this is where tasks are tracked")]
    pub fn spawn_link(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(self.links.track_future(task));
    }

    /// Resolves when every link has ended; none may be started after [`Tasks::stop`].
    pub async fn links_ended(&self) {
        self.links.close();
        self.links.wait().await;
    }

    /// Resolves when the server is to stop.
    pub async fn stopping(&self) {
        self.stop.cancelled().await;
    }

    /// Tells every task to come to its end.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits for all tasks, at most so long.
    pub async fn ended(&self, patience: std::time::Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(patience, self.tracker.wait()).await.is_ok()
    }
}
