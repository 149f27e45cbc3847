//! The files of an import, read and checked before anything is written.

use super::check::{self, Lines};
use super::flaws::{Flaw, Flaws, line_at};
use super::ids::Ids;
use crate::crypto::lookup::Lookup;
use crate::policy::Policies;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use tsumugi_protocol::{Millis, Occupation, PersonKind, Role, RoomKind};

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
    /// Where each of these begins in the file.
    #[serde(skip)]
    pub(super) lines: Lines,
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

impl World {
    /// Reads and checks `world.toml`.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(text: &str, policies: &Policies) -> Result<Self, Flaws> {
        let world = Self::parse(text)?;
        check::flaws_of(&world, policies).or(world)
    }

    /// Reads and checks both files.
    ///
    /// # Errors
    /// Everything that is wrong in both; posts are looked at as soon as `world.toml` reads at all.
    pub fn read_with_posts(text: &str, posts: &str, policies: &Policies) -> Result<(Self, Vec<Said>), Flaws> {
        let world = Self::parse(text)?;
        let flaws = check::flaws_of(&world, policies).or(());
        match (flaws, world.read_posts(posts)) {
            (Ok(()), Ok(posts)) => Ok((world, posts)),
            (Err(flaws), Ok(_)) | (Ok(()), Err(flaws)) => Err(flaws),
            (Err(Flaws(mut all)), Err(Flaws(others))) => {
                all.extend(others);
                Err(Flaws(all))
            }
        }
    }

    fn parse(text: &str) -> Result<Self, Flaws> {
        // The library's own message quotes the file, which holds names and addresses.
        let unreadable = |error: toml::de::Error| {
            let line = error.span().map_or(1, |span| line_at(text, span.start));
            let what = "this is not TOML, or a key is missing, unknown or of another type than it should be";
            Flaws(vec![Flaw { file: check::FILE, line, what: what.to_owned() }])
        };
        let mut world: Self = toml::from_str(text).map_err(unreadable)?;
        world.lines = Lines::of(text);
        Ok(world)
    }

    /// Reads and checks `posts.jsonl` against this world.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read_posts(&self, text: &str) -> Result<Vec<Said>, Flaws> {
        let rooms: HashMap<&str, &RoomFile> =
            self.rooms.iter().map(|room| (room.key.as_str(), room)).collect();
        let mut seen: HashSet<(String, String)> = HashSet::new();
        let (mut posts, mut flaws) = (Vec::new(), Flaws::default());
        for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let wrong = |what: &str| Flaw { file: "posts.jsonl", line, what: what.to_owned() };
            let Ok(said) = serde_json::from_str::<Said>(text) else {
                flaws.0.push(wrong(
                    "this is not JSON, or a key is missing, unknown or of another type than it should be",
                ));
                continue;
            };
            flaws.0.extend(wrong_with(&said, &rooms, &seen).into_iter().map(wrong));
            seen.insert((said.room.clone(), said.reference.clone()));
            posts.push(said);
        }
        flaws.or(posts)
    }

    /// The ids of its things in the folder that these lookups belong to.
    #[must_use]
    pub fn ids(&self, lookup: &Lookup) -> Ids {
        Ids::of(lookup, &self.region.key)
    }
}

fn wrong_with(
    said: &Said,
    rooms: &HashMap<&str, &RoomFile>,
    seen: &HashSet<(String, String)>,
) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    match rooms.get(said.room.as_str()) {
        None => wrong.push("there is no such room"),
        Some(room) if !room.members.contains(&said.by) => {
            wrong.push("the author is not a member of the room")
        }
        Some(_) => {}
    }
    let answers = said.reply_to.clone().map(|key| (said.room.clone(), key));
    if answers.is_some_and(|key| !seen.contains(&key)) {
        wrong.push("it answers a post that does not stand before it in the room");
    }
    if seen.contains(&(said.room.clone(), said.reference.clone())) {
        wrong.push("its ref is there twice");
    }
    if crate::posts::Text::post(&said.text).is_err() {
        wrong.push("its text is empty, too long or has control characters");
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::master::MasterKey;
    use tsumugi_protocol::limits;

    const WORLD: &str = include_str!("../../../tests/data/home-care-month/world.toml");
    const POSTS: &str = include_str!("../../../tests/data/home-care-month/posts.jsonl");

    /// A small world that is in order, 34 lines.
    const SMALL: &str = "[region]
key = \"r\"
name = \"ひなた\"
profile = \"vendor-floor\"

[[office]]
key = \"o\"
name = \"さらさ\"
kana = \"\"
kind = \"clinic\"

[[patient]]
key = \"p\"
name = \"菊池 春江\"
kana = \"きくち はるえ\"
birth_date = \"1942-02-28\"
sex = \"female\"
office = \"o\"

[[person]]
key = \"a\"
kind = \"staff\"
name = \"水上 亮\"
kana = \"みずかみ りょう\"
email = \"a@ours.example\"
office = \"o\"
occupation = \"nurse\"

[[room]]
key = \"t\"
kind = \"timeline_staff\"
patient = \"p\"
members = [\"a\"]
";

    fn read(text: &str) -> Result<World, Flaws> {
        World::read(text, &Policies::shipped().unwrap())
    }

    #[test]
    fn the_home_care_month_reads() {
        let world = read(WORLD).unwrap();
        assert!(world.offices.len() >= 6 && world.people.len() >= 25 && world.patients.len() >= 8);
        assert!(world.read_posts(POSTS).unwrap().len() >= 1_200);
        read(SMALL).unwrap();
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let world = read(WORLD).unwrap();
        let line = POSTS.lines().next().unwrap();
        let twice = world.read_posts(&format!("{line}\n\n  \n{line}\n")).err().unwrap().to_string();
        assert_eq!(twice, "posts.jsonl, line 4: its ref is there twice", "blank lines count");
        let stranger = line.replacen("mizukami", "nobody", 1);
        assert!(world.read_posts(&stranger).err().unwrap().to_string().contains("not a member"));
        let lonely = WORLD.replacen("office = \"sarasa\"", "office = \"nowhere\"", 1);
        assert!(read(&lonely).is_err());
    }

    #[test]
    fn where_profiles_are_required_nobody_is_brought_into_a_room_without_an_occupation() {
        let floor = include_str!("../../policies/vendor-floor.toml");
        let strict = floor.replace("\nprofile = \"recommended\"", "\nprofile = \"required\"");
        let required = Policies::shipped().unwrap().with_profile(&strict).unwrap();
        let unstated = SMALL.replace("occupation = \"nurse\"", "occupation = \"unstated\"");
        read(&unstated).unwrap();
        World::read(SMALL, &required).unwrap();
        let flaws = World::read(&unstated, &required).err().unwrap().to_string();
        assert_eq!(flaws, "world.toml, line 29: room t: person a has no occupation yet");
        let alone = unstated.replace("members = [\"a\"]", "members = []");
        World::read(&alone, &required).unwrap();
    }

    #[test]
    fn a_file_that_does_not_read_is_answered_by_its_line_and_nothing_of_it() {
        let what = "this is not TOML, or a key is missing, unknown or of another type than it should be";
        for (wrong, line) in [
            (SMALL.replace("kind = \"clinic\"", "kind = 菊池の秘密"), 10),
            (SMALL.replace("occupation = \"nurse\"", "occupation = \"菊池の秘密\""), 27),
            (SMALL.replace("kana = \"みずかみ りょう\"", "秘密 = 1"), 24),
        ] {
            assert_eq!(read(&wrong).unwrap_err().to_string(), format!("world.toml, line {line}: {what}"));
        }
        let said = read(SMALL).unwrap().read_posts("\n{\"secret\": 1}\n").err().unwrap();
        assert!(said.to_string().starts_with("posts.jsonl, line 2: this is not JSON, or"), "{said}");
    }

    #[test]
    fn each_thing_that_cannot_be_stored_is_found_before_anything_is() {
        let person = "\n[[person]]\nkey = \"b\"\nkind = \"staff\"\nname = \"b\"\nkana = \"\"\nemail = \"Ａ@OURS.example \"\n\
                      office = \"o\"\noccupation = \"nurse\"\n";
        let long = "名".repeat(limits::NAME_CHARS + 1);
        let changed = |from: &str, to: &str| SMALL.replacen(from, to, 1);
        for (wrong, said) in [
            (
                format!("{SMALL}{person}"),
                "line 35: person b: the e-mail address is that of the person in line 20",
            ),
            (
                format!("{SMALL}{person}").replace("\"b\"", "\"a\""),
                "line 35: person a: the key is there twice, first in line 20",
            ),
            (changed("[\"a\"]", "[\"a\", \"a\"]"), "line 29: room t: member a is there twice"),
            (changed("[\"a\"]", "[\"b\"]"), "line 29: room t: member b is not there"),
            (changed("vendor-floor", "nobody"), "line 1: region: there is no policy profile of this name"),
            (changed("1942-02-28", "1942-02-30"), "line 12: patient p: the birth date"),
            (changed("1942-02-28", "1942-2-28"), "line 12: patient p: the birth date"),
            (changed("1942-02-28", "1942-02-28T00:00"), "line 12: patient p: the birth date"),
            (changed("female", "f"), "line 12: patient p: the sex"),
            (changed("水上 亮", &long), "line 20: person a: the name is empty, longer than 100 characters"),
            (changed("水上 亮", ""), "line 20: person a: the name is empty"),
            (changed("水上 亮", "水上\\n亮"), "line 20: person a: the name"),
            (changed("みずかみ", "\\u0007"), "line 20: person a: the kana"),
            (changed("a@ours.example", "a at ours"), "line 20: person a: the e-mail address is none"),
            (changed("key = \"o\"", "key = \"\\u001b[2J\""), "line 6: office: the key"),
            (changed("name = \"さらさ\"", "name = \"\\u202E\""), "line 6: office o: the name"),
        ] {
            let flaws = read(&wrong).unwrap_err();
            assert!(flaws.to_string().contains(said), "{said}: {flaws}");
            assert!(!flaws.to_string().contains('\u{1b}'), "{flaws}");
        }
    }

    #[test]
    fn everything_is_found_at_once_in_both_files() {
        let wrong = SMALL.replace("1942-02-28", "1942-02-30").replace("a@ours.example", "a");
        let posts = "{\"room\":\"t\",\"by\":\"b\",\"at\":\"2026-10-19T08:30:00+09:00\",\"ref\":\"1\",\"text\":\"\"}\n";
        let flaws = World::read_with_posts(&wrong, posts, &Policies::shipped().unwrap()).err().unwrap();
        let places: Vec<(&str, usize)> = flaws.0.iter().map(|flaw| (flaw.file, flaw.line)).collect();
        let expected = [("world.toml", 12), ("world.toml", 20), ("posts.jsonl", 1), ("posts.jsonl", 1)];
        assert_eq!(places, expected, "{flaws}");
    }

    #[test]
    fn ids_are_the_same_in_one_folder_and_others_in_another() {
        let world = read(SMALL).unwrap();
        let [one, other] = [(); 2].map(|()| Lookup::of(&MasterKey::random()));
        assert_eq!(world.ids(&one).account("a"), world.ids(&one).account("a"));
        assert_ne!(world.ids(&one).account("a"), world.ids(&other).account("a"));
        assert_ne!(world.ids(&one).account("a").0, world.ids(&one).card("a").0);
        assert_ne!(world.ids(&one).post("a/b", "c"), world.ids(&one).post("a", "b/c"));
    }
}
