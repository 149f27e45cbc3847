//! The JSON shapes of every word, and the two documents made of them: OpenAPI for HTTP, AsyncAPI for the socket.

use crate::{
    Code,
    close::Close,
    command::{Asker, Command, Door, Entry},
    limits,
    refusal::Family,
};
use serde_json::{Value, json};
use utoipa::OpenApi;

macro_rules! shapes {
    ($($name:ident),+ $(,)?) => {
        #[derive(OpenApi)]
        #[openapi(components(schemas($(crate::$name),+)))]
        struct Shapes;

        /// Declarations of every shape for TypeScript, in the order of the list.
        fn declarations(config: &ts_rs::Config) -> Vec<(Option<String>, String)> {
            use ts_rs::TS;
            vec![$((crate::$name::docs(), crate::$name::decl(config))),+]
        }
    };
}

shapes! {
    SignIn, Enter, About, Forgot, Reset, AdminReset, ChangeEmail, ConfirmEmail, SignedIn, TokenIn, Nothing, Done, Me, Next, Factor, SessionEnd, SessionList, SessionSeen, WhichSession, WhichOffice, StaffList, StaffSeen, RegisterStaff, EndAffiliation, CloseAccount, AccountState, Unlock, SetState, Affiliation, Card, PersonKind, Occupation, Role, ChangePassword, ProvePassword, PasswordEnd, OfficeList, OfficeSeen,
    RegionFace, Now, Lang, RoomKind, RoomState, MemberState, Member, Patient, RoomCard, ReaderCount,
    LastPost, RoomList, WhichRoom, OpenRoom, AskPage, PageAt, Page, AskSince, Since, MarkRead, Receipt,
    Focus, CreateFree, Connect, RoomMade, MemberList, Draft, Preview, ReaderGroup, Reader, Finding,
    SendPost, Unconfirmed, Sent, Post, Content, Event, Refused, Hello, Known, HelloFrame, Welcome, Stale, WelcomeFrame,
    CloseReason, RegionId, OfficeId, AccountId, AffiliationId, PatientId, RoomId, PostId, SessionId,
    AgreedUse, AgreementTerms, AgreementMark, Agreement, AgreementList, SetAgreement, AcknowledgeAgreement, PermitId, PermitFrom, RecordPermit, Permit, PermitList, EndPermit,
    CardId, PasskeyId, WebAuthn, BeginPasskey, PasskeyBegun, RegisterPasskey, ProvePasskey, PasskeyList, PasskeySeen,
    RenamePasskey, WhichPasskey, SecondFactorStatus, SecondFactor, OpenRecovery, WhichRecovery, BarPerson, ReaderList, ReaderSeen, LeaverList, LeaverSeen, CaseSeen, CloseFor, AdmitStaff, AdmissionList, AdmissionSeen, WhichAdmission, RecoveryList, RecoverySeen,
    RosterPersonId, RosterPerson, ShareAccount, ChangeRoster, UnshareAccount, WhichAccount, Roster, ActAs,
    InstructionId, WaitsFor, InstructionChannel, RegisterPatient, OpenTimeline, AskPhysician, StayTimeline, GiveInstruction, WhichInstruction, InstructionList, Instruction, OpeningList, OpeningOffice, OpeningPatient, Opening, DeviceId, DeviceKind, Ownership, DeviceState, Attestation, Permission, RegisterDevice, ApproveDevice, WhichDevices, HowMany, Device, DeviceCertificate, DeviceList, IssueCertificate, IssuedCertificate, RegisterCertificate, RevokeCertificate, IncidentId, IncidentKind, RaisedBy, IncidentStatus, SecureAct, StepKind, ReportIncident, ReportMine, PassOn, SeeIncident, SecureIncident, CloseIncident, Incident, IncidentDevice, IncidentStep, IncidentList, Position, Change, Millis, NoticeId, Notice, NoticeKind, AskNotices, NoticeList, NoticesSeen, OsFamily, ProfilePart, InviteRequires, NamePattern, Task, ChangeProfile, SetPhoto, Photo, AskFaces, FaceList, Face, VerificationId, VerificationState, Verdict, AskVerification, WhichVerification, VerificationDocument, DecideVerification, Verification, VerificationList, InvitationId, InvitationState, History, Doubt, AskCandidates, CandidateList, Candidate, Propose, WhichInvitation, ApproveInvitation, RejectInvitation, InvitationList, Invitation, MyInvitations, MyInvitation, AcceptRoom, DeclineRoom, ReleaseMember, TimelineList, TimelineSeen, ArchiveWhy, ArchiveRoom, RestoreRoom, Mark, ConfirmationId, CorrectionId, ConfirmationMethod, ConfirmAccount, WithdrawConfirmation, CorrectPatient, WhichPatient, NameCorrector, PatientList, PatientSeen, PatientAccount, Confirmation, OfficeCorrectors, Corrector, CorrectionList, Correction, CertifyKey, CertifiedKey, AppointmentId, GovernanceRole, ProposeRole, WhichAppointment, AppointmentSeen, AppointmentList, EndRole, RecordHead, GovernanceHolder, Governance, SetGovernance, RoleHolder, RolePerson, RoleRules, OfficeRoles, RegionRoles, RuleSource, RuleStanding, RuleGroup, Said, WhichRegion, AcknowledgeRules, Rule, RuleChange, RuleAmendment, RuleDocument, RuleVersion, RuleContact, Supplement, SupplementInForce, RulesPage, Acknowledged, RulesStanding, RulesReader, SupplementRule, SetSupplement, ExceptionId, ExceptionKind, ExceptionBy, DeclareException, DeclareMyException, EnterByException, WhichException, ReviewException, ExceptionList, ExceptionSeen, ExceptionOffice, ExceptionSession, ExceptionReview, MayDeclare, PledgeId, PledgeWay, Addressee, MyPledges, PledgeSheet, GivePledge, RecordPledge, PledgeList, PledgeSeen, TrainingId, TrainingWay, TrainingTopic, TrainingState, RecordTraining, DeclareTraining, WhichTraining, TrainingList, TrainingSeen, Trainee, StaffChangeId, StaffChangeKind, StaffForm, AskStaffChanges, WhichStaffChange, StaffChangeList, StaffChange, ImportMode, ImportOutcome, ImportRoster, RosterImported, ImportRow, ErasureId, Wisher, ErasureState, RequestErasure, WhichErasure, ErasureList, ErasureSeen, ErasureCertificate, ConsentId, ScanId, ConsentState, ConsentBasis, SignatoryRole, ObjectionEvidence, CopyHolder, ConsentTask, RoomConsent, ConsentAbout, ConsentSignatory, Explainer, Objection, ConsentWaiver, ConsentInstruction, ConsentCopy, RecordConsent, ConsentDone, CompleteConsent, WithdrawalOf, WithdrawConsent, AttachScan, WhichScan, ScanDocument, ConsentTemplate, ConsentFormSeen, ConsentItem, PurposesSeen, ConsentList, Obtainer, ConsentSeen, ConsentDetails, Withdrawal, ScanSeen, TransferId, TransferState, DelegationId, DelegationState, OfficeChoice, OfficeChoices, ProposeTransfer, WhichTransfer, AcceptTransfer, DeclineTransfer, Approval, GiveDelegation, ApproveDelegation, AcceptDelegation, EndDelegation, Stewardships, TransferSeen, DelegationSeen, ReviewId, ReviewList, ReviewSeen, ReviewedMember, SignReview, EnrolmentId, EnrolmentState, OfficeKind, PaperKind, SignedHow, EnrolmentItem, EnrolledPerson, EarlierId, EnrolmentForm, OpenEnrolment, WhichEnrolment, EnrolmentLink, FillEnrolment, WriteEnrolment, RecordPaper, SiteVisit, RecordVisit, ReturnReason, ReturnEnrolment, PaperSeen, EnrolmentMissing, EnrolmentRules, EnrolmentSeen, EnrolmentList,
}

/// The generated TypeScript: every shape, the command list, limits, codes.
#[must_use]
pub fn typescript() -> String {
    let config = ts_rs::Config::new();
    let mut out = String::from("// Generated from protocol/src by `make bindings`; do not edit.\n\n");
    for (docs, declaration) in declarations(&config) {
        if let Some(docs) = docs {
            out.push_str(&docs);
        }
        out.push_str(&format!("export {declaration}\n\n"));
    }
    out.push_str("/** Every command: what is asked and what comes back. */\nexport type Commands = {\n");
    for entry in Command::LIST {
        out.push_str(&format!("  \"{}\": {{ ask: {}; reply: {} }};\n", entry.name, entry.ask, entry.reply));
    }
    out.push_str("};\n\n/** Every refusal code of this version; newer servers may say others. */\nexport type Code =\n");
    for code in Code::ALL {
        out.push_str(&format!("  | \"{}\"\n", code.as_str()));
    }
    out.push_str(&format!(";\n\nexport const PROTOCOL = {};\n", crate::PROTOCOL));
    out.push_str(&format!(
        "export const LIMITS = {{ postChars: {}, lastChars: {}, page: {}, pageMax: {}, frameBytes: {}, nameChars: {}, aimChars: {}, \
         pingMs: {} }} as const;\n",
        limits::POST_CHARS,
        limits::LAST_CHARS,
        limits::PAGE,
        limits::PAGE_MAX,
        limits::FRAME_BYTES,
        limits::NAME_CHARS,
        limits::AIM_CHARS,
        limits::PING_MS,
    ));
    out
}

/// HTTP status of a refusal's family.
#[must_use]
pub const fn status(family: Family) -> u16 {
    match family {
        Family::BadAsk => 400,
        Family::SignIn => 401,
        Family::Rule => 403,
        Family::Hidden => 404,
        Family::Clash => 409,
        Family::TooLarge => 413,
        Family::Later => 429,
        Family::Busy => 503,
        Family::Fault => 500,
    }
}

fn schemas() -> Value {
    let shapes = serde_json::to_value(Shapes::openapi()).unwrap_or_default();
    shapes.pointer("/components/schemas").cloned().unwrap_or_default()
}

fn shape(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn operation(entry: &Entry) -> Value {
    let ok = json!({ "type": "object", "required": ["ok"], "properties": { "ok": shape(entry.reply) } });
    let refused =
        json!({ "type": "object", "required": ["refused"], "properties": { "refused": shape("Refused") } });
    let security = match entry.asker {
        Asker::Anybody => json!([]),
        Asker::Arriving | Asker::SignedIn => json!([{ "cookie": [] }, { "bearer": [] }]),
    };
    json!({
        "operationId": entry.name,
        "summary": entry.doc.trim(),
        "tags": [entry.name.split('.').next().unwrap_or_default()],
        "requestBody": { "required": true, "content": content(&shape(entry.ask)) },
        "responses": {
            "200": { "description": "Done.", "content": content(&ok) },
            "default": { "description": "Refused, by code; nothing has changed.", "content": content(&refused) },
        },
        "security": security,
    })
}

/// The OpenAPI 3.1 document of the HTTP door.
#[must_use]
pub fn openapi(version: &str) -> Value {
    let http = Command::LIST.iter().filter(|entry| entry.door != Door::Link);
    let paths: serde_json::Map<String, Value> = http
        .map(|entry| {
            (format!("/api/v{}/{}", crate::PROTOCOL, entry.name), json!({ "post": operation(entry) }))
        })
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tsumugi over HTTP",
            "version": version,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "Every command of the socket by request. One list, one access decision.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "cookie": { "type": "apiKey", "in": "cookie", "name": "__Host-tsumugi" },
                "bearer": { "type": "http", "scheme": "bearer" },
            },
        },
        "x-refusal-codes": refusal_codes(),
    })
}

/// The AsyncAPI 3.0 document of the socket.
#[must_use]
pub fn asyncapi(version: &str) -> Value {
    let mut messages = serde_json::Map::new();
    for entry in Command::LIST.iter().filter(|entry| entry.door != Door::Http) {
        let payload = json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["id", "do"],
            "properties": {
                "id": { "type": "integer", "minimum": 0 },
                "do": { "const": entry.name },
                "ask": shape(entry.ask),
            },
        });
        messages.insert(entry.name.into(), json!({ "summary": entry.doc.trim(), "payload": payload }));
        let payload = json!({
            "type": "object",
            "required": ["id", "ok"],
            "properties": { "id": { "type": "integer" }, "ok": shape(entry.reply) },
        });
        messages.insert(format!("{}.ok", entry.name), json!({ "payload": payload }));
    }
    let refused = json!({
        "type": "object",
        "required": ["refused"],
        "properties": { "id": { "type": "integer" }, "refused": shape("Refused") },
    });
    messages.insert("refused".into(), json!({ "payload": refused }));
    messages.insert("hello".into(), json!({ "payload": shape("HelloFrame") }));
    messages.insert("welcome".into(), json!({ "payload": shape("WelcomeFrame") }));
    messages.insert("event".into(), json!({ "payload": shape("Event") }));
    let to = |names: Vec<String>| -> Vec<Value> {
        names.iter().map(|name| json!({ "$ref": format!("#/channels/link/messages/{name}") })).collect()
    };
    let on_link = || Command::LIST.iter().filter(|entry| entry.door != Door::Http).map(|entry| entry.name);
    let received = std::iter::once("hello").chain(on_link()).map(str::to_owned).collect();
    let unasked = ["welcome", "event", "refused"].map(str::to_owned);
    let sent = unasked.into_iter().chain(on_link().map(|name| format!("{name}.ok"))).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": { "title": "Tsumugi over WebSocket", "version": version },
        "channels": { "link": { "address": format!("/api/v{}/link", crate::PROTOCOL), "messages": messages } },
        "operations": {
            "receive": { "action": "receive", "channel": { "$ref": "#/channels/link" }, "messages": to(received) },
            "send": { "action": "send", "channel": { "$ref": "#/channels/link" }, "messages": to(sent) },
        },
        "components": { "schemas": schemas() },
        "x-close-codes": Close::ALL.iter().map(|close| json!({
            "code": close.code(),
            "name": format!("{close:?}"),
            "afterwards": format!("{:?}", Close::afterwards(close.code())),
        })).collect::<Vec<_>>(),
    })
}

fn refusal_codes() -> Value {
    Code::ALL.iter().map(|code| json!({ "code": code.as_str(), "status": status(code.family()) })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dangling(document: &Value) -> Vec<String> {
        fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(map) => map.iter().for_each(|(key, value)| match value {
                    Value::String(target) if key == "$ref" => found.push(target),
                    other => walk(other, found),
                }),
                Value::Array(list) => list.iter().for_each(|value| walk(value, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(document, &mut found);
        found.iter().filter(|t| document.pointer(&t[1..]).is_none()).map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn both_documents_name_only_shapes_that_exist() {
        assert_eq!(dangling(&openapi("0")), Vec::<String>::new());
        assert_eq!(dangling(&asyncapi("0")), Vec::<String>::new());
    }

    #[test]
    fn what_is_ours_is_told_apart_from_what_is_busy() {
        assert_eq!(status(Code::Fault.family()), 500);
        assert_eq!(status(Code::Overloaded.family()), 503);
    }

    #[test]
    fn every_message_of_the_link_is_sent_or_received() {
        let link = asyncapi("0");
        let mut said: Vec<&str> = ["send", "receive"]
            .iter()
            .filter_map(|way| link["operations"][way]["messages"].as_array())
            .flatten()
            .filter_map(|message| message["$ref"].as_str()?.strip_prefix("#/channels/link/messages/"))
            .collect();
        said.sort_unstable();
        let mut all: Vec<&String> =
            link["channels"]["link"]["messages"].as_object().expect("all").keys().collect();
        all.sort_unstable();
        assert_eq!(said, all, "each once");
    }

    #[test]
    fn every_command_is_documented_on_its_door() {
        let (http, link) = (openapi("0"), asyncapi("0"));
        for entry in Command::LIST {
            let on_http = http["paths"].get(format!("/api/v1/{}", entry.name)).is_some();
            let on_link = link["channels"]["link"]["messages"].get(entry.name).is_some();
            assert_eq!(
                (on_http, on_link),
                (entry.door != Door::Link, entry.door != Door::Http),
                "{}",
                entry.name
            );
        }
    }
}
