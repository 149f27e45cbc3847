//! The audit as a file: entries with everything that somebody needs who has no server, and the judgement of such a file by the
//! public root key alone.

use super::store::{self, Stored, hash_of};
use super::verify::chained;
use crate::crypto::chain::{Chain, Hash};
use crate::crypto::head::{DayKey, Head, PublicKey};
use crate::crypto::hex;
use crate::crypto::verify::{Broken, Evidence, Sound, Walk};
use crate::store::{Conn, StoreFault};
use serde::{Deserialize, Serialize};
use tsumugi_protocol::Millis;
use uuid::Uuid;

/// A line of an exported audit.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// From here on entries of a log follow: the number and hash of the one before the first of them.
    Log {
        /// The log.
        log: Uuid,
        /// How many entries came before.
        after: i64,
        /// The chain's hash at that point, in hexadecimal digits.
        hash: String,
    },
    /// A key of the log, as the sink writes it.
    Key(String),
    /// A signed head of the log, as the sink writes it.
    Head(String),
    /// An entry.
    Entry(Box<Exported>),
}

/// An entry as it is exported: ids, numbers and hashes, nothing that somebody wrote.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Its number in its log.
    pub n: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// What.
    pub act: String,
    /// `done`, or a refusal code.
    pub outcome: String,
    /// Who.
    pub account: Option<Uuid>,
    /// With which session.
    pub session: Option<Uuid>,
    /// Where.
    pub region: Option<Uuid>,
    /// In which room.
    pub room: Option<Uuid>,
    /// About what.
    pub subject: Option<Uuid>,
    /// Under which rules.
    pub profile: Option<String>,
    /// Numbers and hashes.
    pub detail: Option<String>,
    /// How often.
    pub times: i64,
    /// The chain's hash after it, in hexadecimal digits.
    pub hash: String,
}

impl From<Stored> for Exported {
    fn from(row: Stored) -> Self {
        Self {
            n: row.n,
            at: row.at,
            act: row.act,
            outcome: row.outcome,
            account: row.account,
            session: row.session,
            region: row.region,
            room: row.room,
            subject: row.subject,
            profile: row.profile,
            detail: row.detail,
            times: row.times,
            hash: hex::encode(&hash_of(&row.hash)),
        }
    }
}

impl Exported {
    /// As it was stored; a hash that is none is found by the judgement.
    fn stored(&self) -> Stored {
        let row = self.clone();
        Stored {
            n: row.n,
            at: row.at,
            act: row.act,
            outcome: row.outcome,
            account: row.account,
            session: row.session,
            region: row.region,
            room: row.room,
            subject: row.subject,
            profile: row.profile,
            detail: row.detail,
            times: row.times,
            hash: digits(&row.hash).map(Vec::from).unwrap_or_default(),
        }
    }
}

fn digits(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    hex::decode(text, &mut hash).map(|()| hash)
}

/// Hands out every line of the entries from one moment to another. Entries between the first and the last of them come along
/// whatever their time, so that the chain has no gap.
///
/// # Errors
/// [`StoreFault`] when rows cannot be read; whatever `line` fails with is kept for the caller in its own way.
pub async fn export(
    conn: &mut Conn,
    (from, to): (Millis, Millis),
    mut line: impl FnMut(&Line),
) -> Result<(), StoreFault> {
    for tip in store::tips(conn).await? {
        let Some((first, last)) = store::numbers_between(conn, tip.log, (from, to)).await? else { continue };
        let before = match first {
            1 => Chain::start(tip.log),
            _ => store::chain_at(conn, tip.log, first - 1).await?,
        };
        line(&Line::Log { log: tip.log, after: before.n, hash: hex::encode(&before.hash) });
        for key in store::keys_of(conn, tip.log).await? {
            line(&Line::Key(key.to_string()));
        }
        for head in store::heads_of(conn, tip.log).await? {
            if (before.n..=last).contains(&head.chain.n) {
                line(&Line::Head(head.to_string()));
            }
        }
        let mut after = before.n;
        while after < last {
            let page = store::entries_after(conn, tip.log, after).await?;
            let Some(end) = page.last() else { break };
            after = end.n;
            for entry in page.into_iter().filter(|entry| entry.n <= last) {
                line(&Line::Entry(Box::new(entry.into())));
            }
        }
    }
    Ok(())
}

/// What was found of a file.
#[derive(Debug, Default, Serialize)]
pub struct FileReport {
    /// Whether everything in it is in order.
    pub ok: bool,
    /// Logs there are.
    pub logs: usize,
    /// Entries.
    pub entries: i64,
    /// Entries that no signed head in the file covers.
    pub unsigned: i64,
    /// What is wrong.
    pub broken: Vec<String>,
}

/// A log of a file.
struct Part {
    before: Chain,
    keys: Vec<DayKey>,
    heads: Vec<Head>,
    entries: Vec<Exported>,
}

/// Judges an exported audit by the root key, without any server.
#[must_use]
pub fn judge_file(root: &PublicKey, text: &str) -> FileReport {
    let mut report = FileReport::default();
    let parts = match parts_of(text) {
        Ok(parts) => parts,
        Err(line) => {
            report.broken.push(format!("line {line} is none of an exported audit"));
            return report;
        }
    };
    for part in &parts {
        let count = i64::try_from(part.entries.len()).unwrap_or(i64::MAX);
        report.logs += 1;
        report.entries += count;
        match judge_part(root, part) {
            Ok(sound) => report.unsigned += sound.unanchored.min(count),
            Err(broken) => report.broken.push(format!("log {}: {broken}", part.before.log)),
        }
    }
    report.ok = report.broken.is_empty();
    report
}

fn judge_part(root: &PublicKey, part: &Part) -> Result<Sound, Broken> {
    let evidence =
        Evidence { log: part.before.log, root, keys: &part.keys, heads: &[], anchors: &part.heads };
    let mut walk = Walk::after(&evidence, part.before)?;
    for entry in &part.entries {
        walk.step(&chained(entry.stored()))?;
    }
    walk.end()
}

/// The logs of a file; the number of the first line that is wrong.
fn parts_of(text: &str) -> Result<Vec<Part>, usize> {
    let mut parts: Vec<Part> = Vec::new();
    for (number, line) in (1_usize..).zip(text.lines()) {
        let line: Line = serde_json::from_str(line).map_err(|_| number)?;
        if let Line::Log { log, after, hash } = &line {
            let before = Chain { log: *log, n: *after, hash: digits(hash).ok_or(number)? };
            parts.push(Part { before, keys: Vec::new(), heads: Vec::new(), entries: Vec::new() });
            continue;
        }
        let part = parts.last_mut().ok_or(number)?;
        match line {
            Line::Log { .. } => {}
            Line::Key(key) => part.keys.push(key.parse().map_err(|_| number)?),
            Line::Head(head) => part.heads.push(head.parse().map_err(|_| number)?),
            Line::Entry(entry) => part.entries.push(*entry),
        }
    }
    Ok(parts)
}
