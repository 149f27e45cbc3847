//! What comes back for the commands of patients and verifications.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { card, occupation, patient } from "../people.ts";

const verifications = reads<p.VerificationList>()(
  v.object({
    verifications: v.array(
      v.object({
        verification: id,
        card,
        occupation,
        state: v.picklist(["asked", "approved", "rejected", "lapsed"]),
        asked_at: number,
        decided_at: may(number),
        reason: may(v.string()),
        has_document: v.boolean(),
      }),
    ),
  }),
);

/** By command. */
export const replies = {
  "verifications.ask": done,
  "verifications.mine": verifications,
  "verifications.waiting": verifications,
  "verifications.document": reads<p.VerificationDocument>()(v.object({ image: v.string() })),
  "verifications.decide": done,
  "patients.register": done,
  "patients.list": reads<p.PatientList>()(
    v.object({
      patients: v.array(
        v.object({
          patient,
          takes_part: v.boolean(),
          may_correct: v.boolean(),
          accounts: v.array(
            v.object({
              affiliation: id,
              card,
              is_asked: v.boolean(),
              confirmation: may(
                v.object({
                  confirmation: id,
                  method: v.picklist(["in_person", "document", "phone", "family", "other"]),
                  on: v.string(),
                  note: may(v.string()),
                  by: card,
                  at: number,
                }),
              ),
            }),
          ),
        }),
      ),
      correctors: v.array(v.object({ office: id, staff: v.array(v.object({ affiliation: id, card })) })),
    }),
  ),
  "patients.confirm_account": done,
  "patients.withdraw_confirmation": done,
  "patients.correct": done,
  "patients.corrections": reads<p.CorrectionList>()(
    v.object({
      corrections: v.array(
        v.object({
          correction: id,
          before: patient,
          after: patient,
          reason: v.string(),
          by: card,
          at: number,
        }),
      ),
    }),
  ),
  "patients.name_corrector": done,
  "patients.release_corrector": done,
} satisfies Replies;
