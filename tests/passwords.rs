//! Passwords: which ones may be set, how long they last, and that changing one shuts everybody else out.

use crate::harness::{Engine, RawAnswer, Rows, Server, Upgrade, promise, raw_http};
use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64Unpadded, Encoding};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tsumugi_protocol::{ChangePassword, Code, Command, Nothing, TokenIn};

/// What setting a password can be refused with; each is provoked below.
pub const PROVOKED: &[Code] =
    &[Code::PasswordGuessable, Code::PasswordSimilar, Code::PasswordReused, Code::PasswordExpired];

/// Two that nobody would guess, of both kinds.
pub const LONG: &str = "aki!Fune7kogu-to";
pub const SHORT: &str = "x9!Kq-vT2m";

pub async fn ask(server: &Server, token: Option<&str>, command: &Command) -> RawAnswer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let start = format!("POST /api/v1/{}", command.name());
    raw_http(server, &start, &headers, command.ask_json().as_bytes()).await.expect("an answer")
}

/// Somebody whose password this story changes as it likes.
pub struct Holder<'a> {
    server: &'a Server,
    email: String,
    pub password: String,
    pub token: String,
}

impl<'a> Holder<'a> {
    pub async fn of(server: &'a Server, who: &str) -> Self {
        let sheet = server.sheet(who);
        let (email, password) = (sheet.email.clone(), sheet.password.clone());
        let mut holder = Self { server, email, password, token: String::new() };
        holder.sign_in().await;
        holder
    }

    /// Signs in anew; what is lacking then.
    pub async fn sign_in(&mut self) -> Value {
        let answer = self.try_sign_in(&self.password.clone()).await;
        assert_eq!(answer.status, 200, "{}", answer.code());
        let signed_in = answer.json()["ok"].clone();
        self.token = signed_in["token"].as_str().expect("a token").to_owned();
        signed_in["me"]["next"].clone()
    }

    async fn try_sign_in(&self, password: &str) -> RawAnswer {
        let body = json!({ "email": self.email, "password": password, "token_in": "body" }).to_string();
        let headers = [("content-type", "application/json")];
        raw_http(self.server, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes())
            .await
            .expect("an answer")
    }

    async fn try_change(&self, current: &str, new: &str) -> RawAnswer {
        let ask_it = ChangePassword { current: current.into(), new: new.into(), token_in: TokenIn::Body };
        ask(self.server, Some(&self.token), &Command::ChangePassword(ask_it)).await
    }

    /// What a new password is refused with: the code and the rule.
    pub async fn refused(&self, new: &str) -> (String, String) {
        let answer = self.try_change(&self.password, new).await;
        assert_ne!(answer.status, 200, "{new} should be refused");
        let rule = answer.json()["refused"]["params"]["rule"].as_str().unwrap_or_default().to_owned();
        (answer.code(), rule)
    }

    /// Changes it; who is signed in then.
    pub async fn change(&mut self, new: &str) -> Value {
        let answer = self.try_change(&self.password, new).await;
        assert_eq!(answer.status, 200, "{new}: {}", answer.code());
        let signed_in = answer.json()["ok"].clone();
        self.token = signed_in["token"].as_str().expect("a token").to_owned();
        new.clone_into(&mut self.password);
        signed_in["me"].clone()
    }

    pub async fn me(&self) -> RawAnswer {
        ask(self.server, Some(&self.token), &Command::Me(Nothing {})).await
    }
}

promise! {
    async fn a_password_is_refused_by_the_rule_it_fails_and_the_rule_is_named(engine: Engine) {
        // clause("002-1.2(1)b", "002-2.1M6", "000§11(3)a", "001§18-3a", "003§11(3)a")
        let server = Server::start(engine).await;
        let holder = Holder::of(&server, "physician").await;
        for (password, rule) in [
            ("x9!Kq-v", "too_short"),
            ("haru-no-kaze-ame", "no_digit"),
            ("7294-1863-5027-3", "no_letter"),
            ("haruno7kazega2", "no_symbol"),
            ("harunokaze", "no_digit,no_symbol"),
            ("Ｈaru-no-kaze-72", "full_width"),
            ("haru-no-kaze-７２", "full_width"),
            ("はるのかぜ-haru-72", "full_width"),
        ] {
            assert_eq!(holder.refused(password).await, ("password_too_weak".into(), rule.into()), "{password}");
        }
        let said = holder.try_change(&holder.password, "x9!Kq-v").await.json()["refused"].clone();
        assert_eq!(said["sentence"], "このパスワードは使えません。短すぎます。");
        let long = "x".repeat(1 << 20);
        assert_eq!(holder.try_change(&holder.password, &long).await.status, 413, "before any hashing");
        let over = format!("{LONG}{}", "k7-".repeat(40));
        assert_eq!(holder.refused(&over).await.0, "too_large");
        assert_eq!(holder.try_sign_in(&holder.password).await.status, 200, "and the old one still works");
    }
}

/// Every printable character of ASCII, none beside its neighbour, and some again: 128 of them.
fn of_128_characters() -> String {
    (0..128_u32).filter_map(|n| char::from_u32(0x20 + (n * 37 + n / 95) % 95)).collect()
}

promise! {
    async fn thirteen_to_128_characters_with_every_symbol_are_accepted_and_open_the_door(engine: Engine) {
        // clause("002-1.2(1)b", "002-2.1M6")
        let server = Server::start(engine).await;
        let mut holder = Holder::of(&server, "physician").await;
        for password in ["haru7!kumo-to", &of_128_characters()] {
            let me = holder.change(password).await;
            assert_eq!(me.get("password_end"), None, "a long one has no end");
            assert_eq!(holder.sign_in().await, Value::Null, "nothing is lacking");
        }
        let me = holder.change(SHORT).await;
        assert_eq!(me["password_end"]["must"], true, "a short one ends");
        assert_eq!(me["password_end"]["remind_days"], json!([14, 3]));
    }
}

promise! {
    async fn a_password_that_others_could_guess_is_refused(engine: Engine) {
        // clause("002-2.1M7", "004§9c")
        let server = Server::start(engine).await;
        // 水上 亮, みずかみ りょう, of さらさ訪問看護.
        let holder = Holder::of(&server, "mizukami@demo.example").await;
        for (password, rule) in [
            ("Mizukami!72-kumo", "known_word"),
            ("m1zuk4mi!72-kumo", "known_word"),
            ("kumo-SARASA!72-a", "known_word"),
            ("kumo-tumugi!72-a", "known_word"),
            ("Tsumugi!72-kumo-", "known_word"),
            ("kumo-qwerty!72-a", "run"),
            ("kumo-1qaz!-funeo", "run"),
            ("kumooooo!72-fune", "repeat"),
            ("kumo!19580412-fu", "date"),
            ("kumo-1958/4/12-a", "date"),
            ("Password1!", "common"),
        ] {
            assert_eq!(holder.refused(password).await, ("password_guessable".into(), rule.into()), "{password}");
        }
    }
}

promise! {
    async fn a_list_of_the_operator_refuses_more(engine: Engine) {
        // clause("002-2.1M7")
        let server = Server::start(engine).await;
        server.stop();
        let list = server.setup.data.join("denied.txt");
        std::fs::write(&list, format!("something-else\n{LONG}\n")).expect("a list");
        let settings = format!("password_deny_list = {}\n", json!(list.to_string_lossy()));
        std::fs::write(server.setup.data.join("tsumugi.toml"), settings).expect("settings");
        server.start_again();
        let holder = Holder::of(&server, "physician").await;
        let refused = holder.refused(LONG).await;
        assert_eq!(refused, ("password_guessable".to_owned(), "denied".to_owned()));
    }
}

promise! {
    async fn neither_a_similar_password_nor_one_of_the_last_five_is_accepted(engine: Engine) {
        // clause("002-2.1M8", "003§11(3)b")
        let server = Server::start(engine).await;
        let mut holder = Holder::of(&server, "physician").await;
        let six = ["kumo!7fune-kogu", "mori?4tori-naku", "yama/8kawa-tani", "hoshi+3tsuki-yo", "ishi=6sato-hata", LONG];
        holder.change(six[0]).await;
        for similar in ["kumo!7fune-kog", "Kumo!7fune-kogU", "kumo!90281fune-kogu"] {
            assert_eq!(holder.refused(similar).await.0, "password_similar", "{similar}");
        }
        for next in &six[1..5] {
            holder.change(next).await;
        }
        for used in &six[..5] {
            assert_eq!(holder.refused(used).await.0, "password_reused", "{used}");
        }
        holder.change(six[5]).await;
        // Six passwords ago, so it is free again; the one after it is not.
        assert_eq!(holder.refused(six[1]).await.0, "password_reused");
        holder.change(six[0]).await;
        let kept = Rows::of(&server).await.number("SELECT COUNT(*) FROM password_history").await;
        assert_eq!(kept, 4, "beside the one in use");
    }
}

promise! {
    async fn changing_a_password_ends_every_other_session_and_takes_the_one_in_use(engine: Engine) {
        let server = Server::start(engine).await;
        let mut holder = Holder::of(&server, "physician").await;
        let other = server.person_anew("physician").await;
        let link = other.link().await;
        let before = holder.token.clone();
        let wrong = holder.try_change("not-my-password-9", LONG).await;
        assert_eq!((wrong.status, wrong.code().as_str()), (401, "sign_in_failed"));
        assert!(other.is_signed_in().await, "a wrong guess changes nothing");
        holder.change(LONG).await;
        assert_ne!(holder.token, before);
        for token in [&before, &other.token] {
            assert_eq!(ask(&server, Some(token), &Command::Me(Nothing {})).await.code(), "signed_out");
        }
        link.closed().await;
        assert_eq!(holder.me().await.status, 200);
        assert_eq!(holder.try_sign_in(&server.sheet("physician").password).await.code(), "sign_in_failed");
        assert_eq!(holder.sign_in().await, Value::Null);
        let audit = Rows::of(&server).await.audit().await;
        let outcomes: Vec<&str> =
            audit.iter().filter(|row| row.act == "accounts.change_password").map(|row| row.outcome.as_str()).collect();
        assert_eq!(outcomes, ["sign_in_failed", crate::audit::DONE]);
    }
}

/// Seconds until the password of that answer is over, by the server's clock.
pub async fn seconds_left(holder: &Holder<'_>) -> u64 {
    let end = holder.me().await.json()["ok"]["password_end"]["at"].as_i64().expect("an end");
    let now = ask(holder.server, Some(&holder.token), &Command::Now(Nothing {})).await;
    let now = now.json()["ok"]["now"].as_i64().expect("a time");
    u64::try_from((end - now) / 1_000).expect("not over yet")
}

promise! {
    async fn a_short_password_lasts_two_months_and_then_only_changes(engine: Engine) {
        // clause("002-2.1M6")
        let server = Server::start_with_clock(engine).await;
        let mut holder = Holder::of(&server, "physician").await;
        holder.change(SHORT).await;
        let whole = seconds_left(&holder).await;
        assert!((59 * 86_400 - 60..=62 * 86_400).contains(&whole), "two calendar months: {whole} s");
        // Half a minute before its end it works; what is left is told.
        server.turn_clock(Duration::from_secs(whole - 30));
        assert_eq!(holder.sign_in().await, Value::Null);
        let left = seconds_left(&holder).await;
        server.turn_clock(Duration::from_secs(left + 1));
        assert_eq!(holder.sign_in().await, json!(["new_password"]));
        // The session is good for a new password and for leaving, over no door for anything else.
        let mut codes = BTreeMap::new();
        for command in [Command::ListRooms(Nothing {}), Command::Now(Nothing {}), Command::ListSessions(Nothing {})] {
            codes.insert(command.name(), ask(&server, Some(&holder.token), &command).await.code());
        }
        assert!(codes.values().all(|code| code == "password_expired"), "{codes:?}");
        let upgrade = crate::harness::Link::open(&server, &Upgrade::bearer(&holder.token)).await;
        assert!(upgrade.is_err(), "no link for a session that is not whole");
        assert_eq!(holder.me().await.status, 200, "it may ask what is lacking");
        assert_eq!(holder.refused(SHORT).await.0, "password_reused");
        let me = holder.change(LONG).await;
        assert_eq!(me.get("next"), None, "whole again");
        assert_eq!(ask(&server, Some(&holder.token), &Command::ListRooms(Nothing {})).await.status, 200);
        // A long one does not end by itself.
        server.turn_clock(Duration::from_secs(200 * 86_400));
        assert_eq!(holder.sign_in().await, Value::Null);
    }
}

/// A stored form of a password at a cost of 1 MiB and one pass.
fn cheaper(password: &str) -> String {
    let (salt, mut hash) = (b"0123456789abcdef", [0_u8; 32]);
    let cost = Params::new(1_024, 1, 1, None).expect("a cost");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
    argon2.hash_password_into(password.as_bytes(), salt, &mut hash).expect("a hash");
    let (salt, hash) = (Base64Unpadded::encode_string(salt), Base64Unpadded::encode_string(&hash));
    format!("$argon2id$v=19$m=1024,t=1,p=1${salt}${hash}")
}

promise! {
    async fn a_hash_of_another_cost_is_made_anew_at_the_next_sign_in(engine: Engine) {
        let server = Server::start(engine).await;
        let mut holder = Holder::of(&server, "physician").await;
        holder.change(LONG).await;
        const COUNT: &str = "SELECT COUNT(*) FROM accounts WHERE password_hash LIKE '$argon2id$v=19$m=1024,%'";
        let mut rows = Rows::of(&server).await;
        rows.run(format!(
            "UPDATE accounts SET password_hash = '{}' WHERE password_set_at IS NOT NULL", cheaper(LONG)
        )).await;
        assert_eq!(rows.number(COUNT).await, 1);
        holder.sign_in().await;
        assert_eq!(rows.number(COUNT).await, 0, "stored at today's cost");
        holder.sign_in().await;
    }
}
