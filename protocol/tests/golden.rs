//! Golden frames: the same files are read by Rust, TypeScript and the load test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

use serde_json::Value;
use std::{fs, path::PathBuf};
use tsumugi_protocol::{Event, HelloFrame, Refused, Sent, WelcomeFrame, frame};

fn files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Reads a golden frame into its type and writes it again.
fn again(name: &str, text: &str) -> Value {
    let kind = name.split('-').next().unwrap();
    let value = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    match kind {
        "hello" => value(serde_json::to_string(&serde_json::from_str::<HelloFrame>(text).unwrap()).unwrap()),
        "welcome" => {
            value(serde_json::to_string(&serde_json::from_str::<WelcomeFrame>(text).unwrap()).unwrap())
        }
        "event" => value(serde_json::to_string(&serde_json::from_str::<Event>(text).unwrap()).unwrap()),
        "ask" => {
            let ask = frame::read_ask(text).unwrap();
            value(frame::write_ask(ask.id, &ask.command))
        }
        "refused" => {
            let whole: Value = serde_json::from_str(text).unwrap();
            let refused: Refused = serde_json::from_value(whole["refused"].clone()).unwrap();
            value(frame::write_refused(whole["id"].as_u64(), &refused).unwrap())
        }
        "sent" => {
            let whole: Value = serde_json::from_str(text).unwrap();
            let sent: Sent = serde_json::from_value(whole["ok"].clone()).unwrap();
            value(frame::write_ok(whole["id"].as_u64(), &sent).unwrap())
        }
        other => panic!("{other}: a golden frame's name starts with its kind"),
    }
}

#[test]
fn golden_frames_mean_the_same_as_when_they_were_written() {
    let files = files();
    assert!(files.len() >= 8, "only {} golden frames", files.len());
    for (name, text) in files {
        assert_eq!(again(&name, &text), serde_json::from_str::<Value>(&text).unwrap(), "{name}");
    }
}
