//! The one way to a new password, for whoever sets one: the first, a changed one, one after a reset.

use super::guesses::guessed_by;
use super::known::Known;
use super::similar::is_similar;
use super::store::{last_ones, offices_of};
use super::strength::{MOST, kind_of};
use crate::accounts::AccountBody;
use crate::accounts::store::{self, AccountRow, AffiliationRow};
use crate::app::App;
use crate::bodies::{self, Body};
use crate::crypto::passwords::{LONGEST, normal};
use crate::crypto::seal;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::offices::OfficeBody;
use crate::policy::{Compared, KindName, PasswordRules};
use crate::regions::RegionBody;
use crate::store::Conn;
use tsumugi_protocol::{Code, Refusal};

/// A password that its holder may have.
pub struct NewPassword {
    /// PHC string.
    pub hash: String,
    /// Its kind, which says how long it lasts.
    pub kind: KindName,
    /// How many earlier ones are remembered beside it.
    pub history: u32,
}

/// Weighs what was typed by the rules of its holder's regions and hashes it; `replaced` is the password in use, just typed.
///
/// # Errors
/// `too_large` before any work; `password_too_weak`, `password_guessable`, `password_similar`, `password_reused`;
/// `overloaded` when too many wait to be hashed.
pub async fn accept(
    app: &App,
    account: &AccountRow,
    typed: &Secret,
    replaced: Option<&Secret>,
) -> Result<NewPassword> {
    if typed.reveal().len() > LONGEST {
        return Err(Refusal::new(Code::TooLarge).with("limit", LONGEST).into());
    }
    let (rules, known, earlier) = {
        let mut view = app.store.view().await?;
        let places = store::affiliations(view.conn(), account.id).await?;
        let rules = rules_for(app, &places)?;
        let known = known_of(app, view.conn(), account, &places).await?;
        let earlier = last_ones(view.conn(), account.id, rules.history.0).await?;
        (rules, known, earlier)
    };
    let kind = kind_of(&rules, typed.reveal()).map_err(Refusal::from)?;
    if typed.reveal().len() > MOST {
        return Err(Refusal::new(Code::TooLarge).with("limit", MOST).into());
    }
    let is_compared = |with| rules.compared.contains(&with);
    let reused = || Refusal::new(Code::PasswordReused).with("count", rules.history.0);
    if let Some(replaced) = replaced {
        let (old, new) = (normal(replaced), normal(typed));
        if is_compared(Compared::EarlierOnes) && *old == *new {
            return Err(reused().into());
        }
        let within = usize::try_from(rules.similar_within.0).unwrap_or(usize::MAX);
        if is_compared(Compared::TheLastOne) && is_similar(&old, &new, within) {
            return Err(Code::PasswordSimilar.into());
        }
    }
    if is_compared(Compared::Guesses)
        && let Some(rule) = guessed_by(&rules, app.policies.denied(), &known, typed.reveal())
    {
        return Err(Refusal::new(Code::PasswordGuessable).with("rule", rule).into());
    }
    for hash in earlier.iter().filter(|_| is_compared(Compared::EarlierOnes)) {
        if app.passwords.matches(typed, Some(hash)).await? {
            return Err(reused().into());
        }
    }
    Ok(NewPassword { hash: app.passwords.hash(typed).await?, kind, history: rules.history.0 })
}

/// The rules of somebody's passwords: those of all her regions.
///
/// # Errors
/// When no password meets the rules of all.
pub(super) fn rules_for(app: &App, places: &[AffiliationRow]) -> Result<PasswordRules> {
    let profiles: Vec<String> = places.iter().map(|place| place.profile.clone()).collect();
    Ok(app.policies.passwords_of(&profiles)?)
}

/// What others know of the holder: name, reading, address, offices, regions.
async fn known_of(
    app: &App,
    conn: &mut Conn,
    account: &AccountRow,
    places: &[AffiliationRow],
) -> Result<Known> {
    let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
    let body = AccountBody::open(&key, account.id, &account.sealed)?;
    let mut known = Known::default();
    known.add(&body.name);
    known.add(&body.kana);
    known.add_email(&body.email);
    for place in places {
        known.add(&bodies::open::<RegionBody>(app, place.region, &place.region_sealed).await?.name);
    }
    for (office, sealed) in offices_of(conn, account.id).await? {
        let office = bodies::open::<OfficeBody>(app, office, &sealed).await?;
        known.add(&office.name);
        known.add(&office.kana);
    }
    Ok(known)
}
