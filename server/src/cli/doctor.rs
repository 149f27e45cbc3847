//! `tsumugi doctor`: is everything in order? Each line says what was looked at; a warning says what to do.

use super::audit::judge_folder;
use super::start::{chain, store_config};
use super::{Outcome, runtime};
use crate::clock::Clock;
use crate::config::{self, Config, Overrides};
use crate::crypto::keys::KeyStore;
use crate::crypto::master::MasterKey;
use crate::store::Store;
use std::process::ExitCode;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    #[command(flatten)]
    settings: Overrides,
}

/// What a look found.
enum Found {
    Good(String),
    Warning(String),
    Bad(String),
}

/// Runs the command.
pub fn run(doctor: &Doctor) -> Outcome {
    let config = config::read(&doctor.settings)?;
    let found = runtime()?.block_on(look(&config));
    let mut bad = 0;
    for line in found {
        match line {
            Found::Good(text) => println!("  good     {text}"),
            Found::Warning(text) => println!("  warning  {text}"),
            Found::Bad(text) => {
                bad += 1;
                println!("  BAD      {text}");
            }
        }
    }
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn look(config: &Config) -> Vec<Found> {
    let mut found = vec![Found::Good(format!("settings read; data folder {}", config.data.display()))];
    found.extend(keys(config).await);
    found.push(rows(config).await);
    found.push(audit(config).await);
    if config.tls_certificate.is_none() {
        found.push(Found::Warning(
            "the certificate is of our own making: browsers ask; set tls_certificate and tls_key".into(),
        ));
    }
    found.push(Found::Warning(format!(
        "audit heads go to {} only: copy them to another machine, or whoever holds this one can rewrite history",
        config.audit_sink().display()
    )));
    found
}

async fn keys(config: &Config) -> Vec<Found> {
    let kept = config.master_key();
    let mut found = Vec::new();
    if kept.path().starts_with(&config.data) {
        found.push(Found::Warning(
            "the master key lies in the data folder, with what it protects: fine for trying, not for production".into(),
        ));
    }
    let opened = match MasterKey::kept(&kept) {
        Ok(master) => KeyStore::open(&config.key_folder(), &master, &Clock::system())
            .await
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    found.push(match opened {
        Ok(_) => Found::Good("the master key opens the key store".into()),
        Err(error) => Found::Bad(error),
    });
    found
}

async fn rows(config: &Config) -> Found {
    let checked = async { Store::look(&store_config(config)).await?.integrity_check().await };
    match checked.await {
        Ok(()) => Found::Good("rows read, integrity check passed".into()),
        Err(error) => Found::Bad(chain(&error)),
    }
}

async fn audit(config: &Config) -> Found {
    match judge_folder(config).await {
        Ok(report) if report.ok => Found::Good(format!(
            "audit in order: {} entries, {} not anchored yet",
            report.entries, report.unanchored
        )),
        Ok(report) => Found::Bad(format!("audit: {}", report.broken.join("; "))),
        Err(error) => Found::Bad(format!("audit: {error}")),
    }
}
