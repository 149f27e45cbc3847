//! Patients' own accounts and what is kept of patients: who confirms, who is asked to, who corrects, and what is kept of it.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, PostOffice, Rows, Server, draft, new_id, promise};
use crate::mailing::{address_is_changed, notices};
use crate::profiles::{change, me};
use crate::verification::{card_in, shared_room};
use tsumugi_protocol::{
    AffiliationId, Code, Command, ConfirmAccount, Confirmation, ConfirmationId, ConfirmationMethod, Connect,
    CorrectPatient, Correction, CorrectionId, CorrectionList, Done, EndAffiliation, Event, Mark,
    NameCorrector, Nothing, NoticeKind, Patient, PatientId, PatientList, PatientSeen, RoomId, Task,
    WhichPatient, WithdrawConfirmation,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::StaffOnly, Code::NotSteward, Code::ConfirmationStands];

/// A patient with an account of her own.
const PATIENT: &str = "takeo@demo.example";
/// His wife, in a timeline of his.
const WIFE: &str = "kazuko@demo.example";
/// A nurse of another office than the steward's, in that timeline too.
const NURSE: &str = "takanashi@demo.example";
/// Staff of the steward office, in his timeline: the demo's physician is another one.
const STEWARDS: &str = "takahashi@demo.example";
/// Who runs the steward office; in no timeline of his.
const ADMIN: &str = "ogino@demo.example";

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let affiliation = AffiliationId(new_id());
    let patient = PatientId(new_id());
    vec![
        Command::ListPatients(Nothing {}),
        Command::ConfirmAccount(confirmation(affiliation)),
        withdraw(ConfirmationId(new_id()), "誤り"),
        Command::CorrectPatient(correction(&nobody(patient))),
        Command::ListCorrections(WhichPatient { patient }),
        naming(affiliation),
        releasing(affiliation),
    ]
}

fn confirmation(affiliation: AffiliationId) -> ConfirmAccount {
    ConfirmAccount {
        confirmation: ConfirmationId(new_id()),
        affiliation,
        method: ConfirmationMethod::InPerson,
        on: "2024-05-01".into(),
        note: Some("訪問時に保険証を見せてもらった".into()),
    }
}

fn withdraw(confirmation: ConfirmationId, reason: &str) -> Command {
    Command::WithdrawConfirmation(WithdrawConfirmation { confirmation, reason: reason.into() })
}

fn nobody(id: PatientId) -> Patient {
    let (name, kana) = ("三枝 竹男".to_owned(), "さえぐさ たけお".to_owned());
    Patient { id, name, kana, birth_date: "1948-09-14".into(), sex: "male".into() }
}

/// What is kept of a patient is to be this.
fn correction(patient: &Patient) -> CorrectPatient {
    CorrectPatient {
        correction: CorrectionId(new_id()),
        patient: patient.id,
        name: patient.name.clone(),
        kana: patient.kana.clone(),
        birth_date: patient.birth_date.clone(),
        sex: patient.sex.clone(),
        reason: "保険証の表記に合わせた".into(),
    }
}

fn naming(affiliation: AffiliationId) -> Command {
    Command::NameCorrector(NameCorrector { affiliation, reason: "受付の担当".into() })
}

fn releasing(affiliation: AffiliationId) -> Command {
    Command::ReleaseCorrector(NameCorrector { affiliation, reason: "担当の交代".into() })
}

fn place(who: &Person<'_>) -> AffiliationId {
    who.me.affiliations[0].id
}

async fn patients(who: &Person<'_>) -> PatientList {
    who.ask(&Command::ListPatients(Nothing {})).await.expect("patients")
}

/// The patient of that account, as somebody sees him.
async fn seen(who: &Person<'_>, account: &Person<'_>) -> Option<PatientSeen> {
    let list = patients(who).await.patients;
    list.into_iter().find(|seen| seen.accounts.iter().any(|own| own.affiliation == place(account)))
}

async fn stands(who: &Person<'_>, account: &Person<'_>) -> Option<Confirmation> {
    let accounts = seen(who, account).await.expect("she takes part").accounts;
    accounts.into_iter().find(|one| one.affiliation == place(account)).expect("the account").confirmation
}

async fn mark(who: &Person<'_>, of: &Person<'_>) -> Option<Mark> {
    let own = me(of).await.affiliations.swap_remove(0).card;
    let room = shared_room(who, of).await.expect("a room of both");
    assert_eq!(card_in(who, room, of).await, own, "the others see the same");
    own.mark
}

async fn is_told(who: &Person<'_>, kind: NoticeKind) -> bool {
    notices(who).await.notices.iter().any(|notice| notice.kind == kind)
}

async fn done(server: &Server, act: &str) -> usize {
    Rows::of(server).await.audit_of(act).await.iter().filter(|row| row.outcome == "done").count()
}

async fn confirmed(by: &Person<'_>, account: &Person<'_>) -> ConfirmationId {
    let ask = confirmation(place(account));
    let _: Done = by.ask(&Command::ConfirmAccount(ask.clone())).await.expect("confirmed");
    ask.confirmation
}

/// Somebody without a part in it gets the same for what is there as for what is not.
async fn is_hidden(who: &Person<'_>, there: &Command, nowhere: &Command) {
    let refused = who.refused(there).await;
    assert_eq!(refused, who.refused(nowhere).await);
    assert_eq!(refused.code, "not_found");
}

promise! {
    // clause("002-gl5")
    async fn staff_of_her_timeline_see_that_an_account_is_a_patients_own(engine: Engine) {
        let server = Server::start(engine).await;
        let (patient, wife) = (server.person_anew(PATIENT).await, server.person_anew(WIFE).await);
        let (nurse, physician) = (server.person_anew(NURSE).await, server.person_anew("physician").await);
        let room = shared_room(&nurse, &patient).await.expect("a timeline of his");
        let before = draft(room, "確認の前");
        patient.post(&before).await.expect("a post");

        // Who takes no part in the care learns nothing; patient and family are no staff.
        for stranger in ["visiting_nurse", "daughter", ADMIN] {
            let stranger = server.person_anew(stranger).await;
            let [there, nowhere] = [place(&patient), AffiliationId(new_id())].map(|at| Command::ConfirmAccount(confirmation(at)));
            is_hidden(&stranger, &there, &nowhere).await;
        }
        for own in [&patient, &wife] {
            assert_eq!(own.refused(&Command::ConfirmAccount(confirmation(place(&patient)))).await.code, "staff_only");
            assert_eq!(patients(own).await, PatientList { patients: Vec::new(), correctors: Vec::new() });
        }
        let ask = confirmation(place(&patient));
        for (wrong, field) in [
            (ConfirmAccount { on: "2024-02-30".into(), ..ask.clone() }, "on"),
            (ConfirmAccount { on: "9999-12-31".into(), ..ask.clone() }, "on"),
            (ConfirmAccount { method: ConfirmationMethod::Other, note: None, ..ask.clone() }, "note"),
        ] {
            let refused = nurse.refused(&Command::ConfirmAccount(wrong)).await;
            assert_eq!((refused.code.as_str(), refused.params["field"].as_str()), ("bad_field", field));
        }
        assert_eq!(stands(&nurse, &patient).await, None);
        assert_eq!(mark(&wife, &patient).await, None);

        // Method and date are kept, and others see a mark; a second record is not made.
        for _ in 0..2 {
            let _: Done = nurse.ask(&Command::ConfirmAccount(ask.clone())).await.expect("confirmed, once");
        }
        let other = ConfirmAccount { method: ConfirmationMethod::Phone, ..ask.clone() };
        assert_eq!(nurse.refused(&Command::ConfirmAccount(other)).await.code, "id_taken");
        let again = Command::ConfirmAccount(confirmation(place(&patient)));
        assert_eq!(physician.refused(&again).await.code, "confirmation_stands");
        let record = stands(&physician, &patient).await.expect("it stands");
        assert_eq!((record.method, record.on.as_str(), record.note.clone()), (ask.method, "2024-05-01", ask.note.clone()));
        assert_eq!(record.by.account, nurse.me.account);
        assert_eq!(mark(&wife, &patient).await, Some(Mark::Confirmed));
        assert!(is_told(&patient, NoticeKind::AccountConfirmed).await);
        let after = draft(room, "確認の後");
        patient.post(&after).await.expect("a post");
        let written = nurse.history(room).await;
        let marks = [before.post, after.post].map(|id| written.iter().find(|post| post.id == id).expect("his").author.mark);
        assert_eq!(marks, [None, Some(Mark::Confirmed)], "posts keep what he had");

        // A mistake is taken back with a reason, by staff who take part.
        let stranger = server.person_anew("visiting_nurse").await;
        is_hidden(&stranger, &withdraw(ask.confirmation, "誤り"), &withdraw(ConfirmationId(new_id()), "誤り")).await;
        assert_eq!(patient.refused(&withdraw(ask.confirmation, "誤り")).await.code, "staff_only");
        assert_eq!(physician.refused(&withdraw(ask.confirmation, " ")).await.code, "reason_missing");
        for _ in 0..2 {
            let _: Done = physician.ask(&withdraw(ask.confirmation, "別の方の保険証だった")).await.expect("taken back, once");
        }
        assert_eq!(mark(&wife, &patient).await, None);
        assert!(is_told(&patient, NoticeKind::ConfirmationEnded).await);
        for account in [&patient, &wife] {
            confirmed(&physician, account).await;
            assert_eq!(mark(&nurse, account).await, Some(Mark::Confirmed));
        }
        let acts = [done(&server, "patients.confirm_account").await, done(&server, "patients.withdraw_confirmation").await];
        assert_eq!(acts, [3, 1]);
        let mut rows = Rows::of(&server).await;
        let audit = format!("{:?}{}", rows.audit().await, rows.dump().await);
        assert!(!audit.contains("保険証"), "notes and reasons are sealed");
        verifies(&server).await;
    }
}

promise! {
    // clause("002-gl5")
    async fn another_name_or_address_takes_the_confirmation_away(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (patient, nurse) = (server.person_anew(PATIENT).await, server.person_anew(NURSE).await);
        let first = confirmed(&nurse, &patient).await;
        let kana = change(&patient, |ask| ask.kana = "よみだけ".into()).await;
        let _: Done = patient.ask(&kana).await.expect("changed");
        assert_eq!(mark(&nurse, &patient).await, Some(Mark::Confirmed), "how it is read is not what it is");
        let renamed = change(&patient, |ask| ask.name = "三枝 武".into()).await;
        let _: Done = patient.ask(&renamed).await.expect("changed");
        assert_eq!((mark(&nurse, &patient).await, stands(&nurse, &patient).await), (None, None));
        assert!(is_told(&patient, NoticeKind::ConfirmationEnded).await);
        let back = change(&patient, |ask| ask.name = "三枝 武雄".into()).await;
        let _: Done = patient.ask(&back).await.expect("changed");
        assert_eq!(mark(&nurse, &patient).await, None, "it does not come back by itself");

        let second = confirmed(&nurse, &patient).await;
        assert_eq!(stands(&nurse, &patient).await.map(|one| one.confirmation), Some(second));
        address_is_changed(&server, &office, &patient, "takeo@new.example").await;
        assert_eq!((mark(&nurse, &patient).await, stands(&nurse, &patient).await), (None, None));

        confirmed(&nurse, &patient).await;
        let mut rows = Rows::of(&server).await;
        let ended = rows.texts("SELECT ended_why FROM confirmations WHERE ended_at IS NOT NULL ORDER BY ended_at").await;
        assert_eq!(ended, ["renamed", "new_address"]);
        let _: Done = nurse.ask(&withdraw(first, "終わったもの")).await.expect("ended already, nothing changes");
        assert_eq!(mark(&nurse, &patient).await, Some(Mark::Confirmed));
        verifies(&server).await;
    }
}

promise! {
    // clause("002-2.1R3", "002-1.2(4)c")
    async fn the_stewards_staff_are_asked_to_confirm_a_patients_account(engine: Engine) {
        let server = Server::start_under(engine, FLOOR).await;
        let (patient, wife) = (server.person_anew(PATIENT).await, server.person_anew(WIFE).await);
        let is_asked = async |who: &str| {
            let who = server.person_anew(who).await;
            let listed = seen(&who, &patient).await.map(|seen| seen.accounts).unwrap_or_default();
            assert!(listed.iter().all(|one| one.affiliation == place(&patient) || !one.is_asked), "of nobody else");
            let asked = listed.iter().any(|one| one.is_asked);
            assert_eq!(who.me.tasks.contains(&Task::PatientConfirmation), asked, "the list says of what");
            asked
        };
        // The steward's, who care for him or run the office; nobody else.
        for who in ["physician", STEWARDS, ADMIN] {
            assert!(is_asked(who).await, "{who}");
        }
        for who in [NURSE, "visiting_nurse", "office_admin", "secretariat", PATIENT, WIFE] {
            assert!(!is_asked(who).await, "{who}");
        }
        assert!(!seen(&server.person_anew(ADMIN).await, &patient).await.expect("hers to correct").takes_part);
        assert!(!wife.me.tasks.contains(&Task::PatientConfirmation));

        confirmed(&server.person_anew(NURSE).await, &patient).await;
        for who in ["physician", STEWARDS, ADMIN] {
            assert!(!is_asked(who).await, "{who}: it is done");
        }

        // Where the region does not ask nobody is reminded, and it is recorded all the same.
        server.under(&with(FLOOR, "patient_confirmation", "\"off\""));
        let patient = server.person_anew(PATIENT).await;
        let physician = server.person_anew("physician").await;
        let stood = stands(&physician, &patient).await.expect("it stands").confirmation;
        let _: Done = physician.ask(&withdraw(stood, "やり直す")).await.expect("taken back");
        assert!(!me(&physician).await.tasks.contains(&Task::PatientConfirmation));
        assert!(!seen(&physician, &patient).await.expect("his").accounts.iter().any(|one| one.is_asked));

        // Where it must be, a patient joins no room without.
        server.under(&with(FLOOR, "patient_confirmation", "\"required\""));
        let (patient, physician) = (server.person_anew(PATIENT).await, server.person_anew("physician").await);
        let connect = Command::Connect(Connect { room: RoomId(new_id()), with: physician.me.account });
        let refused = patient.refused(&connect).await;
        assert_eq!((refused.code.as_str(), refused.params["missing"].as_str()), ("profile_incomplete", "confirmed"));
        confirmed(&physician, &patient).await;
        let _: tsumugi_protocol::RoomMade = patient.ask(&connect).await.expect("now he may");
    }
}

promise! {
    // clause("002-gl5")
    async fn the_stewards_admin_and_whom_she_names_correct_a_patient_and_both_versions_are_kept(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, patient) = (server.person_anew(ADMIN).await, server.person_anew(PATIENT).await);
        let (clerk, nurse) = (server.person_anew(STEWARDS).await, server.person_anew(NURSE).await);
        let shown = seen(&admin, &patient).await.expect("a patient of her office");
        assert!(shown.may_correct && !shown.takes_part);
        let was = shown.patient;
        let right = Patient { name: "三枝 竹雄".into(), birth_date: "1948-09-15".into(), ..was.clone() };
        let ask = correction(&right);
        let correct = Command::CorrectPatient(ask.clone());
        let listed = Command::ListCorrections(WhichPatient { patient: was.id });

        // Others who care for him learn who may; strangers learn nothing.
        for other in [&clerk, &nurse, &patient] {
            for command in [&correct, &listed] {
                assert_eq!(other.refused(command).await.code, "not_steward");
            }
        }
        let ghost = nobody(PatientId(new_id()));
        for stranger in ["visiting_nurse", "office_admin", "secretariat"] {
            let stranger = server.person_anew(stranger).await;
            is_hidden(&stranger, &correct, &Command::CorrectPatient(correction(&ghost))).await;
            is_hidden(&stranger, &listed, &Command::ListCorrections(WhichPatient { patient: ghost.id })).await;
        }
        for (wrong, field) in [
            (CorrectPatient { name: " ".into(), ..ask.clone() }, "name"),
            (CorrectPatient { birth_date: "1948-9-15".into(), ..ask.clone() }, "birth_date"),
            (CorrectPatient { birth_date: "9999-01-01".into(), ..ask.clone() }, "birth_date"),
            (CorrectPatient { sex: "m".into(), ..ask.clone() }, "sex"),
        ] {
            assert_eq!(admin.refused(&Command::CorrectPatient(wrong)).await.params["field"], field);
        }
        let blank = Command::CorrectPatient(CorrectPatient { reason: " ".into(), ..ask.clone() });
        assert_eq!(admin.refused(&blank).await.code, "reason_missing");
        let same = Command::CorrectPatient(correction(&was));
        let _: Done = admin.ask(&same).await.expect("as it is already");

        let mut hears = nurse.link().await;
        for _ in 0..2 {
            let _: Done = admin.ask(&correct).await.expect("corrected, once");
        }
        let room = shared_room(&nurse, &patient).await.expect("his timeline");
        hears.expect("that something is otherwise", |event| match event {
            Event::RoomAdded { room: at } if *at == room => Some(()),
            _ => None,
        })
        .await;
        assert!(nurse.rooms().await.patients.contains(&right), "everybody in his timelines sees it");
        let other = CorrectPatient { name: "三枝 松雄".into(), ..ask.clone() };
        assert_eq!(admin.refused(&Command::CorrectPatient(other)).await.code, "id_taken");
        assert_eq!(done(&server, "patients.correct").await, 1);

        // Staff are named by who runs the office, and released again.
        assert_eq!(nurse.refused(&naming(place(&clerk))).await.code, "office_admin_only");
        let foreign = server.person_anew("office_admin").await;
        for at in [place(&clerk), AffiliationId(new_id())] {
            assert_eq!(foreign.refused(&naming(at)).await.code, "other_office");
        }
        for _ in 0..2 {
            let _: Done = admin.ask(&naming(place(&clerk))).await.expect("named, once");
        }
        let named = patients(&admin).await.correctors;
        assert_eq!(named.len(), 1);
        assert_eq!(named[0].staff.iter().map(|one| one.affiliation).collect::<Vec<_>>(), [place(&clerk)]);
        assert!(patients(&clerk).await.correctors.is_empty());
        let second = Patient { kana: "さえぐさ たけを".into(), ..right.clone() };
        let _: Done = clerk.ask(&Command::CorrectPatient(correction(&second))).await.expect("named, she may");
        let list: CorrectionList = clerk.ask(&listed).await.expect("what was corrected");
        let steps: Vec<_> = list.corrections.iter().map(|one| (one.by.account, &one.before, &one.after)).collect();
        assert_eq!(steps, [(clerk.me.account, &right, &second), (admin.me.account, &was, &right)]);
        let Correction { reason, .. } = &list.corrections[0];
        assert_eq!(reason, "保険証の表記に合わせた");
        for _ in 0..2 {
            let _: Done = admin.ask(&releasing(place(&clerk))).await.expect("released, once");
        }
        assert_eq!(clerk.refused(&Command::CorrectPatient(correction(&right))).await.code, "not_steward");
        assert_eq!((done(&server, "patients.name_corrector").await, done(&server, "patients.release_corrector").await), (1, 1));

        // Whoever leaves the office corrects no more, and does not come back into it by coming back.
        let _: Done = admin.ask(&naming(place(&clerk))).await.expect("named");
        let leaving = EndAffiliation { affiliation: place(&clerk), reason: "退職".into() };
        let _: Done = admin.ask(&Command::EndAffiliation(leaving)).await.expect("she leaves");
        assert!(patients(&admin).await.correctors[0].staff.is_empty());
        assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM correctors").await, 0);

        let mut rows = Rows::of(&server).await;
        let audit = format!("{:?}{}", rows.audit().await, rows.dump().await);
        assert!(audit.contains("name,birth_date"), "which fields, and no more");
        for sealed in ["竹雄", "1948-09-15", "保険証"] {
            assert!(!audit.contains(sealed), "{sealed}");
        }
        verifies(&server).await;
    }
}
