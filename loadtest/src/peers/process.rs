//! Starts the floor as a process of its own, so that its CPU time is its own.

use super::floor::Ready;
use crate::client::Address;
use anyhow::{Context, bail};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// It makes nothing before it is ready.
const STARTING: Duration = Duration::from_secs(20);

/// A floor that is ready.
pub struct Floor {
    child: Child,
    /// Its process.
    pub process: u32,
    /// Where it is reached.
    pub address: Address,
}

impl Floor {
    /// Starts this very program as the floor.
    pub async fn start(data: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["floor", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the floor")?;
        let process = child.id().context("the floor ended at once")?;
        let output = child.stdout.take().context("the floor has no output")?;
        let mut lines = BufReader::new(output).lines();
        let line =
            timeout(STARTING, lines.next_line()).await.context("the floor was not ready in 20 s")??;
        let ready: Ready = serde_json::from_str(&line.context("the floor ended before it was ready")?)?;
        Ok(Self { child, process, address: Address::new(&ready.url, &ready.ca)? })
    }

    /// Stops it. It has nothing to put in order.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the floor had ended by itself: {status}");
        }
        Ok(self.child.kill().await?)
    }
}
