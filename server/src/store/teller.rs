//! Tells others what a commit changed and callers how their acts ended, on a thread that serves them: the writer's own would wake
//! another for each of them, and is wanted for the next batch.

use std::panic::AssertUnwindSafe;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::batch::BoxJob;
use super::fault::StoreFault;
use super::tx::Telling;
use crate::clock::Clock;
use crate::live::Wakes;
use crate::metrics::metrics;

/// Acts of one commit, and how it ended.
struct Told {
    jobs: Vec<BoxJob>,
    fault: Option<StoreFault>,
    /// Others hear of it before the callers, and are woken after them.
    tellings: Vec<Telling>,
}

impl Told {
    fn tell(self, clock: &Clock) {
        let Self { jobs, fault, tellings } = self;
        let began = clock.monotonic();
        let told = tellings.into_iter().filter_map(|telling| {
            let wakes = std::panic::catch_unwind(AssertUnwindSafe(telling));
            wakes.inspect_err(|_| tracing::error!("telling of a stored act panicked")).ok()
        });
        let wakes: Vec<Wakes> = told.collect();
        metrics().fanout_seconds.observe(clock.monotonic().saturating_sub(began).as_secs_f64());
        jobs.into_iter().for_each(|job| job.answer(fault.clone()));
        drop(wakes);
    }
}

/// The writer's end. Callers hear in the order of the commits.
pub(super) struct Teller {
    tell: UnboundedSender<Told>,
    task: JoinHandle<()>,
    /// For the metrics; no rule depends on it.
    clock: Clock,
}

impl Teller {
    /// Starts it on the runtime of the caller; it ends with the writer.
    #[expect(clippy::disallowed_methods, reason = "it ends when the writer does, which waits for it")]
    pub(super) fn start() -> Self {
        let (tell, told) = unbounded_channel();
        let clock = Clock::system();
        Self { tell, task: tokio::spawn(tell_all(told, clock.clone())), clock }
    }

    /// Hands over what is decided; a runtime that is gone has nobody left to tell, but their answers are dropped in order.
    pub(super) fn tell(&self, jobs: Vec<BoxJob>, fault: Option<StoreFault>, tellings: Vec<Telling>) {
        if let Err(unsent) = self.tell.send(Told { jobs, fault, tellings }) {
            unsent.0.tell(&self.clock);
        }
    }

    /// Waits until everybody was told.
    pub(super) async fn end(self) {
        drop(self.tell);
        // It fails only where the runtime went before the store, and then nobody listens.
        self.task.await.ok();
    }
}

async fn tell_all(mut told: UnboundedReceiver<Told>, clock: Clock) {
    while let Some(told) = told.recv().await {
        told.tell(&clock);
    }
}
