//! What may be done with an incident, and what is ticked.
import { expect, it } from "vitest";
import type { Card, Incident, IncidentStatus } from "../../../protocol/bindings/protocol.ts";
import { actsOn, ticked, tickedFirst } from "./incidents.ts";

const card = { account: "nurse" } as unknown as Card;
const incident = (status: IncidentStatus, more: Partial<Incident> = {}): Incident => ({
  id: "i",
  kind: "loss",
  raised_by: "anybody",
  card,
  status,
  at: 0,
  devices: [],
  steps: [],
  ...more,
});

it.each([
  ["draft", ["pass_on", "secure"], ["pass_on"]],
  ["new", ["see", "secure"], []],
  ["seen", ["see", "secure", "close"], []],
  ["closed", [], []],
] as const)("what is done with one that is %s, and by whom it is about", (status, others, own) => {
  expect(actsOn(incident(status), "admin")).toEqual(others);
  expect(actsOn(incident(status), "nurse")).toEqual(own);
});

it("one about no account has nothing to secure", () => {
  const { card: _, ...about } = incident("seen", { kind: "trouble" });
  expect(actsOn(about, "admin")).toEqual(["see", "close"]);
});

it("what is ticked at first ends what is going on, and stops the device that still runs", () => {
  const device = (id: string, state: "approved" | "stopped", is_named: boolean) => ({
    device: id,
    name: id,
    state,
    is_named,
  });
  const devices = [
    device("a", "approved", true),
    device("b", "approved", false),
    device("c", "stopped", true),
  ];
  expect(tickedFirst(incident("new", { devices }))).toEqual({
    acts: ["end_sessions", "new_password"],
    devices: ["a"],
  });
  expect(tickedFirst(incident("new", { kind: "trouble" }))).toEqual({ acts: [], devices: [] });
});

it("an account is suspended or gets a link, never both", () => {
  expect(ticked(["end_sessions"], "suspend")).toEqual(["end_sessions", "suspend"]);
  expect(ticked(["end_sessions", "suspend"], "send_link")).toEqual(["end_sessions", "send_link"]);
  expect(ticked(["send_link"], "suspend")).toEqual(["suspend"]);
  expect(ticked(["suspend"], "suspend")).toEqual([]);
});
