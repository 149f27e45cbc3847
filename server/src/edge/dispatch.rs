//! Command → verb, one line each; and the one place where refusals are recorded and faults are logged.

use super::sources::network_of;
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::random;
use crate::error::{Failure, Fault, Result, rate_limited};
use crate::live::Link;
use crate::metrics::metrics;
use crate::sessions::{self, Session};
use crate::store::Tx;
use crate::{
    accounts, consents, devices, enrolments, erasures, exceptions, incidents, instructions, invitations,
    notices, offices, passkeys, patients, permits, pledges, posts, reviews, roles, rooms, rules,
    staff_changes, stewardships, trainings, verifications,
};
use serde::Serialize;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;
use tsumugi_protocol::command::{Asker, Doing, Door};
use tsumugi_protocol::{Code, Command, Done, Now, Refusal, RoomId};

/// Who asks, and from where.
pub(super) struct Caller<'a> {
    /// The session, where there is one.
    pub who: Option<&'a Arc<Session>>,
    /// The address the request came from.
    pub source: IpAddr,
    /// The link, when it came over one.
    pub link: Option<&'a Arc<Link>>,
}

/// Carries a command out and encodes its reply.
///
/// # Errors
/// The refusal to show; it is in the audit already. A fault is shown as its number only.
pub(super) async fn dispatch(app: &App, caller: &Caller<'_>, command: Command) -> Result<String, Refusal> {
    let (name, room) = (command.name(), room_of(&command));
    let since = app.clock.monotonic();
    let result = match permitted(app, caller, &command) {
        Ok(who) => {
            let walk = tracing::debug_span!("command", name);
            run(app, caller, &who, command).instrument(walk).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    let answer = match result {
        Ok(reply) => Ok(reply),
        Err(failure) => Err(refused(app, caller, name, room, failure).await),
    };
    metrics().answered(name, app.clock.monotonic().saturating_sub(since));
    answer
}

fn permitted(app: &App, caller: &Caller<'_>, command: &Command) -> Result<Arc<Session>, Refusal> {
    let may_come = match command.door() {
        Door::Both => true,
        Door::Http => caller.link.is_none(),
        Door::Link => caller.link.is_some(),
    };
    let who = match command {
        // Whoever burns a budget must not keep its owner from ending the session.
        Command::SignOut(_) => standing(app, caller.who, Asker::Arriving)?,
        _ => paced(app, caller.who, command.asker())?,
    };
    if !may_come {
        return Err(Code::WrongDoor.into());
    }
    if command.doing() == Doing::Act {
        stirred(app, who, caller.source);
    }
    Ok(who.clone())
}

/// The person of a session did something on purpose, from there.
pub(super) fn stirred(app: &App, who: &Arc<Session>, source: IpAddr) {
    let now = app.clock.now();
    who.stir(now);
    if who.acts_elsewhere(network_of(source), now) {
        sessions::tell_of_two(app, who);
    }
}

/// The session, if it stands and is as whole as that asks for.
fn standing<'a>(app: &App, who: Option<&'a Arc<Session>>, asker: Asker) -> Result<&'a Arc<Session>, Refusal> {
    let who = who.ok_or(Code::SignedOut)?;
    who.admit(asker, app.clock.now())?;
    Ok(who)
}

/// The session, if it stands, is as whole as that asks for, and its account asks no faster than it may.
///
/// # Errors
/// `signed_out`, `session_idle`, `second_factor_required`, `password_expired`; `rate_limited` with the time after which
/// one command fits again.
pub(super) fn paced<'a>(
    app: &App,
    who: Option<&'a Arc<Session>>,
    asker: Asker,
) -> Result<&'a Arc<Session>, Refusal> {
    let who = standing(app, who, asker)?;
    who.pace.take(app.clock.monotonic(), app.policies.widest_budget()).map_err(rate_limited)?;
    Ok(who)
}

/// How long whoever asked faster than the account may is not heard: to refuse a flood one by one would cost the others
/// nearly as much as to obey it.
pub(super) fn unheard(app: &App, who: Option<&Arc<Session>>, refusal: &Refusal) -> Option<Duration> {
    let who = who.filter(|_| refusal.code == Code::RateLimited)?;
    Some(who.pace.unheard(app.clock.monotonic(), app.policies.widest_budget()))
}

/// Answers a request late that came too fast; what is told of the time to wait is what is left of it.
pub(super) async fn tell_late(app: &App, who: Option<&Arc<Session>>, refusal: Refusal) -> Refusal {
    let Some(wait) = unheard(app, who, &refusal) else { return refusal };
    tokio::time::sleep(wait).await;
    let waited = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    let left = refusal.retry_after_ms.unwrap_or_default().saturating_sub(waited).max(1);
    refusal.retry_after(left)
}

#[expect(clippy::too_many_lines, reason = "one line for each command")]
async fn run(app: &App, caller: &Caller<'_>, who: &Arc<Session>, command: Command) -> Result<String> {
    match command {
        Command::SignIn(_)
        | Command::ShowEnrolment(_)
        | Command::FillEnrolment(_)
        | Command::SubmitEnrolment(_)
        | Command::ReportIncident(_)
        | Command::ChangePassword(_)
        | Command::ProvePassword(_)
        | Command::ActAs(_)
        | Command::Enter(_)
        | Command::About(_)
        | Command::Forgot(_)
        | Command::Reset(_)
        | Command::ConfirmEmail(_)
        | Command::SignInPasskeyBegin(_)
        | Command::SignInPasskeyFinish(_)
        | Command::ProvePasskeyFinish(_)
        | Command::AcknowledgeRules(_)
        | Command::DeclareMyException(_)
        | Command::EnterByException(_) => Err(Code::WrongDoor.into()),
        Command::ReadRules(ask) => encoded(rules::read(app, who, ask).await),
        Command::RulesStanding(ask) => encoded(rules::standing(app, who, ask).await),
        Command::SetSupplement(ask) => encoded(offices::set_supplement(app, who, ask).await),
        Command::DeclareException(ask) => encoded(exceptions::declare(app, who, ask).await),
        Command::EndException(ask) => encoded(exceptions::end(app, who, ask).await),
        Command::ListExceptions(_) => encoded(exceptions::list(app, who).await),
        Command::ReviewException(ask) => encoded(exceptions::review(app, who, ask).await),
        Command::AdminReset(ask) => encoded(accounts::admin_reset(app, who, ask).await),
        Command::ChangeEmail(ask) => encoded(accounts::change_email(app, who, ask).await),
        Command::CloseAccount(ask) => encoded(accounts::close(app, who, ask).await),
        Command::CloseFor(ask) => encoded(accounts::close_for(app, who, ask).await),
        Command::Bar(ask) => encoded(offices::bar(app, who, ask).await),
        Command::LiftBar(ask) => encoded(offices::lift_bar(app, who, ask).await),
        Command::ListReaders(ask) => encoded(offices::list_readers(app, who, ask).await),
        Command::ListTimelines(ask) => encoded(offices::list_timelines(app, who, ask).await),
        Command::ListLeavers(ask) => encoded(offices::list_leavers(app, who, ask).await),
        Command::Admit(ask) => encoded(offices::admit(app, who, ask).await),
        Command::ListAdmissions(_) => encoded(accounts::list_admissions(app, who).await),
        Command::AcceptAdmission(ask) => encoded(accounts::accept_admission(app, who, ask).await),
        Command::DeclineAdmission(ask) => encoded(accounts::decline_admission(app, who, ask).await),
        Command::ListRoles(ask) => encoded(roles::of_office(app, who, ask).await),
        Command::ListRegionRoles(_) => encoded(roles::of_region(app, who).await),
        Command::ProposeRole(ask) => encoded(roles::propose(app, who, ask).await),
        Command::WithdrawRole(ask) => encoded(roles::withdraw(app, who, ask).await),
        Command::MyAppointments(_) => encoded(roles::mine(app, who).await),
        Command::AcceptRole(ask) => encoded(roles::accept(app, who, ask).await),
        Command::DeclineRole(ask) => encoded(roles::decline(app, who, ask).await),
        Command::EndRole(ask) => encoded(roles::end(app, who, ask).await),
        Command::RecordHead(ask) => encoded(roles::record_head(app, who, ask).await),
        Command::SetGovernance(ask) => encoded(roles::set_governance(app, who, ask).await),
        Command::MyPledges(_) => encoded(pledges::mine(app, who).await),
        Command::GivePledge(ask) => encoded(pledges::give(app, who, ask).await),
        Command::RecordPledge(ask) => encoded(pledges::record(app, who, ask).await),
        Command::ListPledges(ask) => encoded(pledges::of_office(app, who, ask).await),
        Command::RecordTraining(ask) => encoded(trainings::record(app, who, ask).await),
        Command::DeclareTraining(ask) => encoded(trainings::declare(app, who, ask).await),
        Command::ConfirmTraining(ask) => encoded(trainings::confirm(app, who, ask).await),
        Command::RejectTraining(ask) => encoded(trainings::reject(app, who, ask).await),
        Command::ListTrainings(ask) => encoded(trainings::of_office(app, who, ask).await),
        Command::ListStaffChanges(ask) => encoded(staff_changes::list(app, who, ask).await),
        Command::ProcessStaffChange(ask) => encoded(staff_changes::process(app, who, ask).await),
        Command::ImportRoster(ask) => encoded(offices::import_roster(app, who, ask).await),
        Command::OpenEnrolment(ask) => encoded(enrolments::open(app, who, ask).await),
        Command::ListEnrolments(_) => encoded(enrolments::list(app, who).await),
        Command::WriteEnrolment(ask) => encoded(enrolments::write(app, who, ask).await),
        Command::RecordPaper(ask) => encoded(enrolments::record_paper(app, who, ask).await),
        Command::RecordVisit(ask) => encoded(enrolments::record_visit(app, who, ask).await),
        Command::AcceptEnrolment(ask) => encoded(enrolments::accept(app, who, ask).await),
        Command::ReturnEnrolment(ask) => encoded(enrolments::send_back(app, who, ask).await),
        Command::WithdrawEnrolment(ask) => encoded(enrolments::withdraw(app, who, ask).await),
        Command::SendEnrolmentLink(ask) => encoded(enrolments::send_link(app, who, ask).await),
        Command::RegisterPasskeyBegin(ask) => encoded(passkeys::register_begin(app, who, ask).await),
        Command::RegisterPasskeyFinish(ask) => encoded(passkeys::register_finish(app, who, ask).await),
        Command::ListPasskeys(_) => encoded(passkeys::list(app, who).await),
        Command::RenamePasskey(ask) => encoded(passkeys::rename(app, who, ask).await),
        Command::RemovePasskey(ask) => encoded(passkeys::remove(app, who, ask).await),
        Command::ProvePasskeyBegin(ask) => encoded(passkeys::prove_begin(app, who, ask).await),
        Command::OpenRecovery(ask) => encoded(passkeys::recovery_open(app, who, ask).await),
        Command::ApproveRecovery(ask) => encoded(passkeys::recovery_approve(app, who, ask).await),
        Command::ListRecoveries(ask) => encoded(passkeys::recoveries(app, who, ask).await),
        Command::SecondFactorStatus(ask) => encoded(offices::second_factor_status(app, who, ask).await),
        Command::ShareAccount(ask) => encoded(accounts::share(app, who, ask).await),
        Command::ChangeRoster(ask) => encoded(accounts::change_roster(app, who, ask).await),
        Command::UnshareAccount(ask) => encoded(accounts::unshare(app, who, ask).await),
        Command::ShowRoster(ask) => encoded(accounts::roster(app, who, ask).await),
        Command::ChangeProfile(ask) => encoded(accounts::change_profile(app, who, ask).await),
        Command::SetPhoto(ask) => encoded(accounts::set_photo(app, who, ask).await),
        Command::RemovePhoto(_) => encoded(accounts::remove_photo(app, who).await),
        Command::ShowPhoto(ask) => encoded(accounts::photo(app, who, ask).await),
        Command::ListFaces(ask) => encoded(accounts::faces(app, who, ask).await),
        Command::AskVerification(ask) => encoded(verifications::ask(app, who, ask).await),
        Command::MyVerifications(_) => encoded(verifications::mine(app, who).await),
        Command::WaitingVerifications(_) => encoded(verifications::waiting(app, who).await),
        Command::ShowDocument(ask) => encoded(verifications::document(app, who, ask).await),
        Command::DecideVerification(ask) => encoded(verifications::decide(app, who, ask).await),
        Command::ListPatients(_) => encoded(patients::list(app, who).await),
        Command::ConfirmAccount(ask) => encoded(patients::confirm_account(app, who, ask).await),
        Command::WithdrawConfirmation(ask) => encoded(patients::withdraw_confirmation(app, who, ask).await),
        Command::CorrectPatient(ask) => encoded(patients::correct(app, who, ask).await),
        Command::ListCorrections(ask) => encoded(patients::corrections(app, who, ask).await),
        Command::NameCorrector(ask) => encoded(patients::name_corrector(app, who, ask).await),
        Command::ReleaseCorrector(ask) => encoded(patients::release_corrector(app, who, ask).await),
        Command::ShowConsentForms(ask) => encoded(consents::template(app, who, ask).await),
        Command::ListConsents(ask) => encoded(consents::of_patient(app, who, ask).await),
        Command::RecordConsent(ask) => encoded(consents::record(app, who, ask).await),
        Command::CompleteConsent(ask) => encoded(consents::complete(app, who, ask).await),
        Command::WithdrawConsent(ask) => encoded(consents::withdraw(app, who, ask).await),
        Command::AttachScan(ask) => encoded(consents::attach(app, who, ask).await),
        Command::ShowScan(ask) => encoded(consents::scan(app, who, ask).await),
        Command::RegisterDevice(ask) => encoded(devices::register(app, who, ask).await),
        Command::ApproveDevice(ask) => encoded(devices::approve(app, who, ask).await),
        Command::ListDevices(_) => encoded(devices::list(app, who).await),
        Command::MyDevices(_) => encoded(devices::mine(app, who).await),
        Command::StopDevices(ask) => encoded(devices::stop(app, who, ask).await),
        Command::ReleaseDevices(ask) => encoded(devices::release(app, who, ask).await),
        Command::RetireDevices(ask) => encoded(devices::retire(app, who, ask).await),
        Command::IssueCertificate(ask) => encoded(devices::issue_certificate(app, Some(who), ask).await),
        Command::CertifyKey(ask) => encoded(devices::certify(app, Some(who), ask).await),
        Command::RegisterCertificate(ask) => encoded(devices::register_certificate(app, who, ask).await),
        Command::RevokeCertificate(ask) => encoded(devices::revoke_certificate(app, who, ask).await),
        Command::ReportMine(ask) => encoded(incidents::report_mine(app, who, ask).await),
        Command::MyIncidents(_) => encoded(incidents::mine(app, who).await),
        Command::ListIncidents(_) => encoded(incidents::list(app, who).await),
        Command::PassIncidentOn(ask) => encoded(incidents::pass_on(app, who, ask).await),
        Command::SeeIncident(ask) => encoded(incidents::see(app, who, ask).await),
        Command::SecureIncident(ask) => encoded(incidents::secure(app, who, ask).await),
        Command::CloseIncident(ask) => encoded(incidents::close(app, who, ask).await),
        Command::SignOut(_) => encoded(accounts::sign_out(app, who).await),
        Command::Me(_) => encoded(accounts::me(app, who).await),
        // That it came through is all there is to it.
        Command::Stay(_) => encoded(Ok(Done {})),
        Command::ListSessions(_) => encoded(sessions::list(app, who).await),
        Command::EndSession(ask) => encoded(sessions::end(app, who, ask).await),
        Command::EndOtherSessions(_) => encoded(sessions::end_others(app, who).await),
        Command::ListOffices(_) => encoded(offices::of_region(app, who).await),
        Command::ListStaff(ask) => encoded(offices::list_staff(app, who, ask).await),
        Command::RegisterStaff(ask) => encoded(offices::register_staff(app, who, ask).await),
        Command::EndAffiliation(ask) => encoded(offices::end_affiliation(app, who, ask).await),
        Command::Unlock(ask) => encoded(accounts::unlock(app, who, ask).await),
        Command::SetState(ask) => encoded(accounts::set_state(app, who, ask).await),
        Command::ListRooms(_) => encoded(rooms::list(app, who).await),
        Command::OpenRoom(ask) => encoded(rooms::open(app, who, ask).await),
        Command::PageRoom(ask) => encoded(rooms::page(app, who, ask).await),
        Command::RoomSince(ask) => encoded(rooms::since(app, who, ask).await),
        Command::MarkRead(ask) => encoded(rooms::mark_read(app, who, ask).await),
        Command::Focus(ask) => match caller.link {
            Some(link) => encoded(rooms::focus(app, who, link, ask).await),
            None => Err(Code::WrongDoor.into()),
        },
        Command::CreateFree(ask) => encoded(rooms::create_free(app, who, ask).await),
        Command::Connect(ask) => encoded(rooms::connect(app, who, ask).await),
        Command::Accept(ask) => encoded(rooms::accept(app, who, ask).await),
        Command::Decline(ask) => encoded(rooms::decline(app, who, ask).await),
        Command::Leave(ask) => encoded(rooms::leave(app, who, ask).await),
        Command::Release(ask) => encoded(rooms::release(app, who, ask).await),
        Command::Archive(ask) => encoded(rooms::archive(app, who, ask).await),
        Command::Restore(ask) => encoded(rooms::restore(app, who, ask).await),
        Command::ShowAgreement(ask) => encoded(rooms::show_agreement(app, who, ask).await),
        Command::SetAgreement(ask) => encoded(rooms::set_agreement(app, who, ask).await),
        Command::AcknowledgeAgreement(ask) => encoded(rooms::acknowledge_agreement(app, who, ask).await),
        Command::RecordPermit(ask) => encoded(permits::record(app, who, ask).await),
        Command::ListPermits(ask) => encoded(permits::list(app, who, ask).await),
        Command::EndPermit(ask) => encoded(permits::end(app, who, ask).await),
        Command::ListOpenings(_) => encoded(rooms::openings(app, who).await),
        Command::OpenTimeline(ask) => encoded(rooms::open_timeline(app, who, ask).await),
        Command::AskPhysician(ask) => encoded(rooms::ask_physician(app, who, ask).await),
        Command::ApproveOpening(ask) => encoded(rooms::approve_opening(app, who, ask).await),
        Command::RejectOpening(ask) => encoded(rooms::reject_opening(app, who, ask).await),
        Command::Pause(ask) => encoded(rooms::pause(app, who, ask).await),
        Command::Resume(ask) => encoded(rooms::resume(app, who, ask).await),
        Command::TakeControl(ask) => encoded(rooms::take_control(app, who, ask).await),
        Command::GiveInstruction(ask) => encoded(instructions::give(app, who, ask).await),
        Command::WithdrawInstruction(ask) => encoded(instructions::withdraw(app, who, ask).await),
        Command::ListInstructions(_) => encoded(instructions::list(app, who).await),
        Command::RegisterPatient(ask) => encoded(patients::register(app, who, ask).await),
        Command::RequestErasure(ask) => encoded(erasures::request(app, who, ask).await),
        Command::SecondErasure(ask) => encoded(erasures::second(app, who, ask).await),
        Command::CancelErasure(ask) => encoded(erasures::cancel(app, who, ask).await),
        Command::ListErasures(_) => encoded(erasures::list(app, who).await),
        Command::ListOfficeChoices(ask) => encoded(stewardships::choices(app, who, ask).await),
        Command::ProposeTransfer(ask) => encoded(stewardships::propose(app, who, ask).await),
        Command::AcceptTransfer(ask) => encoded(stewardships::accept(app, who, ask).await),
        Command::DeclineTransfer(ask) => encoded(stewardships::decline(app, who, ask).await),
        Command::WithdrawTransfer(ask) => encoded(stewardships::withdraw(app, who, ask).await),
        Command::CompleteTransfer(ask) => encoded(stewardships::complete(app, who, ask).await),
        Command::ListStewardships(ask) => encoded(stewardships::of_office(app, who, ask).await),
        Command::GiveDelegation(ask) => encoded(stewardships::delegations::give(app, who, ask).await),
        Command::ApproveDelegation(ask) => encoded(stewardships::delegations::approve(app, who, ask).await),
        Command::AcceptDelegation(ask) => encoded(stewardships::delegations::accept(app, who, ask).await),
        Command::EndDelegation(ask) => encoded(stewardships::delegations::end(app, who, ask).await),
        Command::ListReviews(ask) => encoded(reviews::due(app, who, ask).await),
        Command::SignReview(ask) => encoded(reviews::sign(app, who, ask).await),
        Command::ListCandidates(ask) => encoded(invitations::candidates(app, who, ask).await),
        Command::Propose(ask) => encoded(invitations::propose(app, who, ask).await),
        Command::ListInvitations(ask) => encoded(invitations::list(app, who, ask).await),
        Command::MyInvitations(_) => encoded(invitations::mine(app, who).await),
        Command::ApproveInvitation(ask) => encoded(invitations::approve(app, who, ask).await),
        Command::RejectInvitation(ask) => encoded(invitations::reject(app, who, ask).await),
        Command::WithdrawInvitation(ask) => encoded(invitations::withdraw(app, who, ask).await),
        Command::ListMembers(ask) => encoded(rooms::list_members(app, who, ask).await),
        Command::Preview(ask) => encoded(posts::preview(app, who, ask).await),
        Command::Send(ask) => encoded(posts::send(app, who, ask).await),
        Command::ListNotices(ask) => encoded(notices::list(app, who, ask).await),
        Command::SeeNotices(ask) => encoded(notices::seen(app, who, ask).await),
        Command::Now(_) => encoded(Ok(Now { now: app.clock.now() })),
    }
}

/// The room a command is about, for the audit of its refusal.
#[expect(clippy::too_many_lines, reason = "one line for each command")]
fn room_of(command: &Command) -> Option<RoomId> {
    match command {
        Command::OpenRoom(ask)
        | Command::ListMembers(ask)
        | Command::Leave(ask)
        | Command::ListInvitations(ask) => Some(ask.room),
        Command::Accept(ask) => Some(ask.room),
        Command::Decline(ask) => Some(ask.room),
        Command::Release(ask) => Some(ask.room),
        Command::Archive(ask) => Some(ask.room),
        Command::Restore(ask) => Some(ask.room),
        Command::ShowAgreement(ask) | Command::ListPermits(ask) => Some(ask.room),
        Command::SetAgreement(ask) => Some(ask.room),
        Command::AcknowledgeAgreement(ask) => Some(ask.room),
        Command::RecordPermit(ask) => Some(ask.room),
        Command::OpenTimeline(ask) => Some(ask.room),
        Command::AskPhysician(ask) => Some(ask.room),
        Command::ApproveOpening(ask) | Command::Resume(ask) | Command::TakeControl(ask) => Some(ask.room),
        Command::RejectOpening(ask) | Command::Pause(ask) => Some(ask.room),
        Command::RequestErasure(ask) => Some(ask.room),
        Command::ListOfficeChoices(ask) => Some(ask.room),
        Command::ProposeTransfer(ask) => Some(ask.room),
        Command::GiveDelegation(ask) => Some(ask.room),
        Command::SignReview(ask) => Some(ask.room),
        Command::ListCandidates(ask) => Some(ask.room),
        Command::Propose(ask) => Some(ask.room),
        Command::PageRoom(ask) => Some(ask.room),
        Command::RoomSince(ask) => Some(ask.room),
        Command::MarkRead(ask) => Some(ask.room),
        Command::Focus(ask) => ask.room,
        Command::CreateFree(ask) => Some(ask.room),
        Command::Connect(ask) => Some(ask.room),
        Command::Preview(ask) => Some(ask.room),
        Command::Send(ask) => Some(ask.draft.room),
        Command::SignIn(_)
        | Command::Enter(_)
        | Command::About(_)
        | Command::Forgot(_)
        | Command::Reset(_)
        | Command::AdminReset(_)
        | Command::ChangeEmail(_)
        | Command::ConfirmEmail(_)
        | Command::ChangePassword(_)
        | Command::ProvePassword(_)
        | Command::SignInPasskeyBegin(_)
        | Command::SignInPasskeyFinish(_)
        | Command::RegisterPasskeyBegin(_)
        | Command::RegisterPasskeyFinish(_)
        | Command::ListPasskeys(_)
        | Command::SecondErasure(_)
        | Command::CancelErasure(_)
        | Command::ListErasures(_)
        | Command::RenamePasskey(_)
        | Command::RemovePasskey(_)
        | Command::ProvePasskeyBegin(_)
        | Command::ProvePasskeyFinish(_)
        | Command::OpenRecovery(_)
        | Command::ApproveRecovery(_)
        | Command::ListRecoveries(_)
        | Command::SecondFactorStatus(_)
        | Command::ShareAccount(_)
        | Command::ChangeRoster(_)
        | Command::UnshareAccount(_)
        | Command::ShowRoster(_)
        | Command::ActAs(_)
        | Command::ChangeProfile(_)
        | Command::SetPhoto(_)
        | Command::RemovePhoto(_)
        | Command::ShowPhoto(_)
        | Command::ListFaces(_)
        | Command::AskVerification(_)
        | Command::MyVerifications(_)
        | Command::WaitingVerifications(_)
        | Command::ShowDocument(_)
        | Command::DecideVerification(_)
        | Command::RegisterPatient(_)
        | Command::ListOpenings(_)
        | Command::GiveInstruction(_)
        | Command::WithdrawInstruction(_)
        | Command::ListInstructions(_)
        | Command::ListPatients(_)
        | Command::ConfirmAccount(_)
        | Command::WithdrawConfirmation(_)
        | Command::CorrectPatient(_)
        | Command::ListCorrections(_)
        | Command::NameCorrector(_)
        | Command::ReleaseCorrector(_)
        | Command::ShowConsentForms(_)
        | Command::ListConsents(_)
        | Command::RecordConsent(_)
        | Command::CompleteConsent(_)
        | Command::WithdrawConsent(_)
        | Command::AttachScan(_)
        | Command::ShowScan(_)
        | Command::RegisterDevice(_)
        | Command::ApproveDevice(_)
        | Command::ListDevices(_)
        | Command::MyDevices(_)
        | Command::StopDevices(_)
        | Command::ReleaseDevices(_)
        | Command::RetireDevices(_)
        | Command::IssueCertificate(_)
        | Command::CertifyKey(_)
        | Command::RegisterCertificate(_)
        | Command::RevokeCertificate(_)
        | Command::ReportIncident(_)
        | Command::ReportMine(_)
        | Command::MyIncidents(_)
        | Command::ListIncidents(_)
        | Command::PassIncidentOn(_)
        | Command::SeeIncident(_)
        | Command::SecureIncident(_)
        | Command::CloseIncident(_)
        | Command::SignOut(_)
        | Command::Me(_)
        | Command::Stay(_)
        | Command::ListSessions(_)
        | Command::EndSession(_)
        | Command::EndOtherSessions(_)
        | Command::ListOffices(_)
        | Command::ListStaff(_)
        | Command::RegisterStaff(_)
        | Command::EndAffiliation(_)
        | Command::Unlock(_)
        | Command::SetState(_)
        | Command::CloseAccount(_)
        | Command::CloseFor(_)
        | Command::Bar(_)
        | Command::LiftBar(_)
        | Command::ListReaders(_)
        | Command::ListLeavers(_)
        | Command::ListTimelines(_)
        | Command::AcceptTransfer(_)
        | Command::DeclineTransfer(_)
        | Command::WithdrawTransfer(_)
        | Command::CompleteTransfer(_)
        | Command::ListStewardships(_)
        | Command::ApproveDelegation(_)
        | Command::AcceptDelegation(_)
        | Command::EndDelegation(_)
        | Command::ListReviews(_)
        | Command::MyInvitations(_)
        | Command::ApproveInvitation(_)
        | Command::RejectInvitation(_)
        | Command::WithdrawInvitation(_)
        | Command::EndPermit(_)
        | Command::Admit(_)
        | Command::ListAdmissions(_)
        | Command::ListRoles(_)
        | Command::ListRegionRoles(_)
        | Command::ProposeRole(_)
        | Command::WithdrawRole(_)
        | Command::MyAppointments(_)
        | Command::AcceptRole(_)
        | Command::DeclineRole(_)
        | Command::EndRole(_)
        | Command::RecordHead(_)
        | Command::SetGovernance(_)
        | Command::MyPledges(_)
        | Command::GivePledge(_)
        | Command::RecordPledge(_)
        | Command::ListPledges(_)
        | Command::RecordTraining(_)
        | Command::DeclareTraining(_)
        | Command::ConfirmTraining(_)
        | Command::RejectTraining(_)
        | Command::ListTrainings(_)
        | Command::ListStaffChanges(_)
        | Command::ProcessStaffChange(_)
        | Command::ImportRoster(_)
        | Command::OpenEnrolment(_)
        | Command::ListEnrolments(_)
        | Command::WriteEnrolment(_)
        | Command::RecordPaper(_)
        | Command::RecordVisit(_)
        | Command::AcceptEnrolment(_)
        | Command::ReturnEnrolment(_)
        | Command::WithdrawEnrolment(_)
        | Command::SendEnrolmentLink(_)
        | Command::ShowEnrolment(_)
        | Command::FillEnrolment(_)
        | Command::SubmitEnrolment(_)
        | Command::AcceptAdmission(_)
        | Command::DeclineAdmission(_)
        | Command::ListRooms(_)
        | Command::ListNotices(_)
        | Command::SeeNotices(_)
        | Command::ReadRules(_)
        | Command::AcknowledgeRules(_)
        | Command::RulesStanding(_)
        | Command::SetSupplement(_)
        | Command::DeclareException(_)
        | Command::EndException(_)
        | Command::ListExceptions(_)
        | Command::ReviewException(_)
        | Command::DeclareMyException(_)
        | Command::EnterByException(_)
        | Command::Now(_) => None,
    }
}

pub(super) fn encoded<T: Serialize>(result: Result<T>) -> Result<String> {
    serde_json::to_string(&result?).map_err(|error| Fault::new("encoding a reply", error).into())
}

/// Records a refusal, or logs a fault, and says what to show.
pub(super) async fn refused(
    app: &App,
    caller: &Caller<'_>,
    act: &'static str,
    room: Option<RoomId>,
    failure: Failure,
) -> Refusal {
    let refusal = match failure {
        Failure::Fault(fault) => return incident(app, act, &fault),
        Failure::Refused(refusal) => refusal,
    };
    metrics().refused(refusal.code);
    if let Some(who) = caller.who {
        accounts::note_refusal(app, who, refusal.code, room);
    }
    match caller.who {
        None => app.refusals.count(caller.source, refusal.code.as_str()),
        // What could not be stored for lack of room would find none for a row of its own either.
        Some(who) if refusal.code == Code::Overloaded => app.refusals.count_for(who.account),
        Some(who) => {
            if app.refusals.write_alone(who.account, app.policies.strictest_refusals_a_minute()) {
                let entry = Entry {
                    at: app.clock.now(),
                    act,
                    outcome: refusal.code.as_str(),
                    account: Some(who.account),
                    session: Some(who.id),
                    room,
                    ..Entry::default()
                };
                if let Err(unwritten) = append(app, entry).await {
                    app.refusals.count_for(who.account);
                    if let Failure::Fault(fault) = unwritten {
                        return incident(app, act, &fault);
                    }
                }
            }
        }
    }
    refusal
}

async fn append(app: &App, entry: Entry) -> Result<()> {
    let inner = app.clone();
    app.store.act(async move |tx: &mut Tx| -> Result<()> { Ok(inner.audit.append(tx, &entry).await?) }).await
}

/// Logs a fault once, under a number; only the number is shown.
fn incident(app: &App, act: &'static str, fault: &Fault) -> Refusal {
    metrics().refused(Code::Fault);
    let incident = random::new_id(&app.clock).simple().to_string();
    tracing::error!(act, incident, cause = fault.chain(), "a command failed");
    Refusal::new(Code::Fault).with("incident", incident)
}
