//! A connection that is read as slowly as its owner likes: freely, or one byte a second.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// Between two bytes of a dripping connection.
const DRIP: Duration = Duration::from_secs(1);

/// Turns the dripping on and off.
#[derive(Clone, Default)]
pub struct Tap(Arc<AtomicBool>);

/// The connection. While it drips, reading takes one byte a second from the kernel; writing is never slow.
pub struct Dripping<S> {
    inner: S,
    tap: Tap,
    pause: Pin<Box<Sleep>>,
}

impl Tap {
    /// One byte a second from now on.
    pub fn drip(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Free from the next byte on.
    pub fn open(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl<S> Dripping<S> {
    /// Lays a tap over a connection; it is open.
    pub fn over(inner: S) -> (Self, Tap) {
        let tap = Tap::default();
        (Self { inner, tap: tap.clone(), pause: Box::pin(sleep(Duration::ZERO)) }, tap)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Dripping<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.tap.0.load(Ordering::Relaxed) {
            return Pin::new(&mut self.inner).poll_read(cx, buf);
        }
        ready!(self.pause.as_mut().poll(cx));
        let mut byte = [0];
        let mut one = ReadBuf::new(&mut byte);
        ready!(Pin::new(&mut self.inner).poll_read(cx, &mut one))?;
        buf.put_slice(one.filled());
        self.pause.as_mut().reset(tokio::time::Instant::now() + DRIP);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Dripping<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_dripping_connection_gives_one_byte_a_second_and_an_open_one_everything() {
        let (mut far, near) = tokio::io::duplex(64);
        let (mut slow, tap) = Dripping::over(near);
        far.write_all(b"0123456789").await.unwrap();
        tap.drip();
        let mut buf = [0; 64];
        assert_eq!(slow.read(&mut buf).await.unwrap(), 1);
        let second = tokio::time::timeout(Duration::from_millis(200), slow.read(&mut buf)).await;
        assert!(second.is_err(), "the second byte waits");
        tap.open();
        assert_eq!(slow.read(&mut buf).await.unwrap(), 9);
    }
}
