//! What comes back for the commands of devices.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { ATTESTATIONS, deviceState } from "../devices.ts";

const deviceList = reads<p.DeviceList>()(
  v.object({
    devices: v.array(
      v.object({
        id,
        office: id,
        account: may(id),
        kind: v.picklist(["phone", "tablet", "computer"]),
        ownership: v.picklist(["office", "association_loan", "private"]),
        state: deviceState,
        os_family: v.picklist(["android", "ios", "windows", "macos", "chromeos", "linux", "other"]),
        os: v.string(),
        name: v.string(),
        attestations: v.array(v.picklist(ATTESTATIONS)),
        attested_at: number,
        stock_record: v.boolean(),
        application: may(v.string()),
        permitted: v.boolean(),
        certificates: v.array(v.object({ fingerprint: v.string(), not_after: number, revoked: v.boolean() })),
      }),
    ),
  }),
);

const howMany = reads<p.HowMany>()(v.object({ devices: number }));

/** By command. */
export const replies = {
  "devices.register": done,
  "devices.approve": done,
  "devices.list": deviceList,
  "devices.mine": deviceList,
  "devices.stop": howMany,
  "devices.release": howMany,
  "devices.retire": howMany,
  "devices.issue_certificate": reads<p.IssuedCertificate>()(
    v.object({ fingerprint: v.string(), not_after: number, pkcs12: v.string(), passphrase: v.string() }),
  ),
  "devices.certify": reads<p.CertifiedKey>()(
    v.object({ fingerprint: v.string(), not_after: number, certificate: v.string() }),
  ),
  "devices.register_certificate": done,
  "devices.revoke_certificate": done,
} satisfies Replies;
