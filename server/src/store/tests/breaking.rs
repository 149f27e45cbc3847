//! Something in a batch breaks: it alone fails, and nothing of it is stored.

use super::ground::{Ground, HEADS, POSTS, Said, TRACES, on_both, post, send};
use crate::store::{Broken, StoreFault, Tx, Value, on_engine};

on_both!(
    a_refusal_after_queueing_fails_alone,
    a_refusal_after_writing_fails_alone,
    a_broken_statement_fails_alone,
    a_swallowed_failure_is_never_acknowledged,
    a_panic_fails_alone,
    a_wrong_row_is_refused,
    constraints_are_named_alike,
    a_failed_flush_is_not_announced,
);

/// Queues `odd` between two posts as one batch; both posts must be stored, in order, whatever becomes of it.
async fn between_two_posts<T, F>(ground: &Ground, odd: F) -> Result<T, Said>
where
    T: Send + 'static,
    F: AsyncFn(&mut Tx) -> Result<T, Said> + Send + 'static,
{
    let store = &ground.store;
    send(store, 1, 1).await.unwrap();
    let before = store.stats().reruns;
    let (first, odd, last) = ground
        .one_batch(async { tokio::join!(biased; send(store, 1, 2), store.act(odd), send(store, 1, 3)) })
        .await;
    assert!(matches!((&first, &last), (Ok(2), Ok(3))), "{first:?} {last:?}");
    assert_eq!(ground.ids(1).await, [1, 2, 3]);
    assert_eq!(store.stats().reruns - before, 3, "the batch ran again one by one");
    assert!(matches!(send(store, 1, 4).await, Ok(4)), "the writer goes on");
    odd
}

async fn a_refusal_after_queueing_fails_alone(ground: &Ground) {
    let odd = between_two_posts(ground, async |tx| {
        post(tx, 1, 99, "text").await?;
        Err::<(), _>(Said::No)
    });
    assert!(matches!(odd.await, Err(Said::No)));
    assert_eq!(ground.count("SELECT count(*) FROM traces WHERE id = 99").await, 0);
}

async fn a_refusal_after_writing_fails_alone(ground: &Ground) {
    let odd = between_two_posts(ground, async |tx| {
        const SQL: &str = "INSERT INTO traces (room, id) VALUES (1, 99)";
        on_engine!(tx.conn(), c => sqlx::query(SQL).execute(c).await.map(|_| ()))?;
        Err::<(), _>(Said::No)
    });
    assert!(matches!(odd.await, Err(Said::No)));
    assert_eq!(ground.count("SELECT count(*) FROM traces WHERE id = 99").await, 0);
}

async fn a_broken_statement_fails_alone(ground: &Ground) {
    // A row in bulk that is there already: the whole statement of the batch fails with it.
    let odd = between_two_posts(ground, async |tx| {
        tx.insert(&POSTS, vec![1_i64.into(), 1_i64.into(), 50_i64.into(), "text".into()]);
        tx.insert(&TRACES, vec![1_i64.into(), 99_i64.into()]);
        Ok(())
    });
    let said = odd.await.unwrap_err();
    assert!(said.fault().is_duplicate("posts", &["room", "id"]), "{said:?}");
    assert_eq!(ground.count("SELECT count(*) FROM traces WHERE id = 99").await, 0);
}

async fn a_swallowed_failure_is_never_acknowledged(ground: &Ground) {
    let odd = between_two_posts(ground, async |tx| {
        const BROKEN: &str = "INSERT INTO posts (room, id, position, body) VALUES (1, 1, 77, '')";
        const NEXT: &str = "INSERT INTO traces (room, id) VALUES (1, 99)";
        let broken = on_engine!(tx.conn(), c => sqlx::query(BROKEN).execute(c).await.map(|_| ()));
        assert!(broken.is_err());
        let next = on_engine!(tx.conn(), c => sqlx::query(NEXT).execute(c).await.map(|_| ()));
        assert!(next.is_err(), "after a failed statement nothing more runs");
        Ok(())
    });
    let said = odd.await.unwrap_err();
    assert!(matches!(said.fault(), StoreFault::Misused(_)), "{said:?}");
    assert_eq!(ground.count("SELECT count(*) FROM traces WHERE id = 99").await, 0);
}

async fn a_panic_fails_alone(ground: &Ground) {
    let odd = between_two_posts(ground, async |tx| {
        post(tx, 1, 99, "text").await?;
        if tx.pending(&POSTS, &[1_i64.into(), 99_i64.into()]).is_some() {
            panic!("as the story wants");
        }
        Ok(())
    });
    assert!(matches!(odd.await.unwrap_err().fault(), StoreFault::Panicked));
}

async fn a_wrong_row_is_refused(ground: &Ground) {
    for odd in [vec![1_i64.into()], vec![1_i64.into(), 1_i64.into(), 1_i64.into()]] {
        let odd = ground.store.act(async move |tx| {
            tx.upsert(&HEADS, odd.clone());
            Ok::<_, Said>(())
        });
        assert!(matches!(odd.await.unwrap_err().fault(), StoreFault::Misused(_)));
    }
    let hidden = ground.store.act(async |tx| {
        tx.upsert(&HEADS, vec![1_i64.into(), 1_i64.into()]);
        tx.insert(&HEADS, vec![1_i64.into(), 2_i64.into()]);
        Ok::<_, Said>(())
    });
    assert!(matches!(hidden.await.unwrap_err().fault(), StoreFault::Misused(_)));
    let keyless = ground.store.act(async |tx| {
        tx.upsert(&TRACES, vec![1_i64.into(), 1_i64.into()]);
        Ok::<_, Said>(())
    });
    assert!(matches!(keyless.await.unwrap_err().fault(), StoreFault::Misused(_)));
    assert_eq!(ground.count("SELECT count(*) FROM heads").await, 0);
}

async fn constraints_are_named_alike(ground: &Ground) {
    send(&ground.store, 1, 1).await.unwrap();
    let broken = async |row: Vec<Value>| {
        let row = move |tx: &mut Tx| tx.insert(&POSTS, row.clone());
        let act = ground.store.act(async move |tx| {
            row(tx);
            Ok::<(), StoreFault>(())
        });
        act.await.unwrap_err().broken()
    };
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let unique =
        |columns: &[&str]| Some(Broken::Unique { table: "posts".to_owned(), columns: names(columns) });
    let text = || Value::from("text");
    assert_eq!(broken(vec![1.into(), 1.into(), 9.into(), text()]).await, unique(&["room", "id"]));
    assert_eq!(broken(vec![1.into(), 9.into(), 1.into(), text()]).await, unique(&["room", "position"]));
    assert_eq!(broken(vec![7.into(), 1.into(), 1.into(), text()]).await, Some(Broken::Reference));
    let missing = Some(Broken::Missing { table: "posts".to_owned(), column: "body".to_owned() });
    assert_eq!(broken(vec![1.into(), 9.into(), 9.into(), Value::Text(None)]).await, missing);
    let check = Some(Broken::Check { name: "posts_position_counts".to_owned() });
    assert_eq!(broken(vec![1.into(), 9.into(), 0.into(), text()]).await, check);
}

async fn a_failed_flush_is_not_announced(ground: &Ground) {
    send(&ground.store, 1, 1).await.unwrap();
    let (say, said) = std::sync::mpsc::channel();
    let act = ground.store.act(async move |tx| {
        let say = say.clone();
        tx.after_commit(move || say.send(()).unwrap());
        tx.insert(&POSTS, vec![1.into(), 1.into(), 9.into(), "text".into()]);
        Ok::<(), StoreFault>(())
    });
    assert!(act.await.is_err());
    assert!(said.try_recv().is_err());
}
