//! The figures of signing in: a failed one takes as long and costs as much whoever exists or is locked (T26), and what one
//! costs.
//!
//! Somebody outside meets the time on the wire. On a machine that does other things as well that is too noisy to prove
//! anything, so the server's CPU and its commits are compared every time, and the time on the wire where a planted
//! millisecond is seen in it. `TSUMUGI_TIMING_ROUNDS=600`, alone on a quiet machine, asks for a verdict on both.

mod median;
mod wire;

use crate::harness::{Engine, PATIENCE, Rows, Server, until};
use crate::metrics::sample;
use crate::signing_in::try_sign_in;
use median::Interval;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use wire::Kept;

/// What may be left between two names.
const MARGIN_MS: f64 = 1.0;
/// What is added to the figures of one name, so that it is known what the measurement can see.
const PLANTED_MS: f64 = 1.0;
/// Rounds from one address: four fail in each, and one source may fail 60 times in a minute.
const OF_SOURCE: usize = 14;
/// Rounds between two looks at the intervals.
const STEP: usize = 2 * OF_SOURCE;
/// Half of an interval that is narrow enough to stop.
const NARROW_MS: f64 = 0.4;
/// How often it is tried until the planted millisecond is seen; a measurement that cannot see it is void.
const TRIES: usize = 3;

/// The names that are tried in each round, in an order of chance: one that somebody has, one that nobody has, one that is
/// locked, and one that nobody has and to whose figures a millisecond is added.
const NAMES: [Name; 4] = [Name::Known, Name::Unknown, Name::Locked, Name::Late];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Known,
    Unknown,
    Locked,
    Late,
}

/// Milliseconds of each round, by name.
#[derive(Default)]
struct Measured(Vec<[f64; NAMES.len()]>);

impl Measured {
    /// Known against unknown, locked against open, and the planted millisecond.
    fn intervals(&self) -> [Interval; 3] {
        [(Name::Known, Name::Unknown), (Name::Locked, Name::Known), (Name::Late, Name::Unknown)].map(
            |(one, other)| {
                let differences = self.0.iter().map(|took| took[one as usize] - took[other as usize]);
                Interval::of(&differences.collect::<Vec<_>>())
            },
        )
    }

    fn sees_a_millisecond(&self) -> bool {
        let all = self.intervals();
        all[2].from > 0.0 && all.iter().all(|interval| interval.half() < NARROW_MS)
    }

    fn tell(&self, what: &str) {
        let [known, locked, late] = self.intervals();
        println!("{what}: known − unknown {known}; locked − open {locked}; a planted millisecond {late}");
    }

    fn judge(&self, what: &str) {
        let [known, locked, _] = self.intervals();
        assert!(known.is_within(MARGIN_MS), "{what} tells who exists: {known}");
        assert!(locked.is_within(MARGIN_MS), "{what} tells who is locked: {locked}");
    }
}

/// The rounds that are asked for, if any; without it as many as it takes.
fn asked() -> Option<usize> {
    std::env::var("TSUMUGI_TIMING_ROUNDS").ok().map(|rounds| rounds.parse().expect("a number"))
}

/// The server's CPU and the time on the wire.
async fn measured(server: &Server, nth: usize) -> (Measured, Measured) {
    let (known, locked) = (&server.sheet("physician").email, &server.sheet("pharmacist").email);
    // As long as the known one, so that what goes over the wire is no longer either.
    let nobody = |first: &str| format!("{first}{}", &known[1..]);
    let address = |name| match name {
        Name::Known => known.clone(),
        Name::Unknown => nobody("q"),
        Name::Locked => locked.clone(),
        Name::Late => nobody("x"),
    };
    assert!(server.people.iter().all(|person| ![nobody("q"), nobody("x")].contains(&person.email)));
    let (fewest, most) = asked().map_or((4 * STEP, 8 * STEP), |rounds| (rounds, rounds));
    let mut rows = Rows::of(server).await;
    let (mut cpu, mut wire, mut connection, mut answers) =
        (Measured::default(), Measured::default(), None, Vec::new());
    for round in 0..most {
        if round % STEP == 0 && round >= fewest && cpu.sees_a_millisecond() {
            break;
        }
        if round % OF_SOURCE == 0 {
            let source = 20 + nth * most.div_ceil(OF_SOURCE) + round / OF_SOURCE;
            connection = Some(Kept::from(server, u8::try_from(source).expect("an address")).await);
        }
        if round % 2 == 0 {
            // Only the locked one ever comes to a third failure.
            rows.run("DELETE FROM sign_in_counts WHERE until = 0".to_owned()).await;
        }
        let mut order = NAMES;
        for (at, byte) in (1..order.len()).rev().zip(uuid::Uuid::new_v4().into_bytes()) {
            order.swap(at, usize::from(byte) % (at + 1));
        }
        let (mut used, mut took) = ([0.0; NAMES.len()], [0.0; NAMES.len()]);
        for name in order {
            let planted = if name == Name::Late { PLANTED_MS } else { 0.0 };
            let before = threads(server.pid());
            let (time, answer) = connection.as_mut().expect("a connection").tries(&address(name), "ちがう");
            // What is done after the answer counts as well.
            tokio::time::sleep(Duration::from_millis(1)).await;
            used[name as usize] = used_since(server.pid(), &before).0 + planted;
            took[name as usize] = time.as_secs_f64() * 1e3 + planted;
            answers.push(answer);
        }
        cpu.0.push(used);
        wire.0.push(took);
    }
    assert!(answers[0].contains("sign_in_failed"), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "one answer, to the byte");
    (cpu, wire)
}

/// T26. What cannot see a planted millisecond proves nothing: it is void, and tried again.
#[tokio::test]
async fn a_failed_sign_in_takes_as_long_whoever_exists_or_is_locked() {
    // clause("002-1.2(1)a")
    let server = Server::start_with_metrics(Engine::Sqlite).await;
    let locked = server.sheet("pharmacist").clone();
    for _ in 0..3 {
        assert_eq!(try_sign_in(&server, &locked.email, "ちがう").await.code(), "sign_in_failed");
    }
    for nth in 0..TRIES {
        let start = Instant::now();
        let (cpu, wire) = measured(&server, nth).await;
        println!("{} rounds in {:.0?}", cpu.0.len(), start.elapsed());
        cpu.tell("CPU");
        wire.tell("on the wire");
        let (is_seen_in_cpu, is_seen_on_the_wire) = (cpu.sees_a_millisecond(), wire.sees_a_millisecond());
        if is_seen_on_the_wire {
            wire.judge("the time on the wire");
        }
        if is_seen_in_cpu && (is_seen_on_the_wire || asked().is_none()) {
            cpu.judge("the CPU");
            return;
        }
        println!("void: the planted millisecond is not seen well enough");
    }
    panic!("{TRIES} times a planted millisecond was not seen: nothing is proven");
}

/// A wait costs no CPU: every failure waits for one commit, whatever the name.
#[tokio::test]
async fn a_failed_sign_in_waits_for_one_commit_whoever_exists_or_is_locked() {
    let server = Server::start_with_metrics(Engine::Sqlite).await;
    let (known, locked) = (server.sheet("physician").clone(), server.sheet("pharmacist").clone());
    for _ in 0..3 {
        try_sign_in(&server, &locked.email, "ちがう").await;
    }
    let commits = async || sample(&server, "tsumugi_store_commit_seconds_count").await;
    // What follows a lock is written after the answer.
    let is_written =
        async || (Rows::of(&server).await.audit_of("accounts.locked").await.len() == 1).then_some(());
    until("the lock is written down", PATIENCE, is_written).await;
    for (what, email) in [
        ("known", known.email.as_str()),
        ("unknown", "nobody-here@demo.example"),
        ("locked", locked.email.as_str()),
    ] {
        let mut fewest = f64::MAX;
        // A job may commit something meanwhile, once.
        for _ in 0..2 {
            let before = commits().await;
            assert_eq!(try_sign_in(&server, email, "ちがう").await.code(), "sign_in_failed");
            fewest = fewest.min(commits().await - before);
        }
        assert_eq!(fewest, 1.0, "{what}");
    }
}

/// CPU of each thread of a process, in milliseconds (`proc(5)`).
fn threads(process: u32) -> BTreeMap<PathBuf, f64> {
    let all = fs::read_dir(format!("/proc/{process}/task")).expect("its threads").flatten();
    let used = all.filter_map(|thread| {
        let told = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        Some((thread.path(), told.split(' ').next()?.parse::<f64>().ok()? / 1e6))
    });
    used.collect()
}

/// What a process used meanwhile: altogether, and the threads on which passwords are hashed. One after the other they use
/// nearly all of it, and every other thread a small part.
fn used_since(process: u32, before: &BTreeMap<PathBuf, f64>) -> (f64, f64) {
    let now = threads(process);
    let used: Vec<f64> = now.iter().map(|(thread, ms)| ms - before.get(thread).unwrap_or(&0.0)).collect();
    let all: f64 = used.iter().sum();
    (all, used.iter().filter(|ms| **ms > all / 5.0).sum())
}

#[tokio::test]
async fn a_sign_in_costs_one_evaluation_and_a_resumed_link_none() {
    const TIMES: u32 = 60;
    const RESUMED: u32 = 200;
    let server = Server::start_with_metrics(Engine::Sqlite).await;
    let sheet = server.sheet("physician").clone();
    let evaluations = async || sample(&server, "tsumugi_passwords_hashed_total").await;
    let mut costs = Vec::new();
    for (last, what, password, most) in [
        // What somebody who guesses can make us pay.
        (10, "failed", "ちがう", 1.1),
        // In an unoptimised build; what is ours is a good deal dearer there than in a release.
        (11, "done", sheet.password.as_str(), 1.25),
    ] {
        let mut kept = Kept::from(&server, last).await;
        kept.tries(&sheet.email, &sheet.password);
        let (before, hashed) = (threads(server.pid()), evaluations().await);
        for n in 0..TIMES {
            // The same work for names that nobody has: none is locked.
            let email =
                if what == "done" { sheet.email.clone() } else { format!("nobody-{}@demo.example", n % 25) };
            kept.tries(&email, password);
        }
        let (all, hashing) = used_since(server.pid(), &before);
        assert_eq!(evaluations().await - hashed, f64::from(TIMES), "one evaluation each");
        costs.push((what, all / f64::from(TIMES), hashing / f64::from(TIMES), all / hashing, most));
    }
    let person = server.person_anew("physician").await;
    let (before, hashed) = (threads(server.pid()), evaluations().await);
    for _ in 0..RESUMED {
        drop(person.link().await);
    }
    let resumed = used_since(server.pid(), &before).0 / f64::from(RESUMED);
    assert_eq!(evaluations().await, hashed, "a token is looked up, never hashed");
    for (what, all, hashing, ratio, _) in &costs {
        println!(
            "a sign-in that is {what}: {all:.2} ms of CPU, its evaluation {hashing:.2} ms: {ratio:.3} ×"
        );
    }
    println!("a link by a token, its handshake included: {resumed:.2} ms of CPU");
    for (what, _, hashing, ratio, most) in costs {
        assert!(ratio <= most, "a sign-in that is {what} costs {ratio:.3} evaluations");
        assert!(resumed < hashing / 5.0, "a resumed link costs {resumed:.2} ms");
    }
}
