//! What comes back for the commands of the rules.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { id, may, number, type Replies } from "../basics.ts";
import { card, signedIn } from "../people.ts";

const said = reads<p.Said>()(v.object({ ja: v.string(), en: v.string() }));

const rule = reads<p.Rule>()(
  v.object({
    number: v.string(),
    name: v.string(),
    group: reads<p.RuleGroup>()(v.picklist(["sign_in", "devices", "people", "rooms", "consent", "content"])),
    label: said,
    value: said,
    source: reads<p.RuleSource>()(v.picklist(["floor", "region", "office"])),
    clause: v.string(),
    standing: may(reads<p.RuleStanding>()(v.picklist(["exception", "differs", "below_floor"]))),
    reason: may(v.string()),
    weaker: may(v.string()),
    is_unknown: v.boolean(),
    is_assumed: v.boolean(),
  }),
);

const ruleDocument = v.object({ title: v.string(), edition: may(v.string()) });

const acknowledged = v.object({ version: v.string(), at: number });

/** By command. */
export const replies = {
  "rules.read": reads<p.RulesPage>()(
    v.object({
      region: id,
      name: v.string(),
      title: v.string(),
      issuer: v.string(),
      label: v.string(),
      issued: v.string(),
      effective_from: may(v.string()),
      version: v.string(),
      history: v.array(v.object({ version: number, label: v.string(), since: may(v.string()) })),
      amendments: v.array(v.object({ date: v.string(), article: v.string(), note: v.string() })),
      documents: v.array(ruleDocument),
      laws: v.array(v.string()),
      guidelines: v.array(ruleDocument),
      bodies: v.array(said),
      contact: v.object({
        name: v.string(),
        phone: may(v.string()),
        fax: may(v.string()),
        mail: may(v.string()),
        hours: may(v.string()),
      }),
      position: v.string(),
      unknown: v.array(v.string()),
      rules: v.array(rule),
      supplements: v.array(
        v.object({
          office: id,
          name: v.string(),
          may_change: v.boolean(),
          in_force: may(
            v.object({ version: number, recorded_at: number, text: v.string(), rules: v.array(rule) }),
          ),
        }),
      ),
      acknowledged: may(acknowledged),
      is_asked: v.boolean(),
      changes: v.array(v.object({ number: v.string(), label: said, before: said, now: said })),
    }),
  ),
  "rules.acknowledge": signedIn,
  "rules.standing": reads<p.RulesStanding>()(
    v.object({
      version: v.string(),
      missing: number,
      people: v.array(v.object({ card, acknowledged: may(acknowledged), is_current: v.boolean() })),
    }),
  ),
} satisfies Replies;
