//! Finding a sealed value again by a keyed hash of its normal form, without storing the value.
use aws_lc_rs::hmac;
use uuid::Uuid;

use super::canonical::Canonical;
use super::master::MasterKey;

/// The version of the lookup key and of the forms below; it leads every hash, so that both can change.
const VERSION: u8 = 1;

/// Makes the keyed hashes by which sealed values are found.
#[derive(Clone)]
pub struct Lookup(hmac::Key);

/// What is stored beside a sealed value: one byte of key version, then HMAC-SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LookupHash(Vec<u8>);

impl LookupHash {
    /// The bytes to store and to compare with.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Lookup {
    /// The lookups that belong to a master key.
    pub fn of(master: &MasterKey) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, master.derived("lookup 1").as_ref()))
    }

    /// An e-mail address that was trimmed, NFKC-normalised and lower-cased; unique on the server.
    pub fn email(&self, normalised: &str) -> LookupHash {
        self.hash(Canonical::of("email").text(normalised))
    }

    /// A passkey's credential, as its authenticator named it; unique on the server.
    pub fn passkey(&self, credential: &[u8]) -> LookupHash {
        self.hash(Canonical::of("passkey").bytes(credential))
    }

    /// A patient within a region, to find duplicates: kana folded to hiragana, birth date as ISO text.
    pub fn patient(&self, region: &str, kana: &str, birth_date: &str) -> LookupHash {
        self.hash(Canonical::of("patient").text(region).text(kana).text(birth_date))
    }

    /// A name typed at sign-in, known or not, normalised like an e-mail address. It differs from
    /// `email`, so that counting failures does not tell which names are accounts.
    pub fn sign_in_name(&self, normalised: &str) -> LookupHash {
        self.hash(Canonical::of("sign-in name").text(normalised))
    }

    /// The id of an imported thing by its keys in the files: the same whenever it is asked for, and not to be told by
    /// who has the files without the master key.
    pub fn imported_id(&self, kind: &str, keys: &[&str]) -> Uuid {
        let form = Canonical::of("imported id").text(kind).list(keys.len());
        let form = keys.iter().fold(form, |form, key| form.text(key));
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(hmac::sign(&self.0, &form.finish()).as_ref()) {
            *to = *from;
        }
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    fn hash(&self, form: Canonical) -> LookupHash {
        let mut stored = vec![VERSION];
        stored.extend_from_slice(hmac::sign(&self.0, &form.finish()).as_ref());
        LookupHash(stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_is_found_and_nothing_else() {
        let lookup = Lookup::of(&MasterKey::random());
        assert_eq!(lookup.email("a@example.jp"), lookup.email("a@example.jp"));
        assert_ne!(lookup.email("a@example.jp"), lookup.email("b@example.jp"));
        assert_ne!(lookup.email("a@example.jp"), lookup.sign_in_name("a@example.jp"));
        assert_ne!(lookup.patient("1", "23", "4"), lookup.patient("12", "3", "4"));
    }

    #[test]
    fn the_hash_depends_on_the_master_key_and_says_its_version() {
        let (one, other) = (Lookup::of(&MasterKey::random()), Lookup::of(&MasterKey::random()));
        assert_ne!(one.email("a@example.jp"), other.email("a@example.jp"));
        assert_eq!(one.email("a@example.jp").as_bytes().first(), Some(&VERSION));
        assert_eq!(one.email("a@example.jp").as_bytes().len(), 33);
    }
}
