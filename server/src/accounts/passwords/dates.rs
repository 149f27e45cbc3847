//! Digits that look like somebody's birthday.

/// Whether a date is in it: eight or six digits, or year, month and day between marks.
pub(super) fn has_date(text: &str) -> bool {
    let runs = runs(text);
    runs.iter().any(|run| is_written_together(run.digits))
        || runs.windows(3).any(|three| is_apart(text, three))
}

struct Run<'a> {
    at: usize,
    digits: &'a str,
}

impl Run<'_> {
    fn end(&self) -> usize {
        self.at + self.digits.len()
    }
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let mut all: Vec<Run<'_>> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        match all.last_mut() {
            Some(last) if last.end() == at => last.digits = text.get(last.at..=at).unwrap_or_default(),
            _ => all.push(Run { at, digits: text.get(at..=at).unwrap_or_default() }),
        }
    }
    all
}

fn number(digits: &str, from: usize, to: usize) -> u32 {
    digits.get(from..to).and_then(|part| part.parse().ok()).unwrap_or_default()
}

fn is_written_together(digits: &str) -> bool {
    let full = (0..digits.len().saturating_sub(7)).any(|at| {
        let eight = digits.get(at..at + 8).unwrap_or_default();
        let year_first = is_year(number(eight, 0, 4)) && is_day(number(eight, 4, 6), number(eight, 6, 8));
        let year_last =
            is_year(number(eight, 4, 8)) && is_day_of_either(number(eight, 0, 2), number(eight, 2, 4));
        year_first || year_last
    });
    full || (digits.len() == 6 && is_day(number(digits, 2, 4), number(digits, 4, 6)))
}

/// 1958-4-12, 4/12/1958, 58.4.12.
fn is_apart(text: &str, three: &[Run<'_>]) -> bool {
    let [first, second, third] = three else { return false };
    let is_mark = |from: usize, to: usize| matches!(text.get(from..to), Some("-" | "/" | "." | "_" | " "));
    if !is_mark(first.end(), second.at) || !is_mark(second.end(), third.at) {
        return false;
    }
    let of = |run: &Run<'_>| run.digits.parse::<u32>().unwrap_or_default();
    let is_short = |run: &Run<'_>| run.digits.len() <= 2;
    let starts = is_year(of(first)) || first.digits.len() == 2;
    let year_first = starts && is_short(second) && is_short(third) && is_day(of(second), of(third));
    year_first || (is_year(of(third)) && is_day_of_either(of(first), of(second)))
}

fn is_year(year: u32) -> bool {
    (1_880..2_100).contains(&year)
}

fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn is_day_of_either(one: u32, other: u32) -> bool {
    is_day(one, other) || is_day(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_are_seen_however_they_are_written() {
        for text in [
            "19580412",
            "x580412y",
            "a1958-4-12",
            "4/12/1958",
            "12.04.1958",
            "58_4_12",
            "0019580412",
            "12041958",
        ] {
            assert!(has_date(text), "{text}");
        }
        for text in ["", "1958", "195813", "991332", "19581345", "1-2-3", "58-13-40", "1958--4-12", "9731"] {
            assert!(!has_date(text), "{text}");
        }
    }
}
