//! Arrows go only to the right: reads the server's sources and names each stray with its proper home.
//!
//! `edge → nouns → policy · audit → live · store · crypto → protocol`. A verb may use another noun's types and `Tx`
//! methods, never its verbs. What is tested (`#[cfg(test)]`, `tests.rs`, `tests/`) may reach anywhere.

mod paths;
mod rules;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use rules::strays_in;

/// Every Rust file below the server's `src`, with its path relative to it, sorted.
fn server_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_line_of_the_server_is_at_home() {
    let sources = server_sources();
    assert!(sources.iter().any(|(name, _)| name == "lib.rs"), "the server's sources are not where they were");
    let modules: Vec<String> =
        sources.iter().filter_map(|(file, _)| file.split(['/', '.']).next()).map(str::to_owned).collect();
    let strays: Vec<String> = sources
        .iter()
        .flat_map(|(file, text)| strays_in(file, text, &modules))
        .map(|stray| format!("server/src/{stray}"))
        .collect();
    assert!(strays.is_empty(), "{} stray(s):\n{}", strays.len(), strays.join("\n"));
}
