//! Who is asking: token → session, and whether a browser came from our own page.

use super::Edge;
use super::sources::source_of;
use crate::devices::Shown;
use crate::error::Result;
use crate::sessions::{Bound, Origin, Session};
use axum::http::{HeaderMap, header};
use std::net::IpAddr;
use std::sync::Arc;
use tsumugi_protocol::{Code, Millis};

/// Which door somebody stands at. Cookies know no ports, so each has its own (D16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Entrance {
    /// The main one; it asks nobody for a certificate.
    Main,
    /// The one that takes certificates.
    Certificates,
}

impl Entrance {
    /// The cookie of a session (D11).
    pub(super) const fn cookie(self) -> &'static str {
        match self {
            Self::Main => "__Host-tsumugi",
            Self::Certificates => "__Host-tsumugi-cert",
        }
    }
}

/// The certificate that a connection was opened with; only the handshake says so, never a header.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Peer(pub(super) Option<Shown>);

/// How somebody showed who she is.
pub(super) enum Token {
    /// Nothing was shown.
    Nothing,
    /// A cookie: the browser adds it by itself, so the page must be ours.
    Cookie(String),
    /// `Authorization: Bearer`: only a program that knows the token sends it.
    Bearer(String),
}

/// Reads the token of a request.
pub(super) fn shown(edge: &Edge, headers: &HeaderMap) -> Token {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        return token.map_or(Token::Nothing, |token| Token::Bearer(token.to_owned()));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let ours = cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == edge.entrance.cookie()).then(|| value.to_owned())
    });
    ours.map_or(Token::Nothing, Token::Cookie)
}

/// Where a new session comes from.
///
/// # Errors
/// `client_certificate_required` for a certificate out of its time.
pub(super) fn origin(edge: &Edge, peer: Peer, headers: &HeaderMap) -> Result<Origin> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    // What is out of its time by our clock is no better than what is unknown.
    if peer.0.is_some_and(|shown| !shown.is_in_time(edge.app.clock.now())) {
        return Err(Code::ClientCertificateRequired.into());
    }
    Ok(Origin { client: client_of(agent), certificate: peer.0.map(|shown| shown.bound()), exception: None })
}

/// The program in two words: enough for its holder to know it again, and no more is kept.
fn client_of(agent: &str) -> String {
    const PROGRAMS: [(&str, &str); 8] = [
        ("Edg/", "Edge"),
        ("EdgiOS/", "Edge"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ];
    let first = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, word)| *word)
    };
    [first(&PROGRAMS), first(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The session of a request.
///
/// # Errors
/// `client_certificate_required` for a session that was opened with another certificate, with one or without;
/// `foreign_origin` when a browser comes from another page; `rate_limited` when too many tokens from there had ended.
pub(super) async fn who(
    edge: &Edge,
    peer: Peer,
    from: IpAddr,
    headers: &HeaderMap,
) -> Result<Option<Arc<Session>>> {
    let token = match shown(edge, headers) {
        Token::Nothing => return Ok(None),
        Token::Bearer(token) => token,
        Token::Cookie(token) => {
            if !from_our_page(edge, headers) {
                return Err(Code::ForeignOrigin.into());
            }
            token
        }
    };
    let session = edge.app.sessions.of_token(&edge.app, source_of(from), &token).await?;
    match &session {
        Some(who) if !fits(who.bound, peer, edge.app.clock.now()) => {
            Err(Code::ClientCertificateRequired.into())
        }
        _ => Ok(session),
    }
}

/// Whether a session may be used on a connection: with its own certificate, in its time, or where both have none.
///
/// It is asked on every request, also on a resumed connection, whose handshake looked at no certificate again.
fn fits(bound: Option<Bound>, peer: Peer, now: Millis) -> bool {
    match (bound, peer.0) {
        (None, None) => true,
        (Some(bound), Some(shown)) => bound.fingerprint == shown.fingerprint && shown.is_in_time(now),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether the `Origin` is exactly one of ours. A request with a cookie and without an origin is not from our page.
pub(super) fn from_our_page(edge: &Edge, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| edge.origins.iter().any(|ours| ours == origin))
}

/// Whether the request names an origin that is not ours: no browser page but ours may even try to sign in.
pub(super) fn from_another_page(edge: &Edge, headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) && !from_our_page(edge, headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_kept_as_two_words_and_never_as_it_calls_itself() {
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
        for (agent, words) in
            [(phone, "Safari iPhone"), (edge, "Edge Windows"), ("<script>", ""), ("curl/8.5", "curl")]
        {
            assert_eq!(client_of(agent), words);
        }
    }
}
