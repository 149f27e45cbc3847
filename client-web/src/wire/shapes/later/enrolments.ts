//! What comes back for the commands of enrolments.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { governanceRole } from "../governance.ts";
import { occupation } from "../people.ts";

const paperKind = reads<p.PaperKind>()(v.picklist(["application", "head_pledge", "admin_pledge"]));

const enrolmentItem = reads<p.EnrolmentItem>()(
  v.picklist([
    "office",
    "people",
    "earlier_id",
    "involvement",
    "application",
    "head_pledge",
    "admin_pledge",
    "admins",
    "explanation",
    "duty",
  ]),
);

const enrolmentForm = reads<p.EnrolmentForm>()(
  v.object({
    name: v.string(),
    kana: v.string(),
    kind: v.picklist([
      "hospital",
      "clinic",
      "dental_clinic",
      "pharmacy",
      "nursing_station",
      "care_planning",
      "home_care",
      "care_facility",
      "community_support",
      "other",
    ]),
    municipality: v.string(),
    postal_code: v.string(),
    address: v.string(),
    phone: v.string(),
    fax: may(v.string()),
    head: v.string(),
    dated: v.string(),
    earlier_id: may(v.object({ is_issued: v.boolean(), by: may(v.string()) })),
    works_with: may(v.string()),
    people: v.array(
      v.object({
        affiliation: id,
        name: v.string(),
        kana: v.string(),
        occupation,
        sex: may(v.string()),
        email: v.string(),
        is_head: v.boolean(),
        is_admin: v.boolean(),
        explained_on: may(v.string()),
        holds: may(governanceRole),
      }),
    ),
    signs_application: v.boolean(),
    signs_pledge: v.boolean(),
  }),
);

const enrolment = reads<p.EnrolmentSeen>()(
  v.object({
    enrolment: id,
    region: id,
    office: id,
    name: v.string(),
    state: v.picklist(["draft", "submitted", "returned", "accepted", "withdrawn"]),
    email: may(v.string()),
    form: may(enrolmentForm),
    is_outside: v.boolean(),
    papers: v.array(
      v.object({
        kind: paperKind,
        affiliation: may(id),
        how: v.picklist(["seal", "signature", "electronic"]),
        signed_on: v.string(),
        received_on: may(v.string()),
        copy_kept_on: may(v.string()),
      }),
    ),
    visit: may(
      v.object({
        on: v.string(),
        visitor: v.string(),
        confirmed_by: v.string(),
        affiliation_seen: v.boolean(),
        consent_seen: v.boolean(),
      }),
    ),
    reasons: v.array(v.object({ item: enrolmentItem, words: v.string() })),
    missing: v.array(v.object({ item: enrolmentItem, affiliation: may(id) })),
    rules: v.object({
      papers: v.array(paperKind),
      area: v.array(v.string()),
      asks_earlier_id: v.boolean(),
      asks_involvement: v.boolean(),
      visit_instead: v.boolean(),
      min_admins: number,
      explained: v.boolean(),
      admin_must_hold: v.array(governanceRole),
    }),
    link_until: number,
    opened_at: number,
    submitted_at: may(number),
    decided_at: may(number),
  }),
);

/** By command. */
export const replies = {
  "enrolments.open": done,
  "enrolments.list": reads<p.EnrolmentList>()(v.object({ enrolments: v.array(enrolment) })),
  "enrolments.write": done,
  "enrolments.record_paper": done,
  "enrolments.record_visit": done,
  "enrolments.accept": done,
  "enrolments.return": done,
  "enrolments.withdraw": done,
  "enrolments.send_link": done,
  "enrolments.form": enrolment,
  "enrolments.fill": done,
  "enrolments.submit": done,
} satisfies Replies;
