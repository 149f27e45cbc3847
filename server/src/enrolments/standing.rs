//! A case with everything that is known of it, for the desk of its region and for whoever has its link.

use super::EnrolmentBody;
use super::rules::{self, Step, missing};
use super::store::{self, EnrolmentRow, Moved, PaperRow};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body};
use crate::crypto::seal;
use crate::crypto::seal::Key;
use crate::crypto::tokens::Purpose;
use crate::error::Result;
use crate::offices;
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::net::IpAddr;
use std::sync::Arc;
use tsumugi_protocol::{
    Code, EnrolmentId, EnrolmentMissing, EnrolmentRules, EnrolmentState, Millis, RegionId,
};

/// A case.
pub(super) struct Case {
    pub row: EnrolmentRow,
    pub body: EnrolmentBody,
    pub papers: Vec<PaperRow>,
    pub profile: Arc<Profile>,
    pub rules: EnrolmentRules,
}

impl Case {
    /// Opens what is stored.
    pub async fn of(app: &App, conn: &mut Conn, row: EnrolmentRow) -> Result<Self> {
        let body: EnrolmentBody = bodies::open(app, row.id, &row.sealed).await?;
        let papers = store::papers(conn, row.office).await?;
        let profile = app.policies.named(&row.profile)?;
        let rules = rules::asked(&profile);
        Ok(Self { row, body, papers, profile, rules })
    }

    /// One of a region whose desk asks.
    ///
    /// # Errors
    /// `not_found`, the same for one that is not there and one of another desk.
    pub async fn at_the_desk(app: &App, conn: &mut Conn, who: &Session, id: EnrolmentId) -> Result<Self> {
        let row = store::enrolment(conn, id).await?.ok_or(Code::NotFound)?;
        at_the_desk(conn, who, row.region).await?;
        Self::of(app, conn, row).await
    }

    /// What an acceptance still waits for.
    pub fn missing(&self) -> Vec<EnrolmentMissing> {
        missing(&self.body, &self.papers, &self.rules)
    }

    /// To which state a step brings it; none where it is there.
    ///
    /// # Errors
    /// `enrolment_not_open`.
    pub fn step(&self, step: Step) -> Result<Option<EnrolmentState>, Code> {
        rules::step(self.row.state, step)
    }

    /// Its key.
    pub async fn key(&self, app: &App) -> Result<Key> {
        Ok(app.keys.ready(seal::key_of(&self.row.sealed)?).await?)
    }

    /// What the audit says of an act about it.
    pub fn entry(&self, act: &'static str, who: Option<&Session>, now: Millis) -> Entry {
        Entry {
            at: now,
            act,
            account: who.map(|who| who.account),
            session: who.map(|who| who.id),
            region: Some(self.row.region),
            subject: Some(self.row.id.0),
            profile: Some(self.profile.name()),
            detail: Some(format!(
                r#"{{"office":"{}","from":"{}"}}"#,
                self.row.office,
                self.row.state.as_str()
            )),
            ..Entry::default()
        }
    }
}

/// Lets only the desk of that region through.
///
/// # Errors
/// `not_found`.
pub(super) async fn at_the_desk(conn: &mut Conn, who: &Session, region: RegionId) -> Result<()> {
    let desks = offices::store::desks_of(conn, who.account).await?;
    if desks.contains(&region) { Ok(()) } else { Err(Code::NotFound.into()) }
}

/// The hash of a link that is good now, and the case it leads to.
///
/// # Errors
/// `rate_limited` for a place that keeps showing links that are none; `link_spent`.
pub(super) async fn by_link(app: &App, source: IpAddr, shown: &str) -> Result<([u8; 32], EnrolmentRow)> {
    let link = app.tokens.recognise(Purpose::Link, shown).ok_or(Code::LinkSpent)?;
    let look = app.lookups.turn(source, || app.clock.monotonic()).await?;
    let found = {
        let mut view = app.store.view().await?;
        store::by_link(view.conn(), &link.0, app.clock.now()).await
    };
    if !matches!(found, Ok(None)) {
        look.was_no_fault();
    }
    Ok((link.0, found?.ok_or(Code::LinkSpent)?))
}

impl Tx {
    /// Keeps a case as it is after a step.
    ///
    /// # Errors
    /// `enrolment_not_open` where somebody else was first.
    pub(super) async fn step_enrolment(
        &mut self,
        app: &App,
        case: &Case,
        to: EnrolmentState,
        (submitted_at, decided): (Option<Millis>, Option<(tsumugi_protocol::AccountId, Millis)>),
    ) -> Result<()> {
        let sealed = case.body.sealed(&case.key(app).await?, case.row.id)?;
        let moved = Moved { to, sealed: &sealed, submitted_at, decided };
        if self.move_enrolment(&case.row, &moved).await? {
            Ok(())
        } else {
            Err(Code::EnrolmentNotOpen.into())
        }
    }
}
