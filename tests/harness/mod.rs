//! A running Tsumugi and the people who use it, as seen from outside: processes, HTTP, links and the stored rows.

mod door;
mod link;
mod person;
mod places;
mod post_office;
mod postgres;
mod raw;
mod rooms;
mod rows;
mod server;
mod shared;
#[path = "../../server/src/crypto/passkeys/soft.rs"]
pub mod soft;
mod wait;

pub use door::{Door, room_commands};
pub use link::{Closed, Link, Upgrade};
pub use person::{Person, confirmed, hello, read};
pub use places::Folder;
pub use post_office::{Mail, PostOffice};
pub use raw::{RawAnswer, raw_http, raw_http_over, tcp_from};
pub use rooms::{Group, draft, fresh_group, new_id, patient_room};
pub use rows::{AuditRow, Rows, database_file};
pub use server::{Engine, Server, Setup, SignInSheet, free_port, signal, tsumugi, tsumugi_in};
pub use shared::shared;
pub use wait::{PATIENCE, until};

/// One story, told on SQLite and on PostgreSQL, each on a server that other stories share. A story that takes an
/// `Engine` makes its own.
macro_rules! promise {
    ($(#[$note:meta])* async fn $name:ident($engine:ident: Engine) $story:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a story uses what it needs")]
            use super::*;

            $(#[$note])*
            async fn story($engine: Engine) $story

            #[tokio::test]
            async fn on_sqlite() {
                story(Engine::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                story(Engine::Postgres).await;
            }
        }
    };
    ($(#[$note:meta])* async fn $name:ident($server:ident: &Server) $story:block) => {
        mod $name {
            #[allow(unused_imports, reason = "a story uses what it needs")]
            use super::*;

            $(#[$note])*
            async fn story($server: &Server) $story

            #[tokio::test]
            async fn on_sqlite() {
                story(&shared(Engine::Sqlite)).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                story(&shared(Engine::Postgres)).await;
            }
        }
    };
}
pub(crate) use promise;
