//! Backups: one a day while people work, eight generations, and a failure that somebody hears of.

use crate::harness::{Engine, Folder, PATIENCE, Rows, Server, draft, free_port, fresh_group, tsumugi, until};
use crate::mailing::notices;
use crate::metrics::sample;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tsumugi_protocol::NoticeKind;

const HOUR: Duration = Duration::from_secs(60 * 60);

fn folder_of(data: &Path) -> PathBuf {
    data.parent().expect("the test's folder").join("backups")
}

/// The whole generations of a folder, by their moment.
fn generations(folder: &Path, kind: &str) -> BTreeSet<String> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names
        .filter_map(|name| Some(name.to_str()?.strip_prefix(kind)?.to_owned()))
        .filter(|moment| !moment.ends_with(".making"))
        .collect()
}

/// Waits until there is one that was not there.
async fn another(folder: &Path, before: &BTreeSet<String>) -> BTreeSet<String> {
    until("another backup", PATIENCE, async || {
        let (rows, keys) = (generations(folder, "content-"), generations(folder, "keys-"));
        let is_settled = rows.len() <= 8 && rows == keys;
        (is_settled && rows.iter().any(|moment| !before.contains(moment))).then_some(rows)
    })
    .await
}

#[tokio::test]
async fn there_is_one_a_day_eight_are_kept_and_a_failure_is_heard_of() {
    // clause("002-1.2(1)e", "002-1.2(2)c")
    let server = Server::start_as(Engine::Sqlite, |setup| {
        let folder = folder_of(&setup.data).to_string_lossy().into_owned();
        setup.environment.push(("TSUMUGI__BACKUP__FOLDER".to_owned(), folder));
        setup.metrics = Some(free_port());
    })
    .await;
    let folder = folder_of(&server.setup.data);
    let group = fresh_group(&server, &["physician"]).await;
    let mut all = another(&folder, &BTreeSet::new()).await;
    let first = all.first().cloned().expect("the first");
    for day in 1..10 {
        server.turn_clock(24 * HOUR);
        all = another(&folder, &all).await;
        assert_eq!(all.len(), usize::min(day + 1, 8), "day {day}: {all:?}");
    }
    assert!(!all.contains(&first), "the oldest went");
    // The same people, while it is made; not a word of theirs stops.
    let admin = server.person_anew("office_admin").await;
    admin.post(&draft(group.room, "バックアップのあいだ")).await.expect("saved");

    // Something stands in the way.
    let lock = folder.join("lock");
    fs::remove_file(&lock).expect("it goes");
    fs::create_dir(&lock).expect("something else");
    server.turn_clock(24 * HOUR);
    until("a failure that is counted", PATIENCE, async || {
        (sample(&server, "tsumugi_backup_failures_total").await >= 1.0).then_some(())
    })
    .await;
    let desk = server.person_anew("secretariat").await;
    let told = until("a notice to the desk", PATIENCE, async || {
        let all = notices(&desk).await.notices;
        let told = all.into_iter().filter(|notice| notice.kind == NoticeKind::BackupFailed).count();
        (told > 0).then_some(told)
    })
    .await;
    assert_eq!(told, 1, "once, not at every try");
    fs::remove_dir(&lock).expect("it goes");
    assert_eq!(generations(&folder, "content-"), all, "none that was good went meanwhile");
    server.turn_clock(HOUR);
    let all = another(&folder, &all).await;
    assert_eq!(all.len(), 8);
    comes_back(&server, &folder, all.last().expect("the newest")).await;
}

/// What was stored is stored again; a byte that was changed is found before anything is written.
async fn comes_back(server: &Server, folder: &Path, newest: &str) {
    server.stop();
    let place = Folder::new("again");
    let data = place.path().join("data");
    fs::create_dir_all(data.join("secrets")).expect("a folder");
    fs::copy(server.setup.data.join("secrets/master.key"), data.join("secrets/master.key")).expect("the key");
    let list = server.setup.data.join("audit/destroyed.log");
    let words = [
        "restore",
        "--from",
        &folder.to_string_lossy(),
        "--data",
        &data.to_string_lossy(),
        "--destroyed",
        &list.to_string_lossy(),
    ]
    .map(str::to_owned);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let copy = folder.join(format!("content-{newest}/content.db"));
    let sound = fs::read(&copy).expect("the copy");
    for at in [100, sound.len() / 2, sound.len() - 1] {
        let mut damaged = sound.clone();
        damaged[at] ^= 1;
        fs::write(&copy, &damaged).expect("a damaged copy");
        let refused = tsumugi(&words);
        let err = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && err.contains("content.db"), "byte {at}: {err}");
    }
    fs::write(&copy, &sound).expect("as it was");
    assert!(!data.join("content").exists());
    let restored = tsumugi(&words);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    const POSTS: &str = "SELECT hex(room) || position || hex(sealed) FROM posts ORDER BY room, position";
    const PEOPLE: &str = "SELECT hex(id) || state || hex(sealed) FROM accounts ORDER BY id";
    for sql in [POSTS, PEOPLE] {
        let before = Rows::of(server).await.texts(sql).await;
        assert_eq!(Rows::in_folder(&data).await.texts(sql).await, before, "row for row");
    }
    const OPEN: &str = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";
    assert_eq!(Rows::in_folder(&data).await.number(OPEN).await, 0, "nobody is signed in by it");
}
