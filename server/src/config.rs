//! One typed tree of settings: file, then environment (`TSUMUGI__…`), then the command line. Unknown keys are refused.

mod network;

pub use network::Network;

use crate::crypto::master::Kept;
use serde::Deserialize;
use std::ffi::OsString;
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
    /// The master key's file; without it, `tsumugi-master-key` among the service manager's credentials
    /// (`$CREDENTIALS_DIRECTORY`), and without that `secrets/master.key` in the data folder.
    #[serde(default)]
    pub master_key: Option<PathBuf>,
    /// Passwords that nobody may have, one in a line, for example leaked ones; read at start.
    #[serde(default)]
    pub password_deny_list: Option<PathBuf>,
    /// Folder of regions' own profiles (`*.toml`) beside those that came with the server; without it, `policies` in the
    /// data folder, if that is there. Read at start.
    #[serde(default)]
    pub policies: Option<PathBuf>,
    /// Certificate chain (PEM); without it, the server makes its own authority.
    #[serde(default)]
    pub tls_certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM).
    #[serde(default)]
    pub tls_key: Option<PathBuf>,
    /// Where devices with certificates come in; without it, nowhere.
    #[serde(default)]
    pub listen_certificates: Option<SocketAddr>,
    /// Authorities (PEM) besides our own whose certificates are taken there, once they are bound to a device.
    #[serde(default)]
    pub client_ca: Option<PathBuf>,
    /// Proxies in front of us (`10.0.0.5`, `fd00::/64`) that are believed where a request comes from; nobody else is.
    #[serde(default)]
    pub trusted_proxies: Vec<Network>,
    /// Where `/metrics` is told to Prometheus; without it, nowhere. Plain HTTP, so this machine only.
    #[serde(default)]
    pub metrics: Option<SocketAddr>,
    /// Whether `metrics` may be an address that other machines reach.
    #[serde(default)]
    pub metrics_beyond_this_machine: bool,
    /// How mail leaves; without it, none does.
    #[serde(default)]
    pub mail: Option<Mail>,
    /// The daily backup (002-1.2(1)e); without it, none is made.
    #[serde(default)]
    pub backup: Option<Backup>,
    /// E-mail address of the support desk, as people are told (002-2.1S8).
    #[serde(default)]
    pub support: Option<String>,
    /// Domain of the mail addresses of those who run the service (`care.example.jp`), as people are told (002-2.1S8).
    #[serde(default)]
    pub staff_domain: Option<String>,
    /// Where the service manager put credentials; only it says so.
    #[serde(skip)]
    pub credentials: Option<PathBuf>,
    /// Whether `tsumugi clock` may move the clock on; only a demo's command line says so.
    #[serde(skip)]
    pub turnable_clock: bool,
}

/// Where the daily backup goes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// The folder; on another disk, or mounted from another machine.
    pub folder: PathBuf,
}

/// How mail leaves the server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The mail server, with its port: `mail.example.jp:587`.
    pub smtp: String,
    /// The one address that every mail comes from.
    pub sender: String,
    /// How the way there is protected.
    #[serde(default)]
    pub tls: MailTls,
    /// Who we are to the mail server, where it asks.
    #[serde(default)]
    pub user: Option<String>,
    /// File that holds the password of `user`.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// An authority of the mail server's certificate (PEM), beside those of this machine.
    #[serde(default)]
    pub ca: Option<PathBuf>,
}

/// How the way to the mail server is protected. Its certificate is always checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTls {
    /// TLS from within the conversation, or no mail leaves (port 587).
    #[default]
    Starttls,
    /// TLS from the first byte (port 465).
    Tls,
    /// None; only to a mail server on this machine.
    None,
}

impl MailTls {
    /// The word in the settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }
}

impl Mail {
    /// Host and port of the mail server.
    #[must_use]
    pub fn place(&self) -> Option<(&str, u16)> {
        let (host, port) = self.smtp.rsplit_once(':')?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some((host, port.parse().ok()?)).filter(|(host, _)| !host.is_empty())
    }

    fn is_here(&self) -> bool {
        let loopback = |host: &str| host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        self.place().is_some_and(|(host, _)| host == "localhost" || loopback(host))
    }

    /// What is wrong with it, in one sentence.
    fn flaw(&self) -> Option<String> {
        if self.place().is_none() {
            return Some(format!(
                "mail.smtp = {:?} is no host with a port, like mail.example.jp:587",
                self.smtp
            ));
        }
        if self.tls == MailTls::None && !self.is_here() {
            return Some("mail.tls = \"none\" is only for a mail server on this machine: links would be read on the way".into());
        }
        if self.user.is_some() != self.password_file.is_some() {
            return Some("mail.user and mail.password_file go together".into());
        }
        (!is_plain_address(&self.sender))
            .then(|| format!("mail.sender = {:?} is no e-mail address", self.sender))
    }
}

/// Our own small check: what an address may look like is the noun's business, a line break is ours.
fn is_plain_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_plain_host(host))
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&b))
}

fn is_plain_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// What people outside are told of this server: its official address, and how its mail leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outward {
    /// The address that links lead to.
    pub origin: String,
    /// How mail leaves.
    pub mail: Option<Mail>,
    /// Where the support desk is written to.
    pub support: Option<String>,
    /// The domain of the addresses of those who run the service.
    pub staff_domain: Option<String>,
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
    /// Master key's file; by default $CREDENTIALS_DIRECTORY/tsumugi-master-key, else secrets/master.key in the data folder
    #[arg(long, value_name = "FILE")]
    pub master_key: Option<PathBuf>,
}

/// Reads the settings.
///
/// # Errors
/// A sentence that names the key or file.
pub fn read(overrides: &Overrides) -> Result<Config, String> {
    let text = |text: OsString| text.into_string().ok();
    let variables = std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?)));
    read_in(variables.collect(), overrides)
}

/// The variable that names the data folder.
const DATA: &str = "TSUMUGI__DATA";

fn read_in(environment: config::Map<String, String>, overrides: &Overrides) -> Result<Config, String> {
    // The folder says where the settings file is, so it cannot wait for the file; only a named file may name the folder.
    let data = overrides.data.clone().or_else(|| environment.get(DATA).map(PathBuf::from));
    let file = overrides.config.clone().or_else(|| {
        let beside = data.as_ref()?.join(FILE);
        beside.exists().then_some(beside)
    });
    if data.is_none() && file.is_none() {
        return Err(NO_DATA.to_owned());
    }
    let mut tree = config::Config::builder();
    if let Some(file) = &file {
        tree = tree.add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
    }
    let credentials = environment.get("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let variables = config::Environment::with_prefix("TSUMUGI").prefix_separator("__").separator("__");
    let variables = variables.source(Some(environment)).try_parsing(true).list_separator(",");
    let variables = variables.with_list_parse_key("origins").with_list_parse_key("trusted_proxies");
    tree = tree.add_source(variables);
    let set = |tree: config::ConfigBuilder<_>, key: &str, value: Option<String>| {
        tree.set_override_option(key, value).map_err(|error| error.to_string())
    };
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    tree = set(tree, "data", path(&data))?;
    tree = set(tree, "listen", overrides.listen.map(|address| address.to_string()))?;
    tree = set(tree, "store", overrides.store.clone())?;
    tree = set(tree, "master_key", path(&overrides.master_key))?;
    let built = tree.build().map_err(|error| format!("the settings are not valid: {error}"))?;
    if matches!(built.get_string("data"), Err(config::ConfigError::NotFound(_))) {
        return Err(NO_DATA.to_owned());
    }
    let read: Config =
        built.try_deserialize().map_err(|error| format!("the settings are not valid: {error}"))?;
    if let Some(address) = read.metrics
        && !address.ip().is_loopback()
        && !read.metrics_beyond_this_machine
    {
        return Err(format!(
            "metrics = {address} can be read by other machines without TLS: use 127.0.0.1, or say \
             metrics_beyond_this_machine = true"
        ));
    }
    if let Some(flaw) = read.mail.as_ref().and_then(Mail::flaw) {
        return Err(flaw);
    }
    if let Some(support) = read.support.as_ref().filter(|support| !is_plain_address(support)) {
        return Err(format!("support = {support:?} is no e-mail address"));
    }
    if let Some(domain) = read.staff_domain.as_ref().filter(|domain| !is_plain_host(domain)) {
        return Err(format!("staff_domain = {domain:?} is no domain, like care.example.jp"));
    }
    Ok(Config { credentials, ..read })
}

/// Whether something says where the data is.
#[must_use]
pub fn is_named(overrides: &Overrides) -> bool {
    overrides.data.is_some() || overrides.config.is_some() || std::env::var_os(DATA).is_some()
}

const NO_DATA: &str = "say where the data is: --data DIR or TSUMUGI__DATA";

/// Name of the settings file in a data folder.
pub const FILE: &str = "tsumugi.toml";

/// Name of the master key among the service manager's credentials.
pub const CREDENTIAL: &str = "tsumugi-master-key";

impl Config {
    /// Where the master key is, or is to be made.
    #[must_use]
    pub fn master_key(&self) -> Kept {
        if let Some(file) = &self.master_key {
            return Kept::ByOwner(file.clone());
        }
        match self.credentials.as_ref().map(|folder| folder.join(CREDENTIAL)) {
            Some(file) if file.exists() => Kept::ByServiceManager(file),
            Some(_) | None => Kept::ByOwner(self.data.join("secrets/master.key")),
        }
    }

    /// The folder of regions' own profiles.
    #[must_use]
    pub fn policy_folder(&self) -> PathBuf {
        self.policies.clone().unwrap_or_else(|| self.data.join("policies"))
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

    /// The file that destroyed keys are listed in; copy it to another machine: a restore asks for it.
    #[must_use]
    pub fn destroyed_list(&self) -> PathBuf {
        self.data.join("audit/destroyed.log")
    }

    /// The file that holds the public half of the audit's root key.
    #[must_use]
    pub fn audit_root(&self) -> PathBuf {
        self.data.join("audit/root.pub")
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

    /// What people outside are told of this server.
    #[must_use]
    pub fn outward(&self) -> Outward {
        Outward {
            origin: self.allowed_origins().into_iter().next().unwrap_or_default(),
            mail: self.mail.clone(),
            support: self.support.clone(),
            staff_domain: self.staff_domain.clone(),
        }
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

    fn at(folder: &Path) -> Overrides {
        Overrides { data: Some(folder.to_owned()), ..Overrides::default() }
    }

    fn variables(all: &[(&str, &Path)]) -> config::Map<String, String> {
        all.iter().map(|(name, path)| ((*name).to_owned(), path.display().to_string())).collect()
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "lisen = \"127.0.0.1:1\"\n").unwrap();
        assert!(read(&at(folder.path())).unwrap_err().contains("lisen"));
    }

    #[test]
    fn metrics_are_told_to_this_machine_only_unless_it_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let read_with = |text: &str| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            read(&at(folder.path()))
        };
        assert_eq!(read_with("").unwrap().metrics, None);
        for address in ["127.0.0.1:9464", "[::1]:9464"] {
            assert!(read_with(&format!("metrics = \"{address}\"\n")).unwrap().metrics.is_some());
        }
        for address in ["0.0.0.0:9464", "[::]:9464", "192.0.2.7:9464"] {
            let wide = format!("metrics = \"{address}\"\n");
            assert!(read_with(&wide).unwrap_err().contains(address));
            assert!(read_with(&format!("{wide}metrics_beyond_this_machine = true\n")).is_ok());
        }
    }

    #[test]
    fn mail_leaves_protected_or_stays_on_this_machine() {
        let folder = tempfile::tempdir().unwrap();
        let read_with = |mail: &str| {
            std::fs::write(folder.path().join(FILE), format!("[mail]\n{mail}\n")).unwrap();
            read(&at(folder.path())).map(|config| config.mail.unwrap())
        };
        let sender = "sender = \"t@ours.example\"";
        let plain = read_with(&format!("smtp = \"mail.ours.example:587\"\n{sender}")).unwrap();
        assert_eq!((plain.tls, plain.place()), (MailTls::Starttls, Some(("mail.ours.example", 587))));
        for here in ["127.0.0.1:25", "[::1]:25", "localhost:25"] {
            assert!(read_with(&format!("smtp = \"{here}\"\ntls = \"none\"\n{sender}")).is_ok(), "{here}");
        }
        for (wrong, said) in [
            (
                format!("smtp = \"mail.ours.example:25\"\ntls = \"none\"\n{sender}"),
                "only for a mail server on this machine",
            ),
            (format!("smtp = \"mail.ours.example\"\n{sender}"), "no host with a port"),
            (format!("smtp = \"m:25\"\nuser = \"u\"\n{sender}"), "go together"),
            ("smtp = \"m:25\"\nsender = \"t@x.y\\r\\nBcc: z@z.z\"".to_owned(), "no e-mail address"),
            (format!("smtp = \"m:25\"\nfrom = 1\n{sender}"), "from"),
        ] {
            let told = read_with(&wrong).unwrap_err();
            assert!(told.contains(said), "{told}");
        }
    }

    #[test]
    fn trusted_proxies_are_networks_in_the_file_and_in_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "trusted_proxies = [\"10.0.0.5\", \"fd00::/64\"]\n")
            .unwrap();
        assert_eq!(read(&at(folder.path())).unwrap().trusted_proxies.len(), 2);
        let environment = variables(&[("TSUMUGI__TRUSTED_PROXIES", Path::new("127.0.0.2,fd00::/64"))]);
        assert_eq!(read_in(environment, &at(folder.path())).unwrap().trusted_proxies.len(), 2);
        std::fs::write(folder.path().join(FILE), "trusted_proxies = [\"proxy.example\"]\n").unwrap();
        assert!(read(&at(folder.path())).unwrap_err().contains("proxy.example"));
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "listen = \"127.0.0.1:1\"\n").unwrap();
        let mut overrides = at(folder.path());
        assert_eq!(read(&overrides).unwrap().listen.port(), 1);
        overrides.listen = Some("127.0.0.1:2".parse().unwrap());
        assert_eq!(read(&overrides).unwrap().allowed_origins().first().unwrap(), "https://127.0.0.1:2");
    }

    #[test]
    fn the_file_of_a_folder_that_the_environment_names_is_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "listen = \"127.0.0.1:1\"\n").unwrap();
        let environment = variables(&[(DATA, folder.path())]);
        let found = read_in(environment.clone(), &Overrides::default()).unwrap();
        assert_eq!((found.data.as_path(), found.listen.port()), (folder.path(), 1));
        let other = tempfile::tempdir().unwrap();
        assert_eq!(
            read_in(environment, &at(other.path())).unwrap().data,
            other.path(),
            "the command line wins"
        );
    }

    #[test]
    fn without_a_folder_it_says_how_to_name_one() {
        assert_eq!(read_in(config::Map::new(), &Overrides::default()).unwrap_err(), NO_DATA);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("elsewhere.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\n").unwrap();
        let overrides = Overrides { config: Some(file.clone()), ..Overrides::default() };
        assert_eq!(read_in(config::Map::new(), &overrides).unwrap_err(), NO_DATA);
        std::fs::write(&file, "data = \"/srv/tsumugi\"\n").unwrap();
        assert_eq!(read_in(config::Map::new(), &overrides).unwrap().data, Path::new("/srv/tsumugi"));
    }

    #[test]
    fn the_master_key_is_where_the_settings_say_then_a_credential_then_in_the_folder() {
        let (folder, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let environment = variables(&[("CREDENTIALS_DIRECTORY", credentials.path())]);
        let mut overrides = at(folder.path());
        let place = |overrides: &Overrides| read_in(environment.clone(), overrides).unwrap().master_key();
        assert_eq!(place(&overrides), Kept::ByOwner(folder.path().join("secrets/master.key")));
        let credential = credentials.path().join(CREDENTIAL);
        std::fs::write(&credential, "").unwrap();
        assert_eq!(place(&overrides), Kept::ByServiceManager(credential));
        overrides.master_key = Some("/etc/tsumugi/master.key".into());
        assert_eq!(place(&overrides), Kept::ByOwner("/etc/tsumugi/master.key".into()));
    }
}
