//! Professional verification: who asks, who reviews, what mark stands where, and how long a document is kept.

use crate::audit::verifies;
use crate::harness::{Engine, PATIENCE, Person, Rows, Server, new_id, promise, until};
use crate::mailing::notices;
use crate::profiles::{change, face, me, picture};
use base64ct::{Base64, Encoding};
use image::ImageFormat;
use std::time::Duration;
use tsumugi_protocol::{
    AffiliationId, AskVerification, Code, Command, DecideVerification, Done, Nothing, NoticeKind, Occupation,
    Task, Verdict, Verification, VerificationDocument, VerificationId, VerificationList, VerificationState,
    WhichVerification, limits,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::VerificationWaiting, Code::VerificationDecided];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let verification = VerificationId(new_id());
    vec![
        Command::AskVerification(AskVerification {
            verification,
            affiliation: AffiliationId(new_id()),
            document: String::new(),
        }),
        Command::MyVerifications(Nothing {}),
        Command::WaitingVerifications(Nothing {}),
        Command::ShowDocument(WhichVerification { verification }),
        decide(verification, Verdict::Approve),
    ]
}

pub fn asking(who: &Person<'_>) -> (VerificationId, Command) {
    let verification = VerificationId(new_id());
    let document = Base64::encode_string(&picture(600, 400, ImageFormat::Png));
    let affiliation = who.me.affiliations[0].id;
    (verification, Command::AskVerification(AskVerification { verification, affiliation, document }))
}

pub fn decide(verification: VerificationId, verdict: Verdict) -> Command {
    let reason = "免許証を見ました".to_owned();
    Command::DecideVerification(DecideVerification { verification, verdict, reason })
}

fn look(verification: VerificationId) -> Command {
    Command::ShowDocument(WhichVerification { verification })
}

async fn mine(who: &Person<'_>) -> Vec<Verification> {
    who.ask::<VerificationList>(&Command::MyVerifications(Nothing {})).await.expect("hers").verifications
}

async fn waiting(who: &Person<'_>) -> Vec<VerificationId> {
    let list: VerificationList = who.ask(&Command::WaitingVerifications(Nothing {})).await.expect("a list");
    list.verifications.iter().map(|one| one.verification).collect()
}

async fn mark(who: &Person<'_>, of: &Person<'_>) -> Option<Occupation> {
    face(who, of).await.expect("she is seen").verified_as
}

async fn is_told(who: &Person<'_>, kind: NoticeKind) -> bool {
    notices(who).await.notices.iter().any(|notice| notice.kind == kind)
}

/// Asks, and is approved.
pub async fn becomes_verified(who: &Person<'_>, desk: &Person<'_>) -> VerificationId {
    let (id, ask) = asking(who);
    let _: Done = who.ask(&ask).await.expect("asked");
    let _: Done = desk.ask(&decide(id, Verdict::Approve)).await.expect("approved");
    id
}

promise! {
    async fn the_desk_looks_at_a_licence_and_a_mark_says_so(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let admin = server.person_anew("office_admin").await;
        let occupation = nurse.me.affiliations[0].card.occupation;
        assert!(nurse.me.tasks.contains(&Task::Verification));
        let (id, ask) = asking(&nurse);
        for _ in 0..2 {
            let _: Done = nurse.ask(&ask).await.expect("asked");
        }
        assert!(is_told(&desk, NoticeKind::VerificationAsked).await);
        assert_eq!(waiting(&desk).await, [id]);
        assert_eq!(mark(&desk, &nurse).await, None, "asked is not given");
        let own = mine(&nurse).await;
        assert_eq!((own.len(), own[0].state, own[0].has_document), (1, VerificationState::Asked, true));
        assert_eq!(nurse.refused(&asking(&nurse).1).await.code, "verification_waiting");

        // Only the region's desk sees any of it; each look is in the audit.
        for stranger in [&admin, &nurse] {
            assert!(waiting(stranger).await.is_empty());
            for command in [look(id), decide(id, Verdict::Approve)] {
                let there = stranger.refused(&command).await;
                let nowhere = VerificationId(new_id());
                let command = if matches!(command, Command::ShowDocument(_)) { look(nowhere) } else { decide(nowhere, Verdict::Approve) };
                assert_eq!(there, stranger.refused(&command).await, "the same as for one that is not there");
                assert_eq!(there.code, "not_found");
            }
        }
        for looks in 1..=2 {
            let shown: VerificationDocument = desk.ask(&look(id)).await.expect("shown");
            let drawn = image::load_from_memory(&Base64::decode_vec(&shown.image).expect("base64")).expect("a picture");
            assert_eq!((drawn.width(), drawn.height()), (600, 400));
            let seen = Rows::of(&server).await.audit_of("verifications.document").await;
            assert_eq!(seen.iter().filter(|row| row.outcome == "done" && row.subject == Some(id.0)).count(), looks);
        }

        let blank = DecideVerification { verification: id, verdict: Verdict::Approve, reason: " ".into() };
        assert_eq!(desk.refused(&Command::DecideVerification(blank)).await.code, "reason_missing");
        for _ in 0..2 {
            let _: Done = desk.ask(&decide(id, Verdict::Approve)).await.expect("approved, once");
        }
        assert_eq!(desk.refused(&decide(id, Verdict::Reject)).await.code, "verification_decided");
        assert_eq!(mark(&desk, &nurse).await, Some(occupation));
        assert_eq!(mark(&nurse, &nurse).await, Some(occupation));
        assert!(is_told(&nurse, NoticeKind::Verified).await);
        assert!(!me(&nurse).await.tasks.contains(&Task::Verification));
        assert_eq!(nurse.refused(&asking(&nurse).1).await.code, "verification_decided", "the mark stands");
        let asked = Rows::of(&server).await.audit_of("verifications.ask").await;
        assert_eq!(asked.iter().filter(|row| row.outcome == "done" && row.subject == Some(id.0)).count(), 1);
        let done = Rows::of(&server).await.audit_of("verifications.decide").await;
        let approved: Vec<_> = done.iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(approved.len(), 1, "{done:?}");
        assert!(!format!("{done:?}").contains("免許証"), "reasons are sealed elsewhere");
        verifies(&server).await;
    }
}

promise! {
    async fn another_name_or_occupation_takes_the_mark_away(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let what_she_is = nurse.me.affiliations[0].card.occupation;
        becomes_verified(&nurse, &desk).await;
        let kana = change(&nurse, |ask| ask.kana = "よみだけ".into()).await;
        let _: Done = nurse.ask(&kana).await.expect("changed");
        assert_eq!(mark(&desk, &nurse).await, Some(what_she_is), "how it is read is not what it is");
        let other = change(&nurse, |ask| ask.occupation = Occupation::Dietitian).await;
        let _: Done = nurse.ask(&other).await.expect("changed");
        assert_eq!(mark(&desk, &nurse).await, None);
        assert!(is_told(&nurse, NoticeKind::MarkFallen).await);
        let back = change(&nurse, |ask| ask.occupation = what_she_is).await;
        let _: Done = nurse.ask(&back).await.expect("changed");
        assert_eq!(mark(&desk, &nurse).await, None, "it does not come back by itself");
        becomes_verified(&nurse, &desk).await;
        assert_eq!(mark(&desk, &nurse).await, Some(what_she_is));

        let renamed = change(&nurse, |ask| ask.name = "新井 花子".into()).await;
        let _: Done = nurse.ask(&renamed).await.expect("changed");
        assert_eq!(mark(&desk, &nurse).await, None);
        // What waits is about the old name as well: it lapses, and its document with it.
        let (id, ask) = asking(&nurse);
        let _: Done = nurse.ask(&ask).await.expect("asked");
        let again = change(&nurse, |ask| ask.name = "新井 はな".into()).await;
        let _: Done = nurse.ask(&again).await.expect("changed");
        assert!(waiting(&desk).await.is_empty());
        assert_eq!(desk.refused(&decide(id, Verdict::Approve)).await.code, "verification_decided");
        assert_eq!(desk.refused(&look(id)).await.code, "not_found");
        let states: Vec<_> = mine(&nurse).await.iter().map(|one| one.state).collect();
        assert_eq!(states, [VerificationState::Lapsed; 3]);
    }
}

promise! {
    async fn a_rejection_says_why_and_may_be_followed_by_another_try(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let physician = server.person_anew("physician").await;
        let unreadable = AskVerification {
            verification: VerificationId(new_id()),
            affiliation: nurse.me.affiliations[0].id,
            document: Base64::encode_string(b"%PDF-1.7"),
        };
        assert_eq!(nurse.refused(&Command::AskVerification(unreadable.clone())).await.code, "photo_not_readable");
        let large = Base64::encode_string(&vec![0; limits::DOCUMENT_BYTES + 3]);
        let large = Command::AskVerification(AskVerification { document: large, ..unreadable.clone() });
        assert_eq!(nurse.refused(&large).await.code, "too_large");
        assert!(mine(&nurse).await.is_empty(), "nothing was kept");

        let (id, ask) = asking(&nurse);
        let _: Done = nurse.ask(&ask).await.expect("asked");
        let document = Base64::encode_string(&picture(60, 40, ImageFormat::Png));
        let taken = AskVerification { verification: id, affiliation: physician.me.affiliations[0].id, document };
        assert_eq!(physician.refused(&Command::AskVerification(taken.clone())).await.code, "id_taken");
        let theirs = AskVerification { affiliation: nurse.me.affiliations[0].id, ..taken };
        assert_eq!(physician.refused(&Command::AskVerification(theirs)).await.code, "not_found");
        let _: Done = desk.ask(&decide(id, Verdict::Reject)).await.expect("rejected");
        assert_eq!(desk.refused(&decide(id, Verdict::Approve)).await.code, "verification_decided");
        assert_eq!(mark(&desk, &nurse).await, None);
        assert!(is_told(&nurse, NoticeKind::VerificationRejected).await);
        let own = mine(&nurse).await;
        assert_eq!((own[0].state, own[0].reason.as_deref()), (VerificationState::Rejected, Some("免許証を見ました")));
        becomes_verified(&nurse, &desk).await;
        assert!(mark(&desk, &nurse).await.is_some());
        verifies(&server).await;
    }
}

promise! {
    async fn nobody_reviews_herself(engine: Engine) {
        let server = Server::start(engine).await;
        let desk = server.person_anew("secretariat").await;
        let (id, ask) = asking(&desk);
        let _: Done = desk.ask(&ask).await.expect("asked");
        assert!(waiting(&desk).await.is_empty());
        for command in [look(id), decide(id, Verdict::Approve), decide(id, Verdict::Reject)] {
            assert_eq!(desk.refused(&command).await.code, "not_for_yourself");
        }
        assert_eq!(mark(&desk, &desk).await, None);
        assert_eq!(mine(&desk).await[0].state, VerificationState::Asked);
    }
}

promise! {
    async fn a_document_is_erased_thirty_days_after_its_decision(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let physician = server.person_anew("physician").await;
        let (open, ask) = asking(&physician);
        let _: Done = physician.ask(&ask).await.expect("asked");
        let id = becomes_verified(&nurse, &desk).await;
        server.turn_clock(DAY * 30 - Duration::from_secs(120));
        let desk = server.person_anew("secretariat").await;
        let _: VerificationDocument = desk.ask(&look(id)).await.expect("still there");
        server.turn_clock(Duration::from_secs(121));
        let desk = server.person_anew("secretariat").await;
        until("it is erased", PATIENCE, async || {
            let gone = "SELECT COUNT(*) FROM verifications WHERE document IS NULL";
            (Rows::of(&server).await.number(gone).await == 1).then_some(())
        })
        .await;
        assert_eq!(desk.refused(&look(id)).await.code, "not_found");
        let nurse = server.person_anew("visiting_nurse").await;
        let own = mine(&nurse).await;
        assert_eq!((own[0].state, own[0].has_document), (VerificationState::Approved, false), "the decision is kept");
        assert!(mark(&desk, &nurse).await.is_some());
        let _: VerificationDocument = desk.ask(&look(open)).await.expect("what waits is kept");
        let erased = Rows::of(&server).await.audit_of("verifications.forget_documents").await;
        assert_eq!(erased.len(), 1, "{erased:?}");
        verifies(&server).await;
    }
}
