//! A waker that remembers: a link that wakes for an event need not ask its socket, which costs more than the event does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake};

use futures_util::task::AtomicWaker;

/// Wakes a task, and tells it afterwards that it did. The first look finds it stirred: nobody has asked yet.
pub(super) struct Stir {
    stirred: AtomicBool,
    task: AtomicWaker,
}

impl Default for Stir {
    fn default() -> Self {
        Self { stirred: AtomicBool::new(true), task: AtomicWaker::new() }
    }
}

impl Stir {
    /// Whether it stirred since the last look; the task is woken when it does so again.
    pub(super) fn has_stirred(&self, cx: &Context<'_>) -> bool {
        self.task.register(cx.waker());
        self.stirred.swap(false, Ordering::AcqRel)
    }

    /// There may be more where the last thing came from, so the next look finds it stirred.
    pub(super) fn again(&self) {
        self.stirred.store(true, Ordering::Release);
    }
}

impl Wake for Stir {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.stirred.store(true, Ordering::Release);
        self.task.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::task::Waker;

    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn what_stirs_wakes_the_task_and_is_seen_once() {
        let (task, stir) = (Arc::new(Task::default()), Arc::new(Stir::default()));
        let waker = Waker::from(task.clone());
        let cx = Context::from_waker(&waker);
        assert!(stir.has_stirred(&cx), "the first look");
        assert!(!stir.has_stirred(&cx));
        Waker::from(stir.clone()).wake_by_ref();
        assert_eq!(task.0.load(Ordering::SeqCst), 1);
        assert!(stir.has_stirred(&cx) && !stir.has_stirred(&cx));
        stir.again();
        assert!(stir.has_stirred(&cx));
        assert_eq!(task.0.load(Ordering::SeqCst), 1, "who says so itself is awake");
    }
}
