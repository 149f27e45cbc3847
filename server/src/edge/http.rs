//! The same commands by request, and the health check.

use super::coming_in::{Visit, come_in};
use super::dispatch::{Caller, dispatch, paced, refused, tell_late};
use super::open_to_all::open_to_all;
use super::{Edge, gate};
use crate::error::Failure;
use crate::sessions::Session;
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tsumugi_protocol::{Code, Command, Lang, Refusal, command::Asker, command::Door, frame, limits, schema};

/// How long a body may take to arrive.
const BODY: Duration = Duration::from_secs(30);

const SPEAKS_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// `POST /api/v1/{command}`: the body is the ask.
pub(super) async fn command(
    State(edge): State<Edge>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Extension(peer): Extension<gate::Peer>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (done, answered) = tokio::sync::oneshot::channel();
    let tasks = edge.app.tasks.clone();
    // In a task of its own: a client that goes away does not stop what it asked for half-way.
    tasks.spawn_link(async move {
        let answer = answer(&edge, (from, peer), &name, &headers, body).await;
        // Nobody may be waiting any more; the command is carried out all the same.
        done.send(answer).ok();
    });
    answered.await.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

async fn answer(
    edge: &Edge,
    (from, peer): (SocketAddr, gate::Peer),
    name: &str,
    headers: &HeaderMap,
    body: Body,
) -> Response {
    let source = edge.source(from, headers);
    let who = match gate::who(edge, peer, source, headers).await {
        Ok(who) => who,
        // The browser still shows the cookie of the session that ended by itself, or of a certificate that was replaced: who
        // comes in anew does not ask by it.
        Err(Failure::Refused(refusal))
            if matches!(refusal.code, Code::SessionIdle | Code::ClientCertificateRequired)
                && is_for_anybody(name) =>
        {
            None
        }
        Err(failure) => {
            let nobody = Caller { who: None, source, link: None };
            let refusal = refused(&edge.app, &nobody, known(name), None, failure).await;
            return no(&refusal, spoken(headers, None));
        }
    };
    let lang = spoken(headers, who.as_ref());
    let caller = Caller { who: who.as_ref(), source, link: None };
    // Whoever has not shown who he is holds little of our memory.
    let most = if who.is_some() { limits::FRAME_BYTES } else { limits::STRANGER_BYTES };
    let result = match read(name, body, most).await {
        Err(refusal) => {
            let hurried = caller.who.and_then(|who| paced(&edge.app, Some(who), Asker::Arriving).err());
            let refusal = hurried.unwrap_or(refusal);
            Err(refused(&edge.app, &caller, known(name), None, refusal.into()).await)
        }
        Ok(command) => {
            let visit = Visit { edge, caller: &caller, peer, headers, lang };
            let command = match come_in(&visit, command).await {
                Ok(response) => return response,
                Err(command) => command,
            };
            let command = match open_to_all(&visit, command).await {
                Ok(response) => return response,
                Err(command) => command,
            };
            let ends = matches!(
                command,
                Command::SignOut(_) | Command::CloseAccount(_) | Command::AcceptAdmission(_)
            );
            let done = dispatch(&edge.app, &caller, command).await;
            if ends && done.is_ok() {
                return signed_out(edge);
            }
            done
        }
    };
    match result {
        Ok(reply) => ok(&reply),
        Err(refusal) => no(&tell_late(&edge.app, who.as_ref(), refusal).await, lang),
    }
}

/// The command's name as the list knows it, for the audit.
fn known(name: &str) -> &'static str {
    Command::LIST.iter().find(|entry| entry.name == name).map_or("unknown", |entry| entry.name)
}

fn is_for_anybody(name: &str) -> bool {
    Command::LIST.iter().any(|entry| entry.name == name && entry.asker == Asker::Anybody)
}

async fn read(name: &str, body: Body, most: usize) -> Result<Command, Refusal> {
    let bytes = tokio::time::timeout(BODY, to_bytes(body, most))
        .await
        .map_err(|_| Refusal::new(Code::BadFrame))?
        .map_err(|_| Refusal::new(Code::TooLarge).with("limit", most))?;
    let known = Command::LIST.iter().any(|entry| entry.name == name && entry.door != Door::Link);
    if !known {
        let elsewhere = Command::LIST.iter().any(|entry| entry.name == name);
        return Err(if elsewhere { Code::WrongDoor.into() } else { Code::UnknownCommand.into() });
    }
    let ask = if bytes.is_empty() { b"{}".as_slice() } else { &bytes };
    if serde_json::from_slice::<serde::de::IgnoredAny>(ask).is_err() {
        return Err(Code::BadFrame.into());
    }
    Command::read(name, ask)
}

fn signed_out(edge: &Edge) -> Response {
    let mut response = ok("{}");
    let gone = format!("{}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0", edge.entrance.cookie());
    let headers = response.headers_mut();
    if let Ok(gone) = HeaderValue::from_str(&gone) {
        headers.insert(header::SET_COOKIE, gone);
    }
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));
    response
}

/// The language of the answer: the one the request asks for, or else the account's.
pub(super) fn spoken(headers: &HeaderMap, who: Option<&Arc<Session>>) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first =
        asked.and_then(|value| value.split([',', ';', '-']).next()).and_then(|word| Lang::of(word.trim()));
    first.or(who.map(|session| session.lang)).unwrap_or_default()
}

/// An answer.
pub(super) fn ok(reply: &str) -> Response {
    let body = format!(r#"{{"ok":{reply}}}"#);
    ([(header::CONTENT_TYPE, SPEAKS_JSON)], body).into_response()
}

/// A refusal as a response.
pub(super) fn no(refusal: &Refusal, lang: Lang) -> Response {
    let status = schema::status(refusal.code.family());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = frame::write_refused(None, &refusal.say(lang)).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, SPEAKS_JSON)], body).into_response();
    if let Some(wait) = refusal.retry_after_ms {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.div_ceil(1_000)));
    }
    response
}

/// Whether rows could be read a moment ago: a job looks, so that whoever asks takes no reader and waits for none.
pub(super) async fn health(State(edge): State<Edge>) -> Response {
    if edge.app.is_readable.load(Ordering::Relaxed) {
        ([(header::CONTENT_TYPE, SPEAKS_JSON)], r#"{"ok":true}"#).into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, r#"{"ok":false}"#).into_response()
    }
}

/// Whoever lists pages is told that there is none here (001§3-2).
pub(super) async fn keep_out() -> &'static str {
    "User-agent: *\nDisallow: /\n"
}

/// What is asked for is not there.
pub(super) async fn nothing_there(headers: HeaderMap) -> Response {
    no(&Code::NotFound.into(), spoken(&headers, None))
}
