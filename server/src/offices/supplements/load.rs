//! What offices added before the server started holds again.

use super::store;
use crate::app::App;
use crate::error::{Fault, Result};

/// Reads them all, before anybody comes in.
///
/// # Errors
/// When the rows cannot be read.
pub async fn load_supplements(app: &App) -> Result<()> {
    let mut view = app.store.view().await?;
    for (name, rules) in store::all(view.conn()).await? {
        let rules =
            serde_json::from_str(&rules).map_err(|error| Fault::new("reading an office's rules", error))?;
        app.policies.supplement(&name, rules);
    }
    Ok(())
}
