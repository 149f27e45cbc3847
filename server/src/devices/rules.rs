//! What the regions' rules say about devices, as pure decisions.

use super::DeviceBody;
use super::store::DeviceRow;
use crate::app::App;
use crate::policy::{Level, OwnDevice, Profile, Wanted};
use std::collections::BTreeSet;
use tsumugi_protocol::{
    Attestation, Code, DeviceKind, DeviceState, OsFamily, Ownership, PersonKind, Refusal,
};

/// The strictest of the regions that somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// K-73.
    pub own: OwnDevice,
    /// K-74.
    pub binding: Wanted,
    /// K-40: staff come in with a certificate only.
    pub certificate: bool,
    /// K-75: what the office's phones and tablets for the stock record may run; anything where nobody says.
    pub mobile_os: Option<BTreeSet<OsFamily>>,
    /// K-76: what must be declared.
    pub must: BTreeSet<Attestation>,
    /// K-78.
    pub remote_lock: Level,
    /// †
    pub certificate_days: u32,
}

impl Rules {
    /// Of the profiles with these names; where there is none, nothing is asked for.
    #[must_use]
    pub fn of<'p>(app: &App, profiles: impl Iterator<Item = &'p str>) -> Self {
        let mut rules = Self::nothing();
        for profile in profiles.filter_map(|key| app.policies.named(key).ok()) {
            rules.add(&profile);
        }
        rules
    }

    fn nothing() -> Self {
        Self {
            own: OwnDevice::OfficeDecides,
            binding: Wanted::Off,
            certificate: false,
            mobile_os: None,
            must: BTreeSet::new(),
            remote_lock: Level::Considered,
            certificate_days: 3_650,
        }
    }

    fn add(&mut self, profile: &Profile) {
        self.own = self.own.max(profile.own_devices);
        self.binding = self.binding.max(profile.device_binding);
        self.certificate |= profile.certificate_required;
        if !profile.mobile_os_allowed.is_empty() {
            let allowed = profile.mobile_os_allowed.iter().copied();
            self.mobile_os = Some(match &self.mobile_os {
                None => allowed.collect(),
                Some(before) => allowed.filter(|family| before.contains(family)).collect(),
            });
        }
        let must = profile.attestations.iter().filter(|(_, level)| **level == Level::Must);
        self.must.extend(must.map(|(what, _)| *what));
        self.remote_lock = self.remote_lock.max(profile.remote_lock);
        self.certificate_days = self.certificate_days.min(profile.certificate_days.0);
    }

    /// Whether a device may be entered into the ledger.
    ///
    /// # Errors
    /// `byod_forbidden` (001§19-3a), `mobile_os_not_allowed` (001§28-4d, c-26).
    pub fn may_register(&self, device: &DeviceRow, said: &DeviceBody) -> Result<(), Refusal> {
        if device.ownership == Ownership::Private && self.own == OwnDevice::Forbidden {
            return Err(Code::ByodForbidden.into());
        }
        let is_mobile = matches!(device.kind, DeviceKind::Phone | DeviceKind::Tablet);
        let is_meant = said.stock_record && is_mobile && device.ownership == Ownership::Office;
        let is_allowed = self.mobile_os.as_ref().is_none_or(|allowed| allowed.contains(&said.family));
        if is_meant && !is_allowed {
            return Err(Code::MobileOsNotAllowed.into());
        }
        Ok(())
    }

    /// Whether a device may be let in.
    ///
    /// A private one needs written permission, whoever decides on it (000-form3§2(2) and its like), and where offices do not
    /// decide by themselves its holder's written application before it (004-form1§2(2)).
    ///
    /// # Errors
    /// As [`Rules::may_register`]; `device_not_permitted`, `device_attestation_missing`, `remote_lock_required`.
    pub fn may_approve(&self, device: &DeviceRow, said: &DeviceBody) -> Result<(), Refusal> {
        const REMOTE: [Attestation; 4] = [
            Attestation::RemoteWipe,
            Attestation::LineStop,
            Attestation::DeviceManagement,
            Attestation::RemoteLockOther,
        ];
        self.may_register(device, said)?;
        let needs_application = self.own >= OwnDevice::WrittenPermission;
        let is_applied_for = device.account.is_some() && said.application.is_some();
        let is_permitted = device.permission.is_some() && (is_applied_for || !needs_application);
        if device.ownership == Ownership::Private && !is_permitted {
            return Err(Code::DeviceNotPermitted.into());
        }
        let missing: Vec<&str> =
            self.must.difference(&device.attestations).map(|missing| missing.as_str()).collect();
        if !missing.is_empty() {
            return Err(Refusal::new(Code::DeviceAttestationMissing).with("missing", missing.join(", ")));
        }
        let is_in_place = REMOTE.iter().any(|way| device.attestations.contains(way));
        if self.remote_lock == Level::Must && !is_in_place {
            return Err(Code::RemoteLockRequired.into());
        }
        Ok(())
    }

    /// Whether somebody whose password was right may come in with this device; none was shown where it is absent.
    ///
    /// # Errors
    /// `device_stopped`, `device_not_permitted`, `device_not_registered`, `client_certificate_required`.
    pub fn may_come_in(&self, kind: PersonKind, device: Option<&DeviceRow>) -> Result<(), Refusal> {
        let is_staff = kind == PersonKind::Staff;
        let Some(device) = device else {
            let is_bound = self.binding == Wanted::Required;
            return match (is_staff && is_bound, is_staff && self.certificate) {
                (true, _) => Err(Code::DeviceNotRegistered.into()),
                (false, true) => Err(Code::ClientCertificateRequired.into()),
                (false, false) => Ok(()),
            };
        };
        let is_private = device.ownership == Ownership::Private;
        match device.state {
            DeviceState::Stopped => Err(Code::DeviceStopped.into()),
            _ if is_staff && is_private && device.permission.is_none() => {
                Err(Code::DeviceNotPermitted.into())
            }
            DeviceState::Applied | DeviceState::Retired => Err(Code::DeviceNotRegistered.into()),
            DeviceState::Approved if is_staff && is_private && self.own == OwnDevice::Forbidden => {
                Err(Code::DeviceNotRegistered.into())
            }
            DeviceState::Approved => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{AccountId, DeviceId, Millis, OfficeId};
    use uuid::Uuid;

    fn device(ownership: Ownership, state: DeviceState, permission: bool, has: &[Attestation]) -> DeviceRow {
        DeviceRow {
            id: DeviceId(Uuid::nil()),
            office: OfficeId(Uuid::nil()),
            account: None,
            kind: DeviceKind::Phone,
            ownership,
            state,
            state_before: None,
            attestations: has.iter().copied().collect(),
            attested_at: Millis(0),
            sealed: Vec::new(),
            permission: permission.then(Vec::new),
        }
    }

    fn said(family: OsFamily, application: Option<&str>) -> DeviceBody {
        let application = application.map(str::to_owned);
        let (name, os) = (String::new(), String::new());
        DeviceBody { v: 1, name, os, family, stock_record: true, application }
    }

    fn code(result: Result<(), Refusal>) -> &'static str {
        result.map_or_else(|refusal| refusal.code.as_str(), |()| "ok")
    }

    #[test]
    fn whose_devices_may_be_registered_and_approved() {
        use OwnDevice::{Forbidden, OfficeDecides, WrittenPermission};
        let cases = [
            (Forbidden, Ownership::Private, true, "byod_forbidden", "byod_forbidden"),
            (Forbidden, Ownership::AssociationLoan, false, "ok", "ok"),
            (WrittenPermission, Ownership::Private, false, "ok", "device_not_permitted"),
            (WrittenPermission, Ownership::Private, true, "ok", "ok"),
            (OfficeDecides, Ownership::Private, false, "ok", "device_not_permitted"),
            (OfficeDecides, Ownership::Private, true, "ok", "ok"),
            (OfficeDecides, Ownership::Office, false, "ok", "ok"),
        ];
        for (own, ownership, permission, registering, approving) in cases {
            let rules = Rules { own, ..Rules::nothing() };
            let account = Some(AccountId(Uuid::nil()));
            let device = DeviceRow { account, ..device(ownership, DeviceState::Applied, permission, &[]) };
            let said = said(OsFamily::Ios, Some("訪問先での連絡"));
            assert_eq!(code(rules.may_register(&device, &said)), registering, "{own:?} {ownership:?}");
            assert_eq!(
                code(rules.may_approve(&device, &said)),
                approving,
                "{own:?} {ownership:?} {permission}"
            );
        }
    }

    #[test]
    fn a_private_device_is_applied_for_by_its_holder_before_it_is_permitted() {
        use OwnDevice::{OfficeDecides, WrittenPermission};
        let account = Some(AccountId(Uuid::nil()));
        for (own, account, application, wanted) in [
            (WrittenPermission, account, Some("連絡"), "ok"),
            (WrittenPermission, account, None, "device_not_permitted"),
            (WrittenPermission, None, Some("連絡"), "device_not_permitted"),
            (OfficeDecides, account, None, "ok"),
        ] {
            let rules = Rules { own, ..Rules::nothing() };
            let private =
                DeviceRow { account, ..device(Ownership::Private, DeviceState::Applied, true, &[]) };
            let said = said(OsFamily::Android, application);
            assert_eq!(
                code(rules.may_approve(&private, &said)),
                wanted,
                "{own:?} {account:?} {application:?}"
            );
        }
    }

    #[test]
    fn what_the_offices_phones_and_tablets_may_run() {
        use DeviceKind::{Computer, Phone, Tablet};
        use OsFamily::{Android, Ios, Other};
        use Ownership::{AssociationLoan, Office, Private};
        let any = Rules::nothing();
        let one = Rules { mobile_os: Some(BTreeSet::from([Android])), ..Rules::nothing() };
        let none = Rules { mobile_os: Some(BTreeSet::new()), ..Rules::nothing() };
        let no = "mobile_os_not_allowed";
        for (rules, kind, ownership, family, wanted) in [
            (&any, Phone, Office, Other, "ok"),
            (&one, Phone, Office, Android, "ok"),
            (&one, Phone, Office, Ios, no),
            (&one, Tablet, Office, Ios, no),
            (&one, Tablet, Office, Other, no),
            (&one, Computer, Office, Ios, "ok"),
            (&one, Phone, AssociationLoan, Ios, "ok"),
            (&one, Phone, Private, Ios, "ok"),
            (&none, Phone, Office, Android, no),
        ] {
            let device = DeviceRow { kind, ..device(ownership, DeviceState::Applied, true, &[]) };
            let said = said(family, Some("連絡"));
            assert_eq!(code(rules.may_register(&device, &said)), wanted, "{kind:?} {ownership:?} {family:?}");
            assert_eq!(code(rules.may_approve(&device, &said)), wanted, "{kind:?} {ownership:?} {family:?}");
            let elsewhere = DeviceBody { stock_record: false, ..said };
            assert_eq!(code(rules.may_approve(&device, &elsewhere)), "ok", "not for the stock record");
        }
    }

    #[test]
    fn what_must_be_declared_and_a_way_to_lock_from_afar() {
        use Attestation::{LineStop, ScreenLock, VirusProtection};
        let must = BTreeSet::from([VirusProtection, ScreenLock]);
        let rules = Rules { must, remote_lock: Level::Must, ..Rules::nothing() };
        let cases: [(&[Attestation], &str); 4] = [
            (&[], "device_attestation_missing"),
            (&[VirusProtection, LineStop], "device_attestation_missing"),
            (&[VirusProtection, ScreenLock], "remote_lock_required"),
            (&[VirusProtection, ScreenLock, LineStop], "ok"),
        ];
        for (has, wanted) in cases {
            let device = device(Ownership::Office, DeviceState::Applied, false, has);
            let said = said(OsFamily::Android, None);
            assert_eq!(code(rules.may_approve(&device, &said)), wanted, "{has:?}");
        }
    }

    #[test]
    fn who_comes_in_with_what() {
        use DeviceState::{Applied, Approved, Retired, Stopped};
        use Ownership::{AssociationLoan, Office, Private};
        use PersonKind::{Family, Staff};
        let open = Rules::nothing();
        let bound = Rules { binding: Wanted::Required, own: OwnDevice::Forbidden, ..open.clone() };
        let certified = Rules { certificate: true, ..open.clone() };
        let cases = [
            (&open, Staff, None, "ok"),
            (&bound, Staff, None, "device_not_registered"),
            (&bound, Family, None, "ok"),
            (&certified, Staff, None, "client_certificate_required"),
            (&certified, Family, None, "ok"),
            (&bound, Staff, Some((Office, Approved, false)), "ok"),
            (&bound, Staff, Some((AssociationLoan, Approved, false)), "ok"),
            (&bound, Staff, Some((Private, Approved, true)), "device_not_registered"),
            (&bound, Staff, Some((Office, Applied, false)), "device_not_registered"),
            (&bound, Staff, Some((Office, Retired, false)), "device_not_registered"),
            (&open, Staff, Some((Office, Stopped, false)), "device_stopped"),
            (&open, Staff, Some((Private, Applied, false)), "device_not_permitted"),
            (&open, Staff, Some((Private, Approved, true)), "ok"),
        ];
        for (rules, kind, shown, wanted) in cases {
            let shown = shown.map(|(ownership, state, permission)| device(ownership, state, permission, &[]));
            assert_eq!(code(rules.may_come_in(kind, shown.as_ref())), wanted, "{kind:?} {wanted}");
        }
    }
}
