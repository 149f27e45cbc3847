//! What both doors offer of TLS, asked by another implementation (T31).

use crate::devices::{FLOOR, Outside};
use crate::harness::{Engine, Server};
use std::process::{Command, Stdio};

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
        for (curve, is_offered) in
            [("X25519", true), ("P-256", true), ("P-384", true), ("P-521", false), ("ffdhe2048", false)]
        {
            let (came, text) = handshake(port, &["-tls1_3", "-groups", curve]);
            assert_eq!(came, is_offered, "{port} {curve}: {text}");
        }
        let (_, text) = handshake(port, &["-tls1_3"]);
        assert!(text.contains("Compression: NONE"), "{text}");
        assert!(!text.contains("Max Early Data: 1") && text.contains("Early data was not sent"), "{text}");
        let asks = text.contains("Acceptable client certificate CA names");
        assert_eq!(asks, port == certificates, "only one door asks for certificates: {text}");
    }
}
