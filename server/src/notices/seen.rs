//! Notices that were on screen.

use crate::app::App;
use crate::error::Result;
use crate::live;
use crate::sessions::Session;
use crate::store::Tx;
use tsumugi_protocol::{Done, Event, NoticesSeen};

/// Marks the reader's notices as seen, up to one; her other devices hear of it.
///
/// # Errors
/// When it cannot be stored.
pub async fn seen(app: &App, who: &Session, ask: NoticesSeen) -> Result<Done> {
    let (inner, account, now) = (app.clone(), who.account, app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.see_notices(account, ask.upto, now).await?;
            let (inner, noticed) = (inner.clone(), live::encode(&Event::Noticed));
            tx.tell(move || inner.live.tell(account, None, &noticed));
            Ok(Done {})
        })
        .await
}
