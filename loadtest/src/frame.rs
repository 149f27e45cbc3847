//! Reads what the server says on a link. Tolerant: newer servers may say more than this client knows.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use tsumugi_protocol::{Event, Refused, Welcome, WelcomeFrame};

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
    fn a_newer_servers_words_are_passed_over() {
        assert!(matches!(Frame::read(r#"{"event":"typing","room":1}"#).unwrap(), Frame::Unknown));
        assert!(matches!(Frame::read(r#"{"news":1}"#).unwrap(), Frame::Unknown));
        assert!(Frame::read("}{").is_err());
    }
}
