//! Wire shapes of people: accounts, what they are, and how they sign in.

use crate::{
    AccountId, AffiliationId, CardId, Lang, Mark, Millis, NamePattern, OfficeId, PatientId, RegionId, Role,
    RosterPerson, SessionId, Task,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What an account is: it decides which rooms are open at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Works for an office.
    Staff,
    /// The person cared for.
    Patient,
    /// Somebody of the patient's family.
    Family,
}

macro_rules! occupations {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// Occupation (職種), from one list; `family` and `patient` for those who are not staff.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Occupation { $($(#[$doc])* $name),+ }

        impl Occupation {
            /// The list, in the order forms show it.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The occupation of that word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

occupations! {
    /// 医師
    Physician = "physician",
    /// 歯科医師
    Dentist = "dentist",
    /// 薬剤師
    Pharmacist = "pharmacist",
    /// 看護師
    Nurse = "nurse",
    /// 介護支援専門員
    CareManager = "care_manager",
    /// 訪問介護員
    HomeHelper = "home_helper",
    /// 理学療法士
    Physio = "physio",
    /// 作業療法士
    OccupationalTherapist = "occupational_therapist",
    /// 管理栄養士
    Dietitian = "dietitian",
    /// 社会福祉士・相談員
    SocialWorker = "social_worker",
    /// 事務職員
    Clerk = "clerk",
    /// 事務局
    Secretariat = "secretariat",
    /// 未設定: it is still to be said
    Unstated = "unstated",
    /// 家族
    Family = "family",
    /// 本人
    Patient = "patient",
}

impl PersonKind {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Patient => "patient",
            Self::Family => "family",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "staff" => Some(Self::Staff),
            "patient" => Some(Self::Patient),
            "family" => Some(Self::Family),
            _ => None,
        }
    }
}

/// A person as others see her: name, office and occupation, as they were when the card was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Card {
    /// The card; a changed name, office, occupation or mark makes a new one.
    pub id: CardId,
    /// Whose card it is.
    pub account: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// Office name; absent for patient and family.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub office: Option<String>,
    /// Occupation, or `family` / `patient`.
    pub occupation: Occupation,
    /// For family: how they are related (長女 …).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub relation: Option<String>,
    /// That she was looked at, as it stood when the card was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mark: Option<Mark>,
}

/// `accounts.sign_in` (HTTP only): who are you?
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// E-mail address; case and width do not matter.
    pub email: String,
    /// Password as typed.
    pub password: String,
    /// Where the session token goes; a browser leaves it out and gets a cookie.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

/// Never prints what was typed.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("token_in", &self.token_in).finish_non_exhaustive()
    }
}

/// `accounts.enter` (HTTP only): the first sign-in, by a link that is good once. Its holder sets the password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enter {
    /// The token of the link.
    pub link: String,
    /// The password to be.
    pub password: String,
    /// The version of the terms of use that its holder has read and accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub terms: Option<String>,
    /// Where the session token goes.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

/// Answer to `service.about`: how to tell this service from one that only looks like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct About {
    /// The one address of the service.
    pub official: String,
    /// The one address that its mails come from; without one, it sends none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sender: Option<String>,
    /// Where the support desk is written to; without one, nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub support: Option<String>,
    /// The domain of the mail addresses of those who run the service; without one, none of them writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub staff_domain: Option<String>,
    /// The version of the terms of use in force.
    pub terms: String,
    /// Whether there are regions here whose rules let a passkey stand for the password.
    pub passkey_alone: bool,
}

/// `accounts.forgot` (HTTP only): somebody forgot her password. The answer is always the same.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgot {
    /// E-mail address.
    pub email: String,
}

/// `accounts.reset` (HTTP only): sets a new password by a link that is good once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// The token of the link.
    pub link: String,
    /// The password to be.
    pub password: String,
}

/// `accounts.admin_reset`: an administrator has a link to a new password mailed to somebody of her office.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdminReset {
    /// Whose password.
    pub account: AccountId,
    /// Why.
    pub reason: String,
}

/// `accounts.change_email`: asks for a link to the new address, with a fresh proof.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeEmail {
    /// The address to be.
    pub email: String,
}

/// `accounts.confirm_email` (HTTP only): the link arrived at the new address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmEmail {
    /// The token of the link.
    pub link: String,
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        /// Prints nothing of what was typed.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
silent!(Forgot, Reset, AdminReset, ChangeEmail, ConfirmEmail);

/// Never prints link or password.
impl std::fmt::Debug for Enter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enter").field("token_in", &self.token_in).finish_non_exhaustive()
    }
}

/// `accounts.change_password` (HTTP only): another password instead of the one typed. All other sessions of the account end.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password in use.
    pub current: String,
    /// The password to be.
    pub new: String,
    /// Where the new session's token goes.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

/// Never prints a password.
impl std::fmt::Debug for ChangePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangePassword").field("token_in", &self.token_in).finish_non_exhaustive()
    }
}

/// `accounts.prove` (HTTP only): who has no passkey shows once more who she is, before a dangerous act.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvePassword {
    /// The password in use.
    pub password: String,
    /// Where the new session's token goes.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

/// Never prints a password.
impl std::fmt::Debug for ProvePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProvePassword").field("token_in", &self.token_in).finish_non_exhaustive()
    }
}

/// Until when a password is good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PasswordEnd {
    /// Its last moment.
    pub at: Millis,
    /// Whether it stops working then; otherwise its holder is asked to change it.
    pub must: bool,
    /// Days before that on which the holder is reminded, the earliest first.
    pub remind_days: Vec<u32>,
}

/// Where a new session's token is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenIn {
    /// In a `__Host-` cookie (browsers).
    #[default]
    Cookie,
    /// In the reply, to be sent as `Authorization: Bearer` (programs).
    Body,
}

/// Answer to `accounts.sign_in`.
#[derive(Clone, Serialize, Deserialize, TS, ToSchema)]
pub struct SignedIn {
    /// Who signed in.
    pub me: Me,
    /// The session token, when it was asked for in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<String>,
}

/// `accounts.sign_out` (HTTP only), `accounts.me`, `rooms.list`, `time.now` ask nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
#[ts(type = "Record<string, never>")]
pub struct Nothing {}

/// The person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Me {
    /// Her account.
    pub account: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// Language of sentences from the server.
    pub lang: Lang,
    /// Until when her password is good, where it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub password_end: Option<PasswordEnd>,
    /// Where she works, or whose family she is; several are possible.
    pub affiliations: Vec<Affiliation>,
    /// What a region's profile says to the screens.
    pub regions: Vec<RegionFace>,
    /// What this session still lacks; empty once it is whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Next>>")]
    pub next: Vec<Next>,
    /// Of a shared account: who acts in this session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub acting: Option<RosterPerson>,
    /// Of a shared account in which nobody acts yet: whom it could be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<RosterPerson>>")]
    pub roster: Vec<RosterPerson>,
    /// When and how a session ends by itself.
    pub ends: SessionEnd,
    /// What is still to be done about her profile; it keeps her from nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Task>>")]
    pub tasks: Vec<Task>,
    /// For a session that was opened under an exception from the rule of devices: when that ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub exception_until: Option<Millis>,
}

/// A step of coming in. Until it is done the session may do that, look who it is, and sign out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// A second factor has to be shown.
    SecondFactor,
    /// The password is too old, or may be known to others: a new one has to be set.
    NewPassword,
    /// Several people share the account: who acts has to be said.
    ActingPerson,
    /// The rules of a region changed: they have to be read and acknowledged (002-intro3).
    Rules,
}

impl Next {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::NewPassword => "new_password",
            Self::ActingPerson => "acting_person",
            Self::Rules => "rules",
        }
    }

    /// The step of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::SecondFactor, Self::NewPassword, Self::ActingPerson, Self::Rules]
            .into_iter()
            .find(|next| next.as_str() == word)
    }
}

/// How somebody showed who she is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// The certificate of a device.
    Certificate,
    /// A link that is good once.
    Link,
}

impl Factor {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Password, Self::Passkey, Self::Certificate, Self::Link];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Certificate => "certificate",
            Self::Link => "link",
        }
    }

    /// The factor of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == word)
    }
}

/// When a session ends by itself (002-1.2(1)d).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SessionEnd {
    /// Milliseconds without an act of its person.
    #[ts(type = "number")]
    pub idle_ms: u64,
    /// At the latest at this moment, whatever is done.
    pub at: Millis,
    /// † Milliseconds without input after which a screen no longer shows content (002-2.2M1).
    #[ts(type = "number")]
    pub blank_ms: u64,
}

/// Answer to `sessions.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SessionList {
    /// Those that stand, the one used last first.
    pub sessions: Vec<SessionSeen>,
}

/// A place where the account is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SessionSeen {
    /// Its id.
    pub session: SessionId,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// How it came in.
    pub factors: Vec<Factor>,
    /// Since when.
    pub opened_at: Millis,
    /// When its person last did something.
    pub last_act: Millis,
    /// The program and the system it came in with, in two words of a fixed list; empty where they are not in it.
    pub client: String,
}

/// `sessions.end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichSession {
    /// The session.
    pub session: SessionId,
}

/// An account's place in an office, or beside a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Affiliation {
    /// Its id; a membership is held for one affiliation.
    pub id: AffiliationId,
    /// The region it belongs to.
    pub region: RegionId,
    /// The office, for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub office: Option<OfficeId>,
    /// The patient, for patient and family.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub patient: Option<PatientId>,
    /// The card others see.
    pub card: Card,
    /// Roles held with it.
    pub roles: Vec<Role>,
}

/// What a client must know of a region's rules to draw its screens. The server decides; this only explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RegionFace {
    /// The region.
    pub region: RegionId,
    /// Its name.
    pub name: String,
    /// The profile in force, with its version.
    pub profile: String,
    /// K-06: the word for the person cared for (患者, 利用者 …).
    pub term_patient: String,
    /// K-90: every post passes the confirm step.
    pub confirm_post: bool,
    /// K-45: how names are shown; `person` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub display_name: Option<NamePattern>,
}

/// Answer to `time.now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Now {
    /// The server's clock.
    pub now: Millis,
}
