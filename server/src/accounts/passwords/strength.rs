//! Of which kind a password is: its length and the classes of its characters.

use super::rules::Fails;
use crate::policy::{CharClass, KindName, PasswordKind, PasswordRules};

/// † Characters of a password at most.
pub const MOST: usize = 128;

/// The kind of the password, or what it lacks.
///
/// # Errors
/// The rules that it fails, with the length that is asked for.
pub fn kind_of(rules: &PasswordRules, password: &str) -> Result<KindName, Fails> {
    let length = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    if !password.chars().all(is_half_width) {
        return Err(Fails { rules: vec!["full_width"], least: least(rules) });
    }
    let by_length = rules.kinds.iter().find(|kind| is_as_long(kind, length));
    let missing = |kind: &PasswordKind| -> Vec<&'static str> {
        kind.classes.iter().filter(|class| !has(password, **class)).map(|class| word(*class)).collect()
    };
    let Some(kind) = by_length else {
        let nearest = rules.kinds.iter().min_by_key(|kind| kind.least);
        let rules_failed = std::iter::once("too_short").chain(nearest.map(missing).into_iter().flatten());
        return Err(Fails { rules: rules_failed.collect(), least: least(rules) });
    };
    let failed = missing(kind);
    if failed.is_empty() { Ok(kind.name) } else { Err(Fails { rules: failed, least: least(rules) }) }
}

/// Letters, digits and symbols of ASCII, as every keyboard types them, and the space.
fn is_half_width(c: char) -> bool {
    c == ' ' || c.is_ascii_graphic()
}

fn is_as_long(kind: &PasswordKind, length: u32) -> bool {
    length >= kind.least && kind.most.is_none_or(|most| length <= most)
}

fn least(rules: &PasswordRules) -> u32 {
    rules.kinds.iter().map(|kind| kind.least).min().unwrap_or_default()
}

fn has(password: &str, class: CharClass) -> bool {
    password.chars().any(|c| match class {
        CharClass::Letter => c.is_ascii_alphabetic(),
        CharClass::Digit => c.is_ascii_digit(),
        CharClass::Symbol => !c.is_ascii_alphanumeric(),
    })
}

const fn word(class: CharClass) -> &'static str {
    match class {
        CharClass::Letter => "no_letter",
        CharClass::Digit => "no_digit",
        CharClass::Symbol => "no_symbol",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{floor, local};
    use super::*;

    fn judged(rules: &PasswordRules, password: &str) -> Result<KindName, Vec<&'static str>> {
        kind_of(rules, password).map_err(|fails| fails.rules)
    }

    #[test]
    fn length_and_all_three_classes_make_the_kind() {
        for (password, kind) in [
            ("haru-no-kaze1", Ok(KindName::Long)),
            ("haru-no-kaz1", Ok(KindName::Short)),
            ("haru-no1", Ok(KindName::Short)),
            ("haruno1", Err(vec!["too_short", "no_symbol"])),
            ("haru-n1", Err(vec!["too_short"])),
            ("harunokazega12", Err(vec!["no_symbol"])),
            ("haru-no-kazega", Err(vec!["no_digit"])),
            ("1234-5678-9012", Err(vec!["no_letter"])),
            ("harunokaze", Err(vec!["no_digit", "no_symbol"])),
            ("", Err(vec!["too_short", "no_letter", "no_digit", "no_symbol"])),
        ] {
            assert_eq!(judged(&floor(), password), kind, "{password}");
        }
        assert_eq!(
            judged(&floor(), &format!("a1{}", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ")),
            Ok(KindName::Long)
        );
    }

    #[test]
    fn wide_characters_do_not_count_as_narrow_ones() {
        for password in [
            "Ｈaru-no-kaze-12",
            "春の風-haru-no-12",
            "haru-no-kaze-１２",
            "haru‐no‐kaze‐1a",
            "haru\u{3000}no-kaze-1",
            "ﾊﾙ-haru-no-kaze-1",
            "haru-no-kaze-1\u{7}",
        ] {
            assert_eq!(judged(&floor(), password), Err(vec!["full_width"]), "{password}");
        }
    }

    // clause("000§11(3)a", "001§18-3a", "003§11(3)a", "004§9c")
    #[test]
    fn with_the_floor_off_eight_letters_and_digits_are_enough() {
        for (password, kind) in [
            ("harukaz1", Ok(KindName::Local)),
            ("haruka1", Err(vec!["too_short"])),
            ("harukaze", Err(vec!["no_digit"])),
            ("12345678", Err(vec!["no_letter"])),
        ] {
            assert_eq!(judged(&local(), password), kind, "{password}");
        }
    }
}
