//! An office as its administrator sees it: how each of its people stands, and what may be done about that.
import type {
  AccountId,
  Me,
  Millis,
  Occupation,
  OfficeId,
  RoomCard,
  StaffSeen,
} from "../../../protocol/bindings/protocol.ts";
import type { Answer, Ask, CommandName, Reply } from "../wire/frame.ts";

/** What stands out about somebody, what asks for attention first. */
export type Mark = "locked" | "suspended" | "restricted" | "closed" | "not_entered" | "unused" | "shared";

/** What is done about an account. */
export type StaffAct =
  | "unlock"
  | "restore"
  | "reset"
  | "recover"
  | "restrict"
  | "suspend"
  | "share"
  | "roster"
  | "unshare"
  | "leave";

/** What somebody is to an office: one of its administrators, or of the desk of its region. */
export type Standing = "admin" | "desk";

/** What the desk does; the rest is the office's own. */
const OF_DESK: readonly StaffAct[] = ["unlock", "restore", "reset", "restrict", "suspend"];

/** Asks the server. */
export type Asks = <Name extends CommandName>(name: Name, ask: Ask<Name>) => Promise<Answer<Reply<Name>>>;

/** The occupations of people who work for an office, in the order in which forms show them. */
export const OFFICE_OCCUPATIONS: readonly Occupation[] = [
  "physician",
  "dentist",
  "pharmacist",
  "nurse",
  "care_manager",
  "home_helper",
  "physio",
  "occupational_therapist",
  "dietitian",
  "social_worker",
  "clerk",
];

/** The offices somebody administers, with their names. */
export function administered(me: Me): { office: OfficeId; name: string }[] {
  return me.affiliations.flatMap(({ office, card, roles }) =>
    office !== undefined && roles.includes("office_admin") ? [{ office, name: card.office ?? "" }] : [],
  );
}

/** Whether incidents are hers to deal with: an administrator's, or the secretariat's. */
export function dealsWith(me: Me): boolean {
  return me.affiliations.some(({ roles }) => roles.includes("office_admin") || roles.includes("secretariat"));
}

/** What stands out about somebody now. */
export function marksOf(seen: StaffSeen, now: Millis): readonly Mark[] {
  const marks: Mark[] = [];
  if (seen.locked_until !== undefined && seen.locked_until > now) marks.push("locked");
  if (seen.state !== "active") marks.push(seen.state);
  if (!seen.has_entered) marks.push("not_entered");
  else if (seen.unused_since !== undefined) marks.push("unused");
  if (seen.is_shared) marks.push("shared");
  return marks;
}

/** Who may answer for a shared account: somebody else of the office who has come in and may act. */
export function mayAnswerFor(seen: StaffSeen, staff: readonly StaffSeen[]): readonly StaffSeen[] {
  return staff.filter((one) => one !== seen && one.state === "active" && one.has_entered && !one.is_shared);
}

/** Whether somebody is of the desk of a region. */
export function isOfDesk(me: Me): boolean {
  return me.affiliations.some(({ roles }) => roles.includes("secretariat"));
}

/** Whether she may well decide who belongs to a room: she administers the office that answers for it. The server knows. */
export function mayDecideAbout(card: RoomCard, me: Me): boolean {
  const mine = administered(me);
  return card.kind === "free_group" ? mine.length > 0 : mine.some(({ name }) => name === card.steward);
}

/** What may be done about somebody; nobody acts on herself. */
export function actsOn(seen: StaffSeen, now: Millis, me: AccountId, as: Standing): readonly StaffAct[] {
  if (seen.card.account === me || seen.state === "closed") return [];
  const isLocked = marksOf(seen, now).includes("locked");
  const acts: [StaffAct, boolean][] = [
    ["unlock", isLocked],
    ["restore", seen.state !== "active"],
    ["reset", seen.state !== "suspended"],
    ["recover", seen.has_entered && seen.state !== "suspended"],
    ["restrict", seen.state === "active"],
    ["suspend", seen.state !== "suspended"],
    ["share", seen.may_be_shared],
    ["roster", seen.is_shared],
    ["unshare", seen.is_shared],
    ["leave", true],
  ];
  return acts.flatMap(([act, may]) => (may && (as === "admin" || OF_DESK.includes(act)) ? [act] : []));
}

/** Marks that ask for nobody's attention. */
export const QUIET: readonly Mark[] = ["not_entered", "shared"];

/** Whoever needs something first; otherwise as the server says it, by reading. */
export function inOrder(staff: readonly StaffSeen[], now: Millis): readonly StaffSeen[] {
  const needs = (seen: StaffSeen) => marksOf(seen, now).some((mark) => !QUIET.includes(mark));
  return [...staff.filter(needs), ...staff.filter((seen) => !needs(seen))];
}

/** Carries out an act, with its reason. */
export function carryOut(
  ask: Asks,
  act: Exclude<StaffAct, "recover" | "share" | "roster">,
  { affiliation, card: { account } }: StaffSeen,
  reason: string,
): Promise<Answer<unknown>> {
  switch (act) {
    case "unlock":
      return ask("accounts.unlock", { account, reason });
    case "reset":
      return ask("accounts.admin_reset", { account, reason });
    case "restore":
      return ask("accounts.set_state", { account, state: "active", reason });
    case "restrict":
      return ask("accounts.set_state", { account, state: "restricted", reason });
    case "suspend":
      return ask("accounts.set_state", { account, state: "suspended", reason });
    case "unshare":
      return ask("accounts.unshare", { account, reason });
    case "leave":
      return ask("offices.end_affiliation", { affiliation, reason });
  }
}
