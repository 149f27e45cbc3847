//! One typed tree of settings: file, then environment (`TSUMUGI__…`), then the command line. Unknown keys are refused.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Settings of a server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The data folder: content, keys, audit heads, certificate.
    pub data: PathBuf,
    /// Where the public door listens.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// PostgreSQL address; without it, rows are in one SQLite file in the data folder.
    #[serde(default)]
    pub store: Option<String>,
    /// Addresses that browsers use (`https://tsumugi.example`); without them, those of `listen`.
    #[serde(default)]
    pub origins: Vec<String>,
    /// The master key's file; without it, `secrets/master.key` in the data folder.
    #[serde(default)]
    pub master_key: Option<PathBuf>,
    /// Certificate chain (PEM); without it, the server makes its own authority.
    #[serde(default)]
    pub tls_certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM).
    #[serde(default)]
    pub tls_key: Option<PathBuf>,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8443))
}

/// What the command line says about settings; it wins over file and environment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Overrides {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Settings file; by default tsumugi.toml in the data folder, if there is one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address to listen on, for example 127.0.0.1:8443
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// PostgreSQL address instead of the SQLite file in the data folder
    #[arg(long, value_name = "URL")]
    pub store: Option<String>,
}

/// Reads the settings.
///
/// # Errors
/// A sentence that names the key or file.
pub fn read(overrides: &Overrides) -> Result<Config, String> {
    let file = overrides.config.clone().or_else(|| {
        let beside = overrides.data.as_ref()?.join(FILE);
        beside.exists().then_some(beside)
    });
    let mut tree = config::Config::builder();
    if let Some(file) = &file {
        tree = tree.add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
    }
    let environment = config::Environment::with_prefix("TSUMUGI").prefix_separator("__").separator("__");
    tree = tree.add_source(environment.try_parsing(true).list_separator(",").with_list_parse_key("origins"));
    let set = |tree: config::ConfigBuilder<_>, key: &str, value: Option<String>| {
        tree.set_override_option(key, value).map_err(|error| error.to_string())
    };
    tree = set(tree, "data", overrides.data.as_ref().map(|path| path.display().to_string()))?;
    tree = set(tree, "listen", overrides.listen.map(|address| address.to_string()))?;
    tree = set(tree, "store", overrides.store.clone())?;
    let built = tree.build().and_then(config::Config::try_deserialize::<Config>);
    built.map_err(|error| format!("the settings are not valid: {error}"))
}

/// Name of the settings file in a data folder.
pub const FILE: &str = "tsumugi.toml";

impl Config {
    /// The master key's file.
    #[must_use]
    pub fn master_key_file(&self) -> PathBuf {
        self.master_key.clone().unwrap_or_else(|| self.data.join("secrets/master.key"))
    }

    /// The folder of the content store (SQLite).
    #[must_use]
    pub fn content_folder(&self) -> PathBuf {
        self.data.join("content")
    }

    /// The folder of the key store.
    #[must_use]
    pub fn key_folder(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// The file that audit heads are handed to where nothing else is configured.
    #[must_use]
    pub fn audit_sink(&self) -> PathBuf {
        self.data.join("audit/heads.log")
    }

    /// The folder of the certificate that the server made itself.
    #[must_use]
    pub fn tls_folder(&self) -> PathBuf {
        self.data.join("tls")
    }

    /// The lock that keeps a second process out.
    #[must_use]
    pub fn lock_file(&self) -> PathBuf {
        self.data.join("lock")
    }

    /// The origins that browsers may come from: exactly these.
    #[must_use]
    pub fn allowed_origins(&self) -> Vec<String> {
        if !self.origins.is_empty() {
            return self.origins.clone();
        }
        // Browsers leave the usual port out.
        if self.listen.port() == 443 {
            return vec![format!("https://{}", self.listen.ip()), "https://localhost".to_owned()];
        }
        let mut origins = vec![format!("https://{}", self.listen)];
        if self.listen.ip().is_loopback() || self.listen.ip().is_unspecified() {
            origins.push(format!("https://localhost:{}", self.listen.port()));
            origins.push(format!("https://127.0.0.1:{}", self.listen.port()));
        }
        origins
    }
}

/// Makes a folder that only its owner can look into.
///
/// # Errors
/// The file system's.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if path.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "lisen = \"127.0.0.1:1\"\n").unwrap();
        let overrides = Overrides { data: Some(folder.path().to_owned()), ..Overrides::default() };
        assert!(read(&overrides).unwrap_err().contains("lisen"));
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "listen = \"127.0.0.1:1\"\n").unwrap();
        let mut overrides = Overrides { data: Some(folder.path().to_owned()), ..Overrides::default() };
        assert_eq!(read(&overrides).unwrap().listen.port(), 1);
        overrides.listen = Some("127.0.0.1:2".parse().unwrap());
        assert_eq!(read(&overrides).unwrap().allowed_origins().first().unwrap(), "https://127.0.0.1:2");
    }
}
