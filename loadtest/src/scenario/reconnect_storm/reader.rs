//! A client that loses its link, comes back by the protocol's rules, and keeps account of what it was told.

use super::{
    Cut,
    authors::{Acknowledged, Posts},
};
use crate::{
    checker::Faults,
    client::{Address, Link, Session},
    frame::Frame,
    scenario::since,
};
use anyhow::Context;
use std::{
    collections::HashSet,
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tsumugi_protocol::{Change, Event, Known, PostId, RoomId};

/// Between two tries to come back.
const AGAIN: Duration = Duration::from_millis(250);
/// Who is not back by then never comes.
const PATIENCE: Duration = Duration::from_mins(2);
/// After the last post: what is still under way arrives in this time.
const REST: Duration = Duration::from_secs(10);

/// Somebody on line in one room.
pub struct Reader {
    session: Session,
    room: RoomId,
    known: Change,
    link: Link,
}

/// Somebody who is back.
pub struct Back {
    /// When she knew everything.
    pub at: Instant,
    /// How often she tried.
    pub tries: u64,
    /// What must not happen.
    pub faults: Faults,
    reader: Reader,
    told: Posts,
}

/// One reader of each room.
pub fn one_of_each_room(readers: &[Reader]) -> Vec<(Session, RoomId)> {
    let mut seen = HashSet::new();
    let first = readers.iter().filter(|reader| seen.insert(reader.room));
    first.map(|reader| (reader.session.clone(), reader.room)).collect()
}

/// Waits until everybody who listens for the word has come back: she then drops her end.
pub async fn all_back(own: watch::Receiver<bool>, word: &watch::Sender<bool>) {
    drop(own);
    word.closed().await;
}

impl Reader {
    /// Comes on line for the first time.
    pub async fn come(address: &Address, session: &Session) -> anyhow::Result<Self> {
        let mut link = address.link(session).await?;
        let card = link.rooms().await?.into_iter().next().context("somebody is in no room")?;
        Ok(Self { session: session.clone(), room: card.id, known: card.change, link })
    }

    /// Loses the link, comes back, catches up, and listens until everything that was posted must have arrived.
    pub async fn ride(
        mut self,
        how: Cut,
        address: Address,
        mut gone: watch::Receiver<bool>,
        mut finished: watch::Receiver<Option<Acknowledged>>,
    ) -> anyhow::Result<Back> {
        let mut told = Vec::new();
        match how {
            Cut::Lines => {
                let Self { session, room, known, link } = self;
                drop(link);
                gone.wait_for(|go| *go).await?;
                return Self::back(session, room, known, told, address, gone, &mut finished).await;
            }
            Cut::Restart => {
                let wait = self.hear_out(&mut told).await;
                sleep(wait).await;
            }
        }
        Self::back(self.session, self.room, self.known, told, address, gone, &mut finished).await
    }

    /// Hears the link to its end; how long to stay away.
    async fn hear_out(&mut self, told: &mut Posts) -> Duration {
        loop {
            match self.link.hear_or_closed().await {
                Ok(Frame::Event(event)) => self.known = note(*event, self.known, told),
                Ok(_) => {}
                Err(closed) => return closed.wait,
            }
        }
    }

    async fn back(
        session: Session,
        room: RoomId,
        known: Change,
        mut told: Posts,
        address: Address,
        gone: watch::Receiver<bool>,
        finished: &mut watch::Receiver<Option<Acknowledged>>,
    ) -> anyhow::Result<Back> {
        let (link, tries) = come_back(&address, &session, room, known).await?;
        let mut reader = Self { session, room, known, link };
        reader.ask_since(&mut told).await?;
        let at = Instant::now();
        drop(gone);
        let faults = reader.listen_to_the_end(&mut told, finished).await?;
        Ok(Back { at, tries, faults, reader, told })
    }

    /// Asks for what was missed, then takes the events that came meanwhile.
    async fn ask_since(&mut self, told: &mut Posts) -> anyhow::Result<()> {
        let (posts, upto) = since::catch_up(&mut self.link, self.room, self.known).await?;
        told.extend(posts.iter().map(|post| (post.change, post.id)));
        self.known = upto;
        for event in std::mem::take(&mut self.link.heard) {
            self.known = note(event, self.known, told);
        }
        Ok(())
    }

    async fn listen_to_the_end(
        &mut self,
        told: &mut Posts,
        finished: &mut watch::Receiver<Option<Acknowledged>>,
    ) -> anyhow::Result<Faults> {
        let owed = loop {
            tokio::select! {
                frame = self.link.hear() => if let Frame::Event(event) = frame? {
                    self.known = note(*event, self.known, told);
                },
                all = finished.wait_for(Option::is_some) => {
                    let all = all?.clone().context("nothing was said")?;
                    break all.get(&self.room).cloned().unwrap_or_default();
                }
            }
        };
        let end = owed.last().map_or(self.known, |(change, _)| *change);
        let rest = async {
            while self.known < end {
                if let Frame::Event(event) = self.link.hear().await? {
                    self.known = note(*event, self.known, told);
                }
            }
            anyhow::Ok(())
        };
        if let Ok(ended) = timeout(REST, rest).await {
            ended?;
        }
        Ok(judge(&owed, told))
    }
}

impl Back {
    /// How many posts she was told since she was cut off.
    pub fn told(&self) -> u64 {
        self.told.len() as u64
    }

    /// She goes on reading.
    pub fn into_reader(self) -> Reader {
        self.reader
    }
}

async fn come_back(
    address: &Address,
    session: &Session,
    room: RoomId,
    change: Change,
) -> anyhow::Result<(Link, u64)> {
    let (began, mut tries) = (Instant::now(), 0);
    loop {
        tries += 1;
        match address.link_knowing(session, vec![Known { room, change }]).await {
            Ok(link) => return Ok((link, tries)),
            Err(error) if began.elapsed() > PATIENCE => return Err(error),
            Err(_) => sleep(AGAIN).await,
        }
    }
}

/// Takes an event as clients do: what is known already is passed over, everything else is kept as it came.
fn note(event: Event, known: Change, told: &mut Posts) -> Change {
    match event {
        Event::Posted { change, post } if change > known => {
            told.push((change, post.id));
            change
        }
        _ => known,
    }
}

/// What was acknowledged against what was told.
fn judge(owed: &[(Change, PostId)], told: &[(Change, PostId)]) -> Faults {
    let once: HashSet<_> = told.iter().collect();
    let promised: HashSet<_> = owed.iter().collect();
    let in_order = told.iter().zip(told.iter().skip(1)).filter(|(one, next)| one.0 > next.0).count();
    Faults {
        lost: promised.difference(&once).count() as u64,
        duplicated: (told.len() - once.len()) as u64,
        invented: once.difference(&promised).count() as u64,
        reordered: in_order as u64,
        ..Faults::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Ids;

    #[test]
    fn what_is_missing_twice_told_and_out_of_order_is_counted() {
        let ids = Ids::new();
        let post = |n: i64| (Change(n), ids.id(n.unsigned_abs()));
        let owed = [post(1), post(2), post(3)];
        assert_eq!(judge(&owed, &owed), Faults::default());
        let faults = judge(&owed, &[post(3), post(1), post(1), post(9)]);
        assert_eq!((faults.lost, faults.duplicated, faults.reordered, faults.invented), (1, 1, 1, 1));
    }
}
