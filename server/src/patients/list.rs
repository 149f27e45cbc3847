//! The patients somebody takes part in the care of, and those she may correct, each with the accounts beside her.

use super::PatientBody;
use super::confirmations::store as confirmations;
use super::store::{self, Desk, PatientRow};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::policy::Asked;
use crate::sessions::Session;
use crate::store::Conn;
use std::collections::{BTreeMap, BTreeSet};
use tsumugi_protocol::{
    Corrector, OfficeCorrectors, PatientAccount, PatientId, PatientList, PatientSeen, PersonKind,
};

/// For staff; nobody else has any here. Nothing of what is written in timelines is among it.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn list(app: &App, who: &Session) -> Result<PatientList> {
    if who.kind != PersonKind::Staff {
        return Ok(PatientList { patients: Vec::new(), correctors: Vec::new() });
    }
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let standing = Standing {
        in_care: store::in_care_of(conn, who.account).await?.into_iter().collect(),
        desks: store::desks(conn, who.account).await?,
    };
    let mut accounts: BTreeMap<PatientId, Vec<PatientAccount>> = BTreeMap::new();
    for own in confirmations::accounts_beside(conn, who.account).await? {
        let confirmation = match confirmations::standing(conn, own.affiliation).await? {
            Some(row) => Some(row.shown(app, conn).await?),
            None => None,
        };
        accounts.entry(own.patient).or_default().push(PatientAccount {
            affiliation: own.affiliation,
            card: (*app.cards.one(app, conn, own.card).await?).clone(),
            is_asked: false,
            confirmation,
        });
    }
    let mut patients = Vec::new();
    for row in store::of_concern_to(conn, who.account).await? {
        let asks = app.policies.named(&row.profile)?.patient_confirmation != Asked::Off;
        let is_hers = asks && standing.answers_for(&row);
        let mut accounts = accounts.remove(&row.id).unwrap_or_default();
        for account in &mut accounts {
            let is_own = account.card.kind == PersonKind::Patient;
            account.is_asked = is_hers && is_own && account.confirmation.is_none();
        }
        patients.push(PatientSeen {
            patient: bodies::open::<PatientBody>(app, row.id, &row.sealed).await?.shown(row.id),
            takes_part: standing.in_care.contains(&row.id),
            may_correct: standing.may_correct(&row),
            accounts,
        });
    }
    patients.sort_by_cached_key(|seen| (PatientBody::order(&seen.patient), seen.patient.id));
    let correctors = correctors(app, conn, &standing.desks).await?;
    Ok(PatientList { patients, correctors })
}

/// What the reader has to do with patients.
struct Standing {
    in_care: BTreeSet<PatientId>,
    desks: Vec<Desk>,
}

impl Standing {
    /// Whether it is for her to see that the accounts of a patient are confirmed (002-2.1R3): the steward's staff who care for
    /// her, and who runs that office.
    fn answers_for(&self, row: &PatientRow) -> bool {
        let takes_part = self.in_care.contains(&row.id);
        self.desks.iter().any(|desk| desk.office == row.office && (desk.is_run || takes_part))
    }

    fn may_correct(&self, row: &PatientRow) -> bool {
        self.desks.iter().any(|desk| desk.office == row.office && desk.may_correct)
    }
}

async fn correctors(app: &App, conn: &mut Conn, desks: &[Desk]) -> Result<Vec<OfficeCorrectors>> {
    let mut all = Vec::new();
    for desk in desks.iter().filter(|desk| desk.is_run) {
        let mut staff = Vec::new();
        for (affiliation, card) in store::correctors(conn, desk.office).await? {
            staff.push(Corrector { affiliation, card: (*app.cards.one(app, conn, card).await?).clone() });
        }
        all.push(OfficeCorrectors { office: desk.office, staff });
    }
    Ok(all)
}
