//! How long one sync of this disk takes: a block appended and made durable, nothing else.

use crate::latency::Latency;
use anyhow::Context;
use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

/// Bytes of a block.
const BLOCK: usize = 4_096;

/// A file on the measured disk that grows by one block a sync.
pub struct Disk {
    file: File,
    path: PathBuf,
}

impl Disk {
    /// Opens the file in a folder of that disk.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("sync-probe");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        Ok(Self { file, path })
    }

    /// Appends a block and syncs it, so many times. Blocks the thread.
    pub fn sync(&mut self, times: usize, into: &mut Latency) -> anyhow::Result<()> {
        let block = [0x5a; BLOCK];
        for _ in 0..times {
            let started = Instant::now();
            self.file.write_all(&block)?;
            self.file.sync_data().context("the disk did not sync")?;
            into.add(started.elapsed());
        }
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A file that stays behind is harmless: the folder goes with the run.
        drop(std::fs::remove_file(&self.path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sync_appends_one_block_and_is_timed() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Disk::in_folder(folder.path()).unwrap();
        let mut times = Latency::new().unwrap();
        disk.sync(3, &mut times).unwrap();
        assert_eq!(times.count(), 3);
        assert_eq!(std::fs::metadata(&disk.path).unwrap().len(), 3 * 4_096);
    }
}
