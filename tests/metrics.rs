//! What is told to Prometheus: everything the dashboard and the alerts ask for, to this machine alone, and about nobody.

use crate::harness::{Engine, Server, draft, fresh_group, promise, raw_http, tsumugi_in};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tsumugi_protocol::{Code, Command, RoomId, WhichRoom};

/// The text of `/metrics`.
pub async fn scraped(server: &Server) -> String {
    let port = server.setup.metrics.expect("a port of its own");
    let answer = reqwest::Client::new().get(format!("http://127.0.0.1:{port}/metrics")).send().await;
    let answer = answer.expect("an answer");
    assert!(
        answer.headers()["content-type"].to_str().expect("text").starts_with("text/plain; version=0.0.4")
    );
    answer.text().await.expect("a body")
}

/// The samples, by name and labels as they are written.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("a sample");
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
        })
        .collect()
}

/// One sample of a server that tells its metrics.
pub async fn sample(server: &Server, name: &str) -> f64 {
    samples(&scraped(server).await)[name]
}

promise! {
    async fn metrics_follow_what_happens(engine: Engine) {
        let server = Server::start_with_metrics(engine).await;
        let group = fresh_group(&server, &["physician"]).await;
        let (admin, link) = (&group.people[0], group.people[1].link().await);
        let before = samples(&scraped(&server).await);
        for n in 0..3 {
            admin.post(&draft(group.room, &format!("はるえさんの体温 {n}"))).await.expect("saved");
        }
        let unknown = Command::OpenRoom(WhichRoom { room: RoomId(crate::harness::new_id()) });
        assert_eq!(admin.refused(&unknown).await.code, "not_found");
        let text = scraped(&server).await;
        let after = samples(&text);
        let gained = |name: &str| after[name] - before[name];
        assert_eq!(gained(r#"tsumugi_command_seconds_count{command="posts.send"}"#), 3.0);
        assert_eq!(gained(r#"tsumugi_refusals_total{code="not_found"}"#), 1.0);
        assert!(gained("tsumugi_store_batch_acts_sum") >= 3.0);
        for histogram in ["store_batch_acts", "store_batch_seconds", "store_commit_seconds", "fanout_seconds"] {
            assert!(gained(&format!("tsumugi_{histogram}_count")) >= 3.0, "{histogram}");
            assert!(gained(&format!("tsumugi_{histogram}_sum")) > 0.0, "{histogram}");
        }
        assert_eq!(after["tsumugi_links"], 1.0);
        assert!(after["tsumugi_connections"] >= 1.0);
        assert!(after["process_resident_memory_bytes"] > 1e6 && after["process_open_fds"] > 5.0);
        drop(link);

        let mut people: Vec<String> = server.people.iter().map(|p| p.email.clone()).collect();
        people.extend(server.people.iter().map(|p| p.name.clone()));
        people.extend([group.room.to_string(), admin.me.account.to_string(), "127.0.0.1".into(), "体温".into()]);
        for word in people {
            assert!(!text.contains(&word), "{word}");
        }
        let labels = ["command=", "code=", "le=", "version="];
        for name in after.keys().filter_map(|sample| Some(sample.split_once('{')?.1)) {
            for label in name.trim_end_matches('}').split(',') {
                assert!(labels.iter().any(|known| label.starts_with(known)), "{label}");
            }
        }
    }
}

#[tokio::test]
async fn metrics_never_come_through_the_public_door_nor_by_themselves() {
    let server = Server::start_with_metrics(Engine::Sqlite).await;
    for path in ["GET /metrics", "GET /api/v1/metrics", "GET /api/metrics", "POST /metrics"] {
        let answer = raw_http(&server, path, &[], b"").await.expect("an answer");
        assert!(!String::from_utf8_lossy(&answer.body).contains("tsumugi_"), "{path}");
    }
    let port = server.setup.metrics.expect("a port");
    let other = reqwest::get(format!("http://127.0.0.1:{port}/healthz")).await.expect("an answer");
    assert_eq!(other.status().as_u16(), 404, "there is nothing else behind that door");
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").to_string_lossy().into_owned();
    let wide = tsumugi_in(&[("TSUMUGI__METRICS", "0.0.0.0:9464")], &["demo", "--data", &data, "--small"]);
    assert!(!wide.status.success());
    assert!(String::from_utf8_lossy(&wide.stderr).contains("metrics = 0.0.0.0:9464"));
}

fn monitoring() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/monitoring")
}

/// Every metric a text names.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("tsumugi_") || word.starts_with("process_")).collect()
}

/// All queries of a dashboard.
fn queries(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("expr").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| queries(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| queries(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn dashboard_and_alerts_ask_only_for_what_is_told() {
    let server = Server::start_with_metrics(Engine::Sqlite).await;
    let told = scraped(&server).await;
    let known: BTreeSet<&str> = told
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let dashboard =
        std::fs::read_to_string(monitoring().join("grafana-dashboard.json")).expect("a dashboard");
    let mut asked = Vec::new();
    queries(&serde_json::from_str(&dashboard).expect("JSON"), &mut asked);
    assert!(asked.len() >= 10, "{} queries", asked.len());
    let alerts = std::fs::read_to_string(monitoring().join("alerts.yml")).expect("alert rules");
    assert!(alerts.matches("- alert:").count() >= 5);
    let asked = asked.join("\n");
    for name in named(&asked).union(&named(&alerts)) {
        assert!(known.contains(name), "{name} is asked for and not told");
    }
    // A word in quotes after `code=` or `command=` has to be one of ours.
    for (label, words) in [
        ("code", Code::ALL.iter().map(|code| code.as_str()).collect::<BTreeSet<_>>()),
        ("command", Command::LIST.iter().map(|entry| entry.name).collect()),
    ] {
        for part in asked.split(&format!("{label}=\"")).chain(alerts.split(&format!("{label}=\""))).skip(1) {
            let Some((word, _)) = part.split_once('"') else { continue };
            let is_ours =
                words.contains(word) || !word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
            assert!(is_ours, "{label}={word}");
        }
    }
}
