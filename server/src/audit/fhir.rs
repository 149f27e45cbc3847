//! An entry as FHIR R4 says it: an `AuditEvent`, with ids alone.

use super::DONE;
use super::export::Exported;
use serde_json::{Value, json};
use uuid::Uuid;

/// The resource of an entry of a log.
#[must_use]
pub fn audit_event(log: Uuid, entry: &Exported) -> Value {
    let recorded = jiff::Timestamp::from_millisecond(entry.at).map(|at| at.to_string()).unwrap_or_default();
    let is_done = entry.outcome == DONE;
    let mut event = json!({
        "resourceType": "AuditEvent",
        "id": format!("{}-{}", log.simple(), entry.n),
        "type": {
            "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
            "code": "rest",
            "display": "RESTful Operation",
        },
        "subtype": [{ "system": "urn:tsumugi:act", "code": entry.act }],
        "action": action(&entry.act),
        "recorded": recorded,
        "outcome": if is_done { "0" } else { "4" },
        "agent": [agent(entry)],
        "source": { "observer": { "identifier": uuid(entry.region.unwrap_or(log)) } },
        "entity": entities(log, entry),
    });
    if let (false, Some(event)) = (is_done, event.as_object_mut()) {
        event.insert("outcomeDesc".to_owned(), json!(entry.outcome));
    }
    event
}

/// What kind of thing an act does: it reads, makes or ends something; anything else it changes.
fn action(act: &str) -> &'static str {
    let verb = act.rsplit('.').next().unwrap_or(act);
    match verb {
        "read_content" | "show_document" | "show_photo" | "candidates" | "waiting" | "document" => "R",
        "send" | "create_free" | "register" | "register_staff" | "propose" | "import" => "C",
        "remove" | "retire" | "close" | "erase" => "D",
        "sign_in" | "sign_out" | "enter" => "E",
        _ => "U",
    }
}

fn uuid(id: Uuid) -> Value {
    json!({ "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{id}") })
}

/// Who; the service itself where nobody did it.
fn agent(entry: &Exported) -> Value {
    match entry.account {
        Some(account) => json!({ "who": { "identifier": uuid(account) }, "requestor": true }),
        None => json!({ "who": { "display": "service" }, "requestor": false }),
    }
}

/// The room, what it was about, and the place in the chain.
fn entities(log: Uuid, entry: &Exported) -> Value {
    let mut entities: Vec<Value> = [("room", entry.room), ("subject", entry.subject)]
        .into_iter()
        .filter_map(|(name, id)| Some(json!({ "what": { "identifier": uuid(id?) }, "name": name })))
        .collect();
    let detail = |name: &str, value: String| json!({ "type": name, "valueString": value });
    entities.push(json!({
        "what": { "identifier": uuid(log) },
        "name": "log",
        "detail": [
            detail("n", entry.n.to_string()),
            detail("hash", entry.hash.clone()),
            detail("times", entry.times.to_string()),
        ],
    }));
    json!(entities)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_an_audit_event_of_ids_and_times() {
        let id = Uuid::from_u128(7);
        let entry = Exported {
            n: 3,
            at: 1_772_290_800_000,
            act: "posts.send".to_owned(),
            outcome: DONE.to_owned(),
            account: Some(id),
            session: None,
            region: None,
            room: Some(id),
            subject: None,
            profile: None,
            detail: None,
            times: 1,
            hash: "00".repeat(32),
        };
        let event = audit_event(Uuid::nil(), &entry);
        assert_eq!(event["recorded"], "2026-02-28T15:00:00Z");
        assert_eq!((&event["action"], &event["outcome"]), (&json!("C"), &json!("0")));
        assert_eq!(event["agent"][0]["who"]["identifier"]["value"], format!("urn:uuid:{id}"));
        assert_eq!(event["entity"].as_array().map(Vec::len), Some(2), "the room and the place in the chain");
        let refused = Exported { outcome: "not_found".to_owned(), account: None, ..entry };
        let event = audit_event(Uuid::nil(), &refused);
        assert_eq!((&event["outcome"], &event["outcomeDesc"]), (&json!("4"), &json!("not_found")));
        assert_eq!(event["agent"][0]["requestor"], false);
    }
}
