//! Opening a session: its token is handed out once, only the hash is kept.

use super::session::{Bound, Session, SessionParts};
use super::store;
use crate::accounts::{self, Arrival};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::random;
use crate::crypto::secret::Secret;
use crate::crypto::tokens::{Purpose, TokenHash};
use crate::devices::Admission;
use crate::error::Result;
use crate::notices::Notice;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::{
    AccountState, Code, ExceptionId, Factor, Millis, Next, NoticeKind, RosterPersonId, SessionId,
};
use uuid::Uuid;

/// † How long a program is remembered that an account was signed in with.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A session about to be opened.
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// The token.
    pub token: Secret,
    /// What is stored of it.
    pub hash: TokenHash,
}

/// Where a session comes from, and what it is bound to.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The program, in two words.
    pub client: String,
    /// The certificate that the connection was opened with.
    pub certificate: Option<Bound>,
    /// The exception from the rule of devices that she declared for herself and shows.
    pub exception: Option<ExceptionId>,
}

impl Origin {
    /// What was shown altogether. Whether the certificate is one that counts, [`NewSession::of`] decides.
    #[must_use]
    pub fn factors(&self, shown: &[Factor]) -> Vec<Factor> {
        let mut all = shown.to_vec();
        all.extend(self.certificate.map(|_| Factor::Certificate));
        all
    }
}

impl NewSession {
    /// For somebody who has shown who she is, on a device that her account may use.
    ///
    /// # Errors
    /// As [`Admission::of`].
    pub async fn of(
        app: &App,
        conn: &mut Conn,
        arrival: &Arrival,
        origin: &Origin,
        (factors, next): (&[Factor], Vec<Next>),
    ) -> Result<Self> {
        let account = &arrival.account;
        let shown = origin.certificate.map(|bound| bound.fingerprint);
        let admission =
            Admission::among(app, conn, (account, &arrival.places), (shown, origin.exception)).await?;
        let span = app.policies.session_span(arrival.profiles());
        let now = app.clock.now();
        let (token, hash) = app.tokens.issue(Purpose::Session);
        let session = Session::new(SessionParts {
            id: SessionId(random::new_id(&app.clock)),
            account: account.id,
            kind: account.kind,
            lang: account.lang,
            is_restricted: account.state == AccountState::Restricted,
            factors: factors.to_vec(),
            next,
            acting: None,
            device: admission.device.map(|device| device.0),
            bound: origin.certificate,
            exception: admission.exception,
            opened_at: now,
            last_act: now,
            span,
        });
        Ok(Self { session, token, hash })
    }

    /// One that takes the place of `old` in the same account: the token changes at every step (T28). It stands no longer
    /// than the old one would have.
    #[must_use]
    pub fn after(app: &App, old: &Session, factors: &[Factor], next: &[Next]) -> Self {
        let (token, hash) = app.tokens.issue(Purpose::Session);
        let session = Session::new(SessionParts {
            id: SessionId(random::new_id(&app.clock)),
            account: old.account,
            kind: old.kind,
            lang: old.lang,
            is_restricted: old.is_restricted,
            factors: factors.to_vec(),
            next: next.to_vec(),
            acting: old.acting,
            device: old.device,
            bound: old.bound,
            exception: old.exception,
            opened_at: old.opened_at,
            last_act: app.clock.now(),
            span: old.span,
        });
        Self { session, token, hash }
    }

    /// The same for a session in which somebody of the roster acts; whole but for what she lacks.
    #[must_use]
    pub fn acting(app: &App, old: &Session, person: RosterPersonId, next: &[Next]) -> Self {
        let mut new = Self::after(app, old, &old.factors, next);
        new.session.acting = Some(person);
        new
    }

    /// The rows of its opening: the session, and who came in how.
    #[must_use]
    pub fn rows(&self, act: &'static str, origin: &Origin, now: Millis) -> Opening {
        let (id, account) = (self.session.id, self.session.account);
        let entry = Entry { at: now, act, account: Some(account), session: Some(id), ..Entry::default() };
        let row = SessionRow {
            id: self.session.id,
            account,
            hash: self.hash,
            factors: joined(&self.session.factors, |factor| factor.as_str()),
            next: joined(&self.session.next, |next| next.as_str()),
            acting: self.session.acting,
            client: origin.client.clone(),
            device: self.session.device,
            bound: self.session.bound,
            exception: self.session.exception.map(|(id, _)| id),
            opened_at: self.session.opened_at,
        };
        Opening { row, entry, password: None }
    }
}

fn joined<T: Copy>(words: &[T], word: impl Fn(T) -> &'static str) -> String {
    words.iter().map(|one| word(*one)).collect::<Vec<_>>().join(",")
}

/// A session as it is stored when it opens.
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account: tsumugi_protocol::AccountId,
    /// Of its token.
    pub hash: TokenHash,
    /// What was shown.
    pub factors: String,
    /// What is lacking.
    pub next: String,
    /// Who acts.
    pub acting: Option<RosterPersonId>,
    /// The program, in two words.
    pub client: String,
    /// Device of the ledger.
    pub device: Option<Uuid>,
    /// Certificate it is bound to.
    pub bound: Option<Bound>,
    /// Exception under which it was opened.
    pub exception: Option<ExceptionId>,
    /// Since when it stands.
    pub opened_at: Millis,
}

/// What opening a session writes.
pub struct Opening {
    row: SessionRow,
    entry: Entry,
    password: Option<Millis>,
}

impl Opening {
    /// Names in the audit whom it is about.
    #[must_use]
    pub fn about(mut self, subject: Uuid) -> Self {
        self.entry.subject = Some(subject);
        self
    }

    /// Names in the audit which version of rules it is about.
    #[must_use]
    pub fn under(mut self, version: &str) -> Self {
        self.entry.detail = Some(format!(r#"{{"version":"{version}"}}"#));
        self
    }

    /// It opens only while the password is the one that was set then: whoever knew it until a moment ago does not come in after
    /// it was changed.
    #[must_use]
    pub fn while_password_is_of(mut self, set_at: Millis) -> Self {
        self.password = Some(set_at);
        self
    }

    /// Writes it, if account, device and certificate still let it: every way in comes through here.
    ///
    /// # Errors
    /// `sign_in_failed` for an account that was suspended or closed since it was looked at, or whose password is another, or
    /// that has to set a new one now, or say who acts; as [`Admission::of`]; when it
    /// cannot be stored.
    pub async fn write(&self, app: &App, tx: &mut Tx) -> Result<()> {
        let account = accounts::store::account(tx.conn(), self.row.account).await?;
        let account = account.filter(|account| account.is_active).ok_or(Code::SignInFailed)?;
        if self.password.is_some_and(|set_at| set_at != account.password_set_at) {
            return Err(Code::SignInFailed.into());
        }
        // Who reported a loss meanwhile wants a new password of whoever comes in.
        let is_told = self.row.next.split(',').any(|next| next == Next::NewPassword.as_str());
        if account.must_change && !is_told {
            return Err(Code::SignInFailed.into());
        }
        // Nobody comes in to an account that was shared meanwhile without saying who she is.
        let is_asked = self.row.next.split(',').any(|next| next == Next::ActingPerson.as_str());
        let is_said = is_asked || self.row.acting.is_some();
        if account.is_shared != is_said {
            return Err(Code::SignInFailed.into());
        }
        // A stop or a revocation ends what stands, and lets nothing in after it.
        let shown = self.row.bound.map(|bound| bound.fingerprint);
        let admission = Admission::of(app, tx.conn(), &account, (shown, self.row.exception)).await?;
        let under = admission.exception.map(|(id, _)| id);
        if admission.device.map(|device| device.0) != self.row.device || under != self.row.exception {
            return Err(Code::DeviceNotRegistered.into());
        }
        tx.insert_session(&self.row, self.entry.at).await?;
        Ok(app.audit.append(tx, &self.entry).await?)
    }

    /// Writes it and tells its person where the account was not signed in with that program lately.
    ///
    /// # Errors
    /// As [`Opening::write`].
    pub async fn come_in(&self, app: &App, tx: &mut Tx) -> Result<()> {
        let span = i64::try_from(REMEMBERED.as_millis()).unwrap_or(i64::MAX);
        let since = Millis(self.entry.at.0.saturating_sub(span));
        let is_new = store::is_client_new(tx.conn(), self.row.account, &self.row.client, since).await?;
        self.write(app, tx).await?;
        if !is_new {
            return Ok(());
        }
        let named = Notice::of(NoticeKind::SignedInNewDevice);
        let named = if self.row.client.is_empty() { named } else { named.naming(&self.row.client) };
        named.tell(app, tx, self.row.account).await
    }

    /// Writes it and ends the one whose place it takes.
    ///
    /// # Errors
    /// `signed_out` when that ended meanwhile; as [`Opening::write`].
    pub async fn replace(&self, app: &App, tx: &mut Tx, old: &Arc<Session>) -> Result<()> {
        tx.let_stand(old)?;
        // Before the old one ends: what is refused here leaves it as it was.
        self.write(app, tx).await?;
        tx.end_session(old.id, "replaced", self.entry.at).await?;
        tx.ends_with_commit(old);
        let (inner, old) = (app.clone(), old.clone());
        tx.after_commit(move || inner.live.cut(old.account, old.id));
        Ok(())
    }
}
