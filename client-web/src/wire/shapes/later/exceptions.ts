//! What comes back for the commands of exceptions.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { card } from "../people.ts";

const exceptionKind = reads<p.ExceptionKind>()(v.picklist(["disaster", "life_or_body"]));

const exceptionBy = reads<p.ExceptionBy>()(v.picklist(["secretariat", "office_admin", "holder"]));

const exceptionOffice = v.object({ office: id, name: v.string() });

/** By command. */
export const replies = {
  "exceptions.declare": done,
  "exceptions.end": done,
  "exceptions.list": reads<p.ExceptionList>()(
    v.object({
      exceptions: v.array(
        v.object({
          exception: id,
          region: id,
          offices: v.array(exceptionOffice),
          kind: exceptionKind,
          by: exceptionBy,
          declared_by: v.string(),
          area: may(v.string()),
          reason: v.string(),
          at: number,
          until: number,
          ended_at: may(number),
          sessions: v.array(v.object({ card, client: v.string(), opened_at: number, ended_at: may(number) })),
          review: may(v.object({ by: v.string(), at: number, note: v.string() })),
          may_end: v.boolean(),
          may_review: v.boolean(),
        }),
      ),
      may_declare: v.array(
        v.object({
          region: id,
          by: exceptionBy,
          offices: v.array(exceptionOffice),
          kinds: v.array(exceptionKind),
          hours: number,
        }),
      ),
    }),
  ),
  "exceptions.review": done,
} satisfies Replies;
