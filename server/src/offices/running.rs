//! Whose business an office is.

use super::store;
use crate::accounts;
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, Code, OfficeId};

/// What somebody is to an office that a command names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// One of its admins.
    pub runs_it: bool,
    /// An admin somewhere.
    pub is_admin: bool,
}

impl Running {
    /// Lets only its admins through (000§8e).
    ///
    /// # Errors
    /// `other_office`, the same for an office of others and one that is not there; `office_admin_only`.
    pub fn decide(self) -> Result<(), Code> {
        match self {
            Self { runs_it: true, .. } => Ok(()),
            Self { is_admin: true, .. } => Err(Code::OtherOffice),
            Self { .. } => Err(Code::OfficeAdminOnly),
        }
    }

    /// Lets an office's admins and its region's desk through.
    ///
    /// # Errors
    /// As [`Running::decide`].
    pub async fn admin_or_desk(conn: &mut Conn, account: AccountId, office: Option<OfficeId>) -> Result<()> {
        if let Some(office) = office
            && is_its_desk(conn, account, office).await?
        {
            return Ok(());
        }
        Ok(Self::of(conn, account, office).await?.decide()?)
    }

    /// What an account is to that office; to none, where there is none.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn of(conn: &mut Conn, account: AccountId, office: Option<OfficeId>) -> Result<Self> {
        let places = accounts::store::offices_administered(conn, account).await?;
        let runs_it = office.is_some_and(|office| places.contains(&office));
        Ok(Self { runs_it, is_admin: !places.is_empty() })
    }
}

/// Whether an account is of the desk of that office's region; of none, where there is no such office.
pub(super) async fn is_its_desk(conn: &mut Conn, account: AccountId, office: OfficeId) -> Result<bool> {
    let Some(row) = store::office(conn, office).await? else { return Ok(false) };
    Ok(store::desks_of(conn, account).await?.contains(&row.region))
}
