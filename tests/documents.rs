//! The documents the server hands out say what it does: every command, no other, and all the codes.

use crate::harness::{Engine, RawAnswer, Server, promise, raw_http, shared};
use serde_json::{Value, json};
use std::collections::BTreeSet;
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
            "accounts.enter",
            "accounts.forgot",
            "accounts.reset",
            "accounts.sign_in",
            "accounts.sign_in_passkey_begin",
            "accounts.sign_in_passkey_finish",
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
