//! Where the region binds accounts to devices, staff come in only with one of the office's or one it was lent.

use crate::audit::DONE;
use crate::devices::{
    self, FLOOR, Identity, Outside, ask, client, coming_in, is_cut, issued, of_office, sign_in, with,
};
use crate::harness::{Engine, Person, RawAnswer, Rows, Server, new_id, promise, raw_http, tsumugi};
use crate::passkeys::{alone, register};
use crate::signing_in::{enter, try_sign_in};
use crate::staff::leaving;
use serde_json::json;
use std::time::Instant;
use tsumugi_protocol::{
    ApproveDevice, ChangePassword, Command, DeviceId, Done, Ownership, RegisterCertificate, RegisterDevice,
    ReportIncident, TokenIn,
};

const NEW: &str = "natsu-no-umi-34";
const NO: &str = "device_not_registered";

/// A link of the operator's to that account: the way in, or to a new password.
pub fn link_of(server: &Server, email: &str) -> String {
    let data = server.setup.data.to_string_lossy();
    let said = tsumugi(&["account", "link", "--data", &data, "--email", email]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let (_, token) = said.split_once('#').unwrap_or_else(|| panic!("no link: {said}"));
    token.lines().next().expect("a token").trim().to_owned()
}

async fn lent<'a>(nurse: &Person<'a>, admin: &Person<'a>) -> DeviceId {
    let device = DeviceId(new_id());
    let ask = RegisterDevice { ownership: Ownership::AssociationLoan, ..of_office(device, true) };
    let _: Done = nurse.ask(&Command::RegisterDevice(ask)).await.expect("registered");
    let approve = ApproveDevice { device, attestations: None, permission: None };
    let _: Done = admin.ask(&Command::ApproveDevice(approve)).await.expect("approved");
    device
}

async fn over_http(server: &Server, command: &Command) -> RawAnswer {
    let start = format!("POST /api/v1/{}", command.name());
    let headers = [("content-type", "application/json")];
    raw_http(server, &start, &headers, command.ask_json().as_bytes()).await.expect("an answer")
}

promise! {
    // What lifts this rule in a disaster (001§24) is told in `exceptions`.
    // clause("001§19-3b")
    async fn without_a_device_of_the_ledger_no_way_leads_in_for_staff(engine: Engine) {
        let outside = Outside::new();
        let free = with(&with(FLOOR, "own_devices", "\"forbidden\""), "passkey_use", "\"alone\"");
        let server = Server::start_with_certificates(engine, &free, &outside.pem()).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person("office_admin").await);
        let (tablet, loan) = (devices::device(&nurse, &admin).await, lent(&nurse, &admin).await);
        let (tablet, loan) = (issued(&admin, tablet).await, issued(&admin, loan).await);
        let applied = DeviceId(new_id());
        let _: Done = nurse.ask(&Command::RegisterDevice(of_office(applied, true))).await.expect("registered");
        let early = outside.issue(|_| {});
        let bind = RegisterCertificate { device: applied, certificate: early.certificate.clone() };
        let _: Done = admin.ask(&Command::RegisterCertificate(bind)).await.expect("bound");
        let sheet = server.sheet("visiting_nurse").clone();
        let mut key = register(&nurse).await;
        assert_eq!(alone(&server, &mut key, &nurse.me).await.status, 200, "a passkey is a way in");
        let first = crate::signing_in::first_link(&server, "hajime@demo.example");
        let session = nurse.twin();

        server.under(&with(&free, "device_binding", "\"required\""));
        const SESSIONS: &str = "SELECT COUNT(*) FROM sessions";
        let before = Rows::of(&server).await.number(SESSIONS).await;
        let none = client(&server, None);
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.code(), NO, "a password");
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.code(), NO, "and again");
        let as_page = format!("https://{}", server.address());
        let body = json!({ "email": sheet.email, "password": sheet.password }).to_string();
        let headers = [("content-type", "application/json"), ("origin", as_page.as_str())];
        let page = raw_http(&server, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes()).await.expect("an answer");
        assert_eq!((page.code().as_str(), page.header("set-cookie")), (NO, None), "a browser gets no cookie");
        assert_eq!(alone(&server, &mut key, &nurse.me).await.code(), NO, "a passkey alone");
        assert_eq!(enter(&server, &first, NEW).await.code(), NO, "a first link");
        assert_eq!(coming_in(&server, &none, "visiting_nurse").await, NO, "at the door for certificates, without one");
        let early = client(&server, Some(&early));
        assert_eq!(coming_in(&server, &early, "visiting_nurse").await, NO, "with one that is not let in yet");
        let claimed = [("x-client-cert", tablet.fingerprint.as_str())];
        let answer = ask(&server, &none, &sign_in(&server, "visiting_nurse", "body"), &claimed).await.expect("an answer");
        assert_eq!(answer.code(), NO, "a header is no device");
        // A session from before the rule gets no further token; a new password opens no session.
        let change = ChangePassword { current: sheet.password.clone(), new: NEW.into(), token_in: TokenIn::Body };
        assert_eq!(session.refused(&Command::ChangePassword(change)).await.code, NO, "a changed password");
        let reset = json!({ "link": link_of(&server, &sheet.email), "password": NEW }).to_string();
        let reset = raw_http(&server, "POST /api/v1/accounts.reset", &headers[..1], reset.as_bytes()).await.expect("an answer");
        assert_eq!((reset.status, reset.header("set-cookie")), (200, None));
        assert!(!String::from_utf8_lossy(&reset.body).contains("token"));
        assert_eq!(try_sign_in(&server, &sheet.email, NEW).await.code(), NO, "nor with the new one");
        let after = Rows::of(&server).await.number(SESSIONS).await;
        assert_eq!(after, before, "no session was opened");

        // The form for a loss is open to her; the family needs no device (c-27); a wrong password learns nothing.
        let lost = ReportIncident { email: sheet.email.clone(), text: "電車に忘れた".into() };
        assert_eq!(over_http(&server, &Command::ReportIncident(lost)).await.status, 200);
        assert_eq!(coming_in(&server, &none, "daughter").await, "ok");
        assert_eq!(try_sign_in(&server, &sheet.email, "Chigau-yo-12345").await.code(), "sign_in_failed");

        // The office's own and the lent one come in.
        let newer = json!({ "email": sheet.email, "password": NEW, "token_in": "body" });
        let newer = Command::SignIn(serde_json::from_value(newer).expect("an ask"));
        for made in [&tablet, &loan] {
            let tls = client(&server, Some(&Identity::of(made)));
            let answer = ask(&server, &tls, &newer, &[]).await.expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.code());
        }
        let audit = Rows::of(&server).await.audit().await;
        let changed = audit.iter().find(|row| row.act == "accounts.change_password").expect("it is written down");
        assert_eq!((changed.outcome.as_str(), changed.account), (NO, Some(nurse.me.account.0)));
        let came = audit.iter().filter(|row| row.act == "accounts.sign_in" && row.outcome == DONE);
        assert!(came.count() >= 3);
    }
}

promise! {
    /// She works for two offices, and stands on a tablet of the one that she leaves.
    async fn a_session_on_an_offices_device_ends_with_the_place_there(engine: Engine) {
        let server = Server::start_with_certificates(engine, FLOOR, &Outside::new().pem()).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let foreign = server.person_anew("saito@demo.example").await;
        let (_, tablet) = devices::nurses_tablet(&server).await;
        let mut rows = Rows::of(&server).await;
        rows.second_place(nurse.me.account.0, foreign.me.affiliations[0].id.0).await;
        let bearer = devices::token(&server, &tablet, "visiting_nurse").await;
        let open = devices::link(&server, &tablet, &bearer).await;
        let since = Instant::now();
        let _: Done = admin.ask(&leaving(&nurse, "異動")).await.expect("ended");
        is_cut(&open, since).await;
        assert_eq!(devices::me(&server, &tablet, &bearer).await, "signed_out");
        assert_eq!(coming_in(&server, &tablet, "visiting_nurse").await, "client_certificate_required");
        assert!(nurse.is_signed_in().await, "elsewhere she works on, and this one stands on no device of theirs");
        let ends = rows.audit_of("offices.end_affiliation").await;
        assert!(ends[0].detail.as_deref().is_some_and(|detail| detail.contains(r#""sessions":1"#)), "{ends:?}");
        assert_eq!(rows.number("SELECT COUNT(*) FROM sessions WHERE ended_why = 'affiliation_ended'").await, 1);
        crate::audit::verifies(&server).await;
    }
}
