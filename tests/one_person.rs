//! One account is one person's: she sees wherever it is used, hears of what is new to it, and says when it was not her. Where
//! several people have one, each session is one person's.

use crate::audit::verifies;
use crate::bound_devices::link_of;
use crate::devices::{FLOOR, sign_in, with};
use crate::harness::{Engine, PATIENCE, Person, Server, draft, fresh_group, promise, raw_http, until};
use crate::incidents::{from, incidents, mine, told};
use crate::mailing::notices;
use crate::sharing::{Desk, author_of, line, share};
use std::collections::BTreeSet;
use std::time::Duration;
use tsumugi_protocol::{
    Command, Done, IncidentKind, Next, Nothing, NoticeKind, RaisedBy, SessionList, WhichSession,
};

const DESKTOP: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1";
const TABLET: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";
const NEW: &str = "aki!Fune7kogu-to";

/// The nurse, signed in with that program.
async fn nurse_at<'a>(server: &'a Server, program: &str) -> Person<'a> {
    let ask = sign_in(server, "visiting_nurse", "body").ask_json();
    let headers = [("content-type", "application/json"), ("user-agent", program)];
    let answer = raw_http(server, "POST /api/v1/accounts.sign_in", &headers, ask.as_bytes()).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.code());
    Person::with_token(server, answer.json()["ok"]["token"].as_str().expect("a token")).await
}

async fn sessions(of: &Person<'_>) -> SessionList {
    of.ask(&Command::ListSessions(Nothing {})).await.expect("where she is signed in")
}

promise! {
    // clause("000-note(3)a", "002-3.2(2)a")
    async fn an_account_is_used_by_one_person_who_sees_every_use_of_it(engine: Engine) {
        let rules = with(FLOOR, "shared_account", "\"discouraged\"");
        let server = Server::start_under(engine, &rules).await;
        let group = fresh_group(&server, &["visiting_nurse", "physician"]).await;
        let (room, [_, nurse, physician]) = (group.room, group.people.as_slice()) else { panic!("three people") };
        let admin = server.person("office_admin").await;

        // A program that her account was not used with before: she is told which, once, and nobody else is.
        let new_one = NoticeKind::SignedInNewDevice;
        assert_eq!(told(nurse, new_one).await, 0, "her very first one is no news");
        let desktop = nurse_at(&server, DESKTOP).await;
        let phone = nurse_at(&server, PHONE).await;
        let again = nurse_at(&server, PHONE).await;
        let news: Vec<_> = notices(&desktop).await.notices.into_iter().filter(|one| one.kind == new_one).collect();
        assert_eq!(news.len(), 2);
        for (notice, program) in news.iter().zip(["Safari iPhone", "Edge Windows"]) {
            assert!(notice.sentence.contains(program), "{}", notice.sentence);
        }
        assert_eq!(told(&admin, new_one).await, 0);

        // She sees every session of hers, with its program and its last act, and ends the one she does not know.
        let list = sessions(&desktop).await.sessions;
        let programs: Vec<&str> = list.iter().map(|seen| seen.client.as_str()).collect();
        assert_eq!(programs.iter().filter(|program| **program == "Safari iPhone").count(), 2, "{programs:?}");
        assert!(programs.contains(&"Edge Windows") && list.iter().filter(|seen| seen.is_this).count() == 1);
        let strange = sessions(&again).await.sessions.into_iter().find(|seen| seen.is_this).expect("its own").session;
        let _: Done = desktop.ask(&Command::EndSession(WhichSession { session: strange })).await.expect("ended");
        assert_eq!(again.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        assert_eq!(sessions(physician).await.sessions.len(), 1, "nobody sees those of others");

        // A computer and a phone in one house are normal use, within the minute as well.
        let stay = Command::Stay(Nothing {});
        let at = async |address: [u8; 4], token: &str| {
            assert_eq!(from(&server, address, token, &stay).await.status, 200);
        };
        let two = NoticeKind::TwoAtOnce;
        server.turn_clock(Duration::from_secs(61));
        at([127, 0, 0, 1], &desktop.token).await;
        at([127, 0, 0, 9], &phone.token).await;
        assert_eq!(told(&desktop, two).await, 0);
        // Another network a minute later is none either; within the minute it is, and only she hears of it.
        server.turn_clock(Duration::from_secs(61));
        at([127, 0, 1, 9], &phone.token).await;
        assert_eq!(told(&phone, two).await, 0);
        at([127, 0, 0, 1], &desktop.token).await;
        until("she is told", PATIENCE, async || (told(&desktop, two).await == 1).then_some(())).await;
        assert_eq!((told(&admin, two).await, incidents(&admin).await.len()), (0, 0), "it is hers to say");

        // It was not her: her admin is told, and whoever it was is out.
        let tablet = nurse_at(&server, TABLET).await;
        let not_me = Command::ReportMine(mine(IncidentKind::UnauthorisedAccess, None));
        let _: Done = desktop.ask(&not_me).await.expect("taken");
        for session in [nurse, &desktop, &phone, &tablet] {
            assert_eq!(session.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        }
        let found = incidents(&admin).await;
        let [it] = found.as_slice() else { panic!("{found:?}") };
        let about = it.card.as_ref().map(|card| card.account);
        assert_eq!((it.kind, it.raised_by, about), (IncidentKind::UnauthorisedAccess, RaisedBy::Holder, Some(desktop.me.account)));
        assert_eq!(told(&admin, NoticeKind::IncidentRaised).await, 1);

        // Where the region lets several use one account, no session goes on without one person who acts, and each has its own.
        let (one, other) = (line("山田 花子", "やまだ はなこ"), line("佐藤 次郎", "さとう じろう"));
        let account = desktop.me.account;
        let _: Done = admin.ask(&share(account, admin.me.account, &[one.clone(), other.clone()])).await.expect("shared");
        let email = server.sheet("visiting_nurse").email.clone();
        let mut first = Desk::enter_by(&server, &email, &link_of(&server, &email), NEW).await;
        let mut second = Desk::sign_in(&server, &email, NEW).await;
        for desk in [&first, &second] {
            assert_eq!(desk.me.next, [Next::ActingPerson]);
            assert_eq!(desk.code(&Command::ListRooms(Nothing {})).await, "acting_person_required");
        }
        let (hers, his) = (first.act_as(one.id).await, second.act_as(other.id).await);
        let acting: BTreeSet<_> = [&hers, &his].iter().filter_map(|who| who.me.acting.as_ref().map(|one| one.id)).collect();
        assert_eq!(acting, BTreeSet::from([one.id, other.id]));
        for (who, name, text) in [(&hers, "山田 花子", "山田です"), (&his, "佐藤 次郎", "佐藤です")] {
            who.post(&draft(room, text)).await.expect("posted");
            assert_eq!(author_of(&physician.history(room).await, text).0, name);
        }
        verifies(&server).await;
    }
}
