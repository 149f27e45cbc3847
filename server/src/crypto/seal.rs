//! Closing a value under the key of what it is about, bound to the place where it is stored.
//!
//! Sealed bytes are `format (1) | key id (16) | nonce (12) | ciphertext and tag`. The format, the key
//! id, table, row id and author are authenticated, so that whoever can write to the database cannot
//! move text between rows, patients or authors. Nothing that may change is bound.
use std::fmt;
use std::sync::Arc;

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::random;

const FORMAT: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;
/// Where the ciphertext starts.
const HEAD: usize = 1 + 16 + NONCE;

/// Names a key; every sealed value carries the id of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub Uuid);

impl fmt::Display for KeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// An opened AES-256-GCM key; clones share it, the last one wipes it.
#[derive(Clone)]
pub struct Key(Arc<Inner>);

struct Inner {
    id: KeyId,
    cipher: Aes256Gcm,
}

impl Key {
    pub(super) fn new(id: KeyId, bytes: &Zeroizing<[u8; 32]>) -> Self {
        Self(Arc::new(Inner { id, cipher: cipher(bytes) }))
    }

    /// The id that everything sealed with this key carries.
    pub fn id(&self) -> KeyId {
        self.0.id
    }

    /// A key that every test knows.
    #[cfg(test)]
    pub fn for_test() -> Self {
        Self::new(KeyId(Uuid::nil()), &Zeroizing::new([7; 32]))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Key({})", self.0.id)
    }
}

/// Where a value is stored: opening it anywhere else fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table, or another name for the kind of record; at most 255 bytes count.
    pub table: &'a str,
    /// The row.
    pub row: Uuid,
    /// Who wrote it, where somebody did.
    pub author: Option<Uuid>,
}

/// A closed value as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Takes bytes as they came from storage; `open` judges them.
    pub fn from_stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sealed({} bytes)", self.0.len())
    }
}

/// Why sealed bytes do not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// Too short to be a sealed value.
    #[error("the stored bytes are not a sealed value")]
    Malformed,
    /// Written by a version that this one does not know.
    #[error("the sealed value has format {0}, which this version does not know")]
    UnknownFormat(u8),
    /// It names another key than the one it was to be opened with.
    #[error("the value was sealed with key {0}")]
    OtherKey(KeyId),
    /// The bytes were changed, or lie where they were not written.
    #[error("the sealed value was changed or moved")]
    Refused,
}

/// Closes a value for its place. Costs a fraction of a microsecond, so it happens inside the act.
#[expect(
    clippy::expect_used,
    reason = "AES-GCM refuses only values beyond 64 GiB, which memory does not hold"
)]
pub fn seal(key: &Key, place: &Place<'_>, plaintext: &[u8]) -> Sealed {
    let nonce = random::bytes::<NONCE>();
    let mut out = Vec::with_capacity(HEAD + plaintext.len() + TAG);
    out.push(FORMAT);
    out.extend_from_slice(key.id().0.as_bytes());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plaintext);
    let body = out.get_mut(HEAD..).unwrap_or_default();
    let tag =
        encrypt(&key.0.cipher, nonce, &bound(key.id(), place), body).expect("within the limit of AES-GCM");
    out.extend_from_slice(&tag);
    Sealed(out)
}

/// Opens a value that lies in its place.
pub fn open(key: &Key, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealFault> {
    let parts = parts(sealed)?;
    if parts.key != key.id() {
        return Err(SealFault::OtherKey(parts.key));
    }
    let mut body = parts.body.to_vec();
    decrypt(&key.0.cipher, parts.nonce, &bound(parts.key, place), &mut body, parts.tag)
        .ok_or(SealFault::Refused)?;
    Ok(body)
}

/// The key that a sealed value asks for.
pub fn key_of(sealed: &[u8]) -> Result<KeyId, SealFault> {
    parts(sealed).map(|parts| parts.key)
}

struct Parts<'a> {
    key: KeyId,
    nonce: [u8; NONCE],
    body: &'a [u8],
    tag: [u8; TAG],
}

fn parts(sealed: &[u8]) -> Result<Parts<'_>, SealFault> {
    let (format, rest) = sealed.split_first().ok_or(SealFault::Malformed)?;
    if *format != FORMAT {
        return Err(SealFault::UnknownFormat(*format));
    }
    let (id, rest) = rest.split_first_chunk::<16>().ok_or(SealFault::Malformed)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(SealFault::Malformed)?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or(SealFault::Malformed)?;
    Ok(Parts { key: KeyId(Uuid::from_bytes(*id)), nonce: *nonce, body, tag: *tag })
}

/// The additional data. Everything has a fixed length but the table, whose length leads it.
fn bound(key: KeyId, place: &Place<'_>) -> Vec<u8> {
    let length = u8::try_from(place.table.len()).unwrap_or(u8::MAX);
    let mut data = Vec::with_capacity(1 + 16 + 1 + place.table.len() + 16 + 17);
    data.push(FORMAT);
    data.extend_from_slice(key.0.as_bytes());
    data.push(length);
    data.extend(place.table.bytes().take(usize::from(length)));
    data.extend_from_slice(place.row.as_bytes());
    match place.author {
        Some(author) => {
            data.push(1);
            data.extend_from_slice(author.as_bytes());
        }
        None => data.push(0),
    }
    data
}

pub(super) fn cipher(key: &Zeroizing<[u8; 32]>) -> Aes256Gcm {
    Aes256Gcm::new((&**key).into())
}

/// Encrypts in place and returns the tag; `None` only beyond the cipher's limit.
pub(super) fn encrypt(
    cipher: &Aes256Gcm,
    nonce: [u8; NONCE],
    aad: &[u8],
    body: &mut [u8],
) -> Option<[u8; TAG]> {
    let tag = cipher.encrypt_inout_detached(&Nonce::from(nonce), aad, body.into()).ok()?;
    Some(tag.into())
}

/// Decrypts in place; `None` when anything differs from what was encrypted.
pub(super) fn decrypt(
    cipher: &Aes256Gcm,
    nonce: [u8; NONCE],
    aad: &[u8],
    body: &mut [u8],
    tag: [u8; TAG],
) -> Option<()> {
    cipher.decrypt_inout_detached(&Nonce::from(nonce), aad, body.into(), &Tag::from(tag)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn key() -> Key {
        Key::new(KeyId(Uuid::from_bytes(random::bytes())), &random::secret())
    }

    fn place() -> Place<'static> {
        Place { table: "posts", row: Uuid::from_u128(7), author: Some(Uuid::from_u128(9)) }
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_and_names_its_key() {
        let key = key();
        for text in ["", "熱が38度あります。", &"あ".repeat(20_000)] {
            let sealed = seal(&key, &place(), text.as_bytes());
            assert_eq!(sealed.as_bytes().len(), HEAD + text.len() + TAG);
            assert_eq!(key_of(sealed.as_bytes()), Ok(key.id()));
            assert_eq!(open(&key, &place(), sealed.as_bytes()).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn nothing_readable_is_stored_or_printed() {
        let sealed = seal(&key(), &place(), "田中ハナ".as_bytes());
        assert!(!sealed.as_bytes().windows(4).any(|part| "田中ハナ".as_bytes().starts_with(part)));
        assert_eq!(format!("{sealed:?}"), "Sealed(57 bytes)");
    }

    #[test]
    fn every_other_place_is_refused() {
        let key = key();
        let sealed = seal(&key, &place(), b"text");
        for elsewhere in [
            Place { row: Uuid::from_u128(8), ..place() },
            Place { table: "post", ..place() },
            Place { table: "consents", ..place() },
            Place { author: None, ..place() },
            Place { author: Some(Uuid::from_u128(10)), ..place() },
        ] {
            assert_eq!(open(&key, &elsewhere, sealed.as_bytes()), Err(SealFault::Refused), "{elsewhere:?}");
        }
    }

    #[test]
    fn another_key_is_refused_even_under_the_same_id() {
        let (key, other) = (key(), key());
        let sealed = seal(&key, &place(), b"text");
        assert_eq!(open(&other, &place(), sealed.as_bytes()), Err(SealFault::OtherKey(key.id())));
        let impostor = Key::new(key.id(), &random::secret());
        assert_eq!(open(&impostor, &place(), sealed.as_bytes()), Err(SealFault::Refused));
        // Even the right key is refused when the value names another: the id is bound.
        let mut renamed = sealed.into_bytes();
        renamed[1..17].copy_from_slice(other.id().0.as_bytes());
        let secret = random::secret();
        let (one, two) = (Key::new(key.id(), &secret), Key::new(other.id(), &secret));
        let mut moved = seal(&one, &place(), b"text").into_bytes();
        moved[1..17].copy_from_slice(other.id().0.as_bytes());
        assert_eq!(open(&two, &place(), &moved), Err(SealFault::Refused));
        assert_eq!(open(&other, &place(), &renamed), Err(SealFault::Refused));
    }

    #[test]
    fn unknown_formats_and_stumps_are_told_apart_from_tampering() {
        let key = key();
        let sealed = seal(&key, &place(), b"").into_bytes();
        let mut newer = sealed.clone();
        newer[0] = 2;
        assert_eq!(open(&key, &place(), &newer), Err(SealFault::UnknownFormat(2)));
        for length in 0..sealed.len() {
            assert_eq!(open(&key, &place(), &sealed[..length]), Err(SealFault::Malformed), "{length}");
        }
    }

    #[test]
    fn no_nonce_comes_twice_under_a_key() {
        let key = key();
        let nonces: HashSet<Vec<u8>> =
            (0..20_000).map(|_| seal(&key, &place(), b"x").as_bytes()[17..29].to_vec()).collect();
        assert_eq!(nonces.len(), 20_000);
    }

    #[test]
    fn the_format_is_what_its_description_says_by_another_implementation() {
        use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
        let (id, secret) = (KeyId(Uuid::from_u128(1)), Zeroizing::new([7; 32]));
        let sealed = seal(&Key::new(id, &secret), &place(), "変わらない".as_bytes()).into_bytes();
        let mut bound = vec![1];
        bound.extend(1_u128.to_be_bytes());
        bound.extend(b"\x05posts");
        bound.extend(7_u128.to_be_bytes());
        bound.push(1);
        bound.extend(9_u128.to_be_bytes());
        let other = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, secret.as_ref()).unwrap());
        let nonce = Nonce::try_assume_unique_for_key(&sealed[17..29]).unwrap();
        let mut body = sealed[29..].to_vec();
        let opened = other.open_in_place(nonce, Aad::from(bound), &mut body).unwrap();
        assert_eq!(opened, "変わらない".as_bytes());
    }

    proptest! {
        #[test]
        fn a_flipped_bit_anywhere_is_refused(text in proptest::collection::vec(any::<u8>(), 0..200), at: prop::sample::Index, bit in 0..8_u8) {
            let key = key();
            let mut sealed = seal(&key, &place(), &text).into_bytes();
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert!(open(&key, &place(), &sealed).is_err());
        }

        #[test]
        fn values_cannot_trade_places(
            table in "[a-z]{1,8}", other_table in "[a-z]{1,8}", row: u128, other_row: u128,
            author: Option<u128>, other_author: Option<u128>,
        ) {
            let key = key();
            let here = Place { table: &table, row: Uuid::from_u128(row), author: author.map(Uuid::from_u128) };
            let there = Place { table: &other_table, row: Uuid::from_u128(other_row), author: other_author.map(Uuid::from_u128) };
            let sealed = seal(&key, &here, b"text");
            prop_assert_eq!(open(&key, &there, sealed.as_bytes()).is_ok(), here == there);
            // One part swapped at a time.
            for swapped in [Place { table: &other_table, ..here }, Place { row: there.row, ..here }, Place { author: there.author, ..here }] {
                prop_assert_eq!(open(&key, &swapped, sealed.as_bytes()).is_ok(), swapped == here);
            }
        }

        #[test]
        fn any_bytes_are_judged_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(open(&key(), &place(), &bytes).is_err());
        }
    }
}
