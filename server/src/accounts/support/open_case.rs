//! Opening a case: by the operator, on an enquiry that is kept sealed, for a limited time.

use super::store;
use crate::accounts::store as accounts;
use crate::accounts::{AccountBody, Reason};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::crypto::random;
use crate::error::Result;
use crate::notices::Notice;
use crate::store::Tx;
use std::time::Duration;
use tsumugi_protocol::{AccountId, Code, Millis, NoticeKind, OfficeId};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// For how many days a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseDays(u32);

impl CaseDays {
    /// † Where none is named.
    pub const USUAL: Self = Self(7);
    /// † At most.
    const MOST: u32 = 30;

    /// So many, if that is a case's time.
    #[must_use]
    pub fn of(days: u32) -> Option<Self> {
        (1..=Self::MOST).contains(&days).then_some(Self(days))
    }
}

/// Opens a case about an account for one office; an earlier one about it ends. Its holder and that office's administrators are
/// told. Until when it stands.
///
/// # Errors
/// `reason_missing`; `not_found` for an account that is closed, and for an office that is none of [`SupportCase::offices`];
/// when it cannot be stored.
pub async fn open_support_case(
    app: &App,
    about: (AccountId, OfficeId),
    enquiry: &str,
    days: CaseDays,
) -> Result<Millis> {
    let (account, office) = about;
    let reason = Reason::of(app, account, enquiry).await?;
    let (inner, now) = (app.clone(), app.clock.now());
    let until = now.plus(DAY.saturating_mul(days.0));
    app.store
        .act(async move |tx: &mut Tx| -> Result<Millis> {
            let row = accounts::account(tx.conn(), account).await?.filter(|row| !row.is_closed());
            let row = row.ok_or(Code::NotFound)?;
            let offices = store::offices_now_or_last(tx.conn(), account).await?;
            if !offices.iter().any(|(id, _)| *id == office) {
                return Err(Code::NotFound.into());
            }
            reason.write(tx, None, "accounts.support_case", now).await?;
            let case = random::new_id(&inner.clock);
            tx.end_support_cases(account, now).await?;
            tx.insert_support_case(case, about, reason.id.0, (now, until)).await?;
            let detail = format!(
                r#"{{"reason":"{}","case":"{case}","office":"{office}","until":{}}}"#,
                reason.id.0, until.0
            );
            let entry = Entry {
                at: now,
                act: "accounts.support_case",
                subject: Some(account.0),
                detail: Some(detail),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::SupportCase).tell(&inner, tx, account).await?;
            let name = bodies::open::<AccountBody>(&inner, account, &row.sealed).await?.name;
            let notice = Notice::of(NoticeKind::StaffSupportCase).naming(name);
            for admin in store::admins_of(tx.conn(), office).await? {
                if admin != account {
                    notice.tell(&inner, tx, admin).await?;
                }
            }
            Ok(until)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_stands_for_one_to_thirty_days() {
        assert_eq!([0, 31, u32::MAX].map(CaseDays::of), [None; 3]);
        assert_eq!([1, 30].map(CaseDays::of), [Some(CaseDays(1)), Some(CaseDays(30))]);
        assert_eq!(CaseDays::of(7), Some(CaseDays::USUAL));
    }
}
