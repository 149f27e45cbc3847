//! Opening the door, and closing it in order: no new links, the open ones told to come back, commits finished.

use super::gate::Entrance;
use super::handshakes::Handshakes;
use super::held::HEADERS;
use super::porch::{Doorkeeper, Porch};
use super::renewal::Shown;
use super::tls::origin_hosts;
use super::{Certificate, Edge, gauges, surface};
use crate::app::App;
use crate::config::{Config, Network};
use crate::devices;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
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
    handles: Vec<Handle<SocketAddr>>,
    app: App,
}

/// Opens the door, and beside it the one for devices with certificates where there is one. Answers once both are open.
///
/// # Errors
/// When an address cannot be bound.
pub async fn serve(app: &App, config: &Config, certificate: &Certificate) -> io::Result<Served> {
    let listener = listen(config.listen)?;
    let address = listener.local_addr()?;
    let config = Config { listen: address, ..config.clone() };
    let proxies: Arc<[Network]> = config.trusted_proxies.clone().into();
    let (porch, handshakes) = (Porch::new(proxies.clone()), Handshakes::new()?);
    if let Some(address) = config.metrics {
        gauges::open(app, porch.clone(), address).await?;
    }
    let door = |entrance, origins: Vec<String>, tls| Door {
        edge: Edge {
            app: app.clone(),
            entrance,
            origins: origins.into(),
            proxies: proxies.clone(),
            porch: porch.before(entrance),
        },
        tls,
        handshakes: handshakes.clone(),
    };
    let tls = RustlsConfig::from_config(certificate.server.clone());
    let main = door(Entrance::Main, config.allowed_origins(), tls.clone());
    let (mut handles, mut asking) = (vec![main.open(listener).await?], None);
    if let Some(wanted) = config.listen_certificates {
        let authority = devices::authority(app).await.map_err(|_| io::Error::other("no device authority"))?;
        let ours = authority.certificate();
        let asked = RustlsConfig::from_config(Certificate::asking(&config, ours)?);
        asking = Some((asked.clone(), ours.clone()));
        let listener = listen(wanted)?;
        let origins = origins_at(&config, listener.local_addr()?);
        handles.push(door(Entrance::Certificates, origins, asked).open(listener).await?);
    }
    Shown::new(&config, tls, asking).watch(app);
    Ok(Served { address, handles, app: app.clone() })
}

/// The origins of every door, as the settings name them: where passkeys can be used.
#[must_use]
pub fn all_origins(config: &Config) -> Vec<String> {
    let mut all = config.allowed_origins();
    all.extend(config.listen_certificates.into_iter().flat_map(|listen| origins_at(config, listen)));
    all
}

/// The origins that browsers may come from at another door: the same hosts with its port.
fn origins_at(config: &Config, listen: SocketAddr) -> Vec<String> {
    let port = if listen.port() == 443 { String::new() } else { format!(":{}", listen.port()) };
    let hosts = origin_hosts(config).into_iter();
    let hosts = hosts.map(|host| if host.contains(':') { format!("[{host}]") } else { host });
    let origins = hosts.map(|host| format!("https://{host}{port}")).collect();
    Config { listen, origins, ..config.clone() }.allowed_origins()
}

/// A door about to be opened; all share one porch and one thread for handshakes.
struct Door {
    edge: Edge,
    tls: RustlsConfig,
    handshakes: Handshakes,
}

impl Door {
    async fn open(self, listener: std::net::TcpListener) -> io::Result<Handle<SocketAddr>> {
        let handle = Handle::new();
        // Without it a small frame waits up to 40 ms for the acknowledgement of the one before (Nagle).
        let tls = RustlsAcceptor::new(self.tls).acceptor(NoDelayAcceptor::new());
        let (tasks, porch) = (self.edge.app.tasks.clone(), self.edge.porch.clone());
        let doorkeeper = Doorkeeper { porch, tls, handshakes: self.handshakes };
        let mut server = axum_server::from_tcp(listener)?.acceptor(doorkeeper).handle(handle.clone());
        // Who opens a door and says nothing does not keep it open.
        let http = server.http_builder();
        http.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
        http.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).max_concurrent_streams(32);
        let service = surface(self.edge).into_make_service_with_connect_info::<SocketAddr>();
        tasks.spawn(async move {
            if let Err(error) = server.serve(service).await {
                tracing::error!(%error, "the door failed");
            }
        });
        handle.listening().await.ok_or_else(|| io::Error::other("the door did not open"))?;
        Ok(handle)
    }
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
        for handle in &self.handles {
            handle.graceful_shutdown(Some(PATIENCE));
        }
        self.app.live.close();
        self.app.tasks.stop();
        if !self.app.tasks.ended(PATIENCE * 2).await {
            tracing::warn!("some tasks did not end in time");
        }
    }
}
