//! `/metrics` for Prometheus, on a listener of its own: never through the public door.

use super::http;
use super::porch::Porch;
use crate::app::App;
use crate::metrics::metrics;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// Listens until the server stops.
///
/// # Errors
/// When the address cannot be bound.
pub(super) async fn open(app: &App, porch: Porch, address: SocketAddr) -> io::Result<()> {
    let named = |error| io::Error::other(format!("metrics on {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(named)?;
    let surface = Router::new()
        .route("/metrics", get(text))
        .fallback(http::nothing_there)
        .with_state((app.clone(), porch));
    let (tasks, stopping) = (app.tasks.clone(), app.tasks.clone());
    tasks.spawn(async move {
        let stopped = async move { stopping.stopping().await };
        if let Err(error) = axum::serve(listener, surface).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the metrics failed");
        }
    });
    tracing::info!(%address, "metrics can be read");
    Ok(())
}

async fn text(State((app, porch)): State<(App, Porch)>) -> Response {
    let (all, store) = (metrics(), app.store.stats());
    let counted = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    all.now.acts_waiting.set(store.waiting.cast_signed());
    all.now.readers_waiting.set(store.readers_waiting.cast_signed());
    all.now.links.set(counted(app.live.links()));
    all.now.connections.set(counted(porch.open()));
    all.now.sign_ins.set(counted(app.passwords.under_way()));
    match all.text() {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
