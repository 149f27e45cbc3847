//! Who has read a post.
import { describe, expect, it } from "vitest";
import type { Member, Post } from "../../../protocol/bindings/protocol.ts";
import { people } from "../../stories/region.ts";
import { byOffice, readersOf, tally } from "./receipts.ts";

const member = (card: Member["card"], from_position = 1, state: Member["state"] = "member"): Member => ({
  card,
  state,
  from_position,
});
const post: Post = {
  id: "p",
  room: "r",
  position: 5,
  change: 5,
  author: people.nurse,
  stored_at: 0,
  content: { kind: "text", text: "" },
};

describe("readers of a post", () => {
  const members = [
    member(people.nurse),
    member(people.second),
    member(people.physician),
    member(people.daughter),
    member(people.helper, 6),
    member(people.manager, 1, "left"),
  ];
  const receipts = [
    { account: people.nurse.account, position: 9 },
    { account: people.second.account, position: 5 },
    { account: people.physician.account, position: 4 },
    { account: people.manager.account, position: 9 },
  ];
  const seen = readersOf(post, members, receipts);

  it("are its members without the author, former ones and those who came later", () => {
    expect(tally(seen)).toEqual({ read: 1, all: 3 });
  });

  it("count families apart", () => {
    expect(tally(seen, ["family", "patient"])).toEqual({ read: 0, all: 1 });
  });

  it("name those who have not read first", () => {
    expect(seen.map((one) => one.hasRead)).toEqual([false, false, true]);
  });
});

it("patient and family stand before every office, and one's own office before the others", () => {
  const members = [people.physician, people.second, people.daughter, people.nurse, people.patient].map(
    (card) => member(card),
  );
  const groups = byOffice(members, people.nurse.account);
  expect(groups.map((group) => group.office ?? group.kind)).toEqual([
    "family",
    people.nurse.office,
    "いとまき診療所",
  ]);
  expect(groups[1]?.cards[0]).toBe(people.nurse);
});
