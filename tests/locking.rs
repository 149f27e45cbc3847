//! The third failure in a row closes a sign-in for thirty minutes, whether anybody has the name or not.

use crate::audit::verifies;
use crate::devices::{Outside, without_certificate};
use crate::harness::{
    Engine, Folder, PATIENCE, RawAnswer, Rows, Server, Setup, free_port, promise, raw_http_over, shared,
    tcp_from, until,
};
use crate::metrics::sample;
use crate::signing_in::try_sign_in;
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

const HALF_AN_HOUR: Duration = Duration::from_secs(1_800);

async fn fails(server: &Server, email: &str, times: usize) -> Vec<RawAnswer> {
    let mut answers = Vec::new();
    for n in 0..times {
        answers.push(try_sign_in(server, email, &format!("ちがう {n}")).await);
    }
    answers
}

promise! {
    // clause("002-1.2(1)c")
    async fn three_failures_lock_known_and_unknown_names_alike_and_a_restart_forgets_nothing(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let sheet = server.sheet("physician").clone();
        let right = async || try_sign_in(&server, &sheet.email, &sheet.password).await;
        let mut answers = fails(&server, &sheet.email, 3).await;
        answers.extend(fails(&server, "nobody-here@demo.example", 3).await);
        answers.push(right().await);
        answers.push(try_sign_in(&server, "nobody-here@demo.example", &sheet.password).await);
        let locked = answers.pop().expect("an answer");
        assert_eq!((locked.status, locked.code().as_str()), (401, "sign_in_failed"));
        assert!(answers.iter().all(|answer| *answer == locked), "wrong, unknown and locked are one answer");

        server.turn_clock(HALF_AN_HOUR / 2);
        server.stop();
        server.start_again();
        // The clock of a new process is the machine's again.
        assert_eq!(right().await, locked, "the lock outlives the process");
        server.turn_clock(HALF_AN_HOUR - Duration::from_secs(60));
        assert_eq!(right().await, locked, "a minute too early, and what was tried meanwhile made it no longer");
        server.turn_clock(Duration::from_secs(60));
        assert_eq!(right().await.status, 200);
        let locks = Rows::of(&server).await.audit_of("accounts.locked").await;
        assert_eq!(locks.len(), 1, "the account's, and nothing about a name that nobody has");
        server.turn_clock(Duration::from_secs(24 * 60 * 60));
        let known = Rows::of(&server).await.number("SELECT COUNT(*) FROM sign_in_counts").await;
        assert_eq!(known, 0, "names nobody tried for a day are forgotten");
        verifies(&server).await;
    }
}

promise! {
    async fn only_failures_in_a_row_count_and_other_accounts_stay_open(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (sheet, other) = (server.sheet("pharmacist").clone(), server.sheet("care_manager").clone());
        for _ in 0..3 {
            fails(&server, &sheet.email, 2).await;
            assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.status, 200);
        }
        let person = server.person_anew("pharmacist").await;
        fails(&server, &sheet.email, 3).await;
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.status, 401);
        assert!(person.is_signed_in().await, "who is in stays in (c-23)");
        assert_eq!(try_sign_in(&server, &other.email, &other.password).await.status, 200);
    }
}

promise! {
    /// T27: however many come at once and from wherever, no more than three are looked at.
    async fn of_two_hundred_guesses_at_once_three_are_looked_at(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let sheet = server.sheet("visiting_nurse").clone();
        let guess = async |n: u8| {
            let body = json!({ "email": sheet.email, "password": format!("guess {n}"), "token_in": "body" }).to_string();
            let headers = [("content-type", "application/json")];
            let tcp = tcp_from(&server, n % 20 + 10).await.expect("a connection");
            let stream = server.shake_hands(tcp).await.expect("a handshake");
            let answer = raw_http_over(&server, stream, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes());
            answer.await
        };
        // Where too many knock at once some are turned away before they have said anything.
        let answers: Vec<RawAnswer> = join_all((0..200).map(guess)).await.into_iter().flatten().collect();
        let told: Vec<String> = answers.iter().map(RawAnswer::code).collect();
        let is_known = |code: &String| ["sign_in_failed", "overloaded", "rate_limited"].contains(&code.as_str());
        assert!(told.iter().all(is_known), "{told:?}");
        let failed = told.iter().filter(|code| *code == "sign_in_failed").count();
        assert!(failed > 3, "most were told the same as the first three: {failed}");
        // Every one that is looked at is counted; those that come while it is locked are not.
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT failures FROM sign_in_counts").await, 3);
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.code(), "sign_in_failed");
        drop(rows);
        server.turn_clock(HALF_AN_HOUR);
        let open = async || (try_sign_in(&server, &sheet.email, &sheet.password).await.status == 200).then_some(());
        until("it opens again", PATIENCE, open).await;
    }
}

/// A way to a password: the command, and whether it is asked at the door that takes certificates.
type Way = (&'static str, bool);

/// Every way on which a typed password is compared. Whoever asks the last four holds a session of hers.
const WAYS: [Way; 6] = [
    ("accounts.sign_in", false),
    ("accounts.sign_in", true),
    ("accounts.change_password", false),
    ("accounts.change_password", true),
    ("accounts.prove", false),
    ("accounts.prove", true),
];

/// One guess on that way, from that address; none where the door was too crowded.
async fn guess(server: &Server, way: Way, from: u8, guess: &str, token: &str) -> Option<RawAnswer> {
    let email = &server.sheet("visiting_nurse").email;
    let (command, at_certificates) = way;
    let body = match command {
        "accounts.sign_in" => json!({ "email": email, "password": guess, "token_in": "body" }),
        "accounts.change_password" => {
            json!({ "current": guess, "new": "Fuyu-no-hoshi-0127", "token_in": "body" })
        }
        _ => json!({ "password": guess, "token_in": "body" }),
    };
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", "application/json")];
    headers.extend((command != "accounts.sign_in").then_some(("authorization", bearer.as_str())));
    let stream = if at_certificates {
        without_certificate(server, from).await.ok()?
    } else {
        server.shake_hands(tcp_from(server, from).await.ok()?).await.ok()?
    };
    raw_http_over(server, stream, &format!("POST /api/v1/{command}"), &headers, body.to_string().as_bytes())
        .await
}

promise! {
    /// T27: the counter is in the comparison, not in a command. What is counted is comparisons with her own hash.
    async fn two_hundred_guesses_on_every_way_to_a_password_share_three_looks(engine: Engine) {
        let folder = Folder::new("server");
        let outside = folder.path().join("outside.pem");
        std::fs::write(&outside, Outside::new().pem()).expect("a file");
        let setup = Setup {
            clock: true,
            metrics: Some(free_port()),
            certificates: Some((free_port(), outside)),
            ..Setup::new(engine, folder.path(), true).await
        };
        let server = Server::of(setup, folder);
        let sheet = server.sheet("visiting_nurse").clone();
        let person = server.person_anew("visiting_nurse").await;
        let compared = async || sample(&server, "tsumugi_passwords_compared_total").await;
        let before = compared().await;
        let from = |n: usize| u8::try_from(10 + n % 20).expect("an address");
        let guesses = (0..200).map(async |n| {
            guess(&server, WAYS[n % WAYS.len()], from(n), &format!("guess {n}"), &person.token).await
        });
        let answers: Vec<(usize, RawAnswer)> =
            join_all(guesses).await.into_iter().enumerate().filter_map(|(n, answer)| Some((n, answer?))).collect();
        let told: BTreeSet<String> = answers.iter().map(|(_, answer)| answer.code()).collect();
        assert!(told.iter().all(|code| ["sign_in_failed", "overloaded", "rate_limited"].contains(&code.as_str())), "{told:?}");
        for (which, way) in WAYS.iter().enumerate() {
            let failed = |(n, answer): &&(usize, RawAnswer)| n % WAYS.len() == which && answer.code() == "sign_in_failed";
            assert!(answers.iter().filter(failed).count() >= 3, "{way:?} was tried");
        }
        assert_eq!(compared().await - before, 3.0, "of two hundred at once three were looked at");

        // The right one opens nothing meanwhile, on any way, nor after a restart.
        for restarted in [false, true] {
            if restarted {
                server.stop();
                server.start_again();
            }
            let before = compared().await;
            for (from, way) in (40..).zip(WAYS) {
                let answer = guess(&server, way, from, &sheet.password, &person.token).await.expect("an answer");
                assert_eq!(answer.code(), "sign_in_failed", "{way:?}, restarted: {restarted}");
            }
            assert_eq!(compared().await, before, "and is not even looked at");
        }
        assert!(person.twin().is_signed_in().await, "who is in stays in (c-23)");
        server.turn_clock(HALF_AN_HOUR);
        let before = compared().await;
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.status, 200);
        assert_eq!(compared().await - before, 1.0);
    }
}

promise! {
    async fn who_signs_in_from_many_windows_at_once_is_no_guesser(server: &Server) {
        let sheet = server.sheet("physician").clone();
        let all = join_all((0..12).map(|_| try_sign_in(server, &sheet.email, &sheet.password))).await;
        assert!(all.iter().all(|answer| answer.status == 200), "{:?}", all.iter().map(|a| a.status).collect::<Vec<_>>());
    }
}
