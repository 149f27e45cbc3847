//! The desk declares a disaster for its region or some of its offices, an admin for her own (001§24, 004§10b, c-28).

use super::store::{self, NewException};
use super::{ExceptionBody, hours, is_known, most_hours, reason, within};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::Result;
use crate::notices::Notice;
use crate::offices::store as offices;
use crate::policy::Profile;
use crate::regions::store as regions;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{Code, DeclareException, Done, ExceptionBy, NoticeKind, OfficeId, Refusal};

/// Holds from now on, for at most as many hours as the rules allow; who looks after the offices is told. The same again
/// changes nothing.
///
/// # Errors
/// As [`decide`]; `id_taken` for an id that stands for another; `account_restricted`.
pub async fn declare(app: &App, who: &Arc<Session>, ask: DeclareException) -> Result<Done> {
    who.let_write()?;
    let sealed = {
        let mut view = app.store.view().await?;
        let (facts, rules) = facts(app, view.conn(), who, &ask).await?;
        decide(&facts, &rules, &ask)?;
        store::region_sealed(view.conn(), ask.region).await?.ok_or(Code::NotFound)?
    };
    app.keys.ready(seal::key_of(&sealed)?).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let (facts, rules) = facts(&inner, tx.conn(), &who, &ask).await?;
            let by = decide(&facts, &rules, &ask)?;
            if let Some(declarer) = store::declarer(tx.conn(), ask.exception).await? {
                return if declarer == who.account { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            let key = inner.keys.ready(seal::key_of(&sealed)?).await?;
            let (why, area) = (reason(&ask.reason)?, within(ask.area.trim(), "area")?);
            let body =
                ExceptionBody { v: FORMAT, reason: why, area: Some(area) }.sealed(&key, ask.exception)?;
            let new = NewException {
                id: ask.exception,
                region: ask.region,
                kind: ask.kind,
                by,
                declared_by: who.account,
                own: None,
                sealed: &body,
                until: now.plus(hours(ask.hours)),
            };
            let area: BTreeSet<OfficeId> = ask.offices.iter().copied().collect();
            let area: Vec<OfficeId> = area.into_iter().collect();
            tx.insert_exception(&new, &area, now).await?;
            let detail = format!(
                r#"{{"kind":"{}","as":"{}","offices":{},"hours":{}}}"#,
                ask.kind.as_str(),
                by.as_str(),
                area.len(),
                ask.hours
            );
            let entry = Entry {
                at: now,
                act: "exceptions.declare",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(ask.region),
                subject: Some(ask.exception.0),
                profile: Some(rules.name()),
                detail: Some(detail),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            for account in store::told_of(tx.conn(), ask.exception).await? {
                if account != who.account {
                    Notice::of(NoticeKind::ExceptionDeclared).tell(&inner, tx, account).await?;
                }
            }
            Ok(Done {})
        })
        .await
}

/// What somebody is in a region.
#[derive(Debug, Clone, Default)]
struct Facts {
    is_desk: bool,
    administered: Vec<OfficeId>,
    offices: Vec<OfficeId>,
}

/// With the rules of the region that is named.
///
/// # Errors
/// `not_found` where there is none.
async fn facts(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &DeclareException,
) -> Result<(Facts, Arc<Profile>)> {
    let profile = regions::profile(conn, ask.region).await?.ok_or(Code::NotFound)?;
    let facts = Facts {
        is_desk: store::desks(conn, who.account).await?.contains(&ask.region),
        administered: store::administered_in(conn, who.account, ask.region).await?,
        offices: offices::of_region(conn, ask.region).await?.into_iter().map(|(office, ..)| office).collect(),
    };
    Ok((facts, app.policies.named(&profile)?))
}

/// As what somebody declares it.
///
/// # Errors
/// `not_found` for who is neither of the region's desk nor an admin of each office that is named, and for offices that are not
/// there; `exception_not_allowed` where the rules do not know it (K-81, K-82); `exception_reason_missing`; `bad_field` for words
/// that are missing or too long, and for hours that are none or too many.
fn decide(facts: &Facts, rules: &Profile, ask: &DeclareException) -> Result<ExceptionBy, Refusal> {
    let all_hers =
        !ask.offices.is_empty() && ask.offices.iter().all(|office| facts.administered.contains(office));
    let are_there = ask.offices.iter().all(|office| facts.offices.contains(office));
    let by = match (facts.is_desk && are_there, all_hers) {
        (true, _) => ExceptionBy::Secretariat,
        (false, true) => ExceptionBy::OfficeAdmin,
        (false, false) => return Err(Code::NotFound.into()),
    };
    is_known(rules, ask.kind, by)?;
    reason(&ask.reason)?;
    let wrong = |field: &'static str| Refusal::new(Code::BadField).with("field", field);
    if within(ask.area.trim(), "area")?.is_empty() {
        return Err(wrong("area"));
    }
    if ask.hours == 0 || ask.hours > most_hours(rules, by) {
        return Err(wrong("hours"));
    }
    Ok(by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;
    use tsumugi_protocol::{ExceptionId, ExceptionKind, RegionId};
    use uuid::Uuid;

    fn office(n: u128) -> OfficeId {
        OfficeId(Uuid::from_u128(n))
    }

    #[test]
    fn who_declares_what_for_whom_and_for_how_long() {
        use ExceptionKind::{Disaster, LifeOrBody};
        let rules = Policies::shipped().unwrap().named("miyazaki").unwrap();
        let (desk, admin, nobody) = ((true, &[][..]), (false, &[office(1)][..]), (false, &[][..]));
        for (who, offices, kind, why, area, hours, expected) in [
            (desk, &[][..], Disaster, "地震", "市内", 168, "secretariat"),
            (desk, &[office(1), office(2)][..], Disaster, "地震", "市内", 1, "secretariat"),
            (desk, &[], Disaster, "地震", "市内", 169, "bad_field"),
            (desk, &[], Disaster, "地震", "市内", 0, "bad_field"),
            (desk, &[], Disaster, "地震", " ", 24, "bad_field"),
            (desk, &[], Disaster, " ", "市内", 24, "exception_reason_missing"),
            (desk, &[], LifeOrBody, "地震", "市内", 24, "exception_not_allowed"),
            (desk, &[office(9)], Disaster, "地震", "市内", 24, "not_found"),
            (admin, &[office(1)], Disaster, "停電", "町内", 24, "office_admin"),
            (admin, &[office(1)], Disaster, "停電", "町内", 25, "bad_field"),
            (admin, &[], Disaster, "停電", "町内", 24, "not_found"),
            (admin, &[office(1), office(2)], Disaster, "停電", "町内", 24, "not_found"),
            (nobody, &[], Disaster, "", "", 0, "not_found"),
            (nobody, &[office(1)], Disaster, "停電", "町内", 24, "not_found"),
        ] {
            let facts =
                Facts { is_desk: who.0, administered: who.1.to_vec(), offices: vec![office(1), office(2)] };
            let ask = DeclareException {
                exception: ExceptionId(Uuid::nil()),
                region: RegionId(Uuid::nil()),
                offices: offices.to_vec(),
                kind,
                area: area.to_owned(),
                reason: why.to_owned(),
                hours,
            };
            let said = decide(&facts, &rules, &ask);
            let said = said.map_or_else(|refusal| refusal.code.as_str(), ExceptionBy::as_str);
            assert_eq!(said, expected, "{who:?} {offices:?} {kind:?} {hours}");
        }
    }
}
