//! A patient's data in a connection: by exception, with a consent that is recorded, and only until a timeline is in use.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{
    Engine, PATIENCE, Person, Rows, Server, confirmed, draft, new_id, promise, shared, until,
};
use crate::incidents::told;
use crate::invitations::timeline;
use std::time::Duration;
use tsumugi_protocol::{
    ArchiveRoom, ArchiveWhy, Code, Command, Done, Draft, EndPermit, NoticeKind, PatientId, PermitFrom,
    PermitId, PermitList, RecordPermit, RoomCard, RoomId, RoomKind, RoomList, Sent, WhichRoom,
};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::ConsentMissing, Code::UseTimeline];

/// The commands of this file that name no room.
pub fn commands() -> Vec<Command> {
    vec![ending(PermitId(new_id()), "理由")]
}

fn ending(permit: PermitId, reason: &str) -> Command {
    Command::EndPermit(EndPermit { permit, reason: reason.into() })
}

fn consent(room: RoomId, patient: PatientId) -> RecordPermit {
    RecordPermit {
        permit: PermitId(new_id()),
        room,
        patient,
        from: PermitFrom::Family,
        on: "2024-05-01".into(),
        note: "長女に電話で。ケアマネジャーへの相談について".into(),
    }
}

async fn records(who: &Person<'_>, ask: &RecordPermit) {
    let _: Done = who.ask(&Command::RecordPermit(ask.clone())).await.expect("recorded");
}

async fn permits(who: &Person<'_>, room: RoomId) -> PermitList {
    who.ask(&Command::ListPermits(WhichRoom { room })).await.expect("a list")
}

/// The connection of two.
async fn between(one: &Person<'_>, other: &Person<'_>) -> RoomId {
    let list: RoomList = one.rooms().await;
    let is_theirs = |card: &RoomCard| {
        card.kind == RoomKind::Connection
            && card.other.as_ref().is_some_and(|with| with.account == other.me.account)
    };
    list.rooms.iter().find(|card| is_theirs(card)).expect("the demo's connection").id
}

fn about(room: RoomId, patient: PatientId, text: &str) -> Draft {
    Draft { about: Some(patient), ..draft(room, text) }
}

/// Refused where it is previewed and where it is sent.
async fn refused(who: &Person<'_>, draft: &Draft) -> String {
    let shown = who.preview(draft).await.expect_err("refused");
    let sent = who.ask::<Sent>(&Command::Send(confirmed(draft, None))).await.expect_err("refused");
    assert_eq!(shown, sent);
    assert!(shown.params.is_empty(), "nothing is told beside: {shown:?}");
    shown.code
}

promise! {
    // clause("001§16-2", "001§31-3")
    async fn a_patients_data_goes_through_a_connection_only_by_a_recorded_consent_and_until_a_timeline_is_in_use(engine: Engine) {
        let rules = with(FLOOR, "connection_patient_data", "\"with_consent_until_timeline\"");
        let server = Server::start_under(engine, &rules).await;
        let nurse = server.person_anew("visiting_nurse").await;
        let manager = server.person_anew("care_manager").await;
        let admin = server.person_anew("office_admin").await;
        let room = between(&nurse, &manager).await;
        let kikuchi = timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
        let patient = kikuchi.patient.expect("her patient");
        let draft = about(room, patient, "菊池さんのことで相談です");

        // Without a consent nothing, nor a word on whether there is a timeline; of a patient who is not hers not even that.
        assert_eq!(refused(&nurse, &draft).await, "consent_missing");
        let physician = server.person_anew("physician").await;
        let foreign = timeline(&physician, "ふみ", RoomKind::TimelineStaff).await.patient.expect("not the nurse's");
        for nobody in [foreign, PatientId(new_id())] {
            assert_eq!(refused(&nurse, &about(room, nobody, "その方のこと")).await, "not_found");
            assert_eq!(nurse.refused(&Command::RecordPermit(consent(room, nobody))).await.code, "not_found");
        }
        let ask = consent(room, patient);
        for (wrong, field) in [
            (RecordPermit { on: "2999-01-01".into(), ..ask.clone() }, "on"),
            (RecordPermit { on: "2024-5-1".into(), ..ask.clone() }, "on"),
            (RecordPermit { note: " ".into(), ..ask.clone() }, "note"),
            (RecordPermit { room: kikuchi.id, ..ask.clone() }, "room"),
        ] {
            let refused = nurse.refused(&Command::RecordPermit(wrong)).await;
            assert_eq!((refused.code.as_str(), refused.params["field"].as_str()), ("bad_field", field));
        }
        assert_eq!(permits(&nurse, room).await.permits, [], "nothing half-made");

        // With one, who holds it is sent to the timeline that is in use, and its steward learns of her, once.
        for _ in 0..2 {
            records(&nurse, &ask).await;
        }
        let taken = RecordPermit { permit: ask.permit, ..consent(room, patient) };
        assert_eq!(manager.refused(&Command::RecordPermit(taken)).await.code, "id_taken");
        for _ in 0..2 {
            assert_eq!(refused(&nurse, &draft).await, "use_timeline");
        }
        assert_eq!(told(&admin, NoticeKind::TimelineWanted).await, 1);
        assert!(nurse.history(room).await.iter().all(|post| post.about.is_none()), "nothing went through");

        // Where none is in use it goes through, for both; nobody is asked to look at the one who is meant.
        let archive = |room| ArchiveRoom { room, why: ArchiveWhy::CareEnded, reason: "ためし".into() };
        for kind in [RoomKind::TimelineStaff, RoomKind::TimelineWithRecipient] {
            let room = timeline(&nurse, "春江", kind).await.id;
            let _: Done = admin.ask(&Command::Archive(archive(room))).await.expect("in the vault");
        }
        assert_eq!(nurse.preview(&draft).await.expect("a preview").findings, []);
        nurse.post(&draft).await.expect("by exception");
        manager.post(&about(room, patient, "わかりました")).await.expect("the other one too");
        let read: Vec<_> = manager.history(room).await.into_iter().filter_map(|post| post.about).collect();
        assert_eq!(read, [patient, patient]);
        assert_eq!(refused(&nurse, &about(room, foreign, "その方のこと")).await, "not_found", "for her alone");

        // Each sees of the record what is hers to see.
        let [hers, theirs] = [permits(&nurse, room).await, permits(&manager, room).await];
        assert_eq!((hers.permits.len(), hers.permits[0].note.as_ref()), (1, Some(&ask.note)));
        assert_eq!((theirs.permits[0].note.as_ref(), &theirs.permits[0].by.account), (None, &nurse.me.account));
        assert_eq!(theirs.permits[0].patient.as_ref().map(|seen| seen.id), Some(patient));

        // Week by week she is reminded, until it is ended with a reason.
        for reminded in 1..=2 {
            server.turn_clock(WEEK);
            let nurse = server.person_anew("visiting_nurse").await;
            until("a reminder", PATIENCE, async || {
                (told(&nurse, NoticeKind::TimelineDue).await == reminded).then_some(())
            })
            .await;
        }
        let manager = server.person_anew("care_manager").await;
        assert_eq!(told(&manager, NoticeKind::TimelineDue).await, 0, "only who recorded it");
        let stranger = server.person_anew("pharmacist").await;
        let unknown = stranger.refused(&ending(PermitId(new_id()), "理由")).await;
        assert_eq!(stranger.refused(&ending(ask.permit, "理由")).await, unknown);
        assert_eq!(manager.refused(&ending(ask.permit, " ")).await.code, "reason_missing");
        for _ in 0..2 {
            let _: Done = manager.ask(&ending(ask.permit, "タイムラインは開かない")).await.expect("ended");
        }
        assert!(permits(&manager, room).await.permits[0].ended_at.is_some());
        assert_eq!(refused(&manager, &about(room, patient, "まだ")).await, "consent_missing");

        let mut rows = Rows::of(&server).await;
        for (act, times) in [("permits.record", 1), ("permits.want", 1), ("permits.remind", 2), ("permits.end", 1)] {
            let done = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done");
            let about: Vec<_> = done.map(|row| (row.room, row.subject)).collect();
            assert_eq!(about, vec![(Some(room.0), Some(patient.0)); times], "{act}");
        }
        verifies(&server).await;
    }
}

promise! {
    // clause("003-note(1)d")
    async fn where_the_region_lets_two_go_on_a_consent_is_asked_all_the_same_and_the_timeline_named(server: &Server) {
        let nurse = server.person("visiting_nurse").await;
        let manager = server.person("care_manager").await;
        let room = between(&nurse, &manager).await;
        let patient = timeline(&nurse, "とめ", RoomKind::TimelineStaff).await.patient.expect("her patient");
        let draft = about(room, patient, "二人で話したいことがあります");
        assert_eq!(refused(&nurse, &draft).await, "consent_missing");
        records(&nurse, &consent(room, patient)).await;
        let preview = nurse.preview(&draft).await.expect("a preview");
        let reminded: Vec<&str> = preview.reminders.iter().map(|one| one.code.as_str()).collect();
        assert_eq!((reminded, preview.findings), (vec!["use_timeline"], Vec::new()), "told, and not held up");
        nurse.send(&draft, Some(&preview.token)).await.expect("by exception");
        assert_eq!(manager.history(room).await.last().and_then(|post| post.about), Some(patient));
    }
}
