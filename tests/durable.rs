//! The server is killed at random moments under load: nothing acknowledged is lost, nothing is invented.

mod ledger;

use crate::harness::{
    AuditRow, Engine, Group, Link, PATIENCE, Person, Rows, Server, database_file, fresh_group, tsumugi,
};
use ledger::{Entry, Fate, Ledger, Stored};
use sqlx::Connection;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tsumugi_protocol::{
    Change, Command, Draft, Event, Known, Nothing, Now, Position, Post, PostId, RoomId, Sent, Since,
};
use uuid::Uuid;

/// Kills that a run makes: `TSUMUGI_KILLS`, or what fits a run of all tests.
fn kills(usual: u64) -> u64 {
    std::env::var("TSUMUGI_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_on_sqlite() {
    killed_under_load(Engine::Sqlite, kills(150)).await;
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_on_postgres() {
    killed_under_load(Engine::Postgres, kills(50).min(50)).await;
}

/// Numbers that follow from one printed seed (SplitMix64).
struct Dice(AtomicU64);

impl Dice {
    fn new() -> Self {
        let seed = std::env::var("TSUMUGI_SEED").ok().and_then(|n| n.parse().ok());
        let seed = seed.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0);
        println!("TSUMUGI_SEED={seed}");
        Self(AtomicU64::new(seed))
    }

    fn below(&self, bound: u64) -> u64 {
        let mut z =
            self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// The people and rooms of a run, without a borrow of the server: it dies and comes back meanwhile.
struct Scene {
    rooms: Vec<RoomId>,
    /// One writer each: who, and in which room.
    writers: Vec<(&'static str, RoomId)>,
}

async fn scene(server: &Server) -> Scene {
    let others = ["physician", "visiting_nurse"];
    let mut rooms = Vec::new();
    for _ in 0..3 {
        let group: Group<'_> = fresh_group(server, &others).await;
        rooms.push(group.room);
    }
    let people = ["office_admin", "physician", "visiting_nurse"];
    let writers = rooms.iter().flat_map(|room| people.map(|person| (person, *room))).collect();
    Scene { rooms, writers }
}

async fn killed_under_load(engine: Engine, kills: u64) {
    let start = Instant::now();
    let dice = Dice::new();
    let server = Server::start(engine).await;
    let scene = scene(&server).await;
    let ledger = Ledger::default();
    let mut follower = Follower::new(&scene);
    let mut slowest = Duration::ZERO;
    for kill in 1..=kills {
        let moment = Duration::from_millis(15 + dice.below(200));
        under_load(&server, &scene, &ledger, &mut follower, moment).await;
        let restart = Instant::now();
        server.start_again();
        slowest = slowest.max(restart.elapsed());
        if kill % 25 == 0 && kill < kills {
            check(&server, &scene, &ledger).await;
        }
    }
    let before = ledger.tally();
    heal(&server, &scene, &ledger).await;
    check(&server, &scene, &ledger).await;
    follower.catch_up(&server.person("visiting_nurse").await).await;
    follower.check(&server, &scene).await;
    audited(&server, &ledger).await;
    println!("{engine:?}: {kills} kills in {:?}, slowest restart {slowest:?}, {before}", start.elapsed());
    assert!(before.acknowledged as u64 >= kills && before.unknown > 0, "the load was real: {before}");
    server.stop();
    sound(&server).await;
}

/// Everybody writes and a follower listens until the server is killed at that moment, in the middle of it all.
async fn under_load(
    server: &Server,
    scene: &Scene,
    ledger: &Ledger,
    follower: &mut Follower,
    moment: Duration,
) {
    let mut people = BTreeMap::new();
    for who in ["office_admin", "physician", "visiting_nurse"] {
        people.insert(who, server.person(who).await);
    }
    let nurse = &people["visiting_nurse"];
    let link = follower.connect(nurse).await;
    let over = Cell::new(false);
    let writers = scene.writers.iter().map(|(who, room)| {
        let (person, over) = (&people[who], &over);
        async move {
            while !over.get() {
                write_one(person, *room, ledger).await;
            }
        }
    });
    let kill = async {
        // The moment is the fault itself, not a wait for something.
        tokio::time::sleep(moment).await;
        server.kill();
        over.set(true);
    };
    tokio::join!(futures_util::future::join_all(writers), follower.listen(nurse, link), kill);
}

/// Notes what is about to be sent, sends it, notes what came back. Without an answer its fate stays unknown.
async fn write_one(person: &Person<'_>, room: RoomId, ledger: &Ledger) {
    let post = PostId(Uuid::now_v7());
    let text = format!("記録 {} {post}", person.me.name);
    let draft = Draft { room, post, text: text.clone(), reply_to: None, about: None };
    ledger.invoke(Entry { room, post, author: person.me.account, text, fate: Fate::Unknown });
    let Ok(Ok(preview)) = person.try_ask::<tsumugi_protocol::Preview>(&Command::Preview(draft.clone())).await
    else {
        return;
    };
    let send = Command::Send(crate::harness::confirmed(&draft, Some(&preview.token)));
    match person.try_ask::<Sent>(&send).await {
        Ok(Ok(Sent::Saved { position, .. })) => ledger.settle(post, Fate::Acknowledged(position)),
        Ok(Err(refused)) => ledger.settle(post, Fate::Refused(refused.code)),
        Err(_) => {}
    }
}

/// Sends everything of unknown fate again, with the same ids: now each is there exactly once.
async fn heal(server: &Server, scene: &Scene, ledger: &Ledger) {
    let mut people = Vec::new();
    for who in ["office_admin", "physician", "visiting_nurse"] {
        people.push(server.person(who).await);
    }
    for entry in ledger.unknown() {
        assert!(scene.rooms.contains(&entry.room));
        let author = people.iter().find(|person| person.me.account == entry.author).expect("a writer");
        let draft =
            Draft { room: entry.room, post: entry.post, text: entry.text, reply_to: None, about: None };
        let Sent::Saved { position, .. } = author.post(&draft).await.expect("a retry is saved");
        ledger.settle(entry.post, Fate::Acknowledged(position));
    }
}

/// Compares the ledger with what two readers find.
async fn check(server: &Server, scene: &Scene, ledger: &Ledger) {
    let (one, two) = (server.person("physician").await, server.person("office_admin").await);
    for room in &scene.rooms {
        let by_page: Vec<Stored> = one.history(*room).await.iter().map(stored).collect();
        let by_since: Vec<Stored> = two
            .since(*room, 0, 200)
            .await
            .iter()
            .flat_map(|since: &Since| since.posts.iter().map(stored))
            .collect();
        assert_eq!(by_page, by_since, "one order for all readers");
        let wrong = ledger.judge(*room, &by_page);
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    }
}

fn stored(post: &Post) -> Stored {
    Stored {
        post: post.id,
        position: post.position,
        author: post.author.account,
        text: crate::sending::text_of(post).to_owned(),
    }
}

/// Every post that stands has exactly one audit entry, and the log verifies.
async fn audited(server: &Server, ledger: &Ledger) {
    let rows = Rows::of(server).await.audit().await;
    let mut sends: BTreeMap<Uuid, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.act == "posts.send" && row.outcome == crate::audit::DONE) {
        *sends.entry(row.subject.expect("the post")).or_default() += 1;
    }
    for entry in ledger.acknowledged() {
        assert_eq!(sends.get(&entry.post.0), Some(&1), "audit entries of post {}", entry.post);
    }
    crate::audit::verifies(server).await;
}

/// The database itself is sound after all that.
async fn sound(server: &Server) {
    if server.setup.store.is_none() {
        let file = database_file(&server.setup.data);
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut conn = sqlx::SqliteConnection::connect_with(&options).await.expect("it opens");
        let verdict: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await.expect("a verdict");
        assert_eq!(verdict, "ok");
        let strays: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM pragma_foreign_key_check")
            .fetch_one(&mut conn)
            .await
            .expect("a count");
        assert_eq!(strays, 0, "rows that refer to nothing");
    }
    let data = server.setup.data.to_string_lossy().into_owned();
    let mut arguments = vec!["audit", "verify", "--data", &data];
    if let Some(url) = &server.setup.store {
        arguments.extend(["--store", url]);
    }
    let verdict = tsumugi(&arguments);
    assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stdout));
}

/// A member who is always listening: what events and catching up gave her must be what stands, exactly once.
struct Follower {
    known: BTreeMap<RoomId, Change>,
    got: BTreeMap<RoomId, Vec<PostId>>,
}

impl Follower {
    fn new(scene: &Scene) -> Self {
        let known = scene.rooms.iter().map(|room| (*room, Change(0))).collect();
        let got = scene.rooms.iter().map(|room| (*room, Vec::new())).collect();
        Self { known, got }
    }

    /// Connects and catches up.
    async fn connect(&mut self, person: &Person<'_>) -> Link {
        let rooms = self.known.iter().map(|(room, change)| Known { room: *room, change: *change }).collect();
        let (link, welcome) = person.link_knowing(rooms).await;
        for stale in welcome.stale {
            self.since(person, stale.room).await;
        }
        link
    }

    /// Takes events until the link ends.
    async fn listen(&mut self, person: &Person<'_>, mut link: Link) {
        while let Some(event) = link.event_or_end().await {
            match event {
                Event::Posted { change, post } if self.known.contains_key(&post.room) => {
                    self.apply(person, change, &post).await;
                }
                Event::Behind => self.catch_up(person).await,
                _ => {}
            }
        }
    }

    async fn apply(&mut self, person: &Person<'_>, change: Change, post: &Post) {
        let known = self.known[&post.room];
        if change == known.next() {
            self.known.insert(post.room, change);
            self.got.entry(post.room).or_default().push(post.id);
        } else if change > known {
            self.since(person, post.room).await;
        }
    }

    async fn catch_up(&mut self, person: &Person<'_>) {
        for room in self.known.keys().copied().collect::<Vec<_>>() {
            self.since(person, room).await;
        }
    }

    /// Page by page; when the server dies meanwhile, the rest comes after it is back.
    async fn since(&mut self, person: &Person<'_>, room: RoomId) {
        loop {
            let ask = tsumugi_protocol::AskSince { room, change: self.known[&room], limit: Some(200) };
            let Ok(answer) = person.try_ask::<Since>(&Command::RoomSince(ask)).await else { return };
            let since = answer.expect("she is a member");
            self.got.entry(room).or_default().extend(since.posts.iter().map(|post| post.id));
            self.known.insert(room, since.upto);
            if !since.more {
                return;
            }
        }
    }

    async fn check(&self, server: &Server, scene: &Scene) {
        let person = server.person("visiting_nurse").await;
        for room in &scene.rooms {
            let stands: Vec<PostId> = person.history(*room).await.iter().map(|post| post.id).collect();
            assert_eq!(self.got[room], stands, "exactly once and in order, through every restart");
        }
    }
}

#[tokio::test]
async fn commands_of_a_vanished_link_run_to_their_end() {
    // What was begun is done, also when nobody waits for it any more. Nothing is sent again: only what stands counts.
    let server = Server::start(Engine::Sqlite).await;
    let group = fresh_group(&server, &["physician"]).await;
    let admin = &group.people[0];
    let mut sends = Vec::new();
    for n in 0..50 {
        let draft = crate::harness::draft(group.room, &format!("切れる {n}"));
        let token = admin.preview(&draft).await.expect("a preview").token;
        sends.push(Command::Send(crate::harness::confirmed(&draft, Some(&token))));
    }
    let link = admin.link().await;
    // While somebody else holds the database, no post can be stored, and none is when the link is cut.
    let mut holder = Rows::of(&server).await;
    holder.run("BEGIN IMMEDIATE".to_owned()).await;
    let mut answers = Vec::new();
    for send in &sends {
        answers.push(link.begin(send).await);
    }
    // Frames are read in order: once the clock has answered, every command before it has begun.
    let _: Now = link.ask(&Command::Now(Nothing {})).await.expect("the clock");
    assert!(answers.iter_mut().all(|answer| answer.try_recv().is_err()), "none is done yet");
    link.cut().await;
    assert_eq!(Rows::of(&server).await.posts_in(group.room.0).await, 0, "nor is any after the cut");
    holder.run("COMMIT".to_owned()).await;

    let all = async || (Rows::of(&server).await.posts_in(group.room.0).await == 50).then_some(());
    crate::harness::until("every post that was begun", PATIENCE, all).await;
    let stored = admin.history(group.room).await;
    let texts: Vec<&str> = stored.iter().map(crate::sending::text_of).collect();
    let said: Vec<String> = (0..50).map(|n| format!("切れる {n}")).collect();
    assert_eq!(texts, said, "each once, in the order they were sent");
    assert_eq!(
        stored.iter().map(|post| post.position).collect::<Vec<_>>(),
        (1..=50).map(Position).collect::<Vec<_>>()
    );
    let rows = Rows::of(&server).await.audit().await;
    let done = |row: &&AuditRow| {
        row.room == Some(group.room.0) && row.act == "posts.send" && row.outcome == crate::audit::DONE
    };
    assert_eq!(rows.iter().filter(done).count(), 50, "one audit entry each");
}
