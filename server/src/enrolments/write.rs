//! Writing down what came to the desk by post or fax (003§guide-①2a): it counts as handed in. Nobody signs on the form by that.

use super::filled::Filled;
use super::rules::Step;
use super::standing::Case;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, EnrolmentForm, WriteEnrolment};

/// Writes it down, in place of what was there.
///
/// # Errors
/// `not_found`; `enrolment_not_open`; as [`Filled::whole`]; `account_restricted`.
pub async fn write(app: &App, who: &Arc<Session>, ask: WriteEnrolment) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let mut case = Case::at_the_desk(&inner, tx.conn(), &who, ask.enrolment).await?;
            let to = case.step(Step::Write)?.ok_or(Code::EnrolmentNotOpen)?;
            let form = EnrolmentForm { signs_application: false, signs_pledge: false, ..ask.form.clone() };
            let filled = Filled::whole(form, &case.rules, now)?;
            case.body.form = Some(filled.0);
            tx.step_enrolment(&inner, &case, to, (Some(now), None)).await?;
            tx.keep_signatures(&case, Some(who.account), now).await?;
            inner.audit.append(tx, &case.entry("enrolments.write", Some(&who), now)).await?;
            Ok(Done {})
        })
        .await
}
