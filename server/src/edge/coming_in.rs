//! The commands that hand out a session: its token goes into a cookie (browsers) or into the body (programs).

use super::dispatch::{Caller, encoded, paced, refused, stirred};
use super::http::{no, ok};
use super::sources::source_of;
use super::{Edge, gate};
use crate::crypto::secret::Secret;
use crate::error::{Fault, Result};
use crate::metrics::metrics;
use crate::sessions::Session;
use crate::{accounts, passkeys, rules};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;
use tsumugi_protocol::command::Asker;
use tsumugi_protocol::{Code, Command, Lang, Me, SignedIn, TokenIn};

/// A request as far as it is read.
pub(super) struct Visit<'a> {
    /// The edge it came to.
    pub edge: &'a Edge,
    /// Who asks.
    pub caller: &'a Caller<'a>,
    /// The certificate of its connection.
    pub peer: gate::Peer,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// The language of the answer.
    pub lang: Lang,
}

/// Carries out a command that hands out a session; any other is given back.
pub(super) async fn come_in(visit: &Visit<'_>, command: Command) -> Result<Response, Command> {
    let (token_in, begins) = match &command {
        Command::SignIn(ask) => (ask.token_in, true),
        Command::Enter(ask) => (ask.token_in, true),
        Command::SignInPasskeyFinish(ask) => (ask.token_in, true),
        Command::EnterByException(ask) => (ask.token_in, true),
        Command::AcknowledgeRules(ask) => (ask.token_in, false),
        Command::ChangePassword(ask) => (ask.token_in, false),
        Command::ProvePassword(ask) => (ask.token_in, false),
        Command::ProvePasskeyFinish(ask) => (ask.token_in, false),
        Command::ActAs(ask) => (ask.token_in, false),
        _ => return Err(command),
    };
    let (app, act) = (&visit.edge.app, command.name());
    let since = app.clock.monotonic();
    let result = if gate::from_another_page(visit.edge, visit.headers) {
        Err(Code::ForeignOrigin.into())
    } else {
        carried_out(visit, command).await
    };
    metrics().answered(act, app.clock.monotonic().saturating_sub(since));
    let answer = result.and_then(|(token, me)| handed_over(visit.edge, &token, me, token_in));
    // Before it is known who comes in, a refusal belongs to the place it came from.
    let stranger = Caller { who: None, source: visit.caller.source, link: None };
    let asking = if begins { &stranger } else { visit.caller };
    Ok(match answer {
        Ok(response) => response,
        Err(failure) => no(&refused(app, asking, act, None, failure).await, visit.lang),
    })
}

async fn carried_out(visit: &Visit<'_>, command: Command) -> Result<(Secret, Me)> {
    let app = &visit.edge.app;
    let source = source_of(visit.caller.source);
    let origin = gate::origin(visit.edge, visit.peer, visit.headers)?;
    let asking = |asker| -> Result<&Arc<Session>> {
        let who = paced(app, visit.caller.who, asker)?;
        stirred(app, who, visit.caller.source);
        Ok(who)
    };
    let arriving = || asking(Asker::Arriving);
    let (token, session) = match command {
        Command::SignIn(ask) => return accounts::sign_in(app, source, origin, ask).await,
        Command::Enter(ask) => return accounts::enter(app, source, origin, ask).await,
        Command::EnterByException(ask) => {
            return accounts::enter_by_exception(app, source, origin, ask).await;
        }
        Command::ChangePassword(ask) => {
            return accounts::change_password(app, source, origin, arriving()?, ask).await;
        }
        Command::SignInPasskeyFinish(ask) => passkeys::sign_in_finish(app, &origin, ask).await?,
        Command::ProvePasskeyFinish(ask) => passkeys::prove_finish(app, &origin, arriving()?, ask).await?,
        Command::ProvePassword(ask) => {
            accounts::prove(app, (source, &origin), asking(Asker::SignedIn)?, ask).await?
        }
        Command::ActAs(ask) => accounts::act_as(app, &origin, arriving()?, ask).await?,
        Command::AcknowledgeRules(ask) => rules::acknowledge(app, &origin, arriving()?, ask).await?,
        _ => return Err(Fault::noticed("a command that hands out no session").into()),
    };
    Ok((token, accounts::me(app, &session).await?))
}

fn handed_over(edge: &Edge, token: &Secret, me: Me, token_in: TokenIn) -> Result<Response> {
    let (shown, cookie) = match token_in {
        TokenIn::Body => (Some(token.reveal().to_owned()), None),
        TokenIn::Cookie => (None, Some(cookie(edge, token.reveal()))),
    };
    let mut response = ok(&encoded(Ok(SignedIn { me, token: shown }))?);
    if let Some(Ok(cookie)) = cookie.map(|cookie| HeaderValue::from_str(&cookie)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Without an end of its own: the browser forgets it when it is closed (000§12(4)).
fn cookie(edge: &Edge, token: &str) -> String {
    format!("{}={token}; Path=/; Secure; HttpOnly; SameSite=Strict", edge.entrance.cookie())
}
