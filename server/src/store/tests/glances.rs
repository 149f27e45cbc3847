//! Looks at a few rows by key: one moment, nothing written, and somebody else where none is free.

use super::ground::{Ground, Said, on_both, post, send};
use crate::live::Wakes;
use crate::store::{Cells, Kind, Tx, View};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};

on_both!(
    a_glance_is_one_moment_and_the_next_one_sees_more,
    glances_past_those_there_are_read_all_the_same,
    a_glance_writes_nothing,
    sleepers_are_woken_after_the_callers_were_answered,
    sleepers_of_an_effect_that_panics_are_woken_too,
);

async fn count(view: &mut View) -> i64 {
    let sql = "SELECT count(*) FROM posts WHERE room = $1";
    let rows = view.conn().rows("counting", sql, vec![7.into()], &[Kind::Int], Cells::int).await;
    rows.expect("a count").pop().expect("a row")
}

async fn a_glance_is_one_moment_and_the_next_one_sees_more(ground: &Ground) {
    send(&ground.store, 7, 1).await.expect("stored");
    let mut early = ground.store.glance().await.expect("a glance");
    assert_eq!(count(&mut early).await, 1);
    send(&ground.store, 7, 2).await.expect("stored");
    assert_eq!(count(&mut early).await, 1, "what it sees does not change");
    drop(early);
    for _ in 0..20 {
        assert_eq!(count(&mut ground.store.glance().await.expect("a glance")).await, 2);
    }
}

async fn glances_past_those_there_are_read_all_the_same(ground: &Ground) {
    send(&ground.store, 7, 1).await.expect("stored");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut held = Vec::new();
    for _ in 0..cores.min(8) + 2 {
        let mut view = ground.store.glance().await.expect("a glance, or a reader in its place");
        assert_eq!(count(&mut view).await, 1);
        held.push(view);
    }
}

async fn a_glance_writes_nothing(ground: &Ground) {
    send(&ground.store, 7, 1).await.expect("stored");
    let mut view = ground.store.glance().await.expect("a glance");
    let sql = "DELETE FROM posts WHERE room = $1 RETURNING position";
    let wiped = view.conn().rows("wiping", sql, vec![7.into()], &[Kind::Int], Cells::int).await;
    assert!(wiped.is_err());
    drop(view);
    assert_eq!(count(&mut ground.store.glance().await.expect("a glance")).await, 1);
}

/// Notes how many were answered when it was woken.
struct Sleeper {
    answered: Arc<AtomicUsize>,
    seen: Mutex<Vec<usize>>,
}

impl Sleeper {
    fn new() -> Arc<Self> {
        Arc::new(Self { answered: Arc::default(), seen: Mutex::default() })
    }
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.seen.lock().unwrap().push(self.answered.load(Ordering::SeqCst));
    }
}

/// Counts when the answer is handed over: it is made by then, and given away with its caller's value.
struct Answer(Arc<AtomicUsize>);

impl Drop for Answer {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

async fn sleepers_are_woken_after_the_callers_were_answered(ground: &Ground) {
    let sleeper = Sleeper::new();
    let (waking, answered) = (sleeper.clone(), sleeper.answered.clone());
    let caller = ground.store.act(async move |tx: &mut Tx| -> Result<Answer, Said> {
        post(tx, 7, 1, "text").await?;
        let waker = Waker::from(waking.clone());
        tx.tell(move || Wakes::from_iter([waker]));
        Ok(Answer(answered.clone()))
    });
    // Nobody is there to take the answer when it is given, so that whoever gives it drops it.
    let mut caller = Box::pin(caller);
    let asking = async move {
        assert!(futures_util::poll!(&mut caller).is_pending());
    };
    ground.one_batch(asking).await;
    // The first may share the batch; the callers of the next one are answered after the sleepers of this one were woken.
    assert!(matches!(send(&ground.store, 7, 2).await, Ok(2)));
    assert!(matches!(send(&ground.store, 7, 3).await, Ok(3)));
    assert_eq!(*sleeper.seen.lock().unwrap(), [1]);
}

async fn sleepers_of_an_effect_that_panics_are_woken_too(ground: &Ground) {
    let sleeper = Sleeper::new();
    let waking = sleeper.clone();
    let done: Result<(), Said> = ground
        .store
        .act(async move |tx: &mut Tx| {
            post(tx, 7, 1, "text").await?;
            let waker = Waker::from(waking.clone());
            tx.tell(move || -> Wakes {
                let _wakes = Wakes::from_iter([waker]);
                panic!("an effect of a story");
            });
            Ok(())
        })
        .await;
    assert!(done.is_ok(), "what is stored is stored: {done:?}");
    assert_eq!(sleeper.seen.lock().unwrap().len(), 1);
    assert!(matches!(send(&ground.store, 7, 2).await, Ok(2)), "the writer goes on");
}
