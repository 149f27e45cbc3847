//! What a certificate says of itself: for whom it is good, and until when.

use crate::clock::Millis;
use std::net::IpAddr;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;

/// What stands in a certificate. Nothing of it is verified here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Names and addresses it is good for.
    pub names: Vec<String>,
    /// The beginning of its time.
    pub from: Millis,
    /// The end of its time.
    pub until: Millis,
}

impl About {
    /// Reads a certificate (DER); none where it is not one.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Option<Self> {
        let (_, parsed) = parse_x509_certificate(certificate).ok()?;
        let names = match parsed.subject_alternative_name().ok()? {
            Some(alternatives) => alternatives.value.general_names.iter().filter_map(name).collect(),
            None => Vec::new(),
        };
        let from = Millis(parsed.validity().not_before.timestamp().saturating_mul(1_000));
        let until = Millis(parsed.validity().not_after.timestamp().saturating_mul(1_000));
        Some(Self { names, from, until })
    }

    /// Whether it is good for a name or address; `*.` stands for one label.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let parent = host.split_once('.').map(|(_, parent)| parent);
        self.names
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .any(|name| name == host || name.strip_prefix("*.").is_some_and(|behind| Some(behind) == parent))
    }

    /// Whole days left; none are left on the last one, and fewer than none after it.
    #[must_use]
    pub fn days_left(&self, now: Millis) -> i64 {
        self.until.0.saturating_sub(now.0).div_euclid(24 * 60 * 60 * 1_000)
    }
}

fn name(general: &GeneralName<'_>) -> Option<String> {
    match general {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let four = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            let address = four.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
            address.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::authority::issue;
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;

    const NOW: Millis = Millis(1_795_000_000_000);

    #[test]
    fn it_says_what_was_issued() {
        let names = ["tsumugi.example", "*.care.example", "127.0.0.1", "::1"].map(str::to_owned);
        let issued = issue(&names, NOW).unwrap();
        let der = CertificateDer::from_pem_slice(issued.server_chain.as_bytes()).unwrap();
        let about = About::of(&der).unwrap();
        assert_eq!(about.names, names);
        for good in ["tsumugi.example", "TSUMUGI.example", "127.0.0.1", "::1", "a.care.example"] {
            assert!(about.covers(good), "{good}");
        }
        for other in ["care.example", "a.b.care.example", "example", "127.0.0.2", ""] {
            assert!(!about.covers(other), "{other}");
        }
        assert_eq!(about.days_left(NOW), 819, "issued until the midnight that begins day 820");
        assert_eq!(about.days_left(about.until), 0);
        assert_eq!(about.days_left(Millis(about.until.0 + 1)), -1);
        assert_eq!(About::of(b"no certificate"), None);
    }
}
