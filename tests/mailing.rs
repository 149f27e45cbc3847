//! Mail, and what comes by it: notices, links to a new password, a new address. Against a real mail server.

use crate::harness::{
    Engine, Mail, PATIENCE, Person, PostOffice, RawAnswer, Rows, Server, new_id, promise, raw_http,
    tsumugi_in, until,
};
use crate::signing_in::{enter, first_link};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tsumugi_protocol::{
    AccountId, AdminReset, AskNotices, ChangeEmail, Command, Done, Event, Nothing, NoticeId, NoticeKind,
    NoticeList, NoticesSeen,
};

const NEW: &str = "natsu-no-umi-34";
const MINUTE: Duration = Duration::from_secs(60);

/// The commands of this file that ask for a session.
pub fn commands() -> Vec<Command> {
    let (account, upto) = (AccountId(new_id()), NoticeId(new_id()));
    vec![
        Command::AdminReset(AdminReset { account, reason: "理由".into() }),
        Command::ChangeEmail(ChangeEmail { email: "new@demo.example".into() }),
        Command::ListNotices(AskNotices::default()),
        Command::SeeNotices(NoticesSeen { upto }),
    ]
}

async fn ask(server: &Server, command: &str, ask: Value) -> RawAnswer {
    let headers = [("content-type", "application/json")];
    let start = format!("POST /api/v1/{command}");
    raw_http(server, &start, &headers, ask.to_string().as_bytes()).await.expect("an answer")
}

async fn forgot(server: &Server, email: &str) -> RawAnswer {
    ask(server, "accounts.forgot", json!({ "email": email })).await
}

async fn reset(server: &Server, link: &str, password: &str) -> String {
    ask(server, "accounts.reset", json!({ "link": link, "password": password })).await.code()
}

pub async fn signs_in(server: &Server, email: &str, password: &str) -> bool {
    let sign_in = json!({ "email": email, "password": password, "token_in": "body" });
    ask(server, "accounts.sign_in", sign_in).await.status == 200
}

pub async fn notices(person: &Person<'_>) -> NoticeList {
    person.ask(&Command::ListNotices(AskNotices::default())).await.expect("notices")
}

/// The so manieth mail with a link to that address; notices go there too.
async fn link_to(office: &PostOffice, email: &str, nth: usize) -> Mail {
    until("the link arrives", PATIENCE, async || {
        let mut links =
            office.mails().into_iter().filter(|mail| mail.to == [email] && mail.text.contains('#'));
        links.nth(nth - 1)
    })
    .await
}

/// Somebody of the demo has another address from now on.
pub async fn address_is_changed(server: &Server, office: &PostOffice, who: &Person<'_>, new: &str) {
    let change = Command::ChangeEmail(ChangeEmail { email: new.to_owned() });
    let _: Done = who.ask(&change).await.expect("a link is on its way");
    let mail = link_to(office, new, 1).await;
    let confirmed = ask(server, "accounts.confirm_email", json!({ "link": mail.token() })).await;
    assert_eq!(confirmed.code(), "");
}

/// The mail of that subject to that address.
pub async fn told_to(office: &PostOffice, email: &str, subject: &str) -> Mail {
    until("the mail arrives", PATIENCE, async || {
        office.mails().into_iter().find(|mail| mail.to == [email] && mail.subject.contains(subject))
    })
    .await
}

/// A mail that a stranger may read over somebody's shoulder, from the one sender there is, and no header more than ours.
pub fn is_discreet(server: &Server, mail: &Mail) {
    assert_eq!(mail.from, "tsumugi@ours.example");
    assert!(mail.header("from").contains("<tsumugi@ours.example>"), "{mail:?}");
    let names: BTreeSet<String> = mail.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    let ours = [
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "content-type",
        "content-transfer-encoding",
        "mime-version",
        "auto-submitted",
    ];
    assert!(names.iter().all(|name| ours.contains(&name.as_str())), "{names:?}");
    assert!(mail.text.contains(&server.url) && mail.text.contains("tsumugi@ours.example"), "{}", mail.text);
    assert!(mail.text.contains("パスワードをたずねることはありません"), "{}", mail.text);
    for person in &server.people {
        let family = person.name.split([' ', '　']).next().expect("a name");
        assert!(!mail.text.contains(family) && !mail.subject.contains(family), "{family}: {mail:?}");
    }
    for link in mail.text.split_whitespace().filter(|word| word.starts_with("http")) {
        assert!(link.starts_with(&server.url), "only to the official address: {link}");
        assert!(!link.contains('?'), "no token in what a browser sends: {link}");
    }
}

promise! {
    async fn a_forgotten_password_is_set_anew_by_a_mailed_link(engine: Engine) {
        // clause("001§18-1")
        // clause("003§11(1)")
        // clause("004§9b-1")
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (email, old) = (server.sheet("physician").email.clone(), server.sheet("physician").password.clone());
        let physician = server.person_anew("physician").await;
        let mut link = physician.link().await;

        // Known and unknown: the same bytes.
        let known = forgot(&server, &email).await;
        assert_eq!(known.status, 200);
        assert_eq!(known.body, forgot(&server, "nobody@demo.example").await.body);
        let mail = office.to(&email, 1).await.remove(0);
        is_discreet(&server, &mail);
        assert!(mail.text.contains("/reset#"), "{}", mail.text);
        link.expect("that there is a notice", |event| matches!(event, Event::Noticed).then_some(())).await;
        let told = notices(&physician).await;
        assert_eq!((told.unseen, told.notices[0].kind), (1, NoticeKind::PasswordResetAsked));
        let seen = Command::SeeNotices(NoticesSeen { upto: told.notices[0].id });
        let _: Done = physician.ask(&seen).await.expect("seen");
        assert_eq!(notices(&physician).await.unseen, 0);

        // The address is left in peace for five minutes, and then the newer link ends the older.
        forgot(&server, &email).await;
        server.turn_clock(5 * MINUTE);
        forgot(&server, &email).await;
        let second = office.to(&email, 2).await.remove(1);
        assert_eq!(office.to(&email, 2).await.len(), 2, "not three");
        assert_eq!(reset(&server, mail.token(), NEW).await, "link_spent", "the earlier one is dead");

        // Another purpose's door does not open for it, and a weak password leaves it good.
        for command in ["accounts.enter", "accounts.confirm_email"] {
            let mut other = json!({ "link": second.token() });
            if command == "accounts.enter" {
                other["password"] = json!(NEW);
                other["terms"] = json!("1");
            }
            assert_eq!(ask(&server, command, other).await.code(), "link_spent", "{command}");
        }
        assert_eq!(reset(&server, second.token(), "natsu").await, "password_too_weak");

        // Many at once: one of them sets it.
        let many = (0..20).map(|_| reset(&server, second.token(), NEW));
        let codes = futures_util::future::join_all(many).await;
        assert_eq!(codes.iter().filter(|code| code.is_empty()).count(), 1, "{codes:?}");
        assert!(codes.iter().all(|code| code.is_empty() || code == "link_spent" || code == "rate_limited"), "{codes:?}");
        assert!(!physician.is_signed_in().await, "every session has ended");
        assert!(!signs_in(&server, &email, &old).await && signs_in(&server, &email, NEW).await);
        let changed = office.to(&email, 3).await.remove(2);
        is_discreet(&server, &changed);
        assert!(!changed.text.contains('#'), "a notice has no link: {}", changed.text);

        // Neither log nor audit has a link's text, and the outbox keeps nothing of what was sent.
        let mut rows = Rows::of(&server).await;
        let audit = rows.audit().await;
        for token in [mail.token(), second.token()] {
            assert!(!server.log().contains(token));
            assert!(audit.iter().all(|row| row.detail.as_deref().is_none_or(|detail| !detail.contains(token))));
        }
        let count = |act: &str| audit.iter().filter(|row| row.act == act && row.outcome == "done").count();
        assert_eq!((count("accounts.forgot"), count("accounts.reset")), (4, 1));
        until("what was sent is wiped", Duration::from_secs(20), async || {
            let left = "SELECT COUNT(*) FROM mail_outbox WHERE state <> 'sent' OR sealed IS NOT NULL";
            (rows.number(left).await == 0).then_some(())
        }).await;
    }
}

promise! {
    async fn a_link_ends_with_its_hour_and_a_lock_outlives_it(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let email = server.sheet("physician").email.clone();
        forgot(&server, &email).await;
        let late = office.to(&email, 1).await.remove(0);
        server.turn_clock(60 * MINUTE);
        assert_eq!(reset(&server, late.token(), NEW).await, "link_spent");

        forgot(&server, &email).await;
        let good = link_to(&office, &email, 2).await;
        server.turn_clock(59 * MINUTE);
        for _ in 0..3 {
            assert!(!signs_in(&server, &email, "wrong").await);
        }
        assert_eq!(reset(&server, good.token(), NEW).await, "");
        assert!(!signs_in(&server, &email, NEW).await, "a reset is no way around a lock");
        server.turn_clock(30 * MINUTE);
        assert!(signs_in(&server, &email, NEW).await);

        // A closed account: the link dies with it, and no other is made.
        server.turn_clock(10 * MINUTE);
        forgot(&server, &email).await;
        let closed = link_to(&office, &email, 3).await;
        Rows::of(&server).await.run("UPDATE accounts SET state = 'closed'".to_owned()).await;
        assert_eq!(reset(&server, closed.token(), NEW).await, "link_spent");
    }
}

promise! {
    /// Whoever keeps asking for somebody else's link fills no letter box, and does not end the one she has.
    async fn an_account_gets_so_many_links_in_a_day_and_nobody_is_told(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let email = server.sheet("physician").email.clone();
        let mut answers = BTreeSet::new();
        for n in 1..=5 {
            answers.insert(forgot(&server, &email).await.body);
            link_to(&office, &email, n).await;
            server.turn_clock(5 * MINUTE);
        }
        for _ in 0..3 {
            answers.insert(forgot(&server, &email).await.body);
            server.turn_clock(5 * MINUTE);
        }
        assert_eq!(answers.len(), 1, "{answers:?}");
        let made = "SELECT COUNT(*) FROM links WHERE purpose = 'password_reset'";
        until("all were worked on", PATIENCE, async || {
            (Rows::of(&server).await.audit_of("accounts.forgot").await.len() == 8).then_some(())
        })
        .await;
        assert_eq!(Rows::of(&server).await.number(made).await, 5);
        let last = link_to(&office, &email, 5).await;
        assert_eq!(reset(&server, last.token(), NEW).await, "", "the last one is good still");
        server.turn_clock(24 * 60 * MINUTE);
        forgot(&server, &email).await;
        assert!(link_to(&office, &email, 6).await.text.contains("/reset#"), "the next day");
    }
}

promise! {
    /// Each link stands to its last moments, which a weak password shows and does not spend, and not a second longer.
    async fn links_end_to_the_second(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let margin = Duration::from_secs(30);
        let first = first_link(&server, "hajime@demo.example");
        server.turn_clock(24 * 60 * MINUTE - margin);
        assert_eq!(enter(&server, &first, "haru").await.code(), "password_too_weak", "it still stands");
        server.turn_clock(margin + Duration::from_secs(1));
        assert_eq!(enter(&server, &first, NEW).await.code(), "link_spent");

        let physician = server.person_anew("physician").await;
        let email = server.sheet("physician").email.clone();
        forgot(&server, &email).await;
        let again = link_to(&office, &email, 1).await;
        let change = ChangeEmail { email: "new@demo.example".into() };
        let _: Done = physician.ask(&Command::ChangeEmail(change)).await.expect("asked");
        let address = link_to(&office, "new@demo.example", 1).await;
        server.turn_clock(60 * MINUTE - margin);
        assert_eq!(reset(&server, again.token(), "natsu").await, "password_too_weak", "it still stands");
        server.turn_clock(margin + Duration::from_secs(1));
        assert_eq!(reset(&server, again.token(), NEW).await, "link_spent");
        let confirmed = ask(&server, "accounts.confirm_email", json!({ "link": address.token() })).await;
        assert_eq!(confirmed.code(), "link_spent");
    }
}

promise! {
    async fn the_operator_makes_a_link_to_a_new_password_and_its_holder_is_told(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (email, old) = (server.sheet("physician").email.clone(), server.sheet("physician").password.clone());
        let physician = server.person_anew("physician").await;
        let data = server.setup.data.to_string_lossy().into_owned();
        let made = tsumugi_in(&[], &["account", "link", "--data", &data, "--email", &email]);
        let said = String::from_utf8_lossy(&made.stdout).into_owned();
        assert!(made.status.success() && said.contains("good once, for 60 minutes"), "{said}");
        let start = format!("{}/reset#", server.url);
        let token = said.split_whitespace().find_map(|word| word.strip_prefix(&start)).expect("a link");
        let told = told_to(&office, &email, "パスワード再設定の申し込み").await;
        assert!(!told.text.contains('#'), "the link goes to whoever asked for it alone");
        assert_eq!(notices(&physician).await.notices[0].kind, NoticeKind::PasswordResetAsked);
        assert_eq!(enter(&server, token, NEW).await.code(), "link_spent", "it is no first link");
        assert_eq!(reset(&server, token, NEW).await, "");
        assert_eq!(reset(&server, token, NEW).await, "link_spent");
        assert!(!physician.is_signed_in().await);
        assert!(!signs_in(&server, &email, &old).await && signs_in(&server, &email, NEW).await);
    }
}

promise! {
    async fn an_address_is_changed_by_who_holds_it(engine: Engine) {
        // clause("004-form3※b")
        // clause("002-1.2(1)a")
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let physician = server.person_anew("physician").await;
        let (old, password) = (server.sheet("physician").email.clone(), server.sheet("physician").password.clone());
        let taken = server.sheet("daughter").email.clone();
        let change = |email: &str| Command::ChangeEmail(ChangeEmail { email: email.to_owned() });
        server.turn_clock(5 * MINUTE);
        assert_eq!(physician.refused(&change("new@demo.example")).await.code, "step_up_required");
        assert!(office.mails().is_empty(), "and nobody is written to");
        let physician = server.person_anew("physician").await;
        for none in ["a@demo.example\r\nBcc: b@evil.example", "a@b", "a b@demo.example", "a@demo.example,b@evil.example"] {
            let refused = physician.refused(&change(none)).await;
            assert_eq!((refused.code.as_str(), refused.params["field"].as_str()), ("bad_field", "email"), "{none:?}");
        }
        // Taken and free: the same answer, until the holder of the address has shown herself.
        for email in [taken.as_str(), "new@demo.example"] {
            let _: Done = physician.ask(&change(email)).await.expect("the same answer");
            let mail = office.to(email, 1).await.remove(0);
            is_discreet(&server, &mail);
            // Where she is reached until then she hears of it at once, before anything has changed.
            let count = if email == taken { 1 } else { 2 };
            let asked = office.to(&old, count).await.remove(count - 1);
            is_discreet(&server, &asked);
            assert!(asked.subject.contains("メールアドレス変更の申し込み"), "{}", asked.subject);
            assert!(!asked.text.contains(email) && !asked.text.contains('#'), "nothing of where to: {}", asked.text);
            let confirmed = ask(&server, "accounts.confirm_email", json!({ "link": mail.token() })).await;
            let code = if email == taken { "email_in_use" } else { "" };
            assert_eq!(confirmed.code(), code, "{email}");
            if code.is_empty() {
                let again = ask(&server, "accounts.confirm_email", json!({ "link": mail.token() })).await;
                assert_eq!(again.code(), "link_spent");
            }
        }
        assert!(physician.is_signed_in().await, "sessions stay");
        for told in [old.as_str(), "new@demo.example"] {
            let count = if told == old { 3 } else { 2 };
            assert!(office.to(told, count).await.pop().expect("a mail").subject.contains("メールアドレスが変わりました"));
        }
        assert!(!signs_in(&server, &old, &password).await);
        assert!(signs_in(&server, " New@Demo.Example", &password).await);
        let audit = Rows::of(&server).await.audit().await;
        let done = |act: &str| audit.iter().filter(|row| row.act == act && row.outcome == "done").count();
        assert_eq!((done("accounts.change_email"), done("accounts.confirm_email")), (2, 1));
    }
}

promise! {
    async fn an_administrator_has_a_link_mailed_and_never_sees_it(engine: Engine) {
        // clause("000§11(1)b")
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person("office_admin").await;
        let mine = admin.me.affiliations[0].office;
        let mut own = 0;
        for sheet in server.people.iter().filter(|sheet| sheet.email != server.sheet("office_admin").email) {
            let person = server.person(&sheet.email).await;
            let again = Command::AdminReset(AdminReset { account: person.me.account, reason: "忘れたため".into() });
            if person.me.affiliations.iter().any(|of| of.office.is_some() && of.office == mine) {
                let answer: Value = admin.ask(&again).await.expect("mailed");
                assert_eq!(answer, json!({}), "nothing to see");
                let mail = office.to(&sheet.email, 1).await.remove(0);
                is_discreet(&server, &mail);
                assert_eq!(reset(&server, mail.token(), NEW).await, "");
                assert!(signs_in(&server, &sheet.email, NEW).await);
                own += 1;
            } else {
                assert_eq!(admin.refused(&again).await.code, "other_office", "{}", sheet.role);
                // About herself: the desk is told that, everybody else that she is no administrator.
                let herself = person.refused(&again).await.code;
                assert!(["office_admin_only", "not_for_yourself"].contains(&herself.as_str()), "{}: {herself}", sheet.role);
            }
        }
        assert!(own > 0, "the demo has somebody in the administrator's office");
        let audit = Rows::of(&server).await.audit().await;
        let done: Vec<_> = audit.iter().filter(|row| row.act == "accounts.admin_reset" && row.outcome == "done").collect();
        assert!(done.len() == own && done.iter().all(|row| row.subject.is_some() && row.account == Some(admin.me.account.0)));
    }
}

promise! {
    async fn a_mail_waits_for_its_server_and_survives_ours(engine: Engine) {
        let office = PostOffice::closed();
        let server = Server::start_with_mail(engine, &office).await;
        let email = server.sheet("physician").email.clone();
        forgot(&server, &email).await;
        let mut rows = Rows::of(&server).await;
        until("it was tried", Duration::from_secs(20), async || {
            (rows.number("SELECT COUNT(*) FROM mail_outbox WHERE tries > 0").await == 1).then_some(())
        }).await;
        server.kill();
        server.start_again();
        office.start();
        let mail = office.to(&email, 1).await.remove(0);
        assert!(!server.log().contains(&email), "no address in the log");
        assert_eq!(reset(&server, mail.token(), NEW).await, "");
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_holds_no_other_up() {
    let office = PostOffice::open();
    let server = Server::start_with_mail(Engine::Sqlite, &office).await;
    let physician = server.person("physician").await;
    for (email, state) in [("later@demo.example", "waiting"), ("refused@demo.example", "refused")] {
        let change = ChangeEmail { email: email.to_owned() };
        let _: Done = physician.ask(&Command::ChangeEmail(change)).await.expect("asked");
        let mut rows = Rows::of(&server).await;
        until("it was tried", Duration::from_secs(20), async || {
            let tried = if state == "refused" {
                rows.number("SELECT COUNT(*) FROM mail_outbox WHERE state = 'refused' AND sealed IS NULL")
                    .await
            } else {
                rows.number("SELECT COUNT(*) FROM mail_outbox WHERE state = 'waiting' AND tries > 0").await
            };
            (tried == 1).then_some(())
        })
        .await;
    }
    let daughter = server.sheet("daughter").email.clone();
    forgot(&server, &daughter).await;
    office.to(&daughter, 1).await;
    assert!(
        !server.log().contains("@demo.example"),
        "what a mail server says is not logged: {}",
        server.log()
    );
}

#[tokio::test]
async fn mail_goes_under_tls_to_the_server_that_its_certificate_names_or_not_at_all() {
    let mut server = Server::start(Engine::Sqlite).await;
    let tls = server.setup.data.join("tls");
    let office = PostOffice::with_tls(tls.join("server.pem"), tls.join("server.key"));
    let email = server.sheet("physician").email.clone();
    let with = |ca: bool| {
        let mut settings = office.settings();
        settings.retain(|(key, _)| !key.ends_with("TLS"));
        settings.push(("TSUMUGI__MAIL__TLS".to_owned(), "starttls".to_owned()));
        if ca {
            settings
                .push(("TSUMUGI__MAIL__CA".to_owned(), tls.join("ca.pem").to_string_lossy().into_owned()));
        }
        settings
    };
    server.stop();
    server.setup.environment = with(false);
    server.start_again();
    forgot(&server, &email).await;
    let mut rows = Rows::of(&server).await;
    until("it was tried", Duration::from_secs(20), async || {
        (rows.number("SELECT COUNT(*) FROM mail_outbox WHERE tries > 0").await == 1).then_some(())
    })
    .await;
    assert_eq!(office.mails(), [], "nobody vouches for that certificate");
    server.stop();
    server.setup.environment = with(true);
    server.start_again();
    assert!(office.to(&email, 1).await.remove(0).tls);
}

#[tokio::test]
async fn without_mail_it_is_said_and_notices_stand_on_screen() {
    let server = Server::start(Engine::Sqlite).await;
    let physician = server.person("physician").await;
    let about = ask(&server, "service.about", json!({})).await.json();
    assert_eq!(about["ok"], json!({ "official": server.url, "terms": "1", "passkey_alone": false }));
    let known = forgot(&server, &server.sheet("physician").email).await;
    assert_eq!(known.body, forgot(&server, "nobody@demo.example").await.body, "the same as with mail");
    let change = ChangeEmail { email: "new@demo.example".into() };
    assert_eq!(physician.refused(&Command::ChangeEmail(change)).await.code, "mail_not_configured");
    let _: Value = physician.ask(&Command::Me(Nothing {})).await.expect("signed in");
    assert_eq!(notices(&physician).await, NoticeList { notices: Vec::new(), unseen: 0, more: false });
}
