//! Hands every destroyed key to a list outside the key store, which a restore then asks for.

use super::places::Places;
use crate::app::App;
use crate::crypto::erased::DestroyedList;
use crate::error::{Fault, Result};
use std::io::Write;

const DOING: &str = "handing a destroyed key to its list";

impl Places {
    /// Appends what the list does not state yet, synced; how many keys it states then.
    ///
    /// # Errors
    /// When the list is broken or cannot be written: then no key is wiped.
    pub async fn hand_over(&self, app: &App) -> Result<i64> {
        // One after the other: two that append at once would give two lines one number.
        let _turn = app.destroyed_list.lock().await;
        let text = match std::fs::read_to_string(&self.destroyed) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Fault::new(DOING, error).into()),
        };
        let root = app.keys.audit_root().await?;
        let list = DestroyedList::read(&root, &text).map_err(|error| Fault::new(DOING, error))?;
        let lines = app.keys.state_destroyed(&list).await?;
        let count = list.len().saturating_add(i64::try_from(lines.len()).unwrap_or(i64::MAX));
        if lines.is_empty() && !text.is_empty() {
            return Ok(count);
        }
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.destroyed)
            .map_err(|error| Fault::new(DOING, error))?;
        // An empty line before each keeps a line that a power cut tore from swallowing the next.
        let more: String = lines.iter().map(|line| format!("\n{line}\n")).collect();
        file.write_all(more.as_bytes()).map_err(|error| Fault::new(DOING, error))?;
        file.sync_all().map_err(|error| Fault::new(DOING, error))?;
        if let Some(folder) = self.destroyed.parent() {
            let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
            synced.map_err(|error| Fault::new(DOING, error))?;
        }
        Ok(count)
    }
}
