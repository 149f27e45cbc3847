//! Signed statements about an audit log: which key signs when, and how long the log was by then.
//!
//! Both are written as one line of text each, for a sink that the server cannot rewrite.
use std::fmt;
use std::str::{FromStr, SplitAsciiWhitespace};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::chain::Chain;
use super::seal::KeyId;
use super::{canonical::Canonical, hex};
use crate::clock::Millis;

/// An Ed25519 public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// An Ed25519 signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl PublicKey {
    pub(super) fn of_seed(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self::of_pair(&pair(seed))
    }

    pub(super) fn of_pair(pair: &Ed25519KeyPair) -> Self {
        Self(copied(pair.public_key().as_ref()))
    }

    pub(super) fn signed(&self, statement: &[u8], signature: &Signature) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(statement, &signature.0).is_ok()
    }
}

impl Signature {
    pub(super) fn of(by: &Ed25519KeyPair, statement: &[u8]) -> Self {
        sign(by, statement)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex::encode(&self.0))
    }
}

impl FromStr for PublicKey {
    type Err = LineFault;

    fn from_str(text: &str) -> Result<Self, LineFault> {
        digits(Some(text)).map(Self)
    }
}

/// States which key signs a log from a moment on; signed by the key before it, the first by the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayKey {
    /// The log.
    pub log: Uuid,
    /// 0 for the first key of the log, then one more each.
    pub serial: i64,
    /// Where the private half lies until it is destroyed.
    pub key: KeyId,
    /// From when on it signs.
    pub since: Millis,
    /// The public half.
    pub public: PublicKey,
    /// Over all of the above.
    pub signature: Signature,
}

/// States that a log had `n` entries with this hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The log and how far it had been chained.
    pub chain: Chain,
    /// When.
    pub at: Millis,
    /// Which of the log's keys signed.
    pub serial: i64,
    /// Over all of the above.
    pub signature: Signature,
}

impl DayKey {
    pub(super) fn sign(
        by: &Ed25519KeyPair,
        log: Uuid,
        serial: i64,
        key: KeyId,
        since: Millis,
        public: PublicKey,
    ) -> Self {
        let unsigned = Self { log, serial, key, since, public, signature: Signature([0; 64]) };
        Self { signature: sign(by, &unsigned.statement()), ..unsigned }
    }

    /// Whether that key signed this statement.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.signed(&self.statement(), &self.signature)
    }

    fn statement(&self) -> Vec<u8> {
        Canonical::of("tsumugi audit key 1")
            .id(self.log)
            .number(self.serial)
            .id(self.key.0)
            .number(self.since.0)
            .bytes(&self.public.0)
            .finish()
    }
}

impl Head {
    pub(super) fn sign(by: &Ed25519KeyPair, serial: i64, chain: &Chain, at: Millis) -> Self {
        let unsigned = Self { chain: *chain, at, serial, signature: Signature([0; 64]) };
        Self { signature: sign(by, &unsigned.statement()), ..unsigned }
    }

    /// Whether that key signed this statement.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.signed(&self.statement(), &self.signature)
    }

    fn statement(&self) -> Vec<u8> {
        Canonical::of("tsumugi audit head 1")
            .id(self.chain.log)
            .number(self.chain.n)
            .bytes(&self.chain.hash)
            .number(self.at.0)
            .number(self.serial)
            .finish()
    }
}

/// A line is not one of those written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line is not a statement about an audit log")]
pub struct LineFault;

const KEY_LINE: &str = "tsumugi-audit-key-1";
const HEAD_LINE: &str = "tsumugi-audit-head-1";

impl fmt::Display for DayKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log, serial, key, since: Millis(since), public, signature } = self;
        let signature = hex::encode(&signature.0);
        write!(out, "{KEY_LINE} {log} {serial} {key} {since} {public} {signature}")
    }
}

impl FromStr for DayKey {
    type Err = LineFault;

    fn from_str(line: &str) -> Result<Self, LineFault> {
        let mut words = words(line, KEY_LINE)?;
        let read = Self {
            log: word(&mut words)?,
            serial: word(&mut words)?,
            key: KeyId(word(&mut words)?),
            since: Millis(word(&mut words)?),
            public: PublicKey(digits(words.next())?),
            signature: Signature(digits(words.next())?),
        };
        nothing_more(words.next()).map(|()| read)
    }
}

impl fmt::Display for Head {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chain: Chain { log, n, hash }, at: Millis(at), serial, signature } = self;
        let (hash, signature) = (hex::encode(hash), hex::encode(&signature.0));
        write!(out, "{HEAD_LINE} {log} {n} {hash} {at} {serial} {signature}")
    }
}

impl FromStr for Head {
    type Err = LineFault;

    fn from_str(line: &str) -> Result<Self, LineFault> {
        let mut words = words(line, HEAD_LINE)?;
        let read = Self {
            chain: Chain { log: word(&mut words)?, n: word(&mut words)?, hash: digits(words.next())? },
            at: Millis(word(&mut words)?),
            serial: word(&mut words)?,
            signature: Signature(digits(words.next())?),
        };
        nothing_more(words.next()).map(|()| read)
    }
}

#[expect(clippy::expect_used, reason = "any 32 bytes are an Ed25519 seed")]
pub(super) fn pair(seed: &Zeroizing<[u8; 32]>) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed.as_ref()).expect("a seed of 32 bytes")
}

fn sign(by: &Ed25519KeyPair, statement: &[u8]) -> Signature {
    Signature(copied(by.sign(statement).as_ref()))
}

fn copied<const N: usize>(from: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(from) {
        *to = *from;
    }
    out
}

fn words<'a>(line: &'a str, first: &str) -> Result<SplitAsciiWhitespace<'a>, LineFault> {
    let mut words = line.split_ascii_whitespace();
    if words.next() == Some(first) { Ok(words) } else { Err(LineFault) }
}

fn word<T: FromStr>(words: &mut SplitAsciiWhitespace<'_>) -> Result<T, LineFault> {
    words.next().and_then(|word| word.parse().ok()).ok_or(LineFault)
}

fn digits<const N: usize>(word: Option<&str>) -> Result<[u8; N], LineFault> {
    let mut out = [0; N];
    word.and_then(|word| hex::decode(word, &mut out)).ok_or(LineFault)?;
    Ok(out)
}

fn nothing_more(word: Option<&str>) -> Result<(), LineFault> {
    word.map_or(Ok(()), |_| Err(LineFault))
}

#[cfg(test)]
mod tests {
    use super::super::random;
    use super::*;

    #[test]
    fn statements_survive_the_way_through_a_text_file() {
        let by = pair(&random::secret());
        let public = PublicKey::of_pair(&by);
        let chain = Chain::start(Uuid::from_u128(5)).with(b"a");
        let head = Head::sign(&by, 3, &chain, Millis(1_795_000_000_000));
        let key = DayKey::sign(&by, chain.log, 3, KeyId(Uuid::from_u128(6)), Millis(9), public);
        assert_eq!(head.to_string().parse(), Ok(head));
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!(public.to_string().parse(), Ok(public));
        assert!(head.is_signed_by(&public) && key.is_signed_by(&public));
        for wrong in ["", "tsumugi-audit-head-1", &format!("{head} 1"), &key.to_string()] {
            assert_eq!(wrong.parse::<Head>(), Err(LineFault), "{wrong}");
        }
    }

    #[test]
    fn a_signature_covers_every_field() {
        let by = pair(&random::secret());
        let public = PublicKey::of_pair(&by);
        let chain = Chain::start(Uuid::from_u128(5)).with(b"a");
        let head = Head::sign(&by, 3, &chain, Millis(10));
        for forged in [
            Head { chain: Chain { log: Uuid::nil(), ..chain }, ..head },
            Head { chain: Chain { n: 2, ..chain }, ..head },
            Head { chain: Chain { hash: [0; 32], ..chain }, ..head },
            Head { at: Millis(11), ..head },
            Head { serial: 4, ..head },
        ] {
            assert!(!forged.is_signed_by(&public), "{forged}");
        }
        let key = DayKey::sign(&by, chain.log, 3, KeyId(Uuid::from_u128(6)), Millis(9), public);
        for forged in [
            DayKey { log: Uuid::nil(), ..key },
            DayKey { serial: 4, ..key },
            DayKey { key: KeyId(Uuid::nil()), ..key },
            DayKey { since: Millis(10), ..key },
            DayKey { public: PublicKey([0; 32]), ..key },
        ] {
            assert!(!forged.is_signed_by(&public), "{forged}");
        }
        assert!(!head.is_signed_by(&PublicKey::of_seed(&random::secret())));
    }
}
