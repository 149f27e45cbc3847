//! The ledger of devices: what may be done with one, how its certificates stand, and what needs somebody first.
import type {
  Attestation,
  Device,
  DeviceCertificate,
  DeviceState,
  Millis,
  OfficeId,
  Ownership,
  Refused,
} from "../../../protocol/bindings/protocol.ts";
import { ATTESTATIONS } from "../wire/shapes/devices.ts";

export { ATTESTATIONS };

/** What an administrator does with a device. */
export type DeviceAct = "approve" | "issue" | "bind" | "release" | "stop" | "retire";

/** How a certificate stands. */
export type CertificateStanding = "good" | "soon" | "ended" | "revoked";

/** A certificate is to be renewed from so long before its end. */
const SOON_MS = 30 * 86_400_000;

const ACTS: Record<DeviceState, readonly DeviceAct[]> = {
  applied: ["approve", "stop", "retire"],
  approved: ["issue", "bind", "stop", "retire"],
  stopped: ["release", "retire"],
  retired: [],
};

const ORDER: readonly DeviceState[] = ["applied", "stopped", "approved", "retired"];

/** What may be done with a device. */
export function actsOn(device: Device): readonly DeviceAct[] {
  return ACTS[device.state];
}

/** How a certificate stands. */
export function standingOf(certificate: DeviceCertificate, now: Millis): CertificateStanding {
  if (certificate.revoked) return "revoked";
  if (certificate.not_after <= now) return "ended";
  return certificate.not_after - now <= SOON_MS ? "soon" : "good";
}

/** Devices that wait for somebody first, those given up last; otherwise as the server says it, the oldest first. */
export function inOrder(devices: readonly Device[]): readonly Device[] {
  return ORDER.flatMap((state) => devices.filter((device) => device.state === state));
}

/** Devices that a stop of all of an office would stop. */
export function runningIn(devices: readonly Device[], office: OfficeId): readonly Device[] {
  return devices.filter(
    (one) => one.office === office && (one.state === "applied" || one.state === "approved"),
  );
}

/** Whether a written permission has to be put on record before a device is let in. */
export function needsPermission(device: { ownership: Ownership; permitted: boolean }): boolean {
  return device.ownership === "private" && !device.permitted;
}

/** What a refusal says is missing from the declarations. */
export function missingIn(params: Readonly<Record<string, string>> | undefined): readonly Attestation[] {
  const named = (params?.missing ?? "").split(", ");
  return ATTESTATIONS.filter((attestation) => named.includes(attestation));
}

/** A refusal that names what is missing, with the words of the screen instead of the wire's. */
export function inWords(
  refused: Refused,
  words: Readonly<Record<Attestation, string>>,
  separator: string,
): Refused {
  const missing = missingIn(refused.params);
  if (missing.length === 0) return refused;
  const named = missing.map((attestation) => words[attestation]).join(separator);
  return { ...refused, sentence: refused.sentence.replace(refused.params?.missing ?? "", named) };
}
