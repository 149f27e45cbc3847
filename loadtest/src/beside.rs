//! One figure of ours beside the same figure of another peer, measured in turns.

use crate::{
    crowd::Found,
    report::{Target, number},
    settings::Other,
    stats::median,
};
use serde::Serialize;
use std::fmt::{self, Display};

/// The findings of one cell, round by round.
#[derive(Debug, Default)]
pub struct Rounds {
    /// Ours.
    pub ours: Vec<Found>,
    /// The other peer's, round by round beside ours; empty when none was asked for.
    pub theirs: Vec<Found>,
    /// Which peer that is.
    pub other: Option<Other>,
}

/// What a ratio should be, by the peer it is to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Must {
    floor: Option<Target>,
    ejabberd: Option<Target>,
}

/// The other peer's figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Theirs {
    /// The floor's.
    Floor(f64),
    /// ejabberd's.
    Ejabberd(f64),
}

/// A figure of both.
#[derive(Debug, Clone, Serialize)]
pub struct Beside {
    /// Its number among the figures of the issue, where it has one.
    pub code: &'static str,
    /// What was measured.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// Ours, median of the rounds.
    pub ours: f64,
    /// The other peer's, median of the rounds, under its name.
    #[serde(flatten)]
    pub theirs: Option<Theirs>,
    /// Ours ÷ theirs: median of the rounds' ratios, each of two neighbours in time; it need not be the quotient
    /// of the two medians.
    pub ratio: Option<f64>,
    /// Smallest and largest ratio of a round.
    pub between: Option<(f64, f64)>,
    /// What the ratio should be.
    pub target: Option<Target>,
    /// Whether it is.
    pub met: Option<bool>,
}

impl Must {
    /// No target.
    pub const NOTHING: Self = Self { floor: None, ejabberd: None };

    /// Beside the floor.
    pub const fn floor(target: Target) -> Self {
        Self { floor: Some(target), ..Self::NOTHING }
    }

    /// And beside ejabberd.
    pub const fn ejabberd(self, target: Target) -> Self {
        Self { ejabberd: Some(target), ..self }
    }

    const fn beside(self, other: Other) -> Option<Target> {
        match other {
            Other::Floor => self.floor,
            Other::Ejabberd => self.ejabberd,
        }
    }
}

impl Theirs {
    const fn of(other: Other, value: f64) -> Self {
        match other {
            Other::Floor => Self::Floor(value),
            Other::Ejabberd => Self::Ejabberd(value),
        }
    }

    /// The number.
    pub const fn value(self) -> f64 {
        match self {
            Self::Floor(value) | Self::Ejabberd(value) => value,
        }
    }

    /// Whose it is.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Floor(_) => Other::Floor.as_str(),
            Self::Ejabberd(_) => Other::Ejabberd.as_str(),
        }
    }
}

impl Rounds {
    /// Rounds of ours with nothing beside them.
    pub const fn alone(ours: Vec<Found>) -> Self {
        Self { ours, theirs: Vec::new(), other: None }
    }

    /// All rounds of both.
    pub fn all(&self) -> impl Iterator<Item = &Found> {
        self.ours.iter().chain(&self.theirs)
    }

    /// One number of ours, median of the rounds.
    pub fn ours(&self, of: impl Fn(&Found) -> f64) -> f64 {
        median(self.ours.iter().map(of).collect()).unwrap_or(f64::NAN)
    }

    /// One number of both, its ratio against a target.
    pub fn beside(
        &self,
        code: &'static str,
        name: &str,
        unit: &'static str,
        must: Must,
        of: impl Fn(&Found) -> f64,
    ) -> Beside {
        let numbers = |all: &[Found]| all.iter().map(&of).collect::<Vec<f64>>();
        Beside::of((code, name, unit), &numbers(&self.ours), (self.other, &numbers(&self.theirs)), must)
    }
}

impl Beside {
    /// A figure with code, name and unit: ours by round, and another peer's.
    pub fn of(
        (code, name, unit): (&'static str, &str, &'static str),
        ours: &[f64],
        (other, theirs): (Option<Other>, &[f64]),
        must: Must,
    ) -> Self {
        let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
        let ratio = median(ratios.clone());
        let target = other.filter(|_| ratio.is_some()).and_then(|other| must.beside(other));
        let between = ratio.map(|_| {
            ratios
                .iter()
                .fold((f64::MAX, f64::MIN), |(least, most), ratio| (least.min(*ratio), most.max(*ratio)))
        });
        Self {
            code,
            name: name.to_owned(),
            unit,
            ours: median(ours.to_vec()).unwrap_or(f64::NAN),
            theirs: other.and_then(|other| Some(Theirs::of(other, median(theirs.to_vec())?))),
            ratio,
            between,
            target,
            met: target.and_then(|target| Some(target.is_met(ratio?))),
        }
    }

    /// The line above such figures.
    pub fn heading(figures: &[Self]) -> String {
        let other = Self::other(figures);
        format!("  {:<5}{:<45}{:>10} {:<6}{other:>10}{:>9}", "", "", "ours", "", "ratio")
    }

    /// The name of the peer beside ours in these figures.
    pub fn other(figures: &[Self]) -> &'static str {
        figures.iter().find_map(|figure| figure.theirs).map_or("", Theirs::name)
    }
}

impl Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let theirs = self.theirs.map(|theirs| number(theirs.value())).unwrap_or_default();
        let ratio = self.ratio.map(|ratio| format!("{} ×", number(ratio))).unwrap_or_default();
        let between = self
            .between
            .map(|(least, most)| format!("({}–{})", number(least), number(most)))
            .unwrap_or_default();
        let target = self.target.map(|target| format!("{target} ×")).unwrap_or_default();
        let mark = self.met.map_or("", |met| if met { "✓" } else { "✗" });
        let line = format!(
            "  {:<5}{:<45}{:>10} {:<6}{theirs:>10}{ratio:>9} {between:<16}{target:<11}{mark}",
            self.code,
            self.name,
            number(self.ours),
            self.unit
        );
        f.write_str(line.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::Latency;
    use std::{collections::BTreeMap, time::Duration};

    fn found(posts: u64) -> Found {
        let none = || Latency::new().unwrap();
        Found {
            seconds: 1.0,
            posts,
            deliveries: posts * 8,
            reads: 0,
            cpu: Duration::from_secs(1),
            cpu_database: Duration::ZERO,
            cpu_here: Duration::ZERO,
            delivered: none(),
            acked: none(),
            read: none(),
            faults: crate::checker::Faults::default(),
            refused: BTreeMap::new(),
            behind: 0,
        }
    }

    fn beside_the(other: Other) -> Rounds {
        let [ours, theirs] = [[80, 40, 8], [100, 50, 10]].map(|posts| posts.map(found).to_vec());
        Rounds { ours, theirs, other: Some(other) }
    }

    #[test]
    fn the_ratio_is_the_median_of_pairs_so_that_weather_common_to_a_pair_cancels() {
        let rounds = beside_the(Other::Floor);
        let must = Must::floor(Target::AtLeast(0.67)).ejabberd(Target::AtLeast(5.0));
        let beside = rounds.beside("S1", "posts", "1/s", must, Found::posts_per_second);
        assert_eq!((beside.ours, beside.theirs, beside.ratio), (40.0, Some(Theirs::Floor(50.0)), Some(0.8)));
        assert_eq!(beside.met, Some(true));
        let line = beside.to_string();
        assert!(line.contains("0.800 ×") && line.contains("≥ 0.670 ×") && line.ends_with('✓'), "{line}");
        let must = Must::floor(Target::AtLeast(0.9));
        let missed = rounds.beside("S1", "posts", "1/s", must, Found::posts_per_second);
        assert!(missed.to_string().ends_with('✗'));
    }

    #[test]
    fn each_peer_has_its_own_target_and_stands_under_its_name() {
        let must = Must::floor(Target::AtLeast(0.67)).ejabberd(Target::AtLeast(5.0));
        let rounds = beside_the(Other::Ejabberd);
        let beside = rounds.beside("S1", "posts", "1/s", must, Found::posts_per_second);
        assert_eq!((beside.target, beside.met), (Some(Target::AtLeast(5.0)), Some(false)));
        let json = serde_json::to_value(&beside).unwrap();
        assert_eq!((&json["ejabberd"], json.get("floor")), (&serde_json::json!(50.0), None));
        assert!(Beside::heading(&[beside]).contains("ejabberd"));
        let must = Must::floor(Target::AtLeast(0.67));
        let told = rounds.beside("S1", "posts", "1/s", must, Found::posts_per_second);
        assert_eq!((told.ratio, told.target, told.met), (Some(0.8), None, None));
    }

    #[test]
    fn without_another_peer_there_is_no_verdict() {
        let rounds = Rounds::alone(vec![found(80)]);
        let must = Must::floor(Target::AtLeast(0.67));
        let beside = rounds.beside("S1", "posts", "1/s", must, Found::posts_per_second);
        assert_eq!((beside.ratio, beside.met), (None, None));
        assert_eq!(beside.ours, 80.0);
    }
}
