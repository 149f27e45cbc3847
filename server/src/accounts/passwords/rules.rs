//! What a password fails, and how that is told.

use tsumugi_protocol::{Code, Refusal};

/// The rules that a password fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fails {
    /// Their words, as the refusal names them.
    pub rules: Vec<&'static str>,
    /// How many characters it has at least.
    pub least: u32,
}

impl From<Fails> for Refusal {
    fn from(fails: Fails) -> Self {
        Self::new(Code::PasswordTooWeak).with("rule", fails.rules.join(",")).with("least", fails.least)
    }
}
