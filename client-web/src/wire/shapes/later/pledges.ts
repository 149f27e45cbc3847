//! What comes back for the commands of pledges and trainings.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { card } from "../people.ts";

const addressee = reads<p.Addressee>()(v.picklist(["office_head", "association"]));

const pledgeSeen = reads<p.PledgeSeen>()(
  v.object({
    affiliation: id,
    card,
    since: number,
    is_missing: v.boolean(),
    way: may(v.picklist(["given", "paper", "waived"])),
    on: may(v.string()),
    version: may(v.string()),
    original_with: may(v.string()),
    copy_with: may(v.string()),
    document: may(v.string()),
  }),
);

/** By command. */
export const replies = {
  "pledges.mine": reads<p.MyPledges>()(
    v.object({
      sheets: v.array(
        v.object({
          affiliation: id,
          card,
          version: v.string(),
          points: v.array(v.string()),
          damages: v.string(),
          to: addressee,
          is_due: v.boolean(),
          lacks_training: v.boolean(),
          given_on: may(v.string()),
          trained_on: may(v.string()),
          is_training_overdue: v.boolean(),
        }),
      ),
    }),
  ),
  "pledges.give": done,
  "pledges.record": done,
  "pledges.of_office": reads<p.PledgeList>()(
    v.object({
      office: id,
      version: v.string(),
      to: addressee,
      may_be_waived: v.boolean(),
      people: v.array(pledgeSeen),
      left: v.array(pledgeSeen),
    }),
  ),
  "trainings.record": done,
  "trainings.declare": done,
  "trainings.confirm": done,
  "trainings.reject": done,
  "trainings.of_office": reads<p.TrainingList>()(
    v.object({
      is_gate: v.boolean(),
      months: number,
      trainings: v.array(
        v.object({
          training: id,
          title: v.string(),
          way: v.picklist(["course", "video"]),
          topics: v.array(v.picklist(["privacy", "devices", "rules", "usage"])),
          on: v.string(),
          state: v.picklist(["held", "declared", "rejected"]),
          attended: v.array(id),
        }),
      ),
      people: v.array(
        v.object({
          affiliation: id,
          card,
          trained_on: may(v.string()),
          is_overdue: v.boolean(),
          is_kept_out: v.boolean(),
        }),
      ),
    }),
  ),
} satisfies Replies;
