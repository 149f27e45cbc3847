//! Step-up: whether a session showed a moment ago who its person is.

use crate::error::Result;
use crate::sessions::Session;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tsumugi_protocol::{Code, Millis, SessionId};

/// How long a proof counts before a dangerous act.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// Sessions that proved who they are after they were opened. A restart forgets them: then it is proved again.
#[derive(Default)]
pub struct Fresh(Mutex<HashMap<SessionId, Millis>>);

impl Fresh {
    /// It did now.
    pub fn note(&self, session: SessionId, now: Millis) {
        let mut proved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        proved.retain(|_, at| now < at.plus(FRESH));
        proved.insert(session, now);
    }

    /// Lets a dangerous act go on.
    ///
    /// # Errors
    /// `step_up_required`.
    pub fn require(&self, who: &Session, now: Millis) -> Result<()> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&who.id).copied();
        let last = noted.unwrap_or(who.opened_at).max(who.opened_at);
        if now < last.plus(FRESH) { Ok(()) } else { Err(Code::StepUpRequired.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::AccountId;
    use uuid::Uuid;

    #[test]
    fn a_proof_counts_for_five_minutes_and_for_its_own_session() {
        let session = |n| Session::for_test(SessionId(Uuid::from_u128(n)), AccountId(Uuid::from_u128(9)));
        let (fresh, one, other) = (Fresh::default(), session(1), session(2));
        let told = |who: &Session, ms| fresh.require(who, Millis(ms)).is_ok();
        assert!(told(&one, 299_999) && !told(&one, 300_000), "since it was opened");
        fresh.note(one.id, Millis(900_000));
        assert!(told(&one, 1_199_999) && !told(&one, 1_200_000));
        assert!(!told(&other, 900_000));
    }
}
