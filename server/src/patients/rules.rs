//! Who records that the account of a patient, or of her family, is its holder's own, and who corrects what is kept of her (002-gl5, 000§4a).

use crate::posts::Text;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{self, TimeZone};
use tsumugi_protocol::{Code, ConfirmationMethod, Millis, Refusal, limits};

/// What is known when somebody confirms an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Confirming {
    /// Whether she is in a timeline of the patient.
    pub takes_part: bool,
    /// Whether she works for an office.
    pub is_staff: bool,
    /// What stands under the id: whether it is just this.
    pub stands: Option<bool>,
    /// Whether another confirmation of the account stands.
    pub is_confirmed: bool,
}

/// Whether she may; nothing to do where she did.
///
/// # Errors
/// `not_found` for whoever takes no part in the patient's care, the account there or not; `staff_only`; `id_taken`;
/// `confirmation_stands`.
pub(super) fn confirm(facts: Confirming) -> Result<bool, Code> {
    match facts {
        Confirming { takes_part: false, .. } => Err(Code::NotFound),
        Confirming { is_staff: false, .. } => Err(Code::StaffOnly),
        Confirming { stands: Some(true), .. } => Ok(false),
        Confirming { stands: Some(false), .. } => Err(Code::IdTaken),
        Confirming { is_confirmed: true, .. } => Err(Code::ConfirmationStands),
        Confirming { .. } => Ok(true),
    }
}

/// What is known when somebody takes a confirmation back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Withdrawing {
    /// Whether she is in a timeline of the patient.
    pub takes_part: bool,
    /// Whether she works for an office.
    pub is_staff: bool,
    /// Whether it stands no more.
    pub has_ended: bool,
}

/// Whether there is anything to take back.
///
/// # Errors
/// `not_found` for whoever takes no part in the patient's care; `staff_only`.
pub(super) fn withdraw(facts: Withdrawing) -> Result<bool, Code> {
    match facts {
        Withdrawing { takes_part: false, .. } => Err(Code::NotFound),
        Withdrawing { is_staff: false, .. } => Err(Code::StaffOnly),
        Withdrawing { has_ended, .. } => Ok(!has_ended),
    }
}

/// What is known when somebody corrects what is kept of a patient, or reads what was corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Correcting {
    /// Whether she runs the steward office, or is staff of it whom its administrator named.
    pub may_correct: bool,
    /// Whether she is in a timeline of the patient.
    pub takes_part: bool,
    /// What stands under the id: whether it is just this.
    pub stands: Option<bool>,
}

/// Whether she may; nothing to do where she did.
///
/// # Errors
/// `not_steward`; `not_found` for whoever has nothing to do with the patient, there or not; `id_taken`.
pub(super) fn correct(facts: Correcting) -> Result<bool, Code> {
    match facts {
        Correcting { may_correct: true, stands: None, .. } => Ok(true),
        Correcting { may_correct: true, stands: Some(true), .. } => Ok(false),
        Correcting { may_correct: true, stands: Some(false), .. } => Err(Code::IdTaken),
        Correcting { may_correct: false, takes_part: true, .. } => Err(Code::NotSteward),
        Correcting { may_correct: false, takes_part: false, .. } => Err(Code::NotFound),
    }
}

/// The words of the FHIR list for a person's sex.
pub const SEXES: [&str; 4] = ["male", "female", "other", "unknown"];

/// A day of the calendar, written as `1940-01-31`.
#[must_use]
pub(super) fn day(written: &str) -> Option<Date> {
    written.parse().ok().filter(|date: &Date| date.to_string() == written)
}

/// Whether that day has come where the service is used (UTC+9).
pub(super) fn has_come(day: Date, now: Millis) -> bool {
    let now = Timestamp::from_millisecond(now.0).unwrap_or_default();
    day <= now.to_zoned(TimeZone::fixed(tz::offset(9))).date()
}

/// More of how an account was confirmed, fit to be kept.
///
/// # Errors
/// `bad_field` for a text that is too long, and for none where the method says nothing by itself.
pub(super) fn note(method: ConfirmationMethod, typed: Option<&str>) -> Result<Option<String>, Refusal> {
    let typed = typed.map(str::trim).filter(|text| !text.is_empty());
    let wrong = || Refusal::new(Code::BadField).with("field", "note");
    match (method, typed) {
        (ConfirmationMethod::Other, None) => Err(wrong()),
        (_, None) => Ok(None),
        (_, Some(text)) => Text::short(text, limits::REASON_CHARS).map(Some).ok_or_else(wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_confirms_by_table() {
        let staff = Confirming { takes_part: true, is_staff: true, stands: None, is_confirmed: false };
        for (facts, expected) in [
            (staff, Ok(true)),
            (Confirming { stands: Some(true), is_confirmed: true, ..staff }, Ok(false)),
            (Confirming { stands: Some(false), ..staff }, Err(Code::IdTaken)),
            (Confirming { is_confirmed: true, ..staff }, Err(Code::ConfirmationStands)),
            (Confirming { is_staff: false, ..staff }, Err(Code::StaffOnly)),
            (Confirming { takes_part: false, ..staff }, Err(Code::NotFound)),
            (Confirming { takes_part: false, is_staff: false, ..staff }, Err(Code::NotFound)),
            (Confirming { takes_part: false, stands: Some(false), ..staff }, Err(Code::NotFound)),
        ] {
            assert_eq!(confirm(facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn who_withdraws_by_table() {
        let staff = Withdrawing { takes_part: true, is_staff: true, has_ended: false };
        for (facts, expected) in [
            (staff, Ok(true)),
            (Withdrawing { has_ended: true, ..staff }, Ok(false)),
            (Withdrawing { is_staff: false, ..staff }, Err(Code::StaffOnly)),
            (Withdrawing { takes_part: false, ..staff }, Err(Code::NotFound)),
            (Withdrawing { takes_part: false, has_ended: true, ..staff }, Err(Code::NotFound)),
        ] {
            assert_eq!(withdraw(facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn who_corrects_by_table() {
        let steward = Correcting { may_correct: true, takes_part: false, stands: None };
        let other = Correcting { may_correct: false, takes_part: true, ..steward };
        let stranger = Correcting { takes_part: false, ..other };
        for (facts, expected) in [
            (steward, Ok(true)),
            (Correcting { takes_part: true, ..steward }, Ok(true)),
            (Correcting { stands: Some(true), ..steward }, Ok(false)),
            (Correcting { stands: Some(false), ..steward }, Err(Code::IdTaken)),
            (other, Err(Code::NotSteward)),
            (Correcting { stands: Some(true), ..other }, Err(Code::NotSteward)),
            (stranger, Err(Code::NotFound)),
            (Correcting { stands: Some(false), ..stranger }, Err(Code::NotFound)),
        ] {
            assert_eq!(correct(facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_day_has_come_when_it_begins_in_japan() {
        let day = day("2026-11-20").unwrap();
        // 2026-11-19T15:00:00Z is midnight there.
        assert!(has_come(day, Millis(1_795_100_400_000)));
        assert!(!has_come(day, Millis(1_795_100_399_999)));
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        for wrong in ["", "2026-2-28", "2026-02-30", "20260228", "2026-02-28T00:00"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn another_way_wants_a_note() {
        use ConfirmationMethod::{InPerson, Other};
        let kept = |method, typed| note(method, typed).map_err(|refusal| refusal.code);
        assert_eq!(kept(InPerson, None), Ok(None));
        assert_eq!(kept(InPerson, Some(" ")), Ok(None));
        assert_eq!(kept(InPerson, Some(" 訪問時に ")), Ok(Some("訪問時に".to_owned())));
        assert_eq!(kept(Other, Some("　")), Err(Code::BadField));
        assert_eq!(kept(Other, Some("主治医から")), Ok(Some("主治医から".to_owned())));
        assert_eq!(kept(InPerson, Some(&"あ".repeat(limits::REASON_CHARS + 1))), Err(Code::BadField));
    }
}
