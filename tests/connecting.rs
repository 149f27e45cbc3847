//! Connections: exactly two people, who both said yes.

use crate::harness::{Door, Engine, Person, Server, draft, new_id, promise, room_commands, shared};
use tsumugi_protocol::{
    AcceptRoom, AccountId, Command, Connect, DeclineRoom, Done, Event, MemberList, MemberState, RoomId,
    RoomKind, RoomMade, RoomState, WhichRoom,
};

async fn propose(from: &Person<'_>, with: AccountId) -> RoomMade {
    let ask = Connect { room: RoomId(new_id()), with };
    from.ask(&Command::Connect(ask)).await.expect("a connection is asked for")
}

promise! {
    // clause("001§31-1")
    async fn a_connection_opens_only_when_both_have_accepted_and_for_nobody_else(server: &Server) {
        let nurse = server.person("visiting_nurse").await;
        let pharmacist = server.person("pharmacist").await;
        let third = server.person("care_manager").await;
        let (mut hers, mut others) = (pharmacist.link().await, third.link().await);

        let made = propose(&nurse, pharmacist.me.account).await;
        assert_eq!(made.state, RoomState::Proposed);
        hers.expect("she is told", |event| match event {
            Event::RoomAdded { room } if *room == made.room => Some(()),
            _ => None,
        })
        .await;
        let card = pharmacist.card(made.room).await.expect("she sees who asks");
        assert_eq!((card.kind, card.membership), (RoomKind::Connection, MemberState::Invited));
        assert_eq!(card.other.expect("the other").account, nurse.me.account);

        let early = draft(made.room, "まだ承諾前です");
        for refused in [nurse.preview(&early).await.err(), nurse.send(&early, None).await.err()] {
            assert_eq!(refused.expect("not yet").code, "not_connected");
        }
        let refused = pharmacist.preview(&early).await.expect_err("she has not accepted herself");
        assert_eq!(refused.code, "invitation_open");
        // The one who asked cannot accept in the other's place.
        let own: RoomMade = nurse.ask(&Command::Accept(AcceptRoom { room: made.room, takes_part: true })).await.expect("no change");
        assert_eq!((own.state, own.change), (RoomState::Proposed, made.change));
        assert_eq!(nurse.preview(&early).await.expect_err("still not").code, "not_connected");

        let accepted: RoomMade =
            pharmacist.ask(&Command::Accept(AcceptRoom { room: made.room, takes_part: true })).await.expect("accepted");
        assert_eq!(accepted.state, RoomState::Active);
        let first = draft(made.room, "つながりました。ここだけの話です");
        nurse.post(&first).await.expect("both have accepted");
        hers.posted(first.post).await;
        pharmacist.post(&draft(made.room, "はい、よろしくお願いします")).await.expect("both ways");

        let list: MemberList =
            nurse.ask(&Command::ListMembers(WhichRoom { room: made.room })).await.expect("members");
        let mut two: Vec<AccountId> = list.members.iter().map(|member| member.card.account).collect();
        two.sort();
        let mut expected = [nurse.me.account, pharmacist.me.account];
        expected.sort();
        assert_eq!(two, expected);

        let link = third.link().await;
        for door in Door::ALL {
            for command in room_commands(made.room, "三人目", None).iter().filter(|c| door.takes(c)) {
                assert_eq!(door.code(&third, &link, command).await, "not_found", "{door:?} {}", command.name());
            }
        }
        assert!(third.card(made.room).await.is_none());
        let seen = others.events_so_far();
        assert!(others.frames().iter().all(|frame| !frame.contains("ここだけの話")), "{seen:?}");
    }
}

promise! {
    // clause("001§31-1")
    async fn either_refuses_or_ends_a_connection_and_then_nobody_writes_in_it(server: &Server) {
        let (manager, pharmacist) = (server.person("care_manager").await, server.person("pharmacist").await);
        let joining = |room| Command::Accept(AcceptRoom { room, takes_part: true });

        // Refused: no connection, for neither; asked again it is another one.
        let declined = propose(&manager, pharmacist.me.account).await;
        let no = Command::Decline(DeclineRoom { room: declined.room, reason: None });
        let _: Done = pharmacist.ask(&no).await.expect("declined");
        assert_eq!(pharmacist.refused(&joining(declined.room)).await.code, "not_found");
        assert_eq!(manager.preview(&draft(declined.room, "だめでも")).await.expect_err("refused").code, "not_connected");
        let made = propose(&manager, pharmacist.me.account).await;
        assert_ne!(made.room, declined.room);
        let _: RoomMade = pharmacist.ask(&joining(made.room)).await.expect("accepted");
        let said = draft(made.room, "つながりました");
        manager.post(&said).await.expect("both have accepted");

        // Ended by the one who was asked: the other one keeps what was said, and is not heard any more.
        let mut link = manager.link().await;
        let confirmed = draft(made.room, "間に合わない投稿");
        let token = manager.preview(&confirmed).await.expect("a preview").token;
        let _: Done = pharmacist.ask(&Command::Leave(WhichRoom { room: made.room })).await.expect("ended");
        link.expect("it is told", |event| match event {
            Event::RoomChanged { room, state: RoomState::Archived, .. } if *room == made.room => Some(()),
            _ => None,
        })
        .await;
        assert_eq!(manager.send(&confirmed, Some(&token)).await.expect_err("refused").code, "not_connected");
        assert_eq!(manager.preview(&confirmed).await.expect_err("refused").code, "not_connected");
        let kept: Vec<_> = manager.history(made.room).await.into_iter().map(|post| post.id).collect();
        assert_eq!(kept, [said.post]);
        for command in [joining(made.room), Command::OpenRoom(WhichRoom { room: made.room })] {
            assert_eq!(pharmacist.refused(&command).await.code, "not_found", "{}", command.name());
        }
        let anew = propose(&pharmacist, manager.me.account).await;
        assert_eq!(anew.state, RoomState::Proposed, "it takes both again");
        assert_ne!(anew.room, made.room);
    }
}

promise! {
    async fn asking_again_for_the_same_connection_is_the_same_room(server: &Server) {
        let (physician, nurse) = (server.person("physician").await, server.person("visiting_nurse").await);
        let ask = Command::Connect(Connect { room: RoomId(new_id()), with: nurse.me.account });
        let first: RoomMade = physician.ask(&ask).await.expect("asked");
        let again: RoomMade = physician.ask(&ask).await.expect("asked again");
        assert_eq!((first.room, first.state), (again.room, again.state));
        let theirs = nurse.rooms().await.rooms;
        assert_eq!(theirs.iter().filter(|card| card.id == first.room).count(), 1);
    }
}

promise! {
    async fn somebody_one_shares_no_room_with_looks_like_nobody(server: &Server) {
        let daughter = server.person("daughter").await;
        let secretariat = server.person("secretariat").await;
        let shared: Vec<RoomId> = daughter.rooms().await.rooms.iter().map(|card| card.id).collect();
        assert!(secretariat.rooms().await.rooms.iter().all(|card| !shared.contains(&card.id)));
        let real = Connect { room: RoomId(new_id()), with: secretariat.me.account };
        let none = Connect { with: AccountId(new_id()), ..real };
        let (real, none) =
            (daughter.refused(&Command::Connect(real)).await, daughter.refused(&Command::Connect(none)).await);
        assert_eq!(real, none);
        assert_eq!(real.code, "not_found");
    }
}

promise! {
    async fn nobody_connects_with_herself(server: &Server) {
        let physician = server.person("physician").await;
        let ask = Connect { room: RoomId(new_id()), with: physician.me.account };
        assert_eq!(physician.refused(&Command::Connect(ask)).await.code, "not_found");
        assert!(physician.card(ask.room).await.is_none());
    }
}
