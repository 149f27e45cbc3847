//! A forgotten password: a mail with a link, and an answer that says nothing about whether there is such an account.

use super::link::{LinkPurpose, MailedLink};
use super::throttle::Throttle;
use super::{AccountBody, store};
use crate::app::App;
use crate::audit::Entry;
use crate::error::{Failure, Result};
use crate::notices::Notice;
use crate::store::Tx;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tsumugi_protocol::{Code, Done, Forgot, NoticeKind, Refusal, limits};

/// † How long an address is left in peace after a mail.
const PEACE: Duration = Duration::from_secs(5 * 60);
/// † How many may be worked on at once.
const AT_ONCE: usize = 32;

/// Asks by where they come from, and how many are worked on.
pub struct Forgotten {
    asked: Throttle,
    room: Arc<Semaphore>,
}

impl Default for Forgotten {
    fn default() -> Self {
        Self { asked: Throttle::default(), room: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// Answers at once, the same whatever the address; the work is done after the answer, by one act in either case.
///
/// # Errors
/// `too_large`; `rate_limited` when that place asks too often; `overloaded`. None of them depends on who has an account.
pub fn forgot(app: &App, source: IpAddr, ask: &Forgot) -> Result<Done> {
    if ask.email.len() > limits::EMAIL_BYTES {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::EMAIL_BYTES).into());
    }
    let name = app.lookup.sign_in_name(&AccountBody::normal_email(&ask.email));
    let attempt = app.forgotten.asked.begin(source, &name, app.clock.monotonic(), app.policies.guessing())?;
    let busy = || Refusal::new(Code::Overloaded).retry_after(limits::SIGN_IN_RETRY_MS);
    let room = app.forgotten.room.clone().try_acquire_owned().map_err(|_| busy())?;
    // Every ask counts, since none of them may say whether it was right.
    attempt.failed(app.clock.monotonic());
    let (inner, address) = (app.clone(), AccountBody::found_by(app, &ask.email).as_bytes().to_vec());
    app.tasks.spawn(async move {
        let _room = room;
        if let Err(Failure::Fault(fault)) = send(&inner, address).await {
            tracing::error!(cause = fault.chain(), "a link to a new password could not be made");
        }
    });
    Ok(Done {})
}

async fn send(app: &App, address: Vec<u8>) -> Result<()> {
    let (inner, now) = (app.clone(), app.clock.now());
    let link = MailedLink::of(app, LinkPurpose::Reset);
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let account = store::account_by_email(tx.conn(), &address).await?;
            let entry = Entry {
                at: now,
                act: "accounts.forgot",
                subject: account.as_ref().map(|account| account.id.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let may = |account: &store::AccountRow| account.is_active && account.password_hash.is_some();
            let Some(account) = account.filter(may) else { return Ok(()) };
            let newest = store::newest_link(tx.conn(), account.id, LinkPurpose::Reset).await?;
            if inner.outward.mail.is_none() || newest.is_some_and(|newest| now.since(newest) < PEACE) {
                return Ok(());
            }
            link.send(&inner, tx, &account, now).await?;
            Notice::of(NoticeKind::PasswordResetAsked).on_screen_only().tell(&inner, tx, account.id).await
        })
        .await
}
