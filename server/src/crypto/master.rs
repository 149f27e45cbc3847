//! The master key: the one secret that lives outside every database and under which all others hang.
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::hkdf;
use zeroize::Zeroizing;

use super::random;

/// Nobody but the owner may have any right to the file.
const OTHERS: u32 = 0o077;
/// Far more than 64 digits and a line end; a longer file is not a master key.
const LONGEST_FILE: u64 = 1_024;

/// 256 bits, written as 64 hexadecimal digits; wiped when dropped.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// Where a master key is kept, and who answers for that nobody else reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A file that nobody but its owner may touch.
    ByOwner(PathBuf),
    /// A file that the service manager put there.
    ByServiceManager(PathBuf),
}

impl Kept {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::ByOwner(path) | Self::ByServiceManager(path) => path,
        }
    }
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterFault {
    /// Nothing lies at the path.
    #[error("there is no master key at {0}: put the key back from its safe copy; it cannot be made anew")]
    Missing(PathBuf),
    /// Something lies where a new key should go.
    #[error("a master key already lies at {0}: it is never overwritten")]
    AlreadyThere(PathBuf),
    /// The file may be read or written by others.
    #[error("the master key at {path} is open to others (mode {mode:o}): set its mode to 0600")]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The content is not 64 hexadecimal digits.
    #[error("the master key is not 64 hexadecimal digits")]
    Malformed,
    /// The file system failed.
    #[error("the master key at {path} could not be read or written")]
    File {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
}

impl MasterKey {
    /// A secret of the key store that others are derived from in the same way.
    pub(super) fn of(secret: Zeroizing<[u8; 32]>) -> Self {
        Self(secret)
    }

    /// Reads the key from where it is kept.
    pub fn kept(at: &Kept) -> Result<Self, MasterFault> {
        match at {
            Kept::ByOwner(path) => Self::load(path),
            Kept::ByServiceManager(path) => Self::load_credential(path),
        }
    }

    /// Reads the key from a file that nobody but its owner may touch.
    pub fn load(path: &Path) -> Result<Self, MasterFault> {
        let file = opened(path)?;
        let mode = file.metadata().map_err(|source| failed(path, source))?.mode() & 0o777;
        if mode & OTHERS != 0 {
            return Err(MasterFault::OpenToOthers { path: path.to_owned(), mode });
        }
        Self::read(path, file)
    }

    /// Reads the key from a file that the service manager mounted (a systemd credential, a container
    /// secret): it answers for the permissions, which often say nothing there.
    pub fn load_credential(path: &Path) -> Result<Self, MasterFault> {
        Self::read(path, opened(path)?)
    }

    /// Makes a new key in a new file (mode 0600), synced together with its directory before it returns.
    pub fn create(path: &Path) -> Result<Self, MasterFault> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = file.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => MasterFault::AlreadyThere(path.to_owned()),
            _ => failed(path, source),
        })?;
        let key = Self::random();
        // A half-written file protects nothing yet: it goes, so that the next try is not refused.
        key.write(path, file).map_err(|source| match std::fs::remove_file(path) {
            Ok(()) => failed(path, source),
            Err(left) => failed(path, left),
        })?;
        Ok(key)
    }

    /// A key that is kept nowhere, for tests and for `create`.
    pub fn random() -> Self {
        Self(random::secret())
    }

    /// A key for one purpose (HKDF-SHA-256); the label carries the purpose's version.
    #[expect(clippy::expect_used, reason = "HKDF refuses only outputs beyond 8160 bytes; these are 32")]
    pub(super) fn derived(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"tsumugi master 1")
            .extract(self.0.as_ref())
            .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(out.as_mut()))
            .expect("32 bytes are within what HKDF gives");
        out
    }

    fn write(&self, path: &Path, mut file: File) -> io::Result<()> {
        let mut text = Zeroizing::new(super::hex::encode(self.0.as_ref()));
        text.push('\n');
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync_folder_of(path)
    }

    fn read(path: &Path, file: File) -> Result<Self, MasterFault> {
        let mut text = Zeroizing::new(String::with_capacity(128));
        match file.take(LONGEST_FILE).read_to_string(&mut text) {
            Ok(_) => parse(text.trim()).map(Self),
            Err(source) if source.kind() == io::ErrorKind::InvalidData => Err(MasterFault::Malformed),
            Err(source) => Err(failed(path, source)),
        }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MasterKey")
    }
}

/// Makes a new or renamed entry of a folder survive a power cut.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

fn opened(path: &Path) -> Result<File, MasterFault> {
    File::open(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => MasterFault::Missing(path.to_owned()),
        _ => failed(path, source),
    })
}

fn failed(path: &Path, source: io::Error) -> MasterFault {
    MasterFault::File { path: path.to_owned(), source }
}

fn parse(text: &str) -> Result<Zeroizing<[u8; 32]>, MasterFault> {
    let mut key = Zeroizing::new([0; 32]);
    super::hex::decode(text, key.as_mut()).ok_or(MasterFault::Malformed)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_made_key_is_loaded_again_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let made = MasterKey::create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let loaded = MasterKey::load(&path).unwrap();
        assert_eq!(made.derived("x"), loaded.derived("x"));
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(MasterKey::create(&path), Err(MasterFault::AlreadyThere(_))));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_missing_open_or_malformed_key_is_refused_each_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(matches!(MasterKey::load(&path), Err(MasterFault::Missing(_))));
        assert!(!path.exists());

        MasterKey::create(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(MasterKey::load(&path), Err(MasterFault::OpenToOthers { mode: 0o640, .. })));
        assert!(MasterKey::load_credential(&path).is_ok());

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        for wrong in ["", "abc", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64), &"é".repeat(32)] {
            std::fs::write(&path, wrong).unwrap();
            assert!(matches!(MasterKey::load(&path), Err(MasterFault::Malformed)), "{wrong}");
        }
        std::fs::write(&path, [0xff; 32]).unwrap();
        assert!(matches!(MasterKey::load(&path), Err(MasterFault::Malformed)));
    }

    #[test]
    fn purposes_have_different_keys_and_nothing_is_printed() {
        let master = MasterKey::random();
        assert_ne!(master.derived("wrap 1"), master.derived("lookup 1"));
        assert_ne!(master.derived("wrap 1"), MasterKey::random().derived("wrap 1"));
        assert_eq!(format!("{master:?}"), "MasterKey");
    }
}
