//! Stewardship: which office answers for a patient, how that passes to another one, and who acts for it meanwhile (000§4, 002-5.3).

mod accept;
mod choices;
mod complete;
mod decline;
pub mod delegations;
mod lapse;
mod of_office;
mod passing;
mod propose;
mod rules;
pub(crate) mod store;
mod withdraw;

pub use accept::accept;
pub use choices::choices;
pub use complete::complete;
pub use decline::decline;
pub use lapse::lapse;
pub use of_office::of_office;
pub use propose::propose;
pub use withdraw::withdraw;

use crate::accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body};
use crate::crypto::seal::Place;
use crate::error::{Fault, Result};
use crate::notices::{self, Notice};
use crate::offices::{self, OfficeBody};
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::TransferRow;
use tsumugi_protocol::{AccountId, Code, Millis, NoticeKind, OfficeId, RegionId, TransferId};

/// Why it is proposed, sealed with the room's key.
#[derive(Serialize, Deserialize)]
pub struct TransferBody {
    /// Format of this object.
    pub v: u8,
    /// The reason.
    pub reason: String,
}

crate::bodies::body_of!(TransferBody, "transfers", TransferId);

/// Why it was declined, sealed likewise.
#[derive(Serialize, Deserialize)]
pub struct AnswerBody {
    /// Format of this object.
    pub v: u8,
    /// The reason.
    pub reason: String,
}

impl Body for AnswerBody {
    type Row = TransferId;

    fn place(row: TransferId) -> Place<'static> {
        Place { table: "transfers.answer", row: row.0, author: None }
    }

    fn format(&self) -> u8 {
        self.v
    }
}

/// Which of two offices somebody runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sides {
    /// The one that gives.
    gives: bool,
    /// The one that receives.
    receives: bool,
}

impl Sides {
    /// What an account is to both.
    async fn of(conn: &mut Conn, account: AccountId, (from, to): (OfficeId, OfficeId)) -> Result<Self> {
        let run = accounts::store::offices_administered(conn, account).await?;
        Ok(Self { gives: run.contains(&from), receives: run.contains(&to) })
    }
}

/// A transfer, for the administrators of both its offices; the same nothing for everybody else and where there is none.
///
/// # Errors
/// `not_found`; `signed_out`; `account_restricted`.
async fn at_the_door(tx: &mut Tx, who: &Session, id: TransferId) -> Result<(TransferRow, Sides)> {
    tx.let_stand(who)?;
    let row = store::transfer(tx.conn(), id).await?.ok_or(Code::NotFound)?;
    let sides = Sides::of(tx.conn(), who.account, (row.from, row.to)).await?;
    if !sides.gives && !sides.receives {
        return Err(Code::NotFound.into());
    }
    who.let_write()?;
    Ok((row, sides))
}

/// What the audit says of an act about a transfer.
fn entry((act, at): (&'static str, Millis), who: &Session, row: &TransferRow, rules: &Profile) -> Entry {
    Entry {
        at,
        act,
        account: Some(who.account),
        session: Some(who.id),
        region: Some(row.region),
        room: Some(row.room),
        subject: Some(row.to.0),
        profile: Some(rules.name()),
        detail: Some(format!(r#"{{"transfer":"{}","from":"{}"}}"#, row.id, row.from)),
        ..Entry::default()
    }
}

impl TransferRow {
    /// The rules of its region.
    fn rules(&self, app: &App) -> Result<Arc<Profile>> {
        Ok(app.policies.named(&self.profile)?)
    }
}

/// An office's name.
async fn name_of(app: &App, conn: &mut Conn, office: OfficeId) -> Result<String> {
    let row = offices::store::office(conn, office).await?;
    let row = row.ok_or_else(|| Fault::noticed("finding an office of a transfer"))?;
    Ok(bodies::open::<OfficeBody>(app, office, &row.sealed).await?.name)
}

impl Tx {
    /// Tells the administrators of offices something that names one of them; nobody twice, and not that one.
    async fn tell_admins(
        &mut self,
        app: &App,
        (kind, named): (NoticeKind, OfficeId),
        of: &[OfficeId],
        but: Option<AccountId>,
    ) -> Result<BTreeSet<AccountId>> {
        let mut told = BTreeSet::new();
        for office in of {
            told.extend(notices::store::admins_of_office(self.conn(), *office).await?);
        }
        let notice = Notice::of(kind).naming(name_of(app, self.conn(), named).await?);
        for account in told.iter().filter(|account| Some(**account) != but) {
            notice.tell(app, self, *account).await?;
        }
        Ok(told)
    }
}

/// Whether an office of a region may be asked: one whose administrator has come in and may act.
async fn may_be_asked(conn: &mut Conn, region: RegionId, office: OfficeId) -> Result<bool> {
    let admins = offices::store::admins_of_region(conn, region).await?;
    Ok(admins.into_iter().any(|(one, _, acts)| one == office && acts))
}

/// The day it is where the service is used.
fn today(now: Millis) -> Option<Date> {
    let now = jiff::Timestamp::from_millisecond(now.0).ok()?;
    Some(now.in_tz("Asia/Tokyo").ok()?.date())
}
