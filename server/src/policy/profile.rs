//! The knobs, each with its kind, its number in the clause index (K-…) and its type; they make the profile.

use super::about::About;
use super::choices::{
    AccountEndedBy, Asked, Confirm, FreeGroupBy, IncidentTo, Level, OwnDevice, SharedAccount, Wanted,
};
use super::consents::{ConsentForm, PurposeGroup};
use super::content::{
    AttachmentMode, Carryout, DeviceException, Directories, ExceptionDeclaredBy, Hours, LentDevices,
    LogoutOn, MailNotification, Permit, PostChecklist, PostHeader, ProvisionException, Purposes,
    SecondaryUse, SharedDataKind, StartUpRule, UrgentRule,
};
use super::enrolment::{
    Body, Calendar, Contact, EnrolmentWaiver, FirstIdIssuer, Form, Guideline, LeaverNotice, OutsideOffices,
    PledgeScope, PledgeTo,
};
use super::fault::PolicyFault;
use super::groups::{
    ArchiveBy, ArchiveWhen, CompleteErasureBy, ConnectionPatientData, ConsentCopy, ConsentGate,
    ConsentObtainer, ConsentWaiver, GroupDeleteBy, InviteApprover, InviteProposer, MisuseActionBy,
    PatientGroupCreate, PhysicianMustJoin, RecipientParticipation, Right, Signatory, StewardDelegation,
};
use super::kinds::{self, AtLeast, AtMost, Override, Reasons};
use super::knobs::{self, Kind, Knob, knobs, shown};
use super::passwords::{self, PasswordRules};
use super::second_factor::{LockCloses, PasskeyUse, SecondFactorKind, Since};
use super::source::Source;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tsumugi_protocol::{Attestation, GovernanceRole, InviteRequires, NamePattern, OsFamily, SecondFactor};

knobs! {
    /// K-05: what the network is called.
    Own "K-05" brand: String = kinds::own;
    /// K-06: the word for the person cared for.
    Own "K-06" term_patient: String = kinds::own;
    /// K-07: the word for the office that answers for a timeline.
    Own "K-07" term_steward: String = kinds::own;
    /// K-08: how dates are shown.
    Own "K-08" calendar: Calendar = kinds::own;
    /// K-09: the laws that the rules name.
    Own "K-09" laws: Vec<String> = kinds::own;
    /// K-10: the guidelines that they name.
    Own "K-10" guidelines: Vec<Guideline> = kinds::own;
    /// K-11: who stands behind the network.
    Own "K-11" bodies: BTreeSet<Body> = kinds::own;
    /// K-12: how the desk is reached.
    Own "K-12" contact: Contact = kinds::own;
    /// K-13: whether an office may add rules of its own, which only tighten.
    Own "K-13" office_supplement: bool = kinds::own;
    /// K-14: the places that belong to it; all where it is empty.
    Own "K-14" area: Vec<String> = kinds::own;
    /// K-15: how an office from outside comes in.
    Own "K-15" outside_offices: OutsideOffices = kinds::own;
    /// K-16: what a new office hands in.
    Own "K-16" forms_new_office: BTreeSet<Form> = kinds::own;
    /// K-17: what is handed in for a new admin.
    Own "K-17" forms_admin_change: BTreeSet<Form> = kinds::own;
    /// K-18: what is handed in for somebody new.
    Own "K-18" forms_user_add: BTreeSet<Form> = kinds::own;
    /// K-19: what is handed in when somebody changes.
    Own "K-19" forms_user_change: BTreeSet<Form> = kinds::own;
    /// K-20: what stands for a new office's papers.
    Own "K-20" enrolment_waiver: EnrolmentWaiver = kinds::own;
    /// K-21: who gives the first id.
    Own "K-21" first_id_issuer: FirstIdIssuer = kinds::own;
    /// † How many days the link to an office's application, and the invitations of its first people, are good (003§guide-①2a).
    Ordered "enrolment_days" enrolment_days: AtMost = kinds::ordered;
    /// K-22: whether nobody comes in without a training.
    Ordered "K-22" training_gate: bool = kinds::ordered;
    /// K-23: months after which a training is due again.
    Ordered "K-23" training_period: AtMost = kinds::ordered;
    /// K-24: to whom staff pledge.
    Own "K-24" staff_pledge_to: PledgeTo = kinds::own;
    /// K-25: whether a pledge that exists stands for it.
    Own "K-25" staff_pledge_waiver: bool = kinds::own;
    /// K-26: who pledges.
    Own "K-26" pledge_scope: PledgeScope = kinds::own;
    /// K-27: who is told that somebody left.
    Own "K-27" leaver_notice: BTreeSet<LeaverNotice> = kinds::own;
    /// K-28: what pledges say of damages.
    Own "K-28" damages_text: String = kinds::own;
    /// † The version of the staff's pledge; another one asks everybody anew (000§9(1)).
    Own "pledge_version" pledge_version: String = kinds::own;
    /// † What staff pledge, point by point (000§9(1) to (5), 000-form3).
    Own "pledge_points" pledge_points: Vec<String> = kinds::own;
    /// † Days after somebody came within which a training that is a gate may still be missing (001§12-3).
    Ordered "training_grace_days" training_grace_days: AtMost = kinds::ordered;
    /// † Trainings that one person may say in a day that she attended: administrators are told of each.
    Ordered "declarations_a_day" declarations_a_day: AtMost = kinds::ordered;
    /// † Days after which it is shown that the desk has not dealt with a change of staff (001§12-2b).
    Ordered "staff_change_days" staff_change_days: AtMost = kinds::ordered;
    /// K-29: whether several people may share an account.
    Ordered "K-29" shared_account: SharedAccount = kinds::ordered;
    /// K-30: whether an address belongs to one account.
    Ordered "K-30" email_unique: bool = kinds::ordered;
    /// K-31 to K-34: what passwords must be.
    Ordered "K-31" passwords: PasswordRules = passwords::met;
    /// The version of the terms of use that everybody accepts at the first sign-in (003-form1※d).
    Own "terms_version" terms_version: String = kinds::own;
    /// † How many hours a first link is good (000§11(1)b).
    Ordered "first_link_hours" first_link_hours: AtMost = kinds::ordered;
    /// † How many minutes a link to a new password or address is good.
    Ordered "reset_link_minutes" reset_link_minutes: AtMost = kinds::ordered;
    /// K-35: consecutive failures that lock a sign-in …
    Ordered "K-35" lockout_tries: AtMost = kinds::ordered;
    /// K-35: … and for how many minutes.
    Ordered "K-35" lockout_minutes: AtLeast = kinds::ordered;
    /// K-36: minutes without an act of its person after which a session ends.
    Ordered "K-36" idle_minutes: AtMost = kinds::ordered;
    /// K-37: where people sign out when they leave the seat.
    Ordered "K-37" logout_on_leaving: LogoutOn = kinds::ordered;
    /// K-38: whether the browser may keep what people sign in with.
    Ordered "K-38" browser_saves_credentials: Permit = kinds::ordered;
    /// K-39: whether a password manager is recommended.
    Own "K-39" pw_manager_tip: bool = kinds::own;
    /// † Hours after which a session ends whatever is done.
    Ordered "session_hours" session_hours: AtMost = kinds::ordered;
    /// † Minutes without input after which a screen no longer shows content (002-2.2M1).
    Ordered "blank_minutes" blank_minutes: AtMost = kinds::ordered;
    /// K-40: whether a second factor is asked for beside the password.
    Ordered "K-40" second_factor: SecondFactor = kinds::ordered;
    /// K-40: from when on `required` is enforced; before it only reminds.
    Own "second_factor_from" second_factor_from: Since = kinds::own;
    /// K-40: what counts as one.
    Own "second_factors" second_factors: BTreeSet<SecondFactorKind> = kinds::own;
    /// K-40: whether staff come in only with the certificate of a device.
    Ordered "certificate_required" certificate_required: bool = kinds::ordered;
    /// † How many days a certificate of our own authority is good.
    Ordered "certificate_days" certificate_days: AtMost = kinds::ordered;
    /// c-42: whether a passkey opens a whole session without the password.
    Ordered "passkey_use" passkey_use: PasskeyUse = kinds::ordered;
    /// c-23: what a lock closes.
    Ordered "lock_closes" lock_closes: LockCloses = kinds::ordered;
    /// † Days without an act of its person after which an account is shown to the admin as unused (002-2.1S3).
    Ordered "unused_days" unused_days: AtMost = kinds::ordered;
    /// † Days after which it is told of somebody who left that her account is not closed (002-2.1M9).
    Ordered "leaver_days" leaver_days: AtMost = kinds::ordered;
    /// K-41: whether staff have the service look at who they are.
    Ordered "K-41" professional_verification: Asked = kinds::ordered;
    /// K-42: whether patients' accounts are confirmed by who looks after them.
    Ordered "K-42" patient_confirmation: Asked = kinds::ordered;
    /// K-43: whether name, office and occupation stand in a profile (003-note(3)e).
    Ordered "K-43" profile: Asked = kinds::ordered;
    /// K-44: whether a photo does (c-8).
    Ordered "K-44" photo: Asked = kinds::ordered;
    /// K-45: how names are shown.
    Own "K-45" display_name: NamePattern = kinds::own;
    /// What every free group asks of whoever joins, beside what it asks itself (002-2.1S6).
    Union "invite_requires" invite_requires: BTreeSet<InviteRequires> = kinds::union;
    /// † How many days after its decision the document of a verification is kept (c-47).
    Ordered "document_days" document_days: AtMost = kinds::ordered;
    /// K-46: who may end an account altogether.
    Own "K-46" account_ended_by: BTreeSet<AccountEndedBy> = kinds::own;
    /// K-47: admins that an office has at least.
    Ordered "K-47" min_admins: AtLeast = kinds::ordered;
    /// K-48: roles of which an admin holds one.
    Own "K-48" admin_must_hold: BTreeSet<GovernanceRole> = kinds::own;
    /// K-49: whether a new admin is told what the role means.
    Ordered "K-49" admin_grant_explained: bool = kinds::ordered;
    /// K-50: who acts against misuse.
    Own "K-50" misuse_action_by: BTreeSet<MisuseActionBy> = kinds::own;
    /// K-51: whether admins of the steward look at posts, each time in the audit and told to the members (c-20).
    Own "K-51" admin_monitors_posts: bool = kinds::own;
    /// K-52: who may open a timeline.
    Reasoned "K-52" patient_group_create: PatientGroupCreate = kinds::reasoned;
    /// K-53: whether a timeline waits for a physician.
    Own "K-53" physician_must_join: PhysicianMustJoin = kinds::own;
    /// K-54: whether stewardship may be entrusted to another office.
    Own "K-54" steward_delegation: StewardDelegation = kinds::own;
    /// K-55: whether the patient consents anew when another office becomes the steward.
    Ordered "K-55" transfer_reconsent: bool = kinds::ordered;
    /// † How many days a transfer waits for an answer, and then for the patient's consent.
    Ordered "transfer_days" transfer_days: AtMost = kinds::ordered;
    /// † How many days a role that is offered may be accepted.
    Ordered "appointment_days" appointment_days: AtMost = kinds::ordered;
    /// K-56: who may open a free group.
    Reasoned "K-56" free_group_by: FreeGroupBy = kinds::reasoned;
    /// K-57: patients' data in free groups.
    Ordered "K-57" free_group_patient_data: Permit = kinds::ordered;
    /// K-58: patients' data in connections.
    Own "K-58" connection_patient_data: ConnectionPatientData = kinds::own;
    /// † After how many days it is told again that a timeline is due for a patient whose data goes through a connection (001§16-2).
    Ordered "timeline_due_days" timeline_due_days: AtMost = kinds::ordered;
    /// † At the how manieth act beyond her rights the administrators are told of somebody (000-note(3)i) …
    Ordered "privilege_attempts" privilege_attempts: AtMost = kinds::ordered;
    /// † … within how many minutes.
    Ordered "privilege_minutes" privilege_minutes: AtLeast = kinds::ordered;
    /// K-59: whether patients and families take part.
    Own "K-59" recipient_participation: RecipientParticipation = kinds::own;
    /// K-60: who proposes a member …
    Own "K-60" invite_proposer: InviteProposer = kinds::own;
    /// K-60: … and who approves.
    Reasoned "K-60" invite_approver: InviteApprover = kinds::reasoned;
    /// † How many days a proposal waits for approval, and an invitation for its answer.
    Ordered "invitation_days" invitation_days: AtMost = kinds::ordered;
    /// † Past so many members an approval asks whether all of them are needed (003-form4-3).
    Ordered "large_group" large_group: AtMost = kinds::ordered;
    /// † After how many days without a post the vault is suggested for a timeline (000-note(2)a).
    Ordered "silent_days" silent_days: AtMost = kinds::ordered;
    /// K-61: months after which the members of a timeline are looked at again.
    Ordered "K-61" membership_review: AtMost = kinds::ordered;
    /// † How many days after that the office's head is told that nobody has.
    Ordered "review_grace_days" review_grace_days: AtMost = kinds::ordered;
    /// K-62: who stores a timeline …
    Own "K-62" archive_by: ArchiveBy = kinds::own;
    /// K-62: … and when.
    Own "K-62" archive_when: ArchiveWhen = kinds::own;
    /// K-63: who deletes a room; one that held posts only as c-9 says.
    Own "K-63" group_delete_by: BTreeSet<GroupDeleteBy> = kinds::own;
    /// K-64: who erases altogether, with a second person.
    Own "K-64" complete_erasure_by: CompleteErasureBy = kinds::own;
    /// K-65: who obtains the patient's consent.
    Own "K-65" consent_obtainer: ConsentObtainer = kinds::own;
    /// K-66: what waits for it.
    Ordered "K-66" consent_gate: ConsentGate = kinds::ordered;
    /// K-67: what stands for the form.
    Own "K-67" consent_waivers: BTreeSet<ConsentWaiver> = kinds::own;
    /// K-68: who holds it.
    Union "K-68" consent_copies: BTreeSet<ConsentCopy> = kinds::union;
    /// K-69: what the form asks for.
    Own "K-69" consent_signatories: BTreeSet<Signatory> = kinds::own;
    /// K-70: whether a part of it may be refused.
    Own "K-70" partial_objection: bool = kinds::own;
    /// The forms that patients sign (002-T0).
    Own "consent_forms" consent_forms: Vec<ConsentForm> = kinds::own;
    /// K-88: the purposes on their back, one by one.
    Own "purpose_groups" purpose_groups: Vec<PurposeGroup> = kinds::own;
    /// K-71: what a patient may ask for …
    Union "K-71" rights: BTreeSet<Right> = kinds::union;
    /// † … and within how many days it is answered (004§5b).
    Ordered "rights_days" rights_days: AtMost = kinds::ordered;
    /// K-72: who gets an incident.
    Union "K-72" incident_to: BTreeSet<IncidentTo> = kinds::union;
    /// K-73: devices that the office did not lend.
    Ordered "K-73" own_devices: OwnDevice = kinds::ordered;
    /// K-74: whether an account is used on registered devices only.
    Ordered "K-74" device_binding: Wanted = kinds::ordered;
    /// K-75: what the office's phones and tablets for the stock record may run; anything where it is empty (c-26).
    Own "K-75" mobile_os_allowed: BTreeSet<OsFamily> = kinds::own;
    /// K-76: what the holder of a device attests, and how strongly it is asked.
    Union "K-76" attestations: BTreeMap<Attestation, Level> = kinds::union;
    /// K-78: whether a lost device can be locked from afar.
    Ordered "K-78" remote_lock: Level = kinds::ordered;
    /// K-77: what a device asks when it starts.
    Ordered "K-77" startup_pw: StartUpRule = kinds::ordered;
    /// K-79: what happens before data or devices are carried out …
    Ordered "K-79" carryout: Carryout = kinds::ordered;
    /// K-79: … and whether it is said where they are.
    Ordered "K-79" carryout_location: bool = kinds::ordered;
    /// K-80: devices that the association lends.
    Own "K-80" lent_devices: LentDevices = kinds::own;
    /// K-81: what lifts the rule of devices.
    Own "K-81" device_exception: BTreeSet<DeviceException> = kinds::own;
    /// K-82: who says that it is so.
    Own "K-82" exception_declared_by: BTreeSet<ExceptionDeclaredBy> = kinds::own;
    /// † For how many hours the desk declares one at most (c-28) …
    Ordered "exception_region_hours" exception_region_hours: AtMost = kinds::ordered;
    /// † … an admin for her office …
    Ordered "exception_office_hours" exception_office_hours: AtMost = kinds::ordered;
    /// † … and somebody for herself (004§10a).
    Ordered "exception_own_hours" exception_own_hours: AtMost = kinds::ordered;
    /// K-83: what may be done with an attachment.
    Ordered "K-83" attachment_mode: AttachmentMode = kinds::ordered;
    /// K-84: use beyond the care.
    Own "K-84" secondary_use: SecondaryUse = kinds::own;
    /// K-85: whether pictures of a patient are consented to.
    Ordered "K-85" capture_consent: bool = kinds::ordered;
    /// K-86: whether what came from another office is marked and its source may forbid it.
    Ordered "K-86" third_party_documents: bool = kinds::ordered;
    /// K-87: when data goes out without the patient's consent.
    Own "K-87" provision_exceptions: BTreeSet<ProvisionException> = kinds::own;
    /// K-88: the purposes on the consent form.
    Own "K-88" purposes: Purposes = kinds::own;
    /// K-89: what is shared of a patient.
    Own "K-89" shared_data_kinds: BTreeSet<SharedDataKind> = kinds::own;
    /// K-90: every post passes the confirm step.
    Ordered "K-90" confirm_post: Confirm = kinds::ordered;
    /// K-91: whether a post says to whom, what for, and who answers.
    Own "K-91" post_header: PostHeader = kinds::own;
    /// K-92: whether a list is gone through before a post.
    Own "K-92" post_checklist: PostChecklist = kinds::own;
    /// K-93: whether frequent posts and those that sell are reminded of.
    Own "K-93" promo_and_frequency: bool = kinds::own;
    /// K-94: hours in which notices sound (c-25).
    Own "K-94" hours: Hours = kinds::own;
    /// K-95: what goes with an urgent post.
    Own "K-95" urgent: UrgentRule = kinds::own;
    /// K-96: what the service is beside other means, in a line.
    Own "K-96" position_line: String = kinds::own;
    /// K-97: whether there is a stock record.
    Own "K-97" stock_record: bool = kinds::own;
    /// K-98: lists of offices and people.
    Own "K-98" directories: Directories = kinds::own;
    /// K-99: whether figures are published each year.
    Own "K-99" annual_statistics: bool = kinds::own;
    /// K-100: whether the desk announces things.
    Own "K-100" announcements: bool = kinds::own;
    /// K-101: whether an office has a plan for when the service is away.
    Ordered "K-101" backup_plan_required: bool = kinds::ordered;
    /// K-102: what mail tells of, each to be switched off.
    Own "K-102" mail_notifications: BTreeSet<MailNotification> = kinds::own;
    /// † How long a preview may be sent after it was shown, in minutes.
    Ordered "confirm_minutes" confirm_minutes: AtMost = kinds::ordered;
    /// † One audit row per session, room and so many minutes of reading.
    Ordered "read_audit_minutes" read_audit_minutes: AtMost = kinds::ordered;
    /// † Refusals of one person that are written one by one in a minute; past it they are counted.
    Ordered "refusals_a_minute" refusals_a_minute: AtLeast = kinds::ordered;
    /// † Commands that one account may send at once …
    Ordered "commands_burst" commands_burst: AtMost = kinds::ordered;
    /// † … and in every second, once those are used up.
    Ordered "commands_a_second" commands_a_second: AtMost = kinds::ordered;
    /// † Reports about an account in a day from who has not shown that it is hers; more are not kept.
    Ordered "reports_a_day" reports_a_day: AtMost = kinds::ordered;
    /// † Reports of trouble in a day by the holder of an account.
    Ordered "own_reports_a_day" own_reports_a_day: AtMost = kinds::ordered;
    /// † Instructions about one incident in a day.
    Ordered "instructions_a_day" instructions_a_day: AtMost = kinds::ordered;
    /// † Changes of name or occupation of one account in a day.
    Ordered "profile_changes_a_day" profile_changes_a_day: AtMost = kinds::ordered;
    /// † Verifications that one account asks for in a day.
    Ordered "verifications_a_day" verifications_a_day: AtMost = kinds::ordered;
    /// † People whom one person may propose for rooms in a day: administrators are told of each.
    Ordered "proposals_a_day" proposals_a_day: AtMost = kinds::ordered;
    /// † Names that may fail to sign in from one place in a minute.
    Ordered "failed_names_a_minute" failed_names_a_minute: AtMost = kinds::ordered;
    /// † Sign-ins that may fail from one place in a minute, whatever their names.
    Ordered "failed_sign_ins_a_minute" failed_sign_ins_a_minute: AtMost = kinds::ordered;
}
