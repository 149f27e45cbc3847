//! Private devices: let in once their holder has applied and the office has permitted it in writing, never before.

use crate::at_rest::{leaks, scan::Scanner};
use crate::audit::{DONE, verifies};
use crate::devices::{FLOOR, Outside, client, coming_in, of_office, with};
use crate::harness::{Engine, Person, Rows, Server, new_id, promise};
use tsumugi_protocol::{
    ApproveDevice, Command, Device, DeviceId, DeviceList, DeviceState, Done, Nothing, Ownership, Permission,
    RegisterCertificate, RegisterDevice,
};

const WHAT_FOR: &str = "かなりあ訪問先での連絡";
const SIGNER: &str = "かなりあ山崎";

fn private(mine: bool, application: Option<&str>) -> RegisterDevice {
    let application = application.map(str::to_owned);
    RegisterDevice { ownership: Ownership::Private, application, ..of_office(DeviceId(new_id()), mine) }
}

fn written() -> Permission {
    Permission { date: "2026-11-01".into(), signer: SIGNER.into(), scope: WHAT_FOR.into() }
}

fn approve(device: DeviceId, permission: Option<Permission>) -> Command {
    Command::ApproveDevice(ApproveDevice { device, attestations: None, permission })
}

async fn entered(who: &Person<'_>, ask: &RegisterDevice) -> DeviceId {
    let _: Done = who.ask(&Command::RegisterDevice(ask.clone())).await.expect("registered");
    ask.device
}

async fn seen(admin: &Person<'_>, device: DeviceId) -> Device {
    let ledger: DeviceList = admin.ask(&Command::ListDevices(Nothing {})).await.expect("a list");
    ledger.devices.into_iter().find(|one| one.id == device).expect("it stands there")
}

promise! {
    // clause("000-form3§2(2)", "002-P1§2(2)", "003-form3§2(2)")
    // clause("004-form1§2(2)", "004-form2§2(2)")
    async fn a_private_device_comes_in_once_it_is_applied_for_and_permitted_in_writing(engine: Engine) {
        let outside = Outside::new();
        let server = Server::start_with_certificates(engine, FLOOR, &outside.pem()).await;
        let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
        let physician = server.person("physician").await;
        server.under(&with(FLOOR, "device_binding", "\"required\""));
        let (nurse, admin, physician) = (nurse.twin(), admin.twin(), physician.twin());

        // What nobody applied for, or for nobody in particular, no permission lets in.
        assert_eq!(nurse.refused(&Command::RegisterDevice(private(true, Some(" ")))).await.code, "bad_field");
        for (who, ask) in [(&nurse, private(true, None)), (&admin, private(false, Some(WHAT_FOR)))] {
            let device = entered(who, &ask).await;
            assert_eq!(admin.refused(&approve(device, Some(written()))).await.code, "device_not_permitted");
            assert_eq!(seen(&admin, device).await.state, DeviceState::Applied);
        }

        let ask = private(true, Some(WHAT_FOR));
        let phone = entered(&nurse, &ask).await;
        assert_eq!(nurse.refused(&Command::RegisterDevice(ask)).await.code, "id_taken", "it stands once");
        assert_eq!(seen(&admin, phone).await.application.as_deref(), Some(WHAT_FOR));
        let own = outside.issue(|_| {});
        let bind = RegisterCertificate { device: phone, certificate: own.certificate.clone() };
        let _: Done = admin.ask(&Command::RegisterCertificate(bind)).await.expect("bound before its approval");
        let own = client(&server, Some(&own));

        // Applied for is not permitted: no session, whatever is tried.
        const SESSIONS: &str = "SELECT COUNT(*) FROM sessions";
        let before = Rows::of(&server).await.number(SESSIONS).await;
        assert_eq!(coming_in(&server, &own, "visiting_nurse").await, "device_not_permitted");
        assert_eq!(admin.refused(&approve(phone, None)).await.code, "device_not_permitted");
        for lacking in [
            Permission { date: String::new(), ..written() },
            Permission { date: "きのう".into(), ..written() },
            Permission { date: "2026-02-30".into(), ..written() },
            Permission { signer: " ".into(), ..written() },
            Permission { scope: String::new(), ..written() },
        ] {
            let refused = admin.refused(&approve(phone, Some(lacking.clone()))).await;
            assert_eq!(refused.code, "bad_field", "{lacking:?}");
        }
        for stranger in [&nurse, &physician] {
            let refused = stranger.refused(&approve(phone, Some(written()))).await;
            assert_eq!(refused.code, "other_office", "who is no admin of its office permits nothing");
        }
        let device = seen(&admin, phone).await;
        assert_eq!((device.state, device.permitted), (DeviceState::Applied, false));
        assert_eq!(coming_in(&server, &own, "visiting_nurse").await, "device_not_permitted");
        assert_eq!(Rows::of(&server).await.number(SESSIONS).await, before, "nobody came in");

        let _: Done = admin.ask(&approve(phone, Some(written()))).await.expect("approved");
        let _: Done = admin.ask(&approve(phone, None)).await.expect("a retry; what was written stays");
        let device = seen(&admin, phone).await;
        assert_eq!((device.state, device.permitted), (DeviceState::Approved, true));
        assert_eq!(coming_in(&server, &own, "visiting_nurse").await, "ok");

        let mut rows = Rows::of(&server).await;
        let approved = rows.audit_of("devices.approve").await;
        let done = approved.iter().filter(|row| row.subject == Some(phone.0) && row.outcome == DONE);
        assert_eq!(done.count(), 2);
        let refused = approved.iter().filter(|row| row.outcome == "device_not_permitted");
        assert_eq!(refused.count(), 3, "each refusal is written down");
        let audit = rows.audit().await;
        assert!(audit.iter().all(|row| !format!("{row:?}").contains("かなりあ")), "without a word of it");
        let words = Scanner::new(&[WHAT_FOR.to_owned(), SIGNER.to_owned()]);
        assert!(leaks(&server.setup.data, &words).is_empty(), "application and permission are sealed");
        assert!(words.hits(rows.dump().await.as_bytes()).is_empty());
        verifies(&server).await;
    }
}
