//! What is kept of a password: a slow salted hash, and nothing from which it could be had back.

use crate::at_rest::{leaks, scan::Scanner};
use crate::harness::{Engine, Rows, Server, promise};
use crate::passwords::{Holder, LONG};
use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64Unpadded, Encoding};
use std::collections::BTreeSet;

/// The least that a guess has to cost: so many KiB of memory and passes over it.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;

/// A stored form taken apart, as Argon2 writes it down.
struct Stored {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Stored {
    fn read(text: &str) -> Self {
        let [kind, version, cost, salt, hash] = text.split('$').skip(1).collect::<Vec<_>>()[..] else {
            panic!("no stored form: {text}")
        };
        assert_eq!((kind, version), ("argon2id", "v=19"));
        let number = |name: &str| -> u32 {
            let part = cost.split(',').find_map(|part| part.strip_prefix(name)).expect("a cost");
            part.parse().expect("a number")
        };
        let bytes = |text: &str| Base64Unpadded::decode_vec(text).expect("base64");
        let (memory_kib, passes, lanes) = (number("m="), number("t="), number("p="));
        Self { memory_kib, passes, lanes, salt: bytes(salt), hash: bytes(hash) }
    }

    /// Whether it is what comes of that password, by nothing but the way forward.
    fn is_of(&self, password: &str) -> bool {
        let cost =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(self.hash.len())).expect("a cost");
        let mut hash = vec![0; self.hash.len()];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
        argon2.hash_password_into(password.as_bytes(), &self.salt, &mut hash).expect("a hash");
        hash == self.hash
    }
}

promise! {
    // That no browser keeps it either, and that nobody is signed in by herself: e2e/nothing-kept.test.mjs.
    // clause("001§18-4")
    async fn of_a_password_only_a_slow_salted_hash_is_kept(engine: Engine) {
        let server = Server::start(engine).await;
        let mut holder = Holder::of(&server, "physician").await;
        let first = holder.password.clone();
        holder.change(LONG).await;
        let mut other = Holder::of(&server, "visiting_nurse").await;
        other.change(LONG).await;

        let mut rows = Rows::of(&server).await;
        let in_use = rows.texts("SELECT password_hash FROM accounts WHERE password_hash IS NOT NULL").await;
        let earlier = rows.texts("SELECT hash FROM password_history").await;
        assert!(in_use.len() > 2 && !earlier.is_empty(), "of everybody, and of what was used before");
        let all: Vec<Stored> = in_use.iter().chain(&earlier).map(|text| Stored::read(text)).collect();
        for stored in &all {
            assert!(stored.memory_kib >= MEMORY_KIB && stored.passes >= PASSES, "each guess is slow");
            assert!(stored.salt.len() >= 16 && stored.hash.len() >= 32);
        }
        let salts: BTreeSet<&Vec<u8>> = all.iter().map(|stored| &stored.salt).collect();
        assert_eq!(salts.len(), all.len(), "no two have a salt in common");
        let same: Vec<&Stored> = all.iter().filter(|stored| stored.is_of(LONG)).collect();
        assert_eq!(same.len(), 2, "two people with one password");
        assert_ne!(same[0].hash, same[1].hash, "and nothing says so");
        assert!(all.iter().any(|stored| stored.is_of(&first)), "an earlier one is kept in the same way");

        // Neither a dump of the rows nor any file has it in any form that leads back.
        let scanner = Scanner::new(&[LONG.to_owned(), first]);
        assert!(scanner.hits(rows.dump().await.as_bytes()).is_empty());
        let running = leaks(&server.setup.data, &scanner);
        assert!(running.is_empty(), "{running:?}");
        server.stop();
        assert!(leaks(&server.setup.data, &scanner).is_empty());
        assert!(scanner.hits(server.log().as_bytes()).is_empty());
    }
}
