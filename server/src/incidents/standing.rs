//! Where an incident stands, and who may do something about it.

use super::store::{self, IncidentRow};
use crate::accounts::Facts;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{Code, IncidentId, IncidentStatus};

/// What is to be done with an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Passing a draft on.
    PassOn,
    /// Seeing it, with an instruction or without.
    See,
    /// Securing account and devices.
    Secure,
    /// Closing it.
    Close,
}

/// Whether it may be done as it stands.
///
/// # Errors
/// `incident_closed`; `incident_unsent` for a draft; `incident_unseen` for closing what nobody has seen.
pub(super) fn decide(status: IncidentStatus, step: Step) -> Result<(), Code> {
    use IncidentStatus::{Closed, Draft, New, Seen};
    match (step, status) {
        (_, Closed) => Err(Code::IncidentClosed),
        (Step::See | Step::Close, Draft) => Err(Code::IncidentUnsent),
        (Step::Close, New) => Err(Code::IncidentUnseen),
        (Step::PassOn | Step::Secure, Draft | New | Seen) | (Step::See, New | Seen) | (Step::Close, Seen) => {
            Ok(())
        }
    }
}

/// An incident that whoever asks is to deal with. Nobody deals with one about her own account, unless her office has no other
/// admin.
///
/// # Errors
/// `not_found` for one of others and one that is not there; `not_for_yourself`; as [`decide`].
pub(super) async fn dealt_with(
    app: &App,
    conn: &mut Conn,
    who: &Arc<Session>,
    id: IncidentId,
    step: Step,
) -> Result<IncidentRow> {
    let found = store::incident_for(conn, who.account, id).await?.ok_or(Code::NotFound)?;
    decide(found.status, step)?;
    if found.account == Some(who.account) && step != Step::PassOn {
        let facts = Facts::of(app, conn, who.account, who.account).await?;
        if !facts.is_only_admin || step == Step::Secure {
            return Err(Code::NotForYourself.into());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use IncidentStatus::{Closed, Draft, New, Seen};

    #[test]
    fn what_may_be_done_where_it_stands() {
        for (status, step, expected) in [
            (Draft, Step::PassOn, Ok(())),
            (Draft, Step::See, Err(Code::IncidentUnsent)),
            (Draft, Step::Secure, Ok(())),
            (Draft, Step::Close, Err(Code::IncidentUnsent)),
            (New, Step::See, Ok(())),
            (New, Step::Secure, Ok(())),
            (New, Step::Close, Err(Code::IncidentUnseen)),
            (Seen, Step::See, Ok(())),
            (Seen, Step::Close, Ok(())),
            (Closed, Step::PassOn, Err(Code::IncidentClosed)),
            (Closed, Step::See, Err(Code::IncidentClosed)),
            (Closed, Step::Secure, Err(Code::IncidentClosed)),
            (Closed, Step::Close, Err(Code::IncidentClosed)),
        ] {
            assert_eq!(decide(status, step), expected, "{status:?} {step:?}");
        }
    }
}
