//! The certificate's files change under a running server: new connections see the new one, open ones stay, and what cannot
//! be used changes nothing.

use crate::devices::Outside;
use crate::harness::{Engine, Folder, PATIENCE, Person, Server, Setup, free_port, until};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::fs;
use std::path::Path;
use std::process::{Command as Program, Stdio};
use std::time::Duration;
use tsumugi_protocol::{Command, Nothing, Now};

/// A certificate for this machine and its key, and the authority to trust.
struct Issued {
    authority: String,
    chain: String,
    key: String,
}

impl Issued {
    fn new() -> Self {
        let authority_key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = params.self_signed(&authority_key).expect("an authority");
        let key = KeyPair::generate().expect("a key");
        let names = ["127.0.0.1", "localhost"].map(str::to_owned);
        let server = CertificateParams::new(names).expect("parameters");
        let issuer = Issuer::from_params(&params, &authority_key);
        let server = server.signed_by(&key, &issuer).expect("a certificate");
        Self { authority: authority.pem(), chain: server.pem(), key: key.serialize_pem() }
    }

    /// Puts the files in the place of those before, each at once.
    fn lie_in(&self, folder: &Path) {
        put(&folder.join("chain.pem"), &self.chain);
        put(&folder.join("key.pem"), &self.key);
    }
}

fn put(file: &Path, text: &str) {
    let beside = file.with_extension("new");
    fs::write(&beside, text).expect("a file");
    fs::rename(beside, file).expect("moved");
}

/// The certificate that is shown there, as it is written in PEM; asked by another implementation, which judges nothing.
fn shown(port: u16) -> String {
    let mut openssl = Program::new("openssl");
    openssl.args(["s_client", "-connect", &format!("127.0.0.1:{port}")]).stdin(Stdio::null());
    let said = String::from_utf8_lossy(&openssl.output().expect("openssl runs").stdout).into_owned();
    bare(said.split_once("Server certificate").unwrap_or_else(|| panic!("no certificate: {said}")).1)
}

/// The first certificate of a text without line breaks.
fn bare(pem: &str) -> String {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----").expect("a certificate");
    rest.split_once("-----END").expect("its end").0.split_whitespace().collect()
}

async fn becomes(what: &str, ports: [u16; 2], chain: &str) {
    let is_shown = async || ports.iter().all(|port| shown(*port) == bare(chain)).then_some(());
    until(what, PATIENCE, is_shown).await;
}

#[tokio::test]
async fn files_that_change_are_shown_to_who_comes_next_and_what_is_broken_changes_nothing() {
    let (first, second) = (Issued::new(), Issued::new());
    let folder = Folder::new("server");
    let home = folder.path().to_owned();
    first.lie_in(&home);
    fs::write(home.join("outside.pem"), Outside::new().pem()).expect("a file");
    let of = |name: &str, file: &str| (name.to_owned(), home.join(file).to_string_lossy().into_owned());
    let setup = Setup {
        certificates: Some((free_port(), home.join("outside.pem"))),
        environment: vec![of("TSUMUGI__TLS_CERTIFICATE", "chain.pem"), of("TSUMUGI__TLS_KEY", "key.pem")],
        ..Setup::new(Engine::Sqlite, &home, true).await
    };
    let mut server = Server::of(setup, folder);
    server.trust(&[&first.authority, &second.authority]);
    let ports = [server.setup.port, server.setup.certificates.as_ref().expect("a door").0];
    for port in ports {
        assert_eq!(shown(port), bare(&first.chain));
    }
    let person = server.person_anew("physician").await;
    let link = person.link().await;

    second.lie_in(&home);
    becomes("the new one is shown at both doors", ports, &second.chain).await;
    let _: Now = link.ask(&Command::Now(Nothing {})).await.expect("who was there is still there");
    let again = Person::with_token(&server, &person.token).await;
    assert_eq!(again.me.account, person.me.account);

    let complaints = || server.log().matches("cannot be used: the one before stays").count();
    // A renewal may be seen between its two files.
    let before = complaints();
    for (what, chain, key) in [
        ("garbage", "nothing", second.key.as_str()),
        ("another's key", &second.chain, first.key.as_str()),
        ("no key", &second.chain, "-----BEGIN PRIVATE KEY-----\nsecret stuff\n-----END PRIVATE KEY-----\n"),
    ] {
        let before = complaints();
        put(&home.join("chain.pem"), chain);
        put(&home.join("key.pem"), key);
        let is_told = async || (complaints() > before).then_some(());
        until(what, PATIENCE, is_told).await;
        assert_eq!(shown(ports[0]), bare(&second.chain), "{what}");
        assert_eq!(shown(ports[1]), bare(&second.chain), "{what}");
    }
    fs::remove_file(home.join("key.pem")).expect("gone");
    let is_told = async || (complaints() > before + 3).then_some(());
    until("a missing file", PATIENCE, is_told).await;
    assert_eq!(shown(ports[0]), bare(&second.chain), "a missing file");
    for said in ["nothing", "secret", "PRIVATE"] {
        assert!(!server.log().contains(said), "what stood in the files is not repeated: {}", server.log());
    }

    first.lie_in(&home);
    becomes("and back", ports, &first.chain).await;
    let _: Now = link.ask(&Command::Now(Nothing {})).await.expect("through all of it");
}

#[tokio::test]
async fn our_own_certificate_is_renewed_before_its_end_while_the_server_runs() {
    let server = Server::start_with_clock(Engine::Sqlite).await;
    let port = server.setup.port;
    let first = shown(port);
    let read = || fs::read_to_string(server.setup.data.join("tls/server.pem")).expect("the certificate");
    assert_eq!(first, bare(&read()));
    // It is good for 820 days, and renewed in the last 30.
    server.turn_clock(Duration::from_secs(795 * 24 * 60 * 60));
    let is_renewed = async || (shown(port) != first).then_some(());
    until("a new one", PATIENCE, is_renewed).await;
    assert_eq!(shown(port), bare(&read()));
}
