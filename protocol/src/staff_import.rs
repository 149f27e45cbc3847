//! Wire shapes of a list of staff that comes in from a file (名簿の取り込み).

use crate::{OfficeId, Refused};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// What is done with the rows.
    ImportMode {
        /// Nothing: they are only looked at.
        DryRun = "dry_run",
        /// All of them are registered, or none.
        All = "all",
        /// Those that are good are registered.
        SkipBad = "skip_bad",
    }
}

words! {
    /// What becomes of a row.
    ImportOutcome {
        /// She is registered, or would be.
        New = "new",
        /// She works for this office already; nothing changes.
        Stands = "stands",
        /// It cannot be taken.
        Bad = "bad",
    }
}

/// `offices.import_roster`: registers the people of a list; each is mailed the link to her first sign-in.
///
/// The first row names the columns: `name`, `kana`, `occupation`, `email` (or 氏名, ふりがな, 職種, メールアドレス), in any order. An address
/// that works for the office already is left as it is, so that a file may be sent again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRoster {
    /// The office.
    pub office: OfficeId,
    /// The file's text: comma-separated values (RFC 4180).
    pub csv: String,
    /// What is done with it.
    pub mode: ImportMode,
}

/// Answer to `offices.import_roster`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RosterImported {
    /// Whether anything was written.
    pub is_written: bool,
    /// A line each.
    pub rows: Vec<ImportRow>,
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ImportRow {
    /// Its line in the file, from 1; the columns' names are the first.
    pub line: u32,
    /// Her name as it stands there.
    pub name: String,
    /// What becomes of it.
    pub outcome: ImportOutcome,
    /// Which column is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub column: Option<String>,
    /// Why, in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub refused: Option<Refused>,
}

// What people wrote is in no log.
impl std::fmt::Debug for ImportRoster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportRoster")
            .field("office", &self.office)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
