//! The ledger outside the server: what was asked, what was answered, and what must therefore stand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;
use tsumugi_protocol::{AccountId, Position, PostId, RoomId};

/// What the writer knows of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// No answer came: it may stand or not.
    Unknown,
    /// Answered with its place: it must stand there.
    Acknowledged(Position),
    /// Refused by code: it must not stand.
    Refused(String),
}

/// One line of the ledger.
#[derive(Debug, Clone)]
pub struct Entry {
    pub room: RoomId,
    pub post: PostId,
    pub author: AccountId,
    pub text: String,
    pub fate: Fate,
}

/// A post as a reader found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub post: PostId,
    pub position: Position,
    pub author: AccountId,
    pub text: String,
}

/// Counts for the report.
#[derive(Debug, Default)]
pub struct Tally {
    pub acknowledged: usize,
    pub unknown: usize,
    pub refused: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} acknowledged, {} unknown, {} refused", self.acknowledged, self.unknown, self.refused)
    }
}

/// All lines.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<BTreeMap<PostId, Entry>>);

impl Ledger {
    /// Written before the ask leaves.
    pub fn invoke(&self, entry: Entry) {
        let before = self.0.lock().expect("the ledger").insert(entry.post, entry);
        assert!(before.is_none(), "ids are chosen once");
    }

    /// Written when the answer has come.
    pub fn settle(&self, post: PostId, fate: Fate) {
        self.0.lock().expect("the ledger").get_mut(&post).expect("invoked").fate = fate;
    }

    fn entries(&self, keep: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        self.0.lock().expect("the ledger").values().filter(|entry| keep(entry)).cloned().collect()
    }

    /// Lines without an answer.
    pub fn unknown(&self) -> Vec<Entry> {
        self.entries(|entry| entry.fate == Fate::Unknown)
    }

    /// Lines with a place.
    pub fn acknowledged(&self) -> Vec<Entry> {
        self.entries(|entry| matches!(entry.fate, Fate::Acknowledged(_)))
    }

    /// How many of each.
    pub fn tally(&self) -> Tally {
        let refused = self.entries(|entry| matches!(entry.fate, Fate::Refused(_))).len();
        Tally { acknowledged: self.acknowledged().len(), unknown: self.unknown().len(), refused }
    }

    /// Everything that is wrong with a room: lost, moved, changed, phantom, double, out of order.
    pub fn judge(&self, room: RoomId, stored: &[Stored]) -> Vec<String> {
        let mut wrong = Vec::new();
        let known: BTreeMap<PostId, Entry> =
            self.entries(|entry| entry.room == room).into_iter().map(|entry| (entry.post, entry)).collect();
        let mut seen = BTreeSet::new();
        for (at, found) in stored.iter().enumerate() {
            if found.position.0 != i64::try_from(at).unwrap_or(i64::MAX) + 1 {
                wrong.push(format!("gap: place {} holds position {}", at + 1, found.position));
            }
            if !seen.insert(found.post) {
                wrong.push(format!("double: {}", found.post));
            }
            match known.get(&found.post) {
                None => wrong.push(format!("phantom: {}", found.post)),
                Some(entry) => wrong.extend(compare(entry, found)),
            }
        }
        let acknowledged = known.values().filter(|entry| matches!(entry.fate, Fate::Acknowledged(_)));
        wrong.extend(
            acknowledged
                .filter(|entry| !seen.contains(&entry.post))
                .map(|entry| format!("lost: {}", entry.post)),
        );
        wrong
    }
}

fn compare(entry: &Entry, found: &Stored) -> Option<String> {
    if entry.text != found.text || entry.author != found.author {
        return Some(format!("changed: {}", found.post));
    }
    match &entry.fate {
        Fate::Acknowledged(position) if *position != found.position => Some(format!(
            "moved: {} was acknowledged at {position}, stands at {}",
            found.post, found.position
        )),
        Fate::Refused(code) => Some(format!("phantom: {} was refused ({code}) and stands", found.post)),
        Fate::Acknowledged(_) | Fate::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));

    fn id(n: u128) -> PostId {
        PostId(Uuid::from_u128(n))
    }

    fn entry(n: u128, fate: Fate) -> Entry {
        Entry { room: ROOM, post: id(n), author: AccountId(Uuid::nil()), text: n.to_string(), fate }
    }

    fn found(n: u128, position: i64) -> Stored {
        Stored {
            post: id(n),
            position: Position(position),
            author: AccountId(Uuid::nil()),
            text: n.to_string(),
        }
    }

    fn wrong(stored: &[Stored]) -> Vec<String> {
        let ledger = Ledger::default();
        ledger.invoke(entry(1, Fate::Acknowledged(Position(1))));
        ledger.invoke(entry(2, Fate::Acknowledged(Position(2))));
        ledger.invoke(entry(3, Fate::Unknown));
        ledger.invoke(entry(4, Fate::Refused("confirm_required".into())));
        let kinds = ledger.judge(ROOM, stored);
        kinds.iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn what_was_acknowledged_stands_and_the_unknown_may() {
        assert!(wrong(&[found(1, 1), found(2, 2)]).is_empty());
        assert!(wrong(&[found(1, 1), found(2, 2), found(3, 3)]).is_empty());
    }

    #[test]
    fn every_kind_of_wrong_is_named() {
        assert_eq!(wrong(&[found(1, 1)]), ["lost"]);
        assert_eq!(wrong(&[found(1, 1), found(2, 2), found(9, 3)]), ["phantom"]);
        assert_eq!(wrong(&[found(1, 1), found(2, 2), found(4, 3)]), ["phantom"]);
        assert_eq!(wrong(&[found(1, 1), found(2, 2), found(3, 4)]), ["gap"]);
        assert_eq!(wrong(&[found(2, 1), found(1, 2)]), ["moved", "moved"]);
        assert_eq!(wrong(&[found(1, 1), found(2, 2), found(3, 3), found(3, 4)]), ["double"]);
        let altered = Stored { text: "x".into(), ..found(2, 2) };
        assert_eq!(wrong(&[found(1, 1), altered]), ["changed"]);
    }
}
