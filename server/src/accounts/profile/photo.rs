//! The photo of somebody one sees.

use super::shown_to::sees;
use super::{PhotoBody, store};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::{Code, Photo, WhichAccount};

/// The photo with its version; a client keeps it until there is another.
///
/// # Errors
/// `not_found` for whom one does not see, and for whoever has none.
pub async fn photo(app: &App, who: &Session, ask: WhichAccount) -> Result<Photo> {
    let found = {
        let mut view = app.store.view().await?;
        if !sees(view.conn(), who.account, ask.account).await? {
            return Err(Code::NotFound.into());
        }
        store::photo(view.conn(), ask.account).await?
    };
    let Some((version, sealed)) = found.and_then(|photo| Some((photo.version, photo.sealed?))) else {
        return Err(Code::NotFound.into());
    };
    let body: PhotoBody = bodies::open(app, ask.account, &sealed).await?;
    Ok(Photo { version, image: body.image })
}
