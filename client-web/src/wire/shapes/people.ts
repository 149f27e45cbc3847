//! Who somebody is, as the server says it.
import * as v from "valibot";
import type * as p from "../../../../protocol/bindings/protocol.ts";
import { reads } from "../exactly.ts";
import { id, may, number } from "./basics.ts";

export const personKind = reads<p.PersonKind>()(v.picklist(["staff", "patient", "family"]));

export const occupation = reads<p.Occupation>()(
  v.picklist([
    "physician",
    "dentist",
    "pharmacist",
    "nurse",
    "care_manager",
    "home_helper",
    "physio",
    "occupational_therapist",
    "dietitian",
    "social_worker",
    "clerk",
    "secretariat",
    "unstated",
    "family",
    "patient",
  ]),
);

export const role = reads<p.Role>()(
  v.picklist(["office_head", "office_admin", "secretariat", "committee", "auditor"]),
);

const lang = reads<p.Lang>()(v.picklist(["ja", "en"]));

export const mark = reads<p.Mark>()(v.picklist(["verified", "confirmed"]));

export const card = reads<p.Card>()(
  v.object({
    id,
    account: id,
    kind: personKind,
    name: v.string(),
    kana: v.string(),
    office: may(v.string()),
    occupation,
    relation: may(v.string()),
    mark: may(mark),
  }),
);

export const rosterPerson = v.object({ id, name: v.string(), kana: v.string(), occupation });

export const me = reads<p.Me>()(
  v.object({
    account: id,
    kind: personKind,
    name: v.string(),
    kana: v.string(),
    lang,
    password_end: may(v.object({ at: number, must: v.boolean(), remind_days: v.array(number) })),
    affiliations: v.array(
      v.object({
        id,
        region: id,
        office: may(id),
        patient: may(id),
        card,
        roles: v.array(role),
      }),
    ),
    regions: v.array(
      v.object({
        region: id,
        name: v.string(),
        profile: v.string(),
        term_patient: v.string(),
        confirm_post: v.boolean(),
        display_name: may(v.picklist(["person", "person_office"])),
      }),
    ),
    next: may(v.array(v.picklist(["second_factor", "new_password", "acting_person", "rules"]))),
    acting: may(rosterPerson),
    roster: may(v.array(rosterPerson)),
    ends: v.object({ idle_ms: number, at: number, blank_ms: number }),
    tasks: may(
      v.array(v.picklist(["profile", "photo", "verification", "patient_confirmation", "pledge", "training"])),
    ),
    exception_until: may(number),
  }),
);

export const patient = reads<p.Patient>()(
  v.object({
    id,
    name: v.string(),
    kana: v.string(),
    birth_date: v.string(),
    sex: v.string(),
  }),
);

export const signedIn = reads<p.SignedIn>()(v.object({ me, token: may(v.string()) }));
