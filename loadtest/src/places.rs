//! Where a run finds the server and keeps its data folders, and how both were built.

use crate::settings::Asked;
use anyhow::Context;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The server's binary, and a fresh folder for one run.
pub fn places(asked: &Asked) -> anyhow::Result<(PathBuf, TempDir)> {
    let binary = asked.server.clone().map_or_else(|| Ok(beside()?.join("tsumugi")), anyhow::Ok)?;
    let work = work(asked.work.as_deref())?;
    let folder = tempfile::Builder::new().prefix("run-").disable_cleanup(asked.keep).tempdir_in(work)?;
    Ok((binary, folder))
}

/// The folder in which runs make theirs, whole from the root on.
pub fn work(asked: Option<&Path>) -> anyhow::Result<PathBuf> {
    let work = match asked {
        Some(work) => work.to_owned(),
        None => beside()?.parent().context("this program lies in no build folder")?.join("bench"),
    };
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    Ok(work.canonicalize()?)
}

/// The folder around a run's own: a database's account cannot enter the run's.
pub fn around(run: &Path) -> anyhow::Result<&Path> {
    run.parent().context("the folder of a run lies nowhere")
}

/// The folder of this program.
fn beside() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    Ok(here.parent().context("this program lies nowhere")?.to_owned())
}

/// The profile this tool was built with; the server is built the same way.
pub const fn profile() -> &'static str {
    if cfg!(debug_assertions) { "dev" } else { "release" }
}
