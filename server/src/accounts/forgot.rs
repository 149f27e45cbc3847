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
use tsumugi_protocol::{Code, Done, Forgot, Millis, NoticeKind, Refusal, limits};

/// † How long an address is left in peace after a mail.
const PEACE: Duration = Duration::from_secs(5 * 60);
/// † How many mails an account gets in a day: who keeps asking for somebody else's link neither fills her letter box nor, past
/// that, ends the link she has.
const MOST_A_DAY: i64 = 5;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
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
            let since = Millis(now.0 - i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX));
            let made = store::links_since(tx.conn(), account.id, LinkPurpose::Reset, since).await?;
            if inner.outward.mail.is_none() || !is_sent(newest, made, now) {
                return Ok(());
            }
            link.send(&inner, tx, &account, now).await?;
            Notice::of(NoticeKind::PasswordResetAsked).on_screen_only().tell(&inner, tx, account.id).await
        })
        .await
}

/// Whether a mail goes out: neither too soon after the newest link, nor after too many of this day.
fn is_sent(newest: Option<Millis>, of_the_day: i64, now: Millis) -> bool {
    newest.is_none_or(|newest| now.since(newest) >= PEACE) && of_the_day < MOST_A_DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_a_mail_goes_out_by_table() {
        let at = |minutes: u64| Millis(0).plus(Duration::from_secs(minutes * 60));
        for (newest, of_the_day, now, expected) in [
            (None, 0, at(0), true),
            (Some(at(0)), 1, Millis(at(5).0 - 1), false),
            (Some(at(0)), 1, at(5), true),
            (Some(at(0)), 4, at(5), true),
            (Some(at(0)), 5, at(5), false),
            (Some(at(0)), 5, at(60), false),
        ] {
            assert_eq!(is_sent(newest, of_the_day, now), expected, "{newest:?} {of_the_day} {now:?}");
        }
    }
}
