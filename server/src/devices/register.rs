//! Entering a device into the ledger.

use super::store::{self, DeviceRow};
use super::{DeviceBody, PermissionBody, administered, rules_of_office};
use crate::accounts::store::affiliations;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::seal::{Key, KeyId};
use crate::error::Result;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    Code, DeviceId, DeviceState, Done, OfficeId, Permission, Refusal, RegisterDevice, limits,
};

/// Enters it, to be approved by an admin of the office.
///
/// # Errors
/// `byod_forbidden`, `mobile_os_not_allowed`, `other_office` for who works in none or says that a device is everybody's,
/// `bad_field`, `id_taken`, `devices_full` for an office, or a person, who has as many as the ledger holds; `account_restricted`.
pub async fn register(app: &App, who: &Arc<Session>, ask: RegisterDevice) -> Result<Done> {
    who.let_write()?;
    let field = |name: &'static str| Refusal::new(Code::BadField).with("field", name);
    let name = Text::line(&ask.name, limits::NAME_CHARS).ok_or_else(|| field("name"))?;
    let os = Text::line(&ask.os, limits::NAME_CHARS).ok_or_else(|| field("os"))?;
    let application = match &ask.application {
        Some(text) => Some(Text::short(text, limits::AIM_CHARS).ok_or_else(|| field("application"))?),
        None => None,
    };
    let (office, key) = {
        let mut view = app.store.view().await?;
        let office = office_of(view.conn(), who, ask.mine).await?;
        let key = store::key_of_office(view.conn(), office).await?;
        (office, app.keys.ready(KeyId(key)).await?)
    };
    let permission =
        ask.permission.map(|written| sealed_permission(&key, ask.device, written)).transpose()?;
    let (family, stock_record) = (ask.os_family, ask.stock_record);
    let said = DeviceBody { v: 1, name, os, family, stock_record, application };
    let row = DeviceRow {
        id: ask.device,
        office,
        account: ask.mine.then_some(who.account),
        kind: ask.kind,
        ownership: ask.ownership,
        state: DeviceState::Applied,
        state_before: None,
        attestations: ask.attestations.into_iter().collect(),
        attested_at: app.clock.now(),
        sealed: said.sealed(&key, ask.device)?,
        permission,
    };
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            rules_of_office(&inner, tx.conn(), office).await?.may_register(&row, &said)?;
            if store::device(tx.conn(), row.id).await?.is_some() {
                return Err(Code::IdTaken.into());
            }
            let (of_office, of_holder) = store::held(tx.conn(), office, row.account).await?;
            fits(of_office, limits::DEVICES_OF_OFFICE)?;
            fits(of_holder, limits::DEVICES_OF_HOLDER)?;
            tx.insert_device(&row).await?;
            let entry = Entry {
                at: row.attested_at,
                act: "devices.register",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(row.id.0),
                detail: Some(format!(r#"{{"ownership":"{}"}}"#, row.ownership.as_str())),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// Whether one more fits beside so many.
fn fits(held: i64, most: usize) -> Result<(), Refusal> {
    match usize::try_from(held) {
        Ok(held) if held < most => Ok(()),
        _ => Err(Refusal::new(Code::DevicesFull).with("limit", most)),
    }
}

/// The office for which it is entered: the one she administers where it is everybody's, else the one she works in.
async fn office_of(conn: &mut crate::store::Conn, who: &Arc<Session>, mine: bool) -> Result<OfficeId> {
    let first = if mine {
        affiliations(conn, who.account).await?.into_iter().find_map(|place| place.office)
    } else {
        administered(conn, who).await?.into_iter().next()
    };
    Ok(first.ok_or(Code::OtherOffice)?)
}

/// A permission in its words, sealed with the office's key.
pub(super) fn sealed_permission(key: &Key, device: DeviceId, permission: Permission) -> Result<Vec<u8>> {
    let is_whole = permission.date.parse::<jiff::civil::Date>().is_ok()
        && Text::line(&permission.signer, limits::NAME_CHARS).is_some()
        && Text::short(&permission.scope, limits::AIM_CHARS).is_some();
    if !is_whole {
        return Err(Refusal::new(Code::BadField).with("field", "permission").into());
    }
    PermissionBody { v: 1, permission }.sealed(key, device)
}
