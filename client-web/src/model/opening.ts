//! What opening a timeline takes, and what may be done with one that waits. Pure.
import type {
  Opening,
  OpeningOffice,
  OpeningPatient,
  RoomKind,
} from "../../../protocol/bindings/protocol.ts";

/** The kinds of timelines. */
export type TimelineKind = Extract<RoomKind, "timeline_staff" | "timeline_with_recipient">;

export const KINDS: readonly TimelineKind[] = ["timeline_staff", "timeline_with_recipient"];

/** What may be done with a timeline that waits or that a physician has charge of. */
export type OpeningAct = "look" | "approve" | "reject" | "ask" | "pause" | "resume" | "take";

/** What a timeline waits for once it is opened. */
export type Step = "approval" | "physician";

/** In which way the reader opens one of a patient. */
export type Way = {
  /** How: as a physician, instructed by one, or with one whom she asks. */
  readonly as: "own" | "instructed" | "asking" | "alone";
  readonly steps: readonly Step[];
};

/** The kinds that a patient does not have yet. */
export function kindsLeft(one: OpeningPatient): readonly TimelineKind[] {
  return KINDS.filter((kind) => !one.stands.includes(kind));
}

/** How the reader opens a timeline of that kind, and what it then waits for. */
export function wayOf(one: OpeningPatient, offices: readonly OpeningOffice[], kind: TimelineKind): Way {
  const office = offices.find((each) => each.office === one.office);
  if (office?.is_physician) return { as: "own", steps: [] };
  const needsPhysician = kind === "timeline_with_recipient" || (office?.takes_physician ?? true);
  const steps: Step[] = needsPhysician ? ["physician"] : [];
  if (one.is_instructed) return { as: "instructed", steps };
  if (office?.takes_approval) return { as: "asking", steps: ["approval", ...steps] };
  return { as: needsPhysician ? "asking" : "alone", steps };
}

/** What the reader may do with it, the commonest first. */
export function actsOf(one: Opening): readonly OpeningAct[] {
  const acts: OpeningAct[] = [];
  if (one.is_mine && one.waits_for === "approval") acts.push("approve", "reject");
  if (one.may_take) acts.push("take");
  if (one.may_ask) acts.push("ask");
  if (one.is_mine && one.kind === "timeline_with_recipient") {
    if (one.waits_for === "pause") acts.push("resume");
    else if (one.state === "active") acts.push("pause");
  }
  return [...acts, "look"];
}
