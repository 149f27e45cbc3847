//! One act as the writer sees it: something to run, and somebody to answer.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use tokio::sync::oneshot;

use super::ahead::{Ahead, Want};
use super::batch::{BoxJob, Job, Verdict};
use super::fault::StoreFault;
use super::tx::Tx;

struct Act<F, T, E> {
    act: F,
    want: Option<Box<dyn Fn(&mut Ahead) + Send>>,
    kept: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

pub(super) fn new<F, T, E>(act: F) -> (BoxJob, oneshot::Receiver<Result<T, E>>)
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreFault> + Send + 'static,
{
    boxed(act, None)
}

/// An act that says beforehand what it wants to know.
pub(super) fn wanting<W, F, T, E>(want: W, act: F) -> (BoxJob, oneshot::Receiver<Result<T, E>>)
where
    W: Want,
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreFault> + Send + 'static,
{
    boxed(act, Some(Box::new(move |ahead| ahead.want(&want))))
}

fn boxed<F, T, E>(
    act: F,
    want: Option<Box<dyn Fn(&mut Ahead) + Send>>,
) -> (BoxJob, oneshot::Receiver<Result<T, E>>)
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreFault> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    (Box::new(Act { act, want, kept: None, caller }), answer)
}

impl<F, T, E> Job for Act<F, T, E>
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreFault> + Send + 'static,
{
    fn want(&self, ahead: &mut Ahead) {
        if let Some(want) = &self.want {
            want(ahead);
        }
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict> {
        async move {
            self.kept = None;
            match AssertUnwindSafe((self.act)(tx)).catch_unwind().await {
                Ok(answer) => {
                    let verdict = if answer.is_ok() { Verdict::Done } else { Verdict::Refused };
                    self.kept = Some(answer);
                    verdict
                }
                Err(_) => Verdict::Panicked,
            }
        }
        .boxed_local()
    }

    fn answer(self: Box<Self>, fault: Option<StoreFault>) {
        let answer = match (fault, self.kept) {
            (None, Some(kept)) => kept,
            (Some(fault), _) => Err(fault.into()),
            (None, None) => Err(StoreFault::Unknown { cause: None }.into()),
        };
        // A caller that is gone needs no answer; what it asked for is done.
        self.caller.send(answer).ok();
    }
}
