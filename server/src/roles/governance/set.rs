//! Who holds the governance roles of an office (002-3a, 002-3b): its own to say. In a small office its head holds all of them.

use super::store::GovernanceRow;
use crate::accounts::store as accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::offices;
use crate::roles::day;
use crate::roles::standing::Standing;
use crate::sessions::Session;
use crate::store::Tx;
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, Refusal, SetGovernance};

/// Writes it down, in place of what was there.
///
/// # Errors
/// As [`Standing::decides`]; `bad_field` for a role that is named twice, names beside the switch of a small office, or a day that is
/// none; `not_found` for who does not work there; `account_restricted`; `not_while_shared`.
pub async fn set_governance(app: &App, who: &Arc<Session>, ask: SetGovernance) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let now = app.clock.now();
    let committee_rules_on = day(ask.committee_rules_on.as_deref(), "committee_rules_on", now)?;
    let named: BTreeSet<_> = ask.holders.iter().map(|holder| holder.role).collect();
    if named.len() != ask.holders.len() || (ask.is_small && !named.is_empty()) {
        return Err(Refusal::new(Code::BadField).with("field", "holders").into());
    }
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let office = offices::store::office(tx.conn(), ask.office).await?;
            let at = office.as_ref().map(|office| (ask.office, office.region));
            Standing::of(tx.conn(), who.account, at).await?.decides()?;
            let office = office.ok_or(Code::OtherOffice)?;
            for holder in &ask.holders {
                let place = accounts::place(tx.conn(), holder.affiliation).await?;
                let works_there = place.is_some_and(|it| it.office == Some(ask.office) && !it.has_ended);
                if !works_there {
                    return Err(Code::NotFound.into());
                }
            }
            let committee_rules_on = committee_rules_on.map(|day| day.to_string());
            let row = GovernanceRow { is_small: ask.is_small, committee_rules_on };
            tx.replace_governance(ask.office, &row, &ask.holders, now).await?;
            let holders: Vec<String> = ask
                .holders
                .iter()
                .map(|holder| format!(r#""{}":"{}""#, holder.role.as_str(), holder.affiliation))
                .collect();
            let entry = Entry {
                at: now,
                act: "roles.set_governance",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(office.region),
                subject: Some(ask.office.0),
                detail: Some(format!(
                    r#"{{"is_small":{},"holders":{{{}}}}}"#,
                    ask.is_small,
                    holders.join(",")
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}
