//! A link's life: hello, commands and events, goodbye.

use super::dispatch::{Caller, dispatch, paced, refused, tell_late, unheard};
use super::hearing::{Heard, Hearing};
use super::held::Arrival;
use super::stir::Stir;
use super::{Edge, gate, http};
use crate::accounts::{self, Session};
use crate::app::App;
use crate::crypto::random;
use crate::error::{Failure, Result};
use crate::live::{self, Ended, Link, Taken};
use crate::rooms;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, SinkExt};
use std::collections::HashMap;
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::Interval;
use tsumugi_protocol::frame::{self, BadAsk, Hello, Stale, Welcome, WelcomeFrame};
use tsumugi_protocol::{Close, CloseReason, Code, Event, Lang, PROTOCOL, Refusal, limits};

/// A client that takes nothing for so long is given up.
const WRITE: Duration = Duration::from_secs(30);
/// Frames that wait together leave together, in one TLS record.
const TOGETHER: usize = 16 * 1024;
/// A buffer for so many events is kept; a link that had to write more at once gives its own back.
const FEW: usize = 64;

/// `GET /api/v1/link`: no session, no upgrade.
pub(super) async fn upgrade(
    State(edge): State<Edge>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let lang = http::spoken(&headers, None);
    let who = match gate::who(&edge, from.ip(), &headers).await {
        Ok(who) => who,
        Err(failure) => {
            let nobody = Caller { who: None, source: from.ip(), link: None };
            return http::no(&refused(&edge.app, &nobody, "link", None, failure).await, lang);
        }
    };
    let caller = Caller { who: who.as_ref(), source: from.ip(), link: None };
    let who = match paced(&edge.app, caller.who) {
        Ok(who) => who.clone(),
        Err(refusal) => {
            let refusal = refused(&edge.app, &caller, "link", None, refusal.into()).await;
            return http::no(&tell_late(&edge.app, caller.who, refusal).await, lang);
        }
    };
    let Ok(upgrade) = upgrade else {
        return http::no(&refused(&edge.app, &caller, "link", None, Code::BadFrame.into()).await, lang);
    };
    let (app, source) = (edge.app.clone(), from.ip());
    let arrival = edge.porch.arrival(from);
    let tasks = app.tasks.clone();
    upgrade
        .read_buffer_size(2_048)
        .write_buffer_size(TOGETHER)
        .max_frame_size(frame::LARGEST)
        .max_message_size(frame::LARGEST)
        .on_upgrade(move |socket| async move {
            tasks.spawn_link(async move { live_on(app, socket, who, source, arrival).await });
        })
}

/// A link that said hello.
struct Talk {
    app: App,
    socket: WebSocket,
    who: Arc<Session>,
    link: Arc<Link>,
    source: IpAddr,
    lang: Lang,
    bad_frames: u32,
    /// How often it asked too fast of late.
    hurries: u32,
    hearing: Hearing,
    /// Tells that the socket or the clock has something.
    stir: Arc<Stir>,
    /// Commands whose answers are still to be written.
    under_way: usize,
    /// What is to be written next.
    taken: Taken,
    /// It has let others run first, so that more answers come together.
    has_waited: bool,
    /// Whether a ping of ours waits for its pong.
    pinged: bool,
}

/// What a link turns to next.
enum Turn {
    Ended(Ended),
    Write,
    Heard(Heard),
    Ping,
}

/// Why a link ends: a code to say goodbye with, or nothing when nobody is there any more.
type Goodbye = Option<Close>;

/// An answer on its way to the client.
struct Answer {
    text: String,
    /// How long nothing more is heard: the account asked faster than it may.
    pause: Option<Duration>,
}

async fn live_on(app: App, mut socket: WebSocket, who: Arc<Session>, source: IpAddr, arrival: Arc<Arrival>) {
    let hello = match hello(&app, &mut socket, &who, source).await {
        Ok(hello) => hello,
        Err(goodbye) => return say_goodbye(&mut socket, goodbye).await,
    };
    let link = Arc::new(Link::new(who.account, who.id));
    let lang = hello.lang.unwrap_or(who.lang);
    let _leaving = Leaving(app.clone(), link.clone());
    let hearing = Hearing::new(arrival);
    let mut talk = Talk {
        app: app.clone(),
        socket,
        who,
        link: link.clone(),
        source,
        lang,
        bad_frames: 0,
        hurries: 0,
        hearing,
        stir: Arc::default(),
        under_way: 0,
        taken: Taken::default(),
        has_waited: false,
        pinged: false,
    };
    let goodbye = match talk.welcome(&hello).await {
        Ok(()) => talk.talk().await,
        Err(goodbye) => goodbye,
    };
    app.live.leave(&link);
    say_goodbye(&mut talk.socket, goodbye).await;
}

/// The hub forgets the link however its task ends.
struct Leaving(App, Arc<Link>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.live.leave(&self.1);
    }
}

/// Reads the first frame.
async fn hello(
    app: &App,
    socket: &mut WebSocket,
    who: &Arc<Session>,
    source: IpAddr,
) -> Result<Hello, Goodbye> {
    let patience = Duration::from_millis(limits::HELLO_MS);
    let spoken = async {
        loop {
            match socket.recv().await {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => return other,
            }
        }
    };
    let first = tokio::time::timeout(patience, spoken).await.map_err(|_| Some(Close::BadHello))?;
    let read = match first {
        Some(Ok(Message::Text(text))) => frame::read_hello(&text),
        Some(Ok(Message::Binary(_))) => Err(Code::BadFrame.into()),
        Some(Ok(Message::Close(_) | Message::Ping(_) | Message::Pong(_))) | None => return Err(None),
        Some(Err(error)) => return Err(broken(app, source, &error)),
    };
    match read {
        Ok(hello) => Ok(hello),
        Err(refusal) => {
            let close =
                if refusal.code == Code::ProtocolTooOld { Close::ProtocolTooOld } else { Close::BadHello };
            let caller = Caller { who: Some(who), source, link: None };
            let refusal = refused(app, &caller, "link.hello", None, refusal.into()).await;
            let told = frame::write_refused(None, &refusal.say(who.lang)).unwrap_or_default();
            // Nobody may be there any more; the close code says the same in short.
            tokio::time::timeout(WRITE, socket.send(Message::Text(told.into()))).await.ok();
            Err(Some(close))
        }
    }
}

impl Talk {
    /// Lets the link hear its rooms, then tells where they stand.
    async fn welcome(&mut self, hello: &Hello) -> Result<(), Goodbye> {
        let fault = |failure: Failure| {
            if let Failure::Fault(fault) = failure {
                tracing::error!(cause = fault.chain(), "a link could not be welcomed");
            }
            Some(Close::Fault)
        };
        let standings = rooms::enter(&self.app, &self.who, &self.link).await.map_err(fault)?;
        let me = accounts::me(&self.app, &self.who).await.map_err(fault)?;
        let heads: HashMap<_, _> = standings.iter().map(|standing| (standing.room, standing.head)).collect();
        let (mut stale, mut gone) = (Vec::new(), Vec::new());
        for known in &hello.rooms {
            match heads.get(&known.room) {
                None => gone.push(known.room),
                Some(head) if head.change != known.change => {
                    stale.push(Stale {
                        room: known.room,
                        change: head.change,
                        last_position: head.last_position,
                    });
                }
                Some(_) => {}
            }
        }
        let welcome = Welcome {
            protocol: PROTOCOL,
            server: env!("CARGO_PKG_VERSION").to_owned(),
            now: self.app.clock.now(),
            me,
            stale,
            gone,
        };
        let text = serde_json::to_string(&WelcomeFrame { welcome }).map_err(|_| Some(Close::Fault))?;
        self.write([text]).await
    }

    /// Commands in, answers and events out, until somebody ends it.
    async fn talk(&mut self) -> Goodbye {
        let mut pings = tokio::time::interval(Duration::from_millis(limits::PING_MS));
        pings.reset();
        let mut silent = 0;
        loop {
            let done = match poll_fn(|cx| self.turn(cx, &mut pings)).await {
                Turn::Ended(why) => return Some(goodbye_of(why)),
                Turn::Write => self.write_taken().await,
                Turn::Heard(Heard::TooSlow) => Err(Some(Close::TooSlow)),
                Turn::Heard(Heard::Message(message)) => {
                    silent = 0;
                    self.message(message).await
                }
                Turn::Ping if silent < 2 => {
                    silent += 1;
                    self.hurries /= 2;
                    self.pinged = true;
                    self.send_all([Message::Ping(Vec::new().into())]).await
                }
                Turn::Ping => Err(Some(Close::Silent)),
            };
            // What was asked before the end is carried out; only its answers have nobody to go to.
            if let Err(goodbye) = done {
                return goodbye;
            }
        }
    }

    /// The socket and the clock are asked only after they stirred: most often a link wakes for an event.
    fn turn(&mut self, cx: &mut Context<'_>, pings: &mut Interval) -> Poll<Turn> {
        if self.stir.has_stirred(cx) {
            let waker = Waker::from(self.stir.clone());
            let mut stirred = Context::from_waker(&waker);
            if self.under_way < limits::IN_FLIGHT
                && let Poll::Ready(heard) = self.hearing.poll_next(&mut self.socket, &mut stirred)
            {
                self.stir.again();
                return Poll::Ready(Turn::Heard(heard));
            }
            if pings.poll_tick(&mut stirred).is_ready() {
                self.stir.again();
                return Poll::Ready(Turn::Ping);
            }
        }
        let nothing = self.link.outbox.poll_take(cx, &mut self.taken).is_pending() && self.taken.is_empty();
        // Looked at after the task was registered: an end that comes now wakes it.
        if let Some(why) = self.link.why_ended() {
            return Poll::Ready(Turn::Ended(why));
        }
        if nothing {
            return Poll::Pending;
        }
        // Others run first, once: the answers to what was asked together are given one by one, and leave together.
        let more_to_come = !self.taken.answers.is_empty() && self.taken.answers.len() < self.under_way;
        if more_to_come && !std::mem::replace(&mut self.has_waited, true) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.has_waited = false;
        Poll::Ready(Turn::Write)
    }

    async fn message(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), Goodbye> {
        match message {
            Some(Ok(Message::Text(text))) => match frame::read_ask(&text) {
                Ok(ask) => {
                    let id = ask.id;
                    let mut answer = self.ask(ask);
                    // Polled once in the order it came, so that posts of one link keep their order.
                    match futures_util::poll!(&mut answer) {
                        Poll::Ready(answer) => self.answer(answer).await,
                        Poll::Pending => {
                            // On a task of its own: a client that does not read must not hold what its asks hold.
                            let (link, lang) = (self.link.clone(), self.lang);
                            self.app.tasks.spawn_link(async move {
                                let told = AssertUnwindSafe(answer).catch_unwind().await;
                                let told = told.map(|answer| answer.text);
                                link.outbox.answer(told.unwrap_or_else(|_| broken_off(id, lang)).into());
                            });
                            self.under_way += 1;
                            Ok(())
                        }
                    }
                }
                Err(bad) => self.bad(&text, bad).await,
            },
            Some(Ok(Message::Binary(_))) => {
                self.bad("", BadAsk { id: None, refusal: Code::BadFrame.into() }).await
            }
            // The answer to our own ping is asked for.
            Some(Ok(Message::Pong(_))) if std::mem::take(&mut self.pinged) => Ok(()),
            // Each is read, and a ping is answered, so they count as commands.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => match paced(&self.app, Some(&self.who)) {
                Ok(_) => Ok(()),
                Err(refusal) => {
                    self.app.refusals.count(self.source, refusal.code.as_str());
                    Err(Some(Close::TooFast))
                }
            },
            Some(Ok(Message::Close(_))) | None => Err(None),
            Some(Err(error)) => Err(broken(&self.app, self.source, &error)),
        }
    }

    fn ask(&self, ask: frame::Ask) -> BoxFuture<'static, Answer> {
        let (app, who, link) = (self.app.clone(), self.who.clone(), self.link.clone());
        let (source, lang) = (self.source, self.lang);
        Box::pin(async move {
            let caller = Caller { who: Some(&who), source, link: Some(&link) };
            match dispatch(&app, &caller, ask.command).await {
                Ok(reply) => Answer { text: format!(r#"{{"id":{},"ok":{reply}}}"#, ask.id), pause: None },
                Err(refusal) => Answer::no(Some(ask.id), &refusal, lang, unheard(&app, Some(&who), &refusal)),
            }
        })
    }

    /// Answers, and hears nothing more for a while from an account that asks faster than it may. A link that goes on all the
    /// same is ended: what it sends waits in the kernel.
    async fn answer(&mut self, answer: Answer) -> Result<(), Goodbye> {
        if let Some(wait) = answer.pause {
            self.hearing.pause(wait);
            self.hurries += 1;
        }
        self.write([answer.text]).await?;
        if self.hurries > limits::HURRIES { Err(Some(Close::TooFast)) } else { Ok(()) }
    }

    /// Refuses a frame that is no command; a second hello, or too many of them, ends the link.
    async fn bad(&mut self, text: &str, bad: BadAsk) -> Result<(), Goodbye> {
        if frame::read_hello(text).is_ok() {
            self.app.refusals.count(self.source, Code::BadFrame.as_str());
            return Err(Some(Close::BadHello));
        }
        let caller = Caller { who: Some(&self.who), source: self.source, link: Some(&self.link) };
        let refusal = paced(&self.app, caller.who).err().unwrap_or(bad.refusal);
        let refusal = refused(&self.app, &caller, "link.frame", None, refusal.into()).await;
        let pause = unheard(&self.app, Some(&self.who), &refusal);
        self.answer(Answer::no(bad.id, &refusal, self.lang, pause)).await?;
        self.bad_frames += u32::from(bad.id.is_none());
        if self.bad_frames > limits::BAD_FRAMES { Err(Some(Close::BadFrame)) } else { Ok(()) }
    }

    /// Writes what was taken out of the outbox.
    async fn write_taken(&mut self) -> Result<(), Goodbye> {
        if self.under_way >= limits::IN_FLIGHT {
            // The socket was not asked meanwhile.
            self.stir.again();
        }
        let mut taken = std::mem::take(&mut self.taken);
        self.under_way = self.under_way.saturating_sub(taken.answers.len());
        let behind = taken.behind.then(|| live::encode(&Event::Behind));
        let frames = taken.answers.drain(..).chain(behind).chain(taken.events.drain(..));
        let written = self.send_all(frames.map(|frame| Message::Text(frame.into_text()))).await;
        taken.behind = false;
        if taken.events.capacity() <= FEW {
            self.taken = taken;
        }
        written
    }

    async fn write(&mut self, texts: impl IntoIterator<Item = impl Into<Utf8Bytes>>) -> Result<(), Goodbye> {
        self.send_all(texts.into_iter().map(|text| Message::Text(text.into()))).await
    }

    async fn send_all(&mut self, messages: impl IntoIterator<Item = Message>) -> Result<(), Goodbye> {
        let socket = &mut self.socket;
        let writing = async move {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        tokio::pin!(writing);
        // Mostly the kernel takes it at once; only who has to wait needs a limit.
        if let Poll::Ready(written) = futures_util::poll!(&mut writing) {
            return written.map_err(|_| None);
        }
        // A session that ends does not wait for a client that is slow to read.
        let written = tokio::select! {
            written = tokio::time::timeout(WRITE, writing) => written,
            why = self.link.ended() => return Err(Some(goodbye_of(why))),
        };
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(None),
            Err(_) => Err(Some(Close::NotReading)),
        }
    }
}

impl Answer {
    fn no(id: Option<u64>, refusal: &Refusal, lang: Lang, pause: Option<Duration>) -> Self {
        let text = frame::write_refused(id, &refusal.say(lang)).unwrap_or_default();
        Self { text, pause }
    }
}

/// The answer of a command that panicked: its place among those under way is free again.
fn broken_off(id: u64, lang: Lang) -> String {
    frame::write_refused(Some(id), &Refusal::from(Code::Fault).say(lang)).unwrap_or_default()
}

/// A frame that is no frame (not UTF-8, too large) is counted; a line that simply broke is nobody's fault.
fn broken(app: &App, source: IpAddr, error: &axum::Error) -> Goodbye {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<std::io::Error>() {
            return None;
        }
        cause = error.source();
    }
    app.refusals.count(source, Code::BadFrame.as_str());
    Some(Close::BadFrame)
}

fn goodbye_of(why: Ended) -> Close {
    match why {
        Ended::SignedOut => Close::SignedOut,
        Ended::Displaced => Close::Displaced,
        Ended::GoingAway => Close::GoingAway,
    }
}

async fn say_goodbye(socket: &mut WebSocket, goodbye: Goodbye) {
    let Some(close) = goodbye else { return };
    tracing::debug!(code = close.code(), "a link was closed");
    let retry_after_ms = match close {
        Close::GoingAway | Close::Fault => Some(jittered()),
        _ => None,
    };
    let reason = serde_json::to_string(&CloseReason { retry_after_ms }).unwrap_or_default();
    let message = Message::Close(Some(CloseFrame { code: close.code(), reason: reason.into() }));
    // Nobody may be there any more.
    if let Ok(Ok(())) = tokio::time::timeout(Duration::from_secs(2), socket.send(message)).await {
        let answered = async { while let Some(Ok(_)) = socket.recv().await {} };
        tokio::time::timeout(Duration::from_secs(1), answered).await.ok();
    }
}

/// 0.5 to 3 seconds, different for everybody, so that not all come back at once.
fn jittered() -> u64 {
    500 + u64::from(u16::from_le_bytes(random::bytes::<2>())) * 2_500 / u64::from(u16::MAX)
}
