//! Taking devices out of use, one, several or all of an office, and letting them in again (001§19-4a).

use super::store::{self, DeviceRow};
use super::{DeviceReason, ReasonId, administered, administered_device, reason};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::random;
use crate::crypto::seal::KeyId;
use crate::error::{Fault, Result};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{AccountId, DeviceState, HowMany, Millis, WhichDevices};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turning {
    /// Out of use.
    Stop,
    /// Back into use.
    Release,
}

impl Turning {
    fn act(self) -> &'static str {
        match self {
            Self::Stop => "devices.stop",
            Self::Release => "devices.release",
        }
    }

    /// The state a device comes to, if that is a change. What was never let in is let in by approval only.
    fn state_after(self, now: DeviceState) -> Option<DeviceState> {
        match (self, now) {
            (Self::Stop, DeviceState::Applied | DeviceState::Approved) => Some(DeviceState::Stopped),
            (Self::Release, DeviceState::Stopped) => Some(DeviceState::Approved),
            _ => None,
        }
    }
}

/// Takes devices out of use: their sessions end with the commit, in memory, in the rows and on open links.
///
/// # Errors
/// `other_office`, `bad_field` without a reason.
pub async fn stop(app: &App, who: &Arc<Session>, ask: WhichDevices) -> Result<HowMany> {
    turned(app, who, ask, Turning::Stop).await
}

/// Lets stopped devices in again; whoever signs in from one shows everything anew.
///
/// # Errors
/// As [`stop`].
pub async fn release(app: &App, who: &Arc<Session>, ask: WhichDevices) -> Result<HowMany> {
    turned(app, who, ask, Turning::Release).await
}

async fn turned(app: &App, who: &Arc<Session>, ask: WhichDevices, turning: Turning) -> Result<HowMany> {
    let why = reason(&ask.reason)?;
    let keys = {
        let mut view = app.store.view().await?;
        chosen(view.conn(), who, &ask).await?
    };
    ready(app, &keys).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<HowMany> {
            tx.let_stand(&who)?;
            let mut devices = 0;
            for device in chosen(tx.conn(), &who, &ask).await? {
                devices += u32::from(turn(&inner, tx, device, turning, &why, Some(&who), now).await?);
            }
            Ok(HowMany { devices })
        })
        .await
}

async fn chosen(conn: &mut Conn, who: &Arc<Session>, ask: &WhichDevices) -> Result<Vec<DeviceRow>> {
    let mut devices = Vec::new();
    if ask.devices.is_empty() {
        for office in administered(conn, who).await? {
            devices.extend(store::devices_of_office(conn, office).await?);
        }
    }
    for id in &ask.devices {
        devices.push(administered_device(conn, who, *id).await?);
    }
    Ok(devices)
}

/// Opens the keys that the reasons are sealed with, before the act.
async fn ready(app: &App, devices: &[DeviceRow]) -> Result<()> {
    for device in devices {
        app.keys.ready(crate::crypto::seal::key_of(&device.sealed)?).await?;
    }
    Ok(())
}

/// Turns one device, inside an act; whether anything changed.
///
/// # Errors
/// When the rows cannot be written.
pub async fn turn(
    app: &App,
    tx: &mut Tx,
    mut device: DeviceRow,
    turning: Turning,
    why: &str,
    who: Option<&Arc<Session>>,
    now: Millis,
) -> Result<bool> {
    let Some(state) = turning.state_after(device.state) else { return Ok(false) };
    device.state = state;
    tx.set_device(&device).await?;
    let account = who.map(|who| who.account);
    let noted = note(app, tx, &device, turning.act(), why, account, now).await?;
    if turning == Turning::Stop {
        tx.end_sessions_of_device(app, device.id.0, "device_stopped", now).await?;
    }
    let entry = Entry {
        at: now,
        act: turning.act(),
        account,
        session: who.map(|who| who.id),
        subject: Some(device.id.0),
        detail: Some(format!(r#"{{"reason":"{}"}}"#, noted.0)),
        ..Entry::default()
    };
    app.audit.append(tx, &entry).await?;
    Ok(true)
}

/// Keeps a reason, sealed with the key of the device's office.
pub(super) async fn note(
    app: &App,
    tx: &mut Tx,
    device: &DeviceRow,
    act: &'static str,
    why: &str,
    account: Option<AccountId>,
    now: Millis,
) -> Result<ReasonId> {
    let key: KeyId = crate::crypto::seal::key_of(&device.sealed)?;
    let key = app.keys.held(key).ok_or_else(|| Fault::noticed("sealing a reason"))?;
    let id = ReasonId(random::new_id(&app.clock));
    let sealed = DeviceReason { v: 1, text: why.to_owned() }.sealed(&key, id)?;
    tx.insert_device_reason(id, device.id, account, act, &sealed, now).await?;
    Ok(id)
}
