//! A timeline is opened: who may, what it waits for, and which physician has charge of it.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, draft, new_id, promise, room_commands, shared};
use crate::invitations::timeline;
use crate::mailing::notices;
use crate::staff::office_of;
use tsumugi_protocol::{
    AcceptRoom, AccountId, AffiliationId, ApproveInvitation, ArchiveRoom, ArchiveWhy, AskCandidates,
    AskPhysician, CandidateList, Code, Command, CorrectPatient, CorrectionId, CreateFree, Done, Doubt,
    GiveInstruction, History, InstructionChannel, InstructionId, InstructionList, InvitationId, MemberState,
    Nothing, NoticeKind, OfficeId, OpenTimeline, Opening, OpeningList, PatientId, Propose, RegisterPatient,
    ReleaseMember, RestoreRoom, RoomId, RoomKind, RoomMade, RoomState, StayTimeline, TimelineList, WaitsFor,
    WhichInstruction, WhichOffice, WhichRoom,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::PhysicianRequired,
    Code::PhysicianApprovalMissing,
    Code::PhysicianNotJoined,
    Code::TimelinePaused,
    Code::TimelineExists,
    Code::PatientKnown,
    Code::NotTimelineManager,
    Code::ControlHeld,
];

const CLERK: &str = "ogino@demo.example";
const COLLEAGUE: &str = "takahashi@demo.example";
const OTHER_PHYSICIAN: &str = "kamiya@demo.example";

/// The commands of this file that name no room.
pub fn commands() -> Vec<Command> {
    let instruction = InstructionId(new_id());
    vec![
        Command::ListOpenings(Nothing {}),
        Command::OpenTimeline(opening(PatientId(new_id()), RoomKind::TimelineStaff, None)),
        Command::GiveInstruction(instructing(PatientId(new_id()), AccountId(new_id()))),
        Command::WithdrawInstruction(WhichInstruction { instruction }),
        Command::ListInstructions(Nothing {}),
        Command::RegisterPatient(patient(OfficeId(new_id()), "きくち はるえ")),
    ]
}

fn patient(office: OfficeId, kana: &str) -> RegisterPatient {
    RegisterPatient {
        patient: PatientId(new_id()),
        office,
        name: "藤波 すみれ".into(),
        kana: kana.into(),
        birth_date: "1941-05-17".into(),
        sex: "female".into(),
        acknowledged: Vec::new(),
    }
}

fn opening(patient: PatientId, kind: RoomKind, physician: Option<AccountId>) -> OpenTimeline {
    OpenTimeline { room: RoomId(new_id()), patient, kind, physician }
}

fn instructing(patient: PatientId, account: AccountId) -> GiveInstruction {
    GiveInstruction {
        instruction: InstructionId(new_id()),
        patient,
        account,
        channel: InstructionChannel::Phone,
        on: "2026-01-10".into(),
        members: "訪問看護の担当者".into(),
    }
}

fn staying(room: RoomId, reason: &str) -> StayTimeline {
    StayTimeline { room, reason: reason.into() }
}

fn joining(room: RoomId) -> Command {
    Command::Accept(AcceptRoom { room, takes_part: true })
}

fn archiving(room: RoomId) -> Command {
    Command::Archive(ArchiveRoom { room, why: ArchiveWhy::CareEnded, reason: "終わった".into() })
}

fn which(room: RoomId) -> WhichRoom {
    WhichRoom { room }
}

/// Registers somebody at the reader's office, with a reading of her own.
async fn registered(by: &Person<'_>) -> PatientId {
    let ask = patient(office_of(&by.me), &format!("ふじなみ {}", new_id().simple()));
    let _: Done = by.ask(&Command::RegisterPatient(ask.clone())).await.expect("registered");
    ask.patient
}

async fn opens(by: &Person<'_>, ask: OpenTimeline) -> RoomState {
    let made: RoomMade = by.ask(&Command::OpenTimeline(ask)).await.expect("opened");
    assert_eq!(made.room, ask.room);
    made.state
}

async fn refused(by: &Person<'_>, command: &Command) -> String {
    by.refused(command).await.code
}

async fn cannot_write(who: &Person<'_>, room: RoomId) -> String {
    who.preview(&draft(room, "まだ書けません")).await.expect_err("refused").code
}

async fn told(who: &Person<'_>, kind: NoticeKind) -> usize {
    notices(who).await.notices.iter().filter(|notice| notice.kind == kind).count()
}

async fn seen(who: &Person<'_>, room: RoomId) -> Option<Opening> {
    let list: OpeningList = who.ask(&Command::ListOpenings(Nothing {})).await.expect("openings");
    list.openings.into_iter().find(|one| one.room == room)
}

async fn stands(who: &Person<'_>, room: RoomId) -> (RoomState, Option<WaitsFor>) {
    let card = who.card(room).await.expect("the room");
    (card.state, card.waits_for)
}

async fn place(who: &Person<'_>, room: RoomId, name: &str) -> AffiliationId {
    let ask = Command::ListCandidates(AskCandidates { room, email: None });
    let list: CandidateList = who.ask(&ask).await.expect("candidates");
    list.candidates.iter().find(|one| one.card.name == name).expect("she is known").affiliation
}

fn proposing(room: RoomId, affiliation: AffiliationId) -> Propose {
    Propose {
        invitation: InvitationId(new_id()),
        room,
        affiliation,
        email: None,
        involvement: "受け持ち".into(),
        message: String::new(),
        history: History::FromJoining,
    }
}

fn approval(invitation: InvitationId) -> Command {
    Command::ApproveInvitation(ApproveInvitation { invitation, acknowledged: Vec::new() })
}

/// Proposed and approved by those who may, and joined.
async fn brings_in(by: &Person<'_>, room: RoomId, who: &Person<'_>) {
    let ask = proposing(room, place(by, room, &who.me.name).await);
    let _: Done = by.ask(&Command::Propose(ask.clone())).await.expect("proposed");
    let _: Done = by.ask(&approval(ask.invitation)).await.expect("approved");
    let _: RoomMade = who.ask(&joining(room)).await.expect("joined");
}

/// Where a physician, or whom she instructs or approves, opens and manages timelines.
fn managed() -> String {
    let rules = with(FLOOR, "patient_group_create", r#""physician_or_instructed""#);
    let rules = with(&rules, "physician_must_join", r#""gate""#);
    let rules = with(&rules, "invite_proposer", r#""manager""#);
    with(&rules, "invite_approver", r#""manager""#)
}

promise! {
    // clause("000-note(1)a-i", "001§29-1", "002-3.2(1)a", "003-note(1)a", "002-5a", "000§4a", "004§4a", "002-3.1e★")
    async fn the_stewards_admin_opens_one_timeline_of_one_patient_and_nobody_else_sees_it(server: &Server) {
        let (admin, other_admin) = (server.person_anew(CLERK).await, server.person_anew("office_admin").await);
        let (colleague, nurse) = (server.person_anew(COLLEAGUE).await, server.person_anew("visiting_nurse").await);
        let ours = office_of(&admin.me);
        let kana = format!("ふじなみ {}", new_id().simple());

        // Whose patient she becomes: of one's own office, by its administrator.
        let ask = patient(ours, &kana);
        let register = |ask: &RegisterPatient| Command::RegisterPatient(ask.clone());
        assert_eq!(refused(&colleague, &register(&ask)).await, "not_steward");
        for office in [ours, OfficeId(new_id())] {
            assert_eq!(refused(&nurse, &register(&patient(office, &kana))).await, "other_office", "there or not");
        }
        assert_eq!(refused(&admin, &register(&RegisterPatient { kana: " ".into(), ..ask.clone() })).await, "bad_field");
        for _ in 0..2 {
            let _: Done = admin.ask(&register(&ask)).await.expect("registered");
        }
        let changed = RegisterPatient { name: "藤波 かすみ".into(), ..ask.clone() };
        assert_eq!(refused(&admin, &register(&changed)).await, "id_taken");
        let twin = patient(ours, &kana);
        assert_eq!(refused(&admin, &register(&twin)).await, "patient_known");
        let meant = RegisterPatient { acknowledged: vec![Doubt::PatientKnown], ..twin.clone() };
        let _: Done = admin.ask(&register(&meant)).await.expect("somebody else of that name");
        // Another office is not told that she is known here.
        let theirs = patient(office_of(&other_admin.me), &kana);
        let _: Done = other_admin.ask(&register(&theirs)).await.expect("registered");

        // A plain member of the staff opens neither a timeline nor a group; the administrator does both.
        let known = timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
        let of_known = opening(known.patient.expect("a patient"), RoomKind::TimelineStaff, None);
        assert_eq!(refused(&nurse, &Command::OpenTimeline(of_known)).await, "group_admin_only");
        let group = |room| Command::CreateFree(CreateFree {
            room,
            title: "連絡".into(),
            aim: "連絡のため".into(),
            invite: Vec::new(),
            requires: Vec::new(),
        });
        assert_eq!(refused(&nurse, &group(RoomId(new_id()))).await, "group_admin_only");
        let _: RoomMade = admin.ask(&group(RoomId(new_id()))).await.expect("a group");
        let ask = opening(ask.patient, RoomKind::TimelineStaff, None);
        for stranger in [&colleague, &nurse, &other_admin] {
            let ghost = opening(PatientId(new_id()), RoomKind::TimelineStaff, None);
            let nowhere = stranger.refused(&Command::OpenTimeline(ghost)).await;
            assert_eq!(stranger.refused(&Command::OpenTimeline(ask)).await, nowhere);
            assert_eq!(nowhere.code, "not_found");
        }
        let group_of_her = OpenTimeline { kind: RoomKind::FreeGroup, ..ask };
        assert_eq!(refused(&admin, &Command::OpenTimeline(group_of_her)).await, "bad_field");
        let before = told(&admin, NoticeKind::TimelineExists).await;
        for _ in 0..2 {
            assert_eq!(opens(&admin, ask).await, RoomState::Active);
        }
        let room = ask.room;
        assert_eq!(refused(&admin, &Command::OpenTimeline(OpenTimeline { kind: RoomKind::TimelineWithRecipient, ..ask })).await, "id_taken");
        let second = OpenTimeline { room: RoomId(new_id()), ..ask };
        assert_eq!(refused(&admin, &Command::OpenTimeline(second)).await, "timeline_exists");
        let with_family = opening(ask.patient, RoomKind::TimelineWithRecipient, None);
        assert_eq!(refused(&admin, &Command::OpenTimeline(with_family)).await, "physician_required");

        // Somebody of the same name at another office: its opener gets what everybody gets, and our admin hears of it.
        assert_eq!(opens(&other_admin, opening(theirs.patient, RoomKind::TimelineStaff, None)).await, RoomState::Active);
        assert_eq!(told(&admin, NoticeKind::TimelineExists).await, before + 1);

        // One patient, one steward: the office of whoever opened it.
        let list: TimelineList = admin.ask(&Command::ListTimelines(WhichOffice { office: ours })).await.expect("ours");
        let one = list.timelines.iter().find(|one| one.room == room).expect("this one");
        assert_eq!((one.patient.id, one.kind, one.members.len()), (ask.patient, RoomKind::TimelineStaff, 1));
        let homeless = "SELECT COUNT(*) FROM rooms WHERE kind IN ('timeline_staff', 'timeline_with_recipient') \
                        AND (patient IS NULL OR steward IS NULL)";
        assert_eq!(Rows::of(server).await.number(homeless).await, 0);

        // A colleague of the same office who is no member, and another office: as if there were none.
        let text = draft(room, "はじめまして");
        admin.post(&text).await.expect("a post");
        for stranger in [&colleague, &other_admin] {
            assert!(stranger.card(room).await.is_none());
            let ghosts = room_commands(RoomId(new_id()), "よその人", None);
            for (real, none) in room_commands(room, "よその人", None).iter().zip(&ghosts) {
                if crate::harness::Door::Http.takes(real) {
                    let there = stranger.refused(real).await;
                    assert_eq!(there, stranger.refused(none).await, "{}", real.name());
                    assert_eq!(there.code, "not_found", "{}", real.name());
                }
            }
        }

        // In it, she proposes; to correct, approve, release and store is for the steward's admins.
        brings_in(&admin, room, &colleague).await;
        let proposal = proposing(room, place(&colleague, room, "鴇田 真一").await);
        let _: Done = colleague.ask(&Command::Propose(proposal.clone())).await.expect("proposed");
        let correct = Command::CorrectPatient(CorrectPatient {
            correction: CorrectionId(new_id()),
            patient: ask.patient,
            name: "藤波 菫".into(),
            kana: kana.clone(),
            birth_date: "1941-05-17".into(),
            sex: "female".into(),
            reason: "表記".into(),
        });
        let release = Command::Release(ReleaseMember { room, account: admin.me.account, reason: "理由".into() });
        for command in [&approval(proposal.invitation), &release, &archiving(room), &correct] {
            assert_eq!(refused(&colleague, command).await, "not_steward", "{}", command.name());
        }
        let _: Done = admin.ask(&correct).await.expect("corrected");
        let _: Done = admin.ask(&archiving(room)).await.expect("stored");
        let mut rows = Rows::of(server).await;
        for act in ["patients.register", "rooms.open_timeline"] {
            let done = rows.audit_of(act).await.into_iter();
            let mine = done.filter(|row| row.outcome == "done" && row.subject == Some(ask.patient.0));
            assert_eq!(mine.map(|row| row.account).collect::<Vec<_>>(), [Some(admin.me.account.0)], "{act}");
        }
        verifies(server).await;
    }
}

promise! {
    // clause("001§29-2", "001-guide§29-1")
    async fn a_physician_opens_a_timeline_or_instructs_somebody_who_manages_it(engine: Engine) {
        let server = Server::start_under(engine, &managed()).await;
        let physician = server.person_anew("physician").await;
        let (colleague, admin) = (server.person_anew(COLLEAGUE).await, server.person_anew(CLERK).await);
        let nurse = server.person_anew("visiting_nurse").await;

        // By herself: it is open at once, and she manages it, not the office's administrator.
        let ask = opening(registered(&physician).await, RoomKind::TimelineStaff, None);
        assert_eq!(refused(&admin, &Command::OpenTimeline(ask)).await, "physician_required");
        assert_eq!(refused(&colleague, &Command::OpenTimeline(ask)).await, "not_found");
        assert_eq!(opens(&physician, ask).await, RoomState::Active);
        physician.post(&draft(ask.room, "はじめます")).await.expect("a post");
        assert_eq!(refused(&admin, &archiving(ask.room)).await, "not_timeline_manager");
        let _: Done = physician.ask(&archiving(ask.room)).await.expect("stored");
        let back = Command::Restore(RestoreRoom { room: ask.room, reason: "再開".into() });
        assert_eq!(refused(&admin, &back).await, "not_timeline_manager");
        let _: Done = physician.ask(&back).await.expect("restored");
        assert_eq!(stands(&physician, ask.room).await, (RoomState::Active, None));

        // Somebody else as she instructs: to be written down by a physician, of a patient of hers, for somebody she knows.
        let ask = opening(registered(&physician).await, RoomKind::TimelineStaff, None);
        let order = instructing(ask.patient, colleague.me.account);
        let give = |order: &GiveInstruction| Command::GiveInstruction(order.clone());
        assert_eq!(refused(&nurse, &give(&order)).await, "not_found", "of another office");
        assert_eq!(refused(&admin, &give(&order)).await, "physician_required");
        let late = GiveInstruction { on: "2999-01-01".into(), ..order.clone() };
        assert_eq!(refused(&physician, &give(&late)).await, "bad_field");
        let unknown = GiveInstruction { account: AccountId(new_id()), ..order.clone() };
        assert_eq!(refused(&physician, &give(&unknown)).await, "not_found");
        for _ in 0..2 {
            let _: Done = physician.ask(&give(&order)).await.expect("given");
        }
        let taken = GiveInstruction { account: nurse.me.account, ..order.clone() };
        assert_eq!(refused(&physician, &give(&taken)).await, "id_taken");
        assert_eq!(told(&colleague, NoticeKind::Instructed).await, 1);
        let list: InstructionList = colleague.ask(&Command::ListInstructions(Nothing {})).await.expect("hers");
        let [one] = list.instructions.as_slice() else { panic!("one: {list:?}") };
        assert_eq!((one.patient.id, one.by.account, one.members.as_str()), (ask.patient, physician.me.account, "訪問看護の担当者"));
        let others: InstructionList = nurse.ask(&Command::ListInstructions(Nothing {})).await.expect("none");
        assert!(others.instructions.is_empty(), "not hers");

        // She opens it; nothing is written and nobody comes in before the physician takes part.
        assert_eq!(opens(&colleague, ask).await, RoomState::Draft);
        let room = ask.room;
        assert_eq!(stands(&colleague, room).await, (RoomState::Draft, Some(WaitsFor::Physician)));
        assert_eq!(cannot_write(&colleague, room).await, "physician_not_joined");
        let clerk = proposing(room, place(&colleague, room, &admin.me.name).await);
        assert_eq!(refused(&colleague, &Command::Propose(clerk.clone())).await, "physician_not_joined");
        assert_eq!(physician.card(room).await.expect("asked").membership, MemberState::Invited);
        let made: RoomMade = physician.ask(&joining(room)).await.expect("joined");
        assert_eq!(made.state, RoomState::Active);
        colleague.post(&draft(room, "よろしくお願いします")).await.expect("a post");

        // She manages it: proposes and approves; the office's administrator does not.
        let _: Done = colleague.ask(&Command::Propose(clerk.clone())).await.expect("proposed");
        assert_eq!(refused(&admin, &approval(clerk.invitation)).await, "not_timeline_manager");
        let _: Done = colleague.ask(&approval(clerk.invitation)).await.expect("approved");
        let _: RoomMade = admin.ask(&joining(room)).await.expect("joined");
        let release = Command::Release(ReleaseMember { room, account: admin.me.account, reason: "交代".into() });
        assert_eq!(refused(&nurse, &Command::WithdrawInstruction(WhichInstruction { instruction: order.instruction })).await, "not_found");
        for _ in 0..2 {
            let withdraw = Command::WithdrawInstruction(WhichInstruction { instruction: order.instruction });
            let _: Done = physician.ask(&withdraw).await.expect("withdrawn");
        }
        assert_eq!(refused(&colleague, &release).await, "not_timeline_manager", "the physician does from here on");
        let again = opening(registered(&physician).await, RoomKind::TimelineStaff, None);
        assert_eq!(refused(&colleague, &Command::OpenTimeline(again)).await, "not_found", "one instruction, one patient");
        let mut rows = Rows::of(&server).await;
        for (act, by) in [
            ("instructions.give", &physician),
            ("instructions.withdraw", &physician),
            ("rooms.stand", &physician),
        ] {
            let done: Vec<_> = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done").collect();
            assert_eq!(done.iter().map(|row| row.account).collect::<Vec<_>>(), [Some(by.me.account.0)], "{act}");
        }
        verifies(&server).await;
    }
}

promise! {
    // clause("001-guide§29-2")
    async fn somebody_asks_a_physician_whose_yes_opens_it(engine: Engine) {
        let server = Server::start_under(engine, &managed()).await;
        let (nurse, physician) = (server.person_anew("visiting_nurse").await, server.person_anew("physician").await);
        let (other, admin) = (server.person_anew(OTHER_PHYSICIAN).await, server.person_anew(CLERK).await);
        let colleague = server.person_anew(COLLEAGUE).await;
        let patient = registered(&nurse).await;
        let alone = opening(patient, RoomKind::TimelineStaff, None);
        assert_eq!(refused(&nurse, &Command::OpenTimeline(alone)).await, "physician_required");
        let ask = |who: AccountId| OpenTimeline { physician: Some(who), ..alone };
        assert_eq!(refused(&nurse, &Command::OpenTimeline(ask(AccountId(new_id())))).await, "not_found");
        assert_eq!(refused(&nurse, &Command::OpenTimeline(ask(colleague.me.account))).await, "physician_required");
        assert_eq!(opens(&nurse, ask(physician.me.account)).await, RoomState::Draft);
        let room = alone.room;
        assert_eq!(told(&physician, NoticeKind::OpeningAsked).await, 1);
        assert_eq!(cannot_write(&nurse, room).await, "physician_approval_missing");
        let waits = seen(&physician, room).await.expect("asked");
        assert_eq!((waits.label.as_str(), waits.is_mine, waits.by.account), ("藤波", true, nurse.me.account));

        // No: it stays as it is, and she is out of it until she is asked again.
        let (approve, reject) = (Command::ApproveOpening(which(room)), |why| Command::RejectOpening(staying(room, why)));
        for command in [&approve, &reject("いいえ")] {
            assert_eq!(refused(&nurse, command).await, "physician_required", "{}", command.name());
            assert_eq!(refused(&other, command).await, "not_found", "{}", command.name());
        }
        assert_eq!(refused(&physician, &reject(" ")).await, "reason_missing");
        let _: Done = physician.ask(&reject("診ていない")).await.expect("rejected");
        assert_eq!(told(&nurse, NoticeKind::OpeningRejected).await, 1);
        assert!(physician.card(room).await.is_none());
        assert_eq!(refused(&physician, &approve).await, "not_found");
        assert_eq!(cannot_write(&nurse, room).await, "physician_approval_missing");
        let mine = seen(&nurse, room).await.expect("hers");
        assert!(mine.is_rejected && mine.may_ask);

        // Yes: that person manages it, for the physician's office; written in it is when she takes part.
        let again = Command::AskPhysician(AskPhysician { room, physician: physician.me.account });
        assert_eq!(refused(&other, &again).await, "not_found");
        for _ in 0..2 {
            let _: Done = nurse.ask(&again).await.expect("asked again");
        }
        assert_eq!(told(&physician, NoticeKind::OpeningAsked).await, 2);
        for _ in 0..2 {
            let _: Done = physician.ask(&approve).await.expect("approved");
        }
        assert_eq!(told(&nurse, NoticeKind::OpeningApproved).await, 1);
        assert_eq!(stands(&nurse, room).await, (RoomState::Draft, Some(WaitsFor::Physician)));
        assert_eq!(cannot_write(&nurse, room).await, "physician_not_joined");
        let made: RoomMade = physician.ask(&joining(room)).await.expect("joined");
        assert_eq!(made.state, RoomState::Active);
        assert_eq!(stands(&nurse, room).await, (RoomState::Active, None));
        let ours = Command::ListTimelines(WhichOffice { office: office_of(&admin.me) });
        let list: TimelineList = admin.ask(&ours).await.expect("the physician's office answers for it");
        assert!(list.timelines.iter().any(|one| one.room == room));
        assert_eq!(refused(&nurse, &again).await, "control_held");
        assert_eq!(refused(&physician, &reject("やはり")).await, "invitation_decided");
        assert_eq!(refused(&admin, &archiving(room)).await, "not_timeline_manager");
        let _: Done = nurse.ask(&archiving(room)).await.expect("its manager stores it");
        let mut rows = Rows::of(&server).await;
        for (act, times) in [("rooms.approve_opening", 1), ("rooms.reject_opening", 1), ("rooms.ask_physician", 1)] {
            let done = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done" && row.room == Some(room.0));
            assert_eq!(done.count(), times, "{act}");
        }
        assert!(!format!("{:?}", rows.audit().await).contains("診ていない"), "reasons are sealed elsewhere");
        verifies(&server).await;
    }
}

promise! {
    // clause("001§29-5")
    async fn a_timeline_with_the_family_goes_on_only_with_a_physician_in_charge(engine: Engine) {
        let server = Server::start(engine).await;
        let (physician, nurse) = (server.person_anew("physician").await, server.person_anew("takanashi@demo.example").await);
        let (patient, wife) = (server.person_anew("takeo@demo.example").await, server.person_anew("kazuko@demo.example").await);
        let (admin, other) = (server.person_anew(CLERK).await, server.person_anew(OTHER_PHYSICIAN).await);
        let room = timeline(&nurse, "武雄", RoomKind::TimelineWithRecipient).await.id;
        let staff = timeline(&nurse, "武雄", RoomKind::TimelineStaff).await.id;

        // One is opened with a physician in charge, or not at all; and waits for her.
        let hers = registered(&admin).await;
        let alone = opening(hers, RoomKind::TimelineWithRecipient, None);
        assert_eq!(refused(&admin, &Command::OpenTimeline(alone)).await, "physician_required");
        let with = OpenTimeline { physician: Some(physician.me.account), ..alone };
        assert_eq!(opens(&admin, with).await, RoomState::Draft);
        assert_eq!(stands(&admin, with.room).await, (RoomState::Draft, Some(WaitsFor::Physician)));
        let made: RoomMade = physician.ask(&joining(with.room)).await.expect("joined");
        assert_eq!(made.state, RoomState::Active);

        // In one that was there before, a physician who takes part takes charge.
        let take = Command::TakeControl(which(room));
        assert_eq!(refused(&nurse, &take).await, "physician_required");
        assert_eq!(refused(&other, &take).await, "not_found");
        for _ in 0..2 {
            let _: Done = physician.ask(&take).await.expect("hers");
        }

        // Patient and family come in by her alone, and never into the timeline of the staff, which they do not see.
        let place_of = |who: &Person<'_>| who.me.affiliations[0].id;
        let into_staff = Command::Propose(proposing(staff, place_of(&patient)));
        assert_eq!(refused(&physician, &into_staff).await, "staff_timeline");
        assert_eq!(refused(&patient, &Command::OpenRoom(which(staff))).await, "not_found");
        let release = Command::Release(ReleaseMember { room, account: wife.me.account, reason: "しばらく休む".into() });
        let _: Done = physician.ask(&release).await.expect("released");
        let ask = proposing(room, place_of(&wife));
        let _: Done = admin.ask(&Command::Propose(ask.clone())).await.expect("proposed");
        assert_eq!(refused(&admin, &approval(ask.invitation)).await, "physician_required");
        let _: Done = physician.ask(&approval(ask.invitation)).await.expect("approved");
        let _: RoomMade = wife.ask(&joining(room)).await.expect("joined");

        // She pauses it and lets it go on; nobody else does.
        let pause = |why| Command::Pause(staying(room, why));
        for who in [&nurse, &patient] {
            assert_eq!(refused(who, &pause("やめて")).await, "physician_required");
            assert_eq!(refused(who, &Command::Resume(which(room))).await, "physician_required");
        }
        assert_eq!(refused(&physician, &pause(" ")).await, "reason_missing");
        for _ in 0..2 {
            let _: Done = physician.ask(&pause("相談のあいだ")).await.expect("paused");
        }
        assert_eq!(stands(&patient, room).await, (RoomState::Paused, Some(WaitsFor::Pause)));
        for who in [&patient, &nurse] {
            assert_eq!(cannot_write(who, room).await, "timeline_paused");
        }
        let _: Done = physician.ask(&Command::Resume(which(room))).await.expect("it goes on");
        patient.post(&draft(room, "ありがとう")).await.expect("a post");

        // She leaves: it rests with that act, until another physician is in charge.
        let _: Done = physician.ask(&Command::Leave(which(room))).await.expect("left");
        assert_eq!(stands(&patient, room).await, (RoomState::Paused, Some(WaitsFor::Control)));
        assert_eq!(cannot_write(&patient, room).await, "timeline_paused");
        assert_eq!(told(&admin, NoticeKind::PhysicianGone).await, 1);
        let asking = Command::AskPhysician(AskPhysician { room, physician: other.me.account });
        assert_eq!(refused(&nurse, &asking).await, "not_steward");
        let _: Done = admin.ask(&asking).await.expect("asked");
        assert_eq!(stands(&patient, room).await, (RoomState::Paused, Some(WaitsFor::Control)), "asked is not there");
        let made: RoomMade = other.ask(&joining(room)).await.expect("joined");
        assert_eq!(made.state, RoomState::Active);
        patient.post(&draft(room, "またお願いします")).await.expect("a post");

        // Released, the same; who takes part already takes charge herself.
        let back = proposing(room, place(&admin, room, &physician.me.name).await);
        let _: Done = admin.ask(&Command::Propose(back.clone())).await.expect("proposed");
        let _: Done = admin.ask(&approval(back.invitation)).await.expect("approved");
        let _: RoomMade = physician.ask(&joining(room)).await.expect("joined");
        assert_eq!(refused(&physician, &take).await, "control_held");
        let out = Command::Release(ReleaseMember { room, account: other.me.account, reason: "交代".into() });
        let _: Done = admin.ask(&out).await.expect("released");
        assert_eq!(stands(&patient, room).await, (RoomState::Paused, Some(WaitsFor::Control)));
        let _: Done = physician.ask(&take).await.expect("hers");
        assert_eq!(stands(&patient, room).await, (RoomState::Active, None));
        let mut rows = Rows::of(&server).await;
        for (act, times) in [("rooms.pause", 1), ("rooms.resume", 1), ("rooms.take_control", 2)] {
            let done = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done" && row.room == Some(room.0));
            assert_eq!(done.count(), times, "{act}");
        }
        verifies(&server).await;
    }
}
