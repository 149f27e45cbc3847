//! Which rooms the measured world has: groups of rooms of one size, and who is in which.

use serde::Serialize;
use std::fmt::{self, Display};

/// Rooms of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Group {
    /// How many.
    pub rooms: usize,
    /// Members of each.
    pub members: usize,
}

/// All rooms of a world. No two groups have the same size, so that a size names a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// People; number i of a group's seats is person i.
    pub people: usize,
    /// The groups, in the order in which rooms are numbered.
    pub groups: Vec<Group>,
}

/// One room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its number in the world, from 0.
    pub number: usize,
    /// Numbers of its members.
    pub people: Vec<usize>,
}

impl Shape {
    /// A world of these groups, each COUNT rooms of MEMBERS.
    pub fn of<const N: usize>(groups: [(usize, usize); N]) -> Self {
        let groups: Vec<Group> =
            groups.into_iter().map(|(rooms, members)| Group { rooms, members }).collect();
        let people = groups.iter().map(|group| group.rooms * group.members).max().unwrap_or_default();
        Self { people, groups }
    }

    /// The rooms of one size; none when the world has no such rooms.
    pub fn rooms_of(&self, members: usize) -> Vec<Room> {
        let mut before = 0;
        for group in &self.groups {
            if group.members == members {
                return (0..group.rooms)
                    .map(|room| Room {
                        number: before + room,
                        people: (room * members..(room + 1) * members).collect(),
                    })
                    .collect();
            }
            before += group.rooms;
        }
        Vec::new()
    }

    /// Numbers of the rooms in which a person is.
    pub fn rooms_with(&self, person: usize) -> Vec<usize> {
        let mut before = 0;
        let mut rooms = Vec::new();
        for Group { rooms: count, members } in &self.groups {
            if person < count * members {
                rooms.push(before + person / members);
            }
            before += count;
        }
        rooms
    }
}

/// As the server's command line takes it: `200x8,1x1000`.
impl Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Group { rooms, members }) in self.groups.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(f, "{comma}{rooms}x{members}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_and_people_agree_on_who_is_where() {
        let shape = Shape::of([(200, 8), (1, 1_000), (8, 2)]);
        assert_eq!(shape.people, 1_600);
        assert_eq!(shape.to_string(), "200x8,1x1000,8x2");
        let pairs = shape.rooms_of(2);
        assert_eq!(pairs.first().map(|room| room.number), Some(201));
        for room in shape.rooms_of(8).into_iter().chain(shape.rooms_of(1_000)).chain(pairs) {
            for person in &room.people {
                assert!(shape.rooms_with(*person).contains(&room.number), "{person} in {room:?}");
            }
        }
        assert_eq!(shape.rooms_with(15), [1, 200, 208]);
        assert_eq!(shape.rooms_with(1_599), [199]);
        assert!(shape.rooms_of(9).is_empty());
    }
}
