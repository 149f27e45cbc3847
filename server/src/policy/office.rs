//! What an office adds to its region's rules: it tightens, and loosens nothing (000§13, 001§25, 003§13).

use super::fault::{At, PolicyFault};
use super::kinds::Override;
use super::knobs::Kind;
use super::profile::{Given, KNOBS, Profile};
use super::reading::read;

impl Profile {
    /// These rules with an office's own beside them. `file` names where its text stands, for sentences.
    ///
    /// # Errors
    /// [`PolicyFault::WeakerThanRegion`] where the office is weaker, whatever reason it gives; else as a region's file.
    pub fn with_supplement(&self, file: &str, text: &str) -> Result<Self, PolicyFault> {
        self.supplemented(read(file, text)?)
    }

    pub(super) fn supplemented(&self, given: Given) -> Result<Self, PolicyFault> {
        let wrong = |name: &str, reason: &str| {
            let at = At { name: String::new(), ..given.source.at(name) };
            Err(PolicyFault::Unreadable { at, knob: "", reason: reason.to_owned() })
        };
        if !self.office_supplement {
            return wrong("", "the region lets no office add rules of its own (K-13)");
        }
        if !given.key.is_empty() || given.version != 0 || !given.title.is_empty() || given.rest_as.is_some() {
            return wrong("key", "an office's rules have no key, version or title: they are its region's");
        }
        given.check()?;
        // A reason lets a region go below the floor, and never an office below its region; own knobs still need theirs.
        let overrides: Vec<Override> =
            given.overrides.iter().filter(|entry| is_reasoned(&entry.knob)).cloned().collect();
        let weaker = |fault| match fault {
            PolicyFault::BelowFloor { at, knob } => PolicyFault::WeakerThanRegion { at, knob },
            other => other,
        };
        let tightened = self.tightened_by(Given { overrides: overrides.clone(), ..given }).map_err(weaker)?;
        let (key, version, floor, title) = (self.key.clone(), self.version, self.floor, self.title.clone());
        let overrides = self.overrides.iter().cloned().chain(overrides).collect();
        Ok(Self { key, version, floor, title, about: self.about.clone(), overrides, ..tightened })
    }
}

fn is_reasoned(number: &str) -> bool {
    KNOBS.iter().any(|knob| knob.number == number && knob.kind == Kind::Reasoned)
}
