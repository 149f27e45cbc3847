//! Who signs for an office: the desk writes down what the office's papers say. It gives no content, and no admin's right but to
//! decide who administers.

use super::standing::Standing;
use super::store;
use crate::accounts::store as accounts;
use crate::accounts::store::PlaceRow;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AccountState, AffiliationId, Code, Done, Millis, NoticeKind, RecordHead, Role,
};

/// Writes it down; an office may have several. Written down already, nothing changes.
///
/// # Errors
/// `not_found` for whoever is not of the desk of that office's region, for a place that is none or has ended; `not_while_shared`;
/// `account_restricted`.
pub async fn record_head(app: &App, who: &Arc<Session>, ask: RecordHead) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let place = recorded(tx.conn(), Some(who.account), ask.affiliation).await?;
            tx.record_head(&inner, &place, Some(&who), now).await?;
            Ok(Done {})
        })
        .await
}

/// The place of whoever is to be written down.
pub(super) async fn recorded(
    conn: &mut Conn,
    by: Option<AccountId>,
    affiliation: AffiliationId,
) -> Result<PlaceRow> {
    let place = accounts::place(conn, affiliation).await?;
    let at = place.as_ref().and_then(|place| Some((place.office?, place.region)));
    if let Some(account) = by {
        Standing::of(conn, account, at).await?.gives(Role::OfficeHead)?;
    }
    let place = place.filter(|place| !place.has_ended && place.office.is_some()).ok_or(Code::NotFound)?;
    let row = accounts::account(conn, place.account).await?;
    let row = row.filter(|row| row.state != AccountState::Closed).ok_or(Code::NotFound)?;
    if row.is_shared { Err(Code::NotWhileShared.into()) } else { Ok(place) }
}

impl Tx {
    /// Writes it down, whoever may; whether it was not.
    pub(super) async fn record_head(
        &mut self,
        app: &App,
        place: &PlaceRow,
        by: Option<&Session>,
        now: Millis,
    ) -> Result<bool> {
        if store::holds(self.conn(), place.id, Role::OfficeHead).await? {
            return Ok(false);
        }
        self.give_role(place.id, Role::OfficeHead, now).await?;
        let entry = Entry {
            at: now,
            act: "roles.record_head",
            account: by.map(|by| by.account),
            session: by.map(|by| by.id),
            region: Some(place.region),
            subject: Some(place.account.0),
            detail: Some(format!(r#"{{"affiliation":"{}"}}"#, place.id)),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        let card = app.cards.one(app, self.conn(), place.card).await?;
        let notice =
            card.office.clone().into_iter().fold(Notice::of(NoticeKind::HeadRecorded), Notice::naming);
        notice.tell(app, self, place.account).await?;
        let but: Vec<AccountId> = std::iter::once(place.account).chain(by.map(|by| by.account)).collect();
        self.tell_of_role(app, NoticeKind::RoleTaken, place, Role::OfficeHead, &but).await?;
        Ok(true)
    }
}
