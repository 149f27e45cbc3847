//! What may be done with a device, how its certificates stand, and what needs somebody first.
import { expect, it } from "vitest";
import type { Device, DeviceState } from "../../../protocol/bindings/protocol.ts";
import {
  ATTESTATIONS,
  actsOn,
  inOrder,
  inWords,
  missingIn,
  needsPermission,
  runningIn,
  standingOf,
} from "./ledger.ts";

const DAY_MS = 86_400_000;
const device = (id: string, state: DeviceState): Device => ({
  id,
  office: "o",
  kind: "phone",
  ownership: "office",
  state,
  os_family: "android",
  os: "",
  name: id,
  attestations: [],
  attested_at: 0,
  stock_record: false,
  permitted: false,
  certificates: [],
});
const all = [device("r", "retired"), device("y", "approved"), device("s", "stopped"), device("n", "applied")];

it("what waits for somebody stands first, what is given up last", () => {
  expect(inOrder(all).map(({ id }) => id)).toEqual(["n", "s", "y", "r"]);
  expect(runningIn(all, "o").map(({ id }) => id)).toEqual(["y", "n"]);
  expect(runningIn(all, "another")).toEqual([]);
});

it.each<[DeviceState, string[]]>([
  ["applied", ["approve", "stop", "retire"]],
  ["approved", ["issue", "bind", "stop", "retire"]],
  ["stopped", ["release", "retire"]],
  ["retired", []],
])("with one that is %s one may %j", (state, acts) => {
  expect(actsOn(device("d", state))).toEqual(acts);
});

it("a certificate is good, near its end from 30 days before, over at its last moment, or revoked", () => {
  const until = (not_after: number, revoked = false) =>
    standingOf({ fingerprint: "f", not_after, revoked }, 100 * DAY_MS);
  expect(until(130 * DAY_MS + 1)).toBe("good");
  expect(until(130 * DAY_MS)).toBe("soon");
  expect(until(100 * DAY_MS + 1)).toBe("soon");
  expect(until(100 * DAY_MS)).toBe("ended");
  expect(until(200 * DAY_MS, true)).toBe("revoked");
});

it("only a private device without one on record needs a permission", () => {
  expect(needsPermission({ ownership: "private", permitted: false })).toBe(true);
  expect(needsPermission({ ownership: "private", permitted: true })).toBe(false);
  expect(needsPermission({ ownership: "association_loan", permitted: false })).toBe(false);
});

it("what a refusal misses is said in the words of the screen", () => {
  const words = Object.fromEntries(ATTESTATIONS.map((one) => [one, one.toUpperCase()])) as Record<
    (typeof ATTESTATIONS)[number],
    string
  >;
  const missing = "clear_screen, safe_wifi";
  const refused = { code: "c", sentence: `Missing (${missing}).`, next: "", params: { missing } };
  expect(missingIn(refused.params)).toEqual(["safe_wifi", "clear_screen"]);
  expect(inWords(refused, words, " and ").sentence).toBe("Missing (SAFE_WIFI and CLEAR_SCREEN).");
  const other = { code: "c", sentence: "No.", next: "" };
  expect(inWords(other, words, ", ")).toEqual(other);
  expect(missingIn({ missing: "what_is_this" })).toEqual([]);
});
