//! Every primitive, wrapped in a verb: nothing outside this folder touches keys, hashes or randomness.
//!
//! Reading order: `master` is the one secret from outside, `keys` holds one key per thing that can be
//! erased, `seal` closes a value under such a key, `lookup` finds a sealed value again, `passwords` and
//! `tokens` are how people and links prove themselves, `chain` makes the audit log tamper-evident.
pub mod authority;
pub mod canonical;
pub mod certificate;
pub mod chain;
pub mod copies;
pub mod device_authority;
pub mod digest;
pub mod erased;
pub mod head;
pub mod hex;
pub mod keys;
pub mod lookup;
pub mod master;
pub mod passkeys;
pub mod passwords;
pub mod random;
pub mod seal;
pub mod secret;
pub mod signers;
pub mod signing_request;
pub mod tokens;
pub mod verify;

mod cache;
mod store;
