import { expect, test } from "vitest";
import { profileEn } from "../../words/profile-en.ts";
import { profileJa } from "../../words/profile-ja.ts";
import { MARKS, saidOf } from "./marks.ts";

// clause("002-gl5")
test("the two marks differ in sign, place and words", () => {
  const { verified, confirmed } = MARKS;
  expect(verified.sign).not.toBe(confirmed.sign);
  expect([verified.place, confirmed.place]).toEqual(["lower-right", "upper-right"]);
  for (const words of [profileJa, profileEn]) {
    const said = [
      saidOf("verified", "staff", words),
      saidOf("confirmed", "patient", words),
      saidOf("confirmed", "family", words),
    ];
    expect(new Set(said).size).toBe(3);
    expect(said.every((one) => one.trim() !== "")).toBe(true);
  }
});
