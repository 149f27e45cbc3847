//! Somebody signed in, who asks over HTTP.

use super::link::{Link, Upgrade};
use super::server::{Server, SignInSheet};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;
use tsumugi_protocol::{
    Command, Draft, Hello, Known, Me, Preview, Refused, RoomId, SendPost, Sent, SignIn, SignedIn, TokenIn,
};

/// No answer came: whether it was done is unknown.
#[derive(Debug)]
pub struct Lost(#[expect(dead_code, reason = "shown when a test expected an answer")] String);

/// Somebody signed in.
pub struct Person<'a> {
    pub server: &'a Server,
    pub me: Me,
    pub token: String,
    http: reqwest::Client,
}

impl Server {
    /// Somebody of the demo by role or e-mail address, signed in once a server.
    pub async fn person(&self, who: &str) -> Person<'_> {
        let sheet = self.sheet(who);
        let note = self.tokens.join(&sheet.email);
        let person = match fs::read_to_string(&note) {
            Ok(token) => Person::with_token(self, &token).await,
            Err(_) => Person::sign_in(self, sheet).await,
        };
        // Written beside and moved: another test may be reading.
        let part = self.tokens.join(format!("{}-{}", sheet.email, uuid::Uuid::new_v4().simple()));
        fs::write(&part, &person.token).expect("a note");
        fs::rename(part, note).expect("a note");
        person
    }

    /// Somebody with a session of her own, which may be ended.
    pub async fn person_anew(&self, who: &str) -> Person<'_> {
        Person::sign_in(self, self.sheet(who)).await
    }

    /// A client that trusts this server.
    pub fn http(&self) -> reqwest::Client {
        reqwest::Client::builder()
            .tls_backend_preconfigured((*self.tls).clone())
            .no_proxy()
            .http1_only()
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client")
    }
}

impl<'a> Person<'a> {
    /// Whoever that sheet is about, with a session of her own.
    pub async fn sign_in(server: &'a Server, sheet: &SignInSheet) -> Self {
        let ask =
            SignIn { email: sheet.email.clone(), password: sheet.password.clone(), token_in: TokenIn::Body };
        let http = server.http();
        let answer = post(&http, server, None, &Command::SignIn(ask)).await.expect("an answer");
        let signed_in: SignedIn = read(answer).expect("the demo's sign-in works");
        Self { server, me: signed_in.me, token: signed_in.token.expect("a token in the body"), http }
    }

    /// Whoever that token belongs to.
    pub async fn with_token(server: &'a Server, token: &str) -> Self {
        let http = server.http();
        let answer = post(&http, server, Some(token), &Command::Me(tsumugi_protocol::Nothing {})).await;
        let me: Me = read(answer.expect("an answer")).expect("the session stands");
        Self { server, me, token: token.to_owned(), http }
    }

    /// The same session from another program: connections of its own.
    pub fn twin(&self) -> Self {
        Self { server: self.server, me: self.me.clone(), token: self.token.clone(), http: self.server.http() }
    }

    /// Asks over HTTP; a lost answer is a failed test.
    pub async fn ask<T: DeserializeOwned>(&self, command: &Command) -> Result<T, Refused> {
        self.try_ask(command).await.expect("an answer")
    }

    /// Asks over HTTP where the server may die meanwhile.
    pub async fn try_ask<T: DeserializeOwned>(&self, command: &Command) -> Result<Result<T, Refused>, Lost> {
        Ok(read(post(&self.http, self.server, Some(&self.token), command).await?))
    }

    /// What is refused, and how.
    pub async fn refused(&self, command: &Command) -> Refused {
        match self.ask::<Value>(command).await {
            Ok(answer) => panic!("{} should be refused, got {answer}", command.name()),
            Err(refused) => refused,
        }
    }

    /// The confirm step.
    pub async fn preview(&self, draft: &Draft) -> Result<Preview, Refused> {
        self.ask(&Command::Preview(draft.clone())).await
    }

    /// Sends a draft with a token.
    pub async fn send(&self, draft: &Draft, token: Option<&str>) -> Result<Sent, Refused> {
        self.ask(&Command::Send(confirmed(draft, token))).await
    }

    /// Both steps, as a person would who means what was found.
    pub async fn post(&self, draft: &Draft) -> Result<Sent, Refused> {
        let preview = self.preview(draft).await?;
        let acknowledged = preview.findings.into_iter().map(|finding| finding.code).collect();
        self.ask(&Command::Send(SendPost { acknowledged, ..confirmed(draft, Some(&preview.token)) })).await
    }

    /// A link after its welcome.
    pub async fn link(&self) -> Link {
        self.link_knowing(Vec::new()).await.0
    }

    /// A link of a client that knows rooms up to a change.
    pub async fn link_knowing(&self, rooms: Vec<Known>) -> (Link, tsumugi_protocol::Welcome) {
        let link = self.raw_link().await;
        let welcome = link.hello(hello(rooms)).await;
        (link, welcome)
    }

    /// A link that has not said hello.
    pub async fn raw_link(&self) -> Link {
        Link::open(self.server, &Upgrade::bearer(&self.token)).await.expect("the link opens")
    }

    /// Whether this session still stands.
    pub async fn is_signed_in(&self) -> bool {
        self.ask::<Me>(&Command::Me(tsumugi_protocol::Nothing {})).await.is_ok()
    }
}

/// A `posts.send`.
pub fn confirmed(draft: &Draft, token: Option<&str>) -> SendPost {
    SendPost {
        draft: draft.clone(),
        token: token.map(str::to_owned),
        acknowledged: Vec::new(),
        without_patient_data: true,
    }
}

/// A hello of these tests.
pub fn hello(rooms: Vec<Known>) -> Hello {
    Hello { protocol: tsumugi_protocol::PROTOCOL, client: "promises/1".to_owned(), lang: None, rooms }
}

async fn post(
    http: &reqwest::Client,
    server: &Server,
    token: Option<&str>,
    command: &Command,
) -> Result<Value, Lost> {
    let mut request = http
        .post(format!("{}/api/v1/{}", server.url, command.name()))
        .header("content-type", "application/json")
        .body(command.ask_json());
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.map_err(|error| Lost(format!("{error:?}")))?;
    let status = answer.status();
    let bytes = answer.bytes().await.map_err(|error| Lost(format!("{error:?}")))?;
    let value: Value = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| panic!("{status}, not JSON: {}", String::from_utf8_lossy(&bytes)));
    assert_eq!(status.is_success(), value.get("ok").is_some(), "{status}: {value}");
    Ok(value)
}

/// An answer in its two shapes.
pub fn read<T: DeserializeOwned>(mut answer: Value) -> Result<T, Refused> {
    if let Some(refused) = answer.get_mut("refused") {
        return Err(serde_json::from_value(refused.take()).expect("a refusal"));
    }
    let ok = answer.get_mut("ok").map_or(json!(null), Value::take);
    Ok(serde_json::from_value(ok.clone()).unwrap_or_else(|error| panic!("{error}: {ok}")))
}

/// What a story asks for again and again.
impl Person<'_> {
    /// `rooms.since` from a change to the end, page by page.
    pub async fn since(&self, room: RoomId, from: i64, limit: u32) -> Vec<tsumugi_protocol::Since> {
        let mut answers = Vec::new();
        let mut change = tsumugi_protocol::Change(from);
        let mut is_promised = false;
        loop {
            let ask = tsumugi_protocol::AskSince { room, change, limit: Some(limit) };
            let since: tsumugi_protocol::Since = self.ask(&Command::RoomSince(ask)).await.expect("since");
            assert!(since.upto >= change, "upto never goes back");
            assert!(!since.more || since.upto > change, "more must advance");
            assert!(!is_promised || since.upto > change, "who is told that there is more is given more");
            is_promised = since.more;
            change = since.upto;
            let more = since.more;
            answers.push(since);
            if !more {
                return answers;
            }
        }
    }

    /// The whole history of a room, oldest first, read backwards in pages from its end.
    pub async fn history(&self, room: RoomId) -> Vec<tsumugi_protocol::Post> {
        let mut all: Vec<tsumugi_protocol::Post> = Vec::new();
        let mut at = tsumugi_protocol::PageAt::End;
        loop {
            let ask = tsumugi_protocol::AskPage { room, at, limit: Some(200) };
            let page: tsumugi_protocol::Page = self.ask(&Command::PageRoom(ask)).await.expect("a page");
            let more = page.more_before;
            all.splice(0..0, page.posts);
            match all.first() {
                Some(oldest) if more => at = tsumugi_protocol::PageAt::Before(oldest.position),
                _ => return all,
            }
        }
    }
}
