//! Wire shapes of enrolments: how a new office applies, which papers it hands in, and what the region's desk says to it.

use crate::{AffiliationId, EnrolmentId, GovernanceRole, Lang, Millis, Occupation, OfficeId, RegionId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

crate::device::words! {
    /// How far an office's case has come.
    EnrolmentState {
        /// The applicant writes.
        Draft = "draft",
        /// The desk looks at it.
        Submitted = "submitted",
        /// The applicant writes again: the desk said what is wrong.
        Returned = "returned",
        /// The office is in use.
        Accepted = "accepted",
        /// It came to nothing.
        Withdrawn = "withdrawn",
    }
}
crate::device::words! {
    /// What kind of office it is.
    OfficeKind {
        /// 病院
        Hospital = "hospital",
        /// 診療所
        Clinic = "clinic",
        /// 歯科診療所
        DentalClinic = "dental_clinic",
        /// 薬局
        Pharmacy = "pharmacy",
        /// 訪問看護ステーション
        NursingStation = "nursing_station",
        /// 居宅介護支援事業所
        CarePlanning = "care_planning",
        /// 訪問介護事業所
        HomeCare = "home_care",
        /// 通所・入所の介護施設
        CareFacility = "care_facility",
        /// 地域包括支援センター
        CommunitySupport = "community_support",
        /// そのほか
        Other = "other",
    }
}
crate::device::words! {
    /// A paper of an office (K-16, K-17).
    PaperKind {
        /// The application (000-form1, 003-form1).
        Application = "application",
        /// The pledge of its head (000-form2, 003-form2).
        HeadPledge = "head_pledge",
        /// The pledge of one of its admins (004-form1): the original at the desk, a copy in the office.
        AdminPledge = "admin_pledge",
    }
}
crate::device::words! {
    /// How a paper was signed (000-form1).
    SignedHow {
        /// With a seal.
        Seal = "seal",
        /// By hand.
        Signature = "signature",
        /// On this form.
        Electronic = "electronic",
    }
}
crate::device::words! {
    /// Something of a case that the desk sends back, or that is still missing.
    EnrolmentItem {
        /// Name, place, address, telephone, head.
        Office = "office",
        /// Who is to work with the service.
        People = "people",
        /// Whether an id was issued elsewhere (000§3d).
        EarlierId = "earlier_id",
        /// Which office of the area it works with (001§8-2).
        Involvement = "involvement",
        /// The application.
        Application = "application",
        /// The head's pledge.
        HeadPledge = "head_pledge",
        /// An admin's pledge.
        AdminPledge = "admin_pledge",
        /// As many admins as an office has (K-47).
        Admins = "admins",
        /// That the role was explained to an admin (K-49).
        Explanation = "explanation",
        /// Which duty an admin holds (K-48).
        Duty = "duty",
    }
}

/// Somebody of a new office.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolledPerson {
    /// Her place in the office to be; the client chooses it.
    pub affiliation: AffiliationId,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// Occupation.
    pub occupation: Occupation,
    /// Sex, as the form asks; shown in no list of members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sex: Option<String>,
    /// E-mail address: one person's alone.
    pub email: String,
    /// Signs for the office.
    pub is_head: bool,
    /// Is to run the service inside it.
    pub is_admin: bool,
    /// On which day the role was explained to her (YYYY-MM-DD; K-49).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub explained_on: Option<String>,
    /// Which of the duties she holds that the rules ask of an admin (K-48).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub holds: Option<GovernanceRole>,
}

/// Never prints a person.
impl std::fmt::Debug for EnrolledPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolledPerson").field("affiliation", &self.affiliation).finish_non_exhaustive()
    }
}

/// Whether people of an office from outside have an id from where they are (000§3d).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierId {
    /// They have.
    pub is_issued: bool,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub by: Option<String>,
}

/// The application as it is filled in (000-form1, 003-form1). What is empty is still missing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentForm {
    /// The office's name.
    pub name: String,
    /// Its reading in kana.
    pub kana: String,
    /// What kind of office it is.
    pub kind: OfficeKind,
    /// The municipality it lies in: outside the region's area other questions are asked (K-14, K-15).
    pub municipality: String,
    /// Postal code.
    pub postal_code: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Fax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fax: Option<String>,
    /// The name of its head.
    pub head: String,
    /// Of which day the application is (YYYY-MM-DD).
    pub dated: String,
    /// The answer of an office from outside about earlier ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub earlier_id: Option<EarlierId>,
    /// The office or person of the area that an office from outside works with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub works_with: Option<String>,
    /// Who is to work with the service.
    pub people: Vec<EnrolledPerson>,
    /// The head signs the application here.
    pub signs_application: bool,
    /// The head signs the pledge here.
    pub signs_pledge: bool,
}

/// Never prints what an applicant writes.
impl std::fmt::Debug for EnrolmentForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolmentForm").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

/// `enrolments.open`: the client chooses the ids.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenEnrolment {
    /// The case to be.
    pub enrolment: EnrolmentId,
    /// The region whose desk opens it.
    pub region: RegionId,
    /// The office to be.
    pub office: OfficeId,
    /// What the office is called, as far as it is known.
    pub name: String,
    /// Where the link to the form goes.
    pub email: String,
    /// In which language.
    pub lang: Lang,
}

/// Never prints an address.
impl std::fmt::Debug for OpenEnrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenEnrolment").field("enrolment", &self.enrolment).finish_non_exhaustive()
    }
}

/// `enrolments.accept`, `enrolments.withdraw` and `enrolments.send_link`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichEnrolment {
    /// The case.
    pub enrolment: EnrolmentId,
}

/// `enrolments.form`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentLink {
    /// The link that was mailed.
    pub link: String,
}

/// Never prints a link.
impl std::fmt::Debug for EnrolmentLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolmentLink").finish_non_exhaustive()
    }
}

/// `enrolments.fill` keeps what is there so far, `enrolments.submit` hands it in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FillEnrolment {
    /// The link that was mailed.
    pub link: String,
    /// The whole form, in place of what was there.
    pub form: EnrolmentForm,
}

/// Never prints a link.
impl std::fmt::Debug for FillEnrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FillEnrolment").field("form", &self.form).finish_non_exhaustive()
    }
}

/// `enrolments.write`: what came to the desk by post or fax; it counts as handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteEnrolment {
    /// The case.
    pub enrolment: EnrolmentId,
    /// The whole form, in place of what was there.
    pub form: EnrolmentForm,
}

/// `enrolments.record_paper`: where a paper's original and copy are (004-form1-fields), in place of what was written down of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPaper {
    /// The office, also one whose case is open.
    pub office: OfficeId,
    /// Which paper.
    pub kind: PaperKind,
    /// Of whom, for an admin's pledge: her place in the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub affiliation: Option<AffiliationId>,
    /// How it is signed.
    pub how: SignedHow,
    /// On which day (YYYY-MM-DD).
    pub signed_on: String,
    /// On which day the desk received the original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub received_on: Option<String>,
    /// Since which day the office keeps a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub copy_kept_on: Option<String>,
}

/// A visit of the desk's that stands for the papers (003§3b).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteVisit {
    /// On which day (YYYY-MM-DD).
    pub on: String,
    /// Who came.
    pub visitor: String,
    /// Who was met and confirmed it.
    pub confirmed_by: String,
    /// That the people belong to the office was seen.
    pub affiliation_seen: bool,
    /// That they agree to use the service was seen.
    pub consent_seen: bool,
}

/// Never prints who was there.
impl std::fmt::Debug for SiteVisit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SiteVisit").field("on", &self.on).finish_non_exhaustive()
    }
}

/// `enrolments.record_visit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordVisit {
    /// The case.
    pub enrolment: EnrolmentId,
    /// The visit.
    pub visit: SiteVisit,
}

/// Why something of a case is sent back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnReason {
    /// What is sent back.
    pub item: EnrolmentItem,
    /// What is wrong with it.
    pub words: String,
}

/// Never prints the desk's words.
impl std::fmt::Debug for ReturnReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnReason").field("item", &self.item).finish_non_exhaustive()
    }
}

/// `enrolments.return`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnEnrolment {
    /// The case.
    pub enrolment: EnrolmentId,
    /// What is wrong, at least one thing.
    pub reasons: Vec<ReturnReason>,
}

/// A paper as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PaperSeen {
    /// Which.
    pub kind: PaperKind,
    /// Of whom, for an admin's pledge.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub affiliation: Option<AffiliationId>,
    /// How it is signed.
    pub how: SignedHow,
    /// On which day.
    pub signed_on: String,
    /// On which day the desk received the original.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub received_on: Option<String>,
    /// Since which day the office keeps a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub copy_kept_on: Option<String>,
}

/// Something that an acceptance waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EnrolmentMissing {
    /// What.
    pub item: EnrolmentItem,
    /// Of whom, where it is somebody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub affiliation: Option<AffiliationId>,
}

/// What the region's rules ask of a new office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EnrolmentRules {
    /// K-16: which papers are kept in a case.
    pub papers: Vec<PaperKind>,
    /// K-14: the municipalities of the region; any where it is empty.
    pub area: Vec<String>,
    /// K-15: whether an office from outside says if it has ids from elsewhere.
    pub asks_earlier_id: bool,
    /// K-15: whether it says whom of the area it works with.
    pub asks_involvement: bool,
    /// K-20: whether a visit stands for the papers.
    pub visit_instead: bool,
    /// K-47: how many admins an office has at least.
    #[ts(type = "number")]
    pub min_admins: u32,
    /// K-49: whether the role is explained to an admin first.
    pub explained: bool,
    /// K-48: one of these an admin holds; nothing where it is empty.
    pub admin_must_hold: Vec<GovernanceRole>,
}

/// A case as its desk, or whoever has its link, sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EnrolmentSeen {
    /// The case.
    pub enrolment: EnrolmentId,
    /// The region.
    pub region: RegionId,
    /// The office to be, or that is.
    pub office: OfficeId,
    /// What the office is called.
    pub name: String,
    /// How far it has come.
    pub state: EnrolmentState,
    /// Where its link goes; told to the desk alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub email: Option<String>,
    /// What was filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub form: Option<EnrolmentForm>,
    /// Whether the office lies outside the area (K-14).
    pub is_outside: bool,
    /// Its papers.
    pub papers: Vec<PaperSeen>,
    /// The visit that stands for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub visit: Option<SiteVisit>,
    /// Why it was sent back the last time.
    pub reasons: Vec<ReturnReason>,
    /// What an acceptance still waits for.
    pub missing: Vec<EnrolmentMissing>,
    /// What the rules ask.
    pub rules: EnrolmentRules,
    /// Until when its link is good.
    pub link_until: Millis,
    /// Since when it is open.
    pub opened_at: Millis,
    /// When it was last handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub submitted_at: Option<Millis>,
    /// When the desk last decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub decided_at: Option<Millis>,
}

/// Answer to `enrolments.list`: those that wait for the desk first, the newest before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EnrolmentList {
    /// The cases of the regions whose desk asks.
    pub enrolments: Vec<EnrolmentSeen>,
}
