//! Certificate files that change under a running server: read again, tried, and shown from the next handshake on. Links that
//! are open stay, and what cannot be used changes nothing.

use super::tls::{Certificate, files, renew_own};
use crate::app::App;
use crate::config::Config;
use axum_server::tls_rustls::RustlsConfig;
use rustls_pki_types::CertificateDer;
use std::io;
use std::path::PathBuf;
use std::time::Duration;
use tsumugi_protocol::Millis;
use zeroize::Zeroizing;

/// † How often it is looked.
const LOOK: Duration = Duration::from_secs(3);

/// What the doors show, and what it was read from.
pub(super) struct Shown {
    config: Config,
    main: RustlsConfig,
    /// The door that takes certificates, and our own authority of theirs.
    asking: Option<(RustlsConfig, CertificateDer<'static>)>,
    /// The bytes of each file when it was last looked; none of one that could not be read.
    seen: Vec<Option<Zeroizing<Vec<u8>>>>,
}

impl Shown {
    /// As it is shown now.
    pub(super) fn new(
        config: &Config,
        main: RustlsConfig,
        asking: Option<(RustlsConfig, CertificateDer<'static>)>,
    ) -> Self {
        let seen = bytes(&files(config));
        Self { config: config.clone(), main, asking, seen }
    }

    /// Looks until the server stops.
    pub(super) fn watch(self, app: &App) {
        let (inner, mut shown) = (app.clone(), self);
        app.tasks.spawn(async move {
            while tokio::time::timeout(LOOK, inner.tasks.stopping()).await.is_err() {
                let now = inner.clock.now();
                let looked = tokio::task::spawn_blocking(move || {
                    shown.look(now);
                    shown
                });
                let Ok(back) = looked.await else {
                    tracing::error!(
                        "looking at the certificate failed; it is not looked at again before a restart"
                    );
                    return;
                };
                shown = back;
            }
        });
    }

    fn look(&mut self, now: Millis) {
        if let Err(error) = renew_own(&self.config, now) {
            tracing::error!(%error, "our own certificate could not be renewed");
        }
        let found = bytes(&files(&self.config));
        if found == self.seen {
            return;
        }
        // Also where it cannot be used: it is complained of once, and tried again when it changes again.
        self.seen = found;
        match self.anew(now) {
            Ok(()) => tracing::info!("the certificate was read anew"),
            Err(error) => {
                tracing::error!(%error, "the certificate that changed cannot be used: the one before stays");
            }
        }
    }

    /// Both doors or none.
    fn anew(&self, now: Millis) -> io::Result<()> {
        let main = Certificate::of(&self.config, now)?.server;
        let asking = match &self.asking {
            Some((door, ours)) => Some((door, Certificate::asking(&self.config, ours)?)),
            None => None,
        };
        self.main.reload_from_config(main);
        if let Some((door, asking)) = asking {
            door.reload_from_config(asking);
        }
        Ok(())
    }
}

fn bytes(files: &[PathBuf]) -> Vec<Option<Zeroizing<Vec<u8>>>> {
    files.iter().map(|file| std::fs::read(file).ok().map(Zeroizing::new)).collect()
}
