//! Reads what the server says on a link. Tolerant: newer servers may say more than this client knows.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use tsumugi_protocol::{AccountId, Event, Position, PostId, Refused, RoomId, Welcome, WelcomeFrame};

/// One frame of the server.
#[derive(Debug)]
pub enum Frame {
    /// The answer to a command: its reply as JSON, or why not.
    Answer {
        /// Which command.
        id: u64,
        /// The reply.
        answer: Result<Box<RawValue>, Refused>,
    },
    /// Something happened.
    Event(Box<Event>),
    /// A refusal that answers no command: our frame could not be read.
    Unreadable(Refused),
    /// Something this client does not know.
    Unknown,
}

#[derive(Deserialize)]
struct Incoming<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    ok: Option<&'a RawValue>,
    refused: Option<Refused>,
    #[serde(borrow)]
    event: Option<Cow<'a, str>>,
}

impl Frame {
    /// Reads a frame after the welcome.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        let frame: Incoming<'_> = serde_json::from_str(text)?;
        Ok(match frame {
            Incoming { event: Some(_), .. } => {
                serde_json::from_str(text).map_or(Self::Unknown, |event| Self::Event(Box::new(event)))
            }
            Incoming { id: Some(id), ok: Some(ok), .. } => Self::Answer { id, answer: Ok(ok.to_owned()) },
            Incoming { id: Some(id), refused: Some(refused), .. } => {
                Self::Answer { id, answer: Err(refused) }
            }
            Incoming { refused: Some(refused), .. } => Self::Unreadable(refused),
            Incoming { .. } => Self::Unknown,
        })
    }
}

/// What a load of thousands of links reads of a frame: enough to check it, and nothing twice.
#[derive(Debug)]
pub enum Brief<'a> {
    /// Somebody posted.
    Posted(Posted<'a>),
    /// The answer to a command.
    Answer {
        /// Which command.
        id: u64,
        /// The reply as JSON, or why not.
        answer: Result<&'a RawValue, Refused>,
    },
    /// A refusal that answers no command.
    Unreadable(Refused),
    /// Events were dropped.
    Behind,
    /// Anything else.
    Other,
}

/// A post, without what only people look at.
#[derive(Debug)]
pub struct Posted<'a> {
    /// Which.
    pub post: PostId,
    /// Where.
    pub room: RoomId,
    /// Its place.
    pub position: Position,
    /// By whom.
    pub author: AccountId,
    /// What it says; empty when it could not be decoded.
    pub text: Cow<'a, str>,
}

#[derive(Deserialize)]
struct BriefFrame<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    ok: Option<&'a RawValue>,
    refused: Option<Refused>,
    #[serde(borrow, default)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    post: Option<BriefPost<'a>>,
}

#[derive(Deserialize)]
struct BriefPost<'a> {
    id: PostId,
    room: RoomId,
    position: Position,
    author: BriefAuthor,
    #[serde(borrow)]
    content: BriefContent<'a>,
}

#[derive(Deserialize)]
struct BriefAuthor {
    account: AccountId,
}

#[derive(Deserialize)]
struct BriefContent<'a> {
    #[serde(borrow, default)]
    text: Cow<'a, str>,
}

impl<'a> Brief<'a> {
    /// Reads a frame after the welcome.
    pub fn read(text: &'a str) -> serde_json::Result<Self> {
        let frame: BriefFrame<'a> = serde_json::from_str(text)?;
        Ok(match frame {
            BriefFrame { post: Some(post), event, .. } if event == "posted" => {
                let BriefPost { id, room, position, author, content } = post;
                Self::Posted(Posted { post: id, room, position, author: author.account, text: content.text })
            }
            BriefFrame { event, .. } if event == "behind" => Self::Behind,
            BriefFrame { id: Some(id), ok: Some(ok), .. } => Self::Answer { id, answer: Ok(ok) },
            BriefFrame { id: Some(id), refused: Some(refused), .. } => {
                Self::Answer { id, answer: Err(refused) }
            }
            BriefFrame { refused: Some(refused), .. } => Self::Unreadable(refused),
            BriefFrame { .. } => Self::Other,
        })
    }
}

/// Reads the server's first frame.
pub fn read_welcome(text: &str) -> serde_json::Result<Welcome> {
    serde_json::from_str::<WelcomeFrame>(text).map(|frame| frame.welcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::Sent;

    fn golden(name: &str) -> String {
        let path = format!("{}/../protocol/examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn reads_the_golden_frames_of_the_protocol() {
        let Frame::Answer { id: 7, answer: Ok(reply) } = Frame::read(&golden("ok-posts.send")).unwrap()
        else {
            panic!("not an answer")
        };
        let Sent::Saved { position, .. } = serde_json::from_str(reply.get()).unwrap();
        assert_eq!(position.0, 13);
        let Frame::Answer { answer: Err(refused), .. } = Frame::read(&golden("refused-confirm")).unwrap()
        else {
            panic!("not a refusal")
        };
        assert_eq!(refused.code, "confirm_required");
        assert!(matches!(Frame::read(&golden("refused-bad-frame")).unwrap(), Frame::Unreadable(_)));
        let Frame::Event(event) = Frame::read(&golden("event-posted")).unwrap() else {
            panic!("not an event")
        };
        assert!(matches!(*event, Event::Posted { .. }));
        assert_eq!(read_welcome(&golden("welcome-again")).unwrap().protocol, 1);
    }

    #[test]
    fn the_brief_reading_agrees_with_the_whole_one() {
        let text = golden("event-posted");
        let (Frame::Event(event), Brief::Posted(brief)) =
            (Frame::read(&text).unwrap(), Brief::read(&text).unwrap())
        else {
            panic!("not an event")
        };
        let Event::Posted { post, .. } = *event else { panic!("not a post") };
        assert_eq!((brief.post, brief.room, brief.position), (post.id, post.room, post.position));
        assert_eq!(brief.author, post.author.account);
        assert!(matches!(brief.text, Cow::Borrowed("バイタル BT36.8 です。")), "{brief:?}");
        let answer = golden("ok-posts.send");
        assert!(matches!(Brief::read(&answer).unwrap(), Brief::Answer { id: 7, answer: Ok(_) }));
        let refused = golden("refused-confirm");
        assert!(matches!(Brief::read(&refused).unwrap(), Brief::Answer { answer: Err(_), .. }));
        assert!(matches!(Brief::read(&golden("refused-bad-frame")).unwrap(), Brief::Unreadable(_)));
        assert!(matches!(Brief::read(r#"{"event":"behind"}"#).unwrap(), Brief::Behind));
        assert!(matches!(Brief::read(r#"{"event":"typing","room":1}"#).unwrap(), Brief::Other));
    }

    #[test]
    fn a_newer_servers_words_are_passed_over() {
        assert!(matches!(Frame::read(r#"{"event":"typing","room":1}"#).unwrap(), Frame::Unknown));
        assert!(matches!(Frame::read(r#"{"news":1}"#).unwrap(), Frame::Unknown));
        assert!(Frame::read("}{").is_err());
    }
}
