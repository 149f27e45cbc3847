//! Bodies: the sealed part of a row, one versioned object per table, bound to its place, so that a new field needs no
//! migration and nothing opens where it was not written (D8).

use crate::app::App;
use crate::crypto::seal::{self, Key, Place};
use crate::error::{Fault, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The only format there is so far; a body says which one it has.
pub const FORMAT: u8 = 1;

/// What a row keeps sealed.
pub trait Body: Serialize + DeserializeOwned {
    /// What identifies the row.
    type Row: Copy;

    /// Where it lies; bound into the sealed bytes.
    fn place(row: Self::Row) -> Place<'static>;

    /// The format it was written in.
    fn format(&self) -> u8;

    /// Opens it from its row.
    ///
    /// # Errors
    /// When the bytes were changed, lie where they were not written, or have a format of a later version.
    fn open(key: &Key, row: Self::Row, sealed: &[u8]) -> Result<Self> {
        let opened = seal::open(key, &Self::place(row), sealed)?;
        let body: Self =
            serde_json::from_slice(&opened).map_err(|_| Fault::noticed("reading an opened row"))?;
        match body.format() {
            FORMAT => Ok(body),
            _ => Err(Fault::noticed("reading a row of a later format").into()),
        }
    }

    /// Seals it for its row.
    ///
    /// # Errors
    /// Never for a body of ours; the error is serde's.
    fn sealed(&self, key: &Key, row: Self::Row) -> Result<Vec<u8>> {
        let place = Self::place(row);
        let bytes = serde_json::to_vec(self).map_err(|error| Fault::new("writing a sealed row", error))?;
        Ok(seal::seal(key, &place, &bytes).into_bytes())
    }
}

/// Opens a body with the key that its bytes name.
///
/// # Errors
/// As [`Body::open`], and when the key is not there.
pub async fn open<B: Body>(app: &App, row: B::Row, sealed: &[u8]) -> Result<B> {
    let key = app.keys.ready(seal::key_of(sealed)?).await?;
    B::open(&key, row, sealed)
}

/// A body of a table whose rows have an id.
macro_rules! body_of {
    ($body:ty, $table:literal, $id:ty) => {
        impl $crate::bodies::Body for $body {
            type Row = $id;

            fn place(row: $id) -> $crate::crypto::seal::Place<'static> {
                $crate::crypto::seal::Place { table: $table, row: row.0, author: None }
            }

            fn format(&self) -> u8 {
                self.v
            }
        }
    };
}
pub(crate) use body_of;

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use uuid::Uuid;

    #[derive(Serialize, Deserialize)]
    struct Note {
        v: u8,
        text: String,
    }
    #[derive(Clone, Copy)]
    struct NoteId(Uuid);
    body_of!(Note, "notes", NoteId);

    #[test]
    fn a_body_opens_in_its_own_row_and_in_a_format_that_is_known() {
        let (key, here, there) = (Key::for_test(), NoteId(Uuid::from_u128(1)), NoteId(Uuid::from_u128(2)));
        let note = |v| Note { v, text: "吸引".to_owned() };
        let sealed = note(FORMAT).sealed(&key, here).unwrap();
        assert_eq!(Note::open(&key, here, &sealed).unwrap().text, "吸引");
        assert!(Note::open(&key, there, &sealed).is_err());
        let later = note(FORMAT + 1).sealed(&key, here).unwrap();
        assert!(Note::open(&key, here, &later).is_err());
    }
}
