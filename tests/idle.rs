//! A connection on which nothing is asked is not held for ever; a link is.

use crate::harness::{Engine, PATIENCE, Server, until};
use crate::metrics::sample;
use std::time::{Duration, Instant};
use tsumugi_protocol::{Command, Nothing, Now, limits};

const IDLE: Duration = Duration::from_millis(limits::IDLE_MS);

#[tokio::test]
async fn an_idle_connection_is_ended_in_its_time_and_a_link_stays() {
    let server = Server::start_with_metrics(Engine::Sqlite).await;
    let link = server.person("physician").await.link().await;
    // A proper client: it answers the pings of HTTP/2 and would keep its connection for ever.
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured((*server.tls).clone())
        .no_proxy()
        .http2_prior_knowledge()
        .pool_idle_timeout(None)
        .build()
        .expect("a client");
    let ask = async || {
        let answer = client.get(format!("{}/healthz", server.url)).send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));
        answer.bytes().await.expect("a body");
    };
    ask().await;
    let start = Instant::now();
    assert!(sample(&server, "tsumugi_connections").await >= 2.0);
    let alone = async || (sample(&server, "tsumugi_connections").await == 1.0).then_some(());
    until("only the link is left", IDLE + IDLE / 4 + PATIENCE, alone).await;
    assert!(start.elapsed() >= IDLE - Duration::from_millis(500), "{:?}", start.elapsed());
    let _: Now = link.ask(&Command::Now(Nothing {})).await.expect("the link goes on");
    ask().await;
}
