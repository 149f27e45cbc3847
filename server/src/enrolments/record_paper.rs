//! Writing down where a paper is: that its original came to the desk, and that the office keeps a copy. What is written down stays, also
//! when the office, or whoever signed it, leaves: the duty goes on (000-form2§4).

use super::filled::day;
use super::standing::{Case, at_the_desk};
use super::store::{self, PaperRow};
use crate::accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::offices;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    Code, Done, EnrolmentState, Millis, PaperKind, RecordPaper, Refusal, RegionId, SignedHow,
};

/// Writes it down, in place of what was written down of it.
///
/// # Errors
/// `bad_field`; `not_found` for whoever is not of that office's desk, and for somebody who is not of that office;
/// `enrolment_not_open` for the case of an office that came to nothing; `account_restricted`.
pub async fn record_paper(app: &App, who: &Arc<Session>, ask: RecordPaper) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let paper = paper(&ask, now)?;
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let region = region(&inner, tx.conn(), &who, &ask).await?;
            tx.put_paper(ask.office, &paper, (Some(who.account), now)).await?;
            let entry = Entry {
                at: now,
                act: "enrolments.record_paper",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(region),
                subject: Some(ask.office.0),
                detail: Some(detail(&paper)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

fn paper(ask: &RecordPaper, now: Millis) -> Result<PaperRow, Refusal> {
    let bad = |field: &'static str| Refusal::new(Code::BadField).with("field", field);
    // What is signed on the form is signed by handing it in.
    if ask.how == SignedHow::Electronic {
        return Err(bad("how"));
    }
    if (ask.kind == PaperKind::AdminPledge) != ask.affiliation.is_some() {
        return Err(bad("affiliation"));
    }
    let signed_on = day(&ask.signed_on, "signed_on", now)?;
    let later = |typed: &Option<String>, field| -> Result<Option<String>, Refusal> {
        let Some(typed) = typed else { return Ok(None) };
        let on = day(typed, field, now)?;
        if on < signed_on { Err(bad(field)) } else { Ok(Some(on.to_string())) }
    };
    Ok(PaperRow {
        kind: ask.kind,
        affiliation: ask.affiliation,
        how: ask.how,
        received_on: later(&ask.received_on, "received_on")?,
        copy_kept_on: later(&ask.copy_kept_on, "copy_kept_on")?,
        signed_on: signed_on.to_string(),
    })
}

/// The region whose desk keeps the papers of that office, where it is the asker's and the paper somebody's of it.
async fn region(app: &App, conn: &mut Conn, who: &Session, ask: &RecordPaper) -> Result<RegionId> {
    let case = store::of_office(conn, ask.office).await?;
    let region = match &case {
        Some(row) => row.region,
        None => offices::store::office(conn, ask.office).await?.ok_or(Code::NotFound)?.region,
    };
    at_the_desk(conn, who, region).await?;
    let case = match case {
        Some(row) => Some(Case::of(app, conn, row).await?),
        None => None,
    };
    if case.as_ref().is_some_and(|case| case.row.state == EnrolmentState::Withdrawn) {
        return Err(Code::EnrolmentNotOpen.into());
    }
    let Some(place) = ask.affiliation else { return Ok(region) };
    let people = case.and_then(|case| case.body.form).map(|form| form.people).unwrap_or_default();
    let is_named = people.iter().any(|person| person.affiliation == place);
    let works_there =
        accounts::store::place(conn, place).await?.is_some_and(|place| place.office == Some(ask.office));
    if is_named || works_there { Ok(region) } else { Err(Code::NotFound.into()) }
}

fn detail(paper: &PaperRow) -> String {
    format!(
        r#"{{"kind":"{}","of":"{}","how":"{}","signed_on":"{}","received_on":"{}","copy_kept_on":"{}"}}"#,
        paper.kind.as_str(),
        paper.affiliation.map(|of| of.to_string()).unwrap_or_default(),
        paper.how.as_str(),
        paper.signed_on,
        paper.received_on.as_deref().unwrap_or_default(),
        paper.copy_kept_on.as_deref().unwrap_or_default(),
    )
}
