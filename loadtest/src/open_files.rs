//! How many files this process, and the servers it starts, may have open: each link is one in both.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the limit as far as the machine lets us.
pub fn raise() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = rustix::process::Rlimit { current: limit.maximum, ..limit };
    if setrlimit(Resource::Nofile, wanted).is_err() {
        eprintln!("loadtest: the limit of open files stays where it is");
    }
}

/// Connections that may be open at once, with some files left for everything else.
pub fn connections() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(limit.saturating_sub(500)).unwrap_or(usize::MAX)
}
