//! Roles: who gives them, that she takes them on herself, that no office is left without an admin, and that none opens what is
//! written.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{
    Door, Engine, Person, PostOffice, Rows, Server, draft, new_id, patient_room, promise, room_commands,
    tsumugi,
};
use crate::mailing::{is_discreet, notices, told_to};
use crate::staff::{account, closing, leaving, office_of, staff};
use crate::support::close_for;
use std::time::Duration;
use tsumugi_protocol::{
    AccountId, AccountState, AffiliationId, AppointmentId, AppointmentList, AppointmentSeen, BarPerson, Code,
    Command, Done, EndRole, GovernanceHolder, GovernanceRole, IncidentId, IncidentKind, IncidentList,
    Nothing, NoticeKind, OfficeId, OfficeRoles, ProposeRole, RecordHead, RegionRoles, ReportMine, Role,
    RoomId, RoomKind, SecureAct, SecureIncident, SetGovernance, SetState, WhichAppointment, WhichOffice,
};

const NURSE: &str = "mizukami@demo.example";
const SECOND: &str = "takanashi@demo.example";
const HEAD: &str = "watanabe@demo.example";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SAID_ON: &str = "2025-10-01";

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] =
    &[Code::OfficeHeadOnly, Code::RoleExplanationMissing, Code::GovernanceRoleMissing];

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let (office, affiliation) = (OfficeId(new_id()), AffiliationId(new_id()));
    let which = WhichAppointment { appointment: AppointmentId(new_id()) };
    vec![
        Command::ListRoles(WhichOffice { office }),
        Command::ListRegionRoles(Nothing {}),
        Command::ProposeRole(offer(affiliation, Role::OfficeAdmin)),
        Command::WithdrawRole(which),
        Command::MyAppointments(Nothing {}),
        Command::AcceptRole(which),
        Command::DeclineRole(which),
        ending(affiliation, Role::OfficeAdmin),
        Command::RecordHead(RecordHead { affiliation }),
        Command::SetGovernance(governance(office, false, &[])),
    ]
}

/// Explained, and for an operation manager.
fn offer(affiliation: AffiliationId, role: Role) -> ProposeRole {
    ProposeRole {
        appointment: AppointmentId(new_id()),
        affiliation,
        role,
        explained: true,
        explained_on: Some(SAID_ON.to_owned()),
        holds: (role == Role::OfficeAdmin).then_some(GovernanceRole::OperationManager),
    }
}

fn ending(affiliation: AffiliationId, role: Role) -> Command {
    Command::EndRole(EndRole { affiliation, role, reason: "交代する".to_owned() })
}

fn governance(
    office: OfficeId,
    is_small: bool,
    holders: &[(GovernanceRole, AffiliationId)],
) -> SetGovernance {
    let holder = |(role, affiliation): &(GovernanceRole, AffiliationId)| GovernanceHolder {
        role: *role,
        affiliation: *affiliation,
    };
    let holders = holders.iter().map(holder).collect();
    SetGovernance { office, is_small, holders, committee_rules_on: None }
}

fn place(of: &Person<'_>) -> AffiliationId {
    of.me.affiliations[0].id
}

fn accept(appointment: AppointmentId) -> Command {
    Command::AcceptRole(WhichAppointment { appointment })
}

fn decline(appointment: AppointmentId) -> Command {
    Command::DeclineRole(WhichAppointment { appointment })
}

fn withdraw(appointment: AppointmentId) -> Command {
    Command::WithdrawRole(WhichAppointment { appointment })
}

async fn mine(of: &Person<'_>) -> Vec<AppointmentSeen> {
    of.ask::<AppointmentList>(&Command::MyAppointments(Nothing {})).await.expect("offers").appointments
}

async fn roles(who: &Person<'_>, office: OfficeId) -> OfficeRoles {
    who.ask(&Command::ListRoles(WhichOffice { office })).await.expect("the roles")
}

async fn told(person: &Person<'_>, kind: NoticeKind) -> usize {
    notices(person).await.notices.iter().filter(|one| one.kind == kind).count()
}

fn has(person: &Person<'_>, role: Role) -> bool {
    person.me.affiliations.iter().any(|place| place.roles.contains(&role))
}

/// Offers a role and has it taken on; whoever took it on.
async fn appoint<'a>(by: &Person<'_>, of: &Person<'a>, email: &str, ask: ProposeRole) -> Person<'a> {
    let id = ask.appointment;
    let _: Done = by.ask(&Command::ProposeRole(ask)).await.expect("offered");
    let fresh = of.server.person_anew(email).await;
    let _: Done = fresh.ask(&accept(id)).await.expect("taken on");
    of.server.person_anew(email).await
}

promise! {
    // clause("002-3.1a") clause("002-3.2(1)e")
    async fn the_head_offers_a_role_and_she_takes_it_on_herself(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let (head, her) = (server.person_anew(HEAD).await, server.person_anew(NURSE).await);
        let foreign = server.person_anew("saito@demo.example").await;
        let ours = office_of(&admin.me);
        assert!([&head, &her].iter().all(|who| office_of(&who.me) == ours));

        // Who signs for the office is the desk's to write down, and nobody else's.
        let record = Command::RecordHead(RecordHead { affiliation: place(&head) });
        for who in [&admin, &head, &foreign] {
            assert_eq!(who.refused(&record).await.code, "not_found");
        }
        let _: Done = desk.ask(&record).await.expect("written down");
        let _: Done = desk.ask(&record).await.expect("the same answer");
        assert_eq!((told(&head, NoticeKind::HeadRecorded).await, told(&admin, NoticeKind::RoleTaken).await), (1, 1));
        let seen = roles(&head, ours).await;
        assert_eq!((seen.may_offer.as_slice(), seen.may_record_head), ([Role::OfficeAdmin].as_slice(), false));
        assert!(roles(&admin, ours).await.may_offer.is_empty(), "the head decides from now on");

        // Nobody else appoints, and not without an explanation on a day that was.
        let ask = offer(place(&her), Role::OfficeAdmin);
        let none = offer(AffiliationId(new_id()), Role::OfficeAdmin);
        for (who, ask, code) in [
            (&admin, &ask, "office_head_only"),
            (&foreign, &ask, "other_office"),
            (&foreign, &none, "other_office"),
            (&her, &ask, "office_admin_only"),
            (&her, &none, "office_admin_only"),
            (&desk, &ask, "office_admin_only"),
            (&head, &offer(place(&foreign), Role::OfficeAdmin), "other_office"),
            (&head, &offer(place(&her), Role::Secretariat), "not_found"),
            (&head, &ProposeRole { explained: false, ..ask.clone() }, "role_explanation_missing"),
            (&head, &ProposeRole { explained_on: None, ..ask.clone() }, "role_explanation_missing"),
            (&head, &ProposeRole { explained_on: Some("2999-01-01".into()), ..ask.clone() }, "bad_field"),
            (&head, &ProposeRole { explained_on: Some("きのう".into()), ..ask.clone() }, "bad_field"),
        ] {
            assert_eq!(who.refused(&Command::ProposeRole(ask.clone())).await.code, code, "{ask:?}");
        }
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT COUNT(*) FROM appointments").await, 0, "and nothing is kept");
        let _: Done = head.ask(&Command::ProposeRole(ask.clone())).await.expect("offered");
        let _: Done = head.ask(&Command::ProposeRole(ask.clone())).await.expect("a retry");
        assert_eq!(rows.number("SELECT COUNT(*) FROM appointments").await, 1);
        is_discreet(&server, &told_to(&office, NURSE, "役割の依頼").await);

        // Until she takes it on it gives her nothing, and nobody does that for her.
        let seen = mine(&her).await;
        assert_eq!(seen.len(), 1);
        let shown = (seen[0].appointment, seen[0].role, seen[0].offered_by.as_deref(), seen[0].explained_on.as_deref());
        assert_eq!(shown, (ask.appointment, Role::OfficeAdmin, Some(head.me.name.as_str()), Some(SAID_ON)));
        let list = Command::ListStaff(WhichOffice { office: ours });
        assert_eq!(her.refused(&list).await.code, "office_admin_only");
        for who in [&head, &admin, &desk, &foreign] {
            assert!(mine(who).await.is_empty());
            assert_eq!(who.refused(&accept(ask.appointment)).await.code, "not_found");
            assert_eq!(who.refused(&decline(ask.appointment)).await.code, "not_found");
        }
        assert!(!has(&server.person_anew(NURSE).await, Role::OfficeAdmin));
        let _: Done = her.ask(&accept(ask.appointment)).await.expect("taken on");
        let _: Done = her.ask(&accept(ask.appointment)).await.expect("the same answer");
        assert_eq!(her.refused(&decline(ask.appointment)).await.code, "not_found");
        assert!(her.is_signed_in().await && mine(&her).await.is_empty());
        let now = server.person_anew(NURSE).await;
        assert!(has(&now, Role::OfficeAdmin) && !staff(&now).await.is_empty());

        // All admins of the office are told; who appointed whom on which day stands in the record and in the audit.
        for who in [&admin, &head] {
            let last = notices(who).await.notices.remove(0);
            assert!(last.kind == NoticeKind::RoleTaken && last.sentence.contains(&her.me.name), "{}", last.sentence);
        }
        assert_eq!((told(&foreign, NoticeKind::RoleTaken).await, told(&now, NoticeKind::RoleTaken).await), (0, 0));
        is_discreet(&server, &told_to(&office, &server.sheet("office_admin").email, "役割に就いた").await);
        let seen = roles(&admin, ours).await;
        let hers = seen.holders.iter().find(|one| one.affiliation == place(&her)).expect("hers");
        assert_eq!((hers.role, hers.appointed_by.as_deref()), (Role::OfficeAdmin, Some(head.me.name.as_str())));
        assert_eq!((hers.explained_on.as_deref(), seen.rules.min_admins), (Some(SAID_ON), 1));
        let done = rows.audit_of("roles.accept").await.into_iter().find(|row| row.outcome == "done").expect("its entry");
        assert_eq!((done.account, done.subject), (Some(her.me.account.0), Some(her.me.account.0)));
        let detail = done.detail.unwrap_or_default();
        assert!(detail.contains(&head.me.account.to_string()) && detail.contains(SAID_ON), "{detail}");

        // As many as the office needs, and never none.
        let third = server.person_anew(SECOND).await;
        let ask = ProposeRole { holds: Some(GovernanceRole::SystemManager), ..offer(place(&third), Role::OfficeAdmin) };
        let third = appoint(&head, &third, SECOND, ask).await;
        for who in [&now, &admin] {
            let _: Done = head.ask(&ending(place(who), Role::OfficeAdmin)).await.expect("ended");
        }
        assert_eq!(head.refused(&ending(place(&third), Role::OfficeAdmin)).await.code, "last_admin");
        assert!(has(&server.person_anew(SECOND).await, Role::OfficeAdmin));
        verifies(&server).await;
    }
}

promise! {
    // clause("002-3c")
    async fn an_admin_holds_one_of_the_duties_that_the_rules_name(engine: Engine) {
        use GovernanceRole::{OperationManager, PrivacyOfficer, SafetyManager, SystemManager};
        let server = Server::start(engine).await;
        let (admin, her) = (server.person_anew("office_admin").await, server.person_anew(NURSE).await);
        let second = server.person_anew(SECOND).await;
        let ours = office_of(&admin.me);
        // No head is recorded yet: a sitting admin appoints.
        let with_duty = |of: &Person<'_>, holds| ProposeRole { holds, ..offer(place(of), Role::OfficeAdmin) };
        for holds in [None, Some(SafetyManager)] {
            let refused = admin.refused(&Command::ProposeRole(with_duty(&her, holds))).await;
            assert_eq!(refused.code, "governance_role_missing", "{holds:?}");
        }
        let her = appoint(&admin, &her, NURSE, with_duty(&her, Some(OperationManager))).await;
        let holder = GovernanceHolder { role: OperationManager, affiliation: place(&her) };
        assert_eq!(roles(&admin, ours).await.governance.holders, [holder], "what was vacant is hers now");
        let taken = Command::ProposeRole(with_duty(&second, Some(OperationManager)));
        assert_eq!(admin.refused(&taken).await.code, "governance_role_missing", "another one's");

        // What changed meanwhile counts when it is taken on.
        let ask = with_duty(&second, Some(PrivacyOfficer));
        let _: Done = admin.ask(&Command::ProposeRole(ask.clone())).await.expect("offered");
        let set = governance(ours, false, &[(OperationManager, place(&her)), (PrivacyOfficer, place(&her))]);
        let _: Done = admin.ask(&Command::SetGovernance(set)).await.expect("set");
        assert_eq!(second.refused(&accept(ask.appointment)).await.code, "governance_role_missing");
        let ask = with_duty(&second, Some(SystemManager));
        appoint(&admin, &second, SECOND, ask).await;

        // Where a region's rules name none, none is asked for.
        let server = Server::start_under(engine, &with(FLOOR, "admin_must_hold", "[]")).await;
        let (admin, her) = (server.person_anew("office_admin").await, server.person_anew(NURSE).await);
        appoint(&admin, &her, NURSE, with_duty(&her, None)).await;
        // Nor an explanation where that is not asked for.
        let lax = with(&with(FLOOR, "admin_must_hold", "[]"), "admin_grant_explained", "false");
        let server = Server::start_under(engine, &lax).await;
        let (admin, her) = (server.person_anew("office_admin").await, server.person_anew(NURSE).await);
        let bare = ProposeRole { explained: false, explained_on: None, ..with_duty(&her, None) };
        appoint(&admin, &her, NURSE, bare).await;
    }
}

promise! {
    async fn an_offer_is_declined_taken_back_or_runs_out_and_gives_nothing(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, her) = (server.person_anew("office_admin").await, server.person_anew(NURSE).await);
        let desk = server.person_anew("secretariat").await;
        let foreign = server.person_anew("saito@demo.example").await;
        let ask = || offer(place(&her), Role::OfficeAdmin);
        let offered = async |by: &Person<'_>, ask: ProposeRole| {
            let _: Done = by.ask(&Command::ProposeRole(ask.clone())).await.expect("offered");
            ask.appointment
        };

        let id = offered(&admin, ask()).await;
        let _: Done = her.ask(&decline(id)).await.expect("declined");
        let _: Done = her.ask(&decline(id)).await.expect("the same answer");
        assert_eq!(her.refused(&accept(id)).await.code, "not_found");
        assert_eq!((told(&admin, NoticeKind::RoleDeclined).await, mine(&her).await.len()), (1, 0));

        let id = offered(&admin, ask()).await;
        for who in [&her, &foreign, &desk] {
            assert_eq!(who.refused(&withdraw(id)).await.code, "not_found");
        }
        let _: Done = admin.ask(&withdraw(id)).await.expect("taken back");
        assert_eq!(her.refused(&accept(id)).await.code, "not_found");
        // What an account offered that was stopped since is worth nothing.
        let other = server.person_anew(SECOND).await;
        Rows::of(&server).await.make_admin(place(&other).0).await;
        let id = offered(&server.person_anew(SECOND).await, ask()).await;
        let _: Done = desk.ask(&set(other.me.account, AccountState::Suspended)).await.expect("suspended");
        assert_eq!(her.refused(&accept(id)).await.code, "not_found");
        let early = offered(&admin, ask()).await;
        let id = offered(&admin, ask()).await;
        assert_eq!(her.refused(&accept(early)).await.code, "not_found", "a later offer stands for it");

        // A fresh proof is asked for, and of whoever may no longer appoint there is no offer.
        server.turn_clock(Duration::from_secs(5 * 60));
        assert_eq!(her.refused(&accept(id)).await.code, "step_up_required");
        let head = server.person_anew(HEAD).await;
        let _: Done = desk.ask(&Command::RecordHead(RecordHead { affiliation: place(&head) })).await.expect("a head");
        let fresh = server.person_anew(NURSE).await;
        assert_eq!(fresh.refused(&accept(id)).await.code, "not_found", "an admin offered it, and there is a head now");

        // It stands for two weeks, to the millisecond that a test can see.
        let id = offered(&head, ask()).await;
        server.turn_clock(14 * DAY - Duration::from_secs(120));
        let fresh = server.person_anew(NURSE).await;
        assert_eq!(mine(&fresh).await.len(), 1);
        server.turn_clock(Duration::from_secs(120));
        let late = server.person_anew(NURSE).await;
        assert!(mine(&late).await.is_empty());
        assert_eq!(late.refused(&accept(id)).await.code, "not_found");
        assert!(!has(&late, Role::OfficeAdmin));
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT COUNT(*) FROM roles r JOIN appointments p ON p.affiliation = r.affiliation").await, 0);
        verifies(&server).await;
    }
}

/// What an admin reported about herself, as the desk finds it.
async fn reported(of: &Person<'_>, desk: &Person<'_>) -> IncidentId {
    let text = Some("だれかに使われた".to_owned());
    let ask = ReportMine { kind: IncidentKind::Trouble, device: None, text };
    let _: Done = of.ask(&Command::ReportMine(ask)).await.expect("taken");
    let all: IncidentList = desk.ask(&Command::ListIncidents(Nothing {})).await.expect("a list");
    all.incidents.first().expect("hers").id
}

fn secure(incident: IncidentId, acts: &[SecureAct]) -> Command {
    let reason = "盗まれた".to_owned();
    Command::SecureIncident(SecureIncident { incident, acts: acts.to_vec(), devices: Vec::new(), reason })
}

fn set(account: AccountId, state: AccountState) -> Command {
    Command::SetState(SetState { account, state, reason: "調べる".to_owned() })
}

promise! {
    async fn no_way_there_is_leaves_an_office_without_an_admin(engine: Engine) {
        let rules = with(FLOOR, "incident_to", "[\"office_admin\", \"secretariat\"]");
        let server = Server::start_under(engine, &rules).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let sheet = server.sheet("office_admin").clone();
        let id = admin.me.account;
        let report = reported(&admin, &desk).await;
        for (who, command) in [
            (&admin, leaving(&admin, "異動")),
            (&admin, ending(place(&admin), Role::OfficeAdmin)),
            (&admin, closing(id)),
            (&desk, set(id, AccountState::Suspended)),
            (&desk, set(id, AccountState::Restricted)),
            (&desk, secure(report, &[SecureAct::Suspend])),
        ] {
            assert_eq!(who.refused(&command).await.code, "last_admin", "{command:?}");
        }
        let role = |verb: &str| role_errand(&server, &[verb, "--email", &sheet.email, "--role", "office_admin", "--reason", "交代"]);
        let (done, said) = role("end");
        assert!(!done && said.contains("too few administrators"), "{said}");
        assert!(admin.is_signed_in().await && has(&server.person_anew("office_admin").await, Role::OfficeAdmin));

        // A stolen account is stopped all the same: the desk makes its sessions and its password worthless, the operator shuts it.
        let _: Done = desk.ask(&secure(report, &[SecureAct::EndSessions, SecureAct::NewPassword])).await.expect("secured");
        assert!(!admin.is_signed_in().await);
        assert!(account(&server, &["suspend", "--email", &sheet.email, "--reason", "盗まれた"]).0);
        let code = crate::signing_in::try_sign_in(&server, &sheet.email, &sheet.password).await.code();
        assert_eq!(code, "account_suspended");
        verifies(&server).await;
    }
}

promise! {
    async fn where_the_rules_ask_for_two_admins_no_way_leaves_one(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "min_admins", "2")).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let her = server.person_anew(NURSE).await;
        let her = appoint(&admin, &her, NURSE, offer(place(&her), Role::OfficeAdmin)).await;
        let id = her.me.account;
        let bar = Command::Bar(BarPerson { office: office_of(&admin.me), account: id, reason: "調べる".into() });
        assert!(account(&server, &["support-case", "--email", NURSE, "--enquiry", "本人と連絡がつかない"]).0);
        let ways = [
            (&admin, leaving(&her, "退職")),
            (&admin, ending(place(&her), Role::OfficeAdmin)),
            (&her, ending(place(&her), Role::OfficeAdmin)),
            (&admin, set(id, AccountState::Suspended)),
            (&desk, set(id, AccountState::Restricted)),
            (&admin, bar.clone()),
            (&admin, close_for(id)),
            (&her, closing(id)),
        ];
        for (who, command) in &ways {
            assert_eq!(who.refused(command).await.code, "last_admin", "{command:?}");
        }
        assert!(her.is_signed_in().await, "and nothing has changed");

        // Once there are three, one may go, and then none again; who is barred does not count.
        let third = server.person_anew(SECOND).await;
        let ask = ProposeRole { holds: Some(GovernanceRole::SystemManager), ..offer(place(&third), Role::OfficeAdmin) };
        let third = appoint(&admin, &third, SECOND, ask).await;
        let _: Done = admin.ask(&bar).await.expect("barred");
        assert_eq!(admin.refused(&leaving(&third, "退職")).await.code, "last_admin");
        let _: Done = admin.ask(&leaving(&her, "退職")).await.expect("whoever is barred is not missed");
        assert_eq!(admin.refused(&set(third.me.account, AccountState::Suspended)).await.code, "last_admin");
        verifies(&server).await;
    }
}

promise! {
    async fn a_role_that_ends_is_gone_from_every_screen_at_once(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, her) = (server.person_anew("office_admin").await, server.person_anew(NURSE).await);
        let her = appoint(&admin, &her, NURSE, offer(place(&her), Role::OfficeAdmin)).await;
        let (link, ours) = (her.link().await, office_of(&admin.me));
        let list = Command::ListStaff(WhichOffice { office: ours });
        assert_eq!(Door::Link.code(&her, &link, &list).await, "ok");
        let end = ending(place(&her), Role::OfficeAdmin);
        let unsaid = EndRole { affiliation: place(&her), role: Role::OfficeAdmin, reason: " ".to_owned() };
        assert_eq!(admin.refused(&Command::EndRole(unsaid)).await.code, "reason_missing");
        let _: Done = admin.ask(&end).await.expect("ended");
        let _: Done = admin.ask(&end).await.expect("the same answer");
        assert_eq!(link.closed().await.code, Some(4420));
        assert_eq!(her.refused(&list).await.code, "signed_out");
        let back = server.person_anew(NURSE).await;
        assert!(!has(&back, Role::OfficeAdmin));
        assert_eq!(back.refused(&list).await.code, "office_admin_only");
        assert_eq!(back.refused(&Command::ListRoles(WhichOffice { office: ours })).await.code, "office_admin_only");
        assert_eq!((told(&back, NoticeKind::RoleEnded).await, told(&admin, NoticeKind::StaffRoleEnded).await), (1, 0));
        let seen = roles(&admin, ours).await;
        assert!(seen.holders.iter().all(|one| one.affiliation != place(&her)));

        // Who was one offers it to nobody, and a role that is one's own is given up with a reason.
        let second = server.person_anew(SECOND).await;
        let ask = Command::ProposeRole(offer(place(&second), Role::OfficeAdmin));
        assert_eq!(back.refused(&ask).await.code, "office_admin_only");
        let ask = ProposeRole { holds: Some(GovernanceRole::SystemManager), ..offer(place(&second), Role::OfficeAdmin) };
        let second = appoint(&admin, &second, SECOND, ask).await;
        let _: Done = second.ask(&ending(place(&second), Role::OfficeAdmin)).await.expect("given up");
        assert!(!second.is_signed_in().await);
        assert_eq!(told(&admin, NoticeKind::StaffRoleEnded).await, 1);
        let mut rows = Rows::of(&server).await;
        let ends: Vec<_> = rows.audit_of("roles.end").await.into_iter().filter(|row| row.outcome == "done").collect();
        let (by, about): (Vec<_>, Vec<_>) = ends.iter().map(|row| (row.account, row.subject)).unzip();
        assert_eq!(by, [Some(admin.me.account.0), Some(second.me.account.0)]);
        assert_eq!(about, [Some(her.me.account.0), Some(second.me.account.0)]);
        assert!(!format!("{ends:?}").contains("交代"), "the reason is sealed elsewhere");
        assert_eq!(rows.number("SELECT COUNT(*) FROM appointments WHERE ended_at IS NOT NULL").await, 2);
        verifies(&server).await;
    }
}

promise! {
    async fn the_desk_gives_the_roles_of_its_region_and_is_never_left_alone(engine: Engine) {
        let server = Server::start(engine).await;
        let (desk, admin) = (server.person_anew("secretariat").await, server.person_anew("office_admin").await);
        let physician = server.person_anew("physician").await;
        let (his, email) = (place(&physician), server.sheet("physician").email.clone());
        for role in [Role::Secretariat, Role::Committee, Role::Auditor] {
            for who in [&admin, &physician] {
                assert_eq!(who.refused(&Command::ProposeRole(offer(his, role))).await.code, "not_found");
            }
            let unsaid = ProposeRole { explained: false, ..offer(his, role) };
            assert_eq!(desk.refused(&Command::ProposeRole(unsaid)).await.code, "role_explanation_missing");
        }
        assert_eq!(desk.refused(&Command::ProposeRole(offer(his, Role::OfficeHead))).await.code, "bad_field");
        let member = appoint(&desk, &physician, &email, offer(his, Role::Committee)).await;
        let member = appoint(&desk, &member, &email, offer(his, Role::Auditor)).await;
        assert!(has(&member, Role::Committee) && has(&member, Role::Auditor) && !has(&member, Role::Secretariat));
        let list: RegionRoles = desk.ask(&Command::ListRegionRoles(Nothing {})).await.expect("the list");
        let held: Vec<Role> = list.holders.iter().filter(|one| one.affiliation == his).map(|one| one.role).collect();
        assert_eq!(held, [Role::Committee, Role::Auditor]);
        for who in [&admin, &member] {
            assert_eq!(who.refused(&Command::ListRegionRoles(Nothing {})).await.code, "not_found");
        }

        // The only one of the desk stays; another one may end it.
        let own = ending(place(&desk), Role::Secretariat);
        assert_eq!(desk.refused(&own).await.code, "last_desk");
        let _: Done = desk.ask(&ending(his, Role::Auditor)).await.expect("ended");
        let second = server.person_anew(&email).await;
        assert!(has(&second, Role::Committee) && !has(&second, Role::Auditor));
        let second = appoint(&desk, &second, &email, offer(his, Role::Secretariat)).await;
        let _: Done = second.ask(&own).await.expect("ended");
        assert!(!desk.is_signed_in().await);
        assert_eq!(second.refused(&ending(his, Role::Secretariat)).await.code, "last_desk");
        verifies(&server).await;
    }
}

/// Commands about others that somebody without any role is refused, about things that are there.
fn of_others(admin: &Person<'_>, desk: &Person<'_>) -> Vec<Command> {
    let (office, account) = (office_of(&admin.me), admin.me.account);
    let mut all = vec![
        Command::ListStaff(WhichOffice { office }),
        Command::ListStaff(WhichOffice { office: office_of(&desk.me) }),
        Command::ListReaders(WhichOffice { office }),
        Command::ListLeavers(WhichOffice { office }),
        Command::SecondFactorStatus(WhichOffice { office }),
        Command::ListRecoveries(WhichOffice { office }),
        Command::ListOffices(Nothing {}),
        Command::ListRoles(WhichOffice { office }),
        Command::ListRegionRoles(Nothing {}),
        Command::ProposeRole(offer(place(admin), Role::OfficeAdmin)),
        Command::ProposeRole(offer(place(admin), Role::Auditor)),
        Command::RecordHead(RecordHead { affiliation: place(admin) }),
        Command::SetGovernance(governance(office, true, &[])),
        Command::Bar(BarPerson { office, account, reason: "理由".into() }),
        ending(place(admin), Role::OfficeAdmin),
        set(account, AccountState::Suspended),
        leaving(admin, "理由"),
        close_for(account),
    ];
    all.extend(
        crate::verification::commands()
            .into_iter()
            .filter(|one| matches!(one, Command::DecideVerification(_))),
    );
    all
}

promise! {
    async fn no_role_opens_what_is_written_nor_shows_whom_it_is_about(engine: Engine) {
        let server = Server::start(engine).await;
        let physician = server.person_anew("physician").await;
        // Her office answers for no timeline: who belongs to its own is an administrator's business.
        let email = "oba@demo.example";
        let mut rows = Rows::of(&server).await;
        let before = server.person_anew(email).await;
        let room = patient_room(&physician, &[&before], RoomKind::TimelineStaff).await.id;
        let token = physician.preview(&draft(room, "よその人")).await.expect("a preview").token;
        let ghost = RoomId(new_id());
        let rooms = before.rooms().await;
        for role in ["office_head", "office_admin", "secretariat", "committee", "auditor"] {
            // An admin of her office she is already; each role comes to those before it.
            if role != "office_admin" {
                rows.give_role(place(&before).0, role).await;
            }
            let her = server.person_anew(email).await;
            assert!(has(&her, Role::of(role).expect("a role")));
            let link = her.link().await;
            let pairs = room_commands(room, "よその人", Some(&token)).into_iter().zip(room_commands(ghost, "よその人", Some(&token)));
            for (there, nowhere) in pairs {
                for door in Door::ALL.into_iter().filter(|door| door.takes(&there)) {
                    let code = door.code(&her, &link, &there).await;
                    assert_eq!((code.as_str(), &code), ("not_found", &door.code(&her, &link, &nowhere).await), "{role}: {}", there.name());
                }
            }
            let list = her.rooms().await;
            let ids = |list: &tsumugi_protocol::RoomList| list.patients.iter().map(|one| one.id).collect::<Vec<_>>();
            assert_eq!((list.rooms.len(), ids(&list)), (rooms.rooms.len(), ids(&rooms)), "{role}: no patient more");
        }
    }
}

promise! {
    async fn committee_and_auditor_may_do_nothing_that_others_may_not(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        // She works elsewhere and has no role.
        let stranger = server.person_anew("physician").await;
        let commands = of_others(&admin, &desk);
        let mut before = Vec::new();
        for command in &commands {
            before.push(stranger.refused(command).await);
        }
        let mut rows = Rows::of(&server).await;
        for role in ["committee", "auditor"] {
            rows.give_role(place(&stranger).0, role).await;
            let her = server.person_anew("physician").await;
            assert!(has(&her, Role::of(role).expect("a role")));
            for (command, refused) in commands.iter().zip(&before) {
                assert_eq!(&her.refused(command).await, refused, "{role}: {}", command.name());
            }
        }
        let count = rows.number("SELECT COUNT(*) FROM appointments").await;
        assert_eq!(count, 0, "and nothing has changed");
    }
}

promise! {
    // clause("002-3a") clause("002-3b")
    async fn an_office_says_who_holds_its_governance_roles_and_what_is_open(engine: Engine) {
        use GovernanceRole::{AuditOfficer, OperationManager, PrivacyOfficer, SafetyManager, SystemManager};
        let server = Server::start(engine).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let (her, foreign) = (server.person_anew(NURSE).await, server.person_anew("saito@demo.example").await);
        let ours = office_of(&admin.me);
        let asked = [SafetyManager, OperationManager, SystemManager, PrivacyOfficer];
        let seen = roles(&admin, ours).await.governance;
        assert_eq!((seen.missing.as_slice(), seen.is_small, seen.lacks_committee), (asked.as_slice(), false, false));
        // One person may hold several; nobody of elsewhere, and none twice.
        let both = governance(ours, false, &[(SafetyManager, place(&her)), (SystemManager, place(&her))]);
        let twice = governance(ours, false, &[(SafetyManager, place(&her)), (SafetyManager, place(&admin))]);
        for (who, ask, code) in [
            (&her, both.clone(), "office_admin_only"),
            (&foreign, both.clone(), "other_office"),
            (&desk, both.clone(), "office_admin_only"),
            (&admin, governance(OfficeId(new_id()), false, &[]), "other_office"),
            (&admin, governance(ours, false, &[(SafetyManager, place(&foreign))]), "not_found"),
            (&admin, twice, "bad_field"),
            (&admin, SetGovernance { is_small: true, ..both.clone() }, "bad_field"),
            (&admin, SetGovernance { committee_rules_on: Some("いつか".into()), ..both.clone() }, "bad_field"),
        ] {
            assert_eq!(who.refused(&Command::SetGovernance(ask)).await.code, code);
        }
        let _: Done = admin.ask(&Command::SetGovernance(both.clone())).await.expect("set");
        let seen = roles(&desk, ours).await.governance;
        assert_eq!((seen.holders.as_slice(), seen.missing.as_slice()), (both.holders.as_slice(), [OperationManager, PrivacyOfficer].as_slice()));

        // A hospital is asked for an audit officer and a committee with rules of its own as well: open items, and no gate.
        let mut rows = Rows::of(&server).await;
        rows.run("UPDATE offices SET kind = 'hospital'".to_owned()).await;
        let seen = roles(&admin, ours).await.governance;
        assert_eq!((seen.missing.last(), seen.lacks_committee), (Some(&AuditOfficer), true));
        let all = [SafetyManager, OperationManager, SystemManager, PrivacyOfficer, AuditOfficer].map(|role| (role, place(&admin)));
        let rules = Some("2025-04-01".to_owned());
        let whole = SetGovernance { committee_rules_on: rules.clone(), ..governance(ours, false, &all) };
        let _: Done = admin.ask(&Command::SetGovernance(whole)).await.expect("set");
        let seen = roles(&admin, ours).await.governance;
        assert_eq!((seen.missing.len(), seen.lacks_committee, seen.committee_rules_on), (0, false, rules));

        // In a small office the head holds all of them, whoever that is.
        let _: Done = admin.ask(&Command::SetGovernance(governance(ours, true, &[]))).await.expect("small");
        assert_eq!(roles(&admin, ours).await.governance.missing.len(), 5, "there is no head");
        let _: Done = desk.ask(&Command::RecordHead(RecordHead { affiliation: place(&her) })).await.expect("a head");
        let seen = roles(&her, ours).await.governance;
        assert!(seen.is_small && seen.missing.is_empty() && !seen.lacks_committee);
        assert!(seen.holders.len() == 5 && seen.holders.iter().all(|one| one.affiliation == place(&her)));
        assert_eq!(rows.audit_of("roles.set_governance").await.iter().filter(|row| row.outcome == "done").count(), 3);

        // Whoever leaves holds none any more.
        let _: Done = her.ask(&Command::SetGovernance(both)).await.expect("the head decides");
        let _: Done = admin.ask(&leaving(&her, "退職")).await.expect("ended");
        assert!(roles(&admin, ours).await.governance.holders.is_empty());
        verifies(&server).await;
    }
}

/// Runs `tsumugi role …` beside the running server: whether it was done, and what it said.
fn role_errand(server: &Server, words: &[&str]) -> (bool, String) {
    let data = server.setup.data.to_string_lossy();
    let done = tsumugi(&[&["role"], words, &["--data", &data]].concat());
    (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

promise! {
    async fn the_operator_offers_the_first_roles_and_she_takes_them_on(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, her) = (server.person_anew("office_admin").await, server.person_anew(NURSE).await);
        let grant = |role: &str, more: &[&str]| {
            role_errand(&server, &[&["grant", "--email", NURSE, "--role", role], more].concat())
        };
        assert!(!grant("auditor", &[]).0, "not without an explanation");
        assert!(!grant("office_admin", &["--explained-on", SAID_ON]).0, "nor without a duty");
        assert!(!grant("king", &["--explained-on", SAID_ON]).0);
        let (done, said) = grant("office_admin", &["--explained-on", SAID_ON, "--holds", "privacy_officer"]);
        assert!(done && said.contains("takes it on"), "{said}");
        assert!(!has(&server.person_anew(NURSE).await, Role::OfficeAdmin));
        let seen = mine(&her).await;
        assert_eq!((seen.len(), seen[0].offered_by.as_deref(), seen[0].role), (1, None, Role::OfficeAdmin));
        let _: Done = her.ask(&accept(seen[0].appointment)).await.expect("taken on");
        assert!(grant("office_admin", &["--explained-on", SAID_ON, "--holds", "privacy_officer"]).1.contains("already"));
        let (done, said) = grant("office_head", &[]);
        assert!(done && said.contains("written down"), "{said}");

        let (done, list) = role_errand(&server, &["list"]);
        assert!(done, "{list}");
        let line = list.lines().find(|line| line.starts_with("office_admin") && line.contains(NURSE)).expect("her line");
        assert!(line.contains(&place(&her).to_string()) && list.contains("office_head"), "{line}");
        let end = |role: &str, reason: &str| role_errand(&server, &["end", "--email", NURSE, "--role", role, "--reason", reason]);
        assert!(!end("office_admin", " ").0, "no reason");
        assert!(end("office_admin", "交代").0 && end("office_admin", "交代").1.contains("does not have"));
        assert!(end("office_head", "交代").0);
        let back = server.person_anew(NURSE).await;
        assert!(!has(&back, Role::OfficeAdmin) && !has(&back, Role::OfficeHead));
        assert!(told(&admin, NoticeKind::StaffRoleEnded).await >= 1);
        let mut rows = Rows::of(&server).await;
        for act in ["operator.grant_role", "operator.end_role", "operator.list_roles"] {
            assert!(!rows.audit_of(act).await.is_empty(), "{act}: by which user");
        }
        assert!(rows.audit_of("roles.end").await.iter().all(|row| row.account.is_none()), "by no account");
        verifies(&server).await;
    }
}
