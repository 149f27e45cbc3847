//! Rules in words: what holds, where each value comes from, and what changed between two versions.

use super::readable::{READABLE, Readable, TIGHTENED, Unit, WORDS};
use super::why::{Step, Why};
use super::{FLOOR, KNOBS, Kind, Policies, PolicyFault, Profile};
use serde_json::Value;
use tsumugi_protocol::{Rule, RuleChange, RuleSource, RuleStanding, Said};

impl Profile {
    /// What is acknowledged: this version over the floor's (000§0, 002-intro6).
    #[must_use]
    pub fn edition(&self) -> String {
        match self.floor {
            0 => self.version.to_string(),
            floor => format!("{}.{floor}", self.version),
        }
    }

    /// What changed for a reader since other rules held.
    #[must_use]
    pub fn changes_since(&self, before: &Self) -> Vec<RuleChange> {
        let values = KNOBS.iter().zip(before.values()).zip(self.values());
        values
            .filter(|((_, old), new)| old != new)
            .filter_map(|((knob, old), new)| {
                let readable = READABLE.iter().find(|one| one.name == knob.name)?;
                let term = self.term_patient.as_str();
                let said = |value: &Value| termed(say(readable, value), term);
                let (label, before, now) = (label(readable, term), said(&old), said(&new));
                Some(RuleChange { number: knob.number.to_owned(), label, before, now })
            })
            .collect()
    }

    /// The rules that an office's own tighten, in words.
    #[must_use]
    pub fn tightened_from(&self, region: &Self) -> Vec<Rule> {
        let values = KNOBS.iter().zip(region.values()).zip(self.values());
        values
            .filter(|((_, above), own)| above != own)
            .filter_map(|((knob, _), own)| {
                let readable = READABLE.iter().find(|one| one.name == knob.name)?;
                Some(Rule {
                    number: knob.number.to_owned(),
                    name: knob.name.to_owned(),
                    group: readable.group,
                    label: label(readable, &self.term_patient),
                    value: termed(say(readable, &own), &self.term_patient),
                    source: RuleSource::Office,
                    clause: knob.number.to_owned(),
                    standing: None,
                    reason: None,
                    weaker: None,
                    is_unknown: false,
                    is_assumed: false,
                })
            })
            .collect()
    }
}

impl Policies {
    /// The rules of that name that matter to a reader, each with where it comes from.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn in_words(&self, key: &str) -> Result<Vec<Rule>, PolicyFault> {
        let profile = self.named(key)?;
        let is_shipped = self.is_shipped(&profile);
        let story = self.whole_story(key)?;
        let rules = READABLE.iter().filter_map(|readable| {
            let why = story.iter().find(|why| why.knob.name == readable.name)?;
            Some(rule(readable, why, (is_shipped, &profile.term_patient)))
        });
        Ok(rules.collect())
    }

    /// The rules of that name in a version that somebody acknowledged; none where nobody knows it any more.
    #[must_use]
    pub fn of_edition(&self, key: &str, edition: &str) -> Option<std::sync::Arc<Profile>> {
        let book = self.books.get(key)?;
        book.terms().map(|(_, profile)| profile).rfind(|profile| profile.edition() == edition).cloned()
    }
}

/// Whether an office may tighten that rule for its own people and devices.
#[must_use]
pub fn is_tightened_by_offices(name: &str) -> bool {
    TIGHTENED.contains(&name)
}

/// A word of a file, as people say it.
#[must_use]
pub fn word(value: &str) -> Said {
    said_of("", value)
}

fn label(readable: &Readable, term: &str) -> Said {
    termed(Said { ja: readable.ja.to_owned(), en: readable.en.to_owned() }, term)
}

/// The same with the region's word for the person cared for (K-06).
fn termed(said: Said, term: &str) -> Said {
    Said { ja: said.ja.replace("患者", term), en: said.en }
}

fn rule(readable: &Readable, why: &Why, (is_shipped, term): (bool, &str)) -> Rule {
    let nearest = why.steps.iter().rev().find(|step| step.says.is_some());
    let last = why.steps.last();
    let is_floor = |step: &Step| step.rules.split(' ').next() == Some(FLOOR);
    let reason = last.and_then(|step| step.reason.clone());
    let standing = reason.as_ref().map(|_| match why.knob.kind {
        _ if is_shipped => RuleStanding::Exception,
        Kind::Reasoned => RuleStanding::Differs,
        Kind::Ordered | Kind::Union | Kind::Own => RuleStanding::BelowFloor,
    });
    Rule {
        number: why.knob.number.to_owned(),
        name: readable.name.to_owned(),
        group: readable.group,
        label: label(readable, term),
        value: termed(say(readable, &why.value), term),
        source: if nearest.is_none_or(is_floor) { RuleSource::Floor } else { RuleSource::Region },
        clause: nearest.map(|step| step.clause.clone()).unwrap_or_default(),
        standing,
        reason,
        weaker: last.and_then(|step| step.weaker.clone()),
        is_unknown: last.is_some_and(|step| step.is_unknown),
        is_assumed: last.is_some_and(|step| step.is_assumed),
    }
}

/// A value in words.
fn say(readable: &Readable, value: &Value) -> Said {
    match value {
        Value::Number(number) => {
            let (ja, en) = readable.unit.words();
            Said { ja: format!("{number}{ja}"), en: format!("{number}{en}") }
        }
        Value::Array(all) if all.is_empty() => said_of(readable.name, ""),
        Value::Array(all) => list(all.iter().map(|one| say(readable, one))),
        Value::Object(fields) => match fields.get("kinds").and_then(Value::as_array) {
            Some(kinds) => list(kinds.iter().map(password)),
            None => list(fields.iter().map(|(what, how)| {
                let (what, how) = (said_of("", what), say(readable, how));
                Said { ja: format!("{}：{}", what.ja, how.ja), en: format!("{}: {}", what.en, how.en) }
            })),
        },
        Value::String(text) => said_of(readable.name, text),
        Value::Bool(is_so) => said_of(readable.name, if *is_so { "true" } else { "false" }),
        Value::Null => said_of(readable.name, ""),
    }
}

fn said_of(name: &str, word: &str) -> Said {
    let own = format!("{name}:{word}");
    let found = WORDS.iter().find(|(known, ..)| *known == own);
    let plain = if word.is_empty() { "none" } else { word };
    match found.or_else(|| WORDS.iter().find(|(known, ..)| *known == plain)) {
        Some((_, ja, en)) => Said { ja: (*ja).to_owned(), en: (*en).to_owned() },
        // A text of the region's own: it is said as it stands.
        None => Said { ja: word.to_owned(), en: word.to_owned() },
    }
}

fn list(all: impl Iterator<Item = Said>) -> Said {
    let (ja, en): (Vec<String>, Vec<String>) = all.map(|said| (said.ja, said.en)).unzip();
    Said { ja: ja.join("、"), en: en.join(", ") }
}

/// One kind of password: how long, of what, and how long it lasts.
fn password(kind: &Value) -> Said {
    let number = |name: &str| kind.get(name).and_then(Value::as_u64);
    let classes = kind.get("classes").and_then(Value::as_array);
    let classes = list(classes.into_iter().flatten().filter_map(Value::as_str).map(|word| said_of("", word)));
    let least = number("least").unwrap_or_default();
    let length = match number("most") {
        Some(most) => {
            Said { ja: format!("{least}〜{most}文字"), en: format!("{least} to {most} characters") }
        }
        None => Said { ja: format!("{least}文字以上"), en: format!("{least} characters or more") },
    };
    let (ja, en) = Unit::Months.words();
    let end = match (number("expires_months"), number("reminds_months")) {
        (Some(months), _) => Said {
            ja: format!("・{months}{ja}ごとに変更"),
            en: format!(", changed every {months}{en}"),
        },
        (None, Some(months)) => Said {
            ja: format!("・{months}{ja}ごとに変更をすすめる"),
            en: format!(", to be changed every {months}{en}"),
        },
        (None, None) => Said { ja: String::new(), en: String::new() },
    };
    Said {
        ja: format!("{}（{}{}）", length.ja, classes.ja, end.ja),
        en: format!("{} ({}{})", length.en, classes.en, end.en),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::shipped;

    /// Names, places and texts that a region writes itself.
    const OWN_WORDS: &[&str] = &["area", "damages_text", "hours"];

    fn strings(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(all) => all.iter().for_each(|one| strings(one, found)),
            Value::Object(fields) if !fields.contains_key("kinds") => {
                found.extend(fields.keys().cloned());
                fields.values().for_each(|one| strings(one, found));
            }
            _ => {}
        }
    }

    #[test]
    fn every_value_of_a_shipped_region_has_words() {
        let policies = Policies::shipped().unwrap();
        for given in shipped::regions().unwrap() {
            let profile = policies.named(&given.key).unwrap();
            for (knob, value) in KNOBS.iter().zip(profile.values()) {
                let is_read = READABLE.iter().any(|one| one.name == knob.name);
                if !is_read || OWN_WORDS.contains(&knob.name) {
                    continue;
                }
                let mut all = Vec::new();
                strings(&value, &mut all);
                for text in all {
                    assert!(WORDS.iter().any(|(known, ..)| *known == text), "{}: {text}", knob.name);
                }
            }
        }
    }

    #[test]
    fn a_reader_is_shown_rules_that_there_are_each_once() {
        for (at, one) in READABLE.iter().enumerate() {
            assert!(KNOBS.iter().any(|knob| knob.name == one.name), "{}", one.name);
            assert!(READABLE.iter().skip(at + 1).all(|other| other.name != one.name), "{}", one.name);
        }
        for name in TIGHTENED {
            let knob = KNOBS.iter().find(|knob| knob.name == *name).unwrap();
            assert!(matches!(knob.kind, Kind::Ordered | Kind::Union), "{name}: an own value only replaces");
            assert!(READABLE.iter().any(|one| one.name == *name), "{name}");
        }
    }

    #[test]
    fn values_are_said_with_where_they_come_from() {
        let policies = Policies::shipped().unwrap();
        let rules = policies.in_words("miyazaki").unwrap();
        let of = |name: &str| rules.iter().find(|rule| rule.name == name).unwrap();
        assert_eq!(
            (of("idle_minutes").value.ja.as_str(), of("idle_minutes").source),
            ("30分", RuleSource::Floor)
        );
        assert_eq!(of("device_exception").value.en, "a disaster");
        assert_eq!(of("device_exception").clause, "K-81, 001§24");
        let opens = of("patient_group_create");
        assert_eq!((opens.standing, opens.source), (Some(RuleStanding::Exception), RuleSource::Region));
        assert!(opens.reason.as_ref().unwrap().starts_with("001§29-2"));
        assert!(of("consent_signatories").is_unknown && of("forms_new_office").is_assumed);
        assert_eq!(
            of("free_group_patient_data").label.ja,
            "自由グループに患者・利用者の情報を書くこと",
            "K-06"
        );
        assert!(of("passwords").value.ja.contains("13文字以上（英字、数字、記号・3か月ごとに変更）"));
    }

    #[test]
    fn what_changed_is_said_by_the_rules_before_and_after() {
        let policies = Policies::shipped().unwrap();
        let (before, after) = (policies.asked_for("vendor-floor@1").unwrap(), policies.named(FLOOR).unwrap());
        let changes = after.changes_since(&before);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].number.as_str(), changes[0].now.en.as_str()), ("K-55", "yes"));
        assert!(after.changes_since(&after).is_empty());
        assert_eq!((before.edition(), after.edition()), ("1".to_owned(), "2".to_owned()));
        let misato = policies.named("misato").unwrap();
        assert_eq!(misato.edition(), "1.2");
        assert_eq!(policies.of_edition("misato", "1.2").unwrap().edition(), "1.2");
        assert!(policies.of_edition("misato", "1.1").is_some(), "over the floor of before");
        assert!(policies.of_edition("misato", "7.2").is_none());
    }
}
