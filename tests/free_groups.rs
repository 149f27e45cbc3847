//! Free groups: an aim, made by an office's administrator, joined by who decides to.

use crate::harness::{Engine, Server, draft, fresh_group, new_id, promise, shared};
use tsumugi_protocol::{
    AcceptRoom, AccountId, Command, CreateFree, Done, Event, MemberState, OpenRoom, ReleaseMember, RoomId,
    RoomMade, WhichRoom,
};

fn group(aim: &str, invite: Vec<AccountId>) -> CreateFree {
    CreateFree {
        room: RoomId(new_id()),
        title: "目的の部屋".into(),
        aim: aim.into(),
        invite,
        requires: Vec::new(),
    }
}

promise! {
    // clause("001§30-4")
    async fn a_free_group_has_an_aim_that_members_see(server: &Server) {
        let admin = server.person("office_admin").await;
        let nurse = server.person("visiting_nurse").await;
        for blank in ["", " ", "\n\t ", "\u{3000}"] {
            let ask = group(blank, vec![nurse.me.account]);
            let refused = admin.refused(&Command::CreateFree(ask.clone())).await;
            assert_eq!(refused.code, "aim_missing", "{blank:?}");
            assert!(admin.card(ask.room).await.is_none(), "nothing half-made");
        }
        let ask = group("停電のときの連絡を決める", vec![nurse.me.account]);
        let _: RoomMade = admin.ask(&Command::CreateFree(ask.clone())).await.expect("made");
        let invitation = nurse.card(ask.room).await.expect("invited");
        assert_eq!(invitation.aim.as_deref(), Some("停電のときの連絡を決める"), "shown before she judges");
        let _: RoomMade = nurse.ask(&Command::Accept(AcceptRoom { room: ask.room, takes_part: true })).await.expect("joined");
        for person in [&admin, &nurse] {
            let open: OpenRoom = person.ask(&Command::OpenRoom(WhichRoom { room: ask.room })).await.expect("open");
            assert_eq!(open.room.aim.as_deref(), Some("停電のときの連絡を決める"));
        }
    }
}

promise! {
    async fn only_an_office_admin_makes_free_groups(server: &Server) {
        for role in ["physician", "visiting_nurse", "care_manager", "pharmacist", "secretariat", "daughter"] {
            let person = server.person(role).await;
            let ask = group("だれでも作れるか", Vec::new());
            assert_eq!(person.refused(&Command::CreateFree(ask.clone())).await.code, "group_admin_only", "{role}");
            assert!(person.card(ask.room).await.is_none());
        }
    }
}

promise! {
    // clause("001§30-3")
    async fn where_the_region_lets_any_staff_they_make_and_run_free_groups_and_nobody_else(engine: Engine) {
        let rules = crate::devices::with(crate::devices::FLOOR, "free_group_by", "\"any_staff\"");
        let server = Server::start_under(engine, &rules).await;
        for role in ["daughter", "takeo@demo.example"] {
            let person = server.person_anew(role).await;
            let ask = group("だれでも作れるか", Vec::new());
            assert_eq!(person.refused(&Command::CreateFree(ask.clone())).await.code, "staff_only", "{role}");
            assert!(person.card(ask.room).await.is_none(), "nothing half-made");
        }
        let pharmacist = server.person_anew("pharmacist").await;
        let nurse = server.person_anew("visiting_nurse").await;
        let ask = group("薬の勉強会", vec![nurse.me.account]);
        let _: RoomMade = pharmacist.ask(&Command::CreateFree(ask.clone())).await.expect("made by no administrator");
        let _: RoomMade = nurse.ask(&Command::Accept(AcceptRoom { room: ask.room, takes_part: true })).await.expect("joined");
        // She runs what she made: she takes somebody out, which a member does not.
        let release = |account| Command::Release(ReleaseMember { room: ask.room, account, reason: "終わりました".into() });
        assert_eq!(nurse.refused(&release(pharmacist.me.account)).await.code, "not_steward");
        let _: Done = pharmacist.ask(&release(nurse.me.account)).await.expect("taken out");
        assert!(nurse.card(ask.room).await.is_none());
    }
}

promise! {
    async fn who_is_invited_sees_no_post_before_joining(server: &Server) {
        let admin = server.person("office_admin").await;
        let nurse = server.person("visiting_nurse").await;
        let ask = group("招待の前後", vec![nurse.me.account]);
        let mut link = nurse.link().await;
        let _: RoomMade = admin.ask(&Command::CreateFree(ask.clone())).await.expect("made");
        link.expect("she is told", |event| match event {
            Event::RoomAdded { room } if *room == ask.room => Some(()),
            _ => None,
        })
        .await;
        let early = draft(ask.room, "参加の前に書かれた秘密");
        admin.post(&early).await.expect("saved");
        let card = nurse.card(ask.room).await.expect("she sees that she is invited");
        assert_eq!(card.membership, MemberState::Invited);
        assert!(card.last.is_none(), "no line of a post");
        for command in crate::harness::room_commands(ask.room, "まだです", None) {
            // What was agreed is read before one joins.
            let is_before = matches!(command, Command::ShowAgreement(_) | Command::AcknowledgeAgreement(_));
            if is_before || matches!(command, Command::Accept(_) | Command::Decline(_)) {
                continue;
            }
            let answer = link.answer(&command).await;
            assert!(!answer.to_string().contains("秘密"), "{}", command.name());
            assert_eq!(answer["refused"]["code"], "invitation_open", "{}", command.name());
        }
        let _: RoomMade = nurse.ask(&Command::Accept(AcceptRoom { room: ask.room, takes_part: true })).await.expect("joined");
        let again: RoomMade = nurse.ask(&Command::Accept(AcceptRoom { room: ask.room, takes_part: true })).await.expect("once is enough");
        assert_eq!(again.room, ask.room);
        nurse.post(&draft(ask.room, "参加しました")).await.expect("now she writes");
        assert!(link.frames().iter().all(|frame| !frame.contains("秘密")), "nor was she sent it");
    }
}

promise! {
    async fn a_retry_of_making_a_group_is_the_same_group(server: &Server) {
        let admin = server.person("office_admin").await;
        let ask = group("二度押し", Vec::new());
        let first: RoomMade = admin.ask(&Command::CreateFree(ask.clone())).await.expect("made");
        let again: RoomMade = admin.ask(&Command::CreateFree(ask.clone())).await.expect("the same");
        assert_eq!((first.room, first.state), (again.room, again.state));
        let other = CreateFree { title: "ちがう題".into(), ..ask.clone() };
        assert_eq!(admin.refused(&Command::CreateFree(other)).await.code, "id_taken");
    }
}

promise! {
    async fn joining_is_told_to_those_inside_with_a_change_of_its_own(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let nurse = server.person("visiting_nurse").await;
        let ask = CreateFree { room: RoomId(new_id()), ..self::group("参加の知らせ", vec![nurse.me.account]) };
        let made: RoomMade = admin.ask(&Command::CreateFree(ask.clone())).await.expect("made");
        let mut link = admin.link().await;
        let _: RoomMade = nurse.ask(&Command::Accept(AcceptRoom { room: ask.room, takes_part: true })).await.expect("joined");
        let (change, member) = link
            .expect("a member joined", |event| match event {
                Event::MemberChanged { room, change, member } if *room == ask.room => Some((*change, member.clone())),
                _ => None,
            })
            .await;
        assert_eq!(change.0, made.change.0 + 1);
        assert_eq!((member.card.account, member.state), (nurse.me.account, MemberState::Member));
        let missed = admin.since(ask.room, made.change.0, 50).await;
        assert!(missed.iter().any(|since| since.members.is_some()), "who was away learns it from since");
    }
}
