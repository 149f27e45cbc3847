//! SQLite and PostgreSQL have one schema: the same tables, columns, keys and indexes.

use crate::harness::{Engine, Rows, Server};
use sqlx::Row;
use std::collections::BTreeMap;

/// A column as both engines can say it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    name: String,
    kind: &'static str,
    required: bool,
}

/// Table → its columns in order, its primary key, its indexes (unique or not, with their columns), its references.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    columns: Vec<Column>,
    key: Vec<String>,
    indexes: Vec<(bool, Vec<String>)>,
    references: Vec<(String, String)>,
}

type Schema = BTreeMap<String, Table>;

/// One word for the types that are one on both engines; ids and bytes are both bytes on SQLite.
fn kind(word: &str) -> &'static str {
    match word.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => "number",
        "text" => "text",
        "blob" | "uuid" | "bytea" => "bytes",
        other => panic!("a type nobody agreed on: {other}"),
    }
}

async fn sqlite(rows: &mut Rows) -> Schema {
    let Rows::Sqlite(conn) = rows else { panic!("not SQLite") };
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *conn)
    .await
    .expect("tables");
    let mut schema = Schema::new();
    for name in names {
        let mut table = Table::default();
        let mut key = Vec::new();
        let columns =
            sqlx::query("SELECT name, type, \"notnull\", pk FROM pragma_table_info($1) ORDER BY cid")
                .bind(&name)
                .fetch_all(&mut *conn)
                .await
                .expect("columns");
        for row in columns {
            let column: String = row.get("name");
            if row.get::<i64, _>("pk") > 0 {
                key.push((row.get::<i64, _>("pk"), column.clone()));
            }
            let word: String = row.get("type");
            table.columns.push(Column {
                name: column,
                kind: kind(&word),
                required: row.get::<i64, _>("notnull") == 1,
            });
        }
        key.sort();
        table.key = key.into_iter().map(|(_, column)| column).collect();
        let indexes =
            sqlx::query("SELECT name, \"unique\" AS once FROM pragma_index_list($1) WHERE origin <> 'pk'")
                .bind(&name)
                .fetch_all(&mut *conn)
                .await
                .expect("indexes");
        for row in indexes {
            let columns = sqlx::query_scalar("SELECT name FROM pragma_index_info($1) ORDER BY seqno")
                .bind(row.get::<String, _>("name"))
                .fetch_all(&mut *conn)
                .await
                .expect("columns of an index");
            table.indexes.push((row.get::<i64, _>("once") == 1, columns));
        }
        table.indexes.sort();
        let references =
            sqlx::query("SELECT \"from\" AS here, \"table\" AS there FROM pragma_foreign_key_list($1)")
                .bind(&name)
                .fetch_all(&mut *conn)
                .await
                .expect("references");
        table.references = references.iter().map(|row| (row.get("here"), row.get("there"))).collect();
        table.references.sort();
        schema.insert(name, table);
    }
    schema
}

async fn postgres(rows: &mut Rows) -> Schema {
    let Rows::Postgres(conn) = rows else { panic!("not PostgreSQL") };
    let mut schema = Schema::new();
    let columns = sqlx::query(
        "SELECT table_name::text AS t, column_name::text AS c, data_type::text AS k, is_nullable = 'NO' AS required
         FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%' ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&mut *conn)
    .await
    .expect("columns");
    for row in columns {
        let word: String = row.get("k");
        let column = Column { name: row.get("c"), kind: kind(&word), required: row.get("required") };
        schema.entry(row.get("t")).or_default().columns.push(column);
    }
    let indexes = sqlx::query(
        "SELECT c.relname::text AS t, i.indisprimary AS key, i.indisunique AS once,
                ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k (n, o)
                      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n ORDER BY k.o) AS columns
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace
         WHERE s.nspname = 'public' AND c.relname NOT LIKE '\\_%'",
    )
    .fetch_all(&mut *conn)
    .await
    .expect("indexes");
    for row in indexes {
        let table = schema.entry(row.get("t")).or_default();
        if row.get("key") {
            table.key = row.get("columns");
        } else {
            table.indexes.push((row.get("once"), row.get("columns")));
        }
    }
    let references = sqlx::query(
        "SELECT c.relname::text AS t, a.attname::text AS here, o.relname::text AS there
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class o ON o.oid = k.confrelid
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'",
    )
    .fetch_all(&mut *conn)
    .await
    .expect("references");
    for row in references {
        schema.entry(row.get("t")).or_default().references.push((row.get("here"), row.get("there")));
    }
    for table in schema.values_mut() {
        table.indexes.sort();
        table.references.sort();
    }
    schema
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let (one, two) = (crate::harness::shared(Engine::Sqlite), crate::harness::shared(Engine::Postgres));
    let small = sqlite(&mut Rows::of(&one).await).await;
    let large = postgres(&mut Rows::of(&two).await).await;
    assert!(small.len() >= 10, "{:?}", small.keys());
    assert_eq!(small.keys().collect::<Vec<_>>(), large.keys().collect::<Vec<_>>());
    for (name, table) in &small {
        assert_eq!(table, &large[name], "{name}");
    }
}

#[tokio::test]
async fn the_demo_is_the_same_on_both() {
    let (one, two): (Server, Server) =
        (crate::harness::shared(Engine::Sqlite), crate::harness::shared(Engine::Postgres));
    for role in [
        "physician",
        "visiting_nurse",
        "care_manager",
        "pharmacist",
        "office_admin",
        "secretariat",
        "daughter",
    ] {
        assert_eq!(one.sheet(role).name, two.sheet(role).name);
        assert_eq!(one.sheet(role).email, two.sheet(role).email);
    }
    let count = |server: &Server| server.people.len();
    assert!(count(&one) >= 25);
    assert_eq!(count(&one), count(&two));
}
