//! The documents of both doors, made of the same types the doors read.

use axum::Json;
use axum::response::Html;
use std::fmt::Write;
use tsumugi_protocol::{Command, schema};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A page that lists every command.
pub(super) async fn index() -> Html<String> {
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
    Html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tsumugi API</title>\n\
         <h1>Tsumugi API</h1>\n\
         <p><a href=\"/api/docs/openapi.json\">OpenAPI 3.1</a> (HTTP) · \
         <a href=\"/api/docs/asyncapi.json\">AsyncAPI 3.0</a> (WebSocket)</p>\n\
         <table><tr><th>Command<th>What it does<th>Ask<th>Reply<th>Door\n{rows}</table></html>\n"
    ))
}

/// OpenAPI of the HTTP door.
pub(super) async fn openapi() -> Json<serde_json::Value> {
    Json(schema::openapi(VERSION))
}

/// AsyncAPI of the socket.
pub(super) async fn asyncapi() -> Json<serde_json::Value> {
    Json(schema::asyncapi(VERSION))
}
