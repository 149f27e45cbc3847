//! The reminder of a password's end.
import { expect, it } from "vitest";
import { reminderOf } from "./password-end.ts";

const DAY_MS = 86_400_000;
const end = { at: 100 * DAY_MS, must: true, remind_days: [14, 3] };

it("begins on the earliest of its days, and not before", () => {
  expect(reminderOf(end, 86 * DAY_MS - 1)).toBeUndefined();
  expect(reminderOf(end, 86 * DAY_MS)).toEqual({ at: end.at, days: 14, must: true });
});

it("counts whole days, and never below none", () => {
  expect(reminderOf(end, 99 * DAY_MS + 1)?.days).toBe(0);
  expect(reminderOf(end, 101 * DAY_MS)?.days).toBe(0);
});

it("without an end, or without days, there is nothing to say until the end", () => {
  expect(reminderOf(undefined, 0)).toBeUndefined();
  expect(reminderOf({ ...end, remind_days: [] }, end.at - 1)).toBeUndefined();
  expect(reminderOf({ ...end, remind_days: [] }, end.at)?.days).toBe(0);
});
