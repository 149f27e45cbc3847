//! Signs how far the log has come, and hands each head to a sink outside the database.

use super::{Entry, Log, store};
use crate::app::App;
use crate::crypto::chain::Chain;
use crate::crypto::head::Head;
use crate::crypto::keys::KeyFault;
use crate::crypto::signers::Signer;
use crate::error::{Fault, Result};
use crate::store::Tx;
use std::io::Write;
use std::path::PathBuf;
use tsumugi_protocol::Millis;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The signer of this process's log and its sink.
pub struct Heads {
    signer: Option<Signer>,
    signed: i64,
    sink: PathBuf,
}

impl Heads {
    /// Starts this process's log: its first row holds the ends of all logs there are.
    ///
    /// # Errors
    /// When the first rows cannot be stored.
    pub async fn start(app: &App, sink: PathBuf) -> Result<Self> {
        let now = app.clock.now();
        let signer = app.keys.first_signer(app.audit.id(), now).await?;
        let key = *signer.day_key();
        let inner = app.clone();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                let tips = store::tips(tx.conn()).await?;
                store::keep_key(tx.conn(), &key).await?;
                let entry =
                    Entry { at: now, act: "log.started", detail: Some(known(&tips)), ..Entry::default() };
                inner.audit.append(tx, &entry).await?;
                Ok(())
            })
            .await?;
        let heads = Self { signer: Some(signer), signed: 0, sink };
        heads.finish_interrupted(app).await?;
        Ok(heads)
    }

    /// Signs the ends of logs whose process was killed before it could, and destroys their private halves.
    async fn finish_interrupted(&self, app: &App) -> Result<()> {
        let unsigned = {
            let mut view = app.store.view().await?;
            store::unsigned_ends(view.conn(), app.audit.id()).await?
        };
        for (chain, key) in unsigned {
            let signer = match app.keys.resumed_signer(&key).await {
                Ok(signer) => signer,
                // The process ended between destroying the key and closing: nothing more can be signed.
                Err(KeyFault::Destroyed(_)) => continue,
                Err(fault) => return Err(fault.into()),
            };
            self.keep(app, signer.sign(&chain, app.clock.now())).await?;
            app.keys.retire_signer(signer).await?;
        }
        Ok(())
    }

    async fn keep(&self, app: &App, head: Head) -> Result<()> {
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> { Ok(store::keep_head(tx.conn(), &head).await?) })
            .await?;
        self.hand_over(&head)
    }

    /// Signs the log's end if it moved, and keeps the head here and in the sink.
    ///
    /// # Errors
    /// When the head cannot be stored or the sink cannot be written.
    pub async fn sign(&mut self, app: &App, log: &Log) -> Result<()> {
        let chain = log.committed();
        if chain.n <= self.signed {
            return Ok(());
        }
        self.change_key_daily(app, app.clock.now()).await?;
        let Some(signer) = &self.signer else { return Ok(()) };
        let head = signer.sign(&chain, app.clock.now());
        self.keep(app, head).await?;
        self.signed = chain.n;
        Ok(())
    }

    /// A new key pair each day, signed by the old one, whose private half is then destroyed.
    async fn change_key_daily(&mut self, app: &App, now: Millis) -> Result<()> {
        let Some(old) = self.signer.take_if(|signer| now.0 / DAY_MS > signer.day_key().since.0 / DAY_MS)
        else {
            return Ok(());
        };
        let next = app.keys.next_signer(&old, now).await?;
        let key = *next.day_key();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> { Ok(store::keep_key(tx.conn(), &key).await?) })
            .await?;
        self.signer = Some(next);
        app.keys.retire_signer(old).await?;
        Ok(())
    }

    /// Destroys the private half: after this nobody can sign for this log.
    ///
    /// # Errors
    /// When the key store cannot be written.
    pub async fn finish(self, app: &App) -> Result<()> {
        if let Some(signer) = self.signer {
            app.keys.retire_signer(signer).await?;
        }
        Ok(())
    }

    fn hand_over(&self, head: &Head) -> Result<()> {
        let doing = "handing an audit head to its sink";
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.sink)
            .map_err(|error| Fault::new(doing, error))?;
        // An empty line before it keeps a line that a power cut tore from swallowing this one.
        let lines = format!("\n{head}\n");
        file.write_all(lines.as_bytes()).map_err(|error| Fault::new(doing, error))?;
        Ok(file.sync_data().map_err(|error| Fault::new(doing, error))?)
    }
}

fn known(tips: &[Chain]) -> String {
    let list: Vec<_> = tips
        .iter()
        .map(|tip| serde_json::json!({ "log": tip.log, "n": tip.n, "hash": hex(&tip.hash) }))
        .collect();
    serde_json::json!({ "logs": list }).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
