//! Folders of a test run and the binary under test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use uuid::Uuid;

/// The process whose end is the end of this run: nextest's runner, or this test binary.
pub fn owner() -> u32 {
    if std::env::var_os("NEXTEST").is_some() {
        std::os::unix::process::parent_id()
    } else {
        std::process::id()
    }
}

/// The run's own folder, shared by all its processes and removed when its owner is gone.
pub fn run_folder() -> PathBuf {
    let runs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runs");
    let folder = runs.join(owner().to_string());
    if !folder.exists() {
        sweep(&runs);
        fs::create_dir_all(&folder).expect("a folder for this run");
    }
    folder
}

/// Removes what runs left behind that are over.
fn sweep(runs: &Path) {
    for entry in fs::read_dir(runs).into_iter().flatten().flatten() {
        let gone = entry.file_name().to_str().is_some_and(|pid| !Path::new("/proc").join(pid).exists());
        if gone {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

/// Holds the run's lock of that name until dropped; other processes of the run wait.
pub fn locked(name: &str) -> File {
    let file = File::create(run_folder().join(format!("{name}.lock"))).expect("a lock file");
    file.lock().expect("the lock");
    file
}

/// A folder that is removed with this value.
pub struct Folder(PathBuf);

impl Folder {
    /// A new one.
    pub fn new(purpose: &str) -> Self {
        let path = run_folder().join(format!("{purpose}-{}", Uuid::new_v4().simple()));
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// The server's binary: `TSUMUGI_BIN`, or the one beside these tests. `cargo test --workspace` builds it with them;
/// where it is older than its sources (a narrower call), it is built here, once a run.
pub fn binary() -> PathBuf {
    if let Some(given) = std::env::var_os("TSUMUGI_BIN") {
        return given.into();
    }
    let test = std::env::current_exe().expect("this binary");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps").to_owned();
    let binary = profile.join("tsumugi");
    let _one_at_a_time = locked("build");
    let built = run_folder().join("built");
    if !built.exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        if is_stale(&binary, &root) {
            build(&root, profile.ends_with("release"));
        }
        fs::write(&built, "").expect("a marker");
    }
    binary
}

fn build(root: &Path, optimised: bool) {
    let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    // The features of the whole workspace, or dependencies would be built a second time.
    cargo.args(["build", "--quiet", "--locked", "--workspace", "--bin", "tsumugi"]);
    cargo.args(optimised.then_some("--release"));
    let status = cargo.current_dir(root).status().expect("cargo runs");
    assert!(status.success(), "the server does not build");
}

/// Whether anything the binary is made of is newer than it.
fn is_stale(binary: &Path, root: &Path) -> bool {
    let Ok(made) = fs::metadata(binary).and_then(|about| about.modified()) else { return true };
    let sources = ["server", "protocol/src", "migrations", "client-web/dist", "Cargo.lock", "Cargo.toml"];
    let mut left: Vec<PathBuf> = sources.map(|name| root.join(name)).into();
    while let Some(path) = left.pop() {
        let Ok(about) = fs::metadata(&path) else { continue };
        if about.is_dir() {
            left.extend(fs::read_dir(&path).expect("a folder").flatten().map(|entry| entry.path()));
        } else if about.modified().is_ok_and(|changed| changed > made) {
            return true;
        }
    }
    false
}
