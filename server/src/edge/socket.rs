//! A link's way in: the upgrade, its hello and our welcome.

use super::dispatch::{Caller, paced, refused, tell_late};
use super::goodbye::{Goodbye, broken, say_goodbye};
use super::held::Arrival;
use super::talk::{TOGETHER, Talk, WRITE};
use super::{Edge, gate, http};
use crate::accounts;
use crate::app::App;
use crate::error::{Failure, Result};
use crate::live::Link;
use crate::rooms;
use crate::sessions::Session;
use axum::Extension;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::command::Asker;
use tsumugi_protocol::frame::{self, Hello, Stale, Welcome, WelcomeFrame};
use tsumugi_protocol::{Close, Code, PROTOCOL, limits};

/// `GET /api/v1/link`: no session, no upgrade.
pub(super) async fn upgrade(
    State(edge): State<Edge>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Extension(peer): Extension<gate::Peer>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let lang = http::spoken(&headers, None);
    let source = edge.source(from, &headers);
    let who = match gate::who(&edge, peer, source, &headers).await {
        Ok(who) => who,
        Err(failure) => {
            let nobody = Caller { who: None, source, link: None };
            return http::no(&refused(&edge.app, &nobody, "link", None, failure).await, lang);
        }
    };
    let caller = Caller { who: who.as_ref(), source, link: None };
    let who = match paced(&edge.app, caller.who, Asker::SignedIn) {
        Ok(who) => who.clone(),
        Err(refusal) => {
            let refusal = refused(&edge.app, &caller, "link", None, refusal.into()).await;
            return http::no(&tell_late(&edge.app, caller.who, refusal).await, lang);
        }
    };
    let Ok(upgrade) = upgrade else {
        return http::no(&refused(&edge.app, &caller, "link", None, Code::BadFrame.into()).await, lang);
    };
    let app = edge.app.clone();
    let arrival = edge.porch.arrival(from);
    let tasks = app.tasks.clone();
    upgrade
        .read_buffer_size(2_048)
        .write_buffer_size(TOGETHER)
        .max_frame_size(frame::LARGEST)
        .max_message_size(frame::LARGEST)
        .on_upgrade(move |socket| async move {
            tasks.spawn_link(live_on(app, socket, who, source, arrival));
        })
}

async fn live_on(app: App, mut socket: WebSocket, who: Arc<Session>, source: IpAddr, arrival: Arc<Arrival>) {
    // In boxes of their own: what the way in takes is given back, and does not stay with a link that is idle for hours.
    let hello = match Box::pin(hello(&app, &mut socket, &who, source)).await {
        Ok(hello) => hello,
        Err(goodbye) => return say_goodbye(&mut socket, goodbye).await,
    };
    let link = Arc::new(Link::new(who.account, who.id));
    let _leaving = Leaving(app.clone(), link.clone());
    let welcome = Box::pin(welcome(&app, &who, &link, &hello)).await;
    let lang = hello.lang.unwrap_or(who.lang);
    drop(hello);
    let mut talk = Talk::new(app.clone(), socket, who, link.clone(), source, lang, arrival);
    let goodbye = match welcome {
        Ok(welcome) => talk.talk(welcome).await,
        Err(goodbye) => goodbye,
    };
    app.live.leave(&link);
    talk.say_goodbye(goodbye).await;
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

/// Lets the link hear its rooms, then tells where they stand.
async fn welcome(app: &App, who: &Arc<Session>, link: &Arc<Link>, hello: &Hello) -> Result<String, Goodbye> {
    let fault = |failure: Failure| {
        if let Failure::Fault(fault) = failure {
            tracing::error!(cause = fault.chain(), "a link could not be welcomed");
        }
        Some(Close::Fault)
    };
    let standings = rooms::enter(app, who, link).await.map_err(fault)?;
    let me = accounts::me(app, who).await.map_err(fault)?;
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
        now: app.clock.now(),
        me,
        stale,
        gone,
    };
    serde_json::to_string(&WelcomeFrame { welcome }).map_err(|_| Some(Close::Fault))
}
