//! A real mail server beside a server, and what arrived there.

use super::places::Folder;
use super::server::free_port;
use super::wait::{PATIENCE, until};
use serde::Deserialize;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub tls: bool,
    pub headers: Vec<(String, String)>,
    pub subject: String,
    pub text: String,
}

impl Mail {
    /// The token of the link in it.
    pub fn token(&self) -> &str {
        let (_, token) = self.text.split_once('#').unwrap_or_else(|| panic!("no link: {}", self.text));
        token.lines().next().expect("a token").trim()
    }

    /// A header that stands in it once.
    pub fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        let value = &found.next().unwrap_or_else(|| panic!("no {name}")).1;
        assert!(found.next().is_none(), "{name} twice");
        value
    }
}

/// A mail server of one test.
pub struct PostOffice {
    pub port: u16,
    folder: Folder,
    tls: Option<(PathBuf, PathBuf)>,
    process: Mutex<Option<Child>>,
}

impl PostOffice {
    /// One that does not run yet.
    pub fn closed() -> Self {
        Self::of(None)
    }

    fn of(tls: Option<(PathBuf, PathBuf)>) -> Self {
        Self { port: free_port(), folder: Folder::new("post"), tls, process: Mutex::new(None) }
    }

    /// One that runs.
    pub fn open() -> Self {
        let office = Self::closed();
        office.start();
        office
    }

    /// One that takes nothing before STARTTLS, under this certificate and key.
    pub fn with_tls(certificate: PathBuf, key: PathBuf) -> Self {
        let office = Self::of(Some((certificate, key)));
        office.start();
        office
    }

    /// Starts it.
    pub fn start(&self) {
        let mut words = vec!["harness/post_office.py".to_owned(), self.port.to_string()];
        words.push(self.kept().to_string_lossy().into_owned());
        if let Some((certificate, key)) = &self.tls {
            words.extend([certificate, key].map(|path| path.to_string_lossy().into_owned()));
        }
        let mut process = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--", "/usr/bin/python3"])
            .args(words)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with aiosmtpd (`scripts/setup test`)");
        let mut said = String::new();
        let out = process.stdout.as_mut().expect("its words");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut said).expect("a line");
        assert_eq!(said, "ready\n", "aiosmtpd is installed by `scripts/setup test`");
        *self.process.lock().expect("nobody panicked") = Some(process);
    }

    /// Ends it.
    pub fn stop(&self) {
        if let Some(mut process) = self.process.lock().expect("nobody panicked").take() {
            process.kill().expect("it is killed");
            process.wait().expect("it is gone");
        }
    }

    /// The settings of a server that sends its mail here, as its environment.
    pub fn settings(&self) -> Vec<(String, String)> {
        let place = format!("127.0.0.1:{}", self.port);
        [("SMTP", place.as_str()), ("SENDER", "tsumugi@ours.example"), ("TLS", "none")]
            .map(|(key, value)| (format!("TSUMUGI__MAIL__{key}"), value.to_owned()))
            .to_vec()
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("mails")
    }

    /// Everything that arrived.
    pub fn mails(&self) -> Vec<Mail> {
        let text = fs::read_to_string(self.kept()).unwrap_or_default();
        // The last line may be half written.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| serde_json::from_str(line).expect("a mail")).collect()
    }

    /// The mails to an address, once there are so many.
    pub async fn to(&self, address: &str, count: usize) -> Vec<Mail> {
        let of = || -> Vec<Mail> {
            self.mails().into_iter().filter(|mail| mail.to == [address.to_owned()]).collect()
        };
        until("the mails arrive", PATIENCE, async || Some(of()).filter(|mails| mails.len() >= count)).await
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.stop();
    }
}
