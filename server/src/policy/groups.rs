//! Words of who may do what in rooms, and of what a patient consents to (clauses.md 7.4 and 7.5).

use super::words::words;

impl PatientGroupCreate {
    /// Whether staff of an office register its patients: where only administrators open timelines, so do only they (002-3.1b).
    #[must_use]
    pub fn lets_register(self, is_admin: bool) -> bool {
        match self {
            Self::StewardAdmin => is_admin,
            Self::PhysicianOrInstructed | Self::AnyStaff => true,
        }
    }
}

words! {
    /// K-50: who acts against misuse.
    MisuseActionBy {
        /// The office's admin.
        OfficeAdmin,
        /// The association's desk.
        Secretariat,
        /// The association's committee.
        Committee,
    }
    /// K-52, an own knob that gives a reason where it differs.
    PatientGroupCreate {
        /// An admin of the steward.
        StewardAdmin,
        /// A physician, or whom one has instructed.
        PhysicianOrInstructed,
        /// Any staff; their office becomes the steward.
        AnyStaff,
    }
    /// K-53: whether a timeline waits for a physician.
    PhysicianMustJoin {
        /// It does not.
        No,
        /// The desk is told while none has joined.
        Escalate,
        /// It opens once one has joined.
        Gate,
    }
    /// K-54: whether stewardship may be entrusted to another office.
    StewardDelegation {
        /// It may not.
        None,
        /// With the medical institution's approval.
        WithInstitutionsApproval,
        /// As the physician instructs or approves.
        ByPhysician,
    }
    /// K-58: when a connection may carry a patient's data.
    ConnectionPatientData {
        /// With a consent of its own.
        WithConsent,
        /// With a consent of its own, until the patient's timeline is active.
        WithConsentUntilTimeline,
    }
    /// K-59: whether patients and families take part.
    RecipientParticipation {
        /// They do not.
        None,
        /// In timelines that a physician controls.
        PhysicianControlled,
    }
    /// K-60: who proposes a member …
    InviteProposer {
        /// Whoever may approve.
        Approver,
        /// A member of the steward.
        StewardMember,
        /// Any member.
        AnyMember,
        /// The timeline's manager.
        Manager,
    }
    /// K-60: … and who approves: an own knob that gives a reason where it differs.
    InviteApprover {
        /// An admin of the steward.
        StewardAdmin,
        /// The timeline's manager: a physician, or whom one has instructed.
        Manager,
    }
    /// K-62: who stores a timeline …
    ArchiveBy {
        /// An admin of the steward.
        StewardAdmin,
        /// The steward.
        Steward,
        /// The timeline's manager.
        Manager,
    }
    /// K-62: … and when.
    ArchiveWhen {
        /// When the office no longer has the patient.
        OfficeNoLongerHasThePatient,
        /// When the service is no longer used for the patient.
        NoLongerUsedForThePatient,
        /// After a death at a fit time; other endings as the floor has it.
        AfterADeathAtAFitTime,
    }
    /// K-63: who may delete a room.
    GroupDeleteBy {
        /// An admin of the steward.
        StewardAdmin,
    }
    /// K-64: who erases altogether, with a second person beside.
    CompleteErasureBy {
        /// An admin of the steward.
        StewardAdmin,
        /// The association's desk.
        Secretariat,
    }
    /// K-65: who obtains the patient's consent.
    ConsentObtainer {
        /// The steward.
        StewardOffice,
        /// The steward; the form names the person.
        StewardOfficePerson,
        /// The attending physician, or whom that one has instructed.
        PhysicianOrInstructed,
    }
    /// K-66: what waits for the consent, loose to strict.
    ConsentGate {
        /// What crosses the office's border.
        BeforeExternal,
        /// Any post.
        BeforeAnyPost,
    }
    /// K-67: what stands for the consent form.
    ConsentWaiver {
        /// A contract that names other offices already.
        ContractNamingOthers,
        /// A use that was consented to before.
        UseConsentedBefore,
        /// A form of the office's own.
        OwnForm,
        /// Nothing that was said: no shipped rules have it, and others only with a reason (002-5.1).
        Implied,
    }
    /// K-68: who holds the consent. The lists add up.
    ConsentCopy {
        /// The office.
        Office,
        /// The patient or the family.
        Patient,
        /// The physician, where somebody else obtained it.
        PhysicianIfInstructed,
        /// Both copies are originals.
        TwoOriginals,
    }
    /// K-69: what a consent form asks for.
    Signatory {
        /// The patient.
        Patient,
        /// Family.
        Family,
        /// How the family is related.
        Relation,
        /// Somebody who represents the patient.
        Representative,
        /// Who signs for a patient who cannot, and states it.
        ProxyWithStatement,
        /// Who explained it.
        Explainer,
    }
    /// K-71: what a patient may ask for. The lists add up.
    Right {
        /// To be told the purposes.
        NoticeOfPurposes,
        /// To be shown the data, and that it goes to nobody else.
        Disclosure,
        /// Correction, addition, deletion.
        Correction,
        /// Stop of use, or erasure.
        StopOrErasure,
        /// Complete erasure on the patient's or family's wish.
        CompleteErasure,
    }
}
