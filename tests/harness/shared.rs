//! The servers that stories share: one per engine and run, also when every test is a process of its own.

use super::places::{binary, locked, owner, run_folder};
use super::server::{Engine, Ready, Server, Setup, ready};
use std::fs::{self, File};
use std::process::{Command, Stdio};

/// The run's shared server on that engine. Stories make rooms of their own in it.
pub fn shared(engine: Engine) -> Server {
    let name = match engine {
        Engine::Sqlite => "shared-sqlite",
        Engine::Postgres => "shared-postgres",
    };
    let folder = run_folder().join(name);
    let binary = binary();
    let _one_at_a_time = locked(name);
    let note = folder.join("ready.json");
    if let Ok(text) = fs::read_to_string(&note) {
        let (setup, ready): (Setup, Ready) = serde_json::from_str(&text).expect("what the first one noted");
        return Server::beside(setup, ready, folder.join("tokens"));
    }
    assert!(!folder.exists(), "the shared server could not be started before; see the first failure");
    let log = folder.join("log");
    fs::create_dir_all(&log).expect("a folder");
    let home = folder.clone();
    let setup = on_a_thread(move || async move { Setup::new(engine, &home, true).await });
    // The watch outlives this test and ends server and data with the run.
    let watch = r#"owner=$1; folder=$2; shift 2; "$@" & server=$!
        while kill -0 $owner 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1; done
        kill -9 $server 2>/dev/null; kill -0 $owner 2>/dev/null || rm -rf "$folder""#;
    let mut watch = Command::new("setsid")
        .args(["sh", "-c", watch, "watch", &owner().to_string()])
        .arg(run_folder())
        .arg(binary)
        .args(setup.arguments())
        .stdin(Stdio::null())
        .stdout(File::create(log.join("out")).expect("a file"))
        .stderr(File::create(log.join("err")).expect("a file"))
        .spawn()
        .expect("the shared server starts");
    let ready = ready(&log, || watch.try_wait().expect("its state"));
    fs::write(&note, serde_json::to_string(&(&setup, &ready)).expect("JSON")).expect("a note");
    Server::beside(setup, ready, folder.join("tokens"))
}

/// Runs something asynchronous to its end from inside or outside of a runtime.
fn on_a_thread<T: Send + 'static, F: Future<Output = T>>(make: impl FnOnce() -> F + Send + 'static) -> T {
    let run = move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(make())
    };
    std::thread::spawn(run).join().expect("it ends")
}
