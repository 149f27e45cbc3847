//! Asking for the complete erasure of a room (001§26-6, 001§29-7).

use super::facts::Facts;
use super::rules::{Deciders, Rules, may_request};
use super::store::{self, ErasureRow};
use super::vanishing::{Telling, vanish};
use super::{ErasureBody, Step, entry};
use crate::accounts::Reason;
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::offices;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use jiff::civil::Date;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, Millis, NoticeKind, Refusal, RequestErasure, Wisher, limits};

/// Writes the wish down; a group that never held a post is erased at once, everything else waits for a second person.
///
/// # Errors
/// `bad_field`, `reason_missing`; `not_found`, `invitation_open`; as [`may_request`]; `erasure_decided` while another one waits; `id_taken`;
/// `step_up_required`; `account_restricted`; `not_while_shared`.
pub async fn request(app: &App, who: &Arc<Session>, ask: RequestErasure) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let now = app.clock.now();
    let (body, given_on) = read(&ask, now)?;
    {
        let mut view = app.store.view().await?;
        if let Some(over) = who.over() {
            return Err(over.code().into());
        }
        if is_repeat(view.conn(), who, &ask).await? {
            return Ok(Done {});
        }
        decide(app, view.conn(), who, &ask).await?;
    }
    app.passkeys.fresh.require(who, now)?;
    let (inner, who) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            if is_repeat(tx.conn(), &who, &ask).await? {
                return Ok(Done {});
            }
            let mut facts = found(&inner, tx.conn(), &who, &ask).await?;
            facts.head = tx.queued_head(ask.room).unwrap_or(facts.head);
            let deciders = by_rule(&inner, tx.conn(), &facts, &ask).await?;
            let (office, card) = facts.answering()?;
            let row = offices::store::office(tx.conn(), office).await?;
            let row = row.ok_or_else(|| Fault::noticed("finding the office of a room"))?;
            let key = inner.keys.ready(seal::key_of(&row.sealed)?).await?;
            let is_decided = deciders == Deciders::Alone;
            let new = ErasureRow {
                id: ask.erasure,
                room: ask.room,
                region: facts.region,
                office,
                key: facts.key,
                wisher: ask.wisher,
                sealed: body.sealed(&key, ask.erasure)?,
                given_on: given_on.to_string(),
                asked_by: who.account,
                asked_as: card,
                asked_at: now,
                step: if is_decided { Step::Decided } else { Step::Asked },
                seconded_by: None,
                seconded_as: None,
                decided_at: is_decided.then_some(now),
                listed_at: None,
                destroyed_at: None,
                cleared_at: None,
                posts: None,
                statement: None,
                signature: None,
            };
            tx.insert_erasure(&new).await?;
            inner.audit.append(tx, &entry("erasures.request", &who, &new, now)).await?;
            match deciders {
                Deciders::Alone => {
                    vanish(&inner, tx, (ask.room, facts.head), Telling::Told, now).await?;
                }
                Deciders::Two => tell_the_others(&inner, tx, &new).await?,
            }
            Ok(Done {})
        })
        .await
}

/// What is to be kept of the wish.
fn read(ask: &RequestErasure, now: Millis) -> Result<(ErasureBody, Date), Refusal> {
    let wrong = |field: &str| Refusal::new(Code::BadField).with("field", field);
    let evidence = Reason::read(&ask.evidence)?;
    let said = |text: &Option<String>, field: &str| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        match text {
            Some(text) if text.chars().count() > limits::NAME_CHARS => Err(wrong(field)),
            text => Ok(text),
        }
    };
    let (name, relation) = (said(&ask.name, "name")?, said(&ask.relation, "relation")?);
    let (needs_name, needs_relation) = match ask.wisher {
        Wisher::Office => (false, false),
        Wisher::Patient => (true, false),
        Wisher::Family | Wisher::Representative => (true, true),
    };
    if needs_name && name.is_none() {
        return Err(wrong("name"));
    }
    if needs_relation && relation.is_none() {
        return Err(wrong("relation"));
    }
    let today = jiff::Timestamp::from_millisecond(now.0).ok().and_then(|at| at.in_tz("Asia/Tokyo").ok());
    let given_on = ask.given_on.parse::<Date>().ok();
    let given_on = given_on.filter(|day| today.is_some_and(|today| *day <= today.date()));
    let given_on = given_on.ok_or_else(|| wrong("given_on"))?;
    Ok((ErasureBody { v: FORMAT, name, relation, evidence }, given_on))
}

/// Whether this request is there already.
async fn is_repeat(conn: &mut Conn, who: &Session, ask: &RequestErasure) -> Result<bool> {
    let row = store::erasure(conn, ask.erasure).await?;
    Ok(row.is_some_and(|row| row.asked_by == who.account && row.room == ask.room))
}

async fn found(app: &App, conn: &mut Conn, who: &Session, ask: &RequestErasure) -> Result<Facts> {
    let facts = store::facts(conn, who.account, ask.room).await?.ok_or(Code::NotFound)?;
    let rules = facts.rules(app)?;
    facts.let_know(Rules::of(&rules))?;
    Ok(facts)
}

async fn decide(app: &App, conn: &mut Conn, who: &Session, ask: &RequestErasure) -> Result<()> {
    let facts = found(app, conn, who, ask).await?;
    by_rule(app, conn, &facts, ask).await.map(drop)
}

async fn by_rule(app: &App, conn: &mut Conn, facts: &Facts, ask: &RequestErasure) -> Result<Deciders> {
    let rules = facts.rules(app)?;
    let deciders = may_request(facts.asker, facts.as_room(), ask.wisher, Rules::of(&rules))?;
    facts.answering()?;
    if store::is_asked_for(conn, ask.room).await? {
        return Err(Code::ErasureDecided.into());
    }
    if store::erasure(conn, ask.erasure).await?.is_some() {
        return Err(Code::IdTaken.into());
    }
    Ok(deciders)
}

async fn tell_the_others(app: &App, tx: &mut Tx, row: &ErasureRow) -> Result<()> {
    for account in store::deciders(tx.conn(), row.office, row.region).await? {
        if account != row.asked_by {
            Notice::of(NoticeKind::ErasureAsked).tell(app, tx, account).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsumugi_protocol::{ErasureId, RoomId};
    use uuid::Uuid;

    #[test]
    fn a_wish_says_who_when_and_how_it_is_known() {
        // 2026-03-01 00:00 in Tokyo.
        let now = Millis(1_772_290_800_000);
        let whole = RequestErasure {
            erasure: ErasureId(Uuid::nil()),
            room: RoomId(Uuid::nil()),
            wisher: Wisher::Family,
            name: Some(" 菊池 恵 ".to_owned()),
            relation: Some("長女".to_owned()),
            given_on: "2026-03-01".to_owned(),
            evidence: "書面で受け取り、本人確認をした".to_owned(),
        };
        let (body, day) = read(&whole, now).unwrap();
        assert_eq!((body.name.as_deref(), day.to_string().as_str()), (Some("菊池 恵"), "2026-03-01"));
        let field = |ask: RequestErasure| {
            let refusal = read(&ask, now).err()?;
            Some(refusal.params.get("field").cloned().unwrap_or_else(|| refusal.code.as_str().to_owned()))
        };
        for (ask, wrong) in [
            (RequestErasure { name: None, ..whole.clone() }, Some("name")),
            (RequestErasure { name: Some("  ".to_owned()), ..whole.clone() }, Some("name")),
            (RequestErasure { relation: None, ..whole.clone() }, Some("relation")),
            (RequestErasure { relation: None, wisher: Wisher::Patient, ..whole.clone() }, None),
            (RequestErasure { name: None, relation: None, wisher: Wisher::Office, ..whole.clone() }, None),
            (RequestErasure { given_on: "2026-03-02".to_owned(), ..whole.clone() }, Some("given_on")),
            (RequestErasure { given_on: "三月".to_owned(), ..whole.clone() }, Some("given_on")),
            (RequestErasure { evidence: " ".to_owned(), ..whole.clone() }, Some("reason_missing")),
            (RequestErasure { name: Some("あ".repeat(101)), ..whole.clone() }, Some("name")),
        ] {
            assert_eq!(field(ask.clone()).as_deref(), wrong, "{:?} {}", ask.wisher, ask.given_on);
        }
    }
}
