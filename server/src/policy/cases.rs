//! Cases beside a profile: what is given, and what its rules then say.

use super::fault::PolicyFault;
use super::kinds::Override;
use super::knobs::shown;
use super::passwords::{CharClass, FloorHolds, PasswordKind, PasswordRules};
use super::profile::{Given, KNOBS, Profile};
use super::second_factor::begins;
use super::source::Source;
use super::{FLOOR, Policies, shipped};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file of cases (`*.cases.toml`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// The profile they are of.
    profile: String,
    /// The cases.
    case: Vec<Case>,
    /// Name of the file.
    #[serde(skip)]
    file: String,
}

/// One case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// In words.
    what: String,
    given: Asked,
    expected: toml::Value,
}

/// What is looked at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The value of a knob …
    knob: Option<String>,
    /// … or of one entry of it.
    entry: Option<String>,
    /// Or: what kind a password would be.
    password: Option<String>,
    /// Or: what passwords are compared with.
    #[serde(default)]
    compared: bool,
    /// Whether the floor's passwords hold; without it, as the profile has it.
    floor: Option<FloorHolds>,
    /// On which day; without it, now.
    on: Option<jiff::civil::Date>,
}

/// What came of a file of cases.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Name of the file.
    pub file: String,
    /// How many there are.
    pub count: usize,
    /// A sentence for each that is not as expected.
    pub failures: Vec<String>,
}

impl Cases {
    /// The shipped ones.
    ///
    /// # Errors
    /// [`PolicyFault::Unreadable`].
    pub fn shipped() -> Result<Vec<Self>, PolicyFault> {
        shipped::cases().iter().map(|(file, text)| Self::read(file, text)).collect()
    }

    /// Those beside a profile's file, `x.cases.toml` beside `x.toml`; none where there are none.
    ///
    /// # Errors
    /// [`PolicyFault::Unreadable`].
    pub fn beside(file: &Path) -> Result<Option<Self>, PolicyFault> {
        let cases = file.with_extension("cases.toml");
        match std::fs::read_to_string(&cases) {
            Ok(text) => Self::read(&cases.display().to_string(), &text).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Those of a folder.
    ///
    /// # Errors
    /// [`PolicyFault::Unreadable`].
    pub fn of_folder(folder: &Path) -> Result<Vec<Self>, PolicyFault> {
        let beside = |file: PathBuf| Self::beside(&file).transpose();
        shipped::files_of(folder)?.into_iter().filter_map(beside).collect()
    }

    fn read(file: &str, text: &str) -> Result<Self, PolicyFault> {
        let read = toml::from_str::<Self>(text).map_err(|error| {
            let start = error.span().map(|span| span.start).unwrap_or_default();
            let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
            let at = super::At { line, ..Source::of(file, text).whole() };
            PolicyFault::Unreadable { at, knob: "", reason: error.message().to_owned() }
        })?;
        Ok(Self { file: file.to_owned(), ..read })
    }

    /// The profile, and the knobs that cases look at.
    #[cfg(test)]
    pub(super) fn looked_at(&self) -> (&str, Vec<&str>) {
        (&self.profile, self.case.iter().filter_map(|case| case.given.knob.as_deref()).collect())
    }

    /// Holds them against the rules.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`]: there is no such profile.
    pub fn check(&self, policies: &Policies) -> Result<Checked, PolicyFault> {
        let mut failures = Vec::new();
        for case in &self.case {
            let found = case.given.answer(policies, &self.profile)?;
            let expected = shown(&case.expected);
            if !is_same(&found, &expected) {
                failures.push(format!("{}: {}: expected {expected}, found {found}", self.file, case.what));
            }
        }
        Ok(Checked { file: self.file.clone(), count: self.case.len(), failures })
    }
}

impl Asked {
    fn answer(&self, policies: &Policies, key: &str) -> Result<Value, PolicyFault> {
        let profile = self.profile(policies, key)?;
        if let Some(name) = &self.knob {
            let of = KNOBS.iter().zip(profile.values()).find(|(knob, _)| knob.name == name);
            let value = of.map(|(_, value)| value).unwrap_or_default();
            return Ok(match &self.entry {
                Some(entry) => value.get(entry).cloned().unwrap_or_default(),
                None => value,
            });
        }
        if self.compared {
            return Ok(shown(&profile.passwords.compared));
        }
        let typed = self.password.as_deref().unwrap_or_default();
        Ok(Value::String(kind_of(&profile.passwords, typed)))
    }

    fn profile(&self, policies: &Policies, key: &str) -> Result<Arc<Profile>, PolicyFault> {
        let held = match self.on.and_then(begins) {
            Some(moment) => policies.at(key, moment)?,
            None => policies.named(key)?,
        };
        let Some(floor) = self.floor else { return Ok(held) };
        let Some((edition, rules)) = edition_of(policies, key, held.version) else { return Ok(held) };
        let reason = Override { knob: "K-31".to_owned(), reason: "a case".to_owned() };
        let overrides = edition.overrides.iter().cloned().chain([reason]).collect();
        let given = Given { passwords: Some(PasswordRules { floor, ..rules }), overrides, ..edition };
        Ok(Arc::new(policies.named(FLOOR)?.tightened_by(given)?))
    }
}

/// A version's own file, where it says something of passwords.
fn edition_of(policies: &Policies, key: &str, version: u32) -> Option<(Given, PasswordRules)> {
    let editions = policies.books.get(key)?.editions();
    let edition = editions.iter().find(|edition| edition.version == version)?;
    Some((edition.clone(), edition.passwords.clone()?))
}

/// `refused`, or the kind with its end: `long, no end`, `short, 2 months`, `long, reminded after 2 months`.
fn kind_of(rules: &PasswordRules, typed: &str) -> String {
    let Some(kind) = rules.kinds.iter().find(|kind| allows(kind, typed)) else { return "refused".to_owned() };
    let end = match (kind.expires_months, kind.reminds_months) {
        (Some(months), _) => format!("{months} months"),
        (None, Some(months)) => format!("reminded after {months} months"),
        (None, None) => "no end".to_owned(),
    };
    format!("{}, {end}", kind.name.as_str())
}

fn allows(kind: &PasswordKind, typed: &str) -> bool {
    let length = u32::try_from(typed.chars().count()).unwrap_or(u32::MAX);
    let class = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' => Some(CharClass::Letter),
        '0'..='9' => Some(CharClass::Digit),
        ' '..='~' => Some(CharClass::Symbol),
        _ => None,
    };
    let Some(classes) = typed.chars().map(class).collect::<Option<BTreeSet<_>>>() else { return false };
    length >= kind.least && kind.most.is_none_or(|most| length <= most) && classes.is_superset(&kind.classes)
}

/// Lists are sets: their order says nothing.
fn is_same(found: &Value, expected: &Value) -> bool {
    let sorted = |list: &[Value]| {
        let mut texts: Vec<String> = list.iter().map(Value::to_string).collect();
        texts.sort();
        texts
    };
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => sorted(found) == sorted(expected),
        _ => found == expected,
    }
}
