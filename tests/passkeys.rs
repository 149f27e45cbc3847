//! Passkeys: the second factor, the step-up, the way in without a password; and everything that can be wrong with one.

use crate::harness::soft::{Made, SoftKey, right, wrong_proofs, wrong_registrations};
use crate::harness::{Engine, Person, RawAnswer, Rows, Server, Setup, new_id, promise, raw_http};
use serde_json::Value;
use std::time::Duration;
use tsumugi_protocol::{
    About, AccountId, AskNotices, BeginPasskey, Command, Done, Factor, Me, Next, Nothing, NoticeKind,
    NoticeList, OfficeId, OpenRecovery, PasskeyBegun, PasskeyId, PasskeyList, ProvePasskey, ProvePassword,
    RecoveryList, RegisterPasskey, RenamePasskey, Role, SecondFactorStatus, SessionList, SignedIn, TokenIn,
    WebAuthn, WhichOffice, WhichPasskey, WhichRecovery,
};

/// Past it a step-up has to be shown again, and a challenge is too old.
const FIVE_MINUTES: Duration = Duration::from_secs(5 * 60);

fn page(server: &Server) -> String {
    format!("https://localhost:{}", server.setup.port)
}

fn begin(server: &Server) -> BeginPasskey {
    BeginPasskey { origin: page(server) }
}

/// A request with a session or without one, as it lies on the wire.
async fn raw(server: &Server, token: Option<&str>, command: &Command) -> RawAnswer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let start = format!("POST /api/v1/{}", command.name());
    raw_http(server, &start, &headers, command.ask_json().as_bytes()).await.expect("an answer")
}

fn ok<T: serde::de::DeserializeOwned>(answer: &RawAnswer) -> T {
    let json = answer.json();
    serde_json::from_value(json["ok"].clone()).unwrap_or_else(|error| panic!("{error}: {json}"))
}

async fn begun(person: &Person<'_>, command: fn(BeginPasskey) -> Command) -> PasskeyBegun {
    person.ask(&command(begin(person.server))).await.expect("it begins")
}

fn made(begun: &PasskeyBegun, key: &SoftKey, server: &Server, wrong: fn(&mut Made)) -> Command {
    Command::RegisterPasskeyFinish(RegisterPasskey {
        ceremony: begun.ceremony.clone(),
        credential: WebAuthn(key.register(&begun.options.0, &page(server), wrong)),
        name: "わたしの電話".to_owned(),
    })
}

fn shown(begun: &PasskeyBegun, key: &mut SoftKey, server: &Server, wrong: fn(&mut Made)) -> ProvePasskey {
    ProvePasskey {
        ceremony: begun.ceremony.clone(),
        credential: WebAuthn(key.assert(&begun.options.0, &page(server), wrong)),
        token_in: TokenIn::Body,
    }
}

/// Registers one more passkey.
pub async fn register(person: &Person<'_>) -> SoftKey {
    let key = SoftKey::new();
    let begun = begun(person, Command::RegisterPasskeyBegin).await;
    let _: PasskeyList = person.ask(&made(&begun, &key, person.server, right)).await.expect("registered");
    key
}

/// Shows a passkey; the same person with her new token.
pub async fn prove<'a>(person: &Person<'a>, key: &mut SoftKey) -> Person<'a> {
    let begun = begun(person, Command::ProvePasskeyBegin).await;
    let proof = Command::ProvePasskeyFinish(shown(&begun, key, person.server, right));
    let signed_in: SignedIn = person.ask(&proof).await.expect("proved");
    Person::with_token(person.server, &signed_in.token.expect("a token in the body")).await
}

async fn list(person: &Person<'_>) -> PasskeyList {
    person.ask(&Command::ListPasskeys(Nothing {})).await.expect("a list")
}

/// Every command about passkeys that only somebody signed in may give.
pub fn commands() -> Vec<Command> {
    let begin = || BeginPasskey { origin: "https://localhost".to_owned() };
    let (ceremony, credential) = ("x".to_owned(), WebAuthn(Value::Null));
    let (passkey, account, name) = (PasskeyId(new_id()), AccountId(new_id()), "x".to_owned());
    vec![
        Command::RegisterPasskeyBegin(begin()),
        Command::RegisterPasskeyFinish(RegisterPasskey {
            ceremony: ceremony.clone(),
            credential: credential.clone(),
            name: name.clone(),
        }),
        Command::ListPasskeys(Nothing {}),
        Command::RenamePasskey(RenamePasskey { passkey, name: name.clone() }),
        Command::RemovePasskey(WhichPasskey { passkey }),
        Command::ProvePasskeyBegin(begin()),
        Command::ProvePasskeyFinish(ProvePasskey { ceremony, credential, token_in: TokenIn::Body }),
        Command::OpenRecovery(OpenRecovery { account, reason: name }),
        Command::ApproveRecovery(WhichRecovery { case: new_id() }),
        Command::ListRecoveries(WhichOffice { office: OfficeId(new_id()) }),
        Command::SecondFactorStatus(WhichOffice { office: OfficeId(new_id()) }),
    ]
}

promise! {
    async fn what_is_done_with_passkeys_is_in_the_audit(engine: Engine) {
        let server = Server::start(engine).await;
        let person = server.person_anew("physician").await;
        let mut key = register(&person).await;
        let passkey = list(&person).await.passkeys[0].passkey;
        let rename = Command::RenamePasskey(RenamePasskey { passkey, name: "診察室のパソコン".to_owned() });
        let _: PasskeyList = person.ask(&rename).await.expect("renamed");
        let person = prove(&person, &mut key).await;
        let _: PasskeyList = person.ask(&Command::RemovePasskey(WhichPasskey { passkey })).await.expect("removed");
        let audit = Rows::of(&server).await.audit().await;
        let own: Vec<_> = audit
            .iter()
            .filter(|row| row.account == Some(person.me.account.0) && row.act.starts_with("passkeys."))
            .collect();
        let acts: Vec<_> = own.iter().map(|row| (row.act.as_str(), row.outcome.as_str())).collect();
        let wanted = ["passkeys.register_finish", "passkeys.rename", "passkeys.prove_finish", "passkeys.remove"];
        assert_eq!(acts, wanted.map(|act| (act, "done")));
        assert!(!format!("{own:?}").contains("診察室"), "what it is called is content");
        let told: NoticeList = person.ask(&Command::ListNotices(AskNotices::default())).await.expect("notices");
        let kinds: Vec<NoticeKind> = told.notices.iter().map(|notice| notice.kind).collect();
        assert_eq!(kinds, [NoticeKind::FactorRemoved, NoticeKind::FactorAdded]);
        assert!(told.notices[0].sentence.contains("診察室のパソコン"), "on screen it is named");
    }
}

promise! {
    async fn who_has_a_passkey_is_asked_for_it_after_the_password(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let person = server.person_anew("physician").await;
        assert!(person.me.next.is_empty(), "nobody is asked for what she has not");
        let mut key = register(&person).await;
        register(&person).await;
        assert_eq!(list(&person).await.passkeys.len(), 2);

        let arriving = server.person_anew("physician").await;
        assert_eq!(arriving.me.next, [Next::SecondFactor]);
        for closed in [
            Command::ListRooms(Nothing {}),
            Command::ListPasskeys(Nothing {}),
            Command::RegisterPasskeyBegin(begin(&server)),
        ] {
            assert_eq!(arriving.refused(&closed).await.code, "second_factor_required", "{}", closed.name());
        }
        let whole = prove(&arriving, &mut key).await;
        assert!(whole.me.next.is_empty() && whole.token != arriving.token);
        assert_eq!(arriving.refused(&Command::Me(Nothing {})).await.code, "signed_out", "the old token is dead");
        let sessions: SessionList = whole.ask(&Command::ListSessions(Nothing {})).await.expect("sessions");
        let this = sessions.sessions.iter().find(|session| session.is_this).expect("this one");
        assert_eq!(this.factors, [Factor::Password, Factor::Passkey]);
    }
}

promise! {
    async fn to_add_or_remove_one_she_shows_again_who_she_is(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let person = server.person_anew("physician").await;
        let mut key = register(&person).await;
        let passkey = list(&person).await.passkeys[0].passkey;
        let renamed = RenamePasskey { passkey, name: "予備".to_owned() };
        let renamed: PasskeyList = person.ask(&Command::RenamePasskey(renamed)).await.expect("renamed");
        assert_eq!(renamed.passkeys[0].name, "予備");
        server.turn_clock(FIVE_MINUTES);
        let dangerous =
            [Command::RemovePasskey(WhichPasskey { passkey }), Command::RegisterPasskeyBegin(begin(&server))];
        for command in &dangerous {
            assert_eq!(person.refused(command).await.code, "step_up_required", "{}", command.name());
        }
        let person = prove(&person, &mut key).await;
        assert!(list(&person).await.passkeys[0].last_used_at.is_some());
        for _ in 1..10 {
            register(&person).await;
        }
        assert_eq!(person.refused(&dangerous[1]).await.code, "passkeys_full");
        let left: PasskeyList = person.ask(&dangerous[0]).await.expect("removed");
        assert_eq!(left.passkeys.len(), 9);
        assert_eq!(person.refused(&dangerous[0]).await.code, "not_found", "it is gone");
        let none = prove_raw(&person, &mut key, right).await;
        assert_eq!(none.code(), "passkey_failed", "what was removed proves nothing");
    }
}

promise! {
    async fn who_has_no_passkey_shows_her_password_before_a_dangerous_act(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let person = server.person_anew("physician").await;
        server.turn_clock(FIVE_MINUTES);
        let dangerous = Command::RegisterPasskeyBegin(begin(&server));
        assert_eq!(person.refused(&dangerous).await.code, "step_up_required");
        let shown = |password: &str| {
            Command::ProvePassword(ProvePassword { password: password.to_owned(), token_in: TokenIn::Body })
        };
        let wrong = raw(&server, Some(&person.token), &shown("ちがう")).await;
        assert_eq!((wrong.status, wrong.code().as_str()), (401, "sign_in_failed"));
        assert_eq!(person.refused(&dangerous).await.code, "step_up_required", "a wrong one proves nothing");
        assert!(person.is_signed_in().await);
        let right = shown(&server.sheet("physician").password);
        let signed_in: SignedIn = ok(&raw(&server, Some(&person.token), &right).await);
        assert_eq!(person.refused(&dangerous).await.code, "signed_out", "the token changed");
        let proven = Person::with_token(&server, &signed_in.token.expect("a token")).await;
        let mut key = register(&proven).await;
        // Who has a passkey shows that: a password may have been seen by others.
        server.turn_clock(FIVE_MINUTES);
        assert_eq!(raw(&server, Some(&proven.token), &right).await.code(), "step_up_required");
        let proven = prove(&proven, &mut key).await;
        register(&proven).await;
        let audit = Rows::of(&server).await.audit().await;
        let told = |outcome| audit.iter().filter(|row| row.act == "accounts.prove" && row.outcome == outcome).count();
        assert_eq!((told("done"), told("sign_in_failed"), told("step_up_required")), (1, 1, 1));
    }
}

async fn prove_raw(person: &Person<'_>, key: &mut SoftKey, wrong: fn(&mut Made)) -> RawAnswer {
    let begun = begun(person, Command::ProvePasskeyBegin).await;
    let proof = Command::ProvePasskeyFinish(shown(&begun, key, person.server, wrong));
    raw(person.server, Some(&person.token), &proof).await
}

/// All that must be the same of refused ceremonies.
fn told(answer: &RawAnswer) -> (u16, Vec<u8>) {
    (answer.status, answer.body.clone())
}

promise! {
    async fn whatever_is_wrong_with_a_passkey_gets_one_answer_and_changes_nothing(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (person, other) = (server.person_anew("physician").await, server.person_anew("visiting_nurse").await);
        let mut answers: Vec<(&str, RawAnswer)> = Vec::new();
        for (name, wrong) in wrong_registrations() {
            let begun = begun(&person, Command::RegisterPasskeyBegin).await;
            let finish = made(&begun, &SoftKey::new(), &server, *wrong);
            answers.push((name, raw(&server, Some(&person.token), &finish).await));
        }
        assert_eq!(list(&person).await.passkeys, [], "none was kept");

        let (mut key, mut hers) = (register(&person).await, register(&other).await);
        let copy = begun(&other, Command::RegisterPasskeyBegin).await;
        let copy = made(&copy, &key, &server, right);
        answers.push(("a credential that somebody has", raw(&server, Some(&other.token), &copy).await));
        let again = begun(&person, Command::RegisterPasskeyBegin).await;
        let again = made(&again, &key, &server, right);
        answers.push(("a credential that she has", raw(&server, Some(&person.token), &again).await));

        for (name, wrong) in wrong_proofs() {
            answers.push((name, prove_raw(&person, &mut key, *wrong).await));
        }
        answers.push(("another person's passkey", prove_raw(&person, &mut hers, right).await));
        answers.push(("a key that nobody has", prove_raw(&person, &mut SoftKey::new(), right).await));
        let challenge = begun(&person, Command::ProvePasskeyBegin).await;
        let stolen = Command::ProvePasskeyFinish(shown(&challenge, &mut hers, &server, right));
        answers.push(("another person's challenge", raw(&server, Some(&other.token), &stolen).await));
        let mine = Command::ProvePasskeyFinish(shown(&challenge, &mut key, &server, right));
        answers.push(("a challenge that was shown to somebody else", raw(&server, Some(&person.token), &mine).await));
        let challenge = begun(&person, Command::RegisterPasskeyBegin).await;
        let mixed = Command::ProvePasskeyFinish(shown_of_registration(&challenge, &mut key, &server));
        answers.push(("the challenge of a registration", raw(&server, Some(&person.token), &mixed).await));
        let challenge = begun(&person, Command::ProvePasskeyBegin).await;
        let open = Command::SignInPasskeyFinish(shown(&challenge, &mut key, &server, right));
        answers.push(("the challenge of a proof for a sign-in", raw(&server, None, &open).await));
        let challenge: PasskeyBegun = ok(&raw(&server, None, &Command::SignInPasskeyBegin(begin(&server))).await);
        let closed = Command::ProvePasskeyFinish(shown(&challenge, &mut key, &server, right));
        answers.push(("the challenge of a sign-in for a proof", raw(&server, Some(&person.token), &closed).await));
        let late = begun(&person, Command::ProvePasskeyBegin).await;
        server.turn_clock(FIVE_MINUTES);
        let late = Command::ProvePasskeyFinish(shown(&late, &mut key, &server, right));
        answers.push(("a challenge of five minutes ago", raw(&server, Some(&person.token), &late).await));
        for ceremony in ["", "x", "00000000000000000000000000000000"] {
            let unknown = PasskeyBegun { ceremony: ceremony.to_owned(), ..challenge.clone() };
            let unknown = Command::ProvePasskeyFinish(shown(&unknown, &mut key, &server, right));
            answers.push(("a challenge nobody knows", raw(&server, Some(&person.token), &unknown).await));
        }
        for credential in [Value::Null, Value::from("x"), Value::from(vec![0; 9]), serde_json::json!({})] {
            let begun = begun(&person, Command::ProvePasskeyBegin).await;
            let shapeless = ProvePasskey { credential: WebAuthn(credential), ..shown(&begun, &mut key, &server, right) };
            answers.push(("no credential at all", raw(&server, Some(&person.token), &Command::ProvePasskeyFinish(shapeless)).await));
        }

        assert!(answers.len() >= 100, "{}", answers.len());
        let (_, first) = &answers[0];
        assert_eq!((first.status, first.code().as_str()), (403, "passkey_failed"));
        for (name, answer) in &answers {
            assert_eq!(told(answer), told(first), "{name}: {}", answer.code());
        }
        // Nothing changed: the session stands, the key is the same, and it is still good.
        assert_eq!((list(&person).await.passkeys.len(), list(&other).await.passkeys.len()), (1, 1));
        let whole = prove(&person, &mut key).await;
        assert!(whole.is_signed_in().await && other.is_signed_in().await);
        let used = shown_twice(&whole, &mut key).await;
        assert_eq!((used[0].status, told(&used[1])), (200, told(first)), "a challenge is good once");
        let audit = Rows::of(&server).await.audit().await;
        let backs = audit.iter().filter(|row| row.act == "passkeys.counter_back").count();
        assert_eq!(backs, 2, "a counter that does not rise is in the audit");
        let refused = audit.iter().filter(|row| row.act == "passkeys.prove_finish" && row.outcome == "passkey_failed");
        assert!(refused.count() > 0);
    }
}

/// A proof of a challenge whose options are those of a registration.
fn shown_of_registration(begun: &PasskeyBegun, key: &mut SoftKey, server: &Server) -> ProvePasskey {
    shown(begun, key, server, right)
}

/// The same proof, twice; the second time with the token that the first one gave.
async fn shown_twice(person: &Person<'_>, key: &mut SoftKey) -> [RawAnswer; 2] {
    let begun = begun(person, Command::ProvePasskeyBegin).await;
    let proof = Command::ProvePasskeyFinish(shown(&begun, key, person.server, right));
    let first = raw(person.server, Some(&person.token), &proof).await;
    let token = ok::<SignedIn>(&first).token.expect("a token");
    let second = raw(person.server, Some(&token), &proof).await;
    [first, second]
}

promise! {
    async fn of_fifty_who_finish_at_once_one_wins(engine: Engine) {
        let server = Server::start(engine).await;
        let person = server.person_anew("physician").await;
        let (challenge, mut key) = (begun(&person, Command::RegisterPasskeyBegin).await, SoftKey::new());
        let finish = made(&challenge, &key, &server, right);
        assert_eq!(winners(&server, &person.token, &finish).await, 1);
        assert_eq!(list(&person).await.passkeys.len(), 1);
        let challenge = begun(&person, Command::ProvePasskeyBegin).await;
        let finish = Command::ProvePasskeyFinish(shown(&challenge, &mut key, &server, right));
        assert_eq!(winners(&server, &person.token, &finish).await, 1);
    }
}

async fn winners(server: &Server, token: &str, command: &Command) -> usize {
    let all = (0..50).map(|_| raw(server, Some(token), command));
    futures_util::future::join_all(all).await.iter().filter(|answer| answer.status == 200).count()
}

/// Signs in by passkey alone; whose the handle is, the authenticator says.
pub async fn alone(server: &Server, key: &mut SoftKey, me: &Me) -> RawAnswer {
    let begun: PasskeyBegun = ok(&raw(server, None, &Command::SignInPasskeyBegin(begin(server))).await);
    let mut shown = shown(&begun, key, server, right);
    shown.credential.0["response"]["userHandle"] =
        crate::harness::soft::base64(me.account.0.as_bytes()).into();
    raw(server, None, &Command::SignInPasskeyFinish(shown)).await
}

promise! {
    async fn a_passkey_alone_signs_in_where_the_rules_allow_it(engine: Engine) {
        let server = Server::start_as(engine, |setup| setup.passkey_alone = true).await;
        let person = server.person_anew("physician").await;
        let mut key = register(&person).await;
        let begun: PasskeyBegun = ok(&raw(&server, None, &Command::SignInPasskeyBegin(begin(&server))).await);
        assert!(begun.options.0["allowCredentials"] == Value::Array(Vec::new()), "nobody is named");
        let about: About = ok(&raw(&server, None, &Command::About(Nothing {})).await);
        assert!(about.passkey_alone, "the page offers it");
        let signed_in: SignedIn = ok(&alone(&server, &mut key, &person.me).await);
        assert_eq!((signed_in.me.account, signed_in.me.next.len()), (person.me.account, 0));
        let mut nobody = person.me.clone();
        nobody.account.0 = uuid::Uuid::new_v4();
        assert_eq!(alone(&server, &mut key, &nobody).await.code(), "passkey_failed", "another handle");
        assert_eq!(alone(&server, &mut SoftKey::new(), &person.me).await.code(), "passkey_failed", "another key");
        // c-23: here a lock closes the password alone, so that strangers cannot lock the night shift out.
        for _ in 0..3 {
            let wrong = tsumugi_protocol::SignIn { email: server.sheet("physician").email.clone(), password: "x".into(), token_in: TokenIn::Body };
            assert_eq!(raw(&server, None, &Command::SignIn(wrong)).await.code(), "sign_in_failed");
        }
        assert_eq!(alone(&server, &mut key, &person.me).await.status, 200);
    }
}

promise! {
    async fn where_a_lock_closes_the_account_a_passkey_alone_does_not_open_it(engine: Engine) {
        let alone_but_locked = |setup: &mut Setup| (setup.passkey_alone, setup.lock_closes_account) = (true, true);
        let server = Server::start_as(engine, alone_but_locked).await;
        let person = server.person_anew("physician").await;
        let mut key = register(&person).await;
        assert_eq!(alone(&server, &mut key, &person.me).await.status, 200);
        for _ in 0..3 {
            let wrong = tsumugi_protocol::SignIn { email: server.sheet("physician").email.clone(), password: "x".into(), token_in: TokenIn::Body };
            assert_eq!(raw(&server, None, &Command::SignIn(wrong)).await.code(), "sign_in_failed");
        }
        assert_eq!(alone(&server, &mut key, &person.me).await.code(), "passkey_failed");
        assert!(person.is_signed_in().await, "who is in stays in");
    }
}

promise! {
    // clause("004§9b-2")
    async fn a_passkey_alone_is_not_enough_where_the_password_is_to_be_typed(engine: Engine) {
        let server = Server::start(engine).await;
        let person = server.person_anew("physician").await;
        let mut key = register(&person).await;
        let about: About = ok(&raw(&server, None, &Command::About(Nothing {})).await);
        assert!(!about.passkey_alone, "the page does not offer it");
        assert_eq!(alone(&server, &mut key, &person.me).await.code(), "passkey_needs_password");
        for origin in [server.url.clone(), "https://evil.example".to_owned(), page(&server).to_uppercase()] {
            let elsewhere = Command::SignInPasskeyBegin(BeginPasskey { origin: origin.clone() });
            assert_eq!(raw(&server, None, &elsewhere).await.code(), "passkeys_not_here", "{origin}");
        }
    }
}

promise! {
    async fn where_a_second_factor_is_required_who_has_none_can_only_register_one(engine: Engine) {
        let server = Server::start_as(engine, |setup| setup.second_factor = true).await;
        let person = server.person_anew("office_admin").await;
        assert_eq!(person.me.next, [Next::SecondFactor]);
        assert_eq!(person.refused(&Command::ListRooms(Nothing {})).await.code, "second_factor_required");
        assert_eq!(person.refused(&Command::ProvePasskeyBegin(begin(&server))).await.code, "passkey_failed");
        let mut key = register(&person).await;
        assert_eq!(person.refused(&Command::ListRooms(Nothing {})).await.code, "second_factor_required", "to have one is not to show it");
        let person = prove(&person, &mut key).await;
        let runs = person.me.affiliations.iter().find(|place| place.roles.contains(&Role::OfficeAdmin)).expect("an office");
        let office = runs.office.expect("an office");
        let status: SecondFactorStatus = person.ask(&Command::SecondFactorStatus(WhichOffice { office })).await.expect("hers");
        let without: Vec<_> = status.without.iter().map(|card| card.account).collect();
        assert_eq!(without.len() + 1, usize::try_from(status.people).expect("few"));
        assert!(!without.contains(&person.me.account));
        let stranger = server.person_anew("physician").await;
        let mut key = register(&stranger).await;
        let stranger = prove(&stranger, &mut key).await;
        assert_eq!(stranger.refused(&Command::SecondFactorStatus(WhichOffice { office })).await.code, "not_found");
    }
}

promise! {
    async fn lost_passkeys_are_given_up_by_two_admins_of_the_office(engine: Engine) {
        let server = Server::start_as(engine, |setup| setup.second_factor = false).await;
        let admin = server.person_anew("office_admin").await;
        let lost = server.person_anew("visiting_nurse").await;
        register(&lost).await;
        let reason = "鍵をなくしたと本人から電話".to_owned();
        let open = OpenRecovery { account: lost.me.account, reason: reason.clone() };
        let case: WhichRecovery = admin.ask(&Command::OpenRecovery(open.clone())).await.expect("opened");
        assert_eq!(admin.refused(&Command::ApproveRecovery(case)).await.code, "two_admins_required");
        for stranger in ["physician", "ogino@demo.example"] {
            let stranger = server.person_anew(stranger).await;
            assert_eq!(stranger.refused(&Command::ApproveRecovery(case)).await.code, "not_found");
            assert_eq!(stranger.refused(&Command::OpenRecovery(open.clone())).await.code, "not_found");
        }
        let office = lost.me.affiliations[0].office.expect("an office");
        let waiting = Command::ListRecoveries(WhichOffice { office });
        for stranger in ["physician", "watanabe@demo.example", "secretariat"] {
            assert_eq!(server.person_anew(stranger).await.refused(&waiting).await.code, "not_found");
        }
        Rows::of(&server).await.make_admin(lost.me.affiliations[0].id.0).await;
        let hers: RecoveryList = lost.ask(&waiting).await.expect("the list");
        assert_eq!(hers.recoveries, [], "nobody approves her own");
        assert_eq!(lost.refused(&Command::ApproveRecovery(case)).await.code, "not_found", "never herself");
        let second = server.person_anew("watanabe@demo.example").await;
        Rows::of(&server).await.make_admin(second.me.affiliations[0].id.0).await;
        for who in [&admin, &second] {
            let RecoveryList { recoveries } = who.ask(&waiting).await.expect("the list");
            let [seen] = recoveries.as_slice() else { panic!("{recoveries:?}") };
            assert_eq!((seen.case, seen.card.account, seen.opened_by.account), (case.case, lost.me.account, admin.me.account));
            assert_eq!((seen.reason.as_str(), seen.until.since(seen.at)), (reason.as_str(), Duration::from_secs(72 * 60 * 60)));
        }
        let _: Done = second.ask(&Command::ApproveRecovery(case)).await.expect("closed");
        let closed: RecoveryList = second.ask(&waiting).await.expect("the list");
        assert_eq!(closed.recoveries, []);
        assert!(!lost.is_signed_in().await, "every session of hers is ended");
        assert_eq!(second.refused(&Command::ApproveRecovery(case)).await.code, "not_found", "once");
        let anew = server.person_anew("visiting_nurse").await;
        assert_eq!((anew.me.next.len(), list(&anew).await.passkeys.len()), (0, 0));
        let audit = Rows::of(&server).await.audit().await;
        for act in ["passkeys.recovery_open", "passkeys.recovery_approve"] {
            let rows: Vec<_> = audit.iter().filter(|row| row.act == act && row.outcome == "done").collect();
            assert_eq!(rows.len(), 1);
            assert!(rows.iter().all(|row| row.subject == Some(lost.me.account.0) && !format!("{row:?}").contains(&reason)));
        }
    }
}
