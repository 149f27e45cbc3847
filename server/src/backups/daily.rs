//! Once a day (002-1.2(1)e); where it fails, the desk is told.

use super::make::{Made, make};
use super::places::Places;
use super::rotation::Generation;
use super::store;
use crate::app::App;
use crate::error::{Fault, Result};
use crate::metrics::metrics;
use crate::notices::Notice;
use crate::store::Tx;
use std::time::Duration;
use tsumugi_protocol::{Millis, NoticeKind};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// † How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(60 * 60);

/// When it failed last, and whether anybody was told; a start forgets it and tries at once.
#[derive(Debug, Default)]
pub struct Daily {
    failed_at: Option<Millis>,
}

/// Makes one where the newest is a day old. A failure is told to the desks once, and tried again after an hour.
///
/// # Errors
/// When it could not be made.
pub async fn when_due(app: &App, places: &Places, daily: &mut Daily) -> Result<()> {
    let Some(folder) = &places.folder else { return Ok(()) };
    let now = app.clock.now();
    if daily.failed_at.is_some_and(|at| now < at.plus(AGAIN)) {
        return Ok(());
    }
    let tried = match newest(folder) {
        Ok(newest) if !is_due(newest, now) => return Ok(()),
        Ok(_) => make(app, places, folder).await,
        Err(error) => Err(Fault::new("looking for backups", error).into()),
    };
    match tried {
        Ok(Made::Whole(_) | Made::Busy) => {
            daily.failed_at = None;
            Ok(())
        }
        Err(failure) => {
            metrics().backup_failures.inc();
            if daily.failed_at.replace(now).is_none() {
                tell_the_desks(app).await?;
            }
            Err(failure)
        }
    }
}

fn newest(folder: &std::path::Path) -> std::io::Result<Option<Millis>> {
    Ok(Generation::all_keys(folder)?.last().and_then(Generation::at))
}

fn is_due(newest: Option<Millis>, now: Millis) -> bool {
    newest.is_none_or(|newest| now >= newest.plus(DAY))
}

async fn tell_the_desks(app: &App) -> Result<()> {
    let inner = app.clone();
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            for account in store::desks(tx.conn()).await? {
                Notice::of(NoticeKind::BackupFailed).tell(&inner, tx, account).await?;
            }
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_when_a_day_has_gone_by() {
        let taken = Millis(1_795_000_000_000);
        let a_day_later = taken.plus(DAY);
        assert!(is_due(None, taken));
        assert!(!is_due(Some(taken), Millis(a_day_later.0 - 1)));
        assert!(is_due(Some(taken), a_day_later));
    }
}
