//! The little statistics the verdicts stand on: medians, the ratio of pairs with its bounds, and a straight line.

/// The middle value; none of nothing.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    values.get(middle.checked_sub(1)?).map(|lower| f64::midpoint(*lower, upper))
}

/// A ratio measured several times, and the bounds between which its true value lies in 95 of 100 such sittings.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Bounds {
    /// Geometric mean.
    pub ratio: f64,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
}

impl Bounds {
    /// Of ratios of interleaved pairs: Student's t on their logarithms, since a ratio errs by factors.
    /// None below two, or when one is not a positive number.
    pub fn of(ratios: &[f64]) -> Option<Self> {
        if ratios.iter().any(|ratio| !(ratio.is_finite() && *ratio > 0.0)) {
            return None;
        }
        let count = ratios.len() as f64;
        let t = student(ratios.len().checked_sub(1)?)?;
        let logarithms: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
        let mean = logarithms.iter().sum::<f64>() / count;
        let squares: f64 = logarithms.iter().map(|value| (value - mean).powi(2)).sum();
        let error = t * (squares / (count - 1.0) / count).sqrt();
        Some(Self { ratio: mean.exp(), lower: (mean - error).exp(), upper: (mean + error).exp() })
    }
}

/// Two-sided 95 % point of Student's t for so many degrees of freedom.
fn student(freedom: usize) -> Option<f64> {
    const POINTS: [f64; 12] =
        [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179];
    // Beyond the table the value of 12 is a little too wide, never too narrow.
    POINTS.get(freedom.min(POINTS.len()).checked_sub(1)?).copied()
}

/// `a + b·x`, fitted so that relative deviations are smallest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// What it costs at 0.
    pub a: f64,
    /// What each one more costs.
    pub b: f64,
}

impl Line {
    /// Least squares of points (x, y), each weighted by 1 / y², so that small points count as much as large ones.
    pub fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let weighted =
            |term: fn(f64, f64) -> f64| points.iter().map(|(x, y)| term(*x, *y) / (y * y)).sum::<f64>();
        let (one, x, y) = (weighted(|_, _| 1.0), weighted(|x, _| x), weighted(|_, y| y));
        let (xx, xy) = (weighted(|x, _| x * x), weighted(|x, y| x * y));
        let determinant = one * xx - x * x;
        let line = Self { a: (xx * y - x * xy) / determinant, b: (one * xy - x * y) / determinant };
        (line.a.is_finite() && line.b.is_finite()).then_some(line)
    }

    /// The value at x.
    pub fn at(self, x: f64) -> f64 {
        self.a + self.b * x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(measured: f64, expected: f64) {
        assert!((measured - expected).abs() <= expected.abs() * 0.002 + 1e-9, "{measured} is not {expected}");
    }

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 100.0]), Some(3.0));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn bounds_are_those_of_the_tables() {
        // ln: -0.1, 0, 0.1 ⇒ mean 0, deviation 0.1, error 4.303 × 0.1 / √3 = 0.24843.
        let bounds = Bounds::of(&[(-0.1_f64).exp(), 1.0, 0.1_f64.exp()]).unwrap();
        near(bounds.ratio, 1.0);
        near(bounds.lower, 0.780_04);
        near(bounds.upper, 1.281_98);
    }

    #[test]
    fn equal_pairs_leave_no_doubt_and_wild_ones_much() {
        let sure = Bounds::of(&[1.3; 7]).unwrap();
        near(sure.lower, 1.3);
        near(sure.upper, 1.3);
        let wild = Bounds::of(&[0.5, 1.0, 2.0, 4.0, 0.7, 1.4, 3.0]).unwrap();
        assert!(wild.lower < 0.9 && wild.upper > 2.2, "{wild:?}");
        assert!(wild.lower < wild.ratio && wild.ratio < wild.upper);
    }

    #[test]
    fn one_pair_or_none_proves_nothing() {
        assert_eq!(Bounds::of(&[1.0]), None);
        assert_eq!(Bounds::of(&[]), None);
        assert_eq!(Bounds::of(&[1.0, f64::NAN]), None);
        assert_eq!(Bounds::of(&[1.0, 0.0]), None);
    }

    #[test]
    fn a_straight_line_is_found_and_a_bent_one_deviates() {
        let points = [2.0, 8.0, 32.0, 128.0, 1_000.0].map(|x| (x, 130.0 + 12.0 * x));
        let line = Line::fit(&points).unwrap();
        near(line.a, 130.0);
        near(line.b, 12.0);
        let bent = [2.0_f64, 8.0, 32.0, 128.0, 1_000.0].map(|x| (x, 130.0 + 12.0 * x + 0.1 * x * x));
        let line = Line::fit(&bent).unwrap();
        let worst = bent.iter().map(|(x, y)| (line.at(*x) / y - 1.0).abs()).fold(0.0, f64::max);
        assert!(worst > 0.2, "{worst}");
        assert_eq!(Line::fit(&[(1.0, 5.0)]), None);
    }
}
