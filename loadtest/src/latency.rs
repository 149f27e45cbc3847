//! Times as histograms (HDR, three digits), and what is told of them.

use hdrhistogram::Histogram;
use serde::Serialize;
use std::time::Duration;

/// Longest time told apart; a longer one counts as this.
const LONGEST: Duration = Duration::from_secs(120);

/// Many measured times.
#[derive(Debug, Clone)]
pub struct Latency {
    nanoseconds: Histogram<u64>,
}

impl Latency {
    /// None yet.
    pub fn new() -> anyhow::Result<Self> {
        let longest = u64::try_from(LONGEST.as_nanos())?;
        Ok(Self { nanoseconds: Histogram::new_with_bounds(1, longest, 3)? })
    }

    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.saturating_record(nanoseconds);
    }

    /// Adds many, in nanoseconds.
    pub fn add_all(&mut self, nanoseconds: &[u64]) {
        nanoseconds.iter().for_each(|time| self.nanoseconds.saturating_record(*time));
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) -> anyhow::Result<()> {
        Ok(self.nanoseconds.add(&other.nanoseconds)?)
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.nanoseconds.len()
    }

    /// The time that this share (0–100) of all did not exceed, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        milliseconds(self.nanoseconds.value_at_percentile(share))
    }

    /// What is told of them.
    pub fn spread(&self, name: impl Into<String>) -> Spread {
        Spread {
            name: name.into(),
            count: self.count(),
            p50_ms: self.percentile(50.0),
            p90_ms: self.percentile(90.0),
            p99_ms: self.percentile(99.0),
            p999_ms: self.percentile(99.9),
            max_ms: milliseconds(self.nanoseconds.max()),
        }
    }
}

/// Percentiles of one kind of time, in milliseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Spread {
    /// What was timed.
    pub name: String,
    /// How many times.
    pub count: u64,
    /// Median.
    pub p50_ms: f64,
    /// 90 of 100 were not slower.
    pub p90_ms: f64,
    /// 99 of 100 were not slower.
    pub p99_ms: f64,
    /// 999 of 1,000 were not slower.
    pub p999_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

fn milliseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_to(n: u64) -> Latency {
        let mut times = Latency::new().unwrap();
        (1..=n).for_each(|ms| times.add(Duration::from_millis(ms)));
        times
    }

    fn near(measured: f64, expected: f64) {
        assert!((measured - expected).abs() <= expected * 0.002, "{measured} is not {expected}");
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_list() {
        let spread = one_to(1_000).spread("x");
        near(spread.p50_ms, 500.0);
        near(spread.p90_ms, 900.0);
        near(spread.p99_ms, 990.0);
        near(spread.p999_ms, 999.0);
        near(spread.max_ms, 1_000.0);
        assert_eq!(spread.count, 1_000);
    }

    #[test]
    fn one_slow_answer_in_a_hundred_shows_at_the_top_only() {
        let mut times = one_to(1);
        (0..98).for_each(|_| times.add(Duration::from_millis(1)));
        times.add(Duration::from_secs(9));
        near(times.percentile(99.0), 1.0);
        near(times.percentile(99.9), 9_000.0);
    }

    #[test]
    fn a_time_beyond_the_scale_is_kept_as_the_longest() {
        let mut times = Latency::new().unwrap();
        times.add(Duration::from_secs(100_000));
        assert_eq!(times.count(), 1);
        assert!(times.percentile(50.0) >= 119_000.0);
    }

    #[test]
    fn merging_keeps_every_time() {
        let mut all = one_to(10);
        all.merge(&one_to(20)).unwrap();
        assert_eq!(all.count(), 30);
        near(all.spread("x").max_ms, 20.0);
    }

    #[test]
    fn nothing_measured_is_zero_and_not_a_failure() {
        near(Latency::new().unwrap().percentile(99.0), 0.0);
    }
}
