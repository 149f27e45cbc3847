//! What a password must be, by the rules of its holder's regions; how long it lasts; which ones it may not repeat.

mod accept;
mod age;
mod dates;
mod guesses;
mod known;
mod lasting;
mod romaji;
mod rules;
mod similar;
pub(crate) mod store;
mod strength;

pub use accept::{NewPassword, accept};
pub use age::is_over;
pub use lasting::end_for;

#[cfg(test)]
pub(super) mod tests {
    use crate::policy::{CharClass, EndOfLong, KindName, PasswordKind, PasswordRules, Policies};
    use std::collections::BTreeSet;

    pub fn floor() -> PasswordRules {
        Policies::shipped().unwrap().named("vendor-floor").unwrap().passwords.clone()
    }

    /// Eight letters and digits, as some regions' own texts say.
    fn eight(expires_months: Option<u32>, end_of_long: EndOfLong) -> PasswordRules {
        let kind = PasswordKind {
            name: KindName::Local,
            least: 8,
            most: None,
            classes: BTreeSet::from([CharClass::Letter, CharClass::Digit]),
            expires_months,
            reminds_months: None,
            end_of_long,
        };
        PasswordRules { kinds: vec![kind], ..floor() }
    }

    /// Such a region with the floor off.
    pub fn local() -> PasswordRules {
        eight(None, EndOfLong::Must)
    }

    /// The floor, and a region whose passwords all last so many months.
    pub fn months_for_all(months: u32, end_of_long: EndOfLong) -> PasswordRules {
        floor().meet(&eight(Some(months), end_of_long))
    }
}
