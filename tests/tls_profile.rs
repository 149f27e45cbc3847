//! What both doors offer of TLS, asked by another implementation (T31).

use crate::devices::{FLOOR, Outside, client, sign_in};
use crate::harness::{Engine, Folder, Server, raw_http, raw_http_over};
use rustls_pki_types::ServerName;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, Stdio};
use tokio_rustls::TlsConnector;

/// What `openssl s_client` says about a handshake.
fn handshake(port: u16, options: &[&str]) -> (bool, String) {
    let at = format!("127.0.0.1:{port}");
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &at]).args(options).stdin(Stdio::null());
    let said = command.output().expect("openssl runs");
    let text = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    (said.status.success() && text.contains("Verify return code") && !text.contains("(NONE)"), text)
}

/// The suites of the high-security list that a server may choose from; there are no others of TLS 1.3 but CCM.
const SUITES: [(&str, bool); 5] = [
    ("TLS_AES_256_GCM_SHA384", true),
    ("TLS_CHACHA20_POLY1305_SHA256", true),
    ("TLS_AES_128_GCM_SHA256", true),
    ("TLS_AES_128_CCM_SHA256", false),
    ("TLS_AES_128_CCM_8_SHA256", false),
];

/// Groups of the list that are offered; of 128 bits and more, elliptic curves only.
const CURVES: [(&str, bool); 10] = [
    ("X25519", true),
    ("P-256", true),
    ("P-384", true),
    ("P-521", false),
    ("X448", false),
    ("ffdhe2048", false),
    ("ffdhe3072", false),
    ("ffdhe4096", false),
    ("ffdhe6144", false),
    ("ffdhe8192", false),
];

/// What is said when one asks for a page over TLS and waits until the server ends the connection.
fn asked(port: u16, options: &[&str]) -> String {
    const PAGE: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let at = format!("127.0.0.1:{port}");
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &at, "-tls1_3", "-ign_eof"]).args(options);
    let mut asking = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl runs");
    asking.stdin.as_mut().expect("its input").write_all(PAGE).expect("written");
    let said = asking.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr)
}

/// Whatever is answered says that this host is asked over TLS alone, for a year at least.
async fn stays_on_tls(server: &Server, certificates: u16) {
    let tls = client(server, None);
    for start in [
        "GET /",
        "GET /healthz",
        "GET /nothing/here.txt",
        "POST /api/v1/accounts.me",
        "POST /api/v1/time.now",
    ] {
        let headers = [("content-type", "application/json")];
        let main = raw_http(server, start, &headers, b"{}").await.expect("an answer");
        let tcp =
            tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, certificates)).await.expect("a connection");
        let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
        let stream = TlsConnector::from(tls.clone()).connect(name, tcp).await.expect("TLS");
        let other = raw_http_over(server, stream, start, &headers, b"{}").await.expect("an answer");
        for answer in [main, other] {
            let said =
                answer.header("strict-transport-security").unwrap_or_else(|| panic!("{start}: nothing"));
            let seconds =
                said.split(';').find_map(|part| part.trim().strip_prefix("max-age=")).expect("an age");
            assert!(seconds.parse::<u64>().expect("a number") >= 31_536_000, "{start}: {said}");
        }
    }
}

/// The cookie of a sign-in goes back to this host alone, over TLS, from our own pages, out of a script's reach; also the one
/// that ends it.
async fn keeps_its_cookies(server: &Server, certificates: u16) {
    let tls = client(server, None);
    for (port, name) in [(server.setup.port, "__Host-tsumugi="), (certificates, "__Host-tsumugi-cert=")] {
        let own = format!("https://127.0.0.1:{port}");
        let ask = async |start: &str, body: &[u8], cookie: &str| {
            let tcp =
                tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.expect("a connection");
            let stream = TlsConnector::from(tls.clone())
                .connect(ServerName::IpAddress(Ipv4Addr::LOCALHOST.into()), tcp)
                .await
                .expect("TLS");
            let headers =
                [("content-type", "application/json"), ("origin", own.as_str()), ("cookie", cookie)];
            raw_http_over(server, stream, start, &headers, body).await.expect("an answer")
        };
        let signing_in = sign_in(server, "physician", "cookie").ask_json();
        let came = ask("POST /api/v1/accounts.sign_in", signing_in.as_bytes(), "x=y").await;
        assert_eq!(came.status, 200, "{}", came.code());
        let set = came.header("set-cookie").expect("a cookie").to_owned();
        let pair = set.split(';').next().expect("a pair").to_owned();
        let left = ask("POST /api/v1/accounts.sign_out", b"{}", &pair).await;
        assert_eq!(left.status, 200, "{}", left.code());
        let gone = left.header("set-cookie").expect("it is taken back").to_owned();
        for cookie in [&set, &gone] {
            assert!(cookie.starts_with(name), "{cookie}");
            let parts: BTreeSet<String> =
                cookie.split(';').skip(1).map(|part| part.trim().to_ascii_lowercase()).collect();
            for part in ["secure", "httponly", "samesite=strict", "path=/"] {
                assert!(parts.contains(part), "{part} in {cookie}");
            }
            assert!(!parts.iter().any(|part| part.starts_with("domain")), "{cookie}");
        }
        assert!(
            !set.to_ascii_lowercase().contains("max-age") && !set.to_ascii_lowercase().contains("expires")
        );
    }
}

/// A ticket resumes a session, and promises no data before the handshake is over.
fn no_early_data(port: u16) {
    let folder = Folder::new("ticket");
    let [ticket, early] =
        ["ticket", "early"].map(|name| folder.path().join(name).to_string_lossy().into_owned());
    std::fs::write(&early, "GET / HTTP/1.1\r\n\r\n").expect("a file");
    let first = asked(port, &["-sess_out", &ticket]);
    assert!(first.contains("HTTP/1.1 200") && first.contains("Max Early Data: 0"), "{first}");
    let second = asked(port, &["-sess_in", &ticket, "-early_data", &early]);
    assert!(second.contains("Reused, TLSv1.3") && second.contains("Early data was not sent"), "{second}");
}

/// Whoever speaks without TLS is told nothing.
fn is_not_plain(port: u16) {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    tcp.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("written");
    let mut said = Vec::new();
    // It may be cut before all is read.
    drop(tcp.read_to_end(&mut said));
    assert!(!String::from_utf8_lossy(&said).contains("HTTP"), "{said:?}");
}

#[tokio::test]
async fn only_tls_1_3_of_the_high_security_list_is_offered_at_both_doors() {
    // clause("002-1.2(4)a")
    let outside = Outside::new();
    let server = Server::start_with_certificates(Engine::Sqlite, FLOOR, &outside.pem()).await;
    let (certificates, _) = server.setup.certificates.clone().expect("a port");
    for port in [server.setup.port, certificates] {
        for (version, is_offered) in
            [("-tls1_3", true), ("-tls1_2", false), ("-tls1_1", false), ("-tls1", false)]
        {
            let (came, text) = handshake(port, &[version, "-cipher", "ALL:@SECLEVEL=0"]);
            assert_eq!(came, is_offered, "{port} {version}: {text}");
        }
        for (suite, is_offered) in SUITES {
            let (came, text) = handshake(port, &["-tls1_3", "-ciphersuites", suite]);
            assert_eq!(came, is_offered, "{port} {suite}: {text}");
            assert!(!came || text.contains(suite), "{text}");
        }
        for (curve, is_offered) in CURVES {
            let (came, text) = handshake(port, &["-tls1_3", "-groups", curve]);
            assert_eq!(came, is_offered, "{port} {curve}: {text}");
        }
        let (_, text) = handshake(port, &["-tls1_3"]);
        assert!(text.contains("Compression: NONE"), "{text}");
        assert!(text.contains("Secure Renegotiation IS NOT supported"), "there is none in TLS 1.3: {text}");
        no_early_data(port);
        is_not_plain(port);
        let asks = text.contains("Acceptable client certificate CA names");
        assert_eq!(asks, port == certificates, "only one door asks for certificates: {text}");
    }
    stays_on_tls(&server, certificates).await;
    keeps_its_cookies(&server, certificates).await;
}
