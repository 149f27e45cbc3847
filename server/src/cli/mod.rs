//! The command line: what a person types, and what she is told.

mod account;
mod audit;
mod backup;
mod bench;
mod clock;
mod demo;
mod device;
mod doctor;
mod erase;
mod errand;
mod import;
mod init;
mod operator;
mod policy;
mod progress;
mod restore;
mod role;
mod roster;
mod serve;
mod start;
mod verification;

use crate::config::{self, Config, Overrides};
use crate::edge::{Client, carry};
use crate::policy::Policies;
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Tsumugi: the secure messaging server for people who look after one patient together.
#[derive(Parser)]
#[command(name = "tsumugi", version, about, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    act: Act,
}

const EXAMPLES: &str = "Examples:
  tsumugi demo --data /tmp/tsumugi      a region to try, with the sign-ins of its people
  tsumugi init --data /srv/tsumugi --region 'Our region' --name 'Sato Hanako' --email desk@example.jp
  tsumugi serve --data /srv/tsumugi     the server
  tsumugi doctor --data /srv/tsumugi    is everything in order?";

#[derive(Subcommand)]
enum Act {
    /// Serve an existing data folder
    Serve(Overrides),
    /// Serve a demo region; fills the data folder when it is empty, prints the sign-ins
    Demo(demo::Demo),
    /// Make a data folder for production: settings, keys, and the secretariat's first sign-in
    Init(init::Init),
    /// Check settings, keys, rows and audit of a data folder
    Doctor(doctor::Doctor),
    /// Bring a region in from world.toml and posts.jsonl
    Import(import::Import),
    /// Work with accounts
    #[command(subcommand)]
    Account(account::Account),
    /// Work with an office's list of staff
    #[command(subcommand)]
    Roster(roster::RosterAct),
    /// Work with roles: who signs for an office, who runs it, who serves the region
    #[command(subcommand)]
    Role(role::RoleAct),
    /// Work with the ledger of devices
    #[command(subcommand)]
    Device(device::Device),
    /// Work with certificates of devices
    #[command(subcommand)]
    Cert(device::Cert),
    /// Work with verifications of professionals
    #[command(subcommand)]
    Verification(verification::Verification),
    /// Work with the audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Make a backup beside the running server: rows that stay sealed, then the wrapped keys
    Backup(backup::Backup),
    /// Bring a backup back into an empty data folder
    Restore(restore::Restore),
    /// Show that what was erased opens nowhere
    #[command(subcommand)]
    Erase(erase::Erase),
    /// Look at regions' rules: check, show, diff, why
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Move the clock of a demo on
    Clock(clock::Turn),
    /// Print the OpenAPI document of the HTTP door
    Openapi,
    /// Print the AsyncAPI document of the socket
    Asyncapi,
}

/// Reads the arguments and runs, with the client that the binary carries; what went wrong is one sentence on standard error.
pub fn run(client: Client) -> ExitCode {
    carry(client);
    let arguments = Arguments::parse();
    crate::trace::set_up();
    // Whatever this process writes is for its owner alone.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    no_cores();
    let result = match arguments.act {
        Act::Serve(overrides) => serve::run(&overrides),
        Act::Demo(demo) => demo::run(&demo),
        Act::Init(init) => init::run(&init),
        Act::Doctor(doctor) => doctor::run(&doctor),
        Act::Import(import) => import::run(&import),
        Act::Account(account) => account::run(&account),
        Act::Role(ask) => role::run(&ask),
        Act::Roster(ask) => roster::run(&ask),
        Act::Device(ask) => device::device(&ask),
        Act::Cert(ask) => device::cert(&ask),
        Act::Verification(ask) => verification::run(&ask),
        Act::Audit(audit) => audit::run(&audit),
        Act::Backup(ask) => backup::run(&ask),
        Act::Restore(ask) => restore::run(&ask),
        Act::Erase(ask) => erase::run(&ask),
        Act::Policy(policy) => policy::run(&policy),
        Act::Clock(turn) => clock::run(&turn),
        Act::Openapi => print(&tsumugi_protocol::schema::openapi(env!("CARGO_PKG_VERSION"))),
        Act::Asyncapi => print(&tsumugi_protocol::schema::asyncapi(env!("CARGO_PKG_VERSION"))),
    };
    match result {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("tsumugi: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// A process that crashes leaves no image of its memory: keys and open posts stand there.
fn no_cores() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps could not be turned off");
    }
}

/// What a command answers: how to exit, or a sentence.
type Outcome = Result<ExitCode, String>;

fn print(document: &serde_json::Value) -> Outcome {
    let text = serde_json::to_string_pretty(document).map_err(|error| error.to_string())?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// The rules that the server with these settings knows.
fn rules(config: &Config) -> Result<Policies, String> {
    let folder = config.policy_folder();
    if config.policies.is_some() && !folder.is_dir() {
        return Err(format!("policies = {} is no folder", folder.display()));
    }
    Policies::with_folder(&folder).map_err(|error| error.to_string())
}

/// The same, or the shipped ones where nothing says where the data is.
fn rules_named(settings: &Overrides) -> Result<Policies, String> {
    if config::is_named(settings) {
        return rules(&config::read(settings)?);
    }
    Policies::shipped().map_err(|error| error.to_string())
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())
}

fn readable(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn absolute(path: &Path) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// A path as a word for the shell, good from every folder.
fn shell_word(path: &Path) -> Result<String, String> {
    let path = absolute(path)?.display().to_string();
    let is_plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    Ok(if is_plain { path } else { format!("'{}'", path.replace('\'', "'\\''")) })
}

/// A failure as a sentence.
fn sentence(failure: crate::error::Failure) -> String {
    match failure {
        crate::error::Failure::Refused(refusal) => refusal.say(tsumugi_protocol::Lang::En).sentence,
        crate::error::Failure::Fault(fault) => fault.chain(),
    }
}
