//! The same commands by request, and the health check.

use super::dispatch::{Caller, dispatch, encoded, refused};
use super::{Edge, gate};
use crate::accounts::{self, Session};
use crate::error::{Failure, Result};
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use tsumugi_protocol::{
    Code, Command, Lang, Refusal, SignIn, SignedIn, TokenIn, command::Door, frame, limits, schema,
};

const SPEAKS_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// `POST /api/v1/{command}`: the body is the ask.
pub(super) async fn command(
    State(edge): State<Edge>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (done, answered) = tokio::sync::oneshot::channel();
    let tasks = edge.app.tasks.clone();
    // In a task of its own: a client that goes away does not stop what it asked for half-way.
    tasks.spawn_link(async move {
        let answer = answer(&edge, from, &name, &headers, body).await;
        // Nobody may be waiting any more; the command is carried out all the same.
        done.send(answer).ok();
    });
    answered.await.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

async fn answer(edge: &Edge, from: SocketAddr, name: &str, headers: &HeaderMap, body: Body) -> Response {
    let who = gate::who(edge, headers).await;
    let session = who.as_ref().ok().and_then(Option::as_ref);
    let lang = spoken(headers, session);
    let caller = Caller { who: session, source: from.ip(), link: None };
    let read = match &who {
        Ok(_) => read(name, body).await,
        Err(Failure::Refused(refusal)) => Err(refusal.clone()),
        Err(Failure::Fault(_)) => Err(Refusal::new(Code::Overloaded).retry_after(1_000)),
    };
    let result = match read {
        Err(refusal) => Err(refused(&edge.app, &caller, known(name), None, refusal.into()).await),
        Ok(Command::SignIn(ask)) => return sign_in(edge, &caller, headers, ask, lang).await,
        Ok(command) => {
            let ends = matches!(command, Command::SignOut(_));
            let done = dispatch(&edge.app, &caller, command).await;
            if ends && done.is_ok() {
                return signed_out();
            }
            done
        }
    };
    match result {
        Ok(reply) => ok(&reply),
        Err(refusal) => no(&refusal, lang),
    }
}

/// The command's name as the list knows it, for the audit.
fn known(name: &str) -> &'static str {
    Command::LIST.iter().find(|entry| entry.name == name).map_or("unknown", |entry| entry.name)
}

async fn read(name: &str, body: Body) -> Result<Command, Refusal> {
    let bytes = to_bytes(body, limits::FRAME_BYTES)
        .await
        .map_err(|_| Refusal::new(Code::TooLarge).with("limit", limits::FRAME_BYTES))?;
    let known = Command::LIST.iter().any(|entry| entry.name == name && entry.door != Door::Link);
    if !known {
        let elsewhere = Command::LIST.iter().any(|entry| entry.name == name);
        return Err(if elsewhere { Code::HttpOnly.into() } else { Code::UnknownCommand.into() });
    }
    let ask = if bytes.is_empty() { b"{}".as_slice() } else { &bytes };
    if serde_json::from_slice::<serde::de::IgnoredAny>(ask).is_err() {
        return Err(Code::BadFrame.into());
    }
    Command::read(name, ask)
}

async fn sign_in(edge: &Edge, caller: &Caller<'_>, headers: &HeaderMap, ask: SignIn, lang: Lang) -> Response {
    // Before it is known who asks, the refusal belongs to the place it came from.
    let stranger = Caller { who: None, source: caller.source, link: None };
    let token_in = ask.token_in;
    let result = if gate::from_another_page(edge, headers) {
        Err(Code::ForeignOrigin.into())
    } else {
        accounts::sign_in(&edge.app, ask).await
    };
    let (token, me) = match result {
        Ok(signed_in) => signed_in,
        Err(failure) => {
            return no(&refused(&edge.app, &stranger, "accounts.sign_in", None, failure).await, lang);
        }
    };
    let (shown, cookie) = match token_in {
        TokenIn::Body => (Some(token.reveal().to_owned()), None),
        TokenIn::Cookie => (None, Some(cookie(token.reveal()))),
    };
    let reply = match encoded(Ok(SignedIn { me, token: shown })) {
        Ok(reply) => reply,
        Err(failure) => {
            return no(&refused(&edge.app, &stranger, "accounts.sign_in", None, failure).await, lang);
        }
    };
    let mut response = ok(&reply);
    if let Some(Ok(cookie)) = cookie.map(|cookie| HeaderValue::from_str(&cookie)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn cookie(token: &str) -> String {
    format!("{}={token}; Path=/; Secure; HttpOnly; SameSite=Strict", gate::COOKIE)
}

fn signed_out() -> Response {
    let mut response = ok("{}");
    let gone = format!("{}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0", gate::COOKIE);
    let headers = response.headers_mut();
    if let Ok(gone) = HeaderValue::from_str(&gone) {
        headers.insert(header::SET_COOKIE, gone);
    }
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));
    response
}

/// The language of the answer: the account's, or the one the client prefers.
pub(super) fn spoken(headers: &HeaderMap, who: Option<&Arc<Session>>) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first =
        asked.and_then(|value| value.split([',', ';', '-']).next()).and_then(|word| Lang::of(word.trim()));
    first.or(who.map(|session| session.lang)).unwrap_or_default()
}

fn ok(reply: &str) -> Response {
    let body = format!(r#"{{"ok":{reply}}}"#);
    ([(header::CONTENT_TYPE, SPEAKS_JSON)], body).into_response()
}

/// A refusal as a response.
pub(super) fn no(refusal: &Refusal, lang: Lang) -> Response {
    let status = match refusal.code {
        Code::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        code => StatusCode::from_u16(schema::status(code.family())).unwrap_or(StatusCode::BAD_REQUEST),
    };
    let body = frame::write_refused(None, &refusal.say(lang)).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, SPEAKS_JSON)], body).into_response();
    if let Some(wait) = refusal.retry_after_ms {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.div_ceil(1_000)));
    }
    response
}

/// Whether rows can be read.
pub(super) async fn health(State(edge): State<Edge>) -> Response {
    match edge.app.store.view().await {
        Ok(_) => ([(header::CONTENT_TYPE, SPEAKS_JSON)], r#"{"ok":true}"#).into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, r#"{"ok":false}"#).into_response(),
    }
}

/// What is asked for is not there.
pub(super) async fn nothing_there(headers: HeaderMap) -> Response {
    no(&Code::NotFound.into(), spoken(&headers, None))
}
