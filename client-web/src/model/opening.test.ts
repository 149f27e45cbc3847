//! What opening a timeline takes.
import { expect, it } from "vitest";
import type { Opening, OpeningOffice, OpeningPatient } from "../../../protocol/bindings/protocol.ts";
import { actsOf, kindsLeft, wayOf } from "./opening.ts";

const patient = {
  id: "p",
  name: "藤波 すみれ",
  kana: "ふじなみ すみれ",
  birth_date: "1941-05-17",
  sex: "female",
};
const card = {
  id: "c",
  account: "a",
  kind: "staff",
  name: "水上 亮",
  kana: "みずかみ りょう",
  occupation: "nurse",
} as const;
const office: OpeningOffice = {
  office: "o",
  name: "いとまき診療所",
  may_register: true,
  is_physician: false,
  takes_approval: false,
  takes_physician: false,
};
const one: OpeningPatient = { patient, office: "o", stands: [], is_instructed: false };
const waits: Opening = {
  room: "r",
  kind: "timeline_staff",
  state: "draft",
  waits_for: "approval",
  label: "藤波",
  by: card,
  is_mine: true,
  is_rejected: false,
  may_ask: false,
  may_take: false,
};

it.each([
  [{ is_physician: true, takes_approval: true, takes_physician: true }, false, "timeline_staff", "own", []],
  [{ takes_approval: true, takes_physician: true }, true, "timeline_staff", "instructed", ["physician"]],
  [
    { takes_approval: true, takes_physician: true },
    false,
    "timeline_staff",
    "asking",
    ["approval", "physician"],
  ],
  [{}, false, "timeline_staff", "alone", []],
  [{}, false, "timeline_with_recipient", "asking", ["physician"]],
  [{ takes_physician: true }, false, "timeline_staff", "asking", ["physician"]],
] as const)("%j, instructed %s: %s is opened %s", (rules, is_instructed, kind, as, steps) => {
  expect(wayOf({ ...one, is_instructed }, [{ ...office, ...rules }], kind)).toEqual({ as, steps });
});

it("each kind is opened once", () => {
  expect(kindsLeft(one)).toEqual(["timeline_staff", "timeline_with_recipient"]);
  expect(kindsLeft({ ...one, stands: ["timeline_staff"] })).toEqual(["timeline_with_recipient"]);
});

it("what may be done is what the reader is to it", () => {
  expect(actsOf(waits)).toEqual(["approve", "reject", "look"]);
  expect(actsOf({ ...waits, is_mine: false, may_ask: true })).toEqual(["ask", "look"]);
  const family = { ...waits, kind: "timeline_with_recipient" } as const;
  expect(actsOf({ ...family, state: "paused", waits_for: "pause" })).toEqual(["resume", "look"]);
  const { waits_for: _, ...open } = { ...family, state: "active" as const };
  expect(actsOf(open)).toEqual(["pause", "look"]);
  expect(
    actsOf({ ...family, is_mine: false, state: "paused", waits_for: "control", may_take: true }),
  ).toEqual(["take", "look"]);
});
