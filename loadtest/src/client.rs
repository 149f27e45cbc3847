//! One person at a client: signs in over HTTP, opens a link, asks, and hears.

use crate::frame::{self, Frame};
use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{ClientRequestBuilder, Message, Utf8Bytes, protocol::WebSocketConfig},
};
use tsumugi_protocol::{
    AccountId, CloseReason, Command, Event, Hello, HelloFrame, Known, Nothing, Refused, RoomCard, RoomId,
    RoomList, SignIn, SignedIn, TokenIn, Welcome,
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
    source: Option<IpAddr>,
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
pub type Socket<S = TcpStream> = WebSocketStream<TlsStream<S>>;

/// An open link.
pub struct Link<S = TcpStream> {
    socket: Socket<S>,
    asked: u64,
    /// What the server said first.
    pub welcome: Welcome,
    /// Events that came while an answer was awaited.
    pub heard: Vec<Event>,
}

/// How a link ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Closed {
    /// The close code, when there was one.
    pub code: Option<u16>,
    /// How long the server asks to stay away.
    pub wait: Duration,
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
        let http = http_client(&tls, None)?;
        Ok(Self { url, authority, name, tls: TlsConnector::from(Arc::new(tls)), http, source: None })
    }

    /// The same server, where every TLS session begins anew.
    pub fn without_resumption(&self) -> Self {
        let mut tls = self.tls.config().as_ref().clone();
        tls.resumption = rustls::client::Resumption::disabled();
        Self { tls: TlsConnector::from(Arc::new(tls)), ..self.clone() }
    }

    /// The same server, reached from another address of this machine.
    pub fn from(&self, source: IpAddr) -> anyhow::Result<Self> {
        let http = http_client(self.tls.config(), Some(source))?;
        Ok(Self { http, source: Some(source), ..self.clone() })
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
        let ask = Command::SignIn(ask);
        for _ in 0..20 {
            match self.ask::<SignedIn>(None, &ask).await? {
                Ok(SignedIn { me, token: Some(token) }) => {
                    return Ok(Session { account: me.account, token });
                }
                Ok(SignedIn { token: None, .. }) => bail!("a sign-in was answered without a token"),
                Err(Refused { retry_after_ms: Some(wait), .. }) => {
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                }
                Err(refused) => bail!("{} may not sign in: {}", person.email, refused.code),
            }
        }
        bail!("{} was put off twenty times", person.email)
    }

    /// Asks one command over HTTP.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        session: Option<&Session>,
        command: &Command,
    ) -> anyhow::Result<Result<T, Refused>> {
        let url = format!("{}/api/v{}/{}", self.url, tsumugi_protocol::PROTOCOL, command.name());
        let mut request =
            self.http.post(url).header("content-type", "application/json").body(command.ask_json());
        if let Some(session) = session {
            request = request.bearer_auth(&session.token);
        }
        let answer = request.send().await.with_context(|| format!("asking {}", command.name()))?;
        match answer.json().await.context("an answer cannot be read")? {
            Body { ok: Some(reply), .. } => Ok(Ok(reply)),
            Body { refused: Some(refused), .. } => Ok(Err(refused)),
            Body { .. } => bail!("{} was answered with nothing", command.name()),
        }
    }

    /// A connection without TLS yet. `receive` bounds what the kernel keeps for a client that does not read.
    pub async fn connect(&self, receive: Option<u32>) -> anyhow::Result<TcpStream> {
        let to = tokio::net::lookup_host(&self.authority).await?.next().context("no such host")?;
        let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(source) = self.source {
            socket.bind(SocketAddr::new(source, 0))?;
        }
        if let Some(receive) = receive {
            socket.set_recv_buffer_size(receive)?;
        }
        let stream = socket.connect(to).await.context("connecting")?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// TLS on a connection.
    pub async fn secure<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> anyhow::Result<TlsStream<S>> {
        self.tls.connect(self.name.clone(), stream).await.context("TLS handshake")
    }

    /// Opens a WebSocket on a path, with a bearer token where one is needed.
    pub async fn open(&self, path: &str, bearer: Option<&str>) -> anyhow::Result<Socket> {
        self.open_over(self.connect(None).await?, path, bearer).await
    }

    async fn open_over<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        path: &str,
        bearer: Option<&str>,
    ) -> anyhow::Result<Socket<S>> {
        let stream = self.secure(stream).await?;
        let uri = format!("wss://{}{path}", self.authority).parse()?;
        let mut request = ClientRequestBuilder::new(uri);
        if let Some(token) = bearer {
            request = request.with_header("Authorization", format!("Bearer {token}"));
        }
        // Small buffers: thousands of links live in this process.
        let buffers = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
        let opening = tokio_tungstenite::client_async_with_config(request, stream, Some(buffers));
        Ok(timeout(PATIENCE, opening).await.context("no link")?.context("opening a link")?.0)
    }

    /// Opens a link and says hello.
    pub async fn link(&self, session: &Session) -> anyhow::Result<Link> {
        self.link_knowing(session, Vec::new()).await
    }

    /// Opens a link of somebody who was here before and says which rooms she knows up to where.
    pub async fn link_knowing(&self, session: &Session, known: Vec<Known>) -> anyhow::Result<Link> {
        self.link_over(self.connect(None).await?, session, known).await
    }

    /// Opens a link over any connection to the server.
    pub async fn link_over<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        session: &Session,
        known: Vec<Known>,
    ) -> anyhow::Result<Link<S>> {
        let path = format!("/api/v{}/link", tsumugi_protocol::PROTOCOL);
        let mut socket = self.open_over(stream, &path, Some(&session.token)).await?;
        let hello = HelloFrame {
            hello: Hello {
                protocol: tsumugi_protocol::PROTOCOL,
                client: concat!("loadtest/", env!("CARGO_PKG_VERSION")).into(),
                lang: None,
                rooms: known,
            },
        };
        socket.send(Message::text(serde_json::to_string(&hello)?)).await?;
        let first = timeout(PATIENCE, next_text(&mut socket)).await.context("no welcome")??;
        let welcome = frame::read_welcome(&first).context("the first frame is not a welcome")?;
        Ok(Link { socket, asked: 0, welcome, heard: Vec::new() })
    }
}

fn http_client(tls: &rustls::ClientConfig, source: Option<IpAddr>) -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .http1_only()
        .local_address(source)
        .timeout(PATIENCE)
        .build()
        .context("cannot make an HTTP client")
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    /// Whether its TLS session continued an earlier one.
    pub fn is_resumed(&self) -> bool {
        let (_, tls) = self.socket.get_ref().get_ref();
        tls.handshake_kind() == Some(rustls::HandshakeKind::Resumed)
    }

    /// What lies under the frames, for a client that keeps no rules.
    pub fn stream(&mut self) -> &mut TlsStream<S> {
        self.socket.get_mut()
    }

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

    /// The next frame, or how the link ended.
    pub async fn hear_or_closed(&mut self) -> Result<Frame, Closed> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(Frame::read(&text).unwrap_or(Frame::Unknown)),
                Some(Ok(Message::Close(Some(close)))) => {
                    let reason: Option<CloseReason> = serde_json::from_str(&close.reason).ok();
                    let wait = reason.and_then(|reason| reason.retry_after_ms).unwrap_or_default();
                    return Err(Closed { code: Some(close.code.into()), wait: Duration::from_millis(wait) });
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(Closed::default()),
                Some(Ok(_)) => {}
            }
        }
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

async fn next_text<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut Socket<S>) -> anyhow::Result<Utf8Bytes> {
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
