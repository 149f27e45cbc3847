//! Where a run finds the server and keeps its data folders, and how both were built.

use crate::settings::Asked;
use anyhow::Context;
use std::path::PathBuf;
use tempfile::TempDir;

/// The server's binary, and a fresh folder for one run.
pub fn places(asked: &Asked) -> anyhow::Result<(PathBuf, TempDir)> {
    let here = std::env::current_exe()?;
    let beside = here.parent().context("this program lies nowhere")?;
    let binary = asked.server.clone().unwrap_or_else(|| beside.join("tsumugi"));
    let work = match &asked.work {
        Some(work) => work.clone(),
        None => beside.parent().context("this program lies in no build folder")?.join("bench"),
    };
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let work = work.canonicalize()?;
    let folder = tempfile::Builder::new().prefix("run-").disable_cleanup(asked.keep).tempdir_in(work)?;
    Ok((binary, folder))
}

/// The profile this tool was built with; the server is built the same way.
pub const fn profile() -> &'static str {
    if cfg!(debug_assertions) { "dev" } else { "release" }
}
