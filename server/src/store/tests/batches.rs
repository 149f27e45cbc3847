//! One batch: what its acts see of each other, and when their answers leave.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{LocalBoxFuture, join_all};

use super::ground::{Ground, HEADS, POSTS, RISING, Said, TRACES, count, on_both, position, post, send};
use crate::store::{StoreFault, Value, batch, on_engine};

on_both!(
    every_answer_leaves_after_the_commit,
    fifty_equal_retries_are_one_post,
    a_refusal_leaves_the_batch_standing,
    announcements_are_in_commit_order,
    an_effect_comes_before_the_acts_of_the_next_batch,
    the_writer_waits_for_whoever_tells_too_slowly,
    queued_rows_are_seen_before_they_are_stored,
    bulk_writes_every_row_once_and_the_newest_wins,
    a_value_that_rises_never_falls,
    an_act_that_flushes_reads_by_sql,
    a_view_is_one_moment,
    memory_follows_the_transaction,
    two_hundred_callers,
);

async fn every_answer_leaves_after_the_commit(ground: &Ground) {
    for round in 0..40 {
        let answers = (0..8).map(|n| async move {
            // The second of each pair is a repeat: its answer rests on a row that is only queued.
            let position = send(&ground.store, round, n / 2).await.unwrap();
            const SQL: &str = "SELECT position FROM posts WHERE room = $1 AND id = $2";
            let mut view = ground.view().await;
            let stored: Option<i64> = on_engine!(view.conn(), c =>
                sqlx::query_scalar(SQL).bind(round).bind(n / 2).fetch_optional(c).await)
            .unwrap();
            assert_eq!(stored, Some(position));
        });
        ground.one_batch(join_all(answers)).await;
    }
    assert!(ground.store.stats().largest_batch >= 8, "{:?}", ground.store.stats());
}

async fn fifty_equal_retries_are_one_post(ground: &Ground) {
    let answers = ground.one_batch(join_all((0..50).map(|_| send(&ground.store, 1, 7)))).await;
    assert!(answers.iter().all(|answer| matches!(answer, Ok(1))), "{answers:?}");
    assert_eq!(ground.ids(1).await, [7]);
    assert_eq!(ground.count("SELECT count(*) FROM traces").await, 1);
    assert_eq!(ground.store.stats().reruns, 0);
}

async fn a_refusal_leaves_the_batch_standing(ground: &Ground) {
    send(&ground.store, 1, 1).await.unwrap();
    let before = ground.store.stats();
    let store = &ground.store;
    let refuse = store.act(async |tx| match position(tx, 1, 1).await? {
        Some(_) => Err::<i64, _>(Said::No),
        None => Ok(0),
    });
    let (first, refused, last) =
        ground.one_batch(async { tokio::join!(biased; send(store, 1, 2), refuse, send(store, 1, 3)) }).await;
    assert!(matches!((first, refused, last), (Ok(2), Err(Said::No), Ok(3))));
    let after = ground.store.stats();
    // What held the batch back stored nothing, so it is no batch of its own.
    assert_eq!((after.reruns - before.reruns, after.batches - before.batches), (0, 1), "{after:?}");
}

async fn announcements_are_in_commit_order(ground: &Ground) {
    let said: Arc<Mutex<Vec<i64>>> = Arc::default();
    let talk = |caller: i64| {
        let said = said.clone();
        async move {
            for n in 0..700 {
                let heard = said.clone();
                let position = ground
                    .store
                    .act(async move |tx| {
                        let position = post(tx, 1, caller * 10_000 + n, "text").await?;
                        let heard = heard.clone();
                        tx.tell(move || heard.lock().unwrap().push(position));
                        Ok::<_, Said>(position)
                    })
                    .await
                    .unwrap();
                let heard = said.lock().unwrap().get(usize::try_from(position).unwrap() - 1).copied();
                assert_eq!(heard, Some(position), "answered before it was announced, or out of order");
            }
        }
    };
    // Callers that do not wait for each other: the batches are many and of all sizes.
    tokio::join!(talk(1), talk(2), talk(3));
    let mut left = 0;
    while ground.store.stats().batches < 2_000 {
        left += 1;
        let heard = said.clone();
        let act = ground.store.act(async move |tx| {
            let position = post(tx, 1, 100_000 + left, "text").await?;
            let heard = heard.clone();
            tx.tell(move || heard.lock().unwrap().push(position));
            Ok::<_, Said>(())
        });
        act.await.unwrap();
    }
    let said = said.lock().unwrap().clone();
    assert!(said.iter().copied().eq(1..=2_100 + left), "announced out of order");
}

async fn an_effect_comes_before_the_acts_of_the_next_batch(ground: &Ground) {
    let done = Arc::new(AtomicBool::new(false));
    let act = |n: i64| {
        let done = done.clone();
        ground.store.act(async move |tx| {
            post(tx, 1, n, "text").await?;
            let (seen, setting) = (done.load(Ordering::SeqCst), done.clone());
            tx.after_commit(move || setting.store(true, Ordering::SeqCst));
            Ok::<_, Said>(seen)
        })
    };
    let more_than_a_batch = i64::try_from(batch::BATCH).unwrap() + 44;
    let acts = join_all((1..=more_than_a_batch).map(act));
    let seen: Vec<bool> = ground.one_batch(acts).await.into_iter().map(Result::unwrap).collect();
    let of_the_first = seen.iter().position(|seen| *seen).expect("an act of the next batch saw it");
    assert!((1..=batch::BATCH).contains(&of_the_first), "{of_the_first}");
    assert!(seen.iter().skip(of_the_first).all(|seen| *seen), "{seen:?}");
}

async fn the_writer_waits_for_whoever_tells_too_slowly(ground: &Ground) {
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let slow = ground.store.act(async move |tx| {
        post(tx, 1, 1, "text").await?;
        let gate = gate.clone();
        tx.tell(move || gate.lock().unwrap().recv().unwrap());
        Ok::<_, Said>(1)
    });
    let before = ground.store.stats().batches;
    let batches = || ground.store.stats().batches - before;
    let mut asked: Vec<LocalBoxFuture<'_, Result<i64, Said>>> = vec![Box::pin(slow)];
    asked.extend((2..10).map(|n| Box::pin(send(&ground.store, 1, n)) as LocalBoxFuture<'_, _>));
    for (n, asked) in (1..).zip(&mut asked) {
        assert!(futures_util::poll!(asked).is_pending());
        let mut patience = 100;
        while batches() < n && patience > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
            patience -= 1;
        }
    }
    // One is being told, two wait for it, and the writer holds the fourth.
    assert!(batches() <= 4, "{} batches were stored, and nobody had heard of the first", batches());
    go.send(()).unwrap();
    let answers = join_all(asked).await;
    assert!(answers.into_iter().map(Result::unwrap).eq(1..10));
}

async fn queued_rows_are_seen_before_they_are_stored(ground: &Ground) {
    let store = &ground.store;
    let write = store.act(async |tx| {
        tx.upsert(&HEADS, vec![5_i64.into(), 1_i64.into()]);
        tx.upsert(&HEADS, vec![5_i64.into(), 2_i64.into()]);
        Ok::<_, Said>(())
    });
    let read = store.act(async |tx| {
        const SQL: &str = "SELECT count(*) FROM heads";
        let pending = tx.pending(&HEADS, &[5_i64.into()]).map(<[Value]>::to_vec);
        let stored: i64 = on_engine!(tx.conn(), c => sqlx::query_scalar(SQL).fetch_one(c).await)?;
        Ok::<_, Said>((pending, stored))
    });
    let (wrote, seen) = ground.one_batch(async { tokio::join!(biased; write, read) }).await;
    wrote.unwrap();
    assert_eq!(seen.unwrap(), (Some(vec![5_i64.into(), 2_i64.into()]), 0));
    let later = store.act(async |tx| Ok::<_, Said>(tx.pending(&HEADS, &[5_i64.into()]).is_none())).await;
    assert!(later.unwrap(), "what is stored is no longer pending");
    assert_eq!(ground.count("SELECT position FROM heads WHERE room = 5").await, 2);
}

async fn a_value_that_rises_never_falls(ground: &Ground) {
    let write = async |positions: &'static [i64]| {
        let act = ground.store.act(async move |tx| {
            positions.iter().for_each(|position| tx.upsert(&RISING, vec![5_i64.into(), (*position).into()]));
            Ok::<_, Said>(())
        });
        act.await.unwrap();
        ground.count("SELECT position FROM heads WHERE room = 5").await
    };
    assert_eq!(write(&[3, 7, 6]).await, 7, "within a batch");
    assert_eq!(write(&[4]).await, 7, "in a later one");
    assert_eq!(write(&[8]).await, 8);
}

async fn bulk_writes_every_row_once_and_the_newest_wins(ground: &Ground) {
    for rows in [1_i64, 3, 4, 5, 16, 63, 64, 85, 171] {
        ground
            .store
            .act(async move |tx| {
                for n in 0..rows {
                    tx.upsert(&HEADS, vec![n.into(), rows.into()]);
                    tx.upsert(&HEADS, vec![n.into(), (rows + n).into()]);
                    tx.insert(&TRACES, vec![rows.into(), n.into()]);
                }
                Ok::<_, Said>(())
            })
            .await
            .unwrap();
        let mut view = ground.view().await;
        const TRACES_OF: &str = "SELECT count(DISTINCT id) FROM traces WHERE room = $1";
        let traces: i64 =
            on_engine!(view.conn(), c => sqlx::query_scalar(TRACES_OF).bind(rows).fetch_one(c).await)
                .unwrap();
        assert_eq!(traces, rows);
        const HEADS_OF: &str = "SELECT count(*) FROM heads WHERE room < $1 AND position = $1 + room";
        let heads: i64 =
            on_engine!(view.conn(), c => sqlx::query_scalar(HEADS_OF).bind(rows).fetch_one(c).await).unwrap();
        assert_eq!(heads, rows);
    }
}

async fn an_act_that_flushes_reads_by_sql(ground: &Ground) {
    let store = &ground.store;
    let flush = store.act(async |tx| {
        const SQL: &str = "SELECT count(*) FROM posts WHERE room = 1";
        tx.flush().await?;
        Ok::<i64, Said>(on_engine!(tx.conn(), c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
    });
    let (_, seen, _, last) = ground
        .one_batch(async {
            tokio::join!(biased; send(store, 1, 1), flush, send(store, 1, 2), send(store, 1, 1))
        })
        .await;
    assert_eq!((seen.unwrap(), last.unwrap()), (1, 1));
    assert_eq!(ground.ids(1).await, [1, 2]);
    assert_eq!(store.stats().reruns, 0);
}

async fn a_view_is_one_moment(ground: &Ground) {
    const POSTS: &str = "SELECT count(*) FROM posts";
    send(&ground.store, 1, 1).await.unwrap();
    let mut view = ground.view().await;
    assert_eq!(count(&mut view, POSTS).await, 1);
    send(&ground.store, 1, 2).await.unwrap();
    assert_eq!(count(&mut view, POSTS).await, 1);
    assert_eq!(ground.count(POSTS).await, 2);
    let write = on_engine!(view.conn(), c => sqlx::query("DELETE FROM traces").execute(c).await.map(|_| ()));
    assert!(write.is_err(), "a view cannot write");
}

async fn memory_follows_the_transaction(ground: &Ground) {
    struct Known(i64);
    let learn = async |value: i64| {
        ground
            .store
            .act(async move |tx| {
                let before = tx.memory::<Known>().as_ref().map(|known| known.0);
                *tx.memory() = Some(Known(value));
                tx.insert(&TRACES, vec![value.into(), value.into()]);
                if value < 0 { Err(Said::No) } else { Ok(before) }
            })
            .await
    };
    assert!(matches!(learn(1).await, Ok(None)));
    assert!(matches!(learn(2).await, Ok(Some(1))));
    assert!(matches!(learn(-1).await, Err(Said::No)));
    assert!(matches!(learn(3).await, Ok(None)), "what a batch that failed left in memory is gone");
    assert!(matches!(learn(4).await, Ok(Some(3))));
    assert_eq!(ground.count("SELECT count(*) FROM traces").await, 4);
}

async fn two_hundred_callers(ground: &Ground) {
    const EACH: i64 = 50;
    #[expect(clippy::disallowed_methods, reason = "a figure to print")]
    let start = std::time::Instant::now();
    let talk = |caller: i64| async move {
        for n in 0..EACH {
            let answer =
                ground.store.act(async move |tx| post(tx, caller, n, "two hundred bytes or so").await);
            answer.await.unwrap();
        }
    };
    join_all((0..200).map(talk)).await;
    let took = start.elapsed();
    let stats = ground.store.stats();
    println!(
        "{}: {:.0} acts/s by 200 callers, {} batches, mean commit {} µs, longest {} µs",
        if ground.is_sqlite() { "SQLite" } else { "PostgreSQL" },
        200.0 * EACH as f64 / took.as_secs_f64(),
        stats.batches,
        stats.commit_micros / stats.batches,
        stats.longest_commit_micros
    );
    assert_eq!(ground.count("SELECT count(*) FROM posts").await, 200 * EACH);
    let unknown = ground.store.act(async |tx| Ok::<_, StoreFault>(tx.pending(&POSTS, &[]).is_none())).await;
    assert!(unknown.unwrap());
}
