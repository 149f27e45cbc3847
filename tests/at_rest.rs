//! The disk says nothing: no byte of the data folder tells what was written or who somebody is.

pub mod scan;

use crate::harness::{Engine, Folder, Person, Server, draft, fresh_group, tsumugi};
use scan::Scanner;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tsumugi_protocol::{Command, CreateFree, MarkRead, Position, RoomId, RoomMade};

/// The two hundred words that occur in the demo's world.
fn words() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/home-care-month/words.txt");
    let text = fs::read_to_string(file).expect("the words");
    let words: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    assert!(words.len() >= 200, "only {} words", words.len());
    words
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Where any of the words stands in the clear.
pub fn leaks(folder: &Path, scanner: &Scanner) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(folder) {
        // A journal may go while we look.
        let Ok(bytes) = fs::read(&file) else { continue };
        found.extend(scanner.hits(&bytes).into_iter().map(|word| format!("{}: {word}", file.display())));
    }
    found
}

/// Everything the people of the demo can read, as one text.
async fn all_that_is_said(server: &Server) -> String {
    let mut said = String::new();
    let emails: Vec<String> = server.people.iter().map(|person| person.email.clone()).collect();
    let mut seen: BTreeSet<RoomId> = BTreeSet::new();
    for email in emails {
        let person: Person<'_> = server.person(&email).await;
        said.push_str(&format!("{}\n{email}\n", serde_json::to_string(&person.me).expect("JSON")));
        let list = person.rooms().await;
        said.push_str(&serde_json::to_string(&list).expect("JSON"));
        for card in list.rooms.iter().filter(|card| seen.insert(card.id)) {
            for post in person.history(card.id).await {
                said.push_str(crate::sending::text_of(&post));
                said.push('\n');
            }
        }
    }
    said
}

#[tokio::test]
async fn no_byte_of_the_data_folder_tells_what_was_written() {
    // clause("002-1.2(3)d")
    let server = Server::start_full(Engine::Sqlite).await;
    let words = words();
    let said = all_that_is_said(&server).await;
    let heard = words.iter().filter(|word| said.contains(word.as_str())).count();
    assert!(
        heard * 10 >= words.len() * 9,
        "the scan is about words that are stored: {heard} of {}",
        words.len()
    );

    // More of everything a person may write, also what is refused or only half said.
    let group = fresh_group(&server, &["physician", "visiting_nurse"]).await;
    let physician = &group.people[1];
    let mut link = physician.link().await;
    for word in &words {
        let post = draft(group.room, &format!("{word}のことで連絡します。"));
        group.people[0].post(&post).await.expect("saved");
        link.posted(post.post).await;
    }
    let named = CreateFree {
        room: RoomId(crate::harness::new_id()),
        title: words[0].clone(),
        aim: words[1].clone(),
        invite: vec![physician.me.account],
        requires: Vec::new(),
    };
    let _: RoomMade = group.people[0].ask(&Command::CreateFree(named)).await.expect("made");
    group.people[0].preview(&draft(group.room, &words[2])).await.expect("a preview");
    group.people[0].send(&draft(group.room, &words[3]), Some("x")).await.expect_err("not confirmed");
    link.text(&format!("{{\"{}\":", words[4])).await;
    link.loose("a refusal").await;
    crate::harness::raw_http(
        &server,
        "POST /api/v1/accounts.sign_in",
        &[("content-type", "application/json")],
        format!(r#"{{"email":"{}","password":"{}"}}"#, words[5], words[6]).as_bytes(),
    )
    .await;
    let mark = MarkRead { room: group.room, position: Position(3) };
    let _: tsumugi_protocol::Done = physician.ask(&Command::MarkRead(mark)).await.expect("marked");

    let mut forbidden = words.clone();
    forbidden.extend(
        server
            .people
            .iter()
            .flat_map(|person| [person.name.clone(), person.email.clone(), person.password.clone()]),
    );
    forbidden.extend([physician.token.clone(), group.people[0].token.clone()]);
    let scanner = Scanner::new(&forbidden);
    let running = leaks(&server.setup.data, &scanner);
    assert!(running.is_empty(), "while it runs:\n{}", running.join("\n"));
    let said = server.log();
    assert!(scanner.hits(said.as_bytes()).is_empty(), "in what it says: {:?}", scanner.hits(said.as_bytes()));
    server.stop();
    let stopped = leaks(&server.setup.data, &scanner);
    assert!(stopped.is_empty(), "after a stop:\n{}", stopped.join("\n"));

    // The scan sees what it looks for: one word planted in a file, and the same folder is not clean.
    let planted = server.setup.data.join("planted");
    fs::write(&planted, format!("…{}…", words[7])).expect("a file");
    assert!(!leaks(&server.setup.data, &scanner).is_empty(), "a planted word is found");
    fs::remove_file(planted).expect("it goes");

    keys_are_needed(&server).await;
}

/// With a wrong key or none the data stays shut, and no new key is made over it.
async fn keys_are_needed(server: &Server) {
    let data = server.setup.data.to_string_lossy().into_owned();
    let key = server.setup.data.join("secrets/master.key");
    let right = fs::read(&key).expect("the master key of a demo");
    let other = Folder::new("other");
    let away = other.path().join("master.key");
    let listen = format!("127.0.0.1:{}", server.setup.port);

    fs::rename(&key, &away).expect("the key is taken away");
    refuses(&["serve", "--data", &data, "--listen", &listen]);
    assert!(!key.exists(), "no new key over existing data");
    refuses(&["demo", "--data", &data, "--listen", &listen, "--json"]);
    assert!(!key.exists(), "nor by the demo");

    let mut wrong = right.clone();
    let middle = wrong.len() / 2;
    wrong[middle] = if wrong[middle] == b'0' { b'1' } else { b'0' };
    for (what, bytes) in
        [("one character", wrong), ("cut short", right[..right.len() / 2].to_vec()), ("empty", Vec::new())]
    {
        fs::write(&key, &bytes).expect("a wrong key");
        refuses(&["serve", "--data", &data, "--listen", &listen]);
        assert_eq!(fs::read(&key).expect("the key"), bytes, "{what}: it is left alone");
        fs::remove_file(&key).expect("it goes");
    }

    fs::rename(&away, &key).expect("the right key is back");
    server.start_again();
    let physician = server.person("physician").await;
    assert!(!physician.rooms().await.rooms.is_empty(), "and everything is there");
}

/// It ends with a failure and one clear line.
fn refuses(arguments: &[&str]) {
    let output = tsumugi(arguments);
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{arguments:?} should be refused");
    let lines: Vec<&str> = err.lines().filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(lines.len(), 1, "one clear line: {err}");
    assert!(err.to_lowercase().contains("key"), "it says what is wrong: {err}");
    assert!(!err.contains("panicked"), "{err}");
}

#[tokio::test]
async fn a_sealed_post_moved_to_another_place_is_not_shown_as_its_text() {
    // Whoever can write to the database can move ciphertext between rooms and posts; it must not open there.
    let server = Server::start(Engine::Sqlite).await;
    let group = fresh_group(&server, &["physician"]).await;
    let admin = &group.people[0];
    for text in ["ひとつ目の内容", "ふたつ目の内容", "みっつ目の内容"] {
        admin.post(&draft(group.room, text)).await.expect("saved");
    }
    server.stop();
    let room: String = group.room.0.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut rows = crate::harness::Rows::of(&server).await;
    rows.run(format!(
        "UPDATE posts SET sealed = (SELECT sealed FROM posts WHERE room = x'{room}' AND position = 1)
         WHERE room = x'{room}' AND position = 2"
    ))
    .await;
    drop(rows);
    server.start_again();
    let history = admin.twin().history(group.room).await;
    let said: Vec<&str> = history.iter().map(crate::sending::text_of).collect();
    assert_eq!(
        said,
        ["ひとつ目の内容", "(undecodable)", "みっつ目の内容"],
        "its place is kept, its text is not guessed"
    );
}
