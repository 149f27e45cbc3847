//! Everything leaves a trace that cannot be altered unnoticed, and no trace contains what was written.

use crate::harness::{
    AuditRow, Engine, PATIENCE, Person, Rows, Server, draft, fresh_group, promise, shared, tsumugi, until,
};
use serde_json::Value;
use tsumugi_protocol::{
    Command, CreateFree, Done, Focus, MarkRead, MemberList, Nothing, OpenRoom, Position, RoomId, RoomList,
    RoomMade, WhichRoom,
};

/// The outcome of an act that was done.
pub const DONE: &str = "done";

/// The last line of `tsumugi audit verify`, and whether it found the log in order.
pub fn verdict(server: &Server) -> (bool, Value) {
    let data = server.setup.data.to_string_lossy().into_owned();
    let mut arguments = vec!["audit", "verify", "--data", &data];
    if let Some(url) = &server.setup.store {
        arguments.extend(["--store", url]);
    }
    let output = tsumugi(&arguments);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = out.lines().last().and_then(|line| serde_json::from_str(line).ok());
    let last: Value = last.unwrap_or_else(|| {
        panic!("no JSON in the last line: {out}{}", String::from_utf8_lossy(&output.stderr))
    });
    assert_eq!(output.status.success(), last["ok"] == true, "exit status and verdict agree: {last}");
    (output.status.success(), last)
}

/// The log verifies beside the running server.
pub async fn verifies(server: &Server) {
    let entries = Rows::of(server).await.number("SELECT COUNT(*) FROM audit").await;
    let (ok, verdict) = verdict(server);
    assert!(ok, "{verdict}");
    assert!(verdict["entries"].as_i64() >= Some(entries), "{verdict} of {entries}");
}

/// Entries that one account made since, settled: what is written behind has been written.
async fn entries_of(server: &Server, person: &Person<'_>) -> Vec<AuditRow> {
    let all = Rows::of(server).await.audit().await;
    all.into_iter().filter(|row| row.account == Some(person.me.account.0)).collect()
}

/// What the account's entries gained by an act.
async fn gained(server: &Server, person: &Person<'_>, act: impl AsyncFnOnce()) -> Vec<AuditRow> {
    let before = entries_of(server, person).await.len();
    act().await;
    entries_of(server, person).await.split_off(before)
}

promise! {
    async fn each_act_leaves_exactly_its_entry(server: &Server) {
        // A session of her own, so that no other story's acts are counted with hers.
        let admin = server.person_anew("ogino@demo.example").await;
        let physician = server.person("physician").await;
        let room = RoomId(crate::harness::new_id());
        let make = CreateFree { room, title: "監査".into(), aim: "記録をみる".into(), invite: vec![physician.me.account] };

        let rows = gained(server, &admin, async || {
            let _: RoomMade = admin.ask(&Command::CreateFree(make)).await.expect("made");
        });
        assert_eq!(acts(&rows.await), [("rooms.create_free", DONE, Some(room.0))]);

        let post = draft(room, "監査に出てはいけない言葉");
        let rows = gained(server, &admin, async || {
            let token = admin.preview(&post).await.expect("a preview").token;
            admin.send(&post, Some(&token)).await.expect("saved");
        });
        let rows = rows.await;
        assert_eq!(acts(&rows), [("posts.send", DONE, Some(room.0))], "a preview leaves none");
        assert_eq!(rows[0].subject, Some(post.post.0));
        assert_eq!(rows[0].times, 1);

        let rows = gained(server, &admin, async || {
            admin.send(&post, None).await.expect("a repeat");
            let _: RoomList = admin.ask(&Command::ListRooms(Nothing {})).await.expect("a list");
            let mark = MarkRead { room, position: Position(1) };
            let _: Done = admin.ask(&Command::MarkRead(mark)).await.expect("marked");
            let _: MemberList = admin.ask(&Command::ListMembers(WhichRoom { room })).await.expect("members");
            let _: tsumugi_protocol::Now = admin.ask(&Command::Now(Nothing {})).await.expect("now");
            let _: Done = admin.link().await.ask(&Command::Focus(Focus { room: Some(room) })).await.expect("focus");
        });
        assert_eq!(acts(&rows.await), [], "a repeat, lists, marks and the clock leave none");

        let rows = gained(server, &admin, async || {
            for _ in 0..3 {
                let _: OpenRoom = admin.ask(&Command::OpenRoom(WhichRoom { room })).await.expect("open");
                admin.history(room).await;
            }
        });
        let rows = rows.await;
        assert_eq!(rows.len(), 1, "reading is one entry per session, room and quarter of an hour: {rows:?}");
        assert_eq!(rows[0].room, Some(room.0));

        let rows = gained(server, &admin, async || {
            let _: Done = admin.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
        });
        assert_eq!(acts(&rows.await), [("accounts.sign_out", DONE, None)]);
        let written: Vec<AuditRow> = Rows::of(server).await.audit().await;
        let canary = written.iter().filter(|row| format!("{row:?}").contains("監査に出て")).count();
        assert_eq!(canary, 0);
    }
}

fn acts(rows: &[AuditRow]) -> Vec<(&str, &str, Option<uuid::Uuid>)> {
    rows.iter().map(|row| (row.act.as_str(), row.outcome.as_str(), row.room)).collect()
}

promise! {
    async fn a_refusal_leaves_its_code(server: &Server) {
        let stranger = server.person_anew("sumie@demo.example").await;
        let group = fresh_group(server, &["physician"]).await;
        let post = draft(group.room, "よその部屋へ");
        let rows = gained(server, &stranger, async || {
            stranger.send(&post, None).await.expect_err("hidden");
        });
        let rows = rows.await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0].act, "posts.send");
        assert!(format!("{:?}", rows[0]).contains("not_found"), "{rows:?}");
        let _: Done = stranger.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
    }
}

promise! {
    async fn signing_in_and_failing_to_are_both_seen(server: &Server) {
        let person = server.person_anew("misaki@demo.example").await;
        let rows = entries_of(server, &person).await;
        assert_eq!(rows.last().map(|row| (row.act.as_str(), row.outcome.as_str())), Some(("accounts.sign_in", DONE)));
        let _: Done = person.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
    }
}

#[tokio::test]
async fn refusals_past_twenty_a_minute_are_counted_in_one_entry() {
    let server = Server::start(Engine::Sqlite).await;
    let stranger = server.person_anew("daughter").await;
    let room = RoomId(crate::harness::new_id());
    let before = entries_of(&server, &stranger).await.len();
    for _ in 0..60 {
        stranger.refused(&Command::OpenRoom(WhichRoom { room })).await;
    }
    // Not one is forgotten when the server stops before the minute does.
    server.stop();
    server.start_again();
    let stranger = server.person_anew("daughter").await;
    let rows: Vec<AuditRow> = entries_of(&server, &stranger).await.split_off(before);
    let refused: Vec<&AuditRow> = rows.iter().filter(|row| row.outcome != DONE).collect();
    assert_eq!(refused.iter().map(|row| row.times).sum::<i64>(), 60, "{refused:?}");
    // Two minutes' worth of single entries where the clock turned meanwhile.
    assert!((21..=42).contains(&refused.len()), "{} entries", refused.len());
    verifies(&server).await;
}

#[tokio::test]
async fn the_log_verifies_beside_a_running_and_beside_a_stopped_server() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start(engine).await;
        let group = fresh_group(&server, &["physician"]).await;
        for n in 0..10 {
            group.people[0].post(&draft(group.room, &format!("{n}"))).await.expect("saved");
        }
        verifies(&server).await;
        server.stop();
        let (ok, after) = verdict(&server);
        assert!(ok, "{after}");
        assert_eq!(after["unanchored"], 0, "a graceful stop anchors everything: {after}");
        server.start_again();
        verifies(&server).await;
        server.kill();
        assert!(verdict(&server).0, "nor does a kill break it");
    }
}

#[tokio::test]
async fn every_change_of_the_stored_log_is_found_and_named() {
    let server = Server::start(Engine::Sqlite).await;
    let group = fresh_group(&server, &["physician"]).await;
    for n in 0..10 {
        group.people[0].post(&draft(group.room, &format!("{n}"))).await.expect("saved");
    }
    server.stop();
    assert!(verdict(&server).0);
    let mut rows = Rows::of(&server).await;
    let n = rows.number("SELECT MAX(n) - 3 FROM audit WHERE log = (SELECT log FROM audit ORDER BY at DESC, n DESC LIMIT 1)").await;
    // Each is made, found and taken back; the log is the one written last.
    let last = "(SELECT log FROM audit ORDER BY at DESC, n DESC LIMIT 1)";
    let changes = [
        ("UPDATE audit SET at = at + 1", "UPDATE audit SET at = at - 1"),
        ("UPDATE audit SET act = act || 'x'", "UPDATE audit SET act = substr(act, 1, length(act) - 1)"),
        ("UPDATE audit SET times = times + 1", "UPDATE audit SET times = times - 1"),
        ("UPDATE audit SET outcome = outcome || ' '", "UPDATE audit SET outcome = rtrim(outcome)"),
    ];
    for (make, undo) in changes {
        rows.run(format!("{make} WHERE log = {last} AND n = {n}")).await;
        let (ok, told) = verdict(&server);
        assert!(!ok, "{make}: {told}");
        assert!(told.to_string().contains(&n.to_string()), "it names entry {n}: {told}");
        rows.run(format!("{undo} WHERE log = {last} AND n = {n}")).await;
        assert!(verdict(&server).0, "as it was: {undo}");
    }
    // A byte of the hash; an entry gone from the middle; the end cut off.
    rows.run(format!("UPDATE audit SET hash = zeroblob(32) WHERE log = {last} AND n = {n}")).await;
    assert!(!verdict(&server).0, "a changed hash");
    rows.run(format!("DELETE FROM audit WHERE log = {last} AND n = {n}")).await;
    assert!(!verdict(&server).0, "an entry gone");
    rows.run(format!("DELETE FROM audit WHERE log = {last} AND n > {n} - 1")).await;
    assert!(!verdict(&server).0, "the end cut off");
}

#[tokio::test]
async fn garbage_without_a_session_is_counted_and_does_not_flood_the_log() {
    let server = Server::start(Engine::Sqlite).await;
    let before = Rows::of(&server).await.number("SELECT COUNT(*) FROM audit").await;
    for n in 0..200 {
        let body = format!("{{\"x\":{n}}}");
        crate::harness::raw_http(
            &server,
            "POST /api/v1/rooms.list",
            &[("authorization", "Bearer x")],
            body.as_bytes(),
        )
        .await;
    }
    server.stop();
    let settled = async || {
        let after = Rows::of(&server).await.number("SELECT COUNT(*) FROM audit").await;
        (after > before).then_some(after - before)
    };
    let gained = until("a trace of two hundred tries", PATIENCE, settled).await;
    assert!(gained <= 10, "{gained} entries for one source within a few seconds");
}
