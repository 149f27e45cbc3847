//! People one shares a room with: whom the server lets one ask into a free group or for a connection. Pure.
import type {
  AccountId,
  Card,
  Member,
  PersonKind,
  RoomCard,
  RoomId,
} from "../../../protocol/bindings/protocol.ts";
import { present } from "./receipts.ts";
import type { Rooms } from "./rooms.ts";

/** Somebody one shares a room with. */
export type Acquaintance = {
  readonly card: Card;
  /** Rooms both belong to, their connection left out. */
  readonly rooms: readonly RoomCard[];
  /** The connection with her, be it only asked for. */
  readonly connection: RoomCard | undefined;
};

/** Acquaintances of one office, or patients and families together. */
export type Circle = { office: string | undefined; kind: PersonKind; people: Acquaintance[] };

/** Everybody one shares a room with, as far as the members of one's rooms are known. */
export function acquaintances(
  rooms: Rooms,
  membersOf: (room: RoomId) => readonly Member[] | undefined,
  me: AccountId,
): Map<AccountId, Acquaintance> {
  const connections = connectionsOf(rooms);
  const all = new Map<AccountId, Acquaintance>();
  const meet = (card: Card, room: RoomCard | undefined) => {
    if (card.account === me) return;
    const known = all.get(card.account);
    all.set(card.account, {
      card: known?.card ?? card,
      rooms: [...(known?.rooms ?? []), ...(room ? [room] : [])],
      connection: connections.get(card.account),
    });
  };
  for (const room of joined(rooms)) {
    if (room.kind !== "connection")
      for (const { card } of present(membersOf(room.id) ?? [])) meet(card, room);
    else if (room.other && room.state === "active") meet(room.other, undefined);
  }
  return all;
}

/** Rooms whose members must be known for that: a connection's other person stands on its card. */
export function roomsToMeetIn(rooms: Rooms): RoomId[] {
  return joined(rooms)
    .filter((card) => card.kind !== "connection")
    .map((card) => card.id);
}

/** The connection with each person, be it asked for, offered or accepted. */
export function connectionsOf(rooms: Rooms): Map<AccountId, RoomCard> {
  const cards = [...rooms.cards.values()].filter((card) => card.kind === "connection");
  return new Map(cards.flatMap((card) => (card.other ? [[card.other.account, card]] : [])));
}

/** Circles in the order of the screen: one's own office, the others by name, patients and families; people by kana. */
export function circlesOf(people: Iterable<Acquaintance>, ownOffice: string | undefined): Circle[] {
  const circles = new Map<string, Circle>();
  for (const one of people) {
    const isStaff = one.card.kind === "staff";
    const key = isStaff ? `office ${one.card.office ?? ""}` : "family";
    const circle = circles.get(key) ?? {
      office: isStaff ? one.card.office : undefined,
      kind: isStaff ? ("staff" as const) : ("family" as const),
      people: [],
    };
    circle.people.push(one);
    circles.set(key, circle);
  }
  const all = [...circles.values()];
  for (const { people } of all) people.sort((a, b) => a.card.kana.localeCompare(b.card.kana, "ja"));
  const rank = ({ kind, office }: Circle) => (kind !== "staff" ? 2 : office === ownOffice ? 0 : 1);
  return all.sort((a, b) => rank(a) - rank(b) || (a.office ?? "").localeCompare(b.office ?? "", "ja"));
}

/** Whether somebody is meant by a few letters of her name, its kana, or her office. */
export function isMeant({ card }: Acquaintance, letters: string): boolean {
  const sought = plain(letters);
  return [card.name, card.kana, card.office ?? ""].some((text) => plain(text).includes(sought));
}

/** Without spaces, width, case, and the difference between the two kana. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/\s/g, "")
    .replaceAll(/[ァ-ヶ]/g, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) - 0x60));
}

/** One's rooms, the oldest first: ids sort by the time they were chosen. */
function joined(rooms: Rooms): RoomCard[] {
  return [...rooms.cards.values()]
    .filter((card) => card.membership === "member")
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
