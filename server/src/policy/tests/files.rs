//! Files of rules that are wrong are refused by file, line, knob and clause.

use super::*;

fn refused(text: &str) -> String {
    let file = "key = \"ours\"\nversion = 1\ntitle = \"x\"\n".to_owned() + text;
    let read = read_profile("ours.toml", &file);
    let regions = read.and_then(|given| Policies::of(vec![floor_file(), given]));
    regions.expect_err(text).to_string()
}

#[test]
fn what_is_wrong_is_told_with_file_line_knob_and_clause() {
    for (text, told) in [
        (
            "lockout_tries = \"three\" # our rule 7\n",
            "policy ours.toml, line 4: K-35 lockout_tries (our rule 7): invalid type: string \"three\", expected u32",
        ),
        (
            "\nshared_account = \"sometimes\"\n",
            "policy ours.toml, line 5: K-29 shared_account (K-29, 002-2.1M3): unknown variant `sometimes`, expected one of \
             `discouraged`, `department_only`, `forbidden`",
        ),
        (
            "[passwords] # our rule 8\n[[passwords.kinds]]\nname = \"local\"\nleast = 8\nclasses = [\"letters\"]\n",
            "policy ours.toml, line 8: K-31 passwords (our rule 8): unknown variant `letters`, expected one of `letter`, \
             `digit`, `symbol`",
        ),
        ("lockout_tires = 3\n", "policy ours.toml, line 4: unknown field `lockout_tires`, which is no knob"),
        (
            "hours = \"8 to 5\" # our rule 9\n",
            "policy ours.toml, line 4: K-94 hours (our rule 9): \"8 to 5\" is neither \"none\" nor like \"07:00-20:00\"",
        ),
        (
            "idle_minutes = 60\n",
            "policy ours.toml, line 4: K-36 idle_minutes (K-36, 002-1.2(1)d) is below the floor and no reason is recorded",
        ),
        (
            "patient_group_create = \"any_staff\" # rule 3\n",
            "policy ours.toml, line 4: K-52 patient_group_create (rule 3) differs from the floor and no reason is recorded",
        ),
        (
            "[[overrides]]\nknob = \"K-200\"\nreason = \"so\"\n",
            "policy ours.toml, line 4 speaks of K-200, which is no knob",
        ),
        ("[about]\nassumed = [\"K-200\"]\n", "policy ours.toml, line 4 speaks of K-200, which is no knob"),
        (
            "[about.weaker]\nlogout = \"on computers\"\n",
            "policy ours.toml, line 4 speaks of logout, which is no knob",
        ),
        (
            "calendar = \"wareki\"\n[about]\nunknown = [\"K-08\"]\n",
            "policy ours.toml, line 4: K-08 calendar (K-08, 002-T1-fields) is called unknown and is set",
        ),
        (
            "[[passwords.kinds]]\nname = \"local\"\nleast = 5\nmost = 6\nclasses = [\"digit\"]\n",
            "policy ours.toml, line 4: K-31 passwords (K-31 to K-34, 002-2.1M6 to M8): no password can meet its rules and the \
             floor's",
        ),
    ] {
        assert!(refused(text).starts_with(told), "{text}\n{}\n{told}", refused(text));
    }
}

#[test]
fn a_file_has_a_name_a_version_and_a_title() {
    for (text, told) in [
        ("version = 1\ntitle = \"x\"\n", "the key is a word"),
        ("key = \"Our Region\"\nversion = 1\ntitle = \"x\"\n", "line 1: the key is a word"),
        ("key = \"ours\"\ntitle = \"x\"\n", "the version is a number from 1"),
        ("key = \"ours\"\nversion = 1\ntitle = \" \"\n", "line 3: the title (K-01) is empty"),
        ("key = \"ours\"\nversion = -1\ntitle = \"x\"\n", "line 2"),
        ("key = ours\n", "line 1"),
    ] {
        let said = read_profile("ours.toml", text).unwrap_err().to_string();
        assert!(said.contains("ours.toml") && said.contains(told), "{said}");
    }
}

#[test]
fn the_floor_is_silent_on_nothing() {
    let floor = floor_file();
    for (index, knob) in KNOBS.iter().enumerate() {
        let mut at = 0;
        let without = Given::mixed(|| {
            at += 1;
            (at - 1 != index).then_some(&floor)
        });
        let said = Profile::floor(without).unwrap_err();
        assert!(
            matches!(&said, PolicyFault::Silent { knob: number, .. } if *number == knob.number),
            "{said}"
        );
    }
}

#[test]
fn a_folder_adds_regions_and_versions_and_never_a_floor() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    assert!(Policies::with_folder(&folder.path().join("nowhere")).is_ok(), "none is needed");
    file("ours.toml", "key = \"ours\"\nversion = 1\ntitle = \"Ours\"\nlockout_tries = 2\n");
    file(
        "ours.cases.toml",
        "profile = \"ours\"\n[[case]]\nwhat = \"two\"\ngiven = { knob = \"lockout_tries\" }\nexpected = 2\n",
    );
    file("notes.txt", "no rules");
    let policies = Policies::with_folder(folder.path()).unwrap();
    assert_eq!(policies.named("ours").unwrap().lockout_tries, AtMost(2));
    assert_eq!(policies.lockout().tries, 3, "no region here follows it yet");
    policies.follow("ours");
    assert_eq!(policies.clone().lockout().tries, 2);
    let cases = Cases::of_folder(folder.path()).unwrap();
    let checked = cases[0].check(&policies).unwrap();
    assert_eq!((cases.len(), checked.count, checked.failures.len()), (1, 1, 0));

    file("floor.toml", "key = \"vendor-floor\"\nversion = 3\ntitle = \"A lower floor\"\nlockout_tries = 9\n");
    let said = Policies::with_folder(folder.path()).unwrap_err().to_string();
    assert!(said.contains("floor.toml, line 1: the floor comes with the server"), "{said}");
    std::fs::remove_file(folder.path().join("floor.toml")).unwrap();

    file("twice.toml", "key = \"ours\"\nversion = 1\ntitle = \"Ours\"\n");
    let said = Policies::with_folder(folder.path()).unwrap_err().to_string();
    assert!(said.contains("twice.toml, line 2: version 1 stands in") && said.contains("ours.toml"), "{said}");
}

#[test]
fn a_case_that_does_not_hold_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ours.toml");
    std::fs::write(&file, "key = \"ours\"\nversion = 1\ntitle = \"Ours\"\n").unwrap();
    let cases = "profile = \"ours\"\n[[case]]\nwhat = \"seven letters\"\ngiven = { password = \"abcdefg\" }\nexpected = \
                 \"refused\"\n[[case]]\nwhat = \"locks soon\"\ngiven = { knob = \"lockout_tries\" }\nexpected = 2\n";
    std::fs::write(folder.path().join("ours.cases.toml"), cases).unwrap();
    let (policies, key) = Policies::shipped().unwrap().with_file(&file).unwrap();
    let checked = Cases::beside(&file).unwrap().unwrap().check(&policies).unwrap();
    assert_eq!((key.as_str(), checked.count, checked.failures.len()), ("ours", 2, 1));
    assert!(checked.failures[0].ends_with("locks soon: expected 2, found 3"), "{:?}", checked.failures);
}

#[test]
fn a_remark_belongs_to_what_it_stands_beside() {
    let text =
        "a = \"x # y\" # 1\nb = [ # 2\n  \"p\", # 3\n]\n[c] # 4\nd = 1 # 5\n[[c.e]]\nf = 'it''s # 6' # 7\n";
    let source = source::Source::of("f", text);
    let place = |name: &str| (source.at(name).line, source.at(name).clause);
    assert_eq!(place("a"), (1, "1".to_owned()));
    assert_eq!(place("b"), (2, "2".to_owned()));
    assert_eq!(place("c"), (5, "4".to_owned()));
    assert_eq!(place("d"), (0, String::new()), "it is a part of c");
    assert_eq!(source.line(6).name, "c");
}

#[test]
fn the_page_on_profiles_shows_files_that_read() {
    let page = include_str!("../../../../docs/policy-profiles.md");
    let blocks: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hinata.toml");
    std::fs::write(&file, blocks[0]).unwrap();
    let cases = blocks.iter().find(|block| block.contains("[[case]]")).unwrap();
    std::fs::write(folder.path().join("hinata.cases.toml"), cases).unwrap();
    let (policies, _) = Policies::shipped().unwrap().with_file(&file).unwrap();
    let checked = Cases::beside(&file).unwrap().unwrap().check(&policies).unwrap();
    assert_eq!((checked.count, checked.failures), (2, Vec::new()));
}

#[test]
fn forms_that_cannot_be_signed_are_refused_by_place_and_reason() {
    let form = |more: &str| format!("[[consent_forms]] # our form\nkey = \"a\"\ntitle = \"A\"\n{more}");
    let asks = "items = [{ number = 1, about = \"sharing\", text = \"x\" }]\n";
    for (text, told) in [
        (form(""), "line 4: consent_forms consent_forms (our form): a: no item asks whether data is shared"),
        (form("items_as = \"b\"\n"), "a: there is no form whose items it could have"),
        (form("items = [{ number = 0, about = \"sharing\", text = \"x\" }]\n"), "numbered from 1"),
        (form("items = [{ number = 1, about = \"sharing\", text = \" \" }]\n"), "has no words"),
        (
            form("items = [{ number = 1, about = \"sold\", text = \"x\" }]\n"),
            "line 7: consent_forms consent_forms",
        ),
        (form(asks) + &form(asks), "two forms are called \"a\""),
        ("[[purpose_groups]]\nnumber = 1\ntitle = \"x\"\npurposes = []\n".to_owned(), "group 1 or a purpose"),
        (
            "consent_waivers = [\"implied\"] # rule 5\n".to_owned(),
            "line 4: K-67 consent_waivers (rule 5) differs from the floor and no reason is recorded",
        ),
    ] {
        assert!(refused(&text).contains(told), "{text}\n{}\n{told}", refused(&text));
    }
    // With a reason a region may accept it (002-5.1).
    let reason = "consent_waivers = [\"implied\"]\n[[overrides]]\nknob = \"K-67\"\nreason = \"our rule 5\"\n";
    let file = "key = \"ours\"\nversion = 1\ntitle = \"x\"\n".to_owned() + reason;
    let given = read_profile("ours.toml", &file).unwrap();
    Policies::of(vec![floor_file(), given]).unwrap();
}

#[test]
fn every_region_has_its_forms_and_purposes() {
    let policies = Policies::shipped().unwrap();
    for (region, forms, purposes) in [
        (FLOOR, vec![("standard", 8), ("short", 3), ("with_rights", 8), ("with_service", 8)], vec![9, 14, 2]),
        ("misato", vec![("form4", 8)], vec![9, 14, 2]),
        ("miyazaki", vec![("form5", 8)], vec![9, 14, 2]),
        ("fukushima", vec![("form4", 4)], vec![1]),
        ("higashikurume", vec![("form4", 4)], vec![9, 14, 2]),
    ] {
        let rules = policies.named(region).unwrap();
        let found: Vec<(String, usize)> =
            rules.all_consent_forms().map(|form| (form.key, form.items.len())).collect();
        let expected: Vec<(String, usize)> =
            forms.iter().map(|(key, items)| ((*key).to_owned(), *items)).collect();
        assert_eq!(found, expected, "{region}");
        assert_eq!(
            rules.filled_purposes().map(|group| group.purposes.len()).collect::<Vec<_>>(),
            purposes,
            "{region}"
        );
        let said = format!("{:?}", rules.all_consent_forms().collect::<Vec<_>>());
        assert!(!said.contains('{') || !said.contains("{patient}") && !said.contains("{service}"), "{said}");
    }
    let floor = policies.named(FLOOR).unwrap();
    let item = |key: &str| floor.consent_form(key).unwrap().items.swap_remove(6).text;
    assert!(item("with_service").contains("MCS") && !item("standard").contains("MCS"), "002-T4-mcs");
    for (id, is_one) in
        [("2-14", true), ("2-15", false), ("4-1", false), ("2-0", false), ("2", false), ("02-1", false)]
    {
        assert_eq!(floor.has_purpose(id), is_one, "{id}");
    }
}
