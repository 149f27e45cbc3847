//! An office's admin registers the people who work there; nobody else does.

use crate::audit::verifies;
use crate::harness::{Engine, Mail, PATIENCE, Person, PostOffice, Rows, Server, new_id, promise, until};
use crate::mailing::is_discreet;
use crate::signing_in::{enter, try_sign_in};
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AccountId, AccountState, AffiliationId, Command, Done, Lang, Me, Occupation, OfficeId, RegisterStaff,
    SetState, StaffList, StaffSeen, WhichOffice,
};

/// One that nobody would guess.
const NEW: &str = "natsu-no-umi-34";
const HER: &str = "hanako@new.example";

/// The commands of this file.
pub fn commands() -> Vec<Command> {
    vec![Command::RegisterStaff(newcomer(OfficeId(new_id()), HER))]
}

fn office_of(me: &Me) -> OfficeId {
    me.affiliations.iter().find_map(|place| place.office).expect("an office")
}

fn newcomer(office: OfficeId, email: &str) -> RegisterStaff {
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

async fn staff(admin: &Person<'_>) -> Vec<StaffSeen> {
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
async fn comes_in<'a>(
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
    // clause("003§guide-①1b")
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
