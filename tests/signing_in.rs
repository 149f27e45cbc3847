//! Signing in and out: the same answer for every failure, and an ended session is ended everywhere.

use crate::audit::{DONE, verifies};
use crate::harness::{
    Closed, Door, Engine, Link, PATIENCE, RawAnswer, Rows, Server, Upgrade, confirmed, draft, fresh_group,
    new_id, promise, raw_http, room_commands, shared, until,
};
use crate::metrics::sample;
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tsumugi_protocol::command::{Asker, Door as Doors};
use tsumugi_protocol::{
    AcceptRoom, AccountId, AccountState, ChangePassword, Command, Connect, CreateFree, Done, Enter, Nothing,
    Now, OfficeId, ProvePassword, RoomId, SessionId, SetState, TokenIn, Unlock, WhichOffice, WhichSession,
};

pub async fn try_sign_in(server: &Server, email: &str, password: &str) -> RawAnswer {
    let body = json!({ "email": email, "password": password, "token_in": "body" }).to_string();
    let headers = [("content-type", "application/json")];
    raw_http(server, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes()).await.expect("an answer")
}

promise! {
    async fn a_wrong_password_and_an_unknown_address_get_the_same_bytes(server: &Server) {
        let sheet = server.sheet("physician").clone();
        let wrong = try_sign_in(server, &sheet.email, "ちがうパスワード").await;
        let unknown = try_sign_in(server, "nobody-here@demo.example", &sheet.password).await;
        let nonsense = try_sign_in(server, "アドレスではない", &sheet.password).await;
        assert_eq!((wrong.status, wrong.code().as_str()), (401, "sign_in_failed"));
        assert_eq!(wrong, unknown);
        assert_eq!(wrong, nonsense);
        assert_eq!(try_sign_in(server, &sheet.email, &sheet.password).await.status, 200);
    }
}

promise! {
    async fn case_and_width_of_the_address_do_not_matter(server: &Server) {
        let sheet = server.sheet("physician").clone();
        let wide: String = sheet
            .email
            .chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).expect("a wide form") } else { c })
            .collect();
        for email in [format!("  {} ", sheet.email.to_uppercase()), wide] {
            assert_eq!(try_sign_in(server, &email, &sheet.password).await.status, 200, "{email}");
        }
        let cased = sheet.password.to_uppercase();
        if cased != sheet.password {
            assert_eq!(try_sign_in(server, &sheet.email, &cased).await.code(), "sign_in_failed");
        }
    }
}

promise! {
    async fn signing_out_cuts_links_at_once_and_kills_the_token_on_both_doors(server: &Server) {
        let person = server.person_anew("physician").await;
        let other = server.person_anew("physician").await;
        let (one, two, kept) = (person.link().await, person.link().await, other.link().await);
        let start = Instant::now();
        let _: Done = person.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
        for link in [&one, &two] {
            let Closed { code, .. } = link.closed().await;
            assert_eq!(code, Some(4420));
        }
        assert!(start.elapsed() <= Duration::from_secs(1), "links were cut after {:?}", start.elapsed());
        assert_eq!(person.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        assert_eq!(person.refused(&Command::ListRooms(Nothing {})).await.code, "signed_out");
        assert_eq!(Link::open(server, &Upgrade::bearer(&person.token)).await.err(), Some(401));
        assert!(other.is_signed_in().await, "the other device stays");
        assert_eq!(Door::Link.code(&other, &kept, &Command::Me(Nothing {})).await, "ok");
        assert!(!kept.is_closed());
        let _: Done = other.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
    }
}

promise! {
    async fn what_waits_behind_a_sign_out_in_its_own_batch_is_refused(engine: Engine) {
        let server = Server::start_with_metrics(engine).await;
        let group = fresh_group(&server, &["physician"]).await;
        let (stays, leaves) = (&group.people[1], server.person_anew("office_admin").await);
        let drafts = [draft(group.room, "先に"), draft(group.room, "出たあとに")];
        let first = stays.preview(&drafts[0]).await.expect("a preview").token;
        let late = leaves.preview(&drafts[1]).await.expect("a preview").token;
        let (title, aim) = ("題".to_owned(), "目的".to_owned());
        let opened = CreateFree { room: RoomId(new_id()), title, aim, invite: Vec::new(), requires: Vec::new() };
        let late = [
            Command::Send(confirmed(&drafts[1], Some(&late))),
            Command::CreateFree(opened.clone()),
            Command::Accept(AcceptRoom { room: group.room, takes_part: true }),
        ];
        let waiting = async |acts: usize| {
            let so_many = async || (sample(&server, "tsumugi_store_acts_waiting").await == acts as f64).then_some(());
            until("so many acts wait", PATIENCE, so_many).await;
        };

        let link = stays.link().await;
        let mut rows = Rows::of(&server).await;
        rows.run(if engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" }.to_owned()).await;
        if engine == Engine::Postgres {
            rows.run("LOCK TABLE audit IN EXCLUSIVE MODE".to_owned()).await;
        }
        // A post hangs with the writer, so that those who come after it share the next batch.
        let hangs = link.begin(&Command::Send(confirmed(&drafts[0], Some(&first)))).await;
        let _: Now = link.ask(&Command::Now(Nothing {})).await.expect("the post is queued by now");
        waiting(0).await;
        let all_are_there = async {
            waiting(1).await;
            let refused = join_all(late.iter().map(|command| leaves.refused(command)));
            let together = async {
                waiting(1 + late.len()).await;
                rows.run("ROLLBACK".to_owned()).await;
            };
            tokio::join!(refused, together).0
        };
        let sign_out = Command::SignOut(Nothing {});
        let (left, refused) = tokio::join!(leaves.ask::<Done>(&sign_out), all_are_there);
        left.expect("signed out");
        for (refused, command) in refused.iter().zip(&late) {
            assert_eq!(refused.code, "signed_out", "{}", command.name());
        }
        assert!(link.finish("the first post", hangs).await["ok"].is_object());
        assert_eq!(Rows::of(&server).await.posts_in(group.room.0).await, 1, "and no other");
        assert!(server.person("office_admin").await.card(opened.room).await.is_none());
        verifies(&server).await;
    }
}

promise! {
    async fn without_a_session_every_command_is_refused(server: &Server) {
        let mut asks: Vec<Command> = room_commands(RoomId(new_id()), "だれですか", None);
        asks.extend([Command::Me(Nothing {}), Command::ListRooms(Nothing {}), Command::SignOut(Nothing {})]);
        let session = SessionId(new_id());
        asks.extend([Command::Stay(Nothing {}), Command::ListSessions(Nothing {}), Command::EndOtherSessions(Nothing {})]);
        asks.push(Command::EndSession(WhichSession { session }));
        let (current, new) = ("いま".to_owned(), "これから".to_owned());
        asks.push(Command::ChangePassword(ChangePassword { current, new, token_in: TokenIn::Body }));
        asks.push(Command::ProvePassword(ProvePassword { password: "いま".to_owned(), token_in: TokenIn::Body }));
        let (account, reason) = (AccountId(new_id()), "理由".to_owned());
        asks.push(Command::ListOffices(Nothing {}));
        asks.push(Command::ListStaff(WhichOffice { office: OfficeId(new_id()) }));
        asks.push(Command::Unlock(Unlock { account, reason: reason.clone() }));
        asks.push(Command::SetState(SetState { account, state: AccountState::Active, reason }));
        asks.extend(crate::passkeys::commands());
        asks.extend(crate::mailing::commands());
        asks.extend(crate::staff::commands());
        asks.extend(crate::misuse::commands());
        asks.extend(crate::leavers::commands());
        asks.extend(crate::invitations::commands());
        asks.extend(crate::permits::commands());
        asks.extend(crate::opening::commands());
        asks.extend(crate::erasures::commands());
        asks.extend(crate::moving::commands());
        asks.extend(crate::stewardship::commands());
        asks.extend(crate::roles::commands());
        asks.extend(crate::pledges::commands());
        asks.extend(crate::staff_changes::commands());
        asks.extend(crate::enrolments::commands());
        asks.extend(crate::support::commands());
        asks.extend(crate::rules::commands());
        asks.extend(crate::exceptions::commands());
        asks.extend([Command::Now(Nothing {}), Command::Connect(Connect { room: RoomId(new_id()), with: AccountId(new_id()) })]);
        asks.push(Command::CreateFree(CreateFree {
            room: RoomId(new_id()),
            title: "題".into(),
            aim: "目的".into(),
            invite: Vec::new(), requires: Vec::new() }));
        asks.extend(crate::devices::commands());
        asks.extend(crate::incidents::commands());
        asks.extend(crate::sharing::commands());
        asks.extend(crate::profiles::commands());
        asks.extend(crate::verification::commands());
        asks.extend(crate::patients::commands());
        asks.extend(crate::consents::commands());
        asks.retain(|command| Door::Http.takes(command));
        let tried: BTreeSet<&str> = asks.iter().map(Command::name).collect();
        let closed = Command::LIST.iter().filter(|entry| entry.asker != Asker::Anybody && entry.door != Doors::Link);
        assert_eq!(tried, closed.map(|entry| entry.name).collect());
        for command in &asks {
            for bearer in [None, Some("Bearer forged"), Some("Bearer "), Some("Basic Zm9vOmJhcg==")] {
                let mut headers = vec![("content-type", "application/json")];
                headers.extend(bearer.map(|bearer| ("authorization", bearer)));
                let start = format!("POST /api/v1/{}", command.name());
                let answer = raw_http(server, &start, &headers, command.ask_json().as_bytes()).await;
                let answer = answer.expect("an answer");
                assert_eq!((answer.status, answer.code().as_str()), (401, "signed_out"), "{} {bearer:?}", command.name());
            }
        }
        for upgrade in [Upgrade::default(), Upgrade::bearer("forged"), Upgrade::bearer("")] {
            assert_eq!(Link::open(server, &upgrade).await.err(), Some(401), "{upgrade:?}");
        }
    }
}

/// The first link of a second region, made in the folder of a server that is stopped meanwhile.
pub fn first_link(server: &Server, email: &str) -> String {
    server.stop();
    let link = crate::entering::first_link(&server.setup, email);
    server.start_again();
    link
}

/// Enters by a link.
pub async fn enter(server: &Server, link: &str, password: &str) -> RawAnswer {
    let ask = Enter {
        link: link.to_owned(),
        password: password.to_owned(),
        terms: Some("1".into()),
        token_in: TokenIn::Body,
    };
    let headers = [("content-type", "application/json")];
    let body = Command::Enter(ask).ask_json();
    raw_http(server, "POST /api/v1/accounts.enter", &headers, body.as_bytes()).await.expect("an answer")
}

#[tokio::test]
async fn a_first_link_is_good_once_and_its_holder_sets_the_password() {
    let server = Server::start(Engine::Sqlite).await;
    let (email, password) = ("hajime@demo.example", "haru-no-kaze-12");
    let link = first_link(&server, email);
    assert_eq!(try_sign_in(&server, email, password).await.code(), "sign_in_failed", "no password yet");
    // clause("003-form1※d", "003§guide-①1a")
    let body = json!({ "link": link, "password": password, "terms": "0" }).to_string();
    let other =
        raw_http(&server, "POST /api/v1/accounts.enter", &[], body.as_bytes()).await.expect("an answer");
    assert_eq!(
        (other.code().as_str(), &other.json()["refused"]["params"]["version"]),
        ("terms_not_accepted", &json!("1"))
    );
    let weak = enter(&server, &link, "haru-no-kaze").await;
    assert_eq!((weak.status, weak.code().as_str()), (403, "password_too_weak"), "and the link is still good");
    let entered = enter(&server, &link, password).await;
    let token = entered.json()["ok"]["token"].as_str().expect("a session").to_owned();
    let bearer = format!("Bearer {token}");
    let me = raw_http(&server, "POST /api/v1/accounts.me", &[("authorization", &bearer)], b"{}").await;
    assert_eq!(me.expect("an answer").json()["ok"]["account"], entered.json()["ok"]["me"]["account"]);
    for password in [password, "aki-no-kaze-1234"] {
        let again = enter(&server, &link, password).await;
        assert_eq!((again.status, again.code().as_str()), (403, "link_spent"));
    }
    assert_eq!(try_sign_in(&server, email, password).await.status, 200);
    let account = entered.json()["ok"]["me"]["account"].as_str().and_then(|id| id.parse().ok());
    let rows = Rows::of(&server).await.audit().await;
    let hers: Vec<_> = rows
        .iter()
        .filter(|row| row.account == account)
        .map(|row| (row.act.as_str(), row.outcome.as_str(), row.times))
        .collect();
    assert_eq!(hers, [("accounts.enter", DONE, 1), ("accounts.sign_in", DONE, 1)], "one entry each");
}

/// Signs in as a browser and gives the cookie.
async fn cookie(server: &Server, who: &str) -> (String, RawAnswer) {
    let sheet = server.sheet(who);
    let body = json!({ "email": sheet.email, "password": sheet.password }).to_string();
    let headers = [("content-type", "application/json"), ("origin", server.url.as_str())];
    let answer = raw_http(server, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes())
        .await
        .expect("an answer");
    let set = answer.header("set-cookie").expect("a cookie").to_owned();
    (set.split(';').next().expect("a pair").to_owned(), answer)
}

promise! {
    async fn a_browser_gets_a_host_cookie_and_no_token(server: &Server) {
        let (pair, answer) = cookie(server, "visiting_nurse").await;
        let set = answer.header("set-cookie").expect("a cookie").to_ascii_lowercase();
        assert!(pair.starts_with("__Host-"), "{pair}");
        for part in ["secure", "httponly", "samesite=strict", "path=/"] {
            assert!(set.contains(part), "{part} in {set}");
        }
        assert!(!set.contains("domain="));
        assert!(answer.json()["ok"].get("token").is_none(), "the page never holds it");
        let (_, value) = pair.split_once('=').expect("a value");
        assert!(value.len() >= 43, "256 bits");
        assert!(!String::from_utf8_lossy(&answer.body).contains(value));
    }
}

promise! {
    async fn a_cookie_works_only_from_our_own_page(server: &Server) {
        let (pair, _) = cookie(server, "pharmacist").await;
        let port = server.setup.port;
        let own = server.url.clone();
        let foreign = [
            None,
            Some("null".to_owned()),
            Some(String::new()),
            Some("https://evil.example".to_owned()),
            Some(format!("{own}.evil.example")),
            Some(format!("https://127.0.0.1:{port}0")),
            Some(format!("https://127.0.0.1:{}", port - 1)),
            Some("https://127.0.0.1".to_owned()),
            Some(format!("http://127.0.0.1:{port}")),
            Some(format!("http://localhost:{port}")),
            Some(format!("https://localhost.evil.example:{port}")),
            Some(format!("https://evil.127.0.0.1:{port}")),
            Some(format!("https://evil.example@127.0.0.1:{port}")),
            Some(format!("{own}/")),
            Some(format!("{own}, https://evil.example")),
            Some(format!("https://evil.example#{own}")),
        ];
        for origin in &foreign {
            let mut headers = vec![("content-type", "application/json"), ("cookie", pair.as_str())];
            headers.extend(origin.as_deref().map(|origin| ("origin", origin)));
            let answer = raw_http(server, "POST /api/v1/accounts.me", &headers, b"{}").await.expect("an answer");
            assert_eq!((answer.status, answer.code().as_str()), (403, "foreign_origin"), "{origin:?}");
            let upgrade = Upgrade::cookie(&pair, origin.as_deref());
            let status = Link::open(server, &upgrade).await.err();
            assert!(matches!(status, Some(401 | 403)), "{origin:?}: {status:?}, before the upgrade");
        }
        for site in ["cross-site", "same-site", "none"] {
            let headers = [("content-type", "application/json"), ("cookie", pair.as_str()), ("sec-fetch-site", site)];
            let answer = raw_http(server, "POST /api/v1/accounts.me", &headers, b"{}").await.expect("an answer");
            assert_eq!(answer.code(), "foreign_origin", "{site}");
        }

        let headers = [("content-type", "application/json"), ("cookie", pair.as_str()), ("origin", own.as_str())];
        let answer = raw_http(server, "POST /api/v1/accounts.me", &headers, b"{}").await.expect("an answer");
        assert_eq!(answer.status, 200);
        let link = Link::open(server, &Upgrade::cookie(&pair, Some(&own))).await.expect("our own page");
        link.hello(crate::harness::hello(Vec::new())).await;
    }
}

promise! {
    async fn signing_in_from_a_foreign_page_is_refused(server: &Server) {
        let sheet = server.sheet("care_manager");
        let body = json!({ "email": sheet.email, "password": sheet.password }).to_string();
        let headers = [("content-type", "application/json"), ("origin", "https://evil.example")];
        let answer =
            raw_http(server, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes()).await.expect("an answer");
        assert_eq!(answer.code(), "foreign_origin");
        assert!(answer.header("set-cookie").is_none());
    }
}

promise! {
    async fn a_token_counts_only_where_it_belongs(server: &Server) {
        let person = server.person_anew("care_manager").await;
        let query = format!("POST /api/v1/accounts.me?token={0}&access_token={0}", person.token);
        let headers = [("content-type", "application/json")];
        let answer = raw_http(server, &query, &headers, b"{}").await.expect("an answer");
        assert_eq!(answer.code(), "signed_out", "never from a URL");
        let _: Done = person.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
    }
}
