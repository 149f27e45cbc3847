//! What a person sees on anything that takes longer than a second. Goes to standard error, so that tables can be piped.

use indicatif::{ProgressBar, ProgressStyle};
use std::{io::IsTerminal, time::Duration};

/// A bar over a known amount.
pub fn bar(what: &str, total: u64) -> ProgressBar {
    styled(ProgressBar::new(total), what, "{msg:48} {bar:32} {pos}/{len} {elapsed}")
}

/// A line for work of unknown length.
pub fn line(what: &str) -> ProgressBar {
    styled(ProgressBar::new_spinner(), what, "{msg:48} {spinner} {elapsed}")
}

/// A bar that fills by itself while something runs for so long. Dropping the handle ends it.
pub fn clock(what: &str, length: Duration) -> Clock {
    let bar = bar(what, length.as_secs().max(1));
    let ticking = bar.clone();
    let task = tokio::spawn(async move {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        second.tick().await;
        while ticking.position() < ticking.length().unwrap_or_default() {
            second.tick().await;
            ticking.inc(1);
        }
    });
    Clock { bar, task }
}

/// A bar that follows the time.
pub struct Clock {
    bar: ProgressBar,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.task.abort();
        self.bar.finish_and_clear();
    }
}

fn styled(bar: ProgressBar, what: &str, template: &str) -> ProgressBar {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    if !std::io::stderr().is_terminal() {
        eprintln!("{what}");
    }
    bar
}
