//! The ceremonies against an authenticator of software: right, and wrong in one thing each.

use super::soft::{BE, BS, Made, SoftKey, right, wrong_proofs, wrong_registrations};
use super::*;
use serde_json::Value;
use uuid::Uuid;

const OWN: &str = "https://localhost:8443";
const WHO: Uuid = Uuid::from_u128(7);

fn sites() -> Sites {
    Sites::of(&["https://127.0.0.1:8443".to_owned(), OWN.to_owned()])
}

fn registered(site: &Site, key: &SoftKey, wrong: fn(&mut Made)) -> Option<Passkey> {
    let (options, state) = site.begin_registration(WHO, "三上 幸子", &[]).unwrap();
    let sent = Answer::read(&key.register(&options, OWN, wrong))?;
    site.finish_registration(&state, &sent).ok()
}

fn proved(site: &Site, key: &mut SoftKey, passkey: &mut Passkey, wrong: fn(&mut Made)) -> Result<(), Flaw> {
    let (options, state) = site.begin_proof(std::slice::from_ref(passkey)).unwrap();
    let sent = Assertion::read(&key.assert(&options, OWN, wrong)).ok_or(Flaw::Wrong)?;
    if !sent.is_of(WHO) {
        return Err(Flaw::Wrong);
    }
    site.finish_proof(state, &sent, passkey)
}

#[test]
fn only_a_name_under_tls_can_have_passkeys() {
    for origin in
        ["https://127.0.0.1:8443", "https://[::1]:8443", "http://localhost:8443", "https://localhost:8443/"]
    {
        let sites = Sites::of(&[origin.to_owned()]);
        assert!(sites.at(origin).is_none(), "{origin}");
    }
    assert_eq!(sites().at(OWN).unwrap().host(), "localhost");
    assert!(sites().at("https://127.0.0.1:8443").is_none());
    assert!(sites().at("https://LOCALHOST:8443").is_none());
}

#[test]
fn the_page_is_asked_for_what_the_rules_want() {
    let sites = sites();
    let site = sites.at(OWN).unwrap();
    let (key, mut other) = (SoftKey::new(), SoftKey::new());
    let passkey = registered(site, &key, right).unwrap();
    let (options, _) = site.begin_registration(WHO, "三上 幸子", std::slice::from_ref(&passkey)).unwrap();
    assert_eq!(options["authenticatorSelection"]["residentKey"], "preferred");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["excludeCredentials"][0]["id"], soft::base64(&key.id));
    assert!(options["challenge"].as_str().unwrap().len() >= 22, "at least 16 bytes");
    let (options, _) = site.begin_proof(&[]).unwrap();
    assert_eq!((&options["userVerification"], &options["rpId"]), (&"required".into(), &"localhost".into()));
    assert_eq!(options["allowCredentials"], Value::Array(Vec::new()));
    assert!(Assertion::read(&other.assert(&options, OWN, right)).is_some());
}

#[test]
fn what_is_right_passes_and_its_counter_is_kept() {
    let sites = sites();
    let site = sites.at(OWN).unwrap();
    let mut key = SoftKey::new();
    let passkey = registered(site, &key, right).unwrap();
    let mut passkey = Passkey::of_text(&passkey.to_text().unwrap()).unwrap();
    assert_eq!((passkey.id(), passkey.site()), (key.id.as_slice(), "localhost"));
    for _ in 0..3 {
        assert_eq!(proved(site, &mut key, &mut passkey, right), Ok(()));
    }
    key.counter -= 1;
    assert_eq!(proved(site, &mut key, &mut passkey, right), Err(Flaw::CounterBack), "the same count twice");
}

#[test]
fn a_synced_passkey_counts_nothing_and_stays_what_it_is() {
    fn synced(made: &mut Made) {
        (made.counter, made.flags) = (0, made.flags | BE | BS);
    }
    let sites = sites();
    let site = sites.at(OWN).unwrap();
    let mut key = SoftKey::new();
    let mut passkey = registered(site, &key, synced).unwrap();
    for _ in 0..2 {
        assert_eq!(proved(site, &mut key, &mut passkey, synced), Ok(()));
    }
    let lost = proved(site, &mut key, &mut passkey, |made| made.counter = 0);
    assert_eq!(lost, Err(Flaw::Wrong), "it is not eligible for backup any more");
}

#[test]
fn one_thing_wrong_is_enough() {
    let sites = sites();
    let site = sites.at(OWN).unwrap();
    let passed: Vec<&str> = wrong_registrations()
        .filter(|(_, wrong)| registered(site, &SoftKey::new(), *wrong).is_some())
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(passed, <[&str; 0]>::default(), "registrations that are wrong");
    let mut key = SoftKey::new();
    let mut passkey = registered(site, &key, right).unwrap();
    let passed: Vec<&str> = wrong_proofs()
        .filter(|(_, wrong)| proved(site, &mut key, &mut passkey, *wrong).is_ok())
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(passed, <[&str; 0]>::default(), "proofs that are wrong");
    key.counter += 100;
    assert_eq!(proved(site, &mut key, &mut passkey, right), Ok(()), "it was not the key");
    assert!(wrong_registrations().count() >= 40 && wrong_proofs().count() >= 40);
}

#[test]
fn a_proof_is_of_its_own_ceremony_its_own_site_and_its_own_key() {
    let elsewhere = Sites::of(&["https://other.example".to_owned()]);
    let sites = sites();
    let (site, other_site) = (sites.at(OWN).unwrap(), elsewhere.at("https://other.example").unwrap());
    let (mut key, second) = (SoftKey::new(), SoftKey::new());
    let mut passkey = registered(site, &key, right).unwrap();
    let mut second = registered(site, &second, right).unwrap();
    let (options, _) = site.begin_proof(&[]).unwrap();
    let (_, another) = site.begin_proof(&[]).unwrap();
    let sent = Assertion::read(&key.assert(&options, OWN, right)).unwrap();
    assert_eq!(site.finish_proof(another, &sent, &mut passkey), Err(Flaw::Wrong));
    let (options, state) = site.begin_proof(&[]).unwrap();
    let sent = Assertion::read(&key.assert(&options, OWN, right)).unwrap();
    assert_eq!(site.finish_proof(state, &sent, &mut second), Err(Flaw::Wrong));
    let (_, state) = other_site.begin_proof(&[]).unwrap();
    assert_eq!(other_site.finish_proof(state, &sent, &mut passkey), Err(Flaw::Wrong));
}
