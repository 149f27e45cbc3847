//! Registering the people of a list. What is wrong is told row by row, and nothing is written unless every row is good or whoever
//! asks says that the others are to be left out.

use super::register_staff::{Place, Registering, Typed, weighed};
use super::roster_file::{self, Row, occupation};
use super::running::{Running, is_its_desk};
use crate::accounts::store as accounts;
use crate::accounts::{AccountBody, LinkPurpose, MailedLink};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::keys::KeyKind;
use crate::crypto::random;
use crate::crypto::seal::Key;
use crate::error::{Failure, Fault, Result};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AffiliationId, Code, ImportMode, ImportOutcome, ImportRoster, ImportRow, Lang, Millis,
    OfficeId, Refusal, RegisterStaff, RosterImported,
};

/// Registers them, or only looks.
///
/// # Errors
/// As [`Running::decide`] for who is neither of the office's admins nor of its region's desk; `roster_unreadable`,
/// `roster_too_long`; `mail_not_configured`; `account_restricted`.
pub async fn import_roster(app: &App, who: &Arc<Session>, ask: ImportRoster) -> Result<RosterImported> {
    who.let_write()?;
    let by = By::Person(who.clone());
    {
        let mut view = app.store.view().await?;
        by.running(view.conn(), ask.office).await?;
    }
    let lines = roster_file::read(&ask.csv)?;
    bring_in(app, &by, (ask.office, &lines), ask.mode).await
}

/// The same for the operator of the machine: all of them are looked at first, then they come in so many at a time, and it is told
/// how far that is.
///
/// # Errors
/// `roster_unreadable`, `roster_too_long`; `mail_not_configured`; `other_office` for an office that is not there.
pub async fn import_as_operator(
    app: &App,
    (office, csv): (OfficeId, &str),
    mode: ImportMode,
    progress: impl Fn(u64, u64),
) -> Result<RosterImported> {
    /// † So many in one act.
    const AT_ONCE: usize = 20;
    let lines = roster_file::read(csv)?;
    let looked = bring_in(app, &By::Operator, (office, &lines), ImportMode::DryRun).await?;
    let is_whole = looked.rows.iter().all(|row| row.outcome != ImportOutcome::Bad);
    if mode == ImportMode::DryRun || (mode == ImportMode::All && !is_whole) {
        return Ok(looked);
    }
    let mut imported = RosterImported { is_written: true, rows: Vec::new() };
    for lines in lines.chunks(AT_ONCE) {
        let done = bring_in(app, &By::Operator, (office, lines), ImportMode::SkipBad).await?;
        imported.rows.extend(done.rows);
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        progress(count(imported.rows.len()), count(looked.rows.len()));
    }
    Ok(imported)
}

async fn bring_in(
    app: &App,
    by: &By,
    (office, lines): (OfficeId, &[Row]),
    mode: ImportMode,
) -> Result<RosterImported> {
    let weighed = {
        let mut view = app.store.view().await?;
        let running = by.running(view.conn(), office).await?;
        weigh_all(app, view.conn(), (running, by.lang()), (office, lines)).await?
    };
    let Some(new) = to_write(mode, &weighed) else {
        // Looking, too, says which addresses are taken: it is in the audit.
        let entry = entry(by, office, (weighed.len(), 0), app.clock.now());
        let inner = app.clone();
        let noted = async move |tx: &mut Tx| -> Result<()> { Ok(inner.audit.append(tx, &entry).await?) };
        app.store.act(noted).await?;
        return Ok(answer(false, weighed));
    };
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let mut keys: Vec<Key> = Vec::new();
    for id in app.keys.make_many(&vec![KeyKind::Account; new]).await? {
        keys.push(app.keys.ready(id).await?);
    }
    let links: Vec<MailedLink> = keys.iter().map(|_| MailedLink::of(app, LinkPurpose::First)).collect();
    let (inner, by, lines, now) = (app.clone(), by.clone(), lines.to_vec(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<RosterImported> {
            if let By::Person(who) = &by {
                tx.let_stand(who)?;
            }
            let running = by.running(tx.conn(), office).await?;
            let weighed = weigh_all(&inner, tx.conn(), (running, by.lang()), (office, &lines)).await?;
            // Somebody may have come by one of the addresses meanwhile; more than there are keys for there cannot be.
            if to_write(mode, &weighed).is_none_or(|new| new > keys.len()) {
                return Ok(answer(false, weighed));
            }
            let made = keys.iter().zip(&links);
            write(&inner, tx, &by, (office, &weighed), made, now).await?;
            Ok(answer(true, weighed))
        })
        .await
}

/// Who brings a list in.
#[derive(Clone)]
enum By {
    /// One of the office's admins, or of its region's desk.
    Person(Arc<Session>),
    /// The operator of the machine.
    Operator,
}

impl By {
    async fn running(&self, conn: &mut Conn, office: OfficeId) -> Result<Running> {
        let all = Running { runs_it: true, is_admin: true };
        match self {
            Self::Operator => Ok(all),
            Self::Person(who) if is_its_desk(conn, who.account, office).await? => Ok(all),
            Self::Person(who) => {
                let running = Running::of(conn, who.account, Some(office)).await?;
                running.decide()?;
                Ok(running)
            }
        }
    }

    /// In which language it is told, and people are written to.
    fn lang(&self) -> Lang {
        match self {
            Self::Person(who) => who.lang,
            Self::Operator => Lang::Ja,
        }
    }

    fn session(&self) -> Option<&Session> {
        match self {
            Self::Person(who) => Some(who.as_ref()),
            Self::Operator => None,
        }
    }
}

/// A row, and what becomes of it.
struct Weighed {
    shown: ImportRow,
    new: Option<(RegisterStaff, Typed, Place)>,
}

fn answer(is_written: bool, weighed: Vec<Weighed>) -> RosterImported {
    RosterImported { is_written, rows: weighed.into_iter().map(|row| row.shown).collect() }
}

/// How many people are to be written; none where nothing may be.
fn to_write(mode: ImportMode, weighed: &[Weighed]) -> Option<usize> {
    let count = |outcome| weighed.iter().filter(|row| row.shown.outcome == outcome).count();
    let is_whole = count(ImportOutcome::Bad) == 0;
    let new = count(ImportOutcome::New);
    match mode {
        ImportMode::DryRun => None,
        ImportMode::All => is_whole.then_some(new),
        ImportMode::SkipBad => Some(new),
    }
}

async fn weigh_all(
    app: &App,
    conn: &mut Conn,
    (running, lang): (Running, Lang),
    (office, lines): (OfficeId, &[Row]),
) -> Result<Vec<Weighed>> {
    let mut weighed = Vec::new();
    let mut seen = BTreeSet::new();
    for line in lines {
        let outcome = match weigh(app, conn, (running, lang), (office, line), &mut seen).await {
            Ok(new) => Ok(new),
            Err(Failure::Refused(refusal)) => Err(refusal),
            Err(fault @ Failure::Fault(_)) => return Err(fault),
        };
        let (outcome, new, refusal) = match outcome {
            Ok(Some(new)) => (ImportOutcome::New, Some(new), None),
            Ok(None) => (ImportOutcome::Stands, None, None),
            Err(refusal) => (ImportOutcome::Bad, None, Some(refusal)),
        };
        let shown = ImportRow {
            line: line.line,
            name: line.name.clone(),
            outcome,
            column: refusal.as_ref().map(column),
            refused: refusal.map(|refusal| refusal.say(lang)),
        };
        weighed.push(Weighed { shown, new });
    }
    Ok(weighed)
}

/// Which column a refusal is about.
fn column(refusal: &Refusal) -> String {
    let field = match refusal.code {
        Code::EmailInUse => "email",
        _ => refusal.params.get("field").map_or("name", String::as_str),
    };
    field.to_owned()
}

/// What registering her comes to; nothing where she works here already. Of two rows with one address the second is refused.
async fn weigh(
    app: &App,
    conn: &mut Conn,
    (running, lang): (Running, Lang),
    (office, line): (OfficeId, &Row),
    seen: &mut BTreeSet<Vec<u8>>,
) -> Result<Option<(RegisterStaff, Typed, Place)>> {
    let occupation = occupation(&line.occupation);
    let occupation = occupation.ok_or_else(|| Refusal::new(Code::BadField).with("field", "occupation"))?;
    let person = Typed::of((&line.name, &line.kana), &line.email, occupation)?;
    let hash = AccountBody::found_by(app, person.email.as_str());
    if !seen.insert(hash.as_bytes().to_vec()) {
        return Err(Code::EmailInUse.into());
    }
    if let Some(account) = accounts::account_by_email(conn, hash.as_bytes()).await? {
        let places = accounts::affiliations(conn, account.id).await?;
        if places.iter().any(|place| place.office == Some(office)) {
            return Ok(None);
        }
    }
    let ask = RegisterStaff {
        office,
        account: AccountId(random::new_id(&app.clock)),
        affiliation: AffiliationId(random::new_id(&app.clock)),
        name: line.name.clone(),
        kana: line.kana.clone(),
        occupation,
        email: line.email.clone(),
        lang,
    };
    Ok(match weighed(app, conn, running, &ask, &person).await? {
        Registering::Stands => None,
        Registering::New(place) => Some((ask, person, place)),
    })
}

async fn write(
    app: &App,
    tx: &mut Tx,
    by: &By,
    (office, weighed): (OfficeId, &[Weighed]),
    mut made: impl Iterator<Item = (&Key, &MailedLink)>,
    now: Millis,
) -> Result<()> {
    let mut count = 0;
    for (ask, person, place) in weighed.iter().filter_map(|row| row.new.as_ref()) {
        let (key, link) = made.next().ok_or_else(|| Fault::noticed("finding a key for a row"))?;
        let (account, affiliation) = person.rows(app, ask, place, key)?;
        tx.register(app, by.session(), (ask, place.region), (&account, &affiliation, link), now).await?;
        count += 1;
    }
    app.audit.append(tx, &entry(by, office, (weighed.len(), count), now)).await?;
    Ok(())
}

fn entry(by: &By, office: OfficeId, (rows, registered): (usize, usize), now: Millis) -> Entry {
    Entry {
        at: now,
        act: "offices.import_roster",
        account: by.session().map(|who| who.account),
        session: by.session().map(|who| who.id),
        subject: Some(office.0),
        detail: Some(format!(r#"{{"rows":{rows},"registered":{registered}}}"#)),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_table() {
        use ImportMode::{All, DryRun, SkipBad};
        use ImportOutcome::{Bad, New, Stands};
        let rows = |outcomes: &[ImportOutcome]| -> Vec<Weighed> {
            let shown =
                |outcome| ImportRow { line: 2, name: String::new(), outcome, column: None, refused: None };
            outcomes.iter().map(|outcome| Weighed { shown: shown(*outcome), new: None }).collect()
        };
        for (mode, outcomes, expected) in [
            (DryRun, vec![New, New], None),
            (All, vec![New, Stands, New], Some(2)),
            (All, vec![New, Bad, New], None),
            (SkipBad, vec![New, Bad, New], Some(2)),
            (SkipBad, vec![Bad], Some(0)),
            (All, vec![], Some(0)),
        ] {
            assert_eq!(to_write(mode, &rows(&outcomes)), expected, "{mode:?} {outcomes:?}");
        }
    }
}
