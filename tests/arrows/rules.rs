//! The rules of the house, each with the home it sends a stray to.

use std::fmt;

use crate::arrows::paths::{Named, is_path_start, line_of, named, words};
use crate::arrows::source::Source;

/// One line that is not at home.
#[derive(Debug, PartialEq, Eq)]
pub struct Stray {
    pub file: String,
    pub line: usize,
    pub what: String,
    pub home: &'static str,
}

impl fmt::Display for Stray {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} — {}", self.file, self.line, self.what, self.home)
    }
}

/// Every stray in one file; `file` is its path below `server/src`, `modules` what lies directly there.
///
/// A path into none of the modules is a macro or an item that `lib.rs` re-exports, and judged where it is defined.
pub fn strays_in(file: &str, text: &str, modules: &[String]) -> Vec<Stray> {
    if file.ends_with("/tests.rs") || file.contains("/tests/") {
        return Vec::new();
    }
    let source = Source::read(text);
    let mut strays = things(file, &source.code);
    strays.extend(regions(file, &source.words));
    let paths = named(file, &source.code);
    let inside = paths.iter().filter(|named| named.path.first().is_some_and(|first| modules.contains(first)));
    strays.extend(inside.filter_map(|named| arrow(file, named)));
    strays.sort_by_key(|stray| stray.line);
    strays.dedup();
    strays
}

/// Words that belong to one place only.
struct Thing {
    /// Crates (beginning of a path), or `Type::function` tails.
    words: &'static [&'static str],
    at_home: fn(&str) -> bool,
    home: &'static str,
}

const THINGS: &[Thing] = &[
    Thing {
        words: &["axum", "axum_server"],
        // An outbox keeps frames as the socket takes them, so that they are not checked anew for every link.
        at_home: |file| is(file, "edge") || file == "live/outbox.rs",
        home: "HTTP and sockets live in edge/; a verb knows words, not bytes",
    },
    Thing {
        words: &["sqlx"],
        at_home: |file| is(file, "store") || file.ends_with("/store.rs") || is(file, "crypto/keys"),
        home: "SQL lives in store/ and in the store.rs of its noun (keys.db: crypto/keys.rs)",
    },
    Thing {
        words: &[
            "aead",
            "aes_gcm",
            "argon2",
            "aws_lc_rs",
            "getrandom",
            "hkdf",
            "hmac",
            "rand",
            "rand_core",
            "rcgen",
            "ring",
            "sha2",
            "Uuid::new_v4",
            "Uuid::now_v7",
        ],
        at_home: |file| is(file, "crypto"),
        home: "primitives and randomness live in crypto/, each wrapped in a verb",
    },
    Thing {
        words: &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"],
        at_home: |file| is(file, "clock"),
        home: "only clock.rs knows the time; everybody else is given a Clock",
    },
    Thing {
        words: &["tokio::spawn", "task::spawn", "task::spawn_local"],
        // It ends with the writer, which waits for it.
        at_home: |file| is(file, "app") || file == "store/teller.rs",
        home: "tasks are tracked: spawn through App (app.rs)",
    },
    Thing {
        words: &["thread::spawn", "thread::Builder"],
        at_home: |file| is(file, "app") || is(file, "store"),
        home: "threads are started by app.rs; only the store's writer has one of its own",
    },
];

/// Whether `file` is `<module>.rs` or lies in the folder `<module>/`.
fn is(file: &str, module: &str) -> bool {
    file.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

fn things(file: &str, code: &str) -> Vec<Stray> {
    let mut strays = Vec::new();
    for (at, word) in words(code) {
        for thing in THINGS {
            let found = thing.words.iter().find(|wanted| is_there(code, at, word, wanted));
            if let Some(found) = found
                && !(thing.at_home)(file)
            {
                let what = format!("`{found}`");
                strays.push(Stray { file: file.to_owned(), line: line_of(code, at), what, home: thing.home });
            }
        }
    }
    strays
}

/// Whether `wanted` stands at `at`: a crate as the beginning of a path, a `Type::function` wherever it is written.
fn is_there(code: &str, at: usize, word: &str, wanted: &str) -> bool {
    match wanted.split_once("::") {
        Some((holder, function)) => {
            word == holder
                && code[at + word.len()..]
                    .strip_prefix("::")
                    .is_some_and(|rest| words(rest).next() == Some((0, function)))
        }
        None => {
            let before = code[..at].trim_end();
            let begins = is_path_start(code, at)
                && (code[at + word.len()..].starts_with("::")
                    || before.ends_with("use")
                    || before.ends_with("extern crate"));
            word == wanted && begins
        }
    }
}

/// Names of real regions; the code may know that regions differ, never which ones there are.
const REGIONS: &[&str] = &[
    "misato",
    "miyazaki",
    "fukushima",
    "higashikurume",
    "rurume",
    "三郷",
    "宮崎",
    "福島",
    "東久留米",
    "るるめ",
];

fn regions(file: &str, text: &str) -> Vec<Stray> {
    let lower = text.to_lowercase();
    REGIONS
        .iter()
        .flat_map(|region| lower.match_indices(region).map(|(at, _)| (*region, line_of(&lower, at))))
        .map(|(region, line)| Stray {
            file: file.to_owned(),
            line,
            what: format!("the region name `{region}`"),
            home: "what a region wants is data in server/policies/",
        })
        .collect()
}

/// What a file or folder below `src` is, from the left of the arrows to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    /// `main.rs`, `cli/`, `jobs.rs`: start everything, so they may name everything.
    Top,
    Edge,
    /// A folder per noun; the name tells them apart.
    Noun(&'a str),
    /// `policy/` and `audit/`.
    Rules,
    /// `app.rs` and `bodies.rs`: what any act may use.
    App,
    Live,
    Store,
    Crypto,
    /// `clock.rs`, `config.rs`, `error.rs`, `metrics.rs`, `trace.rs`: used by all, know nobody above them.
    Plumbing,
}

/// A folder that is nothing else is a noun, so that a new one is guarded from its first line.
fn part(first: &str) -> Part<'_> {
    match first {
        "main" | "lib" | "cli" | "jobs" => Part::Top,
        "edge" => Part::Edge,
        "policy" | "audit" => Part::Rules,
        "app" | "bodies" => Part::App,
        "live" => Part::Live,
        "store" => Part::Store,
        "crypto" => Part::Crypto,
        "clock" | "config" | "error" | "metrics" | "trace" => Part::Plumbing,
        noun => Part::Noun(noun),
    }
}

const ARROWS: &str =
    "arrows go only to the right: edge → nouns → policy · audit → live · store · crypto → protocol";

/// Judges one path from `file` into another part of the crate.
fn arrow(file: &str, named: &Named) -> Option<Stray> {
    let from = part(file.split(['/', '.']).next()?);
    let to = part(named.path.first()?);
    let home = match (from, to) {
        (from, to) if from == to => return None,
        (Part::Top, _) | (_, Part::Plumbing) => return None,
        (Part::Noun(_), Part::Noun(_)) if is_a_type(&named.path) => return None,
        (Part::Noun(_), Part::Noun(_)) => {
            "a verb may use another noun's types and Tx methods, never its verbs: what two nouns share is a method of a type"
        }
        (Part::Edge, to) if to != Part::Top => return None,
        (Part::Noun(_) | Part::Rules, Part::Rules | Part::App | Part::Live | Part::Store | Part::Crypto) => {
            return None;
        }
        (Part::App, Part::Noun(_)) if is_a_type(&named.path) => return None,
        (Part::App, Part::Rules | Part::Live | Part::Store | Part::Crypto) => return None,
        (Part::Live, Part::Store) => {
            "live/ never reads the database: the row is the truth, the event is a hint"
        }
        (Part::Live | Part::Store | Part::Crypto, Part::Live | Part::Store | Part::Crypto) => return None,
        (Part::Plumbing, Part::Live | Part::Store | Part::Crypto) => return None,
        _ => ARROWS,
    };
    let what = format!("`{}`", named.path.join("::"));
    Some(Stray { file: file.to_owned(), line: named.line, what, home })
}

/// Whether a path ends at the noun itself, in its `store`, or at or inside a type or constant.
fn is_a_type(path: &[String]) -> bool {
    match path.get(1) {
        None => true,
        Some(next) if next == "store" => true,
        Some(_) => path[1..].iter().any(|segment| segment.starts_with(char::is_uppercase)),
    }
}

#[cfg(test)]
fn found(file: &str, text: &str) -> Vec<(usize, String)> {
    let modules = "app audit bodies cli clock config crypto edge error jobs live policy posts rooms store";
    let modules: Vec<String> = modules.split(' ').map(str::to_owned).collect();
    strays_in(file, text, &modules).into_iter().map(|stray| (stray.line, stray.what)).collect()
}

#[test]
fn an_empty_server_is_in_order() {
    assert_eq!(found("lib.rs", "//! The map.\npub mod edge;\npub mod rooms;\n"), []);
    assert_eq!(found("main.rs", "//! The binary.\nfn main() {}\n"), []);
}

#[test]
fn things_have_one_home() {
    let planted = [
        ("posts/send.rs", "use axum::Json;", "edge/x.rs"),
        ("posts/send.rs", "fn f() { axum_server::bind(a); }", "edge/tls.rs"),
        ("posts/send.rs", "use sqlx;", "posts/store.rs"),
        ("live/hub.rs", "sqlx::query(SQL)", "store/engine.rs"),
        ("posts/send.rs", "sqlx::query(SQL)", "crypto/keys.rs"),
        ("accounts/sign_in.rs", "use argon2::Argon2;", "crypto/passwords.rs"),
        ("rooms/open.rs", "let id = Uuid::now_v7();", "crypto/random.rs"),
        ("rooms/open.rs", "let id = uuid::Uuid::new_v4();", "crypto/random.rs"),
        ("edge/tls.rs", "aws_lc_rs::rand::fill(&mut b)", "crypto/random.rs"),
        ("edge/socket.rs", "let t = std::time::Instant::now();", "clock.rs"),
        ("posts/send.rs", "let t = SystemTime::now();", "clock.rs"),
        ("posts/send.rs", "tokio::spawn(async {});", "app.rs"),
        ("store/batch.rs", "tokio::task::spawn(async {});", "app.rs"),
        ("live/hub.rs", "std::thread::Builder::new()", "store/engine.rs"),
    ];
    for (stray, text, home) in planted {
        assert_eq!(found(stray, text).len(), 1, "{text} in {stray}");
        assert_eq!(found(home, text), [], "{text} in {home}");
    }
}

#[test]
fn words_that_only_look_alike_stay() {
    let harmless = "use rustls::crypto::aws_lc_rs::default_provider; // axum::Json\nlet axum = 1; brand::new(); \
                    let s = \"tokio::spawn\"; self.sqlx.len(); tracker.spawn(task); tokio::task::spawn_blocking(f);";
    assert_eq!(found("edge/tls.rs", harmless), []);
}

#[test]
fn a_region_has_no_name_in_the_code() {
    assert_eq!(found("policy/read.rs", "\nlet file = \"Misato.toml\";").len(), 1);
    assert_eq!(found("edge/http.rs", "// 宮崎 is only remarked upon"), []);
    assert_eq!(found("posts/send.rs", "if region == \"東久留米\" {}").len(), 1);
}

#[test]
fn no_arrow_points_to_the_left() {
    let planted = [
        ("posts/send.rs", "use crate::edge::dispatch::Reply;"),
        ("policy/resolve.rs", "use crate::rooms::Room;"),
        ("audit/seal.rs", "crate::posts::send::send(app)"),
        ("store/batch.rs", "use crate::posts::Post;"),
        ("store/batch.rs", "use crate::app::App;"),
        ("live/hub.rs", "use crate::{store::Store};"),
        ("crypto/keys.rs", "use super::super::audit::Entry;"),
        ("error.rs", "use crate::edge::Status;"),
        ("app.rs", "use crate::edge::Status;"),
        ("app.rs", "crate::posts::send::send(a);"),
        ("edge/http.rs", "use crate::cli::Options;"),
        ("rooms/open.rs", "use crate::jobs;"),
    ];
    for (file, text) in planted {
        assert_eq!(found(file, text).len(), 1, "{text} in {file}");
    }
    let fine = [
        ("edge/dispatch.rs", "use crate::posts::{send, Post}; use crate::live::Hub;"),
        (
            "posts/send.rs",
            "use crate::{app::App, audit::entry, policy::Profile, store::Tx, crypto::seal::seal};",
        ),
        ("posts/send.rs", "use super::store::insert; use super::Post; use crate::posts::preview::findings;"),
        ("cli/demo.rs", "crate::posts::send::send(app); crate::edge::serve(app);"),
        (
            "app.rs",
            "use crate::{live::Hub, store::Store, crypto::keys::KeyStore, clock::Clock, rooms::Heads};",
        ),
        ("error.rs", "use crate::store::StoreFault;"),
    ];
    for (file, text) in fine {
        assert_eq!(found(file, text), [], "{text} in {file}");
    }
}

#[test]
fn a_macro_of_the_crate_belongs_to_nobody() {
    assert_eq!(found("store/batch.rs", "crate::on_engine!(conn, c => query(c)); use crate::Fault;"), []);
}

#[test]
fn a_verb_never_calls_a_verb_of_another_noun() {
    let planted = [
        "crate::rooms::open::open(app, who, ask)",
        "use crate::rooms::open;",
        "use crate::rooms::open::open;",
        "use crate::rooms;\nfn f() { rooms::open(a) }",
        "use crate::rooms::{self as houses};\nfn f() { houses::open::open(a) }",
        "use crate::rooms::*;",
        "use super::super::rooms::open::open;",
    ];
    for text in planted {
        assert_eq!(found("posts/send.rs", text).len(), 1, "{text}");
    }
    let fine = [
        "use crate::rooms::{Room, store::RoomRows};",
        "use crate::rooms;\nfn f(room: rooms::Room) { rooms::Room::named(a) }",
        "crate::rooms::Access::decide(&facts)",
        "#[cfg(test)]\nmod tests { use crate::rooms::open::open; }",
    ];
    for text in fine {
        assert_eq!(found("posts/send.rs", text), [], "{text}");
    }
    assert_eq!(found("posts/tests.rs", "use crate::rooms::open::open;"), []);
}
