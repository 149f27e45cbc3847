//! The delegations that an office gave and has.

use super::DelegationBody;
use super::store;
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::stewardships::name_of;
use crate::stewardships::of_office::patient_name;
use crate::store::Conn;
use tsumugi_protocol::{DelegationSeen, DelegationState, OfficeId};

/// Them: what is under way first.
pub(in crate::stewardships) async fn of_office(
    app: &App,
    conn: &mut Conn,
    office: OfficeId,
) -> Result<Vec<DelegationSeen>> {
    let mut seen = Vec::new();
    for row in store::of_office(conn, office).await? {
        let is_ours_to_take = row.delegate == office;
        let is_known = !is_ours_to_take || row.state == DelegationState::Active;
        let approved_by = match &row.sealed {
            Some(sealed) => {
                let body: DelegationBody = bodies::open(app, row.id, sealed).await?;
                Some(format!("{} {}", body.institution, body.approver))
            }
            None => None,
        };
        seen.push(DelegationSeen {
            delegation: row.id,
            name: patient_name(app, conn, row.patient, is_known).await?,
            steward: name_of(app, conn, row.steward).await?,
            delegate: name_of(app, conn, row.delegate).await?,
            is_ours_to_take,
            state: row.state,
            approved_by,
            approved_on: row.approved_on,
            until: row.until,
        });
    }
    Ok(seen)
}
