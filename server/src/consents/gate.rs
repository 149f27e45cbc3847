//! What a room's consent lets be done in it (K-66): nothing is shared without one, and nothing is read once it is withdrawn.

use super::store;
use crate::error::Result;
use crate::policy::{ConsentGate, Profile};
use crate::rooms::Steering;
use crate::store::Conn;
use tsumugi_protocol::{Code, OfficeId, RoomConsent};

/// Whether what is said of a room's patient may be shared there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sharing(pub RoomConsent);

impl Sharing {
    /// How it stands under the region's rules: without a consent, what does not leave the office may go on where the rules ask
    /// for one only before it does.
    #[must_use]
    pub fn under(self, gate: ConsentGate) -> RoomConsent {
        match (gate, self.0) {
            (ConsentGate::BeforeExternal, RoomConsent::Missing) => RoomConsent::Inside,
            (ConsentGate::BeforeExternal | ConsentGate::BeforeAnyPost, other) => other,
        }
    }

    /// Whether something may be written in the room.
    ///
    /// # Errors
    /// `consent_missing`, `consent_excludes_sharing`, `use_stopped`.
    pub fn let_write(self, rules: &Profile) -> Result<(), Code> {
        match self.under(rules.consent_gate) {
            RoomConsent::Missing => Err(Code::ConsentMissing),
            RoomConsent::InForce
            | RoomConsent::Inside
            | RoomConsent::Excluded
            | RoomConsent::Withdrawn
            | RoomConsent::Stopped => self.let_read(),
        }
    }

    /// Whether what was written in it may be read: what has no consent yet holds nothing, what lost it is closed.
    ///
    /// # Errors
    /// `consent_excludes_sharing`, `use_stopped`.
    pub fn let_read(self) -> Result<(), Code> {
        match self.0 {
            RoomConsent::InForce | RoomConsent::Inside | RoomConsent::Missing => Ok(()),
            RoomConsent::Excluded => Err(Code::ConsentExcludesSharing),
            RoomConsent::Withdrawn | RoomConsent::Stopped => Err(Code::UseStopped),
        }
    }

    /// Whether somebody of that office, or of the patient's own people, may be brought into a room.
    ///
    /// # Errors
    /// As [`Sharing::let_write`]; `consent_missing` also for the first one from outside (002-5b).
    pub async fn let_invite(
        conn: &mut Conn,
        (steering, rules): (&Steering, &Profile),
        office: Option<OfficeId>,
    ) -> Result<()> {
        if !steering.is_timeline() {
            return Ok(());
        }
        let sharing = Self(store::of_room(conn, steering.room).await?);
        Ok(sharing.let_come(rules, office.is_some() && office != steering.office)?)
    }

    /// Whether somebody who was asked before there was a consent may join: nobody from outside, where the office that answers for
    /// the patient goes on by itself meanwhile.
    ///
    /// # Errors
    /// `consent_missing`.
    pub fn let_join(self, rules: &Profile, is_outside: bool) -> Result<(), Code> {
        match (self.under(rules.consent_gate), is_outside) {
            (RoomConsent::Inside, true) => Err(Code::ConsentMissing),
            _ => Ok(()),
        }
    }

    fn let_come(self, rules: &Profile, is_outside: bool) -> Result<(), Code> {
        self.let_write(rules)?;
        self.let_join(rules, is_outside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{FLOOR, Policies};

    #[test]
    fn what_a_consent_lets_be_done_by_table() {
        use Code::{ConsentExcludesSharing, ConsentMissing, UseStopped};
        use ConsentGate::{BeforeAnyPost, BeforeExternal};
        use RoomConsent::{Excluded, InForce, Missing, Stopped, Withdrawn};
        let floor = Policies::shipped().unwrap().named(FLOOR).unwrap();
        // Written; read; somebody of the same office brought in; somebody of another one.
        for (gate, consent, expected) in [
            (BeforeAnyPost, InForce, [None; 4]),
            (
                BeforeAnyPost,
                Missing,
                [Some(ConsentMissing), None, Some(ConsentMissing), Some(ConsentMissing)],
            ),
            (BeforeExternal, InForce, [None; 4]),
            (BeforeExternal, Missing, [None, None, None, Some(ConsentMissing)]),
            (BeforeAnyPost, Excluded, [Some(ConsentExcludesSharing); 4]),
            (BeforeExternal, Excluded, [Some(ConsentExcludesSharing); 4]),
            (BeforeAnyPost, Withdrawn, [Some(UseStopped); 4]),
            (BeforeExternal, Withdrawn, [Some(UseStopped); 4]),
            (BeforeAnyPost, Stopped, [Some(UseStopped); 4]),
            (BeforeExternal, Stopped, [Some(UseStopped); 4]),
        ] {
            let (sharing, rules) = (Sharing(consent), Profile { consent_gate: gate, ..(*floor).clone() });
            let found = [
                sharing.let_write(&rules),
                sharing.let_read(),
                sharing.let_come(&rules, false),
                sharing.let_come(&rules, true),
            ];
            assert_eq!(found.map(Result::err), expected, "{gate:?} {consent:?}");
        }
    }
}
