//! What holds in each region: table 7.8 of the clause index, written down here apart from the files.

use super::super::shipped;
use super::*;
use serde_json::{Value, json};

const REGIONS: [&str; 5] = ["vendor-floor", "misato", "miyazaki", "fukushima", "higashikurume"];

/// Of a row: the knob, and what holds under each of [`REGIONS`].
type Row = (&'static str, [Value; 5]);

fn same(value: impl Into<Value>) -> [Value; 5] {
    let value = value.into();
    std::array::from_fn(|_| value.clone())
}

/// One value everywhere but there.
fn but(value: impl Into<Value>, region: &str, other: impl Into<Value>) -> [Value; 5] {
    let (value, other) = (value.into(), other.into());
    std::array::from_fn(|index| if REGIONS[index] == region { other.clone() } else { value.clone() })
}

fn who_may_come_in() -> Vec<Row> {
    vec![
        ("lockout_tries", same(json!(3))),
        ("lockout_minutes", same(json!(30))),
        ("idle_minutes", same(json!(30))),
        ("second_factor", but(json!("optional"), "miyazaki", json!("required"))),
        ("device_binding", but(json!("optional"), "miyazaki", json!("required"))),
        ("passkey_use", same(json!("beside_password"))),
        (
            "shared_account",
            [
                json!("forbidden"),
                json!("discouraged"),
                json!("forbidden"),
                json!("department_only"),
                json!("forbidden"),
            ],
        ),
        ("own_devices", but(json!("written_permission"), "miyazaki", json!("forbidden"))),
        ("remote_lock", but(json!("recommended"), "higashikurume", json!("must"))),
        ("mobile_os_allowed", but(json!([]), "miyazaki", json!(["android"]))),
        (
            "device_exception",
            [json!([]), json!([]), json!(["disaster"]), json!([]), json!(["disaster", "life_or_body"])],
        ),
        (
            "carryout",
            [json!("office_sets"), json!("notify"), json!("office_sets"), json!("approve"), json!("approve")],
        ),
        ("carryout_location", but(json!(false), "higashikurume", json!(true))),
    ]
}

fn what_rooms_are() -> Vec<Row> {
    vec![
        (
            "patient_group_create",
            [
                json!("steward_admin"),
                json!("steward_admin"),
                json!("physician_or_instructed"),
                json!("any_staff"),
                json!("steward_admin"),
            ],
        ),
        ("physician_must_join", but(json!("no"), "miyazaki", json!("gate"))),
        ("free_group_by", but(json!("office_admin"), "miyazaki", json!("any_staff"))),
        (
            "invite_proposer",
            [
                json!("steward_member"),
                json!("steward_member"),
                json!("manager"),
                json!("steward_member"),
                json!("any_member"),
            ],
        ),
        ("invite_approver", but(json!("steward_admin"), "miyazaki", json!("manager"))),
        (
            "connection_patient_data",
            but(json!("with_consent"), "miyazaki", json!("with_consent_until_timeline")),
        ),
        (
            "attachment_mode",
            [
                json!("trusted"),
                json!("view_only"),
                json!("by_permission"),
                json!("view_only"),
                json!("view_only"),
            ],
        ),
        (
            "archive_by",
            [
                json!("steward_admin"),
                json!("steward_admin"),
                json!("manager"),
                json!("steward_admin"),
                json!("steward"),
            ],
        ),
        ("complete_erasure_by", but(json!("steward_admin"), "miyazaki", json!("secretariat"))),
        (
            "urgent",
            [json!("remind"), json!("remind"), json!("with_call"), json!("call_first"), json!("remind")],
        ),
        ("hours", but(json!("none"), "fukushima", json!("07:00-20:00"))),
    ]
}

fn consents() -> Vec<Row> {
    let both = json!(["office", "patient"]);
    vec![
        (
            "consent_gate",
            [
                json!("before_external"),
                json!("before_any_post"),
                json!("before_any_post"),
                json!("before_any_post"),
                json!("before_external"),
            ],
        ),
        (
            "consent_obtainer",
            [
                json!("steward_office"),
                json!("steward_office"),
                json!("physician_or_instructed"),
                json!("steward_office"),
                json!("steward_office_person"),
            ],
        ),
        (
            "consent_waivers",
            [
                json!([]),
                json!(["contract_naming_others"]),
                json!(["use_consented_before"]),
                json!(["own_form"]),
                json!([]),
            ],
        ),
        (
            "consent_copies",
            [
                both.clone(),
                both.clone(),
                json!(["office", "patient", "physician_if_instructed"]),
                both,
                json!(["office", "patient", "two_originals"]),
            ],
        ),
        (
            "consent_signatories",
            [
                json!(["patient", "family"]),
                json!(["patient", "family"]),
                json!(["patient", "family"]),
                json!(["patient", "representative", "explainer"]),
                json!(["patient", "family", "relation", "proxy_with_statement", "explainer"]),
            ],
        ),
    ]
}

fn table() -> Vec<Row> {
    [who_may_come_in(), what_rooms_are(), consents()].concat()
}

fn value(rules: &Profile, name: &str) -> Value {
    let index = KNOBS.iter().position(|knob| knob.name == name).expect(name);
    rules.values().swap_remove(index)
}

// clause("001-suppl")
#[test]
fn the_rules_in_force_are_those_of_the_table() {
    let policies = Policies::shipped().unwrap();
    for (name, expected) in table() {
        for (region, expected) in REGIONS.iter().zip(expected) {
            assert_eq!(value(&policies.named(region).unwrap(), name), expected, "{name} in {region}");
        }
    }
    let dates =
        REGIONS.map(|region| policies.named(region).unwrap().about.effective_from.map(|day| day.to_string()));
    let dated = |day: &str| Some(day.to_owned());
    assert_eq!(dates, [dated("2023-04-01"), dated("2016-08-01"), dated("2019-01-30"), None, None], "K-03");
    let amended = REGIONS.map(|region| policies.named(region).unwrap().about.amendments.len());
    assert_eq!(amended, [1, 3, 0, 0, 0], "K-04");
}

#[test]
fn passwords_and_attestations_are_those_of_the_table() {
    use KindName::{Long, Short};
    let policies = Policies::shipped().unwrap();
    for (region, ends) in REGIONS.iter().zip([
        [None, Some(2)],
        [Some(2), Some(2)],
        [Some(3), Some(2)],
        [None, Some(2)],
        [None, Some(2)],
    ]) {
        let rules = policies.named(region).unwrap();
        assert_eq!(
            lasting(&rules.passwords),
            [(Long, 13, ends[0], None), (Short, 8, ends[1], None)],
            "{region}"
        );
        let classes = BTreeSet::from([CharClass::Letter, CharClass::Digit, CharClass::Symbol]);
        assert!(rules.passwords.kinds.iter().all(|kind| kind.classes == classes), "{region}");
        assert_eq!(rules.passwords.compared.len(), 3, "{region}");
    }
    let must = |region: &str| {
        let rules = policies.named(region).unwrap();
        let all = rules.attestations.iter().filter(|(_, level)| **level == Level::Must);
        all.map(|(what, _)| what.as_str()).collect::<BTreeSet<_>>()
    };
    let floor = BTreeSet::from(["virus_protection", "safe_wifi", "clear_screen", "locked_storage"]);
    let with =
        |more: &[&'static str]| floor.iter().copied().chain(more.iter().copied()).collect::<BTreeSet<_>>();
    assert_eq!(
        REGIONS.map(must),
        [
            floor.clone(),
            floor.clone(),
            with(&["official_sources", "vulnerability_check"]),
            floor.clone(),
            with(&["screen_lock", "permitted_apps", "no_file_sharing"]),
        ]
    );
}

#[test]
fn below_the_floor_and_reserved_to_admins_is_what_the_regions_own_texts_make_so() {
    let policies = Policies::shipped().unwrap();
    let overrides = REGIONS.map(|region| {
        let rules = policies.named(region).unwrap();
        rules.overrides.iter().map(|entry| entry.knob.clone()).collect::<Vec<_>>()
    });
    let expected: [&[&str]; 5] = [&[], &["K-29"], &["K-52", "K-56", "K-60"], &["K-29", "K-52"], &[]];
    assert_eq!(overrides, expected);
    for given in shipped::regions().unwrap() {
        for entry in &given.overrides {
            assert!(
                entry.reason.starts_with("00"),
                "{}: the reason is a clause: {}",
                given.key,
                entry.reason
            );
        }
    }
}

#[test]
fn the_cases_of_every_profile_hold_and_look_at_every_row_of_the_table() {
    let policies = Policies::shipped().unwrap();
    let mut seen = BTreeSet::new();
    for cases in Cases::shipped().unwrap() {
        let checked = cases.check(&policies).unwrap();
        assert!(checked.failures.is_empty(), "{:#?}", checked.failures);
        let (region, knobs) = cases.looked_at();
        for (name, _) in table() {
            assert!(knobs.contains(&name), "{region} has no case of {name}");
        }
        seen.insert(region.to_owned());
    }
    assert_eq!(seen, BTreeSet::from(REGIONS.map(str::to_owned)));
}

/// Section 7 of the clause index; K-48 stands there among the unions.
const ORDERED: &[u32] = &[
    22, 23, 29, 30, 31, 32, 33, 35, 36, 37, 38, 40, 41, 42, 43, 44, 47, 49, 55, 57, 61, 66, 73, 74, 77, 78,
    79, 83, 85, 86, 90, 101,
];
const UNION: &[u32] = &[34, 68, 71, 72, 76];
const REASONED: &[u32] = &[52, 56];

#[test]
fn every_knob_of_the_index_is_there_and_of_its_kind() {
    for number in 5..=102 {
        let name = format!("K-{number:02}");
        let kinds: Vec<Kind> =
            KNOBS.iter().filter(|knob| knob.number == name).map(|knob| knob.kind).collect();
        let expected: &[Kind] = match number {
            // K-31 to K-34 are one, of kinds that meet.
            32..=34 => &[],
            60 => &[Kind::Own, Kind::Reasoned],
            35 | 79 => &[Kind::Ordered, Kind::Ordered],
            62 => &[Kind::Own, Kind::Own],
            number if ORDERED.contains(&number) => &[Kind::Ordered],
            number if UNION.contains(&number) => &[Kind::Union],
            number if REASONED.contains(&number) => &[Kind::Reasoned],
            _ => &[Kind::Own],
        };
        assert_eq!(kinds, expected, "{name}");
    }
    let names: BTreeSet<&str> = KNOBS.iter().map(|knob| knob.name).collect();
    assert_eq!(names.len(), KNOBS.len());
}

#[test]
fn every_value_of_a_region_cites_a_clause_that_there_is() {
    let csv = include_str!("../../../../tests/clauses.csv");
    let ids: BTreeSet<&str> = csv.lines().skip(1).filter_map(|line| line.split([',', '"']).next()).collect();
    for given in shipped::regions().unwrap() {
        for (knob, _) in KNOBS.iter().zip(given.values()).filter(|(_, value)| value.is_some()) {
            let at = given.source.at(knob.name);
            let place = format!("{at} {}: {}", knob.name, at.clause);
            let mut cited = 0;
            for part in at.clause.split(", ").map(|part| part.split([' ', ':']).next().unwrap_or_default()) {
                let is_clause = part.len() > 4 && part.starts_with("00");
                assert!(!is_clause || ids.contains(part), "{place}: there is no {part}");
                cited +=
                    usize::from(is_clause || part.starts_with("c-") || (given.key == FLOOR && part == "†"));
            }
            assert!(cited > 0 || at.clause.contains('†'), "{place} cites nothing");
            let numbered = knob.number.starts_with("K-") && given.key != FLOOR;
            assert!(!numbered || at.clause.starts_with(knob.number), "{place}");
        }
    }
}

#[test]
fn what_the_documents_leave_open_is_marked() {
    let policies = Policies::shipped().unwrap();
    let about = |region: &str| policies.named(region).unwrap().about.clone();
    let miyazaki = about("miyazaki");
    assert!(miyazaki.unknown.contains(&"K-69".to_owned()) && miyazaki.assumed.contains(&"K-16".to_owned()));
    assert!(about("misato").documents.iter().any(|document| document.title == "三郷市独自ルール"), "000§3e");
    let story = policies.whole_story("miyazaki").unwrap();
    let consent = story.iter().find(|why| why.knob.name == "consent_signatories").unwrap();
    assert!(consent.steps[1].is_unknown && consent.steps[1].says.is_none());
    let weaker = policies.why("fukushima", "K-78").unwrap();
    assert_eq!(weaker[0].steps[1].weaker.as_deref(), Some("検討する"));
    assert_eq!(weaker[0].value, "recommended");
}
