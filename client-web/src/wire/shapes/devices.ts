//! How a device stands, and what is declared of one.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";

export const deviceState = reads<p.DeviceState>()(v.picklist(["applied", "approved", "stopped", "retired"]));

/** Every declaration, in the order of forms: what a person sees to, then the ways to lock from afar. */
export const ATTESTATIONS = [
  "screen_lock",
  "start_up_password",
  "virus_protection",
  "current_system",
  "official_sources",
  "permitted_apps",
  "vulnerability_check",
  "no_file_sharing",
  "safe_wifi",
  "clear_screen",
  "locked_storage",
  "privacy_filter",
  "remote_wipe",
  "line_stop",
  "device_management",
  "remote_lock_other",
] as const satisfies readonly p.Attestation[];
