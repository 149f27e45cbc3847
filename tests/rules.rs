//! A region's rules as people read them: the page, which version each has acknowledged, what an office adds, and what stands
//! below the floor.

use crate::audit::{DONE, verifies};
use crate::devices::{FLOOR, with};
use crate::entering::{enter, refuses, says, serve, token_in};
use crate::harness::{Engine, Folder, Link, Person, Rows, Server, Setup, Upgrade, new_id, promise};
use crate::policies::{SIXTH, in_days, init, rules, words};
use std::fs;
use std::time::Duration;
use tsumugi_protocol::{
    AcknowledgeRules, Code, Command, Done, Next, Nothing, OfficeId, RegionId, Role, Rule, RuleSource,
    RuleStanding, RulesPage, RulesStanding, SetSupplement, SignedIn, SupplementRule, TokenIn, WhichOffice,
    WhichRegion,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::RulesNotAcknowledged, Code::PolicyVersionStale, Code::WeakerThanRegion];

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let (region, office) = (RegionId(new_id()), OfficeId(new_id()));
    vec![
        Command::ReadRules(WhichRegion { region }),
        acknowledge(region, "1"),
        Command::RulesStanding(WhichOffice { office }),
        supplement(office, "理由", &[]),
    ]
}

fn acknowledge(region: RegionId, version: &str) -> Command {
    Command::AcknowledgeRules(AcknowledgeRules {
        region,
        version: version.to_owned(),
        token_in: TokenIn::Body,
    })
}

fn supplement(office: OfficeId, text: &str, rules: &[(&str, &str)]) -> Command {
    let rules =
        rules.iter().map(|(name, value)| SupplementRule { name: (*name).into(), value: (*value).into() });
    Command::SetSupplement(SetSupplement { office, text: text.to_owned(), rules: rules.collect() })
}

pub fn region_of(person: &Person<'_>) -> RegionId {
    person.me.affiliations.first().expect("a place").region
}

pub fn office_of(person: &Person<'_>) -> OfficeId {
    person.me.affiliations.iter().find_map(|place| place.office).expect("an office")
}

async fn page(person: &Person<'_>) -> RulesPage {
    person.ask(&Command::ReadRules(WhichRegion { region: region_of(person) })).await.expect("the rules")
}

fn rule<'p>(page: &'p RulesPage, name: &str) -> &'p Rule {
    page.rules.iter().find(|rule| rule.name == name).unwrap_or_else(|| panic!("{name} is not shown"))
}

/// She acknowledges that version, and goes on with the new token.
async fn reads<'a>(person: &Person<'a>, version: &str) -> Person<'a> {
    let answer: SignedIn = person.ask(&acknowledge(region_of(person), version)).await.expect("acknowledged");
    Person::with_token(person.server, &answer.token.expect("a token")).await
}

/// A server whose floor has another version from a day on, the seconds until then.
async fn with_a_later_version() -> (Server, u64) {
    let folder = Folder::new("versions");
    let (date, seconds) = in_days(2);
    let next = with(
        &with(&with(FLOOR, "version", "3"), "effective_from", &format!("{date:?}")),
        "idle_minutes",
        "20",
    );
    let (first, second) = (folder.path().join("first.toml"), folder.path().join("second.toml"));
    fs::write(&first, FLOOR).expect("a file");
    fs::write(&second, next).expect("a file");
    let setup = Setup::new(Engine::Sqlite, folder.path(), true).await;
    let setup = Setup { clock: true, profile: Some(first), next_profile: Some(second), ..setup };
    (Server::of(setup, folder), seconds)
}

// clause("000§0", "002-intro3", "002-intro6")
#[tokio::test]
async fn a_later_version_is_read_before_anything_else_and_the_page_says_what_changed() {
    let (server, seconds) = with_a_later_version().await;
    server.turn_clock(Duration::from_secs(seconds - 300));
    let nurse = server.person_anew("visiting_nurse").await;
    assert!(nurse.me.next.is_empty(), "whoever was there before is not asked for the first version");
    let before = page(&nurse).await;
    let head = [&before.title, &before.issuer, &before.label, &before.issued, &before.version];
    assert_eq!(head, ["MCS運用ポリシー", "エンブレース株式会社", "1.1", "2023-04", "2"]);
    assert!(!before.is_asked && before.changes.is_empty() && before.acknowledged.is_none());
    let stale = nurse.refused(&acknowledge(region_of(&nurse), "1")).await;
    assert_eq!((stale.code.as_str(), stale.params["version"].as_str()), ("policy_version_stale", "2"));
    let elsewhere = RegionId(new_id());
    assert_eq!(nurse.refused(&acknowledge(elsewhere, "2")).await.code, "not_found");
    assert_eq!(nurse.refused(&Command::ReadRules(WhichRegion { region: elsewhere })).await.code, "not_found");
    let nurse = reads(&nurse, "2").await;
    assert_eq!(page(&nurse).await.acknowledged.expect("acknowledged").version, "2");

    server.turn_clock(Duration::from_secs(300));
    let nurse = server.person_anew("visiting_nurse").await;
    assert_eq!(nurse.me.next, [Next::Rules]);
    for closed in
        [Command::ListRooms(Nothing {}), Command::Now(Nothing {}), Command::ListSessions(Nothing {})]
    {
        assert_eq!(nurse.refused(&closed).await.code, "rules_not_acknowledged", "{}", closed.name());
    }
    assert!(Link::open(&server, &Upgrade::bearer(&nurse.token)).await.is_err(), "no link either");
    let after = page(&nurse).await;
    assert!(after.is_asked && after.version == "3", "{after:?}");
    let said: Vec<_> = after
        .changes
        .iter()
        .map(|one| (one.number.as_str(), one.before.ja.as_str(), one.now.ja.as_str()))
        .collect();
    assert_eq!(said, [("K-36", "30分", "20分")]);
    assert_eq!(nurse.refused(&acknowledge(region_of(&nurse), "2")).await.code, "policy_version_stale");
    assert_eq!(
        nurse.refused(&Command::Now(Nothing {})).await.code,
        "rules_not_acknowledged",
        "nothing has changed"
    );
    let whole = reads(&nurse, "3").await;
    assert!(whole.me.next.is_empty());
    whole.rooms().await;
    assert!(!nurse.is_signed_in().await, "the token changed");
    assert!(server.person_anew("visiting_nurse").await.me.next.is_empty(), "once a version");
    assert!(server.person_anew("daughter").await.me.next.is_empty(), "staff are asked");

    let admin = reads(&server.person_anew("office_admin").await, "3").await;
    let office = WhichOffice { office: office_of(&admin) };
    let standing: RulesStanding =
        admin.ask(&Command::RulesStanding(office)).await.expect("who has read them");
    let current = |account| standing.people.iter().any(|one| one.card.account == account && one.is_current);
    assert!(current(whole.me.account) && current(admin.me.account), "{standing:?}");
    let missing = standing.people.iter().filter(|one| !one.is_current).count();
    assert_eq!((usize::try_from(standing.missing).ok(), standing.version.as_str()), (Some(missing), "3"));
    assert!(missing > 0, "{standing:?}");
    assert_eq!(whole.refused(&Command::RulesStanding(office)).await.code, "office_admin_only");
    let elsewhere = WhichOffice { office: OfficeId(new_id()) };
    assert_eq!(admin.refused(&Command::RulesStanding(elsewhere)).await.code, "other_office");

    let kept = Rows::of(&server).await.audit_of("rules.acknowledge").await;
    let hers: Vec<_> = kept.iter().filter(|row| row.account == Some(whole.me.account.0)).collect();
    let told: Vec<_> = hers.iter().map(|row| (row.outcome.as_str(), row.detail.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("policy_version_stale", None),
            ("not_found", None),
            (DONE, Some(r#"{"version":"2"}"#)),
            ("policy_version_stale", None),
            (DONE, Some(r#"{"version":"3"}"#))
        ]
    );
    verifies(&server).await;
}

// clause("002-intro5")
#[tokio::test]
async fn a_value_below_the_floor_needs_a_reason_and_stands_on_the_rules_page() {
    let folder = Folder::new("below");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    let data = setup.data.to_string_lossy().into_owned();
    let lax = |reason: &str| format!("shared_account = \"discouraged\" # our rules, 6\n{SIXTH}{reason}");
    rules(&setup, &[("hinata.toml", &lax(""))]);
    let refused = refuses(&["policy", "check", "--data", &data]);
    assert!(
        refused.contains("K-29 shared_account (our rules, 6) is below the floor and no reason"),
        "{refused}"
    );
    let reason = "\n[[overrides]]\nknob = \"K-29\"\nreason = \"離島で一台を分け合うため\"\n";
    rules(&setup, &[("hinata.toml", &lax(reason))]);
    let checked = says(&["policy", "check", "--data", &data]);
    assert!(checked.contains("below_floor K-29: 離島で一台を分け合うため"), "{checked}");
    let shipped = says(&["policy", "check"]);
    assert!(shipped.contains("exception K-29") && !shipped.contains("below_floor"), "{shipped}");

    let printed = says(&words(&init(&setup, "hinata")));
    let link = token_in(&printed);
    let server = serve(setup, folder, &printed);
    let warned = server.log();
    assert!(warned.contains("below_floor") && warned.contains("K-29"), "{warned}");
    let entered = enter(&server, &link, "haru-no-kaze-19285").await.json();
    let desk = Person::with_token(&server, entered["ok"]["token"].as_str().expect("a token")).await;
    let page = page(&desk).await;
    assert_eq!(page.acknowledged.as_ref().map(|one| one.version.as_str()), Some("1.2"), "with the terms");
    let below = rule(&page, "shared_account");
    assert_eq!(
        (below.standing, below.reason.as_deref()),
        (Some(RuleStanding::BelowFloor), Some("離島で一台を分け合うため"))
    );
    let tighter = rule(&page, "lockout_tries");
    assert_eq!(
        (tighter.source, tighter.value.ja.as_str(), tighter.standing),
        (RuleSource::Region, "2回", None)
    );
    assert_eq!(tighter.clause, "our rules, 4");
    let inherited = rule(&page, "idle_minutes");
    assert_eq!((inherited.source, inherited.clause.as_str()), (RuleSource::Floor, "K-36, 002-1.2(1)d"));
    server.stop();
}

// clause("000§3e")
#[tokio::test]
async fn the_exceptions_of_a_regions_own_document_stand_on_the_page_with_its_clause() {
    let folder = Folder::new("shipped");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    let printed = says(&words(&init(&setup, "misato")));
    let link = token_in(&printed);
    let server = serve(setup, folder, &printed);
    assert!(!server.log().contains("below_floor"), "it ships with the profile");
    let entered = enter(&server, &link, "haru-no-kaze-19285").await.json();
    let desk = Person::with_token(&server, entered["ok"]["token"].as_str().expect("a token")).await;
    let page = page(&desk).await;
    let shared = rule(&page, "shared_account");
    assert_eq!((shared.standing, shared.source), (Some(RuleStanding::Exception), RuleSource::Region));
    assert!(shared.reason.as_ref().is_some_and(|reason| reason.starts_with("000§11(2)")), "{shared:?}");
    assert!(page.amendments.len() == 3 && page.documents.iter().any(|one| one.title == "三郷市独自ルール"));
    assert_eq!(
        page.acknowledged.as_ref().map(|one| &one.version),
        Some(&page.version),
        "with all of its documents"
    );
    server.stop();
}

promise! {
    // clause("000§13", "001§25", "003§13")
    async fn an_office_tightens_its_regions_rules_for_its_people_and_loosens_none(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, nurse) = (server.person_anew("office_admin").await, server.person_anew("visiting_nurse").await);
        let (office, minute) = (office_of(&admin), 60_000);
        assert_eq!(office, office_of(&nurse));
        let other = server.person_anew("pharmacist").await;
        assert_ne!(office, office_of(&other), "somebody else's office");

        let tighter = |text: &str, minutes: &str| supplement(office, text, &[("idle_minutes", minutes)]);
        let weaker = admin.refused(&tighter("長い書き物のため", "31")).await;
        assert_eq!(weaker.code, "weaker_than_region");
        assert_eq!(weaker.params["knob"], "K-36");
        assert!(weaker.params["clause"].contains("002-1.2(1)d") && weaker.sentence.contains("K-36"), "{weaker:?}");
        let mixed = supplement(office, "x", &[("idle_minutes", "10"), ("own_devices", "\"office_decides\"")]);
        assert_eq!(admin.refused(&mixed).await.code, "weaker_than_region");
        for strange in [("idle_minutes", "ten"), ("device_exception", "[\"disaster\"]"), ("key", "\"mine\"")] {
            assert_eq!(admin.refused(&supplement(office, "x", &[strange])).await.code, "bad_field", "{strange:?}");
        }
        assert_eq!(admin.refused(&tighter(" ", "10")).await.code, "reason_missing");
        assert_eq!(nurse.refused(&tighter("理由", "10")).await.code, "office_admin_only");
        assert_eq!(admin.refused(&supplement(OfficeId(new_id()), "理由", &[])).await.code, "other_office");
        assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM supplements").await, 0, "nothing has changed");
        assert_eq!(server.person_anew("visiting_nurse").await.me.ends.idle_ms, 30 * minute);

        let _: Done = admin.ask(&tighter("訪問先で画面を見られないように", "10")).await.expect("recorded");
        assert_eq!(server.person_anew("visiting_nurse").await.me.ends.idle_ms, 10 * minute);
        assert_eq!(server.person_anew("pharmacist").await.me.ends.idle_ms, 30 * minute, "elsewhere as before");
        let seen = |page: &RulesPage| page.supplements.iter().find(|one| one.office == office).cloned();
        let page_of_nurse = page(&nurse).await;
        let hers = seen(&page_of_nurse).expect("her office");
        let in_force = hers.in_force.expect("recorded");
        assert_eq!((hers.may_change, in_force.version, in_force.text.as_str()), (false, 1, "訪問先で画面を見られないように"));
        assert_eq!(in_force.rules.len(), 1);
        let own = &in_force.rules[0];
        assert_eq!((own.number.as_str(), own.value.ja.as_str(), own.source), ("K-36", "10分", RuleSource::Office));
        assert_eq!(rule(&page_of_nurse, "idle_minutes").value.ja, "30分", "the region's own stands beside it");
        assert!(seen(&page(&admin).await).expect("hers").may_change);
        assert!(seen(&page(&other).await).is_none(), "what an office adds is its own people's business");

        server.stop();
        server.start_again();
        assert_eq!(server.person_anew("visiting_nurse").await.me.ends.idle_ms, 10 * minute, "after a restart as well");
        let admin = server.person_anew("office_admin").await;
        assert!(admin.me.affiliations.iter().any(|place| place.roles.contains(&Role::OfficeAdmin)));
        let _: Done = admin.ask(&supplement(office, "もう要らない", &[])).await.expect("recorded");
        assert_eq!(server.person_anew("visiting_nurse").await.me.ends.idle_ms, 30 * minute);
        let kept = Rows::of(&server).await.audit_of("offices.supplement").await;
        let done: Vec<_> = kept.iter().filter(|row| row.outcome == DONE).map(|row| row.detail.clone()).collect();
        assert_eq!(done, [Some(r#"{"version":1,"rules":1}"#.to_owned()), Some(r#"{"version":2,"rules":0}"#.to_owned())]);
        assert!(!Rows::of(&server).await.dump().await.contains("訪問先で画面"), "its text is sealed");
        verifies(&server).await;
    }
}
