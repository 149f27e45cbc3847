//! `tsumugi policy`: looks at regions' rules. It changes nothing and needs no data folder; with one it knows that folder's too.

use super::{Outcome, rules_named};
use crate::config::{self, Overrides};
use crate::policy::{About, Cases, KNOBS, Kind, Override, Policies, PolicyFault, Profile, Step, Why};
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use tsumugi_protocol::Millis;

/// Look at regions' rules.
#[derive(Debug, clap::Subcommand)]
pub enum Policy {
    /// Read every profile, or one file more, and hold its cases against it
    Check(Check),
    /// Print a region's rules as they hold now, with file, line and clause of each
    Show(Show),
    /// Print where two profiles differ, or two versions of one (NAME@VERSION)
    Diff(Diff),
    /// Print how one rule came about: what the floor says, what the region says, why, what holds
    Why(Ask),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Check {
    #[command(flatten)]
    settings: Overrides,
    /// A profile's file; its cases lie beside it, x.cases.toml beside x.toml
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Show {
    #[command(flatten)]
    settings: Overrides,
    /// Name of the profile, or NAME@VERSION
    #[arg(value_name = "REGION")]
    region: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Diff {
    #[command(flatten)]
    settings: Overrides,
    /// Name of a profile, or NAME@VERSION
    one: String,
    /// Name of another
    other: String,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Ask {
    #[command(flatten)]
    settings: Overrides,
    /// Name of the profile, or NAME@VERSION
    #[arg(value_name = "REGION")]
    region: String,
    /// Number or name of the rule: K-35, lockout_tries
    #[arg(value_name = "KNOB")]
    knob: String,
}

/// Runs the command.
pub fn run(policy: &Policy) -> Outcome {
    match policy {
        Policy::Check(ask) => check(ask),
        Policy::Show(ask) => show(ask),
        Policy::Diff(ask) => diff(ask),
        Policy::Why(ask) => why(ask),
    }
}

/// The rules, as they hold now.
fn known(settings: &Overrides) -> Result<Policies, String> {
    Ok(rules_named(settings)?.timed(crate::clock::Clock::system()))
}

fn check(ask: &Check) -> Outcome {
    let policies = known(&ask.settings)?;
    let (policies, only) = match &ask.file {
        None => (policies, None),
        Some(file) => {
            let (policies, key) = policies.with_file(file).map_err(|error| error.to_string())?;
            (policies, Some(key))
        }
    };
    let meant = policies.all().filter(|profile| only.as_ref().is_none_or(|key| *key == profile.key));
    for profile in meant {
        println!("{}: {}{}", profile.name(), profile.title, since(&policies, &profile.key));
        for entry in &profile.overrides {
            println!("  {} {}: {}", standing(&policies, profile, &entry.knob), entry.knob, entry.reason);
        }
    }
    let failed = cases(ask)?
        .iter()
        .map(|cases| hold(cases, &policies))
        .collect::<Result<Vec<usize>, String>>()?
        .into_iter()
        .sum::<usize>();
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What a value with a reason is: what ships with a region's own document raises no warning.
fn standing(policies: &Policies, profile: &Profile, number: &str) -> &'static str {
    let kind = KNOBS.iter().find(|knob| knob.number == number).map(|knob| knob.kind);
    match kind {
        _ if policies.is_shipped(profile) => "exception",
        Some(Kind::Reasoned) => "differs",
        Some(Kind::Ordered | Kind::Union | Kind::Own) | None => "below_floor",
    }
}

/// The cases that are meant: those beside the file, or all that are shipped and all of the folder.
fn cases(ask: &Check) -> Result<Vec<Cases>, String> {
    let sentence = |error: PolicyFault| error.to_string();
    if let Some(file) = &ask.file {
        return Ok(Cases::beside(file).map_err(sentence)?.into_iter().collect());
    }
    let mut all = Cases::shipped().map_err(sentence)?;
    if config::is_named(&ask.settings) {
        let folder = config::read(&ask.settings)?.policy_folder();
        all.extend(Cases::of_folder(&folder).map_err(sentence)?);
    }
    Ok(all)
}

/// Says what came of a file of cases; how many failed.
fn hold(cases: &Cases, policies: &Policies) -> Result<usize, String> {
    let checked = cases.check(policies).map_err(|error| error.to_string())?;
    for failure in &checked.failures {
        println!("{failure}");
    }
    let failed = checked.failures.len();
    println!("{}: {} of {} cases hold", checked.file, checked.count - failed, checked.count);
    Ok(failed)
}

/// `, since 2019-01-30`, where it is dated.
fn since(policies: &Policies, key: &str) -> String {
    let from = policies.history(key).last().and_then(|(from, _)| *from).and_then(day);
    from.map_or_else(String::new, |day| format!(", since {day}"))
}

/// A day in Japan.
fn day(moment: Millis) -> Option<jiff::civil::Date> {
    let zone = jiff::tz::TimeZone::get("Asia/Tokyo").ok()?;
    Some(jiff::Timestamp::from_millisecond(moment.0).ok()?.to_zoned(zone).date())
}

/// A profile for programs.
#[derive(Serialize)]
struct Shown<'a> {
    key: &'a str,
    version: u32,
    title: &'a str,
    about: &'a About,
    overrides: &'a [Override],
    history: Vec<Dated>,
    knobs: &'a [Why],
}

#[derive(Serialize)]
struct Dated {
    version: u32,
    label: String,
    since: Option<String>,
}

fn show(ask: &Show) -> Outcome {
    let policies = known(&ask.settings)?;
    let profile = policies.asked_for(&ask.region).map_err(|error| error.to_string())?;
    let story = policies.whole_story(&ask.region).map_err(|error| error.to_string())?;
    let history: Vec<Dated> = policies
        .history(&profile.key)
        .into_iter()
        .map(|(from, profile)| Dated {
            version: profile.version,
            label: profile.about.label.clone(),
            since: from.and_then(day).map(|day| day.to_string()),
        })
        .collect();
    if ask.json {
        let shown = Shown {
            key: &profile.key,
            version: profile.version,
            title: &profile.title,
            about: &profile.about,
            overrides: &profile.overrides,
            history,
            knobs: &story,
        };
        println!("{}", serde_json::to_string_pretty(&shown).map_err(|error| error.to_string())?);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{}: {} ({})", profile.name(), profile.title, profile.about.issuer);
    for version in history {
        println!(
            "  version {} ({}): {}",
            version.version,
            version.label,
            version.since.as_deref().unwrap_or("undated")
        );
    }
    for entry in &profile.about.amendments {
        println!("  {} {}: {}", entry.date, entry.article, entry.note);
    }
    println!();
    for why in &story {
        let nearest = why.steps.iter().rev().find(|step| step.says.is_some());
        let place = nearest.map(|step| format!("   {} ({})", step.rules, step.clause)).unwrap_or_default();
        println!("{:<8} {} = {}{place}{}", why.knob.number, why.knob.name, why.value, marks(why));
    }
    Ok(ExitCode::SUCCESS)
}

/// What the rules page shows beside a value.
fn marks(why: &Why) -> String {
    let last = why.steps.last();
    let mut marks = String::new();
    if last.is_some_and(|step| step.is_unknown) {
        marks.push_str(" [unknown]");
    }
    if last.is_some_and(|step| step.is_assumed) {
        marks.push_str(" [assumed]");
    }
    if let Some(reason) = last.and_then(|step| step.reason.as_ref()) {
        marks.push_str(&format!(" [{reason}]"));
    }
    marks
}

fn diff(ask: &Diff) -> Outcome {
    let policies = known(&ask.settings)?;
    let of = |name: &str| policies.asked_for(name).map_err(|error| error.to_string());
    let (one, other) = (of(&ask.one)?, of(&ask.other)?);
    println!("{} → {}", one.name(), other.name());
    let mut count = 0_usize;
    for ((knob, old), new) in KNOBS.iter().zip(one.values()).zip(other.values()) {
        if old != new {
            println!("{:<8} {}: {old} → {new}", knob.number, knob.name);
            count += 1;
        }
    }
    println!("{count} differ");
    Ok(ExitCode::SUCCESS)
}

fn why(ask: &Ask) -> Outcome {
    let policies = known(&ask.settings)?;
    for why in policies.why(&ask.region, &ask.knob).map_err(|error| error.to_string())? {
        println!("{} {} ({})", why.knob.number, why.knob.name, word(&why.knob.kind));
        for step in &why.steps {
            println!("  {}", told(step));
        }
        println!("  holds: {}", why.value);
    }
    Ok(ExitCode::SUCCESS)
}

fn word(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn told(step: &Step) -> String {
    let mut line = match &step.says {
        Some(says) => format!("{}: {says} ({}, line {}: {})", step.rules, step.file, step.line, step.clause),
        None => format!("{}: silent", step.rules),
    };
    let remarks =
        [(step.reason.as_ref(), "because"), (step.weaker.as_ref(), "its own text, weaker than the floor:")];
    for (text, how) in remarks {
        if let Some(text) = text {
            line.push_str(&format!("; {how} {text}"));
        }
    }
    if step.is_unknown {
        line.push_str("; it points to a part that is not at hand: unknown");
    }
    if step.is_assumed {
        line.push_str("; taken from elsewhere: assumed");
    }
    line
}
