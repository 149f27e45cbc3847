//! What the writer has done so far, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::admission::Admission;
use crate::metrics::metrics;

/// Figures since the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Acts answered after a commit.
    pub acts: u64,
    /// Commits.
    pub batches: u64,
    /// Most acts in one commit.
    pub largest_batch: u64,
    /// Acts run again alone because something in their batch failed.
    pub reruns: u64,
    /// Connections of the writer that had to be replaced.
    pub reconnects: u64,
    /// Microseconds of writing queued rows and COMMIT, all batches together.
    pub commit_micros: u64,
    /// Microseconds of the longest one.
    pub longest_commit_micros: u64,
    /// Acts waiting now.
    pub waiting: u64,
    /// Readers waiting for a connection now.
    pub readers_waiting: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) admission: Admission,
    acts: AtomicU64,
    batches: AtomicU64,
    largest_batch: AtomicU64,
    reruns: AtomicU64,
    reconnects: AtomicU64,
    commit_micros: AtomicU64,
    longest_commit_micros: AtomicU64,
}

impl Counters {
    pub(super) fn committed(&self, acts: usize, took: Duration) {
        let acts = u64::try_from(acts).unwrap_or(u64::MAX);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.acts.fetch_add(acts, Ordering::Relaxed);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.largest_batch.fetch_max(acts, Ordering::Relaxed);
        self.commit_micros.fetch_add(micros, Ordering::Relaxed);
        self.longest_commit_micros.fetch_max(micros, Ordering::Relaxed);
        metrics().batch_acts.observe(f64::from(u32::try_from(acts).unwrap_or(u32::MAX)));
        metrics().commit_seconds.observe(took.as_secs_f64());
    }

    pub(super) fn rerun(&self) {
        self.reruns.fetch_add(1, Ordering::Relaxed);
        metrics().reruns.inc();
    }

    pub(super) fn reconnected(&self) {
        self.reconnects.fetch_add(1, Ordering::Relaxed);
        metrics().reconnects.inc();
    }

    pub(super) fn read(&self, waiting: usize) -> Stats {
        Stats {
            acts: self.acts.load(Ordering::Relaxed),
            batches: self.batches.load(Ordering::Relaxed),
            largest_batch: self.largest_batch.load(Ordering::Relaxed),
            reruns: self.reruns.load(Ordering::Relaxed),
            reconnects: self.reconnects.load(Ordering::Relaxed),
            commit_micros: self.commit_micros.load(Ordering::Relaxed),
            longest_commit_micros: self.longest_commit_micros.load(Ordering::Relaxed),
            waiting: u64::try_from(waiting).unwrap_or(u64::MAX),
            readers_waiting: u64::try_from(self.admission.readers_waiting()).unwrap_or(u64::MAX),
        }
    }
}
