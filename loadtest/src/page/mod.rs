//! The report as one HTML page for people: no other file, no script, light and dark, every number in a table.

mod plot;

use crate::{
    beside::Beside,
    latency::Spread,
    machine::Machine,
    report::{Figure, Report, Section, Versions, number},
};
use std::fmt::{self, Display, Write};

const STYLE: &str = include_str!("style.css");

/// Lines in one plot; more are hard to tell apart.
const LINES: usize = 6;

/// The whole page.
pub fn of(report: &Report) -> Result<String, fmt::Error> {
    let mut out = String::new();
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Tsumugi load test</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )?;
    head(&mut out, report)?;
    report.sections.iter().try_for_each(|section| show(&mut out, section))?;
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(out)
}

fn head(out: &mut String, report: &Report) -> fmt::Result {
    let judged: Vec<bool> = report.sections.iter().flat_map(Section::verdicts).collect();
    let met = judged.iter().filter(|met| **met).count();
    let (class, word) = if report.is_correct() { ("met", "Correct") } else { ("missed", "Not correct") };
    let Machine { cpu, cores, memory_mib, kernel, file_system, load_before } = &report.machine;
    let Versions { server, protocol, loadtest, profile, engine } = &report.versions;
    writeln!(out, "<header>\n<h1>Tsumugi load test</h1>")?;
    writeln!(
        out,
        "<p class=\"verdict\"><strong class=\"{class}\">{word}</strong> · {met} of {} targets met · {:.0} s, pace {}</p>",
        judged.len(),
        report.seconds,
        report.settings.pace
    )?;
    writeln!(out, "<dl>")?;
    let machine = format!(
        "{cpu}, {cores} cores, {memory_mib} MiB, Linux {kernel}, {file_system}; load before {load_before}"
    );
    let versions =
        format!("server {server}, protocol {protocol}, loadtest {loadtest} ({profile} profile), {engine}");
    let sync = format!("p50 {:.3} ms, p99 {:.3} ms", report.sync.p50_ms, report.sync.p99_ms);
    for (name, value) in [("Machine", machine), ("Versions", versions), ("One sync of 4 KiB", sync)] {
        writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", Plain(&value))?;
    }
    writeln!(out, "</dl>\n<nav aria-label=\"Scenarios\"><ul>")?;
    for section in &report.sections {
        writeln!(out, "<li><a href=\"#{0}\">{0}</a></li>", Plain(section.scenario))?;
    }
    writeln!(out, "</ul></nav>\n</header>")
}

fn show(out: &mut String, section: &Section) -> fmt::Result {
    let name = Plain(section.scenario);
    writeln!(
        out,
        "<section id=\"{name}\" aria-labelledby=\"{name}-title\">\n<h2 id=\"{name}-title\">{name}</h2>"
    )?;
    writeln!(out, "<p>{}</p>", Plain(&section.about))?;
    if let Some(broke) = &section.broke {
        writeln!(out, "<p class=\"missed\">Did not come to its end: {}</p>", Plain(broke))?;
    }
    if section.faults.total() > 0 {
        writeln!(out, "<p class=\"missed\">Faults: {}</p>", Plain(&section.faults.words()))?;
    }
    beside(out, &section.beside)?;
    figures(out, &section.figures)?;
    for spreads in section.spreads.chunks(LINES) {
        plot::draw(out, section.scenario, spreads)?;
    }
    percentiles(out, &section.spreads)?;
    if !section.notes.is_empty() {
        writeln!(out, "<details><summary>Notes ({})</summary><ul>", section.notes.len())?;
        section.notes.iter().try_for_each(|note| writeln!(out, "<li>{}</li>", Plain(note)))?;
        writeln!(out, "</ul></details>")?;
    }
    writeln!(out, "</section>")
}

/// Ours beside the floor.
fn beside(out: &mut String, figures: &[Beside]) -> fmt::Result {
    if figures.is_empty() {
        return Ok(());
    }
    open_table(
        out,
        "Ours beside the floor",
        &["", "What", "Ours", "Unit", "Floor", "Ratio", "Target", "Verdict"],
    )?;
    for Beside { code, name, unit, ours, floor, ratio, between, target, met } in figures {
        let floor = floor.map(number).unwrap_or_default();
        let ratio = ratio.map(|ratio| format!("{} ×", number(ratio))).unwrap_or_default();
        let between =
            between.map(|(least, most)| format!(" ({}–{})", number(least), number(most))).unwrap_or_default();
        let target = target.map(|target| format!("{target} ×")).unwrap_or_default();
        writeln!(
            out,
            "<tr><td>{code}</td><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{floor}</td>\
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

fn figures(out: &mut String, figures: &[Figure]) -> fmt::Result {
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

fn percentiles(out: &mut String, spreads: &[Spread]) -> fmt::Result {
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

/// Text that is not markup.
struct Plain<'a>(&'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            c => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        latency::Latency,
        report::{Target, tests::report},
    };
    use std::time::Duration;

    #[test]
    fn the_page_stands_alone_and_says_what_the_table_says() {
        let mut section = Section::of("delivery", "posts & <others>");
        section.figures.push(Figure::against("p99", "ms", 31.0, Target::AtMost(30.0)));
        section.notes.push("refused 3 ×: <script>".into());
        let mut times = Latency::new().unwrap();
        (1..=1_000).for_each(|ms| times.add(Duration::from_millis(ms)));
        section.spreads.push(times.spread("due to \"socket\""));
        let page = of(&report(section)).unwrap();
        assert!(page.contains("posts &amp; &lt;others&gt;") && page.contains("&lt;script&gt;"));
        assert!(page.contains("✗ missed") && page.contains("≤ 30") && page.contains("<polyline"));
        for foreign in ["http://", "https://", "<script", "<link", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_scenario_that_found_nothing_is_shown_too() {
        let broken = Section::broken("idle", &anyhow::anyhow!("no server"));
        assert!(of(&report(broken)).unwrap().contains("Did not come to its end: no server"));
    }
}
