//! The attacks by name, and what each counts while it goes on.
//!
//! Bad clients would sit on other machines. Here they share two cores with those who are measured, so they run on a thread
//! that the system serves last: what they cost is what the server does about them.

use super::{by_byte, handshakes, sign_ins, signed_in};
use crate::client::{Address, Session};
use anyhow::Context;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};
use tokio::{runtime, sync::oneshot};

/// How far back the system puts the thread (`nice`): the furthest there is.
const BACK: i32 = 19;

/// What bad clients do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attack {
    /// They open connections and never finish the handshake.
    Handshakes,
    /// They send frames one byte at a time.
    ByByte,
    /// One account posts as fast as it can.
    Flood,
    /// They guess passwords.
    SignIns,
    /// One account asks for previews and never sends.
    Previews,
}

/// Where they attack, and with what.
#[derive(Clone)]
pub struct Field {
    /// The server, from the bad clients' address.
    pub address: Address,
    /// An account of their own.
    pub session: Session,
    /// How many handshakes and sign-ins.
    pub attempts: usize,
}

/// What the bad clients met, counted.
#[derive(Clone, Default)]
pub struct Met(Arc<Mutex<BTreeMap<String, u64>>>);

/// An attack that goes on.
pub struct Attacking {
    met: Met,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<anyhow::Result<()>>,
}

impl Attack {
    /// All, in their order.
    pub const ALL: [Self; 5] = [Self::Handshakes, Self::ByByte, Self::Flood, Self::SignIns, Self::Previews];

    /// What they do, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Handshakes => "unfinished handshakes",
            Self::ByByte => "frames byte by byte",
            Self::Flood => "one account floods",
            Self::SignIns => "wrong passwords",
            Self::Previews => "previews without sends",
        }
    }

    /// Begins; it goes on until it is ended.
    pub fn begin(self, field: &Field) -> anyhow::Result<Attacking> {
        let (field, met) = (field.clone(), Met::default());
        let counts = met.clone();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("attack".into()).spawn(move || {
            rustix::process::nice(BACK).context("bad clients cannot be put back")?;
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                tokio::select! {
                    () = self.go_on(field, counts) => {}
                    // Whoever let go of the attack wants no more of it either.
                    _ = stopped => {}
                }
            });
            Ok(())
        })?;
        Ok(Attacking { met, stop, thread })
    }

    async fn go_on(self, field: Field, met: Met) {
        match self {
            Self::Handshakes => handshakes::attack(field, met).await,
            Self::ByByte => by_byte::attack(field, met).await,
            Self::Flood => signed_in::flood(field, met).await,
            Self::SignIns => sign_ins::attack(field, met).await,
            Self::Previews => signed_in::preview(field, met).await,
        }
    }
}

impl Attacking {
    /// Ends it: what they met.
    pub async fn end(self) -> anyhow::Result<BTreeMap<String, u64>> {
        // One that ended by itself has nobody to tell.
        self.stop.send(()).ok();
        let ended = tokio::task::spawn_blocking(move || self.thread.join()).await?;
        ended.map_err(|_| anyhow::anyhow!("bad clients were torn down"))??;
        Ok(self.met.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Met {
    /// Counts one.
    pub fn count(&self, what: impl Into<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what.into()).or_default() += 1;
    }
}
