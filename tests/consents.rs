//! What a patient consents to: nothing is shared before it, nobody obtains it who may not, and what is withdrawn is closed at once.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, draft, new_id, promise};
use crate::invitations::{approval, place, proposal, timeline};
use crate::profiles::picture;
use base64ct::{Base64, Encoding};
use image::ImageFormat;
use tsumugi_protocol::ConsentBasis::{ExistingContract, FromBefore, Implied, OwnForm, PreExistingUse};
use tsumugi_protocol::ConsentTask::{Evidence, OfficeCopy, PatientCopy, PhysicianCopy};
use tsumugi_protocol::{
    AffiliationId, AttachScan, Code, Command, CompleteConsent, ConsentBasis, ConsentCopy, ConsentDone,
    ConsentId, ConsentInstruction, ConsentList, ConsentSeen, ConsentSignatory, ConsentState, ConsentTemplate,
    ConsentWaiver, CopyHolder, Done, Event, Explainer, Objection, ObjectionEvidence, OpenRoom, PatientId,
    RecordConsent, RoomConsent, RoomId, RoomKind, ScanDocument, ScanId, SignatoryRole, WhichPatient,
    WhichRoom, WhichScan, WithdrawConsent, WithdrawalOf, limits,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::ConsentMissing,
    Code::ConsentExcludesSharing,
    Code::UseStopped,
    Code::ConsentObtainerNotEntitled,
    Code::PhysicianRequestMissing,
    Code::BasisNotAllowed,
    Code::WaiverIncomplete,
    Code::SignatoryMissing,
    Code::ExplainerMissing,
    Code::ProxyStatementMissing,
    Code::DateInvalid,
    Code::PatientRefused,
    Code::ObjectionEvidenceMissing,
    Code::ConsentEnded,
    Code::ScansFull,
];

/// A care manager of another office, in the timeline.
const OTHER: &str = "care_manager";
/// Who runs another office and takes no part.
const STRANGER: &str = "ogino@demo.example";

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let (patient, consent) = (PatientId(new_id()), ConsentId(new_id()));
    vec![
        Command::ShowConsentForms(WhichPatient { patient }),
        Command::ListConsents(WhichPatient { patient }),
        Command::RecordConsent(signed(patient, AffiliationId(new_id()))),
        complete(consent, ConsentDone::Copy(copy(CopyHolder::Office))),
        withdrawal(consent, WithdrawalOf::Whole, SignatoryRole::Family),
        attach(consent, ScanId(new_id()), String::new()),
        Command::ShowScan(WhichScan { scan: ScanId(new_id()) }),
    ]
}

fn signatory(role: SignatoryRole, name: &str) -> ConsentSignatory {
    ConsentSignatory {
        role,
        name: name.into(),
        address: "見本市花見町一丁目".into(),
        relation: None,
        sealed: true,
        will_confirmed: false,
    }
}

/// The floor's form, signed by the patient.
fn signed(patient: PatientId, obtained_by: AffiliationId) -> RecordConsent {
    RecordConsent {
        consent: ConsentId(new_id()),
        patient,
        basis: ConsentBasis::Form,
        form: "standard".into(),
        given_on: "2024-05-01".into(),
        obtained_by,
        signatories: vec![signatory(SignatoryRole::Patient, "菊池 春江")],
        explainer: None,
        objections: Vec::new(),
        waiver: None,
        instructed: None,
        copies: Vec::new(),
    }
}

fn contract() -> ConsentWaiver {
    ConsentWaiver {
        document: "訪問看護の契約書".into(),
        on: "2024-04-01".into(),
        clause: "第9条".into(),
        confirmed_by: "山崎".into(),
        covers_other_offices: true,
    }
}

fn copy(holder: CopyHolder) -> ConsentCopy {
    ConsentCopy { holder, on: "2024-05-02".into(), note: "鍵のかかる書庫".into() }
}

fn objection(item: &str, evidence: Option<ObjectionEvidence>) -> Objection {
    Objection { item: item.into(), wording: "同意しません".into(), evidence }
}

fn complete(consent: ConsentId, done: ConsentDone) -> Command {
    Command::CompleteConsent(CompleteConsent { consent, done })
}

fn withdrawal(consent: ConsentId, of: WithdrawalOf, by: SignatoryRole) -> Command {
    let (on, evidence) = ("2024-06-01".into(), "電話で申し出があった".into());
    Command::WithdrawConsent(WithdrawConsent { consent, of, by, on, evidence })
}

fn attach(consent: ConsentId, scan: ScanId, document: String) -> Command {
    Command::AttachScan(AttachScan { scan, consent, document })
}

fn own_place(who: &Person<'_>) -> AffiliationId {
    who.me.affiliations[0].id
}

async fn list(who: &Person<'_>, patient: PatientId) -> ConsentList {
    who.ask(&Command::ListConsents(WhichPatient { patient })).await.expect("the consents")
}

async fn seen(who: &Person<'_>, patient: PatientId, consent: ConsentId) -> ConsentSeen {
    let all = list(who, patient).await.consents;
    all.into_iter().find(|one| one.consent == consent).expect("this one")
}

async fn records(who: &Person<'_>, ask: &RecordConsent) {
    let _: Done = who.ask(&Command::RecordConsent(ask.clone())).await.expect("recorded");
}

async fn refuses(who: &Person<'_>, ask: RecordConsent, code: &str) {
    assert_eq!(who.refused(&Command::RecordConsent(ask)).await.code, code);
}

async fn done(who: &Person<'_>, command: &Command) {
    let _: Done = who.ask(command).await.unwrap_or_else(|refused| panic!("{}: {refused:?}", command.name()));
}

async fn opens(who: &Person<'_>, room: RoomId) -> Result<OpenRoom, String> {
    who.ask(&Command::OpenRoom(WhichRoom { room })).await.map_err(|refused| refused.code)
}

/// Takes away what was consented to before, as if a timeline had been opened without.
async fn without_consents(server: &Server) {
    Rows::of(server).await.run("DELETE FROM consents".to_owned()).await;
}

async fn stands(who: &Person<'_>, room: RoomId) -> Option<RoomConsent> {
    who.card(room).await.expect("her room").consent
}

/// The audit rows of an act that was done, by whom and about whom.
async fn traces(server: &Server, act: &str) -> Vec<(Option<uuid::Uuid>, Option<uuid::Uuid>)> {
    let rows = Rows::of(server).await.audit_of(act).await;
    rows.iter().filter(|row| row.outcome == "done").map(|row| (row.account, row.subject)).collect()
}

/// The same on another basis, which nobody signs.
fn waived(good: &RecordConsent, basis: ConsentBasis, waiver: Option<ConsentWaiver>) -> RecordConsent {
    RecordConsent { basis, waiver, signatories: Vec::new(), ..good.clone() }
}

/// What the region does not take for a consent.
async fn is_not_enough(nurse: &Person<'_>, other: &Person<'_>, good: &RecordConsent) {
    let waived = |basis, waiver| waived(good, basis, waiver);
    for (ask, code) in [
        (RecordConsent { obtained_by: own_place(other), ..good.clone() }, "consent_obtainer_not_entitled"),
        (RecordConsent { given_on: "2024-02-30".into(), ..good.clone() }, "date_invalid"),
        (RecordConsent { given_on: "9999-12-31".into(), ..good.clone() }, "date_invalid"),
        (RecordConsent { signatories: Vec::new(), ..good.clone() }, "signatory_missing"),
        (
            RecordConsent { signatories: vec![signatory(SignatoryRole::Family, " ")], ..good.clone() },
            "signatory_missing",
        ),
        (
            RecordConsent {
                signatories: vec![signatory(SignatoryRole::Proxy, "菊池 佳代")], ..good.clone()
            },
            "bad_field",
        ),
        (RecordConsent { form: "another".into(), ..good.clone() }, "bad_field"),
        (RecordConsent { objections: vec![objection("9", None)], ..good.clone() }, "bad_field"),
        (waived(Implied, Some(contract())), "basis_not_allowed"),
        (waived(PreExistingUse, Some(contract())), "basis_not_allowed"),
        (waived(FromBefore, Some(contract())), "basis_not_allowed"),
        (waived(OwnForm, None), "waiver_incomplete"),
        (waived(OwnForm, Some(ConsentWaiver { document: " ".into(), ..contract() })), "waiver_incomplete"),
        (waived(OwnForm, Some(ConsentWaiver { on: String::new(), ..contract() })), "waiver_incomplete"),
        (
            waived(ExistingContract, Some(ConsentWaiver { clause: String::new(), ..contract() })),
            "waiver_incomplete",
        ),
        (
            waived(ExistingContract, Some(ConsentWaiver { confirmed_by: String::new(), ..contract() })),
            "waiver_incomplete",
        ),
        (
            waived(ExistingContract, Some(ConsentWaiver { covers_other_offices: false, ..contract() })),
            "waiver_incomplete",
        ),
    ] {
        refuses(nurse, ask, code).await;
    }
}

promise! {
    // clause("000§6a", "000§6c", "003§6a", "003§6b", "002-5.1", "000-form4-fields")
    async fn nothing_is_written_and_nobody_comes_in_before_the_patient_consents(engine: Engine) {
        let rules = with(FLOOR, "consent_gate", "\"before_any_post\"");
        let rules = with(&rules, "consent_waivers", "[\"contract_naming_others\", \"own_form\"]");
        let server = Server::start_under(engine, &rules).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let card = timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
        let (room, patient) = (card.id, card.patient.expect("hers"));
        // What was there before counts as consented to.
        assert_eq!((card.consent, list(&nurse, patient).await.consents[0].basis), (None, FromBefore));
        let post = draft(room, "同意の前");
        let token = nurse.preview(&post).await.expect("a preview").token;
        let ask = proposal(room, place(&nurse, room, "グエン ティ ハー").await);
        done(&nurse, &Command::Propose(ask.clone())).await;

        without_consents(&server).await;
        assert_eq!(stands(&nurse, room).await, Some(RoomConsent::Missing));
        assert_eq!(nurse.preview(&post).await.expect_err("refused").code, "consent_missing");
        assert_eq!(nurse.send(&post, Some(&token)).await.expect_err("refused").code, "consent_missing");
        assert_eq!(admin.refused(&approval(ask.invitation)).await.code, "consent_missing");
        let second = proposal(room, place(&nurse, room, "星野 かおり").await);
        assert_eq!(nurse.refused(&Command::Propose(second)).await.code, "consent_missing");
        assert!(opens(&nurse, room).await.is_ok(), "it is read, and says what is missing");

        // Who may not, and what is not enough: nothing of it is kept.
        let good = signed(patient, own_place(&nurse));
        let other = server.person_anew(OTHER).await;
        let daughter = server.person_anew("daughter").await;
        let stranger = server.person_anew(STRANGER).await;
        refuses(&other, signed(patient, own_place(&nurse)), "not_steward").await;
        refuses(&daughter, good.clone(), "staff_only").await;
        for command in [Command::RecordConsent(good.clone()), Command::ListConsents(WhichPatient { patient })] {
            let nobody = PatientId(new_id());
            let nowhere = match &command {
                Command::RecordConsent(ask) => Command::RecordConsent(RecordConsent { patient: nobody, ..ask.clone() }),
                _ => Command::ListConsents(WhichPatient { patient: nobody }),
            };
            let there = stranger.refused(&command).await;
            assert_eq!((there.code.as_str(), &there), ("not_found", &stranger.refused(&nowhere).await));
        }
        is_not_enough(&nurse, &other, &good).await;
        assert!(list(&nurse, patient).await.consents.is_empty());
        assert_eq!(nurse.preview(&post).await.expect_err("refused").code, "consent_missing");

        // Signed, it opens the room on every screen.
        let mut link = nurse.link().await;
        for _ in 0..2 {
            records(&nurse, &good).await;
        }
        link.expect("that she consented", |event| {
            matches!(event, Event::ConsentChanged { room: at, consent: RoomConsent::InForce, .. } if *at == room).then_some(())
        })
        .await;
        refuses(&nurse, RecordConsent { given_on: "2024-05-02".into(), ..good.clone() }, "id_taken").await;
        assert_eq!(stands(&nurse, room).await, None);
        nurse.post(&post).await.expect("a post");
        done(&admin, &approval(ask.invitation)).await;

        // A contract, or the office's own form, stands for it where it says all it has to.
        for basis in [ExistingContract, OwnForm] {
            without_consents(&server).await;
            assert_eq!(nurse.preview(&draft(room, "また")).await.expect_err("refused").code, "consent_missing");
            let ask = RecordConsent { consent: ConsentId(new_id()), ..waived(&good, basis, Some(contract())) };
            records(&admin, &ask).await;
            nurse.post(&draft(room, "代わりになるもので")).await.expect("a post");
            let kept = seen(&admin, patient, ask.consent).await;
            assert_eq!((kept.basis, kept.details.expect("hers").waiver), (basis, Some(contract())));
        }
        let (by, about) = (Some(nurse.me.account.0), Some(patient.0));
        assert_eq!(traces(&server, "consents.record").await.iter().filter(|row| **row == (by, about)).count(), 1);
        let mut rows = Rows::of(&server).await;
        let whole = format!("{:?}{}", rows.audit().await, rows.dump().await);
        assert!(!whole.contains("花見町") && !whole.contains("契約書"), "names and papers are sealed");
        verifies(&server).await;
    }
}

// clause("004§5a", "003§6a")
#[tokio::test]
async fn what_stays_in_the_office_goes_on_and_both_sides_hold_a_copy() {
    let rules = with(FLOOR, "consent_copies", "[\"two_originals\"]");
    let server = Server::start_under(Engine::Sqlite, &rules).await;
    let nurse = server.person_anew("visiting_nurse").await;
    let admin = server.person_anew("office_admin").await;
    let card = timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
    let (room, patient) = (card.id, card.patient.expect("hers"));
    without_consents(&server).await;
    assert_eq!(stands(&nurse, room).await, Some(RoomConsent::Inside));
    nurse.post(&draft(room, "事業所の中で")).await.expect("what stays inside goes on");
    let inside = proposal(room, place(&nurse, room, "星野 かおり").await);
    let outside = proposal(room, place(&nurse, room, "グエン ティ ハー").await);
    for ask in [&inside, &outside] {
        done(&nurse, &Command::Propose(ask.clone())).await;
    }
    done(&admin, &approval(inside.invitation)).await;
    assert_eq!(
        admin.refused(&approval(outside.invitation)).await.code,
        "consent_missing",
        "the first from outside"
    );

    let ask = RecordConsent {
        objections: vec![objection("2-14", None), objection("6", Some(ObjectionEvidence::Seal))],
        ..signed(patient, own_place(&nurse))
    };
    records(&nurse, &ask).await;
    done(&admin, &approval(outside.invitation)).await;
    assert_eq!(
        opens(&nurse, room).await.expect("open").objected,
        ["2-14", "6"],
        "what she did not agree to is seen"
    );

    // What is open stays open until somebody says that it is done.
    let open = async || seen(&admin, patient, ask.consent).await.open;
    assert_eq!(open().await, [OfficeCopy, PatientCopy, Evidence]);
    let without = ConsentDone::Evidence(objection("2-14", None));
    assert_eq!(nurse.refused(&complete(ask.consent, without)).await.code, "objection_evidence_missing");
    let late = ConsentCopy { on: "9999-12-31".into(), ..copy(CopyHolder::Office) };
    assert_eq!(nurse.refused(&complete(ask.consent, ConsentDone::Copy(late))).await.code, "date_invalid");
    let other = server.person_anew(OTHER).await;
    let handed = complete(ask.consent, ConsentDone::Copy(copy(CopyHolder::Patient)));
    assert_eq!(other.refused(&handed).await.code, "not_steward");
    assert_eq!(open().await, [OfficeCopy, PatientCopy, Evidence], "the objection holds meanwhile");
    let shown = ConsentDone::Evidence(objection("2-14", Some(ObjectionEvidence::Witness)));
    for what in [ConsentDone::Copy(copy(CopyHolder::Office)), shown] {
        done(&nurse, &complete(ask.consent, what)).await;
    }
    assert_eq!(open().await, [PatientCopy]);
    for _ in 0..2 {
        done(&admin, &handed).await;
    }
    assert!(open().await.is_empty());
    assert_eq!(traces(&server, "consents.complete").await.len(), 3);

    // The paper is for those whose it is: others of the room see that there is one.
    let (theirs, own) = (seen(&other, patient, ask.consent).await, server.person_anew("daughter").await);
    assert!(theirs.details.is_none() && theirs.open.is_empty() && theirs.objected == ["2-14", "6"]);
    let details = seen(&own, patient, ask.consent).await.details.expect("her mother's");
    assert_eq!(details.signatories, ask.signatories);
    assert!(!list(&own, patient).await.may_record && list(&nurse, patient).await.may_record);
    let forms: ConsentTemplate =
        own.ask(&Command::ShowConsentForms(WhichPatient { patient })).await.expect("the forms");
    assert_eq!(forms.forms.iter().map(|form| form.items.len()).collect::<Vec<_>>(), [8, 3, 8, 8]);
    assert_eq!(forms.purposes.iter().map(|group| group.purposes.len()).collect::<Vec<_>>(), [9, 14, 2]);
    verifies(&server).await;
}

#[tokio::test]
async fn what_is_withdrawn_is_closed_on_every_screen_at_once() {
    let server = Server::start_under(Engine::Sqlite, FLOOR).await;
    let nurse = server.person_anew("visiting_nurse").await;
    let other = server.person_anew(OTHER).await;
    let daughter = server.person_anew("daughter").await;
    let card = timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
    let (room, patient) = (card.id, card.patient.expect("hers"));
    let family = timeline(&nurse, "春江", RoomKind::TimelineWithRecipient).await.id;
    nurse.post(&draft(room, "取り消しの前")).await.expect("a post");
    let ask = signed(patient, own_place(&nurse));
    records(&nurse, &ask).await;
    let whole = |by| withdrawal(ask.consent, WithdrawalOf::Whole, by);
    let stranger = server.person_anew(STRANGER).await;
    assert_eq!(stranger.refused(&whole(SignatoryRole::Family)).await.code, "not_found");
    assert_eq!(other.refused(&whole(SignatoryRole::Family)).await.code, "not_steward");
    assert_eq!(daughter.refused(&whole(SignatoryRole::Patient)).await.code, "staff_only");
    let (late, foreign) =
        (draft(room, "取り消しの後"), timeline(&nurse, "とめ", RoomKind::TimelineStaff).await.id);
    for wrong in [WithdrawalOf::Item("9".into()), WithdrawalOf::Room(foreign)] {
        assert_eq!(
            nurse.refused(&withdrawal(ask.consent, wrong, SignatoryRole::Family)).await.code,
            "bad_field"
        );
    }

    // One room is stopped: nobody reads or writes there, and the other one goes on.
    let mut link = other.link().await;
    done(&nurse, &withdrawal(ask.consent, WithdrawalOf::Room(family), SignatoryRole::Family)).await;
    assert_eq!(opens(&daughter, family).await.expect_err("closed"), "use_stopped");
    assert!(opens(&other, room).await.is_ok());

    // All of it is withdrawn: screens that are open hear it, and nothing of the room is shown any more.
    let token = other.preview(&late).await.expect("a preview").token;
    for _ in 0..2 {
        done(&nurse, &whole(SignatoryRole::Family)).await;
    }
    link.expect("that it is closed", |event| {
        matches!(event, Event::ConsentChanged { room: at, consent: RoomConsent::Withdrawn, .. } if *at == room).then_some(())
    })
    .await;
    for who in [&other, &nurse] {
        assert_eq!(opens(who, room).await.expect_err("closed"), "use_stopped");
        let card = who.card(room).await.expect("it is in her list");
        assert_eq!((card.consent, card.last, card.unread), (Some(RoomConsent::Withdrawn), None, 0));
    }
    assert_eq!(other.send(&late, Some(&token)).await.expect_err("refused").code, "use_stopped");
    assert_eq!(traces(&server, "consents.withdraw").await.len(), 2);
    let done_late = complete(ask.consent, ConsentDone::Copy(copy(CopyHolder::Office)));
    assert_eq!(nurse.refused(&done_late).await.code, "consent_ended");

    // A consent anew restores it, with all that was there, the stopped room too.
    let anew = signed(patient, own_place(&nurse));
    records(&nurse, &anew).await;
    other.post(&late).await.expect("it goes on");
    assert!(opens(&daughter, family).await.is_ok());
    assert_eq!(other.history(room).await.last().map(|post| post.id), Some(late.post));
    let states: Vec<ConsentState> =
        list(&nurse, patient).await.consents.iter().map(|one| one.state).collect();
    assert_eq!(states, [ConsentState::InForce, ConsentState::Withdrawn, ConsentState::Superseded]);

    // The item about sharing ends all of it (000-form4-7); another one is noted. Her own no outweighs her family's yes (c-32).
    let item = |item: &str, by| withdrawal(anew.consent, WithdrawalOf::Item(item.into()), by);
    done(&nurse, &item("2-3", SignatoryRole::Patient)).await;
    assert_eq!(opens(&other, room).await.expect("open").objected, ["2-3"]);
    done(&nurse, &item("7", SignatoryRole::Patient)).await;
    assert_eq!(opens(&other, room).await.expect_err("closed"), "consent_excludes_sharing");
    let by_family = RecordConsent {
        signatories: vec![signatory(SignatoryRole::Family, "菊池 佳代")],
        ..signed(patient, own_place(&nurse))
    };
    refuses(&nurse, by_family, "patient_refused").await;
    records(&nurse, &signed(patient, own_place(&nurse))).await;
    assert!(opens(&other, room).await.is_ok());
    verifies(&server).await;
}

// clause("001§16-1a", "001-guide§16a", "001-guide§16b", "001-guide§16c", "004-form4-fields", "003-form4-fields")
#[tokio::test]
async fn a_physician_obtains_it_or_whoever_she_asked_and_the_form_says_who_signed() {
    let rules = with(FLOOR, "consent_obtainer", "\"physician_or_instructed\"");
    let signs = "[\"patient\", \"family\", \"relation\", \"representative\", \"proxy_with_statement\", \"explainer\"]";
    let rules = with(&rules, "consent_signatories", signs);
    let rules = with(&rules, "consent_copies", "[\"office\", \"patient\", \"physician_if_instructed\"]");
    let server = Server::start_under(Engine::Sqlite, &rules).await;
    let (nurse, physician) =
        (server.person_anew("visiting_nurse").await, server.person_anew("physician").await);
    let other = server.person_anew(OTHER).await;
    let card = timeline(&nurse, "春江", RoomKind::TimelineStaff).await;
    let patient = card.patient.expect("hers");
    let explainer = Some(Explainer { name: "水上 亮".into(), office: "さらさ訪問看護".into() });
    let by =
        |who: &Person<'_>| RecordConsent { explainer: explainer.clone(), ..signed(patient, own_place(who)) };
    let asked = |by: &Person<'_>, how: &str| {
        Some(ConsentInstruction { by: own_place(by), on: "2024-04-30".into(), how: how.into() })
    };
    for (ask, code) in [
        (by(&nurse), "consent_obtainer_not_entitled"),
        (
            RecordConsent { instructed: asked(&other, "電話で"), ..by(&nurse) },
            "consent_obtainer_not_entitled",
        ),
        (RecordConsent { instructed: asked(&physician, " "), ..by(&nurse) }, "physician_request_missing"),
        (RecordConsent { explainer: None, ..by(&physician) }, "explainer_missing"),
    ] {
        refuses(&nurse, ask, code).await;
    }
    // Who signs in her stead says how she is related and that her will was confirmed; of the family two may, of proxies one.
    let family = |name: &str| ConsentSignatory {
        relation: Some("長女".into()),
        ..signatory(SignatoryRole::Family, name)
    };
    let proxy = ConsentSignatory { role: SignatoryRole::Proxy, will_confirmed: true, ..family("菊池 守") };
    let with_signatories =
        |signatories: Vec<ConsentSignatory>| RecordConsent { signatories, ..by(&physician) };
    for (signatories, code) in [
        (vec![ConsentSignatory { will_confirmed: false, ..proxy.clone() }], "proxy_statement_missing"),
        (vec![ConsentSignatory { relation: None, ..proxy.clone() }], "proxy_statement_missing"),
        (vec![signatory(SignatoryRole::Family, "菊池 佳代")], "bad_field"),
        (vec![family("一"), family("二"), family("三")], "bad_field"),
        (vec![proxy.clone(), proxy.clone()], "bad_field"),
        (Vec::new(), "signatory_missing"),
    ] {
        refuses(&physician, with_signatories(signatories), code).await;
    }
    assert_eq!(list(&nurse, patient).await.consents.len(), 1, "what was there before, and nothing else");
    let all = with_signatories(vec![family("菊池 佳代"), family("菊池 恵"), proxy]);
    records(&physician, &all).await;
    let kept = seen(&nurse, patient, all.consent).await.details.expect("the steward's");
    assert_eq!((kept.signatories, kept.explainer), (all.signatories, explainer.clone()));
    assert_eq!(kept.obtained_by.expect("who").account, physician.me.account);
    records(&physician, &with_signatories(vec![signatory(SignatoryRole::Representative, "後見人")])).await;

    // On her request somebody else does, and she confirms her copy herself.
    let ask = RecordConsent { instructed: asked(&physician, "往診のとき口頭で"), ..by(&nurse) };
    records(&nurse, &ask).await;
    assert_eq!(seen(&nurse, patient, ask.consent).await.open, [OfficeCopy, PatientCopy, PhysicianCopy]);
    let hers = complete(ask.consent, ConsentDone::Copy(copy(CopyHolder::Physician)));
    assert_eq!(nurse.refused(&hers).await.code, "consent_obtainer_not_entitled");
    done(&physician, &hers).await;
    assert_eq!(seen(&nurse, patient, ask.consent).await.open, [OfficeCopy, PatientCopy]);
    verifies(&server).await;
}

#[tokio::test]
async fn a_scan_of_the_paper_is_sealed_and_every_look_at_it_is_in_the_audit() {
    let server = Server::start_under(Engine::Sqlite, FLOOR).await;
    let (nurse, other) = (server.person_anew("visiting_nurse").await, server.person_anew(OTHER).await);
    let patient = timeline(&nurse, "春江", RoomKind::TimelineStaff).await.patient.expect("hers");
    let ask = signed(patient, own_place(&nurse));
    records(&nurse, &ask).await;
    let (picture_id, pdf_id) = (ScanId(new_id()), ScanId(new_id()));
    let picture = Base64::encode_string(&picture(600, 400, ImageFormat::Png));
    let pdf = |fill: usize| Base64::encode_string(&[b"%PDF-1.7 same".as_slice(), &vec![b' '; fill]].concat());
    for (document, code) in [
        (Base64::encode_string(b"<svg/>"), "photo_not_readable"),
        (format!("{}!", &pdf(3)[..12]), "photo_not_readable"),
        (pdf(limits::DOCUMENT_BYTES), "too_large"),
    ] {
        let scan = attach(ask.consent, ScanId(new_id()), document);
        assert_eq!(nurse.refused(&scan).await.code, code);
    }
    assert_eq!(other.refused(&attach(ask.consent, ScanId(new_id()), pdf(2))).await.code, "not_steward");
    for (scan, document) in [(picture_id, picture), (pdf_id, pdf(2))] {
        for _ in 0..2 {
            done(&nurse, &attach(ask.consent, scan, document.clone())).await;
        }
    }
    let held = seen(&nurse, patient, ask.consent).await.details.expect("hers").scans;
    let media: Vec<&str> = held.iter().map(|scan| scan.media.as_str()).collect();
    assert_eq!(media, ["image/jpeg", "application/pdf"], "each once");

    let look = |scan| Command::ShowScan(WhichScan { scan });
    let daughter = server.person_anew("daughter").await;
    for who in [&nurse, &daughter] {
        let shown: ScanDocument = who.ask(&look(pdf_id)).await.expect("the paper");
        assert_eq!((shown.media.as_str(), shown.document), ("application/pdf", pdf(2)));
    }
    let shown: ScanDocument = nurse.ask(&look(picture_id)).await.expect("the paper");
    let drawn = Base64::decode_vec(&shown.document).expect("base64");
    assert_eq!(image::guess_format(&drawn).expect("a picture"), ImageFormat::Jpeg, "drawn anew");
    let stranger = server.person_anew(STRANGER).await;
    for who in [&other, &stranger] {
        assert_eq!(who.refused(&look(pdf_id)).await, who.refused(&look(ScanId(new_id()))).await);
    }
    let [by_nurse, by_daughter] = [&nurse, &daughter].map(|who| (Some(who.me.account.0), Some(patient.0)));
    assert_eq!(traces(&server, "consents.scan").await, [by_nurse, by_daughter, by_nurse]);
    assert_eq!(traces(&server, "consents.attach").await, [by_nurse, by_nurse]);

    for n in 2..limits::SCANS {
        done(&nurse, &attach(ask.consent, ScanId(new_id()), pdf(usize::try_from(n).expect("few")))).await;
    }
    assert_eq!(nurse.refused(&attach(ask.consent, ScanId(new_id()), pdf(1))).await.code, "scans_full");
    verifies(&server).await;
}
