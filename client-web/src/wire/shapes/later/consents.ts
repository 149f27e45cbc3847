//! What comes back for the commands of consents.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { card } from "../people.ts";

const signatoryRole = reads<p.SignatoryRole>()(v.picklist(["patient", "family", "representative", "proxy"]));

const copyHolder = reads<p.CopyHolder>()(v.picklist(["office", "patient", "physician"]));

const consentBasis = reads<p.ConsentBasis>()(
  v.picklist(["form", "existing_contract", "pre_existing_use", "own_form", "implied", "from_before"]),
);

const consentDetails = reads<p.ConsentDetails>()(
  v.object({
    signatories: v.array(
      v.object({
        role: signatoryRole,
        name: v.string(),
        address: v.string(),
        relation: may(v.string()),
        sealed: v.boolean(),
        will_confirmed: v.boolean(),
      }),
    ),
    explainer: may(v.object({ name: v.string(), office: v.string() })),
    objections: v.array(
      v.object({
        item: v.string(),
        wording: v.string(),
        evidence: may(v.picklist(["seal", "initial", "scan", "witness"])),
      }),
    ),
    waiver: may(
      v.object({
        document: v.string(),
        on: v.string(),
        clause: v.string(),
        confirmed_by: v.string(),
        covers_other_offices: v.boolean(),
      }),
    ),
    obtained_by: may(card),
    instructed: may(v.object({ by: id, on: v.string(), how: v.string() })),
    copies: v.array(v.object({ holder: copyHolder, on: v.string(), note: v.string() })),
    withdrawals: v.array(
      v.object({
        of: v.union([v.literal("whole"), v.object({ item: v.string() }), v.object({ room: id })]),
        by: signatoryRole,
        on: v.string(),
        evidence: v.string(),
        at: number,
      }),
    ),
    scans: v.array(v.object({ scan: id, media: v.string(), at: number })),
  }),
);

/** By command. */
export const replies = {
  "consents.template": reads<p.ConsentTemplate>()(
    v.object({
      rules: v.string(),
      forms: v.array(
        v.object({
          key: v.string(),
          title: v.string(),
          items: v.array(
            v.object({
              number,
              about: v.picklist(["care", "sharing", "means", "purposes", "handling"]),
              text: v.string(),
            }),
          ),
          purposes: v.boolean(),
          rights: v.boolean(),
        }),
      ),
      purposes: v.array(v.object({ number, title: v.string(), purposes: v.array(v.string()) })),
      has_remark: v.boolean(),
      kinds: v.array(v.string()),
      roles: v.array(signatoryRole),
      asks_relation: v.boolean(),
      asks_explainer: v.boolean(),
      bases: v.array(consentBasis),
      copies: v.array(copyHolder),
      two_originals: v.boolean(),
      partial: v.boolean(),
      by_physician: v.boolean(),
    }),
  ),
  "consents.of_patient": reads<p.ConsentList>()(
    v.object({
      consents: v.array(
        v.object({
          consent: id,
          state: v.picklist(["in_force", "withdrawn", "superseded"]),
          basis: consentBasis,
          form: v.string(),
          rules: v.string(),
          given_on: v.string(),
          recorded_at: number,
          withdrawn_at: may(number),
          objected: v.array(v.string()),
          open: v.array(v.picklist(["office_copy", "patient_copy", "physician_copy", "evidence"])),
          details: may(consentDetails),
        }),
      ),
      may_record: v.boolean(),
      obtainers: v.array(v.object({ affiliation: id, card, is_physician: v.boolean() })),
    }),
  ),
  "consents.record": done,
  "consents.complete": done,
  "consents.withdraw": done,
  "consents.attach": done,
  "consents.scan": reads<p.ScanDocument>()(v.object({ media: v.string(), document: v.string() })),
} satisfies Replies;
