//! Closing somebody's account in her stead: by an administrator of her office, on a case of the support desk (002-2.1S4).

use super::store;
use crate::accounts::close::end_account;
use crate::accounts::overseeing::Facts;
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{AccountId, AccountState, CloseFor, Code, Done, Millis};

/// Closes it, with a fresh proof of the administrator. The case is used up by that.
///
/// # Errors
/// As [`decide`]; `step_up_required`; `account_restricted`; `not_while_shared` where either account is shared.
pub async fn close_for(app: &App, who: &Arc<Session>, ask: CloseFor) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let now = app.clock.now();
    {
        let mut view = app.store.view().await?;
        decide(&known(app, view.conn(), (who.account, ask.account), now).await?)?;
    }
    app.passkeys.fresh.require(who, now)?;
    let (inner, who, account) = (app.clone(), who.clone(), ask.account);
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            tx.hold_seats(account).await?;
            decide(&known(&inner, tx.conn(), (who.account, account), now).await?)?;
            let row = accounts::account(tx.conn(), account).await?.ok_or(Code::NotFound)?;
            if row.is_shared {
                return Err(Code::NotWhileShared.into());
            }
            let case = store::open_case(tx.conn(), who.account, account, now).await?;
            let case = case.ok_or(Code::HolderOrSupportOnly)?;
            tx.use_support_case(case, who.account, now).await?;
            end_account(&inner, tx, &row, Some(who.account), now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.close_for",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(account.0),
                detail: Some(format!(r#"{{"case":"{case}"}}"#)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

/// What is known of the two, and of a case.
#[derive(Debug, Clone, Copy)]
struct Known {
    facts: Facts,
    /// Whoever asks is an admin of the office that she worked for last, and she has no place now.
    was_her_admin: bool,
    /// One is open for an office of which whoever asks is an admin.
    has_case: bool,
}

async fn known(
    app: &App,
    conn: &mut Conn,
    (asking, about): (AccountId, AccountId),
    now: Millis,
) -> Result<Known> {
    Ok(Known {
        facts: Facts::of(app, conn, asking, about).await?,
        was_her_admin: store::was_admin_of(conn, asking, about).await?,
        has_case: store::open_case(conn, asking, about, now).await?.is_some(),
    })
}

/// Whether somebody may close that account.
///
/// # Errors
/// `office_admin_only`; `other_office`, the same for an account of another office and one that is not there;
/// `not_for_yourself`; `not_found` for a closed one; without a case `holder_or_support_only`; as [`Facts::let_go`].
fn decide(known: &Known) -> Result<(), Code> {
    let facts = &known.facts;
    if !facts.is_her_admin && !known.was_her_admin {
        return Err(if facts.is_admin { Code::OtherOffice } else { Code::OfficeAdminOnly });
    }
    if facts.is_own {
        return Err(Code::NotForYourself);
    }
    if matches!(facts.state, None | Some(AccountState::Closed)) {
        return Err(Code::NotFound);
    }
    if !known.has_case {
        return Err(Code::HolderOrSupportOnly);
    }
    facts.let_go()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_closes_whose_account_by_table() {
        let facts = Facts {
            is_own: false,
            is_her_admin: true,
            is_her_desk: false,
            is_admin: true,
            is_only_admin: false,
            is_needed_admin: false,
            is_last_desk: false,
            answers_for_shared: false,
            state: Some(AccountState::Active),
        };
        let case = Known { facts, was_her_admin: false, has_case: true };
        let none = Known { has_case: false, ..case };
        let with = |facts| Known { facts, ..case };
        let other = Facts { is_her_admin: false, ..facts };
        for (known, expected) in [
            (case, Ok(())),
            (none, Err(Code::HolderOrSupportOnly)),
            (Known { was_her_admin: true, ..with(other) }, Ok(())),
            (with(Facts { state: Some(AccountState::Suspended), ..facts }), Ok(())),
            (with(other), Err(Code::OtherOffice)),
            (with(Facts { is_her_desk: true, ..other }), Err(Code::OtherOffice)),
            (with(Facts { state: None, ..other }), Err(Code::OtherOffice)),
            (with(Facts { is_admin: false, is_her_desk: true, ..other }), Err(Code::OfficeAdminOnly)),
            (with(Facts { is_own: true, ..facts }), Err(Code::NotForYourself)),
            (with(Facts { state: Some(AccountState::Closed), ..facts }), Err(Code::NotFound)),
            (with(Facts { is_needed_admin: true, ..facts }), Err(Code::LastAdmin)),
            (with(Facts { is_last_desk: true, ..facts }), Err(Code::LastDesk)),
            (with(Facts { answers_for_shared: true, ..facts }), Err(Code::AnswersForShared)),
            (
                Known { has_case: false, ..with(Facts { is_needed_admin: true, ..facts }) },
                Err(Code::HolderOrSupportOnly),
            ),
        ] {
            assert_eq!(decide(&known), expected, "{known:?}");
        }
    }
}
