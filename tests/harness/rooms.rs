//! Rooms for a story: free groups of its own, and the demo's timelines.

use super::person::Person;
use super::server::Server;
use tsumugi_protocol::{
    AcceptRoom, Command, CreateFree, Draft, MemberState, Nothing, PostId, RoomCard, RoomId, RoomKind,
    RoomList, RoomMade,
};
use uuid::Uuid;

/// An id as a client chooses it.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// A draft with an id of its own.
pub fn draft(room: RoomId, text: &str) -> Draft {
    Draft { room, post: PostId(new_id()), text: text.to_owned(), reply_to: None, about: None }
}

/// A free group made for one story, and the people in it; the first one made it.
pub struct Group<'a> {
    pub room: RoomId,
    pub people: Vec<Person<'a>>,
}

/// Makes a free group of the office admin and others, all of whom have joined.
pub async fn fresh_group<'a>(server: &'a Server, others: &[&str]) -> Group<'a> {
    let admin = server.person("office_admin").await;
    let mut people = Vec::new();
    for who in others {
        people.push(server.person(who).await);
    }
    let room = RoomId(new_id());
    let invite = people.iter().map(|person| person.me.account).collect();
    let ask = CreateFree {
        room,
        title: "約束の部屋".to_owned(),
        aim: "約束をためす".to_owned(),
        invite,
        requires: Vec::new(),
    };
    let made: RoomMade = admin.ask(&Command::CreateFree(ask)).await.expect("an office admin makes a group");
    assert_eq!(made.room, room);
    for person in &people {
        let accept = Command::Accept(AcceptRoom { room, takes_part: true });
        let _: RoomMade = person.ask(&accept).await.expect("who is invited may join");
    }
    people.insert(0, admin);
    Group { room, people }
}

impl Person<'_> {
    /// Her rooms.
    pub async fn rooms(&self) -> RoomList {
        self.ask(&Command::ListRooms(Nothing {})).await.expect("her rooms")
    }

    /// Her card of a room, when the list shows it.
    pub async fn card(&self, room: RoomId) -> Option<RoomCard> {
        self.rooms().await.rooms.into_iter().find(|card| card.id == room)
    }
}

/// A room of that kind in which the first person is a member and the others are not.
pub async fn patient_room(inside: &Person<'_>, outside: &[&Person<'_>], kind: RoomKind) -> RoomCard {
    let mut rooms: Vec<RoomCard> = inside.rooms().await.rooms;
    rooms.retain(|card| card.kind == kind && card.membership == MemberState::Member);
    for stranger in outside {
        let theirs: Vec<RoomId> = stranger.rooms().await.rooms.iter().map(|card| card.id).collect();
        rooms.retain(|card| !theirs.contains(&card.id));
    }
    rooms.sort_by_key(|card| card.id);
    rooms.into_iter().next().expect("the demo has such a room")
}
