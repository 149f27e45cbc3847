//! The vault: where a timeline goes when it is no longer used, and from where it comes back.

use crate::audit::verifies;
use crate::devices::FLOOR;
use crate::harness::{Engine, Person, Rows, Server, draft, promise};
use crate::invitations::timeline;
use crate::staff::office_of;
use std::time::Duration;
use tsumugi_protocol::{
    ArchiveRoom, ArchiveWhy, Code, Command, Done, Event, OpenRoom, RestoreRoom, RoomId, RoomKind, RoomState,
    TimelineList, TimelineSeen, WhichOffice, WhichRoom,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::TimelineArchived];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn archive(room: RoomId, reason: &str) -> Command {
    Command::Archive(ArchiveRoom { room, why: ArchiveWhy::CareEnded, reason: reason.into() })
}

fn restore(room: RoomId) -> Command {
    Command::Restore(RestoreRoom { room, reason: "また利用が始まった".into() })
}

async fn seen(admin: &Person<'_>, room: RoomId) -> TimelineSeen {
    let ask = Command::ListTimelines(WhichOffice { office: office_of(&admin.me) });
    let list: TimelineList = admin.ask(&ask).await.expect("her office's");
    list.timelines.into_iter().find(|one| one.room == room).expect("this one")
}

promise! {
    // clause("000-note(2)a", "002-3.2(1)d", "003-note(2)a")
    async fn a_timeline_goes_to_the_vault_and_comes_back(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let room = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.id;
        let before = draft(room, "最後の訪問でした");
        nurse.post(&before).await.expect("a post");
        let late = draft(room, "保管のあと");
        let token = nurse.preview(&late).await.expect("a preview").token;
        let mut link = nurse.link().await;
        assert_eq!(admin.refused(&archive(room, " ")).await.code, "reason_missing");
        assert_eq!(nurse.refused(&archive(room, "終わった")).await.code, "not_steward");
        let stranger = server.person_anew("ogino@demo.example").await;
        assert_eq!(stranger.refused(&archive(room, "終わった")).await.code, "not_found");
        let group = nurse.rooms().await.rooms.into_iter().find(|card| card.kind == RoomKind::Connection).expect("one");
        assert_eq!(nurse.refused(&archive(group.id, "終わった")).await.code, "not_steward");

        for _ in 0..2 {
            let _: Done = admin.ask(&archive(room, "サービスの利用が終わった")).await.expect("archived");
        }
        let change = link
            .expect("that it is in the vault", |event| match event {
                Event::RoomChanged { room: at, change, state: RoomState::Archived } if *at == room => Some(*change),
                _ => None,
            })
            .await;
        let card = nurse.card(room).await.expect("still to be found");
        assert_eq!((card.state, card.change), (RoomState::Archived, change), "apart from the active ones");
        // Nothing is written any more, by whatever way; everything is still read.
        assert_eq!(nurse.preview(&late).await.expect_err("refused").code, "timeline_archived");
        assert_eq!(nurse.send(&late, Some(&token)).await.expect_err("refused").code, "timeline_archived");
        let open: OpenRoom = nurse.ask(&Command::OpenRoom(WhichRoom { room })).await.expect("the room");
        assert!(open.page.posts.iter().any(|post| post.id == before.post));
        assert_eq!(seen(&admin, room).await.state, RoomState::Archived);

        assert_eq!(nurse.refused(&restore(room)).await.code, "not_steward");
        for _ in 0..2 {
            let _: Done = admin.ask(&restore(room)).await.expect("restored");
        }
        link.expect("that it is back", |event| {
            matches!(event, Event::RoomChanged { room: at, state: RoomState::Active, .. } if *at == room).then_some(())
        })
        .await;
        nurse.post(&late).await.expect("it goes on");
        let mut rows = Rows::of(&server).await;
        for act in ["rooms.archive", "rooms.restore"] {
            let done: Vec<_> = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done").collect();
            let [row] = done.as_slice() else { panic!("{act}: {done:?}") };
            assert_eq!((row.account, row.room), (Some(admin.me.account.0), Some(room.0)));
        }
        let whole = format!("{:?}", rows.audit().await);
        assert!(whole.contains("care_ended") && !whole.contains("利用が終わった"), "reasons are sealed elsewhere");

        // A timeline nobody wrote in for ninety days is suggested.
        assert_eq!(seen(&admin, room).await.silent_since, None);
        server.turn_clock(90 * DAY - Duration::from_secs(60));
        let admin = server.person_anew("office_admin").await;
        assert_eq!(seen(&admin, room).await.silent_since, None);
        server.turn_clock(Duration::from_secs(120));
        assert!(seen(&admin, room).await.silent_since.is_some());
        let _: Done = admin.ask(&archive(room, "九十日のあいだ投稿がない")).await.expect("archived");
        assert_eq!(seen(&admin, room).await.silent_since, None, "it is where it belongs");
        verifies(&server).await;
    }
}
