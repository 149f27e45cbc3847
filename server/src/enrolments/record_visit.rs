//! Writing down a visit of the desk's that stands for the papers of a new office, where the region's rules let it (K-20, 003§3b).

use super::filled::day;
use super::rules::Step;
use super::standing::Case;
use crate::app::App;
use crate::error::Result;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, Millis, RecordVisit, SiteVisit, limits};

/// Writes it down, in place of an earlier one.
///
/// # Errors
/// `not_found`; `enrolment_not_open`; `waiver_not_available` where the rules know none; `waiver_incomplete`; `account_restricted`.
pub async fn record_visit(app: &App, who: &Arc<Session>, ask: RecordVisit) -> Result<Done> {
    who.let_write()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let mut case = Case::at_the_desk(&inner, tx.conn(), &who, ask.enrolment).await?;
            let to = case.step(Step::Visit)?.ok_or(Code::EnrolmentNotOpen)?;
            if !case.rules.visit_instead {
                return Err(Code::WaiverNotAvailable.into());
            }
            case.body.visit = Some(whole(&ask.visit, now).ok_or(Code::WaiverIncomplete)?);
            tx.step_enrolment(&inner, &case, to, (None, None)).await?;
            inner.audit.append(tx, &case.entry("enrolments.record_visit", Some(&who), now)).await?;
            Ok(Done {})
        })
        .await
}

/// A visit of which everything is said that stands for the papers.
fn whole(visit: &SiteVisit, now: Millis) -> Option<SiteVisit> {
    if !visit.affiliation_seen || !visit.consent_seen {
        return None;
    }
    Some(SiteVisit {
        on: day(&visit.on, "on", now).ok()?.to_string(),
        visitor: Text::line(&visit.visitor, limits::NAME_CHARS)?,
        confirmed_by: Text::line(&visit.confirmed_by, limits::NAME_CHARS)?,
        affiliation_seen: true,
        consent_seen: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_stands_for_the_papers_only_when_everything_is_said() {
        // 2026-03-01 in Tokyo.
        let now = Millis(1_772_290_800_000);
        let visit = SiteVisit {
            on: "2026-02-28".to_owned(),
            visitor: "事務局".to_owned(),
            confirmed_by: "所長".to_owned(),
            affiliation_seen: true,
            consent_seen: true,
        };
        assert!(whole(&visit, now).is_some());
        for lacking in [
            SiteVisit { on: String::new(), ..visit.clone() },
            SiteVisit { on: "2026-03-02".to_owned(), ..visit.clone() },
            SiteVisit { visitor: " ".to_owned(), ..visit.clone() },
            SiteVisit { confirmed_by: String::new(), ..visit.clone() },
            SiteVisit { affiliation_seen: false, ..visit.clone() },
            SiteVisit { consent_seen: false, ..visit.clone() },
        ] {
            assert_eq!(whole(&lacking, now), None);
        }
    }
}
