//! One kept connection, asked without a runtime in between, and how long each answer took.

use crate::harness::{Server, tcp_from};
use rustls::{ClientConnection, StreamOwned};
use rustls_pki_types::ServerName;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A connection.
pub struct Kept {
    stream: StreamOwned<ClientConnection, TcpStream>,
    host: String,
}

impl Kept {
    /// From another address of this machine.
    pub async fn from(server: &Server, last: u8) -> Self {
        let tcp = tcp_from(server, last).await.expect("a connection").into_std().expect("a socket");
        tcp.set_nonblocking(false).expect("it waits");
        tcp.set_nodelay(true).expect("at once");
        tcp.set_read_timeout(Some(Duration::from_secs(20))).expect("a patience");
        let name = ServerName::IpAddress(server.address().ip().into());
        let tls = ClientConnection::new(server.tls.clone(), name).expect("a client");
        Self { stream: StreamOwned::new(tls, tcp), host: server.address().to_string() }
    }

    /// Tries to sign in; how long it took, and the answer but for its date and its request's id.
    pub fn tries(&mut self, email: &str, password: &str) -> (Duration, String) {
        let body = json!({ "email": email, "password": password, "token_in": "body" }).to_string();
        let request = format!(
            "POST /api/v1/accounts.sign_in HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        let start = Instant::now();
        self.stream.write_all(request.as_bytes()).expect("written");
        self.stream.flush().expect("written");
        let answer = self.answer();
        let took = start.elapsed();
        let is_same = |line: &&str| !line.starts_with("date:") && !line.starts_with("x-request-id:");
        (took, answer.split("\r\n").filter(is_same).collect::<Vec<_>>().join("\n"))
    }

    fn answer(&mut self) -> String {
        let (mut all, mut part) = (Vec::new(), [0; 4_096]);
        loop {
            let came = self.stream.read(&mut part).expect("an answer");
            assert!(came > 0, "the connection is kept");
            all.extend_from_slice(&part[..came]);
            let text = String::from_utf8_lossy(&all);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.expect("a length").parse().expect("a number") {
                return text.into_owned();
            }
        }
    }
}
