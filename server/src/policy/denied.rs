//! Passwords that an operator's list refuses, for example leaked ones.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// The list; clones share it.
#[derive(Debug, Clone, Default)]
pub struct DenyList(Arc<HashSet<String>>);

impl DenyList {
    /// Of a text with one password in a line.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Arc::new(text.lines().map(normal).filter(|line| !line.is_empty()).collect()))
    }

    /// Of a file.
    ///
    /// # Errors
    /// The file system's, in a sentence that names the file.
    pub fn read(file: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(file).map_err(|error| {
            format!("the list of refused passwords, {}, does not read: {error}", file.display())
        })?;
        // Lists of leaked passwords are in every encoding there is; what cannot be typed here matches nothing.
        Ok(Self::of(&String::from_utf8_lossy(&bytes)))
    }

    /// Whether the password is on it, whatever its case.
    #[must_use]
    pub fn has(&self, password: &str) -> bool {
        self.0.contains(&normal(password))
    }
}

fn normal(line: &str) -> String {
    line.trim_end_matches(['\r', '\n']).nfkc().flat_map(char::to_lowercase).collect()
}
