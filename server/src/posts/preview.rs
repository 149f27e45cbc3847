//! Previewing a draft: who will read it, by office, and the token that lets exactly this be sent.

use super::about::{self, Reference};
use super::{Confirmed, Text, guard};
use crate::app::App;
use crate::crypto::tokens::ConfirmToken;
use crate::error::Result;
use crate::rooms::{Act, Standing};
use crate::sessions::Session;
use tsumugi_protocol::{Card, Draft, MemberState, PersonKind, Preview, Reader, ReaderCount, ReaderGroup};

/// Readers by office, patient and family first. Leaves nothing behind: the token is the server's memory (D10).
///
/// # Errors
/// What sending would refuse: `not_found`, `invitation_open`, `not_connected`, `draft_empty`, `post_too_long`,
/// `consent_missing`, `consent_excludes_sharing`, `use_stopped`; as [`about::may_refer`].
pub async fn preview(app: &App, who: &Session, draft: Draft) -> Result<Preview> {
    let shown = shown(app, who, &draft).await;
    about::passed_on(app, who.account, (draft.room, draft.about), shown).await
}

async fn shown(app: &App, who: &Session, draft: &Draft) -> Result<Preview> {
    let text = Text::post(&draft.text)?;
    let mut view = app.store.glance().await?;
    let conn = view.conn();
    let standing = Standing::at_the_door(conn, who, draft.room, Act::Write).await?;
    let rules = standing.rules(app)?;
    standing.let_share(&rules)?;
    super::store::reply_target(conn, draft.room, draft.reply_to).await?;
    let reference = Reference::load(conn, who.account, &standing, draft.about).await?;
    about::may_refer(&reference, &rules)?;
    let members = standing.members(app, conn).await?;
    let findings = guard::findings(app, conn, who, (&standing, draft.about), (&text, &members)).await?;
    let codes: Vec<String> = findings.iter().map(|finding| finding.code.clone()).collect();
    let readers = members.iter().filter(|m| m.state == MemberState::Member && m.card.account != who.account);
    let (readers, count) = grouped(readers.map(|member| &member.card));
    let confirmed = Confirmed::of(draft, &text, (who.account, who.acting), &standing, &rules.name(), &codes);
    let expires_at = app.clock.now().plus(rules.confirm_for());
    let token = ConfirmToken::issue(&app.confirm, confirmed.as_bytes(), expires_at);
    let reminders = reference.reminders(&rules, who.lang);
    Ok(Preview { readers, count, findings, reminders, token, expires_at })
}

fn grouped<'c>(cards: impl Iterator<Item = &'c Card>) -> (Vec<ReaderGroup>, ReaderCount) {
    let mut groups: Vec<ReaderGroup> = Vec::new();
    let mut count = ReaderCount::default();
    for card in cards {
        count.add(card.kind);
        let reader = Reader {
            account: card.account,
            name: card.name.clone(),
            occupation: card.occupation,
            relation: card.relation.clone(),
            mark: card.mark,
        };
        match groups.iter_mut().find(|group| group.kind == card.kind && group.office == card.office) {
            Some(group) => group.people.push(reader),
            None => groups.push(ReaderGroup {
                office: card.office.clone(),
                kind: card.kind,
                people: vec![reader],
            }),
        }
    }
    groups.sort_by_key(|group| match group.kind {
        PersonKind::Patient => 0,
        PersonKind::Family => 1,
        PersonKind::Staff => 2,
    });
    (groups, count)
}
