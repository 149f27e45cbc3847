//! The floor's frames: binary, fixed fields first, the text last.

use bytes::{BufMut, Bytes, BytesMut};
use tsumugi_protocol::{AccountId, Position, PostId, RoomId};
use uuid::Uuid;

const JOIN: u8 = b'j';
const POST: u8 = b'p';
const SAVED: u8 = b's';
const POSTED: u8 = b'd';

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub enum Ask {
    /// First: who she is and the rooms she hears.
    Join {
        /// Her number.
        person: u32,
        /// Numbers of rooms.
        rooms: Vec<u32>,
    },
    /// A post for a room.
    Post {
        /// Number of the room.
        room: u32,
        /// Its id, chosen by the client.
        id: u128,
        /// What it says.
        body: Bytes,
    },
}

/// What the floor says.
#[derive(Debug, PartialEq, Eq)]
pub enum Say {
    /// Committed and synced.
    Saved {
        /// Which post.
        id: u128,
        /// Its place.
        position: i64,
    },
    /// Somebody posted.
    Posted {
        /// Number of the room.
        room: u32,
        /// Which post.
        id: u128,
        /// Its place.
        position: i64,
        /// Number of the author.
        author: u32,
        /// What it says.
        body: Bytes,
    },
}

impl Ask {
    /// As bytes.
    pub fn write(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(256);
        match self {
            Self::Join { person, rooms } => {
                out.put_u8(JOIN);
                out.put_u32(*person);
                rooms.iter().for_each(|room| out.put_u32(*room));
            }
            Self::Post { room, id, body } => {
                out.put_u8(POST);
                out.put_u32(*room);
                out.put_u128(*id);
                out.put_slice(body);
            }
        }
        out.freeze()
    }

    /// From bytes; none when they are not a frame of ours.
    pub fn read(mut bytes: Bytes) -> Option<Self> {
        use bytes::Buf;
        match bytes.try_get_u8().ok()? {
            JOIN => {
                let person = bytes.try_get_u32().ok()?;
                let mut rooms = Vec::with_capacity(bytes.len() / 4);
                while let Ok(room) = bytes.try_get_u32() {
                    rooms.push(room);
                }
                Some(Self::Join { person, rooms })
            }
            POST => {
                let (room, id) = (bytes.try_get_u32().ok()?, bytes.try_get_u128().ok()?);
                Some(Self::Post { room, id, body: bytes })
            }
            _ => None,
        }
    }
}

impl Say {
    /// As bytes.
    pub fn write(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(256);
        match self {
            Self::Saved { id, position } => {
                out.put_u8(SAVED);
                out.put_u128(*id);
                out.put_i64(*position);
            }
            Self::Posted { room, id, position, author, body } => {
                out.put_u8(POSTED);
                out.put_u32(*room);
                out.put_u128(*id);
                out.put_i64(*position);
                out.put_u32(*author);
                out.put_slice(body);
            }
        }
        out.freeze()
    }

    /// From bytes; none when they are not a frame of ours.
    pub fn read(mut bytes: Bytes) -> Option<Self> {
        use bytes::Buf;
        match bytes.try_get_u8().ok()? {
            SAVED => {
                let (id, position) = (bytes.try_get_u128().ok()?, bytes.try_get_i64().ok()?);
                Some(Self::Saved { id, position })
            }
            POSTED => {
                let (room, id) = (bytes.try_get_u32().ok()?, bytes.try_get_u128().ok()?);
                let (position, author) = (bytes.try_get_i64().ok()?, bytes.try_get_u32().ok()?);
                Some(Self::Posted { room, id, position, author, body: bytes })
            }
            _ => None,
        }
    }
}

/// The id under which the checker knows a room of the floor.
pub fn room_id(number: u32) -> RoomId {
    RoomId(Uuid::from_u128(1 << 64 | u128::from(number)))
}

/// The id under which the checker knows a person of the floor, or of any peer that knows people by number.
pub fn account_id(number: u32) -> AccountId {
    AccountId(Uuid::from_u128(2 << 64 | u128::from(number)))
}

/// A place as the checker knows it, and a post's id.
pub const fn place(id: u128, position: i64) -> (PostId, Position) {
    (PostId(Uuid::from_u128(id)), Position(position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let body = Bytes::from_static("体温 36.5".as_bytes());
        for ask in [
            Ask::Join { person: 7, rooms: vec![0, 3, 200] },
            Ask::Join { person: 8, rooms: vec![] },
            Ask::Post { room: 3, id: u128::MAX - 5, body: body.clone() },
        ] {
            assert_eq!(Ask::read(ask.write()), Some(ask));
        }
        for say in [
            Say::Saved { id: 5, position: 9 },
            Say::Posted { room: 3, id: 1 << 100, position: 9, author: 7, body: body.clone() },
        ] {
            assert_eq!(Say::read(say.write()), Some(say));
        }
    }

    #[test]
    fn what_is_cut_short_or_foreign_is_not_a_frame() {
        let whole = Say::Saved { id: 5, position: 9 }.write();
        assert_eq!(Say::read(whole.slice(..10)), None);
        assert_eq!(Say::read(Bytes::from_static(b"?")), None);
        assert_eq!(Ask::read(Bytes::new()), None);
    }
}
