//! Exceptions from the rule of devices, where a region's rules know them: declared, bounded in area and time, ended by themselves,
//! and looked at afterwards. They lift that rule and nothing else (F-65, c-28).

mod declare;
mod end;
mod lift;
mod list;
mod looking_after;
mod over;
mod own;
mod review;
pub(crate) mod store;

pub use declare::declare;
pub use end::end;
pub use lift::Lifts;
pub use list::list;
pub use over::end_overdue;
pub use own::Own;
pub use review::review;

use crate::bodies::body_of;
use crate::policy::{DeviceException, ExceptionDeclaredBy, Profile};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tsumugi_protocol::{Code, ExceptionBy, ExceptionId, ExceptionKind, Refusal, limits};

/// The sealed part of an exception.
#[derive(Serialize, Deserialize)]
pub struct ExceptionBody {
    /// Format of this object.
    pub v: u8,
    /// Why.
    pub reason: String,
    /// The area that is hit; none for one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
}

body_of!(ExceptionBody, "exceptions", ExceptionId);

/// What was found afterwards.
#[derive(Serialize, Deserialize)]
pub struct ReviewBody {
    /// Format of this object.
    pub v: u8,
    /// In the words of whoever looked.
    pub note: String,
}

body_of!(ReviewBody, "exception_reviews", ExceptionId);

/// Which kinds the rules know (K-81).
fn kinds(rules: &Profile) -> Vec<ExceptionKind> {
    let of = |known: &DeviceException| match known {
        DeviceException::Disaster => ExceptionKind::Disaster,
        DeviceException::LifeOrBody => ExceptionKind::LifeOrBody,
    };
    rules.device_exception.iter().map(of).collect()
}

/// Whether the rules let somebody declare such an exception (K-81, K-82).
///
/// # Errors
/// `exception_not_allowed`.
fn is_known(rules: &Profile, kind: ExceptionKind, by: ExceptionBy) -> Result<(), Code> {
    let declares = match by {
        ExceptionBy::Secretariat => ExceptionDeclaredBy::Secretariat,
        ExceptionBy::OfficeAdmin => ExceptionDeclaredBy::OfficeAdmin,
        ExceptionBy::Holder => ExceptionDeclaredBy::Holder,
    };
    let is_so = kinds(rules).contains(&kind) && rules.exception_declared_by.contains(&declares);
    if is_so { Ok(()) } else { Err(Code::ExceptionNotAllowed) }
}

/// For how many hours at most (†).
fn most_hours(rules: &Profile, by: ExceptionBy) -> u32 {
    match by {
        ExceptionBy::Secretariat => rules.exception_region_hours.0,
        ExceptionBy::OfficeAdmin => rules.exception_office_hours.0,
        ExceptionBy::Holder => rules.exception_own_hours.0,
    }
}

fn hours(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60 * 60)
}

/// The words of why.
///
/// # Errors
/// `exception_reason_missing`; `bad_field` when they are too long.
fn reason(typed: &str) -> Result<String, Refusal> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(Code::ExceptionReasonMissing.into());
    }
    within(text, "reason")
}

/// Words that are not too long.
fn within(text: &str, field: &'static str) -> Result<String, Refusal> {
    if text.chars().count() > limits::REASON_CHARS {
        return Err(Refusal::new(Code::BadField).with("field", field));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    #[test]
    fn which_exceptions_the_rules_know_and_who_declares_them() {
        use ExceptionBy::{Holder, OfficeAdmin, Secretariat};
        use ExceptionKind::{Disaster, LifeOrBody};
        let policies = Policies::shipped().unwrap();
        let known = |region: &str, kind, by| is_known(&policies.named(region).unwrap(), kind, by).is_ok();
        for by in [Secretariat, OfficeAdmin, Holder] {
            for (region, disaster, life) in [
                ("vendor-floor", false, false),
                ("miyazaki", true, false),
                ("higashikurume", true, true),
                ("misato", false, false),
            ] {
                assert_eq!(known(region, Disaster, by), disaster, "{region} {by:?}");
                assert_eq!(known(region, LifeOrBody, by), life, "{region} {by:?}");
            }
        }
        let floor = policies.named("vendor-floor").unwrap();
        let only_desk = Profile {
            device_exception: [DeviceException::Disaster].into(),
            exception_declared_by: [ExceptionDeclaredBy::Secretariat].into(),
            ..(*floor).clone()
        };
        assert_eq!(is_known(&only_desk, Disaster, Secretariat), Ok(()));
        assert_eq!(is_known(&only_desk, Disaster, OfficeAdmin), Err(Code::ExceptionNotAllowed));
        assert_eq!(is_known(&only_desk, Disaster, Holder), Err(Code::ExceptionNotAllowed));
        assert_eq!([Secretariat, OfficeAdmin, Holder].map(|by| most_hours(&floor, by)), [168, 24, 12]);
    }

    #[test]
    fn why_is_said_in_words() {
        for (typed, expected) in [("  停電  ", "停電"), (" \n", ""), ("", "")] {
            let said = reason(typed);
            match expected {
                "" => assert_eq!(said.unwrap_err().code, Code::ExceptionReasonMissing),
                words => assert_eq!(said.unwrap(), words),
            }
        }
        assert_eq!(reason(&"あ".repeat(limits::REASON_CHARS + 1)).unwrap_err().code, Code::BadField);
    }
}
