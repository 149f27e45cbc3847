//! Taking devices out of use, one, several or all of an office, letting them in again, and giving them up (001§19-4a).

use super::certificates::revoke;
use super::store::{self, DeviceRow};
use super::{DeviceBody, administered, administered_device};
use crate::accounts::{Reason, ReasonId};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::crypto::seal::KeyId;
use crate::error::{Fault, Result};
use crate::incidents::Raised;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, Code, DeviceState, HowMany, IncidentKind, Millis, NoticeKind, OfficeId, Refusal, WhichDevices,
};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turning {
    /// Out of use.
    Stop,
    /// Back to where it stood.
    Release,
    /// Given up for good.
    Retire,
}

impl Turning {
    fn act(self) -> &'static str {
        match self {
            Self::Stop => "devices.stop",
            Self::Release => "devices.release",
            Self::Retire => "devices.retire",
        }
    }

    /// Why the sessions of a device end with it, if they do.
    fn ends(self) -> Option<&'static str> {
        match self {
            Self::Stop => Some("device_stopped"),
            Self::Retire => Some("device_retired"),
            Self::Release => None,
        }
    }

    /// The state a device comes to, and the one it is to go back to, if that is a change. What was never let in is let in by
    /// approval only, also after a stop.
    fn states_after(
        self,
        now: DeviceState,
        before: Option<DeviceState>,
    ) -> Option<(DeviceState, Option<DeviceState>)> {
        use DeviceState::{Applied, Approved, Retired, Stopped};
        match (self, now) {
            (Self::Stop, Applied | Approved) => Some((Stopped, Some(now))),
            (Self::Release, Stopped) => Some((before.unwrap_or(Applied), None)),
            (Self::Retire, Applied | Approved | Stopped) => Some((Retired, None)),
            _ => None,
        }
    }
}

/// Takes devices out of use: their sessions end with the commit, in memory, in the rows and on open links.
///
/// # Errors
/// `other_office`, also for an office of others; `reason_missing`; `bad_field` for a reason that is too long, and where neither
/// devices nor an office are named; for all of an office `step_up_required`; `account_restricted`.
pub async fn stop(app: &App, who: &Arc<Session>, ask: WhichDevices) -> Result<HowMany> {
    turned(app, who, ask, Turning::Stop).await
}

/// Puts stopped devices back to where they stood; whoever signs in from one shows everything anew.
///
/// # Errors
/// As [`stop`]; `bad_field` when none is named: one that was lost never comes back with others at a slip.
pub async fn release(app: &App, who: &Arc<Session>, ask: WhichDevices) -> Result<HowMany> {
    are_named(&ask)?;
    turned(app, who, ask, Turning::Release).await
}

/// Gives devices up for good: their sessions end and their certificates are revoked with the commit.
///
/// # Errors
/// As [`stop`]; `bad_field` when none is named: never all of an office at a slip.
pub async fn retire(app: &App, who: &Arc<Session>, ask: WhichDevices) -> Result<HowMany> {
    are_named(&ask)?;
    turned(app, who, ask, Turning::Retire).await
}

fn are_named(ask: &WhichDevices) -> Result<(), Refusal> {
    let are_named = !ask.devices.is_empty() && ask.office.is_none();
    are_named.then_some(()).ok_or_else(|| Refusal::new(Code::BadField).with("field", "devices"))
}

async fn turned(app: &App, who: &Arc<Session>, ask: WhichDevices, turning: Turning) -> Result<HowMany> {
    who.let_write()?;
    let why = Reason::read(&ask.reason)?;
    let keys = {
        let mut view = app.store.view().await?;
        chosen(view.conn(), who, &ask).await?
    };
    // A whole office at a standstill.
    if ask.office.is_some() {
        app.passkeys.fresh.require(who, app.clock.now())?;
    }
    ready(app, &keys).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<HowMany> {
            tx.let_stand(&who)?;
            let mut turned = Vec::new();
            for device in chosen(tx.conn(), &who, &ask).await? {
                if tx.turn_device(&inner, device.clone(), turning, &why, Some(&who), now).await? {
                    turned.push(device);
                }
            }
            if turning == Turning::Stop {
                opens_incident(&inner, tx, &turned, &why, Some(&who), now).await?;
            }
            Ok(HowMany { devices: u32::try_from(turned.len()).unwrap_or(u32::MAX) })
        })
        .await
}

/// The named ones, or all of the office that is named in their place.
async fn chosen(conn: &mut Conn, who: &Arc<Session>, ask: &WhichDevices) -> Result<Vec<DeviceRow>> {
    match (ask.office, ask.devices.is_empty()) {
        (Some(office), true) => {
            if !administered(conn, who).await?.contains(&office) {
                return Err(Code::OtherOffice.into());
            }
            Ok(store::devices_of_office(conn, office).await?)
        }
        (None, false) => {
            let mut devices = Vec::new();
            for id in ask.devices.iter().collect::<BTreeSet<_>>() {
                devices.push(administered_device(conn, who, *id).await?);
            }
            Ok(devices)
        }
        (Some(_), false) | (None, true) => Err(Refusal::new(Code::BadField).with("field", "devices").into()),
    }
}

/// Opens the keys that the reasons are sealed with, before the act.
async fn ready(app: &App, devices: &[DeviceRow]) -> Result<()> {
    for device in devices {
        app.keys.ready(crate::crypto::seal::key_of(&device.sealed)?).await?;
    }
    Ok(())
}

/// Opens one incident for each office whose devices were stopped: its report waits to be passed on (001§19-4b).
pub(super) async fn opens_incident(
    app: &App,
    tx: &mut Tx,
    stopped: &[DeviceRow],
    why: &str,
    who: Option<&Arc<Session>>,
    now: Millis,
) -> Result<()> {
    let offices: BTreeSet<OfficeId> = stopped.iter().map(|device| device.office).collect();
    for office in offices {
        let of_office: Vec<&DeviceRow> = stopped.iter().filter(|device| device.office == office).collect();
        let mut names = Vec::new();
        for device in &of_office {
            names.push(bodies::open::<DeviceBody>(app, device.id, &device.sealed).await?.name);
        }
        let only = match of_office.as_slice() {
            [device] => Some((device.id, device.account)),
            _ => None,
        };
        let raised = Raised::ByStopping { office, only, by: who.map(|who| who.account) };
        let text = format!("{}\n{why}", names.join("、"));
        tx.raise_incident(app, IncidentKind::Trouble, raised, Some(text), now).await?;
    }
    Ok(())
}

impl Tx {
    /// Turns one device; whether anything changed.
    ///
    /// # Errors
    /// When the rows cannot be written.
    pub async fn turn_device(
        &mut self,
        app: &App,
        mut device: DeviceRow,
        turning: Turning,
        why: &str,
        who: Option<&Arc<Session>>,
        now: Millis,
    ) -> Result<bool> {
        let after = turning.states_after(device.state, device.state_before);
        let Some((state, state_before)) = after else { return Ok(false) };
        (device.state, device.state_before) = (state, state_before);
        self.set_device(&device).await?;
        let account = who.map(|who| who.account);
        let noted = note(app, self, &device, turning.act(), why, account, now).await?;
        if let Some(ended_why) = turning.ends() {
            self.end_sessions_of_device(app, device.id.0, ended_why, now).await?;
        }
        if turning == Turning::Retire {
            for certificate in store::certificates_of(self.conn(), device.id).await? {
                revoke(app, self, &certificate, why, who.map(|who| (who.account, who.id))).await?;
            }
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
        app.audit.append(self, &entry).await?;
        if let (Turning::Stop, Some(holder)) = (turning, device.account)
            && Some(holder) != account
        {
            Notice::of(NoticeKind::DeviceStopped).tell(app, self, holder).await?;
        }
        Ok(true)
    }
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
    let reason = Reason::about(app, device.id.0, &key, why.to_owned())?;
    reason.write(tx, account, act, now).await?;
    Ok(reason.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_device_comes_to_and_back() {
        use DeviceState::{Applied, Approved, Retired, Stopped};
        use Turning::{Release, Retire, Stop};
        for (turning, now, before, after) in [
            (Stop, Applied, None, Some((Stopped, Some(Applied)))),
            (Stop, Approved, None, Some((Stopped, Some(Approved)))),
            (Stop, Stopped, Some(Approved), None),
            (Stop, Retired, None, None),
            (Release, Stopped, Some(Approved), Some((Approved, None))),
            (Release, Stopped, Some(Applied), Some((Applied, None))),
            (Release, Stopped, None, Some((Applied, None))),
            (Release, Applied, None, None),
            (Release, Retired, None, None),
            (Retire, Applied, None, Some((Retired, None))),
            (Retire, Approved, None, Some((Retired, None))),
            (Retire, Stopped, Some(Approved), Some((Retired, None))),
            (Retire, Retired, None, None),
        ] {
            assert_eq!(turning.states_after(now, before), after, "{turning:?} {now:?} {before:?}");
        }
    }
}
