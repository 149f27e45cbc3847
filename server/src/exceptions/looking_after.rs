//! Who looks after an exception: sees it, ends it, and writes down what was found once it is over.

use super::store::{self, ExceptionRow};
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use tsumugi_protocol::{Code, ExceptionBy, ExceptionId, Millis, OfficeId};

/// What somebody is to an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Part {
    /// Of its region's desk or committee.
    pub is_desk: bool,
    /// An admin of one of its offices.
    pub is_admin: bool,
    /// Who declared it for herself.
    pub is_holder: bool,
}

impl Part {
    /// What an account is to one.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub(super) async fn of(conn: &mut Conn, who: &Session, row: &ExceptionRow) -> Result<Self> {
        let administered = store::administered_in(conn, who.account, row.region).await?;
        let area = store::offices_of(conn, row.id).await?;
        Ok(Self {
            is_desk: store::desks(conn, who.account).await?.contains(&row.region),
            is_admin: is_among(&administered, row.office, &area),
            is_holder: row.account == Some(who.account),
        })
    }

    /// Whether it is any business of hers.
    pub(super) const fn sees(self) -> bool {
        self.is_desk || self.is_admin || self.is_holder
    }

    /// Whether she may end it. What the desk declared is the desk's to end.
    pub(super) fn may_end(self, by: ExceptionBy) -> bool {
        self.is_desk || self.is_holder || (self.is_admin && by != ExceptionBy::Secretariat)
    }

    /// Whether she writes down what was found; nobody does of what she declared for herself.
    pub(super) fn may_review(self, by: ExceptionBy) -> bool {
        !self.is_holder && (self.is_desk || (self.is_admin && by != ExceptionBy::Secretariat))
    }
}

/// Whether an admin of these offices is one of an exception's: of the holder's office, or of one of its area.
fn is_among(administered: &[OfficeId], office: Option<OfficeId>, area: &[OfficeId]) -> bool {
    match office {
        Some(office) => administered.contains(&office),
        None if area.is_empty() => !administered.is_empty(),
        None => area.iter().any(|office| administered.contains(office)),
    }
}

/// What is to be done with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Ending it before its time.
    End,
    /// Writing down what was found.
    Review,
}

/// Whether it is over at that moment.
pub(super) fn is_over(row: &ExceptionRow, now: Millis) -> bool {
    row.ended_at.is_some() || row.until <= now
}

/// Whether somebody may do that with one as it stands.
///
/// # Errors
/// `not_found` for one that is none of her business; `not_for_yourself` for looking at one's own; `exception_over` for ending
/// what is over; `exception_in_force` and `exception_reviewed` for writing down what was found too early, or twice.
fn decide(part: Part, row: &ExceptionRow, step: Step, now: Millis) -> Result<(), Code> {
    if !part.sees() {
        return Err(Code::NotFound);
    }
    match step {
        Step::End if !part.may_end(row.by) => Err(Code::NotFound),
        Step::End if is_over(row, now) => Err(Code::ExceptionOver),
        Step::Review if part.is_holder => Err(Code::NotForYourself),
        Step::Review if !part.may_review(row.by) => Err(Code::NotFound),
        Step::Review if !is_over(row, now) => Err(Code::ExceptionInForce),
        Step::Review if row.review.is_some() => Err(Code::ExceptionReviewed),
        Step::End | Step::Review => Ok(()),
    }
}

/// An exception that somebody does that with.
///
/// # Errors
/// As [`decide`], the same for one that is not there.
pub(super) async fn looked_after(
    conn: &mut Conn,
    who: &Session,
    (id, step): (ExceptionId, Step),
    now: Millis,
) -> Result<ExceptionRow> {
    let row = store::exception(conn, id).await?.ok_or(Code::NotFound)?;
    decide(Part::of(conn, who, &row).await?, &row, step, now)?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{AccountId, ExceptionKind, RegionId};
    use uuid::Uuid;

    fn row(by: ExceptionBy, ended_at: Option<i64>, is_reviewed: bool) -> ExceptionRow {
        let nobody = AccountId(Uuid::nil());
        ExceptionRow {
            id: ExceptionId(Uuid::nil()),
            region: RegionId(Uuid::nil()),
            kind: ExceptionKind::Disaster,
            by,
            declared_by: nobody,
            account: None,
            office: None,
            sealed: Vec::new(),
            declared_at: Millis(0),
            until: Millis(100),
            ended_at: ended_at.map(Millis),
            review: is_reviewed.then(|| (Millis(90), nobody, Vec::new())),
        }
    }

    #[test]
    fn who_ends_and_looks_at_what_and_when() {
        use ExceptionBy::{Holder, OfficeAdmin, Secretariat};
        use Step::{End, Review};
        let nobody = Part::default();
        let desk = Part { is_desk: true, ..nobody };
        let admin = Part { is_admin: true, ..nobody };
        let holder = Part { is_holder: true, ..nobody };
        let both = Part { is_admin: true, is_holder: true, ..nobody };
        for (part, by, ended, reviewed, step, now, expected) in [
            (nobody, Holder, None, false, End, 1, Err(Code::NotFound)),
            (nobody, Holder, None, false, Review, 500, Err(Code::NotFound)),
            (desk, Secretariat, None, false, End, 99, Ok(())),
            (desk, Secretariat, None, false, End, 100, Err(Code::ExceptionOver)),
            (desk, Secretariat, Some(50), false, End, 60, Err(Code::ExceptionOver)),
            (admin, Secretariat, None, false, End, 1, Err(Code::NotFound)),
            (admin, OfficeAdmin, None, false, End, 1, Ok(())),
            (admin, Holder, None, false, End, 1, Ok(())),
            (holder, Holder, None, false, End, 1, Ok(())),
            (desk, Secretariat, None, false, Review, 99, Err(Code::ExceptionInForce)),
            (desk, Secretariat, None, false, Review, 100, Ok(())),
            (desk, Secretariat, Some(50), false, Review, 60, Ok(())),
            (desk, Secretariat, Some(50), true, Review, 60, Err(Code::ExceptionReviewed)),
            (admin, Secretariat, Some(50), false, Review, 60, Err(Code::NotFound)),
            (admin, Holder, Some(50), false, Review, 60, Ok(())),
            (holder, Holder, Some(50), false, Review, 60, Err(Code::NotForYourself)),
            (both, Holder, Some(50), false, Review, 60, Err(Code::NotForYourself)),
        ] {
            let found = decide(part, &row(by, ended, reviewed), step, Millis(now));
            assert_eq!(found, expected, "{part:?} {by:?} {ended:?} {step:?} {now}");
        }
    }

    #[test]
    fn whose_admins_look_after_an_exception() {
        let office = |n| OfficeId(Uuid::from_u128(n));
        for (administered, own, area, expected) in [
            (&[][..], None, &[][..], false),
            (&[office(1)][..], None, &[][..], true),
            (&[office(1)], None, &[office(2)][..], false),
            (&[office(1)], None, &[office(2), office(1)], true),
            (&[office(1)], Some(office(1)), &[], true),
            (&[office(1)], Some(office(2)), &[], false),
        ] {
            assert_eq!(is_among(administered, own, area), expected, "{administered:?} {own:?} {area:?}");
        }
    }
}
