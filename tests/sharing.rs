//! An account that several people use: only where the region lets it, with a roster, and never without one who acts.

use crate::audit::verifies;
use crate::devices::{FLOOR, with};
use crate::harness::{
    Engine, Person, RawAnswer, Rows, Server, draft, fresh_group, new_id, promise, raw_http, shared, tsumugi,
};
use crate::mailing::signs_in;
use crate::signing_in::enter;
use serde_json::Value;
use tsumugi_protocol::{
    AccountId, ActAs, ChangeEmail, ChangePassword, ChangeRoster, Code, Command, Done, Me, Next, Nothing,
    Occupation, Post, Roster, RosterPerson, RosterPersonId, ShareAccount, SignIn, StaffList, TokenIn,
    UnshareAccount, WhichAccount, WhichOffice,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] =
    &[Code::SharedAccountForbidden, Code::HoldsARole, Code::ActingPersonRequired, Code::NotWhileShared];

const NEW: &str = "aki!Fune7kogu-to";
const NEWER: &str = "yuki_Wakasa9nimo";

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let (account, reason) = (AccountId(new_id()), "理由".to_owned());
    vec![
        share(account, account, &[line("山田 花子", "やまだ はなこ")]),
        Command::ChangeRoster(ChangeRoster {
            account,
            add: Vec::new(),
            remove: Vec::new(),
            reason: reason.clone(),
        }),
        Command::UnshareAccount(UnshareAccount { account, reason }),
        Command::ShowRoster(WhichAccount { account }),
        Command::ActAs(ActAs { person: RosterPersonId(new_id()), token_in: TokenIn::Body }),
    ]
}

pub fn line(name: &str, kana: &str) -> RosterPerson {
    let id = RosterPersonId(new_id());
    RosterPerson { id, name: name.to_owned(), kana: kana.to_owned(), occupation: Occupation::Nurse }
}

pub fn share(account: AccountId, responsible: AccountId, roster: &[RosterPerson]) -> Command {
    let reason = "夜勤の電話番".to_owned();
    Command::ShareAccount(ShareAccount { account, responsible, reason, roster: roster.to_vec() })
}

pub async fn over_http(server: &Server, token: Option<&str>, command: &Command) -> RawAnswer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let start = format!("POST /api/v1/{}", command.name());
    raw_http(server, &start, &headers, command.ask_json().as_bytes()).await.expect("an answer")
}

/// The account's sign-in, from which a person steps forward.
pub struct Desk<'a> {
    server: &'a Server,
    email: String,
    pub token: String,
    pub me: Me,
}

impl<'a> Desk<'a> {
    pub async fn sign_in(server: &'a Server, email: &str, password: &str) -> Self {
        let ask = SignIn { email: email.to_owned(), password: password.to_owned(), token_in: TokenIn::Body };
        let answer = over_http(server, None, &Command::SignIn(ask)).await;
        let (token, me) = Self::read(&answer);
        Self { server, email: email.to_owned(), token, me }
    }

    fn read(answer: &RawAnswer) -> (String, Me) {
        assert_eq!(answer.status, 200, "{}", answer.code());
        let told: Value = answer.json()["ok"].clone();
        let me = serde_json::from_value(told["me"].clone()).expect("who it is");
        (told["token"].as_str().expect("a token").to_owned(), me)
    }

    /// Comes in by a link that the operator made, and sets the password.
    async fn enter(server: &'a Server, email: &str, password: &str) -> Self {
        let data = server.setup.data.to_string_lossy();
        let said = tsumugi(&["account", "link", "--data", &data, "--email", email]);
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let (_, link) = said.split_once("/first#").unwrap_or_else(|| panic!("no link: {said}"));
        Self::enter_by(server, email, link.lines().next().expect("a token").trim(), password).await
    }

    /// Comes in by that link, and sets the password.
    pub async fn enter_by(server: &'a Server, email: &str, link: &str, password: &str) -> Self {
        let (token, me) = Self::read(&enter(server, link, password).await);
        Self { server, email: email.to_owned(), token, me }
    }

    pub async fn try_act_as(&self, person: RosterPersonId) -> RawAnswer {
        let ask = Command::ActAs(ActAs { person, token_in: TokenIn::Body });
        over_http(self.server, Some(&self.token), &ask).await
    }

    pub async fn act_as(&mut self, person: RosterPersonId) -> Person<'a> {
        (self.token, self.me) = Self::read(&self.try_act_as(person).await);
        Person::with_token(self.server, &self.token).await
    }

    pub async fn code(&self, command: &Command) -> String {
        over_http(self.server, Some(&self.token), command).await.code()
    }
}

pub fn author_of(posts: &[Post], text: &str) -> (String, Option<String>) {
    let post = posts.iter().find(|post| crate::sending::text_of(post) == text).expect("the post");
    (post.author.name.clone(), post.author.office.clone())
}

promise! {
    // clause("001§18-2") clause("002-2.1M3") clause("004§9a")
    async fn where_the_region_forbids_it_no_account_is_shared(server: &Server) {
        let (admin, nurse) = (server.person("office_admin").await, server.person("visiting_nurse").await);
        let ask = share(nurse.me.account, admin.me.account, &[line("山田 花子", "やまだ はなこ")]);
        assert_eq!(admin.refused(&ask).await.code, "shared_account_forbidden");
        let roster: Roster = admin.ask(&Command::ShowRoster(WhichAccount { account: nurse.me.account })).await.expect("a roster");
        assert_eq!((roster.responsible, roster.people.len()), (None, 0));
        assert!(nurse.is_signed_in().await, "and nothing has changed");
    }
}

promise! {
    // clause("000§11(2)")
    async fn a_shared_account_never_goes_on_without_one_who_acts(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "shared_account", "\"discouraged\"")).await;
        let sheet = server.sheet("visiting_nurse").clone();
        let room = fresh_group(&server, &["visiting_nurse", "physician"]).await.room;
        let admin = server.person("office_admin").await;
        let before = Desk::sign_in(&server, &sheet.email, &sheet.password).await;
        let account = before.me.account;
        let (one, other) = (line("山田 花子", "やまだ はなこ"), line("佐藤 次郎", "さとう じろう"));

        let people = [one.clone(), other.clone()];
        let unreasoned = ShareAccount { account, responsible: admin.me.account, reason: " ".into(), roster: people.to_vec() };
        assert_eq!(admin.refused(&Command::ShareAccount(unreasoned)).await.code, "reason_missing");
        assert_eq!(admin.refused(&share(account, admin.me.account, &[])).await.code, "bad_field", "nobody on it");
        assert_eq!(admin.refused(&share(account, account, &people)).await.code, "bad_field", "nobody answers for herself");
        let physician = server.person("physician").await;
        let elsewhere = physician.refused(&share(account, physician.me.account, &people)).await.code;
        assert!(["other_office", "office_admin_only"].contains(&elsewhere.as_str()), "{elsewhere}");
        let second = server.person("takanashi@demo.example").await.me;
        Rows::of(&server).await.make_admin(second.affiliations[0].id.0).await;
        let hers = share(second.account, admin.me.account, &people);
        assert_eq!(admin.refused(&hers).await.code, "holds_a_role", "a role is one person's");

        let ask = share(account, admin.me.account, &people);
        let _: Done = admin.ask(&ask).await.expect("shared");
        let _: Done = admin.ask(&ask).await.expect("a retry");
        let office = admin.me.affiliations[0].office.expect("an office");
        let list: StaffList = admin.ask(&Command::ListStaff(WhichOffice { office })).await.expect("the staff");
        let row = list.staff.iter().find(|seen| seen.card.account == account).expect("its row");
        assert!(row.is_shared && !row.may_be_shared, "the list says so");
        assert_eq!(before.code(&Command::Me(Nothing {})).await, "signed_out", "nobody goes on as before");

        // What one person knew is over; then who acts has to be said, and until then nothing else is served.
        assert!(!signs_in(&server, &sheet.email, &sheet.password).await, "the earlier holder's password");
        let mut desk = Desk::enter(&server, &sheet.email, NEW).await;
        assert_eq!(desk.me.next, [Next::ActingPerson]);
        let named: Vec<&str> = desk.me.roster.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(named, ["佐藤 次郎", "山田 花子"], "by reading");
        for command in [Command::ListRooms(Nothing {}), Command::Preview(draft(room, "だれ"))] {
            assert_eq!(desk.code(&command).await, "acting_person_required");
        }
        assert_eq!(desk.try_act_as(RosterPersonId(new_id())).await.code(), "not_found");
        let change = ChangePassword { current: NEW.into(), new: NEWER.into(), token_in: TokenIn::Body };
        assert_eq!(desk.code(&Command::ChangePassword(change)).await, "acting_person_required");

        // Every post shows who wrote it, whoever comes after her.
        let first = desk.act_as(one.id).await;
        assert_eq!(desk.me.acting.as_ref().map(|person| person.id), Some(one.id));
        first.post(&draft(room, "山田です")).await.expect("posted");
        let mine = ChangeEmail { email: "mine@demo.example".into() };
        assert_eq!(first.refused(&Command::ChangeEmail(mine)).await.code, "not_while_shared", "it is not hers");
        let earlier = desk.token.clone();
        let second = desk.act_as(other.id).await;
        assert_eq!(over_http(&server, Some(&earlier), &Command::Me(Nothing {})).await.code(), "signed_out");
        second.post(&draft(room, "佐藤です")).await.expect("posted");
        second.post(&draft(room, "佐藤です、続き")).await.expect("posted");
        let history = physician.history(room).await;
        let office = before.me.affiliations[0].card.office.clone();
        for (text, name) in [("山田です", "山田 花子"), ("佐藤です", "佐藤 次郎"), ("佐藤です、続き", "佐藤 次郎")] {
            assert_eq!(author_of(&history, text), (name.to_owned(), office.clone()));
        }

        // Whoever leaves the roster takes the password with her, and her name stays on what she wrote.
        let leaving = ChangeRoster { account, add: Vec::new(), remove: vec![one.id], reason: "異動".into() };
        let _: Done = admin.ask(&Command::ChangeRoster(leaving.clone())).await.expect("changed");
        let _: Done = admin.ask(&Command::ChangeRoster(leaving)).await.expect("a retry");
        assert_eq!(desk.code(&Command::Me(Nothing {})).await, "signed_out");
        assert!(!signs_in(&server, &desk.email, NEW).await, "she knows it");
        let mut desk = Desk::enter(&server, &desk.email, NEWER).await;
        assert_eq!(desk.try_act_as(one.id).await.code(), "not_found");
        let second = desk.act_as(other.id).await;
        second.post(&draft(room, "残った人です")).await.expect("posted");
        let history = physician.history(room).await;
        assert_eq!(author_of(&history, "山田です").0, "山田 花子");
        let nobody = ChangeRoster { account, add: Vec::new(), remove: vec![other.id], reason: "閉鎖".into() };
        assert_eq!(admin.refused(&Command::ChangeRoster(nobody)).await.code, "bad_field");

        let alone = UnshareAccount { account, reason: "ひとりになった".into() };
        let _: Done = admin.ask(&Command::UnshareAccount(alone)).await.expect("one person's again");
        let desk = Desk::enter(&server, &desk.email, "hoshi#83kuMori").await;
        assert_eq!(desk.me.next, [], "nobody has to say who she is");

        let rows = Rows::of(&server).await.audit().await;
        let count = |act: &str| rows.iter().filter(|row| row.act == act && row.outcome == "done").count();
        let acts = ["accounts.share", "accounts.change_roster", "accounts.unshare", "accounts.act_as"];
        assert_eq!(acts.map(count), [1, 1, 1, 3]);
        verifies(&server).await;
    }
}

promise! {
    // clause("003§11(2)")
    async fn only_a_department_is_shared_where_the_region_says_so(engine: Engine) {
        let server = Server::start_under(engine, &with(FLOOR, "shared_account", "\"department_only\"")).await;
        let (admin, nurse) = (server.person("office_admin").await, server.person("visiting_nurse").await);
        let people = [line("山田 花子", "やまだ はなこ"), line("佐藤 次郎", "さとう じろう")];
        let ask = share(nurse.me.account, admin.me.account, &people);
        assert_eq!(admin.refused(&ask).await.code, "shared_account_forbidden", "somebody has been using it");
        // An account that was registered and that nobody has entered yet.
        let unused = "UPDATE accounts SET password_hash = NULL \
                      WHERE id IN (SELECT account FROM affiliations WHERE occupation = 'nurse')";
        Rows::of(&server).await.run(unused.to_owned()).await;
        let not_an_admin = share(nurse.me.account, server.person("physician").await.me.account, &people);
        assert_eq!(admin.refused(&not_an_admin).await.code, "bad_field", "an admin of the office answers for it");
        let _: Done = admin.ask(&ask).await.expect("a department's");
        let roster: Roster = admin.ask(&Command::ShowRoster(WhichAccount { account: nurse.me.account })).await.expect("a roster");
        assert_eq!((roster.responsible, roster.people.len()), (Some(admin.me.account), 2));
    }
}
