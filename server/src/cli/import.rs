//! `tsumugi import`: a region from files, into a folder that a server runs on or not. An interrupted import goes on where
//! it stopped.

use super::errand::{Errand, Link, Told};
use super::progress::bar;
use super::{Outcome, operator, readable, rules_named, shell_word};
use crate::config::{self, Config, Overrides};
use crate::import::{Flaws, World};
use indicatif::ProgressBar;
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
    /// New file for first links, one JSON line (name, email, link) for everybody who has no password yet; links made
    /// earlier are dead then
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    links: Option<PathBuf>,
}

/// Runs the command.
pub fn run(ask: &Import) -> Outcome {
    // Checked here first: what is wrong in the files needs no data folder to be found.
    let policies = rules_named(&ask.settings)?;
    let (world, posts) =
        (readable(&ask.folder.join("world.toml"))?, readable(&ask.folder.join("posts.jsonl"))?);
    let (read, said) = World::read_with_posts(&world, &posts, &policies).map_err(|flaws| told(&flaws))?;
    if ask.dry_run {
        let (people, rooms, count) = (read.people.len(), read.rooms.len(), said.len());
        println!("in order: {people} people, {rooms} rooms, {count} posts; nothing was written");
        return Ok(ExitCode::SUCCESS);
    }
    let config = config::read(&ask.settings)?;
    policies.follow(&read.region.profile);
    let mut kept =
        ask.links.as_deref().map(|path| Kept::begin(path, policies.first_link_hours())).transpose()?;
    let (mut progress, mut waiting, mut broken): (Option<ProgressBar>, _, _) = (None, 0, None);
    let errand = Errand::Import { world, posts, links: kept.is_some() };
    let done = operator::send(&config, policies, errand, |told| match told {
        Told::Progress { done, of } => {
            progress.get_or_insert_with(|| bar(of, "importing posts")).set_position(done);
        }
        Told::Line { text } => {
            if let Some(bar) = progress.take() {
                bar.finish_and_clear();
            }
            println!("{text}");
        }
        Told::Wrong { text } => eprintln!("  {text}"),
        Told::Link(link) => broken = kept.as_mut().and_then(|kept| kept.add(&link).err()).or(broken.take()),
        Told::Waiting { people } => waiting = people,
        Told::Certificate { .. }
        | Told::Certified { .. }
        | Told::ResetLink(_)
        | Told::Done
        | Told::Failed { .. } => {}
    });
    let made = kept.map(Kept::end).transpose()?;
    done?;
    match (broken, made) {
        (Some(why), _) => return Err(why),
        (None, Some(made)) => println!("{made}"),
        (None, None) => say_who_waits(&config, ask, waiting)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints everything that is wrong, a line each, and sums it up.
fn told(flaws: &Flaws) -> String {
    for flaw in &flaws.0 {
        eprintln!("  {flaw}");
    }
    flaws.summed_up()
}

fn say_who_waits(config: &Config, ask: &Import, waiting: usize) -> Result<(), String> {
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

/// The file that links are kept in.
struct Kept {
    file: File,
    path: PathBuf,
    links: usize,
    hours: u32,
}

impl Kept {
    /// Made before any link is: links that could not be kept would be lost.
    fn begin(path: &Path, hours: u32) -> Result<Self, String> {
        let file = File::options().write(true).create_new(true).mode(0o600).open(path);
        let file =
            file.map_err(|error| format!("{} cannot be made for the links: {error}", path.display()))?;
        Ok(Self { file, path: path.to_owned(), links: 0, hours })
    }

    fn add(&mut self, link: &Link) -> Result<(), String> {
        let mut line = serde_json::to_string(link).map_err(|error| error.to_string())?;
        line.push('\n');
        self.links += 1;
        self.file.write_all(line.as_bytes()).map_err(|error| self.lost(&error))
    }

    fn lost(&self, error: &std::io::Error) -> String {
        format!("{}: {error}; remove it and ask for new links", self.path.display())
    }

    /// What became of it, as a sentence. Without a link there is no file.
    fn end(self) -> Result<String, String> {
        if self.links == 0 {
            std::fs::remove_file(&self.path).map_err(|error| self.lost(&error))?;
            return Ok("no first links were made".to_owned());
        }
        self.file.sync_all().map_err(|error| self.lost(&error))?;
        Ok(format!(
            "{} first links, each good once and for {} hours, are in {}: hand each to its person alone, \
             then remove the file",
            self.links,
            self.hours,
            self.path.display()
        ))
    }
}
