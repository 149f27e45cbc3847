//! The shape of what comes back for a command: at hand for the first load, fetched by its noun for what comes later.
import type * as v from "valibot";
import type { Commands } from "../../../../protocol/bindings/protocol.ts";
import { replies as first } from "./first.ts";

type Name = keyof Commands;
type NounOf<Each extends string> = Each extends `${infer Noun}.${string}` ? Noun : never;

const offices = () => import("./later/offices.ts");
const patients = () => import("./later/patients.ts");
const pledges = () => import("./later/pledges.ts");
const rooms = () => import("./later/rooms.ts");
const sessions = () => import("./later/sessions.ts");
const stewardship = () => import("./later/stewardship.ts");

/** Where the shapes of a noun's commands are, those of the first load apart. */
const LATER = {
  accounts: () => import("./later/accounts.ts"),
  consents: () => import("./later/consents.ts"),
  delegations: stewardship,
  devices: () => import("./later/devices.ts"),
  enrolments: () => import("./later/enrolments.ts"),
  erasures: () => import("./later/erasures.ts"),
  exceptions: () => import("./later/exceptions.ts"),
  incidents: () => import("./later/incidents.ts"),
  instructions: rooms,
  invitations: () => import("./later/invitations.ts"),
  offices,
  passkeys: sessions,
  patients,
  permits: rooms,
  pledges,
  reviews: stewardship,
  roles: () => import("./later/roles.ts"),
  rooms,
  rules: () => import("./later/rules.ts"),
  sessions,
  staff_changes: offices,
  stewardships: stewardship,
  trainings: pledges,
  transfers: stewardship,
  verifications: patients,
};

type Fetched<Noun> = Noun extends keyof typeof LATER
  ? Awaited<ReturnType<(typeof LATER)[Noun]>> extends { replies: infer Replies }
    ? keyof Replies
    : never
  : never;
type Shapeless = {
  [Each in Name]: Each extends keyof typeof first | Fetched<NounOf<Each>> ? never : Each;
}[Name];
// A command without a shape stops the compiler here, by its name.
true satisfies [Shapeless] extends [never] ? true : Shapeless;

type Shape = v.GenericSchema<unknown, unknown>;

const here = new Map<string, Shape>(Object.entries(first));
let isMissing = false;

/** The shape of a command's reply, once it is here. */
export function shapeOf(name: Name): Shape | undefined {
  return here.get(name);
}

/** Fetches the shape of a command's reply; false when it cannot be had. */
export async function fetchShape(name: Name): Promise<boolean> {
  const noun = name.slice(0, name.indexOf("."));
  try {
    if (!here.has(name) && isLater(noun)) {
      const { replies } = await LATER[noun]();
      for (const [each, shape] of Object.entries<Shape>(replies)) here.set(each, shape);
      isMissing = false;
    }
  } catch {
    isMissing = true;
  }
  return here.has(name);
}

/** Whether a shape was wanted last that could not be fetched. Some browsers do not try twice: the page is to be loaded anew. */
export function isShapeMissing(): boolean {
  return isMissing;
}

function isLater(noun: string): noun is keyof typeof LATER {
  return noun in LATER;
}
