//! HTTP/1.1 by hand, for requests no proper client would send and for answers compared byte by byte.

use super::server::Server;
use rustls_pki_types::ServerName;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawAnswer {
    pub status: u16,
    /// In the order they came, without `date` and the values of request ids, which may differ.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl RawAnswer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of the refusal, when it is one.
    pub fn code(&self) -> String {
        self.json()["refused"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Server {
    /// A TLS connection to the server; a small receive buffer makes a slow reader.
    pub async fn connect(&self, receive_buffer: Option<u32>) -> std::io::Result<TlsStream<TcpStream>> {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        self.shake_hands(socket.connect(self.address()).await?).await
    }

    /// TLS over a connection that stands.
    pub async fn shake_hands(&self, tcp: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        tcp.set_nodelay(true)?;
        let name = ServerName::IpAddress(self.address().ip().into());
        TlsConnector::from(self.tls.clone()).connect(name, tcp).await
    }
}

/// A bare connection from another address of this machine.
pub async fn tcp_from(server: &Server, last: u8) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0)))?;
    socket.connect(server.address()).await
}

/// Sends a request and reads the whole answer. `None` when the server cut the connection without one.
pub async fn raw_http(
    server: &Server,
    start: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<RawAnswer> {
    let stream = server.connect(None).await.expect("the server accepts");
    raw_http_over(server, stream, start, headers, body).await
}

/// The same over a connection that stands.
pub async fn raw_http_over(
    server: &Server,
    mut stream: TlsStream<TcpStream>,
    start: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<RawAnswer> {
    let mut head =
        format!("{start} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n", server.setup.port);
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if start.starts_with("POST") {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut all = head.into_bytes();
    all.extend_from_slice(body);
    // A server that refuses a large body early may stop reading: then only its answer counts.
    drop(stream.write_all(&all).await);
    // What TLS still holds goes out before anything is awaited: reading does not send it.
    drop(stream.flush().await);
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    read(&answer)
}

fn read(answer: &[u8]) -> Option<RawAnswer> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| name != "date")
        .map(|(name, value)| if name == "x-request-id" { (name, "…".to_owned()) } else { (name, value) })
        .collect();
    Some(RawAnswer { status, headers, body: answer[end + 4..].to_vec() })
}
