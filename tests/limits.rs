//! Every limit a client can meet, at its edge and one past it.

use crate::harness::{Door, Engine, Server, draft, fresh_group, new_id, promise, raw_http, shared};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tsumugi_protocol::{
    AccountId, AskPage, AskSince, Change, Command, CreateFree, Draft, Known, Nothing, Now, Page, PageAt,
    RoomId, RoomList, RoomMade, SignIn, Since, TokenIn, limits,
};

promise! {
    async fn pages_have_fifty_posts_and_two_hundred_at_most(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        for n in 0..55 {
            admin.post(&draft(group.room, &format!("{n}"))).await.expect("saved");
        }
        let page = |limit| Command::PageRoom(AskPage { room: group.room, at: PageAt::End, limit });
        let since = |limit| Command::RoomSince(AskSince { room: group.room, change: Change(0), limit });
        assert_eq!(admin.ask::<Page>(&page(None)).await.expect("a page").posts.len(), limits::PAGE as usize);
        assert_eq!(admin.ask::<Page>(&page(Some(limits::PAGE_MAX))).await.expect("a page").posts.len(), 55);
        let first: Since = admin.ask(&since(None)).await.expect("since");
        assert!(first.more && first.posts.len() <= limits::PAGE as usize);
        for limit in [0, limits::PAGE_MAX + 1, u32::MAX] {
            assert_eq!(admin.refused(&page(Some(limit))).await.code, "bad_field", "{limit}");
            assert_eq!(admin.refused(&since(Some(limit))).await.code, "bad_field", "{limit}");
        }
    }
}

/// The JSON of a command in which every character of the text is escaped.
fn escaped(draft: &Draft, text: &str, token: Option<&str>) -> String {
    let escapes: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let draft = serde_json::to_string(draft).expect("JSON").replace(&draft.text, &escapes);
    match token {
        None => draft,
        Some(token) => format!(r#"{{"draft":{draft},"token":"{token}","without_patient_data":true}}"#),
    }
}

promise! {
    async fn the_longest_post_fits_both_doors_however_its_json_is_written(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, link) = (&group.people[0], group.people[0].link().await);
        let text = "🙂".repeat(limits::POST_CHARS);
        let bearer = format!("Bearer {}", admin.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        for (n, door) in [Door::Http, Door::Link].into_iter().enumerate() {
            let draft = draft(group.room, "%text%");
            let mut token = None;
            for name in ["posts.preview", "posts.send"] {
                let ask = escaped(&draft, &text, token.as_deref());
                assert!(ask.len() > limits::POST_CHARS * 12);
                let answer = match door {
                    Door::Http => {
                        let start = format!("POST /api/v1/{name}");
                        raw_http(server, &start, &headers, ask.as_bytes()).await.expect("an answer").json()
                    }
                    Door::Link => {
                        let id = 7_000 + u64::from(name == "posts.send");
                        let pending = link.expect_answer(id);
                        link.text(&format!(r#"{{"id":{id},"do":"{name}","ask":{ask}}}"#)).await;
                        link.finish(name, pending).await
                    }
                };
                assert!(answer["ok"].is_object(), "{door:?} {name}: {answer}");
                token = answer["ok"]["token"].as_str().map(str::to_owned);
            }
            let stored = admin.history(group.room).await;
            assert_eq!(stored.len(), n + 1);
            assert!(stored[n].id == draft.post && crate::sending::text_of(&stored[n]) == text, "{door:?}");
        }
    }
}

promise! {
    async fn names_and_aims_fit_to_the_last_character(server: &Server) {
        let admin = server.person("office_admin").await;
        let make = |title: usize, aim: usize| CreateFree {
            room: RoomId(new_id()),
            title: "題".repeat(title),
            aim: "目".repeat(aim),
            invite: Vec::new(), requires: Vec::new() };
        let fits = make(limits::NAME_CHARS, limits::AIM_CHARS);
        let _: RoomMade = admin.ask(&Command::CreateFree(fits)).await.expect("it fits");
        for ask in [make(limits::NAME_CHARS + 1, 1), make(0, 1), make(1, limits::AIM_CHARS + 1)] {
            assert_eq!(admin.refused(&Command::CreateFree(ask.clone())).await.code, "bad_field");
            assert!(admin.card(ask.room).await.is_none());
        }
        let crowd = (0..=limits::INVITE).map(|_| AccountId(new_id())).collect();
        let ask = CreateFree { invite: crowd, ..make(1, 1) };
        assert_eq!(admin.refused(&Command::CreateFree(ask)).await.code, "bad_field");
    }
}

promise! {
    async fn a_hello_names_a_thousand_rooms_and_no_more(server: &Server) {
        let physician = server.person("physician").await;
        let rooms = |n: usize| (0..n).map(|_| Known { room: RoomId(new_id()), change: Change(1) }).collect::<Vec<_>>();
        let (_link, welcome) = physician.link_knowing(rooms(limits::HELLO_ROOMS)).await;
        assert_eq!(welcome.gone.len(), limits::HELLO_ROOMS);
        let link = physician.raw_link().await;
        let hello = crate::harness::hello(rooms(limits::HELLO_ROOMS + 1));
        link.text(&json!({ "hello": hello }).to_string()).await;
        assert_eq!(link.closed().await.code, Some(4400));
    }
}

promise! {
    async fn long_passwords_and_addresses_are_refused_before_they_are_hashed(server: &Server) {
        let http = server.http();
        let ask = |email: String, password: String| {
            Command::SignIn(SignIn { email, password, token_in: TokenIn::Body })
        };
        let cases = [
            ask("a@demo.example".into(), "x".repeat(limits::PASSWORD_BYTES + 1)),
            ask(format!("{}@demo.example", "a".repeat(limits::EMAIL_BYTES)), "x".into()),
        ];
        for command in cases {
            let answer = http
                .post(format!("{}/api/v1/{}", server.url, command.name()))
                .header("content-type", "application/json")
                .body(command.ask_json())
                .send()
                .await
                .expect("an answer");
            let told: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
            assert_eq!(told["refused"]["code"], "too_large", "{told}");
        }
    }
}

promise! {
    async fn without_a_session_a_body_is_small(server: &Server) {
        let physician = server.person("physician").await;
        let bearer = format!("Bearer {}", physician.token);
        let blanks = |n: usize| [b"{".as_slice(), &vec![b' '; n - 2], b"}"].concat();
        for (bytes, bearer, code) in [
            (limits::STRANGER_BYTES, None, "signed_out"),
            (limits::STRANGER_BYTES + 1, None, "too_large"),
            (limits::STRANGER_BYTES + 1, Some(&bearer), ""),
            (limits::FRAME_BYTES, Some(&bearer), ""),
            (limits::FRAME_BYTES + 1, Some(&bearer), "too_large"),
        ] {
            let headers: Vec<(&str, &str)> = bearer.iter().map(|b| ("authorization", b.as_str())).collect();
            let answer = raw_http(server, "POST /api/v1/time.now", &headers, &blanks(bytes)).await;
            assert_eq!(answer.expect("an answer").code(), code, "{bytes} {}", bearer.is_some());
        }
    }
}

promise! {
    async fn two_hundred_commands_at_once_are_all_answered(server: &Server) {
        let physician = server.person("physician").await;
        let link = physician.link().await;
        // Reading a list takes time, so that they wait for each other.
        let asks = (0..200).map(|_| link.ask::<RoomList>(&Command::ListRooms(Nothing {})));
        for answer in join_all(asks).await {
            answer.expect("those past the limit wait their turn");
        }
        let _: Now = link.ask(&Command::Now(Nothing {})).await.expect("and the link goes on");
    }
}
