//! One author in every room who posts once a second over HTTP, whatever happens to the server, and keeps what was acknowledged.

use crate::{
    client::{Address, Session},
    scenario::post,
    script::{self, Ids},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinSet, time::sleep};
use tsumugi_protocol::{Change, PostId, RoomId, Sent};

/// Between two posts of a room, and between two tries of one post.
const PAUSE: Duration = Duration::from_secs(1);
const AGAIN: Duration = Duration::from_millis(200);

/// Posts by the change they made.
pub type Posts = Vec<(Change, PostId)>;
/// What was acknowledged in each room.
pub type Acknowledged = Arc<HashMap<RoomId, Posts>>;

/// They write until they are stopped.
pub struct Authors {
    writing: JoinSet<anyhow::Result<(RoomId, Posts)>>,
    stop: watch::Sender<bool>,
}

impl Authors {
    /// One of each room begins.
    pub fn start(address: &Address, who: &[(Session, RoomId)]) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut writing = JoinSet::new();
        let ids = Ids::new();
        for (place, (session, room)) in who.iter().enumerate() {
            let author = Author { address: address.clone(), session: session.clone(), room: *room, ids };
            writing.spawn(author.write(place as u64, stopped.clone()));
        }
        Self { writing, stop }
    }

    /// They stop after the post at hand; what was acknowledged.
    pub async fn stop(mut self) -> anyhow::Result<Acknowledged> {
        self.stop.send_replace(true);
        let mut all = HashMap::new();
        while let Some(room) = self.writing.join_next().await {
            let (room, posts) = room??;
            all.insert(room, posts);
        }
        Ok(Arc::new(all))
    }
}

struct Author {
    address: Address,
    session: Session,
    room: RoomId,
    ids: Ids,
}

impl Author {
    async fn write(self, place: u64, mut stopped: watch::Receiver<bool>) -> anyhow::Result<(RoomId, Posts)> {
        let mut acknowledged = Vec::new();
        for turn in 0.. {
            let number = place << 32 | turn;
            let change = self.post_until_acknowledged(number).await?;
            acknowledged.push((change, self.ids.id(number)));
            let is_over = tokio::time::timeout(PAUSE, stopped.wait_for(|stop| *stop)).await;
            if is_over.is_ok() {
                break;
            }
        }
        Ok((self.room, acknowledged))
    }

    /// The same post again and again: it is stored once.
    async fn post_until_acknowledged(&self, number: u64) -> anyhow::Result<Change> {
        let command = post(self.room, self.ids.id(number), script::text(number));
        for _ in 0..600 {
            match self.address.ask::<Sent>(Some(&self.session), &command).await {
                Ok(Ok(Sent::Saved { change, .. })) => return Ok(change),
                Ok(Err(refused)) => {
                    let wait = refused.retry_after_ms;
                    let wait =
                        wait.ok_or_else(|| anyhow::anyhow!("an author was refused: {}", refused.code))?;
                    sleep(Duration::from_millis(wait)).await;
                }
                // The server is away.
                Err(_) => sleep(AGAIN).await,
            }
        }
        anyhow::bail!("a post was not acknowledged in {:?}", AGAIN * 600)
    }
}
