//! Who may do something about somebody else's account: the admins of an office she works for, and her region's desk.

use super::seats::Seat;
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, AccountState, Code};

/// What is known of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// It is one's own account.
    pub is_own: bool,
    /// Whoever asks is an admin of an office she works for.
    pub is_her_admin: bool,
    /// Whoever asks is of the desk of a region she works in.
    pub is_her_desk: bool,
    /// Whoever asks is an admin somewhere.
    pub is_admin: bool,
    /// She is the only admin of an office who has come in and may act.
    pub is_only_admin: bool,
    /// Without her an office had fewer of them than its rules ask for (K-47), or none.
    pub is_needed_admin: bool,
    /// She is the only one of a region's desk who has come in and may act.
    pub is_last_desk: bool,
    /// She answers for an account that several people use.
    pub answers_for_shared: bool,
    /// What her account is; nothing when there is none.
    pub state: Option<AccountState>,
}

impl Facts {
    /// What is known of the two.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub async fn of(app: &App, conn: &mut Conn, asking: AccountId, about: AccountId) -> Result<Self> {
        let ties = store::ties(conn, asking, about).await?;
        let row = store::account(conn, about).await?;
        let seats = Seat::all_of(app, conn, about).await?;
        Ok(Self {
            is_own: asking == about,
            is_her_admin: ties.as_admin,
            is_her_desk: ties.as_desk,
            is_admin: ties.is_admin,
            is_only_admin: seats.iter().any(|seat| seat.is_alone()),
            is_needed_admin: seats.iter().any(|seat| seat.is_needed()),
            is_last_desk: ties.last_desk_of,
            answers_for_shared: store::answers_for_shared(conn, about, None).await?,
            state: row.map(|row| row.state),
        })
    }

    /// Whether it may be done.
    ///
    /// # Errors
    /// `office_admin_only`; `other_office`, the same for an account of another office and one that is not there;
    /// `not_for_yourself`; `last_admin`, `last_desk`; `not_found` for a closed account, `holder_or_support_only` for closing it
    /// this way; `account_suspended` for a way into one that is.
    pub fn decide(&self, doing: Doing) -> Result<(), Code> {
        if !self.is_her_admin && !self.is_her_desk {
            return Err(if self.is_admin { Code::OtherOffice } else { Code::OfficeAdminOnly });
        }
        if self.is_own {
            return Err(Code::NotForYourself);
        }
        if matches!(self.state, None | Some(AccountState::Closed)) {
            return Err(Code::NotFound);
        }
        match doing {
            // Only its holder closes an account (002-2.1S4).
            Doing::SetState(AccountState::Closed) => Err(Code::HolderOrSupportOnly),
            Doing::SetState(AccountState::Restricted | AccountState::Suspended) => self.let_rest(),
            Doing::Reset if self.state == Some(AccountState::Suspended) => Err(Code::AccountSuspended),
            Doing::SetState(AccountState::Active)
            | Doing::Unlock
            | Doing::Reset
            | Doing::Share
            | Doing::Secure => Ok(()),
        }
    }

    /// Lets a person go for good: nothing may be left that nobody else answers for.
    ///
    /// # Errors
    /// `last_admin`, `last_desk`, `answers_for_shared`.
    pub fn let_go(&self) -> Result<(), Code> {
        self.let_rest()?;
        if self.answers_for_shared { Err(Code::AnswersForShared) } else { Ok(()) }
    }

    /// Lets a person do less for a while: an office and a desk go on without her.
    fn let_rest(&self) -> Result<(), Code> {
        match (self.is_needed_admin, self.is_last_desk) {
            (true, _) => Err(Code::LastAdmin),
            (false, true) => Err(Code::LastDesk),
            (false, false) => Ok(()),
        }
    }
}

/// What is to be done about the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Her sign-in opens again before its time.
    Unlock,
    /// A link to a new password goes to her address.
    Reset,
    /// Who shares the account.
    Share,
    /// What an incident about it asks for.
    Secure,
    /// What may be done with her account changes.
    SetState(AccountState),
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADMIN: Facts = Facts {
        is_own: false,
        is_her_admin: true,
        is_her_desk: false,
        is_admin: true,
        is_only_admin: false,
        is_needed_admin: false,
        is_last_desk: false,
        answers_for_shared: false,
        state: Some(AccountState::Active),
    };

    #[test]
    fn who_may_do_what_about_whom() {
        let stranger = Facts { is_her_admin: false, ..ADMIN };
        let suspend = Doing::SetState(AccountState::Suspended);
        for (facts, doing, expected) in [
            (ADMIN, Doing::Unlock, Ok(())),
            (ADMIN, Doing::Reset, Ok(())),
            (stranger, Doing::Reset, Err(Code::OtherOffice)),
            (Facts { is_own: true, ..ADMIN }, Doing::Reset, Err(Code::NotForYourself)),
            (
                Facts { state: Some(AccountState::Suspended), ..ADMIN },
                Doing::Reset,
                Err(Code::AccountSuspended),
            ),
            (ADMIN, suspend, Ok(())),
            (ADMIN, Doing::SetState(AccountState::Restricted), Ok(())),
            (ADMIN, Doing::SetState(AccountState::Closed), Err(Code::HolderOrSupportOnly)),
            (Facts { is_her_desk: true, is_admin: false, ..stranger }, suspend, Ok(())),
            (stranger, suspend, Err(Code::OtherOffice)),
            (stranger, Doing::Unlock, Err(Code::OtherOffice)),
            (Facts { state: None, ..stranger }, suspend, Err(Code::OtherOffice)),
            (Facts { is_admin: false, ..stranger }, suspend, Err(Code::OfficeAdminOnly)),
            (Facts { is_own: true, ..ADMIN }, suspend, Err(Code::NotForYourself)),
            (Facts { is_own: true, ..ADMIN }, Doing::Unlock, Err(Code::NotForYourself)),
            (Facts { is_needed_admin: true, ..ADMIN }, suspend, Err(Code::LastAdmin)),
            (Facts { is_needed_admin: true, ..ADMIN }, Doing::SetState(AccountState::Active), Ok(())),
            (Facts { is_needed_admin: true, ..ADMIN }, Doing::Unlock, Ok(())),
            (Facts { is_last_desk: true, ..ADMIN }, suspend, Err(Code::LastDesk)),
            (
                Facts { is_last_desk: true, ..ADMIN },
                Doing::SetState(AccountState::Restricted),
                Err(Code::LastDesk),
            ),
            (Facts { is_last_desk: true, ..ADMIN }, Doing::Reset, Ok(())),
            (Facts { answers_for_shared: true, ..ADMIN }, suspend, Ok(())),
            (Facts { state: Some(AccountState::Closed), ..ADMIN }, suspend, Err(Code::NotFound)),
        ] {
            assert_eq!(facts.decide(doing), expected, "{facts:?} {doing:?}");
        }
    }
}
