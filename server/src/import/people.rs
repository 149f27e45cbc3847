//! Settling a region: offices, people, patients and rooms, in one act.

use super::check::{FILE, named};
use super::flaws::{Flaw, Flaws};
use super::ids::Ids;
use super::world::{PersonFile, World};
use crate::accounts::store::{NewAccount, NewAffiliation};
use crate::accounts::{AccountBody, CardBody, FirstLink};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::keys::KeyKind;
use crate::crypto::seal::Key;
use crate::error::{Fault, Result};
use crate::offices::OfficeBody;
use crate::patients::PatientBody;
use crate::patients::store::NewPatient;
use crate::regions::RegionBody;
use crate::rooms::RoomBody;
use crate::rooms::store::{NewMember, NewRoom};
use crate::store::Tx;
use std::collections::{BTreeSet, HashMap};
use tsumugi_protocol::{AccountId, Lang, MemberState, Millis, RoomId, RoomState};
use uuid::Uuid;

/// Everything sealed and hashed, ready to be written; an act may run twice, so nothing slow is in it.
struct Prepared {
    region: (Uuid, Vec<u8>),
    offices: Vec<(usize, Uuid, Vec<u8>)>,
    accounts: Vec<(NewAccount, NewAffiliation)>,
    patients: Vec<NewPatient>,
    rooms: Vec<(NewRoom, Vec<NewMember>)>,
}

/// How the people of a new region come in.
#[derive(Default)]
pub struct WaysIn {
    /// Stored password hash of a person, by key: only the demo's people have one from the start.
    pub passwords: HashMap<String, String>,
    /// Links that are good once.
    pub links: Vec<FirstLink>,
}

/// Brings a region in, together with how its people come in. Whether it was new.
///
/// # Errors
/// When it cannot be stored; then nothing of it is there.
pub async fn settle(app: &App, world: &World, ways: &WaysIn) -> Result<bool> {
    app.policies.named(&world.region.profile)?;
    let ids = world.ids(&app.lookup);
    let known = {
        let mut view = app.store.view().await?;
        crate::regions::store::stands(view.conn(), ids.region()).await?
    };
    if known {
        return Ok(false);
    }
    let prepared = prepare(app, world, &ways.passwords).await?;
    let profile = world.region.profile.clone();
    let (inner, world, links, now) = (app.clone(), world.clone(), ways.links.clone(), app.clock.now());
    let settled: Result<bool> = app
        .store
        .act(async move |tx: &mut Tx| {
            let is_new = write(&inner, tx, &world, &prepared, now).await?;
            if is_new {
                for link in &links {
                    link.write(&inner, tx, now).await?;
                }
            }
            Ok(is_new)
        })
        .await;
    if settled.is_ok() {
        app.policies.follow(&profile);
    }
    settled
}

/// The people of the files whose address belongs to somebody else here: an address is one account on the whole server.
///
/// # Errors
/// When the rows cannot be read.
pub async fn addresses_taken(app: &App, world: &World) -> Result<Flaws> {
    let ids = world.ids(&app.lookup);
    let mut taken = Flaws::default();
    let mut view = app.store.view().await?;
    for (index, person) in world.people.iter().enumerate() {
        let hash = AccountBody::found_by(app, &person.email);
        let holder = crate::accounts::store::account_by_email(view.conn(), hash.as_bytes()).await?;
        if holder.is_some_and(|holder| holder.id != ids.account(&person.key)) {
            let who = named("person", &person.key);
            let what = format!("{who}: the e-mail address belongs to an account that is here already");
            taken.0.push(Flaw { file: FILE, line: world.lines.person(index), what });
        }
    }
    Ok(taken)
}

/// The people of the files who are here and cannot sign in, since they have no password yet.
///
/// # Errors
/// When the rows cannot be read.
pub async fn without_sign_in<'a>(app: &App, world: &'a World) -> Result<Vec<(AccountId, &'a PersonFile)>> {
    let ids = world.ids(&app.lookup);
    let mut found = Vec::new();
    let mut view = app.store.view().await?;
    for person in &world.people {
        let id = ids.account(&person.key);
        let account = crate::accounts::store::account(view.conn(), id).await?;
        if account.is_some_and(|account| account.is_active && account.password_hash.is_none()) {
            found.push((id, person));
        }
    }
    Ok(found)
}

/// One key for every thing that can be erased or closed, made with one sync.
struct KeyRing(std::vec::IntoIter<Key>);

impl KeyRing {
    async fn of(app: &App, world: &World) -> Result<Self> {
        let kinds: Vec<KeyKind> = std::iter::once(KeyKind::Region)
            .chain(world.offices.iter().map(|_| KeyKind::Office))
            .chain(world.patients.iter().map(|_| KeyKind::Patient))
            .chain(world.people.iter().map(|_| KeyKind::Account))
            .chain(world.rooms.iter().map(|_| KeyKind::Room))
            .collect();
        let mut keys = Vec::with_capacity(kinds.len());
        for id in app.keys.make_many(&kinds).await? {
            keys.push(app.keys.ready(id).await?);
        }
        Ok(Self(keys.into_iter()))
    }

    fn next(&mut self) -> Result<Key> {
        Ok(self.0.next().ok_or_else(|| Fault::noticed("making keys for an import"))?)
    }
}

async fn prepare(app: &App, world: &World, passwords: &HashMap<String, String>) -> Result<Prepared> {
    let ids = world.ids(&app.lookup);
    let mut keys = KeyRing::of(app, world).await?;
    let region_key = keys.next()?;
    let region = RegionBody { v: 1, name: world.region.name.clone() }.sealed(&region_key, ids.region())?;
    let mut offices = Vec::new();
    for (index, office) in world.offices.iter().enumerate() {
        let key = keys.next()?;
        let body = OfficeBody { v: 1, name: office.name.clone(), kana: office.kana.clone() };
        offices.push((index, key.id().0, body.sealed(&key, ids.office(&office.key))?));
    }
    let patients = prepare_patients(app, world, &mut keys)?;
    let accounts = prepare_accounts(app, world, &mut keys, passwords)?;
    let rooms = prepare_rooms(world, &ids, &mut keys)?;
    Ok(Prepared { region: (region_key.id().0, region), offices, accounts, patients, rooms })
}

fn prepare_patients(app: &App, world: &World, keys: &mut KeyRing) -> Result<Vec<NewPatient>> {
    let ids = world.ids(&app.lookup);
    let mut patients = Vec::new();
    for patient in &world.patients {
        let (key, id) = (keys.next()?, ids.patient(&patient.key));
        let body = PatientBody {
            v: 1,
            name: patient.name.clone(),
            kana: patient.kana.clone(),
            birth_date: patient.birth_date.clone(),
            sex: patient.sex.clone(),
        };
        let region = ids.region();
        patients.push(NewPatient {
            id,
            region,
            office: ids.office(&patient.office),
            match_hash: body.found_by(app, region).as_bytes().to_vec(),
            key_id: key.id().0,
            sealed: body.sealed(&key, id)?,
        });
    }
    Ok(patients)
}

fn prepare_accounts(
    app: &App,
    world: &World,
    keys: &mut KeyRing,
    passwords: &HashMap<String, String>,
) -> Result<Vec<(NewAccount, NewAffiliation)>> {
    let ids = world.ids(&app.lookup);
    let mut accounts = Vec::new();
    for person in &world.people {
        let (key, id, card) = (keys.next()?, ids.account(&person.key), ids.card(&person.key));
        let body = AccountBody {
            v: 1,
            name: person.name.clone(),
            kana: person.kana.clone(),
            email: person.email.clone(),
        };
        let office =
            person.office.as_ref().and_then(|key| world.offices.iter().find(|office| office.key == *key));
        let face = CardBody {
            v: 1,
            kind: person.kind,
            name: person.name.clone(),
            kana: person.kana.clone(),
            office: office.map(|office| office.name.clone()),
            occupation: person.occupation,
            relation: person.relation.clone(),
            mark: None,
        };
        let account = NewAccount {
            id,
            kind: person.kind,
            lang: Lang::Ja,
            email_hash: AccountBody::found_by(app, &person.email).as_bytes().to_vec(),
            password_hash: passwords.get(&person.key).cloned(),
            key_id: key.id().0,
            sealed: body.sealed(&key, id)?,
        };
        let affiliation = NewAffiliation {
            id: ids.affiliation(&person.key),
            account: id,
            region: ids.region(),
            office: person.office.as_ref().map(|key| ids.office(key)),
            patient: person.patient.as_ref().map(|key| ids.patient(key)),
            occupation: person.occupation.as_str(),
            card,
            card_sealed: face.sealed(&key, card)?,
            roles: person.roles.clone(),
        };
        accounts.push((account, affiliation));
    }
    Ok(accounts)
}

fn prepare_rooms(world: &World, ids: &Ids, keys: &mut KeyRing) -> Result<Vec<(NewRoom, Vec<NewMember>)>> {
    let mut rooms = Vec::new();
    for room in &world.rooms {
        let (key, id) = (keys.next()?, ids.room(&room.key));
        let sealed = match (&room.title, &room.aim) {
            (Some(title), Some(aim)) => Some(
                RoomBody { v: 1, title: title.clone(), aim: aim.clone(), requires: BTreeSet::new() }
                    .sealed(&key, id)?,
            ),
            _ => None,
        };
        let patient =
            room.patient.as_ref().and_then(|key| world.patients.iter().find(|patient| patient.key == *key));
        let new = NewRoom {
            id,
            region: ids.region(),
            kind: room.kind,
            state: RoomState::Active,
            patient: patient.map(|patient| ids.patient(&patient.key)),
            steward: patient.map(|patient| ids.office(&patient.office)),
            key_id: key.id().0,
            sealed,
            created_by: None,
        };
        let members = room.members.iter().map(|key| NewMember {
            account: ids.account(key),
            affiliation: ids.affiliation(key),
            card: ids.card(key),
            state: MemberState::Member,
            invited_by: None,
        });
        rooms.push((new, members.collect()));
    }
    Ok(rooms)
}

async fn write(app: &App, tx: &mut Tx, world: &World, prepared: &Prepared, now: Millis) -> Result<bool> {
    let ids = world.ids(&app.lookup);
    let region = ids.region();
    if crate::regions::store::stands(tx.conn(), region).await? {
        return Ok(false);
    }
    let (key, sealed) = &prepared.region;
    tx.insert_region(region, &world.region.profile, *key, sealed, now).await?;
    for (index, key, sealed) in &prepared.offices {
        if let Some(office) = world.offices.get(*index) {
            tx.insert_office(ids.office(&office.key), region, &office.kind, *key, sealed, now).await?;
        }
    }
    for patient in &prepared.patients {
        tx.insert_patient(patient, now).await?;
    }
    for (account, affiliation) in &prepared.accounts {
        tx.insert_account(account, now).await?;
        tx.insert_affiliation(affiliation, now).await?;
    }
    tx.count_as_pledged(region, &app.policies.named(&world.region.profile)?.pledge_version).await?;
    for (room, members) in &prepared.rooms {
        tx.insert_room(room, members, now).await?;
    }
    tx.consent_from_before(region, now).await?;
    let rooms: Vec<Option<RoomId>> = prepared.rooms.iter().map(|(room, _)| Some(room.id)).collect();
    for room in std::iter::once(None).chain(rooms) {
        let entry = Entry { at: now, act: "import", region: Some(region), room, ..Entry::default() };
        app.audit.append(tx, &entry).await?;
    }
    Ok(true)
}
