//! The documents of both doors, made of the same types the doors read.

use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use std::fmt::Write;
use std::sync::LazyLock;
use tsumugi_protocol::{Command, schema};

const VERSION: &str = env!("CARGO_PKG_VERSION");

// Made once: whoever asks, and however often, is given the same bytes.
static INDEX: LazyLock<Bytes> = LazyLock::new(|| page().into());
static OPENAPI: LazyLock<Bytes> = LazyLock::new(|| schema::openapi(VERSION).to_string().into());
static ASYNCAPI: LazyLock<Bytes> = LazyLock::new(|| schema::asyncapi(VERSION).to_string().into());

/// A page that lists every command.
pub(super) async fn index() -> Html<Bytes> {
    Html(INDEX.clone())
}

fn page() -> String {
    let mut rows = String::new();
    for entry in Command::LIST {
        // Writing to a string cannot fail.
        writeln!(
            rows,
            "<tr><td><code>{}</code><td>{}<td><code>{}</code><td><code>{}</code><td>{:?}",
            entry.name,
            entry.doc.trim(),
            entry.ask,
            entry.reply,
            entry.door
        )
        .ok();
    }
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tsumugi API</title>\n\
         <h1>Tsumugi API</h1>\n\
         <p><a href=\"/api/docs/openapi.json\">OpenAPI 3.1</a> (HTTP) · \
         <a href=\"/api/docs/asyncapi.json\">AsyncAPI 3.0</a> (WebSocket)</p>\n\
         <table><tr><th>Command<th>What it does<th>Ask<th>Reply<th>Door\n{rows}</table></html>\n"
    )
}

/// OpenAPI of the HTTP door.
pub(super) async fn openapi() -> Response {
    json(&OPENAPI)
}

/// AsyncAPI of the socket.
pub(super) async fn asyncapi() -> Response {
    json(&ASYNCAPI)
}

fn json(document: &LazyLock<Bytes>) -> Response {
    ([(CONTENT_TYPE, "application/json")], Bytes::clone(document)).into_response()
}
