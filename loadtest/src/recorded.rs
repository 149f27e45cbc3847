//! The ratio a guard compares with: written by `guard --record`, one for each build profile, kept in the repository.

use crate::{machine::Machine, stats::Bounds};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path};

/// First lines of the file.
const HEADING: &str =
    "# CPU a delivery, ours ÷ the floor, by build profile. Written by `loadtest guard --record`.\n\n";

/// What was recorded, by profile.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recorded(BTreeMap<String, Record>);

/// One recorded sitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Geometric mean of its pairs.
    pub ratio: f64,
    /// Lower 95 % bound.
    pub lower: f64,
    /// Upper 95 % bound.
    pub upper: f64,
    /// Day, by UTC.
    pub date: String,
    /// Processor, cores and kernel.
    pub machine: String,
}

impl Record {
    /// A sitting of today.
    pub fn new(bounds: Bounds, machine: &Machine) -> Self {
        let thousandths = |value: f64| (value * 1_000.0).round() / 1_000.0;
        Self {
            ratio: thousandths(bounds.ratio),
            lower: thousandths(bounds.lower),
            upper: thousandths(bounds.upper),
            date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
            machine: format!("{}, {} cores, Linux {}", machine.cpu, machine.cores, machine.kernel),
        }
    }

    /// Whether it was recorded on such a processor: another one weighs kernel, ciphers and memory otherwise.
    pub fn is_of(&self, cpu: &str) -> bool {
        self.machine.strip_prefix(cpu).is_some_and(|rest| rest.starts_with(", "))
    }

    /// Whether a sitting is clearly worse: even its lower bound is above so many times the recorded ratio.
    pub fn is_exceeded_by(&self, bounds: Bounds, factor: f64) -> bool {
        bounds.lower > factor * self.ratio
    }
}

impl Recorded {
    /// The file's; nothing when there is no file yet.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} cannot be understood", path.display()))
    }

    /// That of a profile.
    pub fn of(&self, profile: &str) -> Option<&Record> {
        self.0.get(profile)
    }

    /// Writes the file with that record in the place of the profile's.
    pub fn write(mut self, path: &Path, profile: &str, record: Record) -> anyhow::Result<()> {
        self.0.insert(profile.to_owned(), record);
        let text = format!("{HEADING}{}", toml::to_string(&self)?);
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(ratio: f64) -> Record {
        Record { ratio, lower: ratio, upper: ratio, date: "2026-01-01".into(), machine: "m".into() }
    }

    fn bounds(lower: f64) -> Bounds {
        Bounds { ratio: lower * 1.1, lower, upper: lower * 1.2 }
    }

    #[test]
    fn only_a_lower_bound_beyond_the_factor_fails() {
        let recorded = record(1.4);
        assert!(!recorded.is_exceeded_by(bounds(1.4), 1.25));
        assert!(!recorded.is_exceeded_by(bounds(1.75), 1.25));
        assert!(recorded.is_exceeded_by(bounds(1.76), 1.25));
    }

    #[test]
    fn a_record_belongs_to_its_processor() {
        let recorded = Record { machine: "EPYC 7, 2 cores, Linux 6".into(), ..record(1.4) };
        assert!(recorded.is_of("EPYC 7"));
        assert!(!recorded.is_of("EPYC") && !recorded.is_of("Xeon"));
    }

    #[test]
    fn what_is_written_is_read_and_other_profiles_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recorded.toml");
        Recorded::read(&path).unwrap().write(&path, "dev", record(1.5)).unwrap();
        Recorded::read(&path).unwrap().write(&path, "release", record(1.4)).unwrap();
        Recorded::read(&path).unwrap().write(&path, "dev", record(1.6)).unwrap();
        let read = Recorded::read(&path).unwrap();
        assert_eq!(read.of("dev"), Some(&record(1.6)));
        assert_eq!(read.of("release"), Some(&record(1.4)));
        assert_eq!(read.of("bench"), None);
        std::fs::write(&path, "dev = 3").unwrap();
        assert!(Recorded::read(&path).is_err());
    }
}
