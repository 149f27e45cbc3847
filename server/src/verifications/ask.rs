//! Asking for the mark of a verified professional, with a picture of a licence or the like (002-2.1R2).

use super::DocumentBody;
use super::rules::{self, Asking};
use super::store::{self, NewVerification};
use crate::accounts::{self, Size};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::policy::Daily;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    AskVerification, CardId, Code, Done, NoticeKind, Occupation, Refusal, VerificationState,
};

/// Keeps what is to be reviewed, sealed with the account's key, and tells the region's desk. A retry changes nothing.
///
/// # Errors
/// `account_restricted`; `not_while_shared`; `not_found` for a place that is not one's own, or is in no office; as
/// [`rules::may_ask`]; `daily_limit`; `too_large`; `photo_not_readable`.
pub async fn ask(app: &App, who: &Arc<Session>, ask: AskVerification) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    // Rules first: a picture is read only for whoever may ask.
    let key = {
        let mut view = app.store.view().await?;
        if asked(app, view.conn(), who, &ask).await?.is_none() {
            return Ok(Done {});
        }
        let row = accounts::store::account(view.conn(), who.account).await?;
        let row = row.ok_or_else(|| Fault::noticed("finding an account"))?;
        app.keys.ready(seal::key_of(&row.sealed)?).await?
    };
    let image = app.pictures.read(ask.document.clone(), Size::Document).await?.into_base64();
    let document = DocumentBody { v: FORMAT, image }.sealed(&key, ask.verification)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let Some((card, occupation)) = asked(&inner, tx.conn(), &who, &ask).await? else {
                return Ok(Done {});
            };
            let new = NewVerification {
                id: ask.verification,
                account: who.account,
                affiliation: ask.affiliation,
                card,
                occupation,
                document: document.clone(),
            };
            tx.insert_verification(&new, now).await?;
            for desk in store::desk_of(tx.conn(), ask.affiliation).await? {
                if desk != who.account {
                    Notice::of(NoticeKind::VerificationAsked).tell(&inner, tx, desk).await?;
                }
            }
            let entry = Entry {
                at: now,
                act: "verifications.ask",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(ask.verification.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// What it would be about; nothing where it was asked for already.
async fn asked(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &AskVerification,
) -> Result<Option<(CardId, Occupation)>> {
    let places = accounts::store::affiliations(conn, who.account).await?;
    let profiles: Vec<String> = places.iter().map(|place| place.profile.clone()).collect();
    let place = places.into_iter().find(|place| place.id == ask.affiliation && place.office.is_some());
    let place = place.ok_or(Code::NotFound)?;
    let card = app.cards.one(app, conn, place.card).await?;
    let there = store::verification(conn, ask.verification).await?;
    let own = store::of_account(conn, who.account).await?;
    let is_one_of = |state, same_place: bool| {
        own.iter().any(|row| row.state == state && (!same_place || row.affiliation == ask.affiliation))
    };
    let asking = Asking {
        stands: there.map(|row| row.account == who.account && row.affiliation == ask.affiliation),
        is_waiting: is_one_of(VerificationState::Asked, false),
        is_verified: is_one_of(VerificationState::Approved, true),
        has_occupation: card.occupation != Occupation::Unstated,
    };
    match rules::may_ask(asking) {
        Ok(true) => {
            let since = app.clock.now().before(Daily::SPAN);
            let done = own.iter().filter(|row| row.asked_at > since).count();
            let most = app.policies.daily(profiles.iter().map(String::as_str)).verifications;
            Daily::let_one_more(i64::try_from(done).unwrap_or(i64::MAX), most)?;
            Ok(Some((card.id, card.occupation)))
        }
        Ok(false) => Ok(None),
        Err(Code::ProfileIncomplete) => {
            Err(Refusal::new(Code::ProfileIncomplete).with("missing", "occupation").into())
        }
        Err(code) => Err(code.into()),
    }
}
