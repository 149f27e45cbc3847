//! The key of a request for a certificate (PKCS#10): whoever asks has it, and it is of a kind that we certify.

use rcgen::{
    PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256, PublicKeyData,
    SignatureAlgorithm,
};
use rustls_pki_types::{CertificateSigningRequestDer, pem::PemObject};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::oid_registry::{
    OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_PKCS1_RSAENCRYPTION,
    OID_PKCS1_SHA1WITHRSA, OID_SHA1_WITH_RSA, OID_SIG_ED25519,
};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// Bits of the RSA keys that are certified.
const RSA_BITS: [usize; 3] = [2_048, 3_072, 4_096];

/// Why a request is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is no request, or there is something behind it.
    Unreadable,
    /// Whoever asks has not shown that the key is hers, or by a hash that is no longer trusted.
    Signature,
    /// Kind or size of its key.
    Key,
}

impl Unfit {
    /// The word in the refusal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Signature => "signature",
            Self::Key => "key",
        }
    }
}

/// A key that somebody else made and holds. What else her request says, subject and extensions, is nothing to us.
pub struct RequestedKey {
    bytes: Vec<u8>,
    algorithm: &'static SignatureAlgorithm,
}

impl RequestedKey {
    /// Of a request (PEM), also under the heading that Windows writes.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn of(request: &str) -> Result<Self, Unfit> {
        let text = request.replace("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST");
        let der = CertificateSigningRequestDer::from_pem_slice(text.as_bytes());
        let der = der.map_err(|_| Unfit::Unreadable)?;
        let (rest, parsed) = X509CertificationRequest::from_der(&der).map_err(|_| Unfit::Unreadable)?;
        if !rest.is_empty() {
            return Err(Unfit::Unreadable);
        }
        let key = &parsed.certification_request_info.subject_pki;
        let algorithm = algorithm_of(key).ok_or(Unfit::Key)?;
        let signed_by = &parsed.signature_algorithm.algorithm;
        if [OID_PKCS1_SHA1WITHRSA, OID_SHA1_WITH_RSA].contains(signed_by) {
            return Err(Unfit::Signature);
        }
        parsed.verify_signature().map_err(|_| Unfit::Signature)?;
        Ok(Self { bytes: key.subject_public_key.data.to_vec(), algorithm })
    }
}

/// What a key of that kind and size signs with, if it is one of ours.
fn algorithm_of(key: &SubjectPublicKeyInfo<'_>) -> Option<&'static SignatureAlgorithm> {
    let kind = &key.algorithm.algorithm;
    if *kind == OID_SIG_ED25519 {
        return Some(&PKCS_ED25519);
    }
    if *kind == OID_KEY_TYPE_EC_PUBLIC_KEY {
        let curve = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
        let is_whole = |bytes: usize| {
            let point = &key.subject_public_key.data;
            point.len() == bytes && point.first() == Some(&4)
        };
        return match curve {
            curve if curve == OID_EC_P256 && is_whole(65) => Some(&PKCS_ECDSA_P256_SHA256),
            curve if curve == OID_NIST_EC_P384 && is_whole(97) => Some(&PKCS_ECDSA_P384_SHA384),
            _ => None,
        };
    }
    match key.parsed().ok()? {
        PublicKey::RSA(rsa) if *kind == OID_PKCS1_RSAENCRYPTION => {
            let is_usual = RSA_BITS.contains(&rsa.key_size()) && rsa.try_exponent().ok()? == 65_537;
            is_usual.then_some(&PKCS_RSA_SHA256)
        }
        _ => None,
    }
}

impl PublicKeyData for RequestedKey {
    fn der_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64ct::{Base64, Encoding};
    use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P521_SHA512};

    fn request(algorithm: &'static SignatureAlgorithm) -> (KeyPair, Vec<u8>) {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let mut params = CertificateParams::new(vec!["else.example".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "Somebody else");
        let der = params.serialize_request(&key).unwrap().der().to_vec();
        (key, der)
    }

    fn pem(heading: &str, der: &[u8]) -> String {
        let text = Base64::encode_string(der);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {heading}-----\n{}\n-----END {heading}-----\n", lines.join("\n"))
    }

    const HEADING: &str = "CERTIFICATE REQUEST";

    #[test]
    fn keys_of_the_list_are_taken_under_either_heading() {
        for algorithm in [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
            let (key, der) = request(algorithm);
            for heading in [HEADING, "NEW CERTIFICATE REQUEST"] {
                let found = RequestedKey::of(&pem(heading, &der)).unwrap();
                assert_eq!(found.der_bytes(), key.der_bytes(), "{heading}");
            }
        }
    }

    #[test]
    fn what_is_no_request_what_is_not_signed_by_its_key_and_other_keys_are_not() {
        let (_, der) = request(&PKCS_ECDSA_P256_SHA256);
        let (_, other) = request(&PKCS_ECDSA_P521_SHA512);
        let refused = |text: &str| RequestedKey::of(text).err();
        let mut forged = der.clone();
        // The last bytes are the signature's.
        *forged.last_mut().unwrap() ^= 1;
        let mut renamed = der.clone();
        let at = renamed.windows(8).position(|bytes| bytes == b"Somebody").unwrap();
        renamed[at] = b'N';
        for (text, why) in [
            (String::new(), Unfit::Unreadable),
            (pem("CERTIFICATE", &der), Unfit::Unreadable),
            (pem(HEADING, b"no request"), Unfit::Unreadable),
            (pem(HEADING, &[der.as_slice(), b"more"].concat()), Unfit::Unreadable),
            (pem(HEADING, &forged), Unfit::Signature),
            (pem(HEADING, &renamed), Unfit::Signature),
            (pem(HEADING, &other), Unfit::Key),
        ] {
            assert_eq!(refused(&text), Some(why), "{text}");
        }
    }
}
