//! The second person decides (c-9): never whoever asked, whatever roles she holds.

use super::rules::{Rules, may_request, may_second};
use super::store::{self, ErasureRow};
use super::vanishing::{Telling, vanish};
use super::{Step, entry};
use crate::app::App;
use crate::error::Result;
use crate::rooms::Head;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{CardId, Code, Done, ErasureId, WhichErasure};

/// Decides it: everybody is out of the room at once, and from here on nothing stops it. Decided by her already, nothing changes.
///
/// # Errors
/// As [`may_second`]; as [`may_request`] where what the wish rested on is no longer so; `step_up_required`; `account_restricted`;
/// `not_while_shared`.
pub async fn second(app: &App, who: &Arc<Session>, ask: WhichErasure) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    {
        let mut view = app.store.view().await?;
        if let Some(over) = who.over() {
            return Err(over.code().into());
        }
        if decide(app, view.conn(), who, ask.erasure).await?.is_none() {
            return Ok(Done {});
        }
    }
    app.passkeys.fresh.require(who, app.clock.now())?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let Some((row, card, head)) = decide(&inner, tx.conn(), &who, ask.erasure).await? else {
                return Ok(Done {});
            };
            tx.decide_erasure(row.id, (who.account, card), now).await?;
            vanish(&inner, tx, (row.room, head), Telling::Told, now).await?;
            inner.audit.append(tx, &entry("erasures.second", &who, &row, now)).await?;
            Ok(Done {})
        })
        .await
}

/// What is to be decided and the card she does it with; nothing where she did.
async fn decide(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    id: ErasureId,
) -> Result<Option<(ErasureRow, CardId, Head)>> {
    let row = store::erasure(conn, id).await?.ok_or(Code::NotFound)?;
    let facts = store::facts(conn, who.account, row.room).await?.ok_or(Code::NotFound)?;
    if row.seconded_by == Some(who.account) && row.step != Step::Asked {
        return Ok(None);
    }
    let rules = facts.rules(app)?;
    let first = store::facts(conn, row.asked_by, row.room).await?.map(|facts| facts.asker);
    may_second(row.step, (row.asked_by, first), (who.account, facts.asker), Rules::of(&rules))?;
    may_request(first.unwrap_or(facts.asker), facts.as_room(), row.wisher, Rules::of(&rules))?;
    let (_, card) = facts.answering()?;
    Ok(Some((row, card, facts.head)))
}
