//! Rows by the names of their columns.
//!
//! Not `derive(sqlx::FromRow)`: its macros are built with a second copy of both databases' drivers, minutes of every build.

/// Reads a struct from a row of either engine, each field from the column of its name; fields after `;` are structs read
/// from the same row: `row!(Last: key_id; post)`.
macro_rules! row {
    ($name:ident: $($field:ident),+ $(,)? $(; $($part:ident),+)?) => {
        $crate::store::row!(@of sqlx::sqlite::SqliteRow, $name, [$($field),+], [$($($part),+)?]);
        $crate::store::row!(@of sqlx::postgres::PgRow, $name, [$($field),+], [$($($part),+)?]);
    };
    (@of $row:ty, $name:ident, [$($field:ident),+], [$($part:ident),*]) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($field: sqlx::Row::try_get(row, stringify!($field))?,)+
                    $($part: sqlx::FromRow::from_row(row)?,)*
                })
            }
        }
    };
}
pub(crate) use row;
