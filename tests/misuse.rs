//! Against misuse: an office bars a person, of whatever office, from the timelines that it is steward of, and lets her back.

use crate::audit::verifies;
use crate::harness::{Door, Engine, Person, PostOffice, Rows, Server, draft, new_id, promise, room_commands};
use crate::mailing::{is_discreet, notices, told_to};
use crate::profiles::change;
use crate::signing_in::try_sign_in;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AcceptRoom, AccountId, AccountState, BarPerson, Command, Done, EndAffiliation, Event, MemberList,
    MemberState, Nothing, NoticeKind, Occupation, OfficeId, OpenRoom, Position, ReaderList, ReaderSeen,
    RoomId, RoomKind, Sent, SetState, WhichOffice, WhichRoom,
};

/// The commands of this file.
pub fn commands() -> Vec<Command> {
    let (office, account) = (OfficeId(new_id()), AccountId(new_id()));
    let ask = || BarPerson { office, account, reason: "理由".into() };
    vec![Command::Bar(ask()), Command::LiftBar(ask()), Command::ListReaders(WhichOffice { office })]
}

fn office_of(person: &Person<'_>) -> OfficeId {
    person.me.affiliations.iter().find_map(|place| place.office).expect("an office")
}

fn bar(by: &Person<'_>, account: AccountId, reason: &str) -> Command {
    Command::Bar(BarPerson { office: office_of(by), account, reason: reason.into() })
}

fn lift(by: &Person<'_>, account: AccountId, reason: &str) -> Command {
    Command::LiftBar(BarPerson { office: office_of(by), account, reason: reason.into() })
}

async fn readers(admin: &Person<'_>) -> Vec<ReaderSeen> {
    let ask = Command::ListReaders(WhichOffice { office: office_of(admin) });
    admin.ask::<ReaderList>(&ask).await.expect("the readers").readers
}

/// The timelines of somebody, by whether that office is their steward.
async fn timelines(of: &Person<'_>, steward: &str) -> (BTreeSet<RoomId>, BTreeSet<RoomId>) {
    let cards = of.rooms().await.rooms.into_iter();
    let cards =
        cards.filter(|card| matches!(card.kind, RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient));
    let (mut ours, mut others) = (BTreeSet::new(), BTreeSet::new());
    for card in cards {
        if card.steward.as_deref() == Some(steward) {
            ours.insert(card.id)
        } else {
            others.insert(card.id)
        };
    }
    (ours, others)
}

promise! {
    // clause("000-note(2)b", "002-3.2(1)f", "003-note(2)b")
    async fn who_is_barred_is_a_stranger_at_once_and_comes_back_when_it_is_lifted(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (admin, physician) = (server.person_anew("office_admin").await, server.person_anew("physician").await);
        let nurse = server.person_anew("visiting_nurse").await;
        assert_ne!(office_of(&admin), office_of(&physician), "he works elsewhere");
        let steward = admin.me.affiliations[0].card.office.clone().expect("its name");
        let (ours, others) = timelines(&physician, &steward).await;
        assert!(ours.len() > 1 && !others.is_empty(), "{ours:?} {others:?}");
        let (room, _) = timelines(&nurse, &steward).await;
        let room = *room.intersection(&ours).next().expect("a room of both");
        let seen = readers(&admin).await;
        let his = seen.iter().find(|seen| seen.card.account == physician.me.account).expect("his row");
        assert_eq!((usize::try_from(his.timelines).expect("few"), his.barred_since), (ours.len(), None));

        let (mut watching, mut his_link) = (nurse.link().await, physician.link().await);
        let before = draft(room, "止まる前の投稿");
        nurse.post(&before).await.expect("a post");
        his_link.posted(before.post).await;
        watching.posted(before.post).await;
        let confirmed = draft(room, "確かめてあった");
        let token = physician.preview(&confirmed).await.expect("a preview").token;

        let account = physician.me.account;
        assert_eq!(admin.refused(&bar(&admin, account, " \n")).await.code, "reason_missing");
        let _: Done = admin.ask(&bar(&admin, account, "無断で写真を載せた")).await.expect("barred");
        // Others see that he is gone, as whoever left; not why.
        let (card, state) = watching.expect("that he is gone", |event| match event {
            Event::MemberChanged { room: at, member, .. } if *at == room => Some((member.card.account, member.state)),
            _ => None,
        }).await;
        assert_eq!((card, state), (account, MemberState::Left));
        let list: MemberList = nurse.ask(&Command::ListMembers(WhichRoom { room })).await.expect("members");
        let shown = list.members.iter().find(|member| member.card.account == account).map(|member| member.state);
        assert_eq!(shown, Some(MemberState::Left));

        // The room is not there for him: in no list, by no command, nor with what he had confirmed. The others stay.
        let ghost = RoomId(new_id());
        for room in &ours {
            let there = room_commands(*room, "よその人", Some(&token));
            for (real, none) in there.into_iter().zip(room_commands(ghost, "よその人", Some(&token))) {
                if Door::Http.takes(&real) {
                    assert_eq!(physician.refused(&real).await, physician.refused(&none).await, "{}", real.name());
                }
            }
        }
        assert_eq!(physician.send(&confirmed, Some(&token)).await.expect_err("refused").code, "not_found");
        let now = timelines(&physician, &steward).await;
        assert_eq!(now, (BTreeSet::new(), others.clone()), "with the session he had");
        let open: OpenRoom = physician.ask(&Command::OpenRoom(WhichRoom { room: *others.first().expect("one") })).await.expect("open");
        assert!(physician.preview(&draft(open.room.id, "ほかの事業所の部屋")).await.is_ok());

        // His open link goes on and hears nothing of it.
        let during = draft(room, "止まっているあいだの投稿");
        let sent = nurse.post(&during).await.expect("a post");
        watching.posted(during.post).await;
        let _: Done = his_link.ask(&Command::Stay(Nothing {})).await.expect("still there");
        assert!(his_link.frames().iter().all(|frame| !frame.contains("止まっているあいだ")), "he hears no more");
        let anew = physician.link().await;
        let _: Done = anew.ask(&Command::Stay(Nothing {})).await.expect("there");

        // He is told on screen by whom, and by a mail that names nobody.
        let told = notices(&physician).await.notices.remove(0);
        assert!(told.kind == NoticeKind::Barred && told.sentence.contains(&steward), "{}", told.sentence);
        let mail = told_to(&office, &server.sheet("physician").email, "タイムラインへの参加が止まりました").await;
        is_discreet(&server, &mail);
        assert!(!mail.text.contains(&steward), "{}", mail.text);
        let seen = readers(&admin).await;
        let his = seen.iter().find(|seen| seen.card.account == account).expect("still in the list, to be let back");
        assert!(his.timelines == 0 && his.barred_since.is_some(), "{his:?}");

        // Again nothing more happens. No other way leads in, an invitation neither.
        let _: Done = admin.ask(&bar(&admin, account, "もう一度")).await.expect("the same answer");
        let mut rows = Rows::of(&server).await;
        rows.run("UPDATE members SET state = 'invited' WHERE state = 'barred'".to_owned()).await;
        assert_eq!(physician.refused(&Command::Accept(AcceptRoom { room, takes_part: true })).await.code, "not_found");
        rows.run("UPDATE members SET state = 'barred' WHERE state = 'invited' AND invited_by IS NULL".to_owned()).await;

        assert_eq!(admin.refused(&lift(&admin, account, "")).await.code, "reason_missing");
        let _: Done = admin.ask(&lift(&admin, account, "話し合いが済んだ")).await.expect("lifted");
        let back = watching.expect("that he is back", |event| match event {
            Event::MemberChanged { room: at, member, .. } if *at == room => Some((member.state, member.from_position)),
            _ => None,
        });
        // He reads from here on: what came before was confirmed for others.
        let Sent::Saved { position, .. } = sent;
        assert_eq!(back.await, (MemberState::Member, Position(position.0 + 1)));
        assert_eq!(timelines(&physician, &steward).await, (ours.clone(), others));
        let after = draft(room, "再開してからの投稿");
        nurse.post(&after).await.expect("a post");
        his_link.posted(after.post).await;
        let history = physician.history(room).await;
        assert_eq!(history.iter().map(|post| post.id).collect::<Vec<_>>(), [after.post]);
        assert!(physician.post(&draft(room, "お世話になります")).await.is_ok());
        assert_eq!(notices(&physician).await.notices[0].kind, NoticeKind::BarLifted);
        let _: Done = admin.ask(&lift(&admin, account, "もう一度")).await.expect("the same answer");

        for (act, of_rooms) in [("offices.bar", "rooms.bar"), ("offices.lift_bar", "rooms.lift_bar")] {
            let done: Vec<_> = rows.audit_of(act).await.into_iter().filter(|row| row.outcome == "done").collect();
            assert_eq!(done.len(), 1, "{act}");
            assert_eq!((done[0].account, done[0].subject), (Some(admin.me.account.0), Some(account.0)), "{act}");
            assert!(done[0].detail.as_deref().is_some_and(|detail| detail.contains("reason")), "{act}");
            let told = rows.audit_of(of_rooms).await;
            assert_eq!(told.iter().filter_map(|row| row.room).collect::<BTreeSet<_>>().len(), ours.len(), "{of_rooms}");
        }

        // Of his account nothing is hers: she is told whom to ask. Of her own office she restricts and suspends, at once.
        let set = |account, state| Command::SetState(SetState { account, state, reason: "無断で写真を載せた".into() });
        for state in [AccountState::Restricted, AccountState::Suspended] {
            let refused = admin.refused(&set(account, state)).await;
            assert_eq!(refused.code, "other_office");
            assert!(refused.next.contains("その事業所の管理者に依頼"), "{}", refused.next);
        }
        assert!(physician.is_signed_in().await);
        let hers = nurse.me.account;
        let _: Done = admin.ask(&set(hers, AccountState::Suspended)).await.expect("suspended");
        assert_eq!(watching.closed().await.code, Some(4420));
        let sheet = server.sheet("visiting_nurse").clone();
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.code(), "account_suspended");
        let _: Done = admin.ask(&set(hers, AccountState::Restricted)).await.expect("restricted");
        let reading = server.person_anew("visiting_nurse").await;
        assert_eq!(reading.preview(&draft(room, "書けない")).await.expect_err("refused").code, "account_restricted");
        let _: Done = admin.ask(&set(hers, AccountState::Active)).await.expect("restored");
        let back = server.person_anew("visiting_nurse").await;
        assert!(back.preview(&draft(room, "書ける")).await.is_ok());
        let told = notices(&back).await.notices.into_iter().map(|notice| notice.kind).collect::<Vec<_>>();
        assert_eq!(told[..3], [NoticeKind::Restored, NoticeKind::Restricted, NoticeKind::Suspended]);

        let whole = format!("{:?}", rows.audit().await);
        assert!(!whole.contains("写真") && !whole.contains("話し合い"), "reasons are sealed elsewhere");
        verifies(&server).await;
    }
}

promise! {
    async fn only_the_stewards_admin_bars_and_of_another_office_nothing_else_is_hers(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, physician) = (server.person_anew("office_admin").await, server.person_anew("physician").await);
        let (nurse, desk) = (server.person_anew("visiting_nurse").await, server.person_anew("secretariat").await);
        let other_admin = server.person_anew("saito@demo.example").await;
        let (mine, theirs) = (office_of(&admin), office_of(&other_admin));
        let ask = |office, account| Command::Bar(BarPerson { office, account, reason: "理由".into() });
        let (him, nobody) = (physician.me.account, AccountId(new_id()));
        for (who, command, code) in [
            (&admin, ask(theirs, him), "other_office"),
            (&admin, ask(OfficeId(new_id()), him), "other_office"),
            (&nurse, ask(mine, him), "office_admin_only"),
            (&desk, ask(mine, him), "office_admin_only"),
            (&admin, ask(mine, admin.me.account), "not_for_yourself"),
            // Whoever never was in one of its timelines is not there, whether there is such a person or not.
            (&admin, ask(mine, nobody), "not_found"),
            (&admin, ask(mine, desk.me.account), "not_found"),
        ] {
            assert_eq!(who.refused(&command).await.code, code, "{command:?}");
        }
        let unknown = admin.refused(&ask(mine, nobody)).await;
        assert_eq!(admin.refused(&ask(mine, desk.me.account)).await, unknown);
        for (who, code) in [(&nurse, "office_admin_only"), (&other_admin, "other_office")] {
            assert_eq!(who.refused(&Command::ListReaders(WhichOffice { office: mine })).await.code, code);
        }
        assert!(physician.is_signed_in().await);

        // What she was barred from ends for good with the place she had it for: lifting brings nothing back.
        let _: Done = admin.ask(&bar(&admin, nurse.me.account, "調査中")).await.expect("barred");
        let leaving = EndAffiliation { affiliation: nurse.me.affiliations[0].id, reason: "退職".into() };
        let _: Done = admin.ask(&Command::EndAffiliation(leaving)).await.expect("ended");
        let _: Done = admin.ask(&lift(&admin, nurse.me.account, "退職した")).await.expect("lifted");
        let back = server.person_anew("visiting_nurse").await;
        assert!(back.rooms().await.rooms.is_empty());
        assert_eq!(Rows::of(&server).await.number("SELECT COUNT(*) FROM members WHERE state = 'barred'").await, 0);
        verifies(&server).await;
    }
}

promise! {
    /// While she was kept out she came to be called otherwise: nobody sees her old card again but beside what she wrote with it.
    async fn who_is_let_back_is_seen_under_the_card_she_has_now(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, physician) = (server.person_anew("office_admin").await, server.person_anew("physician").await);
        let nurse = server.person_anew("visiting_nurse").await;
        let steward = admin.me.affiliations[0].card.office.clone().expect("its name");
        let (his, _) = timelines(&physician, &steward).await;
        let (hers, _) = timelines(&nurse, &steward).await;
        let room = *his.intersection(&hers).next().expect("one that both read");
        let before = draft(room, "前の氏名で書いた");
        physician.post(&before).await.expect("a post");
        let account = physician.me.account;
        let _: Done = admin.ask(&bar(&admin, account, "調査のあいだ")).await.expect("barred");
        let renamed = change(&physician, |ask| {
            ask.name = "改姓 太郎".to_owned();
            ask.occupation = Occupation::Dentist;
        });
        let _: Done = physician.ask(&renamed.await).await.expect("changed");
        let mut link = nurse.link().await;
        let _: Done = admin.ask(&lift(&admin, account, "話し合いが済んだ")).await.expect("lifted");
        let told = link.expect("that he is back", |event| match event {
            Event::MemberChanged { room: at, member, .. } if *at == room => Some(member.clone()),
            _ => None,
        });
        let list: MemberList = nurse.ask(&Command::ListMembers(WhichRoom { room })).await.expect("members");
        let listed = list.members.into_iter().find(|member| member.card.account == account).expect("he is there");
        let after = draft(room, "今の氏名で書いた");
        physician.post(&after).await.expect("a post");
        let posts = nurse.history(room).await;
        let author = |post| posts.iter().find(|one| one.id == post).expect("it is there").author.clone();
        for card in [&told.await.card, &listed.card, &author(after.post)] {
            assert_eq!((card.name.as_str(), card.occupation), ("改姓 太郎", Occupation::Dentist));
        }
        assert_eq!(author(before.post).name, physician.me.name, "what he wrote stays as it was written");
        verifies(&server).await;
    }
}
