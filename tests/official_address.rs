//! Whatever is mailed comes from one sender, and leads to one address, both of which the service says itself.

use crate::devices::{device, which};
use crate::harness::{Engine, Mail, PATIENCE, PostOffice, RawAnswer, Server, promise, raw_http, until};
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
const NEW: &str = "natsu-no-umi-34";

async fn open_to_all(server: &Server, command: &str, ask: Value) -> RawAnswer {
    let headers = [("content-type", "application/json")];
    let start = format!("POST /api/v1/{command}");
    raw_http(server, &start, &headers, ask.to_string().as_bytes()).await.expect("an answer")
}

promise! {
    async fn every_mail_comes_from_the_one_sender_and_leads_to_the_one_address(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person_anew("office_admin").await;
        let her = comes_in(&server, &office, &admin, HER).await;
        let (account, affiliation) = (her.me.account, her.me.affiliations[0].id);
        register(&her).await;
        let tablet = device(&her, &admin).await;
        let _: HowMany = admin.ask(&Command::StopDevices(which(&[tablet]))).await.expect("stopped");
        let move_on = ChangeEmail { email: "hanako@moved.example".into(), password: NEW.into() };
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
            (subjects(&mails).len() >= 12).then_some(mails)
        })
        .await;
        let about = open_to_all(&server, "service.about", json!({})).await.json();
        let said = |field: &str| about["ok"][field].as_str().expect(field).to_owned();
        let (sender, official) = (said("sender"), said("official"));
        assert_eq!(official, server.url);
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
