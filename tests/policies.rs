//! Regions' rules are files: a new region is one more file, a wrong one is refused, and the clock says which version holds.

use crate::devices::{FLOOR, with};
use crate::entering::{enter, refuses, says, serve, token_in};
use crate::harness::{Engine, Folder, Rows, Server, Setup, tsumugi};
use crate::signing_in::try_sign_in;
use serde_json::Value;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DESK: &str = "desk@sixth.example";

/// A region that nobody who wrote the server has heard of: longer passwords, and a lock that comes sooner and stays longer.
pub const SIXTH: &str = "key = \"hinata\"
version = 1
title = \"ひなた医師会 運用ポリシー\"
lockout_tries = 2         # our rules, 4
lockout_minutes = 60      # our rules, 4

[about]
issuer = \"ひなた医師会\"
effective_from = \"2026-04-01\"

[[passwords.kinds]]       # our rules, 5
name = \"local\"
least = 18
classes = [\"letter\", \"digit\"]
";

const SIXTH_CASES: &str = "profile = \"hinata\"
[[case]]
what = \"the second failure locks\"
given = { knob = \"lockout_tries\" }
expected = 2
[[case]]
what = \"fifteen characters\"
given = { password = \"haru-no-kaze-12\" }
expected = \"refused\"
[[case]]
what = \"eighteen of three classes\"
given = { password = \"haru-no-kaze-19285\" }
expected = \"long, no end\"
";

pub fn init(setup: &Setup, profile: &str) -> Vec<String> {
    let (data, listen) = (setup.data.to_string_lossy().into_owned(), format!("127.0.0.1:{}", setup.port));
    let words = ["init", "--data", &data, "--listen", &listen, "--region", "ひなた", "--profile", profile];
    let desk = ["--name", "佐藤 花子", "--email", DESK];
    words.iter().chain(&desk).map(|word| (*word).to_owned()).collect()
}

pub fn words(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// Puts files into the folder where a server looks for its regions' own rules.
pub fn rules(setup: &Setup, files: &[(&str, &str)]) {
    let folder = setup.data.join("policies");
    fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("a file");
    }
}

#[tokio::test]
async fn a_sixth_region_is_a_file_and_nothing_else() {
    let folder = Folder::new("sixth");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    let data = setup.data.to_string_lossy().into_owned();
    rules(&setup, &[("hinata.toml", SIXTH), ("hinata.cases.toml", SIXTH_CASES)]);
    let checked = says(&["policy", "check", "--data", &data]);
    assert!(checked.contains("hinata v1: ひなた医師会 運用ポリシー, since 2026-04-01"), "{checked}");
    assert!(checked.contains("hinata.cases.toml: 3 of 3 cases hold"), "{checked}");

    let printed = says(&words(&init(&setup, "hinata")));
    let link = token_in(&printed);
    let server = serve(setup, folder, &printed);
    for short in ["haru-no-kaze-12", "haru-no-kaze-1928"] {
        assert_eq!(enter(&server, &link, short).await.code(), "password_too_weak", "good enough elsewhere");
    }
    let password = "haru-no-kaze-19285";
    assert_eq!(enter(&server, &link, password).await.status, 200);
    for wrong in ["no", "never"] {
        assert_eq!(try_sign_in(&server, DESK, wrong).await.code(), "sign_in_failed");
    }
    let right = try_sign_in(&server, DESK, password).await;
    assert_eq!((right.status, right.code().as_str()), (401, "sign_in_failed"), "the second failure locked");
    assert_eq!(Rows::of(&server).await.audit_of("accounts.locked").await.len(), 1);
    server.stop();

    fs::remove_file(server.setup.data.join("policies/hinata.toml")).expect("it was there");
    let refused = refuses(&["serve", "--data", &data]);
    assert!(refused.contains("there is no policy named hinata"), "a region keeps its rules: {refused}");
}

#[tokio::test]
async fn a_file_that_is_wrong_keeps_the_server_shut_and_says_where() {
    let folder = Folder::new("wrong");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    let data = setup.data.to_string_lossy().into_owned();
    says(&words(&init(&setup, "vendor-floor")));
    for (from, to, told) in [
        (
            "lockout_tries = 2 ",
            "lockout_tries = 4 ",
            "line 4: K-35 lockout_tries (our rules, 4) is below the floor",
        ),
        (
            "lockout_minutes = 60 ",
            "lockout_minutes = [] ",
            "line 5: K-35 lockout_minutes (our rules, 4): invalid type",
        ),
        ("lockout_tries", "lockout_tires", "line 4: unknown field `lockout_tires`, which is no knob"),
        (
            "least = 18",
            "least = 18\nmost = 4",
            "line 11: K-31 passwords (our rules, 5): no password can meet",
        ),
        ("\"hinata\"", "\"vendor-floor\"", "line 1: the floor comes with the server"),
    ] {
        rules(&setup, &[("hinata.toml", &SIXTH.replace(from, to))]);
        let file = setup.data.join("policies/hinata.toml").display().to_string();
        let refused = refuses(&["serve", "--data", &data]);
        assert!(refused.contains(&format!("{file}, {told}")), "{refused}");
        assert!(refuses(&["policy", "check", "--data", &data]).contains(told));
        let looked = String::from_utf8_lossy(&tsumugi(&["doctor", "--data", &data]).stdout).into_owned();
        assert!(looked.lines().any(|line| line.contains("BAD") && line.contains(told)), "{looked}");
        let bare = refuses(&["policy", "check", &file]);
        assert!(bare.contains(told), "{bare}");
    }
    fs::remove_dir_all(setup.data.join("policies")).expect("a folder");
    let settings = fs::read_to_string(setup.data.join("tsumugi.toml")).expect("settings");
    let elsewhere = folder.path().join("rules");
    let named = format!("policies = {:?}\n{settings}", elsewhere.display().to_string());
    fs::write(setup.data.join("tsumugi.toml"), named).expect("settings");
    assert!(refuses(&["policy", "check", "--data", &data]).contains("is no folder"));
    fs::create_dir(&elsewhere).expect("a folder");
    fs::write(elsewhere.join("hinata.toml"), SIXTH).expect("a file");
    let lax = format!(
        "shared_account = \"discouraged\"\n{SIXTH}\n[[overrides]]\nknob = \"K-29\"\nreason = \"our rules, 6\"\n"
    );
    fs::write(elsewhere.join("hinata.toml"), lax).expect("a file");
    let checked = says(&["policy", "check", "--data", &data]);
    assert!(checked.contains("hinata v1") && checked.contains("below_floor K-29: our rules, 6"), "{checked}");
}

#[tokio::test]
async fn a_new_region_takes_a_shipped_profile_and_no_other_name() {
    let folder = Folder::new("init");
    let setup = Setup::new(Engine::Sqlite, folder.path(), false).await;
    let refused = refuses(&words(&init(&setup, "atlantis")));
    assert!(refused.contains("there is no policy profile of this name"), "{refused}");
    assert!(!setup.data.join("tsumugi.toml").exists(), "nothing is made");
    says(&words(&init(&setup, "higashikurume")));
    let mut rows = Rows::in_folder(&setup.data).await;
    let count = rows.number("SELECT COUNT(*) FROM regions WHERE profile = 'higashikurume'").await;
    assert_eq!(count, 1);
    assert!(says(&["doctor", "--data", &setup.data.to_string_lossy()]).contains("good"));
}

/// The date so many days from now, as it is in Japan, and the seconds until it begins there.
pub fn in_days(days: u64) -> (String, u64) {
    const DAY: u64 = 86_400;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() + 9 * 3_600;
    let number = now / DAY + days;
    // Civil from days, with years that begin in March: leap days come last.
    let days = number + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    (format!("{year:04}-{month:02}-{day:02}"), number * DAY - now)
}

#[tokio::test]
async fn the_version_in_force_at_the_time_of_an_act_governs_it() {
    let folder = Folder::new("versions");
    let (date, seconds) = in_days(2);
    let next = with(
        &with(&with(FLOOR, "version", "3"), "effective_from", &format!("{date:?}")),
        "lockout_tries",
        "2",
    );
    let (first, second) = (folder.path().join("first.toml"), folder.path().join("second.toml"));
    fs::write(&first, FLOOR).expect("a file");
    fs::write(&second, next).expect("a file");
    let setup = Setup::new(Engine::Sqlite, folder.path(), true).await;
    let setup = Setup { clock: true, profile: Some(first), next_profile: Some(second), ..setup };
    let server = Server::of(setup, folder);
    let sheet = server.sheet("physician").clone();
    let right = async || try_sign_in(&server, &sheet.email, &sheet.password).await.status;
    let other = server.sheet("pharmacist").clone();
    let rules = async || {
        let signed_in = try_sign_in(&server, &other.email, &other.password).await.json();
        signed_in["ok"]["me"]["regions"][0]["profile"].as_str().unwrap_or_default().to_owned()
    };
    let fails_twice = async || {
        for n in 0..2 {
            assert_eq!(try_sign_in(&server, &sheet.email, &format!("ちがう {n}")).await.status, 401);
        }
    };
    server.turn_clock(Duration::from_secs(seconds - 300));
    fails_twice().await;
    assert_eq!(right().await, 200, "minutes before, two failures lock nothing");
    assert_eq!(rules().await, "vendor-floor v2");
    server.turn_clock(Duration::from_secs(300));
    fails_twice().await;
    assert_eq!(right().await, 401, "from that day on they do");
    assert_eq!(rules().await, "vendor-floor v3");
}

#[test]
fn the_shipped_rules_are_checked_shown_compared_and_explained() {
    let checked = says(&["policy", "check"]);
    for file in ["vendor-floor", "misato", "miyazaki", "fukushima", "higashikurume"] {
        assert!(checked.lines().any(|line| line.starts_with(&format!("{file}.cases.toml: ")) && line.ends_with("cases hold")));
    }
    assert!(checked.contains("exception K-29: 000§11(2)"), "{checked}");
    assert!(!checked.contains("bench"), "only --bench loads that: {checked}");

    let shown = says(&["policy", "show", "misato"]);
    for said in [
        "misato v1: 三郷市医師会 MCS運用ポリシー (三郷市医師会)",
        "version 1 (2019-05): 2016-08-01",
        "2017-09-01 第3条",
        "K-29     shared_account = \"discouraged\"   misato v1 (K-29, 000§11(2)) [000§11(2):",
        "K-36     idle_minutes = 30   vendor-floor v2 (K-36, 002-1.2(1)d)",
    ] {
        assert!(shown.contains(said), "{said}\n{shown}");
    }
    assert!(
        says(&["policy", "show", "miyazaki"])
            .contains("K-08     calendar = \"western\"   vendor-floor v2 (K-08, 002-T1-fields) [unknown]")
    );
    let floor = says(&["policy", "show", "vendor-floor"]);
    assert!(
        floor.contains("version 1 (1): 2021-05-01") && floor.contains("version 2 (1.1): 2023-04-01"),
        "{floor}"
    );
    let json: Value = serde_json::from_str(&says(&["policy", "show", "fukushima", "--json"])).expect("JSON");
    let knobs = json["knobs"].as_array().expect("knobs");
    let hours = knobs.iter().find(|knob| knob["name"] == "hours").expect("hours");
    assert_eq!(
        (&hours["number"], &hours["kind"], &hours["value"]),
        (&"K-94".into(), &"own".into(), &"07:00-20:00".into())
    );

    let differ = says(&["policy", "diff", "vendor-floor@1", "vendor-floor@2"]);
    assert!(differ.contains("K-55     transfer_reconsent: false → true\n1 differ"), "{differ}");
    let differ = says(&["policy", "diff", "misato", "higashikurume"]);
    assert!(differ.contains("K-29     shared_account: \"discouraged\" → \"forbidden\""), "{differ}");

    let why = says(&["policy", "why", "misato", "K-29"]);
    for said in [
        "K-29 shared_account (ordered)",
        "vendor-floor v2: \"forbidden\" (vendor-floor.toml, line ",
        ": K-29, 002-2.1M3)",
        "misato v1: \"discouraged\" (misato.toml, line ",
        "because 000§11(2): ",
        "holds: \"discouraged\"",
    ] {
        assert!(why.contains(said), "{said}\n{why}");
    }
    assert!(
        says(&["policy", "why", "fukushima", "remote_lock"])
            .contains("its own text, weaker than the floor: 検討する")
    );
    assert!(says(&["policy", "why", "miyazaki", "K-33"]).contains("K-31 passwords (ordered)"));
    for wrong in [&["show", "atlantis"][..], &["diff", "misato", "misato@7"], &["why", "misato", "K-200"]] {
        let told = refuses(&[&["policy"], wrong].concat());
        assert!(
            told.contains("there is no policy named") || told.contains("K-200, which is no knob"),
            "{told}"
        );
    }
}
