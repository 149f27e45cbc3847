//! The ways of being shut out, and how often each is gone.

use crate::harness::Engine;

/// How somebody is shut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Her other device ends this session.
    Ended,
    /// Her other device ends all but its own.
    OthersEnded,
    /// She leaves.
    SignedOut,
    Suspended,
    Restricted,
    /// The device with the certificate that she came with is stopped.
    DeviceStopped,
    /// That device is given up.
    DeviceRetired,
    /// The certificate that she came with is revoked.
    CertificateRevoked,
    /// Her other device changes the password.
    PasswordChanged,
    /// The password is set anew by a link.
    PasswordReset,
    /// She reports a loss.
    LossReported,
    /// An admin secures her account after a report.
    Secured,
    /// Two admins give her passkeys up.
    FactorsGivenUp,
    /// Her place in the office ends, and with it her role there and her memberships.
    PlaceEnded,
    /// She closes her account.
    Closed,
    /// The roster of the account with which she came changes.
    RosterChanged,
}

/// Those that leave everything ready for the next round.
const OFTEN: [Way; 7] = [
    Way::Ended,
    Way::OthersEnded,
    Way::SignedOut,
    Way::Suspended,
    Way::Restricted,
    Way::DeviceStopped,
    Way::Secured,
];

/// Those for which something is made or hashed first.
const SELDOM: [Way; 9] = [
    Way::PasswordChanged,
    Way::CertificateRevoked,
    Way::LossReported,
    Way::PlaceEnded,
    Way::DeviceRetired,
    Way::RosterChanged,
    Way::PasswordReset,
    Way::Closed,
    Way::FactorsGivenUp,
];

impl Way {
    /// The rounds on that engine, each way in its turn.
    pub fn rounds(engine: Engine) -> Vec<Self> {
        let (rounds, every) = match engine {
            Engine::Sqlite => (500, 25),
            Engine::Postgres => (100, 11),
        };
        let of = |round: usize| match round % every {
            0 => SELDOM[round / every % SELDOM.len()],
            _ => OFTEN[round % OFTEN.len()],
        };
        let all: Vec<Self> = (0..rounds).map(of).collect();
        assert!(OFTEN.iter().chain(&SELDOM).all(|way| all.contains(way)), "none is left out");
        all
    }

    /// What the audit calls it.
    pub fn act(self) -> &'static str {
        match self {
            Self::Ended => "sessions.end",
            Self::OthersEnded => "sessions.end_others",
            Self::SignedOut => "accounts.sign_out",
            Self::Suspended => "accounts.suspend",
            Self::Restricted => "accounts.restrict",
            Self::DeviceStopped => "devices.stop",
            Self::DeviceRetired => "devices.retire",
            Self::CertificateRevoked => "devices.revoke_certificate",
            Self::PasswordChanged => "accounts.change_password",
            Self::PasswordReset => "accounts.reset",
            Self::LossReported => "incidents.report_mine",
            Self::Secured => "incidents.secure",
            Self::FactorsGivenUp => "passkeys.recovery_approve",
            Self::PlaceEnded => "offices.end_affiliation",
            Self::Closed => "accounts.close",
            Self::RosterChanged => "accounts.change_roster",
        }
    }
}
