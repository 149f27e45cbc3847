//! Tells others what a commit changed and callers how their acts ended, on a thread that serves them: the writer's own would wake
//! another for each of them, and is wanted for the next batch.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, coop};

use super::batch::BoxJob;
use super::fault::StoreFault;
use super::tx::Telling;
use crate::clock::Clock;
use crate::live::Wakes;
use crate::metrics::metrics;

/// Batches that are decided and not yet told. Past them the writer waits, so that whoever comes to it hears `Overloaded` in time.
const UNTOLD: usize = 2;

/// Acts that ended together.
struct Told {
    jobs: Vec<BoxJob>,
    how: How,
}

/// How they ended.
pub(super) enum How {
    /// Committed at that moment of the clock. Others hear of it before the callers, and are woken after them.
    Stored {
        at: Duration,
        tellings: Vec<Telling>,
    },
    /// Their own answers stand.
    Spoilt,
    Failed(StoreFault),
}

impl Told {
    async fn tell(self, clock: &Clock) {
        let Self { jobs, how } = self;
        let mut wakes = Vec::new();
        let fault = match how {
            How::Spoilt => None,
            How::Failed(fault) => Some(fault),
            How::Stored { at, tellings } => {
                for telling in tellings {
                    wakes.extend(unharmed(telling));
                    // A batch for large rooms is long: the links of this thread have their turn, too.
                    coop::consume_budget().await;
                }
                let took = clock.monotonic().saturating_sub(at);
                metrics().fanout_seconds.observe(took.as_secs_f64());
                None
            }
        };
        for job in jobs {
            unharmed(|| job.answer(fault.clone()));
        }
        unharmed(|| drop::<Vec<Wakes>>(wakes));
    }
}

/// Whoever panics while told must not keep the others from hearing.
fn unharmed<T>(act: impl FnOnce() -> T) -> Option<T> {
    let told = std::panic::catch_unwind(AssertUnwindSafe(act));
    told.inspect_err(|_| tracing::error!("telling how an act ended panicked")).ok()
}

/// The writer's end. Callers hear in the order of the commits.
pub(super) struct Teller {
    tell: Sender<Told>,
    task: JoinHandle<()>,
    /// For the metrics; no rule depends on it.
    clock: Clock,
}

impl Teller {
    /// Starts it on the runtime of the caller; it ends with the writer.
    #[expect(clippy::disallowed_methods, reason = "it ends when the writer does, which waits for it")]
    pub(super) fn start() -> Self {
        let (tell, told) = channel(UNTOLD);
        let clock = Clock::system();
        Self { tell, task: tokio::spawn(tell_all(told, clock.clone())), clock }
    }

    /// Hands over what is decided; a runtime that is gone has nobody left to tell, but their answers are dropped in order.
    pub(super) async fn tell(&self, jobs: Vec<BoxJob>, how: How) {
        if let Err(unsent) = self.tell.send(Told { jobs, how }).await {
            unsent.0.tell(&self.clock).await;
        }
    }

    /// Waits until everybody was told.
    pub(super) async fn end(self) {
        drop(self.tell);
        // It fails only where the runtime went before the store, and then nobody listens.
        self.task.await.ok();
    }
}

async fn tell_all(mut told: Receiver<Told>, clock: Clock) {
    while let Some(told) = told.recv().await {
        told.tell(&clock).await;
    }
}
