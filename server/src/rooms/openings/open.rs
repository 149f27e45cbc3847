//! Opening a timeline: exactly one patient, exactly one steward, at most one timeline of a kind (000§4a, 000-note(1)a-i).

use super::is_physician;
use super::rules::{self, Approval, Asked, Opener, Way};
use super::store::{self, NewOpening, Workplace};
use crate::accounts::Completeness;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies;
use crate::crypto::keys::KeyKind;
use crate::error::Result;
use crate::live::{self, Wakes};
use crate::notices::{self, Notice};
use crate::patients::PatientBody;
use crate::policy::{InviteApprover, PhysicianMustJoin, Profile};
use crate::rooms::store::{self as rooms, NewMember, NewRoom};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, Change, Code, Event, InstructionId, MemberState, NoticeKind, OfficeId, OpenTimeline,
    PatientId, RegionId, RoomKind, RoomMade, RoomState,
};

/// Opens it, with whoever opens it as its member; a physician who is needed is asked. It is a draft until she has done her part.
/// The same once more gives the first answer.
///
/// # Errors
/// `account_restricted`; as [`rules::open`]; `profile_incomplete`; `id_taken`.
pub async fn open_timeline(app: &App, who: &Arc<Session>, ask: OpenTimeline) -> Result<RoomMade> {
    who.let_write()?;
    // Rules first, in a view: a refused or repeated ask must not leave a key behind.
    {
        let mut view = app.store.view().await?;
        if let Plan::Stands(made) = plan(app, view.conn(), who, ask).await? {
            return Ok(made);
        }
    }
    let key_id = app.keys.make(KeyKind::Room).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<RoomMade> {
            tx.let_stand(&who)?;
            tx.hold_patient(ask.patient).await?;
            let opened = match plan(&inner, tx.conn(), &who, ask).await? {
                Plan::Stands(made) => return Ok(made),
                Plan::New(opened) => opened,
            };
            let room = NewRoom {
                id: ask.room,
                region: opened.region,
                kind: ask.kind,
                state: RoomState::Draft,
                patient: Some(ask.patient),
                steward: Some(opened.steward),
                key_id: key_id.0,
                sealed: None,
                created_by: Some(who.account),
            };
            let members = opened.members();
            let head = tx.insert_room(&room, &members, now).await?;
            let new = opened.row(ask);
            tx.insert_opening(&new).await?;
            let row = store::opening(tx.conn(), ask.room).await?;
            let stands = row.map_or((RoomState::Draft, None), |row| rules::stands(row.conditions));
            tx.set_standing(ask.room, stands, now).await?;
            let entry = Entry {
                at: now,
                act: "rooms.open_timeline",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(opened.region),
                room: Some(ask.room),
                subject: Some(ask.patient.0),
                profile: Some(opened.profile.name()),
                detail: Some(format!(
                    r#"{{"kind":"{}","state":"{}","approval":"{}"}}"#,
                    ask.kind.as_str(),
                    stands.0.as_str(),
                    new.approval.as_str()
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            opened.tell(&inner, tx, new.approval, who.account).await?;
            let (inner, room, account) = (inner.clone(), ask.room, who.account);
            tx.tell(move || {
                inner.live.join(room, account);
                let added = live::encode(&Event::RoomAdded { room });
                members.iter().map(|member| inner.live.tell(member.account, None, &added)).collect::<Wakes>()
            });
            Ok(RoomMade { room: ask.room, state: stands.0, change: head.change })
        })
        .await
}

/// What opening a timeline comes to.
enum Plan {
    /// It stands already.
    Stands(RoomMade),
    /// It may be opened.
    New(Box<Opened>),
}

/// What is known of a timeline that may be opened.
struct Opened {
    region: RegionId,
    profile: Arc<Profile>,
    steward: OfficeId,
    patient: PatientId,
    name: String,
    way: Way,
    place: Workplace,
    physician: Option<Workplace>,
    instruction: Option<InstructionId>,
}

impl Opened {
    fn members(&self) -> Vec<NewMember> {
        let member = |place: &Workplace, state, invited_by| NewMember {
            account: place.account,
            affiliation: place.id,
            card: place.card,
            state,
            invited_by,
        };
        let asked = self.physician.iter().filter(|place| place.account != self.place.account);
        let asked = asked.map(|place| member(place, MemberState::Invited, Some(self.place.account)));
        std::iter::once(member(&self.place, MemberState::Member, None)).chain(asked).collect()
    }

    fn row(&self, ask: OpenTimeline) -> NewOpening {
        let approval = match self.way {
            Way::Own | Way::Instructed => Approval::NotNeeded,
            Way::Asking => Approval::Asked,
        };
        let is_managed = match self.profile.invite_approver {
            InviteApprover::Manager => true,
            InviteApprover::StewardAdmin => false,
        };
        NewOpening {
            room: ask.room,
            patient: self.patient,
            kind: ask.kind,
            opened: (self.place.account, self.place.card),
            manager: is_managed.then_some(self.place.account),
            physician: self.physician.as_ref().map(|place| (place.account, place.card)),
            instruction: self.instruction,
            approval,
            must_join: self.profile.physician_must_join == PhysicianMustJoin::Gate,
            began_at: None,
        }
    }

    /// The physician hears that she is asked; whoever answers for a timeline of somebody who may be the same person hears of
    /// it, and whoever opens this one hears nothing of that (c-51).
    async fn tell(&self, app: &App, tx: &mut Tx, approval: Approval, by: AccountId) -> Result<()> {
        let kind = match approval {
            Approval::Asked => NoticeKind::OpeningAsked,
            Approval::NotNeeded | Approval::Given | Approval::Refused => NoticeKind::Invited,
        };
        if let Some(physician) = self.physician.as_ref().filter(|place| place.account != by) {
            Notice::of(kind).tell(app, tx, physician.account).await?;
        }
        let mut told = BTreeSet::new();
        for office in store::stewards_of_namesakes(tx.conn(), self.patient).await? {
            told.extend(notices::store::admins_of_office(tx.conn(), office).await?);
        }
        let waits =
            self.physician.is_none() && self.profile.physician_must_join == PhysicianMustJoin::Escalate;
        if waits {
            for account in store::desk_of(tx.conn(), self.region).await? {
                Notice::of(NoticeKind::PhysicianGone).tell(app, tx, account).await?;
            }
        }
        let notice = Notice::of(NoticeKind::TimelineExists).naming(self.name.clone());
        for account in told.into_iter().filter(|account| *account != by) {
            notice.tell(app, tx, account).await?;
        }
        Ok(())
    }
}

async fn plan(app: &App, conn: &mut Conn, who: &Session, ask: OpenTimeline) -> Result<Plan> {
    if let Some(made) = rooms::made(conn, ask.room).await? {
        return repeated(conn, who, ask, &made).await.map(Plan::Stands);
    }
    let found = store::patient_of_opener(conn, who.account, ask.patient).await?;
    let (patient, steward, sealed, region, profile) = found.ok_or(Code::NotFound)?;
    let profile = app.policies.named(&profile)?;
    let places = store::workplaces(conn, who.account).await?;
    let own = places.iter().find(|place| place.office == steward).cloned();
    let instructed = store::instruction_for(conn, who.account, patient).await?;
    let says = match &own {
        Some(place) => is_physician(app, conn, &profile, place).await?,
        None => false,
    };
    let named = named(app, conn, who, (ask, region), &profile).await?;
    let opener = Opener {
        is_concerned: own.is_some() || instructed.is_some(),
        is_of_office: own.is_some(),
        is_admin: own.as_ref().is_some_and(|place| place.is_admin),
        is_physician: says,
        is_instructed: instructed.is_some(),
        names_physician: named.is_some(),
        stands: store::standing_timelines(conn, patient, ask.kind).await? > 0,
    };
    let asked = Asked {
        by: profile.patient_group_create,
        must_join: profile.physician_must_join,
        recipients: profile.recipient_participation,
    };
    let way = rules::open(ask.kind, asked, opener)?;
    let by_instruction = instructed.filter(|_| way == Way::Instructed || !says);
    let place = match (&own, by_instruction) {
        (Some(place), _) => place.clone(),
        (None, Some((_, at, ..))) => {
            places.iter().find(|place| place.id == at).cloned().ok_or(Code::NotFound)?
        }
        (None, None) => return Err(Code::NotFound.into()),
    };
    Completeness::of(app, conn, place.card).await?.let_in(&profile)?;
    let is_needed = ask.kind == RoomKind::TimelineWithRecipient
        || profile.physician_must_join == PhysicianMustJoin::Gate
        || way != Way::Own;
    let physician = match (says, by_instruction) {
        (true, _) => own,
        (false, Some((_, _, account, at))) => {
            let found = store::workplaces(conn, account).await?.into_iter().find(|place| place.id == at);
            found.or(named.filter(|_| is_needed))
        }
        (false, None) => named.filter(|_| is_needed),
    };
    let name = bodies::open::<PatientBody>(app, patient, &sealed).await?.name;
    let instruction = by_instruction.map(|(id, ..)| id);
    let opened = Opened { region, profile, steward, patient, name, way, place, physician, instruction };
    Ok(Plan::New(Box::new(opened)))
}

/// The physician whom she names, where she knows her.
///
/// # Errors
/// `not_found` for whoever she does not know; `physician_required` for somebody who is none.
async fn named(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    (ask, region): (OpenTimeline, RegionId),
    rules: &Profile,
) -> Result<Option<Workplace>> {
    let Some(account) = ask.physician.filter(|account| *account != who.account) else { return Ok(None) };
    Ok(Some(physician(app, conn, (who.account, account), region, rules).await?))
}

/// A physician whom the reader knows.
///
/// # Errors
/// `not_found` for whoever she does not know; `physician_required` for somebody who is none.
pub(super) async fn physician(
    app: &App,
    conn: &mut Conn,
    (reader, account): (AccountId, AccountId),
    region: RegionId,
    rules: &Profile,
) -> Result<Workplace> {
    let place = store::known_workplace(conn, reader, account, region).await?.ok_or(Code::NotFound)?;
    if is_physician(app, conn, rules, &place).await? {
        Ok(place)
    } else {
        Err(Code::PhysicianRequired.into())
    }
}

async fn repeated(conn: &mut Conn, who: &Session, ask: OpenTimeline, made: &rooms::Made) -> Result<RoomMade> {
    let row = store::opening(conn, ask.room).await?;
    let row = row.filter(|row| row.opened_by == who.account && row.patient == ask.patient);
    match row {
        Some(row) if made.kind == Some(ask.kind) => {
            Ok(RoomMade { room: ask.room, state: row.state, change: Change(1) })
        }
        Some(_) | None => Err(Code::IdTaken.into()),
    }
}
