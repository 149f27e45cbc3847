//! Filling in a form by its link, and handing it in.

use super::filled::{Filled, today};
use super::rules::Step;
use super::standing::{Case, by_link};
use super::store::{self, PaperRow};
use crate::app::App;
use crate::error::Result;
use crate::notices::Notice;
use crate::roles;
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{
    AccountId, Code, Done, EnrolmentForm, FillEnrolment, Millis, NoticeKind, PaperKind, SignedHow,
};

/// Keeps what is there so far; the form is opened again by the same link.
///
/// # Errors
/// As [`by_link`]; as [`Filled::so_far`]; `enrolment_not_open` once it is handed in.
pub async fn fill(app: &App, source: IpAddr, ask: FillEnrolment) -> Result<Done> {
    let (link, _) = by_link(app, source, &ask.link).await?;
    let filled = Filled::so_far(ask.form)?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let row = store::by_link(tx.conn(), &link, now).await?.ok_or(Code::LinkSpent)?;
            let mut case = Case::of(&inner, tx.conn(), row).await?;
            let to = case.step(Step::Fill)?.ok_or(Code::EnrolmentNotOpen)?;
            case.body.form = Some(filled.0.clone());
            tx.step_enrolment(&inner, &case, to, (None, None)).await?;
            inner.audit.append(tx, &case.entry("enrolments.fill", None, now)).await?;
            Ok(Done {})
        })
        .await
}

/// Hands it in, and tells the desk. Handed in already, nothing changes.
///
/// # Errors
/// As [`by_link`]; as [`Filled::whole`]; `enrolment_not_open`.
pub async fn submit(app: &App, source: IpAddr, ask: FillEnrolment) -> Result<Done> {
    let (link, _) = by_link(app, source, &ask.link).await?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let row = store::by_link(tx.conn(), &link, now).await?.ok_or(Code::LinkSpent)?;
            let mut case = Case::of(&inner, tx.conn(), row).await?;
            let Some(to) = case.step(Step::Submit)? else { return Ok(Done {}) };
            let filled = Filled::whole(ask.form.clone(), &case.rules, now)?;
            case.body.form = Some(filled.0);
            tx.step_enrolment(&inner, &case, to, (Some(now), None)).await?;
            tx.keep_signatures(&case, None, now).await?;
            inner.audit.append(tx, &case.entry("enrolments.submit", None, now)).await?;
            for desk in roles::store::desk_of(tx.conn(), case.row.region).await? {
                let notice = Notice::of(NoticeKind::EnrolmentSubmitted).naming(case.body.office_name());
                notice.tell(&inner, tx, desk).await?;
            }
            Ok(Done {})
        })
        .await
}

impl Tx {
    /// What is signed on the form is received with it; a paper that came by itself stays as it is.
    pub(super) async fn keep_signatures(
        &mut self,
        case: &Case,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<()> {
        let Some(form) = &case.body.form else { return Ok(()) };
        for (kind, is_signed) in signed(form) {
            let there = case.papers.iter().find(|paper| paper.kind == kind && paper.affiliation.is_none());
            let came_by_itself = there.is_some_and(|paper| paper.how != SignedHow::Electronic);
            if !is_signed {
                self.drop_electronic(case.row.office, kind).await?;
            } else if !came_by_itself {
                let paper = PaperRow {
                    kind,
                    affiliation: None,
                    how: SignedHow::Electronic,
                    signed_on: form.dated.clone(),
                    received_on: today(now).map(|day| day.to_string()),
                    copy_kept_on: None,
                };
                self.put_paper(case.row.office, &paper, (by, now)).await?;
            }
        }
        Ok(())
    }
}

fn signed(form: &EnrolmentForm) -> [(PaperKind, bool); 2] {
    [(PaperKind::Application, form.signs_application), (PaperKind::HeadPledge, form.signs_pledge)]
}
