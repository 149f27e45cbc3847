//! One queue of events per link, bounded in bytes. A link that reads slowly is told `behind` and catches up.

use crate::metrics::metrics;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// An encoded event, shared by all links it goes to: clones are the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// The bytes on the wire: JSON in UTF-8.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// What waits for a link.
#[derive(Default)]
pub struct Outbox {
    queue: Mutex<Queue>,
    arrived: Notify,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Frame>,
    bytes: usize,
    /// Events were dropped since the link was last told.
    behind: bool,
}

/// What a link writes next.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Events were dropped before these frames: say `behind` first.
    pub behind: bool,
    /// The frames, in order.
    pub frames: Vec<Frame>,
}

impl Outbox {
    /// Queues an event. Past the limit the whole queue is dropped, and the link will be told `behind`.
    pub fn push(&self, frame: Frame, limit: usize) {
        {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.bytes += frame.0.len();
            if queue.bytes > limit {
                queue.drop_all();
            } else {
                queue.frames.push_back(frame);
            }
        }
        self.arrived.notify_one();
    }

    /// Drops what waits; the link will be told `behind`.
    pub fn fall_behind(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).drop_all();
        self.arrived.notify_one();
    }

    /// Waits until there is something to write, and takes all of it.
    pub async fn take(&self) -> Taken {
        loop {
            let waiting = self.arrived.notified();
            let taken = self.take_now();
            if taken.behind || !taken.frames.is_empty() {
                return taken;
            }
            waiting.await;
        }
    }

    fn take_now(&self) -> Taken {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.bytes = 0;
        Taken { behind: std::mem::take(&mut queue.behind), frames: queue.frames.drain(..).collect() }
    }

    /// Bytes that wait, for metrics and tests.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }
}

impl Queue {
    fn drop_all(&mut self) {
        metrics().behind.inc();
        self.frames = VecDeque::new();
        self.bytes = 0;
        self.behind = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        Frame::from(text.to_owned())
    }

    #[tokio::test]
    async fn a_link_that_reads_gets_everything_in_order() {
        let outbox = Outbox::default();
        outbox.push(frame("a"), 10);
        outbox.push(frame("b"), 10);
        assert_eq!(outbox.take().await, Taken { behind: false, frames: vec![frame("a"), frame("b")] });
    }

    #[tokio::test]
    async fn past_the_limit_the_queue_is_dropped_and_the_link_is_told_once() {
        let outbox = Outbox::default();
        outbox.push(frame("12345678"), 10);
        outbox.push(frame("12345678"), 10);
        outbox.push(frame("last"), 10);
        assert_eq!(outbox.take().await, Taken { behind: true, frames: vec![frame("last")] });
        outbox.push(frame("next"), 10);
        assert_eq!(outbox.take().await, Taken { behind: false, frames: vec![frame("next")] });
        assert_eq!(outbox.waiting_bytes(), 0);
    }
}
