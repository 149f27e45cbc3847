//! Opening a data folder: lock, master key, key store, rows, rules. Never makes a new key over existing data.

use crate::app::App;
use crate::audit::Heads;
use crate::backups::Places;
use crate::clock::Clock;
use crate::config::{Config, private_folder};
use crate::crypto::keys::{Content, KeyStore, refuse_new_keys_over_data};
use crate::crypto::master::MasterKey;
use crate::crypto::passwords::{Cost, Passwords, Permits};
use crate::edge;
use crate::erasures;
use crate::jobs;
use crate::passkeys::Passkeys;
use crate::policy::{DenyList, Policies};
use crate::store::{Store, StoreConfig};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::path::{Path, PathBuf};

/// An open data folder.
pub struct Started {
    /// The application.
    pub app: App,
    /// The secret that demo passwords derive from.
    pub root: MasterKey,
    /// Held as long as the folder is in use.
    _lock: File,
}

/// What to do when the folder is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenEmpty {
    /// Refuse: `init` or `demo` makes folders.
    Refuse,
    /// Make keys and rows.
    Make,
}

/// The rows a configuration names.
pub fn store_config(config: &Config) -> StoreConfig {
    match &config.store {
        Some(url) => StoreConfig::Postgres { url: url.clone() },
        None => StoreConfig::Sqlite { path: database(config) },
    }
}

fn database(config: &Config) -> PathBuf {
    config.content_folder().join("tsumugi.db")
}

/// File that holds the public half of the audit's root key.
pub fn audit_root_file(config: &Config) -> PathBuf {
    config.audit_root()
}

/// Takes the folder for this process alone.
pub fn lock(config: &Config) -> Result<File, String> {
    let path = config.lock_file();
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| format!("{} cannot be opened: {error}", path.display()))?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)
        .map_err(|_| format!("{} is in use by another tsumugi", config.data.display()))?;
    Ok(file)
}

/// Opens the folder.
pub async fn start(config: &Config, policies: Policies, when_empty: WhenEmpty) -> Result<Started, String> {
    if when_empty == WhenEmpty::Refuse && !config.data.is_dir() {
        return Err(format!("{} is not there: make it with `tsumugi init`", config.data.display()));
    }
    for folder in [&config.data, &config.content_folder(), &config.key_folder(), &config.data.join("audit")] {
        private_folder(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    }
    let lock = lock(config)?;
    let clock = Clock::system();
    let keys = open_keys(config, &clock, when_empty).await?;
    let root = keys.root().await.map_err(|error| error.to_string())?;
    write_audit_root(config, &keys).await?;
    let store = Store::open(&store_config(config)).await.map_err(|error| chain(&error))?;
    let passwords = Passwords::new(Cost::default(), Permits::default()).map_err(|error| error.to_string())?;
    let policies = match &config.password_deny_list {
        Some(file) => policies.denying(DenyList::read(file)?),
        None => policies,
    };
    let passkeys = Passkeys::of(&edge::all_origins(config));
    let app = App::new(store, keys, &root, passwords, policies, clock, passkeys, config.outward());
    check_profiles(&app).await?;
    crate::rules::begin(&app).await.map_err(super::sentence)?;
    crate::offices::load_supplements(&app).await.map_err(super::sentence)?;
    // Before anybody comes in: rules may be others than when the server stopped.
    crate::pledges::settle(&app).await.map_err(super::sentence)?;
    let heads = Heads::start(&app, config.audit_sink()).await.map_err(super::sentence)?;
    // A backup that was restored may hold rooms that were erased since.
    erasures::reapply(&app).await.map_err(super::sentence)?;
    jobs::start(&app, heads, &Places::of(config, store_config(config)));
    Ok(Started { app, root, _lock: lock })
}

async fn open_keys(config: &Config, clock: &Clock, when_empty: WhenEmpty) -> Result<KeyStore, String> {
    let (folder, kept) = (config.key_folder(), config.master_key());
    let master_file = kept.path();
    let content = if has_content(config).await? { Content::Present } else { Content::Absent };
    refuse_new_keys_over_data(&folder, master_file, content).map_err(|error| error.to_string())?;
    let is_new = content == Content::Absent && !folder.join(crate::crypto::keys::FILE).exists();
    let has_history = std::fs::metadata(config.audit_sink()).is_ok_and(|heads| heads.len() > 0);
    if !is_new && content == Content::Absent && (when_empty == WhenEmpty::Refuse || has_history) {
        return Err("the keys are there but the rows are not: restore the content folder, or mount its disk"
            .to_owned());
    }
    if !is_new {
        let master = MasterKey::kept(&kept).map_err(|error| error.to_string())?;
        return KeyStore::open(&folder, &master, clock).await.map_err(|error| error.to_string());
    }
    if when_empty == WhenEmpty::Refuse {
        return Err(format!("{} holds no data yet: make it with `tsumugi init`", config.data.display()));
    }
    let master = if master_file.exists() {
        MasterKey::kept(&kept)
    } else {
        let folder = master_file.parent().map(Path::to_owned).unwrap_or_default();
        private_folder(&folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        MasterKey::create(master_file)
    };
    let master = master.map_err(|error| error.to_string())?;
    KeyStore::create(&folder, &master, clock).await.map_err(|error| error.to_string())
}

/// Whether rows exist that need the old keys. A database that cannot be looked into counts as one that has them.
async fn has_content(config: &Config) -> Result<bool, String> {
    Store::is_laid(&store_config(config)).await.map_err(|error| chain(&error))
}

async fn write_audit_root(config: &Config, keys: &KeyStore) -> Result<(), String> {
    let path = audit_root_file(config);
    if path.exists() {
        return Ok(());
    }
    let root = keys.audit_root().await.map_err(|error| error.to_string())?;
    std::fs::write(&path, format!("{root}\n")).map_err(|error| format!("{}: {error}", path.display()))
}

/// Every region's rules must be there before anybody comes in; from now on they are followed.
async fn check_profiles(app: &App) -> Result<(), String> {
    let mut view = app.store.view().await.map_err(|error| chain(&error))?;
    for key in crate::regions::store::profiles(view.conn()).await.map_err(|error| chain(&error))? {
        app.policies.named(&key).map_err(|error| error.to_string())?;
        app.policies.follow(&key);
        warn_of_overrides(app, &key);
    }
    Ok(())
}

/// Says which values below the floor somebody decided on; what ships with a region's own document is no such value (002-intro5).
fn warn_of_overrides(app: &App, key: &str) {
    let Ok(rules) = app.policies.in_words(key) else { return };
    for rule in rules.iter().filter(|rule| rule.standing == Some(tsumugi_protocol::RuleStanding::BelowFloor))
    {
        tracing::warn!(
            code = "below_floor",
            profile = key,
            knob = rule.number,
            "a rule is below the floor, with a reason"
        );
    }
}

/// An error with its causes.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}
