//! Sends the mails that are due, one at a time. A mail leaves at least once: what was sent is settled afterwards.

use super::letter::LetterBody;
use super::smtp::{self, Unsent};
use super::store::{self, MailRow};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::store::Tx;
use std::time::Duration;
use tsumugi_protocol::Millis;

/// † How often a mail is tried before it is given up: about a day and a half.
const TRIES: i64 = 48;
/// † The wait after the first try; it doubles …
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// † … up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// Sends what is due until nothing is, or until the mail server cannot be reached.
///
/// # Errors
/// When rows cannot be read or written.
pub async fn deliver(app: &App) -> Result<()> {
    while let Some(row) = next(app).await? {
        let now = app.clock.now();
        let id = row.id;
        let fate = fate(app, row, now).await?;
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                match fate {
                    Fate::Settled(state) => tx.settle_mail(id, state, now).await?,
                    Fate::Delayed { due, .. } => tx.delay_mail(id, due).await?,
                }
                Ok(())
            })
            .await?;
        if matches!(fate, Fate::Delayed { reached: false, .. }) {
            return Ok(());
        }
    }
    Ok(())
}

async fn next(app: &App) -> Result<Option<MailRow>> {
    let mut view = app.store.view().await?;
    Ok(store::due(view.conn(), app.clock.now()).await?)
}

/// What becomes of a mail that was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Settled(&'static str),
    Delayed { due: Millis, reached: bool },
}

async fn fate(app: &App, row: MailRow, now: Millis) -> Result<Fate> {
    let (Some(mail), Some(sealed)) = (&app.outward.mail, &row.sealed) else {
        return Ok(Fate::Settled("not_configured"));
    };
    if row.good_until.is_some_and(|until| now >= until) {
        return Ok(Fate::Settled("too_late"));
    }
    let body: LetterBody = match bodies::open(app, row.id, sealed).await {
        Ok(body) => body,
        // The others do not wait behind it.
        Err(_) => {
            tracing::error!(kind = row.kind, "a mail could not be opened");
            return Ok(Fate::Settled("unreadable"));
        }
    };
    let Err(unsent) = smtp::send(mail, &app.outward.origin, row.id, &body, now).await else {
        return Ok(Fate::Settled("sent"));
    };
    // What a mail server says may repeat the address: it is not logged.
    tracing::warn!(kind = row.kind, tries = row.tries + 1, why = unsent.why(), "a mail was not sent");
    Ok(after(unsent, row.tries + 1, now))
}

fn after(unsent: Unsent, tries: i64, now: Millis) -> Fate {
    match unsent {
        Unsent::Refused => Fate::Settled("refused"),
        Unsent::Later | Unsent::Unreached if tries >= TRIES => Fate::Settled("given_up"),
        Unsent::Later => Fate::Delayed { due: now.plus(wait(tries)), reached: true },
        Unsent::Unreached => Fate::Delayed { due: now.plus(wait(tries)), reached: false },
    }
}

fn wait(tries: i64) -> Duration {
    let doublings = u32::try_from(tries.clamp(1, 20) - 1).unwrap_or_default();
    (FIRST_WAIT * 2_u32.saturating_pow(doublings)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_waits_longer_each_time_and_ends_some_day() {
        let now = Millis(0);
        let due = |tries| match after(Unsent::Unreached, tries, now) {
            Fate::Delayed { due, reached: false } => due.0 / 1_000,
            other => panic!("{other:?}"),
        };
        assert_eq!([1, 2, 3, 11, 12, 47].map(due), [2, 4, 8, 2_048, 3_600, 3_600]);
        assert_eq!(after(Unsent::Later, TRIES, now), Fate::Settled("given_up"));
        assert_eq!(after(Unsent::Refused, 1, now), Fate::Settled("refused"));
    }
}
