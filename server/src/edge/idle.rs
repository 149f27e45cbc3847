//! A connection on which nothing is asked for a while is ended; a link never is, it has pings of its own.

use super::Edge;
use super::held::Arrival;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Sleep;
use tsumugi_protocol::limits;

/// So often it is looked whether anything was asked, in the time that a connection may be idle.
const LOOKS: u32 = 4;

/// Pings of HTTP/2 keep a dead line from being held; what is asked keeps a live one.
const LOOK: Duration = Duration::from_millis(limits::IDLE_MS / LOOKS as u64);

/// What is asked on one connection.
#[derive(Debug, Default)]
pub(super) struct Requests {
    open: AtomicUsize,
    begun: AtomicUsize,
    is_link: AtomicBool,
}

/// A request whose answer has not left yet.
struct Open(Arc<Arrival>);

impl Open {
    fn on(arrival: Arc<Arrival>) -> Self {
        arrival.requests.open.fetch_add(1, Ordering::Relaxed);
        arrival.requests.begun.fetch_add(1, Ordering::Relaxed);
        Self(arrival)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.requests.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Notes that a request is open until the last byte of its answer was handed over.
pub(super) async fn noted(
    State(edge): State<Edge>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let open = Open::on(edge.porch.arrival(from));
    let response = next.run(request).await;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        open.0.requests.is_link.store(true, Ordering::Relaxed);
    }
    response.map(|body| Body::new(Answer { body, _open: open }))
}

/// The body of an answer; its request is open as long as it is.
struct Answer {
    body: Body,
    _open: Open,
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What became of the patience with a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing was asked for so long.
    Idle,
    /// It is a link now.
    Link,
}

/// Patience with a connection on which nothing is asked.
pub(super) struct Patience {
    quiet: Quiet,
    look: Pin<Box<Sleep>>,
}

impl Patience {
    /// From now on.
    pub(super) fn new() -> Self {
        Self { quiet: Quiet::default(), look: Box::pin(tokio::time::sleep(LOOK)) }
    }

    /// Ready when it is over.
    pub(super) fn poll(&mut self, requests: &Requests, cx: &mut Context<'_>) -> Poll<Verdict> {
        loop {
            ready!(self.look.as_mut().poll(cx));
            if let Some(verdict) = self.quiet.look(requests) {
                return Poll::Ready(verdict);
            }
            let next = self.look.deadline() + LOOK;
            self.look.as_mut().reset(next);
        }
    }
}

/// How many looks in a row found that nothing was asked since the one before.
#[derive(Default)]
struct Quiet {
    begun: usize,
    looks: u32,
}

impl Quiet {
    fn look(&mut self, requests: &Requests) -> Option<Verdict> {
        if requests.is_link.load(Ordering::Relaxed) {
            return Some(Verdict::Link);
        }
        let begun = requests.begun.load(Ordering::Relaxed);
        let is_quiet = requests.open.load(Ordering::Relaxed) == 0 && begun == self.begun;
        self.begun = begun;
        self.looks = if is_quiet { self.looks + 1 } else { 0 };
        (self.looks >= LOOKS).then_some(Verdict::Idle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks that find nothing, until one ends it.
    fn looks(quiet: &mut Quiet, requests: &Requests) -> u32 {
        (1..).find(|_| quiet.look(requests) == Some(Verdict::Idle)).unwrap()
    }

    #[test]
    fn only_who_asks_nothing_for_the_whole_time_is_idle() {
        let (arrival, mut quiet) = (Arc::new(Arrival::default()), Quiet::default());
        assert_eq!(looks(&mut quiet, &arrival.requests), LOOKS, "from the start");

        let mut quiet = Quiet::default();
        for _ in 0..20 {
            quiet.look(&arrival.requests);
            quiet.look(&arrival.requests);
            drop(Open::on(arrival.clone()));
        }
        assert_eq!(looks(&mut quiet, &arrival.requests), LOOKS + 1, "after the last request");

        let (one, two) = (Open::on(arrival.clone()), Open::on(arrival.clone()));
        drop(one);
        assert!((0..100).all(|_| quiet.look(&arrival.requests).is_none()), "one is still answered");
        drop(two);
        assert_eq!(looks(&mut quiet, &arrival.requests), LOOKS);

        arrival.requests.is_link.store(true, Ordering::Relaxed);
        assert_eq!(Quiet::default().look(&arrival.requests), Some(Verdict::Link));
    }
}
