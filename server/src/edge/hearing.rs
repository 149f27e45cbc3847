//! The next message of a link. One that is begun and not complete in its time ends the link.

use super::held::Arrival;
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;
use tsumugi_protocol::limits;

const MESSAGE: Duration = Duration::from_millis(limits::MESSAGE_MS);

/// What was heard.
pub(super) enum Heard {
    /// A message, or the end of the line.
    Message(Option<Result<Message, axum::Error>>),
    /// Part of a message, and no more of it in its time.
    TooSlow,
}

/// Tells a link that is idle from one that dribbles, by what has arrived beyond its last message.
pub(super) struct Hearing {
    arrival: Arc<Arrival>,
    /// Bytes that belong to messages heard before.
    heard: u64,
    patience: Option<Pin<Box<Sleep>>>,
    /// Until when nothing is heard.
    deaf: Option<Pin<Box<Sleep>>>,
}

impl Hearing {
    /// What has arrived so far belongs to the past.
    pub(super) fn new(arrival: Arc<Arrival>) -> Self {
        let heard = arrival.bytes();
        Self { arrival, heard, patience: None, deaf: None }
    }

    /// Hears nothing for a while: what is sent meanwhile waits in the socket, and then at the sender's.
    pub(super) fn pause(&mut self, wait: Duration) {
        self.deaf = Some(Box::pin(tokio::time::sleep(wait)));
    }

    /// The next message, or the end of patience.
    pub(super) fn poll_next(&mut self, socket: &mut WebSocket, cx: &mut Context<'_>) -> Poll<Heard> {
        if let Some(deaf) = &mut self.deaf {
            std::task::ready!(deaf.as_mut().poll(cx));
            self.deaf = None;
        }
        match socket.poll_next_unpin(cx) {
            Poll::Ready(message) => {
                self.account(message.as_ref());
                Poll::Ready(Heard::Message(message))
            }
            Poll::Pending => self.wait(cx),
        }
    }

    /// A ping or pong may come between the parts of a message, so it ends nobody's patience.
    fn account(&mut self, message: Option<&Result<Message, axum::Error>>) {
        match message {
            Some(Ok(Message::Ping(payload) | Message::Pong(payload))) => {
                const HEADER_AND_MASK: usize = 6;
                let frame = u64::try_from(payload.len() + HEADER_AND_MASK).unwrap_or_default();
                self.heard = (self.heard + frame).min(self.arrival.bytes());
            }
            Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Close(_)) | Err(_)) | None => {
                self.heard = self.arrival.bytes();
                self.patience = None;
            }
        }
    }

    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        if self.arrival.bytes() <= self.heard {
            self.patience = None;
            return Poll::Pending;
        }
        let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(MESSAGE)));
        patience.as_mut().poll(cx).map(|()| Heard::TooSlow)
    }
}
