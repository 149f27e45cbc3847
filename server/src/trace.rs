//! Logging: a sentence for people, fields for queries. Never content, names, addresses or tokens.

use tracing_subscriber::EnvFilter;

/// Sets logging up, to standard error. `TSUMUGI_LOG` filters (`info`, `tsumugi_server=debug` …).
///
/// Dependencies speak from `warn` on: what they say may quote what they work on.
pub fn set_up() {
    let filter = EnvFilter::try_from_env("TSUMUGI_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,tsumugi_server=info,sqlx=off"));
    let set = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
    if set.is_err() {
        tracing::debug!("logging was set up before");
    }
}
