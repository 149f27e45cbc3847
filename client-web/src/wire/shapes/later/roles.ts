//! What comes back for the commands of roles.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { governanceRole } from "../governance.ts";
import { card, role } from "../people.ts";

const appointment = reads<p.AppointmentSeen>()(
  v.object({
    appointment: id,
    card,
    role,
    offered_by: may(v.string()),
    explained_on: may(v.string()),
    holds: may(governanceRole),
    offered_at: number,
    until: number,
  }),
);

const roleHolder = reads<p.RoleHolder>()(
  v.object({
    affiliation: id,
    card,
    role,
    since: number,
    appointed_by: may(v.string()),
    explained_on: may(v.string()),
  }),
);

/** By command. */
export const replies = {
  "roles.of_office": reads<p.OfficeRoles>()(
    v.object({
      holders: v.array(roleHolder),
      offered: v.array(appointment),
      people: v.array(v.object({ affiliation: id, card })),
      may_offer: v.array(role),
      may_record_head: v.boolean(),
      may_govern: v.boolean(),
      governance: v.object({
        is_small: v.boolean(),
        holders: v.array(v.object({ role: governanceRole, affiliation: id })),
        committee_rules_on: may(v.string()),
        missing: v.array(governanceRole),
        lacks_committee: v.boolean(),
      }),
      rules: v.object({
        min_admins: number,
        explained: v.boolean(),
        admin_must_hold: v.array(governanceRole),
      }),
    }),
  ),
  "roles.of_region": reads<p.RegionRoles>()(
    v.object({ holders: v.array(roleHolder), offered: v.array(appointment) }),
  ),
  "roles.propose": done,
  "roles.withdraw": done,
  "roles.mine": reads<p.AppointmentList>()(v.object({ appointments: v.array(appointment) })),
  "roles.accept": done,
  "roles.decline": done,
  "roles.end": done,
  "roles.record_head": done,
  "roles.set_governance": done,
} satisfies Replies;
