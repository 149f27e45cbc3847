//! What an administrator sees of her people, and what may be done about each.
import { expect, it } from "vitest";
import type { AccountState, Card, Me, StaffSeen } from "../../../protocol/bindings/protocol.ts";
import type { Answer } from "../wire/frame.ts";
import { type Asks, actsOn, administered, carryOut, inOrder, marksOf, mayAnswerFor } from "./office.ts";

const NOW = 1_000_000;
const card = (account: string): Card => ({
  id: account,
  account,
  kind: "staff",
  name: account,
  kana: "",
  occupation: "nurse",
});
const seen = (account: string, more: Partial<StaffSeen> = {}): StaffSeen => ({
  affiliation: account,
  card: card(account),
  roles: [],
  state: "active",
  has_entered: true,
  is_shared: false,
  may_be_shared: false,
  ...more,
});

it("a lock stands out until its moment has come, and can be opened only until then", () => {
  const locked = seen("a", { locked_until: NOW + 1 });
  expect(marksOf(locked, NOW)).toEqual(["locked"]);
  expect(actsOn(locked, NOW, "me", "admin")).toContain("unlock");
  expect(marksOf(locked, NOW + 1)).toEqual([]);
  expect(actsOn(locked, NOW + 1, "me", "admin")).not.toContain("unlock");
});

it.each<[AccountState, string[]]>([
  ["active", ["reset", "recover", "restrict", "suspend", "leave"]],
  ["restricted", ["restore", "reset", "recover", "suspend", "leave"]],
  ["suspended", ["restore", "leave"]],
  ["closed", []],
])("about an account that is %s she may %j", (state, acts) => {
  expect(actsOn(seen("a", { state }), NOW, "me", "admin")).toEqual(acts);
});

it("nobody acts on herself, and who never came in has no passkeys to recover", () => {
  expect(actsOn(seen("me", { locked_until: NOW + 1 }), NOW, "me", "admin")).toEqual([]);
  expect(actsOn(seen("a", { has_entered: false }), NOW, "me", "admin")).not.toContain("recover");
  expect(marksOf(seen("a", { has_entered: false }), NOW)).toEqual(["not_entered"]);
});

it("whoever needs something stands first, the rest as told", () => {
  const staff = [
    seen("a"),
    seen("b", { state: "suspended" }),
    seen("c"),
    seen("d", { locked_until: NOW + 1 }),
  ];
  expect(inOrder(staff, NOW).map((one) => one.card.account)).toEqual(["b", "d", "a", "c"]);
});

it("knows the offices that somebody administers, and no others", () => {
  const place = (office: string | undefined, roles: Me["affiliations"][number]["roles"]) => ({
    id: "x",
    region: "r",
    ...(office === undefined ? {} : { office }),
    card: { ...card("me"), office: `name of ${office}` },
    roles,
  });
  const me = {
    affiliations: [place("o1", ["office_admin"]), place("o2", []), place(undefined, ["secretariat"])],
  };
  expect(administered(me as unknown as Me)).toEqual([{ office: "o1", name: "name of o1" }]);
});

it.each([
  ["unlock", "accounts.unlock", {}],
  ["reset", "accounts.admin_reset", {}],
  ["restore", "accounts.set_state", { state: "active" }],
  ["restrict", "accounts.set_state", { state: "restricted" }],
  ["suspend", "accounts.set_state", { state: "suspended" }],
] as const)("%s asks %s with its reason", async (act, name, more) => {
  const asked: unknown[] = [];
  const ask = (async (...what: unknown[]) => {
    asked.push(what);
    return { is: "lost" };
  }) as unknown as Asks;
  const answer: Answer<unknown> = await carryOut(ask, act, seen("a"), "why");
  expect(answer).toEqual({ is: "lost" });
  expect(asked).toEqual([[name, { account: "a", reason: "why", ...more }]]);
});

it("who left is told of by her place, not by her account: she may have another", async () => {
  const asked: unknown[] = [];
  const ask = (async (...what: unknown[]) => {
    asked.push(what);
    return { is: "lost" };
  }) as unknown as Asks;
  await carryOut(ask, "leave", seen("a", { affiliation: "place" }), "why");
  expect(asked).toEqual([["offices.end_affiliation", { affiliation: "place", reason: "why" }]]);
});

it("an account that nobody uses stands out, one whose link is still out does not twice", () => {
  expect(marksOf(seen("a", { unused_since: 1 }), NOW)).toEqual(["unused"]);
  expect(marksOf(seen("a", { unused_since: 1, has_entered: false }), NOW)).toEqual(["not_entered"]);
});

it("an account that several people use may be changed or given back; one that may be shared is offered that", () => {
  const shared = actsOn(seen("a", { is_shared: true }), NOW, "me", "admin");
  expect(shared.filter((act) => ["share", "roster", "unshare"].includes(act))).toEqual(["roster", "unshare"]);
  expect(marksOf(seen("a", { is_shared: true }), NOW)).toEqual(["shared"]);
  expect(actsOn(seen("a", { may_be_shared: true }), NOW, "me", "admin")).toContain("share");
  expect(actsOn(seen("a"), NOW, "me", "admin")).not.toContain("share");
});

it("the desk opens, restores, resets, restricts and suspends; the rest is the office's own", () => {
  const all = { locked_until: NOW + 1, state: "restricted", is_shared: true, may_be_shared: true } as const;
  expect(actsOn(seen("a", all), NOW, "me", "desk")).toEqual(["unlock", "restore", "reset", "suspend"]);
  expect(actsOn(seen("a"), NOW, "me", "desk")).toEqual(["reset", "restrict", "suspend"]);
});

it("somebody else who has come in and may act answers for a shared account", () => {
  const it = seen("a");
  const staff = [
    it,
    seen("b"),
    seen("c", { has_entered: false }),
    seen("d", { state: "suspended" }),
    seen("e", { is_shared: true }),
  ];
  expect(mayAnswerFor(it, staff).map((one) => one.card.account)).toEqual(["b"]);
});
