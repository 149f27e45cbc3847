//! Every code the protocol has can be provoked, or is listed here with the reason why a test from outside cannot.

use crate::entering::first_link;
use crate::harness::{
    Engine, Link, Server, Upgrade, confirmed, draft, fresh_group, new_id, raw_http, room_commands,
};
use serde_json::json;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    Code, Command, Connect, CreateFree, Draft, Enter, Nothing, RoomId, RoomMade, SignIn, TokenIn, WhichRoom,
    limits,
};

/// Codes nobody can provoke from outside on purpose.
const UNREACHABLE: &[(Code, &str)] = &[
    (Code::Fault, "something of ours must fail: the store's own tests break disks and connections"),
    (Code::Overloaded, "the writer's queue must be full: the store's own tests fill it"),
];

#[tokio::test]
async fn every_code_can_be_provoked() {
    let server = Server::start(Engine::Sqlite).await;
    let first_link = a_first_link(&server);
    let mut provoked: BTreeSet<String> = BTreeSet::new();
    let group = fresh_group(&server, &["physician"]).await;
    let (admin, physician) = (&group.people[0], &group.people[1]);
    let link = admin.link().await;

    // Over the link: frames.
    let hello = json!({"hello": {"protocol": 0, "client": "old", "rooms": []}});
    let old = admin.raw_link().await;
    old.text(&hello.to_string()).await;
    provoked.insert(code(&old.loose("a refusal").await));
    link.text("}{").await;
    provoked.insert(code(&link.loose("a refusal").await));
    for frame in [
        json!({"id": 801, "do": "rooms.burn"}),
        json!({"id": 802, "do": "rooms.open", "ask": {"room": 7}}),
        json!({"id": 803, "do": "accounts.sign_out"}),
    ] {
        let pending = link.expect_answer(frame["id"].as_u64().expect("an id"));
        link.text(&frame.to_string()).await;
        provoked.insert(code(&link.finish("a refusal", pending).await));
    }

    // Over HTTP: who asks, from where, how much.
    let over = vec![b' '; limits::FRAME_BYTES + 1];
    let bearer = format!("Bearer {}", admin.token);
    let json_type = ("content-type", "application/json");
    type Request<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a [u8]);
    let asks: [Request<'_>; 3] = [
        ("POST /api/v1/accounts.me", vec![json_type], b"{}"),
        (
            "POST /api/v1/accounts.sign_in",
            vec![json_type, ("origin", "https://evil.example")],
            br#"{"email":"a","password":"b"}"#,
        ),
        ("POST /api/v1/time.now", vec![json_type, ("authorization", &bearer)], &over),
    ];
    for (start, headers, body) in asks {
        provoked.insert(raw_http(&server, start, &headers, body).await.expect("an answer").code());
    }

    // By what is asked.
    let sent = draft(group.room, "ひとつ");
    admin.post(&sent).await.expect("saved");
    let proposed = Connect { room: RoomId(new_id()), with: physician.me.account };
    let _: RoomMade = admin.ask(&Command::Connect(proposed)).await.expect("asked");
    let invited = CreateFree {
        room: RoomId(new_id()),
        title: "招待".into(),
        aim: "目的".into(),
        invite: vec![physician.me.account],
    };
    let _: RoomMade = admin.ask(&Command::CreateFree(invited.clone())).await.expect("made");
    let other_text = Draft { text: "べつの".into(), ..sent.clone() };
    let asks = [
        (admin, Command::Send(confirmed(&draft(group.room, "確認なし"), None))),
        (admin, Command::Send(confirmed(&other_text, Some("x")))),
        (admin, Command::Preview(draft(group.room, " "))),
        (admin, Command::Preview(draft(group.room, &"字".repeat(limits::POST_CHARS + 1)))),
        (admin, Command::Preview(draft(proposed.room, "まだ"))),
        (admin, Command::OpenRoom(WhichRoom { room: RoomId(new_id()) })),
        (
            admin,
            Command::CreateFree(CreateFree { room: RoomId(new_id()), aim: " ".into(), ..invited.clone() }),
        ),
        (physician, Command::CreateFree(CreateFree { room: RoomId(new_id()), ..invited.clone() })),
    ];
    for (person, ask) in asks {
        provoked.insert(person.refused(&ask).await.code);
    }
    for ask in room_commands(invited.room, "まだ", None) {
        if matches!(ask, Command::PageRoom(_)) {
            provoked.insert(physician.refused(&ask).await.code);
        }
    }
    for (link, password) in [("x", "haru-no-kaze-12"), (first_link.as_str(), "haru")] {
        let ask = Enter { link: link.into(), password: password.into(), token_in: TokenIn::Body };
        let body = Command::Enter(ask).ask_json();
        let answer = raw_http(&server, "POST /api/v1/accounts.enter", &[json_type], body.as_bytes()).await;
        provoked.insert(answer.expect("an answer").code());
    }
    let wrong = SignIn { email: "nobody@demo.example".into(), password: "x".into(), token_in: TokenIn::Body };
    let body = Command::SignIn(wrong).ask_json();
    let answer = raw_http(&server, "POST /api/v1/accounts.sign_in", &[json_type], body.as_bytes()).await;
    provoked.insert(answer.expect("an answer").code());

    let excused = UNREACHABLE.iter().map(|(code, _)| code.as_str().to_owned());
    let all: BTreeSet<String> = Code::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    let missing: Vec<&String> = all.iter().filter(|code| !provoked.contains(*code)).collect();
    let expected: Vec<String> = excused.collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(
        missing,
        expected.iter().collect::<Vec<_>>(),
        "neither provoked nor excused, or excused for nothing"
    );
    assert!(provoked.is_subset(&all), "codes the protocol does not know: {provoked:?}");
    assert_eq!(Link::open(&server, &Upgrade::bearer("x")).await.err(), Some(401));
    let _: tsumugi_protocol::Now = admin.ask(&Command::Now(Nothing {})).await.expect("the server lives");
}

/// The first link of a second region in a demo's folder.
fn a_first_link(server: &Server) -> String {
    server.stop();
    let link = first_link(&server.setup, "desk@refusals.example");
    server.start_again();
    link
}

fn code(frame: &serde_json::Value) -> String {
    frame["refused"]["code"].as_str().unwrap_or_default().to_owned()
}
