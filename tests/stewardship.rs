//! Which office answers for a patient: how that passes to another one, who acts for it, and that it looks again at who is there.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, draft, new_id, promise, until};
use crate::invitations::timeline;
use crate::mailing::notices;
use crate::staff::office_of;
use std::collections::BTreeSet;
use std::time::Duration;
use tsumugi_protocol::{
    AcceptDelegation, AcceptTransfer, AccountId, Approval, ApproveDelegation, ArchiveRoom, ArchiveWhy,
    BarPerson, Code, Command, CorrectPatient, CorrectionId, DeclineTransfer, DelegationId, DelegationState,
    Done, EndDelegation, Event, GiveDelegation, MemberState, Nothing, NoticeKind, Now, OfficeChoices,
    OfficeId, OpenRoom, ProposeTransfer, RestoreRoom, ReviewId, ReviewList, ReviewSeen, RoomId, RoomKind,
    SignReview, Stewardships, TimelineList, TransferId, TransferSeen, TransferState, WhichOffice, WhichRoom,
    WhichTransfer,
};
use uuid::Uuid;

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::TransferNotAccepted,
    Code::ReconsentMissing,
    Code::ResponsibilityMissing,
    Code::OfferPending,
    Code::OfferDecided,
    Code::DelegationNotAvailable,
    Code::DelegationNotApproved,
    Code::ReviewIncomplete,
];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// She administers the physician's office, and belongs to no room.
const OTHER: &str = "ogino@demo.example";
/// She administers a third one.
const THIRD: &str = "saito@demo.example";

/// The commands of this file that name no room.
pub fn commands() -> Vec<Command> {
    let (transfer, delegation, office) = (TransferId(new_id()), DelegationId(new_id()), OfficeId(new_id()));
    vec![
        accept(transfer),
        decline(transfer, "理由"),
        withdraw(transfer),
        complete(transfer),
        Command::ListStewardships(WhichOffice { office }),
        Command::ApproveDelegation(ApproveDelegation { delegation, approval: approval() }),
        takes_on(delegation),
        ends(delegation),
        Command::ListReviews(WhichOffice { office }),
    ]
}

fn proposal(room: RoomId, to: OfficeId) -> ProposeTransfer {
    ProposeTransfer { transfer: TransferId(new_id()), room, to, reason: "主治医が代わる".into() }
}

fn accept(transfer: TransferId) -> Command {
    Command::AcceptTransfer(AcceptTransfer { transfer, answers_for: true })
}

fn decline(transfer: TransferId, reason: &str) -> Command {
    Command::DeclineTransfer(DeclineTransfer { transfer, reason: reason.into() })
}

fn withdraw(transfer: TransferId) -> Command {
    Command::WithdrawTransfer(WhichTransfer { transfer })
}

fn complete(transfer: TransferId) -> Command {
    Command::CompleteTransfer(WhichTransfer { transfer })
}

fn approval() -> Approval {
    Approval {
        institution: "おりはな病院".into(),
        approver: "院長".into(),
        approved_on: "2025-10-01".into(),
        evidence: "承認書（事務室の棚）".into(),
    }
}

fn takes_on(delegation: DelegationId) -> Command {
    Command::AcceptDelegation(AcceptDelegation { delegation, answers_for: true })
}

fn ends(delegation: DelegationId) -> Command {
    Command::EndDelegation(EndDelegation { delegation, reason: "元に戻す".into() })
}

fn archive(room: RoomId) -> Command {
    Command::Archive(ArchiveRoom { room, why: ArchiveWhy::CareEnded, reason: "利用が終わった".into() })
}

fn restore(room: RoomId) -> Command {
    Command::Restore(RestoreRoom { room, reason: "また利用する".into() })
}

async fn told(person: &Person<'_>, kind: NoticeKind) -> usize {
    notices(person).await.notices.iter().filter(|notice| notice.kind == kind).count()
}

async fn stewardships(admin: &Person<'_>) -> Stewardships {
    let ask = Command::ListStewardships(WhichOffice { office: office_of(&admin.me) });
    admin.ask(&ask).await.expect("her office's")
}

async fn seen(admin: &Person<'_>, transfer: TransferId) -> TransferSeen {
    let all = stewardships(admin).await.transfers;
    all.into_iter().find(|one| one.transfer == transfer).expect("this one")
}

async fn done(who: &Person<'_>, command: &Command) {
    let _: Done = who.ask(command).await.unwrap_or_else(|no| panic!("{}: {}", command.name(), no.code));
}

async fn proposes(who: &Person<'_>, ask: &ProposeTransfer) {
    done(who, &Command::ProposeTransfer(ask.clone())).await;
}

/// The name of the office that answers for a room, as somebody in it sees it.
async fn steward(of: &Person<'_>, room: RoomId) -> String {
    of.card(room).await.expect("her room").steward.expect("a timeline has one")
}

/// Whether that office's page shows the room.
async fn runs(admin: &Person<'_>, room: RoomId) -> bool {
    let ask = Command::ListTimelines(WhichOffice { office: office_of(&admin.me) });
    let list: TimelineList = admin.ask(&ask).await.expect("her office's");
    list.timelines.iter().any(|one| one.room == room)
}

/// The acts of an audit that were done, with who did them and in which room.
async fn acts(server: &Server, act: &str) -> Vec<(Option<Uuid>, Option<Uuid>)> {
    let rows = Rows::of(server).await.audit_of(act).await;
    rows.into_iter().filter(|row| row.outcome == "done").map(|row| (row.account, row.room)).collect()
}

promise! {
    // clause("002-5.3a")
    async fn a_patient_passes_to_an_office_that_has_agreed_and_not_before(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "transfer_reconsent", "false")).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let (other, third) = (server.person_anew(OTHER).await, server.person_anew(THIRD).await);
        let (ours, theirs) = (office_of(&admin.me), office_of(&other.me));
        let names = [&admin, &other].map(|one| one.me.affiliations[0].card.office.clone().expect("its name"));
        let room = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.id;
        let family = timeline(&nurse, "春江", RoomKind::TimelineWithRecipient).await.id;

        // Which offices there are is told to who may ask one of them.
        let choices = Command::ListOfficeChoices(WhichRoom { room });
        let list: OfficeChoices = admin.ask(&choices).await.expect("the offices");
        assert!(list.offices.iter().any(|one| (one.office, &one.name) == (theirs, &names[1])));
        assert!(list.offices.iter().all(|one| one.office != ours), "not the steward itself");
        for (who, code) in [(&nurse, "not_steward"), (&other, "not_found"), (&third, "not_found")] {
            assert_eq!(who.refused(&choices).await.code, code);
        }
        let ask = proposal(room, theirs);
        for (who, ask, code) in [
            (&admin, ProposeTransfer { reason: " ".into(), ..ask.clone() }, "reason_missing"),
            (&admin, ProposeTransfer { to: ours, ..ask.clone() }, "bad_field"),
            (&admin, ProposeTransfer { to: OfficeId(new_id()), ..ask.clone() }, "bad_field"),
            (&admin, ProposeTransfer { room: RoomId(new_id()), ..ask.clone() }, "not_found"),
            (&nurse, ask.clone(), "not_steward"),
            (&other, ask.clone(), "not_found"),
        ] {
            assert_eq!(who.refused(&Command::ProposeTransfer(ask)).await.code, code);
        }
        assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM transfers").await, 0, "nothing is kept");
        for _ in 0..2 {
            proposes(&admin, &ask).await;
        }
        let again = ProposeTransfer { to: office_of(&third.me), ..proposal(family, theirs) };
        assert_eq!(admin.refused(&Command::ProposeTransfer(again)).await.code, "offer_pending");
        assert_eq!(told(&other, NoticeKind::TransferProposed).await, 1);

        // Before it has agreed nothing passes, whoever asks, and the office learns a family name alone.
        let id = ask.transfer;
        for who in [&admin, &other] {
            assert_eq!(who.refused(&complete(id)).await.code, "transfer_not_accepted");
        }
        let unknown = third.refused(&complete(TransferId(new_id()))).await;
        for who in [&third, &nurse] {
            for command in [complete(id), accept(id), decline(id, "理由"), withdraw(id)] {
                assert_eq!(who.refused(&command).await, unknown, "{}", command.name());
            }
        }
        let (offered, given) = (seen(&other, id).await, seen(&admin, id).await);
        assert_eq!((offered.name.as_str(), offered.patient, offered.is_ours_to_take), ("菊池", None, true));
        assert_eq!((given.name.as_str(), given.is_ours_to_take), ("菊池 春江", false));
        assert_eq!((&offered.from, &offered.to, offered.reason.as_str()), (&names[0], &names[1], ask.reason.as_str()));
        let silent = Command::AcceptTransfer(AcceptTransfer { transfer: id, answers_for: false });
        assert_eq!(other.refused(&silent).await.code, "responsibility_missing");
        for (who, command) in [(&admin, accept(id)), (&admin, decline(id, "理由")), (&other, withdraw(id))] {
            assert_eq!(who.refused(&command).await.code, "other_office", "{}", command.name());
        }
        assert_eq!((steward(&nurse, room).await, runs(&admin, room).await, runs(&other, room).await), (names[0].clone(), true, false));

        // No, and why; taken back; too late.
        assert_eq!(other.refused(&decline(id, " ")).await.code, "reason_missing");
        for _ in 0..2 {
            done(&other, &decline(id, "担当できる医師がいない")).await;
        }
        let given = seen(&admin, id).await;
        assert_eq!((given.state, given.answer.as_deref()), (TransferState::Declined, Some("担当できる医師がいない")));
        assert_eq!(told(&admin, NoticeKind::TransferDeclined).await, 1);
        let ask = proposal(room, theirs);
        proposes(&admin, &ask).await;
        for _ in 0..2 {
            done(&admin, &withdraw(ask.transfer)).await;
        }
        assert_eq!(told(&other, NoticeKind::TransferEnded).await, 1);
        for (who, command) in [(&other, accept(id)), (&other, accept(ask.transfer)), (&admin, complete(ask.transfer))] {
            assert_eq!(who.refused(&command).await.code, "offer_decided", "{}", command.name());
        }
        let late = proposal(room, theirs);
        proposes(&admin, &late).await;
        server.turn_clock(30 * DAY);
        let (admin, other) = (server.person_anew("office_admin").await, server.person_anew(OTHER).await);
        assert_eq!(other.refused(&accept(late.transfer)).await.code, "offer_decided", "at the limit");
        until("it lapses", Duration::from_secs(20), async || {
            (seen(&admin, late.transfer).await.state == TransferState::Lapsed).then_some(())
        })
        .await;

        // Yes: both timelines and the patient pass at once, with who is kept out of them.
        let (nurse, pharmacist) = (server.person_anew("visiting_nurse").await, server.person_anew("morimoto@demo.example").await);
        let helper = server.person_anew("nakajima@demo.example").await;
        let bar = |office, account: AccountId| BarPerson { office, account, reason: "調査のため".into() };
        done(&other, &Command::Bar(bar(theirs, pharmacist.me.account))).await;
        done(&admin, &Command::Bar(bar(ours, helper.me.account))).await;
        assert!(pharmacist.card(room).await.is_some() && helper.card(room).await.is_none());
        let ask = proposal(family, theirs);
        proposes(&admin, &ask).await;
        let mut link = nurse.link().await;
        for _ in 0..2 {
            done(&other, &accept(ask.transfer)).await;
        }
        link.expect("that it changed", |event| {
            matches!(event, Event::RoomChanged { room: at, .. } if *at == room).then_some(())
        })
        .await;
        for at in [room, family] {
            assert_eq!(steward(&nurse, at).await, names[1]);
            assert_eq!((runs(&admin, at).await, runs(&other, at).await), (false, true));
            assert!(pharmacist.card(at).await.is_none(), "whom the new steward keeps out");
        }
        assert_eq!(told(&nurse, NoticeKind::StewardChanged).await, 1);
        assert_eq!((told(&admin, NoticeKind::StewardChanged).await, told(&other, NoticeKind::StewardChanged).await), (1, 1));
        assert_eq!(nurse.card(room).await.expect("still hers").membership, MemberState::Member, "she is in it still");
        done(&admin, &Command::LiftBar(bar(ours, helper.me.account))).await;
        assert!(helper.card(room).await.is_none(), "the old steward opens nothing here any more");
        assert_eq!(admin.refused(&archive(room)).await.code, "not_found");
        for command in [withdraw(ask.transfer), decline(ask.transfer, "理由")] {
            let who = if matches!(command, Command::WithdrawTransfer(_)) { &admin } else { &other };
            assert_eq!(who.refused(&command).await.code, "offer_decided");
        }
        let split = "SELECT COUNT(*) FROM rooms r JOIN patients p ON p.id = r.patient WHERE p.office <> r.steward";
        assert_eq!(Rows::of(&server).await.number(split).await, 0, "one steward for patient and rooms");
        let by = Some(other.me.account.0);
        let passed: BTreeSet<_> = acts(&server, "transfers.complete").await.into_iter().collect();
        assert_eq!(passed, BTreeSet::from([(by, Some(room.0)), (by, Some(family.0))]));
        for (act, times) in [("transfers.propose", 4), ("transfers.accept", 1), ("transfers.decline", 1), ("transfers.withdraw", 1), ("transfers.lapse", 1)] {
            assert_eq!(acts(&server, act).await.len(), times, "{act}");
        }
        assert!(!format!("{:?}", Rows::of(&server).await.audit().await).contains("主治医"), "reasons are sealed elsewhere");

        // Who takes over looks at once at who is there.
        let reviews = reviews(&other).await;
        assert!(review(&reviews, room).is_due && review(&reviews, family).is_due);
        verifies(&server).await;
    }
}

/// A consent as it was recorded by somebody.
async fn consents(server: &Server, patient: Uuid, by: AccountId, (state, day, at): (&str, &str, i64)) {
    let sql = format!(
        "INSERT INTO consents (id, region, patient, state, given_on, recorded_at, recorded_by) \
         SELECT x'{}', region, id, '{state}', '{day}', {at}, x'{}' FROM patients WHERE id = x'{}'",
        new_id().simple(),
        by.0.simple(),
        patient.simple()
    );
    Rows::of(server).await.run(sql).await;
}

// clause("002-5.3b")
#[tokio::test]
async fn the_patient_consents_anew_before_another_office_answers_for_her() {
    let server = Server::start_under(Engine::Sqlite, FLOOR).await;
    let (nurse, admin) =
        (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
    let other = server.person_anew(OTHER).await;
    let card = timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
    let (room, patient) = (card.id, card.patient.expect("hers").0);
    let before = steward(&nurse, room).await;
    let Now { now } = admin.ask(&Command::Now(Nothing {})).await.expect("the time");
    consents(&server, patient, other.me.account, ("in_force", "2025-10-01", now.0 - 1)).await;
    let ask = proposal(room, office_of(&other.me));
    proposes(&admin, &ask).await;
    for _ in 0..2 {
        done(&other, &accept(ask.transfer)).await;
    }

    // It has agreed, and knows whom to ask; the old one answers for her until she has consented.
    let waits = seen(&other, ask.transfer).await;
    assert_eq!((waits.state, waits.is_consented), (TransferState::AwaitingConsent, false));
    assert_eq!((waits.name.as_str(), waits.patient.map(|id| id.0)), ("菊池 春江", Some(patient)));
    assert_eq!(told(&admin, NoticeKind::TransferAccepted).await, 1);
    let later = now.0 + 60_000;
    let wrong = [
        (admin.me.account, ("in_force", "2025-10-01", later)),
        (other.me.account, ("withdrawn", "2025-10-01", later)),
        (other.me.account, ("in_force", "2999-01-01", later)),
    ];
    for who in [&admin, &other] {
        assert_eq!(who.refused(&complete(ask.transfer)).await.code, "reconsent_missing", "an earlier one");
    }
    for (by, row) in wrong {
        consents(&server, patient, by, row).await;
        assert_eq!(other.refused(&complete(ask.transfer)).await.code, "reconsent_missing", "{row:?}");
    }
    assert_eq!((steward(&nurse, room).await, runs(&admin, room).await), (before, true));
    assert!(acts(&server, "transfers.complete").await.is_empty());

    consents(&server, patient, other.me.account, ("in_force", "2025-10-02", later)).await;
    assert!(seen(&admin, ask.transfer).await.is_consented);
    for _ in 0..2 {
        done(&other, &complete(ask.transfer)).await;
    }
    assert_eq!(Some(steward(&nurse, room).await), other.me.affiliations[0].card.office);
    let mut rows = Rows::of(&server).await;
    let kept = rows.texts("SELECT given_on FROM consents WHERE state = 'superseded' AND recorded_by IS NOT NULL ORDER BY given_on").await;
    assert_eq!(kept, ["2025-10-01", "2025-10-01"], "the old ones are history");
    assert_eq!(acts(&server, "transfers.complete").await.len(), 2, "both timelines, once");

    // Here no office acts for another.
    let tome = timeline(&nurse, "とめ", RoomKind::TimelineStaff).await.id;
    let give = Command::GiveDelegation(gives(tome, office_of(&other.me)));
    assert_eq!(admin.refused(&give).await.code, "delegation_not_available");
    verifies(&server).await;
}

fn gives(room: RoomId, to: OfficeId) -> GiveDelegation {
    GiveDelegation {
        delegation: DelegationId(new_id()),
        room,
        to,
        until: "2999-12-31".into(),
        approval: None,
    }
}

// clause("000§4b")
#[tokio::test]
async fn an_office_acts_for_the_steward_once_that_is_approved() {
    let rules = with(FLOOR, "steward_delegation", "\"with_institutions_approval\"");
    let server = Server::start_under(Engine::Sqlite, &rules).await;
    let (nurse, admin) =
        (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
    let (other, third) = (server.person_anew(OTHER).await, server.person_anew(THIRD).await);
    let theirs = office_of(&other.me);
    let room = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.id;
    let patient = nurse.card(room).await.expect("her room").patient.expect("hers");
    let correct = || {
        Command::CorrectPatient(CorrectPatient {
            correction: CorrectionId(new_id()),
            patient,
            name: "菊池 春江".into(),
            kana: "きくち はるえ".into(),
            birth_date: "1942-03-09".into(),
            sex: "female".into(),
            reason: "保険証".into(),
        })
    };
    let ask = gives(room, theirs);
    let id = ask.delegation;
    for (who, ask, code) in [
        (&nurse, ask.clone(), "not_steward"),
        (&other, ask.clone(), "not_found"),
        (&admin, GiveDelegation { until: "2020-01-01".into(), ..ask.clone() }, "bad_field"),
        (&admin, GiveDelegation { to: OfficeId(new_id()), ..ask.clone() }, "bad_field"),
        (
            &admin,
            GiveDelegation { approval: Some(Approval { evidence: " ".into(), ..approval() }), ..ask.clone() },
            "bad_field",
        ),
    ] {
        assert_eq!(who.refused(&Command::GiveDelegation(ask)).await.code, code);
    }
    for _ in 0..2 {
        done(&admin, &Command::GiveDelegation(ask.clone())).await;
    }
    assert_eq!(admin.refused(&Command::GiveDelegation(gives(room, theirs))).await.code, "offer_pending");
    assert_eq!(told(&other, NoticeKind::DelegationGiven).await, 1);

    // Agreed by that office, and approved: only both let it act.
    let approve = Command::ApproveDelegation(ApproveDelegation { delegation: id, approval: approval() });
    for command in [takes_on(id), approve.clone(), ends(id)] {
        assert_eq!(third.refused(&command).await.code, "not_found", "{}", command.name());
    }
    assert_eq!(other.refused(&archive(room)).await.code, "not_found", "it is asked only");
    let silent = Command::AcceptDelegation(AcceptDelegation { delegation: id, answers_for: false });
    assert_eq!(other.refused(&silent).await.code, "responsibility_missing");
    assert_eq!(admin.refused(&takes_on(id)).await.code, "other_office");
    assert_eq!(other.refused(&approve).await.code, "other_office");
    for _ in 0..2 {
        done(&other, &takes_on(id)).await;
    }
    assert_eq!(other.refused(&archive(room)).await.code, "delegation_not_approved");
    assert_eq!(other.refused(&correct()).await.code, "not_found");
    assert_eq!(nurse.card(room).await.expect("her room").delegate, None);
    for _ in 0..2 {
        done(&admin, &approve).await;
    }
    assert_eq!(nurse.card(room).await.expect("her room").delegate, other.me.affiliations[0].card.office);
    assert_eq!(told(&nurse, NoticeKind::DelegationBegun).await, 1);
    let record = stewardships(&other).await.delegations.remove(0);
    let shown = (record.state, record.approved_by.as_deref(), record.approved_on.as_deref());
    assert_eq!(shown, (DelegationState::Active, Some("おりはな病院 院長"), Some("2025-10-01")));
    done(&other, &archive(room)).await;
    done(&admin, &restore(room)).await;
    done(&other, &correct()).await;
    assert!(runs(&other, room).await && runs(&admin, room).await);
    assert_eq!(
        other.refused(&Command::ProposeTransfer(proposal(room, office_of(&third.me)))).await.code,
        "not_steward",
        "what it has is not its to give"
    );
    let open = Command::OpenRoom(WhichRoom { room });
    assert_eq!(other.refused(&open).await.code, "not_found", "it decides, and reads nothing");
    let elsewhere = timeline(&nurse, "とめ", RoomKind::TimelineStaff).await.id;
    assert_eq!(other.refused(&archive(elsewhere)).await.code, "not_found", "for this patient alone");

    // Ended, it is the steward's alone again, and everybody there hears it.
    for _ in 0..2 {
        done(&admin, &ends(id)).await;
    }
    for command in [archive(room), correct()] {
        assert_eq!(other.refused(&command).await.code, "not_found", "{}", command.name());
    }
    assert_eq!(nurse.card(room).await.expect("her room").delegate, None);
    assert_eq!(told(&nurse, NoticeKind::DelegationEnded).await, 1);
    assert_eq!(other.refused(&takes_on(id)).await.code, "offer_decided");

    // Its day over, it is over before anybody has noticed, and then that is written down.
    let ask = GiveDelegation { approval: Some(approval()), ..gives(room, theirs) };
    done(&admin, &Command::GiveDelegation(ask.clone())).await;
    done(&other, &takes_on(ask.delegation)).await;
    done(&other, &archive(room)).await;
    Rows::of(&server).await.run("UPDATE delegations SET expires_at = 1 WHERE state = 'active'".into()).await;
    assert_eq!(other.refused(&restore(room)).await.code, "not_found");
    until("it is over", Duration::from_secs(20), async || {
        (!acts(&server, "delegations.lapse").await.is_empty()).then_some(())
    })
    .await;
    for (act, times) in [
        ("delegations.give", 2),
        ("delegations.accept", 2),
        ("delegations.approve", 1),
        ("delegations.end", 1),
    ] {
        assert_eq!(acts(&server, act).await.len(), times, "{act}");
    }
    verifies(&server).await;
}

async fn reviews(admin: &Person<'_>) -> Vec<ReviewSeen> {
    let ask = Command::ListReviews(WhichOffice { office: office_of(&admin.me) });
    admin.ask::<ReviewList>(&ask).await.expect("her office's").reviews
}

fn review(reviews: &[ReviewSeen], room: RoomId) -> &ReviewSeen {
    reviews.iter().find(|one| one.room == room).expect("this one")
}

fn signing(room: RoomId, seen: &ReviewSeen, released: &[AccountId], reason: Option<&str>) -> SignReview {
    let all = seen.members.iter().map(|one| one.card.account);
    SignReview {
        review: ReviewId(new_id()),
        room,
        kept: all.filter(|account| !released.contains(account)).collect(),
        released: released.to_vec(),
        reason: reason.map(str::to_owned),
    }
}

/// Everybody who is in a room now.
async fn members(of: &Person<'_>, room: RoomId) -> BTreeSet<AccountId> {
    let open: OpenRoom = of.ask(&Command::OpenRoom(WhichRoom { room })).await.expect("the room");
    let there = open.members.into_iter().filter(|member| member.state == MemberState::Member);
    there.map(|member| member.card.account).collect()
}

promise! {
    // clause("000-note(1)b-ii", "002-3.2(1)c", "003-note(1)c")
    async fn who_is_in_a_timeline_is_looked_at_again_and_again(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let room = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.id;
        let unseen = timeline(&nurse, "とめ", RoomKind::TimelineStaff).await.id;
        nurse.post(&draft(room, "三か月前の投稿")).await.expect("a post");
        let seen = reviews(&admin).await;
        assert!(!review(&seen, room).is_due && review(&seen, room).members.is_empty(), "not yet");
        let other = server.person_anew(OTHER).await;
        let ask = |office| Command::ListReviews(WhichOffice { office });
        for (who, code) in [(&nurse, "office_admin_only"), (&other, "other_office")] {
            assert_eq!(who.refused(&ask(office_of(&admin.me))).await.code, code);
        }

        // A day before it nobody is asked; three months on, the office's administrators are told, once.
        server.turn_clock(88 * DAY);
        let admin = server.person_anew("office_admin").await;
        assert!(!review(&reviews(&admin).await, room).is_due);
        server.turn_clock(5 * DAY);
        let (admin, nurse) = (server.person_anew("office_admin").await, server.person_anew("visiting_nurse").await);
        let (other, pharmacist) = (server.person_anew(OTHER).await, server.person_anew("morimoto@demo.example").await);
        until("she is told", Duration::from_secs(30), async || {
            (told(&admin, NoticeKind::ReviewDue).await > 0).then_some(())
        })
        .await;
        let list = reviews(&admin).await;
        let seen = review(&list, room);
        assert!(seen.is_due && !seen.is_overdue && seen.signed_at.is_none());
        let there: BTreeSet<_> = seen.members.iter().map(|one| one.card.account).collect();
        assert_eq!(there, members(&nurse, room).await, "everybody, with office and occupation");
        let hers = seen.members.iter().find(|one| one.card.account == nurse.me.account).expect("the nurse");
        assert_eq!((&hers.card.office, hers.card.occupation), (&nurse.me.affiliations[0].card.office, nurse.me.affiliations[0].card.occupation));
        assert!(hers.posted_at.is_some(), "and when she last had to do with it");

        // Everybody stays or goes, by who runs the office.
        let out = pharmacist.me.account;
        let whole = signing(room, seen, &[out], Some("担当を外れた"));
        let half = SignReview { kept: whole.kept[1..].to_vec(), ..whole.clone() };
        let both = SignReview { kept: [whole.kept.clone(), vec![out]].concat(), ..whole.clone() };
        let more = SignReview { kept: [whole.kept.clone(), vec![admin.me.account]].concat(), ..whole.clone() };
        for (who, ask, code) in [
            (&nurse, &whole, "not_steward"),
            (&other, &whole, "not_found"),
            (&admin, &half, "review_incomplete"),
            (&admin, &both, "review_incomplete"),
            (&admin, &more, "review_incomplete"),
            (&admin, &SignReview { reason: None, ..whole.clone() }, "reason_missing"),
        ] {
            assert_eq!(who.refused(&Command::SignReview(ask.clone())).await.code, code);
        }
        assert_eq!(members(&nurse, room).await, there, "nothing half-done");
        let mut link = pharmacist.link().await;
        for _ in 0..2 {
            done(&admin, &Command::SignReview(whole.clone())).await;
        }
        link.expect("that she is out", |event| matches!(event, Event::RoomAdded { room: at } if *at == room).then_some(())).await;
        assert!(pharmacist.card(room).await.is_none());
        assert_eq!(pharmacist.refused(&Command::OpenRoom(WhichRoom { room })).await.code, "not_found");
        assert_eq!(told(&pharmacist, NoticeKind::Released).await, 1);
        assert_eq!(members(&nurse, room).await, &there - &BTreeSet::from([out]));
        let list = reviews(&admin).await;
        let seen = review(&list, room);
        assert!(!seen.is_due && seen.signed_at.is_some(), "signed off");
        let by = (Some(admin.me.account.0), Some(room.0));
        assert_eq!(acts(&server, "reviews.sign").await, [by]);

        // What nobody looked at goes to the office's head as well, and nobody goes out by herself.
        let head = server.person_anew("watanabe@demo.example").await;
        Rows::of(&server).await.give_role(head.me.affiliations[0].id.0, "office_head").await;
        let before = members(&nurse, unseen).await;
        server.turn_clock(14 * DAY);
        let (admin, head) = (server.person_anew("office_admin").await, server.person_anew("watanabe@demo.example").await);
        let list = reviews(&admin).await;
        assert!(review(&list, unseen).is_overdue && !review(&list, room).is_due);
        until("its head is told", Duration::from_secs(30), async || {
            (told(&head, NoticeKind::ReviewOverdue).await > 0).then_some(())
        })
        .await;
        let nurse = server.person_anew("visiting_nurse").await;
        assert_eq!(members(&nurse, unseen).await, before);
        verifies(&server).await;
    }
}
