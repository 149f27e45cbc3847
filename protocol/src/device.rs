//! Wire shapes of devices: the ledger and its certificates.

use crate::{AccountId, DeviceId, Millis, OfficeId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])* $word),+ }

        impl $name {
            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),+ }
            }

            /// What that word stands for.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$word),)+ _ => None }
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What a device is.
    DeviceKind {
        /// A phone.
        Phone = "phone",
        /// A tablet.
        Tablet = "tablet",
        /// A computer.
        Computer = "computer",
    }
}
words! {
    /// The family of a device's system (K-75).
    OsFamily {
        /// Android.
        Android = "android",
        /// iOS or iPadOS.
        Ios = "ios",
        /// Windows.
        Windows = "windows",
        /// macOS.
        Macos = "macos",
        /// ChromeOS.
        Chromeos = "chromeos",
        /// Linux.
        Linux = "linux",
        /// Any other.
        Other = "other",
    }
}
words! {
    /// Whose a device is.
    Ownership {
        /// The office's.
        Office = "office",
        /// Lent by the association.
        AssociationLoan = "association_loan",
        /// Somebody's own.
        Private = "private",
    }
}
words! {
    /// Where a device stands in the ledger.
    DeviceState {
        /// Asked for; not let in yet.
        Applied = "applied",
        /// Let in.
        Approved = "approved",
        /// Taken out of use for now.
        Stopped = "stopped",
        /// Given up.
        Retired = "retired",
    }
}
words! {
    /// What is declared of a device (K-76), and how it could be locked from afar (K-78).
    Attestation {
        /// It locks by itself.
        ScreenLock = "screen_lock",
        /// It asks for a password when it starts.
        StartUpPassword = "start_up_password",
        /// Virus protection is on, current and checked.
        VirusProtection = "virus_protection",
        /// Its system is current.
        CurrentSystem = "current_system",
        /// Apps come from official sources only.
        OfficialSources = "official_sources",
        /// Only permitted apps are on it.
        PermittedApps = "permitted_apps",
        /// Known holes are looked for.
        VulnerabilityCheck = "vulnerability_check",
        /// No file sharing runs on it.
        NoFileSharing = "no_file_sharing",
        /// It joins no open Wi-Fi.
        SafeWifi = "safe_wifi",
        /// Nobody else sees the screen, also when it is left.
        ClearScreen = "clear_screen",
        /// It is locked away when unused.
        LockedStorage = "locked_storage",
        /// A filter hides the screen from the side.
        PrivacyFilter = "privacy_filter",
        /// It can be wiped from afar.
        RemoteWipe = "remote_wipe",
        /// Its line can be stopped at once.
        LineStop = "line_stop",
        /// It is managed centrally.
        DeviceManagement = "device_management",
        /// It can be locked from afar in another way, named in its entry.
        RemoteLockOther = "remote_lock_other",
    }
}

/// Written permission for a private device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// The date on it (YYYY-MM-DD).
    pub date: String,
    /// Who signed.
    pub signer: String,
    /// For what.
    pub scope: String,
}

/// Enters a device into the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterDevice {
    /// Its id, chosen by the client.
    pub device: DeviceId,
    /// What it is.
    pub kind: DeviceKind,
    /// Whose it is.
    pub ownership: Ownership,
    /// The family of its system.
    pub os_family: OsFamily,
    /// Its system in words.
    pub os: String,
    /// What it is called.
    pub name: String,
    /// Whether whoever registers it holds it; otherwise everybody of the office does, and only its admin may say so.
    pub mine: bool,
    /// Whether the region's stock record (情報ストックシステム) is used on it as well.
    #[serde(default)]
    pub stock_record: bool,
    /// What is declared of it.
    pub attestations: Vec<Attestation>,
    /// For a private one what its holder applies to use it for, in her words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub application: Option<String>,
    /// The written permission, for a private one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub permission: Option<Permission>,
}

/// Lets a device in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveDevice {
    /// Which.
    pub device: DeviceId,
    /// What is declared of it; instead of what was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub attestations: Option<Vec<Attestation>>,
    /// The written permission; instead of the one there was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub permission: Option<Permission>,
}

/// Which devices are stopped, released or given up, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichDevices {
    /// These; none where an office is named.
    pub devices: Vec<DeviceId>,
    /// To stop: all of that office, in place of single ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub office: Option<OfficeId>,
    /// Why.
    pub reason: String,
}

/// How many devices it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct HowMany {
    /// Devices.
    pub devices: u32,
}

/// A device of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its office.
    pub office: OfficeId,
    /// Who holds it; nobody in particular when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub account: Option<AccountId>,
    /// What it is.
    pub kind: DeviceKind,
    /// Whose it is.
    pub ownership: Ownership,
    /// Where it stands.
    pub state: DeviceState,
    /// The family of its system.
    pub os_family: OsFamily,
    /// Its system in words.
    pub os: String,
    /// What it is called.
    pub name: String,
    /// What is declared of it.
    pub attestations: Vec<Attestation>,
    /// Since when that is so.
    pub attested_at: Millis,
    /// Whether the region's stock record is used on it as well.
    pub stock_record: bool,
    /// For a private one what its holder applied to use it for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub application: Option<String>,
    /// Whether a written permission is on record.
    pub permitted: bool,
    /// Its certificates.
    pub certificates: Vec<DeviceCertificate>,
}

/// A certificate of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DeviceCertificate {
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub fingerprint: String,
    /// The end of its time.
    pub not_after: Millis,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// Devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DeviceList {
    /// The oldest first.
    pub devices: Vec<Device>,
}

/// Asks for a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueCertificate {
    /// For which device.
    pub device: DeviceId,
    /// Whether the file is closed the old way, for systems that read nothing else.
    #[serde(default)]
    pub legacy: bool,
}

/// A certificate and its key, shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct IssuedCertificate {
    /// By which it is recognised.
    pub fingerprint: String,
    /// The end of its time.
    pub not_after: Millis,
    /// The PKCS#12 file, in base64.
    pub pkcs12: String,
    /// What opens it.
    pub passphrase: String,
}

/// `devices.certify` (HTTP only): asks for a certificate for a key that the device, a managed computer, has made itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertifyKey {
    /// For which device.
    pub device: DeviceId,
    /// The request (PKCS#10, PEM). Its key and signature count; its subject and extensions do not.
    pub request: String,
}

/// A certificate for a key that never left its device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CertifiedKey {
    /// By which it is recognised.
    pub fingerprint: String,
    /// The end of its time.
    pub not_after: Millis,
    /// The certificate (PEM).
    pub certificate: String,
}

/// Binds a certificate of a configured outside authority to a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterCertificate {
    /// To which device.
    pub device: DeviceId,
    /// The certificate (PEM).
    pub certificate: String,
}

/// Revokes a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCertificate {
    /// Which, by its SHA-256.
    pub fingerprint: String,
    /// Why.
    pub reason: String,
}
