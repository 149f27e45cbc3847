//! Days and times as people read them, always in Asia/Tokyo.
import type { Millis } from "../../../protocol/bindings/protocol.ts";
import type { Words } from "./ja.ts";

const TOKYO = "Asia/Tokyo";
const DAY_MS = 86_400_000;

/** A day as `2026-11-20`: equal for two moments of the same day. */
export function dayOf(at: Millis): string {
  return iso.format(at);
}

/** `9:05`. */
export function timeOf(at: Millis): string {
  return clock.format(at);
}

/** `11月20日（金）`, with the year when it is not this one. */
export function dayLabel(at: Millis, now: Millis, words: Words): string {
  const isThisYear = dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4);
  return format(words, {
    ...(isThisYear ? {} : { year: "numeric" }),
    month: "long",
    day: "numeric",
    weekday: "short",
  })
    .format(at)
    .replace(/\((.)\)/, "（$1）");
}

/** For a line of the list: the time today, then きのう, then the weekday up to six days back, then the date. */
export function whenOf(at: Millis, now: Millis, words: Words): string {
  const days = daysBetween(dayOf(at), dayOf(now));
  if (days <= 0) return timeOf(at);
  if (days === 1)
    return new Intl.RelativeTimeFormat(words.locale, { numeric: "auto" })
      .format(-1, "day")
      .replace("昨日", "きのう");
  if (days <= 6) {
    const weekday = format(words, { weekday: "short" }).format(at);
    return words.locale === "ja-JP" ? `${weekday}曜` : weekday;
  }
  const isThisYear = dayOf(at).slice(0, 4) === dayOf(now).slice(0, 4);
  return format(words, { ...(isThisYear ? {} : { year: "numeric" }), month: "short", day: "numeric" }).format(
    at,
  );
}

/** A moment: the time alone today, else the day before it. */
export function momentOf(at: Millis, now: Millis, words: Words): string {
  return dayOf(at) === dayOf(now) ? timeOf(at) : `${dayLabel(at, now, words)} ${timeOf(at)}`;
}

/** A birth date as `1942年3月8日`. */
export function birthLabel(date: string, words: Words): string {
  const at = Date.parse(`${date}T00:00:00+09:00`);
  return Number.isNaN(at)
    ? date
    : format(words, { year: "numeric", month: "long", day: "numeric" }).format(at);
}

/** Whole years since a birth date, on today's date in Tokyo. */
export function ageOf(birthDate: string, now: Millis): number {
  const [year = 0, month = 1, day = 1] = birthDate.split("-").map(Number);
  const [thisYear = 0, thisMonth = 1, thisDay = 1] = dayOf(now).split("-").map(Number);
  const hadBirthday = thisMonth > month || (thisMonth === month && thisDay >= day);
  return thisYear - year - (hadBirthday ? 0 : 1);
}

const iso = new Intl.DateTimeFormat("en-CA", {
  timeZone: TOKYO,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
const clock = new Intl.DateTimeFormat("ja-JP", {
  timeZone: TOKYO,
  hour: "numeric",
  minute: "2-digit",
  hourCycle: "h23",
});

const formats = new Map<string, Intl.DateTimeFormat>();

function format(words: Words, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = words.locale + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(words.locale, { timeZone: TOKYO, ...options });
  formats.set(key, known);
  return known;
}

function daysBetween(before: string, after: string): number {
  return Math.round((Date.parse(after) - Date.parse(before)) / DAY_MS);
}
