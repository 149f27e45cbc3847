//! Handshakes that never finish, in waves: silent, half a TLS greeting, half a request behind TLS.

use super::attack::{Field, Met};
use crate::{client::Address, open_files};
use std::time::Duration;
use tokio::{io::AsyncWriteExt, task::JoinSet, time::sleep};

/// Waves in which all come.
const WAVES: usize = 4;
/// Between two waves; the waves before stay open.
const BETWEEN: Duration = Duration::from_secs(2);
/// Connections begun in one go.
const AT_ONCE: usize = 250;
/// The first bytes of a TLS greeting that announces more than ever comes.
const HALF_A_GREETING: &[u8] = &[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];
/// A request that never ends.
const HALF_A_REQUEST: &[u8] = b"GET /api/v1/link HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

pub async fn attack(field: Field, met: Met) {
    let most = open_files::connections() / 2;
    let of_wave = field.attempts.min(most) / WAVES;
    let mut holding = JoinSet::new();
    for _ in 0..WAVES {
        for number in 0..of_wave {
            let (address, met) = (field.address.clone(), met.clone());
            holding.spawn(async move { hold(&address, number, &met).await });
            if number % AT_ONCE == 0 {
                sleep(Duration::from_millis(20)).await;
            }
        }
        sleep(BETWEEN).await;
    }
    while holding.join_next().await.is_some() {}
    std::future::pending::<()>().await;
}

/// Opens one connection and waits until the server ends it.
async fn hold(address: &Address, number: usize, met: &Met) {
    let Ok(mut stream) = address.connect(None).await else { return met.count("connection refused") };
    met.count("opened");
    match number % 3 {
        0 => {}
        1 => drop(stream.write_all(HALF_A_GREETING).await),
        _ => {
            let Ok(mut stream) = address.secure(stream).await else { return met.count("TLS refused") };
            // Whether it is taken shows when the server ends the connection.
            drop(stream.write_all(HALF_A_REQUEST).await);
            drop(stream.flush().await);
            until_ended(&mut stream).await;
            return met.count("ended by the server behind TLS");
        }
    }
    until_ended(&mut stream).await;
    met.count("ended by the server before TLS");
}

async fn until_ended(stream: &mut (impl tokio::io::AsyncRead + Unpin)) {
    let mut bytes = [0; 512];
    while let Ok(1..) = tokio::io::AsyncReadExt::read(stream, &mut bytes).await {}
}
