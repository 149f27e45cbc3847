//! Passkeys (WebAuthn): what a page is asked to do, and whether what came back is good.
//!
//! Every check of the library stands; what it leaves open is closed in `said`: the origin is compared byte by byte, a
//! page inside a foreign page is refused in every ceremony, and nothing may follow what was signed.

mod exact;
mod said;
mod site;
#[cfg(test)]
mod soft;
#[cfg(test)]
mod tests;

pub use said::{Answer, Assertion};
pub use site::{Flaw, Proving, Registering, Site, Sites};

use crate::error::{Fault, Result};
use serde::{Deserialize, Serialize};

/// A registered passkey: public key, counter, and what it said of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Passkey {
    /// The relying party it was made for: the host of the page.
    site: String,
    key: webauthn_rs::prelude::Passkey,
}

impl Passkey {
    /// The credential's id, as its authenticator chose it.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        self.key.cred_id().as_slice()
    }

    /// The host it was made for.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.site
    }

    /// As it is kept, sealed.
    ///
    /// # Errors
    /// Never for a passkey; the error is serde's.
    pub fn to_text(&self) -> Result<String> {
        Ok(serde_json::to_string(self).map_err(|error| Fault::new("writing a passkey", error))?)
    }

    /// From how it was kept.
    ///
    /// # Errors
    /// When it was kept by something else.
    pub fn of_text(text: &str) -> Result<Self> {
        Ok(serde_json::from_str(text).map_err(|error| Fault::new("reading a passkey", error))?)
    }
}
