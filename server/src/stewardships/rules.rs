//! What may be done about a transfer, by whom and until when (002-5.3a).

use super::Sides;
use tsumugi_protocol::{Code, Millis, TransferState};

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The receiving office agrees.
    Accept,
    /// It says no.
    Decline,
    /// The steward takes it back.
    Withdraw,
    /// The patient has consented anew.
    Complete,
}

impl Step {
    /// Whether somebody of these offices takes it.
    const fn is_hers(self, sides: Sides) -> bool {
        match self {
            Self::Accept | Self::Decline => sides.receives,
            Self::Withdraw => sides.gives,
            Self::Complete => sides.gives || sides.receives,
        }
    }

    /// Whether a state is what comes of it.
    const fn has_led_to(self, state: TransferState) -> bool {
        match self {
            Self::Accept => matches!(state, TransferState::AwaitingConsent | TransferState::Completed),
            Self::Decline => matches!(state, TransferState::Declined),
            Self::Withdraw => matches!(state, TransferState::Withdrawn),
            Self::Complete => matches!(state, TransferState::Completed),
        }
    }
}

/// Whether there is anything to do.
///
/// # Errors
/// `other_office` for the administrator of the office that it is not the business of; `offer_decided`;
/// `transfer_not_accepted` for a completion before the receiving office has agreed.
pub(super) fn decide(
    (state, until): (TransferState, Millis),
    sides: Sides,
    step: Step,
    now: Millis,
) -> Result<bool, Code> {
    use TransferState::{AwaitingConsent, Completed, Declined, Lapsed, Proposed, Withdrawn};
    if !step.is_hers(sides) {
        return Err(Code::OtherOffice);
    }
    if step.has_led_to(state) {
        return Ok(false);
    }
    match (state, step) {
        (Completed | Declined | Withdrawn | Lapsed, _) => Err(Code::OfferDecided),
        (Proposed | AwaitingConsent, _) if now >= until => Err(Code::OfferDecided),
        (Proposed, Step::Complete) => Err(Code::TransferNotAccepted),
        (Proposed | AwaitingConsent, _) => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL: Millis = Millis(1_000);

    #[test]
    fn every_step_from_every_state_by_both_sides() {
        use {Step::*, TransferState::*};
        let gives = Sides { gives: true, receives: false };
        let receives = Sides { gives: false, receives: true };
        let (over, other) = (Err(Code::OfferDecided), Err(Code::OtherOffice));
        let table = [
            (Proposed, receives, Accept, Ok(true)),
            (Proposed, gives, Accept, other),
            (AwaitingConsent, receives, Accept, Ok(false)),
            (Completed, receives, Accept, Ok(false)),
            (Declined, receives, Accept, over),
            (Withdrawn, receives, Accept, over),
            (Lapsed, receives, Accept, over),
            (Proposed, receives, Decline, Ok(true)),
            (AwaitingConsent, receives, Decline, Ok(true)),
            (Declined, receives, Decline, Ok(false)),
            (Completed, receives, Decline, over),
            (Proposed, gives, Decline, other),
            (Proposed, gives, Withdraw, Ok(true)),
            (AwaitingConsent, gives, Withdraw, Ok(true)),
            (Withdrawn, gives, Withdraw, Ok(false)),
            (Completed, gives, Withdraw, over),
            (Proposed, receives, Withdraw, other),
            (Proposed, receives, Complete, Err(Code::TransferNotAccepted)),
            (Proposed, gives, Complete, Err(Code::TransferNotAccepted)),
            (AwaitingConsent, receives, Complete, Ok(true)),
            (AwaitingConsent, gives, Complete, Ok(true)),
            (Completed, gives, Complete, Ok(false)),
            (Declined, gives, Complete, over),
        ];
        for (state, sides, step, expected) in table {
            let found = decide((state, UNTIL), sides, step, Millis(999));
            assert_eq!(found, expected, "{state:?} {sides:?} {step:?}");
        }
        for (state, sides, step) in
            [(Proposed, receives, Accept), (AwaitingConsent, receives, Complete), (Proposed, gives, Complete)]
        {
            assert_eq!(decide((state, UNTIL), sides, step, UNTIL), over, "{state:?} {step:?} at the limit");
        }
    }
}
