//! Certificates of devices: issued by our own authority, or those of a configured one bound by their fingerprint.

use super::standing::note;
use super::store::{self, CertificateRow};
use super::{administered_device, authority, device_for, rules_of_office};
use crate::accounts::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::certificate::About;
use crate::crypto::device_authority::{Fingerprint, Made, Packing};
use crate::crypto::signing_request::RequestedKey;
use crate::error::{Fault, Result};
use crate::sessions::Session;
use crate::store::Tx;
use base64ct::{Base64, Encoding};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, CertifiedKey, CertifyKey, Code, DeviceId, DeviceState, Done, IssueCertificate,
    IssuedCertificate, Millis, Refusal, RegisterCertificate, RevokeCertificate, SessionId,
};

/// Issues a certificate for an approved device. Its key leaves with the answer and is kept nowhere.
///
/// # Errors
/// `step_up_required`; `other_office`, `device_not_registered` for one that is not approved. Nobody in `who` is the operator
/// of the machine.
pub async fn issue_certificate(
    app: &App,
    who: Option<&Arc<Session>>,
    ask: IssueCertificate,
) -> Result<IssuedCertificate> {
    let days = days_for(app, who, ask.device).await?;
    let (now, packing) = (app.clock.now(), if ask.legacy { Packing::Legacy } else { Packing::Modern });
    let authority = authority(app).await?;
    let issued = authority
        .issue(ask.device.0, now, days, packing)
        .map_err(|error| Fault::new("issuing a certificate", error))?;
    let row = row_of(ask.device, &issued.made);
    keep(app, who, row, ("devices.issue_certificate", &[DeviceState::Approved])).await?;
    Ok(IssuedCertificate {
        fingerprint: issued.made.fingerprint.to_string(),
        not_after: issued.made.not_after,
        pkcs12: Base64::encode_string(&issued.pkcs12),
        passphrase: issued.passphrase.reveal().to_owned(),
    })
}

/// Issues a certificate for an approved device whose key was made elsewhere: what is answered is no secret.
///
/// # Errors
/// As [`issue_certificate`]; `certificate_request_unfit`.
pub async fn certify(app: &App, who: Option<&Arc<Session>>, ask: CertifyKey) -> Result<CertifiedKey> {
    let days = days_for(app, who, ask.device).await?;
    let key = RequestedKey::of(&ask.request)
        .map_err(|unfit| Refusal::new(Code::CertificateRequestUnfit).with("reason", unfit.as_str()))?;
    let (certificate, made) = authority(app)
        .await?
        .certify(ask.device.0, app.clock.now(), days, &key)
        .map_err(|error| Fault::new("certifying a key", error))?;
    keep(app, who, row_of(ask.device, &made), ("devices.certify", &[DeviceState::Approved])).await?;
    let (fingerprint, not_after) = (made.fingerprint.to_string(), made.not_after);
    Ok(CertifiedKey { fingerprint, not_after, certificate })
}

/// How long a certificate of an approved device is good, for whoever may have one issued.
async fn days_for(app: &App, who: Option<&Arc<Session>>, device: DeviceId) -> Result<u32> {
    if let Some(who) = who {
        who.let_write()?;
        app.passkeys.fresh.require(who, app.clock.now())?;
    }
    let mut view = app.store.view().await?;
    let device = device_for(view.conn(), who, device).await?;
    if device.state != DeviceState::Approved {
        return Err(Code::DeviceNotRegistered.into());
    }
    Ok(rules_of_office(app, view.conn(), device.office).await?.certificate_days)
}

fn row_of(device: DeviceId, made: &Made) -> CertificateRow {
    CertificateRow {
        fingerprint: made.fingerprint,
        device,
        serial: Some(made.serial.to_vec()),
        not_after: made.not_after,
        revoked_at: None,
    }
}

/// Binds a certificate of an outside authority; whether that authority is trusted, and its device let in, is seen when it is
/// shown: until its approval nobody comes in with it.
///
/// # Errors
/// `step_up_required`; `bad_field` for what is none, `other_office`, `device_not_registered` for a device that is stopped or
/// given up, `id_taken`.
pub async fn register_certificate(app: &App, who: &Arc<Session>, ask: RegisterCertificate) -> Result<Done> {
    who.let_write()?;
    app.passkeys.fresh.require(who, app.clock.now())?;
    let wrong = || Refusal::new(Code::BadField).with("field", "certificate");
    let der = CertificateDer::from_pem_slice(ask.certificate.as_bytes()).map_err(|_| wrong())?;
    let about = About::of(&der).ok_or_else(wrong)?;
    let row = CertificateRow {
        fingerprint: Fingerprint::of(&der),
        device: ask.device,
        serial: None,
        not_after: about.until,
        revoked_at: None,
    };
    const STATES: &[DeviceState] = &[DeviceState::Applied, DeviceState::Approved];
    keep(app, Some(who), row, ("devices.register_certificate", STATES)).await?;
    Ok(Done {})
}

/// Keeps a certificate of a device that stands in one of these states.
async fn keep(
    app: &App,
    who: Option<&Arc<Session>>,
    row: CertificateRow,
    (act, states): (&'static str, &'static [DeviceState]),
) -> Result<()> {
    let (inner, who, now) = (app.clone(), who.cloned(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            if let Some(who) = &who {
                tx.let_stand(who)?;
            }
            let device = device_for(tx.conn(), who.as_ref(), row.device).await?;
            if !states.contains(&device.state) {
                return Err(Code::DeviceNotRegistered.into());
            }
            if store::certificate(tx.conn(), row.fingerprint).await?.is_some() {
                return Err(Code::IdTaken.into());
            }
            tx.insert_certificate(&row, now).await?;
            let entry = Entry {
                at: now,
                act,
                account: who.as_ref().map(|who| who.account),
                session: who.as_ref().map(|who| who.id),
                subject: Some(row.device.0),
                detail: Some(format!(r#"{{"certificate":"{}"}}"#, row.fingerprint)),
                ..Entry::default()
            };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}

/// Revokes a certificate: what was opened with it ends with the commit.
///
/// # Errors
/// `reason_missing`, `bad_field`, `other_office`, also for one that nobody knows.
pub async fn revoke_certificate(app: &App, who: &Arc<Session>, ask: RevokeCertificate) -> Result<Done> {
    who.let_write()?;
    let why = Reason::read(&ask.reason)?;
    let fingerprint = Fingerprint::read(&ask.fingerprint)
        .ok_or_else(|| Refusal::new(Code::BadField).with("field", "fingerprint"))?;
    {
        let mut view = app.store.view().await?;
        let found = store::certificate(view.conn(), fingerprint).await?.ok_or(Code::OtherOffice)?;
        let device = administered_device(view.conn(), who, found.device).await?;
        app.keys.ready(crate::crypto::seal::key_of(&device.sealed)?).await?;
    }
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = store::certificate(tx.conn(), fingerprint).await?.ok_or(Code::OtherOffice)?;
            administered_device(tx.conn(), &who, found.device).await?;
            revoke(&inner, tx, &found, &why, Some((who.account, who.id))).await?;
            Ok(Done {})
        })
        .await
}

/// Revokes one, inside an act; whether it stood until now.
///
/// # Errors
/// When the rows cannot be written.
pub async fn revoke(
    app: &App,
    tx: &mut Tx,
    found: &CertificateRow,
    why: &str,
    who: Option<(AccountId, SessionId)>,
) -> Result<bool> {
    const ACT: &str = "devices.revoke_certificate";
    let now = app.clock.now();
    if found.revoked_at.is_some() {
        return Ok(false);
    }
    tx.revoke_certificate(found.fingerprint, now).await?;
    let device = store::device(tx.conn(), found.device).await?;
    let device = device.ok_or_else(|| Fault::noticed("finding a certificate's device"))?;
    note(app, tx, &device, ACT, why, who.map(|(account, _)| account), now).await?;
    tx.end_sessions_bound_to(app, &found.fingerprint.0, "certificate_revoked", now).await?;
    let entry = Entry {
        at: now,
        act: ACT,
        account: who.map(|(account, _)| account),
        session: who.map(|(_, session)| session),
        subject: Some(found.device.0),
        detail: Some(format!(r#"{{"certificate":"{}"}}"#, found.fingerprint)),
        ..Entry::default()
    };
    app.audit.append(tx, &entry).await?;
    Ok(true)
}

/// The list of what our own authority issued and was revoked (PEM), for those who check elsewhere.
///
/// # Errors
/// When it cannot be read or made.
pub async fn revocation_list(app: &App) -> Result<String> {
    let authority = authority(app).await?;
    let revoked = {
        let mut view = app.store.view().await?;
        store::revoked(view.conn()).await?
    };
    let revoked: Vec<(Vec<u8>, Millis)> = revoked;
    authority
        .revocation_list(&revoked, app.clock.now())
        .map_err(|error| Fault::new("making a revocation list", error).into())
}
