//! The files of an import, read and checked before anything is written.

use crate::crypto::random::derived_id;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Millis, Occupation, OfficeId, PatientId, PersonKind, PostId, RegionId,
    Role, RoomId, RoomKind,
};

/// A region as its file tells it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The region.
    pub region: RegionFile,
    /// Its offices.
    #[serde(default, rename = "office")]
    pub offices: Vec<OfficeFile>,
    /// Its people.
    #[serde(default, rename = "person")]
    pub people: Vec<PersonFile>,
    /// Its patients.
    #[serde(default, rename = "patient")]
    pub patients: Vec<PatientFile>,
    /// Its rooms.
    #[serde(default, rename = "room")]
    pub rooms: Vec<RoomFile>,
}

/// A region.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionFile {
    /// Stable key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The policy profile.
    pub profile: String,
}

/// An office.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeFile {
    /// Stable key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Reading.
    pub kana: String,
    /// `clinic`, `nursing_station` …
    pub kind: String,
}

/// A person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonFile {
    /// Stable key.
    pub key: String,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Name as written.
    pub name: String,
    /// Reading.
    pub kana: String,
    /// E-mail address.
    pub email: String,
    /// The office, for staff.
    #[serde(default)]
    pub office: Option<String>,
    /// The patient, for patient and family.
    #[serde(default)]
    pub patient: Option<String>,
    /// How they are related, for family.
    #[serde(default)]
    pub relation: Option<String>,
    /// Occupation.
    pub occupation: Occupation,
    /// Roles.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Which demo sign-in she is.
    #[serde(default)]
    pub demo: Option<String>,
}

/// A patient.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientFile {
    /// Stable key.
    pub key: String,
    /// Name as written.
    pub name: String,
    /// Reading.
    pub kana: String,
    /// ISO date.
    pub birth_date: String,
    /// FHIR administrative gender.
    pub sex: String,
    /// The steward office.
    pub office: String,
}

/// A room.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoomFile {
    /// Stable key.
    pub key: String,
    /// Kind.
    pub kind: RoomKind,
    /// The patient, for timelines.
    #[serde(default)]
    pub patient: Option<String>,
    /// Title, for free groups.
    #[serde(default)]
    pub title: Option<String>,
    /// Aim, for free groups.
    #[serde(default)]
    pub aim: Option<String>,
    /// Keys of the members.
    pub members: Vec<String>,
}

/// One post of `posts.jsonl`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Key of the room.
    pub room: String,
    /// Key of the author.
    pub by: String,
    /// When, RFC 3339.
    pub at: jiff::Timestamp,
    /// Stable key of the post.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Key of the post it answers.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// The text.
    pub text: String,
}

impl Said {
    /// When it claims to have been written.
    #[must_use]
    pub fn written_at(&self) -> Millis {
        Millis(self.at.as_millisecond())
    }
}

/// What is wrong with the files; the sentence names the place and never repeats what is written there.
#[derive(Debug, thiserror::Error)]
pub enum WorldFault {
    /// The file does not read.
    #[error("{file} does not read: {reason}")]
    Unreadable {
        /// The file.
        file: &'static str,
        /// Why.
        reason: String,
    },
    /// Something refers to what is not there, or is there twice.
    #[error("{0}")]
    Wrong(String),
}

impl World {
    /// Reads and checks `world.toml`.
    ///
    /// # Errors
    /// [`WorldFault`] with the first thing that is wrong.
    pub fn read(text: &str) -> Result<Self, WorldFault> {
        let world: Self = toml::from_str(text).map_err(|error| WorldFault::Unreadable {
            file: "world.toml",
            reason: error.message().to_owned(),
        })?;
        world.check()?;
        Ok(world)
    }

    /// Reads and checks `posts.jsonl` against this world.
    ///
    /// # Errors
    /// [`WorldFault`] with the first line that is wrong.
    pub fn read_posts(&self, text: &str) -> Result<Vec<Said>, WorldFault> {
        let rooms: HashMap<&str, &RoomFile> =
            self.rooms.iter().map(|room| (room.key.as_str(), room)).collect();
        let mut seen: HashSet<(String, String)> = HashSet::new();
        let mut posts = Vec::new();
        for (line, text) in (1..).zip(text.lines().filter(|line| !line.trim().is_empty())) {
            let said: Said = serde_json::from_str(text).map_err(|error| WorldFault::Unreadable {
                file: "posts.jsonl",
                reason: format!("line {line}, column {}", error.column()),
            })?;
            let wrong = |what: &str| Err(WorldFault::Wrong(format!("posts.jsonl, line {line}: {what}")));
            let Some(room) = rooms.get(said.room.as_str()) else { return wrong("there is no such room") };
            if !room.members.contains(&said.by) {
                return wrong("the author is not a member of the room");
            }
            let answers = said.reply_to.clone().map(|key| (said.room.clone(), key));
            if answers.is_some_and(|key| !seen.contains(&key)) {
                return wrong("it answers a post that does not stand before it in the room");
            }
            if !seen.insert((said.room.clone(), said.reference.clone())) {
                return wrong("its ref is there twice");
            }
            if crate::posts::Text::post(&said.text).is_err() {
                return wrong("its text is empty, too long or has control characters");
            }
            posts.push(said);
        }
        Ok(posts)
    }

    fn check(&self) -> Result<(), WorldFault> {
        let offices = keys("office", self.offices.iter().map(|office| &office.key))?;
        let patients = keys("patient", self.patients.iter().map(|patient| &patient.key))?;
        let people = keys("person", self.people.iter().map(|person| &person.key))?;
        keys("room", self.rooms.iter().map(|room| &room.key))?;
        for person in &self.people {
            let (office, patient) = (person.office.as_ref(), person.patient.as_ref());
            let fits = match person.kind {
                PersonKind::Staff => office.is_some_and(|key| offices.contains(key)) && patient.is_none(),
                PersonKind::Family | PersonKind::Patient => {
                    patient.is_some_and(|key| patients.contains(key)) && office.is_none()
                }
            };
            if !fits {
                return wrong(format!(
                    "person {}: staff need an office, others a patient that is there",
                    person.key
                ));
            }
        }
        for patient in &self.patients {
            if !offices.contains(&patient.office) {
                return wrong(format!("patient {}: the office is not there", patient.key));
            }
        }
        self.rooms.iter().try_for_each(|room| self.check_room(room, &people, &patients))
    }

    fn check_room(
        &self,
        room: &RoomFile,
        people: &HashSet<&String>,
        patients: &HashSet<&String>,
    ) -> Result<(), WorldFault> {
        if let Some(key) = room.members.iter().find(|key| !people.contains(key)) {
            return wrong(format!("room {}: member {key} is not there", room.key));
        }
        let kinds = || {
            self.people.iter().filter(|person| room.members.contains(&person.key)).map(|person| person.kind)
        };
        let has_patient = room.patient.as_ref().is_some_and(|key| patients.contains(key));
        let fits = match room.kind {
            RoomKind::TimelineStaff => has_patient && kinds().all(|kind| kind == PersonKind::Staff),
            RoomKind::TimelineWithRecipient => has_patient,
            RoomKind::FreeGroup => room.patient.is_none() && room.title.is_some() && room.aim.is_some(),
            RoomKind::Connection => room.patient.is_none() && room.members.len() == 2,
        };
        if fits { Ok(()) } else { wrong(format!("room {}: it lacks what its kind needs", room.key)) }
    }

    /// Ids by key.
    #[must_use]
    pub fn region_id(&self) -> RegionId {
        RegionId(derived_id("region", &self.region.key))
    }

    fn id(&self, kind: &str, key: &str) -> uuid::Uuid {
        derived_id(kind, &format!("{}/{key}", self.region.key))
    }

    /// An office's id.
    #[must_use]
    pub fn office_id(&self, key: &str) -> OfficeId {
        OfficeId(self.id("office", key))
    }

    /// An account's id.
    #[must_use]
    pub fn account_id(&self, key: &str) -> AccountId {
        AccountId(self.id("account", key))
    }

    /// An affiliation's id.
    #[must_use]
    pub fn affiliation_id(&self, key: &str) -> AffiliationId {
        AffiliationId(self.id("affiliation", key))
    }

    /// A card's id.
    #[must_use]
    pub fn card_id(&self, key: &str) -> CardId {
        CardId(self.id("card", key))
    }

    /// A patient's id.
    #[must_use]
    pub fn patient_id(&self, key: &str) -> PatientId {
        PatientId(self.id("patient", key))
    }

    /// A room's id.
    #[must_use]
    pub fn room_id(&self, key: &str) -> RoomId {
        RoomId(self.id("room", key))
    }

    /// A post's id.
    #[must_use]
    pub fn post_id(&self, room: &str, reference: &str) -> PostId {
        PostId(self.id("post", &format!("{room}/{reference}")))
    }
}

fn keys<'a>(what: &str, all: impl Iterator<Item = &'a String>) -> Result<HashSet<&'a String>, WorldFault> {
    let mut seen = HashSet::new();
    for key in all {
        if !seen.insert(key) {
            return Err(WorldFault::Wrong(format!("{what} {key} is there twice")));
        }
    }
    Ok(seen)
}

fn wrong(what: String) -> Result<(), WorldFault> {
    Err(WorldFault::Wrong(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORLD: &str = include_str!("../../../tests/data/home-care-month/world.toml");
    const POSTS: &str = include_str!("../../../tests/data/home-care-month/posts.jsonl");

    #[test]
    fn the_home_care_month_reads() {
        let world = World::read(WORLD).unwrap();
        assert!(world.offices.len() >= 6 && world.people.len() >= 25 && world.patients.len() >= 8);
        assert!(world.read_posts(POSTS).unwrap().len() >= 1_200);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let world = World::read(WORLD).unwrap();
        let line = POSTS.lines().next().unwrap();
        let twice = world.read_posts(&format!("{line}\n{line}\n")).err().unwrap().to_string();
        assert_eq!(twice, "posts.jsonl, line 2: its ref is there twice");
        let stranger = line.replacen("mizukami", "nobody", 1);
        assert!(world.read_posts(&stranger).err().unwrap().to_string().contains("not a member"));
        let lonely = WORLD.replacen("office = \"sarasa\"", "office = \"nowhere\"", 1);
        assert!(World::read(&lonely).is_err());
    }
}
