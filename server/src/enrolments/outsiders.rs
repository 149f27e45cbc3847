//! Who cannot be invited, since her office is none of the region's (000§3c, 001§8-1, 004-form4-3(1)).

use super::store;
use crate::error::Result;
use crate::policy::PledgeTo;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, Code, PersonKind, RegionId};

/// What somebody of staff, found by her address, is to a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outsider {
    /// Patients and families belong to no office.
    is_staff: bool,
    /// An office of the region has her.
    works_here: bool,
    /// Some office has her.
    works_somewhere: bool,
}

impl Outsider {
    /// What is known of her.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn of(
        conn: &mut Conn,
        (account, kind): (AccountId, PersonKind),
        region: RegionId,
    ) -> Result<Self> {
        let regions = store::regions_of_staff(conn, account).await?;
        Ok(Self {
            is_staff: kind == PersonKind::Staff,
            works_here: regions.contains(&region),
            works_somewhere: !regions.is_empty(),
        })
    }

    /// Whether she may be invited. That there is such an account is no secret from an admin: registering it would say so.
    ///
    /// # Errors
    /// `no_affiliation`; `office_not_admitted_in_region` or, where the association itself takes the pledges (K-24), `not_in_network`.
    pub const fn let_in(self, pledge_to: PledgeTo) -> Result<(), Code> {
        match (self, pledge_to) {
            (Self { is_staff: false, .. } | Self { works_here: true, .. }, _) => Ok(()),
            (Self { .. }, PledgeTo::Association) => Err(Code::NotInNetwork),
            (Self { works_somewhere: true, .. }, PledgeTo::OfficeHead) => {
                Err(Code::OfficeNotAdmittedInRegion)
            }
            (Self { .. }, PledgeTo::OfficeHead) => Err(Code::NoAffiliation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_an_invitation_reaches() {
        let nobodys = Outsider { is_staff: true, works_here: false, works_somewhere: false };
        let elsewhere = Outsider { works_somewhere: true, ..nobodys };
        let here = Outsider { works_here: true, ..elsewhere };
        let family = Outsider { is_staff: false, ..nobodys };
        for (who, to, expected) in [
            (here, PledgeTo::OfficeHead, Ok(())),
            (here, PledgeTo::Association, Ok(())),
            (family, PledgeTo::Association, Ok(())),
            (elsewhere, PledgeTo::OfficeHead, Err(Code::OfficeNotAdmittedInRegion)),
            (elsewhere, PledgeTo::Association, Err(Code::NotInNetwork)),
            (nobodys, PledgeTo::OfficeHead, Err(Code::NoAffiliation)),
            (nobodys, PledgeTo::Association, Err(Code::NotInNetwork)),
        ] {
            assert_eq!(who.let_in(to), expected, "{who:?} {to:?}");
        }
    }
}
