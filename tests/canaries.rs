//! Secrets of every kind are used, and then everything that the server wrote is searched for them (T37).

use crate::at_rest::{leaks, scan::Scanner};
use crate::audit::verifies;
use crate::devices::{self, Outside};
use crate::harness::{
    Engine, Folder, Mail, Person, PostOffice, Rows, Server, Setup, Upgrade, draft, free_port, new_id,
    promise, raw_http,
};
use crate::mailing::told_to;
use crate::signing_in::{enter, first_link, try_sign_in};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use tsumugi_protocol::{
    AccountState, AskNotices, BeginPasskey, ChangeEmail, ChangePassword, Command, CreateFree, Done,
    NoticeList, PasskeyBegun, ReportIncident, RoomId, RoomMade, SetState, TokenIn,
};

/// What was secret, by what it was.
#[derive(Default)]
struct Canaries(BTreeMap<&'static str, String>);

impl Canaries {
    fn keep(&mut self, what: &'static str, secret: &str) -> String {
        assert!(secret.len() >= 8, "{what} is too short to be looked for");
        self.0.insert(what, secret.to_owned());
        secret.to_owned()
    }

    fn words(&self) -> Vec<String> {
        self.0.values().cloned().collect()
    }

    /// Which of them stand in these bytes.
    fn in_bytes(&self, scanner: &Scanner, bytes: &[u8]) -> Vec<&str> {
        let hits = scanner.hits(bytes);
        self.0.iter().filter(|(_, secret)| hits.contains(secret)).map(|(what, _)| *what).collect()
    }
}

async fn ask(server: &Server, command: &str, token: Option<&str>, ask: Value) -> Value {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let start = format!("POST /api/v1/{command}");
    raw_http(server, &start, &headers, ask.to_string().as_bytes()).await.expect("an answer").json()
}

async fn mail_with_link(office: &PostOffice, to: &str) -> Mail {
    crate::harness::until("the mail arrives", crate::harness::PATIENCE, async || {
        office.mails().into_iter().rfind(|mail| mail.to == [to.to_owned()] && mail.text.contains('#'))
    })
    .await
}

/// Uses secrets of every kind.
async fn uses_them(server: &Server, office: &PostOffice) -> Canaries {
    let mut kept = Canaries::default();
    // A first link, and the password set by it.
    let link = kept.keep("first link", &first_link(server, "hajime@demo.example"));
    let password = kept.keep("first password", "Hatsu-no-Yuki-8261");
    let entered = enter(server, &link, &password).await.json();
    kept.keep("token of an entry", entered["ok"]["token"].as_str().expect("a token"));

    // A wrong password; a changed one; one set by a mailed link; an address changed by another.
    let sheet = server.sheet("physician").clone();
    let wrong = kept.keep("wrong password", "Machigai-Kanaria-77");
    assert_eq!(try_sign_in(server, &sheet.email, &wrong).await.code(), "sign_in_failed");
    let person = server.person_anew("physician").await;
    kept.keep("token", &person.token);
    let new = kept.keep("changed password", "Suzu-no-Oto-5937x");
    let change = ChangePassword { current: sheet.password.clone(), new, token_in: TokenIn::Body };
    let changed = ask(server, "accounts.change_password", Some(&person.token), json!(change)).await;
    kept.keep("token after it", changed["ok"]["token"].as_str().unwrap_or_else(|| panic!("{changed}")));
    ask(server, "accounts.forgot", None, json!({ "email": sheet.email })).await;
    let mail = mail_with_link(office, &sheet.email).await;
    let link = kept.keep("link to a new password", mail.token());
    let new = kept.keep("password by a link", "Nami-no-Hana-4412y");
    let reset = ask(server, "accounts.reset", None, json!({ "link": link, "password": new })).await;
    assert!(reset["ok"].is_object(), "{reset}");
    let signed_in = ask(
        server,
        "accounts.sign_in",
        None,
        json!({ "email": sheet.email, "password": new, "token_in": "body" }),
    )
    .await;
    let token = kept.keep("token of a sign-in", signed_in["ok"]["token"].as_str().expect("a token"));
    let physician = Person::with_token(server, &token).await;
    let address = kept.keep("new address", "kanaria-no-atarashii@demo.example");
    let change = Command::ChangeEmail(ChangeEmail { email: address.clone() });
    let _: Done = physician.ask(&change).await.expect("asked");
    let mail = mail_with_link(office, &address).await;
    let link = kept.keep("link to a new address", mail.token());
    let confirmed = ask(server, "accounts.confirm_email", None, json!({ "link": link })).await;
    assert!(confirmed["ok"].is_object(), "{confirmed}");

    // A passkey's challenge, a certificate with its passphrase.
    let begin = BeginPasskey { origin: format!("https://localhost:{}", server.setup.port) };
    let nurse = server.person_anew("visiting_nurse").await;
    let begun: PasskeyBegun = nurse.ask(&Command::RegisterPasskeyBegin(begin)).await.expect("it begins");
    kept.keep("ceremony", &begun.ceremony);
    let challenge = begun.options.0.pointer("/publicKey/challenge").or(begun.options.0.get("challenge"));
    kept.keep("challenge", challenge.and_then(Value::as_str).expect("a challenge"));
    let admin = server.person_anew("office_admin").await;
    let issued = devices::issued(&admin, devices::device(&nurse, &admin).await).await;
    kept.keep("passphrase", &issued.passphrase);
    kept.keep("file with a key", &issued.pkcs12[400..480]);

    // What people write.
    let room = RoomId(new_id());
    let (title, aim) = (kept.keep("title", "カナリアの集まり"), kept.keep("aim", "カナリアを探すため"));
    let made = Command::CreateFree(CreateFree { room, title, aim, invite: Vec::new(), requires: Vec::new() });
    let _: RoomMade = admin.ask(&made).await.expect("made");
    admin.post(&draft(room, &kept.keep("post", "カナリアが鳴いたと連絡がありました"))).await.expect("saved");
    admin.preview(&draft(room, &kept.keep("draft", "送らなかったカナリアの文"))).await.expect("a preview");
    let reason = kept.keep("reason", "カナリアという理由で止めます");
    let email = crate::administering::colleague(server, &admin).await;
    let account = server.person_anew(&email).await.me.account;
    let set = Command::SetState(SetState { account, state: AccountState::Restricted, reason });
    let _: Done = admin.ask(&set).await.expect("restricted");
    let text = kept.keep("loss report", "カナリア色のかばんごと電車に忘れた");
    let lost = ReportIncident { email: server.sheet("visiting_nurse").email.clone(), text };
    ask(server, "incidents.report", None, json!(lost)).await;
    let told: NoticeList = nurse.ask(&Command::ListNotices(AskNotices::default())).await.expect("notices");
    drop(told);

    // What does not belong there, where anybody may write something.
    let stray = kept.keep("in a query", "query-kanaria-90210");
    let agent = kept.keep("in a header", "agent-kanaria-31415");
    for start in [format!("POST /api/v1/accounts.me?token={stray}"), format!("GET /{stray}?x={stray}")] {
        let headers =
            [("user-agent", agent.as_str()), ("referer", agent.as_str()), ("authorization", "Bearer x")];
        raw_http(server, &start, &headers, b"{}").await.expect("an answer");
    }
    let forged = kept.keep("forged token", "forged-kanaria-27182");
    assert!(crate::harness::Link::open(server, &Upgrade::bearer(&forged)).await.is_err());
    let link = nurse.link().await;
    link.text(&format!("{{\"{}\":1", kept.keep("broken frame", "frame-kanaria-16180"))).await;
    link.loose("a refusal").await;
    kept
}

promise! {
    async fn no_secret_that_was_used_stands_in_anything_the_server_wrote(engine: Engine) {
        let (office, folder) = (PostOffice::open(), Folder::new("server"));
        let outside = folder.path().join("outside.pem");
        fs::write(&outside, Outside::new().pem()).expect("a file");
        let mut environment = office.settings();
        // As talkative as it gets.
        environment.push(("TSUMUGI_LOG".to_owned(), "trace".to_owned()));
        let setup = Setup {
            metrics: Some(free_port()),
            certificates: Some((free_port(), outside)),
            environment,
            ..Setup::new(engine, folder.path(), true).await
        };
        let server = Server::of(setup, folder);
        let kept = uses_them(&server, &office).await;
        told_to(&office, "kanaria-no-atarashii@demo.example", "").await;
        let scanner = Scanner::new(&kept.words());

        let running = leaks(&server.setup.data, &scanner);
        assert!(running.is_empty(), "in the data folder: {running:?}");
        let process = |file: &str| fs::read(format!("/proc/{}/{file}", server.pid())).expect("its own words");
        let metrics = crate::metrics::scraped(&server).await;
        let dump = Rows::of(&server).await.dump().await;
        assert_eq!(dump.is_empty(), engine == Engine::Sqlite, "its rows are in the folder");
        for (place, bytes) in [
            ("metrics", metrics.into_bytes()),
            ("rows", dump.into_bytes()),
            ("arguments", process("cmdline")),
            ("environment", process("environ")),
        ] {
            assert_eq!(kept.in_bytes(&scanner, &bytes), [""; 0], "in its {place}");
        }
        // Links stand in the mail that was asked for them, and nothing else does in any.
        for mail in office.mails() {
            let found = kept.in_bytes(&scanner, format!("{mail:?}").as_bytes());
            assert!(found.iter().all(|what| ["link to a new password", "link to a new address", "new address"].contains(what)), "{found:?}");
            assert!(!mail.subject.contains('#') && found.len() <= 2, "{found:?}");
        }
        let limits = String::from_utf8(process("limits")).expect("text");
        let cores = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        assert_eq!(cores.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "no image of its memory");

        server.stop();
        let stopped = leaks(&server.setup.data, &scanner);
        assert!(stopped.is_empty(), "in the data folder after a stop: {stopped:?}");
        // A demo tells its sign-ins when it is ready; what was secret since then is not among them.
        for (place, text) in [("log", server.log()), ("standard output", server.output())] {
            assert!(text.len() > 100, "the {place} says something");
            assert_eq!(kept.in_bytes(&scanner, text.as_bytes()), [""; 0], "in its {place}");
        }
        verifies(&server).await;

        // The search sees each of them.
        fs::write(server.setup.data.join("planted"), format!("…{}…", kept.words().join("…"))).expect("a file");
        let found = leaks(&server.setup.data, &scanner);
        assert_eq!(found.len(), kept.0.len(), "each is found where it is planted: {found:?}");
    }
}
