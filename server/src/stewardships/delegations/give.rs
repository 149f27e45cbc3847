//! Giving a delegation: only an administrator of the steward itself does, for one patient and until a day (000§4b).

use super::store::{self, DelegationRow};
use super::{available, entry, read};
use crate::app::App;
use crate::bodies::Body;
use crate::error::Result;
use crate::policy::Daily;
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::stewardships::store::asked_since;
use crate::stewardships::{may_be_asked, today};
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, DelegationState, Done, GiveDelegation, Millis, NoticeKind, Refusal};

/// Keeps it; the other office is asked. The same one again changes nothing.
///
/// # Errors
/// `bad_field`; `not_found`; `not_steward`; `delegation_not_available`; `step_up_required`; `id_taken`; `offer_pending`; `daily_limit`;
/// `account_restricted`.
pub async fn give(app: &App, who: &Arc<Session>, ask: GiveDelegation) -> Result<Done> {
    let now = app.clock.now();
    let until = end_of(&ask.until, now)?;
    let approval = ask.approval.as_ref().map(|typed| read(typed, now)).transpose()?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            let (steward, patient) = steering.given_by_its_admin()?;
            available(steering.rules(&inner)?.as_ref())?;
            inner.passkeys.fresh.require(&who, now)?;
            if let Some(row) = store::delegation(tx.conn(), ask.delegation).await? {
                let is_same = row.given_by == who.account && (row.room, row.delegate) == (ask.room, ask.to);
                return if is_same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            if ask.to == steward || !may_be_asked(tx.conn(), steering.region, ask.to).await? {
                return Err(Refusal::new(Code::BadField).with("field", "to").into());
            }
            let there = store::under_way(tx.conn(), patient, steward).await?;
            if there.iter().any(|row| now < row.until) {
                return Err(Code::OfferPending.into());
            }
            let asked = asked_since(tx.conn(), who.account, now.before(Daily::SPAN)).await?;
            Daily::let_one_more(asked, steering.rules(&inner)?.daily().proposals)?;
            for row in &there {
                super::end::finish(&inner, tx, (row, None), now).await?;
            }
            let key = steering.opened_key(&inner).await?;
            let (sealed, approved_on) = match &approval {
                Some((body, day)) => (Some(body.sealed(&key, ask.delegation)?), Some(day.clone())),
                None => (None, None),
            };
            let new = DelegationRow {
                id: ask.delegation,
                room: ask.room,
                region: steering.region,
                profile: steering.profile.clone(),
                patient,
                steward,
                delegate: ask.to,
                state: DelegationState::Given,
                sealed,
                approved_on,
                given_by: who.account,
                until,
            };
            tx.insert_delegation(&new, now).await?;
            inner.audit.append(tx, &entry(("delegations.give", now), Some(&who), &new)).await?;
            let told = (NoticeKind::DelegationGiven, steward);
            tx.tell_admins(&inner, told, &[ask.to], Some(who.account)).await?;
            Ok(Done {})
        })
        .await
}

/// The first moment after a day, which has not come yet.
fn end_of(day: &str, now: Millis) -> Result<Millis, Refusal> {
    let bad = || Refusal::new(Code::BadField).with("field", "until");
    let day = day.parse::<jiff::civil::Date>().map_err(|_| bad())?;
    if today(now).is_none_or(|today| day < today) {
        return Err(bad());
    }
    let next = day.tomorrow().map_err(|_| bad())?;
    let start = next.in_tz("Asia/Tokyo").map_err(|_| bad())?;
    Ok(Millis(start.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegation_ends_with_its_last_day() {
        // 2026-03-01 00:00 in Tokyo.
        let now = Millis(1_772_290_800_000);
        let day = 24 * 60 * 60 * 1_000;
        assert_eq!(end_of("2026-03-01", now).ok(), Some(Millis(now.0 + day)));
        assert_eq!(end_of("2026-03-02", now).ok(), Some(Millis(now.0 + 2 * day)));
        for wrong in ["2026-02-28", "", "2026-3-1x", "9999-12-31x"] {
            assert!(end_of(wrong, now).is_err(), "{wrong}");
        }
    }
}
