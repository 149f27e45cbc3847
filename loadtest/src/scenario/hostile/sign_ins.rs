//! Sign-ins with wrong passwords, for names that exist and names that do not.

use super::attack::{Field, Met};
use crate::client::Address;
use futures_util::{StreamExt, stream};
use tsumugi_protocol::{Command, SignIn, SignedIn, TokenIn};

/// Sign-ins under way at once.
const AT_ONCE: usize = 100;

pub async fn attack(field: Field, met: Met) {
    let guesses = stream::iter(0..field.attempts);
    guesses.for_each_concurrent(AT_ONCE, async |number| guess(&field.address, number, &met).await).await;
    std::future::pending::<()>().await;
}

async fn guess(address: &Address, number: usize, met: &Met) {
    let email = match number % 2 {
        0 => format!("bench-{:04}@bench.example", number % 200 + 1),
        _ => format!("nobody-{number}@bench.example"),
    };
    let ask = SignIn { email, password: format!("guess-{number}"), token_in: TokenIn::Body };
    match address.ask::<SignedIn>(None, &Command::SignIn(ask)).await {
        Ok(Ok(_)) => met.count("let in"),
        Ok(Err(refused)) => met.count(refused.code),
        Err(_) => met.count("no answer"),
    }
}
