//! What the reader is told about her own account.

use super::store::{self, NoticeRow};
use super::{NoticeBody, unknown, words};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::{AskNotices, Lang, Notice, NoticeId, NoticeKind, NoticeList, limits};
use uuid::Uuid;

/// A page of notices, the newest first.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn list(app: &App, who: &Session, ask: AskNotices) -> Result<NoticeList> {
    let limit = ask.limit.unwrap_or(limits::PAGE).clamp(1, limits::PAGE_MAX);
    let before = ask.before.unwrap_or(NoticeId(Uuid::max()));
    let (mut rows, unseen) = {
        let mut view = app.store.view().await?;
        let rows = store::notices(view.conn(), who.account, before, limit + 1).await?;
        (rows, store::unseen(view.conn(), who.account).await?)
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let mut notices = Vec::with_capacity(rows.len());
    for row in rows {
        notices.push(shown(app, row, who.lang).await?);
    }
    Ok(NoticeList { notices, unseen: u32::try_from(unseen).unwrap_or(u32::MAX), more })
}

async fn shown(app: &App, row: NoticeRow, lang: Lang) -> Result<Notice> {
    let kind = NoticeKind::of(&row.kind).ok_or_else(unknown)?;
    let words = words::of_notice(kind, lang);
    let sentence = match &row.sealed {
        None => words.sentence.to_owned(),
        Some(sealed) => {
            let name = bodies::open::<NoticeBody>(app, row.id, sealed).await?.name;
            match lang {
                Lang::Ja => format!("{}（{name}）", words.sentence),
                Lang::En => format!("{} ({name})", words.sentence),
            }
        }
    };
    Ok(Notice { id: row.id, kind, at: row.at, sentence, next: words.next.to_owned(), seen: row.seen })
}
