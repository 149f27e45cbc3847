//! Who hears which room on the floor. One task knows; everything it is told comes in commit order.

use super::wire::Say;
use bytes::Bytes;
use std::collections::HashMap;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

/// What the task is told.
pub enum News {
    /// A link hears these rooms from now on.
    Joined {
        /// Its number.
        link: u64,
        /// Numbers of rooms.
        rooms: Vec<u32>,
        /// What goes out on it.
        queue: UnboundedSender<Bytes>,
    },
    /// A link is gone.
    Left(u64),
    /// These are on the disk, in this order.
    Committed(Vec<Committed>),
}

/// A post that is on the disk.
pub struct Committed {
    /// The link it came by.
    pub link: u64,
    /// Number of the author.
    pub author: u32,
    /// Number of the room.
    pub room: u32,
    /// Its id.
    pub id: u128,
    /// Its place.
    pub position: i64,
    /// What it says.
    pub body: Bytes,
}

/// Hands every committed post to everybody in its room, and its author the acknowledgement.
pub async fn announce(mut news: UnboundedReceiver<News>) {
    let mut rooms: HashMap<u32, Vec<(u64, UnboundedSender<Bytes>)>> = HashMap::new();
    let mut links: HashMap<u64, UnboundedSender<Bytes>> = HashMap::new();
    while let Some(news) = news.recv().await {
        match news {
            News::Joined { link, rooms: heard, queue } => {
                for room in heard {
                    rooms.entry(room).or_default().push((link, queue.clone()));
                }
                links.insert(link, queue);
            }
            News::Left(link) => {
                links.remove(&link);
                rooms.values_mut().for_each(|room| room.retain(|(other, _)| *other != link));
            }
            News::Committed(posts) => {
                for Committed { link, author, room, id, position, body } in posts {
                    let saved = Say::Saved { id, position }.write();
                    // A queue whose link has just gone is dropped with `Left`.
                    links.get(&link).map(|queue| queue.send(saved).ok());
                    let frame = Say::Posted { room, id, position, author, body }.write();
                    for (_, queue) in rooms.get(&room).into_iter().flatten() {
                        queue.send(frame.clone()).ok();
                    }
                }
            }
        }
    }
}
