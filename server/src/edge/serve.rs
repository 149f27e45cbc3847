//! Opening the door, and closing it in order: no new links, the open ones told to come back, commits finished.

use super::handshakes::Handshakes;
use super::held::HEADERS;
use super::porch::{Doorkeeper, Porch};
use super::{Certificate, Edge, gauges, surface};
use crate::app::App;
use crate::config::Config;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpSocket;

/// How long requests may still take when the server stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that may wait to be accepted.
const QUEUE: u32 = 4_096;

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
    let listener = listen(config.listen)?;
    let address = listener.local_addr()?;
    let config = Config { listen: address, ..config.clone() };
    let porch = Porch::new();
    let edge = Edge { app: app.clone(), origins: config.allowed_origins().into(), porch: porch.clone() };
    if let Some(address) = config.metrics {
        gauges::open(app, porch.clone(), address).await?;
    }
    let handle = Handle::new();
    let tls = RustlsConfig::from_config(certificate.server.clone());
    // Without it a small frame waits up to 40 ms for the acknowledgement of the one before (Nagle).
    let tls = RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor::new());
    let doorkeeper = Doorkeeper { porch, tls, handshakes: Handshakes::new()? };
    let mut server = axum_server::from_tcp(listener)?.acceptor(doorkeeper).handle(handle.clone());
    // Who opens a door and says nothing does not keep it open.
    let http = server.http_builder();
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    http.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).max_concurrent_streams(32);
    let service = surface(edge).into_make_service_with_connect_info::<SocketAddr>();
    app.tasks.spawn(async move {
        if let Err(error) = server.serve(service).await {
            tracing::error!(%error, "the door failed");
        }
    });
    handle.listening().await.ok_or_else(|| io::Error::other("the door did not open"))?;
    Ok(Served { address, handle, app: app.clone() })
}

/// Listens with a queue that holds everybody who comes back at once after a restart.
fn listen(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)?.into_std()
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
