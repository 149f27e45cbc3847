//! A thread for handshakes: a crowd at the door must not stand in the way of those who are inside.
//!
//! A handshake takes some forty times the CPU of a delivery. Among the tasks of the links, as many as begin together would
//! all be served before the next post; on a thread that the system serves after the others, posts pass them.

use std::io;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// How much further back than the others the system puts it (`nice`): it gets a quarter of a CPU that all want.
const BACK: i32 = 5;

/// Where hands are shaken; clones are the same thread.
#[derive(Clone)]
pub(super) struct Handshakes(Arc<Thread>);

/// It ends when nobody needs it any more; whoever lets go of it last does not wait for that.
struct Thread(Option<Runtime>);

impl Handshakes {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub(super) fn new() -> io::Result<Self> {
        let stand_back = || {
            if let Err(error) = rustix::process::nice(BACK) {
                tracing::warn!(%error, "handshakes run as urgently as posts");
            }
        };
        let thread = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .thread_name("handshakes")
            .on_thread_start(stand_back)
            .enable_time()
            .build()?;
        Ok(Self(Arc::new(Thread(Some(thread)))))
    }

    /// Runs a handshake on the thread. Who no longer waits for it ends it; what it holds is let go there, all at once.
    ///
    /// # Errors
    /// Its own, or that it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        handshake: impl Future<Output = io::Result<T>> + Send + 'static,
    ) -> io::Result<T> {
        let thread = self.0.0.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        AbortOnDropHandle::new(thread.spawn(handshake)).await.map_err(io::Error::other)?
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
