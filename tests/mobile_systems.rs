//! What an office's phones and tablets for the stock record may run, where the region says so (K-75).

use crate::audit::DONE;
use crate::devices::{FLOOR, of_office, with};
use crate::harness::{Engine, Rows, Server, new_id, promise};
use tsumugi_protocol::{
    ApproveDevice, Code, Command, DeviceId, DeviceKind, DeviceList, DeviceState, Done, Nothing, OsFamily,
    Ownership, RegisterDevice,
};

/// Codes that the story below provokes.
pub const PROVOKED: &[Code] = &[Code::MobileOsNotAllowed];

fn device(kind: DeviceKind, os_family: OsFamily) -> RegisterDevice {
    RegisterDevice { kind, os_family, stock_record: true, ..of_office(DeviceId(new_id()), true) }
}

fn approve(device: DeviceId) -> Command {
    Command::ApproveDevice(ApproveDevice { device, attestations: None, permission: None })
}

promise! {
    // clause("001§28-4d")
    async fn an_offices_phone_for_the_stock_record_runs_what_the_region_allows(engine: Engine) {
        use DeviceKind::{Computer, Phone, Tablet};
        use OsFamily::{Android, Ios, Other, Windows};
        let server = Server::start_under(engine, FLOOR).await;
        let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
        let earlier = device(Tablet, Ios);
        let _: Done = nurse.ask(&Command::RegisterDevice(earlier.clone())).await.expect("anything goes");

        server.under(&with(FLOOR, "mobile_os_allowed", "[\"android\"]"));
        let (nurse, admin) = (nurse.twin(), admin.twin());
        let no = "mobile_os_not_allowed";
        assert_eq!(admin.refused(&approve(earlier.device)).await.code, no, "what stood there is not let in");
        for (kind, family) in [(Phone, Ios), (Tablet, Ios), (Phone, Other), (Tablet, Windows)] {
            let ask = Command::RegisterDevice(device(kind, family));
            assert_eq!(nurse.refused(&ask).await.code, no, "{kind:?} {family:?}");
            assert_eq!(nurse.refused(&ask).await.code, no, "and again");
        }
        // Not meant are computers, what is lent or private (c-26), and what the stock record is not used on.
        let allowed = [
            device(Phone, Android),
            device(Tablet, Android),
            device(Computer, Windows),
            RegisterDevice { ownership: Ownership::AssociationLoan, ..device(Phone, Ios) },
            RegisterDevice { stock_record: false, ..device(Tablet, Ios) },
        ];
        for ask in &allowed {
            let _: Done = nurse.ask(&Command::RegisterDevice(ask.clone())).await.expect("registered");
            assert_eq!(nurse.refused(&approve(ask.device)).await.code, "other_office", "she is no admin");
            let _: Done = admin.ask(&approve(ask.device)).await.expect("approved");
        }
        let private = RegisterDevice {
            ownership: Ownership::Private,
            application: Some("訪問先での連絡".into()),
            ..device(Phone, Ios)
        };
        let _: Done = nurse.ask(&Command::RegisterDevice(private)).await.expect("registered");

        let ledger: DeviceList = admin.ask(&Command::ListDevices(Nothing {})).await.expect("a list");
        let state = |id: DeviceId| ledger.devices.iter().find(|one| one.id == id).map(|one| (one.state, one.os_family, one.stock_record));
        assert_eq!(state(earlier.device), Some((DeviceState::Applied, Ios, true)));
        for ask in &allowed {
            assert_eq!(state(ask.device), Some((DeviceState::Approved, ask.os_family, ask.stock_record)));
        }
        assert_eq!(ledger.devices.len(), 7, "nothing that was refused stands there");
        let audit = Rows::of(&server).await.audit().await;
        let times = |act: &str, outcome: &str| -> i64 {
            audit.iter().filter(|row| row.act == act && row.outcome == outcome).map(|row| row.times).sum()
        };
        assert_eq!((times("devices.register", no), times("devices.approve", no)), (8, 1));
        assert_eq!((times("devices.register", DONE), times("devices.approve", DONE)), (7, 5));
    }
}
