//! A department's account, from its registration on: one address, a roster, one who acts, and no credential of it anywhere.

use crate::at_rest::{leaks, scan::Scanner};
use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{
    Engine, Folder, Mail, PATIENCE, Person, PostOffice, Rows, Server, Setup, draft, new_id, promise, tsumugi,
    until,
};
use crate::mailing::{is_discreet, signs_in};
use crate::sharing::{Desk, author_of, line, over_http, share};
use crate::staff::{comes_in, newcomer, office_of};
use std::fs;
use tsumugi_protocol::{
    AcceptRoom, AccountId, ActAs, AffiliationId, ChangeEmail, ChangeRoster, Command, CreateFree, Done, Next,
    Nothing, RegisterStaff, RoomId, RoomMade, Roster, RosterPersonId, TokenIn, WhichAccount,
};

/// The department's one address.
const DESK: &str = "kanaria-homon@new.example";
const NEW: &str = "aki!Fune7kogu-to";
const NEWER: &str = "yuki_Wakasa9nimo";
const REASON: &str = "かなりあ当番の電話";

/// A server that sends mail, in a region where only departments share an account.
async fn region(engine: Engine, office: &PostOffice) -> Server {
    let folder = Folder::new("server");
    let rules = folder.path().join("profile.toml");
    fs::write(&rules, with(FLOOR, "shared_account", "\"department_only\"")).expect("a file");
    let mut environment = office.settings();
    environment.push(("TSUMUGI_LOG".to_owned(), "trace".to_owned()));
    let setup = Setup {
        clock: true,
        profile: Some(rules),
        environment,
        ..Setup::new(engine, folder.path(), true).await
    };
    Server::of(setup, folder)
}

/// The so manieth link to that address.
async fn link_to(office: &PostOffice, email: &str, nth: usize) -> Mail {
    until("the link arrives", PATIENCE, async || {
        office
            .mails()
            .into_iter()
            .filter(|mail| mail.to == [email] && mail.text.contains("/first#"))
            .nth(nth - 1)
    })
    .await
}

promise! {
    // clause("003§11※1,2") clause("003-form1※b")
    async fn a_department_is_registered_as_one_and_each_of_its_roster_acts_by_name(engine: Engine) {
        let office = PostOffice::open();
        let server = region(engine, &office).await;
        let (admin, physician) = (server.person_anew("office_admin").await, server.person_anew("physician").await);
        let department = RegisterStaff { name: "訪問看護係".into(), kana: "ほうもんかんごがかり".into(), ..newcomer(office_of(&admin.me), DESK) };
        let account = department.account;
        let _: Done = admin.ask(&Command::RegisterStaff(department.clone())).await.expect("registered");
        let early = link_to(&office, DESK, 1).await;

        // Registered as a department: with a responsible admin and a roster, before anybody has used it.
        let (one, other) = (line("山田 花子", "やまだ はなこ"), line("佐藤 次郎", "さとう じろう"));
        let nurse = server.person_anew("visiting_nurse").await;
        let people = [one.clone(), other.clone()];
        let by_no_admin = share(account, nurse.me.account, &people);
        assert_eq!(admin.refused(&by_no_admin).await.code, "bad_field", "an admin answers for it");
        let elsewhere = physician.refused(&share(account, admin.me.account, &people)).await.code;
        assert!(["other_office", "office_admin_only"].contains(&elsewhere.as_str()), "{elsewhere}");
        let _: Done = admin.ask(&share(account, admin.me.account, &people)).await.expect("a department's");
        let roster: Roster = admin.ask(&Command::ShowRoster(WhichAccount { account })).await.expect("a roster");
        assert_eq!((roster.responsible, roster.people.len()), (Some(admin.me.account), 2));
        assert_eq!(crate::signing_in::enter(&server, early.token(), NEW).await.code(), "link_spent", "of before");

        // A person's account is not shared: neither one in use, nor a colleague's who came in by her link.
        let her = comes_in(&server, &office, &admin, "hanako@new.example").await;
        for person in [&nurse, &her] {
            let ask = share(person.me.account, admin.me.account, &people);
            assert_eq!(admin.refused(&ask).await.code, "shared_account_forbidden");
            assert!(person.is_signed_in().await, "and nothing has changed");
        }

        // In each session one of the roster acts, and nobody else can be chosen.
        let mut desk = Desk::enter_by(&server, DESK, link_to(&office, DESK, 2).await.token(), NEW).await;
        assert_eq!(desk.me.next, [Next::ActingPerson]);
        assert_eq!(desk.code(&Command::ListRooms(Nothing {})).await, "acting_person_required");
        assert_eq!(desk.try_act_as(RosterPersonId(new_id())).await.code(), "not_found", "not on the roster");
        let first = desk.act_as(one.id).await;
        Rows::of(&server).await.meet(account.0, admin.me.account.0).await;
        let pledge = crate::pledges::paper(department.affiliation);
        let _: Done = admin.ask(&Command::RecordPledge(pledge)).await.expect("its people pledged on paper");
        let room = RoomId(new_id());
        let invite = vec![account, physician.me.account];
        let make = CreateFree { room, title: "当番".into(), aim: "連絡".into(), invite, requires: Vec::new() };
        let _: RoomMade = admin.ask(&Command::CreateFree(make)).await.expect("made");
        for member in [&first, &physician] {
            let _: RoomMade = member.ask(&Command::Accept(AcceptRoom { room, takes_part: true })).await.expect("joined");
        }
        first.post(&draft(room, "山田が書きました")).await.expect("posted");
        let mut again = Desk::sign_in(&server, DESK, NEW).await;
        assert_eq!(again.code(&Command::ListRooms(Nothing {})).await, "acting_person_required", "each session anew");
        let second = again.act_as(other.id).await;
        second.post(&draft(room, "佐藤が書きました")).await.expect("posted");
        let history = physician.history(room).await;
        let name = admin.me.affiliations[0].card.office.clone();
        for (text, by) in [("山田が書きました", "山田 花子"), ("佐藤が書きました", "佐藤 次郎")] {
            assert_eq!(author_of(&history, text), (by.to_owned(), name.clone()));
        }

        // It owns one address: nobody of it moves it away, and nobody else comes to own it.
        let away = ChangeEmail { email: "mine@new.example".into() };
        assert_eq!(first.refused(&Command::ChangeEmail(away)).await.code, "not_while_shared");
        let twice = RegisterStaff { account: AccountId(new_id()), affiliation: AffiliationId(new_id()), ..department };
        assert_eq!(admin.refused(&Command::RegisterStaff(twice)).await.code, "email_in_use");

        // A changed roster takes the password: only a new one, set by the link to that address, opens it again.
        let leaving = ChangeRoster { account, add: Vec::new(), remove: vec![one.id], reason: REASON.into() };
        let _: Done = admin.ask(&Command::ChangeRoster(leaving)).await.expect("changed");
        assert!(!first.is_signed_in().await && !second.is_signed_in().await);
        assert!(!signs_in(&server, DESK, NEW).await);
        let mail = link_to(&office, DESK, 3).await;
        assert_eq!(crate::signing_in::enter(&server, mail.token(), NEW).await.code(), "password_reused", "not the same again");
        let desk = Desk::enter_by(&server, DESK, mail.token(), NEWER).await;
        let gone = Command::ActAs(ActAs { person: one.id, token_in: TokenIn::Body });
        assert_eq!(desk.code(&gone).await, "not_found", "who left cannot be chosen");
        verifies(&server).await;
    }
}

promise! {
    // clause("003-note(3)a") with the story above
    async fn no_credential_of_a_department_stands_in_anything_that_is_written_or_sent(engine: Engine) {
        let office = PostOffice::open();
        let server = region(engine, &office).await;
        let admin = server.person_anew("office_admin").await;
        let department = RegisterStaff { name: "訪問看護係".into(), ..newcomer(office_of(&admin.me), DESK) };
        let account = department.account;
        let _: Done = admin.ask(&Command::RegisterStaff(department)).await.expect("registered");
        let (one, other) = (line("かなりあ 花子", "かなりあ はなこ"), line("かなりあ 次郎", "かなりあ じろう"));
        let _: Done = admin.ask(&share(account, admin.me.account, &[one.clone(), other.clone()])).await.expect("shared");
        let link = link_to(&office, DESK, 2).await;
        let mut desk = Desk::enter_by(&server, DESK, link.token(), NEW).await;
        let mut kept = vec![link.token().to_owned(), NEW.to_owned(), desk.token.clone()];
        let acting: Person<'_> = desk.act_as(one.id).await;
        kept.push(acting.token.clone());
        let wrong = over_http(&server, Some("forged-kanaria-27182"), &Command::Me(Nothing {})).await;
        assert_eq!(wrong.code(), "signed_out");
        assert!(!signs_in(&server, DESK, "Machigai-Kanaria-77").await);
        let add = ChangeRoster { account, add: vec![line("かなりあ 三郎", "かなりあ さぶろう")], remove: Vec::new(), reason: REASON.into() };
        let _: Done = admin.ask(&Command::ChangeRoster(add)).await.expect("changed");
        let second = link_to(&office, DESK, 3).await;
        kept.extend([second.token().to_owned(), NEWER.to_owned()]);
        let desk = Desk::enter_by(&server, DESK, second.token(), NEWER).await;
        kept.push(desk.token.clone());
        assert!(kept.iter().all(|secret| secret.len() >= 13));

        // No mail carries a password or a token but the link that was sent for it; none names who is on the roster.
        for mail in office.mails() {
            is_discreet(&server, &mail);
            let text = format!("{mail:?}");
            let found: Vec<&String> = kept.iter().filter(|secret| text.contains(secret.as_str())).collect();
            assert!(found.iter().all(|secret| mail.to == [DESK] && mail.text.contains(&format!("/first#{secret}"))), "{found:?}");
            assert!(!text.contains("かなりあ") && !mail.text.contains(DESK), "{text}");
        }
        // Its name for signing in is personal information as its password is: neither stands anywhere in the clear.
        kept.extend([DESK, "Machigai-Kanaria-77", "forged-kanaria-27182", "かなりあ", "やまだ はなこ"].map(str::to_owned));
        let scanner = Scanner::new(&kept);
        let data = server.setup.data.to_string_lossy().into_owned();
        let running = leaks(&server.setup.data, &scanner);
        assert!(running.is_empty(), "in the data folder: {running:?}");
        assert!(scanner.hits(Rows::of(&server).await.dump().await.as_bytes()).is_empty(), "in its rows");
        verifies(&server).await;
        server.stop();
        assert!(leaks(&server.setup.data, &scanner).is_empty(), "in the data folder after a stop");
        for (place, text) in [("log", server.log()), ("standard output", server.output())] {
            assert!(scanner.hits(text.as_bytes()).is_empty(), "in its {place}: {:?}", scanner.hits(text.as_bytes()));
        }
        // What leaves the machine by the operator's hand.
        let store: Vec<&str> = server.setup.store.iter().flat_map(|url| ["--store", url.as_str()]).collect();
        for export in [["audit", "verify"], ["cert", "crl"]] {
            let said = tsumugi(&[export.as_slice(), &["--data", &data], &store].concat());
            let text = [said.stdout, said.stderr].concat();
            assert!(scanner.hits(&text).is_empty(), "{export:?}: {}", String::from_utf8_lossy(&text));
        }
        // The search sees each of them.
        fs::write(server.setup.data.join("planted"), kept.join("…")).expect("a file");
        assert_eq!(leaks(&server.setup.data, &scanner).len(), kept.len());
    }
}
