//! Staff whom an administrator of the steward office lets correct what is kept of its patients (002-gl5).

use super::store;
use crate::accounts::store::PlaceRow;
use crate::accounts::{self, Reason};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::offices::Running;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, NameCorrector};

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Named,
    Released,
}

impl Wanted {
    const fn act(self) -> &'static str {
        match self {
            Self::Named => "patients.name_corrector",
            Self::Released => "patients.release_corrector",
        }
    }
}

/// Lets somebody of one's office correct. Named already, nothing changes.
///
/// # Errors
/// As [`decide`]; `reason_missing`; `bad_field`; `account_restricted`.
pub async fn name_corrector(app: &App, who: &Arc<Session>, ask: NameCorrector) -> Result<Done> {
    turn(app, who, ask, Wanted::Named).await
}

/// Lets her no longer. Not named, nothing changes.
///
/// # Errors
/// As [`name_corrector`].
pub async fn release_corrector(app: &App, who: &Arc<Session>, ask: NameCorrector) -> Result<Done> {
    turn(app, who, ask, Wanted::Released).await
}

async fn turn(app: &App, who: &Arc<Session>, ask: NameCorrector, wanted: Wanted) -> Result<Done> {
    who.let_write()?;
    let place = {
        let mut view = app.store.view().await?;
        turning(view.conn(), who, &ask, wanted).await?
    };
    let Some(place) = place else { return Ok(Done {}) };
    let reason = Reason::of(app, place.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let Some(place) = turning(tx.conn(), &who, &ask, wanted).await? else { return Ok(Done {}) };
            match wanted {
                Wanted::Named => tx.insert_corrector(place.id, who.account, now).await?,
                Wanted::Released => tx.forget_corrector(place.id).await?,
            }
            reason.write(tx, Some(who.account), wanted.act(), now).await?;
            let entry = Entry {
                at: now,
                act: wanted.act(),
                account: Some(who.account),
                session: Some(who.id),
                region: Some(place.region),
                subject: Some(place.account.0),
                detail: Some(format!(r#"{{"reason":"{}","affiliation":"{}"}}"#, reason.id.0, place.id)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// What is known of a place.
#[derive(Debug, Clone, Copy)]
struct Facts {
    running: Running,
    has_ended: bool,
    is_named: bool,
}

/// Whether there is anything to do.
///
/// # Errors
/// As [`Running::decide`]; `not_found` for a place that has ended.
fn decide(facts: Facts, wanted: Wanted) -> Result<bool, Code> {
    facts.running.decide()?;
    if facts.has_ended {
        return Err(Code::NotFound);
    }
    Ok(facts.is_named != (wanted == Wanted::Named))
}

/// The place it is about; nothing where there is nothing to do.
async fn turning(
    conn: &mut Conn,
    who: &Session,
    ask: &NameCorrector,
    wanted: Wanted,
) -> Result<Option<PlaceRow>> {
    let place = accounts::store::place(conn, ask.affiliation).await?;
    let office = place.as_ref().and_then(|place| place.office);
    let facts = Facts {
        running: Running::of(conn, who.account, office).await?,
        has_ended: place.as_ref().is_some_and(|place| place.has_ended),
        is_named: store::is_corrector(conn, ask.affiliation).await?,
    };
    Ok(if decide(facts, wanted)? { place } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_names_whom_by_table() {
        use Wanted::{Named, Released};
        let admin = Running { runs_it: true, is_admin: true };
        let other = Running { runs_it: false, ..admin };
        let nobody = Running { runs_it: false, is_admin: false };
        let facts = Facts { running: admin, has_ended: false, is_named: false };
        let named = Facts { is_named: true, ..facts };
        for (facts, wanted, expected) in [
            (facts, Named, Ok(true)),
            (named, Named, Ok(false)),
            (named, Released, Ok(true)),
            (facts, Released, Ok(false)),
            (Facts { has_ended: true, ..facts }, Named, Err(Code::NotFound)),
            (Facts { running: other, ..facts }, Named, Err(Code::OtherOffice)),
            (Facts { running: other, has_ended: true, ..facts }, Named, Err(Code::OtherOffice)),
            (Facts { running: nobody, ..named }, Released, Err(Code::OfficeAdminOnly)),
        ] {
            assert_eq!(decide(facts, wanted), expected, "{facts:?} {wanted:?}");
        }
    }
}
