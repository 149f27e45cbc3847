//! TLS by rustls: version 1.3, the certificate of the settings or one of our own making.

use crate::clock::Clock;
use crate::config::{Config, private_folder};
use crate::crypto::authority;
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A certificate and its key, and the authority to trust where it is our own.
pub struct Certificate {
    /// Chain and key for rustls.
    pub server: Arc<ServerConfig>,
    /// PEM of our own authority.
    pub authority: Option<String>,
}

impl Certificate {
    /// The certificate the settings name, or one of our own authority in the data folder.
    ///
    /// # Errors
    /// When files cannot be read or written, or do not fit together.
    pub fn of(config: &Config) -> io::Result<Self> {
        match (&config.tls_certificate, &config.tls_key) {
            (Some(chain), Some(key)) => Ok(Self { server: loaded(chain, key)?, authority: None }),
            (None, None) => {
                let made = own_authority(&config.tls_folder(), config)?;
                let authority = std::fs::read_to_string(&made.authority)?;
                Ok(Self { server: loaded(&made.chain, &made.key)?, authority: Some(authority) })
            }
            _ => Err(io::Error::other("tls_certificate and tls_key belong together: set both or none")),
        }
    }
}

/// Files of our own authority.
pub struct Own {
    /// The authority's certificate, to be trusted by browsers.
    pub authority: PathBuf,
    /// The server's chain.
    pub chain: PathBuf,
    /// The server's key.
    pub key: PathBuf,
}

/// Makes an authority and a server certificate in a folder, once.
///
/// # Errors
/// The file system's, or the certificate library's.
pub fn own_authority(folder: &Path, config: &Config) -> io::Result<Own> {
    let own = Own {
        authority: folder.join("ca.pem"),
        chain: folder.join("server.pem"),
        key: folder.join("server.key"),
    };
    if own.authority.exists() && own.chain.exists() && own.key.exists() {
        return Ok(own);
    }
    private_folder(folder)?;
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
        config.listen.ip().to_string(),
    ];
    let hosts = config.origins.iter().filter_map(|origin| origin.strip_prefix("https://"));
    names.extend(hosts.filter_map(|host| host.split(':').next()).map(str::to_owned));
    names.sort();
    names.dedup();
    let made = authority::issue(&names, Clock::system().now()).map_err(io::Error::other)?;
    write(&own.key, made.server_key.reveal())?;
    write(&own.chain, &made.server_chain)?;
    write(&own.authority, &made.authority)?;
    Ok(own)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn loaded(chain: &Path, key: &Path) -> io::Result<Arc<ServerConfig>> {
    let named = |path: &Path| {
        let path = path.display().to_string();
        move |error: rustls_pki_types::pem::Error| io::Error::other(format!("{path}: {error}"))
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(chain).map_err(named(chain))?.collect();
    let key = PrivateKeyDer::from_pem_file(key).map_err(named(key))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain.unwrap_or_default(), key))
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}
