//! Who was away catches up exactly once; pages hold still while posts arrive.

use crate::harness::{
    Engine, PATIENCE, Person, Server, Upgrade, confirmed, draft, fresh_group, hello, new_id, promise, shared,
    until,
};
use crate::sending::text_of;
use futures_util::future::join;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AcceptRoom, AskPage, AskSince, Change, Command, CreateFree, Event, Known, MarkRead, Page, PageAt,
    Position, Post, PostId, RoomId, RoomMade, Since,
};

async fn write(person: &Person<'_>, room: RoomId, count: usize, word: &str) -> Vec<PostId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let draft = draft(room, &format!("{word} {n}"));
        person.post(&draft).await.expect("saved");
        ids.push(draft.post);
    }
    ids
}

fn ids(posts: &[Post]) -> Vec<PostId> {
    posts.iter().map(|post| post.id).collect()
}

promise! {
    async fn since_gives_every_post_exactly_once_in_any_page_size(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let written = write(admin, group.room, 23, "経過").await;
        for limit in [1, 2, 7, 23, 200] {
            let answers = physician.since(group.room, 0, limit).await;
            let all: Vec<PostId> = answers.iter().flat_map(|since| ids(&since.posts)).collect();
            assert_eq!(all, written, "limit {limit}");
            assert!(answers.iter().all(|since| since.posts.len() <= limit as usize));
            assert!(answers.iter().all(|since| since.last_position.0 == 23));
        }
        let end = physician.since(group.room, 0, 200).await.last().expect("an answer").upto;
        let nothing = physician.since(group.room, end.0, 200).await;
        assert_eq!(nothing.len(), 1);
        assert!(nothing[0].posts.is_empty() && nothing[0].members.is_none() && nothing[0].upto == end);
    }
}

promise! {
    async fn since_finds_the_posts_among_other_changes_from_wherever_one_stands(server: &Server) {
        let (admin, physician) = (server.person("office_admin").await, server.person("physician").await);
        let nurse = server.person("visiting_nurse").await;
        let room = RoomId(new_id());
        let invite = [&physician, &nurse].map(|person| person.me.account).to_vec();
        let ask = CreateFree { room, title: "途中から".to_owned(), aim: "追いつく".to_owned(), invite, requires: Vec::new() };
        let _: RoomMade = admin.ask(&Command::CreateFree(ask)).await.expect("an office admin makes a group");
        // Each who joins is a change without a post, so that positions and changes drift apart.
        for person in [Some(&physician), Some(&nurse), None] {
            write(&admin, room, 4, "記録").await;
            if let Some(person) = person {
                let accept = Command::Accept(AcceptRoom { room, takes_part: true });
                let _: RoomMade = person.ask(&accept).await.expect("who is invited may join");
            }
        }
        for reader in [&admin, &nurse] {
            let all: Vec<Post> = reader.since(room, 0, 200).await.into_iter().flat_map(|since| since.posts).collect();
            assert!(all.len() >= 4 && all.iter().map(|post| post.position).eq(positions(&all)), "in order");
            let newest = all.last().expect("posts").change;
            assert!(newest.0 > 12, "changes without posts lie between");
            for known in 0..=newest.0 {
                let later: Vec<PostId> =
                    all.iter().filter(|post| post.change.0 > known).map(|post| post.id).collect();
                for limit in [2, 200] {
                    let answers = reader.since(room, known, limit).await;
                    let found: Vec<PostId> = answers.iter().flat_map(|since| ids(&since.posts)).collect();
                    assert_eq!(found, later, "after change {known}, {limit} at a time");
                }
            }
        }
    }
}

/// The positions of posts that follow one another without a gap.
fn positions(posts: &[Post]) -> impl Iterator<Item = Position> {
    let first = posts.first().map_or(0, |post| post.position.0);
    (first..).map(Position).take(posts.len())
}

promise! {
    async fn catching_up_while_others_write_misses_and_repeats_nothing(server: &Server) {
        let group = fresh_group(server, &["physician", "visiting_nurse"]).await;
        let (admin, nurse) = (&group.people[0], &group.people[2]);
        let writing = write(admin, group.room, 40, "同時");
        let following = async {
            let (mut change, mut got) = (Change(0), Vec::new());
            let deadline = std::time::Instant::now() + PATIENCE;
            while got.len() < 40 {
                assert!(std::time::Instant::now() < deadline, "only {} of 40", got.len());
                let ask = AskSince { room: group.room, change, limit: Some(3) };
                let since: Since = nurse.ask(&Command::RoomSince(ask)).await.expect("since");
                got.extend(ids(&since.posts));
                change = since.upto;
            }
            got
        };
        let (written, got) = join(writing, following).await;
        assert_eq!(got, written);
    }
}

promise! {
    async fn a_page_holds_still_while_posts_arrive(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        write(admin, group.room, 12, "前").await;
        let pages = [PageAt::Before(Position(8)), PageAt::After(Position(3)), PageAt::Around(Position(6))];
        let mut before = Vec::new();
        for at in pages {
            before.push(page(physician, group.room, at, 4).await.posts);
        }
        write(admin, group.room, 5, "後").await;
        for (at, old) in pages.into_iter().zip(before) {
            assert_eq!(page(physician, group.room, at, 4).await.posts, old, "{at:?}");
        }
    }
}

async fn page(person: &Person<'_>, room: RoomId, at: PageAt, limit: u32) -> Page {
    person.ask(&Command::PageRoom(AskPage { room, at, limit: Some(limit) })).await.expect("a page")
}

promise! {
    async fn pages_before_after_and_around_say_what_lies_beyond(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let physician = &group.people[1];
        write(&group.people[0], group.room, 10, "頁").await;
        let cases = [
            (PageAt::End, 3, 8..=10, true, false),
            (PageAt::End, 50, 1..=10, false, false),
            (PageAt::Before(Position(5)), 2, 3..=4, true, true),
            (PageAt::Before(Position(3)), 10, 1..=2, false, true),
            (PageAt::After(Position(5)), 2, 6..=7, true, true),
            (PageAt::After(Position(8)), 10, 9..=10, true, false),
            (PageAt::Around(Position(1)), 50, 1..=10, false, false),
        ];
        for (at, limit, expected, more_before, more_after) in cases {
            let page = page(physician, group.room, at, limit).await;
            let got: Vec<i64> = page.posts.iter().map(|post| post.position.0).collect();
            assert_eq!(got, expected.collect::<Vec<_>>(), "{at:?} {limit}");
            assert_eq!((page.more_before, page.more_after), (more_before, more_after), "{at:?} {limit}");
        }
        let around = page(physician, group.room, PageAt::Around(Position(5)), 5).await;
        let got: Vec<i64> = around.posts.iter().map(|post| post.position.0).collect();
        assert_eq!(got.len(), 5);
        assert!(got.contains(&5) && got.windows(2).all(|two| two[1] == two[0] + 1), "{got:?}");
        assert!(got[0] > 1 && got[0] < 5 && around.more_before && around.more_after, "both sides: {got:?}");
        for at in [PageAt::Before(Position(1)), PageAt::After(Position(10))] {
            assert!(page(physician, group.room, at, 5).await.posts.is_empty(), "{at:?}");
        }
    }
}

promise! {
    async fn the_welcome_names_rooms_that_moved_on_and_rooms_that_are_gone(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let quiet = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let known = async |room| Known { room, change: physician.card(room).await.expect("a card").change };
        let rooms = vec![
            known(group.room).await,
            known(quiet.room).await,
            Known { room: RoomId(crate::harness::new_id()), change: Change(3) },
        ];
        write(admin, group.room, 3, "留守").await;
        let (_link, welcome) = physician.link_knowing(rooms.clone()).await;
        assert_eq!(welcome.me.account, physician.me.account);
        assert_eq!(welcome.stale.len(), 1, "{:?}", welcome.stale);
        assert_eq!((welcome.stale[0].room, welcome.stale[0].last_position.0), (group.room, 3));
        assert_eq!(welcome.stale[0].change.0, rooms[0].change.0 + 3);
        assert_eq!(welcome.gone, [rooms[2].room]);
        let missed = physician.since(group.room, rooms[0].change.0, 50).await;
        assert_eq!(missed.iter().map(|since| since.posts.len()).sum::<usize>(), 3);
    }
}

promise! {
    async fn unread_counts_what_stands_after_the_mark(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        write(admin, group.room, 5, "未読").await;
        let card = physician.card(group.room).await.expect("the room");
        assert_eq!((card.unread, card.last_position.0), (5, 5));
        assert_eq!(card.last.expect("the newest in short").text, "未読 4");
        let mark = MarkRead { room: group.room, position: Position(3) };
        let _: tsumugi_protocol::Done = physician.ask(&Command::MarkRead(mark)).await.expect("marked");
        let unread = async || physician.card(group.room).await.filter(|card| card.unread == 2);
        let card = until("two unread posts", PATIENCE, unread).await;
        assert_eq!(card.read_position.0, 3);
        // Marks never go back, nor past the end.
        for (position, expected) in [(1, 3), (99, 5)] {
            let mark = MarkRead { room: group.room, position: Position(position) };
            let answer = physician.ask::<tsumugi_protocol::Done>(&Command::MarkRead(mark)).await;
            assert!(answer.is_ok() || position == 99, "{answer:?}");
            if answer.is_ok() {
                let there = async || physician.card(group.room).await.filter(|card| card.read_position.0 == expected);
                until("the mark", PATIENCE, there).await;
            }
        }
    }
}

promise! {
    async fn a_slow_reader_is_told_behind_and_then_loses_nothing(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let slow = Upgrade { receive_buffer: Some(4_096), ..Upgrade::bearer(&physician.token) };
        let mut link = crate::harness::Link::open(server, &slow).await.expect("the link opens");
        let known = Known { room: group.room, change: physician.card(group.room).await.expect("a card").change };
        link.hello(hello(vec![known])).await;
        link.read_frames(false);
        // More than the outbox and the kernel's buffers on both sides hold together.
        let body = "あ".repeat(19_900);
        let mut written = Vec::new();
        for n in 0..160 {
            let draft = draft(group.room, &format!("{n} {body}"));
            admin.post(&draft).await.expect("nobody waits for the slowest");
            written.push(draft.post);
        }
        link.read_frames(true);

        let (mut change, mut got, mut behind) = (known.change, Vec::new(), 0);
        while got.len() < written.len() {
            match link.event("events, or behind").await {
                Event::Posted { change: next, post } if post.room == group.room && next.0 == change.0 + 1 => {
                    change = next;
                    got.push(post.id);
                }
                Event::Posted { change: next, post } if post.room == group.room => {
                    assert!(next <= change, "after {change} came {next} without `behind`");
                }
                Event::Behind => {
                    behind += 1;
                    loop {
                        let ask = AskSince { room: group.room, change, limit: Some(20) };
                        let since: Since = link.ask(&Command::RoomSince(ask)).await.expect("the link stays open");
                        got.extend(ids(&since.posts));
                        change = since.upto;
                        if !since.more {
                            break;
                        }
                    }
                }
                _ => {}
            }
        }
        assert!(behind >= 1, "160 posts of 60 kB were queued for one who reads nothing");
        assert_eq!(got, written, "exactly once, in order");
    }
}

#[tokio::test]
async fn a_restart_in_between_loses_nothing_for_those_who_were_connected() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start(engine).await;
        let (room, known, written) = {
            let group = fresh_group(&server, &["physician"]).await;
            let mut link = group.people[1].link().await;
            let mut written = write(&group.people[0], group.room, 3, "停止前").await;
            let post = link.posted(written[2]).await;
            let known = Known { room: group.room, change: post.change };
            written.extend(write(&group.people[0], group.room, 2, "届く前").await);
            (group.room, known, written)
        };
        server.kill();
        server.start_again();
        let (admin, physician) = (server.person("office_admin").await, server.person("physician").await);
        let (mut link, welcome) = physician.link_knowing(vec![known]).await;
        assert_eq!(welcome.stale.len(), 1);
        let missed: Vec<Post> = physician
            .since(room, known.change.0, 50)
            .await
            .into_iter()
            .flat_map(|since| since.posts)
            .collect();
        assert_eq!(ids(&missed), written[3..]);
        let after = write(&admin, room, 1, "再開").await;
        let post = link.posted(after[0]).await;
        assert_eq!(post.position.0, 6, "the count goes on");
        let all = physician.history(room).await;
        assert_eq!(all.len(), 6);
        assert_eq!(text_of(&all[5]), "再開 0");
        assert_eq!(ids(&all).into_iter().collect::<BTreeSet<_>>().len(), 6);
    }
}

#[tokio::test]
async fn a_graceful_stop_tells_links_when_to_come_back() {
    let server = Server::start(Engine::Sqlite).await;
    let physician = server.person_anew("physician").await;
    let (one, two) = (physician.link().await, physician.link().await);
    server.ask_to_stop();
    for link in [&one, &two] {
        let closed = link.closed().await;
        assert_eq!(closed.code, Some(4440), "{closed:?}");
        let reason: tsumugi_protocol::CloseReason =
            serde_json::from_str(&closed.reason).expect("a JSON reason");
        let wait = reason.retry_after_ms.expect("when to come back");
        assert!(wait > 0 && wait <= 60_000, "{wait} ms");
    }
    let status = server.stopped();
    assert!(status.success(), "{status}");
    server.start_again();
    assert!(server.person("physician").await.is_signed_in().await);
}

#[tokio::test]
async fn a_post_that_was_waiting_when_the_stop_came_is_answered_or_not_stored() {
    let server = Server::start(Engine::Sqlite).await;
    let (room, sends, answered) = {
        let group = fresh_group(&server, &["physician"]).await;
        let admin = &group.people[0];
        let link = admin.link().await;
        let mut sends = Vec::new();
        for n in 0..40 {
            let draft = draft(group.room, &format!("停止中 {n}"));
            let token = admin.preview(&draft).await.expect("a preview").token;
            sends.push((draft.clone(), Command::Send(confirmed(&draft, Some(&token)))));
        }
        let mut pending = Vec::new();
        for (_, send) in &sends {
            pending.push(link.begin(send).await);
        }
        server.ask_to_stop();
        let mut answered = Vec::new();
        for ((draft, _), pending) in sends.iter().zip(pending) {
            if let Ok(Ok(answer)) = tokio::time::timeout(PATIENCE, pending).await
                && answer.get("ok").is_some()
            {
                answered.push(draft.post);
            }
        }
        (group.room, sends, answered)
    };
    server.stopped();
    server.start_again();
    let admin = server.person("office_admin").await;
    let stored: BTreeSet<PostId> = ids(&admin.history(room).await).into_iter().collect();
    for post in &answered {
        assert!(stored.contains(post), "an acknowledged post is gone");
    }
    for (draft, _) in &sends {
        admin.post(draft).await.expect("saved, or saved already");
    }
    assert_eq!(admin.history(room).await.len(), 40, "each exactly once");
}
