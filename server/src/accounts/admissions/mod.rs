//! An office asks somebody who has an account to work for it, and she decides (002-2.1S2, 002-2.1S3, 003-note(3)m): one person
//! keeps one account, and only with her consent does anybody new administer it.

mod accept;
mod asking;
mod decline;
mod list;
mod store;

pub use accept::accept_admission;
pub use asking::Asking;
pub use decline::decline_admission;
pub use list::list_admissions;
pub use store::NewAdmission;

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::AdmissionRow;
use tsumugi_protocol::{AccountId, AffiliationId, Code, Millis};

/// The sealed part of an admission, with the key of the account that is asked.
#[derive(Serialize, Deserialize)]
pub struct AdmissionBody {
    /// Format of this object.
    pub v: u8,
    /// Under which name others would see her.
    pub name: String,
    /// Its reading.
    pub kana: String,
}

body_of!(AdmissionBody, "admissions", AffiliationId);

impl NewAdmission {
    /// † How long an answer counts.
    pub const SPAN: Duration = Duration::from_secs(14 * 24 * 60 * 60);
    /// † How long an office that asked leaves the same person in peace.
    pub const PEACE: Duration = Duration::from_secs(24 * 60 * 60);
}

/// How an admission was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accepted,
    Declined,
}

impl Answer {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }
}

/// Whether an admission may be answered so; nothing to do where it was.
///
/// # Errors
/// `not_found`, the same for one that is not there, somebody else's, too old, or answered otherwise.
fn decide(row: Option<&AdmissionRow>, who: AccountId, answer: Answer, now: Millis) -> Result<bool, Code> {
    let hidden = Code::NotFound;
    let row = row.filter(|row| row.account == who).ok_or(hidden)?;
    match row.answer.as_deref() {
        Some(given) if given == answer.as_str() => Ok(false),
        Some(_) => Err(hidden),
        None if now < row.until => Ok(true),
        None => Err(hidden),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::OfficeId;
    use uuid::Uuid;

    #[test]
    fn who_answers_what_until_when() {
        let her = AccountId(Uuid::from_u128(1));
        let row = |answer: Option<&str>| AdmissionRow {
            id: AffiliationId(Uuid::nil()),
            office: OfficeId(Uuid::nil()),
            account: her,
            asked_by: AccountId(Uuid::from_u128(2)),
            occupation: "nurse".to_owned(),
            sealed: Vec::new(),
            asked_at: Millis(0),
            until: Millis(100),
            answer: answer.map(str::to_owned),
        };
        let hidden = Err(Code::NotFound);
        for (answer, who, wanted, at, expected) in [
            (None, her, Answer::Accepted, 99, Ok(true)),
            (None, her, Answer::Declined, 99, Ok(true)),
            (None, her, Answer::Accepted, 100, hidden),
            (Some("accepted"), her, Answer::Accepted, 500, Ok(false)),
            (Some("accepted"), her, Answer::Declined, 50, hidden),
            (Some("declined"), her, Answer::Accepted, 50, hidden),
            (None, AccountId(Uuid::from_u128(2)), Answer::Accepted, 50, hidden),
        ] {
            assert_eq!(
                decide(Some(&row(answer)), who, wanted, Millis(at)),
                expected,
                "{answer:?} {wanted:?} {at}"
            );
        }
        assert_eq!(decide(None, her, Answer::Accepted, Millis(0)), hidden);
    }
}
