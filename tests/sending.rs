//! A post that was sent reaches the others, once, in one order, and its acknowledgement keeps its word.

use crate::harness::{Engine, Server, draft, fresh_group, new_id, promise, shared};
use futures_util::future::join_all;
use tsumugi_protocol::{Command, Content, Event, Post, PostId, Sent};

/// What a post says.
pub fn text_of(post: &Post) -> &str {
    match &post.content {
        Content::Text { text } => text,
        Content::Undecodable => "(undecodable)",
    }
}

/// Where a post was saved.
pub fn position(sent: Sent) -> i64 {
    let Sent::Saved { position, .. } = sent;
    position.0
}

promise! {
    async fn a_post_reaches_the_socket_of_another_member(server: &Server) {
        let group = fresh_group(server, &["physician", "visiting_nurse"]).await;
        let (admin, nurse) = (&group.people[0], &group.people[2]);
        let (mut hers, mut own) = (nurse.link().await, admin.link().await);
        let text = "おはようございます。\n本日の訪問は 14 時です🙂 ﾊﾞｲﾀﾙ・髙橋";
        let draft = draft(group.room, text);

        let Sent::Saved { position, change, stored_at } = admin.post(&draft).await.expect("it is saved");

        for link in [&mut hers, &mut own] {
            let post = link.posted(draft.post).await;
            assert_eq!(text_of(&post), text);
            assert_eq!((post.room, post.position, post.change), (group.room, position, change));
            assert_eq!(post.stored_at, stored_at);
            assert_eq!(post.author.account, admin.me.account);
            assert_eq!(post.author.name, admin.me.name);
        }
        let read: Vec<Post> = nurse.history(group.room).await;
        assert_eq!(text_of(read.last().expect("the post")), text);
    }
}

promise! {
    async fn an_acknowledged_post_stands_for_whoever_asks_next(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let (link, before) = (admin.link().await, physician.history(group.room).await.len());
        for n in 1..=20 {
            let draft = draft(group.room, &format!("連絡 {n}"));
            let preview = admin.preview(&draft).await.expect("a preview");
            let ask = Command::Send(tsumugi_protocol::SendPost {
                draft: draft.clone(),
                token: Some(preview.token),
                acknowledged: Vec::new(),
                without_patient_data: true,
            });
            let pending = link.begin(&ask).await;
            let sent: Sent = crate::harness::read(link.finish("posts.send", pending).await).expect("saved");
            let history = physician.history(group.room).await;
            assert_eq!(history.len(), before + n);
            let last = history.last().expect("a post");
            assert_eq!((last.id, last.position.0), (draft.post, position(sent)), "read after the acknowledgement");
        }
    }
}

promise! {
    async fn an_answer_does_not_wait_for_another_packet(server: &Server) {
        // An event and an answer leave one after the other; held back by the kernels on both sides (Nagle, delayed
        // acknowledgement) each would take 40 ms. The figure itself is the bench's.
        let group = fresh_group(server, &["physician"]).await;
        let (admin, link, mut hers) =
            (&group.people[0], group.people[0].link().await, group.people[1].link().await);
        let mut waits = Vec::new();
        for n in 0..41 {
            let draft = draft(group.room, &format!("待ち時間 {n}"));
            let token = admin.preview(&draft).await.expect("a preview").token;
            let send = Command::Send(crate::harness::confirmed(&draft, Some(&token)));
            let start = std::time::Instant::now();
            link.ask::<Sent>(&send).await.expect("saved");
            hers.posted(draft.post).await;
            waits.push(start.elapsed());
        }
        waits.sort_unstable();
        println!("acknowledged and heard: half within {:?}", waits[20]);
        assert!(waits[20].as_millis() < 35, "half of the posts took {:?} and more", waits[20]);
    }
}

promise! {
    async fn everybody_sees_one_gap_free_order(server: &Server) {
        let group = fresh_group(server, &["physician", "visiting_nurse", "care_manager"]).await;
        let mut links = Vec::new();
        for person in &group.people {
            links.push(person.link().await);
        }
        let writers = group.people.iter().map(async |person| {
            let mut positions = Vec::new();
            for n in 0..15 {
                let draft = draft(group.room, &format!("{} {n}", person.me.name));
                positions.push(position(person.post(&draft).await.expect("saved")));
            }
            positions
        });
        let mut acknowledged: Vec<i64> = join_all(writers).await.into_iter().flatten().collect();
        acknowledged.sort_unstable();
        assert_eq!(acknowledged, (1..=60).collect::<Vec<_>>(), "positions are gap-free and unique");

        let history: Vec<(i64, PostId)> =
            group.people[1].history(group.room).await.iter().map(|post| (post.position.0, post.id)).collect();
        assert_eq!(history.len(), 60);
        for link in &mut links {
            let mut seen = Vec::new();
            let mut change = None;
            while seen.len() < 60 {
                let event = link.event("the events of sixty posts").await;
                if let Event::Posted { change: now, post } = event
                    && post.room == group.room
                {
                    assert!(change.is_none_or(|before| now.0 == before + 1), "changes come in order, gap-free");
                    change = Some(now.0);
                    seen.push((post.position.0, post.id));
                }
            }
            assert_eq!(seen, history, "every link saw the order that is stored");
        }
    }
}

promise! {
    async fn the_same_retry_fifty_times_at_once_is_one_post(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let mut hers = group.people[1].link().await;
        let (one, two, web) = (admin.link().await, admin.link().await, admin.twin());
        let draft = draft(group.room, "五十回おなじもの");
        let token = admin.preview(&draft).await.expect("a preview").token;
        let send = Command::Send(crate::harness::confirmed(&draft, Some(&token)));

        let tries = (0..50).map(async |n| match n % 3 {
            0 => one.ask::<Sent>(&send).await,
            1 => two.ask::<Sent>(&send).await,
            _ => web.ask::<Sent>(&send).await,
        });
        let answers: Vec<Sent> =
            join_all(tries).await.into_iter().map(|answer| answer.expect("each gets the answer")).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "and it is the same: {answers:?}");

        let history = admin.history(group.room).await;
        assert_eq!(history.iter().filter(|post| post.id == draft.post).count(), 1);
        assert_eq!(history.len(), 1);
        // One event too: whatever follows it is about the next post.
        let next = crate::harness::draft(group.room, "つぎの投稿");
        admin.post(&next).await.expect("saved");
        let mut seen = Vec::new();
        while seen.last() != Some(&next.post) {
            if let Event::Posted { post, .. } = hers.event("two posts").await
                && post.room == group.room
            {
                seen.push(post.id);
            }
        }
        assert_eq!(seen, [draft.post, next.post]);
    }
}

promise! {
    async fn a_retry_without_its_token_or_with_an_old_one_gets_the_first_answer(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let draft = draft(group.room, "返事を受け取れなかった投稿");
        let first = admin.post(&draft).await.expect("saved");
        assert_eq!(admin.send(&draft, None).await.expect("a repeat"), first);
        assert_eq!(admin.send(&draft, Some("long gone")).await.expect("a repeat"), first);
        assert_eq!(admin.history(group.room).await.len(), 1);
    }
}

promise! {
    async fn an_id_that_stands_for_something_else_is_taken(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let first = draft(group.room, "最初の内容");
        admin.post(&first).await.expect("saved");

        let other_text = tsumugi_protocol::Draft { text: "ちがう内容".to_owned(), ..first.clone() };
        let other_reply = tsumugi_protocol::Draft { reply_to: Some(first.post), ..first.clone() };
        for changed in [&other_text, &other_reply] {
            let refused = sent_anyhow(admin, changed).await.expect_err("the id is taken");
            assert_eq!(refused.code, "id_taken");
        }
        let refused = sent_anyhow(physician, &first).await.expect_err("somebody else's id");
        assert_eq!(refused.code, "id_taken");
        let history = admin.history(group.room).await;
        assert_eq!(history.iter().map(text_of).collect::<Vec<_>>(), ["最初の内容"]);
    }
}

/// Previews and sends; a preview that is refused already is an answer too.
async fn sent_anyhow(
    person: &crate::harness::Person<'_>,
    draft: &tsumugi_protocol::Draft,
) -> Result<Sent, tsumugi_protocol::Refused> {
    let token = person.preview(draft).await?.token;
    person.send(draft, Some(&token)).await
}

promise! {
    async fn the_same_id_in_another_room_is_another_post(server: &Server) {
        let one = fresh_group(server, &["physician"]).await;
        let two = fresh_group(server, &["physician"]).await;
        let draft = draft(one.room, "おなじ番号");
        let elsewhere = tsumugi_protocol::Draft { room: two.room, ..draft.clone() };
        assert_eq!(position(one.people[0].post(&draft).await.expect("saved")), 1);
        assert_eq!(position(two.people[0].post(&elsewhere).await.expect("saved")), 1);
    }
}

promise! {
    async fn two_tabs_see_each_others_posts_and_marks(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let physician = &group.people[1];
        let (one, mut two) = (physician.link().await, physician.link().await);
        let draft = draft(group.room, "ひとつ目のタブから");
        let token = physician.preview(&draft).await.expect("a preview").token;
        let send = Command::Send(crate::harness::confirmed(&draft, Some(&token)));
        let sent: Sent = one.ask(&send).await.expect("saved");
        let post = two.posted(draft.post).await;
        assert_eq!(post.position.0, position(sent));

        let read = tsumugi_protocol::MarkRead { room: group.room, position: post.position };
        let _: tsumugi_protocol::Done = one.ask(&Command::MarkRead(read)).await.expect("marked");
        let marked = two.expect("the other tab's mark", |event| match event {
            Event::Read { room, position } if *room == group.room => Some(*position),
            _ => None,
        });
        assert_eq!(marked.await, post.position);
        let card = physician.card(group.room).await.expect("the room");
        assert_eq!(card.unread, 0);
    }
}

promise! {
    async fn a_reply_names_a_post_of_the_same_room(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let elsewhere = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let question = draft(group.room, "明日は何時ですか");
        admin.post(&question).await.expect("saved");
        let mut answer = draft(group.room, "14 時です");
        answer.reply_to = Some(question.post);
        physician.post(&answer).await.expect("saved");
        let history = admin.history(group.room).await;
        assert_eq!(history[1].reply_to, Some(question.post));

        let foreign = draft(elsewhere.room, "よその部屋の投稿");
        admin.post(&foreign).await.expect("saved");
        let mut codes = Vec::new();
        for target in [foreign.post, PostId(new_id())] {
            let mut astray = draft(group.room, "宛先のない返信");
            astray.reply_to = Some(target);
            codes.push(sent_anyhow(admin, &astray).await.expect_err("no such post here"));
        }
        assert_eq!(codes[0], codes[1], "a post of another room looks like none at all");
        assert_eq!(admin.history(group.room).await.len(), 2);
    }
}

#[tokio::test]
async fn a_retry_after_a_restart_is_the_same_post() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start(engine).await;
        let (room, draft, first, token, bearer) = {
            let group = fresh_group(&server, &["physician"]).await;
            let draft = draft(group.room, "再起動の前");
            let token = group.people[0].preview(&draft).await.expect("a preview").token;
            let first = group.people[0].send(&draft, Some(&token)).await.expect("saved");
            (group.room, draft, first, token, group.people[0].token.clone())
        };
        server.kill();
        server.start_again();
        let admin = server.person("office_admin").await;
        assert_eq!(admin.token, bearer, "a session survives a restart");
        let link = admin.link().await;
        let send = Command::Send(crate::harness::confirmed(&draft, Some(&token)));
        assert_eq!(link.ask::<Sent>(&send).await.expect("a repeat"), first);
        assert_eq!(admin.send(&draft, None).await.expect("a repeat"), first);
        assert_eq!(admin.history(room).await.len(), 1);
    }
}
