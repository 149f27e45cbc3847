//! Professional verification: the region's desk looks at a licence or the like, and a mark says so (002-gl4).

mod ask;
mod decide;
mod document;
mod forget;
mod mine;
mod operator;
mod rules;
mod settle;
pub(crate) mod store;
mod waiting;

pub use ask::ask;
pub use decide::decide;
pub use document::document;
pub use forget::forget_documents;
pub use mine::mine;
pub use operator::{WaitingSeen, all_waiting, decide_as_operator};
pub use waiting::waiting;

use crate::app::App;
use crate::bodies::{self, body_of};
use crate::error::Result;
use crate::store::Conn;
use serde::{Deserialize, Serialize};
use store::VerificationRow;
use tsumugi_protocol::{Verification, VerificationId};

/// The sealed document.
#[derive(Serialize, Deserialize)]
pub(crate) struct DocumentBody {
    /// Format of this object.
    pub v: u8,
    /// The JPEG, in base64.
    pub image: String,
}

body_of!(DocumentBody, "verifications", VerificationId);

/// The sealed reason of a decision.
#[derive(Serialize, Deserialize)]
pub(crate) struct DecisionBody {
    /// Format of this object.
    pub v: u8,
    /// In the reviewer's words.
    pub reason: String,
}

body_of!(DecisionBody, "verifications.reason", VerificationId);

impl VerificationRow {
    async fn shown(self, app: &App, conn: &mut Conn) -> Result<Verification> {
        let reason = match &self.reason {
            Some(sealed) => Some(bodies::open::<DecisionBody>(app, self.id, sealed).await?.reason),
            None => None,
        };
        Ok(Verification {
            verification: self.id,
            card: (*app.cards.one(app, conn, self.card).await?).clone(),
            occupation: self.occupation,
            state: self.state,
            asked_at: self.asked_at,
            decided_at: self.decided_at,
            reason,
            has_document: self.has_document,
        })
    }
}
