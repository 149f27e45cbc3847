//! What changes in an office's staff reaches the region's desk in the same act, and whole lists come in from a file.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, PostOffice, Rows, new_id, promise};
use crate::mailing::notices;
use crate::pledges::{pledges, region};
use crate::staff::{comes_in, leaving, newcomer, office_of, staff};
use std::time::Duration;
use tsumugi_protocol::{
    AskStaffChanges, ChangeProfile, Code, Command, Done, ImportMode, ImportOutcome, ImportRoster, NoticeKind,
    Occupation, OfficeId, RosterImported, StaffChange, StaffChangeId, StaffChangeKind, StaffChangeList,
    StaffForm, WhichStaffChange, limits,
};

const HER: &str = "hanako@new.example";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::RosterUnreadable, Code::RosterTooLong];

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    vec![
        Command::ListStaffChanges(AskStaffChanges::default()),
        Command::ProcessStaffChange(WhichStaffChange { change: StaffChangeId(new_id()) }),
        import(OfficeId(new_id()), "", ImportMode::DryRun),
    ]
}

async fn changes(who: &Person<'_>, office: Option<OfficeId>) -> Vec<StaffChange> {
    let ask = Command::ListStaffChanges(AskStaffChanges { office });
    who.ask::<StaffChangeList>(&ask).await.expect("the changes").changes
}

fn process(change: &StaffChange) -> Command {
    Command::ProcessStaffChange(WhichStaffChange { change: change.change })
}

async fn told(person: &Person<'_>) -> usize {
    let all = notices(person).await.notices;
    all.iter().filter(|one| one.kind == NoticeKind::StaffChanged).count()
}

promise! {
    // clause("001§12-2a", "001§12-2b", "001§14-2e") clause("004§3(3)") clause("004-form3※a")
    async fn no_change_of_staff_is_made_without_the_desk_being_told(engine: Engine) {
        let office = PostOffice::open();
        let rules = with(FLOOR, "forms_user_add", r#"["staff_pledge", "id_request", "change_notice"]"#);
        let rules = with(&rules, "forms_user_change", r#"["change_notice"]"#);
        let server = region(engine, &office, &rules).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let foreign = server.person_anew("saito@demo.example").await;
        let ours = office_of(&admin.me);
        assert!(changes(&desk, None).await.is_empty());

        // Only the office's own administrator adds; what is refused is told to nobody.
        let elsewhere = Command::RegisterStaff(newcomer(ours, HER));
        assert_eq!(foreign.refused(&elsewhere).await.code, "other_office");
        assert_eq!((changes(&desk, None).await.len(), told(&desk).await), (0, 0));
        let her = comes_in(&server, &office, &admin, HER).await;
        let seen = changes(&desk, None).await;
        assert_eq!((seen.len(), told(&desk).await), (1, 1));
        let added = &seen[0];
        assert_eq!((added.kind, added.office, added.processed_at), (StaffChangeKind::Added, ours, None));
        assert_eq!(added.after.as_ref().map(|card| card.account), Some(her.me.account));
        assert!(added.before.is_none());
        assert_eq!(added.forms, [StaffForm::StaffPledge, StaffForm::IdRequest, StaffForm::ChangeNotice]);
        assert_eq!(changes(&admin, Some(ours)).await.len(), 1, "her office sees how far it has come");

        // A request for an id waits for her pledge; only the desk deals with it.
        assert_eq!(desk.refused(&process(added)).await.code, "pledge_missing");
        for who in [&admin, &her, &foreign] {
            assert_eq!(who.refused(&process(added)).await.code, "not_found");
        }
        assert!(changes(&desk, None).await[0].processed_at.is_none(), "nothing of that counted");
        pledges(&her).await;
        for _ in 0..2 {
            let _: Done = desk.ask(&process(added)).await.expect("dealt with");
        }
        assert!(changes(&admin, Some(ours)).await[0].processed_at.is_some());
        let audit = Rows::of(&server).await.audit_of("staff_changes.process").await;
        assert_eq!(audit.iter().filter(|row| row.outcome == "done").count(), 1);

        // Another name, and leaving, with what was before and what is after.
        let renamed = ChangeProfile {
            affiliation: her.me.affiliations[0].id,
            name: "川田 花子".into(),
            kana: "かわだ はなこ".into(),
            occupation: Occupation::Nurse,
        };
        let _: Done = her.ask(&Command::ChangeProfile(renamed)).await.expect("renamed");
        assert_eq!(foreign.refused(&leaving(&her, "退職")).await.code, "other_office");
        let _: Done = admin.ask(&leaving(&her, "退職した")).await.expect("ended");
        let waiting: Vec<_> =
            changes(&desk, None).await.into_iter().filter(|one| one.processed_at.is_none()).collect();
        let [changed, left] = waiting.as_slice() else { panic!("{waiting:?}") };
        let name = |card: &Option<tsumugi_protocol::Card>| card.as_ref().map(|card| card.name.clone());
        assert_eq!(changed.kind, StaffChangeKind::Changed);
        assert_eq!(name(&changed.before).as_deref(), Some("山田 花子"));
        assert_eq!(name(&changed.after).as_deref(), Some("川田 花子"));
        assert_eq!((left.kind, name(&left.before)), (StaffChangeKind::Left, name(&changed.after)));
        assert!(left.after.is_none() && changed.forms == [StaffForm::ChangeNotice]);
        assert_eq!(told(&desk).await, 2, "that she left is told by the notice of its own kind");

        // What the desk leaves lying shows, to the day; and what is handed in is the region's to say.
        assert!(!left.is_overdue);
        server.turn_clock(14 * DAY);
        let desk = server.person_anew("secretariat").await;
        assert!(changes(&desk, None).await.iter().all(|one| one.is_overdue == one.processed_at.is_none()));
        server.under(&with(&rules, "forms_user_add", r#"["admin_pledge", "staff_pledge", "id_request"]"#));
        let admin = server.person_anew("office_admin").await;
        let _: Done = admin.ask(&Command::RegisterStaff(newcomer(ours, "jiro@new.example"))).await.expect("registered");
        let seen = changes(&admin, Some(ours)).await;
        let added = seen.iter().rfind(|one| one.processed_at.is_none()).expect("the latest that waits");
        assert_eq!(added.forms, [StaffForm::AdminPledge, StaffForm::StaffPledge, StaffForm::IdRequest]);
        assert_eq!(foreign_list(&server, ours).await, ["not_found", "other_office"]);
        verifies(&server).await;
    }
}

async fn foreign_list(server: &crate::harness::Server, office: OfficeId) -> [String; 2] {
    let foreign = server.person_anew("saito@demo.example").await;
    let all = foreign.refused(&Command::ListStaffChanges(AskStaffChanges::default())).await.code;
    let one = AskStaffChanges { office: Some(office) };
    [all, foreign.refused(&Command::ListStaffChanges(one)).await.code]
}

fn import(office: OfficeId, csv: &str, mode: ImportMode) -> Command {
    Command::ImportRoster(ImportRoster { office, csv: csv.to_owned(), mode })
}

async fn imported(who: &Person<'_>, office: OfficeId, csv: &str, mode: ImportMode) -> RosterImported {
    who.ask(&import(office, csv, mode)).await.expect("an answer")
}

const HEAD: &str = "氏名,ふりがな,職種,メールアドレス\n";

#[tokio::test]
async fn a_list_comes_in_whole_or_says_row_by_row_why_not() {
    use ImportOutcome::{Bad, New, Stands};
    let office = PostOffice::open();
    let server = region(Engine::Sqlite, &office, FLOOR).await;
    let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
    let foreign = server.person_anew("saito@demo.example").await;
    let ours = office_of(&admin.me);
    let taken = server.sheet("pharmacist").email.clone();
    let good = format!(
        "{HEAD}山田 花子,やまだ はなこ,看護師,a@new.example\n\"佐藤 次郎\",さとう じろう,nurse,b@new.example\n"
    );
    let bad = format!(
        "{good}高橋 三郎,たかはし さぶろう,船長,c@new.example\n伊藤 四郎,いとう しろう,看護師,nowhere\n\
         渡辺 五郎,わたなべ ごろう,看護師,A@new.example\n中村 六郎,なかむら ろくろう,看護師,{taken}\n\
         ,なまえなし,看護師,d@new.example\n"
    );
    let outcomes = |answer: &RosterImported| answer.rows.iter().map(|row| row.outcome).collect::<Vec<_>>();
    let people = staff(&admin).await.len();

    for (who, code) in
        [(&foreign, "other_office"), (&server.person_anew("visiting_nurse").await, "office_admin_only")]
    {
        assert_eq!(who.refused(&import(ours, &good, ImportMode::All)).await.code, code);
    }
    assert_eq!(
        admin.refused(&import(ours, "name,email\n", ImportMode::DryRun)).await.code,
        "roster_unreadable"
    );
    let long = HEAD.to_owned() + &"名,めい,看護師,x@new.example\n".repeat(limits::ROSTER_ROWS + 1);
    assert_eq!(admin.refused(&import(ours, &long, ImportMode::DryRun)).await.code, "roster_too_long");

    // Looking writes nothing; one bad row keeps all of them out; each is told by line, column and reason.
    let looked = imported(&admin, ours, &good, ImportMode::DryRun).await;
    assert_eq!((looked.is_written, outcomes(&looked)), (false, vec![New, New]));
    let refused = imported(&admin, ours, &bad, ImportMode::All).await;
    assert_eq!((refused.is_written, outcomes(&refused)), (false, vec![New, New, Bad, Bad, Bad, Bad, Bad]));
    let told: Vec<_> = refused.rows[2..]
        .iter()
        .map(|row| {
            (
                row.line,
                row.column.as_deref().unwrap_or_default(),
                row.refused.as_ref().map(|it| it.code.as_str()),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (4, "occupation", Some("bad_field")),
            (5, "email", Some("bad_field")),
            (6, "email", Some("email_in_use")),
            (7, "email", Some("email_in_use")),
            (8, "name", Some("display_name_office_only")),
        ]
    );
    assert_eq!(staff(&admin).await.len(), people, "nobody came in");

    // With the bad ones left out the others come in, each by a link of her own; sent again, nothing more happens.
    let done = imported(&admin, ours, &bad, ImportMode::SkipBad).await;
    assert!(done.is_written);
    let again = imported(&desk, ours, &good, ImportMode::All).await;
    assert_eq!(outcomes(&again), [Stands, Stands]);
    assert_eq!(staff(&admin).await.len(), people + 2);
    let mut rows = Rows::of(&server).await;
    assert_eq!(rows.number("SELECT COUNT(*) FROM mail_outbox WHERE kind = 'link'").await, 2);
    let registered = rows.audit_of("offices.register_staff").await;
    assert_eq!(registered.iter().filter(|row| row.outcome == "done").count(), 2);
    let lists = rows.audit_of("offices.import_roster").await;
    assert_eq!(lists.iter().filter(|row| row.outcome == "done").count(), 4, "looking is in the audit too");
    assert!(!format!("{lists:?}").contains("花子"));
    verifies(&server).await;
}
