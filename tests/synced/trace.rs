//! Reads `strace -f -y -xx` and judges when each post was written to the log, synced and told.

use std::collections::HashMap;
use std::fmt;
use tsumugi_protocol::PostId;

/// One system call: when it began and ended, counted in lines of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    /// What the file descriptor stands for.
    pub target: String,
    /// The rest of the line, with its data in hexadecimal.
    pub data: String,
    pub began: usize,
    pub ended: usize,
    pub result: i64,
}

impl Call {
    fn writes_log(&self) -> bool {
        self.name.starts_with("pwrite") && self.target.ends_with("-wal")
    }

    fn syncs_log(&self) -> bool {
        (self.name == "fdatasync" || self.name == "fsync")
            && self.target.ends_with("-wal")
            && self.result == 0
    }

    fn tells(&self) -> bool {
        let sends = ["write", "writev", "sendto", "sendmsg", "sendmmsg"].contains(&self.name.as_str());
        sends && (self.target.starts_with("socket:") || self.target.starts_with("TCP"))
    }
}

/// A trace, by the lines on which calls began.
#[derive(Debug, Default)]
pub struct Trace(pub Vec<Call>);

/// What a trace shows.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Posts that were written, then synced, then told.
    pub acknowledged: usize,
    /// Posts something was told about before their sync had ended.
    pub unsynced: Vec<String>,
    /// Posts without a write, a sync or a word.
    pub incomplete: Vec<String>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bad, open) = (self.unsynced.len(), self.incomplete.len());
        write!(f, "{} acknowledged after their sync, {bad} before, {open} incomplete", self.acknowledged)
    }
}

impl Trace {
    /// Reads the lines, joining calls that were interrupted by other threads.
    pub fn read(text: &str) -> Self {
        let mut open: HashMap<&str, Call> = HashMap::new();
        let mut calls = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let Some((thread, rest)) = line.split_once(' ') else { continue };
            let rest = rest.trim_start();
            if let Some(resumed) = rest.strip_prefix("<... ") {
                if let Some(mut call) = open.remove(thread) {
                    call.ended = at;
                    call.result = result(resumed);
                    call.data.push_str(resumed);
                    calls.push(call);
                }
            } else if let Some(mut call) = call(rest, at) {
                if rest.ends_with("<unfinished ...>") {
                    call.ended = usize::MAX;
                    open.insert(thread, call);
                } else {
                    calls.push(call);
                }
            }
        }
        // What never ended still may have written.
        calls.extend(open.into_values());
        calls.sort_by_key(|call| call.began);
        Self(calls)
    }

    /// For each post: from the write that carries its id until the sync that covers it has ended, nothing is told.
    pub fn judge(&self, posts: &[PostId]) -> Verdict {
        let mut verdict = Verdict::default();
        for post in posts {
            match self.story(*post) {
                Story::Synced => verdict.acknowledged += 1,
                Story::Early(why) => verdict.unsynced.push(format!("{post}: {why}")),
                Story::Open(why) => verdict.incomplete.push(format!("{post}: {why}")),
            }
        }
        verdict
    }

    fn story(&self, post: PostId) -> Story {
        let id: String = post.0.as_bytes().iter().map(|byte| format!("\\x{byte:02x}")).collect();
        let Some(first) = self.0.iter().position(|call| call.writes_log() && call.data.contains(&id)) else {
            return Story::Open("no write to the log carries it");
        };
        let after = &self.0[first..];
        // The commit writes its pages in one go: the last of them comes before the next sync of the log.
        let sync = after.iter().find(|call| call.syncs_log());
        let began = sync.map_or(usize::MAX, |sync| sync.began);
        let written =
            after.iter().filter(|call| call.writes_log() && call.began < began).map(|call| call.ended).max();
        let synced = match (sync, written) {
            (Some(sync), Some(written)) if written < sync.began => sync.ended,
            _ => usize::MAX,
        };
        match after.iter().find(|call| call.tells()) {
            Some(told) if told.began < synced => {
                Story::Early("a socket was written before the sync had ended")
            }
            Some(_) => Story::Synced,
            None => Story::Open("nothing was told after it"),
        }
    }
}

enum Story {
    Synced,
    Early(&'static str),
    Open(&'static str),
}

/// `pwrite64(12</data/tsumugi.db-wal>, "\x01…", 4096, 32) = 4096`
fn call(line: &str, at: usize) -> Option<Call> {
    let (name, rest) = line.split_once('(')?;
    let (_, rest) = rest.split_once('<')?;
    let (target, data) = rest.split_once('>')?;
    Some(Call {
        name: name.to_owned(),
        target: text(target),
        data: data.to_owned(),
        began: at,
        ended: at,
        result: result(data),
    })
}

/// With `-xx` strace writes names in hexadecimal too.
fn text(target: &str) -> String {
    if !target.starts_with("\\x") {
        return target.to_owned();
    }
    let bytes: Vec<u8> =
        target.split("\\x").skip(1).filter_map(|two| u8::from_str_radix(two, 16).ok()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn result(line: &str) -> i64 {
    let told = line.rsplit_once(" = ").and_then(|(_, result)| result.split(' ').next()?.parse().ok());
    told.unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const POST: PostId = PostId(Uuid::from_u128(0x0193_d1a0_0000_7000_8000_0000_0000_00a1));
    const ID: &str = r"\x01\x93\xd1\xa0\x00\x00\x70\x00\x80\x00\x00\x00\x00\x00\x00\xa1";

    fn judged(lines: &[&str]) -> (usize, usize, usize) {
        let text = lines.join("\n").replace("ID", ID);
        let verdict = Trace::read(&text).judge(&[POST]);
        (verdict.acknowledged, verdict.unsynced.len(), verdict.incomplete.len())
    }

    const WRITE: &str = r#"11 pwrite64(9</d/tsumugi.db-wal>, "\x00ID\x00", 4096, 32) = 4096"#;
    const MORE: &str = r#"11 pwrite64(9</d/tsumugi.db-wal>, "\x00\x00", 4096, 4152) = 4096"#;
    const SYNC: &str = "11 fdatasync(9</d/tsumugi.db-wal>) = 0";
    const TELL: &str = r#"12 writev(14<socket:[777]>, [{iov_base="\x17", iov_len=1}], 1) = 1"#;

    #[test]
    fn write_sync_tell_is_right() {
        assert_eq!(judged(&[WRITE, MORE, SYNC, TELL]), (1, 0, 0));
    }

    #[test]
    fn telling_before_the_sync_is_seen() {
        assert_eq!(judged(&[WRITE, TELL, SYNC]), (0, 1, 0));
        assert_eq!(judged(&[WRITE, MORE, TELL, SYNC]), (0, 1, 0));
    }

    #[test]
    fn no_sync_at_all_is_seen() {
        assert_eq!(judged(&[WRITE, MORE, TELL]), (0, 1, 0));
        let other = "11 fdatasync(8</d/tsumugi.db>) = 0";
        assert_eq!(judged(&[WRITE, other, TELL]), (0, 1, 0));
    }

    #[test]
    fn a_sync_that_failed_is_none() {
        assert_eq!(
            judged(&[WRITE, "11 fdatasync(9</d/tsumugi.db-wal>) = -1 EIO (Input/output error)", TELL]),
            (0, 1, 0)
        );
    }

    #[test]
    fn a_sync_still_running_does_not_count() {
        let begun = "11 fdatasync(9</d/tsumugi.db-wal> <unfinished ...>";
        let ended = "11 <... fdatasync resumed>) = 0";
        assert_eq!(judged(&[WRITE, begun, TELL, ended]), (0, 1, 0));
        assert_eq!(judged(&[WRITE, begun, ended, TELL]), (1, 0, 0));
    }

    #[test]
    fn a_sync_that_began_before_the_write_ended_does_not_cover_it() {
        let begun = r#"11 pwrite64(9</d/tsumugi.db-wal>, "\x00ID\x00", 4096, 32 <unfinished ...>"#;
        let ended = "11 <... pwrite64 resumed>) = 4096";
        assert_eq!(judged(&[begun, "13 fdatasync(9</d/tsumugi.db-wal>) = 0", ended, TELL]), (0, 1, 0));
    }

    #[test]
    fn names_in_hexadecimal_are_read() {
        let hex = |name: &str| name.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
        let write = WRITE.replace("/d/tsumugi.db-wal", &hex("/d/tsumugi.db-wal"));
        let tell = TELL.replace("socket:[777]", &hex("socket:[777]"));
        assert_eq!(judged(&[&write, &tell, SYNC]), (0, 1, 0));
    }

    #[test]
    fn what_is_missing_is_not_taken_for_good() {
        assert_eq!(judged(&[SYNC, TELL]), (0, 0, 1));
        assert_eq!(judged(&[WRITE, SYNC]), (0, 0, 1));
        let file = r#"12 write(2</d/log>, "\x17", 1) = 1"#;
        assert_eq!(judged(&[WRITE, file, SYNC, TELL]), (1, 0, 0));
    }
}
