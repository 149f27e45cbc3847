//! What is counted for whoever watches this process: a few atomic adds on the path, text only when it is asked for.
//!
//! Labels are commands and codes, which the protocol lists; never a person, a room, an address or an id.

use prometheus::{
    Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder, process_collector::ProcessCollector,
};
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;
use tsumugi_protocol::{Code, Command};

/// Seconds, from what a commit takes at best to what nobody waits for.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Acts that share a commit.
const ACTS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Everything that is counted in this process.
pub struct Metrics {
    registry: Registry,
    commands: HashMap<&'static str, Histogram>,
    refusals: Vec<IntCounter>,
    /// Acts in each commit.
    pub batch_acts: Histogram,
    /// From the first act of a batch to its last answer.
    pub batch_seconds: Histogram,
    /// From the first queued row to the end of COMMIT, its sync included.
    pub commit_seconds: Histogram,
    /// From the commit to the last outbox.
    pub fanout_seconds: Histogram,
    /// Acts run again alone.
    pub reruns: IntCounter,
    /// Connections of the writer that were replaced.
    pub reconnects: IntCounter,
    /// Outboxes that were emptied because nobody read them in time.
    pub behind: IntCounter,
    /// Passwords hashed, for names that nobody has too.
    pub hashed: IntCounter,
    /// Passwords compared with an account's own hash.
    pub compared: IntCounter,
    /// Backups that could not be made.
    pub backup_failures: IntCounter,
    /// When the last backup of this process was begun, in seconds since 1970; 0 before the first.
    pub backup_taken: IntGauge,
    /// What is looked up when somebody asks.
    pub now: Moment,
}

/// How things stand at the moment of asking.
pub struct Moment {
    /// Acts that wait for the writer.
    pub acts_waiting: IntGauge,
    /// Readers that wait for a connection.
    pub readers_waiting: IntGauge,
    /// Open links.
    pub links: IntGauge,
    /// Open connections, links included.
    pub connections: IntGauge,
    /// Passwords that are hashed or wait to be.
    pub sign_ins: IntGauge,
}

/// The metrics of this process.
#[must_use]
pub fn metrics() -> &'static Metrics {
    static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);
    &METRICS
}

impl Metrics {
    fn new() -> Self {
        let made = Self::made_in(&Maker(Registry::new()));
        #[expect(clippy::expect_used, reason = "names and buckets are constants: the first test would fail")]
        made.expect("every metric has a valid name of its own")
    }

    fn made_in(make: &Maker) -> prometheus::Result<Self> {
        let commands = make.commands()?;
        let refusals = make.refusals()?;
        make.version()?;
        make.0.register(Box::new(ProcessCollector::for_self()))?;
        Ok(Self {
            commands: Command::LIST.iter().map(|c| (c.name, commands.with_label_values(&[c.name]))).collect(),
            refusals: Code::ALL.iter().map(|code| refusals.with_label_values(&[code.as_str()])).collect(),
            batch_acts: make.histogram("tsumugi_store_batch_acts", "Acts in each commit", &ACTS)?,
            batch_seconds: make.histogram(
                "tsumugi_store_batch_seconds",
                "From the first act of a batch to its handing over to whoever tells of it",
                &SECONDS,
            )?,
            commit_seconds: make.histogram(
                "tsumugi_store_commit_seconds",
                "Writing a batch and its COMMIT, synced",
                &SECONDS,
            )?,
            fanout_seconds: make.histogram(
                "tsumugi_fanout_seconds",
                "From the commit of a batch to the last outbox",
                &SECONDS,
            )?,
            reruns: make.counter("tsumugi_store_reruns_total", "Acts run again alone")?,
            reconnects: make.counter("tsumugi_store_reconnects_total", "Writer connections replaced")?,
            behind: make
                .counter("tsumugi_outbox_behind_total", "Outboxes emptied, their links told `behind`")?,
            hashed: make
                .counter("tsumugi_passwords_hashed_total", "Passwords hashed, in vain ones among them")?,
            compared: make.counter(
                "tsumugi_passwords_compared_total",
                "Passwords compared with an account's own hash",
            )?,
            backup_failures: make
                .counter("tsumugi_backup_failures_total", "Backups that could not be made")?,
            backup_taken: make
                .gauge("tsumugi_backup_taken_seconds", "When the last backup was begun, since 1970")?,
            now: Moment {
                acts_waiting: make.gauge("tsumugi_store_acts_waiting", "Acts that wait for the writer")?,
                readers_waiting: make.gauge("tsumugi_store_readers_waiting", "Readers that wait")?,
                links: make.gauge("tsumugi_links", "Open links")?,
                connections: make.gauge("tsumugi_connections", "Open connections, links included")?,
                sign_ins: make.gauge("tsumugi_sign_ins_under_way", "Passwords hashed or waiting to be")?,
            },
            registry: make.0.clone(),
        })
    }

    /// A command was answered.
    pub fn answered(&self, command: &str, took: Duration) {
        if let Some(histogram) = self.commands.get(command) {
            histogram.observe(took.as_secs_f64());
        }
    }

    /// Something was refused.
    pub fn refused(&self, code: Code) {
        // `Code::ALL` is in the order of the codes.
        if let Some(counter) = self.refusals.get(code as usize) {
            counter.inc();
        }
    }

    /// All of it in Prometheus' text format.
    ///
    /// # Errors
    /// The encoder's.
    pub fn text(&self) -> prometheus::Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

/// Makes metrics and registers them.
struct Maker(Registry);

impl Maker {
    fn registered<M: prometheus::core::Collector + Clone + 'static>(
        &self,
        made: prometheus::Result<M>,
    ) -> prometheus::Result<M> {
        let made = made?;
        self.0.register(Box::new(made.clone()))?;
        Ok(made)
    }

    fn histogram(&self, name: &str, help: &str, buckets: &[f64]) -> prometheus::Result<Histogram> {
        let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.registered(Histogram::with_opts(options))
    }

    fn counter(&self, name: &str, help: &str) -> prometheus::Result<IntCounter> {
        self.registered(IntCounter::new(name, help))
    }

    fn gauge(&self, name: &str, help: &str) -> prometheus::Result<IntGauge> {
        self.registered(IntGauge::new(name, help))
    }

    fn commands(&self) -> prometheus::Result<HistogramVec> {
        let options = HistogramOpts::new("tsumugi_command_seconds", "From a command to its answer");
        self.registered(HistogramVec::new(options.buckets(SECONDS.to_vec()), &["command"]))
    }

    fn refusals(&self) -> prometheus::Result<IntCounterVec> {
        self.registered(IntCounterVec::new(
            Opts::new("tsumugi_refusals_total", "Refusals by code"),
            &["code"],
        ))
    }

    fn version(&self) -> prometheus::Result<()> {
        let options = Opts::new("tsumugi_info", "The running version");
        let options = options.const_label("version", env!("CARGO_PKG_VERSION"));
        self.registered(Gauge::with_opts(options)).map(|info| info.set(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_counter() {
        let metrics = Metrics::new();
        for code in Code::ALL {
            metrics.refused(*code);
            let line = format!("tsumugi_refusals_total{{code=\"{}\"}} 1", code.as_str());
            assert!(metrics.text().unwrap().contains(&line), "{line}");
        }
    }

    #[test]
    fn every_command_is_timed_under_its_name_and_nothing_else_is() {
        let metrics = Metrics::new();
        for command in Command::LIST {
            metrics.answered(command.name, Duration::from_millis(3));
        }
        metrics.answered("somebody's words", Duration::from_millis(3));
        let text = metrics.text().unwrap();
        let timed = text.lines().filter(|line| line.starts_with("tsumugi_command_seconds_count")).count();
        assert_eq!(timed, Command::LIST.len());
        assert!(text.contains("tsumugi_command_seconds_bucket{command=\"posts.send\",le=\"0.005\"} 1"));
        assert!(!text.contains("somebody"));
    }
}
