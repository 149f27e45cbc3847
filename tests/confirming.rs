//! A post counts only once its author has confirmed readers and content.

use crate::harness::{Engine, Rows, Server, draft, fresh_group, new_id, patient_room, promise, shared};
use tsumugi_protocol::{
    AcceptRoom, Command, Draft, Nothing, Now, PersonKind, PostId, RoomKind, RoomMade, WhichRoom,
};

promise! {
    // clause("000-note(3)h") clause("002-3.2(3)a") clause("003-note(3)h") clause("002-2.1S7")
    async fn nothing_is_posted_without_the_confirmation_of_exactly_this(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let elsewhere = fresh_group(server, &["physician"]).await;
        let (admin, physician) = (&group.people[0], &group.people[1]);
        let parent = draft(group.room, "もとの投稿");
        admin.post(&parent).await.expect("saved");

        let asked = draft(group.room, "内服を朝だけに変更します");
        let token = admin.preview(&asked).await.expect("a preview").token;
        let theirs = physician.preview(&asked).await.expect("a preview").token;
        let cases: Vec<(&str, Draft, Option<String>)> = vec![
            ("no token", asked.clone(), None),
            ("an empty token", asked.clone(), Some(String::new())),
            ("an invented token", asked.clone(), Some("A".repeat(token.len()))),
            ("a token cut short", asked.clone(), Some(token[..token.len() - 1].to_owned())),
            ("a token with one character changed", asked.clone(), Some(flipped(&token))),
            ("somebody else's token", asked.clone(), Some(theirs)),
            ("other content", Draft { text: "内服を夜だけに変更します".into(), ..asked.clone() }, Some(token.clone())),
            ("a space more", Draft { text: format!("{} ", asked.text), ..asked.clone() }, Some(token.clone())),
            ("another post id", Draft { post: PostId(new_id()), ..asked.clone() }, Some(token.clone())),
            ("another room", Draft { room: elsewhere.room, ..asked.clone() }, Some(token.clone())),
            ("a reply instead", Draft { reply_to: Some(parent.post), ..asked.clone() }, Some(token.clone())),
        ];
        for (what, draft, token) in cases {
            let refused = admin.send(&draft, token.as_deref()).await.expect_err(what);
            assert_eq!(refused.code, "confirm_required", "{what}");
        }
        assert_eq!(admin.history(group.room).await.len(), 1, "nothing half-done");
        assert_eq!(admin.history(elsewhere.room).await.len(), 0);

        // Who edits begins again, and what stands then says who confirmed it and when.
        let edited = Draft { text: "内服を夜だけに変更します".into(), ..asked };
        let token = admin.preview(&edited).await.expect("a preview").token;
        let before: Now = admin.ask(&Command::Now(Nothing {})).await.expect("the clock");
        admin.send(&edited, Some(&token)).await.expect("what was confirmed is posted");
        let after: Now = admin.ask(&Command::Now(Nothing {})).await.expect("the clock");
        let stored = admin.history(group.room).await;
        let post = stored.last().expect("the post");
        assert_eq!((stored.len(), post.id, crate::sending::text_of(post)), (2, edited.post, edited.text.as_str()));
        assert_eq!(post.author.account, admin.me.account);
        assert!((before.now..=after.now).contains(&post.stored_at), "{:?}", post.stored_at);
        let rows = Rows::of(server).await.audit().await;
        let confirmers: Vec<_> = rows
            .iter()
            .filter(|row| row.subject == Some(edited.post.0) && row.outcome == crate::audit::DONE)
            .map(|row| (row.act.as_str(), row.account))
            .collect();
        assert_eq!(confirmers, [("posts.send", Some(admin.me.account.0))]);
    }
}

fn flipped(token: &str) -> String {
    let middle = token.len() / 2;
    token
        .char_indices()
        .map(|(at, c)| match (at == middle, c) {
            (true, 'A') => 'B',
            (true, _) => 'A',
            (false, c) => c,
        })
        .collect()
}

promise! {
    async fn one_confirmation_posts_once(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let first = draft(group.room, "一度だけ");
        let token = admin.preview(&first).await.expect("a preview").token;
        admin.send(&first, Some(&token)).await.expect("saved");
        let again = Draft { post: PostId(new_id()), ..first.clone() };
        let refused = admin.send(&again, Some(&token)).await.expect_err("confirmed once is posted once");
        assert_eq!(refused.code, "confirm_required");
        assert_eq!(admin.history(group.room).await.len(), 1);
    }
}

promise! {
    // clause("000-note(3)h") clause("002-3.2(3)a") clause("003-note(3)h")
    async fn readers_who_changed_since_the_preview_are_confirmed_anew(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let nurse = server.person("visiting_nurse").await;
        // A second group, in which the nurse is invited and joins between preview and send.
        let room = tsumugi_protocol::RoomId(new_id());
        let make = tsumugi_protocol::CreateFree {
            room,
            title: "読む人が変わる部屋".into(),
            aim: "確認".into(),
            invite: vec![nurse.me.account], requires: Vec::new() };
        let _: RoomMade = admin.ask(&Command::CreateFree(make)).await.expect("made");
        let draft = draft(room, "だれが読みますか");
        let before = admin.preview(&draft).await.expect("a preview");
        assert_eq!(before.count.staff, 0, "invited is not yet a reader: {:?}", before.readers);
        let _: RoomMade = nurse.ask(&Command::Accept(AcceptRoom { room, takes_part: true })).await.expect("joined");
        let refused = admin.send(&draft, Some(&before.token)).await.expect_err("there is one reader more");
        assert_eq!(refused.code, "confirm_required");
        let after = admin.preview(&draft).await.expect("a preview");
        assert_eq!(after.count.staff, 1);
        admin.send(&draft, Some(&after.token)).await.expect("confirmed anew");
    }
}

promise! {
    async fn the_preview_shows_every_reader_by_office(server: &Server) {
        let physician = server.person("physician").await;
        let rooms = [RoomKind::TimelineStaff, RoomKind::TimelineWithRecipient];
        for kind in rooms {
            let room = patient_room(&physician, &[], kind).await;
            let list: tsumugi_protocol::MemberList =
                physician.ask(&Command::ListMembers(WhichRoom { room: room.id })).await.expect("members");
            let mut members: Vec<_> = list
                .members
                .iter()
                .filter(|member| member.state == tsumugi_protocol::MemberState::Member)
                .filter(|member| member.card.account != physician.me.account)
                .map(|member| (member.card.office.clone(), member.card.account, member.card.name.clone()))
                .collect();
            members.sort();

            let preview = physician.preview(&draft(room.id, "読む人を確かめます")).await.expect("a preview");

            let mut readers: Vec<_> = preview
                .readers
                .iter()
                .flat_map(|group| {
                    group.people.iter().map(|person| (group.office.clone(), person.account, person.name.clone()))
                })
                .collect();
            readers.sort();
            assert_eq!(readers, members, "every member but the author, under her office");
            let offices: Vec<_> = preview.readers.iter().map(|group| (group.kind, &group.office)).collect();
            let mut once = offices.clone();
            once.dedup();
            assert_eq!(offices.len(), once.len(), "each office once: {offices:?}");
            let outside = offices.iter().position(|(kind, _)| *kind == PersonKind::Staff).unwrap_or(offices.len());
            assert!(
                offices[outside..].iter().all(|(kind, _)| *kind == PersonKind::Staff),
                "patient and family come first: {offices:?}"
            );
            let count = preview.count;
            assert_eq!((count.staff + count.family + count.patient) as usize, members.len());
            match kind {
                RoomKind::TimelineWithRecipient => assert!(count.family + count.patient > 0),
                _ => assert_eq!(count.family + count.patient, 0),
            }
        }
    }
}

promise! {
    async fn a_preview_stores_nothing_and_tells_nobody(server: &Server) {
        let group = fresh_group(server, &["physician"]).await;
        let mut hers = group.people[1].link().await;
        let mut rows = crate::harness::Rows::of(server).await;
        for n in 0..5 {
            group.people[0].preview(&draft(group.room, &format!("下書き {n}"))).await.expect("a preview");
        }
        assert_eq!(rows.posts_in(group.room.0).await, 0);
        let sent = draft(group.room, "本当の投稿");
        group.people[0].post(&sent).await.expect("saved");
        hers.posted(sent.post).await;
        assert_eq!(rows.posts_in(group.room.0).await, 1);
        let canary = hers.frames().iter().filter(|frame| frame.contains("下書き")).count();
        assert_eq!(canary, 0);
    }
}

promise! {
    async fn the_confirmation_does_not_care_how_the_text_is_composed(server: &Server) {
        // か + combining voiced mark and が are one text (NFC) for people, and so for the token, whichever was shown.
        let group = fresh_group(server, &["physician"]).await;
        let admin = &group.people[0];
        let (apart, composed) = ("か\u{3099}んは\u{309a}りましょう", "がんぱりましょう");
        for (shown, sent) in [(apart, composed), (composed, apart)] {
            let shown = draft(group.room, shown);
            let token = admin.preview(&shown).await.expect("a preview").token;
            let sent = Draft { text: sent.into(), ..shown };
            admin.send(&sent, Some(&token)).await.expect("the same text was confirmed");
            let stored = admin.history(group.room).await;
            let last = stored.last().expect("a post");
            assert_eq!((last.id, crate::sending::text_of(last)), (sent.post, composed));
        }
    }
}
