//! The guard before a post: what speaks of another patient is looked at first, and a free group carries no patient's data.

use crate::harness::{Engine, Person, Rows, Server, confirmed, draft, fresh_group, new_id, promise, shared};
use crate::invitations::timeline;
use tsumugi_protocol::{Code, Command, Draft, Finding, PatientId, Refused, RoomId, RoomKind, SendPost, Sent};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::PatientDataInFreeGroup, Code::OtherPatientMentioned];

async fn findings(who: &Person<'_>, room: RoomId, text: &str) -> Vec<Finding> {
    who.preview(&draft(room, text)).await.expect("a preview").findings
}

/// The sentence of the one finding there is.
async fn found(who: &Person<'_>, room: RoomId, text: &str) -> String {
    match findings(who, room, text).await.as_slice() {
        [one] if one.code == "other_patient_mentioned" => one.sentence.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

/// Sends a draft that was previewed, with what is acknowledged.
async fn acknowledging(who: &Person<'_>, draft: &Draft, codes: &[&str]) -> Result<Sent, Refused> {
    let preview = who.preview(draft).await?;
    let acknowledged = codes.iter().map(|code| (*code).to_owned()).collect();
    who.ask(&Command::Send(SendPost { acknowledged, ..confirmed(draft, Some(&preview.token)) })).await
}

fn why(refused: Result<Sent, Refused>) -> (String, String) {
    let refused = refused.expect_err("refused");
    let why = refused.params.get("why").cloned().unwrap_or_default();
    (refused.code, why)
}

promise! {
    // clause("000-note(1)a-ii")
    async fn what_speaks_of_another_patient_is_acknowledged_before_it_is_posted(server: &Server) {
        let nurse = server.person("visiting_nurse").await;
        let room = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.id;
        // The one whose timeline it is, however she is named; and what names nobody.
        for text in ["菊池さんは変わりありません。", "きくち はるえ様、1942年3月8日生まれ", "昭和17年3月8日", "血圧 120/80"] {
            assert_eq!(findings(&nurse, room, text).await, [], "{text}");
        }
        // Others whom she cares for: a name, its reading, either part of it, the day of birth. The first one reads the same.
        for (text, name) in [
            ("菊地さんの分は別に書きます", "菊地 晴江"),
            ("カワイ トメ様と同じ薬です", "河合 とめ"),
            ("昭和10年1月30日生まれの方", "河合 とめ"),
            ("1955/12/2 生まれの方にも", "馬渕 正一"),
        ] {
            let sentence = found(&nurse, room, text).await;
            assert!(sentence.contains(name), "{text}: {sentence}");
        }
        // Whom somebody does not know is not looked for, and so not shown to her.
        let manager = server.person("care_manager").await;
        assert_eq!(findings(&manager, room, "菊地さんの分は別に書きます").await, []);

        let slip = draft(room, "河合さんの薬を届けました");
        let preview = nurse.preview(&slip).await.expect("a preview");
        let changed = ("confirm_required".to_owned(), "changed".to_owned());
        assert_eq!(why(nurse.send(&slip, Some(&preview.token)).await), changed, "not acknowledged");
        assert_eq!(why(acknowledging(&nurse, &slip, &["large_group"]).await), changed, "something else was");
        let clean = draft(room, "薬を届けました");
        let unasked = acknowledging(&nurse, &clean, &["other_patient_mentioned"]).await;
        assert_eq!(why(unasked), changed, "exactly what was found");
        let mut rows = Rows::of(server).await;
        for unsaved in [&slip, &clean] {
            assert!(nurse.history(room).await.iter().all(|post| post.id != unsaved.post), "nothing half-done");
        }

        acknowledging(&nurse, &slip, &["other_patient_mentioned"]).await.expect("looked at and posted");
        let sent = rows.audit_of("posts.send").await.into_iter().find(|row| row.subject == Some(slip.post.0));
        let sent = sent.expect("its entry");
        assert_eq!((sent.outcome.as_str(), sent.account), ("done", Some(nurse.me.account.0)));
        let detail = sent.detail.unwrap_or_default();
        assert!(detail.contains(r#""acknowledged":["other_patient_mentioned"]"#), "it is kept: {detail}");
        assert!(!detail.contains("河合"), "and names nobody: {detail}");
    }
}

promise! {
    // clause("001§30-2")
    async fn a_free_group_carries_no_patients_data(server: &Server) {
        let group = fresh_group(server, &["visiting_nurse"]).await;
        let (admin, nurse) = (&group.people[0], &group.people[1]);
        let hers = timeline(nurse, "春江", RoomKind::TimelineStaff).await;
        let patient = hers.patient.expect("her patient");
        let read = nurse.history(hers.id).await.last().expect("a post").id;

        // A patient who is named as such: refused at every step, whether she is there or not.
        for about in [patient, PatientId(new_id())] {
            let named = Draft { about: Some(about), ..draft(group.room, "この方のことです") };
            let (shown, sent) = (nurse.preview(&named).await.err(), nurse.send(&named, None).await.err());
            for refused in [shown, sent] {
                assert_eq!(refused.expect("refused").code, "patient_data_in_free_group");
            }
        }
        // Nothing is taken over from a timeline.
        let taken = Draft { reply_to: Some(read), ..draft(group.room, "引用です") };
        assert_eq!(nurse.preview(&taken).await.expect_err("refused").code, "bad_field");

        // Words are no proof: a namesake may be meant. They are looked at, and that is kept.
        let slip = draft(group.room, "菊池さんの件を相談させてください");
        assert!(found(nurse, group.room, &slip.text).await.contains("菊池 春江"));
        assert_eq!(why(acknowledging(nurse, &slip, &[]).await).1, "changed");

        // Without the word that it carries none, nothing goes.
        let plain = draft(group.room, "次回の資料を送ります");
        let token = nurse.preview(&plain).await.expect("a preview").token;
        let silent = SendPost { without_patient_data: false, ..confirmed(&plain, Some(&token)) };
        let refused = nurse.ask::<Sent>(&Command::Send(silent)).await;
        assert_eq!(why(refused), ("confirm_required".into(), "undeclared".into()));
        assert!(admin.history(group.room).await.is_empty(), "nothing of all that is there");
        nurse.send(&plain, Some(&token)).await.expect("said and posted");
        acknowledging(nurse, &slip, &["other_patient_mentioned"]).await.expect("looked at and posted");
        assert_eq!(admin.history(group.room).await.len(), 2);

        // In a timeline, a patient is the one whose it is.
        let own = Draft { about: Some(patient), ..draft(hers.id, "ご本人のことです") };
        assert!(nurse.preview(&own).await.is_ok());
        let other = timeline(nurse, "とめ", RoomKind::TimelineStaff).await.patient;
        let other = Draft { about: other, ..draft(hers.id, "別の方のことです") };
        assert_eq!(nurse.preview(&other).await.expect_err("refused").code, "bad_field");
    }
}
