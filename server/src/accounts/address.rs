//! E-mail addresses that mail may be sent to.

use super::AccountBody;
use tsumugi_protocol::limits;

/// An e-mail address in its normal form that every mail server takes and that cannot be more than one, nor a header.
///
/// Stricter than the standard: no quoted names, no comments, no bare hosts. People have none of those.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// Never prints the address.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address")
    }
}

impl Address {
    /// Reads what was typed, if it is one.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        if typed.len() > limits::EMAIL_BYTES {
            return None;
        }
        let address = AccountBody::normal_email(typed);
        let (name, host) = address.rsplit_once('@')?;
        (is_name(name) && is_host(host) && address.len() <= 254).then_some(Self(address))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, host)| host)
    }
}

fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    name.len() <= 64 && name.split('.').all(part)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_have_is_an_address_and_comes_out_in_its_normal_form() {
        for (typed, normal) in [
            ("　Ｈana.Sato+tsumugi@Clinic.example.JP ", "hana.sato+tsumugi@clinic.example.jp"),
            ("a@b.c", "a@b.c"),
            ("o'neil_1@x-1.example", "o'neil_1@x-1.example"),
        ] {
            assert_eq!(Address::read(typed).unwrap().as_str(), normal);
        }
    }

    #[test]
    fn nothing_else_is_one() {
        let long = format!("{}@clinic.example", "a".repeat(65));
        let wide = format!("a@{}.example", "b".repeat(64));
        for typed in [
            "",
            "a",
            "@b.c",
            "a@",
            "a@b",
            "a@.c",
            "a@b.",
            "a@-b.c",
            "a..b@c.d",
            ".a@b.c",
            "a.@b.c",
            "a@b@c.d",
            "a b@c.d",
            "a@b.c,d@e.f",
            "a@b.c\r\nBcc: x@y.z",
            "a\n@b.c",
            "\"a\"@b.c",
            "<a@b.c>",
            "佐藤@b.c",
            "a@例え.jp",
            "a@b.c\0",
            "a(x)@b.c",
            "a@[127.0.0.1]",
            &long,
            &wide,
        ] {
            assert_eq!(Address::read(typed), None, "{typed:?}");
        }
    }
}
