//! A managed computer makes its key itself: only its request leaves it, and only a certificate comes back.

use crate::audit::verifies;
use crate::devices::{self, FLOOR, Identity, Outside, client, coming_in, of_office};
use crate::harness::{Engine, Folder, Rows, Server, new_id, promise, tsumugi};
use base64ct::{Base64, Encoding};
use rcgen::{CertificateParams, DnType, KeyPair};
use std::fs;
use std::process::Command as Program;
use std::time::Duration;
use tsumugi_protocol::{
    CertifiedKey, CertifyKey, Command, DeviceId, Done, RegisterDevice, RevokeCertificate,
};

/// A key and its request, under a name that is somebody else's.
fn request() -> (KeyPair, String) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec!["else.example".to_owned()]).expect("parameters");
    params.distinguished_name.push(DnType::CommonName, "Somebody else");
    let request = params.serialize_request(&key).expect("a request").pem().expect("PEM");
    (key, request)
}

/// The same of another implementation, with an RSA key of so many bits: the key and the request (PEM).
fn rsa(bits: u32) -> (String, String) {
    let folder = Folder::new("request");
    let (key, asked) = (folder.path().join("key.pem"), folder.path().join("request.pem"));
    let mut openssl = Program::new("openssl");
    openssl.args(["req", "-new", "-nodes", "-subj", "/CN=Somebody else", "-newkey", &format!("rsa:{bits}")]);
    let said = openssl.arg("-keyout").arg(&key).arg("-out").arg(&asked).output().expect("openssl runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    (fs::read_to_string(key).expect("a key"), fs::read_to_string(asked).expect("a request"))
}

fn certify(device: DeviceId, request: &str) -> Command {
    Command::CertifyKey(CertifyKey { device, request: request.to_owned() })
}

promise! {
    async fn a_managed_computer_keeps_its_key_and_comes_in_with_what_was_certified(engine: Engine) {
        let server = Server::start_with_certificates(engine, FLOOR, &Outside::new().pem()).await;
        let (nurse, admin) = (server.person_anew("visiting_nurse").await, server.person_anew("office_admin").await);
        let foreign = server.person_anew("saito@demo.example").await;
        let computer = devices::device(&nurse, &admin).await;
        let (key, asked) = request();

        // What is no request, what its key has not signed, and keys that are too short; whose device it is comes first.
        let applied = DeviceId(new_id());
        let register = RegisterDevice { device: applied, ..of_office(applied, true) };
        let _: Done = nurse.ask(&Command::RegisterDevice(register)).await.expect("registered");
        let wrong = forged(&asked);
        let (_, short) = rsa(1_024);
        for (who, device, request, code, reason) in [
            (&admin, computer, "", "certificate_request_unfit", "unreadable"),
            (&admin, computer, wrong.as_str(), "certificate_request_unfit", "signature"),
            (&admin, computer, short.as_str(), "certificate_request_unfit", "key"),
            (&admin, applied, asked.as_str(), "device_not_registered", ""),
            (&foreign, computer, asked.as_str(), "other_office", ""),
            (&foreign, DeviceId(new_id()), "", "other_office", ""),
            (&nurse, computer, asked.as_str(), "other_office", ""),
        ] {
            let refused = who.refused(&certify(device, request)).await;
            let told = refused.params.get("reason").map_or("", String::as_str);
            assert_eq!((refused.code.as_str(), told), (code, reason));
        }
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT COUNT(*) FROM device_certificates").await, 0);

        let certified: serde_json::Value = admin.ask(&certify(computer, &asked)).await.expect("certified");
        assert!(!certified.to_string().contains("PRIVATE KEY"), "no private key");
        let certified: CertifiedKey = serde_json::from_value(certified).expect("a certificate");
        let made = client(&server, Some(&Identity::made(certified.certificate.clone(), key.serialize_pem())));
        assert_eq!(coming_in(&server, &made, "visiting_nurse").await, "ok");
        assert_eq!(coming_in(&server, &made, "physician").await, "client_certificate_required", "hers alone");

        // Its own RSA key, through the operator's hands.
        let (key, asked) = rsa(2_048);
        let (folder, data) = (Folder::new("operator"), server.setup.data.to_string_lossy().into_owned());
        let place = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let (csr, out, device) = (place("request.pem"), place("computer.pem"), computer.to_string());
        fs::write(&csr, &asked).expect("a file");
        let issue = ["cert", "issue", "--data", &data, "--csr", &csr, "--out", &out, &device];
        let said = tsumugi(&issue);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let text = fs::read_to_string(&out).expect("a certificate");
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----") && !text.contains("PRIVATE KEY"), "{text}");
        assert!(!tsumugi(&issue).status.success(), "it is never overwritten");
        let windows = client(&server, Some(&Identity::made(text, key)));
        assert_eq!(coming_in(&server, &windows, "visiting_nurse").await, "ok");
        fs::write(&csr, "no request").expect("a file");
        let wrong = place("wrong.pem");
        let said = tsumugi(&["cert", "issue", "--data", &data, "--csr", &csr, "--out", &wrong, &device]);
        assert!(!said.status.success() && !std::path::Path::new(&wrong).exists());

        // It is in the ledger like any other: revoked, and asked for a proof of who issues.
        let revoke = RevokeCertificate { fingerprint: certified.fingerprint.clone(), reason: "返却".into() };
        let _: Done = admin.ask(&Command::RevokeCertificate(revoke)).await.expect("revoked");
        assert_eq!(coming_in(&server, &made, "visiting_nurse").await, "client_certificate_required");
        assert_eq!(coming_in(&server, &windows, "visiting_nurse").await, "ok", "the other one stands");
        let done: Vec<_> =
            rows.audit_of("devices.certify").await.into_iter().filter(|row| row.outcome == "done").collect();
        let by = (Some(admin.me.account.0), Some(computer.0));
        assert_eq!(done.iter().map(|row| (row.account, row.subject)).collect::<Vec<_>>(), [by, (None, by.1)]);
        assert!(!rows.audit_of("operator.certify_key").await.is_empty(), "by which user");
        server.turn_clock(Duration::from_secs(5 * 60));
        assert_eq!(admin.refused(&certify(computer, &asked)).await.code, "step_up_required");
        verifies(&server).await;
    }
}

/// A request whose signature is another number.
fn forged(request: &str) -> String {
    let lines: String = request.lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = Base64::decode_vec(&lines).expect("base64");
    *der.last_mut().expect("bytes") ^= 1;
    let text = Base64::encode_string(&der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("text")).collect();
    format!("-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END CERTIFICATE REQUEST-----\n", lines.join("\n"))
}
