//! Somebody who cannot sign in says that a device is gone: it raises an incident and changes nothing by itself (000-note(3)j).

use super::raising::Raised;
use super::store;
use crate::accounts::AccountBody;
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::seal;
use crate::error::{Failure, Result};
use crate::notices::Notice;
use crate::policy::Daily;
use crate::posts::Text;
use crate::sessions::store as sessions;
use crate::store::Tx;
use std::net::IpAddr;
use std::time::Duration;
use tsumugi_protocol::{
    AccountId, Code, Done, IncidentId, IncidentKind, Millis, NoticeKind, RaisedBy, Refusal, ReportIncident,
    limits,
};

/// † Within this time those who deal with it are told once, however many report.
const QUIET: Duration = Duration::from_secs(60 * 60);

/// Takes a report from anybody. The answer is the same, and leaves before it is looked whose address it is.
///
/// # Errors
/// `rate_limited` for a place that sends many, `bad_field` and `too_large` for what is no report.
pub async fn report(app: &App, source: IpAddr, ask: ReportIncident) -> Result<Done> {
    if ask.email.len() > limits::EMAIL_BYTES {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::EMAIL_BYTES).into());
    }
    let text = Text::short(&ask.text, limits::AIM_CHARS)
        .ok_or_else(|| Refusal::new(Code::BadField).with("field", "text"))?;
    // It is never given back: a place has so many reports, whatever they say.
    drop(app.loss_reports.turn(source, || app.clock.monotonic()).await?);
    let inner = app.clone();
    app.tasks.spawn(async move {
        if let Err(Failure::Fault(fault)) = raise(&inner, &ask.email, text).await {
            tracing::error!(cause = fault.chain(), "a loss report could not be kept");
        }
    });
    Ok(Done {})
}

async fn raise(app: &App, email: &str, text: String) -> Result<()> {
    let found = {
        let mut view = app.store.view().await?;
        accounts::account_by_email(view.conn(), AccountBody::found_by(app, email).as_bytes()).await?
    };
    let Some(account) = found.filter(|account| !account.is_closed()) else { return Ok(()) };
    app.keys.ready(seal::key_of(&account.sealed)?).await?;
    let (inner, account, now) = (app.clone(), account.id, app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let what = (IncidentKind::Loss, Some(text.clone()));
            let Some(id) = tx.raise_unproven(&inner, account, what, now).await? else { return Ok(()) };
            let detail = Some(format!(r#"{{"account":"{account}"}}"#));
            let entry =
                Entry { at: now, act: "incidents.report", subject: Some(id.0), detail, ..Entry::default() };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}

impl Tx {
    /// Raises what somebody says about an account without having shown that it is hers: it is kept and told, and changes
    /// nothing. Nothing is kept past the bound of a day: more say nothing new, and whoever floods from many places fills
    /// nothing.
    ///
    /// # Errors
    /// When it cannot be sealed or stored.
    pub(super) async fn raise_unproven(
        &mut self,
        app: &App,
        account: AccountId,
        (kind, text): (IncidentKind, Option<String>),
        now: Millis,
    ) -> Result<Option<IncidentId>> {
        let by = RaisedBy::Anybody;
        let profiles = sessions::profiles_of(self.conn(), account).await?;
        let most = app.policies.daily(profiles.iter().map(String::as_str)).reports;
        let done = store::raised_since(self.conn(), account, by, now.before(Daily::SPAN)).await?;
        if Daily::let_one_more(done, most).is_err() {
            return Ok(None);
        }
        let raised = Raised::ByAnybody(account);
        if store::open_since(self.conn(), account, by, now.before(QUIET)).await? > 0 {
            return Ok(Some(self.keep_incident(app, kind, raised, text, now).await?));
        }
        let told = match kind {
            IncidentKind::Loss | IncidentKind::Trouble => NoticeKind::LossReported,
            IncidentKind::UnauthorisedAccess => NoticeKind::AccessSuspected,
        };
        Notice::of(told).tell(app, self, account).await?;
        Ok(Some(self.raise_incident(app, kind, raised, text, now).await?))
    }
}
