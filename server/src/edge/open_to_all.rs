//! What anybody may ask, signed in or not: it opens no session, and it is nobody's act in the audit of refusals.

use super::coming_in::Visit;
use super::dispatch::{Caller, encoded, refused};
use super::gate;
use super::http::{no, ok};
use super::sources::source_of;
use crate::metrics::metrics;
use crate::{accounts, enrolments, incidents, passkeys};
use axum::response::Response;
use tsumugi_protocol::command::Asker;
use tsumugi_protocol::{Code, Command};

/// Carries out a command that anybody may ask; any other is given back.
pub(super) async fn open_to_all(visit: &Visit<'_>, command: Command) -> Result<Response, Command> {
    if command.asker() != Asker::Anybody {
        return Err(command);
    }
    let (app, source, name) = (&visit.edge.app, source_of(visit.caller.source), command.name());
    let since = app.clock.monotonic();
    let reply = if gate::from_another_page(visit.edge, visit.headers) {
        Err(Code::ForeignOrigin.into())
    } else {
        match command {
            Command::About(_) => encoded(Ok(accounts::about(app))),
            Command::Forgot(ask) => encoded(accounts::forgot(app, source, &ask)),
            Command::Reset(ask) => encoded(accounts::reset(app, source, ask).await),
            Command::ConfirmEmail(ask) => encoded(accounts::confirm_email(app, source, ask).await),
            Command::DeclareMyException(ask) => encoded(accounts::declare_exception(app, source, ask).await),
            Command::ReportIncident(ask) => encoded(incidents::report(app, source, ask).await),
            Command::ShowEnrolment(ask) => encoded(enrolments::show(app, source, &ask).await),
            Command::FillEnrolment(ask) => encoded(enrolments::fill(app, source, ask).await),
            Command::SubmitEnrolment(ask) => encoded(enrolments::submit(app, source, ask).await),
            Command::SignInPasskeyBegin(ask) => encoded(passkeys::sign_in_begin(app, source, &ask)),
            _ => Err(Code::WrongDoor.into()),
        }
    };
    metrics().answered(name, app.clock.monotonic().saturating_sub(since));
    let stranger = Caller { who: None, source: visit.caller.source, link: None };
    Ok(match reply {
        Ok(reply) => ok(&reply),
        Err(failure) => no(&refused(app, &stranger, name, None, failure).await, visit.lang),
    })
}
