//! The desk deals with a change; a request for an id only once the person has pledged (004-form3※a).

use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::offices::store as offices;
use crate::pledges::store as places;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, StaffChangeKind, StaffForm, WhichStaffChange};

/// Writes down that it was dealt with. Dealt with already, nothing changes.
///
/// # Errors
/// As [`decide`]; `account_restricted`; `not_while_shared`.
pub async fn process(app: &App, who: &Arc<Session>, ask: WhichStaffChange) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let desks = offices::desks_of(tx.conn(), who.account).await?;
            let row = store::change(tx.conn(), ask.change).await?;
            let row = row.filter(|row| desks.contains(&row.change.region)).ok_or(Code::NotFound)?;
            let place = places::pledger(tx.conn(), row.change.affiliation).await?;
            let facts = Facts {
                is_processed: row.processed_at.is_some(),
                is_request: row.change.forms.split(',').any(|form| form == StaffForm::IdRequest.as_str()),
                has_left: row.change.kind == StaffChangeKind::Left
                    || place.as_ref().is_none_or(|it| it.has_ended),
                has_pledged: place.is_some_and(|place| place.pledged.is_some()),
            };
            if !decide(facts)? {
                return Ok(Done {});
            }
            tx.process_staff_change(ask.change, who.account, now).await?;
            let entry = Entry {
                at: now,
                act: "staff_changes.process",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(row.change.region),
                subject: Some(row.change.affiliation.0),
                detail: Some(format!(
                    r#"{{"change":"{}","kind":"{}"}}"#,
                    row.change.id,
                    row.change.kind.as_str()
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// What is known of a change.
#[derive(Debug, Clone, Copy)]
struct Facts {
    is_processed: bool,
    is_request: bool,
    has_left: bool,
    has_pledged: bool,
}

/// Whether there is anything to do.
///
/// # Errors
/// `pledge_missing`.
fn decide(facts: Facts) -> Result<bool, Code> {
    match facts {
        Facts { is_processed: true, .. } => Ok(false),
        Facts { is_request: true, has_left: false, has_pledged: false, .. } => Err(Code::PledgeMissing),
        Facts { .. } => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_desk_deals_with_by_table() {
        let facts = Facts { is_processed: false, is_request: true, has_left: false, has_pledged: false };
        for (facts, expected) in [
            (facts, Err(Code::PledgeMissing)),
            (Facts { has_pledged: true, ..facts }, Ok(true)),
            (Facts { has_left: true, ..facts }, Ok(true)),
            (Facts { is_request: false, ..facts }, Ok(true)),
            (Facts { is_processed: true, ..facts }, Ok(false)),
        ] {
            assert_eq!(decide(facts), expected, "{facts:?}");
        }
    }
}
