//! The client, which the binary carries, compressed when it was built.

use super::http;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::borrow::Cow;
use std::sync::OnceLock;

/// Finds a file of the client by its path.
pub type Client = fn(&str) -> Option<Cow<'static, [u8]>>;

/// The binary carries the client, not this library: who changes a page links anew and compiles nothing here.
static CLIENT: OnceLock<Client> = OnceLock::new();

/// Says where the client's files are; the first word counts.
pub fn carry(client: Client) {
    CLIENT.get_or_init(|| client);
}

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// A file of the client. Pages of the app are all the same page; an unknown file is never that page.
pub(super) async fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return http::nothing_there(headers).await;
    }
    let path = uri.path().trim_start_matches('/');
    let is_page = !path.starts_with("api/") && !path.rsplit('/').next().unwrap_or_default().contains('.');
    let name = if is_page { "index.html" } else { path };
    match file(name, &headers) {
        Some(response) => response,
        None => http::nothing_there(headers).await,
    }
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let find = CLIENT.get()?;
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |encoding: &str| {
        accepted.split(',').any(|word| word.split(';').next().map(str::trim) == Some(encoding))
    };
    let packed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| takes(encoding))
        .find_map(|(encoding, ending)| Some((find(&format!("{name}{ending}"))?, Some(encoding))));
    let (found, encoding) = match packed {
        Some(packed) => packed,
        None => (find(name)?, None),
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let mut response = (StatusCode::OK, Body::from(found)).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_str(&with_charset(kind.as_ref())).ok()?);
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if name.starts_with("assets/") {
        out.insert(header::CACHE_CONTROL, FOR_EVER);
    }
    Some(response)
}

fn with_charset(kind: &str) -> String {
    let is_text = kind.starts_with("text/") || kind == "application/javascript";
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}
