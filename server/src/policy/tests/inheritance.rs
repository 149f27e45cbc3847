//! Floor, region and office, over every knob there is: the pool of values is what the shipped files say.

use super::super::shipped;
use super::*;
use serde_json::Value;

fn pool() -> Vec<Given> {
    let mut all = shipped::regions().unwrap();
    all.push(shipped::bench().unwrap());
    all
}

/// For every knob which file of the pool it is taken from; most say nothing.
fn choice() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(0_usize..80, KNOBS.len())
}

fn mixed(pool: &[Given], choice: &[usize]) -> Given {
    let mut next = choice.iter();
    Given::mixed(|| next.next().and_then(|index| pool.get(*index)))
}

fn with_every_reason(given: Given) -> Given {
    let reason = |knob: &Knob| Override { knob: knob.number.to_owned(), reason: "because".to_owned() };
    Given { overrides: KNOBS.iter().map(reason).collect(), ..given }
}

/// Whether `all` has everything that `some` has, at its level or a stricter one.
fn holds(all: &Value, some: &Value) -> bool {
    let rank = |level: &Value| ["considered", "recommended", "must"].iter().position(|word| level == word);
    match (all, some) {
        (Value::Array(all), Value::Array(some)) => some.iter().all(|item| all.contains(item)),
        (Value::Object(all), Value::Object(some)) => {
            some.iter().all(|(key, level)| all.get(key).map(rank) >= Some(rank(level)))
        }
        _ => false,
    }
}

/// What a file under these rules must come to, knob by knob, where it was taken.
fn is_by_kind(above: &Profile, given: &Given, result: &Profile) {
    let values = above.values().into_iter().zip(given.values()).zip(result.values());
    for (knob, ((above, given), result)) in KNOBS.iter().zip(values) {
        let name = knob.name;
        let Some(given) = given else {
            assert_eq!(result, above, "{name}: silent, so what stands above");
            continue;
        };
        match knob.kind {
            Kind::Own | Kind::Reasoned => assert_eq!(result, given, "{name}: the nearer one"),
            Kind::Union => {
                assert!(holds(&result, &above) && holds(&result, &given), "{name}: both together");
            }
            Kind::Ordered if name == "passwords" => {}
            Kind::Ordered => assert_eq!(result, given, "{name}: as strict, or it would be refused"),
        }
    }
}

/// Knobs that are what they are whatever file comes after: re-reading the result without a reason is taken.
fn is_no_looser(above: &Profile, result: &Profile) {
    let again = above.tightened_by(Given::saying(result));
    // A reasoned knob that differs needs its reason again; that is not looser.
    let reasoned: Vec<Override> = with_every_reason(Given::saying(result))
        .overrides
        .into_iter()
        .filter(|entry| KNOBS.iter().any(|k| k.number == entry.knob && k.kind == Kind::Reasoned))
        .collect();
    let again = match again {
        Err(PolicyFault::NoReason { .. }) => {
            above.tightened_by(Given { overrides: reasoned, ..Given::saying(result) })
        }
        other => other,
    };
    let again = again.expect("nothing in it is looser than what stands above");
    for ((knob, again), result) in KNOBS.iter().zip(again.values()).zip(result.values()) {
        assert!(knob.name == "passwords" || again == result, "{}: {again} {result}", knob.name);
    }
}

proptest! {
    #[test]
    fn what_a_region_makes_of_the_floor_goes_by_the_kind_of_each_knob(choice in choice()) {
        let (pool, floor) = (pool(), floor());
        let given = mixed(&pool, &choice);
        match floor.tightened_by(given.clone()) {
            Ok(region) => {
                is_by_kind(&floor, &given, &region);
                is_no_looser(&floor, &region);
            }
            Err(PolicyFault::BelowFloor { knob, .. }) => {
                prop_assert!(KNOBS.iter().any(|k| k.number == knob && k.kind == Kind::Ordered));
                let with = floor.tightened_by(with_every_reason(given)).expect("a reason lets it pass");
                prop_assert!(!with.overrides.is_empty(), "and stands in the rules");
            }
            Err(PolicyFault::NoReason { knob, .. }) => {
                prop_assert!(KNOBS.iter().any(|k| k.number == knob && k.kind == Kind::Reasoned));
                floor.tightened_by(with_every_reason(given)).expect("a reason lets it pass");
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn an_office_tightens_its_region_and_no_reason_lets_it_do_else(region in 0_usize..5, choice in choice()) {
        let pool = pool();
        let policies = Policies::shipped().unwrap();
        let region = policies.all().nth(region).unwrap();
        let given = with_every_reason(mixed(&pool, &choice));
        match region.supplemented(given.clone()) {
            Ok(office) => {
                is_by_kind(region, &given, &office);
                is_no_looser(region, &office);
                prop_assert_eq!(office.name(), region.name(), "acts record the region's rules");
            }
            Err(PolicyFault::WeakerThanRegion { knob, .. }) => {
                prop_assert!(KNOBS.iter().any(|k| k.number == knob && k.kind == Kind::Ordered));
            }
            Err(PolicyFault::NoPassword { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

#[test]
fn an_office_says_nothing_of_what_its_region_is_called_and_may_be_let_say_nothing_at_all() {
    let region = under_floor("").unwrap();
    let told = |region: &Profile, text: &str| region.with_supplement("office", text).unwrap_err().to_string();
    assert_eq!(region.with_supplement("office", "lockout_tries = 2\n").unwrap().lockout_tries, AtMost(2));
    assert_eq!(
        told(
            &region,
            "# ours\nlockout_tries = 5 # see 3.1\n[[overrides]]\nknob = \"K-35\"\nreason = \"so\"\n"
        ),
        "policy office, line 2: K-35 lockout_tries (see 3.1) is weaker than the region's, and an office only tightens"
    );
    assert!(told(&region, "free_group_by = \"any_staff\"\n").contains("no reason is recorded"));
    assert!(told(&region, "key = \"mine\"\n").contains("no key, version or title"));
    let closed = under_floor("office_supplement = false\n").unwrap();
    assert!(told(&closed, "lockout_tries = 2\n").contains("K-13"));
}
