//! Professional verification: who asks, who reviews, what mark stands where, and how long a document is kept.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{
    Engine, PATIENCE, Person, PostOffice, Rows, Server, draft, fresh_group, new_id, promise, tsumugi, until,
};
use crate::mailing::notices;
use crate::profiles::{change, me, picture};
use crate::staff::{comes_in, office_of};
use base64ct::{Base64, Encoding};
use image::ImageFormat;
use std::collections::BTreeMap;
use std::time::Duration;
use tsumugi_protocol::{
    AffiliationId, AskVerification, Card, Code, Command, Connect, DecideVerification, Done, Event, Mark, Me,
    MemberList, MemberState, Nothing, NoticeKind, Occupation, RoomId, RoomMade, Task, Verdict, Verification,
    VerificationDocument, VerificationId, VerificationList, VerificationState, WhichRoom, WhichVerification,
    limits,
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

/// Whether her card has the mark now; who shares a room with her sees the same card.
async fn is_marked(who: &Person<'_>, of: &Person<'_>) -> bool {
    let own = me(of).await.affiliations.swap_remove(0).card;
    if let Some(room) = shared_room(who, of).await {
        assert_eq!(card_in(who, room, of).await, own);
    }
    own.mark == Some(Mark::Verified)
}

/// A room that both are in.
pub async fn shared_room(who: &Person<'_>, of: &Person<'_>) -> Option<RoomId> {
    let mut rooms = who.rooms().await.rooms.into_iter().filter(|card| card.membership == MemberState::Member);
    let theirs = of.rooms().await.rooms;
    rooms.find(|card| theirs.iter().any(|one| one.id == card.id)).map(|card| card.id)
}

/// Her card in a room, as one who is in it sees it now.
pub async fn card_in(who: &Person<'_>, room: RoomId, of: &Person<'_>) -> Card {
    let list: MemberList = who.ask(&Command::ListMembers(WhichRoom { room })).await.expect("members");
    list.members
        .into_iter()
        .map(|member| member.card)
        .find(|card| card.account == of.me.account)
        .expect("her card")
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
    // clause("002-gl4")
    async fn the_desk_looks_at_a_licence_and_a_mark_says_so(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let admin = server.person_anew("office_admin").await;
        assert!(nurse.me.tasks.contains(&Task::Verification));
        let (id, ask) = asking(&nurse);
        for _ in 0..2 {
            let _: Done = nurse.ask(&ask).await.expect("asked");
        }
        assert!(is_told(&desk, NoticeKind::VerificationAsked).await);
        assert_eq!(waiting(&desk).await, [id]);
        assert!(!is_marked(&desk, &nurse).await, "asked is not given");
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
        assert!(is_marked(&desk, &nurse).await);
        let room = shared_room(&nurse, &desk).await.expect("the desk meets her");
        assert_eq!(card_in(&desk, room, &nurse).await.mark, Some(Mark::Verified), "visible to others");
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
    // clause("002-gl4")
    async fn another_name_or_occupation_takes_the_mark_away(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let what_she_is = nurse.me.affiliations[0].card.occupation;
        becomes_verified(&nurse, &desk).await;
        let kana = change(&nurse, |ask| ask.kana = "よみだけ".into()).await;
        let _: Done = nurse.ask(&kana).await.expect("changed");
        assert!(is_marked(&desk, &nurse).await, "how it is read is not what it is");
        let other = change(&nurse, |ask| ask.occupation = Occupation::Dietitian).await;
        let _: Done = nurse.ask(&other).await.expect("changed");
        assert!(!is_marked(&desk, &nurse).await);
        assert!(is_told(&nurse, NoticeKind::MarkFallen).await);
        let back = change(&nurse, |ask| ask.occupation = what_she_is).await;
        let _: Done = nurse.ask(&back).await.expect("changed");
        assert!(!is_marked(&desk, &nurse).await, "it does not come back by itself");
        becomes_verified(&nurse, &desk).await;
        assert!(is_marked(&desk, &nurse).await);

        let renamed = change(&nurse, |ask| ask.name = "新井 花子".into()).await;
        let _: Done = nurse.ask(&renamed).await.expect("changed");
        assert!(!is_marked(&desk, &nurse).await);
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
    // clause("002-gl4")
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
        assert!(!is_marked(&desk, &nurse).await);
        assert!(is_told(&nurse, NoticeKind::VerificationRejected).await);
        let own = mine(&nurse).await;
        assert_eq!((own[0].state, own[0].reason.as_deref()), (VerificationState::Rejected, Some("免許証を見ました")));
        becomes_verified(&nurse, &desk).await;
        assert!(is_marked(&desk, &nurse).await);
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
        assert!(!is_marked(&desk, &desk).await);
        assert_eq!(mine(&desk).await[0].state, VerificationState::Asked);
    }
}

promise! {
    // clause("002-gl4")
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
        assert!(is_marked(&desk, &nurse).await);
        let _: VerificationDocument = desk.ask(&look(open)).await.expect("what waits is kept");
        let erased = Rows::of(&server).await.audit_of("verifications.forget_documents").await;
        assert_eq!(erased.len(), 1, "{erased:?}");
        verifies(&server).await;
    }
}

promise! {
    // clause("002-1.2(4)b", "002-2.1R2")
    async fn whoever_is_new_is_asked_to_be_verified_where_the_region_asks(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let her = comes_in(&server, &office, &admin, "hanako@new.example").await;
        assert_eq!(her.me.affiliations[0].office, Some(office_of(&admin.me)));
        assert!(her.me.tasks.contains(&Task::Verification), "from her first sign-in on: {:?}", her.me.tasks);
        assert!(her.me.affiliations[0].card.mark.is_none());
        // It is optional: she takes part without it.
        her.rooms().await;
        becomes_verified(&her, &desk).await;
        let now = me(&her).await;
        assert!(!now.tasks.contains(&Task::Verification));
        assert_eq!(now.affiliations[0].card.mark, Some(Mark::Verified));
    }
}

promise! {
    async fn where_the_region_does_not_ask_nobody_is_reminded_and_where_it_must_nobody_joins_without(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "professional_verification", "\"off\"")).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        assert!(!nurse.me.tasks.contains(&Task::Verification));
        becomes_verified(&nurse, &desk).await;
        assert!(is_marked(&desk, &nurse).await, "whoever wants it has it all the same");
        server.under(&with(FLOOR, "professional_verification", "\"required\""));
        let admin = server.person_anew("office_admin").await;
        let connect = Connect { room: RoomId(new_id()), with: nurse.me.account };
        let refused = admin.refused(&Command::Connect(connect)).await;
        assert_eq!((refused.code.as_str(), refused.params["missing"].as_str()), ("profile_incomplete", "verified"));
        let nurse = server.person_anew("visiting_nurse").await;
        let connect = Connect { room: RoomId(new_id()), with: admin.me.account };
        let _: RoomMade = nurse.ask(&Command::Connect(connect)).await.expect("she has the mark");
    }
}

promise! {
    async fn people_have_the_mark_of_the_moment_and_posts_the_one_they_were_written_under(engine: Engine) {
        let server = Server::start(engine).await;
        let desk = server.person_anew("secretariat").await;
        let group = fresh_group(&server, &["visiting_nurse"]).await;
        let (reader, nurse, room) = (&group.people[0], &group.people[1], group.room);
        let mut listening = reader.link().await;
        let before = draft(room, "印のないころ");
        nurse.post(&before).await.expect("a post");
        becomes_verified(nurse, &desk).await;
        let worn = listening.expect("that she has it", |event| match event {
            Event::MemberChanged { room: at, member, .. } if *at == room => Some(member.card.clone()),
            _ => None,
        });
        assert_eq!(worn.await.mark, Some(Mark::Verified), "at once, to whoever listens");
        let after = draft(room, "印のあるころ");
        let preview = reader.preview(&draft(room, "だれが読むか")).await.expect("a preview");
        let shown = preview.readers.iter().flat_map(|group| &group.people).find(|one| one.account == nurse.me.account);
        assert_eq!(shown.and_then(|one| one.mark), Some(Mark::Verified), "in the confirm step too");
        nurse.post(&after).await.expect("a post");
        let renamed = change(nurse, |ask| ask.name = "新井 花子".into()).await;
        let _: Done = nurse.ask(&renamed).await.expect("changed");
        let last = draft(room, "名が変わってから");
        nurse.post(&last).await.expect("a post");

        assert_eq!(card_in(reader, room, nurse).await.mark, None);
        let written = reader.history(room).await;
        let mark = |id| written.iter().find(|post| post.id == id).expect("the post").author.mark;
        assert_eq!([before.post, after.post, last.post].map(mark), [None, Some(Mark::Verified), None]);
    }
}

promise! {
    async fn a_mark_is_on_the_card_of_the_place_it_was_asked_for(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let physician = server.person_anew("physician").await;
        let other = Rows::of(&server).await.second_place(nurse.me.account.0, physician.me.affiliations[0].id.0).await;
        let nurse = server.person_anew("visiting_nurse").await;
        becomes_verified(&nurse, &desk).await;
        let marks = |who: Me| {
            let marked = who.affiliations.into_iter().map(|place| (place.id.0 == other, place.card.mark));
            marked.collect::<BTreeMap<_, _>>()
        };
        let there = marks(me(&nurse).await);
        assert_eq!((there[&false], there[&true]), (Some(Mark::Verified), None), "{there:?}");
    }
}

/// Runs `tsumugi verification …` beside the running server: whether it was done, and what it said.
fn operator(server: &Server, words: &[&str]) -> (bool, String) {
    let data = server.setup.data.to_string_lossy();
    let done = tsumugi(&[&["verification"], words, &["--data", &data]].concat());
    (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

promise! {
    async fn the_operator_decides_where_a_desk_has_nobody_else(engine: Engine) {
        let server = Server::start(engine).await;
        let desk = server.person_anew("secretariat").await;
        let (id, ask) = asking(&desk);
        let _: Done = desk.ask(&ask).await.expect("asked");
        let (done, said) = operator(&server, &["list"]);
        assert!(done && said.contains(&id.to_string()) && said.contains(&server.sheet("secretariat").email), "{said}");
        let approve = |id: VerificationId, why: &str| operator(&server, &["approve", &id.to_string(), "--reason", why]);
        assert!(!approve(id, " ").0, "no reason");
        assert!(!approve(VerificationId(new_id()), "窓口で免許証を見た").0, "no such thing");
        let (done, said) = approve(id, "窓口で免許証を見た");
        assert!(done, "{said}");
        assert!(is_marked(&desk, &desk).await);
        assert_eq!(mine(&desk).await[0].reason.as_deref(), Some("窓口で免許証を見た"));
        assert!(is_told(&desk, NoticeKind::Verified).await);
        assert!(!operator(&server, &["reject", &id.to_string(), "--reason", "やはり"]).0, "decided is decided");
        assert_eq!(operator(&server, &["list"]), (true, String::new()));
        let mut rows = Rows::of(&server).await;
        let decided = rows.audit_of("verifications.decide").await;
        assert_eq!(decided.iter().map(|row| (row.account, row.subject)).collect::<Vec<_>>(), [(None, Some(id.0))]);
        assert_eq!(rows.audit_of("operator.decide_verification").await.len(), 4, "each time, by which user");
        verifies(&server).await;
    }
}
