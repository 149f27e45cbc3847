//! An office as its administrator sees it: how each of its people stands, and what may be done about that.
import type { AccountId, Me, Millis, OfficeId, StaffSeen } from "../../../protocol/bindings/protocol.ts";
import type { Answer, Ask, CommandName, Reply } from "../wire/frame.ts";

/** What stands out about somebody, what asks for attention first. */
export type Mark = "locked" | "suspended" | "restricted" | "closed" | "not_entered" | "unused";

/** What an administrator does about an account. */
export type StaffAct = "unlock" | "restore" | "reset" | "recover" | "restrict" | "suspend" | "leave";

/** Asks the server. */
export type Asks = <Name extends CommandName>(name: Name, ask: Ask<Name>) => Promise<Answer<Reply<Name>>>;

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
  return marks;
}

/** What may be done about somebody; nobody acts on herself. */
export function actsOn(seen: StaffSeen, now: Millis, me: AccountId): readonly StaffAct[] {
  if (seen.card.account === me || seen.state === "closed") return [];
  const isLocked = marksOf(seen, now).includes("locked");
  const acts: [StaffAct, boolean][] = [
    ["unlock", isLocked],
    ["restore", seen.state !== "active"],
    ["reset", seen.state !== "suspended"],
    ["recover", seen.has_entered && seen.state !== "suspended"],
    ["restrict", seen.state === "active"],
    ["suspend", seen.state !== "suspended"],
    ["leave", true],
  ];
  return acts.flatMap(([act, may]) => (may ? [act] : []));
}

/** Whoever needs something first; otherwise as the server says it, by reading. */
export function inOrder(staff: readonly StaffSeen[], now: Millis): readonly StaffSeen[] {
  const needs = (seen: StaffSeen) => marksOf(seen, now).some((mark) => mark !== "not_entered");
  return [...staff.filter(needs), ...staff.filter((seen) => !needs(seen))];
}

/** Carries out an act, with its reason. */
export function carryOut(
  ask: Asks,
  act: Exclude<StaffAct, "recover">,
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
    case "leave":
      return ask("offices.end_affiliation", { affiliation, reason });
  }
}
