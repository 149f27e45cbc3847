//! The floor: the leanest honest server of our design, as a process of its own beside the measured one.
//!
//! It does what a post cannot do without: TLS 1.3, AES-256-GCM, one synced commit before anybody hears of it, a frame
//! encoded once for all. It asks nobody who may, keeps no audit, serves no history. What ours costs above it is the
//! price of everything else.

mod link;
mod rooms;
mod store;
pub mod wire;

use crate::peers::floor::{link::Shared, rooms::News, store::Store};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};
use tokio::{net::TcpListener, sync::mpsc::unbounded_channel};
use tokio_rustls::TlsAcceptor;

/// Arguments of `loadtest floor`.
#[derive(Debug, clap::Args)]
pub struct Floor {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Folder of its database; its disk is the one measured.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

/// The line by which a started floor says where it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ready {
    /// `https://host:port`.
    pub url: String,
    /// Its own authority, PEM.
    pub ca: String,
}

/// Serves until it is stopped from outside.
pub async fn serve(floor: &Floor) -> anyhow::Result<()> {
    std::fs::create_dir_all(&floor.data).with_context(|| format!("cannot make {}", floor.data.display()))?;
    let listener = TcpListener::bind(floor.listen).await.context("cannot listen")?;
    let address = listener.local_addr()?;
    let (acceptor, authority) = tls(address)?;
    let (tell, told) = unbounded_channel::<News>();
    let (posts, store) = Store::open(&floor.data.join("floor.db"))?.start(tell.clone())?;
    let shared = Arc::new(Shared::new(posts, tell)?);
    tokio::spawn(rooms::announce(told));
    println!("{}", serde_json::to_string(&Ready { url: format!("https://{address}"), ca: authority })?);
    let ended = tokio::task::spawn_blocking(move || store.join());
    tokio::select! {
        stored = ended => stored?.map_err(|_| anyhow::anyhow!("the writer was torn down"))?,
        accepted = accept(&listener, &acceptor, &shared) => accepted,
    }
}

async fn accept(listener: &TcpListener, acceptor: &TlsAcceptor, shared: &Arc<Shared>) -> anyhow::Result<()> {
    for number in 0.. {
        let (stream, _) = listener.accept().await.context("cannot accept")?;
        let (acceptor, shared) = (acceptor.clone(), shared.clone());
        tokio::spawn(async move {
            // A client that goes away ends its own link and nothing else.
            link::serve(number, stream, &acceptor, &shared).await.ok();
        });
    }
    Ok(())
}

/// A key of this run and the certificate that clients are told to trust.
fn tls(address: SocketAddr) -> anyhow::Result<(TlsAcceptor, String)> {
    let own = rcgen::generate_simple_self_signed([address.ip().to_string()])?;
    let key = rustls_pki_types::PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key.into())?;
    Ok((TlsAcceptor::from(Arc::new(config)), own.cert.pem()))
}
