//! Whether a password is hardly another one than that which it replaces (002-2.1M8).

/// So near that somebody who knows the old one tries it: a few characters, or only digits, differ.
pub fn is_similar(old: &str, new: &str, within: usize) -> bool {
    let without_digits = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    strsim::levenshtein(old, new) <= within || without_digits(old) == without_digits(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_changes_or_other_digits_are_similar_and_three_changes_are_not() {
        for (new, expected) in [
            ("haru-no-kaze-12", true),
            ("haru-no-kaze-1", true),
            ("Haru-no-kaze-12!", true),
            ("haru-no-kaze-908877", true),
            ("12haru-no-kaze-", true),
            ("HARu-no-kaze-12", false),
            ("aki-no-fune-77", false),
        ] {
            assert_eq!(is_similar("haru-no-kaze-12", new, 2), expected, "{new}");
        }
    }
}
