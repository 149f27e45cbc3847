//! The operator's socket: a file in the data folder through which the command line sends its errands to the running
//! server, so that one process alone writes. One errand a connection, JSON lines both ways.

use super::errand::{Ear, Errand, Told};
use super::runtime;
use super::serve::finish;
use super::start::{Started, WhenEmpty, start};
use crate::app::App;
use crate::config::Config;
use crate::policy::Policies;
use rustix::process::getuid;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Mutex, mpsc};

/// How long an errand may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the socket rests after an error.
const PAUSE: Duration = Duration::from_millis(500);
/// Words that wait to be sent.
const WORDS: usize = 64;
/// Largest errand, in bytes: the files of an import travel in it.
const LARGEST: u64 = 512 * 1024 * 1024;

fn place(config: &Config) -> PathBuf {
    config.data.join("operator.sock")
}

/// Listens for errands until the server stops. Whoever holds the folder's lock may take the socket's place.
pub fn listen(started: &Started, config: &Config) {
    let path = place(config);
    // A server that was killed leaves its socket behind.
    if let Err(error) = std::fs::remove_file(&path)
        && error.kind() != ErrorKind::NotFound
    {
        tracing::warn!(%error, "the operator's socket cannot be cleared away");
    }
    let listener = match UnixListener::bind(&path) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, "no operator's socket: the command line can work only while the server is stopped");
            return;
        }
    };
    let (app, config) = (started.app.clone(), config.clone());
    let turn = Arc::new(Mutex::new(()));
    started.app.tasks.spawn(async move {
        loop {
            let stream = tokio::select! {
                () = app.tasks.stopping() => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!(%error, "an errand could not come in");
                        // Out of files, most likely: trying again at once would not help.
                        tokio::select! {
                            () = app.tasks.stopping() => break,
                            () = tokio::time::sleep(PAUSE) => continue,
                        }
                    }
                },
            };
            let (inner, config, turn) = (app.clone(), config.clone(), turn.clone());
            app.tasks.spawn(async move {
                // One errand at a time: an import is large, and what it finds must not change under it.
                let served = tokio::select! {
                    () = inner.tasks.stopping() => Ok(()),
                    served = async {
                        let _turn = turn.lock().await;
                        serve(&inner, &config, stream).await
                    } => served,
                };
                if let Err(error) = served {
                    tracing::debug!(%error, "whoever sent an errand went away");
                }
            });
        }
        std::fs::remove_file(place(&config)).ok();
    });
}

/// Reads one errand, carries it out, tells how it goes.
async fn serve(app: &App, config: &Config, stream: UnixStream) -> std::io::Result<()> {
    let operator = stream.peer_cred()?.uid();
    let (reading, mut writing) = stream.into_split();
    if operator != getuid().as_raw() && operator != 0 {
        let why = "only the user who runs the server, or root, may send errands".to_owned();
        return write(&mut writing, &Told::Failed { why }).await;
    }
    let mut line = String::new();
    let mut reading = BufReader::new(reading).take(LARGEST);
    tokio::time::timeout(PATIENCE, reading.read_line(&mut line)).await??;
    let last = match serde_json::from_str::<Errand>(&line) {
        Err(_) => Told::Failed {
            why: "this errand is not understood: is the server of another version?".to_owned(),
        },
        Ok(errand) => {
            drop(line);
            let (words, mut heard) = mpsc::channel(WORDS);
            let (inner, config) = (app.clone(), config.clone());
            let (done, ended) = tokio::sync::oneshot::channel();
            app.tasks.spawn(async move {
                let ear = Ear(words);
                let carried_out = tokio::select! {
                    () = inner.tasks.stopping() => Err("the server is stopping: send it again later, it goes on where it stopped".to_owned()),
                    carried_out = errand.run(&inner, &config, operator, &ear) => carried_out,
                };
                drop(ear);
                done.send(carried_out).ok();
            });
            while let Some(told) = heard.recv().await {
                write(&mut writing, &told).await?;
            }
            last_word(ended.await.unwrap_or_else(|_| Err("the errand broke off".to_owned())))
        }
    };
    write(&mut writing, &last).await
}

async fn write(writing: &mut (impl AsyncWriteExt + Unpin), told: &Told) -> std::io::Result<()> {
    let mut line = serde_json::to_string(told).map_err(std::io::Error::other)?;
    line.push('\n');
    writing.write_all(line.as_bytes()).await
}

fn last_word(carried_out: Result<(), String>) -> Told {
    match carried_out {
        Ok(()) => Told::Done,
        Err(why) => Told::Failed { why },
    }
}

/// Has an errand carried out: by the server that runs on the folder or, when none does, here.
///
/// # Errors
/// One sentence, what the errand says included.
pub fn send(
    config: &Config,
    policies: Policies,
    errand: Errand,
    hear: impl FnMut(Told),
) -> Result<(), String> {
    runtime()?.block_on(async {
        match UnixStream::connect(place(config)).await {
            Ok(stream) => there(stream, &errand, hear).await,
            // Nobody listens, or could: the folder's path is too long for a socket. The lock still guards the folder.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::InvalidInput
                ) =>
            {
                here(config, policies, errand, hear).await
            }
            Err(error) => Err(format!("the running server cannot be asked: {error}")),
        }
    })
}

async fn there(stream: UnixStream, errand: &Errand, mut hear: impl FnMut(Told)) -> Result<(), String> {
    let gone = |error: std::io::Error| format!("the running server went away: {error}");
    let (reading, mut writing) = stream.into_split();
    let mut line = serde_json::to_string(errand).map_err(|error| error.to_string())?;
    line.push('\n');
    writing.write_all(line.as_bytes()).await.map_err(gone)?;
    let mut words = BufReader::new(reading).lines();
    while let Some(word) = words.next_line().await.map_err(gone)? {
        match serde_json::from_str(&word)
            .map_err(|_| "the running server is of another version".to_owned())?
        {
            Told::Done => return Ok(()),
            Told::Failed { why } => return Err(why),
            told => hear(told),
        }
    }
    Err("the running server went away; send it again, it goes on where it stopped".to_owned())
}

async fn here(
    config: &Config,
    policies: Policies,
    errand: Errand,
    mut hear: impl FnMut(Told),
) -> Result<(), String> {
    let started = start(config, policies, WhenEmpty::Refuse).await?;
    let (words, mut heard) = mpsc::channel(WORDS);
    let ear = Ear(words);
    let carrying_out = async {
        let carried_out = errand.run(&started.app, config, getuid().as_raw(), &ear).await;
        drop(ear);
        carried_out
    };
    let hearing = async {
        while let Some(told) = heard.recv().await {
            hear(told);
        }
    };
    let (carried_out, ()) = tokio::join!(carrying_out, hearing);
    finish(started).await;
    carried_out
}
