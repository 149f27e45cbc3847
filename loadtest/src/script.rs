//! What the load writes: post ids that tell their number, texts that can be checked, and places spread over a history.

use tsumugi_protocol::{Position, PostId};
use uuid::{Builder, Uuid, Variant, Version};

/// Low 48 bits of an id: the number of the post in its run.
const NUMBER: u128 = (1 << 48) - 1;

/// Ids of one run. Each tells the number of its post, so that an arrival finds its start without a table.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    start: Uuid,
}

impl Ids {
    /// Ids of a run that starts now.
    pub fn new() -> Self {
        // Time above, chance in the middle (two runs may start in one millisecond), the number below.
        let time = Uuid::now_v7().as_u128() >> 80 << 80;
        let chance = (Uuid::new_v4().as_u128() >> 80) << 48 & (u128::MAX >> 48);
        let start =
            Builder::from_u128(time | chance).with_version(Version::SortRand).with_variant(Variant::RFC4122);
        Self { start: start.into_uuid() }
    }

    /// The id of the post with that number (below 2⁴⁸).
    pub fn id(self, number: u64) -> PostId {
        PostId(Uuid::from_u128(self.start.as_u128() | (u128::from(number) & NUMBER)))
    }

    /// The number of a post, when it is one of this run.
    pub fn number(self, id: PostId) -> Option<u64> {
        let value = id.0.as_u128();
        let ours = value & !NUMBER == self.start.as_u128();
        ours.then(|| u64::try_from(value & NUMBER).ok()).flatten()
    }

    /// The number that an id tells, whatever its run.
    pub fn number_in(id: PostId) -> u64 {
        u64::try_from(id.0.as_u128() & NUMBER).unwrap_or_default()
    }
}

/// What the text of a post tells of it, so that an arrival needs no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Its number in its cell.
    pub number: u64,
    /// When it was due, in nanoseconds after the cell's beginning.
    pub due: u64,
}

/// Opens a body; 12 digits of the number, 15 of the due time, and the rest of 190 bytes follow.
const OPENING: &str = "訪問";
const BETWEEN: &str = " 時刻";
/// Fills a body up to 190 bytes: a visit's report, as short as they are written on a phone.
const FILLING: &str = " 体温36.8 脈拍72 血圧128/76 SpO2 97。昼食8割、内服残なし。右踵の発赤は薄くなり、除圧を継続。ご家族へ電話済。";

/// The body of the post that tells this: exactly 190 bytes, like those of the peers' published figures.
pub fn body(told: Told) -> String {
    format!("{OPENING}{:012}{BETWEEN}{:015}{FILLING}", told.number, told.due)
}

/// What a body tells; none when a byte of it is not as it was written.
pub fn read_body(text: &str) -> Option<Told> {
    let (number, rest) = text.strip_prefix(OPENING)?.split_at_checked(12)?;
    let (due, rest) = rest.strip_prefix(BETWEEN)?.split_at_checked(15)?;
    (rest == FILLING).then_some(Told { number: number.parse().ok()?, due: due.parse().ok()? })
}

/// The number of a room of the bench world, from its title.
pub fn number_of_title(title: &str) -> Option<usize> {
    title.strip_prefix("room ")?.parse().ok()
}

/// The text of the post with that number: a visit's report of usual length, different for every number.
pub fn text(number: u64) -> String {
    let (whole, tenth) = (36 + number % 2, number % 10);
    let pulse = 60 + number % 37;
    format!(
        "【訪問 {number}】体温 {whole}.{tenth}℃、脈拍 {pulse}、血圧 128/76。夕食は八割ほど召し上がり、\
         内服の残りはありません。右かかとの発赤は昨日より薄く、除圧を続けています。ご家族へも電話で伝えました🙂"
    )
}

/// The n-th of many positions spread evenly over a history of that length, in no order (golden ratio).
pub fn place(n: usize, last: Position) -> Position {
    let turn = (n as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let length = u128::try_from(last.0).unwrap_or_default();
    let place = (u128::from(turn) * length) >> 64;
    Position(i64::try_from(place).unwrap_or_default().saturating_add(1).min(last.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_id_tells_its_number_and_only_in_its_run() {
        let (ids, others) = (Ids::new(), Ids::new());
        for number in [0, 1, 1_600, 123_456_789] {
            assert_eq!(ids.number(ids.id(number)), Some(number));
            assert_eq!(others.number(ids.id(number)), None);
        }
        assert_eq!(ids.id(3).0.get_version_num(), 7);
    }

    #[test]
    fn a_body_is_190_bytes_and_tells_what_was_written_or_nothing() {
        let told = Told { number: 12_345, due: 9_876_543_210 };
        let body = body(told);
        assert_eq!(body.len(), 190);
        assert_eq!(read_body(&body), Some(told));
        assert_eq!(read_body(&body.replace("薄く", "濃く")), None);
        assert_eq!(read_body(body.trim_end_matches('。')), None);
        assert_eq!(read_body("訪問"), None);
    }

    #[test]
    fn a_room_is_known_by_its_title() {
        assert_eq!(number_of_title("room 208"), Some(208));
        assert_eq!(number_of_title("会議"), None);
    }

    #[test]
    fn texts_of_neighbours_differ() {
        assert_ne!(text(1), text(2));
        assert!(text(1).chars().count() > 80);
    }

    #[test]
    fn places_stay_inside_and_reach_every_part() {
        let last = Position(1_000);
        let parts: BTreeSet<i64> = (0..100).map(|n| place(n, last).0 / 101).collect();
        assert_eq!(parts.len(), 10);
        assert!((0..10_000).all(|n| (1..=1_000).contains(&place(n, last).0)));
        assert_eq!(place(5, Position(1)), Position(1));
    }
}
