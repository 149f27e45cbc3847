//! Complete erasure: asked for on a recorded wish, decided by two, certified, and not undone by any backup.

use crate::at_rest::{leaks, scan::Scanner};
use crate::audit::{verdict, verifies};
use crate::devices::{FLOOR, with};
use crate::harness::{
    Engine, Folder, PATIENCE, Person, Rows, Server, Setup, draft, fresh_group, new_id, promise, raw_http,
    tsumugi, until,
};
use crate::invitations::timeline;
use crate::mailing::notices;
use crate::staff::office_of;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;
use tsumugi_protocol::{
    ArchiveRoom, ArchiveWhy, Code, Command, Done, ErasureId, ErasureList, ErasureSeen, ErasureState, Event,
    Nothing, NoticeKind, RequestErasure, RestoreRoom, RoomId, RoomKind, TimelineList, WhichErasure,
    WhichOffice, WhichRoom, Wisher,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::ErasureRequestMissing,
    Code::SecondPersonRequired,
    Code::ErasureExecutorRequired,
    Code::ErasureDecided,
];

/// The commands of this file that name no room.
pub fn commands() -> Vec<Command> {
    let erasure = ErasureId(new_id());
    vec![
        Command::SecondErasure(WhichErasure { erasure }),
        Command::CancelErasure(WhichErasure { erasure }),
        Command::ListErasures(Nothing {}),
    ]
}

const CANARY: &str = "けしてほしいことば";

/// A daughter's wish.
fn wish(room: RoomId) -> RequestErasure {
    RequestErasure {
        erasure: ErasureId(new_id()),
        room,
        wisher: Wisher::Family,
        name: Some("菊池 恵".into()),
        relation: Some("長女".into()),
        given_on: "2026-01-05".into(),
        evidence: "書面で受け取り、運転免許証で本人を確かめた".into(),
    }
}

/// The office's own.
fn own(room: RoomId) -> RequestErasure {
    RequestErasure {
        wisher: Wisher::Office,
        name: None,
        relation: None,
        evidence: "使う予定がない".into(),
        ..wish(room)
    }
}

fn asking(ask: &RequestErasure) -> Command {
    Command::RequestErasure(ask.clone())
}

fn second(ask: &RequestErasure) -> Command {
    Command::SecondErasure(WhichErasure { erasure: ask.erasure })
}

fn cancel(ask: &RequestErasure) -> Command {
    Command::CancelErasure(WhichErasure { erasure: ask.erasure })
}

async fn done(who: &Person<'_>, command: &Command) {
    let _: Done = who.ask(command).await.unwrap_or_else(|no| panic!("{}: {no:?}", command.name()));
}

async fn seen(who: &Person<'_>, ask: &RequestErasure) -> Option<ErasureSeen> {
    let list: ErasureList = who.ask(&Command::ListErasures(Nothing {})).await.expect("a list");
    list.erasures.into_iter().find(|one| one.erasure == ask.erasure)
}

/// Waits for the certificate.
async fn certified(who: &Person<'_>, ask: &RequestErasure) -> ErasureSeen {
    until("the certificate", PATIENCE, async || {
        seen(who, ask).await.filter(|one| one.state == ErasureState::Erased)
    })
    .await
}

/// A command about a data folder.
fn about(setup: &Setup, words: &[&str]) -> Output {
    let data = setup.data.to_string_lossy().into_owned();
    let mut all = words.to_vec();
    all.extend(["--data", &data]);
    if let Some(url) = &setup.store {
        all.extend(["--store", url]);
    }
    tsumugi(&all)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Whether no copy of a room's key opens, here and in those backups.
fn is_gone(setup: &Setup, room: RoomId, backups: &[&Path]) -> bool {
    let (room, backups) = (room.to_string(), backups.iter().map(|folder| folder.to_string_lossy()));
    let backups: Vec<_> = backups.collect();
    let mut words = vec!["erase", "verify", "--room", &room];
    for folder in &backups {
        words.extend(["--backup", &**folder]);
    }
    let output = about(setup, &words);
    let text = said(&output);
    assert_eq!(output.status.success(), text.contains("no copy opens"), "{text}");
    assert_eq!(!output.status.success(), text.contains("OPENS"), "it says which: {text}");
    output.status.success()
}

/// Everything of the first story: the nurse in the timeline, its steward's admin, the region's desk.
async fn three(server: &Server) -> (Person<'_>, Person<'_>, Person<'_>, RoomId) {
    let nurse = server.person_anew("visiting_nurse").await;
    let room = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.id;
    (nurse, server.person_anew("office_admin").await, server.person_anew("secretariat").await, room)
}

promise! {
    async fn a_room_is_erased_by_two_and_no_backup_brings_it_back(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        // A stop destroys a key of its own: the list is not empty from here on.
        server.stop();
        server.start_again();
        let (nurse, admin, desk, room) = three(&server).await;
        let kept = timeline(&nurse, "春江", RoomKind::TimelineWithRecipient).await.id;
        nurse.post(&draft(room, CANARY)).await.expect("a post");
        nurse.post(&draft(kept, "のこることば")).await.expect("a post");
        let drill = Folder::new("drill");
        let backups = drill.path().join("backups");
        let made = about(&server.setup, &["backup", "--to", &backups.to_string_lossy()]);
        assert!(made.status.success(), "{}", said(&made));
        let scanner = Scanner::new(&[CANARY.to_owned(), "のこることば".to_owned(), nurse.me.name.clone()]);
        assert_eq!(leaks(&backups, &scanner), Vec::<String>::new(), "a backup says nothing");
        assert!(!is_gone(&server.setup, room, &[]), "the tool sees a key that opens");

        decided(&server, (&nurse, &admin, &desk), room).await;
        assert!(is_gone(&server.setup, room, &[]), "here it is gone");
        assert!(!is_gone(&server.setup, room, &[&backups]), "and a copy elsewhere is not passed over in silence");
        assert!(!is_gone(&server.setup, kept, &[]), "nothing else went");
        assert_eq!(Rows::of(&server).await.posts_in(room.0).await, 0);
        verifies(&server).await;

        let list = drill.path().join("newest.log");
        fs::copy(server.setup.data.join("audit/destroyed.log"), &list).expect("the list");
        let history = nurse.history(kept).await;
        let restored = restored(&server, engine, &backups, &list).await;
        assert!(is_gone(&restored.setup, room, &[]), "the list was applied");
        let bearer = format!("Bearer {}", nurse.token);
        let old = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let answer = raw_http(&restored, "POST /api/v1/rooms.list", &old, b"{}").await.expect("an answer");
        assert_eq!(answer.status, 401, "no session comes back");
        let again = Person::sign_in(&restored, server.sheet("visiting_nurse")).await;
        assert_eq!(again.refused(&Command::OpenRoom(WhichRoom { room })).await.code, "not_found");
        assert!(again.card(room).await.is_none());
        assert_eq!(again.history(kept).await, history, "and everything else is as it was");
        assert_eq!(Rows::of(&restored).await.posts_in(room.0).await, 0, "nor do its rows lie there");
        assert!(verdict(&restored).0, "the log is in order: {}", verdict(&restored).1);
        assert_eq!(leaks(&restored.setup.data, &scanner), Vec::<String>::new());
    }
}

/// Asked for by the admin, decided by the desk; refused to everybody else.
async fn decided(
    server: &Server,
    (nurse, admin, desk): (&Person<'_>, &Person<'_>, &Person<'_>),
    room: RoomId,
) {
    let ask = wish(room);
    let stranger = server.person_anew("ogino@demo.example").await;
    assert_eq!(stranger.refused(&asking(&ask)).await.code, "not_found");
    assert_eq!(nurse.refused(&asking(&ask)).await.code, "group_admin_only");
    for _ in 0..2 {
        done(admin, &asking(&ask)).await;
    }
    assert_eq!(admin.refused(&asking(&wish(room))).await.code, "erasure_decided", "one at a time");
    assert_eq!(admin.refused(&second(&ask)).await.code, "second_person_required");
    for other in [nurse, &stranger] {
        assert_eq!(other.refused(&second(&ask)).await.code, "not_found");
        assert_eq!(other.refused(&cancel(&ask)).await.code, "not_found");
        assert!(seen(other, &ask).await.is_none());
    }
    let waiting = seen(desk, &ask).await.expect("it waits for her");
    assert_eq!((waiting.state, waiting.may_second), (ErasureState::Waiting, true));
    assert_eq!((waiting.name, waiting.relation), (ask.name.clone(), ask.relation.clone()));
    assert!(waiting.patient.is_some_and(|patient| patient.name.ends_with("春江")));
    assert!(!seen(admin, &ask).await.expect("hers").may_second);
    nurse.post(&draft(room, "まだここにいます")).await.expect("nothing has happened yet");

    let mut link = nurse.link().await;
    for _ in 0..2 {
        done(desk, &second(&ask)).await;
    }
    link.expect("that it is gone", |event| {
        matches!(event, Event::RoomAdded { room: at } if *at == room).then_some(())
    })
    .await;
    assert!(nurse.card(room).await.is_none(), "at once");
    assert_eq!(nurse.refused(&Command::OpenRoom(WhichRoom { room })).await.code, "not_found");
    assert_eq!(nurse.preview(&draft(room, "もう")).await.expect_err("refused").code, "not_found");
    let office = office_of(&admin.me);
    let timelines: TimelineList =
        admin.ask(&Command::ListTimelines(WhichOffice { office })).await.expect("timelines");
    assert!(timelines.timelines.iter().all(|one| one.room != room));
    assert_eq!(admin.refused(&cancel(&ask)).await.code, "erasure_decided", "nothing stops it now");

    let erased = certified(admin, &ask).await;
    let certificate = erased.certificate.expect("a certificate");
    assert!(certificate.posts >= 2, "{certificate:?}");
    assert!(
        certificate.listed_at <= certificate.destroyed_at
            && certificate.destroyed_at <= certificate.cleared_at
    );
    let eight_days = Duration::from_secs(8 * 24 * 60 * 60);
    assert_eq!(certificate.content_copies_until, certificate.cleared_at.plus(eight_days));
    assert_eq!(certificate.key_copies_until, certificate.destroyed_at.plus(eight_days));
    assert!(certificate.statement.contains(&room.to_string()) && certificate.signature.len() == 128);
    assert!(!certificate.statement.contains("菊池") && erased.patient.is_none(), "ids and times only");
    assert_eq!(erased.seconded_by.map(|card| card.account), Some(desk.me.account));
    for (who, kind) in [(nurse, NoticeKind::RoomErased), (admin, NoticeKind::ErasureCertified)] {
        assert!(notices(who).await.notices.iter().any(|notice| notice.kind == kind), "{kind:?}");
    }
    let mut rows = Rows::of(server).await;
    for (act, who) in [("erasures.request", &admin), ("erasures.second", &desk)] {
        let found: Vec<_> =
            rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done").collect();
        let [row] = found.as_slice() else { panic!("{act}: {found:?}") };
        assert_eq!(
            (row.account, row.room, row.subject),
            (Some(who.me.account.0), Some(room.0), Some(ask.erasure.0))
        );
    }
    let whole = format!("{:?}", rows.audit().await);
    assert!(!whole.contains("菊池") && !whole.contains("運転免許証"), "who wished it is sealed elsewhere");
}

/// The old backup in another folder, served; refused without the list and with one that lacks a line.
async fn restored(server: &Server, engine: Engine, backups: &Path, list: &Path) -> Server {
    let folder = Folder::new("restored");
    let setup = Setup::new(engine, folder.path(), true).await;
    let secrets = setup.data.join("secrets");
    fs::create_dir_all(&secrets).expect("a folder");
    fs::copy(server.setup.data.join("secrets/master.key"), secrets.join("master.key"))
        .expect("the master key");
    let from = backups.to_string_lossy().into_owned();
    let restore = |list: Option<&Path>| {
        let list = list.map(|list| list.to_string_lossy().into_owned());
        let mut words = vec!["restore", "--from", &from];
        words.extend(list.iter().flat_map(|list| ["--destroyed", list.as_str()]));
        about(&setup, &words)
    };
    let without = restore(None);
    assert!(!without.status.success() && said(&without).contains("--destroyed"), "{}", said(&without));
    let cut = folder.path().join("cut.log");
    fs::write(&cut, "").expect("a file");
    let older = restore(Some(&cut));
    assert!(!older.status.success() && said(&older).contains("older than"), "{}", said(&older));
    let text = fs::read_to_string(list).expect("the list");
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines.len() >= 2, "{text}");
    fs::write(&cut, lines[1..].join("\n")).expect("a file");
    assert!(!restore(Some(&cut)).status.success(), "a list with a gap");
    assert!(!setup.data.join("keys").exists(), "and nothing was written");
    let whole = restore(Some(list));
    assert!(whole.status.success(), "{}", said(&whole));
    assert!(!restore(Some(list)).status.success(), "never over what is there");
    let listen = format!("127.0.0.1:{}", setup.port);
    let data = setup.data.to_string_lossy().into_owned();
    let mut words: Vec<String> = ["serve", "--data", &data, "--listen", &listen].map(str::to_owned).into();
    if let Some(url) = &setup.store {
        words.extend(["--store".to_owned(), url.clone()]);
    }
    Server::serving(setup, folder, &words)
}

#[tokio::test]
async fn an_erasure_that_was_stopped_half_way_goes_on_at_the_next_start() {
    let server = Server::start_with_clock(Engine::Sqlite).await;
    let (nurse, admin, desk, room) = three(&server).await;
    nurse.post(&draft(room, CANARY)).await.expect("a post");
    // The list of destroyed keys cannot be written: nothing may be wiped before it is.
    let list: PathBuf = server.setup.data.join("audit/destroyed.log");
    fs::create_dir(&list).expect("something in its place");
    let ask = wish(room);
    done(&admin, &asking(&ask)).await;
    done(&desk, &second(&ask)).await;
    until("the key is listed", PATIENCE, async || is_gone(&server.setup, room, &[]).then_some(())).await;
    server.kill();
    let mut rows = Rows::of(&server).await;
    assert_eq!(rows.texts("SELECT state FROM erasures").await, ["decided"], "no step is passed over");
    assert!(rows.posts_in(room.0).await > 0);
    drop(rows);
    fs::remove_dir(&list).expect("it goes");
    server.start_again();
    let admin = server.person_anew("office_admin").await;
    let certificate = certified(&admin, &ask).await.certificate.expect("a certificate");
    assert!(certificate.posts > 0);
    assert!(is_gone(&server.setup, room, &[]));
    assert_eq!(
        Rows::of(&server).await.posts_in(room.0).await,
        0,
        "the demo's own posts do not come back either"
    );
    let listed = fs::read_to_string(&list).expect("the list");
    assert!(listed.contains("tsumugi-destroyed-key-1"), "{listed}");
    verifies(&server).await;
}

#[tokio::test]
async fn who_erases_is_the_regions_rule_and_a_wish_is_needed() {
    // clause("001§29-7", "001§26-6", "004§4b")
    let desk_erases = with(&with(FLOOR, "complete_erasure_by", "\"secretariat\""), "group_delete_by", "[]");
    let server = Server::start_under(Engine::Sqlite, &desk_erases).await;
    let (nurse, admin, desk, room) = three(&server).await;
    nurse.post(&draft(room, CANARY)).await.expect("a post");
    let place = nurse.me.affiliations.iter().find(|place| place.office.is_some()).expect("her place").id;
    Rows::of(&server).await.give_role(place.0, "office_admin").await;

    // Without a wish nothing goes, stored or not.
    assert_eq!(admin.refused(&asking(&own(room))).await.code, "erasure_request_missing");
    let stored = ArchiveRoom { room, why: ArchiveWhy::CareEnded, reason: "利用が終わった".into() };
    done(&admin, &Command::Archive(stored)).await;
    assert_eq!(admin.refused(&asking(&own(room))).await.code, "erasure_request_missing");
    for (field, ask) in [
        ("name", RequestErasure { name: None, ..wish(room) }),
        ("relation", RequestErasure { relation: None, ..wish(room) }),
        ("given_on", RequestErasure { given_on: "あした".into(), ..wish(room) }),
    ] {
        let refused = admin.refused(&asking(&ask)).await;
        assert_eq!((refused.code.as_str(), refused.params["field"].as_str()), ("bad_field", field));
    }

    // The steward files it; the desk alone executes, and never one person for two.
    let filed = wish(room);
    done(&admin, &asking(&filed)).await;
    assert_eq!(nurse.refused(&second(&filed)).await.code, "erasure_executor_required", "two of the office");
    for _ in 0..2 {
        done(&desk, &cancel(&filed)).await;
    }
    assert_eq!(desk.refused(&second(&filed)).await.code, "erasure_decided", "it was taken back");
    let asked = wish(room);
    done(&desk, &asking(&asked)).await;
    assert_eq!(desk.refused(&second(&asked)).await.code, "second_person_required");
    assert!(admin.card(room).await.is_some() || nurse.card(room).await.is_some(), "nothing has happened");
    server.turn_clock(Duration::from_secs(5 * 60));
    assert_eq!(admin.refused(&second(&asked)).await.code, "step_up_required");
    let admin = server.person_anew("office_admin").await;
    done(&admin, &second(&asked)).await;
    let erased = certified(&admin, &asked).await;
    assert_eq!(erased.certificate.expect("a certificate").statement.matches(CANARY).count(), 0);
    assert!(is_gone(&server.setup, room, &[]));
    let cancelled = Rows::of(&server).await.audit_of("erasures.cancel").await;
    assert_eq!(cancelled.iter().filter(|row| row.outcome == "done").count(), 1);

    by_the_steward(&server).await;
    verifies(&server).await;
}

/// Where the steward erases, a stored timeline goes by the office's own wish and a second person; an unused group by one.
async fn by_the_steward(server: &Server) {
    server.under(FLOOR);
    let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
    let nurse = server.person_anew("visiting_nurse").await;
    let room = timeline(&nurse, "春江", RoomKind::TimelineWithRecipient).await.id;
    assert_eq!(admin.refused(&asking(&own(room))).await.code, "erasure_request_missing", "it is in use");
    assert_eq!(desk.refused(&asking(&wish(room))).await.code, "not_found", "here the desk knows of no room");
    let stored = ArchiveRoom { room, why: ArchiveWhy::CareEnded, reason: "利用が終わった".into() };
    done(&admin, &Command::Archive(stored)).await;
    let ask = own(room);
    done(&admin, &asking(&ask)).await;
    done(&admin, &Command::Restore(RestoreRoom { room, reason: "また始まった".into() })).await;
    assert_eq!(desk.refused(&second(&ask)).await.code, "erasure_request_missing", "it is in use again");

    let group = fresh_group(server, &["physician"]).await;
    let [maker, physician] = &group.people[..] else { panic!("two people") };
    assert_eq!(physician.refused(&asking(&own(group.room))).await.code, "group_admin_only");
    maker.post(&draft(group.room, "ひとこと")).await.expect("a post");
    let ask = own(group.room);
    done(&admin, &asking(&ask)).await;
    assert!(physician.card(group.room).await.is_some(), "one alone does not erase what was said");
    done(&desk, &second(&ask)).await;
    assert!(physician.card(group.room).await.is_none());
    certified(&admin, &ask).await;

    let unused = fresh_group(server, &["physician"]).await;
    let ask = own(unused.room);
    done(&admin, &asking(&ask)).await;
    assert!(unused.people[1].card(unused.room).await.is_none(), "where nothing was ever said, one is enough");
    let erased = certified(&admin, &ask).await;
    assert_eq!((erased.seconded_by, erased.certificate.expect("one").posts), (None, 0));
}
