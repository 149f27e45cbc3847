//! Which rule of the tables a statement broke, the same on both engines.

use super::fault::StoreFault;

/// A constraint that a statement broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// Another row has the same values in these columns.
    Unique {
        /// The table.
        table: String,
        /// The columns that together must differ, in the order of the index.
        columns: Vec<String>,
    },
    /// A row names another row that does not exist, or is still named by one.
    Reference,
    /// A column that must have a value has none.
    Missing {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A `CHECK` said no; SQLite gives the name only of named checks, else the expression.
    Check {
        /// The name of the check.
        name: String,
    },
}

impl StoreFault {
    /// The constraint behind this failure, if it was one.
    pub fn broken(&self) -> Option<Broken> {
        let cause = self.cause()?;
        match cause.postgres() {
            Some(error) => postgres(
                error.code(),
                error.table().unwrap_or_default(),
                error.column().unwrap_or_default(),
                error.constraint().unwrap_or_default(),
                error.detail().unwrap_or_default(),
            ),
            None => sqlite(cause.0.as_database_error()?.message()),
        }
    }

    /// Whether a row with the same `columns` was already in `table`.
    pub fn is_duplicate(&self, table: &str, columns: &[&str]) -> bool {
        match self.broken() {
            Some(Broken::Unique { table: at, columns: of }) => at == table && of == columns,
            _ => false,
        }
    }
}

fn sqlite(message: &str) -> Option<Broken> {
    let (rule, names) = message.split_once(" constraint failed")?;
    let names = names.trim_start_matches(": ");
    match rule {
        "UNIQUE" => {
            let (table, _) = names.split_once('.')?;
            let columns = names
                .split(", ")
                .filter_map(|name| name.split_once('.'))
                .map(|(_, c)| c.to_owned())
                .collect();
            Some(Broken::Unique { table: table.to_owned(), columns })
        }
        "FOREIGN KEY" => Some(Broken::Reference),
        "NOT NULL" => {
            let (table, column) = names.split_once('.')?;
            Some(Broken::Missing { table: table.to_owned(), column: column.to_owned() })
        }
        "CHECK" => Some(Broken::Check { name: names.to_owned() }),
        _ => None,
    }
}

fn postgres(code: &str, table: &str, column: &str, constraint: &str, detail: &str) -> Option<Broken> {
    match code {
        "23505" => {
            // "Key (room, id)=(…) already exists."; only the words around it are translated.
            let (_, rest) = detail.split_once('(')?;
            let (columns, _) = rest.split_once(")=(")?;
            // Names that are also words of SQL come quoted.
            let columns = columns.split(", ").map(|name| name.trim_matches('"').to_owned()).collect();
            Some(Broken::Unique { table: table.to_owned(), columns })
        }
        "23503" => Some(Broken::Reference),
        "23502" => Some(Broken::Missing { table: table.to_owned(), column: column.to_owned() }),
        "23514" => Some(Broken::Check { name: constraint.to_owned() }),
        _ => None,
    }
}
