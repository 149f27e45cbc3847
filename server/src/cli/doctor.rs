//! `tsumugi doctor`: is everything in order? Each line says what was looked at; a warning says what to do.

use super::audit::judge_folder;
use super::start::{chain, store_config};
use super::{Outcome, runtime};
use crate::backups::Generation;
use crate::clock::Clock;
use crate::config::{self, Config, Overrides};
use crate::crypto::keys::KeyStore;
use crate::crypto::master::MasterKey;
use crate::edge::{self, Look};
use crate::store::{Checked, Store};
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
    found.push(policies(config));
    found.extend(keys(config).await);
    found.extend(rows(config).await);
    found.push(audit(config).await);
    found.push(backups(config));
    found.extend(certificate(config));
    found.push(mail(config).await);
    found.push(official(config));
    found.push(Found::Warning(format!(
        "audit heads go to {} only: copy them to another machine, or whoever holds this one can rewrite history",
        config.audit_sink().display()
    )));
    found
}

fn policies(config: &Config) -> Found {
    match super::rules(config) {
        Ok(rules) => Found::Good(format!("the rules of {} profiles read", rules.all().count())),
        Err(error) => Found::Bad(error),
    }
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

async fn rows(config: &Config) -> Vec<Found> {
    let checked = async { Store::look(&store_config(config)).await?.integrity_check().await };
    match checked.await {
        Ok(Checked::Sqlite { rows }) => vec![Found::Good(format!(
            "SQLite: every page, index and reference checked; {rows} rows in all tables"
        ))],
        Ok(Checked::Postgres { rows, checksums }) => {
            let mut found = vec![Found::Good(format!(
                "PostgreSQL: every value of {rows} rows read; all constraints and indexes in force; page checksums {}",
                if checksums { "compared" } else { "off" }
            ))];
            if !checksums {
                found.push(Found::Warning(
                    "PostgreSQL keeps no page checksums: a disk that errs may go unnoticed; pg_checksums turns them on"
                        .into(),
                ));
            }
            found
        }
        Err(error) => vec![Found::Bad(chain(&error))],
    }
}

/// † Past this the daily backup is missing.
const LATE: std::time::Duration = std::time::Duration::from_secs(26 * 60 * 60);

fn backups(config: &Config) -> Found {
    let Some(backup) = &config.backup else {
        return Found::Warning(
            "no backup is made: set backup.folder, on another disk; tsumugi backup makes a single one".into(),
        );
    };
    let folder = backup.folder.display();
    match Generation::all_keys(&backup.folder) {
        Ok(all) => match all.last().and_then(Generation::at) {
            Some(at) if Clock::system().now().since(at) < LATE => Found::Good(format!(
                "{} backups in {folder}; keep {} apart",
                all.len(),
                config.destroyed_list().display()
            )),
            Some(_) => Found::Bad(format!("the newest backup in {folder} is more than a day old")),
            None => Found::Warning(format!("there is no backup in {folder} yet")),
        },
        Err(error) => Found::Bad(format!("{folder} cannot be read: {error}")),
    }
}

async fn mail(config: &Config) -> Found {
    let Some(mail) = &config.mail else {
        return Found::Warning(
            "mail is not configured: no security notice leaves, and nobody can reset a password alone; set [mail]".into(),
        );
    };
    let counted = async {
        let mut view = Store::look(&store_config(config)).await?;
        crate::notices::store::mails(view.conn()).await
    };
    let of = |mails: &[(String, i64)], states: &[&str]| -> i64 {
        mails.iter().filter(|(state, _)| states.contains(&state.as_str())).map(|(_, count)| count).sum()
    };
    let (through, sender) = (&mail.smtp, &mail.sender);
    match counted.await {
        Ok(mails) if of(&mails, &["given_up", "refused"]) == 0 => Found::Good(format!(
            "mail leaves through {through} as {sender}; {} wait",
            of(&mails, &["waiting"])
        )),
        Ok(mails) => Found::Warning(format!(
            "mail leaves through {through} as {sender}; {} wait, {} never arrived",
            of(&mails, &["waiting"]),
            of(&mails, &["given_up", "refused"])
        )),
        Err(error) => Found::Bad(format!("mails cannot be counted: {}", chain(&error))),
    }
}

/// What people are told so that they can tell this service from one that only looks like it (002-2.1S8).
fn official(config: &Config) -> Found {
    let outward = config.outward();
    let known = [
        ("origins", !config.origins.is_empty()),
        ("mail.sender", outward.mail.is_some()),
        ("support", outward.support.is_some()),
        ("staff_domain", outward.staff_domain.is_some()),
    ];
    let missing: Vec<&str> = known.into_iter().filter(|(_, is_set)| !is_set).map(|(name, _)| name).collect();
    if missing.is_empty() {
        return Found::Good(format!(
            "official addresses are published; the service is at {}",
            outward.origin
        ));
    }
    Found::Warning(format!(
        "people cannot tell this service from one that only looks like it: set {}",
        missing.join(", ")
    ))
}

fn certificate(config: &Config) -> Vec<Found> {
    let now = Clock::system().now();
    let Look { is_own, about, complaints } = match edge::look(config, now) {
        Ok(look) => look,
        Err(error) => return vec![Found::Bad(format!("the certificate cannot be used: {error}"))],
    };
    let mut found = Vec::new();
    match about {
        Some(about) => found.push(Found::Good(format!(
            "certificate opened: {} days left, for {}",
            about.days_left(now),
            about.names.join(", ")
        ))),
        None => found.push(Found::Good("no certificate yet: the first start makes one".into())),
    }
    // Our own mends itself; only its holder can mend another.
    let heal = if is_own { ": the next start makes a new one" } else { "" };
    found.extend(complaints.into_iter().map(|what| {
        let text = format!("the certificate {what}{heal}");
        if is_own || what.starts_with("expires") { Found::Warning(text) } else { Found::Bad(text) }
    }));
    if is_own {
        found.push(Found::Warning(
            "the certificate is of our own making: browsers ask; set tls_certificate and tls_key".into(),
        ));
    }
    found
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
