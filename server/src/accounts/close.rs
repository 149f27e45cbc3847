//! Closing an account for good: only its holder does (002-2.1S4), or the operator on a recorded enquiry.

use super::AccountBody;
use super::overseeing::{Doing, Facts};
use super::store::{self, AccountRow};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::{random, seal};
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, AccountState, CloseAccount, Code, Done, Millis, NoticeKind};

/// Closes one's own account, with a fresh proof.
///
/// # Errors
/// As [`decide`]; `step_up_required`; `account_restricted`; `not_while_shared`.
pub async fn close(app: &App, who: &Arc<Session>, ask: CloseAccount) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    {
        let mut view = app.store.view().await?;
        decide(&Facts::of(app, view.conn(), who.account, ask.account).await?)?;
    }
    app.passkeys.fresh.require(who, app.clock.now())?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            tx.hold_seats(ask.account).await?;
            decide(&Facts::of(&inner, tx.conn(), who.account, ask.account).await?)?;
            let account = store::account(tx.conn(), ask.account).await?.ok_or(Code::NotFound)?;
            end_account(&inner, tx, &account, Some(who.account), now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.close",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(account.id.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// Whether somebody may close that account.
///
/// # Errors
/// As [`Facts::let_go`]; for an account that is another's `holder_or_support_only`, which says what her admin can do instead, or what
/// keeps others from acting on it at all.
fn decide(facts: &Facts) -> Result<(), Code> {
    if !facts.is_own {
        facts.decide(Doing::SetState(AccountState::Closed))?;
        return Err(Code::HolderOrSupportOnly);
    }
    facts.let_go()
}

/// Ends it: its places with everything held for them, its sessions, and every way to come in. What its person wrote keeps her name.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn end_account(
    app: &App,
    tx: &mut Tx,
    account: &AccountRow,
    by: Option<AccountId>,
    now: Millis,
) -> Result<()> {
    let id = account.id;
    // Told first: the address goes as well.
    Notice::of(NoticeKind::Closed).tell(app, tx, id).await?;
    for place in store::affiliations(tx.conn(), id).await? {
        if let Some(place) = store::place(tx.conn(), place.id).await? {
            tx.leave(app, &place, by, now).await?;
        }
    }
    tx.end_all_links(id, now).await?;
    tx.delete_passkeys_of(id).await?;
    tx.forget_photo(id).await?;
    let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
    let body = AccountBody { email: String::new(), ..AccountBody::open(&key, id, &account.sealed)? };
    // The address is free for an account to come: nothing is found by what stands in its place.
    tx.close_account(id, &random::bytes::<32>(), &body.sealed(&key, id)?).await?;
    tx.end_sessions_of(app, id, None, "account_closed", now).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_closes_an_account_by_table() {
        let own = Facts {
            is_own: true,
            is_her_admin: false,
            is_her_desk: false,
            is_admin: false,
            is_only_admin: false,
            is_needed_admin: false,
            is_last_desk: false,
            answers_for_shared: false,
            state: Some(AccountState::Active),
        };
        let hers = Facts { is_own: false, ..own };
        let admin = Facts { is_her_admin: true, is_admin: true, ..hers };
        for (facts, expected) in [
            (own, Ok(())),
            (Facts { is_her_admin: true, is_admin: true, ..own }, Ok(())),
            (Facts { is_needed_admin: true, ..own }, Err(Code::LastAdmin)),
            (Facts { is_last_desk: true, ..own }, Err(Code::LastDesk)),
            (Facts { answers_for_shared: true, ..own }, Err(Code::AnswersForShared)),
            (admin, Err(Code::HolderOrSupportOnly)),
            (Facts { is_needed_admin: true, ..admin }, Err(Code::HolderOrSupportOnly)),
            (Facts { answers_for_shared: true, ..admin }, Err(Code::HolderOrSupportOnly)),
            (Facts { is_her_desk: true, ..hers }, Err(Code::HolderOrSupportOnly)),
            (Facts { is_admin: true, ..hers }, Err(Code::OtherOffice)),
            (Facts { state: None, is_admin: true, ..hers }, Err(Code::OtherOffice)),
            (hers, Err(Code::OfficeAdminOnly)),
        ] {
            assert_eq!(decide(&facts), expected, "{facts:?}");
        }
    }
}
