//! Who is not a member gets the same bytes as for a room that never existed, and hears nothing.

use crate::harness::{
    Door, Engine, Server, draft, fresh_group, new_id, patient_room, promise, raw_http, room_commands, shared,
};
use std::collections::BTreeSet;
use tsumugi_protocol::{Command, Event, RoomId, RoomKind};

#[test]
fn every_command_that_names_a_room_is_tried() {
    let tried: BTreeSet<&str> =
        room_commands(RoomId(new_id()), "…", None).iter().map(tsumugi_protocol::Command::name).collect();
    // These make a room, or name none; the strangers of `rooms.connect` are in `connecting`.
    let others = [
        "accounts.enter",
        "accounts.change_password",
        "accounts.prove",
        "accounts.sign_in",
        "service.about",
        "accounts.forgot",
        "accounts.reset",
        "accounts.admin_reset",
        "accounts.change_email",
        "accounts.confirm_email",
        "notices.list",
        "notices.seen",
        "accounts.sign_out",
        "accounts.me",
        "accounts.stay",
        "sessions.list",
        "sessions.end",
        "sessions.end_others",
        "offices.of_region",
        "offices.staff",
        "offices.register_staff",
        "offices.end_affiliation",
        "accounts.unlock",
        "accounts.set_state",
        "accounts.close",
        "accounts.close_for",
        "offices.bar",
        "offices.lift_bar",
        "offices.readers",
        "offices.leavers",
        "offices.timelines",
        "transfers.accept",
        "transfers.decline",
        "transfers.withdraw",
        "transfers.complete",
        "stewardships.of_office",
        "delegations.approve",
        "delegations.accept",
        "delegations.end",
        "reviews.due",
        "invitations.mine",
        "invitations.approve",
        "invitations.reject",
        "invitations.withdraw",
        "permits.end",
        "offices.admit",
        "accounts.admissions",
        "accounts.accept_admission",
        "accounts.decline_admission",
        "roles.of_office",
        "roles.of_region",
        "roles.propose",
        "roles.withdraw",
        "roles.mine",
        "roles.accept",
        "roles.decline",
        "roles.end",
        "roles.record_head",
        "roles.set_governance",
        "pledges.mine",
        "pledges.give",
        "pledges.record",
        "pledges.of_office",
        "trainings.record",
        "trainings.declare",
        "trainings.confirm",
        "trainings.reject",
        "trainings.of_office",
        "staff_changes.list",
        "staff_changes.process",
        "offices.import_roster",
        "enrolments.open",
        "enrolments.list",
        "enrolments.write",
        "enrolments.record_paper",
        "enrolments.record_visit",
        "enrolments.accept",
        "enrolments.return",
        "enrolments.withdraw",
        "enrolments.send_link",
        "enrolments.form",
        "enrolments.fill",
        "enrolments.submit",
        "accounts.sign_in_passkey_begin",
        "accounts.sign_in_passkey_finish",
        "passkeys.register_begin",
        "passkeys.register_finish",
        "passkeys.list",
        "passkeys.rename",
        "passkeys.remove",
        "passkeys.prove_begin",
        "passkeys.prove_finish",
        "passkeys.recovery_open",
        "passkeys.recovery_approve",
        "passkeys.recoveries",
        "offices.second_factor_status",
        "accounts.share",
        "accounts.change_roster",
        "accounts.unshare",
        "accounts.roster",
        "accounts.act_as",
        "accounts.change_profile",
        "accounts.set_photo",
        "accounts.remove_photo",
        "accounts.photo",
        "accounts.faces",
        "verifications.ask",
        "verifications.mine",
        "verifications.waiting",
        "verifications.document",
        "verifications.decide",
        "patients.register",
        "instructions.give",
        "instructions.withdraw",
        "instructions.list",
        "rooms.openings",
        "rooms.open_timeline",
        "patients.list",
        "patients.confirm_account",
        "patients.withdraw_confirmation",
        "patients.correct",
        "patients.corrections",
        "patients.name_corrector",
        "patients.release_corrector",
        "consents.template",
        "consents.of_patient",
        "consents.record",
        "consents.complete",
        "consents.withdraw",
        "consents.attach",
        "consents.scan",
        "devices.register",
        "devices.approve",
        "devices.list",
        "devices.mine",
        "devices.stop",
        "devices.release",
        "devices.retire",
        "devices.issue_certificate",
        "devices.certify",
        "devices.register_certificate",
        "devices.revoke_certificate",
        "incidents.report",
        "incidents.report_mine",
        "incidents.mine",
        "incidents.list",
        "incidents.pass_on",
        "incidents.see",
        "incidents.secure",
        "incidents.close",
        "erasures.second",
        "erasures.cancel",
        "erasures.list",
        "rooms.list",
        "rooms.create_free",
        "rooms.connect",
        "rules.read",
        "rules.acknowledge",
        "rules.standing",
        "offices.supplement",
        "exceptions.declare",
        "exceptions.end",
        "exceptions.list",
        "exceptions.review",
        "accounts.declare_exception",
        "accounts.enter_by_exception",
        "time.now",
    ];
    let all: BTreeSet<&str> = Command::LIST.iter().map(|entry| entry.name).collect();
    assert_eq!(tried.union(&others.into()).copied().collect::<BTreeSet<_>>(), all);
}

promise! {
    // clause("002-2.1S7")
    async fn a_stranger_learns_nothing_over_http(server: &Server) {
        let physician = server.person("physician").await;
        // The last one administers an office, and no timeline's steward.
        for who in ["daughter", "secretariat", "oba@demo.example"] {
            let stranger = server.person(who).await;
            let room = patient_room(&physician, &[&stranger], RoomKind::TimelineStaff).await.id;
            let token = token_for(&physician, room).await;
            let bearer = format!("Bearer {}", stranger.token);
            let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
            let ghost = RoomId(new_id());
            let pairs = room_commands(room, "よその人", Some(&token))
                .into_iter()
                .zip(room_commands(ghost, "よその人", Some(&token)));
            for (real, none) in pairs.filter(|(command, _)| Door::Http.takes(command)) {
                let start = format!("POST /api/v1/{}", real.name());
                let there = raw_http(server, &start, &headers, real.ask_json().as_bytes()).await.expect("an answer");
                let nowhere = raw_http(server, &start, &headers, none.ask_json().as_bytes()).await.expect("an answer");
                assert_eq!(there, nowhere, "{who}: {}", real.name());
                assert_eq!((there.status, there.code().as_str()), (404, "not_found"), "{who}: {}", real.name());
            }
        }
    }
}

promise! {
    // clause("002-2.1S7")
    async fn a_stranger_learns_nothing_over_a_link(server: &Server) {
        let physician = server.person("physician").await;
        // The last one administers an office, and no timeline's steward.
        for who in ["daughter", "secretariat", "oba@demo.example"] {
            let stranger = server.person(who).await;
            let room = patient_room(&physician, &[&stranger], RoomKind::TimelineStaff).await.id;
            let token = token_for(&physician, room).await;
            let link = stranger.link().await;
            let ghost = RoomId(new_id());
            let pairs = room_commands(room, "よその人", Some(&token))
                .into_iter()
                .zip(room_commands(ghost, "よその人", Some(&token)));
            for (real, none) in pairs.filter(|(command, _)| Door::Link.takes(command)) {
                let mut answers = Vec::new();
                for command in [&real, &none] {
                    let frames = link.frames().len();
                    let answer = link.answer(command).await;
                    assert_eq!(answer["refused"]["code"], "not_found", "{who}: {}", real.name());
                    let id = answer["id"].to_string();
                    let frame = link.frames()[frames..].iter().find(|f| f.contains("refused")).cloned();
                    answers.push(frame.expect("its frame").replacen(&format!("\"id\":{id}"), "\"id\":…", 1));
                }
                assert_eq!(answers[0], answers[1], "{who}: {}", real.name());
            }
            let (_, welcome) =
                stranger.link_knowing([room, ghost].map(|room| tsumugi_protocol::Known { room, change: tsumugi_protocol::Change(1) }).into()).await;
            assert!(welcome.stale.is_empty());
            assert_eq!(welcome.gone.iter().collect::<BTreeSet<_>>(), [&room, &ghost].into());
        }
    }
}

/// A real token of a real member for that room.
async fn token_for(member: &crate::harness::Person<'_>, room: RoomId) -> String {
    member.preview(&draft(room, "よその人")).await.expect("a preview").token
}

promise! {
    async fn what_a_stranger_tries_changes_nothing(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let daughter = server.person("daughter").await;
        let link = daughter.link().await;
        let before = group.people[0].card(group.room).await.expect("the room");
        let known = draft(group.room, "知られた番号");
        let token = group.people[0].preview(&known).await.expect("a preview").token;
        for command in room_commands(group.room, "書き込み", Some(&token)) {
            link.answer(&command).await;
        }
        daughter.send(&known, Some(&token)).await.expect_err("not hers");
        let after = group.people[0].card(group.room).await.expect("the room");
        assert_eq!(before, after);
        assert_eq!(crate::harness::Rows::of(server).await.posts_in(group.room.0).await, 0);
    }
}

promise! {
    async fn a_stranger_hears_nothing_of_what_is_said(server: &Server) {
        let group = fresh_group(server, &["physician", "visiting_nurse"]).await;
        let admin = &group.people[0];
        let strangers = [server.person("daughter").await, server.person("secretariat").await];
        let mut links = Vec::new();
        for stranger in &strangers {
            let link = stranger.link().await;
            // She says that the room is on her screen, which is not hers to say.
            link.answer(&Command::Focus(tsumugi_protocol::Focus { room: Some(group.room) })).await;
            links.push(link);
        }
        for n in 0..20 {
            admin.post(&draft(group.room, &format!("かなりあ {n}"))).await.expect("saved");
        }
        // A post the stranger may hear comes after them on the same link: the links live, and kept quiet.
        for (stranger, link) in strangers.iter().zip(&mut links) {
            let own = stranger.rooms().await.rooms.into_iter().find(|card| card.kind != RoomKind::Connection);
            let own = draft(own.expect("a room of her own").id, "届いています");
            stranger.post(&own).await.expect("saved");
            link.posted(own.post).await;
            let room = group.room.to_string();
            let frames = link.frames();
            assert!(frames.iter().all(|frame| !frame.contains("かなりあ")), "a canary was heard");
            let strays: Vec<&String> = frames
                .iter()
                .filter(|frame| frame.contains("\"event\"") && frame.contains(&room))
                .collect();
            assert!(strays.is_empty(), "not even that something happened: {strays:?}");
        }
    }
}

promise! {
    async fn lists_hold_only_what_is_ones_own(server: &Server) {
        let physician = server.person("physician").await;
        let daughter = server.person("daughter").await;
        let hidden = patient_room(&physician, &[&daughter], RoomKind::TimelineStaff).await;
        let list = daughter.rooms().await;
        assert!(list.rooms.iter().all(|card| card.id != hidden.id && card.kind != RoomKind::TimelineStaff));
        let own: BTreeSet<_> = list.rooms.iter().filter_map(|card| card.patient).collect();
        let shown: BTreeSet<_> = list.patients.iter().map(|patient| patient.id).collect();
        assert_eq!(shown, own, "patients of her rooms and no others");
        assert_eq!(own.len(), 1, "she is the daughter of one");
    }
}

promise! {
    async fn receipts_reach_only_those_with_the_room_on_screen(server: &Server) {
        let group = fresh_group(server, &["physician", "visiting_nurse"]).await;
        let (admin, physician, nurse) = (&group.people[0], &group.people[1], &group.people[2]);
        let (mut looking, mut elsewhere) = (admin.link().await, nurse.link().await);
        let focus = Command::Focus(tsumugi_protocol::Focus { room: Some(group.room) });
        let _: tsumugi_protocol::Done = looking.ask(&focus).await.expect("on screen");
        let post = draft(group.room, "読みましたか");
        admin.post(&post).await.expect("saved");
        let read = tsumugi_protocol::MarkRead { room: group.room, position: tsumugi_protocol::Position(1) };
        let _: tsumugi_protocol::Done = physician.ask(&Command::MarkRead(read)).await.expect("marked");
        let receipts = looking.expect("a receipt", |event| match event {
            Event::Receipts { room, receipts } if *room == group.room => Some(receipts.clone()),
            _ => None,
        });
        let receipts = receipts.await;
        assert!(receipts.iter().any(|r| r.account == physician.me.account && r.position.0 == 1), "{receipts:?}");
        // A later post on the same link shows that nothing was on its way.
        let next = draft(group.room, "つぎ");
        admin.post(&next).await.expect("saved");
        elsewhere.posted(next.post).await;
        assert!(elsewhere.frames().iter().all(|frame| !frame.contains("\"receipts\"")));
    }
}
