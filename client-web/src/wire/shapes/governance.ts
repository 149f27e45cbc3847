//! Who answers for what in an office (of the rules on information security).
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";

export const governanceRole = reads<p.GovernanceRole>()(
  v.picklist(["safety_manager", "operation_manager", "system_manager", "privacy_officer", "audit_officer"]),
);
