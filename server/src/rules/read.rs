//! The rules of a region as a page for people (000§0, 002-intro5, 002-intro6).

use super::KnownRules;
use super::store::KnownRow;
use crate::accounts::store::{AffiliationRow, affiliations, offices_administered};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::offices::{OfficeBody, SupplementBody, store as offices};
use crate::policy::{self, Profile};
use crate::regions::RegionBody;
use crate::sessions::Session;
use crate::store::Conn;
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    Acknowledged, Code, Millis, OfficeId, RuleAmendment, RuleChange, RuleContact, RuleDocument, RuleVersion,
    RulesPage, Said, Supplement, SupplementInForce, WhichRegion,
};

/// For whoever has a place in that region, also while she is still to acknowledge them.
///
/// # Errors
/// `not_found` for a region one does not belong to, there or not; `second_factor_required` before that was shown.
pub async fn read(app: &App, who: &Arc<Session>, ask: WhichRegion) -> Result<RulesPage> {
    if who.next.contains(&tsumugi_protocol::Next::SecondFactor) {
        return Err(Code::SecondFactorRequired.into());
    }
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let places = affiliations(conn, who.account).await?;
    let place = places.iter().find(|place| place.region == ask.region).ok_or(Code::NotFound)?;
    let name = bodies::open::<RegionBody>(app, place.region, &place.region_sealed).await?.name;
    let known = KnownRules::of_session(conn, who).await?;
    let row = known.in_region(ask.region).ok_or(Code::NotFound)?;
    let profile = app.policies.named(&row.profile)?;
    let version = profile.edition();
    let here = places.iter().filter(|place| place.region == ask.region);
    let supplements = supplements_of(app, conn, who, here, &profile).await?;
    Ok(RulesPage {
        region: ask.region,
        name,
        title: profile.title.clone(),
        issuer: profile.about.issuer.clone(),
        label: profile.about.label.clone(),
        issued: profile.about.issued.clone(),
        effective_from: profile.about.effective_from.map(|day| day.to_string()),
        history: history(app, &row.profile),
        amendments: amendments(&profile),
        documents: documents(&profile),
        laws: profile.laws.clone(),
        guidelines: guidelines(&profile),
        bodies: bodies_of(&profile),
        contact: contact(&profile),
        position: profile.position_line.clone(),
        unknown: profile.about.unknown.clone(),
        rules: app.policies.in_words(&row.profile)?,
        supplements,
        acknowledged: row.acknowledged.clone().map(|(version, at)| Acknowledged { version, at }),
        is_asked: known.is_asked_in(row, &version),
        changes: changes(app, row, &profile),
        version,
    })
}

/// What changed since the version she knows; nothing where nobody knows that one any more.
fn changes(app: &App, row: &KnownRow, profile: &Profile) -> Vec<RuleChange> {
    let before = row.version().and_then(|version| app.policies.of_edition(&row.profile, version));
    before.map(|before| profile.changes_since(&before)).unwrap_or_default()
}

fn history(app: &App, key: &str) -> Vec<RuleVersion> {
    let versions = app.policies.history(key).into_iter();
    let said = versions.map(|(since, profile)| RuleVersion {
        version: profile.version,
        label: profile.about.label.clone(),
        since: since.and_then(day),
    });
    said.collect()
}

/// A day in Japan.
fn day(moment: Millis) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(moment.0).ok()?;
    Some(moment.in_tz("Asia/Tokyo").ok()?.date().to_string())
}

fn amendments(profile: &Profile) -> Vec<RuleAmendment> {
    let all = profile.about.amendments.iter().cloned();
    all.map(|one| RuleAmendment { date: one.date, article: one.article, note: one.note }).collect()
}

fn documents(profile: &Profile) -> Vec<RuleDocument> {
    let all = profile.about.documents.iter().cloned();
    all.map(|one| RuleDocument {
        title: one.title,
        edition: Some(one.edition).filter(|edition| !edition.is_empty()),
    })
    .collect()
}

fn guidelines(profile: &Profile) -> Vec<RuleDocument> {
    let all = profile.guidelines.iter().cloned();
    all.map(|one| RuleDocument { title: one.title, edition: one.edition }).collect()
}

fn bodies_of(profile: &Profile) -> Vec<Said> {
    let word = |body: &policy::Body| {
        serde_json::to_value(body).ok().and_then(|word| word.as_str().map(policy::word))
    };
    profile.bodies.iter().filter_map(word).collect()
}

fn contact(profile: &Profile) -> RuleContact {
    let contact = profile.contact.clone();
    RuleContact {
        name: contact.name.unwrap_or_default(),
        phone: contact.phone,
        fax: contact.fax,
        mail: contact.mail,
        hours: contact.hours,
    }
}

/// What her offices here add, each once.
async fn supplements_of(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    places: impl Iterator<Item = &AffiliationRow>,
    region: &Profile,
) -> Result<Vec<Supplement>> {
    let administered = offices_administered(conn, who.account).await?;
    let mut seen: BTreeSet<OfficeId> = BTreeSet::new();
    let mut all = Vec::new();
    for place in places {
        let Some(office) = place.office.filter(|office| seen.insert(*office)) else { continue };
        let Some(row) = offices::office(conn, office).await? else { continue };
        let name = bodies::open::<OfficeBody>(app, office, &row.sealed).await?.name;
        let in_force = match offices::supplement(conn, office).await? {
            None => None,
            Some(row) => {
                let text = bodies::open::<SupplementBody>(app, office, &row.sealed).await?.text;
                // The office's rules are found under its own name; what they make stricter is what it adds.
                let rules = match &row.name {
                    Some(name) => app.policies.named(name)?.tightened_from(region),
                    None => Vec::new(),
                };
                let version = u32::try_from(row.version).unwrap_or(u32::MAX);
                Some(SupplementInForce { version, recorded_at: row.recorded_at, text, rules })
            }
        };
        let may_change = region.office_supplement && administered.contains(&office);
        all.push(Supplement { office, name, may_change, in_force });
    }
    Ok(all)
}
