//! A link that was welcomed: commands in, answers and events out.

use super::dispatch::{Caller, dispatch, paced, refused, unheard};
use super::goodbye::{Goodbye, broken, goodbye_of, say_goodbye};
use super::hearing::{Heard, Hearing};
use super::held::Arrival;
use super::stir::Stir;
use crate::app::App;
use crate::live::{self, Ended, Link, Taken};
use crate::sessions::Session;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, SinkExt};
use std::future::poll_fn;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::Interval;
use tsumugi_protocol::command::Asker;
use tsumugi_protocol::frame::{self, BadAsk};
use tsumugi_protocol::{Close, Code, Event, Lang, Refusal, limits};

/// A client that takes nothing for so long is given up.
pub(super) const WRITE: Duration = Duration::from_secs(30);
/// Frames that wait together leave together, in one TLS record.
pub(super) const TOGETHER: usize = 16 * 1024;
/// A buffer for so many events is kept; a link that had to write more at once gives its own back.
const FEW: usize = 64;

/// A link that said hello.
pub(super) struct Talk {
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

/// An answer on its way to the client.
struct Answer {
    text: String,
    /// How long nothing more is heard: the account asked faster than it may.
    pause: Option<Duration>,
}

impl Talk {
    /// For a link that is in the hub.
    pub(super) fn new(
        app: App,
        socket: WebSocket,
        who: Arc<Session>,
        link: Arc<Link>,
        source: IpAddr,
        lang: Lang,
        arrival: Arc<Arrival>,
    ) -> Self {
        Self {
            app,
            socket,
            who,
            link,
            source,
            lang,
            bad_frames: 0,
            hurries: 0,
            hearing: Hearing::new(arrival),
            stir: Arc::default(),
            under_way: 0,
            taken: Taken::default(),
            has_waited: false,
            pinged: false,
        }
    }

    /// Our welcome, then commands in, answers and events out, until somebody ends it.
    pub(super) async fn talk(&mut self, welcome: String) -> Goodbye {
        if let Err(goodbye) = self.write([welcome]).await {
            return goodbye;
        }
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
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                match paced(&self.app, Some(&self.who), Asker::SignedIn) {
                    Ok(_) => Ok(()),
                    Err(refusal) => {
                        self.app.refusals.count(self.source, refusal.code.as_str());
                        Err(Some(Close::TooFast))
                    }
                }
            }
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
        let refusal = paced(&self.app, caller.who, Asker::SignedIn).err().unwrap_or(bad.refusal);
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

    pub(super) async fn say_goodbye(&mut self, goodbye: Goodbye) {
        say_goodbye(&mut self.socket, goodbye).await;
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
