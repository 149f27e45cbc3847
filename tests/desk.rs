//! A region's desk sees the offices of its region and the staff of each, and nobody else does.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, new_id, promise};
use tsumugi_protocol::{
    AccountState, Command, Done, Me, Nothing, OfficeId, OfficeList, OfficeSeen, SetState, StaffList,
    StaffSeen, WhichOffice,
};

fn office_of(me: &Me) -> OfficeId {
    me.affiliations.iter().find_map(|place| place.office).expect("an office")
}

fn staff_of(office: OfficeId) -> Command {
    Command::ListStaff(WhichOffice { office })
}

async fn offices(desk: &Person<'_>) -> Vec<OfficeSeen> {
    desk.ask::<OfficeList>(&Command::ListOffices(Nothing {})).await.expect("the offices").offices
}

async fn staff(who: &Person<'_>, office: OfficeId) -> Vec<StaffSeen> {
    who.ask::<StaffList>(&staff_of(office)).await.expect("the staff").staff
}

fn seen(offices: &[OfficeSeen], office: OfficeId) -> &OfficeSeen {
    offices.iter().find(|one| one.office == office).expect("the office")
}

promise! {
    async fn the_desk_sees_every_office_of_its_region_who_runs_it_and_its_staff(engine: Engine) {
        let server = Server::start(engine).await;
        let (desk, admin) = (server.person_anew("secretariat").await, server.person_anew("office_admin").await);
        let run = office_of(&admin.me);
        let list = offices(&desk).await;
        for one in &list {
            assert_eq!(usize::try_from(one.people).expect("few"), staff(&desk, one.office).await.len(), "{}", one.name);
            assert_eq!(one.is_administered, !one.admins.is_empty(), "{}", one.name);
        }
        let hers = seen(&list, run);
        assert_eq!(Some(&hers.name), admin.me.affiliations[0].card.office.as_ref());
        assert!(hers.admins.iter().any(|card| card.account == admin.me.account));
        let still = |list: Vec<StaffSeen>| list.into_iter().map(|one| StaffSeen { last_act: None, ..one }).collect::<Vec<_>>();
        assert_eq!(still(staff(&desk, run).await), still(staff(&admin, run).await), "the same as its admin sees");

        // What the desk does with it is in the audit as hers.
        let other = staff(&desk, run).await.into_iter().find(|one| one.roles.is_empty()).expect("a colleague").card.account;
        let suspend = SetState { account: other, state: AccountState::Suspended, reason: "紛失の届け".into() };
        let _: Done = desk.ask(&Command::SetState(suspend)).await.expect("suspended");
        let stands = staff(&desk, run).await.into_iter().find(|one| one.card.account == other).expect("her row").state;
        assert_eq!(stands, AccountState::Suspended);
        let rows = Rows::of(&server).await.audit_of("accounts.suspend").await;
        assert!(rows.iter().any(|row| row.account == Some(desk.me.account.0) && row.subject == Some(other.0)));
        verifies(&server).await;
    }
}

promise! {
    async fn the_desk_sees_where_nobody_can_help_the_others(engine: Engine) {
        let server = Server::start(engine).await;
        let (desk, pharmacist) = (server.person_anew("secretariat").await, server.person_anew("pharmacist").await);
        let office = office_of(&pharmacist.me);
        assert!(seen(&offices(&desk).await, office).is_administered);
        let mut rows = Rows::of(&server).await;
        rows.run("DELETE FROM roles WHERE role = 'office_admin'".to_owned()).await;
        let none = offices(&desk).await;
        assert!(none.iter().all(|one| one.admins.is_empty() && !one.is_administered));
        rows.make_admin(pharmacist.me.affiliations[0].id.0).await;
        let list = offices(&desk).await;
        assert!(list.iter().all(|one| one.is_administered == (one.office == office)), "{list:?}");
        // She is the only admin left.
        let change = |what: &str| {
            format!(
                "UPDATE accounts SET {what} WHERE id IN (SELECT f.account FROM affiliations f \
                 JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin')"
            )
        };
        rows.run(change("password_hash = NULL")).await;
        let hers = seen(&offices(&desk).await, office).clone();
        assert_eq!((hers.admins.len(), hers.is_administered), (1, false), "an admin who never came in helps nobody");
        rows.run(change("password_hash = 'x', state = 'suspended'")).await;
        assert!(!seen(&offices(&desk).await, office).is_administered, "nor one who may not act");
    }
}

promise! {
    async fn to_whoever_is_of_no_desk_there_are_no_offices(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        let (nurse, daughter) = (server.person_anew("visiting_nurse").await, server.person_anew("daughter").await);
        let pharmacist = server.person_anew("pharmacist").await;
        let (foreign, nowhere) = (office_of(&pharmacist.me), OfficeId(new_id()));
        for who in [&admin, &nurse, &daughter] {
            assert_eq!(who.refused(&Command::ListOffices(Nothing {})).await.code, "not_found");
            let (there, not_there) = (who.refused(&staff_of(foreign)).await, who.refused(&staff_of(nowhere)).await);
            assert_eq!(there, not_there, "an office of others answers like none");
        }
        // An office of another region is none of this desk's.
        Rows::of(&server).await.move_away(foreign.0).await;
        assert!(offices(&desk).await.iter().all(|one| one.office != foreign));
        assert_eq!(desk.refused(&staff_of(foreign)).await, desk.refused(&staff_of(nowhere)).await);
        assert!(!staff(&desk, office_of(&admin.me)).await.is_empty());
        Rows::of(&server).await.run("DELETE FROM roles WHERE role = 'secretariat'".to_owned()).await;
        assert_eq!(desk.refused(&Command::ListOffices(Nothing {})).await.code, "not_found", "her role is gone, and so is the list");
    }
}

promise! {
    async fn a_list_says_which_accounts_the_rules_let_several_people_use(engine: Engine) {
        for (rule, used, unused) in [("forbidden", false, false), ("department_only", false, true), ("discouraged", true, true)] {
            let rules = with(FLOOR, "shared_account", &format!("\"{rule}\""));
            let server = Server::start_under(engine, &rules).await;
            let admin = server.person_anew("office_admin").await;
            let list = staff(&admin, office_of(&admin.me)).await;
            assert!(list.iter().any(|one| one.has_entered) && list.iter().all(|one| !one.is_shared));
            for one in list {
                let lets = if one.has_entered { used } else { unused };
                assert_eq!(one.may_be_shared, lets && one.roles.is_empty(), "{rule} {one:?}");
            }
        }
    }
}
