//! Percentile curves as inline SVG: shares in nines to the right, milliseconds upwards, both logarithmic.

use super::Plain;
use crate::{latency::Spread, report::number};
use std::fmt::{self, Write};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
/// Room for labels on the left and below, and a little above and to the right.
const LEFT: f64 = 64.0;
const BELOW: f64 = 40.0;
const ABOVE: f64 = 12.0;
const RIGHT: f64 = 16.0;
/// Width of a label, with some air.
const LABEL: f64 = 60.0;

/// What the axes span: nines to the right, powers of ten of milliseconds upwards.
struct Axes {
    nines: f64,
    low: f64,
    high: f64,
}

/// Draws the curves of a scenario, with a legend.
pub fn draw(out: &mut String, scenario: &str, spreads: &[Spread]) -> fmt::Result {
    let Some(axes) = Axes::around(spreads) else { return Ok(()) };
    writeln!(
        out,
        "<figure>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Latency by percentile of {}; \
         the same numbers are in the table below\">",
        Plain(scenario)
    )?;
    axes.grid(out)?;
    for (place, spread) in spreads.iter().enumerate() {
        write!(out, "<polyline class=\"s{place}\" points=\"")?;
        for (share, ms) in &spread.curve {
            write!(out, "{:.1},{:.1} ", axes.x(nines(*share)), axes.y(*ms))?;
        }
        writeln!(out, "\"><title>{}</title></polyline>", Plain(&spread.name))?;
    }
    writeln!(out, "</svg>\n<figcaption><ul>")?;
    for (place, spread) in spreads.iter().enumerate() {
        writeln!(
            out,
            "<li><svg viewBox=\"0 0 28 10\" aria-hidden=\"true\"><polyline class=\"s{place}\" points=\"0,5 28,5\"/></svg>{}</li>",
            Plain(&spread.name)
        )?;
    }
    writeln!(out, "</ul></figcaption>\n</figure>")
}

/// 90 of 100 is one nine, 99 two, 99.9 three; everything is drawn at six.
fn nines(share: f64) -> f64 {
    (-(1.0 - share / 100.0).log10()).clamp(0.0, 6.0)
}

impl Axes {
    /// Axes that hold all curves; none when nothing was measured.
    fn around(spreads: &[Spread]) -> Option<Self> {
        let points = || spreads.iter().flat_map(|spread| &spread.curve).filter(|(_, ms)| *ms > 0.0);
        let finite = points().filter(|(share, _)| *share < 100.0).map(|(share, _)| nines(*share));
        let times = || points().map(|(_, ms)| ms.log10());
        let (low, high) = (times().reduce(f64::min)?, times().reduce(f64::max)?);
        // Always a whole step above and below, so that a flat curve has a scale too.
        let (low, high) = (step_below(low), step_above(high));
        Some(Self { nines: finite.fold(1.0, f64::max) + 0.35, low, high: high.max(low + 0.3) })
    }

    fn x(&self, nines: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * nines.min(self.nines) / self.nines
    }

    fn y(&self, ms: f64) -> f64 {
        let height = HEIGHT - ABOVE - BELOW;
        let share = (ms.max(f64::MIN_POSITIVE).log10() - self.low) / (self.high - self.low);
        ABOVE + height * (1.0 - share.clamp(0.0, 1.0))
    }

    fn grid(&self, out: &mut String) -> fmt::Result {
        let (bottom, right) = (HEIGHT - BELOW, WIDTH - RIGHT);
        for ms in self.steps() {
            let y = self.y(ms);
            writeln!(out, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>")?;
            let (x, y) = (LEFT - 8.0, y + 4.0);
            writeln!(out, "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\">{} ms</text>", short(ms))?;
        }
        let shares = [0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999];
        for share in shares.into_iter().filter(|share| nines(*share) < self.nines) {
            let (x, below) = (self.x(nines(share)), bottom + 18.0);
            writeln!(
                out,
                "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{ABOVE}\" y2=\"{bottom}\"/>"
            )?;
            // The last label is that of the longest time.
            if x < right - LABEL {
                writeln!(out, "<text x=\"{x:.1}\" y=\"{below}\" text-anchor=\"middle\">{share} %</text>")?;
            }
        }
        writeln!(out, "<text x=\"{right}\" y=\"{}\" text-anchor=\"end\">max</text>", bottom + 18.0)?;
        let middle = f64::midpoint(LEFT, right);
        writeln!(
            out,
            "<text class=\"axis\" x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">share that was not slower</text>",
            HEIGHT - 4.0
        )
    }

    /// Times with a line: every power of ten, and 2 and 5 of it where the span is short.
    fn steps(&self) -> Vec<f64> {
        let is_short = self.high - self.low < 2.5;
        let powers = (-6..=6).map(|power| 10_f64.powi(power));
        let all = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|step| (step, step * power)));
        let shown = all.filter(|(step, _)| is_short || *step == 1.0).map(|(_, ms)| ms);
        let inside = |ms: &f64| (self.low - 1e-9..=self.high + 1e-9).contains(&ms.log10());
        shown.filter(inside).collect()
    }
}

/// A round time without zeros behind.
fn short(ms: f64) -> String {
    let written = number(ms);
    match written.contains('.') {
        true => written.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => written,
    }
}

/// The nearest of 1, 2, 5 × 10ⁿ at or below, as its logarithm.
fn step_below(log: f64) -> f64 {
    let whole = log.floor();
    let steps = [5.0_f64.log10(), 2.0_f64.log10(), 0.0];
    steps.into_iter().map(|step| whole + step).find(|step| *step <= log).unwrap_or(whole)
}

fn step_above(log: f64) -> f64 {
    let whole = log.floor();
    let steps = [0.0, 2.0_f64.log10(), 5.0_f64.log10()];
    steps.into_iter().map(|step| whole + step).find(|step| *step >= log).unwrap_or(whole + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_five() {
        let near = |one: f64, other: f64| assert!((one - other.log10()).abs() < 1e-9, "{one} {other}");
        near(step_below(3.0_f64.log10()), 2.0);
        near(step_above(3.0_f64.log10()), 5.0);
        near(step_above(70.0_f64.log10()), 100.0);
        near(step_below(0.7_f64.log10()), 0.5);
    }

    #[test]
    fn labels_are_short() {
        assert_eq!([0.1, 0.02, 1.0, 50.0, 1_000.0].map(short), ["0.1", "0.02", "1", "50", "1000"]);
    }

    #[test]
    fn nines_are_nines() {
        assert!((nines(90.0) - 1.0).abs() < 1e-9 && (nines(99.9) - 3.0).abs() < 1e-9);
        assert!(nines(0.0).abs() < 1e-9 && (nines(100.0) - 6.0).abs() < 1e-9);
    }
}
