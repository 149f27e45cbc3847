//! Giving one's pledge: the text in force, each of its points agreed to, by the person herself. The duty outlives the place.

use super::store::{self, PledgeRow, Pledger};
use super::{Asks, Day, PledgeBody, addressee};
use crate::accounts::{self, AccountBody};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body, FORMAT};
use crate::crypto::{chain, seal};
use crate::error::{Fault, Result};
use crate::offices;
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, GivePledge, Millis, PledgeId, PledgeWay, Refusal};

/// Writes it down; the rooms of the place open with it where nothing else is missing. Given already, nothing changes.
///
/// # Errors
/// `not_found` for a place that is none of hers; as [`decide`]; `id_taken`; `account_restricted`; `not_while_shared`.
pub async fn give(app: &App, who: &Arc<Session>, ask: GivePledge) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let place = store::pledger(tx.conn(), ask.affiliation).await?;
            let place =
                place.filter(|it| it.account == who.account && !it.has_ended).ok_or(Code::NotFound)?;
            if let Some(stood) = store::pledge(tx.conn(), ask.pledge).await? {
                let is_same = stood.affiliation == place.id && stood.version == ask.version;
                let is_same = is_same && stood.way == PledgeWay::Given;
                return if is_same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            let rules = inner.policies.named(&place.profile)?;
            if !decide(&ask, Asks::of(&place, &rules, now), &rules)? {
                return Ok(Done {});
            }
            let on = Day::today(now).ok_or_else(|| Fault::noticed("naming a day"))?;
            let new = NewPledge { id: ask.pledge, way: PledgeWay::Given, on, custody: Custody::default() };
            tx.pledge(&inner, (&place, &rules), new, (&who, "pledges.give"), now).await?;
            Ok(Done {})
        })
        .await
}

/// Whether there is anything to write.
///
/// # Errors
/// `bad_field` for another version than holds now, or where not every point was agreed to.
fn decide(ask: &GivePledge, asks: Asks, rules: &Profile) -> Result<bool, Refusal> {
    let wrong = |field| Err(Refusal::new(Code::BadField).with("field", field));
    if ask.version != rules.pledge_version {
        return wrong("version");
    }
    if usize::try_from(ask.agreed).ok() != Some(rules.pledge_points.len()) {
        return wrong("agreed");
    }
    Ok(asks.pledge)
}

/// Who keeps the paper, and what stands for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Custody {
    pub original_with: Option<String>,
    pub copy_with: Option<String>,
    pub document: Option<String>,
}

/// A pledge to be kept.
pub(super) struct NewPledge {
    pub id: PledgeId,
    pub way: PledgeWay,
    pub on: Day,
    pub custody: Custody,
}

impl Tx {
    /// Keeps a pledge as its text stands now, sealed for the office, and settles the place.
    pub(super) async fn pledge(
        &mut self,
        app: &App,
        (place, rules): (&Pledger, &Profile),
        new: NewPledge,
        (who, act): (&Session, &'static str),
        now: Millis,
    ) -> Result<()> {
        let office = offices::store::office(self.conn(), place.office).await?;
        let office = office.ok_or_else(|| Fault::noticed("finding an office"))?;
        let key = app.keys.ready(seal::key_of(&office.sealed)?).await?;
        let account = accounts::store::account(self.conn(), place.account).await?;
        let account = account.ok_or_else(|| Fault::noticed("finding an account"))?;
        let card = app.cards.one(app, self.conn(), place.card).await?;
        let body = PledgeBody {
            v: FORMAT,
            points: rules.pledge_points.clone(),
            damages: rules.damages_text.clone(),
            to: addressee(rules.staff_pledge_to).as_str().to_owned(),
            name: card.name.clone(),
            email: bodies::open::<AccountBody>(app, account.id, &account.sealed).await?.email,
            original_with: new.custody.original_with,
            copy_with: new.custody.copy_with,
            document: new.custody.document,
        };
        let row = PledgeRow {
            id: new.id,
            affiliation: place.id,
            version: rules.pledge_version.clone(),
            way: new.way,
            given_on: new.on.0.to_string(),
            sealed: body.sealed(&key, new.id)?,
        };
        self.insert_pledge(&row, place.office, who.account, now).await?;
        // The text that was pledged cannot be exchanged later: its hash is in the chain.
        let entry = Entry {
            at: now,
            act,
            account: Some(who.account),
            session: Some(who.id),
            region: Some(place.region),
            subject: Some(place.account.0),
            profile: Some(rules.name()),
            detail: Some(format!(
                r#"{{"pledge":"{}","affiliation":"{}","way":"{}","sealed":"{}"}}"#,
                row.id,
                place.id,
                row.way.as_str(),
                chain::fingerprint(&row.sealed)
            )),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        self.settle_place(app, place.id, now).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;
    use tsumugi_protocol::AffiliationId;
    use uuid::Uuid;

    #[test]
    fn what_is_a_pledge_by_table() {
        let rules = Policies::shipped().unwrap().named("vendor-floor").unwrap();
        let all = u32::try_from(rules.pledge_points.len()).unwrap();
        assert!(all >= 5, "{all}");
        let due = Asks { pledge: true, training: false };
        for (version, agreed, asks, expected) in [
            ("1", all, due, Ok(true)),
            ("1", all, Asks::default(), Ok(false)),
            ("0", all, due, Err("version")),
            ("1", all - 1, due, Err("agreed")),
            ("1", all + 1, Asks::default(), Err("agreed")),
        ] {
            let ask = GivePledge {
                pledge: PledgeId(Uuid::nil()),
                affiliation: AffiliationId(Uuid::nil()),
                version: version.to_owned(),
                agreed,
            };
            let found = decide(&ask, asks, &rules).map_err(|refusal| refusal.params["field"].clone());
            assert_eq!(found, expected.map_err(str::to_owned), "{version} {agreed} {asks:?}");
        }
    }
}
