//! `tsumugi restore`: a backup back into an empty data folder. What was erased since stays erased: without the newest list of
//! destroyed keys it refuses.

use super::start::{chain, lock, store_config};
use super::{Outcome, readable, runtime, sentence};
use crate::audit;
use crate::backups::{Generation, Manifest};
use crate::clock::Clock;
use crate::config::{self, Config, Overrides, private_folder};
use crate::crypto::erased::DestroyedList;
use crate::crypto::head::PublicKey;
use crate::crypto::keys::{FILE, KeyStore};
use crate::crypto::master::MasterKey;
use crate::error::Result as Answer;
use crate::store::{Checked, Copied, Store, Tx};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Restore {
    #[command(flatten)]
    settings: Overrides,
    /// Folder of the backups
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The newest list of destroyed keys (audit/destroyed.log), as it was copied to another machine
    #[arg(long, value_name = "FILE")]
    destroyed: Option<PathBuf>,
    /// Which backup, for example 20261127T031500Z; by default the newest
    #[arg(long, value_name = "MOMENT")]
    generation: Option<String>,
}

/// A backup whose every byte was looked at.
struct Sound {
    content: PathBuf,
    keys: PathBuf,
    copied: Copied,
    root: PublicKey,
    list: DestroyedList,
    text: String,
}

/// Runs the command.
pub fn run(restore: &Restore) -> Outcome {
    let config = config::read(&restore.settings)?;
    let generation = chosen(restore)?;
    let sound = sound(restore, &generation)?;
    let master = MasterKey::kept(&config.master_key()).map_err(|error| error.to_string())?;
    let checked = runtime()?.block_on(bring_back(&config, &master, &sound))?;
    let (Checked::Sqlite { rows } | Checked::Postgres { rows, .. }) = checked;
    println!("restored the backup of {generation}: {rows} rows, all of them checked");
    if let Some(last) = sound.list.lines().last() {
        println!(
            "{} destroyed keys stay destroyed; the last one of this list went at {}",
            sound.list.len(),
            super::errand::moment(last.at)
        );
    }
    let settings = sound.content.join(config::FILE);
    if settings.exists() {
        println!("the settings of that time are in {}: look at them", settings.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn chosen(restore: &Restore) -> Result<Generation, String> {
    let unread = |error: std::io::Error| format!("{} cannot be read: {error}", restore.from.display());
    let all = Generation::all(&restore.from).map_err(unread)?;
    let with_keys = Generation::all_keys(&restore.from).map_err(unread)?;
    let wanted = |generation: &Generation| {
        with_keys.contains(generation)
            && restore.generation.as_ref().is_none_or(|name| *name == generation.to_string())
    };
    all.into_iter()
        .rfind(wanted)
        .ok_or_else(|| format!("there is no such backup, with its keys, in {}", restore.from.display()))
}

/// Looks at everything before anything is written.
fn sound(restore: &Restore, generation: &Generation) -> Result<Sound, String> {
    let Some(file) = &restore.destroyed else {
        return Err(
            "say where the newest list of destroyed keys is (--destroyed FILE): without it, what was erased \
                    since this backup would come back"
                .to_owned(),
        );
    };
    let (content, keys) = (generation.content(&restore.from), generation.keys(&restore.from));
    let rows = Manifest::checked(&content).map_err(|error| chain(&error))?;
    let wrapped = Manifest::checked(&keys).map_err(|error| chain(&error))?;
    let copied = rows.content.ok_or_else(|| "the backup does not say what its rows are".to_owned())?;
    let root = readable(&content.join("root.pub"))?;
    let root: PublicKey =
        root.trim().parse().map_err(|_| "the backup holds no public key of its audit".to_owned())?;
    let text = readable(file)?;
    let list = DestroyedList::read(&root, &text).map_err(|error| error.to_string())?;
    let own = readable(&content.join("destroyed.log"))?;
    let own = DestroyedList::read(&root, &own).map_err(|error| error.to_string())?;
    if !list.continues(&own) || list.len() < wrapped.destroyed {
        return Err(format!(
            "{} is older than what this backup knows: give the newest list of destroyed keys, or what was erased \
             since would come back",
            file.display()
        ));
    }
    Ok(Sound { content, keys, copied, root, list, text })
}

async fn bring_back(config: &Config, master: &MasterKey, sound: &Sound) -> Result<Checked, String> {
    let store = store_config(config);
    let is_taken = Store::is_laid(&store).await.map_err(|error| chain(&error))?
        || config.key_folder().join(FILE).exists();
    if is_taken {
        return Err(format!(
            "{} is not empty: a backup goes into an empty folder only",
            config.data.display()
        ));
    }
    let audit = config.data.join("audit");
    for folder in [&config.data, &config.content_folder(), &config.key_folder(), &audit] {
        private_folder(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    }
    let _lock = lock(config)?;
    let write = |path: PathBuf, text: &str| {
        let wrote = std::fs::write(&path, text);
        wrote.map_err(|error| format!("{} cannot be written: {error}", path.display()))
    };
    write(config.audit_root(), &format!("{}\n", sound.root))?;
    write(config.destroyed_list(), &sound.text)?;
    // The keys come first, with the list applied: rows without them are closed, and no server opens a folder without rows.
    bring_keys_back(config, master, sound).await?;
    Store::bring_back(&store, &sound.content, &sound.copied).await.map_err(|error| chain(&error))?;
    bring_rules_back(config, &sound.content)?;
    let rows = Store::open(&store).await.map_err(|error| chain(&error))?;
    let now = Clock::system().now();
    let ended: Answer<()> =
        rows.act(async move |tx: &mut Tx| -> Answer<()> { Ok(tx.end_what_lets_in(now).await?) }).await;
    ended.map_err(sentence)?;
    let heads = {
        let mut view = rows.view().await.map_err(|error| chain(&error))?;
        audit::store::all_heads(view.conn()).await.map_err(|error| chain(&error))?
    };
    rows.close().await;
    let heads: String = heads.iter().map(|head| format!("\n{head}\n")).collect();
    write(config.audit_sink(), &heads)?;
    let view = Store::look(&store).await.map_err(|error| chain(&error))?;
    view.integrity_check().await.map_err(|error| chain(&error))
}

async fn bring_keys_back(config: &Config, master: &MasterKey, sound: &Sound) -> Result<(), String> {
    let path = config.key_folder().join(FILE);
    let copied = std::fs::copy(sound.keys.join(FILE), &path);
    copied.map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    let applied = async {
        let keys = KeyStore::open(&config.key_folder(), master, &Clock::system())
            .await
            .map_err(|error| error.to_string())?;
        let root = keys.audit_root().await.map_err(|error| error.to_string())?;
        if root != sound.root {
            return Err("rows and keys of this backup are not of one server".to_owned());
        }
        keys.apply_destroyed(&sound.list.keys()).await.map_err(|error| error.to_string())?;
        keys.close().await.map_err(|error| error.to_string())
    };
    let applied = applied.await;
    if applied.is_err() {
        // Keys that nobody may use are not left lying there.
        std::fs::remove_file(&path)
            .map_err(|error| format!("{} cannot be removed: {error}", path.display()))?;
    }
    applied
}

/// A region's own rules, where none are there.
fn bring_rules_back(config: &Config, content: &Path) -> Result<(), String> {
    let (folder, fault) = (config.policy_folder(), |error: std::io::Error| error.to_string());
    for entry in std::fs::read_dir(content).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name =
            path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix("policy-"));
        let Some(to) = name.map(|name| folder.join(name)).filter(|to| !to.exists()) else { continue };
        private_folder(&folder).map_err(fault)?;
        std::fs::copy(&path, to).map_err(fault)?;
    }
    Ok(())
}
