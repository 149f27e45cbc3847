//! One person at a client: signs in over HTTP, opens a link, asks, and hears.

use crate::frame::{self, Frame};
use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use serde::{Deserialize, de::DeserializeOwned};
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{ClientRequestBuilder, Message, Utf8Bytes, protocol::WebSocketConfig},
};
use tsumugi_protocol::{
    AccountId, Command, Event, Hello, HelloFrame, Nothing, Refused, RoomCard, RoomId, RoomList, SignIn,
    SignedIn, TokenIn, Welcome,
};

/// An answer that takes longer counts as none.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a server is reached, and whom it must prove to be.
#[derive(Clone)]
pub struct Address {
    url: String,
    authority: String,
    name: ServerName<'static>,
    tls: TlsConnector,
    http: reqwest::Client,
}

/// Somebody who can sign in.
#[derive(Clone)]
pub struct Person {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Somebody who has signed in.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub account: AccountId,
    token: String,
}

/// A WebSocket over TLS.
pub type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// An open link.
pub struct Link {
    socket: Socket,
    asked: u64,
    /// What the server said first.
    pub welcome: Welcome,
    /// Events that came while an answer was awaited.
    pub heard: Vec<Event>,
}

#[derive(Deserialize)]
struct Body<T> {
    ok: Option<T>,
    refused: Option<Refused>,
}

impl Address {
    /// The server at `https://host:port` whose certificate comes from this authority (PEM).
    pub fn new(url: &str, authority_pem: &str) -> anyhow::Result<Self> {
        let url = url.trim_end_matches('/').to_owned();
        let authority = url.strip_prefix("https://").context("the server's address is not https")?.to_owned();
        let host = authority.rsplit_once(':').map_or(authority.as_str(), |(host, _)| host);
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(authority_pem.as_bytes()) {
            roots.add(certificate.context("the server's authority cannot be read")?)?;
        }
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .http1_only()
            .timeout(PATIENCE)
            .build()
            .context("cannot make an HTTP client")?;
        Ok(Self { url, authority, name, tls: TlsConnector::from(Arc::new(tls)), http })
    }

    /// Whether the server says that it is well.
    pub async fn is_well(&self) -> bool {
        let answer = self.http.get(format!("{}/healthz", self.url)).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// Signs in; waits when the server asks to.
    pub async fn sign_in(&self, person: &Person) -> anyhow::Result<Session> {
        let ask = SignIn {
            email: person.email.clone(),
            password: person.password.clone(),
            token_in: TokenIn::Body,
        };
        for _ in 0..20 {
            let url = format!("{}/api/v{}/accounts.sign_in", self.url, tsumugi_protocol::PROTOCOL);
            let answer = self.http.post(url).json(&ask).send().await.context("signing in")?;
            let body: Body<SignedIn> =
                answer.json().await.context("the answer to a sign-in cannot be read")?;
            match body {
                Body { ok: Some(SignedIn { me, token: Some(token) }), .. } => {
                    return Ok(Session { account: me.account, token });
                }
                Body { refused: Some(Refused { retry_after_ms: Some(wait), .. }), .. } => {
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                }
                Body { refused: Some(refused), .. } => {
                    bail!("{} may not sign in: {}", person.email, refused.code)
                }
                Body { .. } => bail!("a sign-in was answered without a token"),
            }
        }
        bail!("{} was put off twenty times", person.email)
    }

    /// Opens a WebSocket on a path, with a bearer token where one is needed.
    pub async fn open(&self, path: &str, bearer: Option<&str>) -> anyhow::Result<Socket> {
        let stream = TcpStream::connect(&self.authority).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let stream = self.tls.connect(self.name.clone(), stream).await.context("TLS handshake")?;
        let uri = format!("wss://{}{path}", self.authority).parse()?;
        let mut request = ClientRequestBuilder::new(uri);
        if let Some(token) = bearer {
            request = request.with_header("Authorization", format!("Bearer {token}"));
        }
        // Small buffers: thousands of links live in this process.
        let buffers = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
        let opening = tokio_tungstenite::client_async_with_config(request, stream, Some(buffers));
        Ok(opening.await.context("opening a link")?.0)
    }

    /// Opens a link and says hello.
    pub async fn link(&self, session: &Session) -> anyhow::Result<Link> {
        let path = format!("/api/v{}/link", tsumugi_protocol::PROTOCOL);
        let mut socket = self.open(&path, Some(&session.token)).await?;
        let hello = HelloFrame {
            hello: Hello {
                protocol: tsumugi_protocol::PROTOCOL,
                client: concat!("loadtest/", env!("CARGO_PKG_VERSION")).into(),
                lang: None,
                rooms: Vec::new(),
            },
        };
        socket.send(Message::text(serde_json::to_string(&hello)?)).await?;
        let first = timeout(PATIENCE, next_text(&mut socket)).await.context("no welcome")??;
        let welcome = frame::read_welcome(&first).context("the first frame is not a welcome")?;
        Ok(Link { socket, asked: 0, welcome, heard: Vec::new() })
    }
}

impl Link {
    /// Sends a command without waiting; its answer will carry the id.
    pub async fn send(&mut self, command: &Command) -> anyhow::Result<u64> {
        self.asked += 1;
        let text = tsumugi_protocol::frame::write_ask(self.asked, command);
        self.socket.send(Message::text(text)).await.context("a link broke while sending")?;
        Ok(self.asked)
    }

    /// The next frame. May be dropped and called again without losing one.
    pub async fn hear(&mut self) -> anyhow::Result<Frame> {
        let text = next_text(&mut self.socket).await?;
        Frame::read(&text).context("a frame of the server cannot be read")
    }

    /// The next frame as it came. May be dropped and called again without losing one.
    pub async fn hear_text(&mut self) -> anyhow::Result<Utf8Bytes> {
        next_text(&mut self.socket).await
    }

    /// Asks and waits for the reply; a refusal is an error.
    pub async fn ask<T: DeserializeOwned>(&mut self, command: &Command) -> anyhow::Result<T> {
        match self.try_ask(command).await? {
            Ok(reply) => Ok(reply),
            Err(refused) => bail!("{} was refused: {}", command.name(), refused.code),
        }
    }

    /// Asks and waits for the reply or the refusal. Events that come first are kept in `heard`.
    pub async fn try_ask<T: DeserializeOwned>(
        &mut self,
        command: &Command,
    ) -> anyhow::Result<Result<T, Refused>> {
        let asked = self.send(command).await?;
        let answer = timeout(PATIENCE, self.answer(asked)).await;
        match answer.with_context(|| format!("no answer to {}", command.name()))?? {
            Ok(reply) => {
                let reply = serde_json::from_str(reply.get());
                Ok(Ok(reply.with_context(|| format!("the reply to {} cannot be read", command.name()))?))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// The reader's rooms.
    pub async fn rooms(&mut self) -> anyhow::Result<Vec<RoomCard>> {
        let list: RoomList = self.ask(&Command::ListRooms(Nothing {})).await?;
        Ok(list.rooms)
    }

    /// The only room of this person.
    pub async fn only_room(&mut self) -> anyhow::Result<RoomId> {
        match self.rooms().await?.as_slice() {
            [room] => Ok(room.id),
            rooms => bail!("a person of the bench world is in {} rooms instead of one", rooms.len()),
        }
    }

    async fn answer(
        &mut self,
        asked: u64,
    ) -> anyhow::Result<Result<Box<serde_json::value::RawValue>, Refused>> {
        loop {
            match self.hear().await? {
                Frame::Answer { id, answer } if id == asked => return Ok(answer),
                Frame::Answer { id, .. } => bail!("command {id} was answered, {asked} was asked"),
                Frame::Unreadable(refused) => bail!("the server could not read a frame: {}", refused.code),
                Frame::Event(event) => self.heard.push(*event),
                Frame::Unknown => {}
            }
        }
    }
}

async fn next_text(socket: &mut Socket) -> anyhow::Result<Utf8Bytes> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text),
            Some(Ok(Message::Close(Some(close)))) => bail!("the server closed a link: {}", close.code),
            Some(Ok(Message::Close(None))) | None => bail!("the server closed a link"),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error).context("a link broke"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_must_be_https_with_a_readable_authority() {
        assert!(Address::new("http://127.0.0.1:1", "").is_err());
        assert!(Address::new("https://127.0.0.1:1", "").is_ok());
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(Address::new("https://127.0.0.1:1", broken).is_err());
    }
}
