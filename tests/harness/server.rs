//! One server process: start, kill, stop, start again on the same data and port.

use super::places::{Folder, binary};
use super::{postgres, wait::PATIENCE};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Where a server keeps its posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded file set.
    Sqlite,
    /// A PostgreSQL database of its own.
    Postgres,
}

/// One line of the demo's sign-ins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInSheet {
    pub name: String,
    pub role: String,
    pub email: String,
    pub password: String,
}

/// What the server prints when it is ready.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ready {
    pub url: String,
    /// Its own authority; empty where the settings name a certificate.
    #[serde(deserialize_with = "or_empty")]
    pub ca: String,
    pub people: Vec<SignInSheet>,
}

fn or_empty<'de, D: serde::Deserializer<'de>>(ca: D) -> Result<String, D::Error> {
    Option::deserialize(ca).map(Option::unwrap_or_default)
}

/// How a server is to be started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    pub data: PathBuf,
    pub port: u16,
    pub store: Option<String>,
    pub small: bool,
    /// Whether accounts have a budget of commands, as people's have; stories act faster than people.
    pub budget: bool,
    /// Whether its clock can be turned on.
    pub clock: bool,
    /// Whether a passkey alone signs in.
    #[serde(default)]
    pub passkey_alone: bool,
    /// Whether a lock then closes the whole account.
    pub lock_closes_account: bool,
    /// Whether everybody needs a second factor.
    #[serde(default)]
    pub second_factor: bool,
    /// The port of the door that takes certificates, and authorities besides our own.
    pub certificates: Option<(u16, PathBuf)>,
    /// Rules in place of the shipped ones.
    pub profile: Option<PathBuf>,
    /// Another version of those rules.
    #[serde(default)]
    pub next_profile: Option<PathBuf>,
    /// How many files the server may open, where that is to be few.
    pub files: Option<u32>,
    /// The port on which it tells its metrics.
    pub metrics: Option<u16>,
    /// Settings that it finds in its environment.
    pub environment: Vec<(String, String)>,
}

impl Setup {
    /// On that engine, in that folder.
    pub async fn new(engine: Engine, folder: &Path, small: bool) -> Self {
        let store = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(postgres::new_database().await),
        };
        Self {
            data: folder.join("data"),
            port: free_port(),
            store,
            small,
            budget: false,
            clock: false,
            passkey_alone: false,
            lock_closes_account: false,
            second_factor: false,
            certificates: None,
            profile: None,
            next_profile: None,
            files: None,
            metrics: None,
            environment: Vec::new(),
        }
    }

    /// The command line of `tsumugi demo`.
    pub fn arguments(&self) -> Vec<String> {
        let listen = format!("127.0.0.1:{}", self.port);
        let data = self.data.to_string_lossy().into_owned();
        let mut all: Vec<String> =
            ["demo", "--data", &data, "--listen", &listen, "--json"].map(str::to_owned).into();
        if self.small {
            all.push("--small".to_owned());
        }
        if !self.budget {
            all.push("--without-budget".to_owned());
        }
        if self.clock {
            all.push("--clock".to_owned());
        }
        for (is_on, flag) in [
            (self.passkey_alone, "--passkey-alone"),
            (self.lock_closes_account, "--lock-closes-account"),
            (self.second_factor, "--second-factor"),
        ] {
            if is_on {
                all.push(flag.to_owned());
            }
        }
        for file in self.profile.iter().chain(&self.next_profile) {
            all.extend(["--profile".to_owned(), file.to_string_lossy().into_owned()]);
        }
        if let Some(url) = &self.store {
            all.extend(["--store".to_owned(), url.clone()]);
        }
        all
    }
}

/// A running server.
pub struct Server {
    pub setup: Setup,
    pub url: String,
    pub ca: String,
    pub people: Vec<SignInSheet>,
    pub tls: Arc<ClientConfig>,
    /// Tokens of people already signed in, one file each: hashing a password is slow on purpose.
    pub tokens: PathBuf,
    /// Behind a lock, so that it can be killed while people are using it.
    process: Mutex<Option<Child>>,
    folder: Option<Folder>,
}

impl Server {
    /// A server of its own for one test, with the small demo world.
    pub async fn start(engine: Engine) -> Self {
        let folder = Folder::new("server");
        let setup = Setup::new(engine, folder.path(), true).await;
        Self::of(setup, folder)
    }

    /// The same, with the whole month.
    pub async fn start_full(engine: Engine) -> Self {
        let folder = Folder::new("server");
        let setup = Setup::new(engine, folder.path(), false).await;
        Self::of(setup, folder)
    }

    /// A server of its own that tells its metrics.
    pub async fn start_with_metrics(engine: Engine) -> Self {
        let folder = Folder::new("server");
        let setup = Setup { metrics: Some(free_port()), ..Setup::new(engine, folder.path(), true).await };
        Self::of(setup, folder)
    }

    /// A server of its own whose accounts have a budget of commands.
    pub async fn start_with_budget(engine: Engine) -> Self {
        let folder = Folder::new("server");
        let setup = Setup { budget: true, ..Setup::new(engine, folder.path(), true).await };
        Self::of(setup, folder)
    }

    /// A server of its own, as that change has it; its clock can be turned on.
    pub async fn start_as(engine: Engine, change: fn(&mut Setup)) -> Self {
        let folder = Folder::new("server");
        let mut setup = Setup { clock: true, ..Setup::new(engine, folder.path(), true).await };
        change(&mut setup);
        Self::of(setup, folder)
    }

    /// A server of its own whose clock can be turned on.
    pub async fn start_with_clock(engine: Engine) -> Self {
        let folder = Folder::new("server");
        let setup = Setup { clock: true, ..Setup::new(engine, folder.path(), true).await };
        Self::of(setup, folder)
    }

    /// So much time goes by for the server, at once.
    pub fn turn_clock(&self, by: Duration) {
        let (data, seconds) = (self.setup.data.to_string_lossy(), by.as_secs().to_string());
        let turned = tsumugi(&["clock", "--data", &data, "--forward", &seconds]);
        assert!(turned.status.success(), "{}", String::from_utf8_lossy(&turned.stderr));
    }

    /// A server of its own under rules of a test.
    pub async fn start_under(engine: Engine, profile: &str) -> Self {
        let folder = Folder::new("server");
        let rules = folder.path().join("profile.toml");
        fs::write(&rules, profile).expect("a file");
        let setup =
            Setup { clock: true, profile: Some(rules), ..Setup::new(engine, folder.path(), true).await };
        Self::of(setup, folder)
    }

    /// A server of its own under rules of a test, with a door that takes certificates, also those of an outside authority.
    pub async fn start_with_certificates(engine: Engine, profile: &str, outside: &str) -> Self {
        let folder = Folder::new("server");
        let (rules, ca) = (folder.path().join("profile.toml"), folder.path().join("outside.pem"));
        fs::write(&rules, profile).expect("a file");
        fs::write(&ca, outside).expect("a file");
        let setup = Setup {
            clock: true,
            certificates: Some((free_port(), ca)),
            profile: Some(rules),
            ..Setup::new(engine, folder.path(), true).await
        };
        Self::of(setup, folder)
    }

    /// A server of its own that sends its mail there, and whose clock can be turned on.
    pub async fn start_with_mail(engine: Engine, office: &super::PostOffice) -> Self {
        let folder = Folder::new("server");
        let setup = Setup {
            clock: true,
            environment: office.settings(),
            ..Setup::new(engine, folder.path(), true).await
        };
        Self::of(setup, folder)
    }

    /// Goes on under other rules.
    pub fn under(&self, profile: &str) {
        self.stop();
        fs::write(self.setup.profile.as_ref().expect("a file of rules"), profile).expect("a file");
        self.start_again();
    }

    /// A server of its own that may open so many files.
    pub async fn start_with_files(engine: Engine, files: u32) -> Self {
        let folder = Folder::new("server");
        let setup = Setup { files: Some(files), ..Setup::new(engine, folder.path(), true).await };
        Self::of(setup, folder)
    }

    /// As it is set up, in that folder.
    pub fn of(setup: Setup, folder: Folder) -> Self {
        let log = folder.path().join("log");
        let mut process = spawn(&setup, &setup.arguments(), &log);
        let ready = ready(&log, || process.try_wait().expect("its state"));
        let tokens = folder.path().join("tokens");
        let mut server = Self::beside(setup, ready, tokens);
        server.process = Mutex::new(Some(process));
        server.folder = Some(folder);
        server
    }

    /// `tsumugi serve …` on a folder that is not a demo's; it is ready when its door opens.
    pub fn serving(setup: Setup, folder: Folder, arguments: &[String]) -> Self {
        let log = folder.path().join("log");
        let mut process = spawn(&setup, arguments, &log);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, setup.port));
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            let err = || fs::read_to_string(log.join("err")).unwrap_or_default();
            if let Some(status) = process.try_wait().expect("its state") {
                panic!("the server ended before its door opened ({status}):\n{}", err());
            }
            assert!(start.elapsed() < PATIENCE, "the door did not open within {PATIENCE:?}:\n{}", err());
            std::thread::sleep(Duration::from_millis(5));
        }
        let ca = fs::read_to_string(setup.data.join("tls/ca.pem")).expect("the server's own authority");
        let ready = Ready { url: format!("https://{address}"), ca, people: Vec::new() };
        let mut server = Self::beside(setup, ready, folder.path().join("tokens"));
        server.process = Mutex::new(Some(process));
        server.folder = Some(folder);
        server
    }

    /// A server that somebody else runs.
    pub fn beside(setup: Setup, ready: Ready, tokens: PathBuf) -> Self {
        let tls = trusting(&[&ready.ca]);
        fs::create_dir_all(&tokens).expect("a folder for tokens");
        Self {
            setup,
            url: ready.url,
            ca: ready.ca,
            people: ready.people,
            tls,
            tokens,
            process: Mutex::new(None),
            folder: None,
        }
    }

    /// From now on its clients trust these authorities.
    pub fn trust(&mut self, authorities: &[&str]) {
        self.tls = trusting(authorities);
    }

    /// Its folder, for a server that goes on in it.
    pub fn take_folder(&mut self) -> Folder {
        self.folder.take().expect("a server of this test")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.setup.port))
    }

    /// The sign-in of somebody, by role or e-mail address.
    pub fn sheet(&self, who: &str) -> &SignInSheet {
        self.people
            .iter()
            .find(|person| person.role == who || person.email == who)
            .unwrap_or_else(|| panic!("the demo has no {who}"))
    }

    fn process(&self) -> MutexGuard<'_, Option<Child>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's process id.
    pub fn pid(&self) -> u32 {
        self.process().as_ref().expect("a server of this test").id()
    }

    /// The operating system ends it at once (kill -9).
    pub fn kill(&self) {
        let mut process = self.process().take().expect("a running server");
        process.kill().expect("it is killed");
        process.wait().expect("it is gone");
    }

    /// Asks it to stop (SIGTERM) without waiting.
    pub fn ask_to_stop(&self) {
        signal("TERM", self.pid());
    }

    /// Waits until it has stopped by itself.
    pub fn stopped(&self) -> ExitStatus {
        let mut process = self.process().take().expect("a running server");
        let start = Instant::now();
        loop {
            if let Some(status) = process.try_wait().expect("its state") {
                return status;
            }
            if start.elapsed() > PATIENCE {
                drop(process.kill());
                panic!("the server did not stop within {PATIENCE:?}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stops it gracefully.
    pub fn stop(&self) {
        self.ask_to_stop();
        let status = self.stopped();
        assert!(status.success(), "a graceful stop is no failure: {status}\n{}", self.log());
    }

    /// Starts it again on the same data and port.
    pub fn start_again(&self) {
        assert!(self.process().is_none(), "it runs already");
        let log = self.log_folder();
        let mut process = spawn(&self.setup, &self.setup.arguments(), &log);
        let ready = ready(&log, || process.try_wait().expect("its state"));
        *self.process() = Some(process);
        assert_eq!(ready.ca, self.ca, "a second start keeps its certificate authority");
    }

    fn log_folder(&self) -> PathBuf {
        self.folder.as_ref().expect("a server of this test").path().join("log")
    }

    /// What it said on standard output.
    pub fn output(&self) -> String {
        fs::read_to_string(self.log_folder().join("out")).unwrap_or_default()
    }

    /// What it said on standard error, for failure messages.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_folder().join("err")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let running = self.process().take();
        if let Some(mut process) = running {
            if std::thread::panicking() {
                eprintln!("--- the server's own words ---\n{}", self.log());
            }
            drop(process.kill());
            drop(process.wait());
        }
    }
}

fn trusting(authorities: &[&str]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in authorities.iter().flat_map(|ca| CertificateDer::pem_slice_iter(ca.as_bytes())) {
        roots.add(certificate.expect("a PEM certificate")).expect("a CA");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(tls)
}

/// Sends a signal to one process.
pub fn signal(name: &str, pid: u32) {
    let sent =
        Command::new("sh").args(["-c", "kill -$0 $1", name, &pid.to_string()]).status().expect("sh runs");
    assert!(sent.success(), "signal {name} to {pid}");
}

/// Runs a command of the binary to its end.
pub fn tsumugi(arguments: &[&str]) -> Output {
    tsumugi_in(&[], arguments)
}

/// The same, with variables in its environment.
pub fn tsumugi_in(environment: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(binary());
    command.envs(environment.iter().copied()).args(arguments).stdin(Stdio::null());
    command.output().expect("tsumugi runs")
}

/// Starts the process; it dies with the thread that runs the test.
fn spawn(setup: &Setup, arguments: &[String], log: &Path) -> Child {
    fs::create_dir_all(log).expect("a log folder");
    let out = File::create(log.join("out")).expect("a file");
    let err = File::options().create(true).append(true).open(log.join("err")).expect("a file");
    let mut command = match setup.files {
        None => Command::new("setpriv"),
        Some(files) => {
            let mut command = Command::new("prlimit");
            command.args([&format!("--nofile={files}:{files}"), "setpriv"]);
            command
        }
    };
    let certificates = setup.certificates.iter().flat_map(|(port, ca)| {
        let listen = ("TSUMUGI__LISTEN_CERTIFICATES", format!("127.0.0.1:{port}"));
        [listen, ("TSUMUGI__CLIENT_CA", ca.to_string_lossy().into_owned())]
    });
    let metrics = setup.metrics.map(|port| ("TSUMUGI__METRICS", format!("127.0.0.1:{port}")));
    command
        .args(["--pdeathsig", "KILL", "--"])
        .arg(binary())
        .args(arguments)
        .envs(metrics)
        .envs(certificates)
        .envs(setup.environment.iter().map(|(key, value)| (key, value)))
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .spawn()
        .expect("the server starts")
}

/// Waits for the one line that says it is ready.
pub fn ready(log: &Path, mut ended: impl FnMut() -> Option<ExitStatus>) -> Ready {
    let patience = Duration::from_secs(120);
    let start = Instant::now();
    loop {
        let out = fs::read_to_string(log.join("out")).unwrap_or_default();
        if let Some((line, _)) = out.split_once('\n') {
            return serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("not the ready line: {error}: {line}"));
        }
        let err = || fs::read_to_string(log.join("err")).unwrap_or_default();
        if let Some(status) = ended() {
            panic!("the server ended before it was ready ({status}):\n{}", err());
        }
        assert!(start.elapsed() < patience, "not ready within {patience:?}:\n{}", err());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A port nobody listens on, outside the range from which clients' own ports come: between a kill and the next start
/// a client could otherwise connect to itself.
pub fn free_port() -> u16 {
    loop {
        let random = Uuid::new_v4().as_u128() % 20_000;
        let port = 11_000 + u16::try_from(random).expect("below 20,000");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
