//! Whether somebody is asked at all; whoever asks is not told.

use super::{NewAdmission, store};
use crate::accounts::store::{self as accounts, AccountRow};
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{AffiliationId, Code, Millis, OfficeId, PersonKind};

/// What asking comes to.
pub enum Asking {
    /// She was asked under this id before.
    Again,
    /// There is nobody who can be asked.
    Nobody,
    /// She can be.
    Somebody(AccountRow),
}

/// What is known of an account that was found.
#[derive(Debug, Clone, Copy)]
struct Facts {
    may_come_in: bool,
    is_staff: bool,
    is_shared: bool,
    works_there: bool,
    /// When this office asked her last.
    last_asked: Option<Millis>,
}

impl Facts {
    fn can_be_asked(self, now: Millis) -> bool {
        let is_in_peace = self.last_asked.is_some_and(|last| now.since(last) < NewAdmission::PEACE);
        self.may_come_in && self.is_staff && !self.is_shared && !self.works_there && !is_in_peace
    }
}

impl NewAdmission {
    /// Looks at whom that office asks under that id.
    ///
    /// # Errors
    /// `id_taken` for an id that stands for something else.
    pub async fn asking(
        conn: &mut Conn,
        found: Option<AccountRow>,
        (office, id): (OfficeId, AffiliationId),
        now: Millis,
    ) -> Result<Asking> {
        if let Some(row) = store::admission(conn, id).await? {
            // Whoever it was: the answer must not tell whether the address is hers.
            return if row.office == office { Ok(Asking::Again) } else { Err(Code::IdTaken.into()) };
        }
        if accounts::place(conn, id).await?.is_some() {
            return Err(Code::IdTaken.into());
        }
        let Some(row) = found else { return Ok(Asking::Nobody) };
        let places = accounts::affiliations(conn, row.id).await?;
        let facts = Facts {
            may_come_in: row.is_active,
            is_staff: row.kind == PersonKind::Staff,
            is_shared: row.is_shared,
            works_there: places.iter().any(|place| place.office == Some(office)),
            last_asked: store::last_asked(conn, office, row.id).await?,
        };
        Ok(if facts.can_be_asked(now) { Asking::Somebody(row) } else { Asking::Nobody })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_can_be_asked() {
        let free = Facts {
            may_come_in: true,
            is_staff: true,
            is_shared: false,
            works_there: false,
            last_asked: None,
        };
        let day = NewAdmission::PEACE;
        let asked = Facts { last_asked: Some(Millis(0)), ..free };
        for (facts, at, expected) in [
            (free, 0, true),
            (Facts { may_come_in: false, ..free }, 0, false),
            (Facts { is_staff: false, ..free }, 0, false),
            (Facts { is_shared: true, ..free }, 0, false),
            (Facts { works_there: true, ..free }, 0, false),
            (asked, Millis(0).plus(day).0 - 1, false),
            (asked, Millis(0).plus(day).0, true),
        ] {
            assert_eq!(facts.can_be_asked(Millis(at)), expected, "{facts:?} {at}");
        }
    }
}
