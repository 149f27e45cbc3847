//! What may be done so often a day, since others are told of it each time; and what somebody may say who has shown a password
//! alone.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, new_id, promise};
use crate::incidents::{incidents, mine, own, see, told};
use crate::passkeys::{prove, register};
use crate::profiles::{change, me};
use crate::verification::{asking, decide};
use std::time::Duration;
use tsumugi_protocol::{
    Command, DeviceId, Done, IncidentKind, IncidentStatus, Next, Nothing, NoticeKind, RaisedBy, ReportMine,
    Verdict,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Refused for today, with the most there is.
async fn is_enough(who: &Person<'_>, command: &Command, limit: &str) {
    let refused = who.refused(command).await;
    assert_eq!((refused.code.as_str(), refused.params["limit"].as_str()), ("daily_limit", limit));
}

promise! {
    async fn the_same_instruction_again_is_a_retry_and_only_so_many_are_given_in_a_day(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "instructions_a_day", "2")).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let trouble = Command::ReportMine(mine(IncidentKind::Trouble, Some("写真が開かない")));
        let _: Done = nurse.ask(&trouble).await.expect("taken");
        let id = incidents(&admin).await[0].id;
        let steps = async |of: &Person<'_>| own(of).await[0].steps.len();
        for _ in 0..3 {
            let _: Done = admin.ask(&see(id, Some(" 再起動してください "))).await.expect("seen");
        }
        assert_eq!((steps(&nurse).await, told(&nurse, NoticeKind::IncidentSeen).await), (1, 1), "told once");
        let _: Done = admin.ask(&see(id, Some("入れ直してください"))).await.expect("another");
        is_enough(&admin, &see(id, Some("もう一度")), "2").await;
        let _: Done = admin.ask(&see(id, Some("入れ直してください"))).await.expect("a retry is none too many");
        assert_eq!((steps(&nurse).await, told(&nurse, NoticeKind::IncidentSeen).await), (2, 2));
        let seen = Rows::of(&server).await.audit_of("incidents.see").await;
        let outcomes: Vec<&str> = seen.iter().map(|row| row.outcome.as_str()).collect();
        assert_eq!(outcomes, ["done", "done", "daily_limit"]);
        server.turn_clock(DAY);
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let _: Done = admin.ask(&see(id, Some("もう一度"))).await.expect("the next day");
        assert_eq!(steps(&nurse).await, 3);
        verifies(&server).await;
    }
}

promise! {
    async fn a_name_changes_so_often_a_day_and_no_more(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "profile_changes_a_day", "2")).await;
        let physician = server.person_anew("physician").await;
        for name in ["青山 一郎", "青山 二郎"] {
            let ask = change(&physician, |ask| ask.name = name.to_owned()).await;
            let _: Done = physician.ask(&ask).await.expect("changed");
        }
        let third = change(&physician, |ask| ask.name = "青山 三郎".to_owned()).await;
        is_enough(&physician, &third, "2").await;
        assert_eq!(me(&physician).await.affiliations[0].card.name, "青山 二郎", "nothing has changed");
        let same = change(&physician, |_| ()).await;
        let _: Done = physician.ask(&same).await.expect("what changes nothing is none");
        server.turn_clock(DAY);
        let physician = server.person_anew("physician").await;
        let _: Done = physician.ask(&third).await.expect("the next day");
        assert_eq!(me(&physician).await.affiliations[0].card.name, "青山 三郎");
        verifies(&server).await;
    }
}

promise! {
    async fn the_desk_is_asked_to_verify_somebody_so_often_a_day(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "verifications_a_day", "2")).await;
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        for _ in 0..2 {
            let (id, ask) = asking(&nurse);
            let _: Done = nurse.ask(&ask).await.expect("asked");
            let _: Done = nurse.ask(&ask).await.expect("a retry is none too many");
            let _: Done = desk.ask(&decide(id, Verdict::Reject)).await.expect("not given");
        }
        let (_, third) = asking(&nurse);
        is_enough(&nurse, &third, "2").await;
        assert_eq!(told(&desk, NoticeKind::VerificationAsked).await, 2);
        server.turn_clock(DAY);
        let nurse = server.person_anew("visiting_nurse").await;
        let _: Done = nurse.ask(&third).await.expect("the next day");
        verifies(&server).await;
    }
}

promise! {
    /// Whoever knows the password alone throws nobody out: what she says is kept as a stranger's word is.
    async fn without_the_second_factor_a_report_ends_nothing(engine: Engine) {
        let server = Server::start_as(engine, |setup| setup.second_factor = true).await;
        let whole = server.person_anew("visiting_nurse").await;
        let mut key = register(&whole).await;
        let whole = prove(&whole, &mut key).await;
        let admin = server.person_anew("office_admin").await;
        let mut hers = register(&admin).await;
        let admin = prove(&admin, &mut hers).await;
        let half = server.person_anew("visiting_nurse").await;
        assert_eq!(half.me.next, [Next::SecondFactor]);

        let lost = ReportMine { device: Some(DeviceId(new_id())), ..mine(IncidentKind::Loss, None) };
        let trouble = mine(IncidentKind::Trouble, Some("画面が出ない"));
        for more in [lost, trouble] {
            assert_eq!(half.refused(&Command::ReportMine(more)).await.code, "second_factor_required");
        }
        let not_me = mine(IncidentKind::UnauthorisedAccess, Some("知らない時刻の記録がある"));
        let _: Done = half.ask(&Command::ReportMine(not_me.clone())).await.expect("kept");
        let _: Done = half.ask(&Command::ReportMine(mine(IncidentKind::Loss, None))).await.expect("kept");
        assert!(whole.is_signed_in().await && half.is_signed_in().await, "nobody is thrown out");
        let mut rows = Rows::of(&server).await;
        let asked_for = "SELECT COUNT(*) FROM accounts WHERE must_change <> 0";
        assert_eq!(rows.number(asked_for).await, 0, "nor is another password asked for");
        drop(server.person_anew("visiting_nurse").await);
        let found = incidents(&admin).await;
        let told_of: Vec<_> = found.iter().map(|it| (it.kind, it.raised_by, it.status)).collect();
        let by = |kind| (kind, RaisedBy::Anybody, IncidentStatus::New);
        assert_eq!(told_of, [by(IncidentKind::Loss), by(IncidentKind::UnauthorisedAccess)]);
        assert_eq!(told(&admin, NoticeKind::IncidentRaised).await, 1, "told once an hour");
        assert_eq!(told(&whole, NoticeKind::AccessSuspected).await, 1, "and so is she");
        assert_eq!(told(&whole, NoticeKind::AccessReported).await, 0);
        for _ in 0..3 {
            let _: Done = half.ask(&Command::ReportMine(not_me.clone())).await.expect("kept");
        }
        is_enough(&half, &Command::ReportMine(not_me.clone()), "5").await;

        // Whoever has shown both is believed: then everything ends.
        let _: Done = whole.ask(&Command::ReportMine(not_me)).await.expect("taken");
        for session in [&whole, &half] {
            assert_eq!(session.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        }
        assert_eq!(incidents(&admin).await[0].raised_by, RaisedBy::Holder);
        let reports = rows.audit_of("incidents.report_mine").await;
        let ended: Vec<_> = reports.iter().filter(|row| row.outcome == "done").filter_map(|row| row.detail.as_deref()).collect();
        assert_eq!(ended.len(), 6);
        assert!(ended[..5].iter().all(|detail| detail.contains(r#""ended":0"#)), "{ended:?}");
        verifies(&server).await;
    }
}
