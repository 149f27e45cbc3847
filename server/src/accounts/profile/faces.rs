//! What stands beside people's names: the version of a photo. Marks are on their cards.

use super::shown_to::sees;
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use tsumugi_protocol::{AskFaces, Code, FaceList, Refusal, limits};

/// The faces of those among the asked whom one sees; of others nothing, as of nobody (HIDE).
///
/// # Errors
/// `bad_field` for more than [`limits::FACES`].
pub async fn faces(app: &App, who: &Session, ask: AskFaces) -> Result<FaceList> {
    if ask.accounts.len() > limits::FACES {
        return Err(Refusal::new(Code::BadField).with("field", "accounts").into());
    }
    let mut view = app.store.view().await?;
    let mut faces = Vec::new();
    for account in ask.accounts {
        if sees(view.conn(), who.account, account).await? {
            faces.push(store::face(view.conn(), account).await?);
        }
    }
    Ok(FaceList { faces })
}
