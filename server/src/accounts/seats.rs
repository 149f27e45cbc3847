//! Whether an office goes on without one of its admins (000§7, K-47): one decision, for whatever ends or stops her.

use super::store::{self, SeatRow};
use crate::app::App;
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, AffiliationId, OfficeId};

/// An office that somebody administers, and who else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Her place there.
    pub place: AffiliationId,
    /// The office.
    pub office: OfficeId,
    /// K-47: how many admins it has at least.
    least: u32,
    /// How many others have come in, may act and are not barred from its timelines.
    others: u32,
    /// Whether she is one who can, herself.
    counts: bool,
}

impl Seat {
    /// Whether nobody else is left.
    #[must_use]
    pub const fn is_alone(self) -> bool {
        self.others == 0
    }

    /// Whether too few were left without her. One who could not act anyway is missed only where there is nobody else.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        self.is_alone() || (self.counts && self.others < self.least)
    }

    /// The offices that somebody administers.
    ///
    /// # Errors
    /// When the rows cannot be read, or name rules that are not there.
    pub async fn all_of(app: &App, conn: &mut Conn, account: AccountId) -> Result<Vec<Self>> {
        let mut seats = Vec::new();
        for SeatRow { place, office, profile, others, counts } in store::seats(conn, account).await? {
            let least = app.policies.named(&profile)?.min_admins.0;
            let others = u32::try_from(others).unwrap_or(u32::MAX);
            seats.push(Self { place, office, least, others, counts });
        }
        Ok(seats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn whom_an_office_cannot_do_without() {
        for (least, others, counts, alone, needed) in [
            (1, 0, true, true, true),
            (1, 0, false, true, true),
            (1, 1, true, false, false),
            (2, 1, true, false, true),
            (2, 1, false, false, false),
            (2, 2, true, false, false),
            (0, 0, true, true, true),
        ] {
            let (place, office) = (AffiliationId(Uuid::nil()), OfficeId(Uuid::nil()));
            let seat = Seat { place, office, least, others, counts };
            assert_eq!((seat.is_alone(), seat.is_needed()), (alone, needed), "{seat:?}");
        }
    }
}
