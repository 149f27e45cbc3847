//! `tsumugi device` and `tsumugi cert`: the ledger of devices for the operator of the machine.

use super::errand::{Errand, Told};
use super::{Outcome, operator, rules};
use crate::config::{self, Overrides};
use base64ct::{Base64, Encoding};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::ExitCode;
use uuid::Uuid;

/// Work with devices.
#[derive(Debug, clap::Subcommand)]
pub enum Device {
    /// List the ledger
    List(Settings),
    /// Take a device out of use; its sessions end at once
    Stop(Turn),
    /// Put a stopped device back to where it stood
    Release(Turn),
    /// Give a device up for good; its sessions end and its certificates are revoked at once
    Retire(Turn),
}

/// Work with certificates of devices.
#[derive(Debug, clap::Subcommand)]
pub enum Cert {
    /// Issue a certificate for an approved device: a PKCS#12 file with its key or, for a request, the certificate alone
    Issue(Issue),
    /// Revoke a certificate; its sessions end at once
    Revoke(Revoke),
    /// Print the list of revoked certificates (PEM)
    Crl(Settings),
    /// List devices with their certificates
    List(Settings),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Settings {
    #[command(flatten)]
    settings: Overrides,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Turn {
    #[command(flatten)]
    settings: Overrides,
    /// Id of the device
    device: Uuid,
    /// Why
    #[arg(long)]
    reason: String,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Issue {
    #[command(flatten)]
    settings: Overrides,
    /// Id of the device
    device: Uuid,
    /// File to write; it is never overwritten
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Close the file the old way (3DES), for systems that read nothing else
    #[arg(long, conflicts_with = "csr")]
    legacy: bool,
    /// Request (PKCS#10, PEM) of a managed computer that made its key itself; then the certificate alone is written (PEM)
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Revoke {
    #[command(flatten)]
    settings: Overrides,
    /// SHA-256 of the certificate, in hexadecimal digits
    fingerprint: String,
    /// Why
    #[arg(long)]
    reason: String,
}

/// Runs `tsumugi device`.
pub fn device(ask: &Device) -> Outcome {
    match ask {
        Device::List(ask) => told(&ask.settings, Errand::ListDevices),
        Device::Stop(ask) => {
            let (device, reason) = (ask.device, ask.reason.clone());
            told(&ask.settings, Errand::StopDevice { device, reason })
        }
        Device::Release(ask) => {
            let (device, reason) = (ask.device, ask.reason.clone());
            told(&ask.settings, Errand::ReleaseDevice { device, reason })
        }
        Device::Retire(ask) => {
            let (device, reason) = (ask.device, ask.reason.clone());
            told(&ask.settings, Errand::RetireDevice { device, reason })
        }
    }
}

/// Runs `tsumugi cert`.
pub fn cert(ask: &Cert) -> Outcome {
    match ask {
        Cert::Issue(ask) => issue(ask),
        Cert::Revoke(ask) => {
            let (fingerprint, reason) = (ask.fingerprint.clone(), ask.reason.clone());
            told(&ask.settings, Errand::RevokeCertificate { fingerprint, reason })
        }
        Cert::Crl(ask) => told(&ask.settings, Errand::RevocationList),
        Cert::List(ask) => told(&ask.settings, Errand::ListDevices),
    }
}

fn issue(ask: &Issue) -> Outcome {
    let errand = match &ask.csr {
        None => Errand::IssueCertificate { device: ask.device, legacy: ask.legacy },
        Some(file) => {
            let read = std::fs::read_to_string(file);
            let request = read.map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
            Errand::CertifyKey { device: ask.device, request }
        }
    };
    // Made before anything is issued: a certificate that cannot be kept would be lost.
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&ask.out);
    let mut file = file.map_err(|error| format!("{} cannot be made: {error}", ask.out.display()))?;
    let mut keep = |bytes: &[u8]| {
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| error.to_string())
    };
    let mut written = Err("nothing was issued".to_owned());
    let sent = send(&ask.settings, errand, |told| match told {
        Told::Certificate { pkcs12, passphrase, fingerprint } => {
            let bytes = Base64::decode_vec(&pkcs12).map_err(|error| error.to_string());
            written = bytes.and_then(|bytes| keep(&bytes));
            println!("{}\n  passphrase   {passphrase}\n  fingerprint  {fingerprint}", ask.out.display());
        }
        Told::Certified { certificate, fingerprint } => {
            written = keep(certificate.as_bytes());
            println!("{}\n  fingerprint  {fingerprint}", ask.out.display());
        }
        _ => {}
    });
    if let Err(why) = sent.and(written) {
        std::fs::remove_file(&ask.out).ok();
        return Err(why);
    }
    Ok(ExitCode::SUCCESS)
}

fn told(settings: &Overrides, errand: Errand) -> Outcome {
    send(settings, errand, |told| {
        if let Told::Line { text } = told {
            println!("{text}");
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn send(settings: &Overrides, errand: Errand, hear: impl FnMut(Told)) -> Result<(), String> {
    let config = config::read(settings)?;
    let policies = rules(&config)?;
    operator::send(&config, policies, errand, hear)
}
