//! Whatever is sent: a coded refusal or a close code from the table, never a panic, never a half-written act.

use crate::harness::{
    Closed, Engine, Group, Link, PATIENCE, Rows, Server, draft, fresh_group, promise, raw_http, shared,
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, coding::Data, coding::OpCode};
use tsumugi_protocol::{Command, Nothing, Now, limits};

/// The server lives, and the room has only what belongs there.
async fn unharmed(server: &Server, group: &Group<'_>, posts: i64) {
    let _: Now = group.people[0].ask(&Command::Now(Nothing {})).await.expect("the server lives");
    assert_eq!(Rows::of(server).await.posts_in(group.room.0).await, posts, "nothing half-written");
}

/// What a frame gets: the code of a refusal, or how the link ended.
async fn fate(link: &Link) -> String {
    tokio::select! {
        closed = link.closed() => format!("closed {}", closed.code.map_or_else(|| "cut".into(), |c| c.to_string())),
        frame = link.loose("a refusal") => frame["refused"]["code"].as_str().unwrap_or("?").to_owned(),
    }
}

promise! {
    async fn frames_that_are_no_commands_are_refused_and_the_link_goes_on(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let link = group.people[0].link().await;
        let room = group.room;
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        let cases: Vec<(&str, String, &str)> = vec![
            ("an unknown command", json!({"id": 900, "do": "rooms.burn", "ask": {}}).to_string(), "unknown_command"),
            ("an empty command", json!({"id": 901, "do": "", "ask": {}}).to_string(), "unknown_command"),
            ("an unknown field", json!({"id": 902, "do": "rooms.open", "ask": {"room": room, "x": 1}}).to_string(), "bad_field"),
            ("a missing field", json!({"id": 903, "do": "rooms.open", "ask": {}}).to_string(), "bad_field"),
            ("a wrong type", json!({"id": 904, "do": "rooms.open", "ask": {"room": 7}}).to_string(), "bad_field"),
            ("no id at all", json!({"id": 905, "do": "rooms.open", "ask": {"room": "x"}}).to_string(), "bad_field"),
            ("an ask that is a list", json!({"id": 906, "do": "rooms.list", "ask": [1]}).to_string(), "bad_field"),
            ("a huge number", format!(r#"{{"id":907,"do":"rooms.since","ask":{{"room":"{room}","change":1e400}}}}"#), "bad_field"),
            ("a number past 64 bits", format!(r#"{{"id":908,"do":"rooms.since","ask":{{"room":"{room}","change":99999999999999999999}}}}"#), "bad_field"),
            ("deep JSON in the ask", format!(r#"{{"id":909,"do":"rooms.open","ask":{}}}"#, deep(20_000)), "bad_field"),
            ("sign-in on a link", json!({"id": 910, "do": "accounts.sign_in", "ask": {"email": "a", "password": "b"}}).to_string(), "wrong_door"),
        ];
        for (n, (what, frame, code)) in cases.into_iter().enumerate() {
            let id = 900 + n as u64;
            assert!(frame.contains(&format!("\"id\":{id}")), "{what}");
            let pending = link.expect_answer(id);
            link.text(&frame).await;
            let answer = link.finish(what, pending).await;
            assert_eq!(answer["refused"]["code"], code, "{what}");
            assert!(answer["refused"]["sentence"].as_str().is_some_and(|s| !s.is_empty()), "{what}");
        }
        let unanswerable = [
            ("not JSON", "}{".to_owned()),
            ("an empty frame", String::new()),
            ("null", "null".to_owned()),
            ("a negative id", json!({"id": -1, "do": "time.now"}).to_string()),
            ("a field outside the ask", json!({"id": 1, "do": "time.now", "as": "admin"}).to_string()),
            ("deep JSON", deep(50_000)),
        ];
        for (what, frame) in unanswerable {
            link.text(&frame).await;
            assert_eq!(fate(&link).await, "bad_frame", "{what}");
        }
        let _: Now = link.ask(&Command::Now(Nothing {})).await.expect("the link goes on");
        unharmed(server, &group, 0).await;
    }
}

promise! {
    async fn a_link_that_sends_only_garbage_is_closed(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let link = group.people[0].link().await;
        for _ in 0..=limits::BAD_FRAMES {
            link.text("こんにちは").await;
        }
        assert_eq!(link.closed().await.code, Some(4401));
        unharmed(server, &group, 0).await;
    }
}

promise! {
    async fn a_link_that_breaks_its_manners_is_closed_by_code(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let hello = json!({"hello": {"protocol": 1, "client": "x", "rooms": []}}).to_string();

        let link = admin.raw_link().await;
        link.text(&json!({"id": 1, "do": "time.now", "ask": {}}).to_string()).await;
        assert_eq!(link.closed().await.code, Some(4400), "a command before hello");

        let link = admin.link().await;
        link.text(&hello).await;
        assert_eq!(link.closed().await.code, Some(4400), "a second hello");

        let link = admin.raw_link().await;
        link.text(&hello.replace("\"rooms\"", "\"role\":\"admin\",\"rooms\"")).await;
        assert_eq!(link.closed().await.code, Some(4400), "a hello with an unknown field");

        let link = admin.raw_link().await;
        link.text(&hello.replace("\"protocol\":1", "\"protocol\":0")).await;
        let told = link.loose("why").await;
        assert_eq!(told["refused"]["code"], "protocol_too_old");
        assert_eq!(link.closed().await.code, Some(4402), "an old client");

        let link = admin.link().await;
        link.write(Message::binary(vec![0, 159, 146, 150])).await;
        assert!(matches!(fate(&link).await.as_str(), "bad_frame" | "closed 4401"), "a binary frame");

        let link = admin.link().await;
        let bad = Frame::message(vec![b'"', 0xc3, 0x28, b'"'], OpCode::Data(Data::Text), true);
        link.write(Message::Frame(bad)).await;
        assert_eq!(link.closed().await.code, Some(4401), "a text frame that is not UTF-8");
        unharmed(server, &group, 0).await;
    }
}

promise! {
    async fn a_frame_of_a_megabyte_is_never_read(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let link = group.people[0].link().await;
        let text = "あ".repeat(350_000);
        let huge = json!({"id": 1, "do": "posts.preview", "ask": {"room": group.room, "post": crate::harness::new_id(), "text": text}});
        link.text(&huge.to_string()).await;
        let Closed { code, .. } = link.closed().await;
        // Whether the close frame outruns the reset of a connection that still carries a megabyte is the kernel's choice.
        assert!(matches!(code, Some(4401) | None), "{code:?}");
        unharmed(server, &group, 0).await;
    }
}

promise! {
    async fn a_body_of_a_megabyte_is_too_large(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let bearer = format!("Bearer {}", group.people[0].token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let text = "あ".repeat(350_000);
        let huge = json!({"room": group.room, "post": crate::harness::new_id(), "text": text}).to_string();
        let answer = raw_http(server, "POST /api/v1/posts.preview", &headers, huge.as_bytes()).await;
        if let Some(answer) = answer {
            assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"));
        }
        // Just past the limit the whole body still fits the buffers, so the answer must arrive.
        let over = vec![b' '; limits::FRAME_BYTES + 1];
        let answer = raw_http(server, "POST /api/v1/time.now", &headers, &over).await.expect("an answer");
        assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"));
        unharmed(server, &group, 0).await;
    }
}

promise! {
    async fn texts_that_are_no_posts_are_refused_by_code(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, link) = (&group.people[0], group.people[0].link().await);
        let cases: Vec<(&str, String, &str)> = vec![
            ("20,001 characters", "字".repeat(limits::POST_CHARS + 1), "post_too_long"),
            ("20,001 emoji", "🙂".repeat(limits::POST_CHARS + 1), "post_too_long"),
            ("no text", String::new(), "draft_empty"),
            ("blanks", " \n\t\u{3000} ".to_owned(), "draft_empty"),
            ("a NUL", "a\0b".to_owned(), "bad_field"),
            ("an escape", "\u{1b}[2J消去".to_owned(), "bad_field"),
            ("a carriage return", "a\rb".to_owned(), "bad_field"),
            ("a C1 control", "a\u{85}b".to_owned(), "bad_field"),
            ("DEL", "a\u{7f}b".to_owned(), "bad_field"),
        ];
        for (what, text, code) in cases {
            let draft = draft(group.room, &text);
            for command in [Command::Preview(draft.clone()), Command::Send(crate::harness::confirmed(&draft, Some("x")))] {
                assert_eq!(admin.refused(&command).await.code, code, "{what}: {}", command.name());
                let answer = link.answer(&command).await;
                assert_eq!(answer["refused"]["code"], code, "{what} on a link: {}", command.name());
            }
        }
        unharmed(server, &group, 0).await;
        for text in ["字".repeat(limits::POST_CHARS), "🙂".repeat(limits::POST_CHARS), "改行\n\tタブ".to_owned()] {
            let draft = draft(group.room, &text);
            admin.post(&draft).await.expect("the limit itself fits");
            let stored = admin.history(group.room).await;
            assert_eq!(crate::sending::text_of(stored.last().expect("a post")), text);
        }
        unharmed(server, &group, 3).await;
    }
}

promise! {
    async fn bodies_that_are_no_asks_are_refused_by_code(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let bearer = format!("Bearer {}", group.people[0].token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let deep = format!(r#"{{"room":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
        let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
            ("an unknown command", "rooms.burn", b"{}".to_vec(), 400, "unknown_command"),
            ("a way out of the folder", "..%2f..%2fsecrets", b"{}".to_vec(), 400, "unknown_command"),
            ("not JSON", "rooms.open", b"}{".to_vec(), 400, "bad_frame"),
            ("not UTF-8", "rooms.open", vec![0xff, 0xfe], 400, "bad_frame"),
            ("an unknown field", "time.now", br#"{"x":1}"#.to_vec(), 400, "bad_field"),
            ("deep JSON", "rooms.open", deep.into_bytes(), 400, "bad_field"),
            ("a command of links", "rooms.focus", b"{}".to_vec(), 400, "wrong_door"),
        ];
        for (what, name, body, status, code) in cases {
            let start = format!("POST /api/v1/{name}");
            let answer = raw_http(server, &start, &headers, &body).await.expect("an answer");
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "{what}");
        }
        for start in ["GET /api/v1/rooms.list", "PUT /api/v1/rooms.list", "DELETE /api/v1/posts.send"] {
            let answer = raw_http(server, start, &headers, b"").await.expect("an answer");
            assert!(matches!(answer.status, 404 | 405), "{start}: {}", answer.status);
        }
        unharmed(server, &group, 0).await;
    }
}

promise! {
    async fn a_refusal_never_repeats_what_was_written(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let link = group.people[0].link().await;
        let secret = "はるえさんの秘密";
        let bearer = format!("Bearer {}", group.people[0].token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let asks = [
            json!({"room": secret}),
            json!({secret: 1}),
            json!({"room": group.room, secret: secret}),
            json!({"room": group.room, "post": secret, "text": secret}),
            json!({"room": group.room, "post": crate::harness::new_id(), "text": format!("{secret}\0")}),
        ];
        for (n, ask) in asks.into_iter().enumerate() {
            let id = 5_000 + n as u64;
            let pending = link.expect_answer(id);
            link.text(&json!({"id": id, "do": "posts.preview", "ask": &ask}).to_string()).await;
            let answer = link.finish("a refusal", pending).await;
            assert_eq!(answer["refused"]["code"], "bad_field");
            assert!(!answer.to_string().contains(secret), "{answer}");
            let ask = ask.to_string();
            let answer = raw_http(server, "POST /api/v1/posts.preview", &headers, ask.as_bytes()).await;
            let answer = answer.expect("an answer");
            let body = String::from_utf8_lossy(&answer.body);
            assert!(answer.code() == "bad_field" && !body.contains(secret), "{body}");
        }
        let command = json!({"id": 6_000, "do": secret, "ask": {}}).to_string();
        let pending = link.expect_answer(6_000);
        link.text(&command).await;
        let answer = link.finish("a refusal", pending).await;
        assert!(!answer.to_string().contains(secret), "{answer}");
        link.text(&format!("{{\"{secret}")).await;
        let told: Value = link.loose("a refusal").await;
        assert!(!told.to_string().contains(secret));
        unharmed(server, &group, 0).await;
    }
}

promise! {
    async fn clients_that_vanish_in_the_middle_leave_nothing_half_done(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let mut sent = 0;
        for n in 0..30 {
            let draft = draft(group.room, &format!("途中で切れる {n}"));
            let token = admin.preview(&draft).await.expect("a preview").token;
            let link = admin.link().await;
            let pending = link.begin(&Command::Send(crate::harness::confirmed(&draft, Some(&token)))).await;
            drop(pending);
            link.cut().await;
            sent += 1;
        }
        let settled = async || {
            let now = admin.history(group.room).await.len();
            let audit = Rows::of(server).await.audit().await;
            let rows = audit.iter().filter(|row| row.room == Some(group.room.0) && row.act == "posts.send").count();
            (now == rows).then_some(now)
        };
        let stored = crate::harness::until("each post with its audit row", PATIENCE, settled).await;
        assert!(stored <= sent);
        let positions: Vec<i64> = admin.history(group.room).await.iter().map(|post| post.position.0).collect();
        assert_eq!(positions, (1..=i64::try_from(stored).expect("few")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_link_that_never_says_hello_is_closed() {
    let server = shared(Engine::Sqlite);
    let physician = server.person("physician").await;
    let link = physician.raw_link().await;
    let start = std::time::Instant::now();
    assert_eq!(link.closed().await.code, Some(4400));
    assert!(start.elapsed().as_millis() >= u128::from(limits::HELLO_MS) - 500);
}
