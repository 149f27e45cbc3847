//! TLS by rustls: version 1.3, the certificate of the settings or one of our own making.

use crate::clock::Millis;
use crate::config::{Config, private_folder};
use crate::crypto::authority;
use crate::crypto::certificate::About;
use axum::http::Uri;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A certificate and its key, and the authority to trust where it is our own.
pub struct Certificate {
    /// Chain and key for rustls.
    pub server: Arc<ServerConfig>,
    /// PEM of our own authority.
    pub authority: Option<String>,
}

/// † A certificate of our own is renewed when fewer days are left; a configured one is complained about.
pub const DAYS_TO_RENEW: i64 = 30;

impl Certificate {
    /// The certificate the settings name, or one of our own authority in the data folder.
    ///
    /// # Errors
    /// When files cannot be read or written, or do not fit together.
    pub fn of(config: &Config, now: Millis) -> io::Result<Self> {
        match Source::of(config)? {
            Source::Configured { chain, key } => {
                let server = loaded(chain, key)?;
                for complaint in complaints(&about(chain)?, &origin_hosts(config), now) {
                    tracing::warn!("the certificate {complaint}");
                }
                Ok(Self { server, authority: None })
            }
            Source::Own(own) => {
                own.renew(config, now)?;
                let authority = std::fs::read_to_string(&own.authority)?;
                Ok(Self { server: loaded(&own.chain, &own.key)?, authority: Some(authority) })
            }
        }
    }
}

impl Certificate {
    /// The same certificate for the door that takes those of devices: of our own authority, and of those in `client_ca`.
    /// Whoever shows none is let in too; one of another authority ends the handshake.
    ///
    /// # Errors
    /// When files cannot be read or do not fit together.
    pub fn asking(config: &Config, ours: &CertificateDer<'static>) -> io::Result<Arc<ServerConfig>> {
        let mut roots = RootCertStore::empty();
        roots.add(ours.clone()).map_err(io::Error::other)?;
        if let Some(file) = &config.client_ca {
            let named = |error| io::Error::other(format!("{}: {error}", file.display()));
            for root in CertificateDer::pem_file_iter(file).map_err(named)? {
                roots.add(root.map_err(named)?).map_err(io::Error::other)?;
            }
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .allow_unauthenticated()
            .build()
            .map_err(io::Error::other)?;
        match Source::of(config)? {
            Source::Configured { chain, key } => loaded_for(chain, key, verifier),
            Source::Own(own) => loaded_for(&own.chain, &own.key, verifier),
        }
    }
}

/// The files that the certificates of both doors are read from.
pub(super) fn files(config: &Config) -> Vec<PathBuf> {
    let own = Own::of(&config.tls_folder());
    let mut files = match (&config.tls_certificate, &config.tls_key) {
        (Some(chain), Some(key)) => vec![chain.clone(), key.clone()],
        _ => vec![own.chain, own.key],
    };
    files.extend(config.client_ca.clone());
    files
}

/// Renews a certificate of our own making, where its end is near; a configured one is left alone.
///
/// # Errors
/// When files cannot be read or written.
pub(super) fn renew_own(config: &Config, now: Millis) -> io::Result<()> {
    match Source::of(config)? {
        Source::Configured { .. } => Ok(()),
        Source::Own(own) => own.renew(config, now),
    }
}

/// What a look at the certificate finds, without a change to anything.
pub struct Look {
    /// Whether it is of our own making.
    pub is_own: bool,
    /// What it says; none where our own is made at the first start.
    pub about: Option<About>,
    /// What is wrong with it, each the end of a sentence that begins with "the certificate".
    pub complaints: Vec<String>,
}

/// Looks at the certificate that a start would use.
///
/// # Errors
/// When it could not be used.
pub fn look(config: &Config, now: Millis) -> io::Result<Look> {
    let source = Source::of(config)?;
    let (chain, key, is_own) = match &source {
        Source::Configured { chain, key } => (*chain, *key, false),
        Source::Own(own) if !own.stands() => {
            return Ok(Look { is_own: true, about: None, complaints: Vec::new() });
        }
        Source::Own(own) => (own.chain.as_path(), own.key.as_path(), true),
    };
    loaded(chain, key)?;
    let about = about(chain)?;
    let hosts = if is_own { own_names(config) } else { origin_hosts(config) };
    let complaints = complaints(&about, &hosts, now);
    Ok(Look { is_own, about: Some(about), complaints })
}

/// Where the certificate comes from.
enum Source<'c> {
    Configured { chain: &'c Path, key: &'c Path },
    Own(Own),
}

impl<'c> Source<'c> {
    fn of(config: &'c Config) -> io::Result<Self> {
        match (&config.tls_certificate, &config.tls_key) {
            (Some(chain), Some(key)) => Ok(Self::Configured { chain, key }),
            (None, None) => Ok(Self::Own(Own::of(&config.tls_folder()))),
            _ => Err(io::Error::other("tls_certificate and tls_key belong together: set both or none")),
        }
    }
}

/// Files of our own authority.
struct Own {
    folder: PathBuf,
    /// The authority's certificate, to be trusted by browsers.
    authority: PathBuf,
    /// The server's chain.
    chain: PathBuf,
    /// The server's key.
    key: PathBuf,
}

impl Own {
    fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            authority: folder.join("ca.pem"),
            chain: folder.join("server.pem"),
            key: folder.join("server.key"),
        }
    }

    fn stands(&self) -> bool {
        self.authority.exists() && self.chain.exists() && self.key.exists()
    }

    /// Makes authority and server certificate where there are none, or where they no longer fit.
    ///
    /// A renewal makes a new authority too: the key of the old one was thrown away when it had signed, so that nobody
    /// who reads this folder can issue certificates that browsers here trust. They have to be told of the new one once.
    fn renew(&self, config: &Config, now: Millis) -> io::Result<()> {
        let names = own_names(config);
        if self.stands() {
            let wrong = complaints(&about(&self.chain)?, &names, now);
            if wrong.is_empty() {
                return Ok(());
            }
            for complaint in wrong {
                tracing::warn!("our own certificate {complaint}");
            }
            tracing::warn!(
                "a new certificate and authority were made: browsers have to be told to trust tls/ca.pem anew"
            );
        }
        private_folder(&self.folder)?;
        let made = authority::issue(&names, now).map_err(io::Error::other)?;
        write(&self.key, made.server_key.reveal())?;
        write(&self.chain, &made.server_chain)?;
        write(&self.authority, &made.authority)
    }
}

/// What our own certificate has to be good for.
fn own_names(config: &Config) -> Vec<String> {
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
        config.listen.ip().to_string(),
    ];
    names.extend(origin_hosts(config));
    names.sort();
    names.dedup();
    names
}

/// The hosts of the addresses that browsers use.
pub(super) fn origin_hosts(config: &Config) -> Vec<String> {
    let hosts = config.origins.iter().filter_map(|origin| origin.parse::<Uri>().ok());
    let hosts = hosts.filter_map(|origin| origin.host().map(str::to_owned));
    let bare = hosts.map(|host| host.trim_start_matches('[').trim_end_matches(']').to_owned());
    // An address has many spellings; a certificate knows one.
    bare.map(|host| host.parse::<IpAddr>().map_or(host, |address| address.to_string())).collect()
}

fn complaints(about: &About, hosts: &[String], now: Millis) -> Vec<String> {
    let mut all = Vec::new();
    let missing: Vec<&str> = hosts.iter().map(String::as_str).filter(|host| !about.covers(host)).collect();
    if !missing.is_empty() {
        all.push(format!("is not good for {}", missing.join(", ")));
    }
    match about.days_left(now) {
        past if past < 0 => all.push("has expired".to_owned()),
        days if days < DAYS_TO_RENEW => all.push(format!("expires in {days} days")),
        _ => {}
    }
    all
}

fn about(chain: &Path) -> io::Result<About> {
    let first = CertificateDer::from_pem_file(chain)
        .map_err(|error| io::Error::other(format!("{}: {error}", chain.display())))?;
    About::of(&first).ok_or_else(|| io::Error::other(format!("{} holds no certificate", chain.display())))
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
    loaded_for(chain, key, WebPkiClientVerifier::no_client_auth())
}

fn loaded_for(
    chain: &Path,
    key: &Path,
    clients: Arc<dyn ClientCertVerifier>,
) -> io::Result<Arc<ServerConfig>> {
    let named = |path: &Path| {
        let path = path.display().to_string();
        move |error: rustls_pki_types::pem::Error| io::Error::other(format!("{path}: {error}"))
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(chain).map_err(named(chain))?.collect();
    // Nothing of what stands in a key's file is repeated.
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| match error {
        rustls_pki_types::pem::Error::Io(error) => named(key)(rustls_pki_types::pem::Error::Io(error)),
        _ => io::Error::other(format!("{} holds no private key (PEM)", key.display())),
    })?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .and_then(|builder| {
            builder.with_client_cert_verifier(clients).with_single_cert(chain.unwrap_or_default(), key)
        })
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const NOW: Millis = Millis(1_795_000_000_000);
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn config(folder: &Path, settings: &str) -> Config {
        toml::from_str(&format!("data = \"{}\"\n{settings}", folder.display())).unwrap()
    }

    /// What `renew` leaves: the server's chain and the authority.
    fn renewed(config: &Config, now: Millis) -> (String, String) {
        let own = Own::of(&config.tls_folder());
        own.renew(config, now).unwrap();
        loaded(&own.chain, &own.key).unwrap();
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        (read(&own.chain), read(&own.authority))
    }

    #[test]
    fn our_own_certificate_is_kept_while_it_fits_and_made_anew_when_names_change_or_its_end_is_near() {
        let folder = tempfile::tempdir().unwrap();
        let plain = config(folder.path(), "");
        assert!(look(&plain, NOW).unwrap().about.is_none(), "a look makes nothing");
        let first = renewed(&plain, NOW);
        assert_eq!(renewed(&plain, NOW.plus(DAY * 789)), first);
        let near = look(&plain, NOW.plus(DAY * 790)).unwrap();
        assert_eq!(near.complaints, ["expires in 29 days"]);
        let second = renewed(&plain, NOW.plus(DAY * 790));
        assert_ne!(second, first);

        let named =
            config(folder.path(), "origins = [\"https://tsumugi.example:8443\", \"https://[fd00::1]\"]");
        let found = look(&named, NOW.plus(DAY * 790)).unwrap();
        assert_eq!(found.complaints, ["is not good for fd00::1, tsumugi.example"]);
        let third = renewed(&named, NOW.plus(DAY * 790));
        assert_ne!(third, second);
        assert!(look(&named, NOW.plus(DAY * 790)).unwrap().complaints.is_empty());
        let elsewhere = Config { listen: "192.0.2.7:8443".parse().unwrap(), ..named.clone() };
        assert_ne!(renewed(&elsewhere, NOW.plus(DAY * 790)), third);
    }

    #[test]
    fn a_configured_certificate_is_compared_and_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        let made = authority::issue(&["tsumugi.example".to_owned()], NOW).unwrap();
        let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
        write(&chain, &made.server_chain).unwrap();
        write(&key, made.server_key.reveal()).unwrap();
        let settings = |origin: &str| {
            let text = format!(
                "tls_certificate = \"{}\"\ntls_key = \"{}\"\norigins = [\"{origin}\"]",
                chain.display(),
                key.display()
            );
            config(folder.path(), &text)
        };
        let fits = look(&settings("https://tsumugi.example"), NOW).unwrap();
        assert!(!fits.is_own && fits.complaints.is_empty());
        assert_eq!(fits.about.unwrap().names, ["tsumugi.example"]);
        let other = look(&settings("https://other.example"), NOW.plus(DAY * 900)).unwrap();
        assert_eq!(other.complaints, ["is not good for other.example", "has expired"]);
        assert!(Certificate::of(&settings("https://other.example"), NOW).is_ok());
        assert_eq!(std::fs::read_to_string(&chain).unwrap(), made.server_chain);
        std::fs::write(&chain, "nothing").unwrap();
        assert!(look(&settings("https://tsumugi.example"), NOW).is_err());
    }
}
