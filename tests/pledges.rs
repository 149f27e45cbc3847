//! The staff's pledges and trainings: no room opens before them, whoever gives or records them, and what a new version asks.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Folder, Person, PostOffice, Rows, Server, Setup, draft, new_id, promise};
use crate::mailing::notices;
use crate::staff::{comes_in, leaving, office_of};
use std::fs;
use std::time::Duration;
use tsumugi_protocol::{
    AcceptRoom, Addressee, AffiliationId, Code, Command, CreateFree, DeclareTraining, Done, GivePledge,
    MyPledges, Nothing, NoticeKind, OfficeId, OpenRoom, PledgeId, PledgeList, PledgeSeen, PledgeSheet,
    PledgeWay, RecordPledge, RecordTraining, RoomId, RoomMade, Task, Trainee, TrainingId, TrainingList,
    TrainingState, TrainingTopic, TrainingWay, WhichOffice, WhichRoom, WhichTraining,
};

const HER: &str = "hanako@new.example";
const ON: &str = "2025-10-01";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] =
    &[Code::PledgeMissing, Code::PledgeWaiverForbidden, Code::EmailMismatch, Code::TrainingMissing];

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let (office, affiliation) = (OfficeId(new_id()), AffiliationId(new_id()));
    let which = WhichTraining { training: TrainingId(new_id()) };
    vec![
        Command::MyPledges(Nothing {}),
        Command::GivePledge(GivePledge {
            pledge: PledgeId(new_id()),
            affiliation,
            version: "1".into(),
            agreed: 5,
        }),
        Command::RecordPledge(paper(affiliation)),
        Command::ListPledges(WhichOffice { office }),
        Command::RecordTraining(course(office, &[affiliation])),
        Command::DeclareTraining(video(affiliation)),
        Command::ConfirmTraining(which),
        Command::RejectTraining(which),
        Command::ListTrainings(WhichOffice { office }),
    ]
}

/// A server that sends mail and follows these rules; its clock can be turned.
pub async fn region(engine: Engine, office: &PostOffice, rules: &str) -> Server {
    let folder = Folder::new("server");
    let profile = folder.path().join("profile.toml");
    fs::write(&profile, rules).expect("a file");
    let environment = office.settings();
    let setup = Setup {
        clock: true,
        profile: Some(profile),
        environment,
        ..Setup::new(engine, folder.path(), true).await
    };
    Server::of(setup, folder)
}

fn place(of: &Person<'_>) -> AffiliationId {
    of.me.affiliations[0].id
}

/// A paper that says it, kept by the office.
pub fn paper(affiliation: AffiliationId) -> RecordPledge {
    RecordPledge {
        pledge: PledgeId(new_id()),
        affiliation,
        way: PledgeWay::Paper,
        on: ON.into(),
        original_with: "事業所の金庫".into(),
        copy_with: None,
        document: None,
        email: None,
    }
}

fn waived(affiliation: AffiliationId) -> RecordPledge {
    let document = Some("就業時の守秘義務誓約書".to_owned());
    RecordPledge { way: PledgeWay::Waived, document, ..paper(affiliation) }
}

async fn sheet(of: &Person<'_>) -> PledgeSheet {
    let mine: MyPledges = of.ask(&Command::MyPledges(Nothing {})).await.expect("her pledges");
    mine.sheets.into_iter().next().expect("a sheet")
}

/// Gives the pledge that waits, as a client does after every point was agreed to.
pub async fn pledges(who: &Person<'_>) {
    let ask = given(&sheet(who).await);
    let _: Done = who.ask(&Command::GivePledge(ask)).await.expect("given");
}

fn given(sheet: &PledgeSheet) -> GivePledge {
    GivePledge {
        pledge: PledgeId(new_id()),
        affiliation: sheet.affiliation,
        version: sheet.version.clone(),
        agreed: u32::try_from(sheet.points.len()).expect("few"),
    }
}

async fn list(who: &Person<'_>, office: OfficeId) -> PledgeList {
    who.ask(&Command::ListPledges(WhichOffice { office })).await.expect("the list")
}

fn row(list: &[PledgeSeen], place: AffiliationId) -> &PledgeSeen {
    list.iter().find(|seen| seen.affiliation == place).expect("her row")
}

async fn tasks(of: &Person<'_>) -> Vec<Task> {
    of.ask::<tsumugi_protocol::Me>(&Command::Me(Nothing {})).await.expect("herself").tasks
}

/// A group that the admin made and she is invited to.
async fn invited(server: &Server, admin: &Person<'_>, her: &Person<'_>) -> (RoomId, RoomId) {
    Rows::of(server).await.meet(her.me.account.0, admin.me.account.0).await;
    let met = her.rooms().await.rooms[0].id;
    let room = RoomId(new_id());
    let (title, aim) = ("新人".to_owned(), "引き継ぎ".to_owned());
    let make = CreateFree { room, title, aim, invite: vec![her.me.account], requires: Vec::new() };
    let _: RoomMade = admin.ask(&Command::CreateFree(make)).await.expect("made");
    (met, room)
}

fn joining(room: RoomId) -> Command {
    Command::Accept(AcceptRoom { room, takes_part: true })
}

fn opening(room: RoomId) -> Command {
    Command::OpenRoom(WhichRoom { room })
}

promise! {
    // clause("000§9a", "001§15a", "003§9a") clause("000-form3", "003-form3§1", "002-P1§1")
    async fn no_room_opens_before_the_pledge_is_given(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let foreign = server.person_anew("saito@demo.example").await;
        let ours = office_of(&admin.me);
        let her = comes_in(&server, &office, &admin, HER).await;
        assert!(her.me.tasks.contains(&Task::Pledge), "from her first sign-in on: {:?}", her.me.tasks);
        assert!(!admin.me.tasks.contains(&Task::Pledge), "who was there before is not asked");
        let (met, room) = invited(&server, &admin, &her).await;
        let mut hers = her.link().await;

        // Nothing of a room is shown, she joins none, makes none and hears none; only going is open.
        let said = draft(met, "誓約の前に書かれた");
        admin.post(&said).await.expect("a post");
        for command in [
            opening(met),
            Command::ListMembers(WhichRoom { room: met }),
            Command::Preview(draft(met, "書けない")),
            joining(room),
        ] {
            assert_eq!(her.refused(&command).await.code, "pledge_missing", "{}", command.name());
        }
        let card = her.card(met).await.expect("it is listed");
        assert!(card.last.is_none() && card.patient.is_none() && card.unread == 0, "{card:?}");
        assert!(her.rooms().await.patients.is_empty());

        // Given by herself alone, of the text in force, and of every point of it.
        let sheet = sheet(&her).await;
        assert!(sheet.is_due && sheet.points.len() >= 5 && !sheet.damages.is_empty(), "{sheet:?}");
        assert_eq!((sheet.to, sheet.affiliation), (Addressee::OfficeHead, place(&her)));
        let right = given(&sheet);
        for (who, ask, code) in [
            (&her, GivePledge { version: "0".into(), ..right.clone() }, "bad_field"),
            (&her, GivePledge { agreed: right.agreed - 1, ..right.clone() }, "bad_field"),
            (&admin, right.clone(), "not_found"),
            (&her, GivePledge { affiliation: place(&admin), ..right.clone() }, "not_found"),
        ] {
            assert_eq!(who.refused(&Command::GivePledge(ask)).await.code, code);
        }
        assert!(row(&list(&admin, ours).await.people, place(&her)).is_missing, "and nothing was written");
        // Here no other pledge stands for it, and nobody records her own.
        for (who, ask, code) in [
            (&admin, waived(place(&her)), "pledge_waiver_forbidden"),
            (&admin, paper(place(&admin)), "not_for_yourself"),
            (&her, paper(place(&her)), "office_admin_only"),
            (&foreign, paper(place(&her)), "other_office"),
            (&foreign, paper(AffiliationId(new_id())), "other_office"),
        ] {
            assert_eq!(who.refused(&Command::RecordPledge(ask)).await.code, code);
        }
        assert_eq!(her.refused(&opening(met)).await.code, "pledge_missing");

        let give = Command::GivePledge(right.clone());
        for _ in 0..2 {
            let _: Done = her.ask(&give).await.expect("given");
        }
        let again = GivePledge { pledge: PledgeId(new_id()), ..right };
        let _: Done = her.ask(&Command::GivePledge(again)).await.expect("nothing more to give");
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT COUNT(*) FROM pledges").await, 1);
        let done = rows.audit_of("pledges.give").await.into_iter().filter(|row| row.outcome == "done").count();
        assert_eq!(done, 1);
        let _: OpenRoom = her.ask(&opening(met)).await.expect("it opens");
        let _: RoomMade = her.ask(&joining(room)).await.expect("she joins");
        let heard = draft(met, "誓約の後に書かれた");
        admin.post(&heard).await.expect("a post");
        let told = hers.posted(heard.post).await;
        assert_eq!(told.id, heard.post, "her link hears its rooms from then on");
        assert!(!tasks(&her).await.contains(&Task::Pledge));

        // The office and the desk see who pledged and how; others do not. The duty outlives the place.
        for who in [&admin, &desk] {
            let list = list(who, ours).await;
            let seen = row(&list.people, place(&her));
            assert_eq!((seen.is_missing, seen.way), (false, Some(PledgeWay::Given)));
            assert!(seen.on.is_some() && seen.version.as_deref() == Some("1"));
            assert!(list.people.iter().all(|seen| !seen.is_missing) && list.left.is_empty());
        }
        let ask = Command::ListPledges(WhichOffice { office: ours });
        assert_eq!(foreign.refused(&ask).await.code, "other_office");
        assert_eq!(her.refused(&ask).await.code, "office_admin_only");
        let _: Done = admin.ask(&leaving(&her, "退職した")).await.expect("ended");
        let left = list(&admin, ours).await.left;
        assert_eq!(row(&left, place(&her)).way, Some(PledgeWay::Given));
        verifies(&server).await;
    }
}

// clause("000§9b", "001§15b", "003§9b") clause("004-form2-fields") clause("004§3(1)b")
#[tokio::test]
async fn papers_and_waivers_are_recorded_and_a_new_version_asks_everybody_anew() {
    let office = PostOffice::open();
    let rules = with(FLOOR, "staff_pledge_waiver", "true");
    let server = region(Engine::Sqlite, &office, &rules).await;
    let admin = server.person_anew("office_admin").await;
    let ours = office_of(&admin.me);
    let her = comes_in(&server, &office, &admin, HER).await;
    let (met, _) = invited(&server, &admin, &her).await;
    let right = waived(place(&her));
    let other = Some("someone@else.example".to_owned());
    for (ask, code) in [
        (RecordPledge { document: None, ..right.clone() }, "bad_field"),
        (RecordPledge { on: "2999-01-01".into(), ..right.clone() }, "bad_field"),
        (RecordPledge { original_with: " ".into(), ..right.clone() }, "bad_field"),
        (RecordPledge { way: PledgeWay::Given, ..right.clone() }, "bad_field"),
        (RecordPledge { email: other, ..right.clone() }, "email_mismatch"),
    ] {
        assert_eq!(admin.refused(&Command::RecordPledge(ask)).await.code, code);
    }
    assert_eq!(her.refused(&opening(met)).await.code, "pledge_missing", "nothing of that counted");
    let right = RecordPledge { email: Some("HANAKO@new.example".into()), ..right };
    for _ in 0..2 {
        let _: Done = admin.ask(&Command::RecordPledge(right.clone())).await.expect("recorded");
    }
    let differs = RecordPledge { way: PledgeWay::Paper, ..right.clone() };
    assert_eq!(admin.refused(&Command::RecordPledge(differs)).await.code, "id_taken");
    let _: OpenRoom = her.ask(&opening(met)).await.expect("it opens");
    let seen = list(&admin, ours).await;
    let seen = row(&seen.people, place(&her));
    assert_eq!((seen.way, seen.on.as_deref()), (Some(PledgeWay::Waived), Some(ON)));
    assert_eq!(seen.document.as_deref(), Some("就業時の守秘義務誓約書"));
    let mut rows = Rows::of(&server).await;
    let audit = rows.audit_of("pledges.record").await;
    let done: Vec<_> = audit.iter().filter(|row| row.outcome == "done").collect();
    assert_eq!((done.len(), done[0].account), (1, Some(admin.me.account.0)), "who confirmed it is known");
    assert!(!rows.dump().await.contains("守秘義務誓約書"), "what the paper is lies sealed");

    // Another version, to the association: administrators count as missing like everybody else.
    let anew = with(&with(&rules, "pledge_version", "\"2\""), "staff_pledge_to", "\"association\"");
    server.under(&anew);
    let admin = server.person_anew("office_admin").await;
    assert!(admin.me.tasks.contains(&Task::Pledge));
    let seen = list(&admin, ours).await;
    assert_eq!((seen.to, seen.version.as_str()), (Addressee::Association, "2"));
    assert!(seen.people.len() > 1 && seen.people.iter().all(|one| one.is_missing), "{:?}", seen.people);
    assert!(row(&seen.people, place(&admin)).is_missing);
    let hers = admin.rooms().await.rooms[0].id;
    assert_eq!(admin.refused(&opening(hers)).await.code, "pledge_missing");
    pledges(&admin).await;
    let _: OpenRoom = admin.ask(&opening(hers)).await.expect("it opens");
    assert!(row(&list(&admin, ours).await.people, place(&her)).is_missing, "each for herself");
    verifies(&server).await;
}

fn video(affiliation: AffiliationId) -> DeclareTraining {
    let title = "講習の動画 第2版".to_owned();
    DeclareTraining {
        training: TrainingId(new_id()),
        affiliation,
        title,
        way: TrainingWay::Video,
        on: ON.into(),
    }
}

fn course(office: OfficeId, attended: &[AffiliationId]) -> RecordTraining {
    RecordTraining {
        training: TrainingId(new_id()),
        office,
        title: "個人情報と端末の講習".into(),
        way: TrainingWay::Course,
        topics: vec![TrainingTopic::Privacy, TrainingTopic::Devices],
        on: ON.into(),
        attended: attended.to_vec(),
    }
}

async fn trainings(who: &Person<'_>, office: OfficeId) -> TrainingList {
    who.ask(&Command::ListTrainings(WhichOffice { office })).await.expect("trainings")
}

fn trainee(list: &TrainingList, place: AffiliationId) -> &Trainee {
    list.people.iter().find(|seen| seen.affiliation == place).expect("her row")
}

// clause("001§12-3")
// clause("000§9c", "001§15c", "003§9c", "002-4c", "002-4.2a") clause("000-form2§2(3)", "003-form2§2(3)", "004-form1§2(3)")
#[tokio::test]
async fn where_a_training_is_the_gate_no_room_opens_before_an_administrator_confirms_one() {
    let office = PostOffice::open();
    let rules = with(&with(FLOOR, "training_gate", "true"), "training_period", "1");
    let server = region(Engine::Sqlite, &office, &rules).await;
    let admin = server.person_anew("office_admin").await;
    let foreign = server.person_anew("saito@demo.example").await;
    let ours = office_of(&admin.me);
    let her = comes_in(&server, &office, &admin, HER).await;
    let (met, _) = invited(&server, &admin, &her).await;
    assert_eq!(her.refused(&opening(met)).await.code, "pledge_missing");
    pledges(&her).await;
    assert_eq!(her.refused(&opening(met)).await.code, "training_missing");
    assert!(tasks(&her).await.contains(&Task::Training));
    assert!(trainee(&trainings(&admin, ours).await, place(&her)).is_kept_out);

    // What she says of herself opens nothing, and only her office's administrator confirms it.
    let said = video(place(&her));
    let which = WhichTraining { training: said.training };
    for _ in 0..2 {
        let _: Done = her.ask(&Command::DeclareTraining(said.clone())).await.expect("said");
    }
    let told = notices(&admin).await.notices;
    assert_eq!(told.iter().filter(|one| one.kind == NoticeKind::TrainingDeclared).count(), 1);
    assert_eq!(her.refused(&opening(met)).await.code, "training_missing");
    for (who, code) in [(&her, "office_admin_only"), (&foreign, "other_office")] {
        assert_eq!(who.refused(&Command::ConfirmTraining(which)).await.code, code);
    }
    let elsewhere = DeclareTraining { affiliation: place(&admin), ..video(place(&her)) };
    assert_eq!(her.refused(&Command::DeclareTraining(elsewhere)).await.code, "not_found");
    let _: Done = admin.ask(&Command::RejectTraining(which)).await.expect("rejected");
    assert_eq!(admin.refused(&Command::ConfirmTraining(which)).await.code, "not_found");
    assert_eq!(
        her.refused(&opening(met)).await.code,
        "training_missing",
        "a rejected one counts for nothing"
    );
    let own = video(place(&admin));
    let _: Done = admin.ask(&Command::DeclareTraining(own.clone())).await.expect("said");
    let own = Command::ConfirmTraining(WhichTraining { training: own.training });
    assert_eq!(admin.refused(&own).await.code, "not_for_yourself");
    let second = video(place(&her));
    let _: Done = her.ask(&Command::DeclareTraining(second.clone())).await.expect("said");
    let confirm = Command::ConfirmTraining(WhichTraining { training: second.training });
    for _ in 0..2 {
        let _: Done = admin.ask(&confirm).await.expect("confirmed");
    }
    let _: OpenRoom = her.ask(&opening(met)).await.expect("it opens");

    // A course is recorded for whoever attended; of other offices nobody.
    let next = comes_in(&server, &office, &admin, "jiro@new.example").await;
    pledges(&next).await;
    let (met, _) = invited(&server, &admin, &next).await;
    let right = course(ours, &[place(&next), place(&admin)]);
    for (who, ask, code) in [
        (&admin, RecordTraining { topics: Vec::new(), ..right.clone() }, "bad_field"),
        (&admin, RecordTraining { attended: Vec::new(), ..right.clone() }, "bad_field"),
        (&admin, RecordTraining { on: "2999-01-01".into(), ..right.clone() }, "bad_field"),
        (
            &admin,
            RecordTraining { attended: vec![place(&next), place(&foreign)], ..right.clone() },
            "not_found",
        ),
        (&foreign, right.clone(), "other_office"),
        (&next, right.clone(), "office_admin_only"),
    ] {
        assert_eq!(who.refused(&Command::RecordTraining(ask)).await.code, code);
    }
    assert_eq!(next.refused(&opening(met)).await.code, "training_missing");
    let _: Done = admin.ask(&Command::RecordTraining(right.clone())).await.expect("recorded");
    let _: OpenRoom = next.ask(&opening(met)).await.expect("it opens");
    let seen = trainings(&admin, ours).await;
    let held = seen.trainings.iter().find(|one| one.training == right.training).expect("listed");
    assert_eq!((held.state, held.attended.len(), held.topics.len()), (TrainingState::Held, 2, 2));
    assert_eq!(trainee(&seen, place(&admin)).trained_on.as_deref(), Some(ON), "administrators attend too");
    assert!(trainee(&seen, place(&admin)).is_overdue, "that was more than a month ago");
    let nurse = server.person_anew("visiting_nurse").await;
    assert!(!nurse.me.tasks.contains(&Task::Training), "not yet");

    // Later it is due again: she and her administrator are told, and nobody is kept out by that.
    server.turn_clock(32 * DAY);
    let (admin, nurse) =
        (server.person_anew("office_admin").await, server.person_anew("visiting_nurse").await);
    assert!(nurse.me.tasks.contains(&Task::Training));
    let seen = trainings(&admin, ours).await;
    let hers = trainee(&seen, place(&nurse));
    assert!(hers.is_overdue && !hers.is_kept_out, "{hers:?}");
    let room = nurse.rooms().await.rooms[0].id;
    let _: OpenRoom = nurse.ask(&opening(room)).await.expect("it opens");
    verifies(&server).await;
}
