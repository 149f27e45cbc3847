//! The tables of the page: whatever a plot shows stands here as numbers too.

use super::Plain;
use crate::{
    beside::Beside,
    latency::Spread,
    report::{Figure, number},
};
use std::fmt::{self, Write};

/// Ours beside another peer.
pub fn beside(out: &mut String, figures: &[Beside]) -> fmt::Result {
    if figures.is_empty() {
        return Ok(());
    }
    let other = Beside::other(figures);
    open_table(
        out,
        &format!("Ours beside {other}"),
        &["", "What", "Ours", "Unit", other, "Ratio", "Target", "Verdict"],
    )?;
    for Beside { code, name, unit, ours, theirs, ratio, between, target, met } in figures {
        let theirs = theirs.map(|theirs| number(theirs.value())).unwrap_or_default();
        let ratio = ratio.map(|ratio| format!("{} ×", number(ratio))).unwrap_or_default();
        let between =
            between.map(|(least, most)| format!(" ({}–{})", number(least), number(most))).unwrap_or_default();
        let target = target.map(|target| format!("{target} ×")).unwrap_or_default();
        writeln!(
            out,
            "<tr><td>{code}</td><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{theirs}</td>\
             <td class=\"n\">{ratio}{between}</td><td class=\"n\">{target}</td><td>{}</td></tr>",
            Plain(name),
            number(*ours),
            Plain(unit),
            verdict(*met)
        )?;
    }
    writeln!(out, "</tbody></table></div>")
}

/// Columns of numbers stand to the right.
fn open_table(out: &mut String, caption: &str, columns: &[&str]) -> fmt::Result {
    const WORDS: [&str; 4] = ["", "What", "Unit", "Verdict"];
    write!(
        out,
        "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"{caption}\"><table>\n\
         <caption>{caption}</caption>\n<thead><tr>"
    )?;
    for column in columns {
        let class = if WORDS.contains(column) { "" } else { " class=\"n\"" };
        write!(out, "<th scope=\"col\"{class}>{column}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")
}

const fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "<span class=\"met\">✓ met</span>",
        Some(false) => "<span class=\"missed\">✗ missed</span>",
        None => "",
    }
}

/// Figures against their targets.
pub fn figures(out: &mut String, figures: &[Figure]) -> fmt::Result {
    if figures.is_empty() {
        return Ok(());
    }
    open_table(out, "Figures", &["What", "Measured", "Unit", "Target", "Verdict"])?;
    for Figure { name, unit, measured, target, met } in figures {
        let target = target.map(|target| target.to_string()).unwrap_or_default();
        let verdict = verdict(*met);
        writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{target}</td><td>{verdict}</td></tr>",
            Plain(name),
            number(*measured),
            Plain(unit)
        )?;
    }
    writeln!(out, "</tbody></table></div>")
}

/// Percentiles of times.
pub fn percentiles(out: &mut String, spreads: &[Spread]) -> fmt::Result {
    if spreads.is_empty() {
        return Ok(());
    }
    open_table(out, "Percentiles in milliseconds", &["What", "Count", "p50", "p90", "p99", "p99.9", "Max"])?;
    for spread in spreads {
        write!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td>",
            Plain(&spread.name),
            spread.count
        )?;
        for ms in [spread.p50_ms, spread.p90_ms, spread.p99_ms, spread.p999_ms, spread.max_ms] {
            write!(out, "<td class=\"n\">{}</td>", number(ms))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table></div>")
}
