//! What others know of a person and of where she works, in the letters in which it could be typed.

use super::romaji::{is_kana, readings};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// A shorter word is in too many others to be looked for inside a password; guesses of it still count.
const LOOKED_FOR: usize = 4;

/// Words that others could guess; the name of this service is one.
#[derive(Debug)]
pub struct Known(BTreeSet<String>);

impl Default for Known {
    fn default() -> Self {
        Self(BTreeSet::from(["tsumugi".to_owned(), "tumugi".to_owned()]))
    }
}

impl Known {
    /// Adds a name: its Latin words, and its kana in Latin letters.
    pub fn add(&mut self, text: &str) {
        let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            self.keep(word.to_owned());
        }
        for kana in text.split(|c: char| !is_kana(c)) {
            readings(kana).into_iter().for_each(|reading| self.keep(reading));
        }
    }

    /// Adds the parts of an address, all but the last of its host.
    pub fn add_email(&mut self, email: &str) {
        let (name, host) = email.rsplit_once('@').unwrap_or((email, ""));
        self.add(name);
        self.add(host.rsplit_once('.').map_or(host, |(before, _)| before));
    }

    fn keep(&mut self, word: String) {
        // Digits alone say nothing about anybody.
        if word.len() > 1 && word.chars().any(|c| c.is_ascii_alphabetic()) {
            self.0.insert(word);
        }
    }

    /// All words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a word is inside a password in small letters, also where other signs stand for letters.
    #[must_use]
    pub fn is_in(&self, lower: &str) -> bool {
        let plain: String = lower.chars().map(meant).collect();
        let words = || self.words().filter(|word| word.len() >= LOOKED_FOR);
        words().any(|word| lower.contains(word) || plain.contains(word))
    }
}

fn meant(c: char) -> char {
    match c {
        '4' | '@' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}
