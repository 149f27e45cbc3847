//! Who tries again and again what she may not do: those who run her office are told (000-note(3)i, 004§6).

use super::{DisplayName, store};
use crate::app::App;
use crate::audit::Entry;
use crate::error::{Failure, Result};
use crate::notices::{self, Notice};
use crate::roles;
use crate::sessions::Session;
use crate::store::Tx;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tsumugi_protocol::{AccountId, Code, Millis, NoticeKind, RoomId};

/// Past this many people, those whose attempts are long ago are forgotten.
const SWEEP_AT: usize = 10_000;

/// Acts beyond their rights that people tried lately.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<AccountId, Tried>>);

/// What one person tried.
#[derive(Default)]
struct Tried {
    times: VecDeque<Millis>,
    /// When others were told of it: so long they are not told again.
    told: Option<Millis>,
}

impl Attempts {
    /// One more; whether it is the one at which others are told. However many follow, they are told once in that time.
    #[must_use]
    pub fn one_more(&self, who: AccountId, now: Millis, (most, within): (u32, Duration)) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_late = |at: &Millis| now.since(*at) < within;
        if held.len() >= SWEEP_AT {
            held.retain(|_, tried| tried.times.back().or(tried.told.as_ref()).is_some_and(is_late));
        }
        let tried = held.entry(who).or_default();
        if tried.told.as_ref().is_some_and(is_late) {
            return false;
        }
        tried.times.retain(is_late);
        tried.times.push_back(now);
        let is_reached = tried.times.len() >= usize::try_from(most.max(1)).unwrap_or(usize::MAX);
        if is_reached {
            *tried = Tried { times: VecDeque::new(), told: Some(now) };
        }
        is_reached
    }
}

/// Whether a refusal says that somebody asked for what is not hers: a right she does not have, or a room that she does not see.
#[must_use]
pub fn is_beyond(code: Code, room: Option<RoomId>) -> bool {
    match code {
        Code::OfficeAdminOnly
        | Code::OfficeHeadOnly
        | Code::OtherOffice
        | Code::GroupAdminOnly
        | Code::NotSteward
        | Code::StaffOnly
        | Code::StaffTimeline
        | Code::HolderOrSupportOnly
        | Code::NotForYourself => true,
        Code::NotFound => room.is_some(),
        _ => false,
    }
}

/// Counts a refusal, and tells of it after the command where there were too many.
pub fn note_refusal(app: &App, who: &Session, code: Code, room: Option<RoomId>) {
    if !is_beyond(code, room) {
        return;
    }
    let rule = app.policies.privilege();
    if !app.attempts.one_more(who.account, app.clock.now(), rule) {
        return;
    }
    let (inner, account) = (app.clone(), who.account);
    app.tasks.spawn(async move {
        if let Err(Failure::Fault(fault)) = tell(&inner, account, rule.0).await {
            tracing::error!(cause = fault.chain(), "attempts beyond somebody's rights could not be told");
        }
    });
}

async fn tell(app: &App, account: AccountId, attempts: u32) -> Result<()> {
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let entry = Entry {
                at: now,
                act: "accounts.attempts",
                subject: Some(account.0),
                detail: Some(format!(r#"{{"attempts":{attempts}}}"#)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let places = store::affiliations(tx.conn(), account).await?;
            let mut told: BTreeSet<AccountId> =
                notices::store::admins_of(tx.conn(), account).await?.into_iter().collect();
            told.remove(&account);
            // Where nobody but herself runs her office, the region's desk is told.
            if told.is_empty() {
                for place in &places {
                    told.extend(roles::store::desk_of(tx.conn(), place.region).await?);
                }
                told.remove(&account);
            }
            let mut notice = Notice::of(NoticeKind::PrivilegeAttempts).on_screen_only();
            if let Some(place) = places.first() {
                let card = inner.cards.one(&inner, tx.conn(), place.card).await?;
                let name = DisplayName { name: &card.name, office: card.office.as_deref() };
                notice = notice.naming(name.to_string());
            }
            for admin in told {
                notice.tell(&inner, tx, admin).await?;
            }
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_fifth_within_ten_minutes_is_told_once() {
        let (rule, who) = ((5, Duration::from_secs(600)), AccountId(Uuid::from_u128(1)));
        let attempts = Attempts::default();
        let told = |times: &[i64]| -> Vec<bool> {
            times.iter().map(|at| attempts.one_more(who, Millis(*at), rule)).collect()
        };
        assert_eq!(told(&[0, 1, 2, 3]), [false; 4]);
        assert!(!attempts.one_more(AccountId(Uuid::from_u128(2)), Millis(4), rule), "each for herself");
        assert_eq!(told(&[600_000]), [false], "the first one was ten minutes ago");
        assert_eq!(told(&[600_002; 3]), [false, false, true], "and so were two more");
        assert_eq!(told(&[600_003; 20]), [false; 20], "a flood is told once");
        assert_eq!(told(&[1_200_001; 5]), [false; 5]);
        assert_eq!(told(&[1_200_002; 6]), [false, false, false, false, true, false]);
    }

    #[test]
    fn what_is_beyond_ones_rights_by_table() {
        let room = Some(RoomId(Uuid::from_u128(1)));
        for (code, about, expected) in [
            (Code::NotSteward, room, true),
            (Code::OfficeAdminOnly, None, true),
            (Code::OtherOffice, None, true),
            (Code::GroupAdminOnly, room, true),
            (Code::NotFound, room, true),
            (Code::NotFound, None, false),
            (Code::DraftEmpty, room, false),
            (Code::ConfirmRequired, room, false),
            (Code::InvitationOpen, room, false),
            (Code::RateLimited, None, false),
        ] {
            assert_eq!(is_beyond(code, about), expected, "{code:?}");
        }
    }
}
