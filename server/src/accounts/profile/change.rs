//! What somebody is called and does: another name or occupation makes a new card, without the mark that stood for the old one.

use super::complete::Completeness;
use super::store;
use crate::accounts::{self, AccountBody, CardBody, DisplayName};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::{random, seal};
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::patients::ConfirmationEnd;
use crate::policy::{Daily, Profile};
use crate::posts::Text;
use crate::sessions::{Session, store as sessions};
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AffiliationId, Card, CardId, ChangeProfile, Code, Done, Millis, NoticeKind, Occupation,
    PersonKind, Refusal, limits,
};

/// Changes one's own profile, in one act: the account's name, the cards of its places, and the rooms in which they are worn.
///
/// # Errors
/// `account_restricted`; `not_while_shared`; `not_found` for a place that is not one's own; as [`decide`];
/// `profile_incomplete` for taking out what the region requires; `daily_limit`.
pub async fn change_profile(app: &App, who: &Arc<Session>, ask: ChangeProfile) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let wanted = Wanted::read(&ask)?;
    let row = {
        let mut view = app.store.view().await?;
        accounts::store::account(view.conn(), who.account).await?
    };
    let row = row.ok_or_else(|| Fault::noticed("finding an account"))?;
    let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let row = accounts::store::account(tx.conn(), who.account).await?;
            let row = row.ok_or_else(|| Fault::noticed("finding an account"))?;
            let old = AccountBody::open(&key, row.id, &row.sealed)?;
            let cards = cards_to_be(&inner, tx.conn(), &who, ask.affiliation, &wanted).await?;
            let is_renamed = old.name != wanted.name;
            if cards.is_empty() && !is_renamed && old.kana == wanted.kana {
                return Ok(Done {});
            }
            within_a_day(&inner, tx.conn(), who.account, now).await?;
            let body = AccountBody { name: wanted.name.clone(), kana: wanted.kana.clone(), ..old };
            tx.rename_account(who.account, &body.sealed(&key, who.account)?).await?;
            let (mut is_other, mut fallen, mut ended) = (false, 0, 0);
            for (place, card) in &cards {
                is_other |= *place == ask.affiliation && card.has_new_occupation;
                let sealed = card.body.sealed(&key, card.shown.id)?;
                let at = (*place, who.account);
                tx.replace_card(at, card.shown.id, card.shown.occupation, &sealed, now).await?;
                tx.wear_card(&inner, *place, &card.shown).await?;
                tx.note_new_card(&inner, *place, card.old, Some(who.account), now).await?;
                if card.is_another {
                    fallen += tx.lapse_verifications(who.account, *place, now).await?;
                    ended += tx.end_confirmation(*place, ConfirmationEnd::Renamed, now).await?;
                }
            }
            for (count, kind) in [(fallen, NoticeKind::MarkFallen), (ended, NoticeKind::ConfirmationEnded)] {
                if count > 0 {
                    Notice::of(kind).tell(&inner, tx, who.account).await?;
                }
            }
            let entry = Entry {
                at: now,
                act: "accounts.change_profile",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(ask.affiliation.0),
                detail: Some(format!(
                    r#"{{"renamed":{is_renamed},"occupation":{is_other},"fallen":{}}}"#,
                    fallen + ended
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// Lets one more change of a day be made: each is told in every room.
async fn within_a_day(app: &App, conn: &mut Conn, account: AccountId, now: Millis) -> Result<()> {
    let profiles = sessions::profiles_of(conn, account).await?;
    let most = app.policies.daily(profiles.iter().map(String::as_str)).profile_changes;
    let done = store::changes_since(conn, account, now.before(Daily::SPAN)).await?;
    Ok(Daily::let_one_more(done, most)?)
}

/// What was typed, fit to be stored.
struct Wanted {
    name: String,
    kana: String,
    occupation: Occupation,
}

impl Wanted {
    /// A name that is empty is left to the rule of names, which says more.
    fn read(ask: &ChangeProfile) -> Result<Self, Refusal> {
        let line = |typed: &str, field| match typed.trim().is_empty() {
            true => Ok(String::new()),
            false => Text::line(typed, limits::NAME_CHARS)
                .ok_or_else(|| Refusal::new(Code::BadField).with("field", field)),
        };
        let (name, kana) = (line(&ask.name, "name")?, line(&ask.kana, "kana")?);
        Ok(Self { name, kana, occupation: ask.occupation })
    }
}

/// A card to be.
struct NewCard {
    old: CardId,
    shown: Card,
    body: CardBody,
    has_new_occupation: bool,
    /// Its name or occupation is another one: what the old card was looked at for is not said of it.
    is_another: bool,
}

/// The cards that are other ones with what is wanted, by place; an occupation is said for one place.
async fn cards_to_be(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    asked: AffiliationId,
    wanted: &Wanted,
) -> Result<Vec<(AffiliationId, NewCard)>> {
    let mut cards = Vec::new();
    let places = accounts::store::affiliations(conn, who.account).await?;
    if !places.iter().any(|place| place.id == asked) {
        return Err(Code::NotFound.into());
    }
    for place in places {
        let card = app.cards.one(app, conn, place.card).await?;
        let rules = app.policies.named(&place.profile)?;
        let face = store::face(conn, who.account).await?;
        let occupation = if place.id == asked { wanted.occupation } else { card.occupation };
        let is_another = wanted.name != card.name || occupation != card.occupation;
        let shown = Card {
            id: CardId(random::new_id(&app.clock)),
            name: wanted.name.clone(),
            kana: wanted.kana.clone(),
            occupation,
            mark: card.mark.filter(|_| !is_another),
            ..(*card).clone()
        };
        decide(&card, &shown, &rules)?;
        Completeness::seen(&card, &face).let_become(&Completeness::seen(&shown, &face), &rules)?;
        if (&shown.name, &shown.kana, shown.occupation) != (&card.name, &card.kana, card.occupation) {
            let body = CardBody::of(&shown);
            let has_new_occupation = shown.occupation != card.occupation;
            cards.push((place.id, NewCard { old: card.id, shown, body, has_new_occupation, is_another }));
        }
    }
    Ok(cards)
}

/// Whether a card may become another one.
///
/// # Errors
/// As [`DisplayName::decide_under`]; `bad_field` for an occupation that is none of hers to have.
fn decide(old: &Card, new: &Card, rules: &Profile) -> Result<(), Refusal> {
    let name = DisplayName { name: &new.name, office: new.office.as_deref() };
    let fits = match old.kind {
        PersonKind::Staff => {
            name.decide_under(rules.display_name)?;
            !matches!(new.occupation, Occupation::Family | Occupation::Patient)
        }
        PersonKind::Patient | PersonKind::Family => {
            name.decide()?;
            new.occupation == old.occupation
        }
    };
    if fits { Ok(()) } else { Err(Refusal::new(Code::BadField).with("field", "occupation")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;
    use tsumugi_protocol::NamePattern;
    use uuid::Uuid;

    #[test]
    fn what_a_card_may_become_by_table() {
        let floor = Policies::shipped().unwrap().named("vendor-floor").unwrap();
        let both = Profile { display_name: NamePattern::PersonOffice, ..(*floor).clone() };
        let nurse = Card {
            id: CardId(Uuid::nil()),
            account: AccountId(Uuid::nil()),
            kind: PersonKind::Staff,
            name: "山田 花子".into(),
            kana: "やまだ はなこ".into(),
            office: Some("日向訪看".into()),
            occupation: Occupation::Nurse,
            relation: None,
            mark: None,
        };
        let named = |name: &str| Card { name: name.into(), ..nurse.clone() };
        let daughter =
            Card { kind: PersonKind::Family, office: None, occupation: Occupation::Family, ..nurse.clone() };
        let physio = Card { occupation: Occupation::Physio, ..nurse.clone() };
        let code = |old: &Card, new: &Card, rules: &Profile| {
            decide(old, new, rules).map_or_else(|refusal| refusal.code.as_str(), |()| "ok")
        };
        for (old, new, expected) in [
            (&nurse, physio.clone(), "ok"),
            (&nurse, Card { occupation: Occupation::Unstated, ..nurse.clone() }, "ok"),
            (&nurse, Card { occupation: Occupation::Family, ..nurse.clone() }, "bad_field"),
            (&daughter, Card { occupation: Occupation::Nurse, ..daughter.clone() }, "bad_field"),
            (&daughter, Card { name: "川井 澄江".into(), ..daughter.clone() }, "ok"),
            (&nurse, named(""), "display_name_office_only"),
            (&nurse, named("日向 訪看"), "display_name_office_only"),
            (&nurse, named("山田花子／日向訪看"), "display_name_format"),
            (&nurse, named("／日向訪看"), "display_name_format"),
        ] {
            assert_eq!(code(old, &new, &floor), expected, "{new:?}");
            assert_eq!(code(old, &new, &both), expected, "{new:?}");
        }
        let nowhere = Card { office: Some(" ".into()), ..nurse.clone() };
        assert_eq!(code(&nowhere, &nowhere, &floor), "ok");
        assert_eq!(code(&nowhere, &nowhere, &both), "display_name_format");
    }
}
