//! Ending sessions: for the acts that come after it in its batch at once, for everybody else with the commit.

use super::held::Which;
use super::session::{Over, Session};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::live::Ended;
use crate::store::Tx;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tsumugi_protocol::{AccountId, Code, Millis, OfficeId, SessionId};
use uuid::Uuid;

/// Sessions that acts of this batch have ended.
#[derive(Default)]
struct Ending {
    /// Those whose end is seen in memory: they say so themselves once the batch is stored.
    sessions: Vec<Arc<Session>>,
    /// By account, until the batch is stored: from then on memory says so, and later sessions are not meant.
    accounts: Vec<(AccountId, Which, Arc<AtomicBool>)>,
}

impl Tx {
    /// The session ends with this batch; the acts that come after it in the batch know it already.
    pub fn ends_with_commit(&mut self, session: &Arc<Session>) {
        let ending = self.memory::<Ending>().get_or_insert_default();
        // Those of earlier batches have ended by now and say so themselves.
        ending.sessions.retain(|earlier| !earlier.is_ended());
        ending.sessions.push(session.clone());
        let session = session.clone();
        self.after_commit(move || session.end(Over::Ended));
    }

    /// Ends sessions of an account: their rows now, their tokens and open links with the commit. How many ended.
    ///
    /// # Errors
    /// When the rows cannot be written.
    pub async fn end_sessions(
        &mut self,
        app: &App,
        account: AccountId,
        which: Which,
        why: &'static str,
        now: Millis,
    ) -> Result<u64> {
        let ended = self.end_session_rows(account, which, why, now).await?;
        let is_stored = Arc::new(AtomicBool::new(false));
        let ending = self.memory::<Ending>().get_or_insert_default();
        ending.accounts.retain(|(_, _, is_stored)| !is_stored.load(Ordering::Acquire));
        ending.accounts.push((account, which, is_stored.clone()));
        let app = app.clone();
        self.after_commit(move || {
            is_stored.store(true, Ordering::Release);
            app.sessions.end(account, which);
            app.live.cut_those(account, |session| which.has(session), Ended::SignedOut);
        });
        Ok(ended)
    }

    /// Ends all sessions of an account, but for one where there is one.
    ///
    /// # Errors
    /// As [`Tx::end_sessions`].
    pub async fn end_sessions_of(
        &mut self,
        app: &App,
        account: AccountId,
        except: Option<SessionId>,
        why: &'static str,
        now: Millis,
    ) -> Result<u64> {
        self.end_sessions(app, account, Which::AllBut(except), why, now).await
    }

    /// Ends the sessions of a device of the ledger.
    ///
    /// # Errors
    /// As [`Tx::end_sessions`].
    pub async fn end_sessions_of_device(
        &mut self,
        app: &App,
        device: Uuid,
        why: &'static str,
        now: Millis,
    ) -> Result<()> {
        for (account, id) in store::sessions_on(self.conn(), device).await? {
            self.end_sessions(app, account, Which::One(id), why, now).await?;
        }
        Ok(())
    }

    /// Ends the sessions of an account on the devices of an office, once it works there no longer: nobody comes in with
    /// them, and nobody stays in. How many ended.
    ///
    /// # Errors
    /// As [`Tx::end_sessions`].
    pub async fn end_sessions_outliving(
        &mut self,
        app: &App,
        (account, office): (AccountId, OfficeId),
        why: &'static str,
        now: Millis,
    ) -> Result<u64> {
        let mut ended = 0;
        for id in store::sessions_outliving(self.conn(), account, office).await? {
            ended += self.end_sessions(app, account, Which::One(id), why, now).await?;
        }
        Ok(ended)
    }

    /// Ends the sessions that are bound to a certificate.
    ///
    /// # Errors
    /// As [`Tx::end_sessions`].
    pub async fn end_sessions_bound_to(
        &mut self,
        app: &App,
        fingerprint: &[u8],
        why: &'static str,
        now: Millis,
    ) -> Result<()> {
        for (account, id) in store::sessions_bound(self.conn(), fingerprint).await? {
            self.end_sessions(app, account, Which::One(id), why, now).await?;
        }
        Ok(())
    }

    /// Lets an act go on for a session that stands, also after the earlier acts of its batch.
    ///
    /// # Errors
    /// `signed_out`, `session_idle`.
    pub fn let_stand(&mut self, who: &Session) -> Result<()> {
        if let Some(over) = who.over() {
            return Err(over.code().into());
        }
        let ending = self.memory::<Ending>().as_ref();
        let ends_here = ending.is_some_and(|ending| {
            ending.sessions.iter().any(|session| session.id == who.id)
                || ending.accounts.iter().any(|(account, which, is_stored)| {
                    *account == who.account && which.has(who.id) && !is_stored.load(Ordering::Acquire)
                })
        });
        if ends_here { Err(Code::SignedOut.into()) } else { Ok(()) }
    }
}
