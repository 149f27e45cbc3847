//! Where everything lies that a backup is made of, and where backups go.

use super::manifest::Manifest;
use super::rotation::Generation;
use crate::app::App;
use crate::config::Config;
use crate::crypto::copies;
use crate::crypto::keys;
use crate::error::{Fault, Result};
use crate::store::StoreConfig;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The places of one data folder.
#[derive(Debug, Clone)]
pub struct Places {
    /// The rows.
    pub store: StoreConfig,
    /// The list of destroyed keys.
    pub destroyed: PathBuf,
    /// Further files that go along with the rows, where they are there.
    pub beside: Vec<PathBuf>,
    /// Regions' own rules.
    pub policies: PathBuf,
    /// Where the daily backup goes; without it, none is made.
    pub folder: Option<PathBuf>,
}

/// The file of the wrapped keys in a generation.
pub(super) const KEYS_FILE: &str = keys::FILE;

impl Places {
    /// How long a copy may be about: eight generations, one a day (c-10).
    pub const KEPT: Duration = Duration::from_secs(8 * 24 * 60 * 60);

    /// Those of the settings.
    #[must_use]
    pub fn of(config: &Config, store: StoreConfig) -> Self {
        Self {
            store,
            destroyed: config.destroyed_list(),
            beside: vec![config.audit_root(), config.audit_sink(), config.data.join(crate::config::FILE)],
            policies: config.policy_folder(),
            folder: config.backup.as_ref().map(|backup| backup.folder.clone()),
        }
    }

    /// Takes every destroyed key out of the copies that lie in the configured folder, as far as they are there; repeatable.
    ///
    /// # Errors
    /// When a copy cannot be changed: then it still opens what is to be erased.
    pub async fn forget(&self, app: &App) -> Result<()> {
        match &self.folder {
            Some(folder) => self.forget_in(app, folder).await,
            None => Ok(()),
        }
    }

    /// The same in any folder.
    ///
    /// # Errors
    /// As [`Places::forget`].
    pub(super) async fn forget_in(&self, app: &App, folder: &Path) -> Result<()> {
        let doing = "taking a key out of a backup";
        let count = self.hand_over(app).await?;
        let list = app.keys.destroyed().await?;
        for generation in Generation::all_keys(folder).map_err(|error| Fault::new(doing, error))? {
            let keys = generation.keys(folder);
            if !copies::forget(&keys.join(KEYS_FILE), &list).await? {
                continue;
            }
            let anew = move || -> Result<(), super::Unfit> {
                let made = Manifest::read(&keys)?;
                Ok(Manifest::write(&keys, made.taken_at, made.content, count)?)
            };
            let written =
                tokio::task::spawn_blocking(anew).await.map_err(|error| Fault::new(doing, error))?;
            written.map_err(|error| Fault::new(doing, error))?;
        }
        Ok(())
    }
}
