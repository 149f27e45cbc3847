//! A throw-away folder for a program that runs under an account of its own: root may not, or should not, run it.

use anyhow::Context;
use rustix::process::getuid;
use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tokio::process::Command;

/// Who runs a peer.
#[derive(Debug, Clone)]
pub struct Account {
    /// Name and numbers of the account; none when this tool is not root, and everything is its own.
    other: Option<(String, u32, u32)>,
}

/// A folder of its own, removed when dropped.
pub struct Ground {
    folder: TempDir,
    account: Account,
}

impl Account {
    /// The account of that name, when this tool runs as root; otherwise whoever runs this tool.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        if !getuid().is_root() {
            return Ok(Self { other: None });
        }
        let all = fs::read_to_string("/etc/passwd").context("cannot read the accounts of this machine")?;
        let (user, group) =
            numbers(&all, name).with_context(|| format!("this machine has no account {name}"))?;
        Ok(Self { other: Some((name.to_owned(), user, group)) })
    }
}

/// User and group of an account.
fn numbers(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

impl Ground {
    /// A fresh folder that belongs to the account, as near to `work` as the account can come.
    pub fn new(work: &Path, prefix: &str, account: Account) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(open_to_others(work))?;
        if let Some((_, user, group)) = account.other {
            chown(folder.path(), Some(user), Some(group))?;
        }
        Ok(Self { folder, account })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file that belongs to the account.
    pub fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.path().join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        if let Some((_, user, group)) = self.account.other {
            chown(&path, Some(user), Some(group))?;
        }
        Ok(path)
    }

    /// A command that runs in the folder under the account, and ends when this tool does, however that happens.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.arg("--pdeathsig=TERM").current_dir(self.path()).env("HOME", self.path());
        if let Some((name, ..)) = &self.account.other {
            command.args([&format!("--reuid={name}"), &format!("--regid={name}"), "--clear-groups"]);
        }
        command.arg(program);
        command
    }
}

/// The folder itself when every account can enter it, or this tool needs no other; `/var/tmp` otherwise.
pub fn open_to_others(work: &Path) -> PathBuf {
    let enters = |folder: &Path| fs::metadata(folder).is_ok_and(|it| it.permissions().mode() & 0o001 != 0);
    if !getuid().is_root() || work.ancestors().all(enters) { work.to_owned() } else { "/var/tmp".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let passwd =
            "root:x:0:0:root:/root:/bin/bash\nejabberd2:x:7:8::/:/bin/sh\nejabberd:x:103:106::/:/bin/sh\n";
        assert_eq!(numbers(passwd, "ejabberd"), Some((103, 106)));
        assert_eq!(numbers(passwd, "postgres"), None);
    }

    #[test]
    fn a_file_is_written_where_its_account_can_read_it() {
        let here = tempfile::tempdir().unwrap();
        let ground = Ground::new(here.path(), "ground-", Account { other: None }).unwrap();
        let path = ground.write("settings", "x").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "x");
        drop(ground);
        assert!(!path.exists());
    }
}
