//! `tsumugi erase verify`: does any copy of a room's key still open? It changes nothing and needs no server.

use super::start::{chain, store_config};
use super::{Outcome, runtime};
use crate::config::{self, Config, Overrides};
use crate::crypto::copies::{Held, held};
use crate::crypto::keys::FILE;
use crate::crypto::master::MasterKey;
use crate::crypto::seal::KeyId;
use crate::erasures;
use crate::store::Store;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tsumugi_protocol::RoomId;
use uuid::Uuid;

/// Look at what was erased.
#[derive(Debug, clap::Subcommand)]
pub enum Erase {
    /// Try every copy of a room's key: here, and in the backups that are given
    Verify(Verify),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Verify {
    #[command(flatten)]
    settings: Overrides,
    /// The room
    #[arg(long, value_name = "ID")]
    room: Uuid,
    /// A folder of backups, or of one copy of the keys; may be given several times
    #[arg(long, value_name = "DIR")]
    backup: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(erase: &Erase) -> Outcome {
    let Erase::Verify(verify) = erase;
    let config = config::read(&verify.settings)?;
    let master = MasterKey::kept(&config.master_key()).map_err(|error| error.to_string())?;
    let opening = runtime()?.block_on(look(&config, &master, verify))?;
    if opening == 0 {
        println!("erased: no copy opens");
        return Ok(ExitCode::SUCCESS);
    }
    println!("NOT ERASED: {opening} open");
    Ok(ExitCode::FAILURE)
}

/// How many copies open.
async fn look(config: &Config, master: &MasterKey, verify: &Verify) -> Result<usize, String> {
    let key = {
        let mut view = Store::look(&store_config(config)).await.map_err(|error| chain(&error))?;
        let key = erasures::store::key_of_room(view.conn(), RoomId(verify.room)).await;
        key.map_err(|error| chain(&error))?.ok_or_else(|| "there is no such room".to_owned())?
    };
    let mut copies = vec![config.key_folder().join(FILE)];
    for folder in &verify.backup {
        let found = copies_in(folder)?;
        if found.is_empty() {
            return Err(format!("{} holds no copy of the keys", folder.display()));
        }
        copies.extend(found);
    }
    let mut opening = 0;
    for copy in copies {
        let found = held(&copy, master, key).await;
        let found = found.map_err(|error| format!("{}: {}", copy.display(), chain(&error)))?;
        println!("{}  {}", said(found, key), copy.display());
        opening += usize::from(found == Held::Opens);
    }
    Ok(opening)
}

fn said(found: Held, key: KeyId) -> String {
    match found {
        Held::Opens => format!("OPENS       key {key}"),
        Held::Shut => format!("shut        key {key} is there, and this master key does not open it"),
        Held::Destroyed => format!("destroyed   key {key}"),
        Held::Nothing => format!("not there   key {key}"),
    }
}

/// The copies of the keys in a folder: itself, or those of the generations in it.
fn copies_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unread = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut found = Vec::new();
    let own = folder.join(FILE);
    if own.is_file() {
        found.push(own);
    }
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let inside = entry.map_err(unread)?.path().join(FILE);
        if inside.is_file() {
            found.push(inside);
        }
    }
    found.sort();
    Ok(found)
}
