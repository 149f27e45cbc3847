//! What happens to an account is told to its holder, on screen and by mail, and a lock to her admins too.

use crate::harness::{Engine, Person, PostOffice, Rows, Server, promise, raw_http};
use crate::mailing::{is_discreet, notices, signs_in, told_to};
use serde_json::json;
use std::time::Duration;
use tsumugi_protocol::{AccountState, ChangePassword, Command, Done, NoticeKind, SetState, TokenIn, Unlock};

/// One that nobody would guess.
const NEW: &str = "aki!Fune7kogu-to";
const MINUTE: Duration = Duration::from_secs(60);

promise! {
    // clause("002-1.2(1)c")
    async fn what_happens_to_an_account_is_told_to_its_holder_and_a_lock_to_her_admin(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person_anew("office_admin").await;
        let desk = server.sheet("office_admin").email.clone();
        let (email, name, old) = colleague(&server, &admin).await;
        let account = server.person_anew(&email).await.me.account;
        for _ in 0..3 {
            assert!(!signs_in(&server, &email, "wrong").await);
        }
        assert!(!signs_in(&server, &email, &old).await, "locked");
        is_discreet(&server, &told_to(&office, &email, "ログインが止まっています").await);
        is_discreet(&server, &told_to(&office, &desk, "職員のログインが止まっています").await);
        let hers = notices(&admin).await;
        assert_eq!(hers.notices[0].kind, NoticeKind::StaffLocked);
        assert!(hers.notices[0].sentence.contains(&name), "on screen she is named");
        let reason = || "本人に確かめた".to_owned();
        let _: Done = admin.ask(&Command::Unlock(Unlock { account, reason: reason() })).await.expect("opened");
        assert!(signs_in(&server, &email, &old).await, "opened");
        for state in [AccountState::Suspended, AccountState::Restricted, AccountState::Active] {
            let set = Command::SetState(SetState { account, state, reason: reason() });
            let _: Done = admin.ask(&set).await.expect("set");
        }
        let her = server.person_anew(&email).await;
        let change = ChangePassword { current: old, new: NEW.into(), token_in: TokenIn::Body };
        let bearer = format!("Bearer {}", her.token);
        let body = Command::ChangePassword(change).ask_json();
        let headers = [("authorization", bearer.as_str())];
        let changed = raw_http(&server, "POST /api/v1/accounts.change_password", &headers, body.as_bytes()).await;
        let changed = changed.expect("an answer");
        assert_eq!(changed.status, 200, "{}", changed.code());
        for subject in [
            "ログインできるようになりました",
            "利用が止まりました",
            "閲覧だけになりました",
            "また利用できます",
            "パスワードが変わりました",
        ] {
            let mail = told_to(&office, &email, subject).await;
            is_discreet(&server, &mail);
            assert!(!mail.text.contains('#') && !mail.text.contains("確かめた"), "{}", mail.text);
        }
        let token = changed.json()["ok"]["token"].as_str().expect("a token").to_owned();
        let bearer = format!("Bearer {token}");
        let list = raw_http(&server, "POST /api/v1/notices.list", &[("authorization", &bearer)], b"{}").await;
        let list = list.expect("an answer").json();
        let shown = list["ok"]["notices"].as_array().expect("notices");
        let kinds: Vec<&str> = shown.iter().filter_map(|notice| notice["kind"].as_str()).collect();
        let wanted = ["password_changed", "restored", "restricted", "suspended", "unlocked", "locked"];
        assert_eq!(kinds, wanted, "the newest first");
    }
}

/// A colleague of the admin: address, name, password.
async fn colleague(server: &Server, admin: &Person<'_>) -> (String, String, String) {
    let mine = admin.me.affiliations[0].office;
    for sheet in server.people.iter().filter(|sheet| sheet.email != server.sheet("office_admin").email) {
        let person = server.person(&sheet.email).await;
        if person.me.affiliations.iter().any(|of| of.office.is_some() && of.office == mine) {
            return (sheet.email.clone(), sheet.name.clone(), sheet.password.clone());
        }
    }
    panic!("the demo has somebody in the administrator's office")
}

promise! {
    async fn a_program_that_was_not_seen_for_ninety_days_is_told(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let sheet = server.sheet("physician").clone();
        let (firefox, safari) =
            ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Mozilla/5.0 (iPhone) Version/19.0 Safari/604.1");
        let body = json!({ "email": sheet.email, "password": sheet.password, "token_in": "body" }).to_string();
        let comes = async |agent: &str| {
            let headers = [("user-agent", agent)];
            let answer = raw_http(&server, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes()).await;
            assert_eq!(answer.expect("an answer").status, 200);
            let told = "SELECT COUNT(*) FROM notices WHERE kind = 'signed_in_new_device'";
            Rows::of(&server).await.number(told).await
        };
        assert_eq!(comes(firefox).await, 0, "the first of all is compared with nothing");
        assert_eq!(comes(firefox).await, 0);
        assert_eq!(comes(safari).await, 1);
        assert_eq!((comes(safari).await, comes(firefox).await), (1, 1), "both are known now");
        let days = 90 * 24 * 60 * MINUTE;
        server.turn_clock(days - MINUTE);
        assert_eq!(comes(safari).await, 1, "still known");
        server.turn_clock(days + Duration::from_secs(1));
        assert_eq!(comes(safari).await, 2, "forgotten");
    }
}
