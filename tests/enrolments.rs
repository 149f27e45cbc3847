//! How an office comes in: its papers first, then the office; who is of none cannot be invited; and every paper has its places.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{
    Engine, Folder, Mail, PATIENCE, Person, PostOffice, RawAnswer, Rows, Server, Setup, new_id, promise,
    raw_http, until,
};
use crate::invitations::timeline;
use crate::mailing::{is_discreet, notices, told_to};
use crate::signing_in::enter;
use crate::staff::{NEW, leaving, newcomer, office_of, with_colleague};
use std::fs;
use std::time::Duration;
use tsumugi_protocol::{
    AccountState, AffiliationId, AppointmentId, AppointmentList, AskCandidates, CandidateList, Code, Command,
    Done, EarlierId, EnrolledPerson, EnrolmentForm, EnrolmentId, EnrolmentItem, EnrolmentLink, EnrolmentList,
    EnrolmentSeen, EnrolmentState, FillEnrolment, GovernanceRole, History, InvitationId, Lang, Nothing,
    NoticeKind, Occupation, OfficeId, OfficeKind, OfficeList, OfficeRoles, OpenEnrolment, PaperKind, Propose,
    ProposeRole, RecordPaper, RecordVisit, RegionId, ReturnEnrolment, ReturnReason, Role, RoomKind, SetState,
    SignedHow, SiteVisit, WhichAdmission, WhichAppointment, WhichEnrolment, WhichOffice, WriteEnrolment,
};

const HEAD: &str = "shocho@new.example";
const HELPER: &str = "helper@new.example";
const NURSE: &str = "mizukami@demo.example";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::OfficeDocumentsMissing,
    Code::AdminPledgeMissing,
    Code::AdminsMissing,
    Code::OfficeNotAdmittedInRegion,
    Code::NotInNetwork,
    Code::NoAffiliation,
    Code::PriorIssueUnanswered,
    Code::WaiverIncomplete,
    Code::WaiverNotAvailable,
    Code::EnrolmentNotOpen,
];

/// The commands of this file that ask for a session.
pub fn commands() -> Vec<Command> {
    let which = WhichEnrolment { enrolment: EnrolmentId(new_id()) };
    let (enrolment, form) = (which.enrolment, form(Vec::new()));
    let reasons = vec![ReturnReason { item: EnrolmentItem::Office, words: "理由".into() }];
    vec![
        Command::OpenEnrolment(opening(RegionId(new_id()))),
        Command::ListEnrolments(Nothing {}),
        Command::WriteEnrolment(WriteEnrolment { enrolment, form }),
        Command::RecordPaper(head_pledge(OfficeId(new_id()), None)),
        Command::RecordVisit(RecordVisit { enrolment, visit: visit() }),
        Command::AcceptEnrolment(which),
        Command::ReturnEnrolment(ReturnEnrolment { enrolment, reasons }),
        Command::WithdrawEnrolment(which),
        Command::SendEnrolmentLink(which),
    ]
}

fn opening(region: RegionId) -> OpenEnrolment {
    OpenEnrolment {
        enrolment: EnrolmentId(new_id()),
        region,
        office: OfficeId(new_id()),
        name: "ひなた訪看".into(),
        email: HEAD.into(),
        lang: Lang::Ja,
    }
}

fn person(name: &str, email: &str) -> EnrolledPerson {
    EnrolledPerson {
        affiliation: AffiliationId(new_id()),
        name: name.into(),
        kana: "よみ".into(),
        occupation: Occupation::Nurse,
        sex: Some("女".into()),
        email: email.into(),
        is_head: false,
        is_admin: false,
        explained_on: None,
        holds: None,
    }
}

fn admin(name: &str, email: &str, holds: GovernanceRole) -> EnrolledPerson {
    let explained_on = Some("2025-01-06".to_owned());
    EnrolledPerson { is_admin: true, explained_on, holds: Some(holds), ..person(name, email) }
}

/// Whole, and signed where it is filled in.
fn form(people: Vec<EnrolledPerson>) -> EnrolmentForm {
    EnrolmentForm {
        name: "ひなた訪看".into(),
        kana: "ひなたほうかん".into(),
        kind: OfficeKind::NursingStation,
        municipality: "ひなた市".into(),
        postal_code: "000-0000".into(),
        address: "一丁目一番地".into(),
        phone: "00-0000-0000".into(),
        fax: None,
        head: "所長".into(),
        dated: "2025-01-07".into(),
        earlier_id: None,
        works_with: None,
        people,
        signs_application: true,
        signs_pledge: true,
    }
}

fn head_pledge(office: OfficeId, received_on: Option<&str>) -> RecordPaper {
    RecordPaper {
        office,
        kind: PaperKind::HeadPledge,
        affiliation: None,
        how: SignedHow::Seal,
        signed_on: "2025-01-07".into(),
        received_on: received_on.map(str::to_owned),
        copy_kept_on: None,
    }
}

fn admin_pledge(office: OfficeId, of: AffiliationId, copy: Option<&str>) -> RecordPaper {
    RecordPaper {
        kind: PaperKind::AdminPledge,
        affiliation: Some(of),
        copy_kept_on: copy.map(str::to_owned),
        ..head_pledge(office, Some("2025-01-08"))
    }
}

fn visit() -> SiteVisit {
    SiteVisit {
        on: "2025-01-08".into(),
        visitor: "センターの職員".into(),
        confirmed_by: "所長".into(),
        affiliation_seen: true,
        consent_seen: true,
    }
}

fn accepting(of: &OpenEnrolment) -> Command {
    Command::AcceptEnrolment(WhichEnrolment { enrolment: of.enrolment })
}

fn returning(of: &OpenEnrolment, words: &str) -> Command {
    let reasons = vec![ReturnReason { item: EnrolmentItem::HeadPledge, words: words.into() }];
    Command::ReturnEnrolment(ReturnEnrolment { enrolment: of.enrolment, reasons })
}

fn submitting(link: &str, form: EnrolmentForm) -> Command {
    Command::SubmitEnrolment(FillEnrolment { link: link.to_owned(), form })
}

/// Asks without a session.
async fn open_ask(server: &Server, command: &Command) -> RawAnswer {
    let headers = [("content-type", "application/json")];
    let start = format!("POST /api/v1/{}", command.name());
    raw_http(server, &start, &headers, command.ask_json().as_bytes()).await.expect("an answer")
}

async fn shown(server: &Server, link: &str) -> Result<EnrolmentSeen, String> {
    let answer = open_ask(server, &Command::ShowEnrolment(EnrolmentLink { link: link.to_owned() })).await;
    match answer.status {
        200 => Ok(serde_json::from_value(answer.json()["ok"].clone()).expect("a case")),
        _ => Err(answer.code()),
    }
}

/// The so manieth mail to that address that leads to that page.
async fn mailed(office: &PostOffice, email: &str, page: &str, nth: usize) -> Mail {
    until("the mail arrives", PATIENCE, async || {
        let mut mails = office
            .mails()
            .into_iter()
            .filter(|mail| mail.to == [email] && mail.text.contains(&format!("/{page}#")));
        mails.nth(nth - 1)
    })
    .await
}

async fn cases(desk: &Person<'_>) -> Vec<EnrolmentSeen> {
    desk.ask::<EnrolmentList>(&Command::ListEnrolments(Nothing {})).await.expect("the cases").enrolments
}

async fn case(desk: &Person<'_>, of: &OpenEnrolment) -> EnrolmentSeen {
    cases(desk).await.into_iter().find(|one| one.enrolment == of.enrolment).expect("the case")
}

fn region_of(desk: &Person<'_>) -> RegionId {
    desk.me.affiliations[0].region
}

/// A server with mail, under rules of a test.
async fn under(rules: &str, office: &PostOffice) -> Server {
    let folder = Folder::new("server");
    let file = folder.path().join("profile.toml");
    fs::write(&file, rules).expect("a file");
    let setup = Setup::new(Engine::Sqlite, folder.path(), true).await;
    let setup = Setup { clock: true, environment: office.settings(), profile: Some(file), ..setup };
    Server::of(setup, folder)
}

promise! {
    // clause("000§3a", "000§3b", "001§12-1", "003§3a", "000§7", "001§13", "003§7", "004§6")
    async fn an_office_comes_in_only_with_its_papers(engine: Engine) {
        let post = PostOffice::open();
        let server = Server::start_with_mail(engine, &post).await;
        let (desk, stranger) = (server.person_anew("secretariat").await, server.person_anew("office_admin").await);
        let ask = opening(region_of(&desk));
        let open = Command::OpenEnrolment(ask.clone());
        assert_eq!(stranger.refused(&open).await.code, "not_found");
        assert_eq!(stranger.refused(&Command::ListEnrolments(Nothing {})).await.code, "not_found");
        for _ in 0..2 {
            let _: Done = desk.ask(&open).await.expect("opened, once");
        }
        let other = OpenEnrolment { enrolment: EnrolmentId(new_id()), ..ask.clone() };
        assert_eq!(desk.refused(&Command::OpenEnrolment(other)).await.code, "id_taken");
        let mail = mailed(&post, HEAD, "apply", 1).await;
        is_discreet(&server, &mail);
        assert!(!mail.text.contains("ひなた") && !mail.subject.contains("ひなた"), "{}", mail.text);

        // A form is written in several sittings, by its link alone; of the office nothing is there.
        let link = mail.token().to_owned();
        let seen = shown(&server, &link).await.expect("the form");
        assert_eq!((seen.state, seen.email, seen.form), (EnrolmentState::Draft, None, None));
        let mut rows = Rows::of(&server).await;
        let offices = rows.number("SELECT COUNT(*) FROM offices").await;
        let accounts = rows.number("SELECT COUNT(*) FROM accounts").await;
        let head = EnrolledPerson { is_head: true, ..admin("新しい 所長", HEAD, GovernanceRole::PrivacyOfficer) };
        let helper = person("新しい 看護師", HELPER);
        let unsigned = EnrolmentForm { signs_pledge: false, ..form(vec![head.clone(), helper.clone()]) };
        let part = EnrolmentForm { address: String::new(), people: Vec::new(), ..unsigned.clone() };
        let fill = Command::FillEnrolment(FillEnrolment { link: link.clone(), form: part.clone() });
        assert_eq!(open_ask(&server, &fill).await.status, 200);
        assert_eq!(shown(&server, &link).await.expect("what was there").form, Some(part.clone()));
        assert_eq!(case(&desk, &ask).await.state, EnrolmentState::Draft);
        assert_eq!(desk.refused(&accepting(&ask)).await.code, "enrolment_not_open");
        assert_eq!(open_ask(&server, &submitting(&link, part)).await.code(), "bad_field");
        let twice = EnrolmentForm { people: vec![head.clone(), person("べつの 人", HEAD)], ..unsigned.clone() };
        assert_eq!(open_ask(&server, &submitting(&link, twice)).await.code(), "email_in_use");
        assert_eq!(open_ask(&server, &submitting("x", unsigned.clone())).await.code(), "link_spent");
        for _ in 0..2 {
            assert_eq!(open_ask(&server, &submitting(&link, unsigned.clone())).await.status, 200);
        }
        assert_eq!(open_ask(&server, &fill).await.code(), "enrolment_not_open");
        let told = notices(&desk).await.notices.into_iter().filter(|one| one.kind == NoticeKind::EnrolmentSubmitted);
        assert_eq!(told.count(), 1);
        is_discreet(&server, &told_to(&post, &server.sheet("secretariat").email, "利用申し込みが届きました").await);

        // With one paper missing nobody of it comes in, and nothing is half there.
        for which in [stranger.refused(&accepting(&ask)).await, stranger.refused(&returning(&ask, "x")).await] {
            assert_eq!(which.code, "not_found");
        }
        let refused = desk.refused(&accepting(&ask)).await;
        assert_eq!(refused.code, "office_documents_missing");
        assert!(format!("{refused:?}").contains("head_pledge") && !format!("{refused:?}").contains("application"));
        let register = Command::RegisterStaff(newcomer(ask.office, "jane@new.example"));
        assert_eq!(stranger.refused(&register).await.code, "other_office");
        let _: Done = desk.ask(&Command::RecordPaper(head_pledge(ask.office, None))).await.expect("written down");
        assert_eq!(desk.refused(&accepting(&ask)).await.code, "office_documents_missing", "the original is not here");
        let wrong = RecordVisit { enrolment: ask.enrolment, visit: visit() };
        assert_eq!(desk.refused(&Command::RecordVisit(wrong)).await.code, "waiver_not_available");

        // It is sent back, with a reason on the form and a new link.
        assert_eq!(desk.refused(&returning(&ask, " ")).await.code, "reason_missing");
        for _ in 0..2 {
            let _: Done = desk.ask(&returning(&ask, "日付を直してください")).await.expect("sent back, once");
        }
        let back = mailed(&post, HEAD, "apply", 2).await;
        is_discreet(&server, &back);
        assert_eq!(shown(&server, &link).await.err().as_deref(), Some("link_spent"));
        let link = back.token().to_owned();
        let seen = shown(&server, &link).await.expect("the form");
        assert_eq!((seen.state, seen.reasons[0].words.as_str()), (EnrolmentState::Returned, "日付を直してください"));
        let nobody = form(vec![EnrolledPerson { is_admin: false, ..head.clone() }, helper.clone()]);
        assert_eq!(open_ask(&server, &submitting(&link, nobody)).await.status, 200);
        let _: Done = desk.ask(&Command::RecordPaper(head_pledge(ask.office, Some("2025-01-09")))).await.expect("here");
        assert_eq!(desk.refused(&accepting(&ask)).await.code, "admins_missing");
        let _: Done = desk.ask(&returning(&ask, "管理者を決めてください")).await.expect("sent back");
        let link = mailed(&post, HEAD, "apply", 3).await.token().to_owned();
        for (lacking, code) in [
            (EnrolledPerson { explained_on: None, ..head.clone() }, "role_explanation_missing"),
            (EnrolledPerson { holds: None, ..head.clone() }, "governance_role_missing"),
        ] {
            let write = WriteEnrolment { enrolment: ask.enrolment, form: form(vec![lacking, helper.clone()]) };
            let _: Done = desk.ask(&Command::WriteEnrolment(write)).await.expect("as it came by post");
            // What came on paper is signed on paper.
            let _: Done = desk
                .ask(&Command::RecordPaper(RecordPaper {
                    kind: PaperKind::Application,
                    ..head_pledge(ask.office, Some("2025-01-09"))
                }))
                .await
                .expect("received");
            assert_eq!(desk.refused(&accepting(&ask)).await.code, code);
        }
        assert!(shown(&server, &link).await.is_ok());
        let now = (rows.number("SELECT COUNT(*) FROM offices").await, rows.number("SELECT COUNT(*) FROM accounts").await);
        assert_eq!(now, (offices, accounts), "a refusal leaves nothing");
        let whole = WriteEnrolment { enrolment: ask.enrolment, form: form(vec![head.clone(), helper.clone()]) };
        let _: Done = desk.ask(&Command::WriteEnrolment(whole)).await.expect("written");
        assert_eq!(case(&desk, &ask).await.missing, []);
        for _ in 0..2 {
            let _: Done = desk.ask(&accepting(&ask)).await.expect("accepted, once");
        }
        let now = (rows.number("SELECT COUNT(*) FROM offices").await, rows.number("SELECT COUNT(*) FROM accounts").await);
        assert_eq!(now, (offices + 1, accounts + 2));
        is_discreet(&server, &told_to(&post, HEAD, "利用申し込みを受け付けました").await);

        // Its first people come in by the desk's invitation, once; who appointed whom is written down.
        let first = mailed(&post, HEAD, "first", 1).await;
        let entered = enter(&server, first.token(), NEW).await;
        assert_eq!(entered.status, 200, "{}", entered.code());
        assert_eq!(enter(&server, first.token(), NEW).await.code(), "link_spent");
        let hers = Person::with_token(&server, entered.json()["ok"]["token"].as_str().expect("a token")).await;
        let held: OfficeRoles = hers.ask(&Command::ListRoles(WhichOffice { office: ask.office })).await.expect("the roles");
        let admin = held.holders.iter().find(|one| one.role == Role::OfficeAdmin).expect("an admin");
        assert_eq!((admin.affiliation, admin.explained_on.as_deref()), (head.affiliation, Some("2025-01-06")));
        assert_eq!(admin.appointed_by.as_deref(), Some("新しい 所長"), "the head named her");
        assert_eq!(held.governance.holders.len(), 1);
        let all: OfficeList = desk.ask(&Command::ListOffices(Nothing {})).await.expect("the offices");
        assert!(all.offices.iter().any(|one| one.office == ask.office && one.is_administered && one.people == 2));
        let suspend = SetState { account: hers.me.account, state: AccountState::Suspended, reason: "調査".into() };
        assert_eq!(desk.refused(&Command::SetState(suspend)).await.code, "last_admin");
        let _: Done = hers.ask(&Command::RegisterStaff(newcomer(ask.office, "jane@new.example"))).await.expect("by its admin");
        assert_eq!(stranger.refused(&Command::ListRoles(WhichOffice { office: ask.office })).await.code, "other_office");
        let enrolled = rows.audit_of("enrolments.enrol").await;
        assert!(enrolled.iter().any(|row| row.subject == Some(hers.me.account.0)), "{enrolled:?}");
        assert!(!format!("{:?}", rows.audit().await).contains("ひなた"));
        verifies(&server).await;

        // An invitation is good for fourteen days; then the desk sends another.
        let late = mailed(&post, HELPER, "first", 1).await;
        server.turn_clock(DAY * 14 - Duration::from_secs(120));
        assert_eq!(enter(&server, late.token(), "haru").await.code(), "password_too_weak", "it is still good");
        server.turn_clock(Duration::from_secs(120));
        assert_eq!(enter(&server, late.token(), NEW).await.code(), "invitation_expired");
        let desk = server.person_anew("secretariat").await;
        let again = Command::SendEnrolmentLink(WhichEnrolment { enrolment: ask.enrolment });
        let _: Done = desk.ask(&again).await.expect("sent again");
        let fresh = mailed(&post, HELPER, "first", 2).await;
        assert_eq!(enter(&server, late.token(), NEW).await.code(), "link_spent");
        assert_eq!(enter(&server, fresh.token(), NEW).await.status, 200);
    }
}

// clause("000§3c", "000§3d", "001§8-1", "001§8-2", "004-form4-3(1)", "004-form3※c")
#[tokio::test]
async fn an_office_from_outside_answers_and_its_people_keep_their_accounts() {
    let area = with(FLOOR, "area", "[\"ひなた市\"]");
    let ids = with(&area, "outside_offices", "\"same_forms_and_earlier_id\"");
    let works = with(&area, "outside_offices", "\"working_with_the_area\"");
    let post = PostOffice::open();
    let server = under(&with(&works, "staff_pledge_to", "\"association\""), &post).await;
    let (running, left) = with_colleague(&server).await;
    let outsider = server.person_anew("ogino@demo.example").await;
    let email = server.sheet("ogino@demo.example").email.clone();
    let gone = server.people.iter().find(|sheet| sheet.name == left.me.name).expect("hers").email.clone();
    let room = timeline(&running, "とめ", RoomKind::TimelineStaff).await.id;
    let mut rows = Rows::of(&server).await;
    rows.move_next_door(office_of(&outsider.me).0).await;
    let _: Done = running.ask(&leaving(&left, "退職した")).await.expect("ended");

    // Who works for no office of the network is not invited, whichever way.
    let look = |email: &str| Command::ListCandidates(AskCandidates { room, email: Some(email.to_owned()) });
    let propose = |affiliation, email: &str| {
        Command::Propose(Propose {
            invitation: InvitationId(new_id()),
            room,
            affiliation,
            email: Some(email.to_owned()),
            involvement: "往診の相談".into(),
            message: String::new(),
            history: History::FromJoining,
        })
    };
    let foreign = outsider.me.affiliations[0].id;
    for command in [look(&email), look(&gone), propose(foreign, &email)] {
        assert_eq!(running.refused(&command).await.code, "not_in_network", "{}", command.name());
    }
    let desk = server.person_anew("secretariat").await;
    let region = region_of(&desk);
    let one = opening(region);
    let _: Done = desk.ask(&Command::OpenEnrolment(one.clone())).await.expect("opened");
    let link = mailed(&post, HEAD, "apply", 1).await.token().to_owned();
    let nurse = admin("新しい 看護師", HELPER, GovernanceRole::SystemManager);
    let outside = EnrolmentForm { municipality: "となり市".into(), ..form(vec![nurse.clone()]) };
    assert_eq!(open_ask(&server, &submitting(&link, outside.clone())).await.code(), "involvement_missing");
    let said = EnrolmentForm { works_with: Some("こだま診療所".into()), ..outside.clone() };
    assert_eq!(open_ask(&server, &submitting(&link, said)).await.status, 200);
    assert!(case(&desk, &one).await.is_outside);
    let _: Done = desk
        .ask(&Command::WithdrawEnrolment(WhichEnrolment { enrolment: one.enrolment }))
        .await
        .expect("withdrawn");
    drop((running, desk));

    // Where the region asks for earlier ids, no answer is no application.
    server.under(&ids);
    let (running, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
    assert_eq!(running.refused(&look(&gone)).await.code, "no_affiliation");
    for command in [look(&email), propose(foreign, &email)] {
        assert_eq!(
            running.refused(&command).await.code,
            "office_not_admitted_in_region",
            "{}",
            command.name()
        );
    }
    let two = opening(region);
    let _: Done = desk.ask(&Command::OpenEnrolment(two.clone())).await.expect("opened");
    let link = mailed(&post, HEAD, "apply", 2).await.token().to_owned();
    let head = EnrolledPerson { is_head: true, ..admin("荻野", &email, GovernanceRole::PrivacyOfficer) };
    let outside = EnrolmentForm { people: vec![head.clone(), nurse], ..outside };
    let answered = |is_issued, by: Option<&str>| EnrolmentForm {
        earlier_id: Some(EarlierId { is_issued, by: by.map(str::to_owned) }),
        ..outside.clone()
    };
    for unanswered in [outside.clone(), answered(true, None)] {
        let refused = open_ask(&server, &submitting(&link, unanswered)).await.code();
        assert_eq!(refused, "prior_issue_unanswered");
    }
    let yes = answered(true, Some("となりの医師会"));
    assert_eq!(open_ask(&server, &submitting(&link, yes)).await.status, 200);
    assert_eq!(
        running.refused(&look(&email)).await.code,
        "office_not_admitted_in_region",
        "before acceptance"
    );
    let accounts = rows.number("SELECT COUNT(*) FROM accounts").await;
    let _: Done = desk.ask(&accepting(&two)).await.expect("accepted");
    assert_eq!(
        rows.number("SELECT COUNT(*) FROM accounts").await,
        accounts + 1,
        "no second account for anybody"
    );
    assert_eq!(
        running.refused(&look(&email)).await.code,
        "office_not_admitted_in_region",
        "she has not agreed yet"
    );

    // Her account stays hers: she joins with it, by her own consent, and holds what her office named her for.
    let outsider = {
        drop(outsider);
        server.person_anew("ogino@demo.example").await
    };
    let admission = WhichAdmission { admission: head.affiliation };
    let _: Done = outsider.ask(&Command::AcceptAdmission(admission)).await.expect("accepted");
    let now = server.person_anew("ogino@demo.example").await;
    let place = now.me.affiliations.iter().find(|place| place.id == head.affiliation).expect("her place");
    assert_eq!(place.office, Some(two.office));
    assert!([Role::OfficeHead, Role::OfficeAdmin].iter().all(|role| place.roles.contains(role)));
    let register = Command::RegisterStaff(newcomer(two.office, &email));
    assert_eq!(now.refused(&register).await.code, "email_in_use");
    let found: CandidateList = running.ask(&look(&email)).await.expect("a candidate");
    assert_eq!(found.candidates.len(), 1);
    let _: Done = running.ask(&propose(head.affiliation, &email)).await.expect("proposed");
    verifies(&server).await;
}

// clause("004§3(1)a", "004§3(2)", "003§3b", "004-form1-fields")
#[tokio::test]
async fn whoever_administers_pledges_first_and_every_paper_has_its_places() {
    let rules = with(FLOOR, "forms_new_office", "[\"admin_pledge\"]");
    let rules = with(&rules, "forms_admin_change", "[\"admin_pledge\"]");
    let rules = with(&rules, "enrolment_waiver", "\"site_visit\"");
    let post = PostOffice::open();
    let server = under(&rules, &post).await;
    let desk = server.person_anew("secretariat").await;
    let running = server.person_anew("office_admin").await;
    let region = region_of(&desk);
    let written = async |people: Vec<EnrolledPerson>| {
        let ask = opening(region);
        let _: Done = desk.ask(&Command::OpenEnrolment(ask.clone())).await.expect("opened");
        let write = WriteEnrolment { enrolment: ask.enrolment, form: form(people) };
        let _: Done = desk.ask(&Command::WriteEnrolment(write)).await.expect("written");
        ask
    };

    // Each admin's own pledge, its original at the desk and a copy in the office.
    let one = admin("一人目 管理者", "one@new.example", GovernanceRole::PrivacyOfficer);
    let two = admin("二人目 管理者", "two@new.example", GovernanceRole::SystemManager);
    let ask = written(vec![one.clone(), two.clone()]).await;
    let names = async || {
        let refused = desk.refused(&accepting(&ask)).await;
        assert_eq!(refused.code, "admin_pledge_missing");
        let said = format!("{refused:?}");
        [&one, &two].map(|person| said.contains(&person.name))
    };
    assert_eq!(names().await, [true, true]);
    let record = |of, copy| Command::RecordPaper(admin_pledge(ask.office, of, copy));
    let _: Done = desk.ask(&record(one.affiliation, None)).await.expect("the original came");
    assert_eq!(names().await, [true, true], "without a copy in the office");
    let _: Done = desk.ask(&record(one.affiliation, Some("2025-01-09"))).await.expect("and the copy");
    assert_eq!(names().await, [false, true]);
    assert_eq!(running.refused(&record(two.affiliation, None)).await.code, "not_found");
    assert_eq!(desk.refused(&record(AffiliationId(new_id()), None)).await.code, "not_found");
    for wrong in [
        RecordPaper { how: SignedHow::Electronic, ..admin_pledge(ask.office, two.affiliation, None) },
        RecordPaper { affiliation: None, ..admin_pledge(ask.office, two.affiliation, None) },
        RecordPaper {
            received_on: Some("2025-01-01".into()),
            ..admin_pledge(ask.office, two.affiliation, None)
        },
    ] {
        assert_eq!(desk.refused(&Command::RecordPaper(wrong)).await.code, "bad_field");
    }
    assert_eq!(names().await, [false, true]);
    let _: Done = desk.ask(&record(two.affiliation, Some("2025-01-09"))).await.expect("both");
    let kept = case(&desk, &ask).await.papers;
    assert!(kept.len() == 2 && kept.iter().all(|paper| paper.copy_kept_on.as_deref() == Some("2025-01-09")));
    let _: Done = desk.ask(&accepting(&ask)).await.expect("accepted");
    assert_eq!(case(&desk, &ask).await.papers, kept, "they stay written down");

    // A visit stands for the papers where everything about it is written down.
    let third = admin("三人目 管理者", "three@new.example", GovernanceRole::PrivacyOfficer);
    let ask = written(vec![third]).await;
    let went = |visit| Command::RecordVisit(RecordVisit { enrolment: ask.enrolment, visit });
    for lacking in [
        SiteVisit { visitor: " ".into(), ..visit() },
        SiteVisit { on: "きのう".into(), ..visit() },
        SiteVisit { consent_seen: false, ..visit() },
    ] {
        assert_eq!(desk.refused(&went(lacking)).await.code, "waiver_incomplete");
    }
    assert_eq!(running.refused(&went(visit())).await.code, "not_found");
    assert_eq!(desk.refused(&accepting(&ask)).await.code, "admin_pledge_missing");
    let _: Done = desk.ask(&went(visit())).await.expect("written down");
    let _: Done = desk.ask(&accepting(&ask)).await.expect("accepted");
    assert_eq!(case(&desk, &ask).await.visit, Some(visit()));
    assert_eq!(desk.refused(&went(visit())).await.code, "enrolment_not_open");

    // What comes to nothing stays so.
    let ask = written(vec![admin("四人目", "four@new.example", GovernanceRole::PrivacyOfficer)]).await;
    let which = WhichEnrolment { enrolment: ask.enrolment };
    assert_eq!(running.refused(&Command::WithdrawEnrolment(which)).await.code, "not_found");
    for _ in 0..2 {
        let _: Done = desk.ask(&Command::WithdrawEnrolment(which)).await.expect("withdrawn, once");
    }
    let link = mailed(&post, HEAD, "apply", 3).await.token().to_owned();
    assert_eq!(shown(&server, &link).await.err().as_deref(), Some("link_spent"));
    for command in [Command::SendEnrolmentLink(which), accepting(&ask)] {
        assert_eq!(desk.refused(&command).await.code, "enrolment_not_open", "{}", command.name());
    }

    // An admin who comes later waits for her pledge as well.
    let her = server.person_anew(NURSE).await;
    let offer = ProposeRole {
        appointment: AppointmentId(new_id()),
        affiliation: her.me.affiliations[0].id,
        role: Role::OfficeAdmin,
        explained: true,
        explained_on: Some("2025-01-06".into()),
        holds: Some(GovernanceRole::SystemManager),
    };
    let _: Done = running.ask(&Command::ProposeRole(offer.clone())).await.expect("offered");
    let accept = Command::AcceptRole(WhichAppointment { appointment: offer.appointment });
    let refused = her.refused(&accept).await;
    assert_eq!(refused.code, "admin_pledge_missing");
    assert!(format!("{refused:?}").contains(&her.me.name));
    let mine: AppointmentList = her.ask(&Command::MyAppointments(Nothing {})).await.expect("hers");
    assert_eq!(mine.appointments.len(), 1, "it waits");
    let office = office_of(&her.me);
    let pledge = Command::RecordPaper(admin_pledge(office, offer.affiliation, Some("2025-01-09")));
    let _: Done = desk.ask(&pledge).await.expect("written down");
    let _: Done = her.ask(&accept).await.expect("taken on");
    let now = server.person_anew(NURSE).await;
    assert!(now.me.affiliations[0].roles.contains(&Role::OfficeAdmin));
    verifies(&server).await;
}
