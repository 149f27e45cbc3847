//! An administrator says what her office adds to its region's rules (000§13, 001§25, 003§13).

use super::{SupplementBody, store};
use crate::accounts::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::offices::running::Running;
use crate::offices::store as offices;
use crate::policy::{OfficeRule, PolicyFault, Profile, is_tightened_by_offices};
use crate::regions::store as regions;
use crate::sessions::Session;
use crate::store::Tx;
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, OfficeId, Refusal, SetSupplement};

/// The whole of it, in place of what was there; it holds for sign-ins and devices from now on, and shows on the rules page.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not; `reason_missing` without a text;
/// `weaker_than_region` with the rule and its clause for a value that loosens, and where the region lets no office add rules
/// (K-13); `bad_field` for a rule that offices do not set, a value that does not read, or a text that is too long;
/// `account_restricted`.
pub async fn set_supplement(app: &App, who: &Arc<Session>, ask: SetSupplement) -> Result<Done> {
    who.let_write()?;
    let key = {
        let mut view = app.store.view().await?;
        Running::of(view.conn(), who.account, Some(ask.office)).await?.decide()?;
        let office = offices::office(view.conn(), ask.office).await?.ok_or(Code::OtherOffice)?;
        seal::key_of(&office.sealed)?
    };
    let text = Reason::read(&ask.text)?;
    app.keys.ready(key).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            Running::of(tx.conn(), who.account, Some(ask.office)).await?.decide()?;
            let office = offices::office(tx.conn(), ask.office).await?.ok_or(Code::OtherOffice)?;
            let region = regions::profile(tx.conn(), office.region).await?.ok_or(Code::OtherOffice)?;
            let profile = inner.policies.named(&region)?;
            let rules = decide(&profile, &ask).map_err(|refusal| with_clause(&inner, &region, refusal))?;
            let before = store::supplement(tx.conn(), ask.office).await?;
            let version = before.map_or(0, |row| row.version).saturating_add(1);
            let key = inner.keys.ready(seal::key_of(&office.sealed)?).await?;
            let sealed = SupplementBody { v: FORMAT, text: text.clone() }.sealed(&key, ask.office)?;
            let written = serde_json::to_string(&rules)
                .map_err(|error| Fault::new("writing an office's rules", error))?;
            let name = (!rules.is_empty()).then(|| name_of(&region, ask.office));
            let row = (version, written.as_str(), sealed.as_slice());
            tx.insert_supplement((ask.office, name.as_deref()), row, who.account, now).await?;
            let entry = Entry {
                at: now,
                act: "offices.supplement",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(office.region),
                subject: Some(ask.office.0),
                profile: Some(profile.name()),
                detail: Some(format!(r#"{{"version":{version},"rules":{}}}"#, rules.len())),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            if let Some(name) = name {
                let app = inner.clone();
                tx.after_commit(move || app.policies.supplement(&name, rules));
            }
            Ok(Done {})
        })
        .await
}

/// Under which an office's rules are found.
fn name_of(region: &str, office: OfficeId) -> String {
    format!("{region}#{office}")
}

/// The rules, each named once, known to be an office's, and no weaker than the region's.
fn decide(region: &Profile, ask: &SetSupplement) -> Result<Vec<OfficeRule>, Refusal> {
    let wrong = || Refusal::new(Code::BadField).with("field", "rules");
    if !region.office_supplement {
        return Err(Refusal::new(Code::WeakerThanRegion).with("knob", "K-13"));
    }
    let mut seen = BTreeSet::new();
    if !ask.rules.iter().all(|rule| is_tightened_by_offices(&rule.name) && seen.insert(rule.name.as_str())) {
        return Err(wrong());
    }
    let rules: Vec<OfficeRule> =
        ask.rules.iter().map(|rule| (rule.name.clone(), rule.value.trim().to_owned())).collect();
    match region.with_rules(&rules) {
        Ok(_) => Ok(rules),
        Err(PolicyFault::WeakerThanRegion { knob, .. }) => {
            Err(Refusal::new(Code::WeakerThanRegion).with("knob", knob))
        }
        Err(_) => Err(wrong()),
    }
}

/// The same, naming the clause of the region's rule.
fn with_clause(app: &App, region: &str, refusal: Refusal) -> Refusal {
    let Some(knob) = refusal.params.get("knob").filter(|_| refusal.code == Code::WeakerThanRegion) else {
        return refusal;
    };
    let story = app.policies.why(region, knob).unwrap_or_default();
    let steps = story.iter().flat_map(|why| why.steps.iter().rev());
    let clause = steps.filter(|step| step.says.is_some()).map(|step| step.clause.clone()).next();
    refusal.with("clause", clause.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;
    use tsumugi_protocol::SupplementRule;
    use uuid::Uuid;

    fn ask(rules: &[(&str, &str)]) -> SetSupplement {
        let rules =
            rules.iter().map(|(name, value)| SupplementRule { name: (*name).into(), value: (*value).into() });
        SetSupplement { office: OfficeId(Uuid::nil()), text: "理由".into(), rules: rules.collect() }
    }

    #[test]
    fn an_office_tightens_what_is_its_own_business_and_loosens_nothing() {
        let floor = Policies::shipped().unwrap().named("vendor-floor").unwrap();
        let closed = Profile { office_supplement: false, ..(*floor).clone() };
        let code = |region: &Profile, rules: &[(&str, &str)]| {
            decide(region, &ask(rules)).map_or_else(|refusal| refusal.code.as_str(), |_| "ok")
        };
        for (rules, expected) in [
            (&[][..], "ok"),
            (&[("idle_minutes", "10")], "ok"),
            (&[("idle_minutes", "30")], "ok"),
            (&[("idle_minutes", "31")], "weaker_than_region"),
            (&[("idle_minutes", "10"), ("own_devices", "\"office_decides\"")], "weaker_than_region"),
            (&[("own_devices", "\"forbidden\"")], "ok"),
            (&[("attestations", "{ screen_lock = \"must\" }")], "ok"),
            (&[("idle_minutes", "ten")], "bad_field"),
            (&[("idle_minutes", "10"), ("idle_minutes", "9")], "bad_field"),
            (&[("device_exception", "[\"disaster\"]")], "bad_field"),
            (&[("exception_declared_by", "[]")], "bad_field"),
            (&[("key", "\"other\"")], "bad_field"),
        ] {
            assert_eq!(code(&floor, rules), expected, "{rules:?}");
        }
        assert_eq!(code(&closed, &[]), "weaker_than_region", "K-13");
    }
}
