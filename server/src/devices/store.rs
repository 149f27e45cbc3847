//! All SQL of devices and their certificates.

use crate::crypto::device_authority::Fingerprint;
use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AccountId, Attestation, DeviceId, DeviceKind, DeviceState, Millis, OfficeId, Ownership,
};
use uuid::Uuid;

/// A device as it is stored.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    /// Its id.
    pub id: DeviceId,
    /// Its office.
    pub office: OfficeId,
    /// Who holds it.
    pub account: Option<AccountId>,
    /// What it is.
    pub kind: DeviceKind,
    /// Whose it is.
    pub ownership: Ownership,
    /// Where it stands.
    pub state: DeviceState,
    /// Where it stood before it was stopped.
    pub state_before: Option<DeviceState>,
    /// What is declared of it.
    pub attestations: BTreeSet<Attestation>,
    /// Since when.
    pub attested_at: Millis,
    /// Name and system.
    pub sealed: Vec<u8>,
    /// The written permission.
    pub permission: Option<Vec<u8>>,
}

struct Columns {
    id: Uuid,
    office: Uuid,
    account: Option<Uuid>,
    kind: String,
    ownership: String,
    state: String,
    state_before: Option<String>,
    attestations: String,
    attested_at: i64,
    sealed: Vec<u8>,
    permission: Option<Vec<u8>>,
}

row!(Columns:
    id, office, account, kind, ownership, state, state_before, attestations, attested_at, sealed,
    permission
);

/// A device of a kind or state that nobody knows is none.
fn device_of(row: Columns) -> Option<DeviceRow> {
    Some(DeviceRow {
        id: DeviceId(row.id),
        office: OfficeId(row.office),
        account: row.account.map(AccountId),
        kind: DeviceKind::of(&row.kind)?,
        ownership: Ownership::of(&row.ownership)?,
        state: DeviceState::of(&row.state)?,
        state_before: row.state_before.as_deref().and_then(DeviceState::of),
        attestations: row.attestations.split(',').filter_map(Attestation::of).collect(),
        attested_at: Millis(row.attested_at),
        sealed: row.sealed,
        permission: row.permission,
    })
}

macro_rules! device_columns {
    () => {
        "SELECT id, office, account, kind, ownership, state, state_before, attestations, attested_at, sealed, permission FROM devices WHERE "
    };
}

/// A device.
pub async fn device(conn: &mut Conn, id: DeviceId) -> Result<Option<DeviceRow>, StoreFault> {
    const SQL: &str = concat!(device_columns!(), "id = $1");
    let row: Option<Columns> =
        on_engine!(conn, "reading a device", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(device_of))
}

/// Every device, the oldest first.
pub async fn devices(conn: &mut Conn) -> Result<Vec<DeviceRow>, StoreFault> {
    const SQL: &str = concat!(device_columns!(), "id IS NOT NULL ORDER BY created_at, id");
    let rows: Vec<Columns> =
        on_engine!(conn, "listing devices", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(device_of).collect())
}

/// The devices of an office, the oldest first.
pub async fn devices_of_office(conn: &mut Conn, office: OfficeId) -> Result<Vec<DeviceRow>, StoreFault> {
    const SQL: &str = concat!(device_columns!(), "office = $1 ORDER BY created_at, id");
    let rows: Vec<Columns> =
        on_engine!(conn, "listing devices", c => sqlx::query_as(SQL).bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(device_of).collect())
}

/// The devices that an account holds, the oldest first.
pub async fn devices_of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<DeviceRow>, StoreFault> {
    const SQL: &str = concat!(device_columns!(), "account = $1 ORDER BY created_at, id");
    let rows: Vec<Columns> =
        on_engine!(conn, "listing devices", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(device_of).collect())
}

/// A certificate as it is stored.
#[derive(Debug, Clone)]
pub struct CertificateRow {
    /// By which it is recognised.
    pub fingerprint: Fingerprint,
    /// Of which device.
    pub device: DeviceId,
    /// Its number, where we issued it.
    pub serial: Option<Vec<u8>>,
    /// The end of its time.
    pub not_after: Millis,
    /// Since when it is revoked.
    pub revoked_at: Option<Millis>,
}

type CertificateColumns = (Vec<u8>, Uuid, Option<Vec<u8>>, i64, Option<i64>);

fn certificate_of(
    (fingerprint, device, serial, not_after, revoked_at): CertificateColumns,
) -> Option<CertificateRow> {
    Some(CertificateRow {
        fingerprint: Fingerprint(fingerprint.try_into().ok()?),
        device: DeviceId(device),
        serial,
        not_after: Millis(not_after),
        revoked_at: revoked_at.map(Millis),
    })
}

/// A certificate, by its fingerprint.
pub async fn certificate(conn: &mut Conn, of: Fingerprint) -> Result<Option<CertificateRow>, StoreFault> {
    const SQL: &str = "SELECT fingerprint, device, serial, not_after, revoked_at FROM device_certificates \
                       WHERE fingerprint = $1";
    let row: Option<CertificateColumns> = on_engine!(conn, "finding a certificate", c => sqlx::query_as(SQL)
        .bind(of.0.as_slice()).fetch_optional(c).await)?;
    Ok(row.and_then(certificate_of))
}

/// The certificates of a device, the oldest first.
pub async fn certificates_of(conn: &mut Conn, of: DeviceId) -> Result<Vec<CertificateRow>, StoreFault> {
    const SQL: &str = "SELECT fingerprint, device, serial, not_after, revoked_at FROM device_certificates \
                       WHERE device = $1 ORDER BY created_at, fingerprint";
    let rows: Vec<CertificateColumns> =
        on_engine!(conn, "listing certificates", c => sqlx::query_as(SQL).bind(of.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(certificate_of).collect())
}

/// The numbers of our own certificates that were revoked, and when.
pub async fn revoked(conn: &mut Conn) -> Result<Vec<(Vec<u8>, Millis)>, StoreFault> {
    const SQL: &str = "SELECT serial, revoked_at FROM device_certificates \
                       WHERE serial IS NOT NULL AND revoked_at IS NOT NULL ORDER BY revoked_at, serial";
    let rows: Vec<(Vec<u8>, i64)> =
        on_engine!(conn, "listing revocations", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(serial, at)| (serial, Millis(at))).collect())
}

/// The authority's certificate and sealed key.
pub async fn authority(conn: &mut Conn) -> Result<Option<(Vec<u8>, Vec<u8>)>, StoreFault> {
    const SQL: &str = "SELECT certificate, sealed FROM device_authority WHERE name = 'devices'";
    on_engine!(conn, "reading the device authority", c => sqlx::query_as(SQL).fetch_optional(c).await)
}

/// The key of an office.
pub async fn key_of_office(conn: &mut Conn, office: OfficeId) -> Result<Uuid, StoreFault> {
    const SQL: &str = "SELECT key_id FROM offices WHERE id = $1";
    on_engine!(conn, "finding an office's key", c => sqlx::query_scalar(SQL).bind(office.0).fetch_one(c).await)
}

fn joined(attestations: &BTreeSet<Attestation>) -> String {
    attestations.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(",")
}

/// How many devices an office and a person hold, those given up aside.
pub async fn held(
    conn: &mut Conn,
    office: OfficeId,
    account: Option<AccountId>,
) -> Result<(i64, i64), StoreFault> {
    const SQL: &str = "SELECT COUNT(CASE WHEN office = $1 THEN 1 END), COUNT(CASE WHEN account = $2 THEN 1 END) \
                       FROM devices WHERE state <> 'retired' AND (office = $1 OR account = $2)";
    on_engine!(conn, "counting devices", c => sqlx::query_as(SQL)
        .bind(office.0).bind(account.map(|id| id.0)).fetch_one(c).await)
}

impl Tx {
    /// Keeps a new device.
    pub async fn insert_device(&mut self, row: &DeviceRow) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO devices (id, office, account, kind, ownership, state, attestations, attested_at, \
                           sealed, permission, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $8)";
        on_engine!(self.conn(), "keeping a device", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.office.0).bind(row.account.map(|id| id.0)).bind(row.kind.as_str())
            .bind(row.ownership.as_str()).bind(row.state.as_str()).bind(joined(&row.attestations))
            .bind(row.attested_at.0).bind(&row.sealed).bind(row.permission.as_deref())
            .execute(c).await.map(|_| ()))
    }

    /// Changes what is known of a device.
    pub async fn set_device(&mut self, row: &DeviceRow) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE devices SET state = $2, state_before = $3, attestations = $4, attested_at = $5, \
                           permission = $6 WHERE id = $1";
        on_engine!(self.conn(), "changing a device", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.state.as_str()).bind(row.state_before.map(DeviceState::as_str))
            .bind(joined(&row.attestations)).bind(row.attested_at.0).bind(row.permission.as_deref()).execute(c).await.map(|_| ()))
    }

    /// Keeps a certificate.
    pub async fn insert_certificate(&mut self, row: &CertificateRow, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO device_certificates (fingerprint, device, serial, not_after, created_at) \
                           VALUES ($1, $2, $3, $4, $5)";
        on_engine!(self.conn(), "keeping a certificate", c => sqlx::query(SQL)
            .bind(row.fingerprint.0.as_slice()).bind(row.device.0).bind(row.serial.as_deref())
            .bind(row.not_after.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Revokes a certificate.
    pub async fn revoke_certificate(&mut self, of: Fingerprint, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE device_certificates SET revoked_at = $2 WHERE fingerprint = $1 AND revoked_at IS NULL";
        on_engine!(self.conn(), "revoking a certificate", c => sqlx::query(SQL)
            .bind(of.0.as_slice()).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Keeps the device authority, unless there is one.
    pub async fn insert_authority(
        &mut self,
        certificate: &[u8],
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO device_authority (name, certificate, sealed, created_at) \
                           VALUES ('devices', $1, $2, $3) ON CONFLICT (name) DO NOTHING";
        on_engine!(self.conn(), "keeping the device authority", c => sqlx::query(SQL)
            .bind(certificate).bind(sealed).bind(now.0).execute(c).await.map(|_| ()))
    }
}
