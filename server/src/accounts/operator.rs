//! What the operator of the machine does with accounts, for whoever has no admin at hand.

use super::close::end_account;
use super::reasons::Reason;
use super::unlock::{name_of, open};
use super::{AccountBody, store};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::error::Result;
use crate::store::Tx;
use tsumugi_protocol::{AccountId, AccountState, Code, Millis};

/// An account as the operator sees it: nothing by which anybody could come in.
pub struct AccountSeen {
    /// Its address; a closed one has none.
    pub email: String,
    /// What may be done with it.
    pub state: AccountState,
    /// Until when its sign-in is locked.
    pub locked_until: Option<Millis>,
    /// How many passkeys it has.
    pub passkeys: i64,
    /// When somebody last came in.
    pub last_sign_in: Option<Millis>,
}

/// Every account, the oldest first.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn all(app: &App) -> Result<Vec<AccountSeen>> {
    let now = app.clock.now();
    let mut view = app.store.view().await?;
    let mut seen = Vec::new();
    for row in store::all(view.conn()).await? {
        let Some(state) = AccountState::of(&row.state) else { continue };
        let email = bodies::open::<AccountBody>(app, row.id, &row.sealed).await?.email;
        let name = app.lookup.sign_in_name(&AccountBody::normal_email(&email));
        let locked_until = store::locked_until(view.conn(), name.as_bytes(), now).await?;
        let (passkeys, last_sign_in) = (row.passkeys, row.last_sign_in);
        seen.push(AccountSeen { email, state, locked_until, passkeys, last_sign_in });
    }
    Ok(seen)
}

/// Opens a locked sign-in before its time; whether it was locked.
///
/// # Errors
/// `reason_missing`; when it cannot be stored.
pub async fn unlock_as_operator(app: &App, account: AccountId, why: &str) -> Result<bool> {
    let reason = Reason::of(app, account, why).await?;
    let name = name_of(app, account).await?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<bool> {
            open(&inner, tx, (account, &name), &reason, None, now).await
        })
        .await
}

/// Suspends or restores an account; whether it was in another state.
///
/// # Errors
/// `reason_missing`; `not_found` for one that is closed; when it cannot be stored.
pub async fn set_state_as_operator(
    app: &App,
    account: AccountId,
    state: AccountState,
    why: &str,
) -> Result<bool> {
    let reason = Reason::of(app, account, why).await?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<bool> {
            tx.turn_account(&inner, (account, state), &reason, None, now).await
        })
        .await
}

/// Closes an account in its holder's stead, on an enquiry that the reason records (002-2.1S4).
///
/// # Errors
/// `reason_missing`; `not_found` for one that is closed; when it cannot be stored.
pub async fn close_as_operator(app: &App, account: AccountId, why: &str) -> Result<()> {
    let reason = Reason::of(app, account, why).await?;
    let (inner, now) = (app.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let row = store::account(tx.conn(), account).await?.filter(|row| !row.is_closed());
            end_account(&inner, tx, &row.ok_or(Code::NotFound)?, None, now).await?;
            reason.write(tx, None, "accounts.close", now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.close",
                subject: Some(account.0),
                detail: Some(reason.detail()),
                ..Entry::default()
            };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}
