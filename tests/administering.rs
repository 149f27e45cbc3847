//! An office's admin sees her staff, opens locks, and stops an account at once; nobody else does.

use crate::audit::verifies;
use crate::harness::{Engine, Rows, Server, draft, promise};
use crate::signing_in::try_sign_in;
use tsumugi_protocol::{
    AccountId, AccountState, Command, Done, Me, Nothing, OfficeId, Role, SetState, StaffList, Unlock,
    WhichOffice,
};

fn set(account: AccountId, state: AccountState, reason: &str) -> Command {
    Command::SetState(SetState { account, state, reason: reason.to_owned() })
}

fn office_of(me: &Me) -> OfficeId {
    me.affiliations.iter().find_map(|place| place.office).expect("an office")
}

/// A colleague of the admin who is no admin, by e-mail address.
pub async fn colleague(server: &Server, admin: &crate::harness::Person<'_>) -> String {
    let ask = Command::ListStaff(WhichOffice { office: office_of(&admin.me) });
    let list: StaffList = admin.ask(&ask).await.expect("the staff");
    let other = list.staff.iter().find(|seen| seen.roles.is_empty()).expect("a colleague");
    server.people.iter().find(|person| person.name == other.card.name).expect("her sign-in").email.clone()
}

promise! {
    async fn her_admin_sees_a_lock_and_opens_it_with_a_reason(engine: Engine) {
        let server = Server::start(engine).await;
        let admin = server.person_anew("office_admin").await;
        let email = colleague(&server, &admin).await;
        let sheet = server.sheet(&email).clone();
        let her = server.person_anew(&email).await.me;
        for n in 0..3 {
            assert_eq!(try_sign_in(&server, &email, &format!("ちがう {n}")).await.status, 401);
        }
        assert_eq!(try_sign_in(&server, &email, &sheet.password).await.code(), "sign_in_failed");
        let ask = Command::ListStaff(WhichOffice { office: office_of(&admin.me) });
        let list: StaffList = admin.ask(&ask).await.expect("the staff");
        let seen = list.staff.iter().find(|seen| seen.card.account == her.account).expect("her row");
        assert!(seen.locked_until.is_some() && seen.has_entered && seen.state == AccountState::Active);
        assert!(list.staff.iter().filter(|seen| seen.card.account != her.account).all(|seen| seen.locked_until.is_none()));

        let open = |reason: &str| Command::Unlock(Unlock { account: her.account, reason: reason.to_owned() });
        assert_eq!(admin.refused(&open("  ")).await.code, "reason_missing");
        assert_eq!(server.person("family").await.refused(&open("よその人")).await.code, "office_admin_only");
        assert_eq!(try_sign_in(&server, &email, &sheet.password).await.code(), "sign_in_failed");
        let _: Done = admin.ask(&open("本人から電話があり確認した")).await.expect("opened");
        assert_eq!(try_sign_in(&server, &email, &sheet.password).await.status, 200);
        let rows = Rows::of(&server).await.audit_of("accounts.unlock").await;
        let done: Vec<_> = rows.iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(done.len(), 1);
        assert_eq!(done[0].subject, Some(her.account.0));
        assert!(!done[0].detail.as_deref().unwrap_or_default().contains("電話"), "the reason is sealed elsewhere");
        verifies(&server).await;
    }
}

promise! {
    async fn a_suspended_account_is_out_at_once_and_a_restricted_one_reads_only(engine: Engine) {
        let server = Server::start(engine).await;
        let admin = server.person_anew("office_admin").await;
        let email = colleague(&server, &admin).await;
        let sheet = server.sheet(&email).clone();
        let her = server.person_anew(&email).await;
        let account = her.me.account;
        let link = her.link().await;
        let _: Done = admin.ask(&set(account, AccountState::Suspended, "端末をなくした")).await.expect("suspended");
        assert_eq!(link.closed().await.code, Some(4420));
        assert_eq!(her.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        assert_eq!(try_sign_in(&server, &email, &sheet.password).await.code(), "account_suspended");
        assert_eq!(try_sign_in(&server, &email, "ちがう").await.code(), "sign_in_failed", "only after the right password");

        let _: Done = admin.ask(&set(account, AccountState::Restricted, "調べているあいだ")).await.expect("restricted");
        let reading = server.person_anew(&email).await;
        let rooms = reading.ask::<tsumugi_protocol::RoomList>(&Command::ListRooms(Nothing {})).await.expect("she reads");
        let room = rooms.rooms.first().expect("a room").id;
        assert_eq!(reading.preview(&draft(room, "書けない")).await.expect_err("refused").code, "account_restricted");
        let connect = tsumugi_protocol::Connect { room: tsumugi_protocol::RoomId(crate::harness::new_id()), with: admin.me.account };
        assert_eq!(reading.refused(&Command::Connect(connect)).await.code, "account_restricted");
        let _: Done = admin.ask(&set(account, AccountState::Active, "問題はなかった")).await.expect("restored");
        assert_eq!(reading.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        let back = server.person_anew(&email).await;
        assert!(back.preview(&draft(room, "書ける")).await.is_ok());
        verifies(&server).await;
    }
}

promise! {
    async fn nobody_acts_on_another_offices_staff_or_on_herself(engine: Engine) {
        let server = Server::start(engine).await;
        let admin = server.person_anew("office_admin").await;
        let email = colleague(&server, &admin).await;
        let her = server.person_anew(&email).await;
        let foreign = server.person_anew("pharmacist").await;
        assert_ne!(office_of(&foreign.me), office_of(&admin.me), "the pharmacist works elsewhere");
        let suspended = |account| set(account, AccountState::Suspended, "理由");
        let nobody = AccountId(crate::harness::new_id());
        for (who, about, code) in [
            (&admin, foreign.me.account, "other_office"),
            (&admin, nobody, "other_office"),
            (&her, foreign.me.account, "office_admin_only"),
            (&her, admin.me.account, "office_admin_only"),
            (&admin, admin.me.account, "not_for_yourself"),
        ] {
            assert_eq!(who.refused(&suspended(about)).await.code, code);
        }
        let closing = set(her.me.account, AccountState::Closed, "理由");
        assert_eq!(admin.refused(&closing).await.code, "holder_or_support_only");
        let other = Command::ListStaff(WhichOffice { office: office_of(&foreign.me) });
        let none = Command::ListStaff(WhichOffice { office: OfficeId(crate::harness::new_id()) });
        assert_eq!(admin.refused(&other).await.code, "other_office");
        assert_eq!(admin.refused(&none).await.code, "other_office");
        assert_eq!(her.refused(&other).await.code, "office_admin_only");
        assert!(foreign.is_signed_in().await && her.is_signed_in().await, "and nothing has changed");
    }
}

promise! {
    async fn an_office_is_never_left_without_an_admin(engine: Engine) {
        let server = Server::start(engine).await;
        let admin = server.person_anew("office_admin").await;
        let desk = server.person_anew("secretariat").await;
        assert!(desk.me.affiliations.iter().any(|place| place.roles.contains(&Role::Secretariat)));
        let email = colleague(&server, &admin).await;
        let her = server.person_anew(&email).await;
        let _: Done = desk.ask(&set(her.me.account, AccountState::Suspended, "紛失の届け")).await.expect("the desk may");
        for state in [AccountState::Suspended, AccountState::Restricted] {
            let last = desk.refused(&set(admin.me.account, state, "紛失の届け")).await;
            assert_eq!(last.code, "last_admin");
        }
        assert!(admin.is_signed_in().await);
        verifies(&server).await;
    }
}
