//! The two doors, and the commands that name a room.

use super::link::Link;
use super::person::{Person, confirmed};
use super::rooms::new_id;
use serde_json::Value;
use tsumugi_protocol::command::Door as Doors;
use tsumugi_protocol::{
    AcceptRoom, AccountId, AcknowledgeAgreement, AffiliationId, AgreedUse, AgreementTerms, ArchiveRoom,
    ArchiveWhy, AskCandidates, AskPage, AskPhysician, AskSince, Change, Command, DeclineRoom, DelegationId,
    Draft, ErasureId, Focus, GiveDelegation, History, InvitationId, MarkRead, OfficeId, PageAt, PatientId,
    PermitFrom, PermitId, Position, PostId, Propose, ProposeTransfer, RecordPermit, ReleaseMember,
    RequestErasure, RestoreRoom, ReviewId, RoomId, SetAgreement, SignReview, StayTimeline, TransferId,
    WhichRoom, Wisher,
};

/// A way to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Http,
    Link,
}

impl Door {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Http, Self::Link];

    /// Whether the command may come through it.
    pub fn takes(self, command: &Command) -> bool {
        match (self, command.door()) {
            (_, Doors::Both) | (Self::Http, Doors::Http) | (Self::Link, Doors::Link) => true,
            (Self::Http, Doors::Link) | (Self::Link, Doors::Http) => false,
        }
    }

    /// Asks through it; the code of the refusal, or `ok`.
    pub async fn code(self, person: &Person<'_>, link: &Link, command: &Command) -> String {
        let answer = match self {
            Self::Http => person.ask::<Value>(command).await,
            Self::Link => link.ask::<Value>(command).await,
        };
        answer.err().map_or_else(|| "ok".to_owned(), |refused| refused.code)
    }
}

/// Every command that names a room, about this one. A new command that is missing here fails
/// `strangers::every_command_that_names_a_room_is_tried`.
pub fn room_commands(room: RoomId, text: &str, token: Option<&str>) -> Vec<Command> {
    let which = WhichRoom { room };
    let page = |at| Command::PageRoom(AskPage { room, at, limit: None });
    let draft = Draft { room, post: PostId(new_id()), text: text.to_owned(), reply_to: None, about: None };
    let reply = Draft { reply_to: Some(PostId(new_id())), ..draft.clone() };
    vec![
        Command::OpenRoom(which),
        page(PageAt::End),
        page(PageAt::Before(Position(2))),
        page(PageAt::After(Position(0))),
        page(PageAt::Around(Position(1))),
        Command::RoomSince(AskSince { room, change: Change(0), limit: None }),
        Command::RoomSince(AskSince { room, change: Change(1_000_000), limit: Some(1) }),
        Command::MarkRead(MarkRead { room, position: Position(1) }),
        Command::Focus(Focus { room: Some(room) }),
        Command::Accept(AcceptRoom { room, takes_part: true }),
        Command::ListMembers(which),
        Command::Decline(DeclineRoom { room, reason: Some(text.to_owned()) }),
        Command::Leave(which),
        Command::Release(ReleaseMember { room, account: AccountId(new_id()), reason: text.to_owned() }),
        Command::ListCandidates(AskCandidates { room, email: None }),
        Command::ListCandidates(AskCandidates { room, email: Some("kamiya@demo.example".to_owned()) }),
        Command::Propose(Propose {
            invitation: InvitationId(new_id()),
            room,
            affiliation: AffiliationId(new_id()),
            email: None,
            involvement: text.to_owned(),
            message: String::new(),
            history: History::FromStart,
        }),
        Command::ListInvitations(which),
        Command::Archive(ArchiveRoom { room, why: ArchiveWhy::CareEnded, reason: text.to_owned() }),
        Command::Restore(RestoreRoom { room, reason: text.to_owned() }),
        Command::ShowAgreement(which),
        Command::SetAgreement(SetAgreement { room, version: 1, terms: terms(text) }),
        Command::AcknowledgeAgreement(AcknowledgeAgreement { room, version: 1 }),
        Command::RecordPermit(RecordPermit {
            permit: PermitId(new_id()),
            room,
            patient: PatientId(new_id()),
            from: PermitFrom::Patient,
            on: "2024-05-01".to_owned(),
            note: text.to_owned(),
        }),
        Command::ListPermits(which),
        Command::AskPhysician(AskPhysician { room, physician: AccountId(new_id()) }),
        Command::ApproveOpening(which),
        Command::RejectOpening(StayTimeline { room, reason: text.to_owned() }),
        Command::Pause(StayTimeline { room, reason: text.to_owned() }),
        Command::Resume(which),
        Command::TakeControl(which),
        Command::RequestErasure(RequestErasure {
            erasure: ErasureId(new_id()),
            room,
            wisher: Wisher::Office,
            name: None,
            relation: None,
            given_on: "2026-01-01".to_owned(),
            evidence: text.to_owned(),
        }),
        Command::ListOfficeChoices(which),
        Command::ProposeTransfer(ProposeTransfer {
            transfer: TransferId(new_id()),
            room,
            to: OfficeId(new_id()),
            reason: text.to_owned(),
        }),
        Command::GiveDelegation(GiveDelegation {
            delegation: DelegationId(new_id()),
            room,
            to: OfficeId(new_id()),
            until: "2999-12-31".to_owned(),
            approval: None,
        }),
        Command::SignReview(SignReview {
            review: ReviewId(new_id()),
            room,
            kept: vec![AccountId(new_id())],
            released: Vec::new(),
            reason: None,
        }),
        Command::Preview(draft.clone()),
        Command::Preview(reply.clone()),
        Command::Send(confirmed(&draft, None)),
        Command::Send(confirmed(&draft, token)),
        Command::Send(confirmed(&reply, token)),
    ]
}

fn terms(text: &str) -> AgreementTerms {
    AgreementTerms {
        aim: text.to_owned(),
        usage: text.to_owned(),
        hours: None,
        secondary_use: AgreedUse::None,
    }
}
