//! Judges every audit log of a store: are these the entries that were written, all of them, in that order?

use super::store::{self, Stored};
use super::{Entry, stated, store::hash_of};
use crate::crypto::head::{Head, PublicKey};
use crate::crypto::verify::{Broken, Entry as Chained, Evidence, Sound, Walk};
use crate::store::{Conn, StoreFault};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use tsumugi_protocol::{AccountId, Millis, RegionId, RoomId, SessionId};
use uuid::Uuid;

/// Judges logs by the root key and the heads of the sink.
pub struct Verifier {
    root: PublicKey,
    anchors: Vec<Head>,
    unreadable: usize,
}

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether every log is in order.
    pub ok: bool,
    /// Logs there are.
    pub logs: usize,
    /// Entries read.
    pub entries: i64,
    /// Entries that no head of the sink covers yet.
    pub unanchored: i64,
    /// Heads that were signed and are not in the sink: it was cut, or another one was given.
    pub missing_heads: usize,
    /// Lines of the sink that are no heads: torn by a power cut, or damaged.
    pub unreadable_heads: usize,
    /// What is wrong, a line for each broken log.
    pub broken: Vec<String>,
}

impl Verifier {
    /// Reads the heads of the sink; a missing sink means that nothing is anchored.
    ///
    /// # Errors
    /// When the sink cannot be read.
    pub fn new(root: PublicKey, sink: &Path) -> std::io::Result<Self> {
        let text = match std::fs::read_to_string(sink) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let lines = text.lines().filter(|line| !line.is_empty());
        let (mut anchors, mut unreadable) = (Vec::new(), 0);
        for line in lines {
            match line.parse() {
                Ok(head) => anchors.push(head),
                Err(_) => unreadable += 1,
            }
        }
        Ok(Self { root, anchors, unreadable })
    }

    /// Walks all logs. `told` hears how many entries have been read.
    ///
    /// # Errors
    /// [`StoreFault`] when rows cannot be read; what is wrong with a log is in the report.
    pub async fn judge(&self, conn: &mut Conn, told: impl Fn(i64)) -> Result<Report, StoreFault> {
        let stored = store::tips(conn).await?.into_iter().map(|tip| tip.log);
        let logs: BTreeSet<Uuid> = stored.chain(self.anchors.iter().map(|head| head.chain.log)).collect();
        let mut report = Report {
            ok: true,
            logs: logs.len(),
            entries: 0,
            unanchored: 0,
            missing_heads: 0,
            unreadable_heads: self.unreadable,
            broken: Vec::new(),
        };
        for log in logs {
            let mut unfit = Vec::new();
            match self.judge_one(conn, log, &mut report.entries, &mut unfit, &told).await? {
                Ok(sound) => report.unanchored += sound.unanchored,
                Err(broken) => {
                    report.ok = false;
                    report.broken.push(format!("log {log}: {broken}"));
                }
            }
            let signed = store::heads_of(conn, log).await?;
            let missing = signed.iter().filter(|head| !self.anchors.contains(head)).count();
            if missing > 0 {
                report.ok = false;
                report.missing_heads += missing;
                report.broken.push(format!("log {log}: {missing} signed heads are not in the sink"));
            }
            if let Some(first) = unfit.first() {
                report.ok = false;
                report.broken.push(format!(
                    "log {log}: {} entries state posts that were moved, changed or removed; the first is entry {first}",
                    unfit.len()
                ));
            }
        }
        Ok(report)
    }

    async fn judge_one(
        &self,
        conn: &mut Conn,
        log: Uuid,
        read: &mut i64,
        unfit: &mut Vec<i64>,
        told: &impl Fn(i64),
    ) -> Result<Result<Sound, Broken>, StoreFault> {
        let keys = store::keys_of(conn, log).await?;
        let heads = store::heads_of(conn, log).await?;
        let anchors: Vec<Head> = self.anchors.iter().filter(|head| head.chain.log == log).copied().collect();
        let evidence = Evidence { log, root: &self.root, keys: &keys, heads: &heads, anchors: &anchors };
        let mut walk = match Walk::new(&evidence) {
            Ok(walk) => walk,
            Err(broken) => return Ok(Err(broken)),
        };
        let mut after = 0;
        loop {
            let page = store::entries_after(conn, log, after).await?;
            let Some(last) = page.last() else { return Ok(walk.end()) };
            after = last.n;
            *read += i64::try_from(page.len()).unwrap_or(0);
            told(*read);
            for entry in page {
                if !stated::still_stands(conn, &entry).await? {
                    unfit.push(entry.n);
                }
                if let Err(broken) = walk.step(&chained(entry)) {
                    return Ok(Err(broken));
                }
            }
        }
    }
}

/// A stored row, as the chain covers it.
pub(super) fn chained(stored: Stored) -> Chained {
    let hash = hash_of(&stored.hash);
    let canonical = Entry {
        at: Millis(stored.at),
        act: "",
        outcome: "",
        account: stored.account.map(AccountId),
        session: stored.session.map(SessionId),
        region: stored.region.map(RegionId),
        room: stored.room.map(RoomId),
        subject: stored.subject,
        profile: stored.profile,
        detail: stored.detail,
        times: stored.times,
    }
    .canonical_as(&stored.act, &stored.outcome);
    Chained { n: stored.n, row: canonical, hash: Some(hash) }
}
