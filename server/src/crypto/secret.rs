//! A text that must never be printed: a password, a token, the content of a key file.
use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A secret text; it prints nothing of itself and is wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text into keeping.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Whoever calls this answers for where it goes.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        #[derive(Debug, Deserialize)]
        struct Ask {
            password: Secret,
        }
        let ask: Ask = serde_json::from_str(r#"{"password":"たんぽぽ2024"}"#).unwrap();
        assert_eq!(ask.password.reveal(), "たんぽぽ2024");
        assert_eq!(format!("{ask:?}"), "Ask { password: Secret }");
    }
}
