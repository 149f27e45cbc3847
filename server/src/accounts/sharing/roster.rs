//! Who shares an account: for its admins, and for whoever comes in with it and has to say who acts.

use super::{RosterBody, store};
use crate::accounts::overseeing::{Doing, Facts};
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, Next, Roster, RosterPerson, WhichAccount};

/// Who shares an account; nobody where it is not shared.
///
/// # Errors
/// As [`Facts::decide`].
pub async fn roster(app: &App, who: &Arc<Session>, ask: WhichAccount) -> Result<Roster> {
    let mut view = app.store.view().await?;
    let conn = view.conn();
    Facts::of(app, conn, who.account, ask.account).await?.decide(Doing::Share)?;
    let responsible = store::responsible(conn, ask.account).await?;
    Ok(Roster { responsible, people: people(app, conn, ask.account).await? })
}

/// Who acts in a session, and whom it could be where that has not been said yet. Before the second factor nobody is named.
///
/// # Errors
/// When rows cannot be read or opened.
pub async fn shown_in(
    app: &App,
    conn: &mut Conn,
    who: &Session,
) -> Result<(Option<RosterPerson>, Vec<RosterPerson>)> {
    if let Some(id) = who.acting {
        let sealed = store::person(conn, who.account, id).await?;
        let Some(sealed) = sealed else { return Ok((None, Vec::new())) };
        return Ok((Some(bodies::open::<RosterBody>(app, id, &sealed).await?.shown(id)), Vec::new()));
    }
    let is_asked = who.next.contains(&Next::ActingPerson) && !who.next.contains(&Next::SecondFactor);
    let people = if is_asked { people(app, conn, who.account).await? } else { Vec::new() };
    Ok((None, people))
}

/// By reading.
async fn people(app: &App, conn: &mut Conn, account: AccountId) -> Result<Vec<RosterPerson>> {
    let mut people = Vec::new();
    for (id, sealed) in store::people(conn, account).await? {
        people.push(bodies::open::<RosterBody>(app, id, &sealed).await?.shown(id));
    }
    people.sort_by(|one, other| (&one.kana, one.id).cmp(&(&other.kana, other.id)));
    Ok(people)
}
