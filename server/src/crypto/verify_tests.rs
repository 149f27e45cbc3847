//! Every way of tampering with a log of 500 entries is found (reliability T45).
use super::*;
use crate::clock::{Clock, Millis};
use crate::crypto::keys::{KeyFault, KeyStore};
use crate::crypto::master::MasterKey;
use crate::crypto::random;
use crate::crypto::signers::Signer;
use proptest::prelude::*;

const LENGTH: i64 = 500;

/// A log of 500 entries over three days, a head every 50 entries, two of them at the sink.
struct Log {
    _folder: tempfile::TempDir,
    keys: KeyStore,
    root: PublicKey,
    log: Uuid,
    signer: Signer,
    day_keys: Vec<DayKey>,
    heads: Vec<Head>,
    anchors: Vec<Head>,
    entries: Vec<Entry>,
}

impl Log {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(1_795_000_000_000);
        let keys = KeyStore::create(folder.path(), &MasterKey::random(), &clock).await.unwrap();
        let log = random::new_id(&clock);
        let mut signer = keys.first_signer(log, clock.now()).await.unwrap();
        let mut day_keys = vec![*signer.day_key()];
        let (mut chain, mut entries, mut heads) = (Chain::start(log), Vec::new(), Vec::new());
        for n in 1..=LENGTH {
            let row = format!("{n} account 7 opened room 3").into_bytes();
            chain = chain.with(&row);
            entries.push(Entry { n, row, hash: None });
            if n == 200 || n == 400 {
                let next = keys.next_signer(&signer, Millis(n)).await.unwrap();
                day_keys.push(*next.day_key());
                keys.retire_signer(std::mem::replace(&mut signer, next)).await.unwrap();
            }
            if n % 50 == 0 {
                heads.push(signer.sign(&chain, Millis(n)));
            }
        }
        let anchors = vec![heads[4], heads[9]];
        let root = keys.audit_root().await.unwrap();
        Self { _folder: folder, keys, root, log, signer, day_keys, heads, anchors, entries }
    }

    fn evidence(&self) -> Evidence<'_> {
        let Self { log, root, day_keys, heads, anchors, .. } = self;
        Evidence { log: *log, root, keys: day_keys, heads, anchors }
    }

    /// As seen when nothing but the sink can be trusted.
    fn anchors_only(&self) -> Evidence<'_> {
        Evidence { heads: &[], ..self.evidence() }
    }

    fn judge(&self, entries: Vec<Entry>) -> Result<Sound, Broken> {
        let alone = verify(&self.anchors_only(), entries.clone());
        let all = verify(&self.evidence(), entries);
        assert_eq!(alone.is_ok(), all.is_ok(), "the sink's heads suffice");
        all
    }

    fn chained(&self, upto: i64) -> Chain {
        self.entries
            .iter()
            .take_while(|entry| entry.n <= upto)
            .fold(Chain::start(self.log), |chain, entry| chain.with(&entry.row))
    }
}

fn changed_around(found: &Broken, n: i64) -> bool {
    matches!(found, Broken::Changed { first, last } if (*first..=*last).contains(&n))
}

#[tokio::test]
async fn an_untouched_log_is_sound_and_says_how_much_no_anchor_covers() {
    let log = Log::new().await;
    let sound = log.judge(log.entries.clone()).unwrap();
    assert_eq!((sound.chain, sound.unanchored), (log.chained(LENGTH), 0));
    let one_anchor = Evidence { anchors: &log.anchors[..1], ..log.evidence() };
    assert_eq!(verify(&one_anchor, log.entries.clone()).unwrap().unanchored, LENGTH - 250);
    let none = Evidence { anchors: &[], heads: &[], ..log.evidence() };
    assert_eq!(verify(&none, log.entries.clone()).unwrap().unanchored, LENGTH);
    assert_eq!(verify(&none, Vec::new()).unwrap().unanchored, 0);
}

#[tokio::test]
async fn every_deleted_inserted_doubled_or_swapped_entry_is_found() {
    let log = Log::new().await;
    for at in 0..log.entries.len() {
        let n = log.entries[at].n;
        let edits: [fn(&mut Vec<Entry>, usize); 4] = [
            |entries, at| drop(entries.remove(at)),
            |entries, at| entries.insert(at, Entry { row: b"forged".to_vec(), ..entries[at].clone() }),
            |entries, at| entries.insert(at, entries[at].clone()),
            |entries, at| {
                let to = (at + 1) % entries.len();
                entries.swap(at, to);
            },
        ];
        for (which, edit) in edits.into_iter().enumerate() {
            let mut plain = log.entries.clone();
            edit(&mut plain, at);
            let found = log.judge(plain.clone()).unwrap_err();
            match which {
                // The last one deleted is a cut; every other deletion leaves a gap exactly there.
                0 if n == LENGTH => assert_eq!(found, Broken::Cut { last: n - 1, stated: n }),
                0 => assert_eq!(found, Broken::Gap { expected: n, found: n + 1 }),
                _ => {}
            }
            // The same again by somebody who also numbers the entries anew.
            for (number, entry) in (1..).zip(&mut plain) {
                entry.n = number;
            }
            match log.judge(plain) {
                Err(_) => {}
                // The last one doubled under a new number is an entry appended after the last anchor.
                Ok(sound) => assert_eq!((which, n, sound.unanchored), (2, LENGTH, 1)),
            }
        }
    }
}

#[tokio::test]
async fn a_cut_at_every_position_is_found_down_to_the_newest_anchor() {
    let log = Log::new().await;
    for last in 0..LENGTH {
        let left: Vec<Entry> = log.entries.iter().filter(|entry| entry.n <= last).cloned().collect();
        assert_eq!(log.judge(left.clone()), Err(Broken::Cut { last, stated: LENGTH }));
        // Yesterday's copy: the log and everything beside it put back to an older state.
        let heads: Vec<Head> = log.heads.iter().filter(|head| head.chain.n <= last).copied().collect();
        let old = Evidence { heads: &heads, ..log.evidence() };
        assert_eq!(verify(&old, left.clone()), Err(Broken::Cut { last, stated: LENGTH }));
        // Entries newer than the newest anchor can go unnoticed: what remains says how few are covered.
        let anchored = Evidence { heads: &[], anchors: &log.anchors[..1], ..log.evidence() };
        match verify(&anchored, left) {
            Ok(sound) => assert_eq!(sound.unanchored, last - 250),
            Err(found) => assert!(last < 250 && found == Broken::Cut { last, stated: 250 }),
        }
    }
}

#[tokio::test]
async fn every_single_byte_flip_is_found_near_its_place() {
    let log = Log::new().await;
    let mut flips = 0;
    for (at, entry) in log.entries.iter().enumerate() {
        for byte in (0..entry.row.len()).step_by(6) {
            let mut entries = log.entries.clone();
            entries[at].row[byte] ^= 1 << (byte % 8);
            let found = verify(&log.evidence(), entries).unwrap_err();
            assert!(changed_around(&found, entry.n), "{found} for {}", entry.n);
            flips += 1;
        }
    }
    assert!(flips >= 2_000, "{flips}");
}

#[tokio::test]
async fn stored_hashes_name_the_very_entry() {
    let mut log = Log::new().await;
    let mut chain = Chain::start(log.log);
    for entry in &mut log.entries {
        chain = chain.with(&entry.row);
        entry.hash = Some(chain.hash);
    }
    verify(&log.evidence(), log.entries.clone()).unwrap();
    for at in 0..log.entries.len() {
        let mut entries = log.entries.clone();
        entries[at].row[0] ^= 1;
        let n = entries[at].n;
        assert_eq!(verify(&log.evidence(), entries), Err(Broken::Changed { first: n, last: n }));
    }
}

#[tokio::test]
async fn rehashing_everything_without_the_retired_keys_is_found() {
    let log = Log::new().await;
    for victim in [0, 123, 249, 250, 499] {
        let mut entries = log.entries.clone();
        entries[victim].row = b"nothing happened".to_vec();
        let mut chain = Chain::start(log.log);
        let mut forged = Vec::new();
        for entry in &mut entries {
            chain = chain.with(&entry.row);
            entry.hash = Some(chain.hash);
            if entry.n % 50 == 0 {
                // With today's key, which whoever holds the server has.
                forged.push(log.signer.sign(&chain, Millis(entry.n)));
            }
        }
        let with_anchors = Evidence { heads: &forged, ..log.evidence() };
        assert!(verify(&with_anchors, entries.clone()).is_err(), "the sink still has the true heads");
        // Signatures copied from the true heads do not fit the new hashes.
        let pasted: Vec<Head> = forged
            .iter()
            .zip(&log.heads)
            .map(|(new, old)| Head { serial: old.serial, signature: old.signature, ..*new })
            .collect();
        let alone = Evidence { heads: &pasted, anchors: &[], ..log.evidence() };
        let found = verify(&alone, entries).unwrap_err();
        assert!(matches!(found, Broken::Head { .. }), "{found}");
    }
}

#[tokio::test]
async fn two_versions_of_a_log_are_told_as_such() {
    let log = Log::new().await;
    let other = log.signer.sign(&Chain { hash: [7; 32], ..log.chained(LENGTH) }, Millis(1));
    let heads = [log.heads.clone(), vec![other]].concat();
    let both = Evidence { heads: &heads, ..log.evidence() };
    assert_eq!(verify(&both, log.entries.clone()), Err(Broken::Fork { n: LENGTH }));
}

#[tokio::test]
async fn foreign_missing_or_reordered_keys_are_found() {
    let log = Log::new().await;
    let foreign = Log::new().await;
    let judge = |keys: &[DayKey]| verify(&Evidence { keys, ..log.evidence() }, log.entries.clone());
    assert!(judge(&log.day_keys).is_ok());
    let mut shuffled = log.day_keys.clone();
    shuffled.reverse();
    assert!(judge(&shuffled).is_ok(), "the order of storage does not matter");
    for missing in 0..3 {
        let mut keys = log.day_keys.clone();
        keys.remove(missing);
        assert!(judge(&keys).is_err(), "without key {missing}");
        let mut keys = log.day_keys.clone();
        keys[missing] = foreign.day_keys[missing];
        assert_eq!(judge(&keys), Err(Broken::Key { serial: missing as i64 }));
    }
    let doubled = [log.day_keys.clone(), vec![log.day_keys[1]]].concat();
    assert!(judge(&doubled).is_err());
    let elsewhere = Evidence { root: &foreign.root, ..log.evidence() };
    assert_eq!(verify(&elsewhere, log.entries.clone()), Err(Broken::Key { serial: 0 }));
    let other_log = Evidence { log: foreign.log, ..log.evidence() };
    assert!(verify(&other_log, log.entries.clone()).is_err());
}

#[tokio::test]
async fn a_key_whose_successor_has_signed_may_not_sign_a_longer_log() {
    let mut log = Log::new().await;
    let longer = log.chained(LENGTH).with(b"later");
    log.entries.push(Entry { n: LENGTH + 1, row: b"later".to_vec(), hash: None });
    // Somebody kept the key of today while the log went on to the next day's.
    let next = log.keys.next_signer(&log.signer, Millis(501)).await.unwrap();
    log.day_keys.push(*next.day_key());
    log.heads.push(next.sign(&longer, Millis(501)));
    assert!(verify(&log.evidence(), log.entries.clone()).is_ok());
    let longest = longer.with(b"forged");
    log.heads.push(log.signer.sign(&longest, Millis(502)));
    log.entries.push(Entry { n: LENGTH + 2, row: b"forged".to_vec(), hash: None });
    assert_eq!(verify(&log.evidence(), log.entries.clone()), Err(Broken::Head { n: LENGTH + 2 }));
}

#[tokio::test]
async fn a_retired_signer_cannot_be_resumed_and_a_living_one_can() {
    let log = Log::new().await;
    let last = log.day_keys[2];
    let resumed = log.keys.resumed_signer(&last).await.unwrap();
    assert!(resumed.sign(&log.chained(LENGTH), Millis(9)).is_signed_by(&last.public));
    for retired in &log.day_keys[..2] {
        assert!(matches!(log.keys.resumed_signer(retired).await, Err(KeyFault::Destroyed(_))));
    }
    let swapped = DayKey { public: log.day_keys[0].public, ..last };
    assert!(matches!(log.keys.resumed_signer(&swapped).await, Err(KeyFault::Damaged(_))));
}

#[tokio::test]
async fn any_mixture_of_changes_is_found() {
    let log = Log::new().await;
    let edit = (0_u8..5, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_u8..=255);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let outcome = runner.run(&proptest::collection::vec(edit, 1..5), |edits| {
        let mut entries = log.entries.clone();
        for (which, one, other, bits) in edits {
            if entries.is_empty() {
                break;
            }
            let (one, other) = (one.index(entries.len()), other.index(entries.len()));
            match which {
                0 => drop(entries.remove(one)),
                1 => entries.swap(one, other),
                2 => entries[one].row[0] ^= bits,
                3 => entries.insert(one, entries[other].clone()),
                _ => entries.truncate(one),
            }
        }
        let same = entries.len() == log.entries.len()
            && entries.iter().zip(&log.entries).all(|(now, then)| (now.n, &now.row) == (then.n, &then.row));
        prop_assert_eq!(verify(&log.evidence(), entries).is_ok(), same);
        Ok(())
    });
    outcome.unwrap();
}
