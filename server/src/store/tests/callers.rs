//! Callers that go away, come too many at once, or come after the end.

use std::sync::Arc;
use std::task::Poll;

use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::ground::{Ground, Said, on_both, post, send};
use crate::store::admission::READERS_WAITING;
use crate::store::{StoreFault, Tx};

on_both!(
    dropped_callers_leave_no_half_act,
    an_act_under_way_is_finished_for_nobody,
    a_full_queue_says_so_at_once,
    readers_past_those_that_may_wait_are_refused_at_once,
    closing_finishes_what_is_queued,
);

async fn dropped_callers_leave_no_half_act(ground: &Ground) {
    const CALLERS: i64 = 3_000;
    let mut answered = 0;
    for start in (0..CALLERS).step_by(100) {
        let mut callers = JoinSet::new();
        for id in start..start + 100 {
            let store = ground.store.clone();
            let caller = callers.spawn(async move { send(&store, id % 7, id).await.unwrap() });
            if id % 3 == 0 {
                callers.spawn(async move {
                    for _ in 0..id % 40 {
                        tokio::task::yield_now().await;
                    }
                    caller.abort();
                    0
                });
            }
        }
        while let Some(answer) = callers.join_next().await {
            answered += i64::from(matches!(answer, Ok(position) if position > 0));
        }
    }
    assert!(matches!(send(&ground.store, 8, 1).await, Ok(1)), "the writer is not wedged");
    let posts = ground.count("SELECT count(*) FROM posts WHERE room < 8").await;
    assert!(answered >= CALLERS * 2 / 3 && posts >= answered, "{answered} answered, {posts} stored");
    const HALF: &str = "SELECT count(*) FROM posts p FULL JOIN traces t ON p.room = t.room AND p.id = t.id
        WHERE p.id IS NULL OR t.id IS NULL";
    assert_eq!(ground.count(HALF).await, 0, "a post without its trace, or the other way round");
    for room in 0..7 {
        ground.ids(room).await;
    }
    println!("{answered} of {CALLERS} heard an answer, {posts} posts are stored");
}

async fn an_act_under_way_is_finished_for_nobody(ground: &Ground) {
    for id in 1..=100 {
        let (started, is_started) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (here, there) = (started.clone(), is_started.clone());
        let store = ground.store.clone();
        let mut caller = JoinSet::new();
        caller.spawn(async move {
            let act = store.act(async move |tx| {
                there.notify_one();
                here.notified().await;
                post(tx, 1, id, "text").await
            });
            act.await
        });
        is_started.notified().await;
        caller.abort_all();
        assert!(caller.join_next().await.unwrap().unwrap_err().is_cancelled());
        started.notify_one();
    }
    // Acts run in order: when this one is answered, all before it are done.
    assert!(matches!(send(&ground.store, 1, 101).await, Ok(101)));
    assert_eq!(ground.ids(1).await, (1..=101).collect::<Vec<_>>());
}

async fn a_full_queue_says_so_at_once(ground: &Ground) {
    let store = &ground.store;
    let answers = ground
        .one_batch(join_all((0..5_000).map(|_| store.act(async |_: &mut Tx| Ok::<_, StoreFault>(())))))
        .await;
    let overloaded =
        answers.iter().filter(|answer| matches!(answer, Err(StoreFault::Overloaded { .. }))).count();
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!((done, overloaded), (4_096, 904));
    assert!(matches!(send(store, 1, 1).await, Ok(1)));
}

async fn readers_past_those_that_may_wait_are_refused_at_once(ground: &Ground) {
    const MORE: usize = 100;
    let store = &ground.store;
    let (mut held, mut waiting, mut refused) = (Vec::new(), Vec::new(), 0);
    // Each is asked once: who is let in then waits for a connection, or has one.
    while held.len() + waiting.len() < READERS_WAITING || refused < MORE {
        let mut view = Box::pin(store.view());
        match futures_util::poll!(&mut view) {
            Poll::Ready(Ok(view)) => held.push(view),
            Poll::Ready(Err(fault)) => {
                assert!(matches!(fault, StoreFault::Overloaded { .. }), "{fault:?}");
                refused += 1;
            }
            Poll::Pending => waiting.push(view),
        }
        assert!(waiting.len() <= READERS_WAITING, "no bound");
    }
    assert_eq!((waiting.len(), store.stats().readers_waiting), (READERS_WAITING, READERS_WAITING as u64));
    drop((held, waiting));
    assert_eq!(store.stats().readers_waiting, 0);
    ground.view().await;
}

async fn closing_finishes_what_is_queued(ground: &Ground) {
    let store = ground.reopen().await;
    let (late, early) = (store.clone(), store.clone());
    let sending = join_all((0..600).map(|id| send(&early, 1, id)));
    let (answers, ()) = tokio::join!(biased; sending, store.close());
    assert!(answers.iter().all(Result::is_ok));
    let refused = send(&late, 1, 1_000).await;
    assert!(matches!(refused, Err(Said::Fault(StoreFault::Closed))), "{refused:?}");
    assert_eq!(ground.ids(1).await.len(), 600);
}
