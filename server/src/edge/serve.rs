//! Opening the door, and closing it in order: no new links, the open ones told to come back, commits finished.

use super::{Certificate, Edge, surface};
use crate::app::App;
use crate::config::Config;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// How long requests may still take when the server stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open door.
pub struct Served {
    /// Where it really listens.
    pub address: SocketAddr,
    handle: Handle<SocketAddr>,
    app: App,
}

/// Opens the door. Answers once it is open.
///
/// # Errors
/// When the address cannot be bound.
pub async fn serve(app: &App, config: &Config, certificate: &Certificate) -> io::Result<Served> {
    let listener = std::net::TcpListener::bind(config.listen)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let config = Config { listen: address, ..config.clone() };
    let edge = Edge { app: app.clone(), origins: config.allowed_origins().into() };
    let handle = Handle::new();
    let tls = RustlsConfig::from_config(certificate.server.clone());
    // Without it a small frame waits up to 40 ms for the acknowledgement of the one before (Nagle).
    let acceptor = RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor::new());
    let server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle.clone());
    let service = surface(edge).into_make_service_with_connect_info::<SocketAddr>();
    app.tasks.spawn(async move {
        if let Err(error) = server.serve(service).await {
            tracing::error!(%error, "the door failed");
        }
    });
    handle.listening().await.ok_or_else(|| io::Error::other("the door did not open"))?;
    Ok(Served { address, handle, app: app.clone() })
}

impl Served {
    /// Closes the door and waits for everything that was begun.
    pub async fn close(self) {
        self.handle.graceful_shutdown(Some(PATIENCE));
        self.app.live.close();
        self.app.tasks.stop();
        if !self.app.tasks.ended(PATIENCE * 2).await {
            tracing::warn!("some tasks did not end in time");
        }
    }
}
