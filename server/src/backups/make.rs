//! Makes one generation, beside everything that goes on.

use super::manifest::Manifest;
use super::places::{KEYS_FILE, Places};
use super::rotation::{Generation, making, rotate};
use crate::app::App;
use crate::config::private_folder;
use crate::error::{Fault, Result};
use crate::metrics::metrics;
use crate::store::Store;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io;
use std::path::Path;

const DOING: &str = "making a backup";

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// It is there.
    Whole(Generation),
    /// Another one is being made there.
    Busy,
}

/// Copies the rows, then the keys, and removes what is older than the eighth.
///
/// # Errors
/// When something cannot be read or written; what is there then is not called a backup, and none that was is gone.
pub async fn make(app: &App, places: &Places, folder: &Path) -> Result<Made> {
    let fault = |error: io::Error| Fault::new(DOING, error);
    private_folder(folder).map_err(fault)?;
    let lock = File::options().create(true).truncate(false).write(true).open(folder.join("lock"));
    let lock = lock.map_err(fault)?;
    if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(Made::Busy);
    }
    let taken_at = app.clock.now();
    let generation = Generation::of(taken_at).map_err(fault)?;
    content(app, places, &generation.content(folder)).await?;
    keys(app, places, &generation.keys(folder)).await?;
    // A key that was destroyed while it was being copied is not kept by that.
    places.forget_in(app, folder).await?;
    let folder = folder.to_owned();
    blocking(move || rotate(&folder)).await?;
    metrics().backup_taken.set(taken_at.0 / 1_000);
    drop(lock);
    Ok(Made::Whole(generation))
}

async fn content(app: &App, places: &Places, whole: &Path) -> Result<()> {
    let half = begun(whole)?;
    let copied = Store::copy(&places.store, &half).await.map_err(|error| Fault::new(DOING, error))?;
    let destroyed = places.hand_over(app).await?;
    let (places, taken_at, whole) = (places.clone(), app.clock.now(), whole.to_owned());
    blocking(move || {
        for file in places.beside.iter().chain([&places.destroyed]) {
            copy_if_there(file, &half)?;
        }
        for rules in profiles(&places.policies)? {
            let name = rules.file_name().unwrap_or_default().to_string_lossy().into_owned();
            std::fs::copy(&rules, half.join(format!("policy-{name}")))?;
        }
        Manifest::write(&half, taken_at, Some(copied), destroyed)?;
        named(&half, &whole)
    })
    .await
}

/// After the rows: every key that they name is among these.
async fn keys(app: &App, places: &Places, whole: &Path) -> Result<()> {
    let half = begun(whole)?;
    app.keys.copy_to(&half.join(KEYS_FILE)).await?;
    let destroyed = places.hand_over(app).await?;
    let (taken_at, whole) = (app.clock.now(), whole.to_owned());
    blocking(move || {
        Manifest::write(&half, taken_at, None, destroyed)?;
        named(&half, &whole)
    })
    .await
}

/// An empty folder under another name; what a stop left there goes.
fn begun(whole: &Path) -> Result<std::path::PathBuf> {
    let half = making(whole);
    let fault = |error: io::Error| Fault::new(DOING, error);
    if half.exists() {
        std::fs::remove_dir_all(&half).map_err(fault)?;
    }
    private_folder(&half).map_err(fault)?;
    Ok(half)
}

fn named(half: &Path, whole: &Path) -> io::Result<()> {
    std::fs::rename(half, whole)?;
    File::open(whole.parent().unwrap_or_else(|| Path::new(".")))?.sync_all()
}

fn copy_if_there(file: &Path, folder: &Path) -> io::Result<()> {
    let Some(name) = file.file_name().filter(|_| file.is_file()) else { return Ok(()) };
    std::fs::copy(file, folder.join(name)).map(drop)
}

/// A region's own rules, in the folder that holds them, if there is one.
fn profiles(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let files = std::fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let paths = files.into_iter().map(|entry| entry.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect())
}

async fn blocking(work: impl FnOnce() -> io::Result<()> + Send + 'static) -> Result<()> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Fault::new(DOING, error))?;
    Ok(done.map_err(|error| Fault::new(DOING, error))?)
}
