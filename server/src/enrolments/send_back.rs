//! Sending a case back: the applicant gets a new link, and reads on the form what is wrong.

use super::rules::Step;
use super::standing::Case;
use crate::accounts::MailedForm;
use crate::app::App;
use crate::error::Result;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, Refusal, ReturnEnrolment, ReturnReason, limits};

/// Sends it back. Sent back already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`; `enrolment_not_open`; `mail_not_configured`; `account_restricted`.
pub async fn send_back(app: &App, who: &Arc<Session>, ask: ReturnEnrolment) -> Result<Done> {
    who.let_write()?;
    let reasons = reasons(&ask)?;
    let (inner, who, now, link) = (app.clone(), who.clone(), app.clock.now(), MailedForm::of(app));
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let mut case = Case::at_the_desk(&inner, tx.conn(), &who, ask.enrolment).await?;
            let Some(to) = case.step(Step::Return)? else { return Ok(Done {}) };
            if inner.outward.mail.is_none() {
                return Err(Code::MailNotConfigured.into());
            }
            case.body.reasons = reasons.clone();
            tx.step_enrolment(&inner, &case, to, (None, Some((who.account, now)))).await?;
            inner.audit.append(tx, &case.entry("enrolments.return", Some(&who), now)).await?;
            tx.mail_form(&inner, &case, &link, &who).await?;
            Ok(Done {})
        })
        .await
}

fn reasons(ask: &ReturnEnrolment) -> Result<Vec<ReturnReason>, Refusal> {
    if ask.reasons.is_empty() || ask.reasons.len() > limits::RETURN_REASONS {
        return Err(Code::ReasonMissing.into());
    }
    let reason = |reason: &ReturnReason| {
        let words = Text::short(&reason.words, limits::REASON_CHARS).ok_or(Code::ReasonMissing)?;
        Ok(ReturnReason { item: reason.item, words })
    };
    ask.reasons.iter().map(reason).collect()
}
