//! What a browser is asked about a passkey.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";

export const passkeyBegun = reads<p.PasskeyBegun>()(v.object({ ceremony: v.string(), options: v.unknown() }));
