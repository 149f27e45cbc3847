//! What tells in a text that it speaks of a patient: her name or its reading, either part of it before a title, her birth date.

use super::{PatientBody, folded_kana};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What follows a name when somebody is spoken of.
const TITLES: [&str; 7] = ["さん", "さま", "様", "氏", "殿", "ちゃん", "くん"];

/// What may stand before a name that is written in kana alone.
const PARTICLES: &str = "はがをにでとのもや";

/// So long a name, in characters, tells by itself; a shorter one only before a title.
const TELLING: usize = 3;

/// What tells of one patient.
pub struct Signs {
    name: String,
    wholes: Vec<String>,
    parts: Vec<String>,
    born: Option<Date>,
}

impl Signs {
    /// Those of a patient.
    #[must_use]
    pub fn of(body: &PatientBody) -> Self {
        let mut wholes = Vec::new();
        let mut parts = Vec::new();
        for written in [&body.name, &body.kana] {
            let whole = folded(written);
            parts.extend(parts_of(written).filter(|part| *part != whole));
            match whole.chars().count() {
                0 => {}
                count if count >= TELLING => wholes.push(whole),
                _ => parts.push(whole),
            }
        }
        parts.sort();
        parts.dedup();
        Self { name: body.name.clone(), wholes, parts, born: PatientBody::day(&body.birth_date) }
    }

    /// Her name, for whoever knows her.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds the names she bears, where she is the one who is meant.
    pub fn borne(&self, here: &mut Bearers) {
        here.0.extend(self.wholes.iter().chain(&self.parts).cloned());
    }

    /// Whether a text speaks of her. Names that somebody else here bears tell nothing.
    #[must_use]
    pub fn are_in(&self, text: &Written, here: &Bearers) -> bool {
        let tells = |name: &String| !here.0.contains(name);
        self.wholes.iter().any(|whole| tells(whole) && text.folded.contains(whole.as_str()))
            || self.parts.iter().any(|part| tells(part) && text.speaks_of(part))
            || self.born.is_some_and(|born| text.dates.contains(&born))
    }
}

/// Names that somebody in the room bears, whole and in parts.
#[derive(Default)]
pub struct Bearers(BTreeSet<String>);

impl Bearers {
    /// One more person, under a name or its reading.
    pub fn add(&mut self, name: &str) {
        self.0.extend(parts_of(name));
        self.0.insert(folded(name));
    }
}

/// A text as it is looked through.
pub struct Written {
    folded: String,
    dates: BTreeSet<Date>,
}

impl Written {
    /// Takes a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let folded = folded(text);
        let dates = dates(&folded);
        Self { folded, dates }
    }

    /// Whether a part of a name stands before a title.
    fn speaks_of(&self, part: &str) -> bool {
        self.folded.match_indices(part).any(|(at, _)| {
            let after = self.folded.get(at + part.len()..).unwrap_or_default();
            let before = self.folded.get(..at).and_then(|text| text.chars().next_back());
            TITLES.iter().any(|title| after.starts_with(title))
                && !(part.chars().all(is_hiragana) && before.is_some_and(goes_on))
        })
    }
}

/// Whether a word in kana may have begun with this character.
fn goes_on(before: char) -> bool {
    is_hiragana(before) && !PARTICLES.contains(before)
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c) || c == 'ー'
}

fn folded(text: &str) -> String {
    folded_kana(text).to_lowercase()
}

fn parts_of(name: &str) -> impl Iterator<Item = String> {
    name.split_whitespace().map(folded).filter(|part| part.chars().nth(1).is_some() || !part.is_ascii())
}

/// The days that a text names: 1942-03-08, 1942年3月8日, 昭和17年3月8日, S17.3.8, 19420308.
fn dates(text: &str) -> BTreeSet<Date> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    let mut before = "";
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (passed, from) = rest.split_at(at);
        before = if passed.is_empty() { before } else { passed };
        found.extend(date_at(before, from));
        let digits = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        (before, rest) = ("", from.get(digits..).unwrap_or_default());
    }
    found
}

/// The day that begins with these digits, after that.
fn date_at(before: &str, from: &str) -> Option<Date> {
    let (year, rest) = number(from)?;
    if year.len() == 8 {
        return day(year.get(..4)?.parse().ok()?, year.get(4..6)?, year.get(6..)?);
    }
    let year = match year.len() {
        4 => year.parse().ok()?,
        1 | 2 => first_year(before)?.checked_add(year.parse().ok()?)?.checked_sub(1)?,
        _ => return None,
    };
    let (month, rest) = number(rest.strip_prefix(['-', '‐', '−', '/', '.', '年'])?)?;
    let (date, _) = number(rest.strip_prefix(['-', '‐', '−', '/', '.', '月'])?)?;
    day(year, month, date)
}

fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())
}

fn day(year: i16, month: &str, day: &str) -> Option<Date> {
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The first year of the era whose name or letter stands before a number.
fn first_year(before: &str) -> Option<i16> {
    const ERAS: [(&str, char, i16); 5] = [
        ("令和", 'r', 2019),
        ("平成", 'h', 1989),
        ("昭和", 's', 1926),
        ("大正", 't', 1912),
        ("明治", 'm', 1868),
    ];
    let letter = before.chars().next_back();
    let is_word = before.chars().rev().nth(1).is_some_and(|c| c.is_ascii_alphabetic());
    let era =
        ERAS.iter().find(|(name, short, _)| before.ends_with(name) || (letter == Some(*short) && !is_word));
    era.map(|(_, _, first)| *first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(name: &str, kana: &str) -> Signs {
        Signs::of(&PatientBody {
            v: 1,
            name: name.to_owned(),
            kana: kana.to_owned(),
            birth_date: "1942-03-08".to_owned(),
            sex: "female".to_owned(),
        })
    }

    fn are_in(signs: &Signs, text: &str) -> bool {
        signs.are_in(&Written::of(text), &Bearers::default())
    }

    #[test]
    fn a_patient_is_found_by_table() {
        let signs = signs("菊池 春江", "きくち はるえ");
        for (text, expected) in [
            ("菊池春江さんの件", true),
            ("菊池　春江の件", true),
            ("キクチハルエ様", true),
            ("ｷｸﾁ ﾊﾙｴ", true),
            ("菊池さんは今日", true),
            ("今日は春江さんと", true),
            ("きくちさんが", true),
            ("は、ハルエさまの", true),
            ("菊池の交差点", false),
            ("春江の街", false),
            ("おきくちさん", false),
            ("変わりありません", false),
            ("1942-03-08 生まれ", true),
            ("1942/3/8", true),
            ("1942.03.08", true),
            ("１９４２年３月８日", true),
            ("昭和17年3月8日生", true),
            ("S17.3.8", true),
            ("s17/03/08", true),
            ("19420308", true),
            ("1942-03-09", false),
            ("平成17年3月8日", false),
            ("ds17.3.8", false),
            ("血圧 120/80 体温 36.8", false),
            ("194203080", false),
            ("1942-13-40", false),
        ] {
            assert_eq!(are_in(&signs, text), expected, "{text}");
        }
    }

    #[test]
    fn a_short_or_undivided_name_tells_only_as_far_as_it_can() {
        let short = signs("森 一", "もり はじめ");
        assert!(!are_in(&short, "森一帯の地図"), "two characters are in many words");
        assert!(are_in(&short, "森一さん"));
        let whole = signs("三枝竹男", "さえぐさたけお");
        assert!(are_in(&whole, "三枝竹男"));
        assert!(!are_in(&whole, "竹男さん"), "nobody knows where it divides");
        assert!(!are_in(&signs("", ""), "さん"), "nothing tells nothing");
    }

    #[test]
    fn names_of_those_who_are_here_tell_nothing() {
        let signs = signs("菊池 春江", "きくち はるえ");
        let mut here = Bearers::default();
        here.add("菊池 とめ");
        assert!(!signs.are_in(&Written::of("菊池さん"), &here), "it may be the one who is meant here");
        assert!(signs.are_in(&Written::of("菊池春江"), &here));
        assert!(signs.are_in(&Written::of("春江さん"), &here));
        here.add("菊池 春江");
        assert!(!signs.are_in(&Written::of("菊池春江さん"), &here), "a namesake");
        assert!(signs.are_in(&Written::of("菊池春江さん S17.3.8"), &here), "who was not born that day");
    }
}
