//! Consents: what a patient agreed to, on paper, and what follows from it for her rooms (000§6, 001§16, 002-5).

mod attach;
mod complete;
mod gate;
mod of_patient;
mod paper;
mod record;
mod rules;
mod scan;
pub(crate) mod store;
mod telling;
mod template;
mod withdraw;

pub use attach::attach;
pub use complete::complete;
pub use gate::Sharing;
pub use of_patient::of_patient;
pub use record::record;
pub use scan::scan;
pub use template::template;
pub use withdraw::withdraw;

use crate::app::App;
use crate::bodies::{self, FORMAT, body_of};
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use serde::{Deserialize, Serialize};
use store::{ConsentRow, TowardsRow};
use tsumugi_protocol::{
    CardId, Code, ConsentCopy, ConsentId, ConsentInstruction, ConsentSignatory, ConsentWaiver, Explainer,
    Objection, PatientId, PersonKind, ScanId, Withdrawal,
};

/// The sealed part of a consent, under the patient's key.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct ConsentBody {
    /// Format of this object.
    pub v: u8,
    /// Who signed.
    pub signatories: Vec<ConsentSignatory>,
    /// Who explained it.
    pub explainer: Option<Explainer>,
    /// What was not agreed to.
    pub objections: Vec<Objection>,
    /// What stands for the form.
    pub waiver: Option<ConsentWaiver>,
    /// Who obtained it, as she was then.
    pub obtained_by: Option<CardId>,
    /// The physician's request.
    pub instructed: Option<ConsentInstruction>,
    /// Who holds a copy.
    pub copies: Vec<ConsentCopy>,
    /// What was withdrawn.
    pub withdrawals: Vec<Withdrawal>,
}

body_of!(ConsentBody, "consents", ConsentId);

impl ConsentBody {
    /// Of a row; one from before has nothing sealed.
    async fn of(app: &App, row: &ConsentRow) -> Result<Self> {
        match &row.sealed {
            Some(sealed) => bodies::open(app, row.id, sealed).await,
            None => Ok(Self { v: FORMAT, ..Self::default() }),
        }
    }
}

/// The sealed bytes of a scan.
#[derive(Serialize, Deserialize)]
pub(crate) struct ScanBody {
    /// Format of this object.
    pub v: u8,
    /// In base64.
    pub document: String,
}

body_of!(ScanBody, "consent_scans", ScanId);

impl TowardsRow {
    /// Whether she has anything to do with the patient.
    const fn is_of_concern(&self) -> bool {
        self.takes_part || self.is_admin || self.is_beside
    }

    /// Whether she sees the paper: the staff of the office that answers for the patient, and the patient's own people.
    const fn sees_paper(&self) -> bool {
        self.is_beside || self.is_admin || (self.takes_part && self.is_of_office)
    }
}

/// What somebody has to do with a patient: the same nothing where there is no such patient and where she is none of hers.
async fn at_the_door(conn: &mut Conn, who: &Session, patient: PatientId) -> Result<TowardsRow> {
    let found = store::towards(conn, who.account, patient).await?.filter(TowardsRow::is_of_concern);
    Ok(found.ok_or(Code::NotFound)?)
}

/// A consent of a patient whose staff she is; the same nothing where there is no such consent and where she is not.
async fn for_staff(conn: &mut Conn, who: &Session, id: ConsentId) -> Result<(ConsentRow, TowardsRow)> {
    let row = store::consent(conn, id).await?.ok_or(Code::NotFound)?;
    let towards = at_the_door(conn, who, row.patient).await?;
    if who.kind != PersonKind::Staff {
        return Err(Code::StaffOnly.into());
    }
    Ok((row, towards))
}
