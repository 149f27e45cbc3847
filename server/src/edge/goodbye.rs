//! How a link ends, and what is said then.

use crate::app::App;
use crate::crypto::random;
use crate::live::Ended;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use std::net::IpAddr;
use std::time::Duration;
use tsumugi_protocol::{Close, CloseReason, Code};

/// Why a link ends: a code to say goodbye with, or nothing when nobody is there any more.
pub(super) type Goodbye = Option<Close>;

/// A frame that is no frame (not UTF-8, too large) is counted; a line that simply broke is nobody's fault.
pub(super) fn broken(app: &App, source: IpAddr, error: &axum::Error) -> Goodbye {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<std::io::Error>() {
            return None;
        }
        cause = error.source();
    }
    app.refusals.count(source, Code::BadFrame.as_str());
    Some(Close::BadFrame)
}

/// What is said to whoever's session or place ended.
pub(super) fn goodbye_of(why: Ended) -> Close {
    match why {
        Ended::SignedOut => Close::SignedOut,
        Ended::SessionIdle => Close::SessionIdle,
        Ended::Displaced => Close::Displaced,
        Ended::GoingAway => Close::GoingAway,
    }
}

/// Says it, and lets the client answer.
pub(super) async fn say_goodbye(socket: &mut WebSocket, goodbye: Goodbye) {
    let Some(close) = goodbye else { return };
    tracing::debug!(code = close.code(), "a link was closed");
    let retry_after_ms = match close {
        Close::GoingAway | Close::Fault => Some(jittered()),
        _ => None,
    };
    let reason = serde_json::to_string(&CloseReason { retry_after_ms }).unwrap_or_default();
    let message = Message::Close(Some(CloseFrame { code: close.code(), reason: reason.into() }));
    // Nobody may be there any more.
    if let Ok(Ok(())) = tokio::time::timeout(Duration::from_secs(2), socket.send(message)).await {
        let answered = async { while let Some(Ok(_)) = socket.recv().await {} };
        tokio::time::timeout(Duration::from_secs(1), answered).await.ok();
    }
}

/// 0.5 to 3 seconds, different for everybody, so that not all come back at once.
fn jittered() -> u64 {
    500 + u64::from(u16::from_le_bytes(random::bytes::<2>())) * 2_500 / u64::from(u16::MAX)
}
