//! The offices that may become the steward of a timeline's patient, or act for it: those of its region that somebody runs.

use super::name_of;
use crate::app::App;
use crate::error::Result;
use crate::offices;
use crate::rooms::Steering;
use crate::sessions::Session;
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{OfficeChoice, OfficeChoices, WhichRoom};

/// Them, by name.
///
/// # Errors
/// `not_found`; `not_steward`.
pub async fn choices(app: &App, who: &Arc<Session>, ask: WhichRoom) -> Result<OfficeChoices> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let steering = Steering::at_the_door(conn, who, ask.room).await?;
    steering.let_run(who)?;
    let run: BTreeSet<_> = offices::store::admins_of_region(conn, steering.region)
        .await?
        .into_iter()
        .filter(|(office, _, acts)| *acts && Some(*office) != steering.office)
        .map(|(office, _, _)| office)
        .collect();
    let mut choices = Vec::new();
    for office in run {
        choices.push(OfficeChoice { office, name: name_of(app, conn, office).await? });
    }
    choices.sort_by(|one, other| (&one.name, one.office).cmp(&(&other.name, other.office)));
    Ok(OfficeChoices { offices: choices })
}
