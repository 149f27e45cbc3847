//! The files of rules: those that came with the server, and those of a folder beside it.

use super::FLOOR;
use super::fault::{At, PolicyFault};
use super::profile::Given;
use super::reading::{is_profile, read_profile};
use super::source::Source;
use std::path::{Path, PathBuf};

include!(concat!(env!("OUT_DIR"), "/shipped_policies.rs"));

/// Whose confirm step is off; loaded for `--bench` only.
const BENCH: &str = "bench.toml";

/// The floor and every shipped region.
pub(super) fn regions() -> Result<Vec<Given>, PolicyFault> {
    let files = SHIPPED.iter().filter(|(name, _)| *name != BENCH);
    files.map(|(name, text)| read_profile(name, text)).collect()
}

/// Where the floor speaks of each knob.
pub(super) fn floor_places() -> Source {
    let floor = SHIPPED.iter().find(|(name, _)| name.strip_suffix(".toml") == Some(FLOOR));
    floor.map(|(name, text)| Source::of(name, text)).unwrap_or_default()
}

/// Whether a file came with the server.
pub(super) fn is_one(file: &str) -> bool {
    SHIPPED.iter().any(|(name, _)| *name == file)
}

/// The profile for measuring.
pub(super) fn bench() -> Result<Given, PolicyFault> {
    let text = SHIPPED.iter().find(|(name, _)| *name == BENCH).map_or("", |(_, text)| *text);
    read_profile(BENCH, text)
}

/// The shipped cases, with the names of their files.
pub(super) const fn cases() -> &'static [(&'static str, &'static str)] {
    SHIPPED_CASES
}

/// The profiles of a folder, by name of file; none where there is no folder.
pub(super) fn of_folder(folder: &Path) -> Result<Vec<Given>, PolicyFault> {
    files_of(folder)?.iter().map(|file| of_file(file)).collect()
}

/// The files of profiles in a folder.
pub(super) fn files_of(folder: &Path) -> Result<Vec<PathBuf>, PolicyFault> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = paths.filter(|path| is_profile(path)).collect();
    files.sort();
    Ok(files)
}

/// The profile of a file.
pub(super) fn of_file(file: &Path) -> Result<Given, PolicyFault> {
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let given = read_profile(&file.display().to_string(), &text)?;
    if given.key == FLOOR {
        return Err(PolicyFault::NotTheFloor { at: At { name: String::new(), ..given.source.at("key") } });
    }
    Ok(given)
}

fn unreadable(file: &Path, error: &std::io::Error) -> PolicyFault {
    let at = At { file: file.display().to_string(), ..At::default() };
    PolicyFault::Unreadable { at, knob: "", reason: format!("it cannot be read: {error}") }
}
