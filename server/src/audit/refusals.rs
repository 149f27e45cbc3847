//! How densely refusals are written: one by one for people signed in; counted past 20 a minute, where the store takes
//! no row, and for strangers.

use super::Entry;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use tsumugi_protocol::{AccountId, Millis};

/// Past this many sources at once the rest is counted together, so that a flood cannot fill memory.
const SOURCES: usize = 10_000;

/// Where a refused request without a session came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// An address; in the audit it is a number that means something within its minute only, not the address.
    Address(IpAddr),
    /// Too many addresses to tell apart.
    Many,
}

/// Counts refusals of the running minute.
#[derive(Default)]
pub struct Refusals(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    accounts: HashMap<AccountId, Refused>,
    strangers: HashMap<(Source, &'static str), i64>,
    unwritten: Vec<Entry>,
}

/// Refusals of somebody signed in.
#[derive(Default)]
struct Refused {
    alone: u32,
    counted: i64,
}

impl Refusals {
    /// Whether a refusal of somebody signed in gets a row of its own; past the limit it is counted.
    #[must_use]
    pub fn write_alone(&self, account: AccountId, limit: u32) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = minute.accounts.entry(account).or_default();
        if refused.alone < limit {
            refused.alone += 1;
            return true;
        }
        refused.counted += 1;
        false
    }

    /// Counts a refusal of somebody signed in that gets no row of its own: where the store takes none, the minute's
    /// count still tells that it was.
    pub fn count_for(&self, account: AccountId) {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        minute.accounts.entry(account).or_default().counted += 1;
    }

    /// Counts a refusal without a session.
    pub fn count(&self, source: IpAddr, code: &'static str) {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = minute.strangers.len() >= SOURCES;
        let known = minute.strangers.contains_key(&(Source::Address(source), code));
        let source = if full && !known { Source::Many } else { Source::Address(source) };
        *minute.strangers.entry((source, code)).or_default() += 1;
    }

    /// Rows that could not be written go out with the next minute's.
    pub fn keep_for_later(&self, rows: Vec<Entry>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unwritten.extend(rows);
    }

    /// Closes the minute: the rows of what was counted in it. At shutdown the running minute is closed early.
    pub fn close(&self, now: Millis, at_once: bool) -> Vec<Entry> {
        let number = now.0 / 60_000;
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number == number && !at_once {
            return Vec::new();
        }
        let over = std::mem::replace(&mut *minute, Minute { number, ..Minute::default() });
        drop(minute);
        let unwritten = over.unwritten.into_iter().take(SOURCES);
        let counted = over.accounts.into_iter().filter(|(_, refused)| refused.counted > 0);
        let people = counted.map(|(account, refused)| Entry {
            at: now,
            act: "refused",
            outcome: "counted",
            account: Some(account),
            times: refused.counted,
            ..Entry::default()
        });
        let sources: BTreeSet<Source> = over.strangers.keys().map(|(source, _)| *source).collect();
        let numbers: HashMap<Source, usize> = sources.into_iter().zip(1..).collect();
        let strangers = over.strangers.into_iter().map(|((source, code), count)| Entry {
            at: now,
            act: "refused",
            outcome: code,
            times: count,
            detail: Some(match (source, numbers.get(&source)) {
                (Source::Address(_), Some(number)) => format!(r#"{{"source":{number}}}"#),
                _ => r#"{"source":"many"}"#.to_owned(),
            }),
            ..Entry::default()
        });
        unwritten.chain(people).chain(strangers).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use uuid::Uuid;

    #[test]
    fn twenty_are_written_and_the_rest_is_counted() {
        let (refusals, account) = (Refusals::default(), AccountId(Uuid::from_u128(1)));
        assert!(refusals.close(Millis(60_000), false).is_empty());
        let alone = (0..50).filter(|_| refusals.write_alone(account, 20)).count();
        assert_eq!(alone, 20);
        assert!(refusals.close(Millis(60_001), false).is_empty(), "the minute is not over");
        let rows = refusals.close(Millis(120_000), false);
        assert_eq!(rows.iter().map(|row| (row.outcome, row.times)).collect::<Vec<_>>(), [("counted", 30)]);
        assert!(refusals.write_alone(account, 20), "a new minute starts from nothing");
    }

    #[test]
    fn what_could_not_be_written_is_counted_and_keeps_its_share_of_the_rows() {
        let (refusals, account) = (Refusals::default(), AccountId(Uuid::from_u128(1)));
        for _ in 0..3 {
            assert!(refusals.write_alone(account, 3));
            refusals.count_for(account);
        }
        assert!(!refusals.write_alone(account, 3));
        let rows = refusals.close(Millis(0), true);
        assert_eq!(rows.iter().map(|row| (row.outcome, row.times)).collect::<Vec<_>>(), [("counted", 4)]);
    }

    #[test]
    fn strangers_get_one_row_per_source_and_code() {
        let refusals = Refusals::default();
        let (a, b) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)));
        for source in [b, b, a] {
            refusals.count(source, "bad_frame");
        }
        refusals.count(b, "sign_in_failed");
        let rows = refusals.close(Millis(0), true);
        let mut told: Vec<_> =
            rows.iter().map(|row| (row.detail.as_deref(), row.outcome, row.times)).collect();
        told.sort_unstable();
        let (one, two) = (Some(r#"{"source":1}"#), Some(r#"{"source":2}"#));
        assert_eq!(told, [(one, "bad_frame", 2), (one, "sign_in_failed", 1), (two, "bad_frame", 1)]);
    }
}
