//! Text that people write: NFC, of a length the rules allow, without control characters but newline and tab.

use tsumugi_protocol::{Code, Refusal, limits};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text of a post, fit to be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// Reads what somebody wrote. Line ends become `\n`.
    ///
    /// # Errors
    /// `draft_empty`, `post_too_long`, `bad_field` for control characters.
    pub fn post(written: &str) -> Result<Self, Refusal> {
        let text = normal(written);
        if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
            return Err(Code::DraftEmpty.into());
        }
        let length = text.chars().count();
        if length > limits::POST_CHARS {
            let refusal = Refusal::new(Code::PostTooLong).with("limit", limits::POST_CHARS);
            return Err(refusal.with("length", length));
        }
        if text.chars().any(is_forbidden) {
            return Err(Refusal::new(Code::BadField).with("field", "text"));
        }
        Ok(Self(text))
    }

    /// A title or name: one line, 1 to `limit` characters.
    #[must_use]
    pub fn line(written: &str, limit: usize) -> Option<String> {
        Self::short(written, limit).filter(|text| !text.contains(['\n', '\t']))
    }

    /// A short text of several lines, 1 to `limit` characters.
    #[must_use]
    pub fn short(written: &str, limit: usize) -> Option<String> {
        let text = normal(written).trim().to_owned();
        let fits = !text.is_empty() && text.chars().count() <= limit && !text.chars().any(is_forbidden);
        fits.then_some(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn normal(written: &str) -> String {
    // Nearly every text is in NFC already, which is found out at a fraction of the price of making it so.
    let text = match is_nfc_quick(written.chars()) {
        IsNormalized::Yes => written.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => written.nfc().collect(),
    };
    if text.contains('\r') { text.replace("\r\n", "\n") } else { text }
}

/// Characters that nobody sees: a text of them alone is empty.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Control characters, and the invisible ones that turn the direction of a whole line around.
fn is_forbidden(c: char) -> bool {
    let turns_lines = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\n' && c != '\t') || turns_lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(written: &str) -> Option<&'static str> {
        Text::post(written).err().map(|refusal| refusal.code.as_str())
    }

    #[test]
    fn length_is_counted_in_characters_after_normalisation() {
        assert_eq!(code(&"褥".repeat(20_000)), None);
        assert_eq!(code(&"褥".repeat(20_001)), Some("post_too_long"));
        assert_eq!(code(&"か\u{3099}".repeat(20_000)), None, "か + voiced mark is one が");
        assert_eq!(Text::post("か\u{3099}").unwrap().as_str(), "が");
    }

    #[test]
    fn empty_and_invisible_texts_are_refused() {
        assert_eq!(code(""), Some("draft_empty"));
        assert_eq!(code(" 　\n\t"), Some("draft_empty"));
        assert_eq!(code("\u{200B}\u{2060}"), Some("draft_empty"));
        assert_eq!(code("a\u{0}b"), Some("bad_field"));
        assert_eq!(code("\u{1b}[2J"), Some("bad_field"));
        assert_eq!(code("txt.\u{202E}exe"), Some("bad_field"));
        assert_eq!(code("一行目\r\n二行目\t👨‍👩‍👧"), None);
    }

    #[test]
    fn a_line_has_no_line_break() {
        assert_eq!(Text::line(" 勉強会 ", 100).as_deref(), Some("勉強会"));
        assert_eq!(Text::line("a\nb", 100), None);
        assert_eq!(Text::line("", 100), None);
        assert_eq!(Text::line(&"あ".repeat(101), 100), None);
    }
}
