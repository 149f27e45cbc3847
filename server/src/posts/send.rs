//! Posting: load, decide, write, announce. The answer leaves only after the durable commit.

use super::about::{self, Reference};
use super::facts::{FactsWanted, SendFacts};
use super::store::{NewPost, Stood};
use super::{Confirmed, PostBody, Text};
use crate::app::App;
use crate::audit::{Entry, SentPost};
use crate::bodies::Body;
use crate::crypto::seal::Key;
use crate::crypto::tokens::{ConfirmToken, ConfirmWrong};
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::policy::{Confirm, Permit, Profile};
use crate::rooms::{Act, Standing};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    Change, Code, Content, Draft, Event, Millis, Position, Post, Refusal, RoomKind, SendPost, Sent,
    Unconfirmed,
};

/// Puts a confirmed post in a room and tells whoever is listening.
///
/// The client chooses the id: a retry is the same post and gets the same answer, whatever its token.
///
/// # Errors
/// `draft_empty`, `post_too_long`, `not_found`, `invitation_open`, `not_connected`, `confirm_required`, `id_taken`;
/// `consent_missing`, `consent_excludes_sharing`, `use_stopped`; as [`about::may_refer`].
pub async fn send(app: &App, who: &Arc<Session>, ask: SendPost) -> Result<Sent> {
    let text = Text::post(&ask.draft.text)?;
    let (inner, who) = (app.clone(), who.clone());
    let want = FactsWanted::of(who.account, &ask.draft);
    let (by, whom) = (who.account, (ask.draft.room, ask.draft.about));
    let sent = app
        .store
        .act_wanting(want, async move |tx: &mut Tx| send_in(&inner, &who, &ask, &text, tx).await)
        .await;
    about::passed_on(app, by, whom, sent).await
}

async fn send_in(app: &App, who: &Session, ask: &SendPost, text: &Text, tx: &mut Tx) -> Result<Sent> {
    tx.let_stand(who)?;
    let now = app.clock.now();
    let facts = tx.facts_for_sending(who.account, &ask.draft).await?; // load
    let standing = Standing::let_in(facts.standing.clone(), who, Act::Write)?;
    let key = standing.opened_key(app).await?;

    if let Some(stood) = &facts.stood {
        return repeated(stood, &key, who, &ask.draft, text);
    }
    let rules = standing.rules(app)?;
    standing.let_share(&rules)?;
    let confirmed = Confirmed::of(
        &ask.draft,
        text,
        (who.account, who.acting),
        &standing,
        &rules.name(),
        &ask.acknowledged,
    );
    let reference = Reference::load(tx.conn(), who.account, &standing, ask.draft.about).await?;
    about::may_refer(&reference, &rules)?; // decide
    let is_declared = ask.without_patient_data || !must_declare(standing.kind, &rules);
    decide(&facts, rules.confirm_post, shown(app, ask, &confirmed, now), is_declared)?;

    let mut head = standing.head; // write
    head.last_position = head.last_position.next();
    head.change = head.change.next();
    head.active_at = now;
    let sealed = PostBody::of(text, ask.draft.about).sealed(&key, (ask.draft.post, who.account))?;
    let card = tx.card_to_write_under(app, who, standing.membership.card).await?;
    let author = app.cards.one(app, tx.conn(), card).await?;
    let entry = entry(who, ask, &standing, &rules, head.last_position, &sealed, now);
    tx.insert_post(NewPost {
        room: ask.draft.room,
        id: ask.draft.post,
        position: head.last_position,
        change: head.change,
        author: who.account,
        card: author.id,
        reply_to: ask.draft.reply_to,
        written_at: None,
        stored_at: now,
        sealed,
    });
    tx.move_head(ask.draft.room, head);
    app.audit.append(tx, &entry).await?;

    let post = Post {
        id: ask.draft.post,
        room: ask.draft.room,
        position: head.last_position,
        change: head.change,
        author: (*author).clone(),
        stored_at: now,
        written_at: None,
        reply_to: ask.draft.reply_to,
        about: ask.draft.about,
        content: Content::Text { text: text.as_str().to_owned() },
    };
    announce(app, tx, post); // announce
    Ok(saved(head.last_position, head.change, now))
}

/// The same post sent again gets the first answer; another one under its id does not.
fn repeated(stood: &Stood, key: &Key, who: &Session, draft: &Draft, text: &Text) -> Result<Sent> {
    // Every field counts: one that is added does not compile until it is compared here.
    let Draft { room: _, post, text: _, reply_to, about } = draft;
    let body = PostBody::open(key, (*post, stood.author), &stood.sealed)?;
    let is_same = stood.author == who.account
        && stood.reply_to == *reply_to
        && body.about == *about
        && body.text == text.as_str();
    if is_same { Ok(stood.answer()) } else { Err(Code::IdTaken.into()) }
}

fn announce(app: &App, tx: &mut Tx, post: Post) {
    let (room, change, app) = (post.room, post.change, app.clone());
    tx.tell(move || {
        let frame = live::encode(&Event::Posted { change, post });
        app.live.announce(&Announcement { room, change, frame })
    });
}

fn saved(position: Position, change: Change, stored_at: Millis) -> Sent {
    Sent::Saved { position, change, stored_at }
}

impl Stood {
    /// The first answer, given again.
    fn answer(&self) -> Sent {
        saved(self.position, self.change, self.stored_at)
    }
}

/// What the shown token says about exactly this draft, these readers and these rules, now.
fn shown(app: &App, ask: &SendPost, confirmed: &Confirmed, now: Millis) -> Result<(), Unconfirmed> {
    let token = ask.token.as_deref().ok_or(Unconfirmed::Missing)?;
    ConfirmToken::check(&app.confirm, token, confirmed.as_bytes(), now).map_err(|wrong| match wrong {
        ConfirmWrong::Expired => Unconfirmed::Expired,
        ConfirmWrong::Malformed | ConfirmWrong::Foreign => Unconfirmed::Changed,
    })
}

/// Whether the author says of each post in such a room that it carries no patient's data (001§30-2).
fn must_declare(kind: RoomKind, rules: &Profile) -> bool {
    match kind {
        RoomKind::FreeGroup => rules.free_group_patient_data == Permit::Forbidden,
        RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient | RoomKind::Connection => false,
    }
}

fn decide(
    facts: &SendFacts,
    confirm: Confirm,
    shown: Result<(), Unconfirmed>,
    is_declared: bool,
) -> Result<(), Refusal> {
    if !facts.reply_stands {
        return Err(Refusal::new(Code::BadField).with("field", "reply_to"));
    }
    match (confirm, shown) {
        (Confirm::Required, Ok(())) if !is_declared => Err(confirm_required(Unconfirmed::Undeclared)),
        (_, Ok(())) | (Confirm::Off, Err(Unconfirmed::Missing)) => Ok(()),
        (_, Err(why)) => Err(confirm_required(why)),
    }
}

fn confirm_required(why: Unconfirmed) -> Refusal {
    Refusal::new(Code::ConfirmRequired).with("why", why)
}

fn entry(
    who: &Session,
    ask: &SendPost,
    standing: &Standing,
    rules: &Profile,
    position: Position,
    sealed: &[u8],
    now: Millis,
) -> Entry {
    // The position and the ciphertext's hash are in the chain: posts that were moved or replaced show.
    let stated = SentPost::of(position.0, sealed).acknowledging(&ask.acknowledged);
    Entry {
        at: now,
        act: "posts.send",
        account: Some(who.account),
        session: Some(who.id),
        region: Some(standing.region),
        room: Some(ask.draft.room),
        subject: Some(ask.draft.post.0),
        profile: Some(rules.name()),
        detail: serde_json::to_string(&stated).ok(),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_by_table() {
        use Confirm::{Off, Required};
        use Unconfirmed::{Changed, Expired, Missing};
        let table = [
            (true, Required, Ok(()), None),
            (true, Required, Err(Missing), Some("missing")),
            (true, Required, Err(Expired), Some("expired")),
            (true, Required, Err(Changed), Some("changed")),
            (true, Off, Err(Missing), None),
            (true, Off, Err(Changed), Some("changed")),
            (true, Off, Err(Expired), Some("expired")),
            (false, Required, Ok(()), Some("reply_to")),
            (false, Off, Err(Missing), Some("reply_to")),
        ];
        for (reply_stands, confirm, shown, expected) in table {
            let facts = SendFacts { standing: None, stood: None, reply_stands };
            let refused = decide(&facts, confirm, shown, true).err();
            let named = refused.map(|refusal| refusal.params.values().next().unwrap().to_string());
            assert_eq!(named.as_deref(), expected, "{reply_stands} {confirm:?} {shown:?}");
        }
    }

    #[test]
    fn a_free_group_wants_it_said_that_there_is_no_patients_data() {
        let facts = SendFacts { standing: None, stood: None, reply_stands: true };
        let why = |confirm| {
            let refused = decide(&facts, confirm, Ok(()), false).err()?;
            refused.params.get("why").cloned()
        };
        assert_eq!(why(Confirm::Required).as_deref(), Some("undeclared"));
        assert_eq!(why(Confirm::Off), None);
        let policies = crate::policy::Policies::for_bench().unwrap();
        let floor = policies.named("vendor-floor").unwrap();
        assert!(must_declare(RoomKind::FreeGroup, &floor));
        for kind in [RoomKind::TimelineStaff, RoomKind::TimelineWithRecipient, RoomKind::Connection] {
            assert!(!must_declare(kind, &floor), "{kind:?}");
        }
    }
}
