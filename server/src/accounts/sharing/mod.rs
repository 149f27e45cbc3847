//! Accounts that several people use, where a region lets an office have one: a roster, and in each session one who acts
//! (000§11(2), 003§11※1,2; c-2, c-3).

mod act_as;
mod change_roster;
mod roster;
mod rules;
mod share;
mod stamp;
mod store;
mod unshare;

pub use act_as::act_as;
pub use change_roster::change_roster;
pub use roster::roster;
pub(super) use roster::shown_in;
pub use share::share;
pub use unshare::unshare;

use crate::accounts::Reason;
use crate::accounts::display_name::DisplayName;
use crate::accounts::link::{LinkPurpose, MailedLink};
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, body_of};
use crate::error::Result;
use crate::offices::OfficeBody;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, Code, Millis, Occupation, Refusal, RosterPerson, RosterPersonId, limits};

/// The sealed part of a line of a roster.
#[derive(Serialize, Deserialize)]
pub struct RosterBody {
    /// Format of this object.
    pub v: u8,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// Occupation.
    pub occupation: Occupation,
}

body_of!(RosterBody, "roster", RosterPersonId);

impl RosterBody {
    fn shown(self, id: RosterPersonId) -> RosterPerson {
        RosterPerson { id, name: self.name, kana: self.kana, occupation: self.occupation }
    }
}

/// The people of a roster as the audit names them: by id.
fn ids<'a>(of: impl Iterator<Item = &'a RosterPersonId>) -> String {
    of.map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(",")
}

/// The names of the offices that an account works for.
async fn offices_of(app: &App, conn: &mut Conn, account: AccountId) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for (office, sealed) in crate::accounts::passwords::store::offices_of(conn, account).await? {
        names.push(bodies::open::<OfficeBody>(app, office, &sealed).await?.name);
    }
    Ok(names)
}

/// Takes the lines of a roster as they were typed.
///
/// # Errors
/// `bad_field` for a name that cannot be shown, an id that stands twice, or too many; as [`DisplayName::decide`].
fn read(typed: &[RosterPerson], offices: &[String]) -> Result<Vec<RosterPerson>, Refusal> {
    let wrong = |row: usize| Refusal::new(Code::BadField).with("field", "roster").with("column", row);
    if typed.len() > limits::ROSTER {
        return Err(wrong(limits::ROSTER));
    }
    let mut ids = BTreeSet::new();
    let line = |(row, person): (usize, &RosterPerson)| {
        let name = Text::line(&person.name, limits::NAME_CHARS).ok_or_else(|| wrong(row))?;
        let kana = Text::line(&person.kana, limits::NAME_CHARS).ok_or_else(|| wrong(row))?;
        for office in offices {
            DisplayName { name: &name, office: Some(office) }.decide()?;
        }
        let is_staff = !matches!(person.occupation, Occupation::Patient | Occupation::Family);
        if is_staff && ids.insert(person.id) {
            Ok(RosterPerson { id: person.id, name, kana, occupation: person.occupation })
        } else {
            Err(wrong(row))
        }
    };
    typed.iter().enumerate().map(line).collect()
}

/// What becomes of an account whose sharers change: nobody goes on under the earlier roster, and whoever left comes in by
/// nothing she knows or holds. A link to a new password goes to the account's own address; without mail the operator makes one.
async fn changed_hands(
    app: &App,
    tx: &mut Tx,
    who: &Arc<Session>,
    (account, act): (AccountId, &'static str),
    reason: (&Reason, &str),
    now: Millis,
) -> Result<()> {
    let (reason, who_changed) = reason;
    let row = accounts::account(tx.conn(), account).await?.ok_or(Code::NotFound)?;
    tx.forget_password(account, now).await?;
    tx.delete_passkeys_of(account).await?;
    tx.end_all_links(account, now).await?;
    if app.outward.mail.is_some() {
        MailedLink::of(app, LinkPurpose::First).send(app, tx, &row, now).await?;
    }
    tx.end_sessions_of(app, account, None, "roster", now).await?;
    reason.write(tx, Some(who.account), act, now).await?;
    let entry = Entry {
        at: now,
        act,
        account: Some(who.account),
        session: Some(who.id),
        subject: Some(account.0),
        detail: Some(format!(r#"{{"reason":"{}",{who_changed}}}"#, reason.id.0)),
        ..Entry::default()
    };
    Ok(app.audit.append(tx, &entry).await?)
}
