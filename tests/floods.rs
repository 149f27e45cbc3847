//! Who comes in numbers, slowly, or without end is held off, and others do not notice.

use crate::audit::verifies;
use crate::harness::{
    Engine, PATIENCE, Person, RawAnswer, Rows, Server, Upgrade, confirmed, draft, fresh_group, hello, new_id,
    raw_http_over, shared, tcp_from, until,
};
use futures_util::future::join_all;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, coding::Data, coding::OpCode};
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tsumugi_protocol::{
    Command, HelloFrame, Nothing, Now, Refused, RoomId, SignIn, TokenIn, WhichRoom, limits,
};

const NOW: Command = Command::Now(Nothing {});

/// How long since then it took until the server ended a connection.
async fn shown_out(start: Instant, mut stream: impl AsyncReadExt + Unpin) -> Duration {
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
    assert!(ended.is_ok(), "still open after {PATIENCE:?}");
    start.elapsed()
}

#[tokio::test]
async fn who_opens_a_connection_and_says_nothing_is_shown_out() {
    let server = shared(Engine::Sqlite);
    let before = Duration::from_millis(limits::HANDSHAKE_MS - 500);
    // From before the server can have seen any of them.
    let start = Instant::now();
    let no_handshake = async { shown_out(start, tcp_from(&server, 1).await.expect("accepted")).await };
    let half_a_handshake = async {
        let mut tcp = tcp_from(&server, 1).await.expect("accepted");
        // The head of a record that announces a ClientHello of 512 bytes.
        tcp.write_all(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]).await.expect("written");
        shown_out(start, tcp).await
    };
    let no_request = async { shown_out(start, server.connect(None).await.expect("shaken")).await };
    let half_a_preface = async {
        let mut tls = server.connect(None).await.expect("shaken");
        tls.write_all(b"PRI * HTTP").await.expect("written");
        tls.flush().await.expect("sent");
        shown_out(start, tls).await
    };
    let took = tokio::join!(no_handshake, half_a_handshake, no_request, half_a_preface);
    for took in [took.0, took.1, took.2, took.3] {
        assert!(took >= before, "{took:?}: a slow phone needs its time");
    }
}

#[tokio::test]
async fn handshakes_that_never_finish_keep_only_their_own_place_waiting() {
    let server = Server::start(Engine::Sqlite).await;
    let physician = server.person("physician").await;
    let silent = join_all((0..limits::HANDSHAKES_OF_SOURCE + 50).map(|_| tcp_from(&server, 2))).await;
    let silent: Vec<TcpStream> = silent.into_iter().map(|tcp| tcp.expect("accepted")).collect();
    let start = Instant::now();
    let _: Now = physician.twin().ask(&NOW).await.expect("an answer");
    assert!(start.elapsed() < Duration::from_secs(3), "others come in after {:?}", start.elapsed());
    let turn = server.shake_hands(tcp_from(&server, 2).await.expect("accepted"));
    let waited = tokio::time::timeout(Duration::from_secs(2), turn).await;
    assert!(waited.is_err(), "the same place waits for its turn");
    drop(silent);
    let tcp = tcp_from(&server, 2).await.expect("accepted");
    let shaken = tokio::time::timeout(Duration::from_secs(5), server.shake_hands(tcp)).await;
    shaken.expect("as soon as they are gone").expect("a handshake");
}

#[tokio::test]
async fn a_crowd_at_the_door_is_served_after_those_inside() {
    let server = Server::start(Engine::Sqlite).await;
    for _ in 0..20 {
        server.connect(None).await.expect("shaken");
    }
    let threads = std::fs::read_dir(format!("/proc/{}/task", server.pid())).expect("its threads");
    // proc(5): the name in brackets, and of what follows the 17th is how far the system puts it back; then its CPU in ns.
    let told = threads.filter_map(|thread| {
        let path = thread.ok()?.path();
        let (stat, used) = (path.join("stat"), path.join("schedstat"));
        let (stat, used) = (std::fs::read_to_string(stat).ok()?, std::fs::read_to_string(used).ok()?);
        let (head, rest) = stat.rsplit_once(") ")?;
        let back: i32 = rest.split(' ').nth(16)?.parse().ok()?;
        Some((head.split_once('(')?.1.to_owned(), back, used.split(' ').next()?.parse::<u64>().ok()?))
    });
    let told: Vec<(String, i32, u64)> = told.collect();
    let of = |name: &str| told.iter().find(|(of, ..)| of.starts_with(name)).expect("that thread");
    let (handshakes, links, writer) = (of("handshakes"), of("tokio-rt-worker"), of("store-writer"));
    assert!(handshakes.1 > links.1 && handshakes.1 > writer.1, "{told:?}");
    assert!(handshakes.2 > 2_000_000, "twenty of them are shaken there: {told:?}");
}

#[tokio::test]
async fn connections_are_bounded_and_no_place_takes_the_last_quarter() {
    // 256 files are kept for other things.
    let server = Server::start_with_files(Engine::Sqlite, 256 + 80).await;
    let physician = server.person("physician").await;
    let link = physician.link().await;
    let mut held = Vec::new();
    let full = loop {
        let shaking = server.shake_hands(tcp_from(&server, 2).await.expect("accepted"));
        match tokio::time::timeout(PATIENCE, shaking).await.expect("let in or not, at once") {
            Ok(tls) => held.push(tls),
            Err(_) => break held.len(),
        }
    };
    assert_eq!(full, 60, "three quarters");
    let _: Now = physician.twin().ask(&NOW).await.expect("another place still comes in");
    let _: Now = link.ask(&NOW).await.expect("and who was there stays");
    drop(held);
    until("room again", PATIENCE, async || server.shake_hands(tcp_from(&server, 2).await.ok()?).await.ok())
        .await;
}

#[tokio::test]
async fn a_server_without_files_left_goes_on_when_there_are_some_again() {
    let server = Server::start(Engine::Sqlite).await;
    let physician = server.person("physician").await;
    let link = physician.link().await;
    let _: Now = link.ask(&NOW).await.expect("an answer");
    let set = |files: usize| {
        let limit = format!("--nofile={files}:");
        let mut prlimit = std::process::Command::new("prlimit");
        prlimit.args(["--pid", &server.pid().to_string(), &limit]);
        assert!(prlimit.status().expect("prlimit runs").success());
    };
    let open = std::fs::read_dir(format!("/proc/{}/fd", server.pid())).expect("its files").count();
    set(open + 1);
    let waiting: Vec<TcpStream> =
        join_all((0..20).map(|_| tcp_from(&server, 2))).await.into_iter().map(Result::unwrap).collect();
    let late = server.shake_hands(tcp_from(&server, 3).await.expect("in the queue"));
    let waited = tokio::time::timeout(Duration::from_secs(1), late).await;
    assert!(waited.is_err(), "there is no file for it");
    let _: Now = link.ask(&NOW).await.expect("who was there is served");
    set(10_000);
    let _: Now = physician.twin().ask(&NOW).await.expect("and newcomers again");
    drop(waiting);
}

type Bare = WebSocketStream<TlsStream<TcpStream>>;

/// A link below the level of messages.
async fn bare_link(person: &Person<'_>) -> Bare {
    let stream = person.server.connect(None).await.expect("shaken");
    let url = format!("wss://127.0.0.1:{}/api/v1/link", person.server.setup.port);
    let mut request = url.into_client_request().expect("a request");
    for (name, value) in Upgrade::bearer(&person.token).headers {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    let unbuffered = WebSocketConfig::default().write_buffer_size(0);
    let opened = client_async_with_config(request, stream, Some(unbuffered)).await;
    let mut socket = opened.expect("an upgrade").0;
    let said = serde_json::to_string(&HelloFrame { hello: hello(Vec::new()) }).expect("JSON");
    socket.send(Message::text(said)).await.expect("written");
    socket.next().await.expect("a welcome").expect("a welcome");
    socket
}

/// The code the link is closed with, while something is done to it again and again.
async fn closed_while(mut socket: Bare, every: Duration, mut act: impl AsyncFnMut(&mut Bare)) -> u16 {
    let mut ticks = tokio::time::interval(every);
    loop {
        tokio::select! {
            _ = ticks.tick() => act(&mut socket).await,
            heard = socket.next() => match heard {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("no close frame: {other:?}"),
            },
        }
    }
}

#[tokio::test]
async fn a_message_that_never_gets_complete_ends_its_link_and_an_idle_link_stays() {
    let server = shared(Engine::Sqlite);
    let physician = server.person("physician").await;
    let second = Duration::from_secs(1);
    // A masked text frame of 1,000 bytes, of which one comes every second.
    let mut bytes = [0x81, 0x80 | 126, 3, 0xe8].into_iter().chain(std::iter::repeat(0));
    let dribble = closed_while(bare_link(&physician).await, second, async |socket| {
        let next = [bytes.next().expect("endless")];
        drop(socket.get_mut().write_all(&next).await);
        drop(socket.get_mut().flush().await);
    });
    // The first part of a message, then pings instead of the rest.
    let mut begun = false;
    let fragment = closed_while(bare_link(&physician).await, second, async |socket| {
        let part = Frame::message("{".as_bytes().to_vec(), OpCode::Data(Data::Text), false);
        let next = if begun { Message::Ping("still here".into()) } else { Message::Frame(part) };
        begun = true;
        drop(socket.send(next).await);
    });
    let idle = closed_while(bare_link(&physician).await, second, async |socket| {
        drop(socket.send(Message::Ping("only here".into())).await);
    });
    let start = Instant::now();
    let both = async { tokio::join!(dribble, fragment) };
    let codes = tokio::select! {
        codes = tokio::time::timeout(Duration::from_millis(limits::MESSAGE_MS) + PATIENCE, both) => codes,
        code = idle => panic!("a link that only pings was closed: {code}"),
    };
    assert_eq!(codes.expect("in its time"), (4444, 4444));
    assert!(start.elapsed() >= Duration::from_millis(limits::MESSAGE_MS - 500), "{:?}", start.elapsed());
}

/// The code a link is closed with that sends the same again and again.
async fn flooded_with(beat: Message, mut link: Bare) -> u16 {
    for _ in 0..1_000 {
        if link.send(beat.clone()).await.is_err() {
            break;
        }
    }
    closed_while(link, Duration::from_secs(60), async |_| {}).await
}

fn rate_limited(refused: &Refused) -> u64 {
    assert_eq!(refused.code, "rate_limited");
    let wait = refused.retry_after_ms.expect("it says when");
    assert!((1..=1_000).contains(&wait), "{wait}");
    wait
}

#[tokio::test]
async fn a_flood_from_one_account_is_held_off_on_both_doors_and_counted() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start_with_budget(engine).await;
        let (flooder, other) = (server.person_anew("daughter").await, server.person_anew("physician").await);
        let beats = [
            ("visiting_nurse", Message::Ping("".into()), "pings are answered, so they count"),
            ("secretariat", Message::Pong("".into()), "nobody asked for these pongs"),
            (
                "pharmacist",
                Message::text(r#"{"id":1,"do":"time.now","ask":{}}"#),
                "it never heeds the time to wait",
            ),
        ];
        for (who, beat, why) in beats {
            let flood = flooded_with(beat, bare_link(&server.person_anew(who).await).await);
            let code = tokio::time::timeout(PATIENCE, flood).await;
            assert_eq!(code.expect("the link is closed"), 4404, "{why}");
        }
        let (link, twin) = (flooder.link().await, server.person_anew("daughter").await);
        let start = Instant::now();
        let answers = join_all((0..200).map(|_| link.ask::<Now>(&NOW))).await;
        let took = start.elapsed();
        let done = answers.iter().filter(|answer| answer.is_ok()).count();
        let mut refused = answers.iter().filter_map(|answer| answer.as_ref().err()).map(rate_limited).count();
        let refilled = usize::try_from(took.as_millis() / 50).expect("few") + 2;
        assert!((115..=120 + refilled).contains(&done), "{done} in {took:?}");
        // One command fits again after 50 ms, and until then nothing more is heard; the first 20 refusals of a minute are written
        // down one by one, and the link goes on meanwhile.
        assert!((1..=20 + refilled + 2).contains(&refused), "{refused} refused in {took:?}");

        let garbage = json!({"id": 9_000, "do": "rooms.open", "ask": {"room": 7}}).to_string();
        let headers = [("authorization", format!("Bearer {}", twin.token))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        for _ in 0..5 {
            // What refilled meanwhile is spent first.
            join_all((0..10).map(|_| link.ask::<Now>(&NOW)))
                .await
                .iter()
                .for_each(|answer| refused += usize::from(answer.is_err()));
            let pending = link.expect_answer(9_000);
            link.text(&garbage).await;
            refused += usize::from(link.finish("a refusal", pending).await["refused"].is_object());
        }
        let http = async || {
            let stream = server.connect(None).await.expect("shaken");
            let start = Instant::now();
            let asked = raw_http_over(&server, stream, "POST /api/v1/time.now", &headers, b"{}").await;
            (asked.expect("an answer"), start.elapsed())
        };
        let (told, took): (RawAnswer, Duration) =
            until("the other door, with another session", PATIENCE, async || {
                join_all((0..10).map(|_| link.ask::<Now>(&NOW)))
                    .await
                    .iter()
                    .for_each(|answer| refused += usize::from(answer.is_err()));
                Some(http().await).filter(|(answer, _)| answer.status != 200)
            })
            .await;
        refused += 1;
        assert!(took >= Duration::from_millis(50), "told when another command fits, after {took:?}");
        assert_eq!(
            (told.status, told.code().as_str(), told.header("retry-after")),
            (429, "rate_limited", Some("1"))
        );
        for _ in 0..50 {
            let _: Now = other.ask(&NOW).await.expect("others have a budget of their own");
        }
        let wait = told.json()["refused"]["retry_after_ms"].as_u64().expect("it says when");
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let _: Now = link.ask(&NOW).await.expect("after that time it works again");
        server.stop();
        let audit = Rows::of(&server).await.audit().await;
        let rows: Vec<_> = audit.iter().filter(|row| row.account == Some(flooder.me.account.0)).collect();
        let rows: Vec<_> = rows.into_iter().filter(|row| row.act != "accounts.sign_in").collect();
        let counted: i64 = rows
            .iter()
            .filter(|row| ["rate_limited", "counted", "bad_field"].contains(&row.outcome.as_str()))
            .map(|row| row.times)
            .sum();
        assert_eq!(counted, i64::try_from(refused).expect("few"), "not one is forgotten");
        assert!(rows.len() <= 44, "{} rows", rows.len());
    }
}

/// Tries to sign in from another address of this machine; nothing when the connection was cut, as a limit may do.
async fn try_sign_in_from(server: &Server, last: u8, email: &str, password: &str) -> Option<RawAnswer> {
    let ask = SignIn { email: email.to_owned(), password: password.to_owned(), token_in: TokenIn::Body };
    let body = Command::SignIn(ask).ask_json();
    let tcp = tcp_from(server, last).await.expect("accepted");
    let stream = server.shake_hands(tcp).await.ok()?;
    raw_http_over(server, stream, "POST /api/v1/accounts.sign_in", &[], body.as_bytes()).await
}

/// The same for somebody who must be answered.
async fn sign_in_from(server: &Server, last: u8, email: &str, password: &str) -> RawAnswer {
    try_sign_in_from(server, last, email, password).await.expect("an answer")
}

/// An answer without what differs from one moment to the next.
fn timeless(answer: &RawAnswer) -> (u16, Vec<(String, String)>, Value) {
    let mut body = answer.json();
    if let Some(refused) = body["refused"].as_object_mut() {
        refused.remove("retry_after_ms");
    }
    let moments = ["retry-after", "content-length"];
    let headers =
        answer.headers.iter().filter(|(name, _)| !moments.contains(&name.as_str())).cloned().collect();
    (answer.status, headers, body)
}

#[tokio::test]
async fn guessing_names_from_one_place_ends_for_a_minute_and_says_nothing_about_them() {
    let server = Server::start(Engine::Sqlite).await;
    let known: Vec<String> = server.people.iter().map(|person| person.email.clone()).collect();
    let physician = server.sheet("physician").clone();
    let mut tried = BTreeSet::new();
    let limit = loop {
        let name = match tried.len() % 2 {
            0 => known[tried.len() / 2 % known.len()].clone(),
            _ => format!("nobody-{}@demo.example", tried.len()),
        };
        let answer = sign_in_from(&server, 2, &name, "ちがう").await;
        if answer.code() == "rate_limited" {
            break answer;
        }
        assert_eq!(answer.code(), "sign_in_failed", "{name}");
        tried.insert(name);
    };
    assert_eq!(tried.len(), 30, "names in a minute, wherever it begins");
    let wait = limit.json()["refused"]["retry_after_ms"].as_u64().expect("it says when");
    assert!((1..=60_001).contains(&wait), "{wait}");
    assert_eq!(limit.status, 429);
    for (name, password) in [
        (physician.email.as_str(), physician.password.as_str()),
        (&physician.email, "ちがう"),
        ("nobody-at-all@demo.example", "ちがう"),
    ] {
        let answer = sign_in_from(&server, 2, name, password).await;
        assert_eq!(timeless(&answer), timeless(&limit), "who exists is not told");
    }
    assert_eq!(sign_in_from(&server, 3, &physician.email, &physician.password).await.status, 200);
}

#[tokio::test]
async fn a_flood_of_sign_ins_from_one_place_leaves_room_for_others() {
    let server = Server::start(Engine::Sqlite).await;
    let physician = server.sheet("physician").clone();
    // The name that is tried locks; who else works there comes in.
    let other = server.sheet("pharmacist").clone();
    // On a busy machine some of the flood may be cut before they say anything; the others must all be answered.
    let flood = join_all((0..80).map(|_| try_sign_in_from(&server, 2, &physician.email, "ちがう")));
    let others = async {
        for _ in 0..5 {
            let answer = sign_in_from(&server, 3, &other.email, &other.password).await;
            assert_eq!(answer.status, 200, "{:?}", answer.json());
        }
    };
    let (flood, ()) = tokio::join!(flood, others);
    let flood: Vec<RawAnswer> = flood.into_iter().flatten().collect();
    let codes: BTreeSet<String> = flood.iter().map(RawAnswer::code).collect();
    let waits = flood.iter().filter(|answer| answer.code() == "overloaded");
    let waits: Vec<_> = waits.map(|answer| answer.json()["refused"]["retry_after_ms"].as_u64()).collect();
    assert!(
        !waits.is_empty() && waits.iter().all(|wait| *wait == Some(limits::SIGN_IN_RETRY_MS)),
        "{codes:?}"
    );
    let hashed = flood.iter().filter(|answer| answer.code() == "sign_in_failed").count();
    assert!((1..=60).contains(&hashed), "{hashed} were hashed");
}

#[tokio::test]
async fn when_the_writer_hangs_newcomers_are_refused_early_and_who_was_let_in_is_answered() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start(engine).await;
        let group = fresh_group(&server, &["physician"]).await;
        let (admin, link) = (&group.people[0], group.people[0].link().await);
        let mut asks = Vec::new();
        for n in 0..60 {
            let draft = draft(group.room, &format!("{n}"));
            let token = admin.preview(&draft).await.expect("a preview").token;
            asks.push(Command::Send(confirmed(&draft, Some(&token))));
        }
        let mut rows = Rows::of(&server).await;
        rows.run(if engine == Engine::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" }.to_owned()).await;
        if engine == Engine::Postgres {
            rows.run("LOCK TABLE audit IN EXCLUSIVE MODE".to_owned()).await;
        }
        let start = Instant::now();
        let (mut let_in, mut asks) = (Vec::new(), asks.iter());
        let refused = loop {
            let mut pending = link.begin(asks.next().expect("refused before all were sent")).await;
            match tokio::time::timeout(Duration::from_millis(100), &mut pending).await {
                Err(_) => let_in.push(pending),
                Ok(answer) => break answer.expect("the link stands")["refused"].clone(),
            }
        };
        let took = start.elapsed();
        assert_eq!(refused["code"], "overloaded");
        let wait = refused["retry_after_ms"].as_u64();
        assert!(wait.is_some_and(|wait| (1_000..=10_000).contains(&wait)), "{refused}");
        assert!(took > Duration::from_millis(1_900) && took < Duration::from_secs(4), "{took:?}");
        let _: Now = link.ask(&NOW).await.expect("what needs no writer goes on");
        let nowhere = Command::OpenRoom(WhichRoom { room: RoomId(new_id()) });
        for _ in 0..5 {
            assert_eq!(admin.refused(&nowhere).await.code, "not_found");
        }
        rows.run("ROLLBACK".to_owned()).await;
        let stored = i64::try_from(let_in.len()).expect("few");
        for pending in let_in {
            let answer = link.finish("who was let in", pending).await;
            assert!(answer["ok"].is_object(), "{answer}");
        }
        assert_eq!(Rows::of(&server).await.posts_in(group.room.0).await, stored, "and nobody else");
        admin.post(&draft(group.room, "その後")).await.expect("it goes on");
        verifies(&server).await;
        server.stop();
        let mut audit = Rows::of(&server).await.audit().await;
        audit.retain(|row| row.account == Some(admin.me.account.0) && row.act == "refused");
        let counted: Vec<_> = audit.iter().map(|row| (row.outcome.as_str(), row.times)).collect();
        assert_eq!(counted, [("counted", 6)], "the refusals that no row could be written for");
    }
}
