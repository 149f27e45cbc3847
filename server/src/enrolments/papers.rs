//! Papers that a role waits for.

use super::store;
use crate::error::Result;
use crate::policy::{Form, Profile};
use crate::store::Conn;
use tsumugi_protocol::{AffiliationId, Code, OfficeId, PaperKind, Refusal};

/// What is written down of an office's papers.
pub struct Papers;

impl Papers {
    /// Lets an admin begin only with her own pledge, where the rules ask for one at every change (K-17, 004§3(2)).
    ///
    /// # Errors
    /// `admin_pledge_missing` with her name.
    pub async fn let_admin_begin(
        conn: &mut Conn,
        profile: &Profile,
        (office, place): (OfficeId, AffiliationId),
        name: &str,
    ) -> Result<()> {
        if !profile.forms_admin_change.contains(&Form::AdminPledge) {
            return Ok(());
        }
        let papers = store::papers(conn, office).await?;
        let has_pledged = papers.iter().any(|paper| {
            paper.kind == PaperKind::AdminPledge && paper.affiliation == Some(place) && paper.is_complete()
        });
        if has_pledged {
            return Ok(());
        }
        Err(Refusal::new(Code::AdminPledgeMissing).with("missing", name).into())
    }
}
