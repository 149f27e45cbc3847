//! A pledge on paper, or one that another stands for (000§9b, 001§15b, 003§9b): written down by the office's administrator or the
//! region's desk, never by the person herself.

use super::Day;
use super::give::{Custody, NewPledge};
use super::store::{self, Pledger};
use crate::accounts::{self, AccountBody, Address};
use crate::app::App;
use crate::bodies;
use crate::error::{Fault, Result};
use crate::offices::Running;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, PledgeWay, RecordPledge, Refusal, limits};

/// Writes it down; the rooms of the place open with it where nothing else is missing.
///
/// # Errors
/// `bad_field`; as [`Running::admin_or_desk`] and [`decide`]; `id_taken`; `account_restricted`; `not_while_shared`.
pub async fn record(app: &App, who: &Arc<Session>, ask: RecordPledge) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let now = app.clock.now();
    let on = Day::read(&ask.on, "on", now)?;
    let custody = custody(&ask)?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let place = store::pledger(tx.conn(), ask.affiliation).await?;
            Running::admin_or_desk(tx.conn(), who.account, place.as_ref().map(|it| it.office)).await?;
            let place = place.filter(|place| !place.has_ended).ok_or(Code::OtherOffice)?;
            if let Some(stood) = store::pledge(tx.conn(), ask.pledge).await? {
                let is_same = stood.affiliation == place.id && stood.way == ask.way;
                let is_same = is_same && stood.given_on == on.0.to_string();
                return if is_same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            let rules = inner.policies.named(&place.profile)?;
            decide(Facts {
                way: ask.way,
                is_own: place.account == who.account,
                may_be_waived: rules.staff_pledge_waiver,
                has_document: custody.document.is_some(),
                is_her_address: is_hers(&inner, tx.conn(), &place, ask.email.as_deref()).await?,
            })?;
            let new = NewPledge { id: ask.pledge, way: ask.way, on, custody: custody.clone() };
            tx.pledge(&inner, (&place, &rules), new, (&who, "pledges.record"), now).await?;
            Ok(Done {})
        })
        .await
}

fn custody(ask: &RecordPledge) -> Result<Custody, Refusal> {
    let line = |typed: &str, field| {
        Text::line(typed, limits::NAME_CHARS).ok_or_else(|| Refusal::new(Code::BadField).with("field", field))
    };
    let optional = |typed: Option<&str>, field| typed.map(|typed| line(typed, field)).transpose();
    Ok(Custody {
        original_with: Some(line(&ask.original_with, "original_with")?),
        copy_with: optional(ask.copy_with.as_deref(), "copy_with")?,
        document: optional(ask.document.as_deref(), "document")?,
    })
}

/// Whether the address on a paper, where it names one, is the account's (004-form2-fields).
async fn is_hers(app: &App, conn: &mut Conn, place: &Pledger, typed: Option<&str>) -> Result<bool> {
    let Some(typed) = typed else { return Ok(true) };
    let account = accounts::store::account(conn, place.account).await?;
    let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
    let body: AccountBody = bodies::open(app, account.id, &account.sealed).await?;
    Ok(Address::read(typed).is_some_and(|address| address.as_str() == body.email))
}

/// What is known of a record.
#[derive(Debug, Clone, Copy)]
struct Facts {
    way: PledgeWay,
    is_own: bool,
    may_be_waived: bool,
    has_document: bool,
    is_her_address: bool,
}

/// Whether it may be kept.
///
/// # Errors
/// `not_for_yourself`; `bad_field` for what only the person herself gives, and for a waiver that names no document;
/// `pledge_waiver_forbidden` (K-25); `email_mismatch`.
fn decide(facts: Facts) -> Result<(), Refusal> {
    let wrong = |field| Err(Refusal::new(Code::BadField).with("field", field));
    match facts {
        Facts { is_own: true, .. } => Err(Code::NotForYourself.into()),
        Facts { way: PledgeWay::Given, .. } => wrong("way"),
        Facts { way: PledgeWay::Waived, may_be_waived: false, .. } => Err(Code::PledgeWaiverForbidden.into()),
        Facts { way: PledgeWay::Waived, has_document: false, .. } => wrong("document"),
        Facts { is_her_address: false, .. } => Err(Code::EmailMismatch.into()),
        Facts { way: PledgeWay::Paper | PledgeWay::Waived, .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_by_table() {
        let paper = Facts {
            way: PledgeWay::Paper,
            is_own: false,
            may_be_waived: false,
            has_document: false,
            is_her_address: true,
        };
        let waived = Facts { way: PledgeWay::Waived, may_be_waived: true, has_document: true, ..paper };
        for (facts, expected) in [
            (paper, None),
            (Facts { is_her_address: false, ..paper }, Some(Code::EmailMismatch)),
            (Facts { is_own: true, ..paper }, Some(Code::NotForYourself)),
            (Facts { way: PledgeWay::Given, ..paper }, Some(Code::BadField)),
            (waived, None),
            (Facts { may_be_waived: false, ..waived }, Some(Code::PledgeWaiverForbidden)),
            (Facts { has_document: false, ..waived }, Some(Code::BadField)),
            (Facts { is_own: true, ..waived }, Some(Code::NotForYourself)),
        ] {
            assert_eq!(decide(facts).err().map(|refusal| refusal.code), expected, "{facts:?}");
        }
    }
}
