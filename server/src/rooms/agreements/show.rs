//! Reading what the members agreed on; whoever is invited reads it before she judges (001§20-1d).

use super::{AgreementBody, store};
use crate::app::App;
use crate::bodies::Body;
use crate::error::Result;
use crate::rooms::store as rooms;
use crate::sessions::Session;
use tsumugi_protocol::{Agreement, AgreementList, Code, WhichRoom};

/// All versions, the newest first.
///
/// # Errors
/// `not_found` for whoever is not in the room, nor invited, nor runs it; `signed_out`.
pub async fn show(app: &App, who: &Session, ask: WhichRoom) -> Result<AgreementList> {
    if let Some(over) = who.over() {
        return Err(over.code().into());
    }
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let steering = rooms::steering(conn, who.account, ask.room).await?.ok_or(Code::NotFound)?;
    let rows = store::of_room(conn, ask.room).await?;
    if rows.is_empty() {
        return Ok(AgreementList { agreements: Vec::new() });
    }
    let (key, marks) = (steering.opened_key(app).await?, store::marks_in(conn, ask.room).await?);
    let mut agreements = Vec::with_capacity(rows.len());
    for row in rows {
        let marked = marks.iter().filter(|(id, _)| *id == row.id);
        agreements.push(Agreement {
            version: row.version,
            by: (*app.cards.one(app, conn, row.set_as).await?).clone(),
            at: row.set_at,
            terms: AgreementBody::open(&key, row.id, &row.sealed)?.terms,
            acknowledged: marked.map(|(_, account)| *account).collect(),
        });
    }
    Ok(AgreementList { agreements })
}
