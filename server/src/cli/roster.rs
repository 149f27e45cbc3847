//! `tsumugi roster`: the people of an office from a file, each mailed the way to her first sign-in.

use super::errand::{Ear, Errand, Told};
use super::progress::bar;
use super::{Outcome, operator, readable, sentence};
use crate::app::App;
use crate::config::{self, Overrides};
use crate::offices;
use crate::policy::Policies;
use indicatif::ProgressBar;
use std::path::PathBuf;
use std::process::ExitCode;
use tsumugi_protocol::{ImportMode, ImportOutcome, OfficeId};
use uuid::Uuid;

/// Work with an office's list of staff.
#[derive(Debug, clap::Subcommand)]
pub enum RosterAct {
    /// Register the people of a CSV file (UTF-8; columns name, kana, occupation, email)
    Import(ImportList),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct ImportList {
    #[command(flatten)]
    settings: Overrides,
    /// The office, by its id
    #[arg(long)]
    office: Uuid,
    /// The file
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
    /// Only look, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave out the rows that are wrong; otherwise one of them keeps all out
    #[arg(long, conflicts_with = "dry_run")]
    skip_bad: bool,
}

/// Runs the command.
pub fn run(act: &RosterAct) -> Outcome {
    let RosterAct::Import(ask) = act;
    let csv = readable(&ask.file)?;
    let mode = match (ask.dry_run, ask.skip_bad) {
        (true, _) => ImportMode::DryRun,
        (false, true) => ImportMode::SkipBad,
        (false, false) => ImportMode::All,
    };
    let config = config::read(&ask.settings)?;
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    let mut progress: Option<ProgressBar> = None;
    let errand = Errand::ImportRoster { office: ask.office, csv, mode };
    operator::send(&config, policies, errand, |told| match told {
        Told::Progress { done, of } => {
            progress.get_or_insert_with(|| bar(of, "registering people")).set_position(done);
        }
        Told::Line { text } => {
            if let Some(bar) = progress.take() {
                bar.finish_and_clear();
            }
            println!("{text}");
        }
        Told::Wrong { text } => eprintln!("  {text}"),
        Told::Certificate { .. }
        | Told::Certified { .. }
        | Told::Link(_)
        | Told::ResetLink(_)
        | Told::Waiting { .. }
        | Told::Done
        | Told::Failed { .. } => {}
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Brings them in, and tells what is wrong row by row.
pub async fn bring_in(
    app: &App,
    (office, csv): (OfficeId, &str),
    mode: ImportMode,
    ear: &Ear,
) -> Result<(), String> {
    let progress = |done, of| ear.progress(done, of);
    let imported = offices::import_as_operator(app, (office, csv), mode, progress).await.map_err(sentence)?;
    for row in &imported.rows {
        if let (ImportOutcome::Bad, Some(refused)) = (row.outcome, &row.refused) {
            let column = row.column.as_deref().unwrap_or_default();
            let text = format!("line {}, {column}: {} ({})", row.line, refused.sentence, refused.code);
            ear.tell(Told::Wrong { text }).await?;
        }
    }
    let count = |outcome| imported.rows.iter().filter(|row| row.outcome == outcome).count();
    let (new, stands, bad) =
        (count(ImportOutcome::New), count(ImportOutcome::Stands), count(ImportOutcome::Bad));
    if !imported.is_written && bad > 0 {
        return Err(format!("{bad} rows are wrong; nothing was written"));
    }
    let done = if imported.is_written { "registered" } else { "can be registered; nothing was written" };
    ear.line(format!("{new} {done}, {stands} work there already, {bad} left out")).await
}
