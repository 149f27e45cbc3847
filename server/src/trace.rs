//! Logging: a sentence for people, fields for queries. Never content, names, addresses or tokens.

use tracing::Level;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sets logging up, to standard error. `TSUMUGI_LOG` filters (`info`, `tsumugi_server=debug` …).
///
/// Dependencies are heard from `warn` on, whatever the filter says: below that they print what they work on, whole
/// frames and statements, and that is content.
pub fn set_up() {
    let asked = EnvFilter::try_from_env("TSUMUGI_LOG");
    let asked = asked.unwrap_or_else(|_| EnvFilter::new("warn,tsumugi_server=info"));
    // A span says at its end how long it took; below `debug` there are none.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_span_events(FmtSpan::CLOSE);
    let set = tracing_subscriber::registry()
        .with(asked)
        .with(filter_fn(|about| {
            let ours = about.target().starts_with("tsumugi");
            let says_content = about.target().starts_with("sqlx");
            ours || (*about.level() <= Level::WARN && !says_content)
        }))
        .with(lines)
        .try_init();
    if set.is_err() {
        tracing::debug!("logging was set up before");
    }
}
