//! Which of somebody's places an exception frees from the rule of devices now.

use super::store::{self, LiftRow};
use crate::accounts::store::AffiliationRow;
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, ExceptionId, Millis};

/// The exceptions in force for somebody, those that last longest first.
#[derive(Debug, Clone, Default)]
pub struct Lifts {
    rows: Vec<LiftRow>,
}

impl Lifts {
    /// Those declared for her region or office, and her own where her session shows it.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn of(
        conn: &mut Conn,
        (account, claimed): (AccountId, Option<ExceptionId>),
        now: Millis,
    ) -> Result<Self> {
        Ok(Self { rows: store::lifting(conn, (account, claimed), now).await? })
    }

    /// Whether one lifts the rule for a place.
    #[must_use]
    pub fn frees(&self, place: &AffiliationRow) -> bool {
        self.for_place(place).is_some()
    }

    /// Under which a session is opened that comes in by them: the one shown, or the first that frees a place; with its end.
    #[must_use]
    pub fn under(
        &self,
        places: &[AffiliationRow],
        claimed: Option<ExceptionId>,
    ) -> Option<(ExceptionId, Millis)> {
        let shown = claimed.and_then(|claimed| self.rows.iter().find(|row| row.id == claimed));
        let found = shown.or_else(|| places.iter().find_map(|place| self.for_place(place)));
        found.map(|row| (row.id, row.until))
    }

    fn for_place(&self, place: &AffiliationRow) -> Option<&LiftRow> {
        self.rows
            .iter()
            .find(|row| row.region == place.region && (row.office.is_none() || row.office == place.office))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{AffiliationId, CardId, OfficeId, RegionId};
    use uuid::Uuid;

    fn place(region: u128, office: u128) -> AffiliationRow {
        AffiliationRow {
            id: AffiliationId(Uuid::nil()),
            region: RegionId(Uuid::from_u128(region)),
            office: Some(OfficeId(Uuid::from_u128(office))),
            patient: None,
            card: CardId(Uuid::nil()),
            profile: String::new(),
            region_sealed: Vec::new(),
        }
    }

    fn lift(id: u128, region: u128, office: Option<u128>) -> LiftRow {
        LiftRow {
            id: ExceptionId(Uuid::from_u128(id)),
            region: RegionId(Uuid::from_u128(region)),
            office: office.map(|office| OfficeId(Uuid::from_u128(office))),
            until: Millis(100),
        }
    }

    #[test]
    fn an_exception_frees_the_places_of_its_area_and_no_others() {
        for (rows, region, office, frees) in [
            (vec![], 1, 1, false),
            (vec![lift(9, 1, None)], 1, 1, true),
            (vec![lift(9, 2, None)], 1, 1, false),
            (vec![lift(9, 1, Some(1))], 1, 1, true),
            (vec![lift(9, 1, Some(2))], 1, 1, false),
            (vec![lift(9, 1, Some(2)), lift(8, 1, Some(1))], 1, 1, true),
        ] {
            let lifts = Lifts { rows: rows.clone() };
            assert_eq!(lifts.frees(&place(region, office)), frees, "{rows:?}");
        }
    }

    #[test]
    fn a_session_is_marked_by_the_one_shown_or_by_the_one_that_frees_her() {
        let lifts = Lifts { rows: vec![lift(8, 2, None), lift(9, 1, None), lift(7, 1, None)] };
        let places = [place(1, 1)];
        let id = |n| ExceptionId(Uuid::from_u128(n));
        assert_eq!(lifts.under(&places, None), Some((id(9), Millis(100))));
        assert_eq!(lifts.under(&places, Some(id(7))), Some((id(7), Millis(100))));
        assert_eq!(lifts.under(&places, Some(id(5))), Some((id(9), Millis(100))), "one that is not in force");
        assert_eq!(Lifts::default().under(&places, Some(id(7))), None);
    }
}
