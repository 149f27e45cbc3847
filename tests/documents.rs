//! The documents the server hands out say what it does: every command, no other, and all the codes.

use crate::harness::{Engine, RawAnswer, Server, promise, raw_http, shared};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tsumugi_protocol::command::Door;
use tsumugi_protocol::{Code, Command};

/// A document, fetched without a session.
async fn document(server: &Server, path: &str) -> Value {
    let answer: RawAnswer = raw_http(server, &format!("GET {path}"), &[], b"").await.expect("an answer");
    assert_eq!(answer.status, 200, "{path}");
    let value = answer.json();
    assert!(value.is_object(), "{path}: {}", String::from_utf8_lossy(&answer.body));
    value
}

promise! {
    async fn the_http_document_lists_exactly_the_commands_and_codes(server: &Server) {
        let document = document(server, "/api/docs/openapi.json").await;
        assert_eq!(document["openapi"], "3.1.0");
        let paths: BTreeSet<&str> = document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
        let commands: Vec<String> = Command::LIST
            .iter()
            .filter(|entry| entry.door != Door::Link)
            .map(|entry| format!("/api/v1/{}", entry.name))
            .collect();
        assert_eq!(paths, commands.iter().map(String::as_str).collect());
        let codes: BTreeSet<&str> = document["x-refusal-codes"]
            .as_array()
            .expect("codes")
            .iter()
            .filter_map(|code| code["code"].as_str())
            .collect();
        assert_eq!(codes, Code::ALL.iter().map(|code| code.as_str()).collect());
        // What is documented is there: never an unknown command.
        for path in paths {
            let answer = raw_http(server, &format!("POST {path}"), &[("content-type", "application/json")], b"{}").await;
            assert_ne!(answer.expect("an answer").code(), "unknown_command", "{path}");
        }
        let open: BTreeSet<&str> = Command::LIST
            .iter()
            .filter(|entry| document["paths"][format!("/api/v1/{}", entry.name)]["post"]["security"] == json!([]))
            .map(|entry| entry.name)
            .collect();
        let ways_in = [
            "accounts.confirm_email",
            "accounts.declare_exception",
            "accounts.enter",
            "accounts.enter_by_exception",
            "accounts.forgot",
            "accounts.reset",
            "accounts.sign_in",
            "accounts.sign_in_passkey_begin",
            "accounts.sign_in_passkey_finish",
            "enrolments.fill",
            "enrolments.form",
            "enrolments.submit",
            "incidents.report",
            "service.about",
        ];
        assert_eq!(open, ways_in.into(), "what is open without a session");
    }
}

promise! {
    async fn the_socket_document_lists_exactly_the_commands(server: &Server) {
        let document = document(server, "/api/docs/asyncapi.json").await;
        let messages = document["channels"]["link"]["messages"].as_object().expect("messages");
        let named: BTreeSet<&str> = messages.keys().map(String::as_str).filter(|name| name.contains('.')).filter(|name| !name.ends_with(".ok")).collect();
        let commands: BTreeSet<&str> =
            Command::LIST.iter().filter(|entry| entry.door != Door::Http).map(|entry| entry.name).collect();
        assert_eq!(named, commands);
    }
}

promise! {
    async fn the_page_of_documents_and_the_pulse_need_no_session(server: &Server) {
        for path in ["/api/docs", "/healthz"] {
            let answer = raw_http(server, &format!("GET {path}"), &[], b"").await.expect("an answer");
            assert_eq!(answer.status, 200, "{path}");
        }
    }
}

/// Every Rust source below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// The tests there are, as papers name them: `file::the_test`, of these tests and of the server's own.
fn tests_there_are(root: &Path) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for file in ["tests", "server/src"].into_iter().flat_map(|folder| sources(&root.join(folder))) {
        let text = fs::read_to_string(&file).expect("a source");
        let (stem, parent) = (file.file_stem().expect("a name"), file.parent().and_then(Path::file_name));
        let module = if stem == "mod" { parent.expect("a folder") } else { stem };
        let module = module.to_string_lossy().into_owned();
        if text.contains("mod tests {") {
            all.insert(format!("{module}::tests"));
        }
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            is_test |= line.starts_with("#[test]")
                || line.starts_with("#[tokio::test")
                || line.starts_with("promise!");
            let name = line.split_once("fn ").filter(|(before, _)| ["", "async "].contains(before));
            if let Some((_, rest)) = name.filter(|_| is_test) {
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                all.insert(format!("{module}::{name}"));
                is_test = false;
            }
        }
    }
    all
}

/// What a row of a table names in its code spans as `file::test`.
fn named_in(row: &str) -> Vec<String> {
    let is_name = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let spans = row.split('`').skip(1).step_by(2);
    let named =
        spans.filter(|span| span.split_once("::").is_some_and(|(file, test)| is_name(file) && is_name(test)));
    named.map(str::to_owned).collect()
}

#[test]
fn every_threat_has_its_test_and_every_test_that_security_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("SECURITY.md")).expect("SECURITY.md");
    let there = tests_there_are(&root);
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| What | Limit"));
    let named: BTreeSet<String> = rows.flat_map(named_in).collect();
    assert!(named.len() > 40, "they are found: {named:?}");
    let lost: Vec<&String> = named.difference(&there).collect();
    assert!(lost.is_empty(), "SECURITY.md names tests that are not there: {lost:#?}");

    // Of the first table, the threats, no row goes without.
    let threats = text.lines().skip_while(|line| !line.starts_with("| Against |")).skip(2);
    for row in threats.take_while(|line| line.starts_with('|')) {
        assert!(!named_in(row).is_empty(), "no test is named: {row}");
    }
}
