//! What comes back for the commands of offices, their staff and what changed among them.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { refused } from "../frames.ts";
import { invitation } from "../invitation.ts";
import { card, patient, role } from "../people.ts";
import { member, roomKind, roomState } from "../rooms.ts";

const staffList = reads<p.StaffList>()(
  v.object({
    staff: v.array(
      v.object({
        affiliation: id,
        card,
        roles: v.array(role),
        state: v.picklist(["active", "restricted", "suspended", "closed"]),
        has_entered: v.boolean(),
        is_shared: v.boolean(),
        may_be_shared: v.boolean(),
        locked_until: may(number),
        unused_since: may(number),
        last_act: may(number),
      }),
    ),
  }),
);

/** By command. */
export const replies = {
  "offices.of_region": reads<p.OfficeList>()(
    v.object({
      offices: v.array(
        v.object({
          office: id,
          region: id,
          name: v.string(),
          people: number,
          admins: v.array(card),
          is_administered: v.boolean(),
        }),
      ),
    }),
  ),
  "offices.staff": staffList,
  "offices.register_staff": done,
  "offices.end_affiliation": done,
  "offices.bar": done,
  "offices.lift_bar": done,
  "offices.readers": reads<p.ReaderList>()(
    v.object({ readers: v.array(v.object({ card, timelines: number, barred_since: may(number) })) }),
  ),
  "offices.timelines": reads<p.TimelineList>()(
    v.object({
      timelines: v.array(
        v.object({
          room: id,
          kind: roomKind,
          state: roomState,
          patient,
          members: v.array(member),
          proposed: v.array(invitation),
          silent_since: may(number),
        }),
      ),
    }),
  ),
  "offices.leavers": reads<p.LeaverList>()(
    v.object({
      leavers: v.array(
        v.object({
          card,
          left_at: number,
          rooms_left: number,
          devices: number,
          unclosed_since: may(number),
          is_overdue: v.boolean(),
        }),
      ),
      cases: v.array(v.object({ card, until: number })),
    }),
  ),
  "offices.admit": done,
  "offices.supplement": done,
  "staff_changes.list": reads<p.StaffChangeList>()(
    v.object({
      changes: v.array(
        v.object({
          change: id,
          office: id,
          kind: v.picklist(["added", "changed", "left"]),
          before: may(card),
          after: may(card),
          forms: v.array(
            v.picklist([
              "application",
              "head_pledge",
              "admin_pledge",
              "staff_pledge",
              "id_request",
              "change_notice",
              "any_notice",
              "role_explanation",
            ]),
          ),
          at: number,
          processed_at: may(number),
          is_overdue: v.boolean(),
        }),
      ),
    }),
  ),
  "staff_changes.process": done,
  "offices.import_roster": reads<p.RosterImported>()(
    v.object({
      is_written: v.boolean(),
      rows: v.array(
        v.object({
          line: number,
          name: v.string(),
          outcome: v.picklist(["new", "stands", "bad"]),
          column: may(v.string()),
          refused: may(refused),
        }),
      ),
    }),
  ),
  "offices.second_factor_status": reads<p.SecondFactorStatus>()(
    v.object({
      wanted: v.picklist(["off", "optional", "required"]),
      from: may(number),
      without: v.array(card),
      people: number,
    }),
  ),
} satisfies Replies;
