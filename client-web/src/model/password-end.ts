//! Whether somebody is to be reminded that her password is good only until a day.
import type { Millis, PasswordEnd } from "../../../protocol/bindings/protocol.ts";

/** A reminder: the last moment, whole days until it, and whether the password stops working then. */
export type Reminder = { at: Millis; days: number; must: boolean };

const DAY_MS = 86_400_000;

/** The reminder that is due, if one is. */
export function reminderOf(end: PasswordEnd | undefined, now: Millis): Reminder | undefined {
  if (end === undefined) return undefined;
  const from = end.at - Math.max(0, ...end.remind_days) * DAY_MS;
  if (now < from) return undefined;
  return { at: end.at, days: Math.max(0, Math.floor((end.at - now) / DAY_MS)), must: end.must };
}
