//! `tsumugi import`: a region from files. The server must be stopped; an interrupted import goes on where it stopped.

use super::progress::bar;
use super::serve::finish;
use super::start::{WhenEmpty, start};
use super::{Outcome, readable, runtime, sentence};
use crate::config::{self, Overrides};
use crate::import::{self, World};
use crate::policy::Policies;
use std::collections::HashMap;
use std::path::PathBuf;
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
}

/// Runs the command.
pub fn run(ask: &Import) -> Outcome {
    let world = World::read(&readable(&ask.folder.join("world.toml"))?).map_err(|error| error.to_string())?;
    let posts =
        world.read_posts(&readable(&ask.folder.join("posts.jsonl"))?).map_err(|error| error.to_string())?;
    let (people, rooms, count) = (world.people.len(), world.rooms.len(), posts.len());
    if ask.dry_run {
        println!("in order: {people} people, {rooms} rooms, {count} posts; nothing was written");
        return Ok(ExitCode::SUCCESS);
    }
    let config = config::read(&ask.settings)?;
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    runtime()?.block_on(async {
        let started = start(&config, policies, WhenEmpty::Refuse).await?;
        // Nobody has a password yet: its holder sets it by a one-time link.
        let is_new = import::settle(&started.app, &world, &HashMap::new()).await.map_err(sentence)?;
        let progress = bar(count as u64, "importing posts");
        let new = import::replay(&started.app, &world, posts, |count| progress.inc(count))
            .await
            .map_err(sentence)?;
        progress.finish_and_clear();
        finish(started).await;
        let region = if is_new { "the region is new" } else { "the region was there already" };
        println!("{region}; {new} of {count} posts were new");
        Ok(ExitCode::SUCCESS)
    })
}
