//! Bytes ⇄ words. Decides nothing. The whole surface is on this page.

mod assets;
mod coming_in;
mod dispatch;
mod docs;
mod forwarded;
mod gate;
mod gauges;
mod goodbye;
mod handshakes;
mod hearing;
mod held;
mod http;
mod idle;
mod open_to_all;
mod porch;
mod renewal;
mod serve;
mod socket;
mod sources;
mod stir;
mod talk;
mod tls;

pub use assets::{Client, carry};
pub use serve::{Served, all_origins, serve};
pub use tls::{Certificate, DAYS_TO_RENEW, Look, look};

use crate::app::App;
use crate::config::Network;
use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// What a request handler may use.
#[derive(Clone)]
pub(crate) struct Edge {
    pub app: App,
    /// Which door this is.
    pub(self) entrance: gate::Entrance,
    /// Exactly the origins that browsers may come from.
    pub origins: Arc<[String]>,
    /// Who is believed where a request comes from.
    pub(self) proxies: Arc<[Network]>,
    /// Everybody who is connected.
    pub(self) porch: porch::Porch,
}

impl Edge {
    /// Where a request comes from that arrived on this connection.
    fn source(&self, from: SocketAddr, headers: &HeaderMap) -> IpAddr {
        forwarded::source(&self.proxies, from.ip(), headers)
    }
}

/// Every way in.
pub(crate) fn surface(edge: Edge) -> Router {
    Router::new()
        .route("/api/v1/link", get(socket::upgrade))
        .route("/api/v1/{command}", post(http::command))
        .route("/api/docs", get(docs::index))
        .route("/api/docs/openapi.json", get(docs::openapi))
        .route("/api/docs/asyncapi.json", get(docs::asyncapi))
        .route("/healthz", get(http::health))
        .route("/robots.txt", get(http::keep_out))
        .fallback(assets::asset)
        .method_not_allowed_fallback(http::nothing_there)
        .layer(map_response(harden))
        .layer(from_fn_with_state(edge.clone(), idle::noted))
        .with_state(edge)
}

const HARDENING: [(HeaderName, &str); 9] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob: data:; style-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// Puts the security headers on every answer; what does not say otherwise is not stored anywhere.
async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HARDENING {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
