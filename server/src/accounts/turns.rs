//! One attempt after the other for each name: whoever signs in from five windows at once is no guesser, and of guesses that
//! come at once each is counted before the next is looked at.

use crate::crypto::lookup::LookupHash;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as Line, OwnedMutexGuard};

/// Names that are being tried now. One source waits at most 32 times, as the throttle has it.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<Vec<u8>, Arc<Line<()>>>>);

impl Turns {
    /// Waits until nobody else tries that name in this process.
    pub async fn of(&self, name: &LookupHash) -> OwnedMutexGuard<()> {
        let line = {
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            lines.retain(|_, line| Arc::strong_count(line) > 1);
            lines.entry(name.as_bytes().to_vec()).or_default().clone()
        };
        line.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::lookup::Lookup;
    use crate::crypto::master::MasterKey;

    #[tokio::test]
    async fn a_name_is_tried_once_at_a_time_and_others_do_not_wait() {
        let (turns, lookup) = (Turns::default(), Lookup::of(&MasterKey::random()));
        let (one, other) = (lookup.sign_in_name("one"), lookup.sign_in_name("other"));
        let held = turns.of(&one).await;
        let mut next = Box::pin(turns.of(&one));
        assert!(futures_util::poll!(&mut next).is_pending());
        assert!(futures_util::poll!(Box::pin(turns.of(&other))).is_ready());
        drop(held);
        assert!(futures_util::poll!(&mut next).is_ready());
        drop(next);
        drop(turns.of(&other).await);
        assert_eq!(turns.0.lock().unwrap().len(), 1, "who was tried before is forgotten");
    }
}
