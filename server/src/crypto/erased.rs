//! The list of destroyed keys, as it leaves the server, and the seal of a certificate of erasure: both signed by the root key of
//! the audit, whose public half is noted down elsewhere.
//!
//! A line of the list states its number and the line before it, so that none can be taken out of the middle; how long it was when
//! a backup was made stands in that backup.
use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::canonical::Canonical;
use super::head::{PublicKey, Signature, pair};
use super::hex;
use super::keys::{KeyFault, KeyStore, META_AUDIT_ROOT_ID, Use};
use super::seal::KeyId;
use crate::clock::Millis;

/// States that a key was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destroyed {
    /// 1 for the first line, then one more each.
    pub n: i64,
    /// The key.
    pub key: KeyId,
    /// When.
    pub at: Millis,
    /// Over all of the above, and the signature of the line before.
    pub signature: Signature,
}

const LINE: &str = "tsumugi-destroyed-key-1";
const NOTHING_BEFORE: Signature = Signature([0; 64]);

impl Destroyed {
    fn statement(&self, before: &Signature) -> Vec<u8> {
        Canonical::of("tsumugi destroyed key 1")
            .number(self.n)
            .id(self.key.0)
            .number(self.at.0)
            .bytes(&before.0)
            .finish()
    }
}

impl fmt::Display for Destroyed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n, key, at: Millis(at), signature } = self;
        write!(out, "{LINE} {n} {key} {at} {}", hex::encode(&signature.0))
    }
}

/// A line is none of a list of destroyed keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line states no destroyed key")]
pub struct NoLine;

impl FromStr for Destroyed {
    type Err = NoLine;

    fn from_str(line: &str) -> Result<Self, NoLine> {
        let mut words = line.split_ascii_whitespace();
        let (Some(LINE), Some(n), Some(key), Some(at), Some(signed), None) =
            (words.next(), words.next(), words.next(), words.next(), words.next(), words.next())
        else {
            return Err(NoLine);
        };
        let mut signature = [0; 64];
        hex::decode(signed, &mut signature).ok_or(NoLine)?;
        Ok(Self {
            n: n.parse().map_err(|_| NoLine)?,
            key: KeyId(Uuid::parse_str(key).map_err(|_| NoLine)?),
            at: Millis(at.parse().map_err(|_| NoLine)?),
            signature: Signature(signature),
        })
    }
}

/// The list of destroyed keys, each line checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DestroyedList(Vec<Destroyed>);

/// What is wrong with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// A line is not what follows the one before it: some were taken out, put in or moved.
    #[error("the list of destroyed keys is broken after line {0}: lines were removed or moved")]
    Gap(i64),
    /// A line was not signed by this server's root key.
    #[error("line {0} of the list of destroyed keys was not signed by this server")]
    Forged(i64),
}

impl DestroyedList {
    /// Reads a list. A line that a power cut tore is passed over: what follows tells whether anything is missing.
    pub fn read(root: &PublicKey, text: &str) -> Result<Self, ListFault> {
        let mut list: Vec<Destroyed> = Vec::new();
        for line in text.lines().filter_map(|line| line.parse::<Destroyed>().ok()) {
            let (n, before) = list.last().map_or((0, NOTHING_BEFORE), |last| (last.n, last.signature));
            if line.n != n.saturating_add(1) {
                return Err(ListFault::Gap(n));
            }
            if !root.signed(&line.statement(&before), &line.signature) {
                return Err(ListFault::Forged(line.n));
            }
            list.push(line);
        }
        Ok(Self(list))
    }

    /// Its lines.
    pub fn lines(&self) -> &[Destroyed] {
        &self.0
    }

    /// How many keys it states.
    pub fn len(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    /// Whether it states none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it begins with everything that another one states.
    pub fn continues(&self, earlier: &Self) -> bool {
        self.0.starts_with(&earlier.0)
    }

    /// Its keys, for [`KeyStore::apply_destroyed`].
    pub fn keys(&self) -> Vec<(KeyId, Millis)> {
        self.0.iter().map(|line| (line.key, line.at)).collect()
    }
}

impl KeyStore {
    /// States keys that a list does not state yet, in the order in which they were destroyed.
    pub async fn state_destroyed(&self, list: &DestroyedList) -> Result<Vec<Destroyed>, KeyFault> {
        let stated: std::collections::HashSet<KeyId> = list.lines().iter().map(|line| line.key).collect();
        let root = pair(&self.root_seed().await?);
        let (mut n, mut before) =
            list.lines().last().map_or((0, NOTHING_BEFORE), |last| (last.n, last.signature));
        let mut lines = Vec::new();
        for (key, at) in self.destroyed().await? {
            if stated.contains(&key) {
                continue;
            }
            n += 1;
            let unsigned = Destroyed { n, key, at, signature: NOTHING_BEFORE };
            let signature = Signature::of(&root, &unsigned.statement(&before));
            before = signature;
            lines.push(Destroyed { signature, ..unsigned });
        }
        Ok(lines)
    }

    /// Signs the statement of a certificate of erasure; hexadecimal.
    pub async fn sign_certificate(&self, statement: &str) -> Result<String, KeyFault> {
        let root = pair(&self.root_seed().await?);
        Ok(hex::encode(&Signature::of(&root, &certificate(statement)).0))
    }

    async fn root_seed(&self) -> Result<zeroize::Zeroizing<[u8; 32]>, KeyFault> {
        let id = self.meta(META_AUDIT_ROOT_ID).await?;
        let id = Uuid::from_slice(&id).map_err(|_wrong_length| KeyFault::UnknownFormat)?;
        self.unwrapped(KeyId(id), Use::Sign).await
    }
}

/// Whether that key signed the statement of a certificate.
pub fn is_certified(root: &PublicKey, statement: &str, signature: &str) -> bool {
    let mut bytes = [0; 64];
    hex::decode(signature, &mut bytes).is_some() && root.signed(&certificate(statement), &Signature(bytes))
}

fn certificate(statement: &str) -> Vec<u8> {
    Canonical::of("tsumugi certificate of erasure 1").text(statement).finish()
}

#[cfg(test)]
mod tests {
    use super::super::keys::KeyKind;
    use super::super::master::MasterKey;
    use super::*;
    use crate::clock::Clock;

    async fn listed() -> (PublicKey, String, KeyStore, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(1_795_000_000_000);
        let keys = KeyStore::create(folder.path(), &MasterKey::random(), &clock).await.unwrap();
        let mut text = String::new();
        for _ in 0..3 {
            let key = keys.make(KeyKind::Room).await.unwrap();
            keys.destroy(key).await.unwrap();
            clock.advance(std::time::Duration::from_secs(1));
            let root = keys.audit_root().await.unwrap();
            let list = DestroyedList::read(&root, &text).unwrap();
            for line in keys.state_destroyed(&list).await.unwrap() {
                text.push_str(&format!("\n{line}\n"));
            }
        }
        (keys.audit_root().await.unwrap(), text, keys, folder)
    }

    #[tokio::test]
    async fn a_list_states_every_destroyed_key_once_and_in_order() {
        let (root, text, keys, _folder) = listed().await;
        let list = DestroyedList::read(&root, &text).unwrap();
        assert_eq!(list.keys(), keys.destroyed().await.unwrap());
        assert_eq!(keys.state_destroyed(&list).await.unwrap(), [], "nothing is stated twice");
        let torn = format!("{text}\ntsumugi-destroyed-key-1 4 0193");
        assert_eq!(DestroyedList::read(&root, &torn).unwrap(), list, "a torn line is none");
        let shorter: Vec<&str> = text.lines().filter(|line| !line.is_empty()).take(2).collect();
        let shorter = DestroyedList::read(&root, &shorter.join("\n")).unwrap();
        assert!(list.continues(&shorter) && !shorter.continues(&list));
    }

    #[tokio::test]
    async fn a_line_that_was_removed_moved_changed_or_forged_is_found() {
        let (root, text, keys, _folder) = listed().await;
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        let [one, two, three] = lines[..] else { panic!("{lines:?}") };
        for (shown, found) in [
            (vec![two, three], ListFault::Gap(0)),
            (vec![one, three], ListFault::Gap(1)),
            (vec![two, one, three], ListFault::Gap(0)),
        ] {
            assert_eq!(DestroyedList::read(&root, &shown.join("\n")), Err(found), "{shown:?}");
        }
        let other = two.replace(" 2 ", " 1 ");
        assert_eq!(DestroyedList::read(&root, &other), Err(ListFault::Forged(1)));
        let stranger = tempfile::tempdir().unwrap();
        let theirs =
            KeyStore::create(stranger.path(), &MasterKey::random(), &Clock::manual(0)).await.unwrap();
        let theirs = theirs.audit_root().await.unwrap();
        assert_eq!(DestroyedList::read(&theirs, &text), Err(ListFault::Forged(1)));

        let signature = keys.sign_certificate("room 1").await.unwrap();
        assert!(is_certified(&root, "room 1", &signature));
        assert!(!is_certified(&root, "room 2", &signature) && !is_certified(&theirs, "room 1", &signature));
    }
}
