//! Every code the protocol has can be provoked, or is listed here with the reason why a test from outside cannot.

use crate::harness::{
    Engine, Server, confirmed, draft, fresh_group, new_id, promise, raw_http, room_commands, shared,
};
use crate::signing_in::{enter, first_link};
use serde_json::json;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AdminReset, Code, Command, Connect, CreateFree, Draft, RoomId, RoomMade, SignIn, TokenIn, WhichRoom,
    limits,
};

/// Codes nobody can provoke from outside on purpose.
const UNREACHABLE: &[(Code, &str)] = &[
    (Code::Fault, "something of ours must fail: the store's own tests break disks and connections"),
    (Code::Overloaded, "something must hang first: `floods` does that to the writer and to sign-ins"),
    (Code::RateLimited, "the shared servers have no budget: `floods` spends one"),
];

/// Codes that have a story of their own, in which they are provoked.
const ELSEWHERE: &[(Code, &str)] = &[
    (Code::SessionIdle, "sessions"),
    (Code::AccountSuspended, "administering"),
    (Code::AccountRestricted, "administering"),
    (Code::OfficeAdminOnly, "administering"),
    (Code::OtherOffice, "administering"),
    (Code::NotForYourself, "administering"),
    (Code::LastAdmin, "administering"),
    (Code::HolderOrSupportOnly, "administering"),
    (Code::DailyLimit, "bounds"),
    (Code::NoCommonPassword, "moving"),
    (Code::CertificateRequestUnfit, "managed_computers"),
    (Code::LastDesk, "leavers"),
    (Code::AnswersForShared, "leavers"),
    (Code::ReasonMissing, "administering"),
    (Code::EmailInUse, "mailing"),
    (Code::DisplayNameOfficeOnly, "staff"),
    (Code::DisplayNameFormat, "staff"),
    (Code::PasskeyFailed, "passkeys"),
    (Code::PasskeysNotHere, "passkeys"),
    (Code::PasskeyNeedsPassword, "passkeys"),
    (Code::PasskeysFull, "passkeys"),
    (Code::StepUpRequired, "passkeys"),
    (Code::TwoAdminsRequired, "passkeys"),
    (Code::SecondFactorRequired, "passkeys"),
];

/// What frames of a link can be refused with.
const OF_FRAMES: &[Code] =
    &[Code::ProtocolTooOld, Code::BadFrame, Code::UnknownCommand, Code::BadField, Code::WrongDoor];

/// What requests can be refused with before it is known what is asked.
const OF_REQUESTS: &[Code] = &[Code::SignedOut, Code::ForeignOrigin, Code::TooLarge];

/// What coming in can be refused with.
const OF_COMING_IN: &[Code] = &[
    Code::SignInFailed,
    Code::TermsNotAccepted,
    Code::PasswordTooWeak,
    Code::LinkSpent,
    Code::MailNotConfigured,
];

/// What asks can be refused with by the rules of rooms and posts.
const OF_RULES: &[Code] = &[
    Code::ConfirmRequired,
    Code::IdTaken,
    Code::DraftEmpty,
    Code::PostTooLong,
    Code::NotConnected,
    Code::NotFound,
    Code::AimMissing,
    Code::GroupAdminOnly,
    Code::InvitationOpen,
];

fn words(codes: &[Code]) -> Vec<&'static str> {
    codes.iter().map(|code| code.as_str()).collect()
}

#[test]
fn every_code_is_provoked_below_or_excused() {
    let provoked: BTreeSet<Code> = [
        OF_FRAMES,
        OF_REQUESTS,
        OF_COMING_IN,
        OF_RULES,
        crate::agreements::PROVOKED,
        crate::guarding::PROVOKED,
        crate::permits::PROVOKED,
        crate::passwords::PROVOKED,
        crate::devices::PROVOKED,
        crate::incidents::PROVOKED,
        crate::invitations::PROVOKED,
        crate::mobile_systems::PROVOKED,
        crate::sharing::PROVOKED,
        crate::profiles::PROVOKED,
        crate::roles::PROVOKED,
        crate::enrolments::PROVOKED,
        crate::pledges::PROVOKED,
        crate::staff_changes::PROVOKED,
        crate::verification::PROVOKED,
        crate::patients::PROVOKED,
        crate::opening::PROVOKED,
        crate::vault::PROVOKED,
        crate::rules::PROVOKED,
        crate::exceptions::PROVOKED,
        crate::erasures::PROVOKED,
        crate::consents::PROVOKED,
        crate::stewardship::PROVOKED,
    ]
    .concat()
    .into_iter()
    .collect();
    let excused: BTreeSet<Code> = UNREACHABLE.iter().chain(ELSEWHERE).map(|(code, _)| *code).collect();
    assert!(provoked.is_disjoint(&excused), "excused for nothing");
    assert_eq!(&provoked | &excused, Code::ALL.iter().copied().collect(), "neither provoked nor excused");
}

fn code(frame: &serde_json::Value) -> String {
    frame["refused"]["code"].as_str().unwrap_or_default().to_owned()
}

promise! {
    async fn frames_are_refused_by_code(server: &Server) {
        let physician = server.person("physician").await;
        let old = physician.raw_link().await;
        old.text(&json!({"hello": {"protocol": 0, "client": "old", "rooms": []}}).to_string()).await;
        let mut codes = vec![code(&old.loose("a refusal").await)];
        let link = physician.link().await;
        link.text("}{").await;
        codes.push(code(&link.loose("a refusal").await));
        for frame in [
            json!({"id": 801, "do": "rooms.burn"}),
            json!({"id": 802, "do": "rooms.open", "ask": {"room": 7}}),
            json!({"id": 803, "do": "accounts.sign_out"}),
        ] {
            let pending = link.expect_answer(frame["id"].as_u64().expect("an id"));
            link.text(&frame.to_string()).await;
            codes.push(code(&link.finish("a refusal", pending).await));
        }
        assert_eq!(codes, words(OF_FRAMES));
    }
}

promise! {
    async fn requests_are_refused_by_code(server: &Server) {
        let json_type = ("content-type", "application/json");
        let foreign = ("origin", "https://evil.example");
        let over = vec![b' '; limits::FRAME_BYTES + 1];
        let sign_in = br#"{"email":"a","password":"b"}"#;
        let codes = [
            raw_http(server, "POST /api/v1/accounts.me", &[json_type], b"{}").await,
            raw_http(server, "POST /api/v1/accounts.sign_in", &[json_type, foreign], sign_in).await,
            raw_http(server, "POST /api/v1/time.now", &[json_type], &over).await,
        ];
        assert_eq!(codes.map(|answer| answer.expect("an answer").code()), words(OF_REQUESTS)[..]);
    }
}

#[tokio::test]
async fn coming_in_is_refused_by_code() {
    let server = Server::start(Engine::Sqlite).await;
    let link = first_link(&server, "hajime@demo.example");
    let wrong = SignIn { email: "nobody@demo.example".into(), password: "x".into(), token_in: TokenIn::Body };
    let body = Command::SignIn(wrong).ask_json();
    let json_type = ("content-type", "application/json");
    let failed = raw_http(&server, "POST /api/v1/accounts.sign_in", &[json_type], body.as_bytes()).await;
    let body = json!({ "link": link, "password": "haru-no-kaze-12" }).to_string();
    let without_terms = raw_http(&server, "POST /api/v1/accounts.enter", &[json_type], body.as_bytes()).await;
    let admin = server.person("office_admin").await;
    let codes = [
        failed.expect("an answer").code(),
        without_terms.expect("an answer").code(),
        enter(&server, &link, "short").await.code(),
        enter(&server, "x", "haru-no-kaze-12").await.code(),
        admin
            .refused(&Command::AdminReset(AdminReset { account: admin.me.account, reason: "x".into() }))
            .await
            .code,
    ];
    assert_eq!(codes, words(OF_COMING_IN)[..]);
}

promise! {
    async fn asks_are_refused_by_code(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let sent = draft(group.room, "ひとつ");
        admin.post(&sent).await.expect("saved");
        let nurse = server.person("visiting_nurse").await;
        let proposed = Connect { room: RoomId(new_id()), with: nurse.me.account };
        let proposed: RoomMade = admin.ask(&Command::Connect(proposed)).await.expect("asked");
        let invited = CreateFree {
            room: RoomId(new_id()),
            title: "招待".into(),
            aim: "目的".into(),
            invite: vec![physician.me.account], requires: Vec::new() };
        let _: RoomMade = admin.ask(&Command::CreateFree(invited.clone())).await.expect("made");
        let anew = || CreateFree { room: RoomId(new_id()), ..invited.clone() };
        let other_text = Draft { text: "べつの".into(), ..sent };
        let asks = [
            (admin, Command::Send(confirmed(&draft(group.room, "確認なし"), None))),
            (admin, Command::Send(confirmed(&other_text, Some("x")))),
            (admin, Command::Preview(draft(group.room, " "))),
            (admin, Command::Preview(draft(group.room, &"字".repeat(limits::POST_CHARS + 1)))),
            (admin, Command::Preview(draft(proposed.room, "まだ"))),
            (admin, Command::OpenRoom(WhichRoom { room: RoomId(new_id()) })),
            (admin, Command::CreateFree(CreateFree { aim: " ".into(), ..anew() })),
            (physician, Command::CreateFree(anew())),
            (physician, room_commands(invited.room, "まだ", None).swap_remove(0)),
        ];
        let mut codes = Vec::new();
        for (person, ask) in asks {
            codes.push(person.refused(&ask).await.code);
        }
        assert_eq!(codes, words(OF_RULES));
    }
}
