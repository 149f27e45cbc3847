//! The list of rooms: patients once, with a door for each timeline; other rooms apart. Pure.
import {
  type AccountId,
  type Event,
  LIMITS,
  type Patient,
  type PatientId,
  type Post,
  type RoomCard,
  type RoomId,
  type RoomList,
} from "../../../protocol/bindings/protocol.ts";

/** The rooms of the person signed in. */
export type Rooms = {
  readonly patients: ReadonlyMap<PatientId, Patient>;
  readonly cards: ReadonlyMap<RoomId, RoomCard>;
  /** The list must be asked for anew: something happened that events alone cannot tell. */
  readonly isStale: boolean;
};

/** The list, sorted for the screen. */
export type Listing = {
  invitations: RoomCard[];
  patients: { patient: Patient; rooms: RoomCard[] }[];
  others: RoomCard[];
  /** Timelines that are no longer used. */
  vault: { patient: Patient; rooms: RoomCard[] }[];
};

/** No rooms known yet. */
export const NO_ROOMS: Rooms = { patients: new Map(), cards: new Map(), isStale: true };

/** The list as the server tells it. Cards that are newer here than there are kept. */
export function listed(before: Rooms, list: RoomList): Rooms {
  const cards = list.rooms.map((card): [RoomId, RoomCard] => {
    const known = before.cards.get(card.id);
    return [card.id, known && known.change > card.change ? known : card];
  });
  return {
    patients: new Map(list.patients.map((patient) => [patient.id, patient])),
    cards: new Map(cards),
    isStale: false,
  };
}

/** Takes an event. */
export function apply(rooms: Rooms, event: Event, me: AccountId): Rooms {
  switch (event.event) {
    case "posted": {
      const card = rooms.cards.get(event.post.room);
      if (!card || event.change > card.change + 1) return { ...rooms, isStale: true };
      return event.change <= card.change ? rooms : withCard(rooms, posted(card, event.post, me));
    }
    case "room_changed": {
      const card = rooms.cards.get(event.room);
      if (!card) return { ...rooms, isStale: true };
      return event.change <= card.change
        ? rooms
        : {
            ...withCard(rooms, { ...card, change: event.change, state: event.state }),
            // What a timeline waits for is said with the list.
            isStale:
              rooms.isStale ||
              event.state === "draft" ||
              event.state === "paused" ||
              card.waits_for !== undefined,
          };
    }
    case "consent_changed": {
      const card = rooms.cards.get(event.room);
      if (!card) return { ...rooms, isStale: true };
      if (event.change <= card.change) return rooms;
      const { consent: _, ...rest } = card;
      const lack = event.consent === "in_force" ? {} : { consent: event.consent };
      // What is shown of its posts follows from it: the server says it again.
      return { ...withCard(rooms, { ...rest, ...lack, change: event.change }), isStale: true };
    }
    case "member_changed": {
      const card = rooms.cards.get(event.room);
      if (!card) return { ...rooms, isStale: true };
      // Counts of readers, names and one's own place follow from members: the server says them again.
      return event.change <= card.change
        ? rooms
        : { ...withCard(rooms, { ...card, change: Math.max(card.change, event.change) }), isStale: true };
    }
    case "read": {
      const card = rooms.cards.get(event.room);
      return card ? withCard(rooms, readUpTo(card, event.position)) : rooms;
    }
    case "room_added":
    case "behind":
      return { ...rooms, isStale: true };
    case "receipts":
    case "noticed":
      return rooms;
  }
}

/** The reader has seen a room up to a post. */
export function seen(rooms: Rooms, room: RoomId, position: number): Rooms {
  const card = rooms.cards.get(room);
  return card ? withCard(rooms, readUpTo(card, position)) : rooms;
}

/** A fresh card, as told when its room was opened. */
export function withCard(rooms: Rooms, card: RoomCard): Rooms {
  return { ...rooms, cards: new Map(rooms.cards).set(card.id, card) };
}

/** Rooms that are no longer ours. */
export function without(rooms: Rooms, gone: readonly RoomId[]): Rooms {
  const cards = new Map(rooms.cards);
  for (const room of gone) cards.delete(room);
  return { ...rooms, cards };
}

/** The list in the order of the screen: newest activity first, staff door before the family's. */
export function listing(rooms: Rooms): Listing {
  const cards = [...rooms.cards.values()].sort((a, b) => activity(b) - activity(a));
  const joined = cards.filter((card) => card.membership === "member");
  const patientOf = (card: RoomCard) =>
    card.patient === undefined ? undefined : rooms.patients.get(card.patient);
  const byPatient = (chosen: RoomCard[]) => {
    const patients = new Map<PatientId, { patient: Patient; rooms: RoomCard[] }>();
    for (const card of chosen) {
      const patient = patientOf(card);
      if (!patient) continue;
      const entry = patients.get(patient.id) ?? { patient, rooms: [] };
      entry.rooms.push(card);
      entry.rooms.sort((a, b) => Number(a.kind !== "timeline_staff") - Number(b.kind !== "timeline_staff"));
      patients.set(patient.id, entry);
    }
    return [...patients.values()];
  };
  return {
    invitations: cards.filter((card) => card.membership === "invited"),
    patients: byPatient(joined.filter((card) => card.state !== "archived")),
    others: joined.filter((card) => patientOf(card) === undefined),
    vault: byPatient(joined.filter((card) => card.state === "archived")),
  };
}

/** Unread posts of all rooms one belongs to. */
export function unread(rooms: Rooms): number {
  let sum = 0;
  for (const card of rooms.cards.values()) if (card.membership === "member") sum += card.unread;
  return sum;
}

function posted(card: RoomCard, post: Post, me: AccountId): RoomCard {
  const isMine = post.author.account === me;
  const text = post.content.kind === "text" ? shortened(post.content.text) : "";
  const at = post.written_at ?? post.stored_at;
  const moved: RoomCard = {
    ...card,
    change: post.change,
    last_position: post.position,
    unread: card.unread + 1,
    last: { by: post.author.name, text, at },
  };
  // Whoever writes has read what stands there, if nothing older was still unread.
  return isMine && card.unread === 0 ? readUpTo(moved, post.position) : moved;
}

function readUpTo(card: RoomCard, position: number): RoomCard {
  if (position <= card.read_position) return card;
  return { ...card, read_position: position, unread: Math.max(0, card.last_position - position) };
}

function shortened(text: string): string {
  return [...text.replaceAll("\n", " ")].slice(0, LIMITS.lastChars).join("");
}

function activity(card: RoomCard): number {
  return card.last?.at ?? 0;
}
