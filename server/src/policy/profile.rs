//! The knobs, each with its kind, its number in the clause index (K-…) and its type; and the profile that they make.

use super::PolicyFault;
use super::budgets::SessionSpan;
use super::choices::{
    AccountEndedBy, Asked, Confirm, FreeGroupBy, IncidentTo, Level, OwnDevice, SharedAccount, Wanted,
};
use super::kinds::{self, AtLeast, AtMost, Override, Reasons};
use super::passwords::{self, PasswordRules};
use super::second_factor::{LockCloses, PasskeyUse, SecondFactorKind, Since};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tsumugi_protocol::{Attestation, GovernanceRole, InviteRequires, NamePattern, OsFamily, SecondFactor};

macro_rules! knobs {
    ($($(#[doc = $doc:literal])+ $kind:ident $number:literal $name:ident: $type:ty = $combine:path;)+) => {
        /// A region's rules: what holds there after floor and region were weighed.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Profile {
            /// Name of the file, and of the profile.
            pub key: String,
            /// Rises with every amendment; acts record which one decided.
            pub version: u32,
            /// K-01: what the rules are called.
            pub title: String,
            $($(#[doc = $doc])+ pub $name: $type,)+
            /// Values below the floor, and own ones that differ, each with its reason; the rules page shows them.
            pub overrides: Vec<Override>,
        }

        /// What one file says; it is silent on whatever it leaves out.
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Given {
            pub key: String,
            pub version: u32,
            pub title: String,
            $(pub $name: Option<$type>,)+
            #[serde(default)]
            pub overrides: Vec<Override>,
        }

        /// Every knob, its number and its kind: what the rules page lists.
        pub const KNOBS: &[Knob] = &[$(Knob { number: $number, kind: Kind::$kind }),+];

        impl Profile {
            /// The floor: silent on nothing.
            pub(super) fn floor(given: Given) -> Result<Self, PolicyFault> {
                $(let Some($name) = given.$name else {
                    return Err(PolicyFault::Silent { file: given.key, knob: $number });
                };)+
                let (key, version, title, overrides) = (given.key, given.version, given.title, given.overrides);
                Ok(Self { key, version, title, overrides, $($name),+ })
            }

            /// What holds where this profile is the one above: a region under the floor, an office under its region.
            pub(super) fn tightened_by(&self, given: Given) -> Result<Self, PolicyFault> {
                let reasons = Reasons { file: &given.key, given: &given.overrides };
                if let Some(stray) = given.overrides.iter().find(|entry| !KNOBS.iter().any(|k| k.number == entry.knob)) {
                    return Err(PolicyFault::NoSuchKnob { file: given.key.clone(), knob: stray.knob.clone() });
                }
                $(let $name = $combine(&self.$name, given.$name, $number, reasons)?;)+
                let (key, version, title, overrides) = (given.key, given.version, given.title, given.overrides);
                Ok(Self { key, version, title, overrides, $($name),+ })
            }
        }
    };
}

/// How values of a knob combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The stricter holds.
    Ordered,
    /// They add up.
    Union,
    /// The nearer one holds.
    Own,
    /// The nearer one holds, with a reason where it differs.
    Reasoned,
}

/// One knob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knob {
    /// Its number in the clause index, or its own name where the documents say nothing (†).
    pub number: &'static str,
    /// How its values combine.
    pub kind: Kind,
}

knobs! {
    /// K-06: the word for the person cared for.
    Own "K-06" term_patient: String = kinds::own;
    /// K-29: whether several people may share an account.
    Ordered "K-29" shared_account: SharedAccount = kinds::ordered;
    /// K-31 to K-34: what passwords must be.
    Ordered "K-31" passwords: PasswordRules = passwords::met;
    /// The version of the terms of use that everybody accepts at the first sign-in (003-form1※d).
    Own "terms_version" terms_version: String = kinds::own;
    /// † How many hours a first link is good (000§11(1)b).
    Ordered "first_link_hours" first_link_hours: AtMost = kinds::ordered;
    /// † How many minutes a link to a new password or address is good.
    Ordered "reset_link_minutes" reset_link_minutes: AtMost = kinds::ordered;
    /// K-35: consecutive failures that lock a sign-in …
    Ordered "K-35" lockout_tries: AtMost = kinds::ordered;
    /// K-35: … and for how many minutes.
    Ordered "K-35" lockout_minutes: AtLeast = kinds::ordered;
    /// K-36: minutes without an act of its person after which a session ends.
    Ordered "K-36" idle_minutes: AtMost = kinds::ordered;
    /// † Hours after which a session ends whatever is done.
    Ordered "session_hours" session_hours: AtMost = kinds::ordered;
    /// † Minutes without input after which a screen no longer shows content (002-2.2M1).
    Ordered "blank_minutes" blank_minutes: AtMost = kinds::ordered;
    /// K-40: whether a second factor is asked for beside the password.
    Ordered "K-40" second_factor: SecondFactor = kinds::ordered;
    /// K-40: from when on `required` is enforced; before it only reminds.
    Own "second_factor_from" second_factor_from: Since = kinds::own;
    /// K-40: what counts as one.
    Own "second_factors" second_factors: BTreeSet<SecondFactorKind> = kinds::own;
    /// K-40: whether staff come in only with the certificate of a device.
    Ordered "certificate_required" certificate_required: bool = kinds::ordered;
    /// † How many days a certificate of our own authority is good.
    Ordered "certificate_days" certificate_days: AtMost = kinds::ordered;
    /// c-42: whether a passkey opens a whole session without the password.
    Ordered "passkey_use" passkey_use: PasskeyUse = kinds::ordered;
    /// c-23: what a lock closes.
    Ordered "lock_closes" lock_closes: LockCloses = kinds::ordered;
    /// † Days without an act of its person after which an account is shown to the admin as unused (002-2.1S3).
    Ordered "unused_days" unused_days: AtMost = kinds::ordered;
    /// † Days after which it is told of somebody who left that her account is not closed (002-2.1M9).
    Ordered "leaver_days" leaver_days: AtMost = kinds::ordered;
    /// K-41: whether staff have the service look at who they are.
    Ordered "K-41" professional_verification: Asked = kinds::ordered;
    /// K-43: whether name, office and occupation stand in a profile (003-note(3)e).
    Ordered "K-43" profile: Asked = kinds::ordered;
    /// K-44: whether a photo does (c-8).
    Ordered "K-44" photo: Asked = kinds::ordered;
    /// K-45: how names are shown.
    Own "K-45" display_name: NamePattern = kinds::own;
    /// What every free group asks of whoever joins, beside what it asks itself (002-2.1S6).
    Union "invite_requires" invite_requires: BTreeSet<InviteRequires> = kinds::union;
    /// † How many days after its decision the document of a verification is kept (c-47).
    Ordered "document_days" document_days: AtMost = kinds::ordered;
    /// K-46: who may end an account altogether.
    Own "K-46" account_ended_by: BTreeSet<AccountEndedBy> = kinds::own;
    /// K-47: how many admins an office has at least.
    Ordered "K-47" min_admins: AtLeast = kinds::ordered;
    /// K-48: which duties of the guideline an admin holds one of; none where it is empty (002-3c).
    Own "K-48" admin_must_hold: BTreeSet<GovernanceRole> = kinds::own;
    /// K-49: whether a role is explained, and accepted by whoever takes it on (002-3.2(1)e).
    Ordered "K-49" admin_grant_explained: bool = kinds::ordered;
    /// † How many days a role that is offered may be accepted.
    Ordered "appointment_days" appointment_days: AtMost = kinds::ordered;
    /// K-56: who may open a free group.
    Reasoned "K-56" free_group_by: FreeGroupBy = kinds::reasoned;
    /// K-72: who gets an incident.
    Union "K-72" incident_to: BTreeSet<IncidentTo> = kinds::union;
    /// K-73: devices that the office did not lend.
    Ordered "K-73" own_devices: OwnDevice = kinds::ordered;
    /// K-74: whether an account is used on registered devices only.
    Ordered "K-74" device_binding: Wanted = kinds::ordered;
    /// K-75: what the office's phones and tablets for the stock record may run; anything where it is empty (c-26).
    Own "K-75" mobile_os_allowed: BTreeSet<OsFamily> = kinds::own;
    /// K-76: what the holder of a device attests, and how strongly it is asked.
    Union "K-76" attestations: BTreeMap<Attestation, Level> = kinds::union;
    /// K-78: whether a lost device can be locked from afar.
    Ordered "K-78" remote_lock: Level = kinds::ordered;
    /// K-90: every post passes the confirm step.
    Ordered "K-90" confirm_post: Confirm = kinds::ordered;
    /// † How long a preview may be sent after it was shown, in minutes.
    Ordered "confirm_minutes" confirm_minutes: AtMost = kinds::ordered;
    /// † One audit row per session, room and so many minutes of reading.
    Ordered "read_audit_minutes" read_audit_minutes: AtMost = kinds::ordered;
    /// † Refusals of one person that are written one by one in a minute; past it they are counted.
    Ordered "refusals_a_minute" refusals_a_minute: AtLeast = kinds::ordered;
    /// † Commands that one account may send at once …
    Ordered "commands_burst" commands_burst: AtMost = kinds::ordered;
    /// † … and in every second, once those are used up.
    Ordered "commands_a_second" commands_a_second: AtMost = kinds::ordered;
    /// † Names that may fail to sign in from one place in a minute.
    Ordered "failed_names_a_minute" failed_names_a_minute: AtMost = kinds::ordered;
    /// † Sign-ins that may fail from one place in a minute, whatever their names.
    Ordered "failed_sign_ins_a_minute" failed_sign_ins_a_minute: AtMost = kinds::ordered;
}

impl Profile {
    /// How long one reading of a room counts as the same.
    #[must_use]
    pub fn read_window(&self) -> Duration {
        minutes(self.read_audit_minutes.0)
    }

    /// How long a session stands under these rules.
    #[must_use]
    pub fn session_span(&self) -> SessionSpan {
        SessionSpan {
            idle: minutes(self.idle_minutes.0),
            whole: minutes(self.session_hours.0.saturating_mul(60)),
            blank: minutes(self.blank_minutes.0),
        }
    }

    /// How long nobody may have used an account before its admin is asked about it.
    #[must_use]
    pub fn unused_for(&self) -> Duration {
        minutes(self.unused_days.0.saturating_mul(24 * 60))
    }

    /// How long a role that is offered waits for an answer.
    #[must_use]
    pub fn appointment_span(&self) -> Duration {
        minutes(self.appointment_days.0.saturating_mul(24 * 60))
    }

    /// How long somebody who left has to close her account before others are told that it is not.
    #[must_use]
    pub fn leaver_span(&self) -> Duration {
        minutes(self.leaver_days.0.saturating_mul(24 * 60))
    }

    /// `vendor-floor v1`: what an audit row says about which rules decided.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} v{}", self.key, self.version)
    }

    /// How long a preview may be sent.
    #[must_use]
    pub fn confirm_for(&self) -> Duration {
        minutes(self.confirm_minutes.0)
    }
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}
