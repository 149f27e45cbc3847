//! A device is gone. Who can sign in ends everything at once; who cannot raises a report, and nothing else.

use super::standing::{Turning, turn};
use super::store;
use crate::accounts::AccountBody;
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, body_of};
use crate::crypto::random;
use crate::crypto::seal;
use crate::error::Result;
use crate::notices::Notice;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::{
    AccountId, Code, DeviceId, Done, Millis, NoticeKind, Refusal, ReportLoss, ReportLossMine, limits,
};
use uuid::Uuid;

/// What a report says.
#[derive(Serialize, Deserialize)]
pub(super) struct ReportBody {
    v: u8,
    /// In the words of whoever sent it.
    pub text: String,
}

/// The row of a report.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReportId(pub Uuid);

body_of!(ReportBody, "loss_reports", ReportId);

/// † So many reports of a day are kept for one account: more say nothing new, and whoever floods from many places fills nothing.
const A_DAY: i64 = 20;

/// † Within this time the admins are told once, however many report.
const QUIET: Duration = Duration::from_secs(60 * 60);

/// Takes a report from anybody. The answer is the same, and leaves before it is looked whose address it is.
///
/// # Errors
/// `rate_limited` for a place that sends many, `bad_field` and `too_large` for what is no report.
pub async fn report_loss(app: &App, source: IpAddr, ask: ReportLoss) -> Result<Done> {
    if ask.email.len() > limits::EMAIL_BYTES {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::EMAIL_BYTES).into());
    }
    let text = Text::short(&ask.text, limits::AIM_CHARS)
        .ok_or_else(|| Refusal::new(Code::BadField).with("field", "text"))?;
    // It is never given back: a place has so many reports, whatever they say.
    drop(app.loss_reports.turn(source, || app.clock.monotonic()).await?);
    let inner = app.clone();
    app.tasks.spawn(async move {
        if let Err(crate::error::Failure::Fault(fault)) = raise(&inner, &ask.email, text).await {
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
    let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
    let id = ReportId(random::new_id(&app.clock));
    let sealed = ReportBody { v: 1, text }.sealed(&key, id)?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let earlier = |by: Duration| Millis(now.0 - i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
            if store::loss_reports_since(tx.conn(), account.id, earlier(24 * QUIET)).await? >= A_DAY {
                return Ok(());
            }
            let is_first = store::loss_reports_since(tx.conn(), account.id, earlier(QUIET)).await? == 0;
            tx.insert_loss_report(id.0, account.id, None, Some(&sealed), now).await?;
            if is_first {
                told(&inner, tx, account.id).await?;
            }
            let subject = Some(account.id.0);
            let entry = Entry { at: now, act: "devices.report_loss", subject, ..Entry::default() };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}

/// The holder says so: all her sessions end, this one too, the device is stopped, and a new password is needed (002-2.1M10).
///
/// # Errors
/// `not_found` for a device that she does not hold.
pub async fn report_loss_mine(app: &App, who: &Arc<Session>, ask: ReportLossMine) -> Result<Done> {
    let held = match ask.device {
        None => None,
        Some(id) => Some(held_by(app, who, id).await?),
    };
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            if let Some(id) = held
                && let Some(device) = store::device(tx.conn(), id).await?
            {
                turn(&inner, tx, device, Turning::Stop, "loss", Some(&who), now).await?;
            }
            tx.must_change_password(who.account).await?;
            tx.end_all_links(who.account, now).await?;
            let id = random::new_id(&inner.clock);
            tx.insert_loss_report(id, who.account, held, None, now).await?;
            told(&inner, tx, who.account).await?;
            let ended = tx.end_sessions_of(&inner, who.account, None, "loss_reported", now).await?;
            let entry = Entry {
                at: now,
                act: "devices.report_loss_mine",
                account: Some(who.account),
                session: Some(who.id),
                subject: held.map(|id| id.0),
                detail: Some(format!(r#"{{"ended":{ended}}}"#)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// Its holder, who may not have reported it herself, and the admins of her offices.
async fn told(app: &App, tx: &mut Tx, account: AccountId) -> Result<()> {
    Notice::of(NoticeKind::LossReported).tell(app, tx, account).await?;
    Notice::of(NoticeKind::StaffLossReported).tell_admins_of(app, tx, account).await
}

async fn held_by(app: &App, who: &Arc<Session>, id: DeviceId) -> Result<DeviceId> {
    let mut view = app.store.view().await?;
    let device = store::device(view.conn(), id).await?;
    let device = device.filter(|device| device.account == Some(who.account)).ok_or(Code::NotFound)?;
    app.keys.ready(seal::key_of(&device.sealed)?).await?;
    Ok(id)
}
