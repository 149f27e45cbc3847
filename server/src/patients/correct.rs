//! Correcting what is kept of a patient: her name, its reading, her birth date, her sex. What was there before is kept (002-gl5).
//!
//! A confirmation of her account stays: it says that the account is hers, and falls with what that account is called.

use super::rules::{self, Correcting};
use super::store::{self, CorrectionRow, PatientRow};
use super::{CorrectionBody, PatientBody, SEXES};
use crate::accounts::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body, FORMAT};
use crate::crypto::seal;
use crate::error::Result;
use crate::live;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    CardId, Code, CorrectPatient, CorrectionId, Done, Event, Millis, PatientId, Refusal, limits,
};

/// Corrects it, and tells those in her timelines. What is as it was already changes nothing; nor does a retry.
///
/// # Errors
/// `account_restricted`; `bad_field`; `reason_missing`; as [`rules::correct`].
pub async fn correct(app: &App, who: &Arc<Session>, ask: CorrectPatient) -> Result<Done> {
    who.let_write()?;
    let now = app.clock.now();
    let (after, reason) = (read(&ask, now)?, Reason::read(&ask.reason)?);
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let found = correcting(tx.conn(), &who, ask.patient, Some(ask.correction)).await?;
            let (Some(row), Some(card)) = found else {
                return stands(&inner, tx.conn(), ask.correction, &after).await;
            };
            let key = inner.keys.ready(seal::key_of(&row.sealed)?).await?;
            let before = PatientBody::open(&key, row.id, &row.sealed)?;
            let fields = changed(&before, &after);
            if fields.is_empty() {
                return Ok(Done {});
            }
            let card = tx.card_to_write_under(&inner, &who, card).await?;
            let hash = after.found_by(&inner, row.region);
            tx.replace_patient(row.id, hash.as_bytes(), &after.sealed(&key, row.id)?).await?;
            let (after, reason) = (after.clone(), reason.clone());
            let body = CorrectionBody { v: FORMAT, before, after, reason };
            let correction = CorrectionRow {
                id: ask.correction,
                patient: row.id,
                by: who.account,
                card,
                sealed: body.sealed(&key, ask.correction)?,
                at: now,
            };
            tx.insert_correction(&correction).await?;
            let entry = Entry {
                at: now,
                act: "patients.correct",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(row.region),
                subject: Some(row.id.0),
                profile: Some(inner.policies.named(&row.profile)?.name()),
                detail: Some(format!(
                    r#"{{"correction":"{}","fields":"{}"}}"#,
                    ask.correction,
                    fields.join(",")
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            for (room, account) in store::in_timelines_of(tx.conn(), row.id).await? {
                let (inner, heard) = (inner.clone(), live::encode(&Event::RoomAdded { room }));
                tx.tell(move || inner.live.tell(account, None, &heard));
            }
            Ok(Done {})
        })
        .await
}

/// The same correction was made already, by the same person.
async fn stands(app: &App, conn: &mut Conn, id: CorrectionId, after: &PatientBody) -> Result<Done> {
    let row = store::correction(conn, id).await?.ok_or(Code::NotFound)?;
    let body: CorrectionBody = bodies::open(app, id, &row.sealed).await?;
    if body.after == *after { Ok(Done {}) } else { Err(Code::IdTaken.into()) }
}

/// What was typed, fit to be kept.
fn read(ask: &CorrectPatient, now: Millis) -> Result<PatientBody, Refusal> {
    typed((&ask.name, &ask.kana), (&ask.birth_date, &ask.sex), now)
}

/// Name and reading, birth date and sex, fit to be kept.
///
/// # Errors
/// `bad_field` with the field's name.
pub(super) fn typed(
    (name, kana): (&str, &str),
    (birth_date, sex): (&str, &str),
    now: Millis,
) -> Result<PatientBody, Refusal> {
    let wrong = |field| Refusal::new(Code::BadField).with("field", field);
    let kana = match kana.trim() {
        "" => String::new(),
        kana => Text::line(kana, limits::NAME_CHARS).ok_or_else(|| wrong("kana"))?,
    };
    let day = rules::day(birth_date).filter(|day| rules::has_come(*day, now));
    let sex = SEXES.into_iter().find(|word| *word == sex).ok_or_else(|| wrong("sex"))?;
    Ok(PatientBody {
        v: FORMAT,
        name: Text::line(name, limits::NAME_CHARS).ok_or_else(|| wrong("name"))?,
        kana,
        birth_date: day.ok_or_else(|| wrong("birth_date"))?.to_string(),
        sex: sex.to_owned(),
    })
}

/// The names of the fields that differ: the audit says no more of them.
fn changed(before: &PatientBody, after: &PatientBody) -> Vec<&'static str> {
    let differ = |name, differs: bool| differs.then_some(name);
    [
        differ("name", before.name != after.name),
        differ("kana", before.kana != after.kana),
        differ("birth_date", before.birth_date != after.birth_date),
        differ("sex", before.sex != after.sex),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The patient and the card of her who may correct her; no card where the same correction was made already.
///
/// # Errors
/// As [`rules::correct`].
pub(super) async fn correcting(
    conn: &mut Conn,
    who: &Session,
    patient: PatientId,
    id: Option<CorrectionId>,
) -> Result<(Option<PatientRow>, Option<CardId>)> {
    let row = store::patient(conn, patient).await?;
    let steward = row.as_ref().map(|row| row.office);
    let desks = store::desks(conn, who.account).await?;
    let desk = desks.into_iter().find(|desk| Some(desk.office) == steward && desk.may_correct);
    // Her last act is this command, where it is one.
    let card = match desk {
        Some(desk) => Some(desk.card),
        None => store::acting_for_steward(conn, who.account, patient, who.last_act()).await?,
    };
    let there = match id {
        Some(id) => store::correction(conn, id).await?,
        None => None,
    };
    let facts = Correcting {
        may_correct: card.is_some(),
        takes_part: store::card_beside(conn, who.account, patient).await?.is_some(),
        stands: there.map(|there| there.patient == patient && there.by == who.account),
    };
    let is_new = rules::correct(facts)?;
    Ok((row, card.filter(|_| is_new)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    type Change = fn(&mut CorrectPatient);

    fn ask() -> CorrectPatient {
        CorrectPatient {
            correction: CorrectionId(Uuid::nil()),
            patient: PatientId(Uuid::nil()),
            name: " 菊池 春江 ".into(),
            kana: "きくち はるえ".into(),
            birth_date: "1942-02-28".into(),
            sex: "female".into(),
            reason: "保険証".into(),
        }
    }

    #[test]
    fn what_may_be_kept_of_a_patient_by_table() {
        let now = Millis(1_795_100_400_000);
        let wrong = |change: Change| {
            let mut ask = ask();
            change(&mut ask);
            read(&ask, now).err().map(|refusal| refusal.params["field"].clone()).unwrap_or_default()
        };
        assert_eq!(read(&ask(), now).unwrap().name, "菊池 春江");
        let table: [(Change, &str); 8] = [
            (|ask| ask.kana = " ".into(), ""),
            (|ask| ask.birth_date = "2026-11-20".into(), ""),
            (|ask| ask.birth_date = "2026-11-21".into(), "birth_date"),
            (|ask| ask.birth_date = "1942-2-28".into(), "birth_date"),
            (|ask| ask.name = "　".into(), "name"),
            (|ask| ask.name = "菊池\n春江".into(), "name"),
            (|ask| ask.kana = "\u{7}".into(), "kana"),
            (|ask| ask.sex = "f".into(), "sex"),
        ];
        for (change, field) in table {
            assert_eq!(wrong(change), field);
        }
    }

    #[test]
    fn the_fields_that_differ_are_named() {
        let before = read(&ask(), Millis(1_795_100_400_000)).unwrap();
        let after =
            PatientBody { name: "菊地 春江".into(), birth_date: "1942-03-28".into(), ..before.clone() };
        assert_eq!(changed(&before, &after), ["name", "birth_date"]);
        assert!(changed(&before, &before.clone()).is_empty());
    }
}
