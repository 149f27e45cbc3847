//! Keeping a scan of the paper, sealed with the patient's key. Pictures are drawn anew; a PDF is kept as it came.

use super::store::{self, ScanRow};
use super::{ScanBody, for_staff, rules, telling};
use crate::accounts::Size;
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use base64ct::{Base64, Encoding};
use std::sync::Arc;
use tsumugi_protocol::{AttachScan, Code, ConsentState, Done, Refusal, limits};

/// A scan, fit to be kept.
#[derive(Clone)]
struct Scanned {
    media: &'static str,
    document: String,
}

/// Keeps it. A retry changes nothing.
///
/// # Errors
/// `account_restricted`; `not_found`; `staff_only`; `not_steward`; `consent_ended`; `id_taken`; `scans_full`; `too_large`,
/// `photo_not_readable`, `overloaded`.
pub async fn attach(app: &App, who: &Arc<Session>, ask: AttachScan) -> Result<Done> {
    who.let_write()?;
    {
        // Rules first: a picture is read only for whoever may keep it.
        let mut view = app.store.view().await?;
        if !attaching(app, view.conn(), who, &ask).await? {
            return Ok(Done {});
        }
    }
    let scanned = read(app, &ask.document).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            if !attaching(&inner, tx.conn(), &who, &ask).await? {
                return Ok(Done {});
            }
            let (row, towards) = for_staff(tx.conn(), &who, ask.consent).await?;
            let key = inner.keys.ready(seal::key_of(&towards.sealed)?).await?;
            let body = ScanBody { v: FORMAT, document: scanned.document.clone() };
            let new = ScanRow {
                id: ask.scan,
                consent: ask.consent,
                media: scanned.media.to_owned(),
                by: who.account,
                at: now,
            };
            tx.insert_scan(&new, &body.sealed(&key, ask.scan)?).await?;
            let more = format!(r#","scan":"{}""#, ask.scan);
            let about = (row.region, row.patient);
            let entry = telling::entry(("consents.attach", now), &who, about, (row.id, &more));
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// Whether there is anything to keep.
async fn attaching(app: &App, conn: &mut Conn, who: &Session, ask: &AttachScan) -> Result<bool> {
    let (row, towards) = for_staff(conn, who, ask.consent).await?;
    let profile = app.policies.named(&towards.profile)?;
    rules::keep(towards.is_of_office, profile.consent_obtainer)?;
    if let Some(there) = store::scan(conn, ask.scan).await? {
        let is_same = there.consent == ask.consent && there.by == who.account;
        return if is_same { Ok(false) } else { Err(Code::IdTaken.into()) };
    }
    if row.state != ConsentState::InForce {
        return Err(Code::ConsentEnded.into());
    }
    let many = store::scans(conn, ask.consent).await?.len();
    if i64::try_from(many).unwrap_or(i64::MAX) >= limits::SCANS {
        return Err(Refusal::new(Code::ScansFull).with("limit", limits::SCANS).into());
    }
    Ok(true)
}

/// How a PDF begins, in base64: `%PDF-1` and what follows.
const PDF: &str = "JVBERi";

async fn read(app: &App, sent: &str) -> Result<Scanned> {
    if !sent.starts_with(PDF) {
        let document = app.pictures.read(sent.to_owned(), Size::Document).await?.into_base64();
        return Ok(Scanned { media: "image/jpeg", document });
    }
    if sent.len() > limits::DOCUMENT_BYTES.div_ceil(3) * 4 {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::DOCUMENT_BYTES).into());
    }
    let bytes = Base64::decode_vec(sent).map_err(|_| Code::PhotoNotReadable)?;
    if !bytes.starts_with(b"%PDF-") {
        return Err(Code::PhotoNotReadable.into());
    }
    Ok(Scanned { media: "application/pdf", document: sent.to_owned() })
}
