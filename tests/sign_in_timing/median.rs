//! The interval in which a median lies, in 95 of 100 cases: by order alone, whatever the distribution.

use std::fmt;

/// An interval of milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Interval {
    pub from: f64,
    pub middle: f64,
    pub to: f64,
}

impl Interval {
    /// Of the median of these differences.
    pub fn of(differences: &[f64]) -> Self {
        let mut sorted = differences.to_vec();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as f64;
        // How many lie below the median is binomial; 1.96 of its deviations on either side.
        let reach = 0.98 * n.sqrt();
        let at = |rank: f64| sorted[(rank.max(0.0) as usize).min(sorted.len() - 1)];
        Self { from: at(n / 2.0 - reach), middle: at(n / 2.0), to: at(n / 2.0 + reach) }
    }

    /// Half of its width.
    pub fn half(&self) -> f64 {
        (self.to - self.from) / 2.0
    }

    /// Whether it lies between minus and plus so much.
    pub fn is_within(&self, margin: f64) -> bool {
        self.from > -margin && self.to < margin
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:+.3} ms, 95 % in {:+.3} … {:+.3}", self.middle, self.from, self.to)
    }
}

#[test]
fn the_interval_of_a_hundred_is_from_the_fortieth_to_the_sixtieth() {
    let hundred: Vec<f64> = (0..100).rev().map(f64::from).collect();
    let interval = Interval::of(&hundred);
    assert_eq!((interval.from, interval.middle, interval.to), (40.0, 50.0, 59.0));
    assert!(interval.is_within(60.0) && !interval.is_within(59.0));
}
