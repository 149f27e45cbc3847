//! `tsumugi audit verify`: is the log what was written? Needs no server and no master key.

use super::progress::bar;
use super::start::{audit_root_file, chain, store_config};
use super::{Outcome, readable, runtime};
use crate::audit::{Report, Verifier};
use crate::config::{self, Config, Overrides};
use crate::store::Store;
use std::path::PathBuf;
use std::process::ExitCode;

/// Work with the audit log.
#[derive(Debug, clap::Subcommand)]
pub enum Audit {
    /// Check that no entry was changed, removed, added or reordered
    Verify(Verify),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Verify {
    #[command(flatten)]
    settings: Overrides,
    /// File with the public root key, as noted down elsewhere; by default the one in the data folder
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// File with the heads that left the server; by default the one in the data folder
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,
}

/// Runs the command.
pub fn run(audit: &Audit) -> Outcome {
    let Audit::Verify(verify) = audit;
    let config = config::read(&verify.settings)?;
    let report = runtime()?.block_on(judge(&config, verify))?;
    for line in &report.broken {
        println!("broken: {line}");
    }
    if report.ok {
        println!(
            "in order: {} entries in {} logs, {} not anchored yet",
            report.entries, report.logs, report.unanchored
        );
    }
    println!("{}", serde_json::to_string(&report).map_err(|error| error.to_string())?);
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn judge(config: &Config, verify: &Verify) -> Result<Report, String> {
    let root_file = verify.root.clone().unwrap_or_else(|| audit_root_file(config));
    let root = readable(&root_file)?;
    let root = root.trim().parse().map_err(|_| format!("{} holds no public key", root_file.display()))?;
    let sink = verify.heads.clone().unwrap_or_else(|| config.audit_sink());
    judge_with(config, Verifier::new(root, &sink).map_err(|error| format!("{}: {error}", sink.display()))?)
        .await
}

async fn judge_with(config: &Config, verifier: Verifier) -> Result<Report, String> {
    let mut view = Store::look(&store_config(config)).await.map_err(|error| chain(&error))?;
    let progress = bar(0, "reading the audit");
    let report = verifier.judge(view.conn(), |read| progress.set_position(read.unsigned_abs())).await;
    progress.finish_and_clear();
    report.map_err(|error| chain(&error))
}

/// The same with the files of the data folder, for `doctor`.
pub async fn judge_folder(config: &Config) -> Result<Report, String> {
    let root_file = audit_root_file(config);
    let root = readable(&root_file)?;
    let root = root.trim().parse().map_err(|_| format!("{} holds no public key", root_file.display()))?;
    let sink = config.audit_sink();
    judge_with(config, Verifier::new(root, &sink).map_err(|error| format!("{}: {error}", sink.display()))?)
        .await
}
