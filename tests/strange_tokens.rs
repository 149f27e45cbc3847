//! Tokens that are nobody's: they take no reader from those whose own stand, and keep nobody out.

use crate::harness::{
    Engine, Link, PATIENCE, Person, RawAnswer, Rows, Server, Upgrade, raw_http, raw_http_over, tcp_from,
    until,
};
use crate::metrics::sample;
use futures_util::future::join_all;
use std::time::{Duration, Instant};
use tsumugi_protocol::{Command, Done, Enter, Nothing, RoomList, TokenIn, limits};

#[tokio::test]
async fn neither_tokens_nobody_issued_nor_the_pulse_wait_for_a_reader() {
    let server = Server::start_with_metrics(Engine::Postgres).await;
    let physician = server.person("physician").await;
    let mut rows = Rows::of(&server).await;
    rows.run("BEGIN".to_owned()).await;
    rows.run("LOCK TABLE members IN ACCESS EXCLUSIVE MODE".to_owned()).await;
    let list = Command::ListRooms(Nothing {});
    let held = join_all((0..40).map(|_| physician.ask::<RoomList>(&list)));
    let strangers = async {
        let waiting = async || (sample(&server, "tsumugi_store_readers_waiting").await >= 10.0).then_some(());
        until("all readers are taken", PATIENCE, waiting).await;
        let start = Instant::now();
        // As long as tokens once were, and as long as they are.
        for token in ["A".repeat(43), "A".repeat(64), "mB_-".repeat(16)] {
            let (bearer, cookie) = (format!("Bearer {token}"), format!("__Host-tsumugi={token}"));
            let shown = [
                vec![("authorization", bearer.as_str())],
                vec![("cookie", cookie.as_str()), ("origin", server.url.as_str())],
            ];
            for headers in shown {
                let answer = raw_http(&server, "POST /api/v1/rooms.list", &headers, b"{}").await;
                assert_eq!(answer.expect("an answer").code(), "signed_out", "{headers:?}");
            }
            assert_eq!(Link::open(&server, &Upgrade::bearer(&token)).await.err(), Some(401));
            let password = "とても長い password 1!".to_owned();
            let enter = Enter { link: token, password, terms: Some("1".into()), token_in: TokenIn::Body };
            let body = Command::Enter(enter).ask_json();
            let answer = raw_http(&server, "POST /api/v1/accounts.enter", &[], body.as_bytes()).await;
            assert_eq!(answer.expect("an answer").code(), "link_spent");
        }
        let pulse = raw_http(&server, "GET /healthz", &[], b"").await.expect("an answer");
        assert_eq!((pulse.status, pulse.body.as_slice()), (200, br#"{"ok":true}"#.as_slice()));
        assert!(start.elapsed() < Duration::from_secs(5), "they waited: {:?}", start.elapsed());
        rows.run("ROLLBACK".to_owned()).await;
    };
    let (lists, ()) = tokio::join!(held, strangers);
    for list in lists {
        list.expect("who waited for a reader gets one");
    }
}

/// What somebody who shows a token from another address of this machine is told.
async fn now_from(server: &Server, last: u8, person: &Person<'_>) -> RawAnswer {
    let stream = server.shake_hands(tcp_from(server, last).await.expect("accepted")).await.expect("shaken");
    let bearer = format!("Bearer {}", person.token);
    let headers = [("authorization", bearer.as_str())];
    raw_http_over(server, stream, "POST /api/v1/time.now", &headers, b"{}").await.expect("an answer")
}

#[tokio::test]
async fn tokens_that_have_ended_use_up_their_places_budget_and_keep_nobody_out() {
    let server = Server::start(Engine::Sqlite).await;
    let (stays, comes) = (server.person_anew("physician").await, server.person_anew("visiting_nurse").await);
    let leaves = server.person_anew("daughter").await;
    let _: Done = leaves.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
    // Nobody is in memory any more.
    server.stop();
    server.start_again();
    assert_eq!(now_from(&server, 2, &stays).await.status, 200);
    let start = Instant::now();
    let mut looked = 0;
    let told = loop {
        let answer = now_from(&server, 2, &leaves).await;
        if answer.code() != "signed_out" {
            break answer;
        }
        looked += 1;
        assert!(looked < 500, "without end");
    };
    let most = u64::from(limits::STALE_TOKENS_AT_ONCE) + start.elapsed().as_secs() + 1;
    assert!((u64::from(limits::STALE_TOKENS_AT_ONCE)..=most).contains(&looked), "{looked}");
    assert_eq!((told.status, told.code().as_str()), (429, "rate_limited"));
    let wait = told.json()["refused"]["retry_after_ms"].as_u64().expect("it says when");
    assert!((1..=1_001).contains(&wait) && told.header("retry-after").is_some(), "{wait}");

    assert_eq!(now_from(&server, 2, &stays).await.status, 200, "who is known stays, behind the same address");
    assert_eq!(now_from(&server, 3, &comes).await.status, 200, "another place is not concerned");
    assert_eq!(now_from(&server, 3, &leaves).await.code(), "signed_out");
}
