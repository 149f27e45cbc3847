//! Who records a consent for a connection, and when a patient's data may go through it (001§16-2, c-14, c-45, c-51).

use super::store::Exception;
use crate::policy::ConnectionPatientData;
use tsumugi_protocol::{Code, PersonKind, Refusal, RoomKind};

impl Exception {
    /// Whether it lets a post through. Whoever has no consent is not told whether a timeline is in use.
    ///
    /// # Errors
    /// `consent_missing`; `use_timeline`, where the region lets connections carry it only until a timeline is in use.
    pub fn holds(self, rule: ConnectionPatientData) -> Result<(), Refusal> {
        match (rule, self) {
            (_, Self { is_permitted: false, .. }) => Err(Code::ConsentMissing.into()),
            (ConnectionPatientData::WithConsentUntilTimeline, Self { is_in_use: true, .. }) => {
                Err(Code::UseTimeline.into())
            }
            (ConnectionPatientData::WithConsentUntilTimeline | ConnectionPatientData::WithConsent, _) => {
                Ok(())
            }
        }
    }
}

/// What is known when somebody records a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recording {
    /// The kind of the room.
    pub room: RoomKind,
    /// What she is.
    pub who: PersonKind,
    /// Whether she has to do with the patient.
    pub is_known: bool,
    /// What stands under the id: whether it is just this.
    pub stands: Option<bool>,
}

/// Whether there is anything to record.
///
/// # Errors
/// `bad_field` for a room that is no connection; `staff_only`; `id_taken`; `not_found` for a patient she has nothing to do with.
pub(super) fn record(facts: Recording) -> Result<bool, Refusal> {
    match facts {
        Recording {
            room: RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient | RoomKind::FreeGroup,
            ..
        } => Err(Refusal::new(Code::BadField).with("field", "room")),
        Recording { who: PersonKind::Patient | PersonKind::Family, .. } => Err(Code::StaffOnly.into()),
        Recording { stands: Some(true), .. } => Ok(false),
        Recording { stands: Some(false), .. } => Err(Code::IdTaken.into()),
        Recording { is_known: false, .. } => Err(Code::NotFound.into()),
        Recording { is_known: true, stands: None, .. } => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_carries_it_by_table() {
        use ConnectionPatientData::{WithConsent, WithConsentUntilTimeline};
        for (rule, is_permitted, is_in_use, expected) in [
            (WithConsent, false, false, Some("consent_missing")),
            (WithConsent, false, true, Some("consent_missing")),
            (WithConsent, true, false, None),
            (WithConsent, true, true, None),
            (WithConsentUntilTimeline, false, true, Some("consent_missing")),
            (WithConsentUntilTimeline, true, false, None),
            (WithConsentUntilTimeline, true, true, Some("use_timeline")),
        ] {
            let exception = Exception { is_permitted, is_in_use, is_shared: false };
            let refused = exception.holds(rule).err().map(|refusal| refusal.code.as_str());
            assert_eq!(refused, expected, "{rule:?} {is_permitted} {is_in_use}");
        }
    }

    #[test]
    fn who_records_a_consent_by_table() {
        let hers =
            Recording { room: RoomKind::Connection, who: PersonKind::Staff, is_known: true, stands: None };
        let code = |facts| record(facts).map_err(|refusal| refusal.code.as_str());
        for (facts, expected) in [
            (hers, Ok(true)),
            (Recording { stands: Some(true), ..hers }, Ok(false)),
            (Recording { stands: Some(false), ..hers }, Err("id_taken")),
            (Recording { is_known: false, ..hers }, Err("not_found")),
            (Recording { who: PersonKind::Family, ..hers }, Err("staff_only")),
            (Recording { who: PersonKind::Patient, is_known: false, ..hers }, Err("staff_only")),
            (Recording { room: RoomKind::FreeGroup, ..hers }, Err("bad_field")),
            (Recording { room: RoomKind::TimelineStaff, ..hers }, Err("bad_field")),
        ] {
            assert_eq!(code(facts), expected, "{facts:?}");
        }
    }
}
