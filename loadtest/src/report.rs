//! The report: figures against targets as a table for people, and as JSON for machines.

use crate::{beside::Beside, checker::Faults, latency::Spread, machine::Machine, settings::Settings};
use serde::Serialize;
use std::fmt::{self, Display, Write};

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

/// One measured number.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// The number.
    pub measured: f64,
    /// What it should be; absent where it is told for comparison only.
    pub target: Option<Target>,
    /// Whether it is.
    pub met: Option<bool>,
}

/// What one scenario found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Section {
    /// The scenario.
    pub scenario: &'static str,
    /// What it does, in a line.
    pub about: String,
    /// Figures beside another peer's.
    pub beside: Vec<Beside>,
    /// Its other figures.
    pub figures: Vec<Figure>,
    /// Percentiles behind them.
    pub spreads: Vec<Spread>,
    /// What must not happen, counted.
    pub faults: Faults,
    /// Things to know when reading the figures.
    pub notes: Vec<String>,
    /// Why it could not be measured to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broke: Option<String>,
}

/// Versions that were measured.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Versions {
    /// Of the server, by its own word.
    pub server: String,
    /// Of the protocol.
    pub protocol: u32,
    /// Of this tool.
    pub loadtest: &'static str,
    /// Whether this tool was built with optimisation for release; the server is built the same way.
    pub profile: &'static str,
    /// Where the rows are.
    pub engine: &'static str,
    /// Of the peer beside ours, where it is one of others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
}

/// The whole run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Version of this JSON shape.
    pub format: u32,
    /// The machine.
    pub machine: Machine,
    /// What was measured.
    pub versions: Versions,
    /// How.
    pub settings: Settings,
    /// One sync of this disk, measured before anything ran.
    pub sync: Spread,
    /// What was found.
    pub sections: Vec<Section>,
    /// Seconds the run took.
    pub seconds: f64,
    /// No fault, and every scenario came to its end.
    pub correct: bool,
}

impl Target {
    /// Whether a number is what it should be.
    pub fn is_met(self, measured: f64) -> bool {
        match self {
            Self::AtMost(most) => measured <= most,
            Self::AtLeast(least) => measured >= least,
        }
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "≤ {}", number(*most)),
            Self::AtLeast(least) => write!(f, "≥ {}", number(*least)),
        }
    }
}

impl Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, protocol, loadtest, profile, engine, peer } = self;
        write!(f, "server {server}, protocol {protocol}, loadtest {loadtest} ({profile} profile), {engine}")?;
        peer.iter().try_for_each(|peer| write!(f, ", beside {peer}"))
    }
}

impl Figure {
    /// A figure told for comparison.
    pub fn plain(name: impl Into<String>, unit: &'static str, measured: f64) -> Self {
        Self { name: name.into(), unit, measured, target: None, met: None }
    }

    /// A figure with a target.
    pub fn against(name: impl Into<String>, unit: &'static str, measured: f64, target: Target) -> Self {
        Self { target: Some(target), met: Some(target.is_met(measured)), ..Self::plain(name, unit, measured) }
    }
}

impl Section {
    /// A scenario that has found nothing yet.
    pub fn of(scenario: &'static str, about: impl Into<String>) -> Self {
        Self { scenario, about: about.into(), ..Self::default() }
    }

    /// A scenario that could not be measured.
    pub fn broken(scenario: &'static str, error: &anyhow::Error) -> Self {
        Self { broke: Some(format!("{error:#}")), ..Self::of(scenario, "") }
    }

    /// No fault, and it came to its end.
    pub const fn is_correct(&self) -> bool {
        self.faults.total() == 0 && self.broke.is_none()
    }
}

impl Report {
    /// No fault, and every scenario came to its end. Missed targets are no fault.
    pub fn is_correct(&self) -> bool {
        self.sections.iter().all(Section::is_correct)
    }

    /// The table for people.
    pub fn table(&self) -> Result<String, fmt::Error> {
        let mut out = String::new();
        let Machine { cpu, cores, memory_mib, kernel, file_system, load_before } = &self.machine;
        writeln!(
            out,
            "{cpu}, {cores} cores, {memory_mib} MiB, Linux {kernel}, {file_system}, load {load_before}"
        )?;
        writeln!(out, "{}, pace {}, {:.0} s", self.versions, self.settings.pace, self.seconds)?;
        writeln!(out, "one sync of 4 KiB: p50 {:.3} ms, p99 {:.3} ms", self.sync.p50_ms, self.sync.p99_ms)?;
        for section in &self.sections {
            section.write(&mut out)?;
        }
        let judged: Vec<bool> = self.sections.iter().flat_map(Section::verdicts).collect();
        let met = judged.iter().filter(|met| **met).count();
        let correct = if self.is_correct() { "correct" } else { "NOT CORRECT" };
        writeln!(out, "\n{met} of {} targets met; {correct}", judged.len())?;
        Ok(out)
    }
}

impl Section {
    /// Every verdict of it.
    pub fn verdicts(&self) -> impl Iterator<Item = bool> {
        let figures = self.figures.iter().filter_map(|figure| figure.met);
        figures.chain(self.beside.iter().filter_map(|beside| beside.met))
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "\n{}  {}", self.scenario, self.about)?;
        if let Some(broke) = &self.broke {
            return writeln!(out, "  BROKE: {broke}");
        }
        if !self.beside.is_empty() {
            writeln!(out, "{}", Beside::heading(&self.beside))?;
        }
        self.beside.iter().try_for_each(|beside| writeln!(out, "{beside}"))?;
        self.figures.iter().try_for_each(|figure| writeln!(out, "{figure}"))?;
        if !self.spreads.is_empty() {
            writeln!(
                out,
                "  {:<50}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
                "ms", "count", "p50", "p90", "p99", "p99.9", "max"
            )?;
        }
        for Spread { name, count, p50_ms, p90_ms, p99_ms, p999_ms, max_ms, .. } in &self.spreads {
            writeln!(
                out,
                "  {name:<50}{count:>9}{p50_ms:>9.2}{p90_ms:>9.2}{p99_ms:>9.2}{p999_ms:>9.2}{max_ms:>9.2}"
            )?;
        }
        if self.faults.total() > 0 {
            writeln!(out, "  FAULTS: {}", self.faults.words())?;
        }
        self.notes.iter().try_for_each(|note| writeln!(out, "  note: {note}"))
    }
}

impl Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.met {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "",
        };
        let target = self.target.map(|target| target.to_string()).unwrap_or_default();
        let line =
            format!("  {:<50}{:>12} {:<9}{target:<10}{verdict}", self.name, number(self.measured), self.unit);
        f.write_str(line.trim_end())
    }
}

/// Three digits that matter are enough to read.
pub fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value == value.trunc() => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::{latency::Latency, settings::Asked};

    /// A report with one section.
    pub fn report(section: Section) -> Report {
        let asked = Asked { quick: true, ..Asked::default() };
        let sections = vec![section];
        Report {
            format: 1,
            machine: Machine {
                cpu: "a processor".into(),
                cores: 2,
                memory_mib: 4_096,
                kernel: "6.1".into(),
                file_system: "ext4".into(),
                load_before: 0.1,
            },
            versions: Versions::default(),
            settings: Settings::of(&asked),
            sync: Latency::new().unwrap().spread("sync"),
            correct: sections.iter().all(Section::is_correct),
            sections,
            seconds: 1.0,
        }
    }

    #[test]
    fn a_target_is_met_up_to_and_at_its_edge() {
        let met = |measured, target| Figure::against("x", "ms", measured, target).met;
        assert_eq!(met(30.0, Target::AtMost(30.0)), Some(true));
        assert_eq!(met(30.1, Target::AtMost(30.0)), Some(false));
        assert_eq!(met(3_000.0, Target::AtLeast(3_000.0)), Some(true));
        assert_eq!(met(2_999.0, Target::AtLeast(3_000.0)), Some(false));
        assert_eq!(met(f64::NAN, Target::AtMost(30.0)), Some(false));
    }

    #[test]
    fn a_missed_target_is_shown_but_does_not_fail_the_run() {
        let mut section = Section::of("writers", "");
        section.figures.push(Figure::against("acknowledged", "posts/s", 12.0, Target::AtLeast(3_000.0)));
        let report = report(section);
        assert!(report.is_correct());
        let table = report.table().unwrap();
        assert!(table.contains('✗') && table.contains("≥ 3000"), "{table}");
        assert!(table.ends_with("0 of 1 targets met; correct\n"), "{table}");
    }

    #[test]
    fn one_fault_fails_the_run() {
        let mut section = Section::of("delivery", "");
        section.faults.lost = 1;
        let report = report(section);
        assert!(!report.is_correct());
        let table = report.table().unwrap();
        assert!(table.contains("FAULTS: lost 1") && table.contains("NOT CORRECT"), "{table}");
    }

    #[test]
    fn a_scenario_that_broke_fails_the_run() {
        let report = report(Section::broken("idle", &anyhow::anyhow!("no server")));
        assert!(!report.is_correct());
        assert!(report.table().unwrap().contains("BROKE: no server"));
    }

    #[test]
    fn machines_read_the_same_verdict() {
        let mut section = Section::of("idle", "");
        section.figures.push(Figure::against("memory", "MiB", 40.0, Target::AtMost(60.0)));
        let json = serde_json::to_value(report(section)).unwrap();
        let figure = &json["sections"][0]["figures"][0];
        assert_eq!(figure["met"], true);
        assert_eq!(figure["target"]["at_most"], 60.0);
        assert_eq!(json["sections"][0]["faults"]["lost"], 0);
        assert_eq!(json["correct"], true);
    }
}
