//! Who left the job: what her account still opens, who is told when it is left behind, and what nobody may leave behind.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{Engine, Person, Rows, Server, fresh_group, new_id, promise};
use crate::mailing::notices;
use crate::staff::{closing, leaving, office_of, with_colleague};
use crate::support::close_for;
use std::time::Duration;
use tsumugi_protocol::{
    AccountId, AccountState, AdminReset, Attestation, Command, Connect, CreateFree, DeviceId, DeviceKind,
    Done, LeaverList, LeaverSeen, Nothing, NoticeKind, Occupation, OfficeId, OsFamily, Ownership,
    RegisterDevice, RoomId, RosterPerson, RosterPersonId, SetState, ShareAccount, UnshareAccount,
    WhichOffice,
};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The command of this file.
pub fn commands() -> Vec<Command> {
    vec![Command::ListLeavers(WhichOffice { office: OfficeId(new_id()) })]
}

pub async fn leavers(admin: &Person<'_>) -> LeaverList {
    let ask = Command::ListLeavers(WhichOffice { office: office_of(&admin.me) });
    admin.ask(&ask).await.expect("who left")
}

async fn row_of(admin: &Person<'_>, account: AccountId) -> LeaverSeen {
    let list = leavers(admin).await.leavers;
    list.into_iter().find(|seen| seen.card.account == account).expect("her row")
}

/// How often somebody was told that an account was left behind.
async fn told(person: &Person<'_>) -> usize {
    let list = notices(person).await.notices;
    list.iter().filter(|notice| notice.kind == NoticeKind::LeftUnclosed).count()
}

fn device_of_hers() -> RegisterDevice {
    RegisterDevice {
        device: DeviceId(new_id()),
        kind: DeviceKind::Tablet,
        ownership: Ownership::Office,
        os_family: OsFamily::Ios,
        os: "iPadOS 19".to_owned(),
        name: "訪問用タブレット".to_owned(),
        mine: true,
        attestations: vec![Attestation::ScreenLock],
        stock_record: false,
        application: None,
        permission: None,
    }
}

promise! {
    // clause("002-2.1M9")
    async fn an_account_left_behind_opens_nothing_and_after_a_week_it_is_told(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let account = her.me.account;
        let email = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").email.clone();
        let rooms = her.rooms().await.rooms.len();
        let _: Done = her.ask(&Command::RegisterDevice(device_of_hers())).await.expect("in the ledger");
        assert!(leavers(&admin).await.leavers.is_empty(), "nobody left");
        let _: Done = admin.ask(&leaving(&her, "三月で退職した")).await.expect("ended");

        // What is done and what is not: rooms left, a device still out, the account not closed.
        let seen = row_of(&admin, account).await;
        assert_eq!((usize::try_from(seen.rooms_left).expect("few"), seen.devices), (rooms, 1));
        assert_eq!((seen.unclosed_since, seen.is_overdue), (Some(seen.left_at), false));
        let foreign = server.person_anew("saito@demo.example").await;
        let ask = Command::ListLeavers(WhichOffice { office: office_of(&admin.me) });
        assert_eq!(foreign.refused(&ask).await.code, "other_office");
        assert_eq!(server.person_anew("physician").await.refused(&ask).await.code, "office_admin_only");

        // She comes in, and finds nothing but her own account.
        let back = server.person_anew(&email).await;
        assert!(back.me.affiliations.is_empty() && back.rooms().await.rooms.is_empty());
        let room = || RoomId(new_id());
        let group = CreateFree { room: room(), title: "だれも".into(), aim: "目的".into(), invite: Vec::new(), requires: Vec::new() };
        let state = SetState { account: admin.me.account, state: AccountState::Suspended, reason: "理由".into() };
        for (command, code) in [
            (Command::CreateFree(group), "group_admin_only"),
            (Command::Connect(Connect { room: room(), with: admin.me.account }), "not_found"),
            (Command::RegisterDevice(device_of_hers()), "other_office"),
            (Command::ListStaff(WhichOffice { office: office_of(&admin.me) }), "office_admin_only"),
            (Command::SetState(state), "office_admin_only"),
            (Command::AdminReset(AdminReset { account: admin.me.account, reason: "理由".into() }), "mail_not_configured"),
        ] {
            assert_eq!(back.refused(&command).await.code, code, "{command:?}");
        }

        // Seven days, to the minute; then her desk and her former admins are told, once.
        server.turn_clock(7 * DAY - 10 * MINUTE);
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        assert_eq!((told(&admin).await, told(&desk).await), (0, 0), "not quite");
        assert!(!row_of(&admin, account).await.is_overdue);
        server.turn_clock(10 * MINUTE);
        for who in [&admin, &desk] {
            assert_eq!(told(who).await, 1);
            let notice = notices(who).await.notices.into_iter().find(|notice| notice.kind == NoticeKind::LeftUnclosed);
            assert!(notice.is_some_and(|notice| notice.sentence.contains(&her.me.name)));
        }
        assert_eq!(told(&server.person_anew("saito@demo.example").await).await, 0, "it is no business of hers");
        assert!(row_of(&admin, account).await.is_overdue);
        server.turn_clock(10 * MINUTE);
        server.turn_clock(10 * MINUTE);
        let (admin, desk) = (server.person_anew("office_admin").await, server.person_anew("secretariat").await);
        assert_eq!((told(&admin).await, told(&desk).await), (1, 1), "once");
        let mut rows = Rows::of(&server).await;
        let entries = rows.audit_of("offices.left_unclosed").await;
        assert_eq!(entries.iter().map(|row| (row.account, row.subject)).collect::<Vec<_>>(), [(None, Some(account.0))]);

        // She closes it: what is left is the device.
        let back = server.person_anew(&email).await;
        let _: Done = back.ask(&closing(account)).await.expect("closed");
        let seen = row_of(&admin, account).await;
        assert_eq!((seen.unclosed_since, seen.is_overdue, seen.devices), (None, false, 1));

        // Or it is closed in her stead, on a case of the support desk.
        let other = server.person_anew("watanabe@demo.example").await;
        let _: Done = admin.ask(&leaving(&other, "退職")).await.expect("ended");
        let close = close_for(other.me.account);
        assert_eq!(admin.refused(&close).await.code, "holder_or_support_only");
        let case = ["support-case", "--email", "watanabe@demo.example", "--enquiry", "本人と連絡がつかない"];
        assert!(crate::staff::account(&server, &case).0);
        let _: Done = admin.ask(&close).await.expect("closed");
        assert_eq!(row_of(&admin, other.me.account).await.unclosed_since, None);
        verifies(&server).await;
    }
}

promise! {
    /// Whoever closes her account in time, or works elsewhere by then, is told of to nobody.
    async fn of_who_closed_or_moved_in_time_nothing_is_told(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let mut others = crate::staff::staff(&admin).await.into_iter();
        let other = others.find(|seen| seen.roles.is_empty() && seen.card.account != her.me.account).expect("another");
        let sheet = server.people.iter().find(|sheet| sheet.name == other.card.name).expect("hers").clone();
        let moved = server.person_anew(&sheet.email).await;
        let foreign = server.person_anew("pharmacist").await;
        for who in [&her, &moved] {
            let _: Done = admin.ask(&leaving(who, "退職")).await.expect("ended");
        }
        let mail = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").clone();
        let back = server.person_anew(&mail.email).await;
        let _: Done = back.ask(&closing(her.me.account)).await.expect("closed");
        let mut rows = Rows::of(&server).await;
        rows.second_place(moved.me.account.0, foreign.me.affiliations[0].id.0).await;
        server.turn_clock(8 * DAY);
        let admin = server.person_anew("office_admin").await;
        assert_eq!(told(&admin).await, 0);
        // Which of the two it was, her former office is not told.
        let (closed, elsewhere) = (row_of(&admin, her.me.account).await, row_of(&admin, moved.me.account).await);
        assert_eq!((closed.unclosed_since, closed.is_overdue), (elsewhere.unclosed_since, elsewhere.is_overdue));
        assert!(rows.audit_of("offices.left_unclosed").await.is_empty());
    }
}

promise! {
    async fn a_regions_desk_is_never_left_without_anybody(engine: Engine) {
        let server = Server::start(engine).await;
        let (desk, admin) = (server.person_anew("secretariat").await, server.person_anew("oba@demo.example").await);
        let account = desk.me.account;
        let set = |state| Command::SetState(SetState { account, state, reason: "調査".into() });
        for command in [set(AccountState::Suspended), set(AccountState::Restricted), leaving(&desk, "異動")] {
            assert_eq!(admin.refused(&command).await.code, "last_desk", "{command:?}");
        }
        assert_eq!(desk.refused(&closing(account)).await.code, "last_desk");
        assert!(desk.is_signed_in().await, "and nothing has changed");

        // Once there is another one, she may go.
        Rows::of(&server).await.give_role(admin.me.affiliations[0].id.0, "secretariat").await;
        let _: Done = admin.ask(&set(AccountState::Restricted)).await.expect("restricted");
        let _: Done = admin.ask(&leaving(&desk, "異動")).await.expect("ended");
        assert!(!desk.is_signed_in().await);
        verifies(&server).await;
    }
}

promise! {
    async fn whoever_answers_for_a_shared_account_does_not_leave_it_behind(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "shared_account", "\"discouraged\"")).await;
        let admin = server.person_anew("office_admin").await;
        let nurse = fresh_group(&server, &["visiting_nurse"]).await.people[1].me.account;
        let responsible = server.person_anew("watanabe@demo.example").await;
        let person = RosterPerson {
            id: RosterPersonId(new_id()),
            name: "山田 花子".into(),
            kana: "やまだ はなこ".into(),
            occupation: Occupation::Nurse,
        };
        let share = ShareAccount {
            account: nurse,
            responsible: responsible.me.account,
            reason: "夜勤の電話番".into(),
            roster: vec![person],
        };
        let _: Done = admin.ask(&Command::ShareAccount(share)).await.expect("shared");
        assert_eq!(admin.refused(&leaving(&responsible, "退職")).await.code, "answers_for_shared");
        let close = closing(responsible.me.account);
        assert_eq!(responsible.refused(&close).await.code, "answers_for_shared");
        assert!(responsible.ask::<tsumugi_protocol::Me>(&Command::Me(Nothing {})).await.is_ok());

        let alone = UnshareAccount { account: nurse, reason: "ひとりずつにした".into() };
        let _: Done = admin.ask(&Command::UnshareAccount(alone)).await.expect("one person's again");
        let _: Done = admin.ask(&leaving(&responsible, "退職")).await.expect("ended");
        verifies(&server).await;
    }
}
