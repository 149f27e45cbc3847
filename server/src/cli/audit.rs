//! `tsumugi audit verify`: is the log what was written? Needs no server and no master key; of an exported file, with the public
//! root key beside it, not even a data folder. `tsumugi audit export` writes such a file.

use super::progress::bar;
use super::start::{audit_root_file, chain, store_config};
use super::{Outcome, readable, runtime};
use crate::audit::{Line, Report, Verifier, audit_event, export, judge_file};
use crate::config::{self, Config, Overrides};
use crate::crypto::head::PublicKey;
use crate::store::Store;
use jiff::civil::Date;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tsumugi_protocol::Millis;
use uuid::Uuid;

/// Work with the audit log.
#[derive(Debug, clap::Subcommand)]
pub enum Audit {
    /// Check that no entry was changed, removed, added or reordered
    Verify(Verify),
    /// Print entries with keys and signed heads, for whoever checks them elsewhere
    Export(Export),
}

/// How entries are printed, one a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// JSON, with all that `verify FILE` needs
    Jsonl,
    /// FHIR R4 AuditEvent resources
    Fhir,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Export {
    #[command(flatten)]
    settings: Overrides,
    /// How
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// The first day, as in 2026-04-01 (Japan); by default from the beginning
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// The last day; by default until now
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// An exported file, instead of the log of a data folder; needs --root
    #[arg(value_name = "FILE", requires = "root")]
    file: Option<PathBuf>,
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
    match audit {
        Audit::Verify(ask) => match &ask.file {
            Some(file) => verify_file(ask, file),
            None => verify(ask),
        },
        Audit::Export(ask) => export_entries(ask),
    }
}

fn verify_file(ask: &Verify, file: &Path) -> Outcome {
    let root_file = ask.root.as_deref().ok_or("verifying a file needs --root")?;
    let report = judge_file(&root_key(root_file)?, &readable(file)?);
    for line in &report.broken {
        println!("broken: {line}");
    }
    if report.ok {
        println!(
            "in order: {} entries in {} logs, {} not signed yet",
            report.entries, report.logs, report.unsigned
        );
    }
    println!("{}", serde_json::to_string(&report).map_err(|error| error.to_string())?);
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn root_key(file: &Path) -> Result<PublicKey, String> {
    let root = readable(file)?;
    root.trim().parse().map_err(|_| format!("{} holds no public key", file.display()))
}

fn export_entries(ask: &Export) -> Outcome {
    let config = config::read(&ask.settings)?;
    let start = |day: Date| -> Result<Millis, String> {
        let start = day.in_tz("Asia/Tokyo").map_err(|error| error.to_string())?;
        Ok(Millis(start.timestamp().as_millisecond()))
    };
    let from = ask.from.map(start).transpose()?.unwrap_or(Millis(i64::MIN));
    let to = match ask.to {
        Some(day) => start(day.tomorrow().map_err(|error| error.to_string())?)?,
        None => Millis(i64::MAX),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut printed = Ok(());
    let mut of = Uuid::nil();
    let each = |line: &Line| {
        if printed.is_ok() {
            printed = print_line(&mut out, &mut of, ask.format, line);
        }
    };
    runtime()?.block_on(async {
        let mut view = Store::look(&store_config(&config)).await.map_err(|error| chain(&error))?;
        export(view.conn(), (from, to), each).await.map_err(|error| chain(&error))
    })?;
    printed.and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn print_line(out: &mut impl Write, of: &mut Uuid, format: Format, line: &Line) -> std::io::Result<()> {
    match (format, line) {
        (Format::Jsonl, line) => writeln!(out, "{}", serde_json::to_string(line)?),
        (Format::Fhir, Line::Log { log, .. }) => {
            *of = *log;
            Ok(())
        }
        (Format::Fhir, Line::Entry(entry)) => writeln!(out, "{}", audit_event(*of, entry)),
        (Format::Fhir, Line::Key(_) | Line::Head(_)) => Ok(()),
    }
}

fn verify(verify: &Verify) -> Outcome {
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
    let root = root_key(&root_file)?;
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
    let root = root_key(&root_file)?;
    let sink = config.audit_sink();
    judge_with(config, Verifier::new(root, &sink).map_err(|error| format!("{}: {error}", sink.display()))?)
        .await
}
