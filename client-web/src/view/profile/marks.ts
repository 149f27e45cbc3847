//! The two marks beside people's icons. Their sign, place and words all differ, so that nobody takes the one for the other (002-gl5).
import type { Mark, PersonKind } from "../../../../protocol/bindings/protocol.ts";
import type { ProfileWords } from "../../words/profile-ja.ts";
import type { IconName } from "../Icon.svelte";

/** What a mark looks like. */
export const MARKS: Record<Mark, { sign: IconName; place: "lower-right" | "upper-right" }> = {
  verified: { sign: "knot", place: "lower-right" },
  confirmed: { sign: "self", place: "upper-right" },
};

/** What is said of it to who cannot see it. */
export function saidOf(mark: Mark, kind: PersonKind, words: ProfileWords): string {
  if (mark === "verified") return words.marks.verified;
  return kind === "family" ? words.marks.confirmedFamily : words.marks.confirmed;
}
