//! Days and times, in Tokyo.
import { expect, it } from "vitest";
import { ageOf, birthLabel, dayLabel, timeOf, whenOf } from "./dates.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";

const at = (iso: string) => Date.parse(`${iso}+09:00`);
const now = at("2026-11-21T13:36:00");

it("a time has no leading nought and 24 hours", () => {
  expect(timeOf(at("2026-11-21T09:05:00"))).toBe("9:05");
  expect(timeOf(at("2026-11-21T00:00:00"))).toBe("0:00");
});

it.each([
  ["2026-11-21T00:00:00", "0:00"],
  ["2026-11-20T23:59:59", "きのう"],
  ["2026-11-19T12:00:00", "木曜"],
  ["2026-11-15T12:00:00", "日曜"],
  ["2026-11-14T12:00:00", "11月14日"],
  ["2025-11-14T12:00:00", "2025年11月14日"],
])("%s stands in the list as %s", (iso, label) => expect(whenOf(at(iso), now, ja)).toBe(label));

it("a day has its weekday, and its year only when it is not this one", () => {
  expect(dayLabel(at("2026-11-20T08:15:00"), now, ja)).toBe("11月20日（金）");
  expect(dayLabel(at("2025-11-20T08:15:00"), now, ja)).toBe("2025年11月20日（木）");
  expect(dayLabel(at("2026-11-20T08:15:00"), now, en)).toContain("November");
});

it("an age turns on the birthday in Tokyo", () => {
  expect(ageOf("1942-03-08", at("2026-03-07T23:59:59"))).toBe(83);
  expect(ageOf("1942-03-08", at("2026-03-08T00:00:00"))).toBe(84);
  expect(birthLabel("1942-03-08", ja)).toBe("1942年3月8日");
});
