//! A link: frames matched to their asks, events in the order they came, and how it was closed.

use super::person::read;
use super::server::Server;
use super::wait::PATIENCE;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::net::{Shutdown, TcpStream as TcpWire};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message, client::IntoClientRequest};
use tsumugi_protocol::{Command, Event, Hello, HelloFrame, PostId, Refused, Welcome, frame};

type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// How a link ended: the close code, or none when the connection was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub code: Option<u16>,
    pub reason: String,
}

/// What an upgrade carries.
#[derive(Debug, Clone, Default)]
pub struct Upgrade {
    pub headers: Vec<(&'static str, String)>,
    /// Bytes of the socket's receive buffer, to make a slow reader.
    pub receive_buffer: Option<u32>,
}

impl Upgrade {
    /// With a bearer token.
    pub fn bearer(token: &str) -> Self {
        Self { headers: vec![("authorization", format!("Bearer {token}"))], receive_buffer: None }
    }

    /// With a cookie and an origin.
    pub fn cookie(cookie: &str, origin: Option<&str>) -> Self {
        let mut headers = vec![("cookie", cookie.to_owned())];
        headers.extend(origin.map(|origin| ("origin", origin.to_owned())));
        Self { headers, receive_buffer: None }
    }
}

/// An open link.
pub struct Link {
    writer: tokio::sync::Mutex<SplitSink<Socket, Message>>,
    shared: Arc<Shared>,
    events: mpsc::UnboundedReceiver<Event>,
    loose: tokio::sync::Mutex<mpsc::UnboundedReceiver<Value>>,
    closed: watch::Receiver<Option<Closed>>,
    reading: watch::Sender<bool>,
    next: AtomicU64,
    /// The connection below TLS, to cut it.
    wire: TcpWire,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
    frames: Mutex<Vec<String>>,
}

impl Link {
    /// Opens a link; an HTTP status when the upgrade is refused.
    pub async fn open(server: &Server, upgrade: &Upgrade) -> Result<Self, u16> {
        let stream = server.connect(upgrade.receive_buffer).await.expect("the server accepts");
        let url = format!("wss://127.0.0.1:{}/api/v1/link", server.setup.port);
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in &upgrade.headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        Self::upgraded(request, stream).await
    }

    /// Opens a link over a connection that stands.
    pub async fn upgraded(
        request: tungstenite::http::Request<()>,
        stream: TlsStream<TcpStream>,
    ) -> Result<Self, u16> {
        let wire = stream.get_ref().0.as_fd().try_clone_to_owned().expect("its descriptor").into();
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self::over(socket, wire)),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("the upgrade failed: {error}"),
        }
    }

    fn over(socket: Socket, wire: TcpWire) -> Self {
        let (writer, reader) = socket.split();
        let shared = Arc::new(Shared::default());
        let (event, events) = mpsc::unbounded_channel();
        let (stray, loose) = mpsc::unbounded_channel();
        let (close, closed) = watch::channel(None);
        let (reading, may_read) = watch::channel(true);
        tokio::spawn(listen(reader, shared.clone(), event, stray, close, may_read));
        let next = AtomicU64::new(1);
        Self { writer: writer.into(), shared, events, loose: loose.into(), closed, reading, next, wire }
    }

    /// Says hello and takes the welcome.
    pub async fn hello(&self, hello: Hello) -> Welcome {
        self.text(&serde_json::to_string(&HelloFrame { hello }).expect("JSON")).await;
        let mut frame = self.loose("the welcome").await;
        serde_json::from_value(frame["welcome"].take()).expect("a welcome")
    }

    /// Asks and waits for the answer.
    pub async fn ask<T: DeserializeOwned>(&self, command: &Command) -> Result<T, Refused> {
        read(self.answer(command).await)
    }

    /// Asks and gives the whole answer frame.
    pub async fn answer(&self, command: &Command) -> Value {
        let pending = self.begin(command).await;
        self.finish(command.name(), pending).await
    }

    /// Asks without waiting.
    pub async fn begin(&self, command: &Command) -> oneshot::Receiver<Value> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let pending = self.expect_answer(id);
        self.text(&frame::write_ask(id, command)).await;
        pending
    }

    /// The answer to the id, when it comes.
    pub fn expect_answer(&self, id: u64) -> oneshot::Receiver<Value> {
        let (tell, told) = oneshot::channel();
        self.shared.waiting.lock().expect("the map").insert(id, tell);
        told
    }

    /// Waits for an answer begun.
    pub async fn finish(&self, what: &str, pending: oneshot::Receiver<Value>) -> Value {
        let answer = tokio::time::timeout(PATIENCE, pending).await;
        let closed = self.closed.borrow().clone();
        answer
            .unwrap_or_else(|_| panic!("no answer to {what} within {PATIENCE:?}"))
            .unwrap_or_else(|_| panic!("the link closed before the answer to {what}: {closed:?}"))
    }

    /// Writes a text frame as it is. A link that is closed already swallows it.
    pub async fn text(&self, text: &str) {
        self.write(Message::text(text)).await;
    }

    /// Writes any frame.
    pub async fn write(&self, message: Message) {
        drop(self.writer.lock().await.send(message).await);
    }

    /// The next frame that is neither event nor an answer to an ask.
    pub async fn loose(&self, what: &str) -> Value {
        let mut loose = self.loose.lock().await;
        let frame = tokio::time::timeout(PATIENCE, loose.recv()).await;
        let closed = self.closed.borrow().clone();
        frame
            .unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}"))
            .unwrap_or_else(|| panic!("closed before {what}: {closed:?}"))
    }

    /// The next event.
    pub async fn event(&mut self, what: &str) -> Event {
        let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        let closed = self.closed.borrow().clone();
        event
            .unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}"))
            .unwrap_or_else(|| panic!("closed before {what}: {closed:?}"))
    }

    /// The next event, or none when the link has ended.
    pub async fn event_or_end(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// The first event that fits; those before it are passed over.
    pub async fn expect<T>(&mut self, what: &str, mut fits: impl FnMut(&Event) -> Option<T>) -> T {
        loop {
            let event = self.event(what).await;
            if let Some(found) = fits(&event) {
                return found;
            }
        }
    }

    /// The event of that post.
    pub async fn posted(&mut self, id: PostId) -> tsumugi_protocol::Post {
        self.expect("the event of a post", |event| match event {
            Event::Posted { post, .. } if post.id == id => Some(post.clone()),
            _ => None,
        })
        .await
    }

    /// Events that have come and were not taken yet.
    pub fn events_so_far(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.events.try_recv().ok()).collect()
    }

    /// Every text frame of the server so far.
    pub fn frames(&self) -> Vec<String> {
        self.shared.frames.lock().expect("the frames").clone()
    }

    /// Stops or resumes reading from the socket.
    pub fn read_frames(&self, yes: bool) {
        self.reading.send_replace(yes);
    }

    /// Vanishes in the middle, without a word of goodbye; back when the server has let go of the link.
    pub async fn cut(self) {
        self.wire.shutdown(Shutdown::Write).expect("the connection stands");
        self.closed().await;
    }

    /// Waits for the end of the link.
    pub async fn closed(&self) -> Closed {
        let mut closed = self.closed.clone();
        let end = tokio::time::timeout(PATIENCE, closed.wait_for(Option::is_some)).await;
        end.expect("the link should close").expect("an end").clone().expect("an end")
    }

    /// Whether the server has closed it.
    pub fn is_closed(&self) -> bool {
        self.closed.borrow().is_some()
    }
}

async fn listen(
    mut reader: SplitStream<Socket>,
    shared: Arc<Shared>,
    event: mpsc::UnboundedSender<Event>,
    stray: mpsc::UnboundedSender<Value>,
    close: watch::Sender<Option<Closed>>,
    mut may_read: watch::Receiver<bool>,
) {
    let closed = loop {
        if may_read.wait_for(|yes| *yes).await.is_err() {
            return;
        }
        let text = match reader.next().await {
            Some(Ok(Message::Text(text))) => text.to_string(),
            Some(Ok(Message::Close(Some(frame)))) => {
                break Closed { code: Some(frame.code.into()), reason: frame.reason.to_string() };
            }
            Some(Ok(Message::Close(None)) | Err(_)) | None => {
                break Closed { code: None, reason: String::new() };
            }
            Some(Ok(_)) => continue,
        };
        let value: Value = serde_json::from_str(&text).expect("the server writes JSON");
        shared.frames.lock().expect("the frames").push(text);
        if value.get("event").is_some() {
            drop(event.send(serde_json::from_value(value).expect("a known event")));
            continue;
        }
        let id = value.get("id").and_then(Value::as_u64);
        let asked = id.and_then(|id| shared.waiting.lock().expect("the map").remove(&id));
        match asked {
            Some(asker) => drop(asker.send(value)),
            None => drop(stray.send(value)),
        }
    };
    shared.waiting.lock().expect("the map").clear();
    close.send_replace(Some(closed));
}
