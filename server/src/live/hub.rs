//! Which links hear which room. Events arrive here after their commit, in commit order.

use super::link::{Ended, Link};
use super::outbox::Frame;
use super::wakes::Wakes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tsumugi_protocol::{AccountId, Change, Receipt, RoomId, SessionId, limits};

/// An encoded event on its way to a room.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The room.
    pub room: RoomId,
    /// The change it is about; the next one of its room.
    pub change: Change,
    /// The event, encoded once.
    pub frame: Frame,
}

/// Everybody who is listening.
#[derive(Default)]
pub struct Hub(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    rooms: HashMap<RoomId, Line>,
    accounts: HashMap<AccountId, Vec<Arc<Link>>>,
    closed: bool,
}

/// The links that hear one room, and the newest change they were told.
#[derive(Default)]
struct Line {
    last: Option<Change>,
    links: Vec<Arc<Link>>,
}

impl Hub {
    /// Lets a new link hear its rooms. Call it in the order of the commits: by `Tx::tell`.
    pub fn enter(&self, link: &Arc<Link>, rooms: impl IntoIterator<Item = RoomId>) {
        let mut inner = self.inner();
        if inner.closed {
            link.end(Ended::GoingAway);
            return;
        }
        let links = inner.accounts.entry(link.account).or_default();
        // Those that are to go but have not gone yet no longer count.
        let mut of_session = links.iter().filter(|other| other.session == link.session && !other.is_ended());
        if of_session.clone().count() >= limits::LINKS_OF_SESSION
            && let Some(oldest) = of_session.next()
        {
            oldest.end(Ended::Displaced);
        }
        links.push(link.clone());
        for room in rooms {
            inner.hear(room, link);
        }
    }

    /// Forgets a link.
    pub fn leave(&self, link: &Arc<Link>) {
        let mut inner = self.inner();
        let heard = std::mem::take(&mut *link.rooms.lock().unwrap_or_else(PoisonError::into_inner));
        for room in heard {
            inner.strike(room, link);
        }
        if let Some(links) = inner.accounts.get_mut(&link.account) {
            links.retain(|other| !Arc::ptr_eq(other, link));
            if links.is_empty() {
                inner.accounts.remove(&link.account);
            }
        }
    }

    /// Lets all links of a person hear a room from now on.
    pub fn join(&self, room: RoomId, account: AccountId) {
        let mut inner = self.inner();
        for link in inner.accounts.get(&account).cloned().unwrap_or_default() {
            inner.hear(room, &link);
        }
    }

    /// No link of a person hears a room from now on.
    pub fn part(&self, room: RoomId, account: AccountId) {
        let mut inner = self.inner();
        for link in inner.accounts.get(&account).cloned().unwrap_or_default() {
            inner.unhear(room, &link);
        }
    }

    /// Tells a room. A gap in its changes means that something went by unheard: its links are told `behind`.
    ///
    /// The links that sleep are woken when what this returns is dropped, so that an author's answer can come into her outbox
    /// first and leave with the event in one write.
    #[tracing::instrument(level = "trace", skip_all)]
    pub fn announce(&self, announcement: &Announcement) -> Wakes {
        let mut inner = self.inner();
        let Some(line) = inner.rooms.get_mut(&announcement.room) else { return Wakes::default() };
        let follows = line.last.is_none_or(|last| last.next() == announcement.change);
        line.last = Some(announcement.change);
        let mut wakes = Wakes::with_capacity(line.links.len());
        for link in &line.links {
            wakes.extend(if follows {
                link.outbox.push(announcement.frame.clone(), limits::OUTBOX_BYTES)
            } else {
                link.outbox.fall_behind()
            });
        }
        if !follows {
            tracing::error!(room = %announcement.room, change = announcement.change.0, "an event is out of order");
        }
        wakes
    }

    /// Changes of a room went by that nobody was told of one by one: its links are told `behind`.
    pub fn skip(&self, room: RoomId, change: Change) -> Wakes {
        let mut inner = self.inner();
        let Some(line) = inner.rooms.get_mut(&room) else { return Wakes::default() };
        line.last = Some(change);
        line.links.iter().filter_map(|link| link.outbox.fall_behind()).collect()
    }

    /// Tells the links of a person, except one.
    pub fn tell(&self, account: AccountId, except: Option<&Arc<Link>>, frame: &Frame) -> Wakes {
        let inner = self.inner();
        let links = inner.accounts.get(&account).into_iter().flatten();
        let others = links.filter(|link| !except.is_some_and(|except| Arc::ptr_eq(except, link)));
        others.filter_map(|link| link.outbox.push(frame.clone(), limits::OUTBOX_BYTES)).collect()
    }

    /// Tells those who have the room on screen how far others have read.
    pub fn receipts(
        &self,
        room: RoomId,
        receipts: &[Receipt],
        encode: impl FnOnce(&[Receipt]) -> Frame,
    ) -> Wakes {
        let inner = self.inner();
        let Some(line) = inner.rooms.get(&room) else { return Wakes::default() };
        let mut watching = line.links.iter().filter(|link| link.on_screen() == Some(room)).peekable();
        if watching.peek().is_none() {
            return Wakes::default();
        }
        let frame = encode(receipts);
        watching.filter_map(|link| link.outbox.push(frame.clone(), limits::OUTBOX_BYTES)).collect()
    }

    /// Ends every link of a session.
    pub fn cut(&self, account: AccountId, session: SessionId) {
        for link in self.inner().accounts.get(&account).into_iter().flatten() {
            if link.session == session {
                link.end(Ended::SignedOut);
            }
        }
    }

    /// Ends the links of those sessions of an account.
    pub fn cut_those(&self, account: AccountId, which: impl Fn(SessionId) -> bool, why: Ended) {
        for link in self.inner().accounts.get(&account).into_iter().flatten() {
            if which(link.session) {
                link.end(why);
            }
        }
    }

    /// Ends all links, and every one that comes later.
    pub fn close(&self) {
        let mut inner = self.inner();
        inner.closed = true;
        for link in inner.accounts.values().flatten() {
            link.end(Ended::GoingAway);
        }
    }

    /// How many links are open.
    #[must_use]
    pub fn links(&self) -> usize {
        self.inner().accounts.values().map(Vec::len).sum()
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn hear(&mut self, room: RoomId, link: &Arc<Link>) {
        if link.rooms.lock().unwrap_or_else(PoisonError::into_inner).insert(room) {
            self.rooms.entry(room).or_default().links.push(link.clone());
        }
    }

    fn unhear(&mut self, room: RoomId, link: &Arc<Link>) {
        if link.rooms.lock().unwrap_or_else(PoisonError::into_inner).remove(&room) {
            self.strike(room, link);
        }
    }

    fn strike(&mut self, room: RoomId, link: &Arc<Link>) {
        if let Some(line) = self.rooms.get_mut(&room) {
            line.links.retain(|other| !Arc::ptr_eq(other, link));
            if line.links.is_empty() {
                self.rooms.remove(&room);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn link(n: u128) -> Arc<Link> {
        Arc::new(Link::new(AccountId(Uuid::from_u128(n)), SessionId(Uuid::from_u128(n))))
    }

    fn said(room: RoomId, change: i64) -> Announcement {
        Announcement { room, change: Change(change), frame: format!("{change}").into() }
    }

    #[tokio::test]
    async fn only_the_links_of_a_room_hear_it_and_in_order() {
        let (hub, room) = (Hub::default(), RoomId(Uuid::from_u128(9)));
        let (member, stranger) = (link(1), link(2));
        hub.enter(&member, [room]);
        hub.enter(&stranger, []);
        drop(hub.announce(&said(room, 4)));
        drop(hub.announce(&said(room, 5)));
        assert_eq!(member.outbox.take().await.events, ["4", "5"].map(|text| Frame::from(text.to_owned())));
        assert_eq!(stranger.outbox.waiting_bytes(), 0);
    }

    #[tokio::test]
    async fn who_parted_hears_no_more_and_the_others_do() {
        let (hub, room) = (Hub::default(), RoomId(Uuid::from_u128(9)));
        let (stays, parts) = (link(1), link(2));
        hub.enter(&stays, [room]);
        hub.enter(&parts, [room]);
        drop(hub.announce(&said(room, 4)));
        hub.part(room, parts.account);
        drop(hub.announce(&said(room, 5)));
        assert_eq!(parts.outbox.take().await.events, ["4"].map(|text| Frame::from(text.to_owned())));
        assert_eq!(stays.outbox.take().await.events.len(), 2);
        hub.join(room, parts.account);
        drop(hub.announce(&said(room, 6)));
        assert_eq!(parts.outbox.take().await.events.len(), 1, "it may come back");
    }

    #[tokio::test]
    async fn a_gap_in_the_changes_is_told_as_behind() {
        let (hub, room, member) = (Hub::default(), RoomId(Uuid::from_u128(9)), link(1));
        hub.enter(&member, [room]);
        drop(hub.announce(&said(room, 4)));
        drop(hub.announce(&said(room, 6)));
        assert!(member.outbox.take().await.behind);
    }

    #[tokio::test]
    async fn skipped_changes_are_told_as_behind_and_the_next_one_follows() {
        let (hub, room, member) = (Hub::default(), RoomId(Uuid::from_u128(9)), link(1));
        hub.enter(&member, [room]);
        drop(hub.announce(&said(room, 4)));
        drop(hub.skip(room, Change(40)));
        drop(hub.announce(&said(room, 41)));
        let taken = member.outbox.take().await;
        assert!(taken.behind);
        assert_eq!(taken.events.len(), 1, "only what came after");
    }

    #[tokio::test]
    async fn past_its_limit_a_session_loses_its_oldest_link() {
        let hub = Hub::default();
        let links: Vec<_> = (0..limits::LINKS_OF_SESSION + 3).map(|_| link(1)).collect();
        // All at once: none has left when the next one comes.
        links.iter().for_each(|link| hub.enter(link, []));
        hub.close();
        for (place, link) in links.iter().enumerate() {
            let why = if place < 3 { Ended::Displaced } else { Ended::GoingAway };
            assert_eq!(link.ended().await, why, "link {place}");
        }
    }

    #[tokio::test]
    async fn a_session_that_ends_takes_its_links_along() {
        let (hub, kept, cut) = (Hub::default(), link(1), link(2));
        hub.enter(&kept, []);
        hub.enter(&cut, []);
        hub.cut(cut.account, cut.session);
        assert_eq!(cut.ended().await, Ended::SignedOut);
        hub.close();
        assert_eq!(kept.ended().await, Ended::GoingAway);
        assert_eq!(cut.ended().await, Ended::SignedOut, "the first reason stays");
    }
}
