//! A scan of the paper: for those whose paper it is, and every look is in the audit before it.

use super::{ScanBody, at_the_door, store, telling};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, ScanDocument, WhichScan};

/// Its bytes: for the staff who care for the patient in the office that answers for her, its administrators, and the patient's
/// own people.
///
/// # Errors
/// `not_found`, there or not.
pub async fn scan(app: &App, who: &Arc<Session>, ask: WhichScan) -> Result<ScanDocument> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let (media, sealed) = app
        .store
        .act(async move |tx: &mut Tx| -> Result<(String, Vec<u8>)> {
            tx.let_stand(&who)?;
            let row = store::scan(tx.conn(), ask.scan).await?.ok_or(Code::NotFound)?;
            let consent = store::consent(tx.conn(), row.consent).await?.ok_or(Code::NotFound)?;
            if !at_the_door(tx.conn(), &who, consent.patient).await?.sees_paper() {
                return Err(Code::NotFound.into());
            }
            let sealed = store::scanned(tx.conn(), ask.scan).await?.ok_or(Code::NotFound)?;
            let more = format!(r#","scan":"{}""#, ask.scan);
            let about = (consent.region, consent.patient);
            let entry = telling::entry(("consents.scan", now), &who, about, (consent.id, &more));
            inner.audit.append(tx, &entry).await?;
            Ok((row.media, sealed))
        })
        .await?;
    let body: ScanBody = bodies::open(app, ask.scan, &sealed).await?;
    Ok(ScanDocument { media, document: body.document })
}
