//! A certificate authority of our own, for machines that have no certificate yet.

use super::secret::Secret;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

/// What was issued, as PEM. The authority's private key is thrown away: it cannot issue anything else.
pub struct Issued {
    /// The authority's certificate.
    pub authority: String,
    /// The server's certificate.
    pub server_chain: String,
    /// The server's private key.
    pub server_key: Secret,
}

/// Makes an authority and, by it, one server certificate for these names and addresses.
///
/// # Errors
/// rcgen's, when a name is none.
pub fn issue(names: &[String]) -> Result<Issued, rcgen::Error> {
    let authority_key = KeyPair::generate()?;
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "Tsumugi (this machine)");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = params.self_signed(&authority_key)?;
    let issuer = Issuer::from_params(&params, &authority_key);
    let server_key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names.to_vec())?;
    params.distinguished_name.push(DnType::CommonName, "Tsumugi");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let server = params.signed_by(&server_key, &issuer)?;
    Ok(Issued {
        authority: authority.pem(),
        server_chain: server.pem(),
        server_key: Secret::new(server_key.serialize_pem()),
    })
}
