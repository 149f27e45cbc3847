//! Two sessions of one account that act at nearly the same time from different networks: its holder is told, and nobody else
//! (000-note(3)a). In memory alone, beside the last act; no command costs a look at the rows.

use super::Session;
use crate::app::App;
use crate::audit::Entry;
use crate::error::{Failure, Result};
use crate::notices::Notice;
use crate::store::Tx;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tsumugi_protocol::{AccountId, Millis, NoticeKind, SessionId};

/// † So near to each other are acts at once.
const AT_ONCE: Duration = Duration::from_secs(60);
/// † Its holder is told at most so often.
const QUIET: Duration = Duration::from_secs(24 * 60 * 60);

/// The latest act of an account, whichever of its sessions it came from.
#[derive(Debug, Default)]
pub struct AtOnce(Mutex<Latest>);

#[derive(Debug, Default)]
struct Latest {
    act: Option<(SessionId, IpAddr, Millis)>,
    told: Option<Millis>,
}

impl AtOnce {
    /// Notes an act; whether its holder is to be told that another session acted from another network just before.
    pub fn acts(&self, session: SessionId, network: IpAddr, now: Millis) -> bool {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = latest.act.replace((session, network, now));
        let is_two = before.is_some_and(|(other, from, at)| {
            other != session && are_apart(from, network) && now.since(at) < AT_ONCE
        });
        if !is_two || latest.told.is_some_and(|told| now.since(told) < QUIET) {
            return false;
        }
        latest.told = Some(now);
        true
    }
}

/// Whether two networks are surely different ones: one house has an address of either family.
fn are_apart(one: IpAddr, other: IpAddr) -> bool {
    one != other && one.is_ipv4() == other.is_ipv4()
}

/// Tells the holder, after the command that showed it.
pub fn tell_of_two(app: &App, who: &Session) {
    let (inner, account) = (app.clone(), who.account);
    app.tasks.spawn(async move {
        if let Err(Failure::Fault(fault)) = tell(&inner, account).await {
            tracing::error!(cause = fault.chain(), "two sessions at once could not be told");
        }
    });
}

async fn tell(app: &App, account: AccountId) -> Result<()> {
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let subject = Some(account.0);
            let entry = Entry { at: now, act: "sessions.two_at_once", subject, ..Entry::default() };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::TwoAtOnce).tell(&inner, tx, account).await
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn session(n: u128) -> SessionId {
        SessionId(Uuid::from_u128(n))
    }

    #[test]
    fn two_networks_within_a_minute_are_told_once_a_day_and_one_house_never() {
        let network = |text: &str| -> IpAddr { text.parse().unwrap() };
        let (office, home, six) = (network("192.0.2.0"), network("198.51.100.0"), network("2001:db8::"));
        let day = 24 * 60 * 60_000;
        let story = |acts: &[(u128, IpAddr, i64)]| -> Vec<bool> {
            let latest = AtOnce::default();
            acts.iter().map(|(who, from, at)| latest.acts(session(*who), *from, Millis(*at))).collect()
        };
        assert_eq!(story(&[(1, office, 0), (2, home, 59_999)]), [false, true]);
        assert_eq!(story(&[(1, office, 0), (2, home, 60_000)]), [false, false]);
        assert_eq!(story(&[(1, office, 0), (2, office, 1)]), [false, false], "a computer and a phone");
        assert_eq!(story(&[(1, office, 0), (2, six, 1)]), [false, false], "one house, both families");
        assert_eq!(story(&[(1, office, 0), (1, home, 1)]), [false, false], "one device that moves");
        let again = [(1, office, 0), (2, home, 1), (1, office, 2), (2, home, day), (1, office, day + 1)];
        assert_eq!(story(&again), [false, true, false, false, true], "once a day");
    }
}
