//! A connection that was let in: it keeps its place, counts what arrives, and says something in its time.

use super::idle::{Patience, Requests, Verdict};
use super::porch::Place;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

/// How long a client may take to say what it wants.
pub(super) const HEADERS: Duration = Duration::from_secs(15);

/// Bytes after which it is known which HTTP is spoken; until then nobody else watches the time.
const PREFACE: usize = 24;

/// What arrived on a connection: bytes as far as they were read, and requests.
#[derive(Debug, Default)]
pub(super) struct Arrival {
    bytes: AtomicU64,
    /// What is asked on it.
    pub(super) requests: Requests,
}

impl Arrival {
    /// So many by now.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// More were read.
    pub(super) fn add(&self, bytes: usize) {
        self.bytes.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// An open connection.
pub(super) struct Held {
    stream: TlsStream<TcpStream>,
    place: Place,
    opening: Option<Opening>,
    patience: Option<Patience>,
}

struct Opening {
    left: usize,
    patience: Pin<Box<Sleep>>,
}

impl Held {
    /// From now on it has its place and its time.
    pub(super) fn new(stream: TlsStream<TcpStream>, place: Place) -> Self {
        let opening = Opening { left: PREFACE, patience: Box::pin(tokio::time::sleep(HEADERS)) };
        Self { stream, place, opening: Some(opening), patience: Some(Patience::new()) }
    }

    /// Tells whoever reads that nothing more comes, once nothing was asked for too long.
    fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(patience) = &mut self.patience else { return Poll::Pending };
        match ready!(patience.poll(&self.place.arrival.requests, cx)) {
            Verdict::Idle => Poll::Ready(Ok(())),
            Verdict::Link => {
                self.patience = None;
                Poll::Pending
            }
        }
    }

    fn arrived(&mut self, bytes: usize) {
        self.place.arrival.add(bytes);
        if let Some(opening) = &mut self.opening {
            opening.left = opening.left.saturating_sub(bytes);
            if opening.left == 0 || bytes == 0 {
                self.opening = None;
            }
        }
    }
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buf) {
            self.arrived(buf.filled().len() - before);
            return Poll::Ready(read);
        }
        let Some(opening) = &mut self.opening else { return self.poll_idle(cx) };
        ready!(opening.patience.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
