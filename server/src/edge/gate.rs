//! Who is asking: token → session, and whether a browser came from our own page.

use super::Edge;
use super::sources::source_of;
use crate::error::Result;
use crate::sessions::{Origin, Session};
use axum::http::{HeaderMap, header};
use std::net::IpAddr;
use std::sync::Arc;
use tsumugi_protocol::Code;

/// The cookie of a session (D11).
pub(super) const COOKIE: &str = "__Host-tsumugi";

/// How somebody showed who she is.
pub(super) enum Shown {
    /// Nothing was shown.
    Nothing,
    /// A cookie: the browser adds it by itself, so the page must be ours.
    Cookie(String),
    /// `Authorization: Bearer`: only a program that knows the token sends it.
    Bearer(String),
}

/// Reads the token of a request.
pub(super) fn shown(headers: &HeaderMap) -> Shown {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        return token.map_or(Shown::Nothing, |token| Shown::Bearer(token.to_owned()));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let ours = cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then(|| value.to_owned())
    });
    ours.map_or(Shown::Nothing, Shown::Cookie)
}

/// Where a new session comes from.
pub(super) fn origin(headers: &HeaderMap) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Origin { client: client_of(agent), ..Origin::default() }
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
/// `foreign_origin` when a browser comes from another page; `rate_limited` when too many tokens from there had ended.
pub(super) async fn who(edge: &Edge, from: IpAddr, headers: &HeaderMap) -> Result<Option<Arc<Session>>> {
    let token = match shown(headers) {
        Shown::Nothing => return Ok(None),
        Shown::Bearer(token) => token,
        Shown::Cookie(token) => {
            if !from_our_page(edge, headers) {
                return Err(Code::ForeignOrigin.into());
            }
            token
        }
    };
    edge.app.sessions.of_token(&edge.app, source_of(from), &token).await
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
