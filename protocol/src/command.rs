//! Everything a client may ask, in one list: the name on the wire, the shape of the ask, the shape of the reply.
//!
//! The socket and HTTP read commands through [`Command::read`] alone, so they cannot differ.

use crate::{
    About, AcceptDelegation, AcceptRoom, AcceptTransfer, AcknowledgeAgreement, AcknowledgeRules, ActAs,
    AdminReset, AdmissionList, AdmitStaff, AgreementList, AppointmentList, ApproveDelegation, ApproveDevice,
    ApproveInvitation, ArchiveRoom, AskCandidates, AskFaces, AskNotices, AskPage, AskPhysician, AskSince,
    AskStaffChanges, AskVerification, AttachScan, BarPerson, BeginPasskey, CandidateList, CertifiedKey,
    CertifyKey, ChangeEmail, ChangePassword, ChangeProfile, ChangeRoster, CloseAccount, CloseFor,
    CloseIncident, Code, CompleteConsent, ConfirmAccount, ConfirmEmail, Connect, ConsentList,
    ConsentTemplate, CorrectPatient, CorrectionList, CreateFree, DecideVerification, DeclareException,
    DeclareMyException, DeclareTraining, DeclineRoom, DeclineTransfer, DeviceList, Done, Draft,
    EndAffiliation, EndDelegation, EndPermit, EndRole, EnrolmentLink, EnrolmentList, EnrolmentSeen, Enter,
    EnterByException, ErasureList, ExceptionList, FaceList, FillEnrolment, Focus, Forgot, GiveDelegation,
    GiveInstruction, GivePledge, HowMany, ImportRoster, IncidentList, InstructionList, InvitationList,
    IssueCertificate, IssuedCertificate, LeaverList, MarkRead, Me, MemberList, MyInvitations, MyPledges,
    NameCorrector, Nothing, NoticeList, NoticesSeen, Now, OfficeChoices, OfficeList, OfficeRoles,
    OpenEnrolment, OpenRecovery, OpenRoom, OpenTimeline, OpeningList, Page, PassOn, PasskeyBegun,
    PasskeyList, PatientList, PermitList, Photo, PledgeList, Preview, Propose, ProposeRole, ProposeTransfer,
    ProvePasskey, ProvePassword, ReaderList, RecordConsent, RecordHead, RecordPaper, RecordPermit,
    RecordPledge, RecordTraining, RecordVisit, RecoveryList, Refusal, RegionRoles, RegisterCertificate,
    RegisterDevice, RegisterPasskey, RegisterPatient, RegisterStaff, RejectInvitation, ReleaseMember,
    RenamePasskey, ReportIncident, ReportMine, RequestErasure, Reset, RestoreRoom, ReturnEnrolment,
    ReviewException, ReviewList, RevokeCertificate, RoomList, RoomMade, Roster, RosterImported, RulesPage,
    RulesStanding, ScanDocument, SecondFactorStatus, SecureIncident, SeeIncident, SendPost, Sent,
    SessionList, SetAgreement, SetGovernance, SetPhoto, SetState, SetSupplement, ShareAccount, SignIn,
    SignReview, SignedIn, Since, StaffChangeList, StaffList, StayTimeline, Stewardships, TimelineList,
    TrainingList, Unlock, UnshareAccount, VerificationDocument, VerificationList, WhichAccount,
    WhichAdmission, WhichAppointment, WhichDevices, WhichEnrolment, WhichErasure, WhichException,
    WhichInstruction, WhichInvitation, WhichOffice, WhichPasskey, WhichPatient, WhichRecovery, WhichRegion,
    WhichRoom, WhichScan, WhichSession, WhichStaffChange, WhichTraining, WhichTransfer, WhichVerification,
    WithdrawConfirmation, WithdrawConsent, WriteEnrolment,
};
use serde::de::DeserializeOwned;

/// Over which transport a command may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Both.
    Both,
    /// HTTP only: it sets or clears cookies.
    Http,
    /// A link only: it is about the link.
    Link,
}

/// Who may ask a command at all; what she may do with it is the rules' business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Anybody: it is how a session begins.
    Anybody,
    /// Who has begun to come in: also a session that still lacks a step.
    Arriving,
    /// Who is signed in.
    SignedIn,
}

/// Whether a person did something on purpose (002-1.2(1)d): only that keeps her session from ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// She did.
    Act,
    /// A client asks this by itself, or it may: catching up, read marks, what is on screen.
    Rest,
}

/// One line of the command list, for documentation and tests.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Name on the wire.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Name of the ask's shape.
    pub ask: &'static str,
    /// Name of the reply's shape.
    pub reply: &'static str,
    /// Where it may come from.
    pub door: Door,
    /// Who may ask it.
    pub asker: Asker,
    /// Whether it keeps the session alive.
    pub doing: Doing,
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:literal $variant:ident($ask:ty) -> $reply:ty, $door:ident, $asker:ident, $doing:ident;)+) => {
        /// Something a client asks.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command { $($(#[doc = $doc])+ $variant($ask)),+ }

        impl Command {
            /// The whole surface.
            pub const LIST: &'static [Entry] = &[$(Entry {
                name: $name,
                doc: concat!($($doc),+),
                ask: stringify!($ask),
                reply: stringify!($reply),
                door: Door::$door,
                asker: Asker::$asker,
                doing: Doing::$doing,
            }),+];

            /// Its name on the wire.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// Where it may come from.
            #[must_use]
            pub const fn door(&self) -> Door {
                match self { $(Self::$variant(_) => Door::$door),+ }
            }

            /// Who may ask it.
            #[must_use]
            pub const fn asker(&self) -> Asker {
                match self { $(Self::$variant(_) => Asker::$asker),+ }
            }

            /// Whether it keeps the session alive.
            #[must_use]
            pub const fn doing(&self) -> Doing {
                match self { $(Self::$variant(_) => Doing::$doing),+ }
            }

            /// Reads the ask of a named command.
            ///
            /// # Errors
            /// `unknown_command`, or `bad_field` with the field's name where there is one.
            pub fn read(name: &str, ask: &[u8]) -> Result<Self, Refusal> {
                match name {
                    $($name => read_ask(ask).map(Self::$variant),)+
                    _ => Err(Refusal::new(Code::UnknownCommand)),
                }
            }

            /// Names every reply's type, so that a wrong name in the list does not compile.
            #[expect(dead_code, reason = "only its types matter")]
            fn replies() {
                $(let _: Option<$reply> = None;)+
            }

            /// The ask as JSON (clients).
            #[must_use]
            pub fn ask_json(&self) -> String {
                match self { $(Self::$variant(ask) => serde_json::to_string(ask).unwrap_or_default()),+ }
            }
        }
    };
}

commands! {
    /// Signs in with e-mail and password.
    "accounts.sign_in" SignIn(SignIn) -> SignedIn, Http, Anybody, Act;
    /// Signs in for the first time, by a link that is good once, and sets the password.
    "accounts.enter" Enter(Enter) -> SignedIn, Http, Anybody, Act;
    /// How to tell this service from one that only looks like it.
    "service.about" About(Nothing) -> About, Http, Anybody, Rest;
    /// Asks for a mail with a link to a new password.
    "accounts.forgot" Forgot(Forgot) -> Done, Http, Anybody, Act;
    /// Sets a new password by a link that is good once; it opens no session.
    "accounts.reset" Reset(Reset) -> Done, Http, Anybody, Act;
    /// Has a link to a new password mailed to somebody of one's own office.
    "accounts.admin_reset" AdminReset(AdminReset) -> Done, Both, SignedIn, Act;
    /// Asks for a link to a new e-mail address.
    "accounts.change_email" ChangeEmail(ChangeEmail) -> Done, Both, SignedIn, Act;
    /// Changes the e-mail address by the link that arrived there.
    "accounts.confirm_email" ConfirmEmail(ConfirmEmail) -> Done, Http, Anybody, Act;
    /// Sets another password; every other session of the account ends, and this one gets another token.
    "accounts.change_password" ChangePassword(ChangePassword) -> SignedIn, Http, Arriving, Act;
    /// Shows once more who one is, by the password, where there is no passkey to show.
    "accounts.prove" ProvePassword(ProvePassword) -> SignedIn, Http, SignedIn, Act;
    /// Ends this session everywhere.
    "accounts.sign_out" SignOut(Nothing) -> Done, Http, Arriving, Act;
    /// Who is signed in.
    "accounts.me" Me(Nothing) -> Me, Both, Arriving, Rest;
    /// Says that its person is still there: she reads, scrolls or writes without asking for anything.
    "accounts.stay" Stay(Nothing) -> Done, Both, SignedIn, Act;
    /// Where the account is signed in.
    "sessions.list" ListSessions(Nothing) -> SessionList, Both, SignedIn, Rest;
    /// Ends one session of the account.
    "sessions.end" EndSession(WhichSession) -> Done, Both, SignedIn, Act;
    /// Ends every session of the account but this one.
    "sessions.end_others" EndOtherSessions(Nothing) -> Done, Both, SignedIn, Act;
    /// The offices of the regions whose desk asks.
    "offices.of_region" ListOffices(Nothing) -> OfficeList, Both, SignedIn, Rest;
    /// Who works for an office, for its administrator and its region's desk.
    "offices.staff" ListStaff(WhichOffice) -> StaffList, Both, SignedIn, Act;
    /// Registers somebody who works for an office; her first link is mailed to her.
    "offices.register_staff" RegisterStaff(RegisterStaff) -> Done, Both, SignedIn, Act;
    /// Ends somebody's place in an office: her rooms there, her roles and, with her last place, her sessions.
    "offices.end_affiliation" EndAffiliation(EndAffiliation) -> Done, Both, SignedIn, Act;
    /// Opens a locked sign-in before its time.
    "accounts.unlock" Unlock(Unlock) -> Done, Both, SignedIn, Act;
    /// Restricts, suspends or restores an account.
    "accounts.set_state" SetState(SetState) -> Done, Both, SignedIn, Act;
    /// Closes one's own account for good: its places, rooms and sessions end, and nobody comes in with it again.
    "accounts.close" CloseAccount(CloseAccount) -> Done, Http, SignedIn, Act;
    /// Closes somebody's account in her stead, on a case of the support desk.
    "accounts.close_for" CloseFor(CloseFor) -> Done, Http, SignedIn, Act;
    /// Bars somebody, of whatever office, from every timeline that one's own office is steward of.
    "offices.bar" Bar(BarPerson) -> Done, Both, SignedIn, Act;
    /// Lifts that: from then on she reads again.
    "offices.lift_bar" LiftBar(BarPerson) -> Done, Both, SignedIn, Act;
    /// Who reads the timelines that an office is steward of, for its administrator.
    "offices.readers" ListReaders(WhichOffice) -> ReaderList, Both, SignedIn, Act;
    /// The timelines that an office is steward of, who is in them and who is proposed; nothing of what is written there.
    "offices.timelines" ListTimelines(WhichOffice) -> TimelineList, Both, SignedIn, Rest;
    /// Who left an office and what is still to be done, for its administrator.
    "offices.leavers" ListLeavers(WhichOffice) -> LeaverList, Both, SignedIn, Act;
    /// Asks somebody who has an account to work for the office.
    "offices.admit" Admit(AdmitStaff) -> Done, Both, SignedIn, Act;
    /// The offices that ask for the reader.
    "accounts.admissions" ListAdmissions(Nothing) -> AdmissionList, Both, SignedIn, Rest;
    /// Takes a place in an office that asks; every session of the account ends.
    "accounts.accept_admission" AcceptAdmission(WhichAdmission) -> Done, Http, SignedIn, Act;
    /// Says no to an office that asks.
    "accounts.decline_admission" DeclineAdmission(WhichAdmission) -> Done, Both, SignedIn, Act;
    /// Who holds which role in an office, what is offered, and who its governance roles are.
    "roles.of_office" ListRoles(WhichOffice) -> OfficeRoles, Both, SignedIn, Act;
    /// Who holds the roles of the regions whose desk asks.
    "roles.of_region" ListRegionRoles(Nothing) -> RegionRoles, Both, SignedIn, Act;
    /// Offers somebody a role; it is hers once she accepts.
    "roles.propose" ProposeRole(ProposeRole) -> Done, Both, SignedIn, Act;
    /// Takes an offer back.
    "roles.withdraw" WithdrawRole(WhichAppointment) -> Done, Both, SignedIn, Act;
    /// The roles that are offered to the reader.
    "roles.mine" MyAppointments(Nothing) -> AppointmentList, Both, SignedIn, Rest;
    /// Takes on a role that is offered.
    "roles.accept" AcceptRole(WhichAppointment) -> Done, Both, SignedIn, Act;
    /// Says no to one.
    "roles.decline" DeclineRole(WhichAppointment) -> Done, Both, SignedIn, Act;
    /// Ends a role, one's own or another's; every session of its holder ends.
    "roles.end" EndRole(EndRole) -> Done, Both, SignedIn, Act;
    /// Writes down that somebody signs for her office.
    "roles.record_head" RecordHead(RecordHead) -> Done, Both, SignedIn, Act;
    /// Says who holds the governance roles of an office.
    "roles.set_governance" SetGovernance(SetGovernance) -> Done, Both, SignedIn, Act;
    /// The pledges of the reader's places: what they say, and which waits for her.
    "pledges.mine" MyPledges(Nothing) -> MyPledges, Both, SignedIn, Rest;
    /// Gives one's pledge.
    "pledges.give" GivePledge(GivePledge) -> Done, Both, SignedIn, Act;
    /// Records somebody's pledge from paper, or that another one stands for it.
    "pledges.record" RecordPledge(RecordPledge) -> Done, Both, SignedIn, Act;
    /// Whose pledge an office has, and whose it has not.
    "pledges.of_office" ListPledges(WhichOffice) -> PledgeList, Both, SignedIn, Act;
    /// Records a training and who attended it.
    "trainings.record" RecordTraining(RecordTraining) -> Done, Both, SignedIn, Act;
    /// Says that one attended a training; it counts once an administrator confirms it.
    "trainings.declare" DeclareTraining(DeclareTraining) -> Done, Both, SignedIn, Act;
    /// Confirms that somebody attended.
    "trainings.confirm" ConfirmTraining(WhichTraining) -> Done, Both, SignedIn, Act;
    /// Does not.
    "trainings.reject" RejectTraining(WhichTraining) -> Done, Both, SignedIn, Act;
    /// The trainings of an office, and who is due.
    "trainings.of_office" ListTrainings(WhichOffice) -> TrainingList, Both, SignedIn, Act;
    /// What changed in the staff of an office, or of all offices of a region, and how far the desk has come with it.
    "staff_changes.list" ListStaffChanges(AskStaffChanges) -> StaffChangeList, Both, SignedIn, Act;
    /// The desk has dealt with a change.
    "staff_changes.process" ProcessStaffChange(WhichStaffChange) -> Done, Both, SignedIn, Act;
    /// Registers the people of a list, or only looks whether they could be.
    "offices.import_roster" ImportRoster(ImportRoster) -> RosterImported, Both, SignedIn, Act;
    /// Opens the case of a new office and mails a link to its form.
    "enrolments.open" OpenEnrolment(OpenEnrolment) -> Done, Both, SignedIn, Act;
    /// The cases of the regions whose desk asks.
    "enrolments.list" ListEnrolments(Nothing) -> EnrolmentList, Both, SignedIn, Act;
    /// Writes down what came by post or fax; it counts as handed in.
    "enrolments.write" WriteEnrolment(WriteEnrolment) -> Done, Both, SignedIn, Act;
    /// Writes down where a paper's original and copy are.
    "enrolments.record_paper" RecordPaper(RecordPaper) -> Done, Both, SignedIn, Act;
    /// Writes down a visit that stands for the papers.
    "enrolments.record_visit" RecordVisit(RecordVisit) -> Done, Both, SignedIn, Act;
    /// Takes an office in: from now on it is there, with its first people, who get their links.
    "enrolments.accept" AcceptEnrolment(WhichEnrolment) -> Done, Both, SignedIn, Act;
    /// Sends a case back, with what is wrong.
    "enrolments.return" ReturnEnrolment(ReturnEnrolment) -> Done, Both, SignedIn, Act;
    /// Ends a case that comes to nothing.
    "enrolments.withdraw" WithdrawEnrolment(WhichEnrolment) -> Done, Both, SignedIn, Act;
    /// Mails a new link to the form or, once the office is there, to those of its first people who have not come in.
    "enrolments.send_link" SendEnrolmentLink(WhichEnrolment) -> Done, Both, SignedIn, Act;
    /// A case as whoever has its link sees it.
    "enrolments.form" ShowEnrolment(EnrolmentLink) -> EnrolmentSeen, Http, Anybody, Act;
    /// Keeps what is filled in so far.
    "enrolments.fill" FillEnrolment(FillEnrolment) -> Done, Http, Anybody, Act;
    /// Hands the form in.
    "enrolments.submit" SubmitEnrolment(FillEnrolment) -> Done, Http, Anybody, Act;
    /// Begins a sign-in by passkey alone: nobody is named.
    "accounts.sign_in_passkey_begin" SignInPasskeyBegin(BeginPasskey) -> PasskeyBegun, Http, Anybody, Act;
    /// Signs in by passkey alone, where the region's rules let it stand for the password.
    "accounts.sign_in_passkey_finish" SignInPasskeyFinish(ProvePasskey) -> SignedIn, Http, Anybody, Act;
    /// Begins the registration of a passkey.
    "passkeys.register_begin" RegisterPasskeyBegin(BeginPasskey) -> PasskeyBegun, Http, Arriving, Act;
    /// Registers a passkey.
    "passkeys.register_finish" RegisterPasskeyFinish(RegisterPasskey) -> PasskeyList, Http, Arriving, Act;
    /// The passkeys of the account.
    "passkeys.list" ListPasskeys(Nothing) -> PasskeyList, Both, SignedIn, Rest;
    /// Gives a passkey another name.
    "passkeys.rename" RenamePasskey(RenamePasskey) -> PasskeyList, Both, SignedIn, Act;
    /// Removes a passkey.
    "passkeys.remove" RemovePasskey(WhichPasskey) -> PasskeyList, Both, SignedIn, Act;
    /// Begins a proof by passkey: the second factor, or the step-up before a dangerous act.
    "passkeys.prove_begin" ProvePasskeyBegin(BeginPasskey) -> PasskeyBegun, Http, Arriving, Act;
    /// Shows the passkey; the session's token changes.
    "passkeys.prove_finish" ProvePasskeyFinish(ProvePasskey) -> SignedIn, Http, Arriving, Act;
    /// Opens a recovery: somebody of the asker's office lost her passkeys.
    "passkeys.recovery_open" OpenRecovery(OpenRecovery) -> WhichRecovery, Both, SignedIn, Act;
    /// Closes a recovery that another admin opened.
    "passkeys.recovery_approve" ApproveRecovery(WhichRecovery) -> Done, Both, SignedIn, Act;
    /// The recoveries of an office that wait for another admin.
    "passkeys.recoveries" ListRecoveries(WhichOffice) -> RecoveryList, Both, SignedIn, Rest;
    /// Who of an office has no second factor yet.
    "offices.second_factor_status" SecondFactorStatus(WhichOffice) -> SecondFactorStatus, Both, SignedIn, Rest;
    /// Several people use an account from now on.
    "accounts.share" ShareAccount(ShareAccount) -> Done, Both, SignedIn, Act;
    /// Others share an account.
    "accounts.change_roster" ChangeRoster(ChangeRoster) -> Done, Both, SignedIn, Act;
    /// An account is one person's again.
    "accounts.unshare" UnshareAccount(UnshareAccount) -> Done, Both, SignedIn, Act;
    /// Who shares an account.
    "accounts.roster" ShowRoster(WhichAccount) -> Roster, Both, SignedIn, Rest;
    /// Who of the roster acts in this session; its token changes.
    "accounts.act_as" ActAs(ActAs) -> SignedIn, Http, Arriving, Act;
    /// Says what one is called and does in one place; a mark that stood for something else falls.
    "accounts.change_profile" ChangeProfile(ChangeProfile) -> Done, Both, SignedIn, Act;
    /// Shows another photo of oneself.
    "accounts.set_photo" SetPhoto(SetPhoto) -> Done, Both, SignedIn, Act;
    /// Shows no photo of oneself any more.
    "accounts.remove_photo" RemovePhoto(Nothing) -> Done, Both, SignedIn, Act;
    /// The photo of somebody one sees.
    "accounts.photo" ShowPhoto(WhichAccount) -> Photo, Both, SignedIn, Rest;
    /// What stands beside the names of people one sees: photo and marks.
    "accounts.faces" ListFaces(AskFaces) -> FaceList, Both, SignedIn, Rest;
    /// Asks for the mark of a verified professional, with a picture of a licence.
    "verifications.ask" AskVerification(AskVerification) -> Done, Both, SignedIn, Act;
    /// What became of one's own.
    "verifications.mine" MyVerifications(Nothing) -> VerificationList, Both, SignedIn, Rest;
    /// Those that wait for the region's desk.
    "verifications.waiting" WaitingVerifications(Nothing) -> VerificationList, Both, SignedIn, Act;
    /// The picture, for a reviewer. Every look is in the audit.
    "verifications.document" ShowDocument(WhichVerification) -> VerificationDocument, Both, SignedIn, Act;
    /// A reviewer's decision.
    "verifications.decide" DecideVerification(DecideVerification) -> Done, Both, SignedIn, Act;
    /// Registers somebody who is cared for by one's office.
    "patients.register" RegisterPatient(RegisterPatient) -> Done, Both, SignedIn, Act;
    /// The patients one takes part in the care of, and those one may correct, with their own accounts.
    "patients.list" ListPatients(Nothing) -> PatientList, Both, SignedIn, Act;
    /// Records that an account beside a patient was seen to be its holder's own; a mark says so.
    "patients.confirm_account" ConfirmAccount(ConfirmAccount) -> Done, Both, SignedIn, Act;
    /// Takes back what was recorded by mistake.
    "patients.withdraw_confirmation" WithdrawConfirmation(WithdrawConfirmation) -> Done, Both, SignedIn, Act;
    /// Corrects what is kept of a patient; what was there before is kept too.
    "patients.correct" CorrectPatient(CorrectPatient) -> Done, Both, SignedIn, Act;
    /// What was corrected of a patient, for whoever may correct her.
    "patients.corrections" ListCorrections(WhichPatient) -> CorrectionList, Both, SignedIn, Act;
    /// Lets somebody of one's office correct what is kept of its patients.
    "patients.name_corrector" NameCorrector(NameCorrector) -> Done, Both, SignedIn, Act;
    /// Lets her no longer.
    "patients.release_corrector" ReleaseCorrector(NameCorrector) -> Done, Both, SignedIn, Act;
    /// What the patient's region asks her to consent to.
    "consents.template" ShowConsentForms(WhichPatient) -> ConsentTemplate, Both, SignedIn, Rest;
    /// What was consented to, for whoever has to do with the patient.
    "consents.of_patient" ListConsents(WhichPatient) -> ConsentList, Both, SignedIn, Rest;
    /// Records what a patient consented to.
    "consents.record" RecordConsent(RecordConsent) -> Done, Both, SignedIn, Act;
    /// Closes what is open about a consent.
    "consents.complete" CompleteConsent(CompleteConsent) -> Done, Both, SignedIn, Act;
    /// Records that a consent, or a part of it, was withdrawn; it holds at once.
    "consents.withdraw" WithdrawConsent(WithdrawConsent) -> Done, Both, SignedIn, Act;
    /// Keeps a scan of the paper.
    "consents.attach" AttachScan(AttachScan) -> Done, Both, SignedIn, Act;
    /// Shows a scan.
    "consents.scan" ShowScan(WhichScan) -> ScanDocument, Both, SignedIn, Act;
    /// Enters a device into the ledger.
    "devices.register" RegisterDevice(RegisterDevice) -> Done, Both, SignedIn, Act;
    /// Lets a device in.
    "devices.approve" ApproveDevice(ApproveDevice) -> Done, Both, SignedIn, Act;
    /// The devices of the offices one administers.
    "devices.list" ListDevices(Nothing) -> DeviceList, Both, SignedIn, Act;
    /// The devices one holds.
    "devices.mine" MyDevices(Nothing) -> DeviceList, Both, SignedIn, Act;
    /// Takes devices out of use; their sessions end.
    "devices.stop" StopDevices(WhichDevices) -> HowMany, Both, SignedIn, Act;
    /// Lets stopped devices in again.
    "devices.release" ReleaseDevices(WhichDevices) -> HowMany, Both, SignedIn, Act;
    /// Gives devices up for good; their sessions end and their certificates are revoked.
    "devices.retire" RetireDevices(WhichDevices) -> HowMany, Both, SignedIn, Act;
    /// Issues a certificate for a device; the file and what opens it are shown this once.
    "devices.issue_certificate" IssueCertificate(IssueCertificate) -> IssuedCertificate, Http, SignedIn, Act;
    /// Issues a certificate for a key that a managed computer made itself; no private key is sent.
    "devices.certify" CertifyKey(CertifyKey) -> CertifiedKey, Http, SignedIn, Act;
    /// Binds a certificate of an outside authority to a device.
    "devices.register_certificate" RegisterCertificate(RegisterCertificate) -> Done, Http, SignedIn, Act;
    /// Revokes a certificate; its sessions end.
    "devices.revoke_certificate" RevokeCertificate(RevokeCertificate) -> Done, Both, SignedIn, Act;
    /// Says, without a session, that a device is gone. It raises an incident and changes nothing by itself.
    "incidents.report" ReportIncident(ReportIncident) -> Done, Http, Anybody, Act;
    /// Says that a device is gone or somebody else uses the account: all its sessions end and a new password is needed. Or
    /// that there is other trouble: then it is written down and passed on.
    "incidents.report_mine" ReportMine(ReportMine) -> Done, Both, Arriving, Act;
    /// What was raised about one's own account, and what is to be done.
    "incidents.mine" MyIncidents(Nothing) -> IncidentList, Both, SignedIn, Act;
    /// What the admins of one's offices, or the secretariat one belongs to, have to deal with.
    "incidents.list" ListIncidents(Nothing) -> IncidentList, Both, SignedIn, Act;
    /// Passes a draft on to the secretariat.
    "incidents.pass_on" PassIncidentOn(PassOn) -> Done, Both, SignedIn, Act;
    /// Says that an incident was seen, and what its reporter is to do.
    "incidents.see" SeeIncident(SeeIncident) -> Done, Both, SignedIn, Act;
    /// Ends sessions, stops devices, locks the account or has it renewed: all at once, as ticked.
    "incidents.secure" SecureIncident(SecureIncident) -> Done, Both, SignedIn, Act;
    /// Says that an incident is dealt with, and how.
    "incidents.close" CloseIncident(CloseIncident) -> Done, Both, SignedIn, Act;
    /// All rooms of the reader, with unread counts.
    "rooms.list" ListRooms(Nothing) -> RoomList, Both, SignedIn, Rest;
    /// One room with its members and the posts around the first unread one.
    "rooms.open" OpenRoom(WhichRoom) -> OpenRoom, Both, SignedIn, Act;
    /// A page of history.
    "rooms.page" PageRoom(AskPage) -> Page, Both, SignedIn, Act;
    /// What changed after a change one knows.
    "rooms.since" RoomSince(AskSince) -> Since, Both, SignedIn, Rest;
    /// Marks posts as read.
    "rooms.read" MarkRead(MarkRead) -> Done, Both, SignedIn, Rest;
    /// Says which room is on screen.
    "rooms.focus" Focus(Focus) -> Done, Link, SignedIn, Rest;
    /// Opens a free group.
    "rooms.create_free" CreateFree(CreateFree) -> RoomMade, Both, SignedIn, Act;
    /// Asks somebody for a connection.
    "rooms.connect" Connect(Connect) -> RoomMade, Both, SignedIn, Act;
    /// Accepts an invitation.
    "rooms.accept" Accept(AcceptRoom) -> RoomMade, Both, SignedIn, Act;
    /// Declines an invitation.
    "rooms.decline" Decline(DeclineRoom) -> Done, Both, SignedIn, Act;
    /// Leaves a room, at once.
    "rooms.leave" Leave(WhichRoom) -> Done, Both, SignedIn, Act;
    /// Takes somebody out of a room, at once.
    "rooms.release" Release(ReleaseMember) -> Done, Both, SignedIn, Act;
    /// Puts a timeline into the vault.
    "rooms.archive" Archive(ArchiveRoom) -> Done, Both, SignedIn, Act;
    /// Takes a timeline out of the vault.
    "rooms.restore" Restore(RestoreRoom) -> Done, Both, SignedIn, Act;
    /// What the members of a room agreed on.
    "rooms.agreement" ShowAgreement(WhichRoom) -> AgreementList, Both, SignedIn, Rest;
    /// Writes down what they agree on from now.
    "rooms.set_agreement" SetAgreement(SetAgreement) -> Done, Both, SignedIn, Act;
    /// Says that one has read it and keeps to it.
    "rooms.acknowledge_agreement" AcknowledgeAgreement(AcknowledgeAgreement) -> Done, Both, SignedIn, Act;
    /// Records a consent by which a patient's data may go through a connection.
    "permits.record" RecordPermit(RecordPermit) -> Done, Both, SignedIn, Act;
    /// The records of a connection.
    "permits.list" ListPermits(WhichRoom) -> PermitList, Both, SignedIn, Rest;
    /// Ends one, with a reason.
    "permits.end" EndPermit(EndPermit) -> Done, Both, SignedIn, Act;
    /// What the reader may open, and which timelines wait or are in a physician's charge.
    "rooms.openings" ListOpenings(Nothing) -> OpeningList, Both, SignedIn, Act;
    /// Opens a timeline of a patient; it is a draft until what it waits for has come.
    "rooms.open_timeline" OpenTimeline(OpenTimeline) -> RoomMade, Both, SignedIn, Act;
    /// Asks a physician for a timeline that waits.
    "rooms.ask_physician" AskPhysician(AskPhysician) -> Done, Both, SignedIn, Act;
    /// The physician who is asked says yes.
    "rooms.approve_opening" ApproveOpening(WhichRoom) -> Done, Both, SignedIn, Act;
    /// The physician who is asked says no.
    "rooms.reject_opening" RejectOpening(StayTimeline) -> Done, Both, SignedIn, Act;
    /// The physician in charge pauses a timeline that patient and family take part in.
    "rooms.pause" Pause(StayTimeline) -> Done, Both, SignedIn, Act;
    /// The physician in charge lets it go on.
    "rooms.resume" Resume(WhichRoom) -> Done, Both, SignedIn, Act;
    /// A physician who takes part takes charge where nobody has it.
    "rooms.take_control" TakeControl(WhichRoom) -> Done, Both, SignedIn, Act;
    /// A physician has somebody open and manage a patient's timeline.
    "instructions.give" GiveInstruction(GiveInstruction) -> Done, Both, SignedIn, Act;
    /// Takes an instruction back.
    "instructions.withdraw" WithdrawInstruction(WhichInstruction) -> Done, Both, SignedIn, Act;
    /// The instructions that stand, given by the reader or to her.
    "instructions.list" ListInstructions(Nothing) -> InstructionList, Both, SignedIn, Act;
    /// Asks for the complete erasure of a room, on a wish that is written down.
    "erasures.request" RequestErasure(RequestErasure) -> Done, Both, SignedIn, Act;
    /// Decides it as the second person: nobody sees the room any more, and nothing brings it back.
    "erasures.second" SecondErasure(WhichErasure) -> Done, Both, SignedIn, Act;
    /// Takes it back, as long as it is not decided.
    "erasures.cancel" CancelErasure(WhichErasure) -> Done, Both, SignedIn, Act;
    /// What waits for a second person, and the certificates of what was erased.
    "erasures.list" ListErasures(Nothing) -> ErasureList, Both, SignedIn, Rest;
    /// The offices that may become the steward of a timeline's patient, or act for it.
    "transfers.offices" ListOfficeChoices(WhichRoom) -> OfficeChoices, Both, SignedIn, Act;
    /// Asks another office to answer for a patient from now on.
    "transfers.propose" ProposeTransfer(ProposeTransfer) -> Done, Both, SignedIn, Act;
    /// The other office agrees; where the patient need not consent anew it is the steward at once.
    "transfers.accept" AcceptTransfer(AcceptTransfer) -> Done, Both, SignedIn, Act;
    /// The other office says no.
    "transfers.decline" DeclineTransfer(DeclineTransfer) -> Done, Both, SignedIn, Act;
    /// The steward takes it back.
    "transfers.withdraw" WithdrawTransfer(WhichTransfer) -> Done, Both, SignedIn, Act;
    /// The patient has consented anew: the other office is the steward from now on.
    "transfers.complete" CompleteTransfer(WhichTransfer) -> Done, Both, SignedIn, Act;
    /// The transfers and delegations of an office, for its administrator.
    "stewardships.of_office" ListStewardships(WhichOffice) -> Stewardships, Both, SignedIn, Rest;
    /// Lets another office act for the steward as to a patient.
    "delegations.give" GiveDelegation(GiveDelegation) -> Done, Both, SignedIn, Act;
    /// Records who has approved that.
    "delegations.approve" ApproveDelegation(ApproveDelegation) -> Done, Both, SignedIn, Act;
    /// The other office agrees to act.
    "delegations.accept" AcceptDelegation(AcceptDelegation) -> Done, Both, SignedIn, Act;
    /// Either office ends it, or says no to it.
    "delegations.end" EndDelegation(EndDelegation) -> Done, Both, SignedIn, Act;
    /// When the members of each timeline of an office are looked at again, and who they are.
    "reviews.due" ListReviews(WhichOffice) -> ReviewList, Both, SignedIn, Act;
    /// Signs off who stays in a timeline and who goes.
    "reviews.sign" SignReview(SignReview) -> Done, Both, SignedIn, Act;
    /// Who may be proposed for a room.
    "invitations.candidates" ListCandidates(AskCandidates) -> CandidateList, Both, SignedIn, Act;
    /// Proposes somebody for a room.
    "invitations.propose" Propose(Propose) -> Done, Both, SignedIn, Act;
    /// Who is proposed for a room, or invited to it.
    "invitations.list" ListInvitations(WhichRoom) -> InvitationList, Both, SignedIn, Rest;
    /// The invitations that wait for the reader.
    "invitations.mine" MyInvitations(Nothing) -> MyInvitations, Both, SignedIn, Rest;
    /// Approves a proposal.
    "invitations.approve" ApproveInvitation(ApproveInvitation) -> Done, Both, SignedIn, Act;
    /// Rejects a proposal, with a reason.
    "invitations.reject" RejectInvitation(RejectInvitation) -> Done, Both, SignedIn, Act;
    /// Takes a proposal or an invitation back.
    "invitations.withdraw" WithdrawInvitation(WhichInvitation) -> Done, Both, SignedIn, Act;
    /// Members of a room and how far they have read.
    "members.list" ListMembers(WhichRoom) -> MemberList, Both, SignedIn, Rest;
    /// Who will read a draft, and the token to send it.
    "posts.preview" Preview(Draft) -> Preview, Both, SignedIn, Act;
    /// Posts a confirmed draft.
    "posts.send" Send(SendPost) -> Sent, Both, SignedIn, Act;
    /// What the reader is told about her own account, the newest first.
    "notices.list" ListNotices(AskNotices) -> NoticeList, Both, SignedIn, Rest;
    /// Notices were seen, up to one.
    "notices.seen" SeeNotices(NoticesSeen) -> Done, Both, SignedIn, Rest;
    /// The rules of a region in words, what changed, and what the reader acknowledged.
    "rules.read" ReadRules(WhichRegion) -> RulesPage, Both, Arriving, Rest;
    /// Acknowledges the version in force; the session's token changes.
    "rules.acknowledge" AcknowledgeRules(AcknowledgeRules) -> SignedIn, Http, Arriving, Act;
    /// Who of an office has acknowledged the rules in force, for its administrator.
    "rules.standing" RulesStanding(WhichOffice) -> RulesStanding, Both, SignedIn, Rest;
    /// Says what an office adds to its region's rules; it tightens only.
    "offices.supplement" SetSupplement(SetSupplement) -> Done, Both, SignedIn, Act;
    /// Declares an exception from the rule of devices: bounded in area and time, and it lifts nothing else.
    "exceptions.declare" DeclareException(DeclareException) -> Done, Both, SignedIn, Act;
    /// Ends an exception; every session under it ends.
    "exceptions.end" EndException(WhichException) -> Done, Both, SignedIn, Act;
    /// The exceptions that the reader looks after, with who came in under them, and what she may declare.
    "exceptions.list" ListExceptions(Nothing) -> ExceptionList, Both, SignedIn, Rest;
    /// Writes down that an exception that is over was looked at.
    "exceptions.review" ReviewException(ReviewException) -> Done, Both, SignedIn, Act;
    /// Asks to come in from a device that is not in the ledger, because of a danger; a link is mailed.
    "accounts.declare_exception" DeclareMyException(DeclareMyException) -> Done, Http, Anybody, Act;
    /// Comes in by that link, with the password and every other factor.
    "accounts.enter_by_exception" EnterByException(EnterByException) -> SignedIn, Http, Anybody, Act;
    /// The server's clock.
    "time.now" Now(Nothing) -> Now, Both, SignedIn, Rest;
}

fn read_ask<T: DeserializeOwned>(ask: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(ask).map_err(|error| bad_field(&error))
}

/// Names a field only where the name is ours: serde's own sentence, and the name of a field nobody knows, would repeat
/// what was written.
fn bad_field(error: &serde_json::Error) -> Refusal {
    let said = error.to_string();
    let named = ["missing field `", "duplicate field `"].iter().find_map(|start| {
        let rest = said.strip_prefix(start)?;
        rest.split('`').next()
    });
    Refusal::new(Code::BadField).with("field", named.unwrap_or("?")).with("column", error.column())
}
