//! The exceptions that somebody looks after or declared herself, with who came in under them, and what she may declare.

use super::looking_after::{Part, is_over};
use super::store::{self, ExceptionRow, UnderRow};
use super::{ExceptionBody, ReviewBody, is_known, kinds, most_hours};
use crate::accounts::AccountBody;
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::offices::{OfficeBody, store as offices};
use crate::regions::store as regions;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, ExceptionBy, ExceptionList, ExceptionOffice, ExceptionReview, ExceptionSeen, ExceptionSession,
    MayDeclare, Millis, OfficeId, RegionId,
};

/// † At most so many are looked through, the latest first.
const SHOWN: i64 = 200;

/// What is any business of hers.
///
/// # Errors
/// When they cannot be read or opened.
pub async fn list(app: &App, who: &Arc<Session>) -> Result<ExceptionList> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    let now = app.clock.now();
    let mut exceptions = Vec::new();
    for row in store::of_regions(conn, who.account, SHOWN).await? {
        let part = Part::of(conn, who, &row).await?;
        if part.sees() {
            exceptions.push(shown(app, conn, (who, part), row, now).await?);
        }
    }
    Ok(ExceptionList { exceptions, may_declare: may_declare(app, conn, who.account).await? })
}

async fn shown(
    app: &App,
    conn: &mut Conn,
    (who, part): (&Session, Part),
    row: ExceptionRow,
    now: Millis,
) -> Result<ExceptionSeen> {
    let body = bodies::open::<ExceptionBody>(app, row.id, &row.sealed).await?;
    let administered = store::administered_in(conn, who.account, row.region).await?;
    let mut sessions = Vec::new();
    for under in store::sessions_under(conn, row.id).await? {
        if is_shown(part, &administered, &under) {
            sessions.push(session(app, conn, under).await?);
        }
    }
    let review = match &row.review {
        None => None,
        Some((at, by, sealed)) => {
            let note = bodies::open::<ReviewBody>(app, row.id, sealed).await?.note;
            Some(ExceptionReview { by: AccountBody::of(app, *by).await?.name, at: *at, note })
        }
    };
    let over = is_over(&row, now);
    let mut area = Vec::new();
    for office in store::offices_of(conn, row.id).await? {
        area.push(named(app, conn, office).await?);
    }
    Ok(ExceptionSeen {
        exception: row.id,
        region: row.region,
        offices: area,
        kind: row.kind,
        by: row.by,
        declared_by: AccountBody::of(app, row.declared_by).await?.name,
        area: body.area,
        reason: body.reason,
        at: row.declared_at,
        until: row.until,
        ended_at: row.ended_at.or_else(|| over.then_some(row.until)),
        sessions,
        may_end: !over && part.may_end(row.by),
        may_review: over && review.is_none() && part.may_review(row.by),
        review,
    })
}

/// The desk sees everybody who came in, an admin her own people, who declared it for herself nobody else.
fn is_shown(part: Part, administered: &[OfficeId], under: &UnderRow) -> bool {
    part.is_desk || (part.is_admin && under.office.is_some_and(|office| administered.contains(&office)))
}

async fn session(app: &App, conn: &mut Conn, under: UnderRow) -> Result<ExceptionSession> {
    let card = (*app.cards.one(app, conn, under.card).await?).clone();
    Ok(ExceptionSession { card, client: under.client, opened_at: under.opened_at, ended_at: under.ended_at })
}

async fn named(app: &App, conn: &mut Conn, office: OfficeId) -> Result<ExceptionOffice> {
    let row = offices::office(conn, office).await?;
    let name = match row {
        Some(row) => bodies::open::<OfficeBody>(app, office, &row.sealed).await?.name,
        None => String::new(),
    };
    Ok(ExceptionOffice { office, name })
}

/// As the desk for all offices of its regions, as an admin for her own.
async fn may_declare(app: &App, conn: &mut Conn, account: AccountId) -> Result<Vec<MayDeclare>> {
    let mut all = Vec::new();
    let desks = store::desks(conn, account).await?;
    for region in &desks {
        let ids: Vec<OfficeId> =
            offices::of_region(conn, *region).await?.into_iter().map(|(office, ..)| office).collect();
        all.extend(one(app, conn, (*region, ExceptionBy::Secretariat), &ids).await?);
    }
    for office in crate::accounts::store::offices_administered(conn, account).await? {
        let Some(row) = offices::office(conn, office).await? else { continue };
        if !desks.contains(&row.region) {
            all.extend(one(app, conn, (row.region, ExceptionBy::OfficeAdmin), &[office]).await?);
        }
    }
    Ok(all)
}

/// What the rules of a region let somebody declare; nothing where they know no exception of hers.
async fn one(
    app: &App,
    conn: &mut Conn,
    (region, by): (RegionId, ExceptionBy),
    ids: &[OfficeId],
) -> Result<Option<MayDeclare>> {
    let Some(profile) = regions::profile(conn, region).await? else { return Ok(None) };
    let rules = app.policies.named(&profile)?;
    let kinds: Vec<_> =
        kinds(&rules).into_iter().filter(|kind| is_known(&rules, *kind, by).is_ok()).collect();
    if kinds.is_empty() {
        return Ok(None);
    }
    let mut offices = Vec::new();
    for office in ids {
        offices.push(named(app, conn, *office).await?);
    }
    offices.sort_by(|one, other| (&one.name, one.office).cmp(&(&other.name, other.office)));
    Ok(Some(MayDeclare { region, by, offices, kinds, hours: most_hours(&rules, by) }))
}
