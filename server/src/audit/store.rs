//! All SQL of the audit.

use super::{Entry, Log};
use crate::crypto::chain::{Chain, Hash};
use crate::crypto::head::{DayKey, Head, PublicKey, Signature};
use crate::crypto::seal::KeyId;
use crate::store::{Bulk, Conn, StoreFault, Tx, Value, on_engine, row};
use std::sync::PoisonError;
use tsumugi_protocol::Millis;
use uuid::Uuid;

static AUDIT: Bulk = Bulk {
    table: "audit",
    columns: &[
        "log", "n", "at", "act", "outcome", "account", "session", "region", "room", "subject", "profile",
        "detail", "times", "hash",
    ],
    keys: 2,
    rank: 9,
    rises: None,
};

/// Where this batch's transaction has brought the log.
struct Tip(Chain);

impl Log {
    /// Writes an entry in the act's own transaction; if it cannot be written, the act fails.
    ///
    /// # Errors
    /// [`StoreFault`] when the log's end cannot be read.
    pub async fn append(&self, tx: &mut Tx, entry: &Entry) -> Result<(), StoreFault> {
        let tip = match tx.memory::<Tip>() {
            Some(tip) => tip.0,
            None => last(tx.conn(), self.id).await?.unwrap_or_else(|| Chain::start(self.id)),
        };
        let next = tip.with(&entry.canonical());
        *tx.memory::<Tip>() = Some(Tip(next));
        tx.insert(&AUDIT, row(&next, entry));
        let committed = self.committed.clone();
        tx.after_commit(move || *committed.lock().unwrap_or_else(PoisonError::into_inner) = next);
        Ok(())
    }
}

fn row(chain: &Chain, entry: &Entry) -> Vec<Value> {
    vec![
        chain.log.into(),
        chain.n.into(),
        entry.at.0.into(),
        entry.act.into(),
        entry.outcome.into(),
        entry.account.map(|id| id.0).into(),
        entry.session.map(|id| id.0).into(),
        entry.region.map(|id| id.0).into(),
        entry.room.map(|id| id.0).into(),
        entry.subject.into(),
        entry.profile.clone().into(),
        entry.detail.clone().into(),
        entry.times.into(),
        chain.hash.to_vec().into(),
    ]
}

async fn last(conn: &mut Conn, log: Uuid) -> Result<Option<Chain>, StoreFault> {
    const SQL: &str = "SELECT n, hash FROM audit WHERE log = $1 ORDER BY n DESC LIMIT 1";
    let row: Option<(i64, Vec<u8>)> = on_engine!(conn, "finding the end of the audit log", c => sqlx::query_as(SQL).bind(log).fetch_optional(c).await)?;
    Ok(row.map(|(n, hash)| Chain { log, n, hash: hash_of(&hash) }))
}

/// A stored row, as the verifier reads it.
pub(super) struct Stored {
    pub n: i64,
    pub at: i64,
    pub act: String,
    pub outcome: String,
    pub account: Option<Uuid>,
    pub session: Option<Uuid>,
    pub region: Option<Uuid>,
    pub room: Option<Uuid>,
    pub subject: Option<Uuid>,
    pub profile: Option<String>,
    pub detail: Option<String>,
    pub times: i64,
    pub hash: Vec<u8>,
}

row!(Stored: n, at, act, outcome, account, session, region, room, subject, profile, detail, times, hash);

/// Entries of a log after the `n`-th, in order.
pub(super) async fn entries_after(conn: &mut Conn, log: Uuid, n: i64) -> Result<Vec<Stored>, StoreFault> {
    const SQL: &str = "SELECT n, at, act, outcome, account, session, region, room, subject, profile, detail, times, hash \
                       FROM audit WHERE log = $1 AND n > $2 ORDER BY n LIMIT 2000";
    on_engine!(conn, "reading the audit log", c => sqlx::query_as(SQL).bind(log).bind(n).fetch_all(c).await)
}

/// The numbers of a log's first and last entry from one moment to another; nothing where there is none.
pub(super) async fn numbers_between(
    conn: &mut Conn,
    log: Uuid,
    (from, to): (Millis, Millis),
) -> Result<Option<(i64, i64)>, StoreFault> {
    const SQL: &str = "SELECT MIN(n), MAX(n) FROM audit WHERE log = $1 AND at >= $2 AND at < $3";
    let (first, last): (Option<i64>, Option<i64>) = on_engine!(conn, "finding a part of the audit log", c => sqlx::query_as(SQL)
        .bind(log).bind(from.0).bind(to.0).fetch_one(c).await)?;
    Ok(first.zip(last))
}

/// How far a log was chained at its `n`-th entry.
pub(super) async fn chain_at(conn: &mut Conn, log: Uuid, n: i64) -> Result<Chain, StoreFault> {
    const SQL: &str = "SELECT hash FROM audit WHERE log = $1 AND n = $2";
    let hash: Option<Vec<u8>> = on_engine!(conn, "reading a hash of the audit log", c => sqlx::query_scalar(SQL)
        .bind(log).bind(n).fetch_optional(c).await)?;
    Ok(Chain { log, n, hash: hash.as_deref().map(hash_of).unwrap_or_default() })
}

/// The ends of all logs, by id.
pub(super) async fn tips(conn: &mut Conn) -> Result<Vec<Chain>, StoreFault> {
    const SQL: &str = "SELECT a.log, a.n, a.hash FROM audit a \
                       JOIN (SELECT log, MAX(n) AS n FROM audit GROUP BY log) t ON t.log = a.log AND t.n = a.n \
                       ORDER BY a.log";
    let rows: Vec<(Uuid, i64, Vec<u8>)> =
        on_engine!(conn, "finding the ends of all audit logs", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(log, n, hash)| Chain { log, n, hash: hash_of(&hash) }).collect())
}

/// The ends of logs that no head states, with the newest key of each; `except` is the log that is being written.
pub(super) async fn unsigned_ends(conn: &mut Conn, except: Uuid) -> Result<Vec<(Chain, DayKey)>, StoreFault> {
    const SQL: &str = "SELECT t.log FROM (SELECT log, MAX(n) AS n FROM audit GROUP BY log) t \
                       LEFT JOIN audit_heads h ON h.log = t.log AND h.n = t.n WHERE h.n IS NULL AND t.log <> $1";
    let logs: Vec<Uuid> = on_engine!(conn, "finding unsigned audit logs", c => sqlx::query_scalar(SQL)
        .bind(except).fetch_all(c).await)?;
    let mut ends = Vec::new();
    for log in logs {
        let (chain, keys) = (last(conn, log).await?, keys_of(conn, log).await?);
        ends.extend(chain.zip(keys.last().copied()));
    }
    Ok(ends)
}

/// Keeps the statement about a signing key.
pub(super) async fn keep_key(conn: &mut Conn, key: &DayKey) -> Result<(), StoreFault> {
    const SQL: &str = "INSERT INTO audit_keys (log, serial, key_id, since, public_key, signature) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    on_engine!(conn, "keeping an audit key", c => sqlx::query(SQL)
        .bind(key.log).bind(key.serial).bind(key.key.0).bind(key.since.0)
        .bind(key.public.0.to_vec()).bind(key.signature.0.to_vec())
        .execute(c).await.map(|_| ()))
}

/// Keeps a signed head.
pub(super) async fn keep_head(conn: &mut Conn, head: &Head) -> Result<(), StoreFault> {
    const SQL: &str = "INSERT INTO audit_heads (log, n, hash, at, serial, signature) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (log, n) DO NOTHING";
    on_engine!(conn, "keeping an audit head", c => sqlx::query(SQL)
        .bind(head.chain.log).bind(head.chain.n).bind(head.chain.hash.to_vec()).bind(head.at.0)
        .bind(head.serial).bind(head.signature.0.to_vec())
        .execute(c).await.map(|_| ()))
}

/// The line of keys of a log.
pub(super) async fn keys_of(conn: &mut Conn, log: Uuid) -> Result<Vec<DayKey>, StoreFault> {
    const SQL: &str =
        "SELECT serial, key_id, since, public_key, signature FROM audit_keys WHERE log = $1 ORDER BY serial";
    type Columns = (i64, Uuid, i64, Vec<u8>, Vec<u8>);
    let rows: Vec<Columns> =
        on_engine!(conn, "reading audit keys", c => sqlx::query_as(SQL).bind(log).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(serial, key, since, public, signature)| DayKey {
            log,
            serial,
            key: KeyId(key),
            since: Millis(since),
            public: PublicKey(hash_of(&public)),
            signature: signature_of(&signature),
        })
        .collect())
}

/// The signed heads of a log.
pub(super) async fn heads_of(conn: &mut Conn, log: Uuid) -> Result<Vec<Head>, StoreFault> {
    const SQL: &str = "SELECT n, hash, at, serial, signature FROM audit_heads WHERE log = $1 ORDER BY n";
    type Columns = (i64, Vec<u8>, i64, i64, Vec<u8>);
    let rows: Vec<Columns> =
        on_engine!(conn, "reading audit heads", c => sqlx::query_as(SQL).bind(log).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(n, hash, at, serial, signature)| Head {
            chain: Chain { log, n, hash: hash_of(&hash) },
            at: Millis(at),
            serial,
            signature: signature_of(&signature),
        })
        .collect())
}

/// Every signed head, log by log: what the sink of a restored store holds.
pub(crate) async fn all_heads(conn: &mut Conn) -> Result<Vec<Head>, StoreFault> {
    let mut heads = Vec::new();
    for tip in tips(conn).await? {
        heads.extend(heads_of(conn, tip.log).await?);
    }
    Ok(heads)
}

/// Whether the key of a room was destroyed: since then its posts are gone.
pub(super) async fn is_erased(conn: &mut Conn, room: Uuid) -> Result<bool, StoreFault> {
    const SQL: &str =
        "SELECT COUNT(*) FROM audit WHERE act = 'erasures.destroy_key' AND outcome = 'done' AND room = $1";
    let count: i64 = on_engine!(conn, "looking for an erasure", c => sqlx::query_scalar(SQL)
        .bind(room).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Bytes of another length can only come from tampering; zeros are found by the verifier.
pub(super) fn hash_of(bytes: &[u8]) -> Hash {
    bytes.try_into().unwrap_or_default()
}

fn signature_of(bytes: &[u8]) -> Signature {
    Signature(bytes.try_into().unwrap_or([0; 64]))
}

/// A stored post, as an entry states it.
pub(super) struct StatedPost {
    /// Its place.
    pub position: i64,
    /// Its id.
    pub id: Uuid,
    /// Its ciphertext.
    pub sealed: Vec<u8>,
}

/// The post an entry is about, where it stands.
pub(super) async fn stated_post(
    conn: &mut Conn,
    room: Uuid,
    id: Uuid,
) -> Result<Option<StatedPost>, StoreFault> {
    const SQL: &str = "SELECT position, sealed FROM posts WHERE room = $1 AND id = $2";
    let row: Option<(i64, Vec<u8>)> = on_engine!(conn, "reading a stated post", c => sqlx::query_as(SQL)
        .bind(room).bind(id).fetch_optional(c).await)?;
    Ok(row.map(|(position, sealed)| StatedPost { position, id, sealed }))
}

/// The posts of a room between two positions, in order.
pub(super) async fn stated_posts(
    conn: &mut Conn,
    room: Uuid,
    from: i64,
    to: i64,
) -> Result<Vec<StatedPost>, StoreFault> {
    const SQL: &str = "SELECT position, id, sealed FROM posts WHERE room = $1 AND position >= $2 AND position <= $3 \
                       ORDER BY position";
    let rows: Vec<(i64, Uuid, Vec<u8>)> = on_engine!(conn, "reading stated posts", c => sqlx::query_as(SQL)
        .bind(room).bind(from).bind(to).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(position, id, sealed)| StatedPost { position, id, sealed }).collect())
}
