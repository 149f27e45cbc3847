//! Who may end which role, and whose page leads to it.
import { expect, it } from "vitest";
import type {
  Affiliation,
  Card,
  Me,
  OfficeRoles,
  Role,
  RoleHolder,
} from "../../../protocol/bindings/protocol.ts";
import { headedOnly, mayEnd } from "./roles.ts";

const card = (account: string): Card => ({
  id: "c",
  account,
  kind: "staff",
  name: "水上 亮",
  kana: "",
  office: "さらさ",
  occupation: "nurse",
});
const holder = (role: Role, account = "b"): RoleHolder => ({
  affiliation: "f",
  card: card(account),
  role,
  since: 0,
});
const of = (may_offer: Role[], may_record_head: boolean): OfficeRoles => ({
  holders: [],
  offered: [],
  people: [],
  may_offer,
  may_record_head,
  may_govern: false,
  governance: { is_small: false, holders: [], missing: [], lacks_committee: false },
  rules: { min_admins: 1, explained: true, admin_must_hold: [] },
});

it.each<[OfficeRoles, RoleHolder, boolean]>([
  [of(["office_admin"], false), holder("office_admin"), true],
  [of(["office_admin"], false), holder("secretariat"), false],
  [of([], false), holder("office_admin"), false],
  [of([], false), holder("office_admin", "me"), true],
  [of([], false), holder("auditor", "me"), true],
  [of([], false), holder("office_head", "me"), false],
  [of(["secretariat"], true), holder("office_head"), true],
])("who may end a role (%#)", (roles, one, expected) => {
  expect(mayEnd(roles, one, "me")).toBe(expected);
});

it("leads a head to the roles of her office, and an administrator by her own page", () => {
  const place = (office: string, roles: Role[]): Affiliation => ({
    id: office,
    region: "r",
    office,
    card: card("me"),
    roles,
  });
  const affiliations = [
    place("o1", ["office_head"]),
    place("o2", ["office_head", "office_admin"]),
    place("o3", []),
  ];
  const me = { affiliations } as unknown as Me;
  expect(headedOnly(me).map((one) => one.office)).toEqual(["o1"]);
});
