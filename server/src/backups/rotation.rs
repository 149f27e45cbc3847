//! The generations of a folder: which there are, and which go.

use std::io;
use std::path::{Path, PathBuf};
use tsumugi_protocol::Millis;

/// How many are kept (002-1.2(1)e).
pub const GENERATIONS: usize = 8;
const CONTENT: &str = "content-";
const KEYS: &str = "keys-";
const FORM: &str = "%Y%m%dT%H%M%SZ";
/// What a folder is called until it is whole.
const MAKING: &str = ".making";

/// One backup, by the moment at which it was begun, like `20261127T031500Z`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generation(String);

impl Generation {
    /// That of a moment, to the second.
    ///
    /// # Errors
    /// For a moment that no calendar has.
    pub fn of(at: Millis) -> io::Result<Self> {
        let at = jiff::Timestamp::from_millisecond(at.0).map_err(io::Error::other)?;
        Ok(Self(at.strftime(FORM).to_string()))
    }

    /// That of a name somebody typed.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let generation = Self(name.to_owned());
        generation.at().map(|_| generation)
    }

    /// When it was begun.
    #[must_use]
    pub fn at(&self) -> Option<Millis> {
        let at = jiff::civil::DateTime::strptime(FORM, &self.0).ok()?;
        Some(Millis(at.in_tz("UTC").ok()?.timestamp().as_millisecond()))
    }

    /// Its rows, in a folder of backups.
    #[must_use]
    pub fn content(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{CONTENT}{}", self.0))
    }

    /// Its keys.
    #[must_use]
    pub fn keys(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{KEYS}{}", self.0))
    }
}

impl std::fmt::Display for Generation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// Where a folder is made before it gets its name.
pub(super) fn making(whole: &Path) -> PathBuf {
    let mut name = whole.as_os_str().to_owned();
    name.push(MAKING);
    PathBuf::from(name)
}

impl Generation {
    /// Those whose rows lie in a folder whole, the oldest first; none where there is no folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn all(folder: &Path) -> io::Result<Vec<Self>> {
        Self::of_kind(folder, CONTENT)
    }

    /// Those whose keys do.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn all_keys(folder: &Path) -> io::Result<Vec<Self>> {
        Self::of_kind(folder, KEYS)
    }

    fn of_kind(folder: &Path, kind: &str) -> io::Result<Vec<Self>> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            found.extend(name.to_str().and_then(|name| Self::named(name.strip_prefix(kind)?)));
        }
        found.sort();
        Ok(found)
    }
}

/// Removes what a stop left half-made, and all but the newest generations. Only after a new one is whole: the last good one never
/// goes.
///
/// # Errors
/// When something cannot be removed.
pub(super) fn rotate(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.ends_with(MAKING)) {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    for generation in past(Generation::all(folder)?) {
        std::fs::remove_dir_all(generation.content(folder))?;
    }
    for generation in past(Generation::all_keys(folder)?) {
        std::fs::remove_dir_all(generation.keys(folder))?;
    }
    Ok(())
}

/// Those that are older than the ones that are kept.
fn past(mut all: Vec<Generation>) -> Vec<Generation> {
    all.truncate(all.len().saturating_sub(GENERATIONS));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eight_newest_stay_and_nothing_that_is_no_backup_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (begin, day) = (1_795_000_000_000, 24 * 60 * 60 * 1_000);
        let generation = |n: i64| Generation::of(Millis(begin + n * day)).unwrap();
        let other = folder.path().join("content-of-my-own");
        std::fs::create_dir(&other).unwrap();
        let half = making(&generation(3).content(folder.path()));
        std::fs::create_dir(&half).unwrap();
        for n in 0..10 {
            std::fs::create_dir(generation(n).content(folder.path())).unwrap();
            std::fs::create_dir(generation(n).keys(folder.path())).unwrap();
            rotate(folder.path()).unwrap();
        }
        let newest: Vec<Generation> = (2..10).map(generation).collect();
        assert_eq!(Generation::all(folder.path()).unwrap(), newest);
        assert_eq!(Generation::all_keys(folder.path()).unwrap(), newest);
        assert!(other.exists() && !half.exists());
        assert_eq!(newest[0].at(), Some(Millis(begin + 2 * day)));
        assert_eq!(Generation::named("yesterday"), None);
        assert_eq!(Generation::all(&folder.path().join("nowhere")).unwrap(), []);
    }
}
