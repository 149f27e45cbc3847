//! Frames that arrive one byte at a time, each byte in a TLS record of its own.

use super::attack::{Field, Met};
use crate::client::{Link, Session};
use std::time::Duration;
use tokio::{io::AsyncWriteExt, task::JoinSet, time::sleep};

/// Links of the one account, as many as it may have.
const LINKS: usize = tsumugi_protocol::limits::LINKS_OF_SESSION;
/// Between two bytes.
const PAUSE: Duration = Duration::from_millis(1);
/// Bytes that the frame announces.
const ANNOUNCED: u16 = 60_000;

pub async fn attack(field: Field, met: Met) {
    let mut dripping = JoinSet::new();
    for _ in 0..LINKS {
        let (field, met) = (field.clone(), met.clone());
        dripping.spawn(async move {
            loop {
                drip(&field.address, &field.session, &met).await;
                sleep(Duration::from_millis(100)).await;
            }
        });
    }
    while dripping.join_next().await.is_some() {}
}

async fn drip(address: &crate::client::Address, session: &Session, met: &Met) {
    let Ok(mut link) = address.link(session).await else { return met.count("link refused") };
    met.count("link");
    if write(&mut link, met).await.is_err() {
        met.count("ended by the server");
    }
}

/// A masked text frame with a long announced length, byte by byte.
async fn write(link: &mut Link, met: &Met) -> std::io::Result<()> {
    let stream = link.stream();
    let [high, low] = ANNOUNCED.to_be_bytes();
    stream.write_all(&[0x81, 0x80 | 126, high, low, 0, 0, 0, 0]).await?;
    for _ in 0..ANNOUNCED {
        stream.write_all(b" ").await?;
        stream.flush().await?;
        met.count("byte");
        sleep(PAUSE).await;
    }
    Ok(())
}
