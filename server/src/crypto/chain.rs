//! The hash chain of an audit log: every entry's hash covers all entries before it. No I/O.
use aws_lc_rs::digest;
use uuid::Uuid;

/// SHA-256.
pub type Hash = [u8; 32];

/// How far a log has been chained. Entries are numbered from 1 without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// The log; each server process writes one of its own.
    pub log: Uuid,
    /// The number of the last entry, 0 while there is none.
    pub n: i64,
    /// Covers the log's id and all entries up to `n`.
    pub hash: Hash,
}

impl Chain {
    /// An empty log.
    pub fn start(log: Uuid) -> Self {
        Self { log, n: 0, hash: sha256(&[b"tsumugi audit start 1", log.as_bytes()]) }
    }

    /// The chain after one more entry, given the canonical bytes of its row.
    #[must_use]
    pub fn with(&self, row: &[u8]) -> Self {
        let n = self.n.saturating_add(1);
        Self { log: self.log, n, hash: next(&self.hash, &leaf(self.log, n, row)) }
    }
}

/// The hash of one entry alone.
pub fn leaf(log: Uuid, n: i64, row: &[u8]) -> Hash {
    sha256(&[b"tsumugi audit leaf 1", log.as_bytes(), &n.to_be_bytes(), row])
}

/// The hash of the chain after one more entry.
pub fn next(before: &Hash, leaf: &Hash) -> Hash {
    sha256(&[b"tsumugi audit next 1", before, leaf])
}

/// The hash of a ciphertext in hexadecimal digits, as audit entries carry it.
pub fn fingerprint(sealed: &[u8]) -> String {
    super::hex::encode(&sha256(&[b"tsumugi sealed 1", sealed]))
}

/// All parts but the last have fixed lengths, so that no two inputs run together.
fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hash = digest::Context::new(&digest::SHA256);
    for part in parts {
        hash.update(part);
    }
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(hash.finish().as_ref()) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::hex;
    use super::*;

    #[test]
    fn the_chain_covers_log_order_number_and_content() {
        let (log, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let ab = Chain::start(log).with(b"a").with(b"b");
        assert_eq!(ab.n, 2);
        assert_ne!(ab.hash, Chain::start(log).with(b"b").with(b"a").hash);
        assert_ne!(ab.hash, Chain::start(log).with(b"ab").with(b"").hash);
        assert_ne!(ab.hash, Chain::start(other).with(b"a").with(b"b").hash);
        assert_ne!(leaf(log, 1, b"a"), leaf(log, 2, b"a"));
    }

    #[test]
    fn a_log_written_today_verifies_for_ever() {
        // SHA-256 of the parts, computed apart from this code.
        assert_eq!(
            hex::encode(&Chain::start(Uuid::nil()).hash),
            "59ddc713fea709087286e5e379230589b1c335c61242246168642f27db860fac"
        );
        assert_eq!(
            hex::encode(&Chain::start(Uuid::nil()).with(b"row").hash),
            "6740164d339b0fa1744d6b92a864557d02e9e6d5f2dcf4a4651dfcba81285f05"
        );
    }
}
