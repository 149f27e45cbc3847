//! Between the last write of a post to the log and its sync, no socket hears a word: read from a trace of system calls.

mod trace;

use crate::harness::{Engine, PATIENCE, Server, draft, fresh_group, signal};
use std::fs;
use std::process::{Command, Stdio};
use trace::Trace;
use tsumugi_protocol::PostId;

/// Posts of the traced run; the bar is 300.
const POSTS: usize = 320;

/// Attaches to the server's threads; ends with the test's thread.
struct Tracer {
    strace: std::process::Child,
    traced: u32,
}

impl Tracer {
    fn attach(pid: u32, file: &std::path::Path) -> Self {
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "--", "strace", "-f", "-y", "-xx", "-s", "4096"])
            .args([
                "-e",
                "trace=pwrite64,pwritev,pwritev2,fsync,fdatasync,write,writev,sendto,sendmsg,sendmmsg",
            ])
            .arg("-o")
            .arg(file)
            .args(["-p", &pid.to_string()])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("strace runs; install the package strace");
        Self { strace: child, traced: pid }
    }

    /// Detaches and waits until the trace is complete.
    fn detach(&mut self) {
        signal("INT", self.strace.id());
        self.strace.wait().expect("strace ends");
    }
}

impl Drop for Tracer {
    /// A server that stands still under trace is told apart by where its threads stand.
    fn drop(&mut self) {
        if std::thread::panicking() {
            for (name, status) in threads(self.traced) {
                let state = status.lines().find(|line| line.starts_with("State:")).unwrap_or_default();
                eprintln!("thread {name}: {state}");
            }
        }
    }
}

/// The threads of a process: name and status, as far as they can still be read.
fn threads(pid: u32) -> Vec<(String, String)> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let read = |path: std::path::PathBuf| fs::read_to_string(path).unwrap_or_default();
    tasks
        .map(|task| (read(task.path().join("comm")).trim().to_owned(), read(task.path().join("status"))))
        .collect()
}

/// Whether every thread of the process is traced.
fn is_traced(pid: u32, tracer: u32) -> bool {
    let by = format!("TracerPid:\t{tracer}");
    threads(pid).iter().all(|(_, status)| status.lines().any(|line| line == by))
}

#[tokio::test]
async fn no_acknowledgement_leaves_before_its_post_is_synced() {
    let server = Server::start(Engine::Sqlite).await;
    let group = fresh_group(&server, &["physician"]).await;
    let admin = &group.people[0];
    let mut drafts = Vec::new();
    for n in 0..POSTS {
        let draft = draft(group.room, &format!("同期 {n}"));
        let token = admin.preview(&draft).await.expect("a preview").token;
        drafts.push((draft, token));
    }
    // Over links, with TLS, another member listening: neither her event nor the answer may come early.
    let (link, mut hers) = (admin.link().await, group.people[1].link().await);
    let file = server.setup.data.parent().expect("a folder").join("trace");
    let mut tracer = Tracer::attach(server.pid(), &file);
    let tracing = async || is_traced(server.pid(), tracer.strace.id()).then_some(());
    crate::harness::until("strace to attach", PATIENCE, tracing).await;

    for (draft, token) in &drafts {
        let send = tsumugi_protocol::Command::Send(crate::harness::confirmed(draft, Some(token)));
        link.ask::<tsumugi_protocol::Sent>(&send).await.expect("saved");
        hers.posted(draft.post).await;
    }
    tracer.detach();

    let text = fs::read_to_string(&file).expect("the trace");
    let ids: Vec<PostId> = drafts.iter().map(|(draft, _)| draft.post).collect();
    let verdict = Trace::read(&text).judge(&ids);
    println!("{verdict}");
    assert!(verdict.unsynced.is_empty(), "{verdict}\n{}", verdict.unsynced.join("\n"));
    assert_eq!(
        verdict.acknowledged, POSTS,
        "every post was seen to be written, synced and answered: {verdict}"
    );
}
