//! What comes back for the commands of incidents.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { deviceState } from "../devices.ts";
import { card } from "../people.ts";

const incidentList = reads<p.IncidentList>()(
  v.object({
    incidents: v.array(
      v.object({
        id,
        kind: v.picklist(["loss", "unauthorised_access", "trouble"]),
        raised_by: v.picklist(["holder", "anybody", "admin", "operator"]),
        card: may(card),
        text: may(v.string()),
        status: v.picklist(["draft", "new", "seen", "closed"]),
        at: number,
        devices: v.array(
          v.object({ device: id, name: v.string(), state: deviceState, is_named: v.boolean() }),
        ),
        steps: v.array(
          v.object({
            kind: v.picklist(["passed_on", "seen", "secured", "closed"]),
            by: v.string(),
            at: number,
            text: may(v.string()),
          }),
        ),
      }),
    ),
  }),
);

/** By command. */
export const replies = {
  "incidents.report": done,
  "incidents.report_mine": done,
  "incidents.mine": incidentList,
  "incidents.list": incidentList,
  "incidents.pass_on": done,
  "incidents.see": done,
  "incidents.secure": done,
  "incidents.close": done,
} satisfies Replies;
