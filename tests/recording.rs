//! An exchange of a real server, recorded for the client's models: `TSUMUGI_WRITE=1` writes it anew.

use crate::harness::{Engine, Link, Person, Server, draft, fresh_group, new_id};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tsumugi_protocol::{
    AcceptRoom, AccountId, AskPage, AskSince, Change, Command, CreateFree, Done, Draft, Event, Focus,
    MarkRead, Nothing, PageAt, Position, RoomId, RoomMade, WhichRoom,
};
use uuid::Uuid;

const FILE: &str = "data/recorded/free-group.json";

/// What the reader heard of the room until then, and up to and with the event that fits.
async fn heard(link: &mut Link, so_far: &mut Vec<Event>, what: &str, fits: impl Fn(&Event) -> bool) {
    loop {
        so_far.push(link.event(what).await);
        if so_far.last().is_some_and(&fits) {
            return;
        }
    }
}

async fn screen(reader: &Person<'_>, room: RoomId) -> Value {
    let open: Value = reader.ask(&Command::OpenRoom(WhichRoom { room })).await.expect("the room");
    let mut list: Value = reader.ask(&Command::ListRooms(Nothing {})).await.expect("her rooms");
    // The demo's own rooms stand still meanwhile, and are long.
    if let Some(rooms) = list["rooms"].as_array_mut() {
        rooms.retain(|card| card["id"] == json!(room));
    }
    list["patients"] = json!([]);
    json!({ "open": open, "list": list })
}

/// The exchange, and the accounts in it.
async fn exchange(server: &Server) -> (Value, [AccountId; 4]) {
    let people = fresh_group(server, &["physician", "visiting_nurse"]).await.people;
    let [admin, physician, reader] = &people[..] else { panic!("three people") };
    let pharmacist = server.person("pharmacist").await;
    let room = RoomId(new_id());
    let invite = [physician, reader, &pharmacist].map(|person| person.me.account).into();
    let make = CreateFree {
        room,
        title: "停電の備え".into(),
        aim: "停電のときの連絡を決める".into(),
        invite,
        requires: Vec::new(),
    };
    let _: RoomMade = admin.ask(&Command::CreateFree(make)).await.expect("made");
    for person in [physician, reader] {
        let _: RoomMade =
            person.ask(&Command::Accept(AcceptRoom { room, takes_part: true })).await.expect("joined");
    }
    for text in ["はじめます。", "発電機は二台あります。", "一台は点検中です。"] {
        admin.post(&draft(room, text)).await.expect("saved");
    }
    let mut link = reader.link().await;
    let _: Done = link.ask(&Command::Focus(Focus { room: Some(room) })).await.expect("on screen");
    let start = screen(reader, room).await;

    let mut said = Vec::new();
    let first = draft(room, "当番表を\n作りました。");
    let answer = Draft { reply_to: Some(first.post), ..draft(room, &"長い返事です。".repeat(20)) };
    let own = draft(room, "受け取りました。");
    for (person, post) in [(physician, &first), (admin, &answer), (reader, &own)] {
        person.post(post).await.expect("saved");
        let is_it = |event: &Event| matches!(event, Event::Posted { post: said, .. } if said.id == post.post);
        heard(&mut link, &mut said, "a post", is_it).await;
    }
    for (person, position) in [(physician, Position(5)), (reader, Position(4))] {
        let _: Done = person.ask(&Command::MarkRead(MarkRead { room, position })).await.expect("marked");
        let account = person.me.account;
        let is_it = |event: &Event| matches!(event, Event::Receipts { receipts, .. } if receipts.iter().any(|mark| mark.account == account));
        heard(&mut link, &mut said, "a receipt", is_it).await;
    }
    let _: RoomMade =
        pharmacist.ask(&Command::Accept(AcceptRoom { room, takes_part: true })).await.expect("joined");
    heard(&mut link, &mut said, "a member", |event| matches!(event, Event::MemberChanged { .. })).await;
    let last = draft(room, &"🙂停電の\n".repeat(20));
    pharmacist.post(&last).await.expect("saved");
    heard(
        &mut link,
        &mut said,
        "the last post",
        |event| matches!(event, Event::Posted { post, .. } if post.id == last.post),
    )
    .await;

    let mut since = Vec::new();
    let mut change = Change(start["open"]["room"]["change"].as_i64().expect("a change"));
    loop {
        let ask = AskSince { room, change, limit: Some(2) };
        let answer: Value = reader.ask(&Command::RoomSince(ask)).await.expect("since");
        change = Change(answer["upto"].as_i64().expect("a change"));
        let more = answer["more"] == true;
        since.push(json!({ "ask": ask, "answer": answer }));
        if !more {
            break;
        }
    }
    let mut pages = Vec::new();
    for at in
        [PageAt::Around(Position(4)), PageAt::Before(Position(3)), PageAt::After(Position(4)), PageAt::End]
    {
        let ask = AskPage { room, at, limit: Some(2) };
        let answer: Value = reader.ask(&Command::PageRoom(ask)).await.expect("a page");
        pages.push(json!({ "ask": ask, "answer": answer }));
    }
    let end = screen(reader, room).await;
    let accounts = [admin, physician, reader, &pharmacist].map(|person| person.me.account);
    let me = reader.me.account;
    let all = json!({ "me": me, "start": start, "heard": said, "since": since, "pages": pages, "end": end });
    (all, accounts)
}

/// The same exchange gets the same names and times on every run: accounts in a given order, other ids as they come, people
/// who came at the same moment by their account, times by position.
struct Plain(BTreeMap<Uuid, Uuid>);

impl Plain {
    fn of(accounts: &[AccountId]) -> Self {
        Self((1..).map(Uuid::from_u128).zip(accounts).map(|(plain, account)| (account.0, plain)).collect())
    }

    /// The place of the account that a member or a receipt is about.
    fn place(&self, about: &Value) -> Option<Uuid> {
        let account = about.get("account").or_else(|| about["card"].get("account"))?;
        self.0.get(&account.as_str()?.parse().ok()?).copied()
    }

    fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Ok(id) = text.parse::<Uuid>() {
                    let next = Uuid::from_u128(self.0.len() as u128 + 1);
                    *text = self.0.entry(id).or_insert(next).to_string();
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.value(value)),
            Value::Object(map) => {
                if let (Some(position), true) = (map.get("position").cloned(), map.contains_key("stored_at"))
                {
                    map.insert("stored_at".into(), time_of(&position));
                }
                if let (Some(position), Some(last)) = (map.get("last_position").cloned(), map.get_mut("last"))
                {
                    last["at"] = time_of(&position);
                }
                for people in ["members", "receipts"] {
                    if let Some(Value::Array(people)) = map.get_mut(people) {
                        people.sort_by_key(|about| self.place(about));
                    }
                }
                map.values_mut().for_each(|value| self.value(value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn time_of(position: &Value) -> Value {
    json!(1_763_700_000_000_i64 + 1_000 * position.as_i64().expect("a position"))
}

#[tokio::test]
async fn the_recorded_exchange_is_what_a_server_says() {
    let server = Server::start(Engine::Sqlite).await;
    let (mut exchange, accounts) = exchange(&server).await;
    Plain::of(&accounts).value(&mut exchange);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let fresh = serde_json::to_string_pretty(&exchange).expect("JSON") + "\n";
    if std::env::var_os("TSUMUGI_WRITE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, &fresh).expect("the record");
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    let stands: Value = serde_json::from_str(&stands).unwrap_or_default();
    assert_eq!(stands, exchange, "{FILE} is stale: TSUMUGI_WRITE=1 writes it anew");
}
