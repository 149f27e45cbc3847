//! Judging an audit log: are these the entries that were written, all of them, in that order?
use std::collections::BTreeMap;

use uuid::Uuid;

use super::chain::{Chain, Hash};
use super::head::{DayKey, Head, PublicKey};

/// What a log is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The log.
    pub log: Uuid,
    /// The root key, as it was noted down elsewhere.
    pub root: &'a PublicKey,
    /// The keys of this log, in any order.
    pub keys: &'a [DayKey],
    /// Heads that lie beside the log, where whoever changed the log could change them too.
    pub heads: &'a [Head],
    /// Heads from the sink that the server cannot rewrite.
    pub anchors: &'a [Head],
}

/// One stored entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number.
    pub n: i64,
    /// The canonical bytes of its row.
    pub row: Vec<u8>,
    /// The chain's hash after it, where it was stored; it narrows a finding down to the entry.
    pub hash: Option<Hash>,
}

/// What was found of a log that is in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// How far the log goes.
    pub chain: Chain,
    /// How many entries no anchor covers: whoever holds the server could still change those.
    pub unanchored: i64,
}

/// The first thing found wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A key does not stand in the line that begins at the root.
    #[error("key {serial} of the log is missing or not signed by the one before it")]
    Key {
        /// Its place in the line.
        serial: i64,
    },
    /// A head is not signed by the key it names, belongs to another log or comes out of turn.
    #[error("the head at entry {n} is not genuine")]
    Head {
        /// The length it states.
        n: i64,
    },
    /// Two genuine heads state different logs.
    #[error("two signed heads disagree about entry {n}: two versions of the log exist")]
    Fork {
        /// The length that both state.
        n: i64,
    },
    /// Entries are missing, doubled or out of order.
    #[error("entry {expected} should follow, but {found} does")]
    Gap {
        /// The number that had to come: the first bad entry.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// An entry was changed.
    #[error("entries were changed; the first lies between {first} and {last}")]
    Changed {
        /// The first entry that may be the changed one.
        first: i64,
        /// The last; equal to `first` where stored hashes tell exactly.
        last: i64,
    },
    /// The log ends before a signed head.
    #[error("the log ends at entry {last}, but {stated} were signed")]
    Cut {
        /// The last entry there is.
        last: i64,
        /// The length that a head states.
        stated: i64,
    },
}

/// Walks a log once, in storage order, and names the first bad entry.
pub fn verify(evidence: &Evidence<'_>, entries: impl IntoIterator<Item = Entry>) -> Result<Sound, Broken> {
    let mut walk = Walk::new(evidence)?;
    for entry in entries {
        walk.step(&entry)?;
    }
    walk.end()
}

/// The same walk in steps, for callers that read entries page by page.
#[derive(Debug)]
pub struct Walk {
    chain: Chain,
    stated: BTreeMap<i64, Hash>,
    anchored: i64,
    good: i64,
}

impl Walk {
    /// Judges the keys and heads.
    pub fn new(evidence: &Evidence<'_>) -> Result<Self, Broken> {
        Self::after(evidence, Chain::start(evidence.log))
    }

    /// The same for a part of a log that begins after that point; a signed head later in it covers the point as well.
    pub fn after(evidence: &Evidence<'_>, chain: Chain) -> Result<Self, Broken> {
        let keys = key_line(evidence)?;
        let mut stated = BTreeMap::from([(chain.n, chain.hash)]);
        let mut heads: Vec<&Head> = evidence.heads.iter().chain(evidence.anchors).collect();
        heads.sort_by_key(|head| (head.chain.n, head.serial));
        let mut serial = 0;
        for head in heads {
            let Head { chain: Chain { n, hash, .. }, .. } = *head;
            // A retired key that signs a longer log than its successor did was not retired in time.
            if !genuine(head, evidence.log, &keys) || head.serial < serial {
                return Err(Broken::Head { n });
            }
            serial = head.serial;
            if stated.insert(n, hash).is_some_and(|before| before != hash) {
                return Err(Broken::Fork { n });
            }
        }
        let anchored = evidence.anchors.iter().map(|head| head.chain.n).max().unwrap_or(0);
        Ok(Self { chain, stated, anchored, good: chain.n })
    }

    /// Judges the next entry.
    pub fn step(&mut self, entry: &Entry) -> Result<(), Broken> {
        let expected = self.chain.n.saturating_add(1);
        if entry.n != expected {
            return Err(Broken::Gap { expected, found: entry.n });
        }
        self.chain = self.chain.with(&entry.row);
        if entry.hash.is_some_and(|stored| stored != self.chain.hash) {
            return Err(Broken::Changed { first: expected, last: expected });
        }
        match self.stated.get(&expected) {
            Some(hash) if *hash != self.chain.hash => {
                Err(Broken::Changed { first: self.good.saturating_add(1), last: expected })
            }
            Some(_) => {
                self.good = expected;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Judges the end.
    pub fn end(self) -> Result<Sound, Broken> {
        let last = self.chain.n;
        match self.stated.last_key_value() {
            Some((stated, _)) if *stated > last => Err(Broken::Cut { last, stated: *stated }),
            Some(_) | None => Ok(Sound { chain: self.chain, unanchored: last.saturating_sub(self.anchored) }),
        }
    }
}

fn genuine(head: &Head, log: Uuid, keys: &BTreeMap<i64, PublicKey>) -> bool {
    head.chain.log == log
        && head.chain.n >= 0
        && keys.get(&head.serial).is_some_and(|key| head.is_signed_by(key))
}

fn key_line(evidence: &Evidence<'_>) -> Result<BTreeMap<i64, PublicKey>, Broken> {
    let mut sorted: Vec<&DayKey> = evidence.keys.iter().collect();
    sorted.sort_by_key(|key| key.serial);
    let mut line = BTreeMap::new();
    let mut signer = *evidence.root;
    for (serial, key) in (0_i64..).zip(sorted) {
        if key.serial != serial || key.log != evidence.log || !key.is_signed_by(&signer) {
            return Err(Broken::Key { serial });
        }
        line.insert(serial, key.public);
        signer = key.public;
    }
    Ok(line)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
