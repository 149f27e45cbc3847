//! Somebody declares for herself that she needs the service from a device that is not in the ledger (004§10a, c-28): it waits
//! for the link that is mailed to her, ends a few hours after it was declared, and holds for the session alone that shows it.

use super::store::{self, NewException};
use super::{ExceptionBody, hours, is_known, most_hours};
use crate::accounts::store::AffiliationRow;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::{random, seal};
use crate::error::Result;
use crate::notices::Notice;
use crate::policy::Wanted;
use crate::store::{Conn, Tx};
use tsumugi_protocol::{
    AccountId, Code, ExceptionBy, ExceptionId, ExceptionKind, Millis, NoticeKind, OfficeId, RegionId,
};

/// One that somebody is about to declare for herself.
#[derive(Debug, Clone)]
pub struct Own {
    region: RegionId,
    office: OfficeId,
    region_sealed: Vec<u8>,
    rules: String,
    hours: u32,
    kind: ExceptionKind,
    reason: String,
}

impl Own {
    /// The words of why.
    ///
    /// # Errors
    /// `exception_reason_missing`; `bad_field` when they are too long.
    pub fn reason(typed: &str) -> Result<String> {
        Ok(super::reason(typed)?)
    }

    /// In the region of hers whose rules know it, before others the one that binds her to a device.
    ///
    /// # Errors
    /// `exception_not_allowed` where the rules of none do.
    pub fn of(app: &App, places: &[AffiliationRow], (kind, reason): (ExceptionKind, String)) -> Result<Self> {
        let mut found: Option<(bool, Self)> = None;
        for place in places {
            let Some(office) = place.office else { continue };
            let rules = app.policies.named(&place.profile)?;
            let is_bound = rules.device_binding == Wanted::Required || rules.certificate_required;
            let is_better = found.as_ref().is_none_or(|(bound, _)| is_bound && !bound);
            if is_known(&rules, kind, ExceptionBy::Holder).is_ok() && is_better {
                let own = Self {
                    region: place.region,
                    office,
                    region_sealed: place.region_sealed.clone(),
                    rules: rules.name(),
                    hours: most_hours(&rules, ExceptionBy::Holder),
                    kind,
                    reason: reason.clone(),
                };
                found = Some((is_bound, own));
            }
        }
        Ok(found.map(|(_, own)| own).ok_or(Code::ExceptionNotAllowed)?)
    }

    /// Keeps it under the hash of the link.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn write(
        &self,
        app: &App,
        tx: &mut Tx,
        account: AccountId,
        link: &[u8],
        now: Millis,
    ) -> Result<()> {
        let id = ExceptionId(random::new_id(&app.clock));
        let key = app.keys.ready(seal::key_of(&self.region_sealed)?).await?;
        let sealed = ExceptionBody { v: FORMAT, reason: self.reason.clone(), area: None }.sealed(&key, id)?;
        let new = NewException {
            id,
            region: self.region,
            kind: self.kind,
            by: ExceptionBy::Holder,
            declared_by: account,
            own: Some((self.office, link)),
            sealed: &sealed,
            until: now.plus(hours(self.hours)),
        };
        tx.insert_exception(&new, &[], now).await?;
        let entry = Entry {
            at: now,
            act: "accounts.declare_exception",
            account: Some(account),
            region: Some(self.region),
            subject: Some(id.0),
            profile: Some(self.rules.clone()),
            detail: Some(format!(r#"{{"kind":"{}"}}"#, self.kind.as_str())),
            ..Entry::default()
        };
        Ok(app.audit.append(tx, &entry).await?)
    }

    /// The one that a link is for.
    ///
    /// # Errors
    /// `link_spent` for a link that is for none, or for one that was confirmed already.
    pub async fn waiting(conn: &mut Conn, account: AccountId, link: &[u8]) -> Result<ExceptionId> {
        Ok(store::waiting_for(conn, account, link).await?.ok_or(Code::LinkSpent)?)
    }

    /// Its link was shown: her admins, the desk and she herself are told at once.
    ///
    /// # Errors
    /// `link_spent` for one that was confirmed already.
    pub async fn confirm(
        app: &App,
        tx: &mut Tx,
        (account, id): (AccountId, ExceptionId),
        now: Millis,
    ) -> Result<()> {
        if !tx.confirm_exception(id, now).await? {
            return Err(Code::LinkSpent.into());
        }
        let told = store::told_of(tx.conn(), id).await?;
        for other in told.into_iter().filter(|other| *other != account).chain([account]) {
            Notice::of(NoticeKind::ExceptionDeclared).tell(app, tx, other).await?;
        }
        Ok(())
    }
}
