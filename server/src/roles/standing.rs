//! Whose business a role is: the head's of the office, where none is recorded yet its admins', and the desk's for the region.

use super::store;
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, Code, OfficeId, RegionId, Role};

/// What somebody is to an office, or to the region of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// She signs for it.
    pub is_head: bool,
    /// Somebody does.
    pub has_head: bool,
    /// She is one of its admins.
    pub is_admin: bool,
    /// She signs for some office, or runs one.
    pub runs_some: bool,
    /// She is of its region's desk.
    pub is_desk: bool,
}

impl Standing {
    /// What an account is to a place; to none, where there is none.
    pub(super) async fn of(
        conn: &mut Conn,
        account: AccountId,
        at: Option<(OfficeId, RegionId)>,
    ) -> Result<Self> {
        Ok(store::standing(conn, account, at).await?)
    }

    /// Lets whoever decides about an office's own duties go on: its head (000§7, 001§13, 002-3.1a, 003§7). Offices that were there
    /// before heads were recorded have none: until one is, an admin decides, since nobody else could.
    ///
    /// # Errors
    /// `office_head_only` for an admin where there is a head; `other_office`, the same for an office of others and one that is not
    /// there; `office_admin_only`.
    pub(super) const fn decides(self) -> Result<(), Code> {
        match self {
            Self { is_head: true, .. } | Self { is_admin: true, has_head: false, .. } => Ok(()),
            Self { is_admin: true, .. } => Err(Code::OfficeHeadOnly),
            Self { runs_some: true, .. } => Err(Code::OtherOffice),
            Self { .. } => Err(Code::OfficeAdminOnly),
        }
    }

    /// Lets whoever offers that role, or ends it, go on.
    ///
    /// # Errors
    /// As [`Standing::decides`]; for roles that are the desk's to give `not_found`.
    pub(super) const fn gives(self, role: Role) -> Result<(), Code> {
        match role {
            Role::OfficeAdmin => self.decides(),
            Role::OfficeHead | Role::Secretariat | Role::Committee | Role::Auditor if self.is_desk => Ok(()),
            Role::OfficeHead | Role::Secretariat | Role::Committee | Role::Auditor => Err(Code::NotFound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decides_about_which_role() {
        let nobody =
            Standing { is_head: false, has_head: false, is_admin: false, runs_some: false, is_desk: false };
        let head = Standing { is_head: true, has_head: true, runs_some: true, ..nobody };
        let admin = Standing { is_admin: true, runs_some: true, ..nobody };
        let desk = Standing { is_desk: true, ..nobody };
        let hidden = Err(Code::NotFound);
        for (standing, of_admin, of_desk) in [
            (head, Ok(()), hidden),
            (Standing { is_admin: true, ..head }, Ok(()), hidden),
            (admin, Ok(()), hidden),
            (Standing { has_head: true, ..admin }, Err(Code::OfficeHeadOnly), hidden),
            (Standing { is_admin: false, ..admin }, Err(Code::OtherOffice), hidden),
            (desk, Err(Code::OfficeAdminOnly), Ok(())),
            (Standing { has_head: true, ..desk }, Err(Code::OfficeAdminOnly), Ok(())),
            (Standing { is_desk: true, ..admin }, Ok(()), Ok(())),
            (nobody, Err(Code::OfficeAdminOnly), hidden),
        ] {
            assert_eq!(standing.gives(Role::OfficeAdmin), of_admin, "{standing:?}");
            for role in [Role::OfficeHead, Role::Secretariat, Role::Committee, Role::Auditor] {
                assert_eq!(standing.gives(role), of_desk, "{standing:?} {role:?}");
            }
        }
    }
}
