//! A certificate authority of our own, for machines that have no certificate yet.

use super::secret::Secret;
use crate::clock::Millis;
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

/// Browsers refuse server certificates that last longer than 825 days.
const SERVER_DAYS: i64 = 820;
const AUTHORITY_DAYS: i64 = 3_650;

/// The midnight that begins a day, so many days from now; certificates say no more of a time here.
pub(super) fn date(now: Millis, day: i64) -> time::OffsetDateTime {
    let date = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    let date = date.date().saturating_add(jiff::Span::new().days(day));
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    rcgen::date_time_ymd(i32::from(date.year()), part(date.month()), part(date.day()))
}

/// From yesterday, since clocks differ, for so many days.
pub(super) fn last(params: &mut CertificateParams, now: Millis, days: i64) {
    params.not_before = date(now, -1);
    params.not_after = date(now, days);
}

/// Makes an authority and, by it, one server certificate for these names and addresses.
///
/// # Errors
/// rcgen's, when a name is none.
pub fn issue(names: &[String], now: Millis) -> Result<Issued, rcgen::Error> {
    let authority_key = KeyPair::generate()?;
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "Tsumugi (this machine)");
    last(&mut params, now, AUTHORITY_DAYS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = params.self_signed(&authority_key)?;
    let issuer = Issuer::from_params(&params, &authority_key);
    let server_key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names.to_vec())?;
    params.distinguished_name.push(DnType::CommonName, "Tsumugi");
    last(&mut params, now, SERVER_DAYS);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let server = params.signed_by(&server_key, &issuer)?;
    Ok(Issued {
        authority: authority.pem(),
        server_chain: server.pem(),
        server_key: Secret::new(server_key.serialize_pem()),
    })
}
