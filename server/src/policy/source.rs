//! Where in a file of rules each knob stands, and which clause the remark beside it cites.

use super::fault::At;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The places of one file, and of the files that it amends.
#[derive(Debug, Clone, Default)]
pub struct Source {
    file: Arc<str>,
    places: BTreeMap<String, At>,
}

impl Source {
    /// Of a file's text, also of one that is no TOML.
    #[must_use]
    pub fn of(file: &str, text: &str) -> Self {
        let mut reader = Reader { file, places: BTreeMap::new(), table: None, last: None, depth: 0 };
        for (index, line) in text.lines().enumerate() {
            reader.read(index + 1, line);
        }
        Self { file: file.into(), places: reader.places }
    }

    /// Name of the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Where a knob stands; the whole file where it does not.
    #[must_use]
    pub fn at(&self, name: &str) -> At {
        let nowhere =
            || At { file: self.file.to_string(), line: 0, name: name.to_owned(), clause: String::new() };
        self.places.get(name).cloned().unwrap_or_else(nowhere)
    }

    /// The whole file.
    #[must_use]
    pub fn whole(&self) -> At {
        At { file: self.file.to_string(), ..At::default() }
    }

    /// A line, with the knob that stands there.
    #[must_use]
    pub fn line(&self, line: usize) -> At {
        let before = self.places.values().filter(|at| *at.file == *self.file && at.line <= line);
        match before.max_by_key(|at| at.line) {
            Some(at) => At { line, ..at.clone() },
            None => At { line, ..self.whole() },
        }
    }

    /// What this file does not speak of stands where the amended one speaks of it.
    #[must_use]
    pub fn over(mut self, amended: &Self) -> Self {
        for (name, at) in &amended.places {
            self.places.entry(name.clone()).or_insert_with(|| at.clone());
        }
        self
    }
}

struct Reader<'a> {
    file: &'a str,
    places: BTreeMap<String, At>,
    /// The table that lines belong to.
    table: Option<String>,
    /// What a value that goes on over lines belongs to.
    last: Option<String>,
    /// Brackets that are open at the end of the line before.
    depth: usize,
}

impl Reader<'_> {
    fn read(&mut self, number: usize, line: &str) {
        let (code, remark) = split(line);
        if code.is_empty() {
            return;
        }
        if self.depth == 0 {
            self.begin(number, code);
        }
        if let Some(at) = self.last.as_ref().and_then(|name| self.places.get_mut(name)) {
            // The first remark speaks for all lines of a list or table.
            if at.clause.is_empty() {
                remark.clone_into(&mut at.clause);
            }
        }
        let is_header = self.depth == 0 && code.starts_with('[');
        if !is_header {
            self.depth = open_after(code, self.depth);
        }
    }

    /// What a line begins: a table, a knob, or nothing.
    fn begin(&mut self, number: usize, code: &str) {
        let header = code.strip_prefix('[').map(|rest| rest.trim_start_matches('['));
        let name = match (header, code.split_once('=')) {
            (Some(header), _) => {
                let name = first_of(header);
                self.table = Some(name.clone());
                name
            }
            (None, Some((key, _))) => self.table.clone().unwrap_or_else(|| first_of(key)),
            (None, None) => return,
        };
        let at = At { file: self.file.to_owned(), line: number, name: name.clone(), clause: String::new() };
        self.places.entry(name.clone()).or_insert(at);
        self.last = Some(name);
    }
}

/// The first part of a dotted name.
fn first_of(name: &str) -> String {
    name.split(['.', ']']).next().unwrap_or_default().trim().trim_matches('"').to_owned()
}

/// Code and remark of a line.
fn split(line: &str) -> (&str, &str) {
    let mut quote = None;
    let mut is_escaped = false;
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') => {
                let (code, remark) = line.split_at(at);
                return (code.trim(), remark.trim_start_matches('#').trim());
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some('"'), '\\') if !is_escaped => {
                is_escaped = true;
                continue;
            }
            (Some(open), close) if open == close && !is_escaped => quote = None,
            _ => {}
        }
        is_escaped = false;
    }
    (line.trim(), "")
}

/// Brackets that are open after a line.
fn open_after(code: &str, before: usize) -> usize {
    let mut depth = before;
    let mut quote = None;
    for letter in code.chars() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}
