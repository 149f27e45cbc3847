//! Raising an incident: at once, with its time, to those who are to deal with it (000-note(3)j, 001§28-3b, K-72).

use super::IncidentBody;
use super::store::{self, IncidentRow, Recipient};
use crate::accounts::store as accounts;
use crate::accounts::store::AccountRow;
use crate::accounts::{AccountBody, Facts};
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::crypto::random;
use crate::crypto::seal::{self, KeyId};
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::offices::store as offices;
use crate::policy::IncidentTo;
use crate::store::{Conn, Tx};
use std::collections::BTreeMap;
use tsumugi_protocol::{
    AccountId, CardId, DeviceId, IncidentId, IncidentKind, IncidentStatus, Millis, NoticeKind, OfficeId,
    RaisedBy,
};
use uuid::Uuid;

/// By whom it is raised, and about what.
#[derive(Debug, Clone, Copy)]
pub enum Raised {
    /// The holder of that account, about it, and a device of hers where there is one.
    ByHolder(AccountId, Option<DeviceId>),
    /// Somebody who knows the address of that account.
    ByAnybody(AccountId),
    /// Whoever stopped devices of that office: an admin, or the operator where it is nobody.
    ByStopping {
        /// The office.
        office: OfficeId,
        /// The device and who holds it, where it was a single one.
        only: Option<(DeviceId, Option<AccountId>)>,
        /// The admin.
        by: Option<AccountId>,
    },
}

impl Raised {
    fn by(&self) -> RaisedBy {
        match self {
            Self::ByHolder(..) => RaisedBy::Holder,
            Self::ByAnybody(_) => RaisedBy::Anybody,
            Self::ByStopping { by: Some(_), .. } => RaisedBy::Admin,
            Self::ByStopping { by: None, .. } => RaisedBy::Operator,
        }
    }

    fn about(&self) -> Option<AccountId> {
        match self {
            Self::ByHolder(account, _) | Self::ByAnybody(account) => Some(*account),
            Self::ByStopping { only, .. } => only.and_then(|(_, holder)| holder),
        }
    }

    fn device(&self) -> Option<DeviceId> {
        match self {
            Self::ByHolder(_, device) => *device,
            Self::ByAnybody(_) => None,
            Self::ByStopping { only, .. } => only.map(|(device, _)| device),
        }
    }

    /// A report of a stop waits until an admin has passed it on, where there is a secretariat that it goes to.
    fn status(&self, goes_to_desk: bool) -> IncidentStatus {
        match (self, goes_to_desk) {
            (Self::ByStopping { .. }, true) => IncidentStatus::Draft,
            _ => IncidentStatus::New,
        }
    }
}

impl Tx {
    /// Keeps it and tells those who are to deal with it, save whoever raised it and whose account it is.
    ///
    /// # Errors
    /// When it cannot be sealed or stored.
    pub async fn raise_incident(
        &mut self,
        app: &App,
        kind: IncidentKind,
        raised: Raised,
        text: Option<String>,
        now: Millis,
    ) -> Result<IncidentId> {
        let id = self.keep_incident(app, kind, raised, text, now).await?;
        let holder = match raised.about() {
            Some(account) => accounts::account(self.conn(), account).await?,
            None => None,
        };
        let notice = named(app, Notice::of(NoticeKind::IncidentRaised), holder.as_ref()).await?;
        let by = match raised {
            Raised::ByStopping { by, .. } => by,
            Raised::ByHolder(..) | Raised::ByAnybody(_) => None,
        };
        self.tell_recipients(app, id, &notice, &[raised.about(), by]).await?;
        Ok(id)
    }

    /// Keeps it without a word to anybody: those who are to deal with it were told of another one just now.
    ///
    /// # Errors
    /// As [`Tx::raise_incident`].
    pub async fn keep_incident(
        &mut self,
        app: &App,
        kind: IncidentKind,
        raised: Raised,
        text: Option<String>,
        now: Millis,
    ) -> Result<IncidentId> {
        let id = IncidentId(random::new_id(&app.clock));
        let recipients = recipients(app, self.conn(), &raised).await?;
        let sealed = match text {
            None => None,
            Some(text) => {
                let key = app.keys.ready(key_for(self.conn(), &raised).await?).await?;
                Some(IncidentBody { v: FORMAT, text }.sealed(&key, id)?)
            }
        };
        let row = IncidentRow {
            id,
            kind,
            status: raised.status(recipients.iter().any(|one| one.is_desk)),
            raised_by: raised.by(),
            account: raised.about(),
            device: raised.device(),
            sealed,
            at: now,
            card: None,
        };
        self.insert_incident(&row, &recipients).await?;
        Ok(id)
    }

    /// Tells those who are to deal with an incident; of a draft its office's admins alone.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn tell_recipients(
        &mut self,
        app: &App,
        id: IncidentId,
        notice: &Notice,
        except: &[Option<AccountId>],
    ) -> Result<()> {
        for account in store::recipients(self.conn(), id).await? {
            if !except.contains(&Some(account)) {
                notice.tell(app, self, account).await?;
            }
        }
        Ok(())
    }
}

/// A notice with the name of whom it is about, where that is somebody.
pub(super) async fn named(app: &App, notice: Notice, holder: Option<&AccountRow>) -> Result<Notice> {
    let Some(row) = holder else { return Ok(notice) };
    let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
    Ok(notice.naming(AccountBody::open(&key, row.id, &row.sealed)?.name))
}

/// The key of the account it is about, or of the office.
async fn key_for(conn: &mut Conn, raised: &Raised) -> Result<KeyId> {
    match raised {
        Raised::ByHolder(account, _) | Raised::ByAnybody(account) => {
            let row = accounts::account(conn, *account).await?;
            let row = row.ok_or_else(|| Fault::noticed("finding an account"))?;
            Ok(seal::key_of(&row.sealed)?)
        }
        Raised::ByStopping { office, .. } => {
            Ok(KeyId(crate::devices::store::key_of_office(conn, *office).await?))
        }
    }
}

/// The admins of the offices concerned, and the secretariats of their regions where the rules there say so. Where no office
/// is concerned, of a family, or the office has no other admin, the secretariat always gets it: there is nobody else.
async fn recipients(app: &App, conn: &mut Conn, raised: &Raised) -> Result<Vec<Recipient>> {
    let mut found: BTreeMap<Uuid, Recipient> = BTreeMap::new();
    // Nobody deals with an incident about herself: of an office's only admin the secretariat gets it.
    let is_alone = match raised {
        Raised::ByHolder(account, _) | Raised::ByAnybody(account) => {
            Facts::of(app, conn, *account, *account).await?.is_only_admin
        }
        Raised::ByStopping { .. } => false,
    };
    for (region, office, card, profile) in places(conn, raised).await? {
        if let Some(office) = office {
            found.insert(office.0, Recipient { recipient: office.0, is_desk: false, card });
        }
        let to = app.policies.named(&profile)?.incident_to.clone();
        if is_alone || office.is_none() || to.contains(&IncidentTo::Secretariat) {
            found.entry(region).or_insert(Recipient { recipient: region, is_desk: true, card });
        }
    }
    Ok(found.into_values().collect())
}

type Concerned = (Uuid, Option<OfficeId>, Option<CardId>, String);

async fn places(conn: &mut Conn, raised: &Raised) -> Result<Vec<Concerned>> {
    match raised {
        Raised::ByHolder(account, _) | Raised::ByAnybody(account) => {
            let places = accounts::affiliations(conn, *account).await?;
            let of = |place: accounts::AffiliationRow| {
                (place.region.0, place.office, Some(place.card), place.profile)
            };
            Ok(places.into_iter().map(of).collect())
        }
        Raised::ByStopping { office, .. } => {
            let missing = || Fault::noticed("finding a device's office");
            let row = offices::office(conn, *office).await?.ok_or_else(missing)?;
            let profile = offices::profile_of(conn, *office).await?.ok_or_else(missing)?;
            let card = match raised.about() {
                None => None,
                Some(account) => accounts::affiliations(conn, account)
                    .await?
                    .into_iter()
                    .find_map(|place| (place.office == Some(*office)).then_some(place.card)),
            };
            Ok(vec![(row.region.0, Some(*office), card, profile)])
        }
    }
}
