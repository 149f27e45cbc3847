//! Incidents as they are shown: to those who deal with them, and to whom they are about.

use super::IncidentBody;
use super::store::{self, IncidentRow, StepRow};
use crate::accounts::{AccountBody, ReasonBody};
use crate::app::App;
use crate::bodies;
use crate::devices::DeviceBody;
use crate::devices::store::{self as devices, DeviceRow};
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{DeviceState, Incident, IncidentDevice, IncidentList, IncidentStep};

/// † At most so many are shown: those that are open, the latest, first.
const SHOWN: i64 = 200;

/// What the admins of one's offices, or the secretariat one belongs to, have to deal with.
///
/// # Errors
/// When they cannot be read or opened.
pub async fn list(app: &App, who: &Arc<Session>) -> Result<IncidentList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let mut incidents = Vec::new();
    for row in store::incidents_for(conn, who.account, SHOWN).await? {
        let devices = match row.account {
            Some(account) => store::devices_to_stop(conn, who.account, account).await?,
            None => Vec::new(),
        };
        incidents.push(shown(app, conn, row, devices).await?);
    }
    Ok(IncidentList { incidents })
}

/// What was raised about one's own account.
///
/// # Errors
/// When they cannot be read or opened.
pub async fn mine(app: &App, who: &Arc<Session>) -> Result<IncidentList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let held = devices::devices_of_account(conn, who.account).await?;
    let mut incidents = Vec::new();
    for row in store::incidents_about(conn, who.account, SHOWN).await? {
        incidents.push(shown(app, conn, row, held.clone()).await?);
    }
    Ok(IncidentList { incidents })
}

async fn shown(app: &App, conn: &mut Conn, row: IncidentRow, held: Vec<DeviceRow>) -> Result<Incident> {
    let card = match row.card {
        Some(card) => Some((*app.cards.one(app, conn, card).await?).clone()),
        None => None,
    };
    let text = match &row.sealed {
        Some(sealed) => Some(bodies::open::<IncidentBody>(app, row.id, sealed).await?.text),
        None => None,
    };
    let mut devices = Vec::new();
    for device in held.into_iter().filter(|device| device.state != DeviceState::Retired) {
        let name = bodies::open::<DeviceBody>(app, device.id, &device.sealed).await?.name;
        let is_named = row.device == Some(device.id);
        devices.push(IncidentDevice { device: device.id, name, state: device.state, is_named });
    }
    let mut steps = Vec::new();
    for step in store::steps(conn, row.id).await? {
        steps.push(step_of(app, step).await?);
    }
    Ok(Incident {
        id: row.id,
        kind: row.kind,
        raised_by: row.raised_by,
        card,
        text,
        status: row.status,
        at: row.at,
        devices,
        steps,
    })
}

async fn step_of(app: &App, step: StepRow) -> Result<IncidentStep> {
    let text = match &step.reason {
        Some((id, sealed)) => Some(bodies::open::<ReasonBody>(app, *id, sealed).await?.text),
        None => None,
    };
    let by = bodies::open::<AccountBody>(app, step.by, &step.name).await?.name;
    Ok(IncidentStep { kind: step.kind, by, at: step.at, text })
}
