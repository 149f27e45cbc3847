//! What offices add to their regions' rules, as it holds for their people and devices (000§13, 001§25, 003§13).
//!
//! An office with rules of its own is found under a name of its own, `region#office`; where nobody knows that one, the
//! region's rules hold. A region's later version that is stricter than an office's rule simply holds.

use super::fault::PolicyFault;
use super::profile::Profile;
use super::reading::read;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// One rule of an office: its name and its value, as a file has them.
pub type OfficeRule = (String, String);

/// By name.
#[derive(Debug, Clone, Default)]
pub(super) struct Supplements(Arc<RwLock<BTreeMap<String, Added>>>);

#[derive(Debug)]
struct Added {
    rules: Vec<OfficeRule>,
    /// The region's rules over which they were put last, and what came of it.
    made: Option<(Arc<Profile>, Arc<Profile>)>,
}

impl Supplements {
    /// From now on an office adds these; nothing where there are none.
    pub(super) fn set(&self, name: &str, rules: Vec<OfficeRule>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.to_owned(), Added { rules, made: None });
    }

    /// The rules of that name over the region's.
    pub(super) fn over(&self, name: &str, region: &Arc<Profile>) -> Arc<Profile> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(added) = all.get(name) else { return region.clone() };
        if let Some((below, made)) = &added.made
            && Arc::ptr_eq(below, region)
        {
            return made.clone();
        }
        let made = Arc::new(tightened(region, &added.rules));
        drop(all);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(added) = all.get_mut(name) {
            added.made = Some((region.clone(), made.clone()));
        }
        made
    }
}

/// A region's rules with those of an office that are no weaker.
fn tightened(region: &Profile, rules: &[OfficeRule]) -> Profile {
    let mut profile = region.clone();
    for rule in rules {
        if let Ok(next) = profile.with_rules(std::slice::from_ref(rule)) {
            profile = next;
        }
    }
    profile
}

impl Profile {
    /// These rules with an office's own.
    ///
    /// # Errors
    /// As [`Profile::with_supplement`].
    pub fn with_rules(&self, rules: &[OfficeRule]) -> Result<Self, PolicyFault> {
        const FILE: &str = "office";
        let mut text = String::new();
        for (name, value) in rules {
            // One value each: whatever else was typed behind it makes the line unreadable.
            let line = format!("{name} = {value}\n");
            let stray = || read(FILE, &format!("{name} = [[\n")).err();
            let is_one = !value.contains(['\n', '\r'])
                && line.parse::<toml::Table>().is_ok_and(|table| table.len() == 1);
            if !is_one && let Some(fault) = stray() {
                return Err(fault);
            }
            text.push_str(&line);
        }
        self.with_supplement(FILE, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{AtMost, Policies};

    fn rule(name: &str, value: &str) -> OfficeRule {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn an_office_is_found_under_its_own_name_and_falls_back_to_its_region() {
        let policies = Policies::shipped().unwrap();
        let idle = |name: &str| policies.named(name).unwrap().idle_minutes;
        assert_eq!(idle("misato#office"), AtMost(30), "it adds nothing yet");
        policies.supplement("misato#office", vec![rule("idle_minutes", "10")]);
        assert_eq!(
            (idle("misato#office"), idle("misato"), idle("misato#other")),
            (AtMost(10), AtMost(30), AtMost(30))
        );
        assert_eq!(policies.named("misato#office").unwrap().name(), policies.named("misato").unwrap().name());
        policies.supplement("misato#office", vec![rule("idle_minutes", "60"), rule("session_hours", "8")]);
        let rules = policies.named("misato#office").unwrap();
        assert_eq!(
            (rules.idle_minutes, rules.session_hours),
            (AtMost(30), AtMost(8)),
            "what is weaker does not hold"
        );
        assert!(policies.named("nowhere#office").is_err());
    }

    #[test]
    fn a_value_is_one_value() {
        let region = Policies::shipped().unwrap().named("misato").unwrap();
        assert!(region.with_rules(&[rule("idle_minutes", "10")]).is_ok());
        for value in ["10\nsession_hours = 1", "", "ten", "10\rsession_hours = 1", "[10"] {
            assert!(region.with_rules(&[rule("idle_minutes", value)]).is_err(), "{value:?}");
        }
        let weaker = region.with_rules(&[rule("idle_minutes", "31")]);
        assert!(matches!(weaker, Err(PolicyFault::WeakerThanRegion { knob: "K-36", .. })));
    }
}
