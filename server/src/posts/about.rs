//! Whom a post says it is about: a timeline's own patient, nobody in a free group, and in a connection a patient whose data may
//! go through it by exception (001§16-2, 001§30-2, 001§31-3).

use crate::app::App;
use crate::error::{Failure, Result};
use crate::permits::store::{self as permits, Exception};
use crate::policy::{ConnectionPatientData, Permit, Profile};
use crate::rooms::Standing;
use crate::store::{Conn, Tx};
use tsumugi_protocol::{AccountId, Code, Finding, Lang, PatientId, Refusal, RoomId, RoomKind};

/// What is known of whom a post says it is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference {
    kind: RoomKind,
    own: Option<PatientId>,
    about: Option<PatientId>,
    /// Nothing for a patient whom the author has nothing to do with.
    exception: Option<Exception>,
}

impl Reference {
    /// Loads it; nothing is asked where the post names nobody.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub(super) async fn load(
        conn: &mut Conn,
        who: AccountId,
        standing: &Standing,
        about: Option<PatientId>,
    ) -> Result<Self> {
        let exception = match about {
            Some(patient) if !is_timeline(standing.kind) => {
                permits::exception(conn, who, standing.room, patient).await?
            }
            Some(_) | None => None,
        };
        Ok(Self { kind: standing.kind, own: standing.patient, about, exception })
    }

    /// What its author is reminded of: both of them could write in the patient's timeline instead (K-58).
    pub(super) fn reminders(&self, rules: &Profile, lang: Lang) -> Vec<Finding> {
        let could = self.exception.is_some_and(|exception| exception.is_shared);
        match (self.kind, rules.connection_patient_data) {
            (RoomKind::Connection, ConnectionPatientData::WithConsent) if could => {
                let said = Refusal::new(Code::UseTimeline).say(lang);
                vec![Finding { code: said.code, sentence: said.sentence }]
            }
            _ => Vec::new(),
        }
    }
}

fn is_timeline(kind: RoomKind) -> bool {
    match kind {
        RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient => true,
        RoomKind::FreeGroup | RoomKind::Connection => false,
    }
}

/// Whether a post may be about whom it says. That a timeline is in use is told only to who has a consent (c-51).
///
/// # Errors
/// `patient_data_in_free_group`; `not_found` for a patient whom the author has nothing to do with, there or not;
/// `consent_missing`; `use_timeline`; `bad_field` for another patient than a timeline's own.
pub(super) fn may_refer(facts: &Reference, rules: &Profile) -> Result<(), Refusal> {
    let Some(about) = facts.about else { return Ok(()) };
    match (facts.kind, facts.exception) {
        (RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient, _) if facts.own == Some(about) => Ok(()),
        (RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient, _) => {
            Err(Refusal::new(Code::BadField).with("field", "about"))
        }
        (RoomKind::FreeGroup, _) if rules.free_group_patient_data == Permit::Forbidden => {
            Err(Code::PatientDataInFreeGroup.into())
        }
        (RoomKind::FreeGroup | RoomKind::Connection, None) => Err(Code::NotFound.into()),
        (RoomKind::FreeGroup, Some(_)) => Ok(()),
        (RoomKind::Connection, Some(exception)) => exception.holds(rules.connection_patient_data),
    }
}

/// Where it was refused since a timeline is in use, those who run that timeline are told that it is wanted, once a record (c-51).
///
/// # Errors
/// The refusal, as it was.
pub(super) async fn passed_on<T>(
    app: &App,
    who: AccountId,
    (room, about): (RoomId, Option<PatientId>),
    done: Result<T>,
) -> Result<T> {
    let is_wanted = matches!(&done, Err(Failure::Refused(refusal)) if refusal.code == Code::UseTimeline);
    if let Some(patient) = about.filter(|_| is_wanted) {
        let inner = app.clone();
        app.store.act(async move |tx: &mut Tx| tx.want_timeline(&inner, (room, patient), who).await).await?;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;
    use uuid::Uuid;

    #[test]
    fn whom_a_post_may_be_about_by_table() {
        use RoomKind::{Connection, FreeGroup, TimelineStaff};
        let policies = Policies::for_bench().unwrap();
        let floor = policies.named("vendor-floor").unwrap();
        let [hers, other] = [1, 2].map(|id| Some(PatientId(Uuid::from_u128(id))));
        let known =
            |is_permitted, is_in_use| Some(Exception { is_permitted, is_in_use, is_shared: is_in_use });
        for (kind, about, exception, expected) in [
            (TimelineStaff, None, None, None),
            (TimelineStaff, hers, None, None),
            (TimelineStaff, other, None, Some("bad_field")),
            (FreeGroup, None, None, None),
            (FreeGroup, other, known(true, false), Some("patient_data_in_free_group")),
            (FreeGroup, other, None, Some("patient_data_in_free_group")),
            (Connection, None, None, None),
            (Connection, other, None, Some("not_found")),
            (Connection, other, known(false, false), Some("consent_missing")),
            (Connection, other, known(false, true), Some("consent_missing")),
            (Connection, other, known(true, false), None),
            (Connection, other, known(true, true), None),
        ] {
            let facts = Reference { kind, own: hers.filter(|_| kind == TimelineStaff), about, exception };
            let refused = may_refer(&facts, &floor).err().map(|refusal| refusal.code.as_str());
            assert_eq!(refused, expected, "{kind:?} {about:?} {exception:?}");
        }
        let reminded = |kind, exception| {
            let facts = Reference { kind, own: None, about: other, exception };
            facts.reminders(&floor, Lang::Ja).len()
        };
        assert_eq!(reminded(Connection, known(true, true)), 1);
        assert_eq!(reminded(Connection, known(true, false)), 0);
        assert_eq!(reminded(Connection, None), 0);
    }
}
