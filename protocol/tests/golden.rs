//! Golden frames: the same files are read by Rust, TypeScript and the load test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may stop")]

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;
use std::{fs, path::PathBuf};
use tsumugi_protocol::{
    About, AdmissionList, AgreementList, AppointmentList, CandidateList, CertifiedKey, Command,
    CorrectionList, DeviceList, Done, ErasureList, Event, ExceptionList, FaceList, HelloFrame, HowMany,
    IncidentList, InvitationList, IssuedCertificate, LeaverList, Me, MemberList, MyInvitations, MyPledges,
    NoticeList, Now, OfficeChoices, OfficeList, OfficeRoles, OpenRoom, Page, PasskeyBegun, PasskeyList,
    PatientList, PermitList, Photo, PledgeList, Preview, ReaderList, RecoveryList, Refused, RegionRoles,
    ReviewList, RoomList, RoomMade, Roster, RosterImported, RulesPage, RulesStanding, SecondFactorStatus,
    Sent, SessionList, SignedIn, Since, StaffChangeList, StaffList, Stewardships, TimelineList, TrainingList,
    VerificationDocument, VerificationList, WelcomeFrame, WhichRecovery, frame, schema,
};
use tsumugi_protocol::{ConsentList, ConsentTemplate, ScanDocument};
use tsumugi_protocol::{EnrolmentList, EnrolmentSeen};
use tsumugi_protocol::{InstructionList, OpeningList};

fn files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Reads a golden frame into its type and writes it again.
fn again(name: &str, text: &str) -> Value {
    let kind = name.split('-').next().unwrap();
    let value = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    match kind {
        "hello" => value(serde_json::to_string(&serde_json::from_str::<HelloFrame>(text).unwrap()).unwrap()),
        "welcome" => {
            value(serde_json::to_string(&serde_json::from_str::<WelcomeFrame>(text).unwrap()).unwrap())
        }
        "event" => value(serde_json::to_string(&serde_json::from_str::<Event>(text).unwrap()).unwrap()),
        "ask" => {
            let ask = frame::read_ask(text).unwrap();
            value(frame::write_ask(ask.id, &ask.command))
        }
        "refused" => {
            let whole: Value = serde_json::from_str(text).unwrap();
            let refused: Refused = serde_json::from_value(whole["refused"].clone()).unwrap();
            value(frame::write_refused(whole["id"].as_u64(), &refused).unwrap())
        }
        "ok" => value(reply_again(&name["ok-".len()..], text)),
        other => panic!("{other}: a golden frame's name starts with its kind"),
    }
}

/// Reads the answer to a command into its type and writes it again.
#[expect(clippy::too_many_lines, reason = "one line for each reply")]
fn reply_again(command: &str, text: &str) -> String {
    fn again<T: Serialize + DeserializeOwned>(text: &str) -> String {
        let whole: Value = serde_json::from_str(text).unwrap();
        let ok: T = serde_json::from_value(whole["ok"].clone()).unwrap();
        frame::write_ok(whole["id"].as_u64(), &ok).unwrap()
    }
    let entry = Command::LIST.iter().find(|entry| entry.name == command);
    let reply = entry.unwrap_or_else(|| panic!("ok-{command}: no such command")).reply;
    macro_rules! by_name {
        ($($type:ident),+ $(,)?) => {
            match reply {
                $(stringify!($type) => again::<$type>(text),)+
                other => panic!("{other}: a new reply goes into this list"),
            }
        };
    }
    by_name!(
        SignedIn,
        Me,
        RoomList,
        OpenRoom,
        Page,
        Since,
        Done,
        RoomMade,
        MemberList,
        Preview,
        Sent,
        SessionList,
        NoticeList,
        About,
        StaffList,
        OfficeList,
        PasskeyBegun,
        PasskeyList,
        WhichRecovery,
        RecoveryList,
        SecondFactorStatus,
        DeviceList,
        HowMany,
        IssuedCertificate,
        CertifiedKey,
        IncidentList,
        Now,
        Roster,
        ReaderList,
        LeaverList,
        AdmissionList,
        Photo,
        FaceList,
        VerificationList,
        AgreementList,
        AppointmentList,
        CandidateList,
        CorrectionList,
        InvitationList,
        MyInvitations,
        OfficeRoles,
        PatientList,
        PermitList,
        RegionRoles,
        TimelineList,
        ErasureList,
        VerificationDocument,
        InstructionList,
        OpeningList,
        RulesPage,
        RulesStanding,
        ExceptionList,
        MyPledges,
        PledgeList,
        TrainingList,
        StaffChangeList,
        RosterImported,
        ConsentTemplate,
        ConsentList,
        ScanDocument,
        OfficeChoices,
        Stewardships,
        ReviewList,
        EnrolmentList,
        EnrolmentSeen,
    )
}

/// Optional fields of everything a server says, and those of them that some golden frame fills.
#[derive(Default)]
struct Optional {
    all: BTreeSet<String>,
    filled: BTreeSet<String>,
}

impl Optional {
    /// Walks a schema and, beside it, a value of that shape where there is one.
    fn walk(&mut self, shapes: &Value, at: &str, schema: &Value, value: Option<&Value>) {
        if let Some(name) = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next()) {
            return self.walk(shapes, name, &shapes[name], value);
        }
        for either in ["oneOf", "anyOf", "allOf"].iter().filter_map(|how| schema[how].as_array()).flatten() {
            self.walk(shapes, at, either, value.filter(|value| fits(either, value)));
        }
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (field, inner) in schema["properties"].as_object().into_iter().flatten() {
            let (name, there) = (format!("{at}.{field}"), value.and_then(|value| value.get(field)));
            if !required.contains(&field.as_str()) {
                self.filled.extend(there.is_some().then(|| name.clone()));
                self.all.insert(name);
            }
            self.walk(shapes, at, inner, there);
        }
        if let Some(items) = schema.get("items") {
            match value.and_then(Value::as_array) {
                Some(list) if !list.is_empty() => {
                    list.iter().for_each(|value| self.walk(shapes, at, items, Some(value)));
                }
                _ => self.walk(shapes, at, items, None),
            }
        }
    }
}

/// Whether a value may be of one variant: its tag says so.
fn fits(variant: &Value, value: &Value) -> bool {
    let mut tags = variant["properties"].as_object().into_iter().flatten();
    tags.all(|(field, inner)| inner["enum"].as_array().is_none_or(|words| words.contains(&value[field])))
}

#[test]
fn every_optional_field_a_server_may_say_stands_in_a_golden_frame() {
    let document = schema::openapi("0");
    let shapes = &document["components"]["schemas"];
    let mut optional = Optional::default();
    for (name, text) in files() {
        let frame: Value = serde_json::from_str(&text).unwrap();
        let (shape, value) = match name.split_once('-').unwrap_or_default() {
            ("event", _) => ("Event", &frame),
            ("welcome", _) => ("WelcomeFrame", &frame),
            ("refused", _) => ("Refused", &frame["refused"]),
            ("ok", command) => {
                (Command::LIST.iter().find(|entry| entry.name == command).unwrap().reply, &frame["ok"])
            }
            _ => continue,
        };
        assert!(shapes[shape].is_object(), "{shape}");
        optional.walk(shapes, shape, &shapes[shape], Some(value));
    }
    assert!(optional.all.len() >= 15, "{:?}", optional.all);
    assert_eq!(optional.filled, optional.all);
    let answered: BTreeSet<&str> = Command::LIST.iter().map(|entry| entry.reply).collect();
    let shown: BTreeSet<&str> = files()
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("ok-"))
        .filter_map(|command| Command::LIST.iter().find(|entry| entry.name == command))
        .map(|entry| entry.reply)
        .collect();
    assert_eq!(shown, answered, "one answer of every shape");
}

#[test]
fn golden_frames_mean_the_same_as_when_they_were_written() {
    let files = files();
    assert!(files.len() >= 8, "only {} golden frames", files.len());
    for (name, text) in files {
        assert_eq!(again(&name, &text), serde_json::from_str::<Value>(&text).unwrap(), "{name}");
    }
}
