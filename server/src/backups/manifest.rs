//! What a backup consists of: every file with its size and digest, so that a byte that is wrong is found before anything is done.

use crate::crypto::digest;
use crate::store::Copied;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use tsumugi_protocol::Millis;

const FILE: &str = "manifest.json";
const FORMAT: u8 = 1;

/// The list of a folder's files, and what is to be known of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Format of this object.
    pub v: u8,
    /// The program that made it.
    pub program: String,
    /// When it was begun.
    pub taken_at: Millis,
    /// What the rows are, in a folder of content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Copied>,
    /// How many keys were on the list of the destroyed.
    pub destroyed: i64,
    /// Its files, by name.
    pub files: Vec<Filed>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// Why a folder is no backup to go back to.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It cannot be read.
    #[error("the backup cannot be read")]
    Unread(#[from] io::Error),
    /// Its list is not one of ours.
    #[error("the backup has no list of its files that this version can read")]
    NoList,
    /// A file is not what it was.
    #[error("{0} of the backup is missing or was changed")]
    Changed(String),
}

impl Manifest {
    /// Lists a folder that is whole but for its list, and writes the list there; everything is synced.
    ///
    /// # Errors
    /// The file system's.
    pub fn write(folder: &Path, taken_at: Millis, content: Option<Copied>, destroyed: i64) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| *name != FILE)
            else {
                continue;
            };
            std::fs::File::open(&path)?.sync_all()?;
            let size = std::fs::metadata(&path)?.len();
            files.push(Filed { name: name.to_owned(), size, sha256: digest::of_file(&path)? });
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let made = Self { v: FORMAT, program, taken_at, content, destroyed, files };
        let text = serde_json::to_string_pretty(&made).map_err(io::Error::other)?;
        let (path, new) = (folder.join(FILE), folder.join("manifest.new"));
        std::fs::write(&new, text)?;
        std::fs::File::open(&new)?.sync_all()?;
        std::fs::rename(&new, &path)?;
        std::fs::File::open(folder)?.sync_all()
    }

    /// Reads the list of a folder without looking at its files.
    ///
    /// # Errors
    /// `NoList`.
    pub fn read(folder: &Path) -> Result<Self, Unfit> {
        let text = std::fs::read_to_string(folder.join(FILE))?;
        let made: Self = serde_json::from_str(&text).map_err(|_| Unfit::NoList)?;
        if made.v == FORMAT { Ok(made) } else { Err(Unfit::NoList) }
    }

    /// Reads the list and every byte of the files on it.
    ///
    /// # Errors
    /// Names the file that is missing or was changed.
    pub fn checked(folder: &Path) -> Result<Self, Unfit> {
        let made = Self::read(folder)?;
        for file in &made.files {
            let path = folder.join(&file.name);
            let is_plain = Path::new(&file.name).components().count() == 1;
            let found = is_plain && digest::of_file(&path).is_ok_and(|sum| sum == file.sha256);
            if !found {
                return Err(Unfit::Changed(file.name.clone()));
            }
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_wrong_and_a_file_that_is_gone_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        std::fs::write(&one, "ひとつ").unwrap();
        std::fs::write(&two, "ふたつ").unwrap();
        Manifest::write(folder.path(), Millis(7), None, 3).unwrap();
        let made = Manifest::checked(folder.path()).unwrap();
        assert_eq!((made.taken_at, made.destroyed, made.files.len()), (Millis(7), 3, 2));
        std::fs::write(&two, "ふたり").unwrap();
        assert!(matches!(Manifest::checked(folder.path()), Err(Unfit::Changed(name)) if name == "two"));
        std::fs::remove_file(&two).unwrap();
        assert!(matches!(Manifest::checked(folder.path()), Err(Unfit::Changed(name)) if name == "two"));
        Manifest::write(folder.path(), Millis(8), None, 3).unwrap();
        assert_eq!(Manifest::checked(folder.path()).unwrap().files.len(), 1, "written anew");
        std::fs::write(folder.path().join(FILE), "{}").unwrap();
        assert!(matches!(Manifest::read(folder.path()), Err(Unfit::NoList)));
    }
}
