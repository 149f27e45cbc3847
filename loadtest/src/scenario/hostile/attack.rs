//! The attacks by name, and what each counts while it goes on.

use super::{by_byte, handshakes, sign_ins, signed_in};
use crate::client::{Address, Session};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::task::JoinHandle;

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
    task: JoinHandle<()>,
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
    pub fn begin(self, field: &Field) -> Attacking {
        let (field, met) = (field.clone(), Met::default());
        let counts = met.clone();
        let task = tokio::spawn(async move {
            match self {
                Self::Handshakes => handshakes::attack(field, counts).await,
                Self::ByByte => by_byte::attack(field, counts).await,
                Self::Flood => signed_in::flood(field, counts).await,
                Self::SignIns => sign_ins::attack(field, counts).await,
                Self::Previews => signed_in::preview(field, counts).await,
            }
        });
        Attacking { met, task }
    }
}

impl Attacking {
    /// Ends it: what they met.
    pub async fn end(self) -> BTreeMap<String, u64> {
        self.task.abort();
        // It was told to stop: that is no failure.
        drop(self.task.await);
        self.met.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Met {
    /// Counts one.
    pub fn count(&self, what: impl Into<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what.into()).or_default() += 1;
    }
}
