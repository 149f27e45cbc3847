//! A stream to ejabberd: TLS, sign-in, an address, rooms, and stanzas both ways.

use super::stanza::{self, Stanza};
use crate::client::Address;
use anyhow::{Context, bail};
use base64ct::{Base64, Encoding};
use bytes::{Buf, BytesMut};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;

/// The only host that ejabberd serves here.
const HOST: &str = "localhost";
/// The service in which the rooms are.
const ROOMS: &str = "rooms.localhost";
/// An answer that takes longer counts as none. The last of 1,000 to enter a room waits for all before her.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that are made room for before a look at what has arrived.
const AT_ONCE: usize = 4 * 1024;

/// An open stream of one person.
pub struct Stream {
    socket: TlsStream<TcpStream>,
    arrived: BytesMut,
    nick: String,
}

/// What a person's account, and her name in every room, is called.
pub fn account(person: usize) -> String {
    format!("p{person}")
}

/// The password of everybody; it stands in clear in a database that lives as long as the run.
pub const PASSWORD: &str = "everybody";

/// The address of a room.
fn room(number: usize) -> String {
    format!("room{number}@{ROOMS}")
}

/// Number of the room and of the person that `room7@rooms.localhost/p3` names.
pub fn occupant(address: &str) -> Option<(u32, u32)> {
    let (room, nick) = address.split_once('/')?;
    let (room, service) = room.strip_prefix("room")?.split_once('@')?;
    (service == ROOMS).then_some((room.parse().ok()?, nick.strip_prefix('p')?.parse().ok()?))
}

impl Stream {
    /// Opens it and signs in.
    pub async fn open(address: &Address, person: usize) -> anyhow::Result<Self> {
        let socket = address.secure(address.connect(None).await?).await?;
        let mut stream = Self { socket, arrived: BytesMut::new(), nick: account(person) };
        let opening = stream.sign_in();
        timeout(PATIENCE, opening).await.context("ejabberd was silent")??;
        Ok(stream)
    }

    async fn sign_in(&mut self) -> anyhow::Result<()> {
        self.write(&stanza::open_stream(HOST)).await?;
        self.await_one("stream:features").await?;
        let plain = format!("\0{}\0{PASSWORD}", self.nick);
        self.write(&stanza::sign_in(&Base64::encode_string(plain.as_bytes()))).await?;
        self.await_one("success").await?;
        self.write(&stanza::open_stream(HOST)).await?;
        self.await_one("stream:features").await?;
        self.write(stanza::bind()).await?;
        let bound = self.await_one("iq").await?;
        anyhow::ensure!(bound.kind.as_deref() == Some("result"), "no address for {}", self.nick);
        Ok(())
    }

    /// Enters a room and waits until it says so.
    pub async fn enter(&mut self, number: usize) -> anyhow::Result<()> {
        self.write(&stanza::enter(&room(number), &self.nick)).await?;
        let entering = async {
            loop {
                let heard = self.hear().await?;
                if heard.name == "presence" && heard.kind.is_some() {
                    bail!("{} may not enter room {number}: {}", self.nick, heard.words());
                }
                if heard.is_own_entry {
                    return Ok(());
                }
            }
        };
        timeout(PATIENCE, entering).await.context("a room was silent")?
    }

    /// Says something in a room.
    pub async fn say(&mut self, number: usize, id: &str, body: &str) -> anyhow::Result<()> {
        self.write(&stanza::say(&room(number), id, body)).await
    }

    /// The next stanza. May be dropped and called again without losing one.
    pub async fn hear(&mut self) -> anyhow::Result<Stanza> {
        loop {
            if let Some((stanza, length)) = Stanza::read(&self.arrived)? {
                self.arrived.advance(length);
                if self.arrived.is_empty() {
                    // Thousands of streams live in this process: none keeps a buffer while nothing comes.
                    self.arrived = BytesMut::new();
                }
                return Ok(stanza);
            }
            self.arrived.reserve(AT_ONCE);
            let read = self.socket.read_buf(&mut self.arrived).await.context("a stream broke")?;
            anyhow::ensure!(read > 0, "ejabberd closed a stream");
        }
    }

    async fn await_one(&mut self, name: &str) -> anyhow::Result<Stanza> {
        loop {
            let heard = self.hear().await?;
            if heard.name == name {
                return Ok(heard);
            }
            anyhow::ensure!(
                heard.name == "stream:stream",
                "{} instead of {name} for {}",
                heard.words(),
                self.nick
            );
        }
    }

    async fn write(&mut self, text: &str) -> anyhow::Result<()> {
        self.socket.write_all(text.as_bytes()).await.context("a stream broke while sending")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occupant_is_known_by_room_and_name() {
        let address = format!("{}/{}", room(208), account(1_599));
        assert_eq!(occupant(&address), Some((208, 1_599)));
        for other in
            ["room208@rooms.localhost", "room208@elsewhere/p1", "p1@localhost/l", "room208@rooms.localhost/x"]
        {
            assert_eq!(occupant(other), None, "{other}");
        }
    }
}
