//! A session ends by itself after thirty minutes without an act, on every door; its holder sees and ends the others.

use crate::audit::verifies;
use crate::harness::{Closed, Engine, Link, Rows, Server, Upgrade, draft, fresh_group, promise};
use std::time::Duration;
use tsumugi_protocol::{
    AskSince, Change, Command, Done, Factor, Known, MarkRead, Me, Nothing, Position, RoomList, SessionList,
    SignIn, SignedIn, TokenIn, WhichSession,
};

const MINUTE: Duration = Duration::from_secs(60);

promise! {
    // clause("002-1.2(1)d")
    async fn half_an_hour_without_an_act_ends_it_on_every_door_and_no_traffic_keeps_it(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let group = fresh_group(&server, &["physician"]).await;
        let (reader, writer) = (server.person_anew("physician").await, server.person_anew("office_admin").await);
        let (link, kept) = (reader.link().await, writer.link().await);
        writer.post(&draft(group.room, "おはようございます")).await.expect("a post");
        // What clients do by themselves, on both doors and on a new link.
        let automatic = [
            Command::Me(Nothing {}),
            Command::ListRooms(Nothing {}),
            Command::RoomSince(AskSince { room: group.room, change: Change(0), limit: None }),
            Command::MarkRead(MarkRead { room: group.room, position: Position(1) }),
            Command::Now(Nothing {}),
        ];
        for _ in 0..2 {
            server.turn_clock(14 * MINUTE);
            for command in &automatic {
                assert!(reader.ask::<serde_json::Value>(command).await.is_ok(), "{}", command.name());
                assert!(link.ask::<serde_json::Value>(command).await.is_ok(), "{}", command.name());
            }
            drop(reader.link_knowing(vec![Known { room: group.room, change: Change(0) }]).await);
            let _: Done = kept.ask(&Command::Stay(Nothing {})).await.expect("who reads on says so");
        }
        let me: Me = reader.ask(&Command::Me(Nothing {})).await.expect("28 minutes are not 30");
        assert_eq!((me.ends.idle_ms, me.ends.blank_ms), (1_800_000, 300_000));
        server.turn_clock(2 * MINUTE);
        let Closed { code, .. } = link.closed().await;
        assert_eq!(code, Some(4421));
        assert_eq!(reader.refused(&Command::Me(Nothing {})).await.code, "session_idle");
        assert_eq!(Link::open(&server, &Upgrade::bearer(&reader.token)).await.err(), Some(401));
        assert!(writer.ask::<RoomList>(&Command::ListRooms(Nothing {})).await.is_ok(), "who did something is still in");
        assert!(!kept.is_closed());
        let ends = Rows::of(&server).await.audit_of("sessions.idle_end").await;
        assert!(ends.iter().any(|row| row.account == Some(reader.me.account.0)), "it is written down");
        verifies(&server).await;
    }
}

promise! {
    async fn who_still_shows_what_ended_by_itself_signs_in_anew(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let person = server.person_anew("physician").await;
        server.turn_clock(30 * MINUTE);
        assert_eq!(person.refused(&Command::Me(Nothing {})).await.code, "session_idle");
        // A browser cannot take its cookie back: it goes with the new sign-in as well.
        let sheet = server.sheet("physician");
        let ask =
            SignIn { email: sheet.email.clone(), password: sheet.password.clone(), token_in: TokenIn::Body };
        let again: SignedIn = person.ask(&Command::SignIn(ask)).await.expect("signed in");
        assert_eq!(again.me.account, person.me.account);
    }
}

promise! {
    // clause("002-1.2(1)d")
    async fn a_restart_neither_wakes_an_idle_session_nor_ends_one_in_use(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (left, used) = (server.person_anew("physician").await, server.person_anew("office_admin").await);
        server.turn_clock(20 * MINUTE);
        let _: Done = used.ask(&Command::Stay(Nothing {})).await.expect("an act");
        server.stop();
        // The clock of a new process is the machine's again: what it does not know of is that twenty minutes went by.
        server.start_again();
        server.turn_clock(30 * MINUTE);
        // Connections of their own: those to the process before are gone.
        let (left, used) = (left.twin(), used.twin());
        assert_eq!(left.refused(&Command::Me(Nothing {})).await.code, "session_idle");
        assert!(used.is_signed_in().await, "its last act was written at the stop");
        server.turn_clock(20 * MINUTE);
        assert_eq!(used.refused(&Command::Me(Nothing {})).await.code, "session_idle");
    }
}

promise! {
    async fn twelve_hours_are_the_most_whatever_is_done(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let person = server.person_anew("physician").await;
        for _ in 0..25 {
            server.turn_clock(28 * MINUTE);
            let _: Done = person.ask(&Command::Stay(Nothing {})).await.expect("still there");
        }
        server.turn_clock(20 * MINUTE);
        assert_eq!(person.refused(&Command::Stay(Nothing {})).await.code, "session_idle");
    }
}

promise! {
    async fn its_holder_sees_where_she_is_signed_in_and_ends_what_she_does_not_know(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let [mine, old, strange] = [
            server.person_anew("physician").await,
            server.person_anew("physician").await,
            server.person_anew("physician").await,
        ];
        let other = server.person_anew("pharmacist").await;
        let link = old.link().await;
        let list: SessionList = mine.ask(&Command::ListSessions(Nothing {})).await.expect("a list");
        assert_eq!(list.sessions.len(), 3);
        assert!(list.sessions.iter().all(|seen| seen.factors == [Factor::Password]));
        let this: Vec<_> = list.sessions.iter().filter(|seen| seen.is_this).collect();
        assert_eq!(this.len(), 1);
        let theirs: SessionList = other.ask(&Command::ListSessions(Nothing {})).await.expect("a list");
        assert_eq!(theirs.sessions.len(), 1, "one's own alone");

        // Somebody else's session is as if there were none.
        let ask = Command::EndSession(WhichSession { session: theirs.sessions[0].session });
        assert_eq!(mine.refused(&ask).await.code, "not_found");
        assert!(other.is_signed_in().await);
        let seen: SessionList = old.ask(&Command::ListSessions(Nothing {})).await.expect("a list");
        let session = seen.sessions.iter().find(|seen| seen.is_this).expect("its own").session;
        let _: Done = mine.ask(&Command::EndSession(WhichSession { session })).await.expect("ended");
        assert_eq!(link.closed().await.code, Some(4420));
        assert_eq!(old.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        assert_eq!(mine.refused(&Command::EndSession(WhichSession { session })).await.code, "not_found");

        let _: Done = mine.ask(&Command::EndOtherSessions(Nothing {})).await.expect("ended");
        assert_eq!(strange.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        assert!(mine.is_signed_in().await && other.is_signed_in().await);
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.audit_of("sessions.end").await.iter().filter(|row| row.outcome == "done").count(), 1);
        assert_eq!(rows.audit_of("sessions.end_others").await.len(), 1);
        verifies(&server).await;
    }
}
