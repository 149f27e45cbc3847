//! `tsumugi import`: a region from files. The server must be stopped; an interrupted import goes on where it stopped.

use super::account::first_link;
use super::progress::bar;
use super::serve::finish;
use super::start::{WhenEmpty, start};
use super::{Outcome, readable, runtime, sentence, shell_word};
use crate::accounts::{self, FIRST_LINK_HOURS};
use crate::app::App;
use crate::config::{self, Config, Overrides};
use crate::import::{self, Flaws, Said, WaysIn, World};
use crate::policy::Policies;
use serde::Serialize;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Import {
    #[command(flatten)]
    settings: Overrides,
    /// Folder with world.toml and posts.jsonl
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Only read and check the files
    #[arg(long)]
    dry_run: bool,
    /// New file for first links, one JSON line (name, email, link) for everybody who has no password yet
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    links: Option<PathBuf>,
}

/// Runs the command.
pub fn run(ask: &Import) -> Outcome {
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    let (world, posts) =
        (readable(&ask.folder.join("world.toml"))?, readable(&ask.folder.join("posts.jsonl"))?);
    let (world, posts) = World::read_with_posts(&world, &posts, &policies).map_err(|flaws| told(&flaws))?;
    if ask.dry_run {
        let (people, rooms, count) = (world.people.len(), world.rooms.len(), posts.len());
        println!("in order: {people} people, {rooms} rooms, {count} posts; nothing was written");
        return Ok(ExitCode::SUCCESS);
    }
    let config = config::read(&ask.settings)?;
    runtime()?.block_on(async {
        let started = start(&config, policies, WhenEmpty::Refuse).await?;
        let done = bring_in(&started.app, &config, ask, &world, posts).await;
        finish(started).await;
        done
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Prints everything that is wrong, a line each, and sums it up.
fn told(flaws: &Flaws) -> String {
    for flaw in &flaws.0 {
        eprintln!("  {flaw}");
    }
    let things =
        if flaws.0.len() == 1 { "1 thing is".to_owned() } else { format!("{} things are", flaws.0.len()) };
    format!("{things} wrong in the files, as said above; nothing was written")
}

async fn bring_in(
    app: &App,
    config: &Config,
    ask: &Import,
    world: &World,
    posts: Vec<Said>,
) -> Result<(), String> {
    let taken = import::addresses_taken(app, world).await.map_err(sentence)?;
    if !taken.0.is_empty() {
        return Err(told(&taken));
    }
    // Nobody has a password yet: its holder sets it by a first link.
    let is_new = import::settle(app, world, &WaysIn::default()).await.map_err(sentence)?;
    let count = posts.len();
    let progress = bar(count as u64, "importing posts");
    let new = import::replay(app, world, posts, |count| progress.inc(count)).await.map_err(sentence)?;
    progress.finish_and_clear();
    let region = if is_new { "the region is new" } else { "the region was there already" };
    println!("{region}; {new} of {count} posts were new");
    match &ask.links {
        Some(file) => write_links(app, config, world, file).await,
        None => say_who_waits(app, config, ask, world).await,
    }
}

async fn say_who_waits(app: &App, config: &Config, ask: &Import, world: &World) -> Result<(), String> {
    let waiting = import::without_sign_in(app, world).await.map_err(sentence)?.len();
    if waiting > 0 {
        let (data, folder) = (shell_word(&config.data)?, shell_word(&ask.folder)?);
        println!(
            "{waiting} people have no sign-in yet; first links for all of them:\n\n  \
             tsumugi import --data {data} {folder} --links FILE\n\nor for one:\n\n  \
             tsumugi account link --data {data} --email ADDRESS\n"
        );
    }
    Ok(())
}

/// A first link, as it is written for whoever hands it on.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    email: &'a str,
    link: String,
}

async fn write_links(app: &App, config: &Config, world: &World, path: &Path) -> Result<(), String> {
    let waiting = import::without_sign_in(app, world).await.map_err(sentence)?;
    if waiting.is_empty() {
        println!("everybody has a sign-in already; no links were made");
        return Ok(());
    }
    // Before any link is made: links that could not be kept would be lost.
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path).map_err(|error| {
        format!("{} cannot be made for the links: {error}; everything else is imported", path.display())
    })?;
    let accounts: Vec<_> = waiting.iter().map(|(account, _)| *account).collect();
    let handed = accounts::hand_out_links(app, &accounts).await.map_err(sentence)?;
    let mut text = String::new();
    for (account, token) in &handed {
        let Some((_, person)) = waiting.iter().find(|(id, _)| id == account) else { continue };
        let line = Line { name: &person.name, email: &person.email, link: first_link(config, token) };
        text.push_str(&serde_json::to_string(&line).map_err(|error| error.to_string())?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| format!("{}: {error}; remove it and ask for new links", path.display()))?;
    println!(
        "{} first links, each good once and for {FIRST_LINK_HOURS} hours, are in {}: hand each to its person alone, \
         then remove the file",
        handed.len(),
        path.display()
    );
    Ok(())
}
