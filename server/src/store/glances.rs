//! Readers of SQLite on the caller's own thread, for what is found faster than a thread is woken.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::direct::Direct;
use super::fault::StoreFault;

/// So many at most: each has a page cache of its own.
const MOST: usize = 8;

/// Connections that wait to be used.
pub(super) struct Glances(Mutex<Vec<Direct>>);

impl Glances {
    /// One for each thread that serves links, which are as many as the machine has cores.
    pub(super) fn open(path: &Path) -> Result<Self, StoreFault> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let conns = (0..cores.min(MOST)).map(|_| Direct::reader(path));
        Ok(Self(Mutex::new(conns.collect::<Result<_, _>>()?)))
    }

    /// One that has begun to read, if one is free.
    pub(super) fn take(&self) -> Option<Direct> {
        let direct = self.free().pop()?;
        if direct.begin().is_err() {
            // The other readers will say what is wrong.
            self.free().push(direct);
            return None;
        }
        Some(direct)
    }

    /// Ends its reading; the next one sees what was stored meanwhile.
    pub(super) fn give_back(&self, direct: Direct) {
        if direct.end() {
            self.free().push(direct);
        } else {
            tracing::error!("a reader could not end its reading and is given up");
        }
    }

    /// Closes those that wait.
    pub(super) fn close(&self) {
        self.free().clear();
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Direct>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
