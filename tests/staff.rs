//! People come to an office, leave it, and close their accounts; what ends with that, and who may do it.

use crate::audit::verifies;
use crate::harness::{
    Engine, Mail, PATIENCE, Person, PostOffice, Rows, Server, draft, new_id, promise, raw_http, tsumugi,
    until,
};
use crate::mailing::{is_discreet, notices, told_to};
use crate::signing_in::{enter, try_sign_in};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use tsumugi_protocol::{
    AcceptRoom, AccountId, AccountState, AdminReset, AffiliationId, CloseAccount, Command, CreateFree, Done,
    EndAffiliation, Event, Lang, Me, MemberList, MemberState, Nothing, NoticeKind, Occupation, OfficeId,
    ProvePassword, RegisterStaff, RoomId, RoomMade, SetState, StaffList, StaffSeen, TokenIn, WhichOffice,
    WhichRoom,
};

/// One that nobody would guess.
pub const NEW: &str = "natsu-no-umi-34";
const HER: &str = "hanako@new.example";

/// The commands of this file.
pub fn commands() -> Vec<Command> {
    let leaving = EndAffiliation { affiliation: AffiliationId(new_id()), reason: "理由".into() };
    let close = CloseAccount { account: AccountId(new_id()) };
    let newcomer = Command::RegisterStaff(newcomer(OfficeId(new_id()), HER));
    vec![newcomer, Command::EndAffiliation(leaving), Command::CloseAccount(close)]
}

pub fn office_of(me: &Me) -> OfficeId {
    me.affiliations.iter().find_map(|place| place.office).expect("an office")
}

pub fn newcomer(office: OfficeId, email: &str) -> RegisterStaff {
    RegisterStaff {
        office,
        account: AccountId(new_id()),
        affiliation: AffiliationId(new_id()),
        name: "山田 花子".into(),
        kana: "やまだ はなこ".into(),
        occupation: Occupation::Nurse,
        email: email.into(),
        lang: Lang::Ja,
    }
}

pub async fn staff(admin: &Person<'_>) -> Vec<StaffSeen> {
    let ask = Command::ListStaff(WhichOffice { office: office_of(&admin.me) });
    admin.ask::<StaffList>(&ask).await.expect("the staff").staff
}

/// The link that was mailed there.
async fn link_to(office: &PostOffice, email: &str) -> Mail {
    until("the link arrives", PATIENCE, async || {
        office.mails().into_iter().find(|mail| mail.to == [email] && mail.text.contains("/first#"))
    })
    .await
}

/// Somebody registered anew, who has come in by her mail.
pub async fn comes_in<'a>(
    server: &'a Server,
    office: &PostOffice,
    admin: &Person<'_>,
    email: &str,
) -> Person<'a> {
    let ask = newcomer(office_of(&admin.me), email);
    let _: Done = admin.ask(&Command::RegisterStaff(ask)).await.expect("registered");
    let entered = enter(server, link_to(office, email).await.token(), NEW).await;
    assert_eq!(entered.status, 200, "{}", entered.code());
    Person::with_token(server, entered.json()["ok"]["token"].as_str().expect("a token")).await
}

promise! {
    // clause("000§8e", "002-3.1f★", "003§8e", "004§7h")
    async fn an_admin_registers_a_colleague_who_comes_in_by_the_link_in_her_mail(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person_anew("office_admin").await;
        let ask = newcomer(office_of(&admin.me), " Ｈanako@New.example ");
        let register = Command::RegisterStaff(ask.clone());
        let _: Done = admin.ask(&register).await.expect("registered");
        let mail = link_to(&office, HER).await;
        is_discreet(&server, &mail);
        assert!(!mail.text.contains("山田"), "{}", mail.text);
        let row = staff(&admin).await.into_iter().find(|seen| seen.card.account == ask.account).expect("her row");
        assert_eq!((row.affiliation, row.has_entered, row.state), (ask.affiliation, false, AccountState::Active));
        assert_eq!(row.roles, [], "she administers nothing");

        // Asked again nothing more happens: no second account, entry or mail.
        let _: Done = admin.ask(&register).await.expect("the same answer");
        let changed = RegisterStaff { kana: "べつ".into(), ..ask.clone() };
        assert_eq!(admin.refused(&Command::RegisterStaff(changed)).await.code, "id_taken");
        let mut rows = Rows::of(&server).await;
        let done: Vec<_> =
            rows.audit_of("offices.register_staff").await.into_iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(done.len(), 1, "{done:?}");
        assert_eq!((done[0].account, done[0].subject), (Some(admin.me.account.0), Some(ask.account.0)));
        assert!(!format!("{done:?}").contains("山田"));
        assert_eq!(rows.number("SELECT COUNT(*) FROM mail_outbox WHERE kind = 'link'").await, 1);

        let entered = enter(&server, mail.token(), NEW).await;
        assert_eq!(entered.status, 200, "{}", entered.code());
        let her = Person::with_token(&server, entered.json()["ok"]["token"].as_str().expect("a token")).await;
        let place = &her.me.affiliations[0];
        assert_eq!((her.me.account, place.id, place.office), (ask.account, ask.affiliation, Some(ask.office)));
        // Name and office are two fields: whatever is typed, neither is dropped.
        assert_eq!((place.card.name.as_str(), place.card.occupation), ("山田 花子", Occupation::Nurse));
        assert_eq!(place.card.office, admin.me.affiliations[0].card.office);
        for name in ["山田花子／よその事業所", "山田花子/よその事業所"] {
            let ask = RegisterStaff { name: name.into(), ..newcomer(ask.office, "other@new.example") };
            assert_eq!(admin.refused(&Command::RegisterStaff(ask)).await.code, "display_name_format");
        }
        assert_eq!(try_sign_in(&server, HER, NEW).await.status, 200);
        verifies(&server).await;
    }
}

promise! {
    // clause("000§8e", "002-3.1f★", "003§8e", "004§7h")
    // clause("003§guide-①1c")
    async fn nobody_is_registered_elsewhere_twice_or_under_the_offices_name(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person_anew("office_admin").await;
        let foreign = server.person_anew("pharmacist").await;
        let (mine, theirs) = (office_of(&admin.me), office_of(&foreign.me));
        assert_ne!(mine, theirs, "the pharmacist works elsewhere");
        let own_name = admin.me.affiliations[0].card.office.clone().expect("its name");
        let base = || newcomer(mine, HER);
        let accounts = "SELECT COUNT(*) FROM accounts";
        let before = Rows::of(&server).await.number(accounts).await;
        let taken = |email: &str| newcomer(mine, email);
        for (who, ask, code) in [
            (&admin, newcomer(theirs, HER), "other_office"),
            (&admin, newcomer(OfficeId(new_id()), HER), "other_office"),
            (&foreign, newcomer(theirs, HER), "office_admin_only"),
            (&admin, RegisterStaff { name: "　".into(), ..base() }, "display_name_office_only"),
            (&admin, RegisterStaff { name: own_name.clone(), ..base() }, "display_name_office_only"),
            (&admin, RegisterStaff { name: format!(" {own_name} "), ..base() }, "display_name_office_only"),
            (&admin, RegisterStaff { name: "字".repeat(101), ..base() }, "bad_field"),
            (&admin, RegisterStaff { email: "hanako".into(), ..base() }, "bad_field"),
            (&admin, RegisterStaff { occupation: Occupation::Family, ..base() }, "bad_field"),
            (&admin, RegisterStaff { account: foreign.me.account, ..base() }, "id_taken"),
        ] {
            assert_eq!(who.refused(&Command::RegisterStaff(ask)).await.code, code);
        }
        // Whose address it is, of her own office, of another one or of a family, is not told: the same bytes.
        let sheets = ["office_admin", "pharmacist", "daughter"].map(|who| server.sheet(who).email.clone());
        let mut answers = BTreeSet::new();
        for email in sheets {
            let refused = admin.refused(&Command::RegisterStaff(taken(&email))).await;
            answers.insert((refused.code, refused.sentence, refused.next, refused.params));
        }
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|(code, ..)| code == "email_in_use"), "{answers:?}");
        assert_eq!(Rows::of(&server).await.number(accounts).await, before, "nobody came in");

        // Of many who register the same address at once, one is done.
        let racing = (0..12).map(|_| {
            let (twin, ask) = (admin.twin(), Command::RegisterStaff(newcomer(mine, HER)));
            async move { twin.ask::<Done>(&ask).await.map_err(|refused| refused.code) }
        });
        let mut codes: Vec<String> = Vec::new();
        for answer in futures_util::future::join_all(racing).await {
            codes.extend(answer.err());
        }
        assert_eq!(codes, vec!["email_in_use".to_owned(); 11]);
        assert_eq!(Rows::of(&server).await.number(accounts).await, before + 1);

        // Who may only read registers nobody.
        let desk = server.person_anew("secretariat").await;
        let her = comes_in(&server, &office, &admin, "second@new.example").await;
        Rows::of(&server).await.make_admin(her.me.affiliations[0].id.0).await;
        let restrict = SetState { account: her.me.account, state: AccountState::Restricted, reason: "調査".into() };
        let _: Done = desk.ask(&Command::SetState(restrict)).await.expect("restricted");
        let token = try_sign_in(&server, "second@new.example", NEW).await.json();
        let reading = Person::with_token(&server, token["ok"]["token"].as_str().expect("a token")).await;
        let late = Command::RegisterStaff(newcomer(mine, "third@new.example"));
        assert_eq!(reading.refused(&late).await.code, "account_restricted");
        verifies(&server).await;
    }
}

promise! {
    async fn without_mail_nobody_is_registered(engine: Engine) {
        let server = Server::start(engine).await;
        let admin = server.person_anew("office_admin").await;
        let ask = Command::RegisterStaff(newcomer(office_of(&admin.me), HER));
        assert_eq!(admin.refused(&ask).await.code, "mail_not_configured");
    }
}

/// A group of these people, all of whom have joined.
async fn group(people: &[&Person<'_>]) -> RoomId {
    let room = RoomId(new_id());
    let invite = people[1..].iter().map(|person| person.me.account).collect();
    let make = CreateFree {
        room,
        title: "引き継ぎ".into(),
        aim: "退職をためす".into(),
        invite,
        requires: Vec::new(),
    };
    let _: RoomMade = people[0].ask(&Command::CreateFree(make)).await.expect("a group");
    for person in &people[1..] {
        let _: RoomMade =
            person.ask(&Command::Accept(AcceptRoom { room, takes_part: true })).await.expect("joined");
    }
    room
}

pub fn leaving(of: &Person<'_>, reason: &str) -> Command {
    Command::EndAffiliation(EndAffiliation { affiliation: of.me.affiliations[0].id, reason: reason.into() })
}

/// The admin and a colleague of the same office, by the staff list.
pub async fn with_colleague(server: &Server) -> (Person<'_>, Person<'_>) {
    let admin = server.person_anew("office_admin").await;
    let other = staff(&admin).await.into_iter().find(|seen| seen.roles.is_empty()).expect("a colleague");
    let email = server.people.iter().find(|sheet| sheet.name == other.card.name).expect("hers").email.clone();
    let her = server.person_anew(&email).await;
    assert_eq!(her.me.account, other.card.account);
    (admin, her)
}

promise! {
    // clause("000§8e", "002-3.1f★", "003§8e", "004§7h")
    // clause("001§14-2g")
    async fn who_left_the_job_is_out_of_every_room_at_once_and_the_desk_is_told(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (admin, her) = with_colleague(&server).await;
        let desk = server.person_anew("secretariat").await;
        let email = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").email.clone();
        let rooms = her.rooms().await.rooms.into_iter().map(|card| card.id).collect::<BTreeSet<_>>();
        assert!(rooms.len() > 1, "she belongs to several");
        let room = group(&[&admin, &her]).await;
        let (mut watching, mut hers) = (admin.link().await, her.link().await);
        let before = draft(room, "在職中に書いた");
        her.post(&before).await.expect("a post");
        hers.posted(before.post).await;
        watching.posted(before.post).await;
        let version = "SELECT CAST(SUM(member_version) AS BIGINT) FROM room_heads";
        let versions = Rows::of(&server).await.number(version).await;

        assert_eq!(admin.refused(&leaving(&her, " ")).await.code, "reason_missing");
        let _: Done = admin.ask(&leaving(&her, "三月で退職した")).await.expect("ended");
        let left = watching.expect("that she left", |event| match event {
            Event::MemberChanged { room: at, member, .. } if *at == room => Some(member.clone()),
            _ => None,
        });
        let left = left.await;
        assert_eq!((left.card.account, left.state), (her.me.account, MemberState::Left));
        // It was her last place: her sessions and links are over.
        while hers.event_or_end().await.is_some() {}
        assert_eq!(hers.closed().await.code, Some(4420));
        assert_eq!(her.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number(version).await - versions, i64::try_from(rooms.len()).expect("few") + 1);
        let list: MemberList = admin.ask(&Command::ListMembers(WhichRoom { room })).await.expect("members");
        let state = list.members.iter().find(|member| member.card.account == her.me.account).map(|member| member.state);
        assert_eq!(state, Some(MemberState::Left), "her name stays with what she wrote");
        assert!(staff(&admin).await.iter().all(|seen| seen.card.account != her.me.account));

        // Again: nothing more happens.
        let _: Done = admin.ask(&leaving(&her, "もう一度")).await.expect("the same answer");
        let ends = rows.audit_of("offices.end_affiliation").await;
        let done: Vec<_> = ends.iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(done.len(), 1);
        assert_eq!((done[0].account, done[0].subject), (Some(admin.me.account.0), Some(her.me.account.0)));
        assert!(!format!("{done:?}").contains("退職"), "the reason is sealed elsewhere");
        let of_rooms = rows.audit_of("rooms.leave").await;
        assert_eq!(of_rooms.iter().filter_map(|row| row.room).collect::<BTreeSet<_>>().len(), rooms.len() + 1);

        // The desk is told in a kind of its own; on screen she is named with her office, by mail not at all.
        let told = notices(&desk).await;
        assert_eq!(told.notices.iter().filter(|notice| notice.kind == NoticeKind::Retired).count(), 1);
        let whole = format!("{}／{}", her.me.name, her.me.affiliations[0].card.office.as_deref().expect("an office"));
        assert!(told.notices[0].sentence.contains(&whole), "{}", told.notices[0].sentence);
        is_discreet(&server, &told_to(&office, &server.sheet("secretariat").email, "退職").await);
        is_discreet(&server, &told_to(&office, &email, "所属が終わりました").await);
        assert!(notices(&admin).await.notices.iter().all(|notice| notice.kind != NoticeKind::Retired), "she did it");

        // The account is hers still, and opens nothing: not a room of those she belonged to.
        let back = server.person_anew(&email).await;
        assert!(back.me.affiliations.is_empty() && back.rooms().await.rooms.is_empty());
        for room in rooms.iter().chain([&room]) {
            assert_eq!(back.refused(&Command::OpenRoom(WhichRoom { room: *room })).await.code, "not_found");
        }
        assert_eq!(back.preview(&draft(room, "退職後")).await.expect_err("refused").code, "not_found");
        assert_eq!(notices(&back).await.notices[0].kind, NoticeKind::AffiliationEnded);
        let link = back.link().await;
        let after = draft(room, "退職後に書いた");
        admin.post(&after).await.expect("a post");
        watching.posted(after.post).await;
        let _: Done = link.ask(&Command::Stay(Nothing {})).await.expect("still there");
        assert!(link.frames().iter().all(|frame| !frame.contains("退職後に書いた")), "she hears no more");
        verifies(&server).await;
    }
}

promise! {
    /// Somebody with two places loses the rooms of one, and goes on in the other with the same session and link.
    async fn of_two_places_the_other_one_stays(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let foreign = server.person_anew("pharmacist").await;
        let mut rows = Rows::of(&server).await;
        let second = rows.second_place(her.me.account.0, foreign.me.affiliations[0].id.0).await;
        let (here, there) = (group(&[&admin, &her]).await, group(&[&admin, &her]).await);
        rows.hold_for(there.0, her.me.account.0, second).await;
        let (mut link, mut watching) = (her.link().await, admin.link().await);
        let _: Done = admin.ask(&leaving(&her, "兼務を終えた")).await.expect("ended");
        link.expect("that she left", |event| match event {
            Event::MemberChanged { room, member, .. } if *room == here => Some(member.state),
            _ => None,
        })
        .await;
        for (room, text) in [(here, "もう聞こえない"), (there, "まだ聞こえる")] {
            let post = draft(room, text);
            admin.post(&post).await.expect("a post");
            watching.posted(post.post).await;
            if room == there {
                link.posted(post.post).await;
            }
        }
        assert!(link.frames().iter().all(|frame| !frame.contains("もう聞こえない")), "she hears no more of it");
        let list: BTreeSet<RoomId> = her.rooms().await.rooms.into_iter().map(|card| card.id).collect();
        assert_eq!(list, BTreeSet::from([there]), "with the session she had");
        assert!(her.post(&draft(there, "続けます")).await.is_ok());
        assert_eq!(her.preview(&draft(here, "だめ")).await.expect_err("refused").code, "not_found");
        verifies(&server).await;
    }
}

promise! {
    // clause("000§8e", "002-3.1f★", "003§8e", "004§7h")
    async fn only_an_admin_of_the_office_ends_a_place_and_never_the_last_admins(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let (foreign, desk) = (server.person_anew("pharmacist").await, server.person_anew("secretariat").await);
        let daughter = server.person_anew("daughter").await;
        let nobody = EndAffiliation { affiliation: AffiliationId(new_id()), reason: "理由".into() };
        for (who, command, code) in [
            (&admin, leaving(&foreign, "理由"), "other_office"),
            (&admin, leaving(&daughter, "理由"), "other_office"),
            (&admin, Command::EndAffiliation(nobody.clone()), "other_office"),
            (&her, leaving(&admin, "理由"), "office_admin_only"),
            (&her, leaving(&her, "理由"), "office_admin_only"),
            (&daughter, Command::EndAffiliation(nobody), "office_admin_only"),
            (&admin, leaving(&admin, "理由"), "last_admin"),
        ] {
            assert_eq!(who.refused(&command).await.code, code);
        }
        let by_desk = desk.refused(&leaving(&her, "理由")).await.code;
        assert!(["office_admin_only", "other_office"].contains(&by_desk.as_str()), "{by_desk}");
        assert!(foreign.is_signed_in().await && her.is_signed_in().await && daughter.is_signed_in().await);

        // Once there is another admin, the first one may go; what she was goes with her.
        Rows::of(&server).await.make_admin(her.me.affiliations[0].id.0).await;
        let _: Done = admin.ask(&leaving(&admin, "異動した")).await.expect("ended");
        assert!(!admin.is_signed_in().await);
        assert_eq!(her.refused(&leaving(&her, "理由")).await.code, "last_admin");
        let email = &server.sheet("office_admin").email;
        let back = server.person_anew(email).await;
        let ask = Command::ListStaff(WhichOffice { office: office_of(&her.me) });
        assert_eq!(back.refused(&ask).await.code, "office_admin_only");
        verifies(&server).await;
    }
}

promise! {
    async fn a_link_to_come_in_dies_with_the_place(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person_anew("office_admin").await;
        let ask = newcomer(office_of(&admin.me), HER);
        let _: Done = admin.ask(&Command::RegisterStaff(ask.clone())).await.expect("registered");
        let mail = link_to(&office, HER).await;
        let end = EndAffiliation { affiliation: ask.affiliation, reason: "来ないことになった".into() };
        let _: Done = admin.ask(&Command::EndAffiliation(end)).await.expect("ended");
        assert_eq!(enter(&server, mail.token(), NEW).await.code(), "link_spent");
        assert_eq!(admin.refused(&Command::RegisterStaff(ask)).await.code, "id_taken", "nor is she registered anew so");
    }
}

pub fn closing(account: AccountId) -> Command {
    Command::CloseAccount(CloseAccount { account })
}

promise! {
    async fn its_holder_closes_an_account_for_good_and_nobody_comes_in_again(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let (admin, her) = with_colleague(&server).await;
        let desk = server.person_anew("secretariat").await;
        let account = her.me.account;
        let sheet = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").clone();
        let other = server.person_anew(&sheet.email).await;
        let mut key = crate::passkeys::register(&her).await;
        let room = group(&[&admin, &her]).await;
        let said = draft(room, "在職中に書いた");
        her.post(&said).await.expect("a post");
        let reset = AdminReset { account, reason: "忘れたとのこと".into() };
        let _: Done = admin.ask(&Command::AdminReset(reset)).await.expect("a link");
        let reset = until("the link arrives", PATIENCE, async || {
            office.mails().into_iter().find(|mail| mail.to == [sheet.email.clone()] && mail.text.contains("/reset#"))
        });
        let reset = reset.await;
        let link = other.link().await;

        // To her admin and the desk it is said what they can do instead; to others nothing.
        for who in [&admin, &desk] {
            let refused = who.refused(&closing(account)).await;
            assert_eq!(refused.code, "holder_or_support_only");
            assert!(refused.next.contains("所属を終える") && refused.next.contains("利用を止める"), "{}", refused.next);
        }
        let daughter = server.person_anew("daughter").await;
        assert_eq!(daughter.refused(&closing(account)).await.code, "office_admin_only");
        assert_eq!(admin.refused(&closing(AccountId(new_id()))).await.code, "other_office");
        assert_eq!(admin.refused(&closing(admin.me.account)).await.code, "last_admin");
        // Nor does an open session alone, at a device that she left, nor a password that others may have seen.
        server.turn_clock(Duration::from_secs(5 * 60));
        assert_eq!(her.refused(&closing(account)).await.code, "step_up_required");
        let typed = ProvePassword { password: sheet.password.clone(), token_in: TokenIn::Body };
        assert_eq!(her.refused(&Command::ProvePassword(typed)).await.code, "step_up_required");
        assert!(her.is_signed_in().await && other.is_signed_in().await);
        let her = crate::passkeys::prove(&her, &mut key).await;

        let bearer = format!("Bearer {}", her.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = closing(account).ask_json();
        let answer = raw_http(&server, "POST /api/v1/accounts.close", &headers, body.as_bytes()).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.code());
        assert!(answer.header("clear-site-data").is_some_and(|value| value.contains("storage")));
        assert_eq!(link.closed().await.code, Some(4420));
        for session in [&her, &other] {
            assert_eq!(session.refused(&Command::Me(Nothing {})).await.code, "signed_out");
        }
        // Whoever tries finds none: neither password, link nor passkey is left.
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.code(), "sign_in_failed");
        let spent = json!({ "link": reset.token(), "password": NEW }).to_string();
        let spent = raw_http(&server, "POST /api/v1/accounts.reset", &headers[1..], spent.as_bytes()).await;
        assert_eq!(spent.expect("an answer").code(), "link_spent");
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT COUNT(*) FROM passkeys").await, 0);
        assert_eq!(rows.number("SELECT COUNT(*) FROM accounts WHERE state = 'closed' AND password_hash IS NULL").await, 1);
        is_discreet(&server, &told_to(&office, &sheet.email, "アカウントが閉じられました").await);
        for who in [&desk, &admin] {
            assert_eq!(notices(who).await.notices[0].kind, NoticeKind::Retired);
        }
        let closed: Vec<_> =
            rows.audit_of("accounts.close").await.into_iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(closed.len(), 1);
        assert_eq!((closed[0].account, closed[0].subject), (Some(account.0), Some(account.0)));

        // What she wrote keeps her name, and the address is free for whoever has it next.
        assert!(staff(&admin).await.iter().all(|seen| seen.card.account != account));
        let posts = admin.history(room).await;
        assert_eq!(posts.iter().find(|post| post.id == said.post).map(|post| &post.author.name), Some(&her.me.name));
        let anew = newcomer(office_of(&admin.me), &sheet.email);
        let _: Done = admin.ask(&Command::RegisterStaff(anew.clone())).await.expect("registered");
        let entered = enter(&server, link_to(&office, &sheet.email).await.token(), NEW).await;
        assert_eq!(entered.json()["ok"]["me"]["account"], anew.account.to_string());
        assert!(entered.json()["ok"]["me"]["name"] == "山田 花子");
        verifies(&server).await;
    }
}

promise! {
    async fn an_account_nobody_used_for_ninety_days_is_shown_to_its_admin(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let account = her.me.account;
        let unused = |staff: Vec<StaffSeen>| -> BTreeSet<AccountId> {
            staff.into_iter().filter(|seen| seen.unused_since.is_some()).map(|seen| seen.card.account).collect()
        };
        let everybody: BTreeSet<AccountId> = staff(&admin).await.into_iter().map(|seen| seen.card.account).collect();
        assert_eq!(unused(staff(&admin).await), BTreeSet::new());
        let (days, minute) = (Duration::from_secs(90 * 24 * 60 * 60), Duration::from_secs(60));
        server.turn_clock(days - 10 * minute);
        let admin = server.person_anew("office_admin").await;
        assert_eq!(unused(staff(&admin).await), BTreeSet::new(), "not quite");
        server.turn_clock(10 * minute);
        let admin = server.person_anew("office_admin").await;
        let mut others = everybody.clone();
        others.remove(&admin.me.account);
        let list = staff(&admin).await;
        let seen = list.iter().find(|seen| seen.card.account == account).expect("her row");
        assert!(seen.last_act.is_some() && seen.unused_since == seen.last_act, "{seen:?}");
        assert_eq!(unused(list), others, "who never came in as well");
        let email = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").email.clone();
        server.person_anew(&email).await;
        others.remove(&account);
        assert_eq!(unused(staff(&admin).await), others, "she is back");
    }
}

/// Runs `tsumugi account …` beside the running server: whether it was done, and what it said.
pub fn account(server: &Server, words: &[&str]) -> (bool, String) {
    let data = server.setup.data.to_string_lossy();
    let done = tsumugi(&[&["account"], words, &["--data", &data]].concat());
    (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
}

promise! {
    async fn the_operator_sees_accounts_and_acts_on_them_with_a_recorded_reason(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let sheet = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").clone();
        let email = sheet.email.as_str();
        let line = || {
            let (done, said) = account(&server, &["list"]);
            assert!(done, "{said}");
            said.lines().find(|line| line.ends_with(email)).map(str::to_owned)
        };
        let with = |verb: &str, reason: &str| account(&server, &[verb, "--email", email, "--reason", reason]);
        let listed = line().expect("her line");
        assert!(listed.starts_with("active") && !listed.contains("never"), "{listed}");
        let (_, whole) = account(&server, &["list"]);
        assert!(server.people.iter().all(|sheet| !whole.contains(&sheet.password) && !whole.contains(&sheet.name)));
        assert!(!whole.contains("argon2") && !whole.contains(&her.token));

        for n in 0..3 {
            assert_eq!(try_sign_in(&server, email, &format!("ちがう {n}")).await.status, 401);
        }
        assert!(line().expect("her line").contains("active      20"), "a moment in the column of locks");
        assert!(!with("unlock", " ").0, "no reason");
        assert!(with("unlock", "電話で確かめた").0);
        assert!(with("unlock", "もう一度").1.contains("not locked"));
        assert_eq!(try_sign_in(&server, email, &sheet.password).await.status, 200);

        assert!(with("suspend", "端末をなくした").0);
        assert!(!her.is_signed_in().await);
        assert_eq!(try_sign_in(&server, email, &sheet.password).await.code(), "account_suspended");
        assert!(with("suspend", "もう一度").1.contains("suspended already"));
        assert!(account(&server, &["link", "--email", email]).1.contains("this account is suspended"));
        assert!(line().expect("her line").starts_with("suspended"));
        assert!(with("restore", "見つかった").0);
        assert_eq!(try_sign_in(&server, email, &sheet.password).await.status, 200);

        assert!(!with("close", "").0, "no reason");
        assert!(with("close", "本人の家族から問い合わせ、窓口で確認").0);
        assert_eq!(try_sign_in(&server, email, &sheet.password).await.code(), "sign_in_failed");
        assert!(line().is_none(), "her address is gone");
        assert!(!with("restore", "やり直し").0);
        assert_eq!(notices(&admin).await.notices[0].kind, NoticeKind::Retired);
        let mut rows = Rows::of(&server).await;
        for act in ["unlock", "suspend", "restore", "close"] {
            let done = rows.audit_of(&format!("accounts.{act}")).await;
            assert_eq!(done.len(), 1, "{act}");
            assert_eq!((done[0].account, done[0].subject), (None, Some(her.me.account.0)), "{act}: by no account");
            assert!(done[0].detail.as_deref().is_some_and(|detail| detail.contains("reason")), "{act}");
            assert!(!rows.audit_of(&format!("operator.{act}_account")).await.is_empty(), "{act}: by which user");
        }
        assert_eq!(rows.number("SELECT COUNT(*) FROM reasons WHERE written_by IS NULL").await, 4);
        verifies(&server).await;
    }
}
