//! What is wrong in the files of an import, each with its place.

use std::fmt;

/// One thing that is wrong. It names the place and, of what is written there, only keys that are fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The file.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, line {}: {}", self.file, self.line, self.what)
    }
}

/// Everything that is wrong, file by file and line by line.
#[derive(Debug, Default, thiserror::Error)]
pub struct Flaws(pub Vec<Flaw>);

impl fmt::Display for Flaws {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Flaw::to_string).collect();
        out.write_str(&lines.join("\n"))
    }
}

impl Flaws {
    /// What was read, unless something is wrong.
    ///
    /// # Errors
    /// These, in the order of their lines.
    pub fn or<T>(mut self, read: T) -> Result<T, Self> {
        self.0.sort_by_key(|flaw| flaw.line);
        if self.0.is_empty() { Ok(read) } else { Err(self) }
    }
}

/// The line of a place in a text, counted from 1.
pub fn line_at(text: &str, place: usize) -> usize {
    1 + text.bytes().take(place).filter(|byte| *byte == b'\n').count()
}
