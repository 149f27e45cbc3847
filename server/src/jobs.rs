//! What runs on a timer.

use crate::accounts;
use crate::app::App;
use crate::audit::{Entry, Heads};
use crate::backups::{self, Daily, Places};
use crate::error::{Failure, Result};
use crate::store::Tx;
use crate::{
    erasures, exceptions, incidents, notices, offices, permits, pledges, reviews, rooms, rules, sessions,
    stewardships, verifications,
};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tsumugi_protocol::Millis;

const MARKS: Duration = Duration::from_millis(500);
/// † How often it is tried whether rows can be read, for whoever asks after our health.
const PULSE: Duration = Duration::from_secs(5);
/// Sessions end at most so much later than they should; a command they send meanwhile is refused all the same.
const SECOND: Duration = Duration::from_secs(1);
/// † After a crash a session may end so much early.
const LAST_ACTS: Duration = Duration::from_secs(30);
/// † How often it is looked whether a mail is due.
const POST: Duration = Duration::from_secs(2);
/// † How often it is looked whether an incident waits too long.
const WAITING: Duration = Duration::from_secs(10);
const REST: Duration = Duration::from_secs(5);
/// † How often it is looked whether a transfer or a delegation is over.
const STEWARDS: Duration = Duration::from_secs(5);
/// † How often by the service's clock all timelines are looked through for reviews that are due.
const REVIEWS: Duration = Duration::from_secs(60 * 60);
/// † How often it is looked whether a document is to be erased.
const DOCUMENTS: Duration = Duration::from_secs(10);
/// † How often it is looked whether an erasure was decided.
const DECIDED: Duration = Duration::from_secs(1);
/// † How often it is looked whether a backup is due.
const DUE: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Starts them all. They end, their last work done, after [`crate::app::Tasks::stop`].
pub fn start(app: &App, heads: Heads, places: &Places) {
    erase(app, places);
    back_up(app, places);
    let marks = app.clone();
    app.tasks.spawn(async move {
        while !pause(&marks, MARKS).await {
            complain("writing read marks", rooms::flush_marks(&marks).await);
        }
    });
    let resting = app.clone();
    app.tasks.spawn(async move {
        while !pause(&resting, REST).await {
            resting.passwords.rest();
        }
    });
    let ending = app.clone();
    app.tasks.spawn(async move {
        while !pause(&ending, SECOND).await {
            complain("ending sessions", sessions::end_overdue(&ending).await);
        }
    });
    let noting = app.clone();
    app.tasks.spawn(async move {
        while !pause(&noting, LAST_ACTS).await {
            complain("noting last acts", sessions::write_last_acts(&noting).await);
        }
    });
    let posting = app.clone();
    app.tasks.spawn(async move {
        while !pause(&posting, POST).await {
            complain("sending mail", notices::deliver(&posting).await);
        }
    });
    let reminding = app.clone();
    app.tasks.spawn(async move {
        while !pause(&reminding, WAITING).await {
            complain("reminding of incidents", incidents::remind(&reminding).await);
            complain("reminding of timelines", permits::remind(&reminding).await);
            complain("ending exceptions", exceptions::end_overdue(&reminding).await);
        }
    });
    steward(app);
    let forgetting = app.clone();
    app.tasks.spawn(async move {
        while !pause(&forgetting, DOCUMENTS).await {
            complain("erasing documents", verifications::forget_documents(&forgetting).await);
        }
    });
    let looking = app.clone();
    app.tasks.spawn(async move {
        while !pause(&looking, PULSE).await {
            let readable = looking.store.view().await.is_ok();
            looking.is_readable.store(readable, Ordering::Relaxed);
        }
    });
    let ledger = app.clone();
    app.tasks.spawn(async move {
        let mut heads = heads;
        while !pause(&ledger, MINUTE).await {
            complain("writing counted refusals", write_refusals(&ledger, false).await);
            complain("forgetting old sign-ins", accounts::forget_old_sign_ins(&ledger).await);
            complain("telling who left an account behind", offices::remind_of_leavers(&ledger).await);
            complain("noting which rules regions begin with", rules::begin(&ledger).await);
            complain("settling what places owe", pledges::settle(&ledger).await);
            complain("signing the audit", heads.sign(&ledger, &ledger.audit).await);
        }
        ledger.tasks.links_ended().await;
        complain("noting last acts", sessions::write_last_acts(&ledger).await);
        complain("writing read marks", rooms::flush_marks(&ledger).await);
        complain("writing counted refusals", write_refusals(&ledger, true).await);
        complain("signing the audit", heads.sign(&ledger, &ledger.audit).await);
        complain("closing the audit", heads.finish(&ledger).await);
    });
}

fn steward(app: &App) {
    let stewarding = app.clone();
    app.tasks.spawn(async move {
        let mut looked: Option<Millis> = None;
        while !pause(&stewarding, STEWARDS).await {
            complain("ending transfers and delegations", stewardships::lapse(&stewarding).await);
            let now = stewarding.clock.now();
            if looked.is_none_or(|last| now.since(last) >= REVIEWS) {
                let told = reviews::remind(&stewarding).await;
                looked = if matches!(told, Ok(false)) { Some(now) } else { looked };
                complain("reminding of reviews", told.map(|_| ()));
            }
        }
    });
}

fn erase(app: &App, places: &Places) {
    let (erasing, places) = (app.clone(), places.clone());
    app.tasks.spawn(async move {
        while !pause(&erasing, DECIDED).await {
            complain("erasing what was decided", erasures::carry_out(&erasing, &places).await);
        }
    });
}

fn back_up(app: &App, places: &Places) {
    let (backing, places) = (app.clone(), places.clone());
    app.tasks.spawn(async move {
        let mut daily = Daily::default();
        while !pause(&backing, DUE).await {
            complain("making the daily backup", backups::when_due(&backing, &places, &mut daily).await);
        }
    });
}

/// Waits; whether the server is stopping.
async fn pause(app: &App, span: Duration) -> bool {
    tokio::time::timeout(span, app.tasks.stopping()).await.is_ok()
}

async fn write_refusals(app: &App, at_once: bool) -> Result<()> {
    let rows: Vec<Entry> = app.refusals.close(app.clock.now(), at_once);
    if rows.is_empty() {
        return Ok(());
    }
    let (inner, unwritten) = (app.clone(), rows.clone());
    let written = app
        .store
        .act(async move |tx: &mut Tx| -> Result<()> {
            for row in &rows {
                inner.audit.append(tx, row).await?;
            }
            Ok(())
        })
        .await;
    if written.is_err() {
        app.refusals.keep_for_later(unwritten);
    }
    written
}

fn complain(doing: &'static str, result: Result<()>) {
    match result {
        Ok(()) => {}
        Err(Failure::Refused(refusal)) => tracing::warn!(doing, code = refusal.code.as_str(), "a job waits"),
        Err(Failure::Fault(fault)) => tracing::error!(doing, cause = fault.chain(), "a job failed"),
    }
}
