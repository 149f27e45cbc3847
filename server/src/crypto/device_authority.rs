//! The small authority that issues certificates for registered devices, and nothing else.
//!
//! A certificate names the device's id and no person: who may use it says its row, found by the certificate's SHA-256.

use super::authority::{date, last};
use super::random;
use super::secret::Secret;
use super::signing_request::RequestedKey;
use crate::clock::Millis;
use aws_lc_rs::digest::{SHA256, digest};
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData,
    RevokedCertParams, SanType, SerialNumber,
};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

/// † How long the authority itself lasts.
const AUTHORITY_DAYS: i64 = 3_650;
/// † A revocation list is good for so many days.
const LIST_DAYS: i64 = 7;

/// What is left of a certificate when it is recognised: SHA-256 of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Of a certificate's bytes (DER).
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, certificate).as_ref());
        Self(bytes)
    }

    /// From 64 hexadecimal digits.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        super::hex::decode(text, &mut bytes)?;
        Some(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&super::hex::encode(&self.0))
    }
}

/// Why nothing was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueFault {
    /// The certificate could not be made.
    #[error("a certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// It could not be packed.
    #[error("a PKCS#12 file could not be written")]
    Pack(#[from] p12_keystore::error::Error),
}

/// How a PKCS#12 file is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// AES-256 and SHA-256.
    Modern,
    /// 3DES and SHA-1, for phones that read nothing else.
    Legacy,
}

/// What is kept of a certificate.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// By which it is recognised.
    pub fingerprint: Fingerprint,
    /// Its number, for the revocation list.
    pub serial: [u8; 16],
    /// The end of its time.
    pub not_after: Millis,
}

/// A certificate for a device, its key packed for the device alone.
pub struct DeviceCertificate {
    /// What is kept of it.
    pub made: Made,
    /// Certificate, authority and private key (PKCS#12). Handed out once, kept nowhere.
    pub pkcs12: Zeroizing<Vec<u8>>,
    /// What opens it.
    pub passphrase: Secret,
}

/// The authority with its private key.
pub struct DeviceAuthority {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl fmt::Debug for DeviceAuthority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("DeviceAuthority")
    }
}

fn params(now: Millis) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "Tsumugi devices");
    last(&mut params, now, AUTHORITY_DAYS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

impl DeviceAuthority {
    /// Makes one.
    ///
    /// # Errors
    /// rcgen's.
    pub fn make(now: Millis) -> Result<Self, IssueFault> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = params(now)?.self_signed(&key)?.der().clone();
        Ok(Self { certificate, key })
    }

    /// The one that was stored.
    ///
    /// # Errors
    /// When the key is none.
    pub fn stored(certificate: Vec<u8>, key: &[u8]) -> Result<Self, IssueFault> {
        let key = PrivatePkcs8KeyDer::from(key);
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256)?;
        Ok(Self { certificate: certificate.into(), key })
    }

    /// Its certificate, for whoever checks others by it.
    #[must_use]
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Its private key (PKCS#8), to be sealed.
    #[must_use]
    pub fn key(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.key.serialize_der())
    }

    fn issuer(&self, now: Millis) -> Result<Issuer<'static, &KeyPair>, rcgen::Error> {
        Ok(Issuer::new(params(now)?, &self.key))
    }

    /// Issues a certificate for a device, with a key of its own.
    ///
    /// # Errors
    /// When it cannot be made or packed.
    pub fn issue(
        &self,
        device: Uuid,
        now: Millis,
        days: u32,
        packing: Packing,
    ) -> Result<DeviceCertificate, IssueFault> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let (certificate, made) = self.signed(device, now, days, &key)?;
        let passphrase = passphrase();
        let name = name_of(device);
        let pkcs12 = self.packed(&key, certificate.der(), &name, &passphrase, packing)?;
        Ok(DeviceCertificate { made, pkcs12, passphrase })
    }

    /// Issues a certificate (PEM) for a device that made its key itself and keeps it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn certify(
        &self,
        device: Uuid,
        now: Millis,
        days: u32,
        key: &RequestedKey,
    ) -> Result<(String, Made), IssueFault> {
        let (certificate, made) = self.signed(device, now, days, key)?;
        Ok((certificate.pem(), made))
    }

    fn signed(
        &self,
        device: Uuid,
        now: Millis,
        days: u32,
        key: &impl PublicKeyData,
    ) -> Result<(rcgen::Certificate, Made), IssueFault> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, format!("Tsumugi device {device}"));
        params.subject_alt_names = vec![SanType::URI(name_of(device).as_str().try_into()?)];
        last(&mut params, now, i64::from(days));
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        let mut serial = random::bytes::<16>();
        // A number is positive and begins with no zero (RFC 5280).
        serial[0] = serial[0] & 0x7f | 0x40;
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let certificate = params.signed_by(key, &self.issuer(now)?)?;
        let not_after = super::certificate::About::of(certificate.der()).map(|about| about.until);
        let fingerprint = Fingerprint::of(certificate.der());
        Ok((certificate, Made { fingerprint, serial, not_after: not_after.unwrap_or(now) }))
    }

    fn packed(
        &self,
        key: &KeyPair,
        certificate: &CertificateDer<'_>,
        name: &str,
        passphrase: &Secret,
        packing: Packing,
    ) -> Result<Zeroizing<Vec<u8>>, IssueFault> {
        let secret = Zeroizing::new(key.serialize_der());
        let chain = [Certificate::from_der(certificate)?, Certificate::from_der(&self.certificate)?];
        let mut store = KeyStore::new();
        let entry = PrivateKeyChain::new([1_u8].as_slice(), PrivateKey::from_der(&secret)?, chain);
        store.add_entry(name, KeyStoreEntry::PrivateKeyChain(entry));
        let (cipher, mac) = match packing {
            Packing::Modern => (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
            Packing::Legacy => (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1),
        };
        let writer = store.writer(passphrase.reveal()).encryption_algorithm(cipher).mac_algorithm(mac);
        Ok(Zeroizing::new(writer.write()?))
    }

    /// The list of revoked certificates (PEM): serial numbers and when each was revoked.
    ///
    /// # Errors
    /// rcgen's.
    pub fn revocation_list(&self, revoked: &[(Vec<u8>, Millis)], now: Millis) -> Result<String, IssueFault> {
        let revoked_certs = revoked.iter().map(|(serial, at)| RevokedCertParams {
            serial_number: SerialNumber::from_slice(serial),
            revocation_time: date(*at, 0),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: date(now, 0),
            next_update: date(now, LIST_DAYS),
            crl_number: SerialNumber::from(u64::try_from(now.0).unwrap_or_default()),
            issuing_distribution_point: None,
            revoked_certs: revoked_certs.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer(now)?)?.pem()?)
    }
}

/// The name of a device in its certificate.
fn name_of(device: Uuid) -> String {
    format!("urn:uuid:{device}")
}

/// Twenty letters and digits that nobody mistakes for others, in groups of five: 99 bits, typed once.
fn passphrase() -> Secret {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let drawn = Zeroizing::new(random::bytes::<20>());
    let mut text = String::with_capacity(24);
    for (place, byte) in drawn.iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            text.push('-');
        }
        let letter = LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'2');
        text.push(char::from(letter));
    }
    Secret::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use p12_keystore::Pkcs12ImportPolicy;
    use x509_parser::extensions::GeneralName;
    use x509_parser::parse_x509_certificate;

    const NOW: Millis = Millis(1_795_000_000_000);

    #[test]
    fn a_certificate_is_for_one_device_for_clients_only_and_for_its_days() {
        let authority = DeviceAuthority::make(NOW).unwrap();
        let again = DeviceAuthority::stored(authority.certificate().to_vec(), &authority.key()).unwrap();
        let device = Uuid::from_u128(7);
        for packing in [Packing::Modern, Packing::Legacy] {
            let issued = again.issue(device, NOW, 365, packing).unwrap();
            let (passphrase, made) = (issued.passphrase.reveal(), issued.made);
            let store =
                KeyStore::from_pkcs12(&issued.pkcs12, passphrase, Pkcs12ImportPolicy::Strict).unwrap();
            assert!(KeyStore::from_pkcs12(&issued.pkcs12, "other", Pkcs12ImportPolicy::Strict).is_err());
            let (_, chain) = store.private_key_chain().unwrap();
            let der = chain.certs().first().unwrap().as_der();
            assert_eq!(Fingerprint::of(der), made.fingerprint);
            assert_eq!(Fingerprint::read(&made.fingerprint.to_string()), Some(made.fingerprint));
            let (_, parsed) = parse_x509_certificate(der).unwrap();
            let usage = parsed.extended_key_usage().unwrap().unwrap().value;
            assert!(usage.client_auth && !usage.server_auth && !usage.any && usage.other.is_empty());
            assert!(!parsed.is_ca());
            assert_eq!(parsed.raw_serial(), made.serial);
            let names = &parsed.subject_alternative_name().unwrap().unwrap().value.general_names;
            let name = format!("urn:uuid:{device}");
            assert!(matches!(names.as_slice(), [GeneralName::URI(uri)] if *uri == name));
            let days = (made.not_after.0 - NOW.0) / 86_400_000;
            assert_eq!(days, 364, "until the midnight that begins day 365");
            assert!(parsed.validity().not_before.timestamp() * 1_000 < NOW.0);
            assert!(passphrase.len() >= 20);
        }
    }

    #[test]
    fn whoever_made_the_key_is_told_what_the_device_is_called_and_never_called_otherwise() {
        let authority = DeviceAuthority::make(NOW).unwrap();
        let (key, device) = (KeyPair::generate().unwrap(), Uuid::from_u128(7));
        let mut params = CertificateParams::new(vec!["else.example".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "Somebody else");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let request = params.serialize_request(&key).unwrap().pem().unwrap();
        let asked = RequestedKey::of(&request).unwrap();
        let (text, made) = authority.certify(device, NOW, 365, &asked).unwrap();
        assert!(!text.contains("PRIVATE KEY"));
        let der = {
            use rustls_pki_types::pem::PemObject;
            CertificateDer::from_pem_slice(text.as_bytes()).unwrap()
        };
        assert_eq!(Fingerprint::of(&der), made.fingerprint);
        let (_, parsed) = parse_x509_certificate(&der).unwrap();
        assert_eq!(parsed.public_key().subject_public_key.data.as_ref(), key.public_key_raw());
        assert_eq!(parsed.subject().to_string(), format!("CN=Tsumugi device {device}"));
        let names = &parsed.subject_alternative_name().unwrap().unwrap().value.general_names;
        assert!(matches!(names.as_slice(), [GeneralName::URI(uri)] if *uri == name_of(device)));
        let usage = parsed.extended_key_usage().unwrap().unwrap().value;
        assert!(usage.client_auth && !usage.server_auth && !parsed.is_ca());
        assert_eq!(parsed.raw_serial(), made.serial);
    }

    #[test]
    fn a_revocation_list_names_what_was_revoked() {
        let authority = DeviceAuthority::make(NOW).unwrap();
        let made = authority.issue(Uuid::from_u128(7), NOW, 1, Packing::Modern).unwrap().made;
        let list = authority.revocation_list(&[(made.serial.to_vec(), NOW)], NOW).unwrap();
        let der = {
            use rustls_pki_types::{CertificateRevocationListDer, pem::PemObject};
            CertificateRevocationListDer::from_pem_slice(list.as_bytes()).unwrap()
        };
        let (_, parsed) = x509_parser::parse_x509_crl(&der).unwrap();
        let serials: Vec<&[u8]> = parsed.iter_revoked_certificates().map(|one| one.raw_serial()).collect();
        assert_eq!(serials, [made.serial.as_slice()]);
    }
}
