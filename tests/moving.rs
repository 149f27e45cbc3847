//! Somebody moves to another office: one account, asked for by the new office, and nothing without her consent.

use crate::audit::verifies;
use crate::devices::FLOOR;
use crate::harness::{Engine, Person, PostOffice, Rows, Server, draft, new_id, promise};
use crate::mailing::{is_discreet, notices, told_to};
use crate::staff::{leaving, newcomer, office_of, staff};
use std::collections::BTreeSet;
use std::time::Duration;
use tsumugi_protocol::{
    AdmissionList, AdmissionSeen, AdmitStaff, AffiliationId, Command, Done, Nothing, NoticeKind, Occupation,
    OfficeId, WhichAdmission, WhichRoom,
};

const NURSE: &str = "mizukami@demo.example";

/// The commands of this file.
pub fn commands() -> Vec<Command> {
    let which = WhichAdmission { admission: AffiliationId(new_id()) };
    vec![
        Command::Admit(asking(OfficeId(new_id()), "hanako@new.example")),
        Command::ListAdmissions(Nothing {}),
        Command::AcceptAdmission(which),
        Command::DeclineAdmission(which),
    ]
}

fn asking(office: OfficeId, email: &str) -> AdmitStaff {
    AdmitStaff {
        office,
        affiliation: AffiliationId(new_id()),
        name: "水上 亮子".into(),
        kana: "みずかみ りょうこ".into(),
        occupation: Occupation::CareManager,
        email: email.into(),
    }
}

async fn admissions(of: &Person<'_>) -> Vec<AdmissionSeen> {
    of.ask::<AdmissionList>(&Command::ListAdmissions(Nothing {})).await.expect("admissions").admissions
}

fn accept(admission: AffiliationId) -> Command {
    Command::AcceptAdmission(WhichAdmission { admission })
}

fn decline(admission: AffiliationId) -> Command {
    Command::DeclineAdmission(WhichAdmission { admission })
}

promise! {
    // clause("002-2.1S2", "002-2.1S3", "003-note(3)m")
    async fn who_moves_keeps_her_account_and_gets_nothing_of_what_she_had(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (old, her) = (server.person_anew("office_admin").await, server.person_anew(NURSE).await);
        let (new, desk) = (server.person_anew("saito@demo.example").await, server.person_anew("secretariat").await);
        let second = server.person_anew("watanabe@demo.example").await;
        Rows::of(&server).await.make_admin(second.me.affiliations[0].id.0).await;
        let account = her.me.account;
        let rooms: Vec<_> = her.rooms().await.rooms.into_iter().map(|card| card.id).collect();
        assert!(rooms.len() > 1 && office_of(&old.me) != office_of(&new.me));

        // The old office ends her place; its other admin and the desk are told.
        let _: Done = old.ask(&leaving(&her, "四月から別の事業所")).await.expect("ended");
        for who in [&desk, &second] {
            assert_eq!(notices(who).await.notices[0].kind, NoticeKind::Retired);
        }

        // The new office makes no second account: it asks her.
        let count = "SELECT COUNT(*) FROM accounts";
        let before = Rows::of(&server).await.number(count).await;
        let refused = new.refused(&Command::RegisterStaff(newcomer(office_of(&new.me), NURSE))).await;
        assert!(refused.code == "email_in_use" && refused.next.contains("依頼"), "{}", refused.next);
        let ask = asking(office_of(&new.me), " Ｍizukami@Demo.example");
        let _: Done = new.ask(&Command::Admit(ask.clone())).await.expect("asked");
        let _: Done = new.ask(&Command::Admit(ask.clone())).await.expect("a retry");
        let _: Done = new.ask(&Command::Admit(asking(ask.office, NURSE))).await.expect("pressing does not help");
        assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM admissions").await, 1);
        assert_eq!(Rows::of(&server).await.number(count).await, before);
        is_discreet(&server, &told_to(&office, NURSE, "所属の依頼").await);

        // She sees who asks, under which name and as what; until she says yes nothing is changed.
        let back = server.person_anew(NURSE).await;
        let seen = admissions(&back).await;
        assert_eq!(seen.len(), 1);
        let shown = (seen[0].admission, seen[0].office.as_str(), seen[0].asked_by.as_str(), seen[0].name.as_str());
        let theirs = new.me.affiliations[0].card.office.as_deref().expect("its name");
        assert_eq!(shown, (ask.affiliation, theirs, new.me.name.as_str(), "水上 亮子"));
        assert_eq!((seen[0].kana.as_str(), seen[0].occupation), ("みずかみ りょうこ", Occupation::CareManager));
        assert!(back.me.affiliations.is_empty());
        assert!(staff(&new).await.iter().all(|seen| seen.card.account != account));
        for stranger in [&new, &old, &desk] {
            assert!(admissions(stranger).await.is_empty());
            assert_eq!(stranger.refused(&accept(ask.affiliation)).await.code, "not_found");
            assert_eq!(stranger.refused(&decline(ask.affiliation)).await.code, "not_found");
        }
        assert_eq!(back.refused(&accept(AffiliationId(new_id()))).await.code, "not_found");

        let _: Done = back.ask(&accept(ask.affiliation)).await.expect("accepted");
        assert!(!back.is_signed_in().await, "she comes in anew, under the rules of both");
        let her = server.person_anew(NURSE).await;
        assert_eq!(her.me.account, account, "the account she had");
        let place = &her.me.affiliations[0];
        assert_eq!((her.me.affiliations.len(), place.id, place.office), (1, ask.affiliation, Some(ask.office)));
        assert_eq!((place.card.name.as_str(), place.card.occupation), ("水上 亮子", Occupation::CareManager));
        assert!(place.roles.is_empty() && her.rooms().await.rooms.is_empty());
        for room in rooms {
            assert_eq!(her.refused(&Command::OpenRoom(WhichRoom { room })).await.code, "not_found");
            assert_eq!(her.preview(&draft(room, "前の職場")).await.expect_err("refused").code, "not_found");
        }
        assert_eq!(staff(&new).await.iter().filter(|seen| seen.card.account == account).count(), 1);
        assert!(staff(&old).await.iter().all(|seen| seen.card.account != account));
        let set = tsumugi_protocol::SetState {
            account,
            state: tsumugi_protocol::AccountState::Suspended,
            reason: "理由".into(),
        };
        assert_eq!(old.refused(&Command::SetState(set)).await.code, "other_office", "she is another office's now");
        for who in [&new, &desk] {
            // What the story tried without being let is told as well.
            let mut told = notices(who).await.notices.into_iter().map(|notice| notice.kind);
            assert_eq!(told.find(|kind| *kind != NoticeKind::PrivilegeAttempts), Some(NoticeKind::AdmissionAccepted));
        }
        // Again: nothing more happens, and it is no longer to be declined.
        let _: Done = her.ask(&accept(ask.affiliation)).await.expect("the same answer");
        assert_eq!(her.refused(&decline(ask.affiliation)).await.code, "not_found");
        let mut rows = Rows::of(&server).await;
        let done: Vec<_> =
            rows.audit_of("accounts.accept_admission").await.into_iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(done.iter().map(|row| (row.account, row.subject)).collect::<Vec<_>>(), [(Some(account.0), Some(account.0))]);
        assert!(!format!("{:?}", rows.audit().await).contains("水上"));

        // Nobody needs the account any more? Her new admin is shown it after ninety days.
        server.turn_clock(Duration::from_secs(90 * 24 * 60 * 60));
        let new = server.person_anew("saito@demo.example").await;
        let seen = staff(&new).await.into_iter().find(|seen| seen.card.account == account).expect("her row");
        assert!(seen.unused_since.is_some(), "{seen:?}");
        verifies(&server).await;
    }
}

promise! {
    // clause("002-2.1S2")
    async fn whom_an_address_belongs_to_is_not_told_and_nobody_is_made_to_come(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, new) = (server.person_anew("office_admin").await, server.person_anew("saito@demo.example").await);
        let physician = server.person_anew("physician").await;
        let (mine, base) = (office_of(&new.me), |email: &str| asking(office_of(&new.me), email));
        let name = new.me.affiliations[0].card.office.clone().expect("its name");
        for (who, ask, code) in [
            (&admin, base(NURSE), "other_office"),
            (&admin, asking(OfficeId(new_id()), NURSE), "other_office"),
            (&physician, base(NURSE), "office_admin_only"),
            (&new, AdmitStaff { name, ..base(NURSE) }, "display_name_office_only"),
            (&new, AdmitStaff { name: "水上／よそ".into(), ..base(NURSE) }, "display_name_format"),
            (&new, AdmitStaff { email: "mizukami".into(), ..base(NURSE) }, "bad_field"),
            (&new, AdmitStaff { occupation: Occupation::Family, ..base(NURSE) }, "bad_field"),
            (&new, AdmitStaff { affiliation: physician.me.affiliations[0].id, ..base(NURSE) }, "id_taken"),
        ] {
            assert_eq!(who.refused(&Command::Admit(ask)).await.code, code);
        }
        // Of an address that is nobody's, a family's, one's own colleague's or another office's: the same answer.
        let daughter = server.sheet("daughter").email.clone();
        let mut answers = BTreeSet::new();
        for email in ["nobody@demo.example", &daughter, "otsuki@demo.example", NURSE] {
            let answer: serde_json::Value = new.ask(&Command::Admit(base(email))).await.expect("the same");
            answers.insert(answer.to_string());
        }
        assert_eq!(answers.len(), 1, "{answers:?}");
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT COUNT(*) FROM admissions").await, 1, "only who can be asked is asked");

        // She may say no; whoever asked is told, and may ask again another day.
        let her = server.person_anew(NURSE).await;
        let seen = admissions(&her).await.remove(0);
        let _: Done = her.ask(&decline(seen.admission)).await.expect("declined");
        let _: Done = her.ask(&decline(seen.admission)).await.expect("the same answer");
        assert!(her.is_signed_in().await && admissions(&her).await.is_empty());
        assert_eq!(her.refused(&accept(seen.admission)).await.code, "not_found");
        let told = notices(&new).await.notices;
        assert_eq!(told.iter().filter(|notice| notice.kind == NoticeKind::AdmissionDeclined).count(), 1);
        let _: Done = new.ask(&Command::Admit(base(NURSE))).await.expect("at once");
        assert!(admissions(&her).await.is_empty(), "she is left in peace for a day");
        server.turn_clock(Duration::from_secs(24 * 60 * 60));
        let new = server.person_anew("saito@demo.example").await;
        let again = asking(mine, NURSE);
        let _: Done = new.ask(&Command::Admit(again.clone())).await.expect("the next day");

        // An answer counts for two weeks.
        server.turn_clock(Duration::from_secs(14 * 24 * 60 * 60));
        let her = server.person_anew(NURSE).await;
        assert!(admissions(&her).await.is_empty());
        assert_eq!(her.refused(&accept(again.affiliation)).await.code, "not_found");
        assert_eq!(her.me.affiliations.len(), 1, "where she was");
        let declined = rows.audit_of("accounts.decline_admission").await;
        assert_eq!(declined.iter().filter(|row| row.outcome == "done").count(), 1);
        let asked = rows.audit_of("offices.admit").await;
        assert!(asked.iter().filter(|row| row.outcome == "done").count() >= 2, "whoever it is, each try is written down");
        verifies(&server).await;
    }
}

/// Rules of a region none of whose passwords would do in the demo's: long ones are too short there, short ones too long.
fn elsewhere() -> String {
    let rules = FLOOR.replace("key = \"vendor-floor\"", "key = \"elsewhere\"");
    let (before, kinds) = rules.split_once("[[passwords.kinds]]").expect("kinds");
    let kinds = kinds
        .replace("least = 8\nmost = 12", "least = 14\nmost = 20")
        .replace("least = 13", "least = 8\nmost = 12");
    format!("{before}[[passwords.kinds]]{kinds}")
}

promise! {
    /// Whoever belongs to both regions could have no password at all: she is told so and stays where she is.
    async fn nobody_is_locked_out_between_the_passwords_of_two_regions(engine: Engine) {
        let server = Server::start_under(engine, &elsewhere()).await;
        let (old, new) = (server.person_anew("office_admin").await, server.person_anew("saito@demo.example").await);
        let her = server.person_anew(NURSE).await;
        let mut rows = Rows::of(&server).await;
        rows.move_away(office_of(&new.me).0).await;
        let alone = "SELECT region FROM offices GROUP BY region HAVING COUNT(*) = 1";
        rows.run(format!("UPDATE regions SET profile = 'elsewhere' WHERE id IN ({alone})")).await;
        let ask = asking(office_of(&new.me), NURSE);
        let _: Done = new.ask(&Command::Admit(ask.clone())).await.expect("asked");
        let refused = her.refused(&accept(ask.affiliation)).await;
        assert_eq!(refused.code, "no_common_password");
        assert!(refused.next.contains("所属を終え") && refused.next.contains("事務局"), "{}", refused.next);
        assert!(her.is_signed_in().await, "nothing has changed");
        assert_eq!(admissions(&her).await.len(), 1, "and it still waits for an answer");
        let again = server.person_anew(NURSE).await;
        assert_eq!(again.me.affiliations.len(), 1);
        let refusals = rows.audit_of("accounts.accept_admission").await;
        assert_eq!(refusals.iter().map(|row| row.outcome.as_str()).collect::<Vec<_>>(), ["no_common_password"]);

        // Once the other place has ended, she comes: with no place at all she can sign in.
        let _: Done = old.ask(&leaving(&her, "四月から別の事業所")).await.expect("ended");
        let between = server.person_anew(NURSE).await;
        let _: Done = between.ask(&accept(ask.affiliation)).await.expect("accepted");
        let hers = "SELECT f.occupation FROM affiliations f JOIN regions r ON r.id = f.region WHERE r.profile = 'elsewhere' \
                    AND f.ended_at IS NULL";
        assert_eq!(rows.texts(hers).await.len(), 3, "the two who work there, and she");
        verifies(&server).await;
    }
}
