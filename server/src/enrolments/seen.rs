//! A case as it is shown.

use super::rules::is_outside;
use super::standing::Case;
use tsumugi_protocol::{EnrolmentSeen, PaperSeen};

impl Case {
    /// As its desk sees it.
    pub fn for_the_desk(self) -> EnrolmentSeen {
        let email = Some(self.body.email.clone());
        EnrolmentSeen { email, ..self.for_the_applicant() }
    }

    /// As whoever has its link sees it.
    pub fn for_the_applicant(self) -> EnrolmentSeen {
        let missing = self.missing();
        let name = self.body.office_name().to_owned();
        let papers = self.papers.into_iter().map(|paper| PaperSeen {
            kind: paper.kind,
            affiliation: paper.affiliation,
            how: paper.how,
            signed_on: paper.signed_on,
            received_on: paper.received_on,
            copy_kept_on: paper.copy_kept_on,
        });
        EnrolmentSeen {
            enrolment: self.row.id,
            region: self.row.region,
            office: self.row.office,
            name,
            state: self.row.state,
            email: None,
            is_outside: self.body.form.as_ref().is_some_and(|form| is_outside(form, &self.rules)),
            form: self.body.form,
            papers: papers.collect(),
            visit: self.body.visit,
            reasons: self.body.reasons,
            missing,
            rules: self.rules,
            link_until: self.row.link_until,
            opened_at: self.row.opened_at,
            submitted_at: self.row.submitted_at,
            decided_at: self.row.decided_at,
        }
    }
}
