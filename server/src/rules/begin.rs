//! Regions that are new here: which version of their rules they began with. Whoever belongs to one then, by an import or since
//! before this was kept, is asked from the next version on.

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::store::Tx;

/// Notes it for every region of which it is not known yet; called when the server starts, and again while it runs.
///
/// # Errors
/// When rows cannot be read or written; then the next time tries again.
pub async fn begin(app: &App) -> Result<()> {
    let unseen = {
        let mut view = app.store.view().await?;
        store::unseen_regions(view.conn()).await?
    };
    if unseen.is_empty() {
        return Ok(());
    }
    let mut firsts = Vec::new();
    for (region, profile) in unseen {
        firsts.push((region, app.policies.named(&profile)?.edition()));
    }
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            for (region, version) in &firsts {
                tx.set_first_rules(*region, version).await?;
            }
            Ok(())
        })
        .await
}
