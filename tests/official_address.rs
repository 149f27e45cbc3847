//! Whatever is mailed comes from one sender, and leads to one address, both of which the service says itself.

use crate::devices::{device, which};
use crate::harness::{
    Engine, Folder, Mail, PATIENCE, PostOffice, RawAnswer, Server, Setup, promise, raw_http, tsumugi_in,
    until,
};
use crate::mailing::{is_discreet, told_to};
use crate::passkeys::register;
use crate::signing_in::try_sign_in;
use crate::staff::comes_in;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AccountState, AdminReset, ChangeEmail, Command, Done, EndAffiliation, HowMany, IncidentKind, ReportMine,
    SetState, Unlock,
};

const HER: &str = "hanako@new.example";

async fn open_to_all(server: &Server, command: &str, ask: Value) -> RawAnswer {
    let headers = [("content-type", "application/json")];
    let start = format!("POST /api/v1/{command}");
    raw_http(server, &start, &headers, ask.to_string().as_bytes()).await.expect("an answer")
}

promise! {
    // clause("002-2.1S8")
    async fn every_mail_comes_from_the_one_sender_and_leads_to_the_one_address(engine: Engine) {
        let office = PostOffice::open();
        let folder = Folder::new("server");
        let mut environment = office.settings();
        for (key, value) in [("SUPPORT", "madoguchi@ours.example"), ("STAFF_DOMAIN", "unei.ours.example")] {
            environment.push((format!("TSUMUGI__{key}"), value.to_owned()));
        }
        let setup = Setup { clock: true, environment, ..Setup::new(engine, folder.path(), true).await };
        let server = Server::of(setup, folder);
        let admin = server.person_anew("office_admin").await;
        let her = comes_in(&server, &office, &admin, HER).await;
        let (account, affiliation) = (her.me.account, her.me.affiliations[0].id);
        register(&her).await;
        let tablet = device(&her, &admin).await;
        let _: HowMany = admin.ask(&Command::StopDevices(which(&[tablet]))).await.expect("stopped");
        let move_on = ChangeEmail { email: "hanako@moved.example".into() };
        let _: Done = her.ask(&Command::ChangeEmail(move_on)).await.expect("asked");
        told_to(&office, "hanako@moved.example", "").await;
        open_to_all(&server, "accounts.forgot", json!({ "email": HER })).await;
        for n in 0..3 {
            assert_eq!(try_sign_in(&server, HER, &format!("wrong {n}")).await.status, 401);
        }
        let reason = || "電話で確かめた".to_owned();
        let _: Done = admin.ask(&Command::Unlock(Unlock { account, reason: reason() })).await.expect("opened");
        for state in [AccountState::Restricted, AccountState::Suspended, AccountState::Active] {
            let _: Done = admin.ask(&Command::SetState(SetState { account, state, reason: reason() })).await.expect("set");
        }
        let _: Done = admin.ask(&Command::AdminReset(AdminReset { account, reason: reason() })).await.expect("mailed");
        let nurse = server.person_anew("visiting_nurse").await;
        let _: Done = nurse.ask(&Command::ReportMine(ReportMine { kind: IncidentKind::Loss, device: None, text: None })).await.expect("taken");
        let leaving = EndAffiliation { affiliation, reason: reason() };
        let _: Done = admin.ask(&Command::EndAffiliation(leaving)).await.expect("ended");

        let subjects = |mails: &[Mail]| -> BTreeSet<String> { mails.iter().map(|mail| mail.subject.clone()).collect() };
        let mails = until("mails of every kind arrive", PATIENCE, async || {
            let mails = office.mails();
            (subjects(&mails).len() >= 13).then_some(mails)
        })
        .await;
        let about = open_to_all(&server, "service.about", json!({})).await.json();
        let said = |field: &str| about["ok"][field].as_str().expect(field).to_owned();
        let (sender, official) = (said("sender"), said("official"));
        assert_eq!(official, server.url);
        assert_eq!((said("support").as_str(), said("staff_domain").as_str()), ("madoguchi@ours.example", "unei.ours.example"));
        for mail in &mails {
            is_discreet(&server, mail);
            assert_eq!(mail.from, sender, "the one it names");
            assert!(mail.text.contains(&official) && mail.to.len() == 1, "{mail:?}");
            for word in mail.text.split_whitespace().filter(|word| word.contains("://")) {
                let rest = word.strip_prefix(&official).unwrap_or_else(|| panic!("another address: {word}"));
                assert!(rest.is_empty() || rest.starts_with('/'), "no address that only begins like it: {word}");
            }
        }
        assert!(mails.iter().filter(|mail| mail.text.contains('#')).count() >= 4, "with links among them");
    }
}

promise! {
    // clause("002-2.1S8")
    async fn what_is_not_published_is_not_said_and_the_doctor_names_it(engine: Engine) {
        let server = Server::start(engine).await;
        let about = open_to_all(&server, "service.about", json!({})).await.json();
        assert_eq!(about["ok"]["official"], server.url);
        for silent in ["sender", "support", "staff_domain"] {
            assert!(about["ok"].get(silent).is_none(), "{about}");
        }
        server.stop();
        let data = server.setup.data.to_string_lossy().into_owned();
        let store = server.setup.store.clone();
        let doctor = |environment: &[(&str, &str)]| {
            let mut words = vec!["doctor", "--data", &data];
            words.extend(store.iter().flat_map(|url| ["--store", url.as_str()]));
            let said = String::from_utf8_lossy(&tsumugi_in(environment, &words).stdout).into_owned();
            let line = said.lines().find(|line| line.contains("official") || line.contains("looks like it"));
            line.unwrap_or_else(|| panic!("no word of it: {said}")).to_owned()
        };
        let nothing = doctor(&[]);
        assert!(nothing.contains("warning") && nothing.ends_with("set origins, mail.sender, support, staff_domain"), "{nothing}");
        let all = [
            ("TSUMUGI__ORIGINS", "https://tsumugi.example"),
            ("TSUMUGI__MAIL__SMTP", "127.0.0.1:25"),
            ("TSUMUGI__MAIL__SENDER", "tsumugi@ours.example"),
            ("TSUMUGI__MAIL__TLS", "none"),
            ("TSUMUGI__SUPPORT", "madoguchi@ours.example"),
        ];
        assert!(doctor(&all).ends_with("set staff_domain"));
        let whole = doctor(&[all.as_slice(), &[("TSUMUGI__STAFF_DOMAIN", "unei.ours.example")]].concat());
        assert!(whole.contains("good") && whole.ends_with("at https://tsumugi.example"), "{whole}");
        for (key, wrong) in [("TSUMUGI__SUPPORT", "madoguchi"), ("TSUMUGI__STAFF_DOMAIN", "@unei.example")] {
            let said = tsumugi_in(&[(key, wrong)], &["doctor", "--data", &data]);
            assert!(!said.status.success() && String::from_utf8_lossy(&said.stderr).contains(wrong));
        }
    }
}
