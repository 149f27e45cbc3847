//! What the operator of the machine does with devices, for whoever has no admin at hand.

use super::certificates::revoke;
use super::list::shown;
use super::standing::{Turning, opens_incident};
use super::store;
use crate::accounts::Reason;
use crate::app::App;
use crate::crypto::device_authority::Fingerprint;
use crate::crypto::seal;
use crate::error::Result;
use crate::store::Tx;
use tsumugi_protocol::{Code, Device, DeviceId};

/// Every device of the ledger.
///
/// # Errors
/// When they cannot be read.
pub async fn all(app: &App) -> Result<Vec<Device>> {
    let mut view = app.store.view().await?;
    let mut devices = Vec::new();
    for row in store::devices(view.conn()).await? {
        devices.push(shown(app, view.conn(), row).await?);
    }
    Ok(devices)
}

/// Stops, releases or gives up one device; whether that changed anything.
///
/// # Errors
/// `not_found`, `reason_missing`.
pub async fn turn_as_operator(app: &App, id: DeviceId, turning: Turning, why: &str) -> Result<bool> {
    let why = Reason::read(why)?;
    ready(app, id).await?;
    let inner = app.clone();
    app.store
        .act(async move |tx: &mut Tx| -> Result<bool> {
            let device = store::device(tx.conn(), id).await?.ok_or(Code::NotFound)?;
            let (now, stopped) = (inner.clock.now(), device.clone());
            let is_turned = tx.turn_device(&inner, device, turning, &why, None, now).await?;
            if is_turned && turning == Turning::Stop {
                opens_incident(&inner, tx, &[stopped], &why, None, now).await?;
            }
            Ok(is_turned)
        })
        .await
}

/// Revokes a certificate; whether it stood until now.
///
/// # Errors
/// `not_found`, `reason_missing`.
pub async fn revoke_as_operator(app: &App, fingerprint: Fingerprint, why: &str) -> Result<bool> {
    let why = Reason::read(why)?;
    let found = {
        let mut view = app.store.view().await?;
        store::certificate(view.conn(), fingerprint).await?.ok_or(Code::NotFound)?
    };
    ready(app, found.device).await?;
    let inner = app.clone();
    app.store
        .act(async move |tx: &mut Tx| -> Result<bool> {
            let found = store::certificate(tx.conn(), fingerprint).await?.ok_or(Code::NotFound)?;
            revoke(&inner, tx, &found, &why, None).await
        })
        .await
}

/// Opens the key that the reason is sealed with, before the act.
async fn ready(app: &App, id: DeviceId) -> Result<()> {
    let mut view = app.store.view().await?;
    let device = store::device(view.conn(), id).await?.ok_or(Code::NotFound)?;
    app.keys.ready(seal::key_of(&device.sealed)?).await?;
    Ok(())
}
