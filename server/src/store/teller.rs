//! Tells callers how their acts ended, on a thread that serves them: the writer's own would wake another for each of them.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::batch::BoxJob;
use super::fault::StoreFault;
use crate::live::Wakes;

/// Acts of one commit, and how it ended.
struct Told {
    jobs: Vec<BoxJob>,
    fault: Option<StoreFault>,
    /// Woken once the callers have their answers.
    wakes: Vec<Wakes>,
}

impl Told {
    fn tell(self) {
        let Self { jobs, fault, wakes } = self;
        jobs.into_iter().for_each(|job| job.answer(fault.clone()));
        drop(wakes);
    }
}

/// The writer's end. Callers hear in the order of the commits.
pub(super) struct Teller {
    tell: UnboundedSender<Told>,
    task: JoinHandle<()>,
}

impl Teller {
    /// Starts it on the runtime of the caller; it ends with the writer.
    #[expect(clippy::disallowed_methods, reason = "it ends when the writer does, which waits for it")]
    pub(super) fn start() -> Self {
        let (tell, told) = unbounded_channel();
        Self { tell, task: tokio::spawn(tell_all(told)) }
    }

    /// Hands over what is decided; a runtime that is gone has nobody left to tell, but their answers are dropped in order.
    pub(super) fn tell(&self, jobs: Vec<BoxJob>, fault: Option<StoreFault>, wakes: Vec<Wakes>) {
        if let Err(unsent) = self.tell.send(Told { jobs, fault, wakes }) {
            unsent.0.tell();
        }
    }

    /// Waits until everybody was told.
    pub(super) async fn end(self) {
        drop(self.tell);
        // It fails only where the runtime went before the store, and then nobody listens.
        self.task.await.ok();
    }
}

async fn tell_all(mut told: UnboundedReceiver<Told>) {
    while let Some(told) = told.recv().await {
        told.tell();
    }
}
