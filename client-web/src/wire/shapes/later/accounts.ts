//! What comes back for the commands of accounts: how one gets in, what one says of oneself, who shares one.
import * as v from "valibot";
import type * as p from "../../../../../protocol/bindings/protocol.ts";
import { reads } from "../../exactly.ts";
import { done, id, may, number, type Replies } from "../basics.ts";
import { occupation, rosterPerson, signedIn } from "../people.ts";

/** By command. */
export const replies = {
  "accounts.forgot": done,
  "accounts.reset": done,
  "accounts.admin_reset": done,
  "accounts.change_email": done,
  "accounts.confirm_email": done,
  "accounts.share": done,
  "accounts.change_roster": done,
  "accounts.unshare": done,
  "accounts.roster": reads<p.Roster>()(v.object({ responsible: may(id), people: v.array(rosterPerson) })),
  "accounts.admissions": reads<p.AdmissionList>()(
    v.object({
      admissions: v.array(
        v.object({
          admission: id,
          office: v.string(),
          asked_by: v.string(),
          name: v.string(),
          kana: v.string(),
          occupation,
          asked_at: number,
          until: number,
        }),
      ),
    }),
  ),
  "accounts.accept_admission": done,
  "accounts.decline_admission": done,
  "accounts.declare_exception": done,
  "accounts.enter_by_exception": signedIn,
  "accounts.close_for": done,
  "accounts.close": done,
  "accounts.unlock": done,
  "accounts.set_state": done,
  "accounts.change_profile": done,
  "accounts.set_photo": done,
  "accounts.remove_photo": done,
  "accounts.photo": reads<p.Photo>()(v.object({ version: number, image: v.string() })),
  "accounts.faces": reads<p.FaceList>()(
    v.object({
      faces: v.array(
        v.object({
          account: id,
          photo: may(number),
        }),
      ),
    }),
  ),
} satisfies Replies;
