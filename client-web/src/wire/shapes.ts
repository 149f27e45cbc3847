//! What the server says, checked as it arrives: one schema per shape of the protocol, reading exactly the generated type.
//!
//! Unknown fields are dropped, since a newer server may say more. A shape that does not fit is never half-used.
import * as v from "valibot";
import type * as p from "../../../protocol/bindings/protocol.ts";
import { type Reads, reads } from "./exactly.ts";

const id = v.string();
const number = v.pipe(v.number(), v.safeInteger());
const may = v.exactOptional;

const personKind = reads<p.PersonKind>()(v.picklist(["staff", "patient", "family"]));
const occupation = reads<p.Occupation>()(
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
const noticeKind = reads<p.NoticeKind>()(
  v.picklist([
    "locked",
    "unlocked",
    "staff_locked",
    "signed_in_new_device",
    "password_changed",
    "password_reset_asked",
    "email_changed",
    "email_change_asked",
    "suspended",
    "restricted",
    "restored",
    "closed",
    "enrolment_submitted",
    "enrolment_accepted",
    "affiliation_ended",
    "retired",
    "barred",
    "bar_lifted",
    "support_case",
    "staff_support_case",
    "left_unclosed",
    "admission_asked",
    "admission_accepted",
    "admission_declined",
    "factor_added",
    "factor_removed",
    "device_stopped",
    "loss_reported",
    "access_suspected",
    "access_reported",
    "incident_raised",
    "incident_waits",
    "incident_seen",
    "incident_closed",
    "secured",
    "staff_secured",
    "two_at_once",
    "verification_asked",
    "verified",
    "verification_rejected",
    "mark_fallen",
    "invitation_proposed",
    "invited",
    "invitation_rejected",
    "invitation_declined",
    "erasure_asked",
    "room_erased",
    "erasure_certified",
    "backup_failed",
    "released",
    "member_retired",
    "privilege_attempts",
    "timeline_due",
    "timeline_wanted",
    "transfer_proposed",
    "transfer_accepted",
    "transfer_declined",
    "transfer_ended",
    "steward_changed",
    "delegation_given",
    "delegation_begun",
    "delegation_ended",
    "review_due",
    "review_overdue",
    "account_confirmed",
    "confirmation_ended",
    "role_offered",
    "role_taken",
    "role_declined",
    "head_recorded",
    "role_ended",
    "staff_role_ended",
    "opening_asked",
    "opening_approved",
    "opening_rejected",
    "instructed",
    "timeline_exists",
    "physician_gone",
    "exception_declared",
    "exception_over",
    "staff_changed",
    "training_declared",
  ]),
);
const role = reads<p.Role>()(
  v.picklist(["office_head", "office_admin", "secretariat", "committee", "auditor"]),
);
const lang = reads<p.Lang>()(v.picklist(["ja", "en"]));
const roomKind = reads<p.RoomKind>()(
  v.picklist(["timeline_staff", "timeline_with_recipient", "free_group", "connection"]),
);
const roomState = reads<p.RoomState>()(
  v.picklist(["proposed", "active", "archived", "draft", "paused", "erased"]),
);
const waitsFor = reads<p.WaitsFor>()(v.picklist(["approval", "physician", "control", "pause"]));
const memberState = reads<p.MemberState>()(v.picklist(["invited", "member", "left"]));

const mark = reads<p.Mark>()(v.picklist(["verified", "confirmed"]));

const card = reads<p.Card>()(
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

const governanceRole = reads<p.GovernanceRole>()(
  v.picklist(["safety_manager", "operation_manager", "system_manager", "privacy_officer", "audit_officer"]),
);
const appointment = reads<p.AppointmentSeen>()(
  v.object({
    appointment: id,
    card,
    role,
    offered_by: may(v.string()),
    explained_on: may(v.string()),
    holds: may(governanceRole),
    offered_at: number,
    until: number,
  }),
);
const paperKind = reads<p.PaperKind>()(v.picklist(["application", "head_pledge", "admin_pledge"]));
const enrolmentItem = reads<p.EnrolmentItem>()(
  v.picklist([
    "office",
    "people",
    "earlier_id",
    "involvement",
    "application",
    "head_pledge",
    "admin_pledge",
    "admins",
    "explanation",
    "duty",
  ]),
);
const enrolmentForm = reads<p.EnrolmentForm>()(
  v.object({
    name: v.string(),
    kana: v.string(),
    kind: v.picklist([
      "hospital",
      "clinic",
      "dental_clinic",
      "pharmacy",
      "nursing_station",
      "care_planning",
      "home_care",
      "care_facility",
      "community_support",
      "other",
    ]),
    municipality: v.string(),
    postal_code: v.string(),
    address: v.string(),
    phone: v.string(),
    fax: may(v.string()),
    head: v.string(),
    dated: v.string(),
    earlier_id: may(v.object({ is_issued: v.boolean(), by: may(v.string()) })),
    works_with: may(v.string()),
    people: v.array(
      v.object({
        affiliation: id,
        name: v.string(),
        kana: v.string(),
        occupation,
        sex: may(v.string()),
        email: v.string(),
        is_head: v.boolean(),
        is_admin: v.boolean(),
        explained_on: may(v.string()),
        holds: may(governanceRole),
      }),
    ),
    signs_application: v.boolean(),
    signs_pledge: v.boolean(),
  }),
);
const enrolment = reads<p.EnrolmentSeen>()(
  v.object({
    enrolment: id,
    region: id,
    office: id,
    name: v.string(),
    state: v.picklist(["draft", "submitted", "returned", "accepted", "withdrawn"]),
    email: may(v.string()),
    form: may(enrolmentForm),
    is_outside: v.boolean(),
    papers: v.array(
      v.object({
        kind: paperKind,
        affiliation: may(id),
        how: v.picklist(["seal", "signature", "electronic"]),
        signed_on: v.string(),
        received_on: may(v.string()),
        copy_kept_on: may(v.string()),
      }),
    ),
    visit: may(
      v.object({
        on: v.string(),
        visitor: v.string(),
        confirmed_by: v.string(),
        affiliation_seen: v.boolean(),
        consent_seen: v.boolean(),
      }),
    ),
    reasons: v.array(v.object({ item: enrolmentItem, words: v.string() })),
    missing: v.array(v.object({ item: enrolmentItem, affiliation: may(id) })),
    rules: v.object({
      papers: v.array(paperKind),
      area: v.array(v.string()),
      asks_earlier_id: v.boolean(),
      asks_involvement: v.boolean(),
      visit_instead: v.boolean(),
      min_admins: number,
      explained: v.boolean(),
      admin_must_hold: v.array(governanceRole),
    }),
    link_until: number,
    opened_at: number,
    submitted_at: may(number),
    decided_at: may(number),
  }),
);
const roleHolder = reads<p.RoleHolder>()(
  v.object({
    affiliation: id,
    card,
    role,
    since: number,
    appointed_by: may(v.string()),
    explained_on: may(v.string()),
  }),
);

const addressee = reads<p.Addressee>()(v.picklist(["office_head", "association"]));
const pledgeSeen = reads<p.PledgeSeen>()(
  v.object({
    affiliation: id,
    card,
    since: number,
    is_missing: v.boolean(),
    way: may(v.picklist(["given", "paper", "waived"])),
    on: may(v.string()),
    version: may(v.string()),
    original_with: may(v.string()),
    copy_with: may(v.string()),
    document: may(v.string()),
  }),
);

const rosterPerson = v.object({ id, name: v.string(), kana: v.string(), occupation });

const me = reads<p.Me>()(
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

const sessionList = reads<p.SessionList>()(
  v.object({
    sessions: v.array(
      v.object({
        session: id,
        is_this: v.boolean(),
        factors: v.array(v.picklist(["password", "passkey", "certificate", "link"])),
        opened_at: number,
        last_act: number,
        client: v.string(),
      }),
    ),
  }),
);

const staffList = reads<p.StaffList>()(
  v.object({
    staff: v.array(
      v.object({
        affiliation: id,
        card,
        roles: v.array(role),
        state: v.picklist(["active", "restricted", "suspended", "closed"]),
        has_entered: v.boolean(),
        is_shared: v.boolean(),
        may_be_shared: v.boolean(),
        locked_until: may(number),
        unused_since: may(number),
        last_act: may(number),
      }),
    ),
  }),
);

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
const exceptionKind = reads<p.ExceptionKind>()(v.picklist(["disaster", "life_or_body"]));
const exceptionBy = reads<p.ExceptionBy>()(v.picklist(["secretariat", "office_admin", "holder"]));
const exceptionOffice = v.object({ office: id, name: v.string() });

const member = reads<p.Member>()(v.object({ card, state: memberState, from_position: number }));

const patient = reads<p.Patient>()(
  v.object({
    id,
    name: v.string(),
    kana: v.string(),
    birth_date: v.string(),
    sex: v.string(),
  }),
);
const readsBack = reads<p.History>()(v.picklist(["from_joining", "from_start"]));
const invitation = reads<p.Invitation>()(
  v.object({
    invitation: id,
    room: id,
    person: card,
    lacks: v.array(
      reads<p.ProfilePart>()(v.picklist(["name", "office", "occupation", "photo", "verified", "confirmed"])),
    ),
    by: card,
    involvement: v.string(),
    message: v.string(),
    history: readsBack,
    state: reads<p.InvitationState>()(
      v.picklist(["proposed", "approved", "accepted", "rejected", "withdrawn", "declined", "lapsed"]),
    ),
    proposed_at: number,
    until: number,
    reason: may(v.string()),
  }),
);

const readerCount = reads<p.ReaderCount>()(
  v.object({
    staff: number,
    family: number,
    patient: number,
  }),
);

const roomConsent = reads<p.RoomConsent>()(
  v.picklist(["in_force", "missing", "inside", "excluded", "withdrawn", "stopped"]),
);

const roomCard = reads<p.RoomCard>()(
  v.object({
    id,
    region: id,
    kind: roomKind,
    state: roomState,
    waits_for: may(waitsFor),
    membership: memberState,
    patient: may(id),
    title: may(v.string()),
    aim: may(v.string()),
    other: may(card),
    steward: may(v.string()),
    consent: may(roomConsent),
    delegate: may(v.string()),
    readers: readerCount,
    change: number,
    last_position: number,
    read_position: number,
    unread: number,
    last: may(v.object({ by: v.string(), text: v.string(), at: number })),
    agreement: may(v.object({ version: number, hours: may(v.string()), acknowledged: v.boolean() })),
  }),
);

const post = reads<p.Post>()(
  v.object({
    id,
    room: id,
    position: number,
    change: number,
    author: card,
    stored_at: number,
    written_at: may(number),
    reply_to: may(id),
    about: may(id),
    content: v.variant("kind", [
      v.object({ kind: v.literal("text"), text: v.string() }),
      v.object({ kind: v.literal("undecodable") }),
    ]),
  }),
);

const page = reads<p.Page>()(
  v.object({
    posts: v.array(post),
    more_before: v.boolean(),
    more_after: v.boolean(),
  }),
);
const receipt = reads<p.Receipt>()(v.object({ account: id, position: number }));
const done = reads<p.Done>()(v.record(v.string(), v.never()));
const roomMade = reads<p.RoomMade>()(v.object({ room: id, state: roomState, change: number }));

const signedIn = reads<p.SignedIn>()(v.object({ me, token: may(v.string()) }));

const passkeyBegun = reads<p.PasskeyBegun>()(v.object({ ceremony: v.string(), options: v.unknown() }));
const passkeyList = reads<p.PasskeyList>()(
  v.object({
    passkeys: v.array(
      v.object({ passkey: id, name: v.string(), created_at: number, last_used_at: may(number) }),
    ),
    most: number,
  }),
);

/** Why something was not done, in the reader's language. */
export const refused = reads<p.Refused>()(
  v.object({
    code: v.string(),
    params: may(v.record(v.string(), v.string())),
    sentence: v.string(),
    next: v.string(),
    retry_after_ms: may(number),
  }),
);

/** The server's first frame. */
export const welcome = reads<p.Welcome>()(
  v.object({
    protocol: number,
    server: v.string(),
    now: number,
    me,
    stale: v.array(v.object({ room: id, change: number, last_position: number })),
    gone: v.array(id),
  }),
);

/** Something happened. */
export const event = reads<p.Event>()(
  v.variant("event", [
    v.object({ event: v.literal("posted"), change: number, post }),
    v.object({ event: v.literal("member_changed"), room: id, change: number, member }),
    v.object({ event: v.literal("room_changed"), room: id, change: number, state: roomState }),
    v.object({ event: v.literal("consent_changed"), room: id, change: number, consent: roomConsent }),
    v.object({ event: v.literal("room_added"), room: id }),
    v.object({ event: v.literal("receipts"), room: id, receipts: v.array(receipt) }),
    v.object({ event: v.literal("read"), room: id, position: number }),
    v.object({ event: v.literal("noticed") }),
    v.object({ event: v.literal("behind") }),
  ]),
);

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

/** What a close frame's reason says. */
export const closeReason = reads<p.CloseReason>()(v.object({ retry_after_ms: may(number) }));

const deviceState = reads<p.DeviceState>()(v.picklist(["applied", "approved", "stopped", "retired"]));
const incidentList = reads<p.IncidentList>()(
  v.object({
    incidents: v.array(
      v.object({
        id,
        kind: v.picklist(["loss", "unauthorised_access", "trouble"]),
        raised_by: v.picklist(["holder", "anybody", "admin", "operator"]),
        card: may(card),
        text: may(v.string()),
        status: v.picklist(["draft", "new", "seen", "closed"]),
        at: number,
        devices: v.array(
          v.object({ device: id, name: v.string(), state: deviceState, is_named: v.boolean() }),
        ),
        steps: v.array(
          v.object({
            kind: v.picklist(["passed_on", "seen", "secured", "closed"]),
            by: v.string(),
            at: number,
            text: may(v.string()),
          }),
        ),
      }),
    ),
  }),
);
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

/** What comes back for each command. */
export const replies = {
  "accounts.sign_in": signedIn,
  "accounts.enter": signedIn,
  "service.about": reads<p.About>()(
    v.object({
      official: v.string(),
      sender: may(v.string()),
      support: may(v.string()),
      staff_domain: may(v.string()),
      terms: v.string(),
      passkey_alone: v.boolean(),
    }),
  ),
  "accounts.forgot": done,
  "accounts.reset": done,
  "accounts.admin_reset": done,
  "accounts.change_email": done,
  "accounts.confirm_email": done,
  "accounts.change_password": signedIn,
  "accounts.prove": signedIn,
  "accounts.act_as": signedIn,
  "accounts.share": done,
  "accounts.change_roster": done,
  "accounts.unshare": done,
  "accounts.roster": reads<p.Roster>()(v.object({ responsible: may(id), people: v.array(rosterPerson) })),
  "accounts.sign_out": done,
  "accounts.me": me,
  "accounts.stay": done,
  "sessions.list": sessionList,
  "sessions.end": done,
  "sessions.end_others": done,
  "offices.of_region": reads<p.OfficeList>()(
    v.object({
      offices: v.array(
        v.object({
          office: id,
          region: id,
          name: v.string(),
          people: number,
          admins: v.array(card),
          is_administered: v.boolean(),
        }),
      ),
    }),
  ),
  "offices.staff": staffList,
  "offices.register_staff": done,
  "offices.end_affiliation": done,
  "offices.bar": done,
  "offices.lift_bar": done,
  "offices.readers": reads<p.ReaderList>()(
    v.object({ readers: v.array(v.object({ card, timelines: number, barred_since: may(number) })) }),
  ),
  "offices.timelines": reads<p.TimelineList>()(
    v.object({
      timelines: v.array(
        v.object({
          room: id,
          kind: roomKind,
          state: roomState,
          patient,
          members: v.array(member),
          proposed: v.array(invitation),
          silent_since: may(number),
        }),
      ),
    }),
  ),
  "offices.leavers": reads<p.LeaverList>()(
    v.object({
      leavers: v.array(
        v.object({
          card,
          left_at: number,
          rooms_left: number,
          devices: number,
          unclosed_since: may(number),
          is_overdue: v.boolean(),
        }),
      ),
      cases: v.array(v.object({ card, until: number })),
    }),
  ),
  "offices.admit": done,
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
  "roles.of_office": reads<p.OfficeRoles>()(
    v.object({
      holders: v.array(roleHolder),
      offered: v.array(appointment),
      people: v.array(v.object({ affiliation: id, card })),
      may_offer: v.array(role),
      may_record_head: v.boolean(),
      may_govern: v.boolean(),
      governance: v.object({
        is_small: v.boolean(),
        holders: v.array(v.object({ role: governanceRole, affiliation: id })),
        committee_rules_on: may(v.string()),
        missing: v.array(governanceRole),
        lacks_committee: v.boolean(),
      }),
      rules: v.object({
        min_admins: number,
        explained: v.boolean(),
        admin_must_hold: v.array(governanceRole),
      }),
    }),
  ),
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
  "offices.supplement": done,
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
  "accounts.declare_exception": done,
  "accounts.enter_by_exception": signedIn,
  "roles.of_region": reads<p.RegionRoles>()(
    v.object({ holders: v.array(roleHolder), offered: v.array(appointment) }),
  ),
  "roles.propose": done,
  "roles.withdraw": done,
  "roles.mine": reads<p.AppointmentList>()(v.object({ appointments: v.array(appointment) })),
  "roles.accept": done,
  "roles.decline": done,
  "roles.end": done,
  "roles.record_head": done,
  "roles.set_governance": done,
  "pledges.mine": reads<p.MyPledges>()(
    v.object({
      sheets: v.array(
        v.object({
          affiliation: id,
          card,
          version: v.string(),
          points: v.array(v.string()),
          damages: v.string(),
          to: addressee,
          is_due: v.boolean(),
          lacks_training: v.boolean(),
          given_on: may(v.string()),
          trained_on: may(v.string()),
          is_training_overdue: v.boolean(),
        }),
      ),
    }),
  ),
  "pledges.give": done,
  "pledges.record": done,
  "pledges.of_office": reads<p.PledgeList>()(
    v.object({
      office: id,
      version: v.string(),
      to: addressee,
      may_be_waived: v.boolean(),
      people: v.array(pledgeSeen),
      left: v.array(pledgeSeen),
    }),
  ),
  "trainings.record": done,
  "trainings.declare": done,
  "trainings.confirm": done,
  "trainings.reject": done,
  "trainings.of_office": reads<p.TrainingList>()(
    v.object({
      is_gate: v.boolean(),
      months: number,
      trainings: v.array(
        v.object({
          training: id,
          title: v.string(),
          way: v.picklist(["course", "video"]),
          topics: v.array(v.picklist(["privacy", "devices", "rules", "usage"])),
          on: v.string(),
          state: v.picklist(["held", "declared", "rejected"]),
          attended: v.array(id),
        }),
      ),
      people: v.array(
        v.object({
          affiliation: id,
          card,
          trained_on: may(v.string()),
          is_overdue: v.boolean(),
          is_kept_out: v.boolean(),
        }),
      ),
    }),
  ),
  "staff_changes.list": reads<p.StaffChangeList>()(
    v.object({
      changes: v.array(
        v.object({
          change: id,
          office: id,
          kind: v.picklist(["added", "changed", "left"]),
          before: may(card),
          after: may(card),
          forms: v.array(
            v.picklist([
              "application",
              "head_pledge",
              "admin_pledge",
              "staff_pledge",
              "id_request",
              "change_notice",
              "any_notice",
              "role_explanation",
            ]),
          ),
          at: number,
          processed_at: may(number),
          is_overdue: v.boolean(),
        }),
      ),
    }),
  ),
  "staff_changes.process": done,
  "offices.import_roster": reads<p.RosterImported>()(
    v.object({
      is_written: v.boolean(),
      rows: v.array(
        v.object({
          line: number,
          name: v.string(),
          outcome: v.picklist(["new", "stands", "bad"]),
          column: may(v.string()),
          refused: may(refused),
        }),
      ),
    }),
  ),
  "enrolments.open": done,
  "enrolments.list": reads<p.EnrolmentList>()(v.object({ enrolments: v.array(enrolment) })),
  "enrolments.write": done,
  "enrolments.record_paper": done,
  "enrolments.record_visit": done,
  "enrolments.accept": done,
  "enrolments.return": done,
  "enrolments.withdraw": done,
  "enrolments.send_link": done,
  "enrolments.form": enrolment,
  "enrolments.fill": done,
  "enrolments.submit": done,
  "accounts.close_for": done,
  "accounts.close": done,
  "accounts.unlock": done,
  "accounts.set_state": done,
  "accounts.sign_in_passkey_begin": passkeyBegun,
  "accounts.sign_in_passkey_finish": signedIn,
  "passkeys.register_begin": passkeyBegun,
  "passkeys.register_finish": passkeyList,
  "passkeys.list": passkeyList,
  "passkeys.rename": passkeyList,
  "passkeys.remove": passkeyList,
  "passkeys.prove_begin": passkeyBegun,
  "passkeys.prove_finish": signedIn,
  "passkeys.recovery_open": reads<p.WhichRecovery>()(v.object({ case: id })),
  "passkeys.recovery_approve": done,
  "passkeys.recoveries": reads<p.RecoveryList>()(
    v.object({
      recoveries: v.array(
        v.object({ case: id, card, opened_by: card, reason: v.string(), at: number, until: number }),
      ),
    }),
  ),
  "offices.second_factor_status": reads<p.SecondFactorStatus>()(
    v.object({
      wanted: v.picklist(["off", "optional", "required"]),
      from: may(number),
      without: v.array(card),
      people: number,
    }),
  ),
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
  "incidents.report": done,
  "incidents.report_mine": done,
  "incidents.mine": incidentList,
  "incidents.list": incidentList,
  "incidents.pass_on": done,
  "incidents.see": done,
  "incidents.secure": done,
  "incidents.close": done,
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
  "rooms.list": reads<p.RoomList>()(v.object({ patients: v.array(patient), rooms: v.array(roomCard) })),
  "rooms.open": reads<p.OpenRoom>()(
    v.object({
      room: roomCard,
      patient: may(patient),
      objected: may(v.array(v.string())),
      members: v.array(member),
      receipts: v.array(receipt),
      page,
    }),
  ),
  "rooms.page": page,
  "rooms.since": reads<p.Since>()(
    v.object({
      posts: v.array(post),
      members: may(v.array(member)),
      upto: number,
      last_position: number,
      more: v.boolean(),
    }),
  ),
  "rooms.read": done,
  "rooms.focus": done,
  "rooms.create_free": roomMade,
  "rooms.connect": roomMade,
  "rooms.accept": roomMade,
  "rooms.decline": done,
  "rooms.leave": done,
  "rooms.release": done,
  "rooms.archive": done,
  "rooms.restore": done,
  "rooms.agreement": reads<p.AgreementList>()(
    v.object({
      agreements: v.array(
        v.object({
          version: number,
          by: card,
          at: number,
          terms: v.object({
            aim: v.string(),
            usage: v.string(),
            hours: may(v.string()),
            secondary_use: reads<p.AgreedUse>()(v.picklist(["none", "direct_care", "ask_each_time"])),
          }),
          acknowledged: v.array(id),
        }),
      ),
    }),
  ),
  "rooms.set_agreement": done,
  "rooms.acknowledge_agreement": done,
  "permits.record": done,
  "permits.list": reads<p.PermitList>()(
    v.object({
      permits: v.array(
        v.object({
          permit: id,
          patient: may(patient),
          by: card,
          from: reads<p.PermitFrom>()(v.picklist(["patient", "family", "representative"])),
          on: v.string(),
          note: may(v.string()),
          recorded_at: number,
          ended_at: may(number),
        }),
      ),
    }),
  ),
  "permits.end": done,
  "rooms.openings": reads<p.OpeningList>()(
    v.object({
      offices: v.array(
        v.object({
          office: id,
          name: v.string(),
          may_register: v.boolean(),
          is_physician: v.boolean(),
          takes_approval: v.boolean(),
          takes_physician: v.boolean(),
        }),
      ),
      patients: v.array(
        v.object({ patient, office: id, stands: v.array(roomKind), is_instructed: v.boolean() }),
      ),
      openings: v.array(
        v.object({
          room: id,
          kind: roomKind,
          state: roomState,
          waits_for: may(waitsFor),
          label: v.string(),
          by: card,
          physician: may(card),
          is_mine: v.boolean(),
          is_rejected: v.boolean(),
          may_ask: v.boolean(),
          may_take: v.boolean(),
        }),
      ),
    }),
  ),
  "rooms.open_timeline": roomMade,
  "rooms.ask_physician": done,
  "rooms.approve_opening": done,
  "rooms.reject_opening": done,
  "rooms.pause": done,
  "rooms.resume": done,
  "rooms.take_control": done,
  "instructions.give": done,
  "instructions.withdraw": done,
  "instructions.list": reads<p.InstructionList>()(
    v.object({
      instructions: v.array(
        v.object({
          instruction: id,
          patient,
          by: card,
          to: card,
          channel: v.picklist(["in_person", "phone", "fax", "letter"]),
          on: v.string(),
          members: v.string(),
          at: number,
        }),
      ),
    }),
  ),
  "erasures.request": done,
  "erasures.second": done,
  "erasures.cancel": done,
  "erasures.list": reads<p.ErasureList>()(
    v.object({
      erasures: v.array(
        v.object({
          erasure: id,
          room: id,
          kind: roomKind,
          office: id,
          office_name: v.string(),
          patient: may(patient),
          state: v.picklist(["waiting", "cancelled", "under_way", "erased"]),
          wisher: v.picklist(["patient", "family", "representative", "office"]),
          name: may(v.string()),
          relation: may(v.string()),
          given_on: v.string(),
          evidence: v.string(),
          asked_by: card,
          asked_at: number,
          seconded_by: may(card),
          decided_at: may(number),
          may_second: v.boolean(),
          may_cancel: v.boolean(),
          certificate: may(
            v.object({
              posts: number,
              listed_at: number,
              destroyed_at: number,
              cleared_at: number,
              content_copies_until: number,
              key_copies_until: number,
              statement: v.string(),
              signature: v.string(),
            }),
          ),
        }),
      ),
    }),
  ),
  "transfers.offices": reads<p.OfficeChoices>()(
    v.object({ offices: v.array(v.object({ office: id, name: v.string() })) }),
  ),
  "transfers.propose": done,
  "transfers.accept": done,
  "transfers.decline": done,
  "transfers.withdraw": done,
  "transfers.complete": done,
  "stewardships.of_office": reads<p.Stewardships>()(
    v.object({
      transfers: v.array(
        v.object({
          transfer: id,
          patient: may(id),
          name: v.string(),
          from: v.string(),
          to: v.string(),
          is_ours_to_take: v.boolean(),
          state: reads<p.TransferState>()(
            v.picklist(["proposed", "awaiting_consent", "completed", "declined", "withdrawn", "lapsed"]),
          ),
          is_consented: v.boolean(),
          reason: v.string(),
          answer: may(v.string()),
          proposed_at: number,
          until: number,
        }),
      ),
      delegations: v.array(
        v.object({
          delegation: id,
          name: v.string(),
          steward: v.string(),
          delegate: v.string(),
          is_ours_to_take: v.boolean(),
          state: reads<p.DelegationState>()(v.picklist(["given", "active", "ended"])),
          approved_by: may(v.string()),
          approved_on: may(v.string()),
          until: number,
        }),
      ),
    }),
  ),
  "delegations.give": done,
  "delegations.approve": done,
  "delegations.accept": done,
  "delegations.end": done,
  "reviews.due": reads<p.ReviewList>()(
    v.object({
      reviews: v.array(
        v.object({
          room: id,
          kind: roomKind,
          name: v.string(),
          due_at: number,
          is_due: v.boolean(),
          is_overdue: v.boolean(),
          signed_at: may(number),
          members: v.array(v.object({ card, read_at: may(number), posted_at: may(number) })),
        }),
      ),
    }),
  ),
  "reviews.sign": done,
  "invitations.candidates": reads<p.CandidateList>()(
    v.object({ candidates: v.array(v.object({ affiliation: id, card })) }),
  ),
  "invitations.propose": done,
  "invitations.list": reads<p.InvitationList>()(
    v.object({ invitations: v.array(invitation), may_decide: v.boolean() }),
  ),
  "invitations.mine": reads<p.MyInvitations>()(
    v.object({
      invitations: v.array(
        v.object({
          room: id,
          office: may(v.string()),
          patient: may(v.string()),
          by: card,
          involvement: v.string(),
          message: v.string(),
          history: readsBack,
          until: number,
        }),
      ),
    }),
  ),
  "invitations.approve": done,
  "invitations.reject": done,
  "invitations.withdraw": done,
  "members.list": reads<p.MemberList>()(v.object({ members: v.array(member), receipts: v.array(receipt) })),
  "posts.preview": reads<p.Preview>()(
    v.object({
      readers: v.array(
        v.object({
          office: may(v.string()),
          kind: personKind,
          people: v.array(
            v.object({
              account: id,
              name: v.string(),
              occupation,
              relation: may(v.string()),
              mark: may(mark),
            }),
          ),
        }),
      ),
      count: readerCount,
      findings: v.array(v.object({ code: v.string(), sentence: v.string() })),
      reminders: may(v.array(v.object({ code: v.string(), sentence: v.string() }))),
      token: v.string(),
      expires_at: number,
    }),
  ),
  "posts.send": reads<p.Sent>()(
    v.variant("state", [
      v.object({ state: v.literal("saved"), position: number, change: number, stored_at: number }),
    ]),
  ),
  "notices.list": reads<p.NoticeList>()(
    v.object({
      notices: v.array(
        v.object({
          id,
          kind: noticeKind,
          at: number,
          sentence: v.string(),
          next: v.string(),
          seen: v.boolean(),
        }),
      ),
      unseen: number,
      more: v.boolean(),
    }),
  ),
  "notices.seen": done,
  "time.now": reads<p.Now>()(v.object({ now: number })),
} satisfies { [Name in keyof p.Commands]: Reads<p.Commands[Name]["reply"]> };
