//! One link of the floor: posts in, sealed and queued for the disk; frames out, many to a flush.

use super::{rooms::News, store::Sealed, wire::Ask};
use anyhow::Context;
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand,
};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::{
    net::TcpStream,
    sync::mpsc::{UnboundedSender, unbounded_channel},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::WebSocketConfig},
};

/// Frames that go out with one flush at most.
const AT_ONCE: usize = 64;

/// What every link needs.
pub struct Shared {
    posts: UnboundedSender<Sealed>,
    tell: UnboundedSender<News>,
    key: LessSafeKey,
    nonces: AtomicU64,
}

impl Shared {
    /// With a key of this run. Counted nonces are enough for a key that dies with the process.
    pub fn new(posts: UnboundedSender<Sealed>, tell: UnboundedSender<News>) -> anyhow::Result<Self> {
        let mut key = [0; 32];
        rand::fill(&mut key)?;
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key)?);
        Ok(Self { posts, tell, key, nonces: AtomicU64::new(0) })
    }

    fn seal(&self, room: u32, id: u128, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        let count = self.nonces.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        nonce.iter_mut().zip(count).for_each(|(byte, counted)| *byte = counted);
        let mut about = [0; 20];
        about
            .iter_mut()
            .zip(room.to_be_bytes().into_iter().chain(id.to_be_bytes()))
            .for_each(|(to, from)| *to = from);
        let mut sealed = Vec::with_capacity(NONCE_LEN + body.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(body);
        let text = sealed.get_mut(NONCE_LEN..).context("nothing to seal")?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.key.seal_in_place_separate_tag(nonce, Aad::from(about), text)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }
}

/// Serves one link until it ends.
pub async fn serve(
    link: u64,
    stream: TcpStream,
    acceptor: &TlsAcceptor,
    shared: &Shared,
) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let stream = acceptor.accept(stream).await?;
    let buffers = WebSocketConfig::default().read_buffer_size(4 * 1024);
    let mut socket = tokio_tungstenite::accept_async_with_config(stream, Some(buffers)).await?;
    let Some(Ask::Join { person, rooms }) = next_ask(&mut socket).await? else {
        anyhow::bail!("the first frame does not join")
    };
    let (queue, mut out) = unbounded_channel();
    shared.tell.send(News::Joined { link, rooms, queue })?;
    let mut ready = Vec::with_capacity(AT_ONCE);
    let ended = loop {
        tokio::select! {
            ask = next_ask(&mut socket) => match ask {
                Ok(Some(Ask::Post { room, id, body })) => {
                    let sealed = shared.seal(room, id, &body)?;
                    shared.posts.send(Sealed { link, author: person, room, id, body, sealed })?;
                }
                Ok(Some(Ask::Join { .. }) | None) => break Ok(()),
                Err(error) => break Err(error),
            },
            _ = out.recv_many(&mut ready, AT_ONCE) => {
                if let Err(error) = write(&mut socket, &mut ready).await {
                    break Err(error);
                }
            }
        }
    };
    shared.tell.send(News::Left(link))?;
    ended
}

async fn write(
    socket: &mut WebSocketStream<TlsStream<TcpStream>>,
    ready: &mut Vec<Bytes>,
) -> anyhow::Result<()> {
    for frame in ready.drain(..) {
        socket.feed(Message::Binary(frame)).await?;
    }
    Ok(socket.flush().await?)
}

/// The next thing asked; none when the link has ended.
async fn next_ask(socket: &mut WebSocketStream<TlsStream<TcpStream>>) -> anyhow::Result<Option<Ask>> {
    while let Some(message) = socket.next().await {
        match message? {
            Message::Binary(bytes) => return Ok(Some(Ask::read(bytes).context("not a frame of the floor")?)),
            Message::Close(_) => return Ok(None),
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_sealed_under_a_nonce_of_its_own() {
        let shared = Shared::new(unbounded_channel().0, unbounded_channel().0).unwrap();
        let (one, other) = (shared.seal(1, 2, b"body").unwrap(), shared.seal(1, 2, b"body").unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 12 + 4 + 16);
        let mut text = one[12..].to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&one[..12]).unwrap();
        let about: Vec<u8> = 1_u32.to_be_bytes().into_iter().chain(2_u128.to_be_bytes()).collect();
        assert_eq!(shared.key.open_in_place(nonce, Aad::from(about), &mut text).unwrap(), b"body");
    }
}
