//! Nobody does more than her rights: no by default, told to those who run her office, and the same rules for them.

use crate::devices::FLOOR;
use crate::harness::{
    Door, Engine, PATIENCE, Person, Rows, Server, draft, new_id, patient_room, promise, raw_http, shared,
    until,
};
use crate::incidents::told;
use crate::mailing::notices;
use crate::staff::office_of;
use std::time::Duration;
use tsumugi_protocol::command::Asker;
use tsumugi_protocol::{
    Command, CreateFree, Draft, NoticeKind, OpenRoom, RoomId, RoomKind, RoomState, WhichOffice, WhichRoom,
};

async fn alerts(who: &Person<'_>) -> usize {
    told(who, NoticeKind::PrivilegeAttempts).await
}

promise! {
    // clause("000-note(3)i", "003-note(3)i", "000-form3§2(3)", "002-P1§2(3)", "003-form3§2(3)", "004-form2§2(3)")
    async fn whoever_tries_again_and_again_what_she_may_not_do_is_told_of(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let physician = server.person_anew("physician").await;
        let room = patient_room(&physician, &[&nurse], RoomKind::TimelineStaff).await.id;
        let office = office_of(&nurse.me);
        let beyond = [
            (Command::OpenRoom(WhichRoom { room }), "not_found"),
            (Command::Preview(draft(room, "よその部屋")), "not_found"),
            (Command::ListTimelines(WhichOffice { office }), "office_admin_only"),
            (Command::ListTimelines(WhichOffice { office: office_of(&physician.me) }), "office_admin_only"),
        ];
        for (command, code) in &beyond {
            assert_eq!(nurse.refused(command).await.code, *code, "{}", command.name());
        }
        // A slip is none, and ten minutes later the first ones no longer count.
        assert_eq!(nurse.refused(&Command::Preview(draft(room, " "))).await.code, "draft_empty");
        server.turn_clock(Duration::from_secs(600));
        for (command, code) in &beyond {
            assert_eq!(nurse.refused(command).await.code, *code);
        }
        assert_eq!(nurse.refused(&Command::CreateFree(CreateFree {
            room: RoomId(new_id()),
            title: "題".into(),
            aim: "目的".into(),
            invite: Vec::new(),
            requires: Vec::new(),
        })).await.code, "group_admin_only");
        until("the administrator is told", PATIENCE, async || (alerts(&admin).await > 0).then_some(())).await;
        assert_eq!((alerts(&admin).await, alerts(&nurse).await, alerts(&physician).await), (1, 0, 0), "once, and only she");
        let notice = notices(&admin).await.notices.into_iter().find(|one| one.kind == NoticeKind::PrivilegeAttempts);
        assert!(notice.expect("the notice").sentence.contains(&nurse.me.name), "who it was");

        // Each attempt is in the audit, and so is the alert; the right itself was never had.
        let mut rows = Rows::of(&server).await;
        let hers: Vec<String> = rows
            .audit()
            .await
            .into_iter()
            .filter(|row| row.account == Some(nurse.me.account.0) && row.outcome != "done")
            .map(|row| row.outcome)
            .collect();
        let round = ["not_found", "not_found", "office_admin_only", "office_admin_only"];
        let expected: Vec<&str> = [&round[..], &["draft_empty"], &round[..], &["group_admin_only"]].concat();
        assert_eq!(hers, expected);
        let alerted: Vec<_> = rows.audit_of("accounts.attempts").await.into_iter().map(|row| row.subject).collect();
        assert_eq!(alerted, [Some(nurse.me.account.0)]);
        assert_eq!(rows.posts_in(room.0).await, i64::try_from(physician.history(room).await.len()).expect("few"));
    }
}

promise! {
    // clause("000-note(2)c", "002-3.2(1)h", "003-note(2)c")
    async fn an_administrator_obeys_the_rules_of_everybody(server: &Server) {
        let admin = server.person("office_admin").await;
        let nurse = server.person("visiting_nurse").await;
        // A timeline that her own office answers for, and in which she is not.
        let hers = crate::invitations::timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
        assert!(admin.card(hers.id).await.is_none());
        for command in [Command::OpenRoom(WhichRoom { room: hers.id }), Command::Preview(draft(hers.id, "管理者です"))] {
            assert_eq!(admin.refused(&command).await.code, "not_found", "{}", command.name());
        }
        // In a room that she is in: the confirm step, the guard, the consent.
        let own = crate::invitations::timeline(&admin, "とめ", RoomKind::TimelineStaff).await;
        let sent = draft(own.id, "確認なしの投稿");
        let refused = admin.send(&sent, None).await.expect_err("refused");
        assert_eq!((refused.code.as_str(), refused.params["why"].as_str()), ("confirm_required", "missing"));
        let slip = draft(own.id, "菊地さんのこと");
        let preview = admin.preview(&slip).await.expect("a preview");
        assert_eq!(preview.findings.len(), 1, "she cares for that one too");
        assert_eq!(admin.send(&slip, Some(&preview.token)).await.expect_err("refused").code, "confirm_required");
        let connection = admin.rooms().await.rooms.into_iter().find(|card| card.kind == RoomKind::Connection && card.state == RoomState::Active);
        let room = connection.expect("the demo's connection").id;
        let about = Draft { about: own.patient, ..draft(room, "患者のこと") };
        assert_eq!(admin.preview(&about).await.expect_err("refused").code, "consent_missing");
        assert_eq!(admin.send(&about, None).await.expect_err("refused").code, "consent_missing");
        let open: OpenRoom = admin.ask(&Command::OpenRoom(WhichRoom { room: own.id })).await.expect("open");
        assert!(open.page.posts.iter().all(|post| post.id != sent.post && post.id != slip.post), "nothing was posted");
        // The password: hers is no weaker one.
        let current = server.sheet("office_admin").password.clone();
        let weak = tsumugi_protocol::ChangePassword { current, new: "short".into(), token_in: tsumugi_protocol::TokenIn::Body };
        let refused = admin.refused(&Command::ChangePassword(weak)).await;
        assert_eq!(refused.code, "password_too_weak");
        assert!(admin.is_signed_in().await);
    }
}

promise! {
    // clause("001§3-2")
    async fn nothing_is_public_and_nobody_signs_up(server: &Server) {
        // Without a session: the door, and what one may report; nothing that is in here.
        let open = [
            "accounts.sign_in",
            "accounts.enter",
            "service.about",
            "accounts.forgot",
            "accounts.reset",
            "accounts.confirm_email",
            "enrolments.form",
            "enrolments.fill",
            "enrolments.submit",
            "accounts.sign_in_passkey_begin",
            "accounts.sign_in_passkey_finish",
            "incidents.report",
            "accounts.declare_exception",
            "accounts.enter_by_exception",
        ];
        let anybody: Vec<&str> =
            Command::LIST.iter().filter(|entry| entry.asker == Asker::Anybody).map(|entry| entry.name).collect();
        assert_eq!(anybody, open, "none of them opens an account, and none shows what is in a room");
        let nurse = server.person("visiting_nurse").await;
        let room = nurse.rooms().await.rooms.remove(0).id;
        let headers = [("content-type", "application/json")];
        for command in crate::harness::room_commands(room, "だれですか", None).iter().filter(|one| Door::Http.takes(one)) {
            let start = format!("POST /api/v1/{}", command.name());
            let answer = raw_http(server, &start, &headers, command.ask_json().as_bytes()).await.expect("an answer");
            assert_eq!((answer.status, answer.code().as_str()), (401, "signed_out"), "{start}");
        }
        // Whoever looks for pages to list finds none, and is told to keep out.
        let page = format!("GET /rooms/{room}");
        for start in ["GET /", "GET /sign-in", page.as_str(), "GET /api/docs", "GET /robots.txt", "GET /nothing"] {
            let answer = raw_http(server, start, &[], b"").await.expect("an answer");
            assert_eq!(answer.header("x-robots-tag"), Some("noindex, nofollow"), "{start}");
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(!body.contains("菊池") && !body.contains(&nurse.me.name), "{start}");
        }
        let robots = raw_http(server, "GET /robots.txt", &[], b"").await.expect("an answer");
        assert_eq!((robots.status, robots.body.as_slice()), (200, b"User-agent: *\nDisallow: /\n".as_slice()));
    }
}
