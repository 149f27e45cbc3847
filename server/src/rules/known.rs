//! Which version of a region's rules somebody knows, and whether she is asked to read another.

use super::store::{self, KnownRow};
use crate::app::App;
use crate::error::Result;
use crate::policy::Policies;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use tsumugi_protocol::{AccountId, Millis, PersonKind, RegionId, RosterPersonId};

/// What somebody knows of the rules of her regions.
#[derive(Debug, Clone, Default)]
pub struct KnownRules {
    is_staff: bool,
    rows: Vec<KnownRow>,
}

impl KnownRules {
    /// Of an account, or of who acts in it.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn of(
        conn: &mut Conn,
        (account, kind): (AccountId, PersonKind),
        person: Option<RosterPersonId>,
    ) -> Result<Self> {
        let rows = store::known(conn, account, person).await?;
        Ok(Self { is_staff: kind == PersonKind::Staff, rows })
    }

    /// The same of a session.
    ///
    /// # Errors
    /// As [`KnownRules::of`].
    pub async fn of_session(conn: &mut Conn, who: &Session) -> Result<Self> {
        Self::of(conn, (who.account, who.kind), who.acting).await
    }

    /// What she knows of a region she belongs to.
    #[must_use]
    pub fn in_region(&self, region: RegionId) -> Option<&KnownRow> {
        self.rows.iter().find(|row| row.region == region)
    }

    /// Whether rules of hers have changed since the version she knows; then she reads them before anything else (002-intro3).
    ///
    /// # Errors
    /// When a region's rules are not there.
    pub fn is_asked(&self, policies: &Policies) -> Result<bool> {
        for row in &self.rows {
            if self.is_asked_in(row, &policies.named(&row.profile)?.edition()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The same for one region, of which that version is in force.
    #[must_use]
    pub fn is_asked_in(&self, row: &KnownRow, in_force: &str) -> bool {
        self.is_staff && is_other(row.version(), in_force)
    }

    /// All of them are accepted as they stand: by whoever comes in for the first time and accepts the terms (003-form1※d,
    /// 000§0).
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn accept_all(&self, app: &App, tx: &mut Tx, account: AccountId, now: Millis) -> Result<()> {
        for row in &self.rows {
            let version = app.policies.named(&row.profile)?.edition();
            tx.insert_acknowledged((account, None), (row.region, &version), now).await?;
        }
        Ok(())
    }

    /// The same after that region's was acknowledged.
    #[must_use]
    pub fn having_read(mut self, region: RegionId, version: &str, now: Millis) -> Self {
        for row in self.rows.iter_mut().filter(|row| row.region == region) {
            row.acknowledged = Some((version.to_owned(), now));
        }
        self
    }
}

impl KnownRow {
    /// The version she knows: the one she acknowledged, or the one that held when her region was first looked at here.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.acknowledged.as_ref().map(|(version, _)| version.as_str()).or(self.first.as_deref())
    }
}

/// Who knows no version yet is not asked: nobody has told her that there is another.
fn is_other(known: Option<&str>, in_force: &str) -> bool {
    known.is_some_and(|known| known != in_force)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn knows(kind: PersonKind, first: Option<&str>, acknowledged: Option<&str>) -> KnownRules {
        let row = KnownRow {
            region: RegionId(Uuid::nil()),
            profile: "ours".to_owned(),
            first: first.map(str::to_owned),
            acknowledged: acknowledged.map(|version| (version.to_owned(), Millis(0))),
        };
        KnownRules { is_staff: kind == PersonKind::Staff, rows: vec![row] }
    }

    #[test]
    fn who_is_asked_to_read_which_version() {
        use PersonKind::{Family, Patient, Staff};
        for (kind, first, acknowledged, in_force, asked) in [
            (Staff, None, None, "1.2", false),
            (Staff, Some("1.2"), None, "1.2", false),
            (Staff, Some("1.2"), None, "2.2", true),
            (Staff, Some("1.2"), None, "1.3", true),
            (Staff, Some("1.2"), Some("2.2"), "2.2", false),
            (Staff, Some("1.2"), Some("2.2"), "2.3", true),
            (Staff, Some("2.2"), Some("1.2"), "2.2", true),
            (Family, Some("1.2"), None, "2.2", false),
            (Patient, Some("1.2"), Some("1.2"), "2.2", false),
        ] {
            let known = knows(kind, first, acknowledged);
            let row = known.in_region(RegionId(Uuid::nil())).unwrap();
            assert_eq!(
                known.is_asked_in(row, in_force),
                asked,
                "{kind:?} {first:?} {acknowledged:?} {in_force}"
            );
        }
    }

    #[test]
    fn what_was_read_is_known() {
        let known = knows(PersonKind::Staff, Some("1.2"), None);
        let read = known.having_read(RegionId(Uuid::nil()), "2.2", Millis(5));
        let row = read.in_region(RegionId(Uuid::nil())).unwrap();
        assert_eq!((row.version(), read.is_asked_in(row, "2.2")), (Some("2.2"), false));
    }
}
