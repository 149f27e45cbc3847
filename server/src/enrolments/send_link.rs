//! Mailing links anew: that to the form or, once the office is there, those of its first people who have not come in.

use super::rules::Step;
use super::standing::Case;
use super::store;
use crate::accounts::{self, Address, LinkPurpose, MailedForm, MailedLink};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, EnrolmentState, WhichEnrolment};

/// Mails them; those that were mailed before are good no more.
///
/// # Errors
/// `not_found`; `enrolment_not_open` while the desk looks at the case, and for one that came to nothing; `mail_not_configured`;
/// `account_restricted`.
pub async fn send_link(app: &App, who: &Arc<Session>, ask: WhichEnrolment) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now, link) = (app.clone(), who.clone(), app.clock.now(), MailedForm::of(app));
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let case = Case::at_the_desk(&inner, tx.conn(), &who, ask.enrolment).await?;
            let is_there = case.row.state == EnrolmentState::Accepted;
            if !is_there {
                case.step(Step::Fill)?;
            }
            if inner.outward.mail.is_none() {
                return Err(Code::MailNotConfigured.into());
            }
            inner.audit.append(tx, &case.entry("enrolments.send_link", Some(&who), now)).await?;
            if !is_there {
                return tx.mail_form(&inner, &case, &link, &who).await.map(|()| Done {});
            }
            for account in store::not_come_in(tx.conn(), case.row.id).await? {
                let Some(row) = accounts::store::account(tx.conn(), account).await? else { continue };
                let first =
                    MailedLink::of(&inner, LinkPurpose::First).good_for(case.profile.enrolment_span());
                first.send(&inner, tx, &row, now).await?;
            }
            Ok(Done {})
        })
        .await
}

impl Tx {
    /// Mails a new link to a case's form; the one before is good no more.
    pub(super) async fn mail_form(
        &mut self,
        app: &App,
        case: &Case,
        link: &MailedForm,
        who: &Session,
    ) -> Result<()> {
        let until = app.clock.now().plus(case.profile.enrolment_span());
        self.relink_enrolment(case.row.id, link.hash(), until).await?;
        let Some(to) = Address::read(&case.body.email) else { return Ok(()) };
        let key = case.key(app).await?;
        link.send(app, self, (to, case.row.lang, until), (who.account, &key)).await
    }
}
