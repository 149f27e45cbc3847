//! Which offices ask for the reader.

use super::{AdmissionBody, store};
use crate::accounts::AccountBody;
use crate::app::App;
use crate::bodies;
use crate::error::{Fault, Result};
use crate::offices::{self, OfficeBody};
use crate::sessions::Session;
use tsumugi_protocol::{AdmissionList, AdmissionSeen, Occupation};

/// Those that wait for an answer, the oldest first: who asks, and under which name and as what she would be seen.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn list_admissions(app: &App, who: &Session) -> Result<AdmissionList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let mut admissions = Vec::new();
    for row in store::waiting(conn, who.account, app.clock.now()).await? {
        let office = offices::store::office(conn, row.office).await?;
        let office = office.ok_or_else(|| Fault::noticed("finding an office that asks"))?;
        let body: AdmissionBody = bodies::open(app, row.id, &row.sealed).await?;
        let Some(occupation) = Occupation::of(&row.occupation) else { continue };
        admissions.push(AdmissionSeen {
            admission: row.id,
            office: bodies::open::<OfficeBody>(app, row.office, &office.sealed).await?.name,
            asked_by: AccountBody::of(app, row.asked_by).await?.name,
            name: body.name,
            kana: body.kana,
            occupation,
            asked_at: row.asked_at,
            until: row.until,
        });
    }
    Ok(AdmissionList { admissions })
}
