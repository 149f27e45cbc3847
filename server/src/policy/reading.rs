//! Reading a file of rules: what is wrong with it is told with file, line, knob and clause.

use super::fault::{At, PolicyFault};
use super::knobs::{HEADER, Knob};
use super::profile::{Given, KNOBS};
use super::source::Source;
use std::path::Path;

/// Reads what a file says.
pub(super) fn read(file: &str, text: &str) -> Result<Given, PolicyFault> {
    let source = Source::of(file, text);
    match toml::from_str::<Given>(text) {
        Ok(given) => Ok(Given { source, ..given }),
        Err(error) => Err(unreadable(&source, text, &error)),
    }
}

/// A profile's file: it has a name, a version and a title.
pub(super) fn read_profile(file: &str, text: &str) -> Result<Given, PolicyFault> {
    let given = read(file, text)?;
    let is_plain = |key: &str| key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let wrong = if given.key.is_empty() || !is_plain(&given.key) {
        Some(("key", "the key is a word of small letters, digits and hyphens"))
    } else if given.version == 0 {
        Some(("version", "the version is a number from 1"))
    } else if given.title.trim().is_empty() && given.rest_as.is_none() {
        Some(("title", "the title (K-01) is empty"))
    } else {
        None
    };
    match wrong {
        None => Ok(given),
        Some((name, reason)) => {
            let at = At { name: String::new(), ..given.source.at(name) };
            Err(PolicyFault::Unreadable { at, knob: "", reason: reason.to_owned() })
        }
    }
}

/// Whether a file in a folder of rules holds a profile: `*.toml`, but not `*.cases.toml`.
pub(super) fn is_profile(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.ends_with(".toml") && !name.ends_with(".cases.toml")
}

fn unreadable(source: &Source, text: &str, error: &toml::de::Error) -> PolicyFault {
    let start = error.span().map(|span| span.start).unwrap_or_default();
    let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
    let mut at = source.line(line);
    let knob = named(&at.name).map_or("", |knob| knob.number);
    if knob.is_empty() {
        at.name.clear();
    }
    // The list of all knobs helps nobody who mistyped one.
    let message = error.message();
    let reason = match message.split_once(", expected one of") {
        Some((first, _)) if first.starts_with("unknown field") => format!("{first}, which is no knob"),
        _ => message.to_owned(),
    };
    let fault = PolicyFault::Unreadable { at, knob, reason: reason.replace('\n', " ").trim().to_owned() };
    fault.citing(&super::shipped::floor_places())
}

fn named(name: &str) -> Option<&'static Knob> {
    KNOBS.iter().find(|knob| knob.name == name)
}

/// Whether there is a knob, or a part of the header, of that number.
fn is_numbered(number: &str) -> bool {
    is_within_passwords(number) || HEADER.contains(&number) || KNOBS.iter().any(|knob| knob.number == number)
}

/// K-31 to K-34 are one knob.
fn is_within_passwords(number: &str) -> bool {
    ["K-32", "K-33", "K-34"].contains(&number)
}

impl Given {
    /// What it says of itself is of knobs that there are.
    pub(super) fn check(&self) -> Result<(), PolicyFault> {
        self.check_consents()?;
        let stray = |table: &str, knob: &str| {
            let at = At { name: String::new(), ..self.source.at(table) };
            Err(PolicyFault::NoSuchKnob { at, knob: knob.to_owned() })
        };
        if let Some(entry) = self.overrides.iter().find(|entry| !is_numbered(&entry.knob)) {
            return stray("overrides", &entry.knob);
        }
        let open = self.about.unknown.iter().chain(&self.about.assumed);
        if let Some(number) = open.into_iter().find(|number| !is_numbered(number)) {
            return stray("about", number);
        }
        if let Some(name) = self.about.weaker.keys().find(|name| named(name).is_none()) {
            return stray("about", name);
        }
        let said = KNOBS.iter().zip(self.values()).filter(|(_, value)| value.is_some());
        let is_unknown = |knob: &Knob| self.about.unknown.iter().any(|number| number == knob.number);
        match said.map(|(knob, _)| knob).find(|knob| is_unknown(knob)) {
            None => Ok(()),
            Some(knob) => {
                Err(PolicyFault::KnownAfterAll { at: self.source.at(knob.name), knob: knob.number })
            }
        }
    }
}
