//! Another user of the same machine: reads nothing of the server's, and sends it nothing.

use crate::harness::{Engine, Rows, Server, promise, tsumugi};
use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Everything in a folder, itself among it.
fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(all(&path)) } else { found.push(path) }
    }
    found
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("it is there").permissions().mode() & 0o777
}

promise! {
    async fn what_the_server_keeps_is_closed_to_every_other_user(engine: Engine) {
        let server = Server::start(engine).await;
        let socket = server.setup.data.join("operator.sock");
        assert!(fs::metadata(&socket).expect("it listens").file_type().is_socket());
        assert_eq!(mode(&server.setup.data) & 0o077, 0, "nobody else enters the folder");
        // Also whoever is let into the folder by mistake finds each file closed.
        for path in all(&server.setup.data) {
            assert_eq!(mode(&path) & 0o077, 0, "{} has {:o}", path.display(), mode(&path));
        }
        let data = server.setup.data.to_string_lossy().into_owned();
        let email = server.sheet("physician").email.clone();
        let said = tsumugi(&["account", "link", "--data", &data, "--email", &email]);
        assert!(said.status.success(), "its own user is heard: {}", String::from_utf8_lossy(&said.stderr));
        let errands = Rows::of(&server).await.audit().await;
        let errand = errands.iter().find(|row| row.act.starts_with("operator.")).expect("it is written down");
        assert!(errand.detail.as_deref().is_some_and(|detail| detail.contains("operator")), "and who it was: {errand:?}");
    }
}
