//! An operator's first day: a folder, a first link, a sign-in, and a region brought in, each by the command that says so.

use crate::audit::verdict;
use crate::harness::{
    Engine, Folder, Link, RawAnswer, Rows, Server, Setup, Upgrade, hello, promise, raw_http, tsumugi_in,
};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use tsumugi_protocol::Event;

const DESK: &str = "desk@ours.example";
const PASSWORD: &str = "haru-no-kaze-12";

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command that must work, and gives what it says.
pub fn says(arguments: &[&str]) -> String {
    says_in(&[], arguments)
}

/// The same, with variables in its environment.
fn says_in(environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = tsumugi_in(environment, arguments);
    assert!(output.status.success(), "{arguments:?}: {}{}", out(&output), err(&output));
    out(&output)
}

/// Runs a command that must be refused with one sentence, and gives the sentence.
pub fn refuses(arguments: &[&str]) -> String {
    refuses_in(&[], arguments)
}

/// The same, with variables in its environment.
fn refuses_in(environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = tsumugi_in(environment, arguments);
    assert!(!output.status.success(), "{arguments:?} should be refused: {}", out(&output));
    let lines: Vec<String> = err(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 1, "one sentence: {lines:?}");
    lines[0].clone()
}

/// What `tsumugi init` says on a setup.
fn init(setup: &Setup, email: &str) -> String {
    let (data, listen) = (setup.data.to_string_lossy().into_owned(), format!("127.0.0.1:{}", setup.port));
    let mut words = vec!["init", "--data", &data, "--listen", &listen, "--region", "ひなたの隣"];
    words.extend(["--name", "佐藤 花子", "--email", email]);
    if let Some(url) = &setup.store {
        words.extend(["--store", url]);
    }
    says(&words)
}

/// The token of the link that a command printed.
pub fn token_in(text: &str) -> String {
    let line = text.lines().find(|line| line.contains("/first#")).expect("a first link");
    line.rsplit_once("/first#").expect("a token").1.trim().to_owned()
}

/// Makes a region in a folder, and gives the token of its first link.
pub fn first_link(setup: &Setup, email: &str) -> String {
    token_in(&init(setup, email))
}

async fn ask(server: &Server, command: &str, ask: Value) -> RawAnswer {
    let headers = [("content-type", "application/json")];
    let start = format!("POST /api/v1/{command}");
    raw_http(server, &start, &headers, ask.to_string().as_bytes()).await.expect("an answer")
}

pub async fn enter(server: &Server, link: &str, password: &str) -> RawAnswer {
    ask(
        server,
        "accounts.enter",
        json!({ "link": link, "password": password, "terms": "1", "token_in": "body" }),
    )
    .await
}

async fn sign_in(server: &Server, email: &str) -> RawAnswer {
    ask(server, "accounts.sign_in", json!({ "email": email, "password": PASSWORD, "token_in": "body" })).await
}

/// Runs `serve` by exactly the words that `init` printed.
pub fn serve(setup: Setup, folder: Folder, printed: &str) -> Server {
    let line = printed.lines().find(|line| line.contains("tsumugi serve")).expect("how to start it");
    let (_, words) = line.split_once("tsumugi ").expect("a command");
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    Server::serving(setup, folder, &words)
}

/// Starts a stopped server again, by its folder alone.
fn serve_again(mut server: Server) -> Server {
    let folder = server.take_folder();
    let words = ["serve", "--data", &server.setup.data.to_string_lossy()].map(str::to_owned);
    Server::serving(server.setup.clone(), folder, &words)
}

/// How many rows there are of everything that an import brings.
async fn counted(server: &Server) -> Vec<i64> {
    let mut rows = Rows::of(server).await;
    let mut counts = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM regions",
        "SELECT COUNT(*) FROM offices",
        "SELECT COUNT(*) FROM accounts",
        "SELECT COUNT(*) FROM affiliations",
        "SELECT COUNT(*) FROM patients",
        "SELECT COUNT(*) FROM rooms",
        "SELECT COUNT(*) FROM members",
        "SELECT COUNT(*) FROM posts",
    ] {
        counts.push(rows.number(sql).await);
    }
    counts
}

promise! {
    async fn a_region_is_made_entered_looked_at_and_filled(engine: Engine) {
        // clause("000§11(1)b")
        let folder = Folder::new("operator");
        let setup = Setup::new(engine, folder.path(), false).await;
        let printed = init(&setup, DESK);
        let settings = fs::metadata(setup.data.join("tsumugi.toml")).expect("settings");
        assert_eq!(settings.permissions().mode() & 0o777, 0o600, "they may hold a password");

        let link = token_in(&printed);
        let server = serve(setup, folder, &printed);
        let weak = enter(&server, &link, "haru").await;
        assert_eq!((weak.status, weak.code().as_str()), (403, "password_too_weak"));
        let entered = enter(&server, &link, PASSWORD).await;
        assert_eq!(entered.status, 200, "{}", entered.code());
        assert_eq!(entered.json()["ok"]["me"]["name"], "佐藤 花子");
        assert_eq!(enter(&server, &link, PASSWORD).await.code(), "link_spent");
        assert_eq!(sign_in(&server, DESK).await.status, 200);
        server.stop();

        let data = server.setup.data.to_string_lossy().into_owned();
        let found = says(&["doctor", "--data", &data]);
        assert!(found.contains("good") && !found.contains("BAD"), "{found}");

        let server = filled(server, &data).await;
        let (ok, verdict) = verdict(&server);
        assert!(ok, "{verdict}");
        looked_at(&server, engine, &data).await;
    }
}

promise! {
    async fn a_running_server_takes_errands_and_its_people_hear_of_them(engine: Engine) {
        let folder = Folder::new("operator");
        let setup = Setup::new(engine, folder.path(), false).await;
        let printed = init(&setup, DESK);
        let half = folder.path().join("half");
        let server = serve(setup, folder, &printed);
        let data = server.setup.data.to_string_lossy().into_owned();

        let month = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/home-care-month");
        fs::create_dir(&half).expect("a folder");
        fs::copy(month.join("world.toml"), half.join("world.toml")).expect("a world");
        let posts = fs::read_to_string(month.join("posts.jsonl")).expect("posts");
        let all = posts.lines().count();
        let some: String = posts.lines().take(all / 2).flat_map(|line| [line, "\n"]).collect();
        fs::write(half.join("posts.jsonl"), some).expect("posts");
        let first = says(&["import", "--data", &data, &half.to_string_lossy()]);
        assert!(first.contains("the region is new"), "{first}");

        let link = token_in(&says(&["account", "link", "--data", &data, "--email", "mizukami@demo.example"]));
        let entered = enter(&server, &link, PASSWORD).await.json();
        let token = entered["ok"]["token"].as_str().expect("a token");
        let mut link = Link::open(&server, &Upgrade::bearer(token)).await.expect("an upgrade");
        link.hello(hello(Vec::new())).await;

        let rest = says(&["import", "--data", &data, &month.to_string_lossy()]);
        assert!(rest.contains(&format!("there already; {} of {all} posts were new", all - all / 2)), "{rest}");
        link.expect("that the link is behind", |event| matches!(event, Event::Behind).then_some(())).await;

        // What cannot be done is refused by the same words as without a server, and changes nothing.
        let before = counted(&server).await;
        let refused = refuses(&["account", "link", "--data", &data, "--email", "nobody@demo.example"]);
        assert!(refused.contains("no account"), "{refused}");
        assert_eq!(counted(&server).await, before);

        server.stop();
        assert!(!server.setup.data.join("operator.sock").exists(), "nobody listens there any more");
        let audit = Rows::of(&server).await.audit().await;
        let errands: Vec<_> = audit.iter().filter(|row| row.act.starts_with("operator.")).collect();
        let acts: Vec<_> = errands.iter().map(|row| row.act.as_str()).collect();
        assert_eq!(
            acts,
            ["operator.import", "operator.hand_out_link", "operator.import", "operator.hand_out_link"],
            "each errand, the refused one too"
        );
        assert!(errands.iter().all(|row| row.detail.as_deref().is_some_and(|detail| detail.contains("operator"))));
    }
}

/// The doctor says what it looked at, on either engine, and sees what is wrong there.
async fn looked_at(server: &Server, engine: Engine, data: &str) {
    let posts = counted(server).await.pop().expect("posts");
    let found = says(&["doctor", "--data", data]);
    let looked = match engine {
        Engine::Sqlite => "SQLite: every page, index and reference checked; ",
        Engine::Postgres => "PostgreSQL: every value of ",
    };
    let (_, behind) = found.split_once(looked).unwrap_or_else(|| panic!("{looked}: {found}"));
    let rows: i64 = behind.split(' ').next().and_then(|rows| rows.parse().ok()).expect("how many rows");
    assert!(rows > posts && !found.contains("BAD"), "{found}");
    assert!(found.contains("days left, for ") && found.contains("127.0.0.1, ::1, localhost"), "{found}");

    let mut rows = Rows::of(server).await;
    match engine {
        Engine::Sqlite => {
            rows.run("PRAGMA foreign_keys = OFF".to_owned()).await;
            rows.run("DELETE FROM offices".to_owned()).await;
        }
        Engine::Postgres => {
            let later = "ALTER TABLE rooms ADD CONSTRAINT later CHECK (created_at > 0) NOT VALID";
            rows.run(later.to_owned()).await;
        }
    }
    drop(rows);
    let output = tsumugi_in(&[], &["doctor", "--data", data]);
    let (found, wrong) = (
        out(&output),
        match engine {
            Engine::Sqlite => "rows refer to what is not there: ",
            Engine::Postgres => "not in force for all rows: later",
        },
    );
    assert!(!output.status.success() && found.contains("BAD") && found.contains(wrong), "{found}");
}

/// Brings the month in, twice, and lets its people in.
async fn filled(server: Server, data: &str) -> Server {
    let month = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/home-care-month");
    let month = month.to_string_lossy();
    let first = says(&["import", "--data", data, &month]);
    assert!(first.contains("the region is new") && first.contains("have no sign-in yet"), "{first}");
    let before = counted(&server).await;

    let list = server.setup.data.join("links.jsonl");
    let file = list.to_string_lossy().into_owned();
    let again = says(&["import", "--data", data, &month, "--links", &file]);
    assert!(again.contains("there already; 0 of"), "{again}");
    assert_eq!(counted(&server).await, before, "the second changes nothing");
    assert_eq!(fs::metadata(&list).expect("links").permissions().mode() & 0o777, 0o600);
    let lines = fs::read_to_string(&list).expect("links");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(first.contains(&format!("{} people have no sign-in yet", lines.len())), "{first}");
    let link_of = |email: &str| {
        let line = lines.iter().find(|line| line["email"] == email).expect("a line");
        token_in(line["link"].as_str().expect("a link"))
    };
    let taken = refuses(&["import", "--data", data, &month, "--links", &file]);
    assert!(taken.contains("cannot be made for the links"), "links are never written over: {taken}");

    // One's link went astray, and she gets another.
    let anew = token_in(&says(&["account", "link", "--data", data, "--email", " Takanashi@Demo.example "]));
    let server = serve_again(server);
    assert_eq!(enter(&server, &link_of("takanashi@demo.example"), PASSWORD).await.code(), "link_spent");
    for (email, link) in
        [("takanashi@demo.example", anew), ("mizukami@demo.example", link_of("mizukami@demo.example"))]
    {
        assert_eq!(enter(&server, &link, PASSWORD).await.status, 200, "{email}");
        assert_eq!(sign_in(&server, email).await.status, 200, "{email}");
    }
    server.stop();
    let again = says(&["account", "link", "--data", data, "--email", "mizukami@demo.example"]);
    assert!(again.starts_with("New password of mizukami@demo.example (good once"), "{again}");
    let refused = refuses(&["account", "link", "--data", data, "--email", "nobody@demo.example"]);
    assert!(refused.contains("no account"), "{refused}");
    let made = Rows::of(&server).await.audit().await;
    let made: Vec<_> = made.iter().filter(|row| row.act == "accounts.link_made").collect();
    assert_eq!(
        made.len(),
        1 + lines.len() + 1 + 1,
        "init's, the file's, the one more, and the new password's"
    );
    assert!(made.iter().all(|row| row.subject.is_some() && row.outcome == "done"));
    server
}

#[tokio::test]
async fn the_service_manager_may_name_the_folder_and_hold_the_master_key() {
    let folder = Folder::new("operator");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    init(&setup, DESK);
    let credentials = folder.path().join("credentials");
    fs::create_dir(&credentials).expect("a folder");
    let (credential, own) = (credentials.join("tsumugi-master-key"), setup.data.join("secrets/master.key"));
    fs::rename(&own, &credential).expect("the key moves");
    // What a service manager mounts is often readable by a group.
    fs::set_permissions(&credential, fs::Permissions::from_mode(0o440)).expect("its mode");
    let (data, mounted) =
        (setup.data.to_string_lossy().into_owned(), credentials.to_string_lossy().into_owned());
    let both = [("TSUMUGI__DATA", data.as_str()), ("CREDENTIALS_DIRECTORY", mounted.as_str())];

    let found = says_in(&both, &["doctor"]);
    assert!(found.contains("the master key opens the key store"), "{found}");
    assert!(!found.contains("the master key lies in the data folder"), "{found}");
    assert!(refuses(&["serve", "--data", &data]).contains("master key"), "without it nothing opens");
    assert!(!own.exists(), "and no other is made");

    let elsewhere = folder.path().join("elsewhere.key");
    fs::copy(&credential, &elsewhere).expect("a copy");
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o600)).expect("its mode");
    fs::write(&credential, "0".repeat(64)).expect("a wrong key");
    for words in [&["serve"][..], &["account", "link", "--email", DESK]] {
        let refused = refuses_in(&both, words);
        assert!(refused.contains("does not belong to this key store"), "{refused}");
    }
    let key = elsewhere.to_string_lossy().into_owned();
    let said = says_in(&both, &["account", "link", "--email", DESK, "--master-key", &key]);
    assert!(said.contains("/first#"), "the settings go before the credential: {said}");
}

#[tokio::test]
async fn whatever_is_wrong_in_the_files_is_told_at_once_and_nothing_is_written() {
    let folder = Folder::new("operator");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    init(&setup, DESK);
    let data = setup.data.to_string_lossy().into_owned();
    let world = "[region]\nkey = \"r\"\nname = \"r\"\nprofile = \"vendor-floor\"\n[[office]]\nkey = \"o\"\nname = \"o\"\n\
                 kana = \"\"\nkind = \"clinic\"\n[[person]]\nkey = \"a\"\nkind = \"staff\"\nname = \"a\"\nkana = \"\"\n\
                 email = \"DESK@ours.example\"\noffice = \"o\"\noccupation = \"nurse\"\n";
    let files = folder.path().join("files");
    fs::create_dir(&files).expect("a folder");
    fs::write(files.join("posts.jsonl"), "").expect("no posts");
    let path = files.to_string_lossy().into_owned();

    fs::write(files.join("world.toml"), world.replace("vendor-floor", "none").replace("DESK@", ""))
        .expect("a world");
    for dry in [&["--dry-run"][..], &[]] {
        let output = tsumugi_in(&[], &[&["import", "--data", &data, &path], dry].concat());
        let said = err(&output);
        assert!(!output.status.success() && said.contains("2 things are wrong"), "{said}");
        assert!(said.contains("world.toml, line 1: region: there is no policy profile"), "{said}");
        assert!(said.contains("world.toml, line 10: person a: the e-mail address is none"), "{said}");
    }

    fs::write(files.join("world.toml"), world).expect("a world");
    says(&["import", "--data", &data, &path, "--dry-run"]);
    let said = err(&tsumugi_in(&[], &["import", "--data", &data, &path]));
    assert!(
        said.contains("line 10: person a: the e-mail address belongs to an account that is here"),
        "{said}"
    );
    let regions = Rows::in_folder(&data).await.number("SELECT COUNT(*) FROM regions").await;
    assert_eq!(regions, 1, "only init's");
}

#[tokio::test]
async fn an_init_that_is_refused_leaves_nothing_that_stands_in_the_way_of_the_next() {
    let folder = Folder::new("operator");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    let (data, settings) = (setup.data.to_string_lossy().into_owned(), setup.data.join("tsumugi.toml"));
    let region = |region: &'static str, email: &'static str| {
        ["init", "--data", &data, "--region", region, "--name", "佐藤 花子", "--email", email]
            .map(str::to_owned)
    };
    let again = |more: &[&str], words: [String; 9]| {
        refuses(&words.iter().map(String::as_str).chain(more.iter().copied()).collect::<Vec<_>>())
    };
    let listen = format!("127.0.0.1:{}", setup.port);

    again(&["--store", "no address"], region("ひなたの隣", DESK));
    assert!(!settings.exists(), "a store that cannot be used is not kept");
    let nameless = again(&[], region("ひなたの隣", "desk at ours"));
    assert!(nameless.contains("the e-mail address is none"), "{nameless}");
    init(&setup, DESK);
    let before = fs::read(&settings).expect("settings");

    let twice = again(&["--listen", &listen], region("ひなたの隣", DESK));
    assert!(twice.contains("this region already") && twice.contains("account link"), "{twice}");
    let taken = again(&["--listen", &listen], region("べつの地域", DESK));
    assert!(taken.contains("belongs to an account that is here already"), "{taken}");
    let other = again(&["--listen", "127.0.0.1:1"], region("ひなたの隣", DESK));
    assert!(other.contains("says something else"), "{other}");
    assert_eq!(fs::read(&settings).expect("settings"), before);
    assert_eq!(Rows::in_folder(&data).await.number("SELECT COUNT(*) FROM regions").await, 1);
    assert_eq!(Rows::in_folder(&data).await.number("SELECT COUNT(*) FROM links").await, 1);
}
