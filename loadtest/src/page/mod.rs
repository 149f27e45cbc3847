//! The report as one HTML page for people: no other file, no script, light and dark, every number in a table.

mod plot;
mod table;

use crate::{
    machine::Machine,
    report::{Report, Section},
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
    let versions = report.versions.to_string();
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
    table::beside(out, &section.beside)?;
    table::figures(out, &section.figures)?;
    for spreads in section.spreads.chunks(LINES) {
        plot::draw(out, section.scenario, spreads)?;
    }
    table::percentiles(out, &section.spreads)?;
    if !section.notes.is_empty() {
        writeln!(out, "<details><summary>Notes ({})</summary><ul>", section.notes.len())?;
        section.notes.iter().try_for_each(|note| writeln!(out, "<li>{}</li>", Plain(note)))?;
        writeln!(out, "</ul></details>")?;
    }
    writeln!(out, "</section>")
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
        report::{Figure, Target, tests::report},
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
