//! Signing a review off: of everybody who is in the timeline it is said whether she stays, and who does not goes out at once
//! (000-note(1)b-ii).

use super::rules::decide;
use super::store;
use crate::accounts::{Reason, ReasonId};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::{self, Notice};
use crate::rooms::{self, By, Parting, Steering};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, Code, Done, MemberState, Millis, NoticeKind, OfficeId, Refusal, SignReview,
};

/// Signs it off. The same one again changes nothing.
///
/// # Errors
/// `not_found`; `not_steward`, `delegation_not_approved`; `bad_field` for a room that is no timeline; `id_taken`; as [`decide`];
/// `reason_missing` where somebody goes; `steward_admin_required`; `account_restricted`.
pub async fn sign(app: &App, who: &Arc<Session>, ask: SignReview) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            steering.let_run(&who)?;
            let office = steward_of(&steering)?;
            if let Some(signed) = store::signed(tx.conn(), ask.review).await? {
                let is_same = signed == (ask.room, who.account);
                return if is_same { Ok(Done {}) } else { Err(Code::IdTaken.into()) };
            }
            let kept: BTreeSet<AccountId> = ask.kept.iter().copied().collect();
            let released: BTreeSet<AccountId> = ask.released.iter().copied().collect();
            let members = rooms::store::members(tx.conn(), ask.room).await?;
            let members = members.into_iter().filter(|row| row.state == MemberState::Member);
            decide(&members.map(|row| row.account).collect(), (&kept, &released), who.account)?;
            let reason = match (released.is_empty(), ask.reason.as_deref()) {
                (true, _) => None,
                (false, said) => Some(Reason::read(said.unwrap_or_default())?),
            };
            let_go(tx.conn(), office, (&kept, &released)).await?;
            let reason = match reason {
                Some(text) => {
                    let key = steering.opened_key(&inner).await?;
                    let reason = Reason::about(&inner, ask.room.0, &key, text)?;
                    reason.write(tx, Some(who.account), "reviews.sign", now).await?;
                    Some(reason.id)
                }
                None => None,
            };
            let counts = (count(&kept), count(&released));
            tx.insert_review((ask.review, ask.room, office), who.account, counts, now).await?;
            let entry = Entry {
                at: now,
                act: "reviews.sign",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(steering.region),
                room: Some(ask.room),
                profile: Some(steering.rules(&inner)?.name()),
                detail: Some(format!(
                    r#"{{"review":"{}","kept":{},"released":{}}}"#,
                    ask.review, counts.0, counts.1
                )),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let name = steering.office_name(&inner, tx.conn()).await?;
            let notice = name.into_iter().fold(Notice::of(NoticeKind::Released), Notice::naming);
            for account in released {
                tx.release(&inner, (&steering, &who), (account, reason), now).await?;
                notice.tell(&inner, tx, account).await?;
            }
            Ok(Done {})
        })
        .await
}

/// A timeline keeps one administrator of its steward, where it has one.
async fn let_go(
    conn: &mut Conn,
    office: OfficeId,
    (kept, released): (&BTreeSet<AccountId>, &BTreeSet<AccountId>),
) -> Result<()> {
    let admins: BTreeSet<_> = notices::store::admins_of_office(conn, office).await?.into_iter().collect();
    let all_go = !released.is_disjoint(&admins) && kept.is_disjoint(&admins);
    if all_go { Err(Code::StewardAdminRequired.into()) } else { Ok(()) }
}

fn count(accounts: &BTreeSet<AccountId>) -> i64 {
    i64::try_from(accounts.len()).unwrap_or(i64::MAX)
}

fn steward_of(steering: &Steering) -> Result<OfficeId, Refusal> {
    let office = steering.office.filter(|_| steering.is_timeline());
    office.ok_or_else(|| Refusal::new(Code::BadField).with("field", "room"))
}

impl Tx {
    async fn release(
        &mut self,
        app: &App,
        (steering, who): (&Steering, &Session),
        (account, reason): (AccountId, Option<ReasonId>),
        now: Millis,
    ) -> Result<()> {
        let standing = rooms::store::standing(self.conn(), account, steering.room).await?;
        let standing = standing.ok_or(Code::NotFound)?;
        let by = By { reason, ..By::of(who) };
        self.part(app, (standing, account), Parting::Released, by, now).await
    }
}
