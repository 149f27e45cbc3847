//! The check of two types is itself checked, by the compiler: each `@ts-expect-error` fails where nothing is wrong.

import * as v from "valibot";
import { expect, it } from "vitest";
import { reads, type Same } from "./exactly.ts";

type Card = { name: string; office?: string; kind: "staff" | "family" };
type News = { event: "posted"; change: number } | { event: "behind" };

const kind = v.picklist(["staff", "family"]);
const office = v.exactOptional(v.string());

it("takes a schema that reads exactly the type, and gives it back", () => {
  const card = v.object({ name: v.string(), office, kind });
  expect(reads<Card>()(card)).toBe(card);
  const same: Same<{ all: Card[] }, { all: { kind: Card["kind"]; name: string; office?: string }[] }> = true;
  expect(same).toBe(true);
});

it("refuses whatever is missing or invented", () => {
  const posted = v.object({ event: v.literal("posted"), change: v.number() });
  const behind = v.object({ event: v.literal("behind") });
  reads<News>()(v.variant("event", [posted, behind]));
  const all = [
    // @ts-expect-error an optional field is missing
    reads<Card>()(v.object({ name: v.string(), kind })),
    // @ts-expect-error an optional field that nobody says
    reads<Card>()(v.object({ name: v.string(), office, kind, relation: office })),
    // @ts-expect-error a field that is always there is read as optional
    reads<Card>()(v.object({ name: v.exactOptional(v.string()), office, kind })),
    // @ts-expect-error an optional field is read as always there
    reads<Card>()(v.object({ name: v.string(), office: v.string(), kind })),
    // @ts-expect-error a word is missing
    reads<Card>()(v.object({ name: v.string(), office, kind: v.picklist(["staff"]) })),
    // @ts-expect-error a word that nobody says
    reads<Card>()(v.object({ name: v.string(), office, kind: v.picklist(["staff", "family", "guest"]) })),
    // @ts-expect-error deep inside
    reads<{ all: Card[] }>()(v.object({ all: v.array(v.object({ name: v.string(), kind })) })),
    // @ts-expect-error a variant is missing
    reads<News>()(v.variant("event", [posted])),
    // @ts-expect-error a variant that nobody says
    reads<News>()(v.variant("event", [posted, behind, v.object({ event: v.literal("danced") })])),
  ];
  expect(all).toHaveLength(9);
});
