//! People one shares a room with, in circles.
import { describe, expect, it } from "vitest";
import { people } from "../../stories/region.ts";
import { type Acquaintance, circlesOf, isMeant } from "./acquaintances.ts";

const all = Object.values(people).map((card): Acquaintance => ({ card, rooms: [], connection: undefined }));

it("one's own office stands first, patients and families last, people by kana", () => {
  const circles = circlesOf(all, people.nurse.office);
  expect(circles[0]?.office).toBe(people.nurse.office);
  expect(circles.at(-1)).toMatchObject({ kind: "family", office: undefined });
  expect(circles[0]?.people.map(({ card }) => card.name)).toEqual(["木暮 芳", "高梨 由美子", "水上 亮"]);
  expect(circles.at(-1)?.people.map(({ card }) => card.name)).toEqual(["菊池 佳代", "菊池 春江"]);
});

describe("a few letters", () => {
  it.each(["森本", "もり", "モリモト", "ﾓﾘﾓﾄ さやか", "たてよこ", ""])(
    "%s mean the pharmacist",
    (letters) => {
      const meant = all.filter((one) => isMeant(one, letters));
      expect(meant.map(({ card }) => card)).toContain(people.pharmacist);
      if (letters !== "") expect(meant).toHaveLength(1);
    },
  );

  it("that nobody has mean nobody", () => expect(all.filter((one) => isMeant(one, "山田"))).toEqual([]));
});
