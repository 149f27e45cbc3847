import { describe, expect, it } from "vitest";
import type { Patient, RoomCard } from "../../../protocol/bindings/protocol.ts";
import { apply, listed, listing, NO_ROOMS } from "./rooms.ts";

const patient: Patient = {
  id: "p",
  name: "菊池 春江",
  kana: "きくち",
  birth_date: "1942-03-08",
  sex: "female",
};
const card = (id: string, change: number): RoomCard => ({
  id,
  region: "r",
  kind: "timeline_staff",
  state: "active",
  membership: "member",
  patient: "p",
  readers: { staff: 3, family: 0, patient: 0 },
  change,
  last_position: 4,
  read_position: 4,
  unread: 0,
});
const before = listed(NO_ROOMS, { patients: [patient], rooms: [card("one", 7), card("two", 7)] });
const changed = (change: number, state: RoomCard["state"]) =>
  ({ event: "room_changed", room: "one", change, state }) as const;

describe("the vault", () => {
  it("takes a timeline out of the list, and gives it back", () => {
    const stored = apply(before, changed(8, "archived"), "me");
    const ids = (all: { rooms: RoomCard[] }[]) => all.flatMap(({ rooms }) => rooms.map(({ id }) => id));
    expect(ids(listing(stored).patients)).toEqual(["two"]);
    expect(ids(listing(stored).vault)).toEqual(["one"]);
    const back = listing(apply(stored, changed(9, "active"), "me"));
    expect(ids(back.patients)).toEqual(expect.arrayContaining(["one", "two"]));
    expect(back.vault).toEqual([]);
  });

  it("is not opened or shut by what was heard before", () => {
    const stored = apply(before, changed(8, "archived"), "me");
    expect(apply(stored, changed(8, "active"), "me")).toBe(stored);
  });

  it("asks anew for a room that is not known", () => {
    const other = { ...changed(3, "archived"), room: "three" };
    expect(apply(before, other, "me").isStale).toBe(true);
  });
});

describe("a consent", () => {
  const said = (change: number, consent: "in_force" | "withdrawn") =>
    ({ event: "consent_changed", room: "one", change, consent }) as const;

  it("that is withdrawn is said of the room until there is one again", () => {
    const closed = apply(before, said(8, "withdrawn"), "me");
    expect(closed.cards.get("one")).toMatchObject({ consent: "withdrawn", change: 8 });
    expect(closed.isStale, "what is shown of its posts is asked for anew").toBe(true);
    const open = apply(closed, said(9, "in_force"), "me").cards.get("one");
    expect(open && "consent" in open).toBe(false);
    expect(apply(closed, said(8, "in_force"), "me")).toBe(closed);
  });
});
