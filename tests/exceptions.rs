//! A disaster, or somebody's life: a device that is not in the ledger may be used, for a while, and nothing else is lifted.

use crate::audit::{DONE, verifies};
use crate::devices::{FLOOR, with};
use crate::harness::{
    Closed, Engine, Folder, PATIENCE, Person, PostOffice, RawAnswer, Rows, Server, Setup, new_id, promise,
    raw_http, room_commands, until,
};
use crate::mailing::{is_discreet, notices, told_to};
use crate::rules::{office_of, region_of};
use crate::signing_in::try_sign_in;
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;
use tsumugi_protocol::{
    Code, Command, DeclareException, Done, ExceptionBy, ExceptionId, ExceptionKind, ExceptionList,
    ExceptionSeen, Nothing, NoticeKind, OfficeId, RegionId, ReviewException, RoomId, WhichException,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::ExceptionReasonMissing,
    Code::ExceptionNotAllowed,
    Code::ExceptionOver,
    Code::ExceptionInForce,
    Code::ExceptionReviewed,
];

/// Something else asked for.
type Change = fn(&mut DeclareException);

const HOUR: u64 = 60 * 60;
const UNKNOWN: &str = "device_not_registered";

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let (exception, region) = (ExceptionId(new_id()), RegionId(new_id()));
    vec![
        Command::DeclareException(disaster(region, &[], 1)),
        Command::EndException(WhichException { exception }),
        Command::ListExceptions(Nothing {}),
        review(exception, "問題なし"),
    ]
}

fn disaster(region: RegionId, offices: &[OfficeId], hours: u32) -> DeclareException {
    DeclareException {
        exception: ExceptionId(new_id()),
        region,
        offices: offices.to_vec(),
        kind: ExceptionKind::Disaster,
        area: "かなりあ町全域".into(),
        reason: "かなりあ台風による停電".into(),
        hours,
    }
}

fn review(exception: ExceptionId, note: &str) -> Command {
    Command::ReviewException(ReviewException { exception, note: note.to_owned() })
}

/// The rules under which staff come in from registered devices only, and what lifts that.
fn bound(lifts: &str) -> String {
    with(&with(FLOOR, "device_binding", "\"required\""), "device_exception", lifts)
}

async fn ask(server: &Server, command: &str, ask: Value) -> RawAnswer {
    let headers = [("content-type", "application/json")];
    raw_http(server, &format!("POST /api/v1/{command}"), &headers, ask.to_string().as_bytes())
        .await
        .expect("an answer")
}

async fn sign_in(server: &Server, who: &str) -> RawAnswer {
    let sheet = server.sheet(who);
    try_sign_in(server, &sheet.email, &sheet.password).await
}

/// Whoever comes in with her password alone, from a device that nobody knows.
async fn unknown<'a>(server: &'a Server, who: &str) -> Person<'a> {
    let answer = sign_in(server, who).await.json();
    let token =
        answer["ok"]["token"].as_str().unwrap_or_else(|| panic!("{who} comes in: {answer}")).to_owned();
    Person::with_token(server, &token).await
}

async fn seen(who: &Person<'_>, exception: ExceptionId) -> Option<ExceptionSeen> {
    let list: ExceptionList = who.ask(&Command::ListExceptions(Nothing {})).await.expect("a list");
    list.exceptions.into_iter().find(|one| one.exception == exception)
}

async fn told(who: &Person<'_>, kind: NoticeKind) -> usize {
    notices(who).await.notices.iter().filter(|notice| notice.kind == kind).count()
}

/// What reading commands about each of these rooms are answered with.
async fn read(who: &Person<'_>, rooms: &[RoomId]) -> Vec<String> {
    let mut codes = Vec::new();
    for room in rooms {
        for command in room_commands(*room, "だれですか", None).iter().take(4) {
            codes.push(
                who.ask::<Value>(command).await.err().map_or_else(|| "ok".to_owned(), |refused| refused.code),
            );
        }
    }
    codes
}

promise! {
    // clause("001§24", "004§10b")
    async fn a_declared_disaster_lifts_the_rule_of_devices_in_its_area_and_nothing_else(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (desk, nurse) = (server.person_anew("secretariat").await, server.person_anew("visiting_nurse").await);
        let (admin, elsewhere) = (server.person_anew("office_admin").await, server.person_anew("pharmacist").await);
        let rules = bound("[\"disaster\"]");
        server.under(&rules);
        let (desk, nurse, admin, elsewhere) = (desk.twin(), nurse.twin(), admin.twin(), elsewhere.twin());
        let (region, office) = (region_of(&nurse), office_of(&nurse));
        for who in ["visiting_nurse", "office_admin", "pharmacist"] {
            assert_eq!(sign_in(&server, who).await.code(), UNKNOWN, "{who}: nothing is declared");
        }

        // Who declares what, for whom, for how long.
        let declared = disaster(region, &[office], 48);
        let other = |change: Change| {
            let mut ask = DeclareException { exception: ExceptionId(new_id()), ..declared.clone() };
            change(&mut ask);
            Command::DeclareException(ask)
        };
        assert_eq!(nurse.refused(&Command::DeclareException(declared.clone())).await.code, "not_found");
        let wrong: [(Change, &str); 7] = [
            (|ask| ask.reason = " ".into(), "exception_reason_missing"),
            (|ask| ask.area = String::new(), "bad_field"),
            (|ask| ask.hours = 169, "bad_field"),
            (|ask| ask.hours = 0, "bad_field"),
            (|ask| ask.kind = ExceptionKind::LifeOrBody, "exception_not_allowed"),
            (|ask| ask.region = RegionId(new_id()), "not_found"),
            (|ask| ask.offices = vec![OfficeId(new_id())], "not_found"),
        ];
        for (change, code) in wrong {
            assert_eq!(desk.refused(&other(change)).await.code, code);
        }
        assert_eq!(admin.refused(&other(|ask| ask.offices.clear())).await.code, "not_found", "the region is the desk's");
        assert_eq!(admin.refused(&other(|ask| ask.hours = 25)).await.code, "bad_field", "a day for an office");
        assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM exceptions").await, 0, "nothing has changed");
        assert_eq!(sign_in(&server, "visiting_nurse").await.code(), UNKNOWN);
        for _ in 0..2 {
            let _: Done = desk.ask(&Command::DeclareException(declared.clone())).await.expect("declared");
        }
        assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM exceptions").await, 1, "the same once");
        assert_eq!((told(&admin, NoticeKind::ExceptionDeclared).await, told(&elsewhere, NoticeKind::ExceptionDeclared).await), (1, 0));

        // In its area the device rule is lifted, and the session says so; elsewhere nothing changed.
        let lifted = unknown(&server, "visiting_nurse").await;
        let until_when = lifted.me.exception_until.expect("marked");
        assert!(lifted.me.next.is_empty());
        assert_eq!(sign_in(&server, "pharmacist").await.code(), UNKNOWN);
        assert!(server.person_anew("daughter").await.me.exception_until.is_none(), "who needs no device needs no exception");
        // Membership and consent: every room answers as to her session from before, hers, others' and none.
        let mut rooms: Vec<RoomId> = nurse.rooms().await.rooms.iter().map(|card| card.id).collect();
        rooms.extend(elsewhere.rooms().await.rooms.iter().map(|card| card.id));
        rooms.push(RoomId(new_id()));
        let answers = read(&lifted, &rooms).await;
        assert_eq!(answers, read(&nurse, &rooms).await);
        assert!(answers.iter().any(|code| code == "ok") && answers.iter().any(|code| code == "not_found"));
        // Roles, too: she may look after nothing that she may not look after else.
        assert_eq!(lifted.refused(&review(declared.exception, "よし")).await.code, "not_found");
        assert_eq!(lifted.refused(&Command::EndException(WhichException { exception: declared.exception })).await.code, "not_found");

        // Ended by hand: out at once, on links as well, and the rule holds again.
        let link = lifted.link().await;
        assert_eq!(admin.refused(&Command::EndException(WhichException { exception: declared.exception })).await.code, "not_found");
        assert_eq!(desk.refused(&review(declared.exception, "早い")).await.code, "exception_in_force");
        let in_force = seen(&desk, declared.exception).await.expect("the desk sees it");
        assert!(in_force.may_end && !in_force.may_review && in_force.until == until_when, "{in_force:?}");
        let _: Done = desk.ask(&Command::EndException(WhichException { exception: declared.exception })).await.expect("ended");
        let Closed { code, .. } = link.closed().await;
        assert_eq!(code, Some(4420));
        assert!(!lifted.is_signed_in().await && nurse.is_signed_in().await, "only what was opened under it");
        assert_eq!(sign_in(&server, "visiting_nurse").await.code(), UNKNOWN);
        let again = WhichException { exception: declared.exception };
        assert_eq!(desk.refused(&Command::EndException(again)).await.code, "exception_over");

        // What is left is a list to look at, and to sign.
        assert_eq!(told(&admin, NoticeKind::ExceptionOver).await, 1);
        let over = seen(&desk, declared.exception).await.expect("it is kept");
        assert!(over.ended_at.is_some() && over.may_review && !over.may_end, "{over:?}");
        let who: Vec<_> = over.sessions.iter().map(|one| (one.card.account, one.ended_at.is_some())).collect();
        assert_eq!(who, [(nurse.me.account, true)]);
        assert_eq!(over.by, ExceptionBy::Secretariat);
        assert_eq!(desk.refused(&review(declared.exception, " ")).await.code, "reason_missing");
        assert_eq!(admin.refused(&review(declared.exception, "よし")).await.code, "not_found", "the desk's is the desk's");
        let _: Done = desk.ask(&review(declared.exception, "訪問看護師ひとり、問題なし")).await.expect("reviewed");
        assert_eq!(desk.refused(&review(declared.exception, "もう一度")).await.code, "exception_reviewed");
        let reviewed = seen(&desk, declared.exception).await.and_then(|one| one.review).expect("signed");
        assert_eq!((reviewed.by.as_str(), reviewed.note.as_str()), (desk.me.name.as_str(), "訪問看護師ひとり、問題なし"));
        assert!(seen(&nurse, declared.exception).await.is_none() && seen(&elsewhere, declared.exception).await.is_none());

        let mut rows = Rows::of(&server).await;
        for act in ["exceptions.declare", "exceptions.end", "exceptions.review"] {
            let done = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == DONE).count();
            assert_eq!(done, 1, "{act}");
        }
        assert!(!rows.dump().await.contains("かなりあ"), "why and where is sealed");
        verifies(&server).await;
    }
}

#[tokio::test]
async fn password_lock_and_second_factor_stand_in_a_disaster_and_it_ends_by_itself() {
    let server = Server::start_under(Engine::Sqlite, FLOOR).await;
    let admin = server.person_anew("office_admin").await;
    let rules = with(&bound("[\"disaster\"]"), "second_factor", "\"required\"");
    server.under(&rules);
    let admin = admin.twin();
    let declared = disaster(region_of(&admin), &[office_of(&admin)], 24);
    let _: Done = admin.ask(&Command::DeclareException(declared.clone())).await.expect("for her own office");
    let half = sign_in(&server, "visiting_nurse").await.json();
    assert_eq!(half["ok"]["me"]["next"], json!(["second_factor"]), "{half}");
    let half = Person::with_token(&server, half["ok"]["token"].as_str().expect("a token")).await;
    assert_eq!(half.refused(&Command::ListRooms(Nothing {})).await.code, "second_factor_required");

    server.under(&bound("[\"disaster\"]"));
    // Just before its end: whoever comes in then is out with it, not half an hour later.
    server.turn_clock(Duration::from_secs(24 * HOUR - 300));
    let lifted = unknown(&server, "visiting_nurse").await;
    assert!(lifted.me.exception_until.is_some());
    let nurse = server.sheet("visiting_nurse").clone();
    server.turn_clock(Duration::from_secs(310));
    assert_eq!(lifted.refused(&Command::ListRooms(Nothing {})).await.code, "exception_over");
    assert_eq!(sign_in(&server, "visiting_nurse").await.code(), UNKNOWN, "the rule holds again");
    until("its end is written down", PATIENCE, async || {
        let rows = Rows::of(&server).await.audit_of("exceptions.over").await;
        (rows.len() == 1 && rows[0].subject == Some(declared.exception.0)).then_some(())
    })
    .await;

    // A lock is a lock: three failures close the sign-in, whatever is declared.
    server.under(FLOOR);
    let admin = server.person_anew("office_admin").await;
    server.under(&bound("[\"disaster\"]"));
    let admin = admin.twin();
    let again = disaster(region_of(&admin), &[office_of(&admin)], 1);
    let _: Done = admin.ask(&Command::DeclareException(again)).await.expect("declared anew");
    for _ in 0..3 {
        assert_eq!(try_sign_in(&server, &nurse.email, "Chigau-yo-12345").await.code(), "sign_in_failed");
    }
    assert_eq!(sign_in(&server, "visiting_nurse").await.code(), "sign_in_failed", "locked");
    let over = seen(&admin, declared.exception).await.expect("hers");
    assert!(over.may_review && over.sessions.iter().all(|one| one.ended_at.is_some()), "{over:?}");
    let _: Done =
        admin.ask(&review(declared.exception, "問題なし")).await.expect("her office's is hers to sign");
}

/// Twelve hours later it is over, whatever she does, and her admin signs what was found.
async fn is_looked_at_afterwards(server: &Server, own: &ExceptionSeen) {
    server.under(FLOOR);
    server.turn_clock(Duration::from_secs(11 * HOUR));
    let admin = server.person_anew("office_admin").await;
    assert!(
        seen(&admin, own.exception).await.is_some_and(|one| one.may_end && !one.may_review),
        "eleven hours"
    );
    server.turn_clock(Duration::from_secs(HOUR));
    let admin = server.person_anew("office_admin").await;
    let over = seen(&admin, own.exception).await.expect("kept");
    assert!(over.may_review && over.ended_at == Some(own.until), "{over:?}");
    let _: Done = admin.ask(&review(own.exception, "急変の連絡に使われた")).await.expect("reviewed");
    let mut rows = Rows::of(server).await;
    let acts = ["accounts.declare_exception", "accounts.enter_by_exception", "exceptions.review"];
    for act in acts {
        let done = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == DONE).count();
        assert_eq!(done, 1, "{act}");
    }
    assert!(!rows.dump().await.contains("かなりあ"));
    verifies(server).await;
}

// clause("004§10a")
#[tokio::test]
async fn whoever_needs_it_declares_an_exception_for_herself_and_is_looked_at_afterwards() {
    let office = PostOffice::open();
    let folder = Folder::new("own-exception");
    let file = folder.path().join("profile.toml");
    fs::write(&file, FLOOR).expect("a file");
    let setup = Setup::new(Engine::Sqlite, folder.path(), true).await;
    let setup = Setup { clock: true, profile: Some(file), environment: office.settings(), ..setup };
    let server = Server::of(setup, folder);
    let (nurse, admin) =
        (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
    let elsewhere = server.person_anew("oba@demo.example").await;
    let sheet = server.sheet("visiting_nurse").clone();
    let declare = async |password: &str, kind: &str, reason: &str| {
        let ask_for = json!({ "email": sheet.email, "password": password, "kind": kind, "reason": reason });
        ask(&server, "accounts.declare_exception", ask_for).await.code()
    };
    assert_eq!(
        declare(&sheet.password, "life_or_body", "往診").await,
        "exception_not_allowed",
        "no such rule"
    );
    server.under(&bound("[\"disaster\", \"life_or_body\"]"));
    let (nurse, admin, elsewhere) = (nurse.twin(), admin.twin(), elsewhere.twin());
    assert_eq!(sign_in(&server, "visiting_nurse").await.code(), UNKNOWN);
    assert_eq!(declare(&sheet.password, "life_or_body", "  ").await, "exception_reason_missing");
    assert_eq!(declare("Chigau-yo-12345", "life_or_body", "容体の急変").await, "sign_in_failed");
    let family = server.sheet("daughter").clone();
    let hers =
        json!({ "email": family.email, "password": family.password, "kind": "disaster", "reason": "停電" });
    assert_eq!(
        ask(&server, "accounts.declare_exception", hers).await.code(),
        "exception_not_allowed",
        "she needs none"
    );
    assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM exceptions").await, 0);
    assert_eq!(declare(&sheet.password, "life_or_body", "かなりあ容体の急変").await, "");

    // The mailed link, the password once more, and she is in: marked, for twelve hours at most, and everybody knows.
    let mail = told_to(&office, &sheet.email, "登録していない端末").await;
    is_discreet(&server, &mail);
    assert_eq!(sign_in(&server, "visiting_nurse").await.code(), UNKNOWN, "the password alone opens nothing");
    assert_eq!(told(&admin, NoticeKind::ExceptionDeclared).await, 0, "nothing holds yet");
    let enter = async |password: &str| {
        let by_link = json!({ "link": mail.token(), "password": password, "token_in": "body" });
        ask(&server, "accounts.enter_by_exception", by_link).await
    };
    assert_eq!(enter("Chigau-yo-12345").await.code(), "sign_in_failed");
    let entered = enter(&sheet.password).await.json();
    let lifted = Person::with_token(&server, entered["ok"]["token"].as_str().expect("a token")).await;
    let span = lifted
        .me
        .exception_until
        .expect("marked")
        .since(lifted.me.ends.at.before(Duration::from_secs(12 * HOUR)));
    assert!(span <= Duration::from_secs(12 * HOUR), "{span:?}");
    lifted.rooms().await;
    assert_eq!(enter(&sheet.password).await.code(), "link_spent");
    assert_eq!(
        sign_in(&server, "visiting_nurse").await.code(),
        UNKNOWN,
        "it holds for the session that showed it"
    );
    assert_eq!(
        (
            told(&admin, NoticeKind::ExceptionDeclared).await,
            told(&nurse, NoticeKind::ExceptionDeclared).await
        ),
        (1, 1)
    );

    let list: ExceptionList = admin.ask(&Command::ListExceptions(Nothing {})).await.expect("a list");
    let own = list.exceptions.first().expect("hers").clone();
    assert_eq!(
        (own.by, own.kind, own.reason.as_str()),
        (ExceptionBy::Holder, ExceptionKind::LifeOrBody, "かなりあ容体の急変")
    );
    assert_eq!(own.sessions.iter().map(|one| one.card.account).collect::<Vec<_>>(), [nurse.me.account]);
    assert_eq!(nurse.refused(&review(own.exception, "自分でよし")).await.code, "not_for_yourself");
    assert_eq!(elsewhere.refused(&review(own.exception, "よし")).await.code, "not_found");
    assert_eq!(admin.refused(&review(own.exception, "早い")).await.code, "exception_in_force");
    is_looked_at_afterwards(&server, &own).await;
}
