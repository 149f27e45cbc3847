//! ejabberd beside ours: Debian's package, rooms with an archive in PostgreSQL, TLS on, on a throw-away folder.

mod line;
mod server;
mod stanza;
mod stream;

pub use line::EjabberdLine;
pub use server::Ejabberd;
pub use stream::Stream;

use crate::places;
use std::path::PathBuf;

/// Arguments of `loadtest peer ejabberd`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Accounts to make: p0, p1, …
    #[arg(long, default_value_t = 100)]
    people: usize,
    /// Folder in which its own is made; its disk is the one measured.
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

/// Starts it, prints where it is, and serves until it is stopped from outside.
pub async fn serve(asked: &Serve) -> anyhow::Result<()> {
    let work = places::work(asked.work.as_deref())?;
    let mut ejabberd = Ejabberd::start(&work, asked.people).await?;
    println!("{}", serde_json::to_string(&ejabberd.ready)?);
    ejabberd.ended().await
}
