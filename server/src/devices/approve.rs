//! Letting a device in: its office's admin says so, once everything that the rules ask for is on record.

use super::register::sealed_permission;
use super::{DeviceBody, administered_device, rules_of_office, store};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::crypto::seal::KeyId;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{ApproveDevice, Code, DeviceState, Done};

/// Lets it in.
///
/// # Errors
/// `other_office`, `byod_forbidden`, `mobile_os_not_allowed`, `device_not_permitted`, `device_attestation_missing`, `remote_lock_required`,
/// `device_stopped` for one that has to be released instead, `device_not_registered` for one that was given up, `bad_field`, `account_restricted`.
pub async fn approve(app: &App, who: &Arc<Session>, ask: ApproveDevice) -> Result<Done> {
    who.let_write()?;
    let permission = {
        let mut view = app.store.view().await?;
        let device = administered_device(view.conn(), who, ask.device).await?;
        let key = store::key_of_office(view.conn(), device.office).await?;
        let key = app.keys.ready(KeyId(key)).await?;
        ask.permission.clone().map(|written| sealed_permission(&key, ask.device, written)).transpose()?
    };
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let mut device = administered_device(tx.conn(), &who, ask.device).await?;
            if let Some(declared) = &ask.attestations {
                device.attestations = declared.iter().copied().collect();
                device.attested_at = now;
            }
            device.permission = permission.clone().or(device.permission);
            match device.state {
                DeviceState::Stopped => return Err(Code::DeviceStopped.into()),
                // Who is given up does not come back.
                DeviceState::Retired => return Err(Code::DeviceNotRegistered.into()),
                DeviceState::Applied | DeviceState::Approved => {}
            }
            let said: DeviceBody = bodies::open(&inner, device.id, &device.sealed).await?;
            rules_of_office(&inner, tx.conn(), device.office).await?.may_approve(&device, &said)?;
            device.state = DeviceState::Approved;
            tx.set_device(&device).await?;
            let entry = Entry {
                at: now,
                act: "devices.approve",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(device.id.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}
