//! What goes wrong is reported at once, reaches whoever deals with it, and what they do is kept (F-64); two places at once.

use crate::audit::verifies;
use crate::devices::{self, FLOOR, Outside, all_of, of_office, which, with};
use crate::harness::{
    Engine, PATIENCE, Person, PostOffice, RawAnswer, Rows, Server, draft, fresh_group, new_id, promise,
    raw_http, raw_http_over, until,
};
use crate::mailing::{is_discreet, notices, signs_in, told_to};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpSocket;
use tsumugi_protocol::{
    CloseIncident, Code, Command, DeviceId, DeviceState, Done, HowMany, Incident, IncidentId, IncidentKind,
    IncidentList, IncidentStatus, Nothing, NoticeKind, PassOn, RaisedBy, RegisterDevice, ReportIncident,
    ReportMine, SecureAct, SecureIncident, SeeIncident, SessionList, StepKind, WhichDevices,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] =
    &[Code::DevicesFull, Code::IncidentUnseen, Code::IncidentUnsent, Code::IncidentClosed];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The rules of a region whose secretariat gets incidents too (K-72).
fn with_desk() -> String {
    with(FLOOR, "incident_to", "[\"office_admin\", \"secretariat\"]")
}

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let incident = IncidentId(new_id());
    vec![
        Command::ReportMine(mine(IncidentKind::Loss, None)),
        Command::MyIncidents(Nothing {}),
        Command::ListIncidents(Nothing {}),
        Command::PassIncidentOn(PassOn { incident, text: "送る".to_owned() }),
        see(incident, None),
        secure(incident, &[SecureAct::EndSessions], &[]),
        close(incident, "済んだ"),
    ]
}

pub fn mine(kind: IncidentKind, text: Option<&str>) -> ReportMine {
    ReportMine { kind, device: None, text: text.map(str::to_owned) }
}

pub fn see(incident: IncidentId, instruction: Option<&str>) -> Command {
    Command::SeeIncident(SeeIncident { incident, instruction: instruction.map(str::to_owned) })
}

fn close(incident: IncidentId, reason: &str) -> Command {
    Command::CloseIncident(CloseIncident { incident, reason: reason.to_owned() })
}

pub fn secure(incident: IncidentId, acts: &[SecureAct], devices: &[DeviceId]) -> Command {
    let reason = "紛失の届けを受けて".to_owned();
    Command::SecureIncident(SecureIncident {
        incident,
        acts: acts.to_vec(),
        devices: devices.to_vec(),
        reason,
    })
}

async fn report(server: &Server, email: &str) -> RawAnswer {
    let ask = Command::ReportIncident(ReportIncident {
        email: email.to_owned(),
        text: "電車に忘れた".into(),
    });
    let headers = [("content-type", "application/json")];
    let start = "POST /api/v1/incidents.report";
    raw_http(server, start, &headers, ask.ask_json().as_bytes()).await.expect("an answer")
}

pub async fn incidents(person: &Person<'_>) -> Vec<Incident> {
    let list: IncidentList = person.ask(&Command::ListIncidents(Nothing {})).await.expect("a list");
    list.incidents
}

/// Those about the reader's own account.
pub async fn own(person: &Person<'_>) -> Vec<Incident> {
    let list: IncidentList = person.ask(&Command::MyIncidents(Nothing {})).await.expect("a list");
    list.incidents
}

/// How many notices of that kind somebody has.
pub async fn told(person: &Person<'_>, kind: NoticeKind) -> usize {
    notices(person).await.notices.iter().filter(|one| one.kind == kind).count()
}

fn steps(incident: &Incident) -> Vec<(StepKind, Option<&str>)> {
    incident.steps.iter().map(|step| (step.kind, step.text.as_deref())).collect()
}

promise! {
    // clause("002-3.2(3)d") clause("003-note(3)j")
    async fn a_loss_goes_at_once_to_whoever_deals_with_it_and_what_they_do_is_kept(engine: Engine) {
        let server = Server::start_under(engine, &with_desk()).await;
        let nurse = server.person_anew("visiting_nurse").await;
        let (admin, desk) = (server.person("office_admin").await, server.person("secretariat").await);
        let email = server.sheet("visiting_nurse").email.clone();

        // The answer says nothing about whose address it is, and a stranger's word changes nothing.
        assert_eq!(report(&server, &email).await, report(&server, "nobody-here@demo.example").await);
        let kept = async || incidents(&admin).await.len();
        until("it is kept", PATIENCE, async || (kept().await == 1).then_some(())).await;
        assert!(nurse.is_signed_in().await);
        for (who, name) in [(&admin, "her admin"), (&desk, "the secretariat")] {
            let found = incidents(who).await;
            let [it] = found.as_slice() else { panic!("{name}: {found:?}") };
            let card = it.card.as_ref().expect("whose");
            assert_eq!((it.kind, it.raised_by, it.status), (IncidentKind::Loss, RaisedBy::Anybody, IncidentStatus::New));
            assert_eq!((card.account, it.text.as_deref()), (nurse.me.account, Some("電車に忘れた")), "{name}");
            assert!(it.at.0 > 1_600_000_000_000, "with its time");
            assert_eq!(told(who, NoticeKind::IncidentRaised).await, 1, "{name}");
        }
        assert_eq!(told(&nurse, NoticeKind::LossReported).await, 1, "and so is she");
        report(&server, &email).await;
        until("another is kept", PATIENCE, async || (kept().await == 2).then_some(())).await;
        assert_eq!(told(&admin, NoticeKind::IncidentRaised).await, 1, "told once an hour");

        // Who has nothing to do with it finds nothing, like for one that is not there.
        let found = incidents(&admin).await;
        let (id, another, ghost) = (found[0].id, found[1].id, IncidentId(new_id()));
        for who in [&nurse, &server.person("pharmacist").await, &server.person("daughter").await] {
            assert_eq!(incidents(who).await, []);
            let commands: [fn(IncidentId) -> Command; 3] =
                [|id| see(id, None), |id| close(id, "済んだ"), |id| secure(id, &[SecureAct::EndSessions], &[])];
            for command in commands {
                let (hidden, none) = (who.refused(&command(id)).await, who.refused(&command(ghost)).await);
                assert_eq!((hidden.code.as_str(), &hidden), ("not_found", &none));
            }
        }

        // Seen, with what is to be done; then closed, with how it ended. Each once.
        assert_eq!(admin.refused(&close(id, "見つかった")).await.code, "incident_unseen");
        assert_eq!(admin.refused(&see(id, Some("  "))).await.code, "reason_missing");
        let _: Done = admin.ask(&see(id, Some("警察に届けてください"))).await.expect("seen");
        let _: Done = admin.ask(&see(id, None)).await.expect("a retry");
        assert_eq!(told(&nurse, NoticeKind::IncidentSeen).await, 1);
        let hers = own(&nurse).await;
        let it = hers.iter().find(|it| it.id == id).expect("hers");
        assert_eq!((it.status, it.steps[0].by.as_str()), (IncidentStatus::Seen, admin.me.name.as_str()));
        assert_eq!(steps(it), [(StepKind::Seen, Some("警察に届けてください"))]);
        assert_eq!(desk.refused(&close(id, " ")).await.code, "reason_missing");
        let _: Done = desk.ask(&close(id, "端末が見つかった")).await.expect("closed");
        let _: Done = desk.ask(&close(id, "端末が見つかった")).await.expect("a retry");
        for command in [see(id, Some("もう一度")), close(id, "別の人"), secure(id, &[SecureAct::EndSessions], &[])] {
            assert_eq!(admin.refused(&command).await.code, "incident_closed");
        }
        assert_eq!(told(&nurse, NoticeKind::IncidentClosed).await, 1);
        let found = incidents(&desk).await;
        assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [another, id], "open ones first");
        let ended = [(StepKind::Seen, Some("警察に届けてください")), (StepKind::Closed, Some("端末が見つかった"))];
        assert_eq!(steps(&found[1]), ended);

        // One about her own account is another's to deal with, while there is another.
        let own_loss = &server.sheet("secretariat").email;
        report(&server, own_loss).await;
        let about_desk = async || incidents(&desk).await.into_iter().find(|it| it.card.as_ref().is_some_and(|card| card.account == desk.me.account));
        let about = until("it is kept", PATIENCE, about_desk).await.id;
        assert_eq!(desk.refused(&see(about, None)).await.code, "not_for_yourself");

        let mut last = String::new();
        for _ in 0..300 {
            last = report(&server, "nobody-here@demo.example").await.code();
            if last == "rate_limited" {
                break;
            }
        }
        assert_eq!(last, "rate_limited");
        let mut rows = Rows::of(&server).await;
        for (act, times) in [("incidents.report", 3), ("incidents.see", 1), ("incidents.close", 1)] {
            let done = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done").count();
            assert_eq!(done, times, "{act}");
        }
        assert!(rows.audit().await.iter().all(|row| !format!("{row:?}").contains("警察")));
        verifies(&server).await;
    }
}

promise! {
    // clause("000-note(3)k") clause("002-3.2(3)e") clause("003-note(3)k") clause("001§14-2f")
    async fn what_its_holder_reports_ends_everything_and_trouble_is_passed_on(engine: Engine) {
        let server = Server::start_with_certificates(engine, &with_desk(), &Outside::new().pem()).await;
        let (admin, desk) = (server.person("office_admin").await, server.person("secretariat").await);
        let nurse = server.person_anew("visiting_nurse").await;
        let (tablet, identity) = devices::nurses_tablet(&server).await;
        let lost = |device| Command::ReportMine(ReportMine { device, ..mine(IncidentKind::Loss, None) });
        assert_eq!(nurse.refused(&lost(Some(DeviceId(new_id())))).await.code, "not_found");
        let without_words = Command::ReportMine(mine(IncidentKind::Trouble, None));
        assert_eq!(nurse.refused(&without_words).await.code, "bad_field");

        // Trouble goes to the secretariat, which sees it and closes it; nothing else happens.
        let trouble = Command::ReportMine(mine(IncidentKind::Trouble, Some("写真が開かない")));
        let _: Done = nurse.ask(&trouble).await.expect("taken");
        assert!(nurse.is_signed_in().await);
        let status = async || incidents(&desk).await.into_iter().find(|it| it.kind == IncidentKind::Trouble);
        let it = status().await.expect("it is there");
        assert_eq!((it.status, it.raised_by, it.text.as_deref()), (IncidentStatus::New, RaisedBy::Holder, Some("写真が開かない")));
        let _: Done = desk.ask(&see(it.id, Some("再起動してください"))).await.expect("seen");
        assert_eq!(status().await.map(|it| it.status), Some(IncidentStatus::Seen));
        let _: Done = desk.ask(&close(it.id, "直った")).await.expect("closed");
        assert_eq!(status().await.map(|it| it.status), Some(IncidentStatus::Closed));

        // A loss, and then "this wasn't me": every session ends, and whoever comes in sets a new password.
        for kind in [IncidentKind::Loss, IncidentKind::UnauthorisedAccess] {
            let (here, other) = (server.person_anew("visiting_nurse").await, server.person_anew("visiting_nurse").await);
            let (link, since) = (other.link().await, Instant::now());
            let ask = match kind {
                IncidentKind::Loss => lost(Some(tablet)),
                _ => Command::ReportMine(mine(kind, Some("知らない時刻の記録がある"))),
            };
            let _: Done = here.ask(&ask).await.expect("taken");
            devices::is_cut(&link, since).await;
            assert!(!here.is_signed_in().await && !other.is_signed_in().await, "{kind:?}");
            let found = incidents(&admin).await;
            assert_eq!((found[0].kind, found[0].raised_by), (kind, RaisedBy::Holder));
            assert_eq!(incidents(&desk).await[0].id, found[0].id);
            let anew = server.person_anew("visiting_nurse").await;
            assert_eq!(anew.refused(&Command::ListRooms(Nothing {})).await.code, "password_expired");
            if kind == IncidentKind::Loss {
                let named = found[0].devices.iter().find(|device| device.is_named).expect("the tablet");
                assert_eq!((named.device, named.state), (tablet, DeviceState::Stopped));
                assert_eq!(devices::coming_in(&server, &identity, "visiting_nurse").await, "device_stopped");
                // Her password is the old one again, for the other way to report.
                Rows::of(&server).await.run("UPDATE accounts SET must_change = 0".to_owned()).await;
            }
        }
        assert_eq!(told(&admin, NoticeKind::IncidentRaised).await, 3);
        let reports = Rows::of(&server).await.audit_of("incidents.report_mine").await;
        let reports = reports.iter().filter(|row| row.outcome == "done");
        assert_eq!(reports.map(|row| row.account).collect::<Vec<_>>(), [Some(nurse.me.account.0); 3]);
        verifies(&server).await;
    }
}

promise! {
    // clause("001§28-3c")
    async fn the_desk_secures_account_and_device_in_one_act(engine: Engine) {
        let server = Server::start_with_certificates(engine, &with_desk(), &Outside::new().pem()).await;
        let (admin, desk) = (server.person("office_admin").await, server.person("secretariat").await);
        let room = fresh_group(&server, &["visiting_nurse", "physician"]).await.room;
        let physician = server.person("physician").await;
        let (tablet, identity) = devices::nurses_tablet(&server).await;
        let email = server.sheet("visiting_nurse").email.clone();
        report(&server, &email).await;
        let it = until("it is there", PATIENCE, async || incidents(&desk).await.into_iter().next()).await;
        assert_eq!(it.devices.iter().map(|one| (one.device, one.is_named)).collect::<Vec<_>>(), [(tablet, false)]);

        let acts = [SecureAct::EndSessions, SecureAct::NewPassword];
        assert_eq!(desk.refused(&secure(it.id, &[], &[])).await.code, "bad_field", "nothing is ticked");
        let both = [SecureAct::Suspend, SecureAct::SendLink];
        assert_eq!(desk.refused(&secure(it.id, &both, &[])).await.code, "bad_field", "a link into a closed door");
        assert_eq!(desk.refused(&secure(it.id, &[SecureAct::SendLink], &[])).await.code, "mail_not_configured");
        assert_eq!(desk.refused(&secure(it.id, &acts, &[DeviceId(new_id())])).await.code, "other_office");
        let Command::SecureIncident(without) = secure(it.id, &acts, &[]) else { panic!("another command") };
        let without = Command::SecureIncident(SecureIncident { reason: " ".into(), ..without });
        assert_eq!(desk.refused(&without).await.code, "reason_missing");

        // One act: both doors are shut, the device is out, a new password is needed. Nothing said after it arrives.
        let nurse = server.person_anew("visiting_nurse").await;
        let bearer = devices::token(&server, &identity, "visiting_nurse").await;
        let mut links = [nurse.link().await, devices::link(&server, &identity, &bearer).await];
        physician.post(&draft(room, "そのまえ")).await.expect("posted");
        for link in &mut links {
            link.expect("what was said before", |event| {
                matches!(event, tsumugi_protocol::Event::Posted { .. }).then_some(())
            }).await;
        }
        let _: Done = desk.ask(&secure(it.id, &acts, &[tablet])).await.expect("secured");
        physician.post(&draft(room, "そのあと")).await.expect("posted");
        for link in &mut links {
            assert_eq!(link.closed().await.code, Some(4420));
            while let Some(event) = link.event_or_end().await {
                let posted = matches!(event, tsumugi_protocol::Event::Posted { .. });
                assert!(!posted, "what was said afterwards reached her: {event:?}");
            }
        }
        assert!(!nurse.is_signed_in().await);
        assert_eq!(devices::me(&server, &identity, &bearer).await, "signed_out");
        assert_eq!(devices::coming_in(&server, &identity, "visiting_nurse").await, "device_stopped");
        let anew = server.person_anew("visiting_nurse").await;
        assert_eq!(anew.refused(&Command::ListRooms(Nothing {})).await.code, "password_expired");
        assert_eq!(told(&admin, NoticeKind::StaffSecured).await, 1);

        // The admin goes further: nobody comes in at all, and she is told.
        let _: Done = admin.ask(&secure(it.id, &[SecureAct::Suspend], &[])).await.expect("suspended");
        let _: Done = admin.ask(&secure(it.id, &[SecureAct::Suspend], &[tablet])).await.expect("a retry");
        assert!(!signs_in(&server, &email, &server.sheet("visiting_nurse").password).await);
        let shown = incidents(&desk).await;
        assert_eq!(shown[0].status, IncidentStatus::Seen, "who secures has seen it");
        assert_eq!(steps(&shown[0]), [(StepKind::Secured, Some("紛失の届けを受けて")); 3]);
        let mut rows = Rows::of(&server).await;
        for (act, times) in [("incidents.secure", 3), ("devices.stop", 1), ("accounts.suspend", 1)] {
            let done = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done").count();
            assert_eq!(done, times, "{act}");
        }
        verifies(&server).await;
    }
}

promise! {
    async fn a_link_to_a_new_password_goes_to_its_holder_and_the_earlier_one_is_worthless(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person("office_admin").await;
        let sheet = server.sheet("visiting_nurse").clone();
        report(&server, &sheet.email).await;
        let it = until("it is there", PATIENCE, async || incidents(&admin).await.into_iter().next()).await;
        // Under these rules the secretariat gets none, so there is nothing for it to secure.
        let desk = server.person("secretariat").await;
        assert_eq!(desk.refused(&secure(it.id, &[SecureAct::EndSessions], &[])).await.code, "not_found");
        let _: Done = admin.ask(&secure(it.id, &[SecureAct::SendLink], &[])).await.expect("secured");
        let mail = told_to(&office, &sheet.email, "パスワードの再設定").await;
        assert!(mail.text.contains("/reset#"), "{}", mail.text);
        is_discreet(&server, &told_to(&office, &sheet.email, "アカウントを保護しました").await);
        assert!(!signs_in(&server, &sheet.email, &sheet.password).await, "it opens nothing, a change of it neither");

        // "This wasn't me" does the same for its holder at once.
        let her = server.person_anew("physician").await;
        let _: Done = her.ask(&Command::ReportMine(mine(IncidentKind::UnauthorisedAccess, None))).await.expect("taken");
        let email = &server.sheet("physician").email;
        assert!(told_to(&office, email, "パスワードの再設定").await.text.contains("/reset#"));
        assert!(!signs_in(&server, email, &server.sheet("physician").password).await);
    }
}

promise! {
    // clause("001§19-4a")
    async fn devices_that_are_stopped_stay_outside_and_their_report_is_asked_for(engine: Engine) {
        let server = Server::start_with_certificates(engine, &with_desk(), &Outside::new().pem()).await;
        let (admin, desk) = (server.person("office_admin").await, server.person("secretariat").await);
        let tablets = [devices::nurses_tablet(&server).await, devices::nurses_tablet(&server).await];
        let ids = [tablets[0].0, tablets[1].0];
        let neither = Command::StopDevices(which(&[]));
        assert_eq!(admin.refused(&neither).await.code, "bad_field", "never all at a slip");
        let both = WhichDevices { devices: vec![ids[0]], ..all_of(&admin) };
        assert_eq!(admin.refused(&Command::StopDevices(both)).await.code, "bad_field");
        for who in ["visiting_nurse", "pharmacist"] {
            let other = Command::StopDevices(all_of(&admin));
            assert_eq!(server.person(who).await.refused(&other).await.code, "other_office", "{who}");
        }

        // One, several, all of the office: open links end, and nobody comes in with them until they are let in again.
        let cases = [(which(&ids[..1]), 1), (which(&ids), 2), (all_of(&admin), 2)];
        for (ask, many) in cases {
            let mut open = Vec::new();
            for (_, tls) in &tablets[..many] {
                let bearer = devices::token(&server, tls, "visiting_nurse").await;
                open.push((devices::link(&server, tls, &bearer).await, tls, bearer));
            }
            let since = Instant::now();
            let stopped: HowMany = admin.ask(&Command::StopDevices(ask)).await.expect("stopped");
            assert_eq!(stopped.devices, u32::try_from(many).expect("few"));
            for (link, ..) in &open {
                assert_eq!(link.closed().await.code, Some(4420));
            }
            assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
            for (_, tls, bearer) in &open {
                assert_eq!(devices::me(&server, tls, bearer).await, "signed_out");
                assert_eq!(devices::coming_in(&server, tls, "visiting_nurse").await, "device_stopped");
            }
            let unreasoned = WhichDevices { reason: " ".to_owned(), ..which(&ids) };
            assert_eq!(admin.refused(&Command::ReleaseDevices(unreasoned)).await.code, "reason_missing");
            assert_eq!(devices::coming_in(&server, &tablets[0].1, "visiting_nurse").await, "device_stopped");
            let _: HowMany = admin.ask(&Command::ReleaseDevices(which(&ids[..many]))).await.expect("released");
            assert_eq!(devices::coming_in(&server, &tablets[0].1, "visiting_nurse").await, "ok");
        }
        let nothing: HowMany = admin.ask(&Command::ReleaseDevices(which(&ids))).await.expect("a retry");
        assert_eq!(nothing.devices, 0);

        // Each stop has written its report; it is the office's alone until it is passed on.
        let drafts = incidents(&admin).await;
        let all = drafts.iter().all(|it| (it.status, it.raised_by) == (IncidentStatus::Draft, RaisedBy::Admin));
        assert!(drafts.len() == 3 && all, "{drafts:?}");
        assert!(drafts.iter().all(|it| it.text.as_deref().is_some_and(|text| text.contains("置き忘れ"))));
        assert_eq!(incidents(&desk).await, []);
        let id = drafts[0].id;
        for command in [see(id, None), close(id, "済んだ")] {
            assert_eq!(admin.refused(&command).await.code, "incident_unsent");
        }
        let pass_on = |text: &str| Command::PassIncidentOn(PassOn { incident: id, text: text.to_owned() });
        assert_eq!(desk.refused(&pass_on("よそから")).await.code, "not_found");

        // Not passed on within a day: the admins are reminded, again after another day, and no more once it is seen to.
        let waits = NoticeKind::IncidentWaits;
        let reminded = async |times: usize| {
            let admin = server.person_anew("office_admin").await;
            until("the reminder", PATIENCE * 6, async || (told(&admin, waits).await == times).then_some(())).await;
        };
        server.turn_clock(DAY - Duration::from_secs(600));
        server.turn_clock(Duration::from_secs(900));
        reminded(3).await;
        let early = "SELECT COUNT(*) FROM incidents WHERE reminded_at < created_at + 86400000";
        assert_eq!(Rows::of(&server).await.number(early).await, 0, "not before");
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        assert_eq!(told(&desk, waits).await, 0, "it was not sent to her");
        assert_eq!(admin.refused(&pass_on(" ")).await.code, "bad_field");
        let _: Done = admin.ask(&pass_on("タブレットがウイルスに感染したおそれ")).await.expect("passed on");
        let _: Done = admin.ask(&pass_on("あとから")).await.expect("a retry");
        let found = incidents(&desk).await;
        let [it] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((it.status, it.text.as_deref()), (IncidentStatus::New, Some("タブレットがウイルスに感染したおそれ")));
        assert_eq!((told(&desk, NoticeKind::IncidentRaised).await, steps(it)), (1, vec![(StepKind::PassedOn, None)]));
        let _: Done = desk.ask(&see(id, Some("端末を初期化してください"))).await.expect("seen");
        server.turn_clock(DAY + Duration::from_secs(60));
        reminded(5).await;
        assert_eq!(Rows::of(&server).await.audit_of("incidents.remind").await.len(), 5);
        verifies(&server).await;
    }
}

promise! {
    async fn a_ledger_holds_so_many_devices_and_no_more(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
        let hers: Vec<DeviceId> = (0..20).map(|_| DeviceId(new_id())).collect();
        for device in &hers {
            let _: Done = nurse.ask(&Command::RegisterDevice(of_office(*device, true))).await.expect("registered");
        }
        let one_more = |mine| Command::RegisterDevice(RegisterDevice { mine, ..of_office(DeviceId(new_id()), mine) });
        let full = nurse.refused(&one_more(true)).await;
        assert_eq!((full.code.as_str(), full.params["limit"].as_str()), ("devices_full", "20"));
        let retire = Command::RetireDevices(which(&hers[..1]));
        let _: HowMany = admin.ask(&retire).await.expect("given up");
        let _: Done = nurse.ask(&one_more(true)).await.expect("there is room again");

        let random = match engine {
            Engine::Sqlite => "randomblob(16)",
            Engine::Postgres => "gen_random_uuid()",
        };
        let many = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 479) \
             INSERT INTO devices (id, office, kind, ownership, state, attestations, attested_at, sealed, created_at) \
             SELECT {random}, d.office, d.kind, d.ownership, d.state, d.attestations, d.attested_at, d.sealed, d.created_at \
             FROM n, (SELECT * FROM devices WHERE state = 'applied' LIMIT 1) d"
        );
        Rows::of(&server).await.run(many).await;
        let _: Done = admin.ask(&one_more(false)).await.expect("the last that fits");
        let full = admin.refused(&one_more(false)).await;
        assert_eq!((full.code.as_str(), full.params["limit"].as_str()), ("devices_full", "500"));
    }
}

/// Asks with a session's token from an address of this machine.
pub async fn from(server: &Server, address: [u8; 4], token: &str, command: &Command) -> RawAnswer {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from((address, 0))).expect("an address of this machine");
    let stream =
        server.shake_hands(socket.connect(server.address()).await.expect("the server accepts")).await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let start = format!("POST /api/v1/{}", command.name());
    let body = command.ask_json();
    raw_http_over(server, stream.expect("TLS"), &start, &headers, body.as_bytes()).await.expect("an answer")
}

promise! {
    async fn two_places_at_once_are_shown_to_the_holder_and_to_nobody_else_until_she_says_so(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let admin = server.person("office_admin").await;
        let (desktop, phone) = (server.person_anew("visiting_nurse").await, server.person_anew("visiting_nurse").await);
        let stay = Command::Stay(Nothing {});
        let two = async || told(&server.person("visiting_nurse").await, NoticeKind::TwoAtOnce).await;
        let at = async |address: [u8; 4], token: &str| {
            assert_eq!(from(&server, address, token, &stay).await.status, 200);
        };
        // A computer and a phone in one network; later, somewhere else; one device that moves.
        at([127, 0, 0, 1], &desktop.token).await;
        at([127, 0, 0, 9], &phone.token).await;
        server.turn_clock(Duration::from_secs(61));
        at([127, 0, 1, 9], &phone.token).await;
        at([127, 0, 0, 1], &phone.token).await;
        let seen: SessionList = desktop.ask(&Command::ListSessions(Nothing {})).await.expect("a list");
        assert!(seen.sessions.len() >= 2, "where she is signed in is hers to see");
        assert_eq!(two().await, 0);

        at([127, 0, 1, 9], &desktop.token).await;
        until("she is told", PATIENCE, async || (two().await == 1).then_some(())).await;
        at([127, 0, 0, 1], &phone.token).await;
        at([127, 0, 1, 9], &desktop.token).await;
        assert_eq!(Rows::of(&server).await.audit_of("sessions.two_at_once").await.len(), 1, "once a day");
        assert_eq!((told(&admin, NoticeKind::TwoAtOnce).await, incidents(&admin).await.len()), (0, 0));

        let not_me = Command::ReportMine(mine(IncidentKind::UnauthorisedAccess, None));
        let _: Done = phone.ask(&not_me).await.expect("taken");
        assert!(!desktop.is_signed_in().await && !phone.is_signed_in().await);
        let found = incidents(&admin).await;
        assert_eq!(found.iter().map(|it| it.kind).collect::<Vec<_>>(), [IncidentKind::UnauthorisedAccess]);
        assert_eq!(told(&admin, NoticeKind::IncidentRaised).await, 1);
    }
}
