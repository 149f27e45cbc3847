//! A site that passkeys belong to, and its three ceremonies: registration, proof of a known account, sign-in of anybody.

use super::Passkey;
use super::said::{Answer, Assertion, is_from};
use crate::error::{Fault, Result};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, PasskeyRegistration, Url, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What authenticators show beside the person's name.
const NAME: &str = "Tsumugi";

/// The sites of a server: one for every host among its origins that can have passkeys.
#[derive(Default)]
pub struct Sites(Vec<Site>);

/// One host with exactly the origins that are configured for it.
pub struct Site {
    host: String,
    origins: Vec<String>,
    web: Webauthn,
}

/// A registration under way. It never leaves the server.
pub struct Registering(PasskeyRegistration);

/// A proof or sign-in under way. It never leaves the server.
pub struct Proving(DiscoverableAuthentication);

/// Why a ceremony failed: for the audit, never for the asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Something that was signed or said is wrong.
    Wrong,
    /// The counter did not rise: there may be two of the key.
    CounterBack,
}

impl Sites {
    /// The sites of these origins. An address in numbers cannot have passkeys, and neither can plain HTTP.
    #[must_use]
    pub fn of(origins: &[String]) -> Self {
        let mut hosts: BTreeMap<String, Vec<(String, Url)>> = BTreeMap::new();
        for origin in origins {
            let Ok(url) = Url::parse(origin) else { continue };
            // As browsers write it, or it could never be equal.
            if url.scheme() == "https" && url.origin().ascii_serialization() == *origin {
                let Some(host) = url.domain().map(str::to_owned) else { continue };
                hosts.entry(host).or_default().push((origin.clone(), url));
            }
        }
        Self(hosts.into_iter().filter_map(|(host, origins)| Site::new(host, &origins)).collect())
    }

    /// The site of a page.
    #[must_use]
    pub fn at(&self, origin: &str) -> Option<&Site> {
        self.0.iter().find(|site| site.origins.iter().any(|own| own == origin))
    }

    /// The site of a host.
    #[must_use]
    pub fn named(&self, host: &str) -> Option<&Site> {
        self.0.iter().find(|site| site.host == host)
    }
}

impl Site {
    fn new(host: String, origins: &[(String, Url)]) -> Option<Self> {
        let (_, first) = origins.first()?;
        // Sub-domains and other ports stay shut: the builder's own defaults, which are never changed here.
        let mut builder = WebauthnBuilder::new(&host, first).ok()?.rp_name(NAME);
        builder = builder.timeout(Duration::from_secs(300));
        for (_, origin) in origins.iter().skip(1) {
            builder = builder.append_allowed_origin(origin);
        }
        let web = builder.build().ok()?;
        Some(Self { host, origins: origins.iter().map(|(origin, _)| origin.clone()).collect(), web })
    }

    /// Its host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What the page is to ask for a new passkey of that account; those it has are not made twice.
    ///
    /// # Errors
    /// When the library cannot make a challenge.
    pub fn begin_registration(
        &self,
        account: Uuid,
        name: &str,
        known: &[Passkey],
    ) -> Result<(Value, Registering)> {
        let known = known.iter().map(|passkey| passkey.key.cred_id().clone()).collect();
        let begun = self.web.start_passkey_registration(account, name, name, Some(known));
        let (options, state) = begun.map_err(broken)?;
        let mut options = inner(&options)?;
        // Phones then offer it without an address typed; small hardware keys may keep it elsewhere.
        if let Some(wanted) = options.get_mut("authenticatorSelection").and_then(Value::as_object_mut) {
            wanted.insert("residentKey".to_owned(), json!("preferred"));
            wanted.insert("requireResidentKey".to_owned(), json!(false));
        }
        Ok((options, Registering(state)))
    }

    /// The new passkey, if everything about it is right.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn finish_registration(&self, state: &Registering, sent: &Answer) -> Result<Passkey, Flaw> {
        let Answer(sent) = sent;
        if !is_from(&sent.response.client_data_json, &self.origins) {
            return Err(Flaw::Wrong);
        }
        let key = self.web.finish_passkey_registration(sent, &state.0).map_err(|_| Flaw::Wrong)?;
        let told = key.cred_id().as_slice() == sent.raw_id.as_slice();
        if told { Ok(Passkey { site: self.host.clone(), key }) } else { Err(Flaw::Wrong) }
    }

    /// What the page is to ask of one of these passkeys; of any of this site where there is none to name.
    ///
    /// # Errors
    /// When the library cannot make a challenge.
    pub fn begin_proof(&self, known: &[Passkey]) -> Result<(Value, Proving)> {
        // The discoverable ceremony for both: it refuses a changed backup eligibility in either direction.
        let (options, state) = self.web.start_discoverable_authentication().map_err(broken)?;
        let mut options = inner(&options)?;
        if let Some(options) = options.as_object_mut() {
            options.remove("extensions");
            let ids = known.iter().map(|passkey| named(passkey.id()));
            options.insert("allowCredentials".to_owned(), ids.collect());
        }
        Ok((options, Proving(state)))
    }

    /// Whether that passkey made the assertion; its counter moves on.
    ///
    /// # Errors
    /// [`Flaw`].
    pub fn finish_proof(&self, state: Proving, sent: &Assertion, passkey: &mut Passkey) -> Result<(), Flaw> {
        let Assertion(sent) = sent;
        if passkey.site != self.host || !is_from(&sent.response.client_data_json, &self.origins) {
            return Err(Flaw::Wrong);
        }
        let key = DiscoverableKey::from(&passkey.key);
        let proved = self.web.finish_discoverable_authentication_v2(sent, state.0, &key);
        let proved = proved.map_err(|error| match error {
            WebauthnError::CredentialPossibleCompromise => Flaw::CounterBack,
            _ => Flaw::Wrong,
        })?;
        if !proved.user_verified() {
            return Err(Flaw::Wrong);
        }
        passkey.key.update_credential(&proved);
        Ok(())
    }
}

fn named(id: &[u8]) -> Value {
    json!({ "type": "public-key", "id": Base64UrlUnpadded::encode_string(id) })
}

fn broken(error: WebauthnError) -> Fault {
    Fault::new("beginning with a passkey", error)
}

/// The options as `PublicKeyCredential.parse…OptionsFromJSON` takes them.
fn inner(options: &impl serde::Serialize) -> Result<Value> {
    let whole = serde_json::to_value(options).map_err(|error| Fault::new("writing options", error))?;
    Ok(whole.get("publicKey").cloned().ok_or_else(|| Fault::noticed("writing options"))?)
}
