//! How a rule came about: what the floor says, what the region says, why, and what holds.

use super::fault::{At, PolicyFault};
use super::knobs::Knob;
use super::profile::{Given, KNOBS, Profile};
use super::{FLOOR, Policies};
use serde::Serialize;
use serde_json::Value;

/// One knob of a profile.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    /// Which.
    #[serde(flatten)]
    pub knob: Knob,
    /// What holds.
    pub value: Value,
    /// What each file says of it, from the floor on.
    pub steps: Vec<Step>,
}

/// What one file says of a knob.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// The profile, with its version: `vendor-floor v2`.
    pub rules: String,
    /// The file.
    pub file: String,
    /// The line; 0 where the file is silent.
    pub line: usize,
    /// What its remark cites.
    pub clause: String,
    /// What it says; none where it is silent.
    pub says: Option<Value>,
    /// Why it differs.
    pub reason: Option<String>,
    /// What its text says where the floor is stricter.
    pub weaker: Option<String>,
    /// Whether it points to a part that nobody has.
    pub is_unknown: bool,
    /// Whether the value was taken from elsewhere.
    pub is_assumed: bool,
}

impl Policies {
    /// How every rule of `key`, or of `key@version`, came about.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn whole_story(&self, name: &str) -> Result<Vec<Why>, PolicyFault> {
        let profile = self.asked_for(name)?;
        let floor = self.named(FLOOR)?;
        let below = (profile.key != FLOOR).then(|| self.edition(&floor)).flatten();
        let files = below.into_iter().chain(self.edition(&profile));
        let said: Vec<(&Given, Vec<Option<Value>>)> = files.map(|given| (given, given.values())).collect();
        let knobs = KNOBS.iter().zip(profile.values()).enumerate();
        let story = knobs.map(|(index, (knob, value))| {
            let says = |values: &[Option<Value>]| values.get(index).cloned().flatten();
            let steps = said.iter().map(|(given, values)| step(given, knob, says(values))).collect();
            Why { knob: *knob, value, steps }
        });
        Ok(story.collect())
    }

    /// How the rules of one number, or of one name, came about.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`], [`PolicyFault::NoSuchKnob`].
    pub fn why(&self, name: &str, knob: &str) -> Result<Vec<Why>, PolicyFault> {
        let wanted = match knob {
            "K-32" | "K-33" | "K-34" => "K-31",
            other => other,
        };
        let is_meant = |why: &Why| why.knob.number == wanted || why.knob.name == wanted;
        let story: Vec<Why> = self.whole_story(name)?.into_iter().filter(is_meant).collect();
        if story.is_empty() {
            let at = At { file: name.to_owned(), ..At::default() };
            return Err(PolicyFault::NoSuchKnob { at, knob: knob.to_owned() });
        }
        Ok(story)
    }

    /// Whether the version in force came with the server: its exceptions are those of the region's own document.
    #[must_use]
    pub fn is_shipped(&self, profile: &Profile) -> bool {
        self.edition(profile).is_some_and(|edition| super::shipped::is_one(edition.source.file()))
    }

    fn edition(&self, profile: &Profile) -> Option<&Given> {
        let editions = self.books.get(&profile.key)?.editions();
        editions.iter().find(|edition| edition.version == profile.version)
    }
}

fn step(given: &Given, knob: &Knob, says: Option<Value>) -> Step {
    let at = given.source.at(knob.name);
    let has = |numbers: &[String]| numbers.iter().any(|number| number == knob.number);
    let reason = given.overrides.iter().find(|entry| entry.knob == knob.number);
    Step {
        rules: format!("{} v{}", given.key, given.version),
        file: at.file,
        line: at.line,
        clause: at.clause,
        reason: reason.filter(|_| says.is_some()).map(|entry| entry.reason.clone()),
        says,
        weaker: given.about.weaker.get(knob.name).cloned(),
        is_unknown: has(&given.about.unknown),
        is_assumed: has(&given.about.assumed),
    }
}
