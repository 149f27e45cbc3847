//! Proposing somebody for a room: nothing opens by it; an administrator of the office that answers for the room decides (000§8d).

use super::candidates::{by_address, typed, wanted};
use super::rules::{Asker, Invitee, may_propose};
use super::store::{self, CandidateRow, InvitationRow};
use super::{InvitationBody, entry};
use crate::accounts::DisplayName;
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::consents::Sharing;
use crate::error::Result;
use crate::notices::{self, Notice};
use crate::offices;
use crate::policy::Daily;
use crate::posts::Text;
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, Code, Done, InvitationState, MemberState, Millis, NoticeKind, PersonKind, Propose, Refusal,
    limits,
};

/// Keeps a proposal and tells those who decide. The same one again changes nothing.
///
/// # Errors
/// `involvement_missing`, `bad_field`; as [`by_address`]; `not_found` for rooms that are no business of hers and for people she may not propose;
/// as [`may_propose`]; `daily_limit`; `id_taken`; `account_restricted`.
pub async fn propose(app: &App, who: &Arc<Session>, ask: Propose) -> Result<Done> {
    let said = Said::of(&ask)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            if let Some(row) = store::invitation(tx.conn(), ask.invitation).await? {
                let is_same = row.proposed_by == who.account
                    && (row.room, row.affiliation) == (ask.room, ask.affiliation);
                return if is_same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            let rules = steering.rules(&inner)?;
            let chosen = chosen(&inner, tx.conn(), &who, &steering, &ask).await?;
            let card = inner.cards.one(&inner, tx.conn(), chosen.card).await?;
            let invitee = invitee(tx.conn(), &who, &steering, (&chosen, card.kind), now).await?;
            let asker = Asker {
                is_member: steering.membership == Some(MemberState::Member) && who.kind == PersonKind::Staff,
                is_of_office: steering.is_of_office,
                runs_it: steering.is_run_by(who.account),
            };
            steering.let_grow()?;
            Sharing::let_invite(tx.conn(), (&steering, &rules), steering.office).await?;
            may_propose(rules.invite_proposer, steering.kind, asker, invitee)
                .map_err(|code| steering.told(code))?;
            let since = now.before(Daily::SPAN);
            let done = store::proposed_since(tx.conn(), who.account, steering.region, since).await?;
            Daily::let_one_more(done, rules.daily().proposals)?;
            // One that nobody answered in time gives way to this one.
            tx.lapse_invitations_to(ask.room, chosen.account, now).await?;
            let body = InvitationBody {
                v: FORMAT,
                involvement: said.involvement.clone(),
                message: said.message.clone(),
            };
            let new = InvitationRow {
                id: ask.invitation,
                room: ask.room,
                account: chosen.account,
                affiliation: chosen.affiliation,
                proposed_by: who.account,
                proposed_as: steering.card_of(tx.conn(), &who).await?,
                history: ask.history,
                state: InvitationState::Proposed,
                sealed: body.sealed(&steering.opened_key(&inner).await?, ask.invitation)?,
                answer: None,
                proposed_at: now,
                until: now.plus(rules.invitation_span()),
            };
            tx.insert_invitation(&new).await?;
            let entry = entry(("invitations.propose", now), &who, &steering, &new);
            inner.audit.append(tx, &entry).await?;
            let name = DisplayName { name: &card.name, office: card.office.as_deref() }.to_string();
            let notice = Notice::of(NoticeKind::InvitationProposed).naming(name);
            for admin in deciding(tx.conn(), &steering).await? {
                if admin != who.account {
                    notice.tell(&inner, tx, admin).await?;
                }
            }
            Ok(Done {})
        })
        .await
}

/// What was said of somebody.
struct Said {
    involvement: String,
    message: String,
}

impl Said {
    fn of(ask: &Propose) -> Result<Self, Refusal> {
        if ask.involvement.trim().is_empty() {
            return Err(Code::InvolvementMissing.into());
        }
        let bad = |field: &'static str| Refusal::new(Code::BadField).with("field", field);
        let involvement =
            Text::short(&ask.involvement, limits::INVOLVEMENT_CHARS).ok_or_else(|| bad("involvement"))?;
        let message = match ask.message.trim() {
            "" => String::new(),
            message => Text::short(message, limits::INVOLVEMENT_CHARS).ok_or_else(|| bad("message"))?,
        };
        Ok(Self { involvement, message })
    }
}

/// The person that is meant, where whoever proposes may see her.
async fn chosen(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    steering: &Steering,
    ask: &Propose,
) -> Result<CandidateRow> {
    let found = match &ask.email {
        Some(email) => {
            steering.let_run(who)?;
            by_address(app, conn, &typed(email)?, steering).await?
        }
        None => None,
    };
    let mut wanted = wanted(steering, who, found);
    wanted.only = Some(ask.affiliation);
    // Patient and family are seen only by who may ask them; that they may not come in here is told of those one knows.
    let rows = store::candidates(conn, &wanted).await?;
    rows.into_iter().next().ok_or_else(|| Code::NotFound.into())
}

async fn invitee(
    conn: &mut Conn,
    who: &Session,
    steering: &Steering,
    (chosen, kind): (&CandidateRow, PersonKind),
    now: Millis,
) -> Result<Invitee> {
    let is_barred = match steering.office.filter(|_| steering.is_timeline()) {
        Some(office) => offices::store::barred_since(conn, office, chosen.account).await?.is_some(),
        None => false,
    };
    let waiting = store::waiting_for(conn, steering.room, chosen.account).await?;
    Ok(Invitee {
        kind,
        is_beside_the_patient: chosen.patient.is_some() && chosen.patient == steering.patient,
        is_asker: chosen.account == who.account,
        is_barred,
        is_waiting: waiting.is_some_and(|row| now < row.until),
    })
}

/// Who decides about proposals for a room.
pub(super) async fn deciding(conn: &mut Conn, steering: &Steering) -> Result<Vec<AccountId>> {
    if steering.charge.is_managed() {
        return Ok(steering
            .charge
            .manager
            .into_iter()
            .chain(steering.charge.physician)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect());
    }
    match steering.office {
        Some(office) => Ok(notices::store::admins_of_office(conn, office).await?),
        None => Ok(Vec::new()),
    }
}
