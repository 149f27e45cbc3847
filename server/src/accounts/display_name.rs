//! What somebody is called: her own name beside her office's, from two fields, never one instead of the other.

use std::fmt;
use tsumugi_protocol::{Code, NamePattern};
use unicode_normalization::UnicodeNormalization;

/// Between the two where they stand in one line (003§guide-①1b).
const SEPARATOR: &str = "／";

/// A person's own name and her office's. Printed it is both in one line.
#[derive(Debug, Clone, Copy)]
pub struct DisplayName<'a> {
    /// Her own.
    pub name: &'a str,
    /// The office's, for staff.
    pub office: Option<&'a str>,
}

impl DisplayName<'_> {
    /// Whether the name is a person's own.
    ///
    /// # Errors
    /// `display_name_office_only` for none, and for the office's (003§guide-①1c); `display_name_format` for one that brings a
    /// separator along, and with it another office (003§guide-①1b).
    pub fn decide(self) -> Result<(), Code> {
        let name = folded(self.name);
        // The width of the separator does not matter either.
        if name.contains('/') {
            return Err(Code::DisplayNameFormat);
        }
        let is_offices = self.office.is_some_and(|office| folded(office) == name);
        if name.is_empty() || is_offices { Err(Code::DisplayNameOfficeOnly) } else { Ok(()) }
    }

    /// Whether it can be shown as the region shows the names of staff (K-45).
    ///
    /// # Errors
    /// As [`DisplayName::decide`]; `display_name_format` where one of the two is missing that make the line.
    pub fn decide_under(self, pattern: NamePattern) -> Result<(), Code> {
        self.decide()?;
        match (pattern, self.office) {
            (NamePattern::Person, _) => Ok(()),
            (NamePattern::PersonOffice, Some(office)) if !folded(office).is_empty() => Ok(()),
            (NamePattern::PersonOffice, _) => Err(Code::DisplayNameFormat),
        }
    }
}

impl fmt::Display for DisplayName<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.office {
            Some(office) => write!(out, "{}{SEPARATOR}{office}", self.name),
            None => out.write_str(self.name),
        }
    }
}

/// Without what makes two writings of one name: width, case, and characters that nobody sees.
fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect::<String>().to_lowercase()
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_persons_own_and_only_that() {
        let (office_only, format) = (Err(Code::DisplayNameOfficeOnly), Err(Code::DisplayNameFormat));
        for (name, expected) in [
            ("山田 花子", Ok(())),
            ("山田（日向訪看）", Ok(())),
            ("日向", Ok(())),
            ("", office_only),
            ("　\u{200B}", office_only),
            ("日向訪看 St", office_only),
            ("日向訪看Ｓｔ", office_only),
            ("日向 訪看 ST", office_only),
            ("山田花子／日向訪看", format),
            ("山田花子/日向訪看", format),
            ("／", format),
        ] {
            assert_eq!(DisplayName { name, office: Some("日向訪看Ｓｔ") }.decide(), expected, "{name}");
        }
    }

    #[test]
    fn where_the_line_is_both_neither_may_be_dropped() {
        let under = |office, pattern| DisplayName { name: "山田花子", office }.decide_under(pattern);
        for (office, person, both) in [
            (Some("日向訪看"), Ok(()), Ok(())),
            (Some("　"), Ok(()), Err(Code::DisplayNameFormat)),
            (None, Ok(()), Err(Code::DisplayNameFormat)),
        ] {
            assert_eq!(under(office, NamePattern::Person), person, "{office:?}");
            assert_eq!(under(office, NamePattern::PersonOffice), both, "{office:?}");
        }
    }

    #[test]
    fn both_fields_make_the_line() {
        let line = |name, office| DisplayName { name, office }.to_string();
        assert_eq!(line("山田花子", Some("日向訪看")), "山田花子／日向訪看");
        assert_eq!(line("川井 澄江", None), "川井 澄江");
    }
}
