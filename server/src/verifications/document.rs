//! The picture that somebody sent in: for the region's desk alone, and every look is in the audit before it.

use super::{DocumentBody, store};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, VerificationDocument, WhichVerification};

/// The document, as long as it is kept.
///
/// # Errors
/// `not_found` for whoever does not review there, and once it was erased; `not_for_yourself`.
pub async fn document(app: &App, who: &Arc<Session>, ask: WhichVerification) -> Result<VerificationDocument> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let sealed = app
        .store
        .act(async move |tx: &mut Tx| -> Result<Vec<u8>> {
            tx.let_stand(&who)?;
            let row = store::verification(tx.conn(), ask.verification).await?.ok_or(Code::NotFound)?;
            if !store::is_desk_of(tx.conn(), who.account, row.affiliation).await? {
                return Err(Code::NotFound.into());
            }
            if row.account == who.account {
                return Err(Code::NotForYourself.into());
            }
            let sealed = store::document(tx.conn(), ask.verification).await?.ok_or(Code::NotFound)?;
            let entry = Entry {
                at: now,
                act: "verifications.document",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(ask.verification.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(sealed)
        })
        .await?;
    let body: DocumentBody = bodies::open(app, ask.verification, &sealed).await?;
    Ok(VerificationDocument { image: body.image })
}
