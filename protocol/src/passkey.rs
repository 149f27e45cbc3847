//! Wire shapes of passkeys and of the second factor.

use crate::{AccountId, Card, Millis, PasskeyId, TokenIn};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;
use uuid::Uuid;

/// An object of the browser's WebAuthn interface, as its `toJSON` and `parse…OptionsFromJSON` have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(transparent)]
#[ts(type = "unknown")]
#[schema(value_type = Object)]
pub struct WebAuthn(pub serde_json::Value);

/// `passkeys.register_begin`, `passkeys.prove_begin`, `accounts.sign_in_passkey_begin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginPasskey {
    /// The origin of the page that asks, as the browser says it.
    pub origin: String,
}

/// Answer to the three: what to give the browser, and the ceremony to name when it has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PasskeyBegun {
    /// The ceremony: good once, for five minutes.
    pub ceremony: String,
    /// Options for `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    pub options: WebAuthn,
}

/// `passkeys.register_finish` (HTTP only).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterPasskey {
    /// The ceremony.
    pub ceremony: String,
    /// What the browser answered.
    pub credential: WebAuthn,
    /// What its person calls it.
    pub name: String,
}

/// `passkeys.prove_finish`, `accounts.sign_in_passkey_finish` (HTTP only).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvePasskey {
    /// The ceremony.
    pub ceremony: String,
    /// What the browser answered.
    pub credential: WebAuthn,
    /// Where the new session's token goes.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

/// Answer to `passkeys.list` and to every change of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PasskeyList {
    /// The account's passkeys, the oldest first.
    pub passkeys: Vec<PasskeySeen>,
    /// How many an account may have.
    pub most: u32,
}

/// A registered passkey, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PasskeySeen {
    /// Its id.
    pub passkey: PasskeyId,
    /// What its person calls it.
    pub name: String,
    /// Since when.
    pub created_at: Millis,
    /// When it was last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub last_used_at: Option<Millis>,
}

/// `passkeys.rename`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenamePasskey {
    /// Which.
    pub passkey: PasskeyId,
    /// The new name.
    pub name: String,
}

/// `passkeys.remove`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichPasskey {
    /// Which.
    pub passkey: PasskeyId,
}

/// Answer to `offices.second_factor_status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SecondFactorStatus {
    /// Whether the region asks for a second factor, and how firmly.
    pub wanted: SecondFactor,
    /// From when on `required` is enforced; before it only reminds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<Millis>,
    /// Who of the office has none yet.
    pub without: Vec<Card>,
    /// How many people the office has.
    pub people: u32,
}

/// K-40: a second factor after the password, loose to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// Never asked for.
    Off,
    /// Asked of those who registered one.
    Optional,
    /// Asked of everybody.
    Required,
}

/// `passkeys.recovery_open`: one admin says that somebody lost her passkeys.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRecovery {
    /// Whose.
    pub account: AccountId,
    /// Why, in words.
    pub reason: String,
}

/// Never prints the reason.
impl std::fmt::Debug for OpenRecovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenRecovery").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Answer to `passkeys.recoveries`: the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecoveryList {
    /// Cases that wait for another admin.
    pub recoveries: Vec<RecoverySeen>,
}

/// A recovery as the admins of the office see it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecoverySeen {
    /// The case.
    #[ts(type = "string")]
    pub case: Uuid,
    /// Whose passkeys were lost.
    pub card: Card,
    /// Who opened it: anybody but her may approve.
    pub opened_by: Card,
    /// Why, in the words of who opened it.
    pub reason: String,
    /// When.
    pub at: Millis,
    /// Until when it can be approved.
    pub until: Millis,
}

/// Never prints the reason.
impl std::fmt::Debug for RecoverySeen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoverySeen").field("case", &self.case).finish_non_exhaustive()
    }
}

/// A recovery: answer to `passkeys.recovery_open`, and what `passkeys.recovery_approve` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichRecovery {
    /// The case.
    #[ts(type = "string")]
    pub case: Uuid,
}
