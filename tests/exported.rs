//! The audit leaves the house as a file, and whoever has that and the public root key checks it without us.

use crate::harness::{Engine, Folder, draft, fresh_group, shared, tsumugi};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// What an export prints, line by line.
fn exported(data: &str, more: &[&str]) -> Vec<String> {
    let mut arguments = vec!["audit", "export", "--data", data];
    arguments.extend(more);
    let output = tsumugi(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

/// Whether a file of those lines is in order, and what is said of it.
fn verdict(folder: &Path, lines: &[String], root: &str) -> (bool, Value) {
    let file = folder.join("audit.jsonl");
    fs::write(&file, lines.join("\n")).expect("a file");
    // A folder that holds no data of ours is where it is checked.
    let output = tsumugi(&["audit", "verify", &file.to_string_lossy(), "--root", root]);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = out.lines().last().and_then(|line| serde_json::from_str(line).ok());
    (
        output.status.success(),
        last.unwrap_or_else(|| panic!("{out}{}", String::from_utf8_lossy(&output.stderr))),
    )
}

#[tokio::test]
async fn an_exported_audit_is_checked_by_whoever_has_the_file_and_the_root_key() {
    let server = shared(Engine::Sqlite);
    let group = fresh_group(&server, &["physician"]).await;
    let post = draft(group.room, "持ち出してはいけない言葉");
    group.people[0].post(&post).await.expect("a post");
    let data = server.setup.data.to_string_lossy().into_owned();
    let root = server.setup.data.join("audit/root.pub").to_string_lossy().into_owned();
    let folder = Folder::new("exported");
    let lines = exported(&data, &[]);
    let whole = lines.join("\n");
    assert!(
        whole.contains(&post.post.to_string()) && !whole.contains("持ち出して"),
        "ids, and nothing that was written"
    );
    let (ok, said) = verdict(folder.path(), &lines, &root);
    assert!(ok, "{said}");
    let entries = lines.iter().filter(|line| line.starts_with("{\"entry\"")).count();
    assert_eq!(said["entries"].as_u64().and_then(|n| usize::try_from(n).ok()), Some(entries));

    // Another outcome, one entry fewer, another key: none of it goes unnoticed.
    let sent = lines.iter().position(|line| line.contains(&post.post.to_string())).expect("its entry");
    let mut changed = lines.clone();
    changed[sent] = changed[sent].replacen("\"done\"", "\"not_found\"", 1);
    let mut shorter = lines.clone();
    shorter.remove(sent - 1);
    let keyless: Vec<String> = lines.iter().filter(|line| !line.starts_with("{\"key\"")).cloned().collect();
    for (what, lines) in [("changed", &changed), ("shorter", &shorter)] {
        let (ok, said) = verdict(folder.path(), lines, &root);
        assert!(!ok && said["broken"].as_array().is_some_and(|broken| !broken.is_empty()), "{what}: {said}");
    }
    if lines.iter().any(|line| line.starts_with("{\"head\"")) {
        assert!(!verdict(folder.path(), &keyless, &root).0, "a head that no key of the line signed");
    }
    let other = folder.path().join("other.pub");
    fs::write(&other, "11".repeat(32)).expect("a key");
    assert!(!verdict(folder.path(), &lines, &other.to_string_lossy()).0, "another root");
    assert!(!verdict(folder.path(), &["nonsense".to_owned()], &root).0);

    // A part of it stands by itself, and both ways of writing it tell the same.
    assert!(exported(&data, &["--to", "2020-01-01"]).is_empty(), "before there was anything");
    let late = exported(&data, &["--from", "2020-01-02"]);
    assert!(verdict(folder.path(), &late, &root).0);
    let events = exported(&data, &["--format", "fhir"]);
    let sent = events.iter().find(|line| line.contains(&post.post.to_string())).expect("its event");
    let event: Value = serde_json::from_str(sent).expect("JSON");
    assert_eq!(
        (&event["resourceType"], &event["action"], &event["outcome"]),
        (&"AuditEvent".into(), &"C".into(), &"0".into())
    );
    let who = format!("urn:uuid:{}", group.people[0].me.account);
    assert_eq!(event["agent"][0]["who"]["identifier"]["value"], Value::String(who));
}
