//! The one act by which another office becomes the steward: the patient, all her timelines, who is kept out of them and what is
//! told, or nothing of it. There is one steward before it and one after it.

use super::store::{self, TransferRow};
use super::{delegations, name_of, today};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::notices::Notice;
use crate::patients;
use crate::rooms::{self, By, Parting};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AccountId, Code, Event, MemberState, Millis, NoticeKind, RoomId, RoomState, TransferState,
};

impl TransferRow {
    /// Whether the patient has consented to the office that takes over, since it was proposed, or need not.
    pub(super) async fn is_consented(&self, app: &App, conn: &mut Conn, now: Millis) -> Result<bool> {
        if !self.rules(app)?.transfer_reconsent {
            return Ok(true);
        }
        let Some(today) = today(now) else { return Ok(false) };
        let whose = (self.patient, self.to);
        Ok(store::has_consent(conn, whose, self.proposed_at, &today.to_string()).await?)
    }
}

impl Tx {
    /// Passes the stewardship on.
    ///
    /// # Errors
    /// `offer_decided` where it was done, or ended, meanwhile, or nothing is left to pass on.
    pub(super) async fn pass_on(
        &mut self,
        app: &App,
        row: &TransferRow,
        who: &Session,
        now: Millis,
    ) -> Result<()> {
        let rooms = store::held(self.conn(), row.patient, row.from).await?;
        let by = (Some(who.account), None);
        if rooms.is_empty() || !self.end_transfer(row.id, TransferState::Completed, by, now).await? {
            return Err(Code::OfferDecided.into());
        }
        delegations::end_with_steward(app, self, (row.patient, row.from), now).await?;
        self.replace_steward(row.patient, row.from, row.to).await?;
        let rules = row.rules(app)?;
        if rules.transfer_reconsent {
            self.outdate_consents((row.patient, row.to), row.proposed_at).await?;
        } else {
            self.keep_consents(row.patient, row.from, row.to).await?;
        }
        self.keep_out(app, row, who, now).await?;
        for (room, state) in rooms {
            let entry = Entry {
                at: now,
                act: "transfers.complete",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(row.region),
                room: Some(room),
                subject: Some(row.to.0),
                profile: Some(rules.name()),
                detail: Some(format!(r#"{{"transfer":"{}","from":"{}"}}"#, row.id, row.from)),
                ..Entry::default()
            };
            app.audit.append(self, &entry).await?;
            if let Some(state) = RoomState::of(&state) {
                self.stir_room(app, room, state).await?;
            }
        }
        let told = (NoticeKind::StewardChanged, row.to);
        let admins = self.tell_admins(app, told, &[row.from, row.to], None).await?;
        self.tell_members(app, (row, NoticeKind::StewardChanged), &admins).await
    }

    /// Whom the new steward keeps out of its timelines is out of these as well.
    async fn keep_out(&mut self, app: &App, row: &TransferRow, who: &Session, now: Millis) -> Result<()> {
        for (room, account, state) in store::barred_inside(self.conn(), row.patient, row.to).await? {
            let Some(standing) = rooms::store::standing(self.conn(), account, room).await? else { continue };
            let parting = match state {
                MemberState::Member => Parting::Barred,
                MemberState::Invited | MemberState::Left => Parting::Left,
            };
            self.part(app, (standing, account), parting, By::of(who), now).await?;
            self.lapse_invitations_to(room, account, now).await?;
        }
        Ok(())
    }

    /// Members hear that something about a room has changed, and ask what.
    pub(super) async fn stir_room(&mut self, app: &App, room: RoomId, state: RoomState) -> Result<()> {
        let queued = self.queued_head(room);
        let Some(mut head) = (match queued {
            Some(head) => Some(head),
            None => store::head(self.conn(), room).await?,
        }) else {
            return Ok(());
        };
        head.change = head.change.next();
        self.move_head(room, head);
        let (inner, change) = (app.clone(), head.change);
        self.tell(move || {
            let frame = live::encode(&Event::RoomChanged { room, change, state });
            inner.live.announce(&Announcement { room, change, frame })
        });
        Ok(())
    }

    async fn tell_members(
        &mut self,
        app: &App,
        (row, kind): (&TransferRow, NoticeKind),
        but: &BTreeSet<AccountId>,
    ) -> Result<()> {
        let named = name_of(app, self.conn(), row.to).await?;
        self.tell_those_in(app, (row.patient, Notice::of(kind).naming(named)), but).await
    }

    /// Tells everybody in a patient's timelines, on screen only, and has their lists asked for anew.
    pub(super) async fn tell_those_in(
        &mut self,
        app: &App,
        (patient, notice): (tsumugi_protocol::PatientId, Notice),
        but: &BTreeSet<AccountId>,
    ) -> Result<()> {
        let notice = notice.on_screen_only();
        let mut told = but.clone();
        for (room, account) in patients::store::in_timelines_of(self.conn(), patient).await? {
            let (inner, heard) = (app.clone(), live::encode(&Event::RoomAdded { room }));
            self.tell(move || inner.live.tell(account, None, &heard));
            if told.insert(account) {
                notice.tell(app, self, account).await?;
            }
        }
        Ok(())
    }
}
