//! Everything leaves a trace that cannot be altered unnoticed, and no trace contains what was written.

use crate::harness::{
    AuditRow, Engine, PATIENCE, Person, Rows, Server, confirmed, draft, fresh_group, new_id, promise,
    raw_http, shared, tsumugi, until,
};
use serde_json::Value;
use std::collections::BTreeSet;
use tsumugi_protocol::command::Door;
use tsumugi_protocol::{
    AcceptRoom, AskFaces, AskNotices, AskPage, AskSince, AskStaffChanges, Change, Command, Connect,
    CreateFree, Done, Focus, MarkRead, Nothing, NoticeId, NoticesSeen, PageAt, PatientList, Position, RoomId,
    RoomMade, SignIn, StaffList, TokenIn, WhichAccount, WhichOffice, WhichPatient, WhichRegion, WhichRoom,
};

/// The outcome of an act that was done.
pub const DONE: &str = "done";

/// The last line of `tsumugi audit verify`, and whether it found the log in order.
pub fn verdict(server: &Server) -> (bool, Value) {
    let data = server.setup.data.to_string_lossy().into_owned();
    let mut arguments = vec!["audit", "verify", "--data", &data];
    if let Some(url) = &server.setup.store {
        arguments.extend(["--store", url]);
    }
    let output = tsumugi(&arguments);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = out.lines().last().and_then(|line| serde_json::from_str(line).ok());
    let last: Value = last.unwrap_or_else(|| {
        panic!("no JSON in the last line: {out}{}", String::from_utf8_lossy(&output.stderr))
    });
    assert_eq!(output.status.success(), last["ok"] == true, "exit status and verdict agree: {last}");
    (output.status.success(), last)
}

/// The log verifies beside the running server.
pub async fn verifies(server: &Server) {
    let entries = Rows::of(server).await.number("SELECT COUNT(*) FROM audit").await;
    let (ok, verdict) = verdict(server);
    assert!(ok, "{verdict}");
    assert!(verdict["entries"].as_i64() >= Some(entries), "{verdict} of {entries}");
}

/// Entries that one account made since, settled: what is written behind has been written.
async fn entries_of(server: &Server, person: &Person<'_>) -> Vec<AuditRow> {
    let all = Rows::of(server).await.audit().await;
    all.into_iter().filter(|row| row.account == Some(person.me.account.0)).collect()
}

/// What the account's entries gained by an act.
async fn gained(server: &Server, person: &Person<'_>, act: impl AsyncFnOnce()) -> Vec<AuditRow> {
    let before = entries_of(server, person).await.len();
    act().await;
    entries_of(server, person).await.split_off(before)
}

/// What a command that was done leaves in the audit.
enum Trace {
    /// Exactly one entry, of this act.
    Entry(&'static str),
    /// Nothing.
    None,
    /// Another story tells.
    Story(&'static str),
}

/// Every command and its trace.
const TRACES: &[(&str, Trace)] = &[
    ("accounts.sign_in", Trace::Story("signing_in_and_failing_to_are_both_seen")),
    ("accounts.enter", Trace::Story("a_first_link_is_good_once_and_its_holder_sets_the_password")),
    ("service.about", Trace::None),
    ("accounts.forgot", Trace::Story("a_forgotten_password_is_set_anew_by_a_mailed_link")),
    ("accounts.reset", Trace::Story("a_forgotten_password_is_set_anew_by_a_mailed_link")),
    ("accounts.admin_reset", Trace::Story("an_administrator_has_a_link_mailed_and_never_sees_it")),
    ("accounts.change_email", Trace::Story("an_address_is_changed_by_who_holds_it")),
    ("accounts.confirm_email", Trace::Story("an_address_is_changed_by_who_holds_it")),
    (
        "accounts.change_password",
        Trace::Story("changing_a_password_ends_every_other_session_and_takes_the_one_in_use"),
    ),
    ("accounts.prove", Trace::Story("who_has_no_passkey_shows_her_password_before_a_dangerous_act")),
    ("accounts.sign_out", Trace::Entry("accounts.sign_out")),
    ("accounts.me", Trace::None),
    ("accounts.stay", Trace::None),
    ("sessions.list", Trace::None),
    ("sessions.end", Trace::Story("its_holder_sees_where_she_is_signed_in_and_ends_what_she_does_not_know")),
    (
        "sessions.end_others",
        Trace::Story("its_holder_sees_where_she_is_signed_in_and_ends_what_she_does_not_know"),
    ),
    ("offices.of_region", Trace::Story("the_desk_sees_every_office_of_its_region_who_runs_it_and_its_staff")),
    ("offices.staff", Trace::None),
    (
        "offices.register_staff",
        Trace::Story("an_admin_registers_a_colleague_who_comes_in_by_the_link_in_her_mail"),
    ),
    (
        "offices.end_affiliation",
        Trace::Story("who_left_the_job_is_out_of_every_room_at_once_and_the_desk_is_told"),
    ),
    ("accounts.unlock", Trace::Story("her_admin_sees_a_lock_and_opens_it_with_a_reason")),
    (
        "accounts.set_state",
        Trace::Story("a_suspended_account_is_out_at_once_and_a_restricted_one_reads_only"),
    ),
    ("accounts.close", Trace::Story("its_holder_closes_an_account_for_good_and_nobody_comes_in_again")),
    ("accounts.close_for", Trace::Story("an_admin_closes_an_account_only_on_a_case_and_only_that_one")),
    ("offices.bar", Trace::Story("who_is_barred_is_a_stranger_at_once_and_comes_back_when_it_is_lifted")),
    (
        "offices.lift_bar",
        Trace::Story("who_is_barred_is_a_stranger_at_once_and_comes_back_when_it_is_lifted"),
    ),
    ("offices.readers", Trace::None),
    ("offices.timelines", Trace::None),
    ("offices.leavers", Trace::None),
    ("offices.admit", Trace::Story("whom_an_address_belongs_to_is_not_told_and_nobody_is_made_to_come")),
    ("accounts.admissions", Trace::None),
    (
        "accounts.accept_admission",
        Trace::Story("who_moves_keeps_her_account_and_gets_nothing_of_what_she_had"),
    ),
    (
        "accounts.decline_admission",
        Trace::Story("whom_an_address_belongs_to_is_not_told_and_nobody_is_made_to_come"),
    ),
    ("roles.of_office", Trace::None),
    ("roles.of_region", Trace::Story("the_desk_gives_the_roles_of_its_region_and_is_never_left_alone")),
    ("roles.propose", Trace::Story("the_head_offers_a_role_and_she_takes_it_on_herself")),
    ("roles.withdraw", Trace::Story("an_offer_is_declined_taken_back_or_runs_out_and_gives_nothing")),
    ("roles.mine", Trace::None),
    ("roles.accept", Trace::Story("the_head_offers_a_role_and_she_takes_it_on_herself")),
    ("roles.decline", Trace::Story("an_offer_is_declined_taken_back_or_runs_out_and_gives_nothing")),
    ("roles.end", Trace::Story("a_role_that_ends_is_gone_from_every_screen_at_once")),
    ("roles.record_head", Trace::Story("the_head_offers_a_role_and_she_takes_it_on_herself")),
    ("roles.set_governance", Trace::Story("an_office_says_who_holds_its_governance_roles_and_what_is_open")),
    ("pledges.mine", Trace::None),
    ("pledges.give", Trace::Story("no_room_opens_before_the_pledge_is_given")),
    ("pledges.record", Trace::Story("papers_and_waivers_are_recorded_and_a_new_version_asks_everybody_anew")),
    ("pledges.of_office", Trace::None),
    (
        "trainings.record",
        Trace::Story("where_a_training_is_the_gate_no_room_opens_before_an_administrator_confirms_one"),
    ),
    (
        "trainings.declare",
        Trace::Story("where_a_training_is_the_gate_no_room_opens_before_an_administrator_confirms_one"),
    ),
    (
        "trainings.confirm",
        Trace::Story("where_a_training_is_the_gate_no_room_opens_before_an_administrator_confirms_one"),
    ),
    (
        "trainings.reject",
        Trace::Story("where_a_training_is_the_gate_no_room_opens_before_an_administrator_confirms_one"),
    ),
    ("trainings.of_office", Trace::None),
    ("staff_changes.list", Trace::None),
    ("staff_changes.process", Trace::Story("no_change_of_staff_is_made_without_the_desk_being_told")),
    ("offices.import_roster", Trace::Story("a_list_comes_in_whole_or_says_row_by_row_why_not")),
    ("enrolments.open", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.list", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.write", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.record_paper", Trace::Story("an_office_comes_in_only_with_its_papers")),
    (
        "enrolments.record_visit",
        Trace::Story("whoever_administers_pledges_first_and_every_paper_has_its_places"),
    ),
    ("enrolments.accept", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.return", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.withdraw", Trace::Story("whoever_administers_pledges_first_and_every_paper_has_its_places")),
    ("enrolments.send_link", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.form", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.fill", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("enrolments.submit", Trace::Story("an_office_comes_in_only_with_its_papers")),
    ("accounts.sign_in_passkey_begin", Trace::Story("a_passkey_alone_signs_in_where_the_rules_allow_it")),
    ("accounts.sign_in_passkey_finish", Trace::Story("a_passkey_alone_signs_in_where_the_rules_allow_it")),
    ("passkeys.register_begin", Trace::Story("what_is_done_with_passkeys_is_in_the_audit")),
    ("passkeys.register_finish", Trace::Story("what_is_done_with_passkeys_is_in_the_audit")),
    ("passkeys.list", Trace::None),
    ("passkeys.rename", Trace::Story("what_is_done_with_passkeys_is_in_the_audit")),
    ("passkeys.remove", Trace::Story("what_is_done_with_passkeys_is_in_the_audit")),
    ("passkeys.prove_begin", Trace::Story("what_is_done_with_passkeys_is_in_the_audit")),
    ("passkeys.prove_finish", Trace::Story("what_is_done_with_passkeys_is_in_the_audit")),
    ("passkeys.recovery_open", Trace::Story("lost_passkeys_are_given_up_by_two_admins_of_the_office")),
    ("passkeys.recovery_approve", Trace::Story("lost_passkeys_are_given_up_by_two_admins_of_the_office")),
    ("passkeys.recoveries", Trace::None),
    ("offices.second_factor_status", Trace::None),
    ("accounts.share", Trace::Story("a_shared_account_never_goes_on_without_one_who_acts")),
    ("accounts.change_roster", Trace::Story("a_shared_account_never_goes_on_without_one_who_acts")),
    ("accounts.unshare", Trace::Story("a_shared_account_never_goes_on_without_one_who_acts")),
    ("accounts.roster", Trace::None),
    ("accounts.act_as", Trace::Story("a_shared_account_never_goes_on_without_one_who_acts")),
    (
        "accounts.change_profile",
        Trace::Story("another_name_is_another_card_and_what_was_written_keeps_the_old_one"),
    ),
    ("accounts.set_photo", Trace::Story("a_photo_is_drawn_anew_and_seen_by_those_who_see_her_card")),
    ("accounts.remove_photo", Trace::Story("a_photo_is_drawn_anew_and_seen_by_those_who_see_her_card")),
    ("accounts.photo", Trace::Story("a_photo_is_drawn_anew_and_seen_by_those_who_see_her_card")),
    ("accounts.faces", Trace::None),
    ("verifications.ask", Trace::Story("the_desk_looks_at_a_licence_and_a_mark_says_so")),
    ("verifications.mine", Trace::None),
    ("verifications.waiting", Trace::Story("the_desk_looks_at_a_licence_and_a_mark_says_so")),
    ("verifications.document", Trace::Story("the_desk_looks_at_a_licence_and_a_mark_says_so")),
    ("verifications.decide", Trace::Story("the_desk_looks_at_a_licence_and_a_mark_says_so")),
    (
        "patients.register",
        Trace::Story("the_stewards_admin_opens_one_timeline_of_one_patient_and_nobody_else_sees_it"),
    ),
    ("patients.list", Trace::None),
    ("patients.confirm_account", Trace::Story("staff_of_her_timeline_see_that_an_account_is_a_patients_own")),
    (
        "patients.withdraw_confirmation",
        Trace::Story("staff_of_her_timeline_see_that_an_account_is_a_patients_own"),
    ),
    (
        "patients.correct",
        Trace::Story("the_stewards_admin_and_whom_she_names_correct_a_patient_and_both_versions_are_kept"),
    ),
    ("patients.corrections", Trace::None),
    (
        "patients.name_corrector",
        Trace::Story("the_stewards_admin_and_whom_she_names_correct_a_patient_and_both_versions_are_kept"),
    ),
    (
        "patients.release_corrector",
        Trace::Story("the_stewards_admin_and_whom_she_names_correct_a_patient_and_both_versions_are_kept"),
    ),
    ("consents.template", Trace::None),
    ("consents.of_patient", Trace::None),
    ("consents.record", Trace::Story("nothing_is_written_and_nobody_comes_in_before_the_patient_consents")),
    ("consents.complete", Trace::Story("what_stays_in_the_office_goes_on_and_both_sides_hold_a_copy")),
    ("consents.withdraw", Trace::Story("what_is_withdrawn_is_closed_on_every_screen_at_once")),
    ("consents.attach", Trace::Story("a_scan_of_the_paper_is_sealed_and_every_look_at_it_is_in_the_audit")),
    ("consents.scan", Trace::Story("a_scan_of_the_paper_is_sealed_and_every_look_at_it_is_in_the_audit")),
    ("devices.register", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    ("devices.approve", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    ("devices.list", Trace::None),
    ("devices.mine", Trace::None),
    ("devices.stop", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    ("devices.release", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    ("devices.retire", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    ("devices.issue_certificate", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    (
        "devices.certify",
        Trace::Story("a_managed_computer_keeps_its_key_and_comes_in_with_what_was_certified"),
    ),
    ("devices.register_certificate", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    ("devices.revoke_certificate", Trace::Story("what_is_done_with_devices_is_in_the_audit")),
    (
        "incidents.report",
        Trace::Story("a_loss_goes_at_once_to_whoever_deals_with_it_and_what_they_do_is_kept"),
    ),
    (
        "incidents.report_mine",
        Trace::Story("what_its_holder_reports_ends_everything_and_trouble_is_passed_on"),
    ),
    ("incidents.mine", Trace::None),
    ("incidents.list", Trace::None),
    (
        "incidents.pass_on",
        Trace::Story("devices_that_are_stopped_stay_outside_and_their_report_is_asked_for"),
    ),
    ("incidents.see", Trace::Story("a_loss_goes_at_once_to_whoever_deals_with_it_and_what_they_do_is_kept")),
    ("incidents.secure", Trace::Story("the_desk_secures_account_and_device_in_one_act")),
    (
        "incidents.close",
        Trace::Story("a_loss_goes_at_once_to_whoever_deals_with_it_and_what_they_do_is_kept"),
    ),
    ("rooms.list", Trace::None),
    ("rooms.open", Trace::Story("reading_is_one_entry_per_session_room_and_quarter_of_an_hour")),
    ("rooms.page", Trace::Story("reading_is_one_entry_per_session_room_and_quarter_of_an_hour")),
    ("rooms.since", Trace::Story("reading_is_one_entry_per_session_room_and_quarter_of_an_hour")),
    ("rooms.read", Trace::None),
    ("rooms.focus", Trace::None),
    ("rooms.create_free", Trace::Entry("rooms.create_free")),
    ("rooms.connect", Trace::Entry("rooms.connect")),
    ("rooms.accept", Trace::Entry("rooms.accept")),
    ("rooms.decline", Trace::Story("whoever_is_invited_judges_for_herself_before_she_sees_a_post")),
    ("rooms.leave", Trace::Story("everybody_leaves_by_herself_but_for_the_last_admin_of_the_steward")),
    ("rooms.release", Trace::Story("who_is_released_hears_nothing_more_and_only_the_steward_releases")),
    ("rooms.archive", Trace::Story("a_timeline_goes_to_the_vault_and_comes_back")),
    ("rooms.restore", Trace::Story("a_timeline_goes_to_the_vault_and_comes_back")),
    ("rooms.agreement", Trace::None),
    ("rooms.set_agreement", Trace::Story("what_is_agreed_is_read_before_one_joins_and_acknowledged_by_each")),
    (
        "rooms.acknowledge_agreement",
        Trace::Story("what_is_agreed_is_read_before_one_joins_and_acknowledged_by_each"),
    ),
    (
        "permits.record",
        Trace::Story(
            "a_patients_data_goes_through_a_connection_only_by_a_recorded_consent_and_until_a_timeline_is_in_use",
        ),
    ),
    ("permits.list", Trace::None),
    (
        "permits.end",
        Trace::Story(
            "a_patients_data_goes_through_a_connection_only_by_a_recorded_consent_and_until_a_timeline_is_in_use",
        ),
    ),
    ("rooms.openings", Trace::None),
    (
        "rooms.open_timeline",
        Trace::Story("the_stewards_admin_opens_one_timeline_of_one_patient_and_nobody_else_sees_it"),
    ),
    ("rooms.ask_physician", Trace::Story("somebody_asks_a_physician_whose_yes_opens_it")),
    ("rooms.approve_opening", Trace::Story("somebody_asks_a_physician_whose_yes_opens_it")),
    ("rooms.reject_opening", Trace::Story("somebody_asks_a_physician_whose_yes_opens_it")),
    ("rooms.pause", Trace::Story("a_timeline_with_the_family_goes_on_only_with_a_physician_in_charge")),
    ("rooms.resume", Trace::Story("a_timeline_with_the_family_goes_on_only_with_a_physician_in_charge")),
    (
        "rooms.take_control",
        Trace::Story("a_timeline_with_the_family_goes_on_only_with_a_physician_in_charge"),
    ),
    ("instructions.give", Trace::Story("a_physician_opens_a_timeline_or_instructs_somebody_who_manages_it")),
    (
        "instructions.withdraw",
        Trace::Story("a_physician_opens_a_timeline_or_instructs_somebody_who_manages_it"),
    ),
    ("instructions.list", Trace::None),
    ("erasures.request", Trace::Story("a_room_is_erased_by_two_and_no_backup_brings_it_back")),
    ("erasures.second", Trace::Story("a_room_is_erased_by_two_and_no_backup_brings_it_back")),
    ("erasures.cancel", Trace::Story("who_erases_is_the_regions_rule_and_a_wish_is_needed")),
    ("erasures.list", Trace::None),
    ("transfers.offices", Trace::Story("a_patient_passes_to_an_office_that_has_agreed_and_not_before")),
    ("transfers.propose", Trace::Story("a_patient_passes_to_an_office_that_has_agreed_and_not_before")),
    ("transfers.accept", Trace::Story("a_patient_passes_to_an_office_that_has_agreed_and_not_before")),
    ("transfers.decline", Trace::Story("a_patient_passes_to_an_office_that_has_agreed_and_not_before")),
    ("transfers.withdraw", Trace::Story("a_patient_passes_to_an_office_that_has_agreed_and_not_before")),
    ("transfers.complete", Trace::Story("the_patient_consents_anew_before_another_office_answers_for_her")),
    ("stewardships.of_office", Trace::None),
    ("delegations.give", Trace::Story("an_office_acts_for_the_steward_once_that_is_approved")),
    ("delegations.approve", Trace::Story("an_office_acts_for_the_steward_once_that_is_approved")),
    ("delegations.accept", Trace::Story("an_office_acts_for_the_steward_once_that_is_approved")),
    ("delegations.end", Trace::Story("an_office_acts_for_the_steward_once_that_is_approved")),
    ("reviews.due", Trace::None),
    ("reviews.sign", Trace::Story("who_is_in_a_timeline_is_looked_at_again_and_again")),
    ("invitations.candidates", Trace::Story("who_proposes_is_the_regions_rule_and_nobody_brings_herself_in")),
    ("invitations.propose", Trace::Story("nobody_comes_into_a_timeline_but_by_an_administrators_approval")),
    ("invitations.list", Trace::None),
    ("invitations.mine", Trace::None),
    ("invitations.approve", Trace::Story("nobody_comes_into_a_timeline_but_by_an_administrators_approval")),
    ("invitations.reject", Trace::Story("nobody_comes_into_a_timeline_but_by_an_administrators_approval")),
    (
        "invitations.withdraw",
        Trace::Story("what_is_not_answered_in_time_is_over_and_what_was_proposed_can_be_taken_back"),
    ),
    ("members.list", Trace::None),
    ("posts.preview", Trace::None),
    ("posts.send", Trace::Entry("posts.send")),
    ("notices.list", Trace::None),
    ("notices.seen", Trace::None),
    ("rules.read", Trace::None),
    (
        "rules.acknowledge",
        Trace::Story("a_later_version_is_read_before_anything_else_and_the_page_says_what_changed"),
    ),
    ("rules.standing", Trace::None),
    (
        "offices.supplement",
        Trace::Story("an_office_tightens_its_regions_rules_for_its_people_and_loosens_none"),
    ),
    (
        "exceptions.declare",
        Trace::Story("a_declared_disaster_lifts_the_rule_of_devices_in_its_area_and_nothing_else"),
    ),
    (
        "exceptions.end",
        Trace::Story("a_declared_disaster_lifts_the_rule_of_devices_in_its_area_and_nothing_else"),
    ),
    ("exceptions.list", Trace::None),
    (
        "exceptions.review",
        Trace::Story("a_declared_disaster_lifts_the_rule_of_devices_in_its_area_and_nothing_else"),
    ),
    (
        "accounts.declare_exception",
        Trace::Story("whoever_needs_it_declares_an_exception_for_herself_and_is_looked_at_afterwards"),
    ),
    (
        "accounts.enter_by_exception",
        Trace::Story("whoever_needs_it_declares_an_exception_for_herself_and_is_looked_at_afterwards"),
    ),
    ("time.now", Trace::None),
];

#[test]
fn every_command_has_its_trace() {
    let traced: Vec<&str> = TRACES.iter().map(|(name, _)| *name).collect();
    let all: Vec<&str> = Command::LIST.iter().map(|entry| entry.name).collect();
    assert_eq!(traced, all);
    let stories = concat!(
        include_str!("audit.rs"),
        include_str!("signing_in.rs"),
        include_str!("passwords.rs"),
        include_str!("passkeys.rs"),
        include_str!("sessions.rs"),
        include_str!("administering.rs"),
        include_str!("staff.rs"),
        include_str!("devices.rs"),
        include_str!("erasures.rs"),
        include_str!("incidents.rs"),
        include_str!("invitations.rs"),
        include_str!("agreements.rs"),
        include_str!("permits.rs"),
        include_str!("opening.rs"),
        include_str!("sharing.rs"),
        include_str!("mailing.rs"),
        include_str!("desk.rs"),
        include_str!("misuse.rs"),
        include_str!("moving.rs"),
        include_str!("patients.rs"),
        include_str!("profiles.rs"),
        include_str!("roles.rs"),
        include_str!("pledges.rs"),
        include_str!("staff_changes.rs"),
        include_str!("enrolments.rs"),
        include_str!("support.rs"),
        include_str!("vault.rs"),
        include_str!("stewardship.rs"),
        include_str!("managed_computers.rs"),
        include_str!("verification.rs"),
        include_str!("rules.rs"),
        include_str!("exceptions.rs"),
        include_str!("consents.rs")
    );
    for (name, trace) in TRACES {
        if let Trace::Story(story) = trace {
            assert!(stories.contains(&format!("async fn {story}(")), "{name}: there is no story {story}");
        }
    }
}

/// Does a command and compares what it leaves with the table; gives its name.
async fn leaves_its_trace(person: &Person<'_>, command: Command, room: Option<RoomId>) -> &'static str {
    let name = command.name();
    let (_, trace) = TRACES.iter().find(|(traced, _)| *traced == name).expect("its trace");
    let rows = gained(person.server, person, async || {
        let done = match command.door() {
            Door::Link => person.link().await.ask::<Value>(&command).await,
            Door::Both | Door::Http => person.ask::<Value>(&command).await,
        };
        done.unwrap_or_else(|refused| panic!("{name} should be done: {refused:?}"));
    })
    .await;
    match trace {
        Trace::Entry(act) => assert_eq!(acts(&rows), [(*act, DONE, room.map(|room| room.0))], "{name}"),
        Trace::None => assert_eq!(acts(&rows), [], "{name} leaves none"),
        Trace::Story(story) => panic!("{name} belongs to {story}"),
    }
    assert!(rows.iter().all(|row| row.times == 1), "{rows:?}");
    name
}

promise! {
    async fn each_act_leaves_exactly_its_entry(server: &Server) {
        // An account of her own, so that no other story's acts are counted with hers.
        let admin = server.person_anew("ogino@demo.example").await;
        let (physician, nurse) = (server.person("physician").await, server.person("visiting_nurse").await);
        let room = RoomId(new_id());
        let invite = vec![physician.me.account, nurse.me.account];
        let make = CreateFree { room, title: "監査".into(), aim: "記録をみる".into(), invite, requires: Vec::new() };
        let mut tried = BTreeSet::from([leaves_its_trace(&admin, Command::CreateFree(make), Some(room)).await]);
        let which = WhichRoom { room };
        for invited in [&physician, &nurse] {
            let _: RoomMade = invited.ask(&Command::Accept(AcceptRoom { room, takes_part: true })).await.expect("joined");
        }
        let with = |account| Connect { room: RoomId(new_id()), with: account };
        let asked = with(physician.me.account);
        let asking: RoomMade =
            nurse.ask(&Command::Connect(with(admin.me.account))).await.expect("asked for a connection");
        let office = admin.me.affiliations.iter().find_map(|place| place.office).expect("an office");
        let staff: StaffList = admin.ask(&Command::ListStaff(WhichOffice { office })).await.expect("the staff");
        let account = staff.staff.iter().map(|seen| seen.card.account).find(|one| *one != admin.me.account);
        let colleague = WhichAccount { account: account.expect("a colleague") };
        let patients: PatientList = admin.ask(&Command::ListPatients(Nothing {})).await.expect("patients");
        let patient = patients.patients.iter().find(|seen| seen.may_correct).expect("of her office").patient.id;
        let post = draft(room, "監査に出てはいけない言葉");
        let confirmation = admin.preview(&post).await.expect("a preview").token;
        let acts = [
            (Command::Me(Nothing {}), None),
            (Command::Stay(Nothing {}), None),
            (Command::ListSessions(Nothing {}), None),
            (Command::ListStaff(WhichOffice { office }), None),
            (Command::ListReaders(WhichOffice { office }), None),
            (Command::ListLeavers(WhichOffice { office }), None),
            (Command::ListTimelines(WhichOffice { office }), None),
            (Command::ListStewardships(WhichOffice { office }), None),
            (Command::ListReviews(WhichOffice { office }), None),
            (Command::ListInvitations(WhichRoom { room }), None),
            (Command::MyInvitations(Nothing {}), None),
            (Command::ListOpenings(Nothing {}), None),
            (Command::ListInstructions(Nothing {}), None),
            (Command::ListAdmissions(Nothing {}), None),
            (Command::ListRoles(WhichOffice { office }), None),
            (Command::MyAppointments(Nothing {}), None),
            (Command::MyPledges(Nothing {}), None),
            (Command::ListPledges(WhichOffice { office }), None),
            (Command::ListTrainings(WhichOffice { office }), None),
            (Command::ListStaffChanges(AskStaffChanges { office: Some(office) }), None),
            (Command::ListRecoveries(WhichOffice { office }), None),
            (Command::ListFaces(AskFaces { accounts: vec![admin.me.account] }), None),
            (Command::MyVerifications(Nothing {}), None),
            (Command::ListPatients(Nothing {}), None),
            (Command::ListCorrections(WhichPatient { patient }), None),
            (Command::ShowConsentForms(WhichPatient { patient }), None),
            (Command::ListConsents(WhichPatient { patient }), None),
            (Command::ShowRoster(colleague), None),
            (Command::SecondFactorStatus(WhichOffice { office }), None),
            (Command::ListPasskeys(Nothing {}), None),
            (Command::ListDevices(Nothing {}), None),
            (Command::MyDevices(Nothing {}), None),
            (Command::MyIncidents(Nothing {}), None),
            (Command::ListIncidents(Nothing {}), None),
            (Command::ReadRules(WhichRegion { region: admin.me.affiliations[0].region }), None),
            (Command::RulesStanding(WhichOffice { office }), None),
            (Command::ListExceptions(Nothing {}), None),
            (Command::ListErasures(Nothing {}), None),
            (Command::ListRooms(Nothing {}), None),
            (Command::Now(Nothing {}), None),
            (Command::About(Nothing {}), None),
            (Command::ListNotices(AskNotices::default()), None),
            (Command::SeeNotices(NoticesSeen { upto: NoticeId(new_id()) }), None),
            (Command::ListMembers(which), None),
            (Command::ShowAgreement(which), None),
            (Command::ListPermits(which), None),
            (Command::Focus(Focus { room: Some(room) }), None),
            (Command::Connect(asked), Some(asked.room)),
            (Command::Accept(AcceptRoom { room: asking.room, takes_part: true }), Some(asking.room)),
            (Command::Preview(post.clone()), None),
            (Command::Send(confirmed(&post, Some(&confirmation))), Some(room)),
            (Command::MarkRead(MarkRead { room, position: Position(1) }), None),
        ];
        for (command, about) in acts {
            tried.insert(leaves_its_trace(&admin, command, about).await);
        }
        let again = gained(server, &admin, async || {
            admin.send(&post, None).await.expect("a repeat");
        });
        assert_eq!(self::acts(&again.await), [], "nothing happened again");
        tried.insert(leaves_its_trace(&admin, Command::SignOut(Nothing {}), None).await);

        let told = |trace: &Trace| matches!(trace, Trace::Story(_));
        let here: BTreeSet<&str> = TRACES.iter().filter(|(_, trace)| !told(trace)).map(|(name, _)| *name).collect();
        assert_eq!(tried, here, "every line of the table was tried");
        let written: Vec<AuditRow> = Rows::of(server).await.audit().await;
        let sent = written.iter().find(|row| row.subject == Some(post.post.0)).expect("the post's entry");
        assert_eq!(sent.act, "posts.send");
        assert_eq!(written.iter().filter(|row| format!("{row:?}").contains("監査に出て")).count(), 0);
    }
}

promise! {
    async fn reading_is_one_entry_per_session_room_and_quarter_of_an_hour(server: &Server) {
        let reader = server.person_anew("physician").await;
        let ways: [fn(RoomId) -> Command; 3] = [
            |room| Command::OpenRoom(WhichRoom { room }),
            |room| Command::PageRoom(AskPage { room, at: PageAt::End, limit: None }),
            |room| Command::RoomSince(AskSince { room, change: Change(0), limit: None }),
        ];
        for first in 0..ways.len() {
            let room = fresh_group(server, &["physician"]).await.room;
            for n in 0..2 * ways.len() {
                let command = ways[(first + n) % ways.len()](room);
                let _: Value = reader.ask(&command).await.expect("she may read");
                let mut rows = Rows::of(server).await.audit().await;
                rows.retain(|row| row.room == Some(room.0) && row.account == Some(reader.me.account.0));
                rows.retain(|row| row.act != "rooms.accept");
                assert_eq!(acts(&rows), [("rooms.read_content", DONE, Some(room.0))], "after {}", command.name());
            }
        }
        let _: Done = reader.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
    }
}

fn acts(rows: &[AuditRow]) -> Vec<(&str, &str, Option<uuid::Uuid>)> {
    rows.iter().map(|row| (row.act.as_str(), row.outcome.as_str(), row.room)).collect()
}

promise! {
    async fn a_refusal_leaves_its_code(server: &Server) {
        let stranger = server.person_anew("sumie@demo.example").await;
        let group = fresh_group(server, &["physician"]).await;
        let post = draft(group.room, "よその部屋へ");
        let rows = gained(server, &stranger, async || {
            stranger.send(&post, None).await.expect_err("hidden");
        });
        let rows = rows.await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0].act, "posts.send");
        assert!(format!("{:?}", rows[0]).contains("not_found"), "{rows:?}");
        let _: Done = stranger.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
    }
}

#[tokio::test]
async fn signing_in_and_failing_to_are_both_seen() {
    let server = Server::start(Engine::Sqlite).await;
    let email = "misaki@demo.example";
    let person = server.person_anew(email).await;
    let rows = entries_of(&server, &person).await;
    assert_eq!(acts(&rows), [("accounts.sign_in", DONE, None)]);

    let failures = || async {
        let rows = Rows::of(&server).await.audit().await;
        rows.into_iter().filter(|row| row.outcome == "sign_in_failed").collect::<Vec<_>>()
    };
    assert_eq!(failures().await, []);
    for (email, password) in [(email, "ちがう"), (email, ""), ("nobody@demo.example", "ちがう")] {
        let ask = SignIn { email: email.into(), password: password.into(), token_in: TokenIn::Body };
        let body = Command::SignIn(ask).ask_json();
        let json = [("content-type", "application/json")];
        let answer = raw_http(&server, "POST /api/v1/accounts.sign_in", &json, body.as_bytes()).await;
        assert_eq!(answer.expect("an answer").code(), "sign_in_failed", "{email}");
    }
    // Failures of strangers are counted by the minute; one that is not over is closed when the server stops.
    server.stop();
    let failed = failures().await;
    assert_eq!(failed.iter().map(|row| row.times).sum::<i64>(), 3, "{failed:?}");
    for row in &failed {
        assert_eq!((row.act.as_str(), row.account), ("refused", None), "whose address it was is not told");
        assert!(!format!("{row:?}").contains("demo.example"), "{row:?}");
    }
}

#[tokio::test]
async fn refusals_past_twenty_a_minute_are_counted_in_one_entry() {
    let server = Server::start(Engine::Sqlite).await;
    let stranger = server.person_anew("daughter").await;
    let room = RoomId(new_id());
    let before = entries_of(&server, &stranger).await.len();
    for _ in 0..60 {
        stranger.refused(&Command::OpenRoom(WhichRoom { room })).await;
    }
    // Not one is forgotten when the server stops before the minute does.
    server.stop();
    server.start_again();
    let stranger = server.person_anew("daughter").await;
    let rows: Vec<AuditRow> = entries_of(&server, &stranger).await.split_off(before);
    let refused: Vec<&AuditRow> = rows.iter().filter(|row| row.outcome != DONE).collect();
    assert_eq!(refused.iter().map(|row| row.times).sum::<i64>(), 60, "{refused:?}");
    // Two minutes' worth of single entries where the clock turned meanwhile.
    assert!((21..=42).contains(&refused.len()), "{} entries", refused.len());
    verifies(&server).await;
}

#[tokio::test]
async fn the_log_verifies_beside_a_running_and_beside_a_stopped_server() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start(engine).await;
        let group = fresh_group(&server, &["physician"]).await;
        for n in 0..10 {
            group.people[0].post(&draft(group.room, &format!("{n}"))).await.expect("saved");
        }
        verifies(&server).await;
        server.stop();
        let (ok, after) = verdict(&server);
        assert!(ok, "{after}");
        assert_eq!(after["unanchored"], 0, "a graceful stop anchors everything: {after}");
        server.start_again();
        verifies(&server).await;
        server.kill();
        assert!(verdict(&server).0, "nor does a kill break it");
    }
}

#[tokio::test]
async fn every_change_of_the_stored_log_is_found_and_named() {
    let server = Server::start(Engine::Sqlite).await;
    let group = fresh_group(&server, &["physician"]).await;
    for n in 0..10 {
        group.people[0].post(&draft(group.room, &format!("{n}"))).await.expect("saved");
    }
    server.stop();
    assert!(verdict(&server).0);
    let mut rows = Rows::of(&server).await;
    let n = rows.number("SELECT MAX(n) - 3 FROM audit WHERE log = (SELECT log FROM audit ORDER BY at DESC, n DESC LIMIT 1)").await;
    // Each is made, found and taken back; the log is the one written last.
    let last = "(SELECT log FROM audit ORDER BY at DESC, n DESC LIMIT 1)";
    let changes = [
        ("UPDATE audit SET at = at + 1", "UPDATE audit SET at = at - 1"),
        ("UPDATE audit SET act = act || 'x'", "UPDATE audit SET act = substr(act, 1, length(act) - 1)"),
        ("UPDATE audit SET times = times + 1", "UPDATE audit SET times = times - 1"),
        ("UPDATE audit SET outcome = outcome || ' '", "UPDATE audit SET outcome = rtrim(outcome)"),
    ];
    for (make, undo) in changes {
        rows.run(format!("{make} WHERE log = {last} AND n = {n}")).await;
        let (ok, told) = verdict(&server);
        assert!(!ok, "{make}: {told}");
        assert!(told.to_string().contains(&n.to_string()), "it names entry {n}: {told}");
        rows.run(format!("{undo} WHERE log = {last} AND n = {n}")).await;
        assert!(verdict(&server).0, "as it was: {undo}");
    }
    // A byte of the hash; an entry gone from the middle; the end cut off.
    rows.run(format!("UPDATE audit SET hash = zeroblob(32) WHERE log = {last} AND n = {n}")).await;
    assert!(!verdict(&server).0, "a changed hash");
    rows.run(format!("DELETE FROM audit WHERE log = {last} AND n = {n}")).await;
    assert!(!verdict(&server).0, "an entry gone");
    rows.run(format!("DELETE FROM audit WHERE log = {last} AND n > {n} - 1")).await;
    assert!(!verdict(&server).0, "the end cut off");
}

#[tokio::test]
async fn garbage_without_a_session_is_counted_and_does_not_flood_the_log() {
    let server = Server::start(Engine::Sqlite).await;
    let before = Rows::of(&server).await.number("SELECT COUNT(*) FROM audit").await;
    for n in 0..200 {
        let body = format!("{{\"x\":{n}}}");
        raw_http(&server, "POST /api/v1/rooms.list", &[("authorization", "Bearer x")], body.as_bytes()).await;
    }
    server.stop();
    let settled = async || {
        let after = Rows::of(&server).await.number("SELECT COUNT(*) FROM audit").await;
        (after > before).then_some(after - before)
    };
    let gained = until("a trace of two hundred tries", PATIENCE, settled).await;
    assert!(gained <= 10, "{gained} entries for one source within a few seconds");
}
