//! What follows from a decision, whoever took it: the row, the mark on the card, a word to its holder, the trace.

use super::store::VerificationRow;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::store::Tx;
use tsumugi_protocol::{AccountId, Mark, Millis, NoticeKind, SessionId, VerificationState};

/// Who decided.
#[derive(Debug, Clone, Copy)]
pub(super) enum Decider {
    /// Somebody of the region's desk, in a session of hers.
    Desk(AccountId, SessionId),
    /// Whoever runs the machine.
    Operator,
}

/// Writes it.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn settle(
    app: &App,
    tx: &mut Tx,
    row: &VerificationRow,
    (state, reason): (VerificationState, &[u8]),
    by: Decider,
    now: Millis,
) -> Result<()> {
    let (account, session) = match by {
        Decider::Desk(account, session) => (Some(account), Some(session)),
        Decider::Operator => (None, None),
    };
    let kind = match state {
        VerificationState::Approved => {
            tx.mark_card(app, row.affiliation, Some(Mark::Verified), now).await?;
            NoticeKind::Verified
        }
        VerificationState::Rejected | VerificationState::Asked | VerificationState::Lapsed => {
            NoticeKind::VerificationRejected
        }
    };
    tx.decide_verification(row.id, state, account, reason, now).await?;
    Notice::of(kind).tell(app, tx, row.account).await?;
    let entry = Entry {
        at: now,
        act: "verifications.decide",
        account,
        session,
        subject: Some(row.id.0),
        detail: Some(format!(r#"{{"state":"{}"}}"#, state.as_str())),
        ..Entry::default()
    };
    Ok(app.audit.append(tx, &entry).await?)
}
