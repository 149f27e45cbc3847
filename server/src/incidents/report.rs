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
use crate::posts::Text;
use crate::store::Tx;
use std::net::IpAddr;
use std::time::Duration;
use tsumugi_protocol::{Code, Done, IncidentKind, NoticeKind, RaisedBy, Refusal, ReportIncident, limits};

/// † So many reports of a day are kept for one account: more say nothing new, and whoever floods from many places fills nothing.
const A_DAY: i64 = 5;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
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
            let by = RaisedBy::Anybody;
            if store::raised_since(tx.conn(), account, by, now.before(DAY)).await? >= A_DAY {
                return Ok(());
            }
            let is_first = store::open_since(tx.conn(), account, by, now.before(QUIET)).await? == 0;
            let (kind, raised) = (IncidentKind::Loss, Raised::ByAnybody(account));
            let id = if is_first {
                Notice::of(NoticeKind::LossReported).tell(&inner, tx, account).await?;
                tx.raise_incident(&inner, kind, raised, Some(text.clone()), now).await?
            } else {
                tx.keep_incident(&inner, kind, raised, Some(text.clone()), now).await?
            };
            let detail = Some(format!(r#"{{"account":"{account}"}}"#));
            let entry =
                Entry { at: now, act: "incidents.report", subject: Some(id.0), detail, ..Entry::default() };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}
