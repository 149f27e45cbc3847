//! Is a world fit to be brought in? Everything that is wrong is found at once, before anything is written.

use super::flaws::{Flaw, Flaws, line_at};
use super::world::{OfficeFile, PatientFile, PersonFile, RoomFile, World};
use crate::accounts::{AccountBody, Address, DisplayName};
use crate::patients;
use crate::policy::{Asked, Policies};
use crate::posts::Text;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashMap;
use toml::Spanned;
use tsumugi_protocol::{Code, Occupation, PersonKind, RoomKind, limits};

/// The file.
pub const FILE: &str = "world.toml";

/// Where each thing of the file begins.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    region: usize,
    offices: Vec<usize>,
    people: Vec<usize>,
    patients: Vec<usize>,
    rooms: Vec<usize>,
}

#[derive(Deserialize)]
struct Places {
    region: Spanned<IgnoredAny>,
    #[serde(default)]
    office: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    person: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    patient: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    room: Vec<Spanned<IgnoredAny>>,
}

impl Lines {
    /// Of a file that reads.
    pub fn of(text: &str) -> Self {
        let Ok(places) = toml::from_str::<Places>(text) else { return Self::default() };
        let line = |place: &Spanned<IgnoredAny>| line_at(text, place.span().start);
        let lines = |places: &[Spanned<IgnoredAny>]| places.iter().map(line).collect();
        Self {
            region: line(&places.region),
            offices: lines(&places.office),
            people: lines(&places.person),
            patients: lines(&places.patient),
            rooms: lines(&places.room),
        }
    }

    /// Where a person begins, by her place among the people.
    pub fn person(&self, index: usize) -> usize {
        self.people.get(index).copied().unwrap_or_default()
    }
}

/// Everything that is wrong with a world.
pub fn flaws_of(world: &World, policies: &Policies) -> Flaws {
    let lines = &world.lines;
    let mut check = Check {
        flaws: Vec::new(),
        offices: keyed(&world.offices, |office| &office.key),
        people: keyed(&world.people, |person| &person.key),
        patients: keyed(&world.patients, |patient| &patient.key),
    };
    check.region(world, policies);
    check.keys("office", &lines.offices, world.offices.iter().map(|office| &office.key));
    check.keys("person", &lines.people, world.people.iter().map(|person| &person.key));
    check.keys("patient", &lines.patients, world.patients.iter().map(|patient| &patient.key));
    check.keys("room", &lines.rooms, world.rooms.iter().map(|room| &room.key));
    for (office, line) in world.offices.iter().zip(&lines.offices) {
        check.office(office, *line);
    }
    for (person, line) in world.people.iter().zip(&lines.people) {
        check.person(person, *line);
    }
    check.addresses(&world.people, &lines.people);
    for (patient, line) in world.patients.iter().zip(&lines.patients) {
        check.patient(patient, *line);
    }
    for (room, line) in world.rooms.iter().zip(&lines.rooms) {
        check.room(room, *line);
    }
    if policies.named(&world.region.profile).is_ok_and(|rules| rules.profile == Asked::Required) {
        check.profiles(world);
    }
    Flaws(check.flaws)
}

fn keyed<T>(all: &[T], key: impl Fn(&T) -> &String) -> HashMap<&str, &T> {
    all.iter().map(|thing| (key(thing).as_str(), thing)).collect()
}

struct Check<'a> {
    flaws: Vec<Flaw>,
    offices: HashMap<&'a str, &'a OfficeFile>,
    people: HashMap<&'a str, &'a PersonFile>,
    patients: HashMap<&'a str, &'a PatientFile>,
}

/// What may stand in a field.
#[derive(Clone, Copy)]
enum Field {
    /// One line, not empty.
    Name,
    /// One line, or nothing.
    Reading,
    /// A few lines, not empty.
    Aim,
}

impl Field {
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Name => Text::line(text, limits::NAME_CHARS).is_some(),
            Self::Reading => text.is_empty() || Self::Name.fits(text),
            Self::Aim => Text::short(text, limits::AIM_CHARS).is_some(),
        }
    }

    fn rule(self) -> String {
        match self {
            Self::Name => {
                format!("is empty, longer than {} characters or has control characters", limits::NAME_CHARS)
            }
            Self::Reading => {
                format!("is longer than {} characters or has control characters", limits::NAME_CHARS)
            }
            Self::Aim => {
                format!("is empty, longer than {} characters or has control characters", limits::AIM_CHARS)
            }
        }
    }
}

impl Check<'_> {
    fn wrong(&mut self, line: usize, who: &str, what: impl Into<String>) {
        self.flaws.push(Flaw { file: FILE, line, what: format!("{who}: {}", what.into()) });
    }

    fn field(&mut self, line: usize, who: &str, name: &str, field: Field, text: &str) {
        if !field.fits(text) {
            self.wrong(line, who, format!("the {name} {}", field.rule()));
        }
    }

    /// Keys are shown in sentences, so they must be fit for it; and there may be only one of each.
    fn keys<'k>(&mut self, what: &str, lines: &[usize], keys: impl Iterator<Item = &'k String>) {
        let mut seen: HashMap<&String, usize> = HashMap::new();
        for (key, line) in keys.zip(lines) {
            self.field(*line, what, "key", Field::Name, key);
            if let Some(first) = seen.insert(key, *line) {
                self.wrong(
                    *line,
                    &named(what, key),
                    format!("the key is there twice, first in line {first}"),
                );
            }
        }
    }

    fn region(&mut self, world: &World, policies: &Policies) {
        let (line, region) = (world.lines.region, &world.region);
        self.field(line, "region", "key", Field::Name, &region.key);
        self.field(line, "region", "name", Field::Name, &region.name);
        if policies.named(&region.profile).is_err() {
            self.wrong(line, "region", "there is no policy profile of this name");
        }
    }

    fn office(&mut self, office: &OfficeFile, line: usize) {
        let who = named("office", &office.key);
        self.field(line, &who, "name", Field::Name, &office.name);
        self.field(line, &who, "kana", Field::Reading, &office.kana);
        self.field(line, &who, "kind", Field::Name, &office.kind);
    }

    fn person(&mut self, person: &PersonFile, line: usize) {
        let who = named("person", &person.key);
        self.field(line, &who, "name", Field::Name, &person.name);
        self.field(line, &who, "kana", Field::Reading, &person.kana);
        for (name, text) in [("relation", &person.relation), ("demo", &person.demo)] {
            self.field(line, &who, name, Field::Reading, text.as_deref().unwrap_or_default());
        }
        if person.email.len() > limits::EMAIL_BYTES {
            self.wrong(
                line,
                &who,
                format!("the e-mail address is longer than {} bytes", limits::EMAIL_BYTES),
            );
        } else if Address::read(&person.email).is_none() {
            self.wrong(line, &who, "the e-mail address is none");
        }
        let (office, patient) = (person.office.as_deref(), person.patient.as_deref());
        let fits = match person.kind {
            PersonKind::Staff => {
                office.is_some_and(|key| self.offices.contains_key(key)) && patient.is_none()
            }
            PersonKind::Family | PersonKind::Patient => {
                patient.is_some_and(|key| self.patients.contains_key(key)) && office.is_none()
            }
        };
        let office = office.and_then(|key| self.offices.get(key));
        let name = DisplayName { name: &person.name, office: office.map(|office| office.name.as_str()) };
        match name.decide() {
            Err(Code::DisplayNameOfficeOnly) if !person.name.trim().is_empty() => {
                self.wrong(line, &who, "the name is the office's, not a person's");
            }
            Err(Code::DisplayNameFormat) => {
                self.wrong(line, &who, "the name has a slash: name and office are two fields");
            }
            _ => {}
        }
        if !fits {
            self.wrong(line, &who, "staff need an office, others a patient that is there");
        }
    }

    /// Where profiles have to be complete, nobody comes into a room without an occupation (003-note(3)e).
    fn profiles(&mut self, world: &World) {
        for (room, line) in world.rooms.iter().zip(&world.lines.rooms) {
            let people = room.members.iter().filter_map(|key| self.people.get(key.as_str()));
            let unstated = people.filter(|person| person.occupation == Occupation::Unstated);
            let keys: Vec<String> = unstated.map(|person| named("person", &person.key)).collect();
            for who in keys {
                self.wrong(*line, &named("room", &room.key), format!("{who} has no occupation yet"));
            }
        }
    }

    /// One address is one account on the whole server.
    fn addresses(&mut self, people: &[PersonFile], lines: &[usize]) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (person, line) in people.iter().zip(lines) {
            if let Some(first) = seen.insert(AccountBody::normal_email(&person.email), *line) {
                let who = named("person", &person.key);
                self.wrong(*line, &who, format!("the e-mail address is that of the person in line {first}"));
            }
        }
    }

    fn patient(&mut self, patient: &PatientFile, line: usize) {
        let who = named("patient", &patient.key);
        self.field(line, &who, "name", Field::Name, &patient.name);
        self.field(line, &who, "kana", Field::Reading, &patient.kana);
        if patients::PatientBody::day(&patient.birth_date).is_none() {
            self.wrong(line, &who, "the birth date is no day of the calendar, written as 1940-01-31");
        }
        if !patients::SEXES.contains(&patient.sex.as_str()) {
            self.wrong(line, &who, "the sex is one of male, female, other, unknown");
        }
        if !self.offices.contains_key(patient.office.as_str()) {
            self.wrong(line, &who, "the office is not there");
        }
    }

    fn room(&mut self, room: &RoomFile, line: usize) {
        let who = named("room", &room.key);
        let mut seen: Vec<&str> = Vec::new();
        for member in &room.members {
            if !self.people.contains_key(member.as_str()) {
                self.wrong(line, &who, format!("{} is not there", named("member", member)));
            } else if seen.contains(&member.as_str()) {
                self.wrong(line, &who, format!("{} is there twice", named("member", member)));
            }
            seen.push(member);
        }
        for (name, field, text) in [("title", Field::Name, &room.title), ("aim", Field::Aim, &room.aim)] {
            if let Some(text) = text {
                self.field(line, &who, name, field, text);
            }
        }
        let has_patient = room.patient.as_ref().is_some_and(|key| self.patients.contains_key(key.as_str()));
        let mut kinds = seen.iter().filter_map(|key| self.people.get(key)).map(|person| person.kind);
        let lacks = match room.kind {
            RoomKind::TimelineStaff if !has_patient => Some("a timeline needs a patient that is there"),
            RoomKind::TimelineStaff if !kinds.all(|kind| kind == PersonKind::Staff) => {
                Some("a timeline of staff has only staff as members")
            }
            RoomKind::TimelineWithRecipient if !has_patient => {
                Some("a timeline needs a patient that is there")
            }
            RoomKind::FreeGroup if room.patient.is_some() => Some("a free group has no patient"),
            RoomKind::FreeGroup if room.title.is_none() || room.aim.is_none() => {
                Some("a free group needs a title and an aim")
            }
            RoomKind::Connection if room.patient.is_some() || room.members.len() != 2 => {
                Some("a connection has two members and no patient")
            }
            RoomKind::TimelineStaff
            | RoomKind::TimelineWithRecipient
            | RoomKind::FreeGroup
            | RoomKind::Connection => None,
        };
        if let Some(lacks) = lacks {
            self.wrong(line, &who, lacks);
        }
    }
}

/// A thing by its key, where that may be shown.
pub fn named(what: &str, key: &str) -> String {
    if Field::Name.fits(key) { format!("{what} {key}") } else { what.to_owned() }
}
