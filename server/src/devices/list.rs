//! The ledger as it is shown.

use super::store::{self, DeviceRow};
use super::{DeviceBody, administered};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{Device, DeviceCertificate, DeviceList};

/// The devices of the offices that one administers.
///
/// # Errors
/// When they cannot be read.
pub async fn list(app: &App, who: &Arc<Session>) -> Result<DeviceList> {
    let mut view = app.store.view().await?;
    let mut devices = Vec::new();
    for office in administered(view.conn(), who).await? {
        for row in store::devices_of_office(view.conn(), office).await? {
            devices.push(shown(app, view.conn(), row).await?);
        }
    }
    Ok(DeviceList { devices })
}

/// The devices that one holds.
///
/// # Errors
/// When they cannot be read.
pub async fn mine(app: &App, who: &Arc<Session>) -> Result<DeviceList> {
    let mut view = app.store.view().await?;
    let mut devices = Vec::new();
    for row in store::devices_of_account(view.conn(), who.account).await? {
        devices.push(shown(app, view.conn(), row).await?);
    }
    Ok(DeviceList { devices })
}

pub(super) async fn shown(app: &App, conn: &mut Conn, row: DeviceRow) -> Result<Device> {
    let body: DeviceBody = bodies::open(app, row.id, &row.sealed).await?;
    let certificates = store::certificates_of(conn, row.id).await?;
    let certificates = certificates.into_iter().map(|row| DeviceCertificate {
        fingerprint: row.fingerprint.to_string(),
        not_after: row.not_after,
        revoked: row.revoked_at.is_some(),
    });
    Ok(Device {
        id: row.id,
        office: row.office,
        account: row.account,
        kind: row.kind,
        ownership: row.ownership,
        state: row.state,
        os_family: body.family,
        os: body.os,
        name: body.name,
        attestations: row.attestations.into_iter().collect(),
        attested_at: row.attested_at,
        stock_record: body.stock_record,
        application: body.application,
        permitted: row.permission.is_some(),
        certificates: certificates.collect(),
    })
}
