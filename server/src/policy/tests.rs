//! The kinds of knobs, and what regions like those of the clause index's table 7.8 end up with.

mod effective;
mod files;
mod inheritance;
mod time;

use super::reading::read_profile;
use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tsumugi_protocol::Attestation;

const FLOOR_TEXT: &str = include_str!("../../policies/vendor-floor.toml");

fn floor_file() -> Given {
    read_profile("vendor-floor.toml", FLOOR_TEXT).unwrap()
}

fn floor() -> Profile {
    Profile::floor(floor_file()).unwrap()
}

fn read(text: &str) -> Result<Given, PolicyFault> {
    read_profile("region.toml", &format!("key = \"region\"\nversion = 1\ntitle = \"x\"\n{text}"))
}

fn given(text: &str) -> Given {
    read(text).unwrap()
}

fn under_floor(text: &str) -> Result<Profile, PolicyFault> {
    floor().tightened_by(given(text))
}

/// Name, least length, months to its end, months to a reminder.
type Lasting = (KindName, u32, Option<u32>, Option<u32>);

fn lasting(rules: &PasswordRules) -> Vec<Lasting> {
    rules.kinds.iter().map(|kind| (kind.name, kind.least, kind.expires_months, kind.reminds_months)).collect()
}

#[test]
fn the_shipped_profiles_read() {
    let policies = Policies::for_bench().unwrap();
    assert_eq!(policies.named("vendor-floor").unwrap().confirm_post, Confirm::Required);
    assert_eq!(policies.named("bench").unwrap().confirm_post, Confirm::Off);
    assert_eq!(policies.named("bench").unwrap().passwords, floor().passwords, "silent, so the floor's");
    assert!(Policies::shipped().unwrap().named("bench").is_err(), "only --bench loads it");
}

#[test]
fn a_value_below_the_floor_needs_a_reason_and_holds_with_one() {
    let lax = "confirm_post = \"off\"\n";
    assert!(matches!(under_floor(lax), Err(PolicyFault::BelowFloor { knob: "K-90", .. })));
    let blank = format!("{lax}[[overrides]]\nknob = \"K-90\"\nreason = \" \"\n");
    assert!(
        matches!(under_floor(&blank), Err(PolicyFault::BelowFloor { knob: "K-90", .. })),
        "a blank reason"
    );
    let said = format!("{lax}[[overrides]]\nknob = \"K-90\"\nreason = \"a trial\"\n");
    assert_eq!(under_floor(&said).unwrap().confirm_post, Confirm::Off);
}

#[test]
fn an_own_knob_that_the_floor_reserves_to_admins_says_why_it_differs() {
    let differs = "free_group_by = \"any_staff\"\n";
    assert!(matches!(under_floor(differs), Err(PolicyFault::NoReason { knob: "K-56", .. })));
    let said = format!("{differs}[[overrides]]\nknob = \"K-56\"\nreason = \"its article\"\n");
    assert_eq!(under_floor(&said).unwrap().free_group_by, FreeGroupBy::AnyStaff);
    assert!(under_floor("free_group_by = \"office_admin\"\n").is_ok(), "the floor's own value needs none");
    assert_eq!(
        under_floor("term_patient = \"利用者\"\n").unwrap().term_patient,
        "利用者",
        "a plain own knob"
    );
}

#[test]
fn what_a_file_leaves_out_it_inherits_and_a_reason_for_nothing_is_refused() {
    let silent = under_floor("").unwrap();
    let Profile { key, version, floor: below, title, about, .. } = floor();
    assert_eq!(Profile { key, version, floor: below, title, about, ..silent }, floor());
    let stray = "[[overrides]]\nknob = \"K-103\"\nreason = \"a slip\"\n";
    assert!(matches!(under_floor(stray), Err(PolicyFault::NoSuchKnob { .. })));
    assert!(
        matches!(Profile::floor(given("")), Err(PolicyFault::Silent { .. })),
        "the floor leaves nothing out"
    );
}

#[test]
fn a_region_adds_who_gets_incidents_and_leaves_nobody_out() {
    let (admins, both) = (
        BTreeSet::from([IncidentTo::OfficeAdmin]),
        BTreeSet::from([IncidentTo::OfficeAdmin, IncidentTo::Secretariat]),
    );
    assert_eq!(floor().incident_to, admins);
    assert_eq!(under_floor("incident_to = [\"secretariat\"]\n").unwrap().incident_to, both);
}

#[test]
fn an_unknown_knob_is_refused() {
    assert!(matches!(read("confirm = 1"), Err(PolicyFault::Unreadable { .. })));
}

#[test]
fn attestations_add_up_level_by_level() {
    let region =
        under_floor("[attestations]\nscreen_lock = \"must\"\nvirus_protection = \"recommended\"\n").unwrap();
    assert_eq!(region.attestations[&Attestation::ScreenLock], Level::Must);
    assert_eq!(region.attestations[&Attestation::VirusProtection], Level::Must, "the floor asks more");
    assert_eq!(region.attestations[&Attestation::PrivacyFilter], Level::Recommended, "the floor's own");
}

/// A region whose text asks for eight letters and digits.
fn local(more: &str, months: &str) -> String {
    format!(
        "{more}\n[[passwords.kinds]]\nname = \"local\"\nleast = 8\nclasses = [\"letter\", \"digit\"]\n{months}\n"
    )
}

#[test]
fn a_regions_password_text_meets_the_floor_kind_by_kind() {
    use KindName::{Long, Short};
    let (long, short) = ((Long, 13, None, None), (Short, 8, Some(2), None));
    let of = |text: &str| lasting(&under_floor(text).unwrap().passwords);
    assert_eq!(of(""), [long, short]);
    assert_eq!(of(&local("", "")), [long, short], "a text without an end");
    let two = [(Long, 13, Some(2), None), short];
    assert_eq!(of(&local("", "expires_months = 2")), two, "an end of its own holds for long ones too");
    let reminded = [(Long, 13, None, Some(2)), short];
    assert_eq!(of(&local("", "expires_months = 2\nend_of_long = \"recommended\"")), reminded, "or reminds");
    let three = [(Long, 13, Some(3), None), short];
    assert_eq!(of(&local("", "expires_months = 3")), three, "short ones keep the earlier end");
}

#[test]
fn with_the_floor_off_the_regions_own_text_holds_exactly_and_a_reason_is_asked_for() {
    let off = local("[passwords]\nfloor = \"off\"\ncompared = [\"guesses\"]", "expires_months = 2");
    assert!(matches!(under_floor(&off), Err(PolicyFault::BelowFloor { knob: "K-31", .. })));
    let said = format!("{off}[[overrides]]\nknob = \"K-31\"\nreason = \"decided by the association\"\n");
    let rules = under_floor(&said).unwrap().passwords;
    assert_eq!(lasting(&rules), [(KindName::Local, 8, Some(2), None)]);
    assert_eq!(rules.compared, BTreeSet::from([Compared::Guesses]));
    assert_eq!(rules.kinds[0].classes, BTreeSet::from([CharClass::Letter, CharClass::Digit]));
    assert_eq!(
        lasting(&rules.meet(&floor().passwords)),
        [(KindName::Long, 13, Some(2), None), (KindName::Short, 8, Some(2), None),]
    );
}

#[test]
fn rules_that_no_password_meets_do_not_load() {
    let short = "[[passwords.kinds]]\nname = \"local\"\nleast = 5\nmost = 6\nclasses = [\"digit\"]\n";
    assert!(matches!(under_floor(short), Err(PolicyFault::NoPassword { .. })));
}

#[test]
fn an_account_of_several_regions_follows_all_of_them() {
    let slow = Given { key: "slow".into(), ..given(&local("", "expires_months = 3")) };
    let fast = Given { key: "fast".into(), ..given(&local("", "expires_months = 1")) };
    let policies = Policies::of(vec![floor_file(), slow, fast]).unwrap();
    let ends = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        policies.passwords_of(&keys).unwrap().kinds.iter().map(|kind| kind.expires_months).collect::<Vec<_>>()
    };
    assert_eq!(ends(&["slow"]), [Some(3), Some(2)]);
    assert_eq!(ends(&["slow", "fast"]), [Some(1), Some(1)]);
    assert_eq!(ends(&[]), [None, Some(2)], "no region here follows one of them");
    policies.follow("slow");
    policies.follow("fast");
    assert_eq!(ends(&[]), [Some(1), Some(1)], "nobody's region is known, so the strictest of those here");
    assert!(policies.passwords_of(&["gone".to_owned()]).is_err());
}

fn kind() -> impl Strategy<Value = PasswordKind> {
    let names = prop_oneof![Just(KindName::Long), Just(KindName::Short), Just(KindName::Local)];
    let class = prop_oneof![Just(CharClass::Letter), Just(CharClass::Digit), Just(CharClass::Symbol)];
    let classes = proptest::collection::btree_set(class, 0..3);
    let months = || proptest::option::of(1_u32..5);
    (names, 1_u32..16, proptest::option::of(8_u32..20), classes, months()).prop_map(
        |(name, least, most, classes, expires_months)| PasswordKind {
            name,
            least,
            most: most.map(|most| most.max(least)),
            classes,
            expires_months,
            reminds_months: None,
            end_of_long: EndOfLong::Must,
        },
    )
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Considered), Just(Level::Recommended), Just(Level::Must)]
}

/// What a file says of a few knobs of every kind.
fn file() -> impl Strategy<Value = Given> {
    let attested = prop_oneof![Just(Attestation::ScreenLock), Just(Attestation::ClearScreen)];
    (
        proptest::option::of(prop_oneof![Just(Confirm::Off), Just(Confirm::Required)]),
        proptest::option::of(1_u32..30),
        proptest::option::of(1_u32..30),
        proptest::option::of(proptest::collection::btree_map(attested, level(), 0..2)),
        proptest::option::of(level()),
        proptest::option::of(proptest::collection::vec(kind(), 1..3)),
    )
        .prop_map(|(confirm, minutes, refusals, attestations, remote_lock, kinds)| Given {
            confirm_post: confirm,
            confirm_minutes: minutes.map(AtMost),
            refusals_a_minute: refusals.map(AtLeast),
            attestations,
            remote_lock,
            passwords: kinds.map(|kinds| PasswordRules { kinds, ..floor().passwords }),
            ..given("")
        })
}

/// How strict a profile is, knob by knob.
fn is_as_strict(one: &Profile, other: &Profile) -> bool {
    let attested = other.attestations.iter().all(|(what, level)| one.attestations.get(what) >= Some(level));
    one.confirm_post >= other.confirm_post
        && one.confirm_minutes >= other.confirm_minutes
        && one.refusals_a_minute >= other.refusals_a_minute
        && one.remote_lock >= other.remote_lock
        && attested
        && one.passwords.kinds.iter().all(|kind| is_within(kind, &other.passwords.kinds))
}

/// Whether every password of this kind is one of the others, and ends no later.
fn is_within(kind: &PasswordKind, others: &[PasswordKind]) -> bool {
    let unending = |end: Option<u32>| end.unwrap_or(u32::MAX);
    others.iter().any(|other| {
        kind.least >= other.least
            && unending(kind.most) <= unending(other.most)
            && kind.classes.is_superset(&other.classes)
            && unending(kind.expires_months) <= unending(other.expires_months)
    })
}

proptest! {
    #[test]
    fn nothing_is_looser_than_the_floor_without_a_reason(region in file(), office in file()) {
        let Ok(region) = floor().tightened_by(region) else { return Ok(()) };
        prop_assert!(is_as_strict(&region, &floor()));
        let Ok(office) = region.tightened_by(office) else { return Ok(()) };
        prop_assert!(is_as_strict(&office, &region), "an office tightens its region");
        prop_assert!(is_as_strict(&office, &floor()));
    }

    #[test]
    fn inheriting_twice_changes_nothing(region in file()) {
        let Ok(once) = floor().tightened_by(region.clone()) else { return Ok(()) };
        let twice = once.tightened_by(region).expect("it loaded above");
        prop_assert!(is_as_strict(&once, &twice) && is_as_strict(&twice, &once));
    }

    #[test]
    fn a_stricter_file_gives_stricter_rules(minutes in 1_u32..11, less in 0_u32..5, levels in (level(), level())) {
        let (looser, stricter) = (levels.0.min(levels.1), levels.0.max(levels.1));
        let with = |minutes: u32, level| Given {
            confirm_minutes: Some(AtMost(minutes)),
            attestations: Some(BTreeMap::from([(Attestation::ScreenLock, level)])),
            ..given("")
        };
        let one = floor().tightened_by(with(minutes, looser)).unwrap();
        let other = floor().tightened_by(with(minutes.saturating_sub(less), stricter)).unwrap();
        prop_assert!(is_as_strict(&other, &one));
    }

    #[test]
    fn a_meeting_allows_what_both_allow_and_does_not_ask_in_which_order(
        one in proptest::collection::vec(kind(), 1..3),
        other in proptest::collection::vec(kind(), 1..3),
    ) {
        let rules = |kinds: &[PasswordKind]| PasswordRules { kinds: kinds.to_vec(), ..floor().passwords };
        let (met, turned) = (rules(&one).meet(&rules(&other)), rules(&other).meet(&rules(&one)));
        prop_assert!(met.kinds.iter().all(|kind| is_within(kind, &one) && is_within(kind, &other)));
        prop_assert!(met.kinds.iter().all(|kind| turned.kinds.contains(kind)));
        prop_assert_eq!(met.kinds.len(), turned.kinds.len());
    }
}

/// A region's file of that name.
fn named(key: &str, text: &str) -> Given {
    read_profile("region.toml", &format!("key = \"{key}\"\nversion = 1\ntitle = \"x\"\n{text}")).unwrap()
}

/// Rules of which each is some region's here.
fn followed(all: Vec<Given>) -> Policies {
    let keys: Vec<String> = all.iter().map(|given| given.key.clone()).collect();
    let policies = Policies::of(all).unwrap();
    for key in keys {
        policies.follow(&key);
    }
    policies
}

#[test]
fn regions_go_together_where_some_password_meets_all_of_them() {
    let region = |key: &str, name: &str, least: u32| {
        let kind = format!("[[passwords.kinds]]\nname = \"{name}\"\nleast = {least}\nclasses = []\n");
        named(key, &kind)
    };
    let regions = vec![region("long", "long", 13), region("short", "short", 8), region("any", "local", 8)];
    let policies = followed([vec![floor_file()], regions].concat());
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let cases: [(&[&str], bool); 5] = [
        (&["long"], true),
        (&["long", "any"], true),
        (&["short", "any", "vendor-floor"], true),
        (&["long", "short"], false),
        (&["short", "any", "long"], false),
    ];
    for (regions, expected) in cases {
        assert_eq!(policies.go_together(&keys(regions)).unwrap(), expected, "{regions:?}");
    }
    assert!(matches!(policies.go_together(&keys(&["gone"])), Err(PolicyFault::Missing(_))));
    let nowhere = policies.passwords_of(&[]).unwrap();
    assert_eq!(
        nowhere,
        floor().passwords,
        "who belongs nowhere is not locked out for what regions disagree on"
    );
}

#[test]
fn as_many_are_done_in_a_day_as_the_strictest_region_lets_and_no_more() {
    let policies = followed(vec![floor_file(), named("one", "reports_a_day = 2\n")]);
    let reports = |keys: &[&str]| policies.daily(keys.iter().copied()).reports;
    assert_eq!([reports(&["vendor-floor"]), reports(&["vendor-floor", "one"]), reports(&[])], [5, 2, 2]);
    for (done, most, expected) in [(0, 1, true), (1, 1, false), (9, 1, false), (0, 0, false)] {
        assert_eq!(Daily::let_one_more(done, most).is_ok(), expected, "{done} of {most}");
    }
}
