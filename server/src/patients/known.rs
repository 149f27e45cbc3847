//! The patients whom somebody knows, opened once and kept in memory, for a look at what she is about to write (F-42).

use super::signs::Signs;
use super::{PatientBody, store};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::store::Conn;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tsumugi_protocol::{AccountId, PatientId};

/// Past this many patients, memory starts anew.
const HELD: usize = 20_000;

/// Signs of patients as they were stored when they were opened.
#[derive(Default)]
pub struct Known(Mutex<HashMap<PatientId, Held>>);

struct Held {
    sealed: Box<[u8]>,
    signs: Arc<Signs>,
}

impl Known {
    /// The patients whom somebody has to do with. One that does not open, since she was erased, is nobody's.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn to(
        &self,
        app: &App,
        conn: &mut Conn,
        who: AccountId,
    ) -> Result<Vec<(PatientId, Arc<Signs>)>> {
        let mut known = Vec::new();
        for (id, sealed) in store::known_to(conn, who).await? {
            let held = self.at(id, &sealed);
            let signs = match held {
                Some(signs) => signs,
                None => match bodies::open::<PatientBody>(app, id, &sealed).await {
                    Ok(body) => self.keep(id, &sealed, Signs::of(&body)),
                    Err(_) => continue,
                },
            };
            known.push((id, signs));
        }
        Ok(known)
    }

    fn at(&self, id: PatientId, sealed: &[u8]) -> Option<Arc<Signs>> {
        self.held().get(&id).filter(|held| *held.sealed == *sealed).map(|held| held.signs.clone())
    }

    fn keep(&self, id: PatientId, sealed: &[u8], signs: Signs) -> Arc<Signs> {
        let signs = Arc::new(signs);
        let mut held = self.held();
        if held.len() >= HELD {
            held.clear();
        }
        held.insert(id, Held { sealed: sealed.into(), signs: signs.clone() });
        signs
    }

    fn held(&self) -> MutexGuard<'_, HashMap<PatientId, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
