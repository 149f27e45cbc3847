//! `tsumugi verification`: what waits to be verified, decided by the operator of the machine where a region's desk cannot.

use super::errand::{Ear, Errand, Told, moment};
use super::{Outcome, operator, sentence};
use crate::app::App;
use crate::config::{self, Overrides};
use crate::policy::Policies;
use crate::verifications;
use std::process::ExitCode;
use tsumugi_protocol::{Verdict, VerificationId};
use uuid::Uuid;

/// Work with verifications of professionals.
#[derive(Debug, clap::Subcommand)]
pub enum Verification {
    /// List what waits
    List(Settings),
    /// Give the mark
    Approve(Decide),
    /// Do not give it
    Reject(Decide),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Settings {
    #[command(flatten)]
    settings: Overrides,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Decide {
    #[command(flatten)]
    settings: Overrides,
    /// Id of the verification
    verification: Uuid,
    /// Why, and what was seen; its holder reads it
    #[arg(long)]
    reason: String,
}

/// Runs the command.
pub fn run(ask: &Verification) -> Outcome {
    let decided = |ask: &Decide, verdict: Verdict| {
        let (verification, reason) = (ask.verification, ask.reason.clone());
        told(&ask.settings, Errand::DecideVerification { verification, verdict, reason })
    };
    match ask {
        Verification::List(ask) => told(&ask.settings, Errand::ListVerifications),
        Verification::Approve(ask) => decided(ask, Verdict::Approve),
        Verification::Reject(ask) => decided(ask, Verdict::Reject),
    }
}

fn told(settings: &Overrides, errand: Errand) -> Outcome {
    let config = config::read(settings)?;
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    operator::send(&config, policies, errand, |told| {
        if let Told::Line { text } = told {
            println!("{text}");
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Lists what waits, a line each.
pub async fn list(app: &App, ear: &Ear) -> Result<(), String> {
    for seen in verifications::all_waiting(app).await.map_err(sentence)? {
        let (asked_at, occupation) = (moment(seen.asked_at), seen.occupation.as_str());
        ear.line(format!("{}  {asked_at}  {occupation:<22}  {}", seen.id, seen.email)).await?;
    }
    Ok(())
}

/// Decides one.
pub async fn decide(app: &App, id: Uuid, verdict: Verdict, reason: &str) -> Result<(), String> {
    verifications::decide_as_operator(app, VerificationId(id), verdict, reason).await.map_err(sentence)
}
