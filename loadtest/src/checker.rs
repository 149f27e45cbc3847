//! What must hold of every run: who was promised what, who heard what, and every way in which the two differ.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use tsumugi_protocol::{AccountId, Position, PostId, RoomId};

/// A post the load sent.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub author: AccountId,
}

/// A post as one member heard it.
#[derive(Debug, Clone, Copy)]
pub struct Sighting {
    /// Which.
    pub post: PostId,
    /// The room it was said to be in.
    pub room: RoomId,
    /// Its place.
    pub position: Position,
    /// Its author.
    pub author: AccountId,
    /// Whether the text is what was sent under that id.
    pub faithful: bool,
}

/// A member who was on line all the time, and what she heard, in the order of arrival.
#[derive(Debug, Clone)]
pub struct Listener {
    /// Who.
    pub account: AccountId,
    /// Her only room.
    pub room: RoomId,
    /// What she heard.
    pub heard: Vec<Sighting>,
}

/// Everything one run knows of itself, kept outside the server.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Every post that was sent.
    pub attempts: HashMap<PostId, Attempt>,
    /// Places of those that were acknowledged.
    pub acknowledged: HashMap<PostId, Position>,
    /// Those that were refused.
    pub refused: HashSet<PostId>,
    /// Everybody on line.
    pub listeners: Vec<Listener>,
}

/// What went wrong, counted. All zero, or the run fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// Acknowledged, and a member on line never heard it.
    pub lost: u64,
    /// Heard again by the same member on the same link.
    pub duplicated: u64,
    /// Arrived after a post with a later position.
    pub reordered: u64,
    /// Two members, or a member and the acknowledgement, saw another order or another place.
    pub disagreeing: u64,
    /// Heard by somebody who does not belong to the room.
    pub to_strangers: u64,
    /// Other text or author than was sent.
    pub altered: u64,
    /// Nobody sent it, or it was refused.
    pub invented: u64,
    /// Positions between the first and the last of a room that no post has.
    pub gaps: u64,
    /// Neither acknowledged nor refused.
    pub unanswered: u64,
    /// A page of history that is not the one asked for.
    pub wrong_pages: u64,
}

impl Faults {
    /// All of them together.
    pub const fn total(&self) -> u64 {
        let Self {
            lost,
            duplicated,
            reordered,
            disagreeing,
            to_strangers,
            altered,
            invented,
            gaps,
            unanswered,
            wrong_pages,
        } = *self;
        lost + duplicated
            + reordered
            + disagreeing
            + to_strangers
            + altered
            + invented
            + gaps
            + unanswered
            + wrong_pages
    }

    /// Adds those of another.
    pub const fn add(&mut self, other: &Self) {
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.reordered += other.reordered;
        self.disagreeing += other.disagreeing;
        self.to_strangers += other.to_strangers;
        self.altered += other.altered;
        self.invented += other.invented;
        self.gaps += other.gaps;
        self.unanswered += other.unanswered;
        self.wrong_pages += other.wrong_pages;
    }

    /// Those that happened, in words.
    pub fn words(&self) -> String {
        let Ok(serde_json::Value::Object(all)) = serde_json::to_value(self) else { return String::new() };
        let some = all.iter().filter(|(_, count)| count.as_u64() != Some(0));
        some.map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
    }
}

impl Ledger {
    /// Compares what was promised with what was heard.
    pub fn judge(&self) -> Faults {
        let mut faults = Faults::default();
        let answered = |post: &&PostId| self.acknowledged.contains_key(post) || self.refused.contains(post);
        faults.unanswered = self.attempts.keys().filter(|post| !answered(post)).count() as u64;
        let promised = self.promised_by_room();
        let mut first_order: HashMap<RoomId, HashMap<PostId, usize>> = HashMap::new();
        for listener in &self.listeners {
            let heard = self.judge_listener(listener, &mut faults);
            let owed = promised.get(&listener.room).into_iter().flatten();
            let missing =
                owed.filter(|(post, author)| *author != listener.account && !heard.contains_key(post));
            faults.lost += missing.count() as u64;
            match first_order.get(&listener.room) {
                Some(first) => faults.disagreeing += swapped(first, &heard),
                None => drop(first_order.insert(listener.room, heard)),
            }
        }
        self.judge_places(&mut faults);
        faults
    }

    fn promised_by_room(&self) -> HashMap<RoomId, Vec<(PostId, AccountId)>> {
        let mut promised: HashMap<_, Vec<_>> = HashMap::new();
        for post in self.acknowledged.keys() {
            if let Some(attempt) = self.attempts.get(post) {
                promised.entry(attempt.room).or_default().push((*post, attempt.author));
            }
        }
        promised
    }

    /// Counts the faults of one listener and returns the order in which she heard the posts.
    fn judge_listener(&self, listener: &Listener, faults: &mut Faults) -> HashMap<PostId, usize> {
        let mut heard = HashMap::new();
        let mut newest = Position(0);
        for sighting in &listener.heard {
            let known = self.attempts.get(&sighting.post);
            if sighting.room != listener.room || known.is_some_and(|attempt| attempt.room != listener.room) {
                faults.to_strangers += 1;
                continue;
            }
            let Some(attempt) = known.filter(|_| !self.refused.contains(&sighting.post)) else {
                faults.invented += 1;
                continue;
            };
            let arrival = heard.len();
            if heard.contains_key(&sighting.post) {
                faults.duplicated += 1;
                continue;
            }
            heard.insert(sighting.post, arrival);
            faults.altered += u64::from(!sighting.faithful || sighting.author != attempt.author);
            faults.reordered += u64::from(sighting.position < newest);
            newest = newest.max(sighting.position);
        }
        heard
    }

    /// Every post has one place, every place one post, and none is left out.
    fn judge_places(&self, faults: &mut Faults) {
        let mut rooms: BTreeMap<RoomId, BTreeMap<Position, BTreeSet<PostId>>> = BTreeMap::new();
        let mut places: HashMap<PostId, BTreeSet<Position>> = HashMap::new();
        let sightings = self.listeners.iter().flat_map(|listener| &listener.heard);
        let seen = sightings.map(|sighting| (sighting.post, sighting.position));
        for (post, position) in
            self.acknowledged.iter().map(|(post, position)| (*post, *position)).chain(seen)
        {
            let Some(attempt) = self.attempts.get(&post) else { continue };
            rooms.entry(attempt.room).or_default().entry(position).or_default().insert(post);
            places.entry(post).or_default().insert(position);
        }
        faults.disagreeing += places.values().map(|places| places.len() as u64 - 1).sum::<u64>();
        for room in rooms.values() {
            faults.disagreeing += room.values().map(|posts| posts.len() as u64 - 1).sum::<u64>();
            let (Some((first, _)), Some((last, _))) = (room.first_key_value(), room.last_key_value()) else {
                continue;
            };
            faults.gaps += (last.0.abs_diff(first.0) + 1).saturating_sub(room.len() as u64);
        }
    }
}

/// Neighbours in one member's order that another member heard the other way round.
fn swapped(one: &HashMap<PostId, usize>, other: &HashMap<PostId, usize>) -> u64 {
    let mut order: Vec<_> = other.iter().filter_map(|(post, at)| Some((*at, *one.get(post)?))).collect();
    order.sort_unstable();
    order.iter().zip(order.iter().skip(1)).filter(|((_, before), (_, after))| before > after).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Ids;
    use uuid::Uuid;

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));
    const ELSEWHERE: RoomId = RoomId(Uuid::from_u128(2));

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(100 + n))
    }

    /// Three members, ten posts by the first, all in order: nothing is wrong yet.
    fn clean() -> (Ids, Ledger) {
        let ids = Ids::new();
        let mut ledger = Ledger::default();
        let heard: Vec<_> = (0..10)
            .map(|n| Sighting {
                post: ids.id(n),
                room: ROOM,
                position: Position(n as i64 + 5),
                author: account(0),
                faithful: true,
            })
            .collect();
        for sighting in &heard {
            ledger.attempts.insert(sighting.post, Attempt { room: ROOM, author: account(0) });
            ledger.acknowledged.insert(sighting.post, sighting.position);
        }
        ledger.listeners =
            (0..3).map(|n| Listener { account: account(n), room: ROOM, heard: heard.clone() }).collect();
        (ids, ledger)
    }

    fn after(plant: impl FnOnce(Ids, &mut Ledger)) -> Faults {
        let (ids, mut ledger) = clean();
        plant(ids, &mut ledger);
        ledger.judge()
    }

    #[test]
    fn a_clean_run_has_no_faults() {
        assert_eq!(after(|_, _| ()), Faults::default());
    }

    #[test]
    fn an_author_need_not_hear_herself() {
        assert_eq!(after(|_, ledger| ledger.listeners[0].heard.clear()), Faults::default());
    }

    #[test]
    fn a_lost_post_is_found() {
        let faults = after(|_, ledger| {
            ledger.listeners[1].heard.remove(4);
        });
        assert_eq!(faults, Faults { lost: 1, ..Faults::default() });
    }

    #[test]
    fn a_lost_last_post_is_found() {
        let faults = after(|_, ledger| {
            ledger.listeners[2].heard.pop();
        });
        assert_eq!(faults, Faults { lost: 1, ..Faults::default() });
    }

    #[test]
    fn a_duplicate_is_found_and_is_not_a_reorder() {
        let faults = after(|_, ledger| {
            let again = ledger.listeners[1].heard[2];
            ledger.listeners[1].heard.push(again);
        });
        assert_eq!(faults, Faults { duplicated: 1, ..Faults::default() });
    }

    #[test]
    fn two_swapped_posts_are_found() {
        let faults = after(|_, ledger| ledger.listeners[1].heard.swap(3, 4));
        assert_eq!(faults, Faults { reordered: 1, disagreeing: 1, ..Faults::default() });
    }

    #[test]
    fn another_order_between_members_is_found_even_with_fitting_positions() {
        let faults = after(|_, ledger| {
            let heard = &mut ledger.listeners[1].heard;
            heard.swap(3, 4);
            let (third, fourth) = (heard[3].position, heard[4].position);
            (heard[3].position, heard[4].position) = (fourth, third);
        });
        assert_eq!(faults.reordered, 0);
        assert!(faults.disagreeing >= 1, "{faults:?}");
    }

    #[test]
    fn another_place_than_the_acknowledged_one_is_found() {
        let faults = after(|ids, ledger| {
            ledger.acknowledged.insert(ids.id(9), Position(99));
        });
        assert_eq!(faults.disagreeing, 1);
        assert!(faults.gaps > 0);
    }

    #[test]
    fn one_place_given_twice_is_found() {
        let faults = after(|ids, ledger| {
            ledger.attempts.insert(ids.id(50), Attempt { room: ROOM, author: account(1) });
            ledger.acknowledged.insert(ids.id(50), Position(14));
        });
        assert_eq!((faults.disagreeing, faults.lost), (1, 2));
    }

    #[test]
    fn a_gap_in_the_positions_is_found() {
        let faults = after(|ids, ledger| {
            ledger.attempts.insert(ids.id(50), Attempt { room: ROOM, author: account(1) });
            ledger.acknowledged.insert(ids.id(50), Position(17));
        });
        assert_eq!((faults.gaps, faults.lost), (2, 2));
    }

    #[test]
    fn a_delivery_to_a_stranger_is_found() {
        let faults = after(|_, ledger| {
            let mut sighting = ledger.listeners[1].heard[0];
            sighting.room = ELSEWHERE;
            ledger.listeners[1].heard.push(sighting);
        });
        assert_eq!(faults, Faults { to_strangers: 1, ..Faults::default() });
        let faults = after(|_, ledger| {
            let heard = ledger.listeners[1].heard[..1].to_vec();
            ledger.listeners.push(Listener { account: account(7), room: ELSEWHERE, heard });
        });
        assert_eq!(faults, Faults { to_strangers: 1, ..Faults::default() });
    }

    #[test]
    fn another_text_or_author_is_found() {
        let faults = after(|_, ledger| {
            ledger.listeners[1].heard[0].faithful = false;
            ledger.listeners[2].heard[0].author = account(2);
        });
        assert_eq!(faults, Faults { altered: 2, ..Faults::default() });
    }

    #[test]
    fn an_invented_or_refused_post_is_found() {
        let faults = after(|ids, ledger| {
            ledger.listeners[1].heard[0].post = ids.id(999);
        });
        assert_eq!(faults, Faults { invented: 1, lost: 1, ..Faults::default() });
        let faults = after(|ids, ledger| {
            ledger.acknowledged.remove(&ids.id(9));
            ledger.refused.insert(ids.id(9));
        });
        assert_eq!(faults, Faults { invented: 3, ..Faults::default() });
    }

    #[test]
    fn a_post_without_an_answer_is_found() {
        let faults = after(|ids, ledger| {
            ledger.acknowledged.remove(&ids.id(9));
        });
        assert_eq!(faults, Faults { unanswered: 1, ..Faults::default() });
        assert_eq!(faults.total(), 1);
        assert_eq!(faults.words(), "unanswered 1");
    }
}
