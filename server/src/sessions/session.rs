//! One signed-in device of a person: what it has shown, what it lacks, and until when it stands.

use super::AtOnce;
use crate::accounts::Pace;
use crate::crypto::device_authority::Fingerprint;
use crate::policy::SessionSpan;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};
use tsumugi_protocol::{
    AccountId, Code, ExceptionId, Factor, Lang, Millis, Next, PersonKind, RosterPersonId, SessionEnd,
    SessionId, command::Asker,
};
use uuid::Uuid;

/// A signed-in device of a person.
#[derive(Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Language of the account.
    pub lang: Lang,
    /// Its account may only read (000-note(2)b).
    pub is_restricted: bool,
    /// What is left of the account's budget of commands; all its sessions share it.
    pub pace: Arc<Pace>,
    /// The latest act of the account; all its sessions share it.
    pub at_once: Arc<AtOnce>,
    /// How its person showed who she is.
    pub factors: Vec<Factor>,
    /// What it still lacks; empty once it is whole.
    pub next: Vec<Next>,
    /// Of a shared account: who acts.
    pub acting: Option<RosterPersonId>,
    /// The device of the ledger it runs on, where that is known.
    pub device: Option<Uuid>,
    /// The certificate it is bound to.
    pub bound: Option<Bound>,
    /// The exception from the rule of devices under which it was opened, and when that ends at the latest.
    pub exception: Option<(ExceptionId, Millis)>,
    /// Since when it stands.
    pub opened_at: Millis,
    /// How long it may stand.
    pub span: SessionSpan,
    last_act: AtomicI64,
    /// Whether the row does not know the last act yet.
    is_unwritten: AtomicBool,
    ended: AtomicU8,
}

/// The certificate of a device that a session was opened with: it is good on connections that show the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// By which it is recognised.
    pub fingerprint: Fingerprint,
    /// The end of its time; the session stands no longer.
    pub until: Millis,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Its person, or somebody who may, ended it.
    Ended,
    /// Nobody did anything for too long, or it stood as long as it may (002-1.2(1)d).
    Idle,
    /// The time of the certificate it is bound to is over.
    Unbound,
    /// The exception from the rule of devices under which it was opened is over.
    Excepted,
}

impl Over {
    const fn mark(self) -> u8 {
        match self {
            Self::Ended => 1,
            Self::Idle => 2,
            Self::Unbound => 3,
            Self::Excepted => 4,
        }
    }

    /// What whoever still shows its token is told.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Ended => Code::SignedOut,
            Self::Idle => Code::SessionIdle,
            Self::Unbound => Code::ClientCertificateRequired,
            Self::Excepted => Code::ExceptionOver,
        }
    }
}

/// What makes a session, from its row or for a new one.
pub struct SessionParts {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Language of the account.
    pub lang: Lang,
    /// Its account may only read.
    pub is_restricted: bool,
    /// What was shown.
    pub factors: Vec<Factor>,
    /// What is lacking.
    pub next: Vec<Next>,
    /// Who acts.
    pub acting: Option<RosterPersonId>,
    /// Device of the ledger.
    pub device: Option<Uuid>,
    /// Certificate it is bound to.
    pub bound: Option<Bound>,
    /// Exception under which it was opened, with its end.
    pub exception: Option<(ExceptionId, Millis)>,
    /// Since when.
    pub opened_at: Millis,
    /// Last act of its person.
    pub last_act: Millis,
    /// How long it may stand.
    pub span: SessionSpan,
}

impl Session {
    /// A session that has not ended.
    #[must_use]
    pub fn new(parts: SessionParts) -> Self {
        Self {
            id: parts.id,
            account: parts.account,
            kind: parts.kind,
            lang: parts.lang,
            is_restricted: parts.is_restricted,
            pace: Arc::default(),
            at_once: Arc::default(),
            factors: parts.factors,
            next: parts.next,
            acting: parts.acting,
            device: parts.device,
            bound: parts.bound,
            exception: parts.exception,
            opened_at: parts.opened_at,
            span: parts.span,
            last_act: AtomicI64::new(parts.last_act.0),
            is_unwritten: AtomicBool::new(false),
            ended: AtomicU8::new(0),
        }
    }

    /// Why it ended, if it has: then it is nobody's.
    #[must_use]
    pub fn over(&self) -> Option<Over> {
        match self.ended.load(Ordering::Acquire) {
            0 => None,
            2 => Some(Over::Idle),
            3 => Some(Over::Unbound),
            4 => Some(Over::Excepted),
            _ => Some(Over::Ended),
        }
    }

    /// Whether it ended.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.over().is_some()
    }

    /// It ended, from now on and everywhere; the first reason stays.
    pub fn end(&self, why: Over) {
        self.ended.compare_exchange(0, why.mark(), Ordering::AcqRel, Ordering::Acquire).ok();
    }

    /// Why it ends by itself at that moment, if it does: its certificate is over, or it has stood too long without an act, or
    /// altogether.
    #[must_use]
    pub fn overdue(&self, now: Millis) -> Option<Over> {
        if self.bound.is_some_and(|bound| now >= bound.until) {
            return Some(Over::Unbound);
        }
        if self.exception.is_some_and(|(_, until)| now >= until) {
            return Some(Over::Excepted);
        }
        let is_idle =
            now >= self.last_act().plus(self.span.idle) || now >= self.opened_at.plus(self.span.whole);
        is_idle.then_some(Over::Idle)
    }

    /// Lets a command go on: of a session that stands, and is whole where the command asks for that.
    ///
    /// # Errors
    /// `signed_out`, `session_idle`, `client_certificate_required`, `exception_over`; `second_factor_required`,
    /// `password_expired`, `acting_person_required`, `rules_not_acknowledged`.
    pub fn admit(&self, asker: Asker, now: Millis) -> Result<(), Code> {
        // The job that ends those that are overdue comes by every second.
        if let Some(over) = self.over().or_else(|| self.overdue(now)) {
            return Err(over.code());
        }
        match (asker, self.next.first()) {
            (Asker::SignedIn, Some(Next::SecondFactor)) => Err(Code::SecondFactorRequired),
            (Asker::SignedIn, Some(Next::NewPassword)) => Err(Code::PasswordExpired),
            (Asker::SignedIn, Some(Next::ActingPerson)) => Err(Code::ActingPersonRequired),
            (Asker::SignedIn, Some(Next::Rules)) => Err(Code::RulesNotAcknowledged),
            _ => Ok(()),
        }
    }

    /// Lets an act go on that writes something others read, or does something about others.
    ///
    /// # Errors
    /// `account_restricted`.
    pub fn let_write(&self) -> Result<(), Code> {
        if self.is_restricted { Err(Code::AccountRestricted) } else { Ok(()) }
    }

    /// Lets an act go on that is the holder's of an account: of one that several people use nobody is (003-form1※b).
    ///
    /// # Errors
    /// `not_while_shared`.
    pub fn let_keep(&self) -> Result<(), Code> {
        if self.acting.is_some() { Err(Code::NotWhileShared) } else { Ok(()) }
    }

    /// Its person did something on purpose.
    pub fn stir(&self, now: Millis) {
        if self.last_act.fetch_max(now.0, Ordering::AcqRel) < now.0 {
            self.is_unwritten.store(true, Ordering::Release);
        }
    }

    /// Notes from which network its person did something; whether the holder of the account is to be told that another session
    /// acts from another one. People who share an account do.
    #[must_use]
    pub fn acts_elsewhere(&self, network: IpAddr, now: Millis) -> bool {
        self.acting.is_none() && self.at_once.acts(self.id, network, now)
    }

    /// When its person last did something.
    #[must_use]
    pub fn last_act(&self) -> Millis {
        Millis(self.last_act.load(Ordering::Acquire))
    }

    /// The last act, once, where the row does not know it yet.
    pub fn take_unwritten(&self) -> Option<Millis> {
        self.is_unwritten.swap(false, Ordering::AcqRel).then(|| self.last_act())
    }

    /// The row could not be written after all.
    pub fn is_unwritten_still(&self) {
        self.is_unwritten.store(true, Ordering::Release);
    }

    /// What its client is told of its end.
    #[must_use]
    pub fn ends(&self) -> SessionEnd {
        let ms = |span: std::time::Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        SessionEnd {
            idle_ms: ms(self.span.idle),
            at: self.opened_at.plus(self.span.whole),
            blank_ms: ms(self.span.blank),
        }
    }
}

#[cfg(test)]
impl Session {
    /// Somebody's session, for tests of what lies behind the door.
    pub fn for_test(id: SessionId, account: AccountId) -> Self {
        use std::time::Duration;
        let span = SessionSpan {
            idle: Duration::from_secs(1_800),
            whole: Duration::from_secs(43_200),
            blank: Duration::from_secs(300),
        };
        Self::new(SessionParts {
            id,
            account,
            kind: PersonKind::Staff,
            lang: Lang::Ja,
            is_restricted: false,
            factors: vec![Factor::Password],
            next: Vec::new(),
            acting: None,
            device: None,
            bound: None,
            exception: None,
            opened_at: Millis(0),
            last_act: Millis(0),
            span,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session::for_test(SessionId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)))
    }

    fn told(session: &Session, asker: Asker, minutes: i64, ms: i64) -> Result<(), Code> {
        session.admit(asker, Millis(minutes * 60_000 + ms))
    }

    // clause("002-1.2(1)d")
    #[test]
    fn it_stands_until_half_an_hour_after_the_last_act_and_twelve_hours_at_most() {
        let session = session();
        assert_eq!(told(&session, Asker::SignedIn, 30, -1), Ok(()));
        assert_eq!(told(&session, Asker::SignedIn, 30, 0), Err(Code::SessionIdle));
        for minutes in (0..720).step_by(29) {
            session.stir(Millis(minutes * 60_000));
        }
        assert_eq!(told(&session, Asker::SignedIn, 720, -1), Ok(()));
        assert_eq!(told(&session, Asker::SignedIn, 720, 0), Err(Code::SessionIdle));
    }

    #[test]
    fn an_act_that_comes_late_does_not_turn_the_clock_back_and_is_written_once() {
        let session = session();
        assert_eq!(session.take_unwritten(), None);
        session.stir(Millis(9));
        session.stir(Millis(5));
        assert_eq!((session.take_unwritten(), session.take_unwritten()), (Some(Millis(9)), None));
        session.is_unwritten_still();
        assert_eq!(session.take_unwritten(), Some(Millis(9)));
    }

    #[test]
    fn until_it_is_whole_only_the_steps_of_coming_in_are_open() {
        for (next, code) in [
            (Next::SecondFactor, Code::SecondFactorRequired),
            (Next::NewPassword, Code::PasswordExpired),
            (Next::Rules, Code::RulesNotAcknowledged),
        ] {
            let session = Session { next: vec![next], ..session() };
            assert_eq!(told(&session, Asker::SignedIn, 0, 0), Err(code));
            assert_eq!(told(&session, Asker::Arriving, 0, 0), Ok(()));
            assert_eq!(told(&session, Asker::Arriving, 30, 0), Err(Code::SessionIdle));
        }
    }

    #[test]
    fn it_stands_no_longer_than_the_certificate_it_is_bound_to() {
        let bound = Bound { fingerprint: Fingerprint([7; 32]), until: Millis(600_000) };
        let session = Session { bound: Some(bound), ..session() };
        assert_eq!(told(&session, Asker::SignedIn, 10, -1), Ok(()));
        for asker in [Asker::SignedIn, Asker::Arriving] {
            assert_eq!(told(&session, asker, 10, 0), Err(Code::ClientCertificateRequired));
        }
        session.end(Over::Unbound);
        assert_eq!(session.over(), Some(Over::Unbound));
    }

    #[test]
    fn under_an_exception_it_stands_no_longer_than_that() {
        let exception = Some((ExceptionId(Uuid::from_u128(3)), Millis(600_000)));
        let session = Session { exception, ..session() };
        assert_eq!(told(&session, Asker::SignedIn, 10, -1), Ok(()));
        for asker in [Asker::SignedIn, Asker::Arriving] {
            assert_eq!(told(&session, asker, 10, 0), Err(Code::ExceptionOver));
        }
        session.end(Over::Excepted);
        assert_eq!(session.over(), Some(Over::Excepted));
    }

    #[test]
    fn the_first_end_is_the_one_that_is_told() {
        let session = session();
        session.end(Over::Idle);
        session.end(Over::Ended);
        assert_eq!(session.over(), Some(Over::Idle));
        assert_eq!(told(&session, Asker::Arriving, 0, 0), Err(Code::SessionIdle));
    }
}
