//! What a page sends back, read before the library sees it.

use super::exact::{is_proof, is_registration};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// What a new credential sends.
pub struct Answer(pub(super) RegisterPublicKeyCredential);

/// What a registered credential sends.
pub struct Assertion(pub(super) PublicKeyCredential);

impl Answer {
    /// Reads it; nothing where it has another shape.
    #[must_use]
    pub fn read(sent: &Value) -> Option<Self> {
        let read: RegisterPublicKeyCredential = serde_json::from_value(sent.clone()).ok()?;
        let is_whole = is_registration(&read.response.attestation_object);
        (read.type_ == "public-key" && is_whole).then_some(Self(read))
    }
}

impl Assertion {
    /// Reads it; nothing where it has another shape.
    #[must_use]
    pub fn read(sent: &Value) -> Option<Self> {
        let read: PublicKeyCredential = serde_json::from_value(sent.clone()).ok()?;
        let is_whole = is_proof(&read.response.authenticator_data);
        (read.type_ == "public-key" && is_whole).then_some(Self(read))
    }

    /// The credential it says it comes from.
    #[must_use]
    pub fn key_id(&self) -> &[u8] {
        self.0.get_credential_id()
    }

    /// The user handle, where the authenticator told one.
    #[must_use]
    pub fn user(&self) -> Option<&[u8]> {
        self.0.get_user_unique_id()
    }

    /// Whether the user handle, where it is told, is that account's.
    #[must_use]
    pub fn is_of(&self, account: Uuid) -> bool {
        self.user().is_none_or(|told| told == account.as_bytes())
    }
}

/// What the browser signed for the page.
#[derive(Deserialize)]
struct ClientData {
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: Option<bool>,
    #[serde(default, rename = "topOrigin")]
    top_origin: Option<Value>,
}

/// Whether a page of exactly one of these origins asked, itself and not inside another page.
pub(super) fn is_from(client_data: &[u8], origins: &[String]) -> bool {
    let Ok(said) = serde_json::from_slice::<ClientData>(client_data) else { return false };
    origins.contains(&said.origin) && said.cross_origin != Some(true) && said.top_origin.is_none()
}
