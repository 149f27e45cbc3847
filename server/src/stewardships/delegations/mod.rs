//! Delegations: another office acts for the steward as to a patient, within K-54 and never without a recorded approval (000§4b).

mod accept;
mod approve;
mod end;
mod give;
mod list;
pub(crate) mod store;

pub use accept::accept;
pub use approve::approve;
pub use end::end;
pub use give::give;

pub(super) use end::{end_with_steward, expire};
pub(super) use list::of_office;

use super::Sides;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::body_of;
use crate::error::Result;
use crate::notices::Notice;
use crate::policy::{Profile, StewardDelegation};
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use store::DelegationRow;
use tsumugi_protocol::{
    Approval, Code, DelegationId, DelegationState, Millis, NoticeKind, Refusal, RoomState, limits,
};

/// The approval, sealed with the room's key.
#[derive(Serialize, Deserialize)]
pub struct DelegationBody {
    /// Format of this object.
    pub v: u8,
    /// The medical institution.
    pub institution: String,
    /// Who approved there.
    pub approver: String,
    /// What shows it.
    pub evidence: String,
}

body_of!(DelegationBody, "delegations", DelegationId);

/// Whether the region knows delegations.
///
/// # Errors
/// `delegation_not_available`.
fn available(rules: &Profile) -> Result<(), Code> {
    match rules.steward_delegation {
        StewardDelegation::None => Err(Code::DelegationNotAvailable),
        StewardDelegation::WithInstitutionsApproval | StewardDelegation::ByPhysician => Ok(()),
    }
}

/// An approval as it was typed: its body and its day.
///
/// # Errors
/// `bad_field` with the field.
fn read(typed: &Approval, now: Millis) -> Result<(DelegationBody, String), Refusal> {
    let bad = |field: &'static str| Refusal::new(Code::BadField).with("field", field);
    let day = typed.approved_on.parse::<jiff::civil::Date>().ok();
    let day = day.filter(|day| super::today(now).is_some_and(|today| *day <= today));
    let body = DelegationBody {
        v: crate::bodies::FORMAT,
        institution: Text::line(&typed.institution, limits::NAME_CHARS).ok_or_else(|| bad("institution"))?,
        approver: Text::line(&typed.approver, limits::NAME_CHARS).ok_or_else(|| bad("approver"))?,
        evidence: Text::short(&typed.evidence, limits::REASON_CHARS).ok_or_else(|| bad("evidence"))?,
    };
    Ok((body, day.ok_or_else(|| bad("approved_on"))?.to_string()))
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The approval is recorded, by the steward.
    Approve,
    /// The other office agrees.
    Accept,
    /// Either ends it.
    End,
}

/// Whether there is anything to do.
///
/// # Errors
/// `other_office`; `offer_decided`.
fn decide(row: &DelegationRow, sides: Sides, step: Step, now: Millis) -> Result<bool, Code> {
    use DelegationState::{Active, Ended, Given};
    let is_hers = match step {
        Step::Approve => sides.gives,
        Step::Accept => sides.receives,
        Step::End => sides.gives || sides.receives,
    };
    match (row.state, step) {
        _ if !is_hers => Err(Code::OtherOffice),
        (Ended, Step::End) => Ok(false),
        (Ended, Step::Approve | Step::Accept) => Err(Code::OfferDecided),
        (Given | Active, _) if now >= row.until => Err(Code::OfferDecided),
        (Active, Step::Accept) => Ok(false),
        (Given | Active, Step::Approve) => Ok(row.approved_on.is_none()),
        (Given, Step::Accept) | (Given | Active, Step::End) => Ok(true),
    }
}

/// A delegation, for the administrators of both its offices.
///
/// # Errors
/// `not_found`; `signed_out`; `account_restricted`.
async fn at_the_door(tx: &mut Tx, who: &Session, id: DelegationId) -> Result<(DelegationRow, Sides)> {
    tx.let_stand(who)?;
    let row = store::delegation(tx.conn(), id).await?.ok_or(Code::NotFound)?;
    let sides = Sides::of(tx.conn(), who.account, (row.steward, row.delegate)).await?;
    if !sides.gives && !sides.receives {
        return Err(Code::NotFound.into());
    }
    who.let_write()?;
    Ok((row, sides))
}

/// What the audit says of an act about a delegation; nobody did what the clock does.
fn entry((act, at): (&'static str, Millis), who: Option<&Session>, row: &DelegationRow) -> Entry {
    Entry {
        at,
        act,
        account: who.map(|who| who.account),
        session: who.map(|who| who.id),
        region: Some(row.region),
        room: Some(row.room),
        subject: Some(row.delegate.0),
        detail: Some(format!(r#"{{"delegation":"{}","steward":"{}"}}"#, row.id, row.steward)),
        ..Entry::default()
    }
}

impl Tx {
    /// Those in the patient's timelines, and the administrators of both offices, hear that it begins or ends.
    async fn announce_delegation(&mut self, app: &App, row: &DelegationRow, kind: NoticeKind) -> Result<()> {
        for (room, state) in super::store::held(self.conn(), row.patient, row.steward).await? {
            if let Some(state) = RoomState::of(&state) {
                self.stir_room(app, room, state).await?;
            }
        }
        let told = (kind, row.delegate);
        let admins = self.tell_admins(app, told, &[row.steward, row.delegate], None).await?;
        let notice = Notice::of(kind).naming(super::name_of(app, self.conn(), row.delegate).await?);
        self.tell_those_in(app, (row.patient, notice), &admins).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{AccountId, OfficeId, PatientId, RegionId, RoomId};
    use uuid::Uuid;

    #[test]
    fn every_step_from_every_state_by_both_sides() {
        use {DelegationState::*, Step::*};
        let row = |state, approved: bool| DelegationRow {
            id: DelegationId(Uuid::nil()),
            room: RoomId(Uuid::nil()),
            region: RegionId(Uuid::nil()),
            profile: String::new(),
            patient: PatientId(Uuid::nil()),
            steward: OfficeId(Uuid::nil()),
            delegate: OfficeId(Uuid::nil()),
            state,
            sealed: None,
            approved_on: approved.then(|| "2026-03-01".to_owned()),
            given_by: AccountId(Uuid::nil()),
            until: Millis(1_000),
        };
        let gives = Sides { gives: true, receives: false };
        let receives = Sides { gives: false, receives: true };
        let (over, other) = (Err(Code::OfferDecided), Err(Code::OtherOffice));
        for (state, approved, sides, step, expected) in [
            (Given, false, gives, Approve, Ok(true)),
            (Active, false, gives, Approve, Ok(true)),
            (Active, true, gives, Approve, Ok(false)),
            (Given, false, receives, Approve, other),
            (Given, false, receives, Accept, Ok(true)),
            (Active, true, receives, Accept, Ok(false)),
            (Given, true, gives, Accept, other),
            (Given, true, gives, End, Ok(true)),
            (Active, true, receives, End, Ok(true)),
            (Ended, true, gives, End, Ok(false)),
            (Ended, true, receives, Accept, over),
            (Ended, false, gives, Approve, over),
        ] {
            let found = decide(&row(state, approved), sides, step, Millis(999));
            assert_eq!(found, expected, "{state:?} {sides:?} {step:?}");
        }
        assert_eq!(decide(&row(Given, true), receives, Accept, Millis(1_000)), over, "at the limit");
    }

    #[test]
    fn an_approval_says_who_when_and_what_shows_it() {
        // 2026-03-01 00:00 in Tokyo.
        let now = Millis(1_772_290_800_000);
        let whole = Approval {
            institution: "いとまき診療所".into(),
            approver: "鴇田 真一".into(),
            approved_on: "2026-03-01".into(),
            evidence: "承認書".into(),
        };
        assert_eq!(read(&whole, now).map(|(_, day)| day).ok().as_deref(), Some("2026-03-01"));
        for (typed, field) in [
            (Approval { institution: " ".into(), ..whole.clone() }, "institution"),
            (Approval { approver: String::new(), ..whole.clone() }, "approver"),
            (Approval { evidence: "\n".into(), ..whole.clone() }, "evidence"),
            (Approval { approved_on: "2026-03-02".into(), ..whole.clone() }, "approved_on"),
            (Approval { approved_on: "きのう".into(), ..whole.clone() }, "approved_on"),
        ] {
            let refused = read(&typed, now).err().map(|refusal| refusal.params["field"].clone());
            assert_eq!(refused.as_deref(), Some(field));
        }
    }
}
