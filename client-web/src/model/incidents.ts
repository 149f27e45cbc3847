//! Incidents as those who deal with them see them: what may be done with one, and what is ticked when it is secured.
import type { AccountId, DeviceId, Incident, SecureAct } from "../../../protocol/bindings/protocol.ts";

/** What is done with an incident. */
export type IncidentAct = "pass_on" | "see" | "secure" | "close";

/** Everything that may be ticked for an account, in the order of the form. */
export const SECURE_ACTS: readonly SecureAct[] = ["end_sessions", "new_password", "send_link", "suspend"];

/** What may be done with one; one about oneself is another's to deal with. */
export function actsOn(incident: Incident, me: AccountId): readonly IncidentAct[] {
  const secure: readonly IncidentAct[] = incident.card ? ["secure"] : [];
  const isOwn = incident.card?.account === me;
  switch (incident.status) {
    case "draft":
      return isOwn ? ["pass_on"] : ["pass_on", ...secure];
    case "new":
      return isOwn ? [] : ["see", ...secure];
    case "seen":
      return isOwn ? [] : ["see", ...secure, "close"];
    case "closed":
      return [];
  }
}

/** What is ticked at first: after a loss or somebody else's access whatever ends that, and the device that the report names. */
export function tickedFirst(incident: Incident): { acts: SecureAct[]; devices: DeviceId[] } {
  const named = incident.devices.filter((device) => device.is_named && device.state !== "stopped");
  return {
    acts: incident.kind === "trouble" ? [] : ["end_sessions", "new_password"],
    devices: named.map(({ device }) => device),
  };
}

/** A tick more or less; an account that is suspended gets no link. */
export function ticked(acts: readonly SecureAct[], act: SecureAct): SecureAct[] {
  if (acts.includes(act)) return acts.filter((one) => one !== act);
  const excluded: SecureAct | undefined =
    act === "suspend" ? "send_link" : act === "send_link" ? "suspend" : undefined;
  return [...acts.filter((one) => one !== excluded), act];
}
