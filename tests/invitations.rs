//! Into a room and out of it: proposed, approved, judged by the invitee herself; released, or gone by oneself.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, draft, new_id, promise};
use crate::mailing::notices;
use crate::profiles::{picture, set_photo};
use crate::staff::office_of;
use image::ImageFormat;
use std::collections::BTreeSet;
use std::time::Duration;
use tsumugi_protocol::{
    AcceptRoom, AffiliationId, ApproveInvitation, AskCandidates, BarPerson, CandidateList, Code, Command,
    CreateFree, DeclineRoom, Done, Doubt, EndAffiliation, Event, History, Invitation, InvitationId,
    InvitationList, InvitationState, MemberState, MyInvitations, Nothing, NoticeKind, OfficeId, OpenRoom,
    ProfilePart, Propose, RejectInvitation, ReleaseMember, RoomCard, RoomId, RoomKind, RoomMade,
    TimelineList, WhichInvitation, WhichOffice, WhichRoom,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::NotSteward,
    Code::InvolvementMissing,
    Code::StaffTimeline,
    Code::StaffOnly,
    Code::ApprovalPending,
    Code::InvitationExpired,
    Code::InvitationDecided,
    Code::OwnJudgementMissing,
    Code::LargeGroup,
    Code::StewardAdminRequired,
];

/// The commands of this file that name no room.
pub fn commands() -> Vec<Command> {
    let invitation = InvitationId(new_id());
    vec![
        Command::MyInvitations(Nothing {}),
        Command::ApproveInvitation(ApproveInvitation { invitation, acknowledged: Vec::new() }),
        Command::RejectInvitation(RejectInvitation { invitation, reason: "理由".into() }),
        Command::WithdrawInvitation(WhichInvitation { invitation }),
        Command::ListTimelines(WhichOffice { office: OfficeId(new_id()) }),
    ]
}

/// The timeline of the patient whose family name that is, as somebody in it sees it.
pub async fn timeline(of: &Person<'_>, given: &str, kind: RoomKind) -> RoomCard {
    let list = of.rooms().await;
    let patient = list.patients.iter().find(|patient| patient.name.ends_with(given)).expect("her patient");
    list.rooms
        .into_iter()
        .find(|card| card.patient == Some(patient.id) && card.kind == kind)
        .expect("her timeline")
}

async fn candidates(who: &Person<'_>, room: RoomId) -> CandidateList {
    who.ask(&Command::ListCandidates(AskCandidates { room, email: None })).await.expect("the candidates")
}

/// The place of somebody who may be proposed.
pub async fn place(who: &Person<'_>, room: RoomId, name: &str) -> AffiliationId {
    let list = candidates(who, room).await.candidates;
    list.iter().find(|one| one.card.name == name).unwrap_or_else(|| panic!("{name} in {list:?}")).affiliation
}

/// Somebody is proposed.
pub fn proposal(room: RoomId, affiliation: AffiliationId) -> Propose {
    Propose {
        invitation: InvitationId(new_id()),
        room,
        affiliation,
        email: None,
        involvement: "週に二回、入浴の介助に伺う".into(),
        message: "来週から一緒にお願いします".into(),
        history: History::FromJoining,
    }
}

/// She is let come.
pub fn approval(invitation: InvitationId) -> Command {
    Command::ApproveInvitation(ApproveInvitation { invitation, acknowledged: Vec::new() })
}

fn joining(room: RoomId) -> Command {
    Command::Accept(AcceptRoom { room, takes_part: true })
}

async fn proposes(who: &Person<'_>, ask: &Propose) {
    let _: Done = who.ask(&Command::Propose(ask.clone())).await.expect("proposed");
}

async fn invitations(who: &Person<'_>, room: RoomId) -> Vec<Invitation> {
    who.ask::<InvitationList>(&Command::ListInvitations(WhichRoom { room }))
        .await
        .expect("a list")
        .invitations
}

async fn told(who: &Person<'_>, kind: NoticeKind) -> usize {
    notices(who).await.notices.iter().filter(|notice| notice.kind == kind).count()
}

/// Everybody of the first story: the nurse who proposes, her admin, the helper of another office who is invited.
async fn three(server: &Server) -> (Person<'_>, Person<'_>, Person<'_>, RoomId) {
    let nurse = server.person_anew("visiting_nurse").await;
    let room = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.id;
    (nurse, server.person_anew("office_admin").await, server.person_anew("nguyen@demo.example").await, room)
}

promise! {
    // clause("000§8d", "002-3.1h★", "003§8d", "004§7f", "004§7g", "002-3.2(1)b", "001§29-4")
    async fn nobody_comes_into_a_timeline_but_by_an_administrators_approval(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin, helper, room) = three(&server).await;
        assert!(admin.card(room).await.is_none(), "she runs the office and is not in this room");
        let affiliation = place(&nurse, room, "グエン ティ ハー").await;
        assert_eq!(affiliation, helper.me.affiliations[0].id);
        let ask = proposal(room, affiliation);
        for blank in ["", " \n", "\u{3000}"] {
            let ask = Propose { involvement: blank.into(), ..ask.clone() };
            assert_eq!(nurse.refused(&Command::Propose(ask)).await.code, "involvement_missing");
        }
        assert!(invitations(&nurse, room).await.is_empty(), "nothing half-made");
        proposes(&nurse, &ask).await;
        proposes(&nurse, &ask).await;
        let other = Propose { involvement: "別の関わり".into(), ..proposal(room, affiliation) };
        assert_eq!(nurse.refused(&Command::Propose(other)).await.code, "approval_pending");

        // Proposed, she sees nothing, and there is no way round the approval.
        assert!(helper.card(room).await.is_none());
        assert!(helper.ask::<MyInvitations>(&Command::MyInvitations(Nothing {})).await.expect("hers").invitations.is_empty());
        for command in [joining(room), Command::OpenRoom(WhichRoom { room }), approval(ask.invitation)] {
            assert_eq!(helper.refused(&command).await.code, "not_found", "{}", command.name());
        }
        assert_eq!(nurse.refused(&approval(ask.invitation)).await.code, "not_steward", "she only proposes");
        let stranger = server.person_anew("ogino@demo.example").await;
        let unknown = stranger.refused(&approval(InvitationId(new_id()))).await;
        assert_eq!(stranger.refused(&approval(ask.invitation)).await, unknown, "an admin of another office");
        assert_eq!(unknown.code, "not_found");

        // The administrator weighs: occupation, office, verification, profile, and what the nurse wrote.
        assert_eq!(told(&admin, NoticeKind::InvitationProposed).await, 1);
        let office = office_of(&admin.me);
        let list: TimelineList = admin.ask(&Command::ListTimelines(WhichOffice { office })).await.expect("her office's");
        let seen = list.timelines.iter().find(|one| one.room == room).expect("this one");
        assert!(seen.members.iter().any(|member| member.card.account == nurse.me.account));
        let [waiting] = seen.proposed.as_slice() else { panic!("one waits: {:?}", seen.proposed) };
        let card = &helper.me.affiliations[0].card;
        assert_eq!((&waiting.person, &waiting.by.name), (card, &nurse.me.name));
        assert_eq!(waiting.lacks, [ProfilePart::Photo, ProfilePart::Verified]);
        assert_eq!((waiting.involvement.as_str(), waiting.state), (ask.involvement.as_str(), InvitationState::Proposed));
        for (who, code) in [(&nurse, "office_admin_only"), (&stranger, "other_office")] {
            assert_eq!(who.refused(&Command::ListTimelines(WhichOffice { office })).await.code, code);
        }

        // No: with a reason, which goes to whoever proposed her.
        let reject = |reason: &str| Command::RejectInvitation(RejectInvitation { invitation: ask.invitation, reason: reason.into() });
        assert_eq!(admin.refused(&reject(" ")).await.code, "reason_missing");
        assert_eq!(nurse.refused(&reject("だめ")).await.code, "not_steward");
        let _: Done = admin.ask(&reject("担当が決まってから")).await.expect("rejected");
        let _: Done = admin.ask(&reject("担当が決まってから")).await.expect("the same answer");
        assert_eq!(told(&nurse, NoticeKind::InvitationRejected).await, 1);
        let seen = invitations(&nurse, room).await;
        assert_eq!((seen[0].state, seen[0].reason.as_deref()), (InvitationState::Rejected, Some("担当が決まってから")));
        assert_eq!(admin.refused(&approval(ask.invitation)).await.code, "invitation_decided");
        assert!(helper.card(room).await.is_none());

        // Yes: for this room only. Approved once more nothing happens.
        let again = proposal(room, affiliation);
        proposes(&nurse, &again).await;
        let mut link = helper.link().await;
        for _ in 0..2 {
            let _: Done = admin.ask(&approval(again.invitation)).await.expect("approved");
        }
        link.expect("she is told", |event| matches!(event, Event::RoomAdded { room: at } if *at == room).then_some(())).await;
        assert_eq!(told(&helper, NoticeKind::Invited).await, 1);
        let other = timeline(&nurse, "とめ", RoomKind::TimelineStaff).await.id;
        assert!(helper.card(other).await.is_none());
        assert_eq!(helper.refused(&joining(other)).await.code, "not_found", "an approval is for one room");

        let mut rows = Rows::of(&server).await;
        let [propose, reject, approve] = ["invitations.propose", "invitations.reject", "invitations.approve"];
        for (act, by, times) in [(propose, &nurse, 2), (reject, &admin, 1), (approve, &admin, 1)] {
            let done: Vec<_> = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done").collect();
            let whom = (Some(by.me.account.0), Some(room.0), Some(helper.me.account.0));
            assert_eq!(done.iter().map(|row| (row.account, row.room, row.subject)).collect::<Vec<_>>(), vec![whom; times], "{act}");
        }
        verifies(&server).await;
    }
}

promise! {
    // clause("000-note(3)b", "002-3.2(2)b", "003-note(3)b")
    async fn whoever_is_invited_judges_for_herself_before_she_sees_a_post(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin, helper, room) = three(&server).await;
        nurse.post(&draft(room, "参加の前の秘密")).await.expect("a post");
        let ask = proposal(room, place(&nurse, room, "グエン ティ ハー").await);
        proposes(&nurse, &ask).await;
        let _: Done = admin.ask(&approval(ask.invitation)).await.expect("approved");

        // The steward, who asks, why, and a label of the patient; no post, no full name.
        let card = helper.card(room).await.expect("she is invited");
        assert_eq!((card.membership, card.patient, card.last), (MemberState::Invited, None, None));
        let patients = helper.rooms().await.patients;
        assert!(!patients.iter().any(|patient| patient.name.contains("菊池")), "{patients:?}");
        let mine: MyInvitations = helper.ask(&Command::MyInvitations(Nothing {})).await.expect("hers");
        let [one] = mine.invitations.as_slice() else { panic!("one: {mine:?}") };
        assert_eq!((one.room, one.patient.as_deref()), (room, Some("菊池")));
        assert_eq!((one.office.as_deref(), &one.by.name), (Some("さらさ訪問看護ステーション"), &nurse.me.name));
        assert_eq!((&one.involvement, &one.message), (&ask.involvement, &ask.message));
        let mut link = helper.link().await;
        for command in crate::harness::room_commands(room, "まだです", None) {
            // What was agreed is read before one joins.
            let is_before = matches!(command, Command::ShowAgreement(_) | Command::AcknowledgeAgreement(_));
            if is_before || matches!(command, Command::Accept(_) | Command::Decline(_)) {
                continue;
            }
            let answer = link.answer(&command).await;
            assert!(!answer.to_string().contains("秘密"), "{}", command.name());
            assert_eq!(answer["refused"]["code"], "invitation_open", "{}", command.name());
        }

        // Not without saying that she takes part.
        let without = Command::Accept(AcceptRoom { room, takes_part: false });
        assert_eq!(helper.refused(&without).await.code, "own_judgement_missing");
        assert_eq!(helper.card(room).await.expect("still invited").membership, MemberState::Invited);
        let took_part = "SELECT COUNT(*) FROM invitations WHERE took_part = 1";
        assert_eq!(Rows::of(&server).await.number(took_part).await, 0);
        let _: RoomMade = helper.ask(&joining(room)).await.expect("joined");
        let _: RoomMade = helper.ask(&joining(room)).await.expect("once is enough");
        assert_eq!(Rows::of(&server).await.number(took_part).await, 1, "and that is kept");
        let after = draft(room, "参加の後");
        nurse.post(&after).await.expect("a post");
        link.posted(after.post).await;
        let read: Vec<_> = helper.history(room).await.into_iter().map(|post| post.id).collect();
        assert_eq!(read, [after.post], "from joining on");

        // Another one says no, and why.
        let hoshino = server.person_anew("hoshino@demo.example").await;
        let ask = proposal(room, place(&nurse, room, "星野 かおり").await);
        proposes(&nurse, &ask).await;
        let _: Done = admin.ask(&approval(ask.invitation)).await.expect("approved");
        let decline = Command::Decline(DeclineRoom { room, reason: Some("担当していません".into()) });
        let _: Done = hoshino.ask(&decline).await.expect("declined");
        assert_eq!(hoshino.refused(&decline).await.code, "not_found");
        assert!(hoshino.card(room).await.is_none());
        assert_eq!(hoshino.refused(&joining(room)).await.code, "not_found");
        assert_eq!(told(&nurse, NoticeKind::InvitationDeclined).await, 1);
        let seen = invitations(&nurse, room).await.into_iter().find(|one| one.invitation == ask.invitation).expect("hers");
        assert_eq!((seen.state, seen.reason.as_deref()), (InvitationState::Declined, Some("担当していません")));
        assert_eq!(helper.refused(&decline).await.code, "invitation_decided", "who is in does not decline");
        let open: OpenRoom = nurse.ask(&Command::OpenRoom(WhichRoom { room })).await.expect("the room");
        let states: Vec<_> = open.members.iter().filter(|member| member.card.account == hoshino.me.account).collect();
        assert!(states.iter().all(|member| member.state == MemberState::Left), "{states:?}");

        // Asked again she may come in, and read from the start where an administrator approved just that.
        let ask = Propose { history: History::FromStart, ..proposal(room, place(&nurse, room, "星野 かおり").await) };
        proposes(&nurse, &ask).await;
        let _: Done = admin.ask(&approval(ask.invitation)).await.expect("approved");
        let _: RoomMade = hoshino.ask(&joining(room)).await.expect("joined");
        let whole = nurse.history(room).await.len();
        assert_eq!(hoshino.history(room).await.len(), whole, "all of it");
        verifies(&server).await;
    }
}

promise! {
    // clause("000§5b", "003§5b", "004§4c")
    async fn who_is_released_hears_nothing_more_and_only_the_steward_releases(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin, _, room) = three(&server).await;
        let pharmacist = server.person_anew("morimoto@demo.example").await;
        let other_admin = server.person_anew("saito@demo.example").await;
        let mut link = pharmacist.link().await;
        let release = |reason: &str| {
            Command::Release(ReleaseMember { room, account: pharmacist.me.account, reason: reason.into() })
        };
        assert_eq!(admin.refused(&release("")).await.code, "reason_missing");
        assert_eq!(nurse.refused(&release("担当が変わった")).await.code, "not_steward");
        assert_eq!(other_admin.refused(&release("担当が変わった")).await.code, "not_found");
        let itself = Command::Release(ReleaseMember { room, account: admin.me.account, reason: "理由".into() });
        assert_eq!(admin.refused(&itself).await.code, "not_for_yourself");
        let nobody = Command::Release(ReleaseMember { room, account: other_admin.me.account, reason: "理由".into() });
        assert_eq!(admin.refused(&nobody).await.code, "not_found", "who never was in it");
        // Nor does anybody invite but for the steward's own.
        let ask = proposal(room, other_admin.me.affiliations[0].id);
        assert_eq!(pharmacist.refused(&Command::Propose(ask.clone())).await.code, "not_steward");
        assert_eq!(other_admin.refused(&Command::Propose(ask)).await.code, "not_found");

        let before = draft(room, "まだ読める");
        nurse.post(&before).await.expect("a post");
        link.posted(before.post).await;
        let _: Done = admin.ask(&release("担当が変わった")).await.expect("released");
        let _: Done = admin.ask(&release("担当が変わった")).await.expect("the same answer");
        link.expect("her list changed", |event| matches!(event, Event::RoomAdded { room: at } if *at == room).then_some(())).await;
        assert!(pharmacist.card(room).await.is_none());
        assert_eq!(pharmacist.refused(&Command::OpenRoom(WhichRoom { room })).await.code, "not_found");
        let mut watching = nurse.link().await;
        let after = draft(room, "もう読めない");
        nurse.post(&after).await.expect("a post");
        watching.posted(after.post).await;
        // Her link stands: what she asks now is answered, and of the room nothing comes any more.
        assert!(link.answer(&Command::ListRooms(Nothing {})).await["ok"].is_object());
        assert!(link.frames().iter().all(|frame| !frame.contains("もう読めない")));
        assert_eq!(told(&pharmacist, NoticeKind::Released).await, 1);
        let rows: Vec<_> = Rows::of(&server).await.audit_of("rooms.release").await;
        let done: Vec<_> = rows.iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(done.len(), 1, "{rows:?}");
        assert_eq!((done[0].account, done[0].subject, done[0].room), (Some(admin.me.account.0), Some(pharmacist.me.account.0), Some(room.0)));
        assert!(!format!("{rows:?}").contains("担当"), "the reason is sealed elsewhere");
        verifies(&server).await;
    }
}

promise! {
    // clause("000-note(3)f", "002-3.2(2)e", "003-note(3)f", "003§guide-①2b")
    async fn everybody_leaves_by_herself_but_for_the_last_admin_of_the_steward(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin, _, room) = three(&server).await;
        let leave = |room| Command::Leave(WhichRoom { room });
        let mut link = nurse.link().await;
        let physician = server.person_anew("physician").await;
        let mut watching = physician.link().await;
        let _: Done = nurse.ask(&leave(room)).await.expect("left");
        let gone = watching
            .expect("that she left", |event| match event {
                Event::MemberChanged { room: at, member, .. } if *at == room => Some(member.clone()),
                _ => None,
            })
            .await;
        assert_eq!((gone.card.account, gone.state), (nurse.me.account, MemberState::Left));
        link.expect("so does her list", |event| matches!(event, Event::RoomAdded { room: at } if *at == room).then_some(())).await;
        assert_eq!(nurse.refused(&leave(room)).await.code, "not_found");
        assert!(nurse.card(room).await.is_none());
        assert_eq!(nurse.refused(&Command::ListMembers(WhichRoom { room })).await.code, "not_found");

        // Free groups and connections as well.
        for kind in [RoomKind::FreeGroup, RoomKind::Connection] {
            let mine = nurse.rooms().await.rooms.into_iter().find(|card| card.kind == kind).expect("one");
            let _: Done = nurse.ask(&leave(mine.id)).await.expect("left");
            assert!(nurse.card(mine.id).await.is_none(), "{kind:?}");
        }

        // A timeline keeps an administrator of its steward; another one, and the first may go.
        let kept = timeline(&admin, "とめ", RoomKind::TimelineStaff).await.id;
        assert_eq!(admin.refused(&leave(kept)).await.code, "steward_admin_required");
        assert!(admin.card(kept).await.is_some());
        let takanashi = server.person_anew("takanashi@demo.example").await;
        Rows::of(&server).await.make_admin(takanashi.me.affiliations[0].id.0).await;
        let _: Done = admin.ask(&leave(kept)).await.expect("left");
        let last = Command::Release(ReleaseMember { room: kept, account: takanashi.me.account, reason: "交代".into() });
        assert_eq!(admin.refused(&last).await.code, "steward_admin_required", "nor is the last one released");
        let not_theirs = timeline(&physician, "正一", RoomKind::TimelineStaff).await.id;
        let _: Done = physician.ask(&leave(not_theirs)).await.expect("a steward's member who is no admin");
        verifies(&server).await;
    }
}

promise! {
    async fn patient_and_family_come_into_their_own_timeline_only(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin, _, staff_only) = three(&server).await;
        let daughter = server.person_anew("daughter").await;
        let shared = timeline(&nurse, "春江", RoomKind::TimelineWithRecipient).await.id;
        let hers = daughter.me.affiliations[0].id;
        assert_eq!(nurse.refused(&Command::Propose(proposal(staff_only, hers))).await.code, "staff_timeline");
        let son = server.person_anew("mamoru@demo.example").await;
        let release = ReleaseMember { room: shared, account: son.me.account, reason: "間違い".into() };
        let _: Done = admin.ask(&Command::Release(release)).await.expect("released");
        let ask = proposal(shared, place(&admin, shared, &son.me.name).await);
        proposes(&admin, &ask).await;
        let _: Done = admin.ask(&approval(ask.invitation)).await.expect("approved");
        let _: RoomMade = son.ask(&joining(shared)).await.expect("back");

        // The family of somebody else is not to be seen, and not let in.
        let other = server.person_anew("makoto@demo.example").await;
        let listed: BTreeSet<_> = candidates(&admin, shared).await.candidates.into_iter().map(|one| one.card.name).collect();
        assert!(!listed.contains(&other.me.name), "{listed:?}");
        let ask = proposal(shared, other.me.affiliations[0].id);
        assert_eq!(nurse.refused(&Command::Propose(ask)).await.code, "not_found");
        let group = CreateFree {
            room: RoomId(new_id()),
            title: "勉強会".into(),
            aim: "学ぶ".into(),
            invite: Vec::new(),
            requires: Vec::new(),
        };
        let _: RoomMade = admin.ask(&Command::CreateFree(group.clone())).await.expect("made");
        let kawai = timeline(&admin, "とめ", RoomKind::TimelineWithRecipient).await;
        let relative = admin
            .ask::<OpenRoom>(&Command::OpenRoom(WhichRoom { room: kawai.id }))
            .await
            .expect("the room")
            .members
            .into_iter()
            .find(|member| member.card.relation.is_some())
            .expect("family");
        let known = server.people.iter().find(|sheet| sheet.name == relative.card.name).expect("theirs").email.clone();
        let known = server.person_anew(&known).await;
        let ask = proposal(group.room, known.me.affiliations[0].id);
        assert_eq!(admin.refused(&Command::Propose(ask)).await.code, "staff_only");
    }
}

promise! {
    async fn what_is_not_answered_in_time_is_over_and_what_was_proposed_can_be_taken_back(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (nurse, admin, helper, room) = three(&server).await;
        let affiliation = place(&nurse, room, "グエン ティ ハー").await;
        let late = proposal(room, affiliation);
        proposes(&nurse, &late).await;
        server.turn_clock(30 * DAY - Duration::from_secs(1));
        let (nurse, admin) = { drop((nurse, admin)); (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await) };
        assert_eq!(nurse.refused(&Command::Propose(proposal(room, affiliation))).await.code, "approval_pending");
        server.turn_clock(Duration::from_secs(1));
        assert_eq!(admin.refused(&approval(late.invitation)).await.code, "invitation_expired");
        let again = proposal(room, affiliation);
        proposes(&nurse, &again).await;
        let _: Done = admin.ask(&approval(again.invitation)).await.expect("approved");
        drop(helper);
        server.turn_clock(30 * DAY);
        let (nurse, admin) = { drop((nurse, admin)); (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await) };
        let helper = server.person_anew("nguyen@demo.example").await;
        assert_eq!(helper.refused(&joining(room)).await.code, "invitation_expired");
        assert_eq!(helper.card(room).await.expect("as before").membership, MemberState::Invited);

        // Taken back by whoever proposed it, or by an administrator; then it is gone for her.
        let withdraw = |invitation| Command::WithdrawInvitation(WhichInvitation { invitation });
        let physician = server.person_anew("physician").await;
        assert_eq!(physician.refused(&withdraw(again.invitation)).await.code, "not_steward");
        let _: Done = nurse.ask(&withdraw(again.invitation)).await.expect("her own");
        let _: Done = nurse.ask(&withdraw(again.invitation)).await.expect("the same answer");
        assert!(helper.card(room).await.is_none());
        assert_eq!(admin.refused(&approval(again.invitation)).await.code, "invitation_decided");
        let third = proposal(room, affiliation);
        proposes(&nurse, &third).await;
        let _: Done = admin.ask(&withdraw(third.invitation)).await.expect("an administrator as well");
        let audited = Rows::of(&server).await.audit_of("invitations.withdraw").await;
        assert_eq!(audited.iter().filter(|row| row.outcome == "done").count(), 2);
        verifies(&server).await;
    }
}

promise! {
    async fn an_approval_asks_for_what_the_region_asks_and_whether_so_many_are_needed(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (nurse, _, helper, room) = three(&server).await;
        let ask = proposal(room, place(&nurse, room, "グエン ティ ハー").await);
        proposes(&nurse, &ask).await;
        let many = nurse.ask::<OpenRoom>(&Command::OpenRoom(WhichRoom { room })).await.expect("it").members.len();
        server.under(&with(&with(FLOOR, "invite_requires", "[\"photo\"]"), "large_group", &many.to_string()));
        let admin = server.person_anew("office_admin").await;
        let refused = admin.refused(&approval(ask.invitation)).await;
        assert_eq!((refused.code.as_str(), refused.params["missing"].as_str()), ("invitee_profile_incomplete", "photo"));
        let helper = { drop(helper); server.person_anew("nguyen@demo.example").await };
        let _: Done = helper.ask(&set_photo(&picture(64, 64, ImageFormat::Jpeg))).await.expect("kept");
        let refused = admin.refused(&approval(ask.invitation)).await;
        assert_eq!(refused.code, "large_group");
        assert_eq!((&refused.params["count"], &refused.params["limit"]), (&(many + 1).to_string(), &many.to_string()));
        assert!(helper.card(room).await.is_none());
        let knowing = ApproveInvitation { invitation: ask.invitation, acknowledged: vec![Doubt::LargeGroup] };
        let _: Done = admin.ask(&Command::ApproveInvitation(knowing)).await.expect("approved all the same");
        let kept = Rows::of(&server).await.texts("SELECT acknowledged FROM invitations WHERE acknowledged IS NOT NULL").await;
        assert_eq!(kept, ["large_group"], "with who and when beside it");
    }
}

promise! {
    async fn who_proposes_is_the_regions_rule_and_nobody_brings_herself_in(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (nurse, admin, _, room) = three(&server).await;
        let physician = server.person_anew("physician").await;
        let kawabe = server.person_anew("kawabe@demo.example").await;
        let ask = |room| proposal(room, kawabe.me.affiliations[0].id);
        assert_eq!(physician.refused(&Command::Propose(ask(room))).await.code, "not_steward", "of another office");
        // An administrator of the steward does not let herself in: somebody of the room has to ask for her.
        let herself = proposal(room, admin.me.affiliations[0].id);
        assert_eq!(admin.refused(&Command::Propose(herself.clone())).await.code, "not_found");
        proposes(&nurse, &herself).await;
        let _: Done = admin.ask(&approval(herself.invitation)).await.expect("the nurse asked");
        let _: RoomMade = admin.ask(&joining(room)).await.expect("joined");

        server.under(&with(FLOOR, "invite_proposer", "\"any_member\""));
        let physician = { drop(physician); server.person_anew("physician").await };
        proposes(&physician, &ask(room)).await;
        server.under(&with(FLOOR, "invite_proposer", "\"approver\""));
        let nurse = { drop(nurse); server.person_anew("visiting_nurse").await };
        let other = proposal(room, place(&nurse, room, "星野 かおり").await);
        assert_eq!(nurse.refused(&Command::Propose(other)).await.code, "not_steward");

        // Looking somebody up by her address is an administrator's, and in the audit.
        let admin = server.person_anew("office_admin").await;
        let look = |email: &str| Command::ListCandidates(AskCandidates { room, email: Some(email.into()) });
        assert_eq!(nurse.refused(&look("kamiya@demo.example")).await.code, "not_steward");
        let found: CandidateList = admin.ask(&look("kamiya@demo.example")).await.expect("him");
        assert_eq!(found.candidates.len(), 1);
        let none: CandidateList = admin.ask(&look("nobody@demo.example")).await.expect("nobody");
        assert!(none.candidates.is_empty());
        let looked = Rows::of(&server).await.audit_of("invitations.candidates").await;
        assert_eq!(looked.iter().filter(|row| row.outcome == "done").count(), 2);

        // So many in a day, and no more.
        server.under(&with(FLOOR, "proposals_a_day", "1"));
        let (nurse, admin) =
            { drop((nurse, admin)); (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await) };
        let other = proposal(room, place(&nurse, room, "星野 かおり").await);
        assert_eq!(nurse.refused(&Command::Propose(other)).await.code, "daily_limit", "after that of the administrator");
        server.under(FLOOR);
        let admin = { drop(admin); server.person_anew("office_admin").await };

        // Whom the steward bars is not proposed, and what waited for her is over.
        let office = office_of(&admin.me);
        let bar = BarPerson { office, account: kawabe.me.account, reason: "調査中".into() };
        let waiting = invitations(&admin, room).await.into_iter().find(|one| one.person.account == kawabe.me.account);
        let waiting = waiting.expect("proposed by the physician");
        let _: Done = admin.ask(&Command::Bar(bar)).await.expect("barred");
        assert_eq!(admin.refused(&approval(waiting.invitation)).await.code, "invitation_decided");
        assert_eq!(admin.refused(&Command::Propose(ask(room))).await.code, "not_found");
        verifies(&server).await;
    }
}

promise! {
    async fn a_free_group_takes_more_people_in_by_the_same_way(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin, helper, _) = three(&server).await;
        let group = CreateFree {
            room: RoomId(new_id()),
            title: "勉強会".into(),
            aim: "学ぶ".into(),
            invite: vec![nurse.me.account],
            requires: Vec::new(),
        };
        let room = group.room;
        let _: RoomMade = admin.ask(&Command::CreateFree(group)).await.expect("made");
        let _: RoomMade = nurse.ask(&joining(room)).await.expect("joined");
        let ask = proposal(room, place(&nurse, room, "グエン ティ ハー").await);
        proposes(&nurse, &ask).await;
        assert_eq!(nurse.refused(&approval(ask.invitation)).await.code, "not_steward");
        let _: Done = admin.ask(&approval(ask.invitation)).await.expect("approved");
        let without = Command::Accept(AcceptRoom { room, takes_part: false });
        let _: RoomMade = helper.ask(&without).await.expect("no patient's care is meant");
        helper.post(&draft(room, "よろしくお願いします")).await.expect("a post");
        let release = ReleaseMember { room, account: helper.me.account, reason: "異動".into() };
        let _: Done = admin.ask(&Command::Release(release)).await.expect("released");
        assert!(helper.card(room).await.is_none());
    }
}

promise! {
    // clause("000-note(1)b-i")
    async fn who_leaves_the_job_leaves_everything_in_one_act_and_each_steward_hears_of_it(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin, _, room) = three(&server).await;
        let link = nurse.link().await;
        let rooms: Vec<_> = nurse.rooms().await.rooms;
        assert!(rooms.iter().any(|card| card.kind == RoomKind::Connection));
        let place = nurse.me.affiliations[0].id;
        let leaving = Command::EndAffiliation(EndAffiliation { affiliation: place, reason: "退職".into() });

        // Whatever of it fails, nothing of it is done.
        let mut rows = Rows::of(&server).await;
        rows.run(if engine == Engine::Sqlite { FAILS_ON_SQLITE } else { FAILS_ON_POSTGRES }.to_owned()).await;
        if engine == Engine::Postgres {
            rows.run(TRIGGER_ON_POSTGRES.to_owned()).await;
        }
        assert_eq!(admin.refused(&leaving).await.code, "fault");
        assert_eq!(nurse.rooms().await.rooms.len(), rooms.len(), "all of them");
        assert!(!link.is_closed() && nurse.is_signed_in().await);
        nurse.post(&draft(room, "まだここにいる")).await.expect("as before");
        rows.run(if engine == Engine::Sqlite { "DROP TRIGGER fails" } else { "DROP TRIGGER fails ON sessions" }.to_owned()).await;

        let _: Done = admin.ask(&leaving).await.expect("ended");
        assert_eq!(link.closed().await.code, Some(4420));
        let back = server.person_anew("visiting_nurse").await;
        assert!(back.rooms().await.rooms.is_empty(), "timelines, groups and connections");
        let left = "SELECT COUNT(*) FROM members m JOIN accounts a ON a.id = m.account JOIN affiliations f \
                    ON f.id = m.affiliation WHERE f.ended_at IS NOT NULL AND m.state <> 'left'";
        assert_eq!(Rows::of(&server).await.number(left).await, 0);
        // She was in timelines of the clinic too; its admin has nothing to do with her office.
        let clinic = server.person_anew("ogino@demo.example").await;
        assert_eq!(told(&clinic, NoticeKind::MemberRetired).await, 1);
        let none = server.person_anew("shiratori@demo.example").await;
        assert_eq!(told(&none, NoticeKind::MemberRetired).await, 0);
        assert_eq!(told(&admin, NoticeKind::MemberRetired).await, 0, "it was she who did it");
        verifies(&server).await;
    }
}

const FAILS_ON_SQLITE: &str =
    "CREATE TRIGGER fails BEFORE UPDATE OF ended_at ON sessions BEGIN SELECT RAISE(ABORT, 'broken'); END";
const FAILS_ON_POSTGRES: &str =
    "CREATE FUNCTION fails() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$ LANGUAGE plpgsql";
const TRIGGER_ON_POSTGRES: &str =
    "CREATE TRIGGER fails BEFORE UPDATE OF ended_at ON sessions FOR EACH ROW EXECUTE FUNCTION fails()";
