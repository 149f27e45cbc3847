//! The version that holds at the time of an act is the one that governs it.

use super::*;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn version(number: u32, from: &str, text: &str) -> Given {
    let about =
        if from.is_empty() { String::new() } else { format!("[about]\neffective_from = \"{from}\"\n") };
    let text = format!("key = \"ours\"\nversion = {number}\ntitle = \"x\"\n{text}\n{about}");
    read_profile(&format!("ours-{number}.toml"), &text).unwrap()
}

/// Midnight in Japan.
fn midnight(day: &str) -> Millis {
    second_factor::begins(day.parse().unwrap()).unwrap()
}

// clause("002-rev1", "000-suppl")
#[test]
fn the_clock_says_which_version_holds_and_the_first_held_before_it() {
    let versions = vec![
        version(2, "2026-04-01", "lockout_tries = 2"),
        version(1, "", "lockout_tries = 3"),
        version(3, "2026-06-01", "rest_as = 1\nidle_minutes = 10"),
    ];
    let clock = Clock::manual(midnight("2026-04-01").0 - 1);
    let policies = Policies::of([vec![floor_file()], versions].concat()).unwrap();
    assert_eq!(policies.named("ours").unwrap().version, 3, "without a clock the last");
    let policies = policies.timed(clock.clone());
    let now = || {
        let rules = policies.named("ours").unwrap();
        (rules.name(), rules.lockout_tries.0, rules.idle_minutes.0)
    };
    assert_eq!(now(), ("ours v1".to_owned(), 3, 30));
    clock.advance(Duration::from_millis(1));
    assert_eq!(now(), ("ours v2".to_owned(), 2, 30));
    policies.follow("ours");
    assert_eq!(policies.lockout().tries, 2, "also for whoever is not known yet");
    clock.advance(61 * DAY - Duration::from_millis(1));
    assert_eq!(now(), ("ours v2".to_owned(), 2, 30));
    clock.advance(Duration::from_millis(1));
    assert_eq!(now(), ("ours v3".to_owned(), 3, 10), "what it leaves out is as in the first");
    assert_eq!(
        policies.at("ours", midnight("2026-04-01")).unwrap().version,
        2,
        "an old act is judged by its time"
    );
    assert_eq!(policies.asked_for("ours@1").unwrap().version, 1);
    assert!(policies.asked_for("ours@4").is_err() && policies.asked_for("theirs").is_err());
    let history: Vec<_> =
        policies.history("ours").into_iter().map(|(from, rules)| (from, rules.version)).collect();
    assert_eq!(history, [(None, 1), (Some(midnight("2026-04-01")), 2), (Some(midnight("2026-06-01")), 3)]);
}

#[test]
fn a_region_stands_on_the_floor_of_the_time() {
    let floor = Policies::shipped().unwrap();
    let (before, after) = (Millis(midnight("2023-04-01").0 - 1), midnight("2023-04-01"));
    for rules in floor.all() {
        let old = floor.at(&rules.key, before).unwrap();
        let new = floor.at(&rules.key, after).unwrap();
        assert!(!old.transfer_reconsent && new.transfer_reconsent, "{}", rules.key);
    }
    let dates = |key: &str| {
        floor.history(key).into_iter().map(|(from, rules)| (from, rules.version)).collect::<Vec<_>>()
    };
    assert_eq!(dates(FLOOR), [(Some(midnight("2021-05-01")), 1), (Some(after), 2)]);
}

#[test]
fn versions_that_do_not_follow_one_another_are_refused() {
    let told =
        |versions: Vec<Given>| Policies::of([vec![floor_file()], versions].concat()).unwrap_err().to_string();
    let said = told(vec![version(1, "2026-04-01", ""), version(2, "2026-04-01", "")]);
    assert!(
        said.starts_with("policy ours-2.toml, line 5: version 2 does not begin after version 1"),
        "{said}"
    );
    let said = told(vec![version(1, "", ""), version(1, "2026-04-01", "")]);
    assert!(said.contains("version 1 stands in ours-1.toml as well"), "{said}");
    let said = told(vec![version(1, "", ""), version(2, "2026-04-01", "rest_as = 9")]);
    assert!(said.contains("line 4: there is no whole version 9 of ours"), "{said}");
    let loose = version(2, "2026-04-01", "idle_minutes = 60");
    assert!(
        told(vec![version(1, "", ""), loose]).contains("ours-2.toml, line 4: K-36"),
        "a later one as well"
    );
}
