//! The authority of device certificates: made when it is first needed, its key sealed in its row.

use super::store;
use crate::app::App;
use crate::bodies::{self, Body};
use crate::crypto::device_authority::DeviceAuthority;
use crate::crypto::keys::KeyKind;
use crate::error::{Fault, Result};
use crate::store::Tx;
use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The sealed private key.
#[derive(Serialize, Deserialize)]
struct AuthorityBody {
    v: u8,
    key: String,
}

impl Body for AuthorityBody {
    type Row = ();

    fn place((): ()) -> crate::crypto::seal::Place<'static> {
        crate::crypto::seal::Place { table: "device_authority", row: uuid::Uuid::nil(), author: None }
    }

    fn format(&self) -> u8 {
        self.v
    }
}

/// The authority; one for all processes of a store.
///
/// # Errors
/// When it cannot be read, opened or made.
pub async fn authority(app: &App) -> Result<Arc<DeviceAuthority>> {
    app.device_authority.get_or_try_init(|| found_or_made(app)).await.cloned()
}

async fn found_or_made(app: &App) -> Result<Arc<DeviceAuthority>> {
    let found = {
        let mut view = app.store.view().await?;
        store::authority(view.conn()).await?
    };
    let (certificate, sealed) = match found {
        Some(found) => found,
        None => made(app).await?,
    };
    let body: AuthorityBody = bodies::open(app, (), &sealed).await?;
    let key = Base64::decode_vec(&body.key).map_err(|_| Fault::noticed("reading an authority's key"))?;
    let stored = DeviceAuthority::stored(certificate, &key);
    Ok(Arc::new(stored.map_err(|error| Fault::new("opening the device authority", error))?))
}

/// Makes one and keeps it, unless another process was first.
async fn made(app: &App) -> Result<(Vec<u8>, Vec<u8>)> {
    let now = app.clock.now();
    let new = DeviceAuthority::make(now).map_err(|error| Fault::new("making the device authority", error))?;
    let key = app.keys.ready(app.keys.make(KeyKind::DeviceAuthority).await?).await?;
    let sealed = AuthorityBody { v: 1, key: Base64::encode_string(&new.key()) }.sealed(&key, ())?;
    let certificate = new.certificate().to_vec();
    app.store
        .act(async move |tx: &mut Tx| -> Result<_> {
            tx.insert_authority(&certificate, &sealed, now).await?;
            let stands = store::authority(tx.conn()).await?;
            Ok(stands.ok_or_else(|| Fault::noticed("finding the device authority"))?)
        })
        .await
}
