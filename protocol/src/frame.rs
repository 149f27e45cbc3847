//! Bytes ⇄ words: the frames of a link, and the body of HTTP commands.
//!
//! Client: first `{"hello":{…}}`, then `{"id":7,"do":"posts.send","ask":{…}}`.
//! Server: first `{"welcome":{…}}`, then `{"id":7,"ok":{…}}`, `{"id":7,"refused":{…}}` and events.
//! HTTP: `POST /api/v1/posts.send` with `ask` as the body; the answer is `{"ok":…}` or `{"refused":…}`.

use crate::{Change, Code, Lang, Me, Millis, Position, Refusal, Refused, RoomId, command::Command, limits};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ts_rs::TS;
use utoipa::ToSchema;

/// The first frame of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// Version it speaks.
    pub protocol: u32,
    /// What it is, for logs: `web/0.1.0`.
    pub client: String,
    /// Language of sentences on this link; the account's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub lang: Option<Lang>,
    /// Rooms it already knows, with the newest change it has of each.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<Known>>")]
    pub rooms: Vec<Known>,
}

/// A room a client knows, up to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The room.
    pub room: RoomId,
    /// The newest change the client has.
    pub change: Change,
}

/// The frame that carries [`Hello`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelloFrame {
    /// The hello.
    pub hello: Hello,
}

/// The server's first frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Welcome {
    /// Version the server speaks.
    pub protocol: u32,
    /// Server version, for bug reports.
    pub server: String,
    /// The server's clock.
    pub now: Millis,
    /// Who is signed in.
    pub me: Me,
    /// Of the rooms named in `hello`, those with newer changes: ask `rooms.since`.
    pub stale: Vec<Stale>,
    /// Of the rooms named in `hello`, those that are no longer (or never were) yours.
    pub gone: Vec<RoomId>,
}

/// A room that moved on while the client was away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Stale {
    /// The room.
    pub room: RoomId,
    /// Its newest change.
    pub change: Change,
    /// Its newest post.
    pub last_position: Position,
}

/// The frame that carries [`Welcome`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct WelcomeFrame {
    /// The welcome.
    pub welcome: Welcome,
}

/// A command on a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Chosen by the client; its answer carries it.
    pub id: u64,
    /// What is asked.
    pub command: Command,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskFrame<'a> {
    id: u64,
    #[serde(rename = "do", borrow)]
    name: std::borrow::Cow<'a, str>,
    #[serde(borrow, default)]
    ask: Option<&'a RawValue>,
}

/// Why a frame is not a command: the refusal, and the id to answer to where one could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadAsk {
    /// The id, if the frame was readable so far.
    pub id: Option<u64>,
    /// The refusal.
    pub refusal: Refusal,
}

/// Reads a client's first frame.
///
/// # Errors
/// `bad_frame` when it is not a `hello`, `protocol_too_old` when its version is no longer spoken.
pub fn read_hello(text: &str) -> Result<Hello, Refusal> {
    let HelloFrame { hello } = serde_json::from_str(text).map_err(|_| Refusal::new(Code::BadFrame))?;
    if hello.protocol < crate::OLDEST_PROTOCOL {
        return Err(Refusal::new(Code::ProtocolTooOld).with("oldest", crate::OLDEST_PROTOCOL));
    }
    if hello.rooms.len() > limits::HELLO_ROOMS || hello.client.chars().count() > limits::NAME_CHARS {
        return Err(Refusal::new(Code::BadField).with("field", "hello"));
    }
    Ok(hello)
}

/// Reads a command frame.
///
/// # Errors
/// [`BadAsk`] with `bad_frame`, `unknown_command` or `bad_field`.
pub fn read_ask(text: &str) -> Result<Ask, BadAsk> {
    let frame: AskFrame<'_> =
        serde_json::from_str(text).map_err(|_| BadAsk { id: None, refusal: Code::BadFrame.into() })?;
    let ask = frame.ask.map_or("{}", RawValue::get);
    Command::read(&frame.name, ask.as_bytes())
        .map(|command| Ask { id: frame.id, command })
        .map_err(|refusal| BadAsk { id: Some(frame.id), refusal })
}

/// Writes a command frame (clients).
#[must_use]
pub fn write_ask(id: u64, command: &Command) -> String {
    format!(r#"{{"id":{id},"do":"{}","ask":{}}}"#, command.name(), command.ask_json())
}

#[derive(Serialize)]
struct OkFrame<'a, T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    ok: &'a T,
}

#[derive(Serialize)]
struct RefusedFrame<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    refused: &'a Refused,
}

/// Writes an answer; without an id it is the body of an HTTP reply.
///
/// # Errors
/// Never for the shapes of this crate; the error is serde's.
pub fn write_ok<T: Serialize>(id: Option<u64>, ok: &T) -> serde_json::Result<String> {
    serde_json::to_string(&OkFrame { id, ok })
}

/// Writes a refusal; without an id it answers a frame that had none, or is the body of an HTTP reply.
///
/// # Errors
/// Never for the shapes of this crate; the error is serde's.
pub fn write_refused(id: Option<u64>, refused: &Refused) -> serde_json::Result<String> {
    serde_json::to_string(&RefusedFrame { id, refused })
}

/// The largest frame that is read at all, in bytes.
pub const LARGEST: usize = limits::FRAME_BYTES;

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> (Option<u64>, &'static str) {
        let bad = read_ask(text).expect_err("should be refused");
        (bad.id, bad.refusal.code.as_str())
    }

    #[test]
    fn reads_a_command_and_writes_the_same() {
        let text = r#"{"id":7,"do":"rooms.read","ask":{"room":"01930000-0000-7000-8000-000000000001","position":3}}"#;
        let ask = read_ask(text).expect("reads");
        assert_eq!(write_ask(ask.id, &ask.command), text);
    }

    #[test]
    fn hostile_frames_are_refused_by_code() {
        assert_eq!(code("}{"), (None, "bad_frame"));
        assert_eq!(code(r#"{"id":1}"#), (None, "bad_frame"));
        assert_eq!(code(r#"{"id":1,"do":"rooms.burn","ask":{}}"#), (Some(1), "unknown_command"));
        assert_eq!(code(r#"{"id":1,"do":"time.now","ask":{},"x":1}"#), (None, "bad_frame"));
        assert_eq!(code(r#"{"id":1,"do":"time.now","ask":{"x":1}}"#), (Some(1), "bad_field"));
        assert_eq!(code(r#"{"id":1,"do":"rooms.open","ask":{"room":7}}"#), (Some(1), "bad_field"));
        let deep =
            format!(r#"{{"id":1,"do":"rooms.open","ask":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(code(&deep), (Some(1), "bad_field"));
    }

    #[test]
    fn a_bad_field_is_named_when_we_know_it_and_its_value_never() {
        let named = |ask: &str| {
            let frame = format!(r#"{{"id":1,"do":"rooms.open","ask":{ask}}}"#);
            let bad = read_ask(&frame).expect_err("refused");
            assert!(!format!("{bad:?}").contains("きくち"), "{bad:?}");
            bad.refusal.params.get("field").cloned().unwrap_or_default()
        };
        assert_eq!(named("{}"), "room");
        let room = r#""room":"01930000-0000-7000-8000-000000000001""#;
        assert_eq!(named(&format!("{{{room},{room}}}")), "room");
        assert_eq!(named(r#"{"room":"きくち"}"#), "?");
        assert_eq!(named(r#"{"きくち":1}"#), "?");
    }

    #[test]
    fn what_a_client_calls_itself_is_counted_in_characters() {
        let hello =
            |client: &str| read_hello(&format!(r#"{{"hello":{{"protocol":1,"client":"{client}"}}}}"#));
        assert!(hello(&"端".repeat(limits::NAME_CHARS)).is_ok());
        assert!(hello(&"端".repeat(limits::NAME_CHARS + 1)).is_err());
    }
}
