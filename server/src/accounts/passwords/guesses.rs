//! Whether a password can be guessed: by what others know of its holder, by keys beside each other, by dates, by lists.

use super::known::Known;
use crate::policy::{DenyList, PasswordRules};

/// Keys that lie beside each other, and the alphabet.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop@[",
    "qwertyuiop[]",
    "asdfghjkl;:]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "!\"#$%&'()",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
];

/// The word of the rule by which the password can be guessed.
pub fn guessed_by(
    rules: &PasswordRules,
    denied: &DenyList,
    known: &Known,
    password: &str,
) -> Option<&'static str> {
    let lower = password.to_ascii_lowercase();
    let run = usize::try_from(rules.run_of.0).unwrap_or(usize::MAX).max(2);
    if denied.has(password) {
        return Some("denied");
    }
    if known.is_in(&lower) {
        return Some("known_word");
    }
    if has_repeat(&lower, run) {
        return Some("repeat");
    }
    if has_run(&lower, run) {
        return Some("run");
    }
    if super::dates::has_date(&lower) {
        return Some("date");
    }
    let inputs: Vec<&str> = known.words().collect();
    let digits = zxcvbn::zxcvbn(password, &inputs).guesses_log10();
    (digits < f64::from(rules.guesses_digits.0)).then_some("common")
}

/// So many equal characters in a row.
fn has_repeat(lower: &str, run: usize) -> bool {
    let letters: Vec<char> = lower.chars().collect();
    letters.windows(run).any(|window| window.iter().all(|c| Some(c) == window.first()))
}

/// So many neighbours in a row, there or back.
fn has_run(lower: &str, run: usize) -> bool {
    let letters: Vec<char> = lower.chars().collect();
    letters.windows(run).any(|window| {
        let there: String = window.iter().collect();
        let back: String = window.iter().rev().collect();
        ROWS.iter().any(|row| row.contains(&there) || row.contains(&back))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::floor;
    use super::*;

    fn judged(password: &str) -> Option<&'static str> {
        let mut known = Known::default();
        known.add("水上 茂 みずかみ しげる");
        known.add("ひなた診療所");
        known.add_email("m-taro.works@clinic.example");
        guessed_by(&floor(), &DenyList::of("kore-wa-himitsu-9\n"), &known, password)
    }

    #[test]
    fn what_others_can_guess_is_named() {
        for (password, rule) in [
            ("Mizukami-no-kaze-1", Some("known_word")),
            ("m1zuk4m1-kaze-x9", Some("known_word")),
            ("sigeru-kaze-x9!", Some("known_word")),
            ("kaze-HINATA-x9!", Some("known_word")),
            ("kaze-Taro-works9!", Some("known_word")),
            ("Tsumugi-kaze-x9!", Some("known_word")),
            ("kaze-clinic-x9!", Some("known_word")),
            ("haru-qwer-kaze9", Some("run")),
            ("haru-REWQ-kaze9", Some("run")),
            ("haru-1qaz-kaze!", Some("run")),
            ("haru-kaze-4567!", Some("run")),
            ("haru-dcba-kaz9!", Some("run")),
            ("haruuuu-no-kaze9", Some("repeat")),
            ("haru-9999-kaze!", Some("repeat")),
            ("haru-19580412-a!", Some("date")),
            ("haru-1958-4-12a!", Some("date")),
            ("kore-wa-himitsu-9", Some("denied")),
            ("KORE-wa-himitsu-9", Some("denied")),
            ("P@ssw0rd!", Some("common")),
            ("haru-no-kaze-12", None),
            ("aki!Fune7kogu-to", None),
            ("x9!Kq-vT2m", None),
        ] {
            assert_eq!(judged(password), rule, "{password}");
        }
    }

    #[test]
    fn three_in_a_row_are_not_enough() {
        assert_eq!(judged("haruuu-asd-kaze-129"), None);
    }
}
