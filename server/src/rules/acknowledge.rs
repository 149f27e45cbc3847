//! Somebody has read a region's rules and keeps to them: per person and version (000§0, 002-intro3).

use super::KnownRules;
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::sessions::{NewSession, Origin, Session};
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AcknowledgeRules, Code, Next, Refusal};

/// Keeps it under the version in force, and gives the session another token; whole where nothing else is open.
///
/// # Errors
/// `second_factor_required`, `password_expired`, `acting_person_required` while those steps are open; `not_found` for a region
/// one does not belong to; `policy_version_stale` for a version that is not in force; as
/// [`Opening::replace`](crate::sessions::Opening::replace).
pub async fn acknowledge(
    app: &App,
    origin: &Origin,
    who: &Arc<Session>,
    ask: AcknowledgeRules,
) -> Result<(Secret, Session)> {
    comes_last(who.next.first())?;
    let now = app.clock.now();
    let (version, is_asked_still) = {
        let mut view = app.store.view().await?;
        let known = KnownRules::of_session(view.conn(), who).await?;
        let row = known.in_region(ask.region).ok_or(Code::NotFound)?;
        let in_force = app.policies.named(&row.profile)?.edition();
        decide(&ask.version, &in_force)?;
        let after = known.having_read(ask.region, &in_force, now);
        (in_force, after.is_asked(&app.policies)?)
    };
    let next: Vec<Next> =
        who.next.iter().copied().filter(|next| *next != Next::Rules || is_asked_still).collect();
    let new = NewSession::after(app, who, &who.factors, &next);
    let opening = new.rows("rules.acknowledge", origin, now).about(ask.region.0).under(&version);
    let (inner, old) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.insert_acknowledged((old.account, old.acting), (ask.region, &version), now).await?;
            opening.replace(&inner, tx, &old).await
        })
        .await?;
    Ok((new.token, new.session))
}

/// Whoever has not come in altogether shows who she is before she acknowledges anything.
fn comes_last(next: Option<&Next>) -> Result<(), Code> {
    match next {
        Some(Next::SecondFactor) => Err(Code::SecondFactorRequired),
        Some(Next::NewPassword) => Err(Code::PasswordExpired),
        Some(Next::ActingPerson) => Err(Code::ActingPersonRequired),
        Some(Next::Rules) | None => Ok(()),
    }
}

/// Only what holds now is acknowledged.
fn decide(shown: &str, in_force: &str) -> Result<(), Refusal> {
    if shown == in_force {
        Ok(())
    } else {
        Err(Refusal::new(Code::PolicyVersionStale).with("version", in_force))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_acknowledged_that_holds_and_by_who_has_come_in() {
        assert_eq!(decide("2.2", "2.2"), Ok(()));
        for shown in ["1.2", "2.3", "", "2.2 "] {
            assert_eq!(decide(shown, "2.2").unwrap_err().code, Code::PolicyVersionStale, "{shown:?}");
        }
        for (next, expected) in [
            (None, Ok(())),
            (Some(Next::Rules), Ok(())),
            (Some(Next::SecondFactor), Err(Code::SecondFactorRequired)),
            (Some(Next::NewPassword), Err(Code::PasswordExpired)),
            (Some(Next::ActingPerson), Err(Code::ActingPersonRequired)),
        ] {
            assert_eq!(comes_last(next.as_ref()), expected, "{next:?}");
        }
    }
}
