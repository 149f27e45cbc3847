//! What waits to be written on a link: answers, and events bounded in bytes. A link that reads slowly is told `behind` and
//! catches up.

use crate::metrics::metrics;
use axum::extract::ws::Utf8Bytes;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// An encoded frame; an event's is shared by all links it goes to: clones are the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame(Utf8Bytes);

impl Frame {
    /// What goes on the wire: JSON.
    #[must_use]
    pub fn into_text(self) -> Utf8Bytes {
        self.0
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// What waits for a link. One task takes from it.
#[derive(Default)]
pub struct Outbox(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    taken: Taken,
    /// Bytes of the events.
    bytes: usize,
    /// Who waits for something to write; whoever takes it out calls it.
    waiting: Option<Waker>,
}

/// What a link writes next, in this order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Answers to what it asked.
    pub answers: Vec<Frame>,
    /// Events were dropped before these: say `behind` first.
    pub behind: bool,
    /// The events, in order.
    pub events: Vec<Frame>,
}

impl Taken {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && !self.behind && self.events.is_empty()
    }

    /// More is written at the same time.
    fn append(&mut self, more: &mut Self) {
        if self.is_empty() {
            // The empty buffers go back: a link that hears much does not allocate for each event.
            std::mem::swap(self, more);
            return;
        }
        if more.behind {
            self.events.clear();
        }
        self.answers.append(&mut more.answers);
        self.behind |= std::mem::take(&mut more.behind);
        self.events.append(&mut more.events);
    }
}

impl Outbox {
    /// Queues an event and gives the task to wake for it, if one sleeps. Past the limit all events are dropped, and the link
    /// will be told `behind`.
    #[must_use = "nobody else wakes it"]
    pub fn push(&self, event: Frame, limit: usize) -> Option<Waker> {
        let mut queue = self.queue();
        queue.bytes += event.0.len();
        if queue.bytes > limit {
            queue.drop_events();
        } else {
            queue.taken.events.push(event);
        }
        queue.waiting.take()
    }

    /// Queues an answer. Their number is bounded by what may be asked at a time.
    pub fn answer(&self, answer: Frame) {
        let waiting = {
            let mut queue = self.queue();
            queue.taken.answers.push(answer);
            queue.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    /// Drops the events that wait; the link will be told `behind`. Gives the task to wake.
    #[must_use = "nobody else wakes it"]
    pub fn fall_behind(&self) -> Option<Waker> {
        let mut queue = self.queue();
        queue.drop_events();
        queue.waiting.take()
    }

    /// Wakes the task although nothing waits: it has something else to look at.
    pub fn rouse(&self) {
        let waiting = self.queue().waiting.take();
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    /// Adds all there is to `taken`, or has the task woken once there is something.
    pub fn poll_take(&self, cx: &Context<'_>, taken: &mut Taken) -> Poll<()> {
        let mut queue = self.queue();
        if queue.taken.is_empty() {
            if !queue.waiting.as_ref().is_some_and(|waiting| waiting.will_wake(cx.waker())) {
                queue.waiting = Some(cx.waker().clone());
            }
            return Poll::Pending;
        }
        queue.bytes = 0;
        taken.append(&mut queue.taken);
        Poll::Ready(())
    }

    /// Waits until there is something to write, and takes all of it.
    pub async fn take(&self) -> Taken {
        let mut taken = Taken::default();
        poll_fn(|cx| self.poll_take(cx, &mut taken)).await;
        taken
    }

    /// Bytes of events that wait, for tests.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.queue().bytes
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn drop_events(&mut self) {
        metrics().behind.inc();
        self.taken.events = Vec::new();
        self.taken.behind = true;
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn frame(text: &str) -> Frame {
        Frame::from(text.to_owned())
    }

    fn push(outbox: &Outbox, text: &str, limit: usize) {
        if let Some(waiting) = outbox.push(frame(text), limit) {
            waiting.wake();
        }
    }

    fn events(behind: bool, texts: &[&str]) -> Taken {
        Taken { answers: Vec::new(), behind, events: texts.iter().map(|text| frame(text)).collect() }
    }

    #[tokio::test]
    async fn a_link_that_reads_gets_everything_in_order() {
        let outbox = Outbox::default();
        push(&outbox, "a", 10);
        push(&outbox, "b", 10);
        assert_eq!(outbox.take().await, events(false, &["a", "b"]));
    }

    #[tokio::test]
    async fn past_the_limit_the_events_are_dropped_and_the_link_is_told_once() {
        let outbox = Outbox::default();
        push(&outbox, "12345678", 10);
        outbox.answer(frame("kept"));
        push(&outbox, "12345678", 10);
        push(&outbox, "last", 10);
        let taken = outbox.take().await;
        assert_eq!(taken.answers, [frame("kept")], "an answer is never dropped");
        assert_eq!(Taken { answers: Vec::new(), ..taken }, events(true, &["last"]));
        push(&outbox, "next", 10);
        assert_eq!(outbox.take().await, events(false, &["next"]));
        assert_eq!(outbox.waiting_bytes(), 0);
    }

    #[tokio::test]
    async fn what_is_taken_later_is_written_along_and_behind_drops_what_waits_here_too() {
        let (outbox, mut taken) = (Outbox::default(), events(false, &["held"]));
        push(&outbox, "a", 10);
        poll_fn(|cx| outbox.poll_take(cx, &mut taken)).await;
        assert_eq!(taken, events(false, &["held", "a"]));
        assert!(outbox.fall_behind().is_none());
        poll_fn(|cx| outbox.poll_take(cx, &mut taken)).await;
        assert_eq!(taken, events(true, &[]));
    }

    #[tokio::test]
    async fn who_sleeps_is_woken_once_by_whatever_comes_first() {
        let outbox = Outbox::default();
        for come in [(&|| push(&outbox, "a", 10)) as &dyn Fn(), &|| outbox.answer(frame("b")), &|| {
            outbox.fall_behind().into_iter().for_each(Waker::wake)
        }] {
            let mut sleeper = Box::pin(outbox.take());
            assert!(sleeper.as_mut().now_or_never().is_none());
            let (told, mut heard) = (std::sync::Arc::new(Told::default()), 0);
            let waker = Waker::from(told.clone());
            let mut cx = Context::from_waker(&waker);
            assert!(sleeper.as_mut().poll(&mut cx).is_pending());
            come();
            come();
            heard += told.0.load(std::sync::atomic::Ordering::SeqCst);
            assert_eq!(heard, 1);
            assert!(sleeper.as_mut().poll(&mut cx).is_ready());
        }
    }

    #[derive(Default)]
    struct Told(std::sync::atomic::AtomicUsize);

    impl std::task::Wake for Told {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    }
}
