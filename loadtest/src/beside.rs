//! One figure of ours beside the same figure of the floor, measured in turns.

use crate::{
    crowd::Found,
    report::{Target, number},
    stats::median,
};
use serde::Serialize;
use std::fmt::{self, Display};

/// The findings of one cell, round by round.
#[derive(Debug, Default)]
pub struct Rounds {
    /// Ours.
    pub ours: Vec<Found>,
    /// The floor's, round by round beside ours; empty when it was not asked for.
    pub floor: Vec<Found>,
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
    /// The floor's, median of the rounds.
    pub floor: Option<f64>,
    /// Ours ÷ the floor's: median of the rounds' ratios, each of two neighbours in time; it need not be the quotient
    /// of the two medians.
    pub ratio: Option<f64>,
    /// Smallest and largest ratio of a round.
    pub between: Option<(f64, f64)>,
    /// What the ratio should be.
    pub target: Option<Target>,
    /// Whether it is.
    pub met: Option<bool>,
}

impl Rounds {
    /// All rounds of both.
    pub fn all(&self) -> impl Iterator<Item = &Found> {
        self.ours.iter().chain(&self.floor)
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
        target: Option<Target>,
        of: impl Fn(&Found) -> f64,
    ) -> Beside {
        let pairs = self.ours.iter().zip(&self.floor);
        let ratios: Vec<f64> = pairs.map(|(ours, floor)| of(ours) / of(floor)).collect();
        let ratio = median(ratios.clone());
        let target = target.filter(|_| ratio.is_some());
        let between = ratio.map(|_| {
            ratios
                .iter()
                .fold((f64::MAX, f64::MIN), |(least, most), ratio| (least.min(*ratio), most.max(*ratio)))
        });
        Beside {
            code,
            name: name.to_owned(),
            unit,
            ours: self.ours(&of),
            floor: median(self.floor.iter().map(&of).collect()),
            ratio,
            between,
            target,
            met: target.and_then(|target| Some(target.is_met(ratio?))),
        }
    }
}

impl Beside {
    /// The line above such figures.
    pub fn heading() -> String {
        format!("  {:<5}{:<45}{:>10} {:<6}{:>10}{:>9}", "", "", "ours", "", "floor", "ratio")
    }
}

impl Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let floor = self.floor.map(number).unwrap_or_default();
        let ratio = self.ratio.map(|ratio| format!("{} ×", number(ratio))).unwrap_or_default();
        let between = self
            .between
            .map(|(least, most)| format!("({}–{})", number(least), number(most)))
            .unwrap_or_default();
        let target = self.target.map(|target| format!("{target} ×")).unwrap_or_default();
        let mark = self.met.map_or("", |met| if met { "✓" } else { "✗" });
        let line = format!(
            "  {:<5}{:<45}{:>10} {:<6}{floor:>10}{ratio:>9} {between:<16}{target:<11}{mark}",
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
            cpu_here: Duration::ZERO,
            delivered: none(),
            acked: none(),
            read: none(),
            faults: crate::checker::Faults::default(),
            refused: BTreeMap::new(),
            behind: 0,
        }
    }

    #[test]
    fn the_ratio_is_the_median_of_pairs_so_that_weather_common_to_a_pair_cancels() {
        let rounds =
            Rounds { ours: [80, 40, 8].map(found).to_vec(), floor: [100, 50, 10].map(found).to_vec() };
        let target = Some(Target::AtLeast(0.67));
        let beside = rounds.beside("S1", "posts", "1/s", target, Found::posts_per_second);
        assert_eq!((beside.ours, beside.floor, beside.ratio), (40.0, Some(50.0), Some(0.8)));
        assert_eq!(beside.met, Some(true));
        let line = beside.to_string();
        assert!(line.contains("0.800 ×") && line.contains("≥ 0.670 ×") && line.ends_with('✓'), "{line}");
        let missed = rounds.beside("S1", "posts", "1/s", Some(Target::AtLeast(0.9)), Found::posts_per_second);
        assert!(missed.to_string().ends_with('✗'));
    }

    #[test]
    fn without_the_floor_there_is_no_verdict() {
        let rounds = Rounds { ours: vec![found(80)], floor: Vec::new() };
        let beside =
            rounds.beside("S1", "posts", "1/s", Some(Target::AtLeast(0.67)), Found::posts_per_second);
        assert_eq!((beside.ratio, beside.met), (None, None));
        assert_eq!(beside.ours, 80.0);
    }
}
