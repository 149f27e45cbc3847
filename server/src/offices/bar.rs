//! Barring a person from the timelines of an office, and lifting it (000-note(2)b, 002-3.2(1)f): at once, with a reason, and
//! whatever office she works for, since it is about the timelines.

use super::running::Running;
use super::{OfficeBody, store};
use crate::accounts::{self, Reason, Seat};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::error::Result;
use crate::notices::Notice;
use crate::rooms;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{BarPerson, Code, Done, NoticeKind};

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Barred,
    Lifted,
}

impl Wanted {
    const fn act(self) -> &'static str {
        match self {
            Self::Barred => "offices.bar",
            Self::Lifted => "offices.lift_bar",
        }
    }

    const fn notice(self) -> NoticeKind {
        match self {
            Self::Barred => NoticeKind::Barred,
            Self::Lifted => NoticeKind::BarLifted,
        }
    }
}

/// Takes somebody out of every timeline that the office is steward of, and keeps her out. Barred already, nothing changes.
///
/// # Errors
/// As [`decide`]; `reason_missing`; `account_restricted`.
pub async fn bar(app: &App, who: &Arc<Session>, ask: BarPerson) -> Result<Done> {
    turn(app, who, ask, Wanted::Barred).await
}

/// Lets her back in; she reads from then on. Not barred, nothing changes.
///
/// # Errors
/// As [`bar`].
pub async fn lift_bar(app: &App, who: &Arc<Session>, ask: BarPerson) -> Result<Done> {
    turn(app, who, ask, Wanted::Lifted).await
}

async fn turn(app: &App, who: &Arc<Session>, ask: BarPerson, wanted: Wanted) -> Result<Done> {
    who.let_write()?;
    let facts = {
        let mut view = app.store.view().await?;
        facts(app, view.conn(), who, &ask).await?
    };
    if !decide(facts, wanted)? {
        return Ok(Done {});
    }
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            tx.hold_seats(ask.account).await?;
            if !decide(self::facts(&inner, tx.conn(), &who, &ask).await?, wanted)? {
                return Ok(Done {});
            }
            let office = store::office(tx.conn(), ask.office).await?.ok_or(Code::OtherOffice)?;
            let both = (ask.office, ask.account);
            let rooms = match wanted {
                Wanted::Barred => {
                    tx.insert_bar(ask.office, ask.account, now).await?;
                    tx.bar_from_timelines(&inner, both, who.account, now).await?
                }
                Wanted::Lifted => {
                    tx.delete_bar(ask.office, ask.account).await?;
                    tx.let_back_into_timelines(&inner, both, who.account, now).await?
                }
            };
            reason.write(tx, Some(who.account), wanted.act(), now).await?;
            let detail =
                format!(r#"{{"reason":"{}","office":"{}","rooms":{rooms}}}"#, reason.id.0, ask.office);
            let entry = Entry {
                at: now,
                act: wanted.act(),
                account: Some(who.account),
                session: Some(who.id),
                region: Some(office.region),
                subject: Some(ask.account.0),
                detail: Some(detail),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let name = bodies::open::<OfficeBody>(&inner, ask.office, &office.sealed).await?.name;
            Notice::of(wanted.notice()).naming(name).tell(&inner, tx, ask.account).await?;
            Ok(Done {})
        })
        .await
}

/// What is known of the two.
#[derive(Debug, Clone, Copy)]
struct Facts {
    running: Running,
    is_own: bool,
    /// She is or was in a timeline of the office, and her account is not closed.
    is_known_there: bool,
    is_barred: bool,
    /// Without her the office had too few admins who may see its timelines.
    is_needed_admin: bool,
}

/// Whether there is anything to do.
///
/// # Errors
/// As [`Running::decide`]; `not_for_yourself`; `not_found` for whoever never was in a timeline of the office, there or not;
/// `last_admin`.
fn decide(facts: Facts, wanted: Wanted) -> Result<bool, Code> {
    facts.running.decide()?;
    if facts.is_own {
        return Err(Code::NotForYourself);
    }
    if !facts.is_known_there {
        return Err(Code::NotFound);
    }
    match (facts.is_barred, wanted) {
        (false, Wanted::Barred) if facts.is_needed_admin => Err(Code::LastAdmin),
        (false, Wanted::Barred) | (true, Wanted::Lifted) => Ok(true),
        (true, Wanted::Barred) | (false, Wanted::Lifted) => Ok(false),
    }
}

async fn facts(app: &App, conn: &mut Conn, who: &Session, ask: &BarPerson) -> Result<Facts> {
    let running = Running::of(conn, who.account, Some(ask.office)).await?;
    let row = accounts::store::account(conn, ask.account).await?;
    let was_there = rooms::store::was_in_timelines_of(conn, ask.office, ask.account).await?;
    let is_barred = store::barred_since(conn, ask.office, ask.account).await?.is_some();
    let seats = Seat::all_of(app, conn, ask.account).await?;
    Ok(Facts {
        running,
        is_own: who.account == ask.account,
        // Who was barred can be let back in, also where the timelines have another steward since.
        is_known_there: (was_there || is_barred) && row.is_some_and(|row| !row.is_closed()),
        is_barred,
        is_needed_admin: seats.iter().any(|seat| seat.office == ask.office && seat.is_needed()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_bars_whom_by_table() {
        use Wanted::{Barred, Lifted};
        let admin = Running { runs_it: true, is_admin: true };
        let other = Running { runs_it: false, ..admin };
        let nobody = Running { runs_it: false, is_admin: false };
        let facts = Facts {
            running: admin,
            is_own: false,
            is_known_there: true,
            is_barred: false,
            is_needed_admin: false,
        };
        let needed = Facts { is_needed_admin: true, ..facts };
        let barred = Facts { is_barred: true, ..facts };
        for (facts, wanted, expected) in [
            (facts, Barred, Ok(true)),
            (barred, Barred, Ok(false)),
            (needed, Barred, Err(Code::LastAdmin)),
            (Facts { is_barred: true, ..needed }, Barred, Ok(false)),
            (Facts { is_barred: true, ..needed }, Lifted, Ok(true)),
            (barred, Lifted, Ok(true)),
            (facts, Lifted, Ok(false)),
            (Facts { is_known_there: false, ..facts }, Barred, Err(Code::NotFound)),
            (Facts { is_own: true, ..facts }, Barred, Err(Code::NotForYourself)),
            (Facts { is_own: true, ..barred }, Lifted, Err(Code::NotForYourself)),
            (Facts { running: other, ..facts }, Barred, Err(Code::OtherOffice)),
            (Facts { running: other, is_known_there: false, ..facts }, Barred, Err(Code::OtherOffice)),
            (Facts { running: nobody, ..barred }, Lifted, Err(Code::OfficeAdminOnly)),
        ] {
            assert_eq!(decide(facts, wanted), expected, "{facts:?} {wanted:?}");
        }
    }
}
