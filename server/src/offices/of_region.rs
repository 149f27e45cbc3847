//! The offices of a region, as its desk sees them: who runs each, and whether anybody there can.

use super::{OfficeBody, store};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::{Code, OfficeList, OfficeSeen};

/// The offices of the regions whose desk asks; what is written in rooms is not among it.
///
/// # Errors
/// `not_found` for whoever is of no desk.
pub async fn of_region(app: &App, who: &Session) -> Result<OfficeList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let regions = store::desks_of(conn, who.account).await?;
    if regions.is_empty() {
        return Err(Code::NotFound.into());
    }
    let mut offices = Vec::new();
    for region in regions {
        let admins = store::admins_of_region(conn, region).await?;
        for (office, sealed, people) in store::of_region(conn, region).await? {
            let body: OfficeBody = bodies::open(app, office, &sealed).await?;
            let mut seen = OfficeSeen {
                office,
                region,
                name: body.name,
                people: u32::try_from(people).unwrap_or(u32::MAX),
                admins: Vec::new(),
                is_administered: false,
            };
            for (_, card, acts) in admins.iter().filter(|(of, ..)| *of == office) {
                seen.admins.push((*app.cards.one(app, conn, *card).await?).clone());
                seen.is_administered |= *acts;
            }
            offices.push((body.kana, seen));
        }
    }
    offices.sort_by(|(one, a), (other, b)| (one, a.office).cmp(&(other, b.office)));
    Ok(OfficeList { offices: offices.into_iter().map(|(_, seen)| seen).collect() })
}
