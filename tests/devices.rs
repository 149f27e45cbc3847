//! The ledger of devices and their certificates: who comes in with what, and every wrong way in (T30).

use crate::harness::{
    Closed, Engine, Folder, Link, PATIENCE, Person, RawAnswer, Rows, Server, Upgrade, hello, new_id, promise,
    raw_http, raw_http_over, tsumugi, until,
};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
    date_time_ymd,
};
use rustls::{ClientConfig, HandshakeKind, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::json;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command as Program;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tsumugi_protocol::{
    ApproveDevice, Attestation, CertifyKey, Code, Command, DeviceId, DeviceKind, DeviceList, DeviceState,
    Done, HowMany, IssueCertificate, IssuedCertificate, Nothing, OsFamily, Ownership, Permission,
    RegisterCertificate, RegisterDevice, RevokeCertificate, WhichDevices,
};

/// The shipped rules.
pub const FLOOR: &str = include_str!("../server/policies/vendor-floor.toml");

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[
    Code::ByodForbidden,
    Code::DeviceNotPermitted,
    Code::DeviceAttestationMissing,
    Code::RemoteLockRequired,
    Code::DeviceNotRegistered,
    Code::DeviceStopped,
    Code::ClientCertificateRequired,
];

pub const MUST: [Attestation; 4] = [
    Attestation::VirusProtection,
    Attestation::SafeWifi,
    Attestation::ClearScreen,
    Attestation::LockedStorage,
];

/// The rules with another value of one knob.
pub fn with(rules: &str, knob: &str, value: &str) -> String {
    let line = rules.lines().find(|line| line.starts_with(&format!("{knob} ="))).expect("a knob");
    rules.replace(line, &format!("{knob} = {value}"))
}

pub fn which(devices: &[DeviceId]) -> WhichDevices {
    WhichDevices { devices: devices.to_vec(), office: None, reason: "置き忘れ".to_owned() }
}

/// All devices of somebody's office.
pub fn all_of(person: &Person<'_>) -> WhichDevices {
    WhichDevices { office: person.me.affiliations.iter().find_map(|place| place.office), ..which(&[]) }
}

/// One of each command, for whoever is not signed in.
pub fn commands() -> Vec<Command> {
    let device = DeviceId(new_id());
    vec![
        Command::RegisterDevice(of_office(device, true)),
        Command::ApproveDevice(ApproveDevice { device, attestations: None, permission: None }),
        Command::ListDevices(Nothing {}),
        Command::MyDevices(Nothing {}),
        Command::StopDevices(which(&[])),
        Command::ReleaseDevices(which(&[])),
        Command::RetireDevices(which(&[device])),
        Command::IssueCertificate(IssueCertificate { device, legacy: false }),
        Command::CertifyKey(CertifyKey { device, request: String::new() }),
        Command::RegisterCertificate(RegisterCertificate { device, certificate: String::new() }),
        Command::RevokeCertificate(RevokeCertificate { fingerprint: String::new(), reason: String::new() }),
    ]
}

pub fn of_office(device: DeviceId, mine: bool) -> RegisterDevice {
    RegisterDevice {
        device,
        kind: DeviceKind::Tablet,
        ownership: Ownership::Office,
        os_family: OsFamily::Ios,
        os: "iPadOS 19".to_owned(),
        name: "訪問用タブレット".to_owned(),
        mine,
        stock_record: false,
        attestations: MUST.to_vec(),
        application: None,
        permission: None,
    }
}

/// A certificate and its key (PEM).
pub struct Identity {
    pub certificate: String,
    key: String,
}

impl Identity {
    /// Of a certificate and the key it was made for (PEM).
    pub fn made(certificate: String, key: String) -> Self {
        Self { certificate, key }
    }

    /// As it comes out of a PKCS#12 file.
    pub fn of(issued: &IssuedCertificate) -> Self {
        let folder = Folder::new("pkcs12");
        let file = unpacked(&folder, issued);
        let read = |options: &[&str]| {
            let pass = format!("pass:{}", issued.passphrase);
            let mut openssl = Program::new("openssl");
            openssl.args(["pkcs12", "-in", &file, "-nodes", "-passin", &pass]).args(options);
            let said = openssl.output().expect("openssl runs");
            assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
            String::from_utf8(said.stdout).expect("text")
        };
        Self { certificate: read(&["-clcerts", "-nokeys"]), key: read(&["-nocerts"]) }
    }
}

fn unpacked(folder: &Folder, issued: &IssuedCertificate) -> String {
    let (text, file) = (folder.path().join("text"), folder.path().join("device.p12"));
    fs::write(&text, &issued.pkcs12).expect("a file");
    let file = file.to_string_lossy().into_owned();
    let decoded = Program::new("base64").arg("-d").arg(&text).output().expect("base64 runs");
    fs::write(&file, decoded.stdout).expect("a file");
    file
}

/// An authority that is not ours.
pub struct Outside {
    params: CertificateParams,
    key: KeyPair,
}

impl Outside {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, "Another authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { params, key: KeyPair::generate().expect("a key") }
    }

    pub fn pem(&self) -> String {
        self.params.self_signed(&self.key).expect("a certificate").pem()
    }

    pub fn issue(&self, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = params.signed_by(&key, &issuer).expect("a certificate").pem();
        Identity { certificate, key: key.serialize_pem() }
    }
}

/// A client that shows a certificate, or none.
pub fn client(server: &Server, identity: Option<&Identity>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(server.ca.as_bytes()) {
        roots.add(root.expect("a certificate")).expect("a root");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots);
    Arc::new(match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let chain: Result<Vec<_>, _> =
                CertificateDer::pem_slice_iter(identity.certificate.as_bytes()).collect();
            let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("a key");
            builder.with_client_auth_cert(chain.expect("a chain"), key).expect("an identity")
        }
    })
}

fn certificate_door(server: &Server) -> SocketAddr {
    let (port, _) = server.setup.certificates.clone().expect("a door");
    (Ipv4Addr::LOCALHOST, port).into()
}

async fn shaken(server: &Server, tls: &Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(certificate_door(server)).await?;
    let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
    TlsConnector::from(tls.clone()).connect(name, tcp).await
}

/// Asks at the door that takes certificates; nothing when TLS ends it.
pub async fn ask(
    server: &Server,
    tls: &Arc<ClientConfig>,
    command: &Command,
    headers: &[(&str, &str)],
) -> Option<RawAnswer> {
    let stream = shaken(server, tls).await.ok()?;
    let start = format!("POST /api/v1/{}", command.name());
    let headers = [&[("content-type", "application/json")], headers].concat();
    raw_http_over(server, stream, &start, &headers, command.ask_json().as_bytes()).await
}

pub fn sign_in(server: &Server, who: &str, token_in: &str) -> Command {
    let sheet = server.sheet(who);
    let ask = json!({ "email": sheet.email, "password": sheet.password, "token_in": token_in });
    Command::SignIn(serde_json::from_value(ask).expect("an ask"))
}

pub async fn coming_in(server: &Server, tls: &Arc<ClientConfig>, who: &str) -> String {
    outcome(ask(server, tls, &sign_in(server, who, "body"), &[]).await)
}

/// `cut` by TLS, `ok`, or the code of the refusal.
pub fn outcome(answer: Option<RawAnswer>) -> String {
    match answer {
        None => "cut".to_owned(),
        Some(answer) if answer.status == 200 => "ok".to_owned(),
        Some(answer) => answer.code(),
    }
}

pub async fn token(server: &Server, tls: &Arc<ClientConfig>, who: &str) -> String {
    let answer = ask(server, tls, &sign_in(server, who, "body"), &[]).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.code());
    answer.json()["ok"]["token"].as_str().expect("a token").to_owned()
}

pub async fn me(server: &Server, tls: &Arc<ClientConfig>, token: &str) -> String {
    let bearer = format!("Bearer {token}");
    outcome(ask(server, tls, &Command::Me(Nothing {}), &[("authorization", &bearer)]).await)
}

/// A link at the door that takes certificates, after its welcome.
pub async fn link(server: &Server, tls: &Arc<ClientConfig>, token: &str) -> Link {
    let stream = shaken(server, tls).await.expect("the server accepts");
    let url = format!("wss://{}/api/v1/link", certificate_door(server));
    let mut request = url.into_client_request().expect("a request");
    let bearer = format!("Bearer {token}").parse().expect("a header");
    request.headers_mut().insert("authorization", bearer);
    let link = Link::upgraded(request, stream).await.expect("the link opens");
    link.hello(hello(Vec::new())).await;
    link
}

pub async fn is_cut(link: &Link, since: Instant) {
    let Closed { code, .. } = link.closed().await;
    assert_eq!(code, Some(4420));
    assert!(since.elapsed() <= Duration::from_secs(1), "cut after {:?}", since.elapsed());
}

/// A device of the nurse, approved by her office's admin.
pub async fn device(nurse: &Person<'_>, admin: &Person<'_>) -> DeviceId {
    let device = DeviceId(new_id());
    let _: Done = nurse.ask(&Command::RegisterDevice(of_office(device, true))).await.expect("registered");
    let approve = ApproveDevice { device, attestations: None, permission: None };
    let _: Done = admin.ask(&Command::ApproveDevice(approve)).await.expect("approved");
    device
}

pub async fn issued(admin: &Person<'_>, device: DeviceId) -> IssuedCertificate {
    let ask = Command::IssueCertificate(IssueCertificate { device, legacy: false });
    admin.ask(&ask).await.expect("a certificate")
}

/// A tablet of the nurse that comes in with a certificate of its own, and a client that shows it.
pub async fn nurses_tablet(server: &Server) -> (DeviceId, Arc<ClientConfig>) {
    let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
    let tablet = device(&nurse, &admin).await;
    let identity = Identity::of(&issued(&admin, tablet).await);
    (tablet, client(server, Some(&identity)))
}

/// A connection from another address to the door that takes certificates, which shows none.
pub async fn without_certificate(server: &Server, last: u8) -> std::io::Result<TlsStream<TcpStream>> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into())?;
    let tcp = socket.connect(certificate_door(server)).await?;
    let name = ServerName::IpAddress(Ipv4Addr::LOCALHOST.into());
    TlsConnector::from(server.tls.clone()).connect(name, tcp).await
}

const NO: &str = "client_certificate_required";

promise! {
    async fn every_wrong_certificate_is_refused_and_the_right_one_comes_in(engine: Engine) {
        let (outside, stranger) = (Outside::new(), Outside::new());
        let server = Server::start_with_certificates(engine, FLOOR, &outside.pem()).await;
        let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
        let tablet = device(&nurse, &admin).await;
        let made = issued(&admin, tablet).await;
        let right = client(&server, Some(&Identity::of(&made)));
        let none = client(&server, None);

        let answer = ask(&server, &right, &sign_in(&server, "visiting_nurse", "cookie"), &[("origin", &format!("https://{}", certificate_door(&server)))]).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.code());
        let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
        assert!(cookie.starts_with("__Host-tsumugi-cert="), "{cookie}");
        let pair = cookie.split(';').next().expect("a pair").to_owned();
        let (_, value) = pair.split_once('=').expect("a value");

        // Handshakes that end by themselves, though the ledger knows the first two.
        let past = outside.issue(|p| { p.not_before = date_time_ymd(2020, 1, 1); p.not_after = date_time_ymd(2021, 1, 1); });
        let future = outside.issue(|p| { p.not_before = date_time_ymd(2090, 1, 1); p.not_after = date_time_ymd(2091, 1, 1); });
        let bound = outside.issue(|_| {});
        for known in [&past, &future, &bound] {
            let ask = RegisterCertificate { device: tablet, certificate: known.certificate.clone() };
            let _: Done = admin.ask(&Command::RegisterCertificate(ask)).await.expect("bound");
        }
        let usage = outside.issue(|p| p.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]);
        let foreign = stranger.issue(|_| {});
        let self_signed = {
            let key = KeyPair::generate().expect("a key");
            let certificate = CertificateParams::new(Vec::new()).expect("parameters").self_signed(&key);
            Identity { certificate: certificate.expect("a certificate").pem(), key: key.serialize_pem() }
        };
        for (why, identity) in
            [("expired", past), ("not yet", future), ("usage", usage), ("foreign", foreign), ("self", self_signed)]
        {
            assert_eq!(coming_in(&server, &client(&server, Some(&identity)), "visiting_nurse").await, "cut", "{why}");
        }
        assert_eq!(coming_in(&server, &client(&server, Some(&bound)), "visiting_nurse").await, "ok", "an outside authority's, bound");

        // The same subject and name under another key; somebody else's device.
        let twin = outside.issue(|p| {
            p.distinguished_name.push(DnType::CommonName, format!("Tsumugi device {tablet}"));
            p.subject_alt_names = vec![SanType::URI(format!("urn:uuid:{tablet}").as_str().try_into().expect("a name"))];
        });
        assert_eq!(coming_in(&server, &client(&server, Some(&twin)), "visiting_nurse").await, NO);
        assert_eq!(coming_in(&server, &right, "physician").await, NO, "her certificate, his password");
        assert_eq!(coming_in(&server, &right, "office_admin").await, NO, "not even her admin");

        // Sessions without their certificate, with another one, or at the other door.
        let bearer = token(&server, &right, "visiting_nurse").await;
        assert_eq!(me(&server, &right, &bearer).await, "ok");
        let mut rows = Rows::of(&server).await;
        let both = rows.number("SELECT COUNT(*) FROM sessions WHERE factors = 'password,certificate' AND device IS NOT NULL");
        assert_eq!(both.await, 3, "a certificate adds to the password");
        drop(rows);
        assert_eq!(me(&server, &none, &bearer).await, NO);
        assert_eq!(me(&server, &client(&server, Some(&bound)), &bearer).await, NO);
        assert_eq!(me(&server, &right, &admin.token).await, NO, "opened without a certificate");
        let headers = [("authorization", format!("Bearer {bearer}"))];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let main = raw_http(&server, "POST /api/v1/accounts.me", &headers, b"{}").await;
        assert_eq!(outcome(main), NO, "at the main door");
        assert_eq!(Link::open(&server, &Upgrade::bearer(&bearer)).await.err(), Some(403));
        let own = format!("https://{}", certificate_door(&server));
        let shown = [("cookie", pair.as_str()), ("origin", own.as_str())];
        assert_eq!(outcome(ask(&server, &right, &Command::Me(Nothing {}), &shown).await), "ok");
        assert_eq!(outcome(ask(&server, &none, &Command::Me(Nothing {}), &shown).await), NO);
        for name in ["__Host-tsumugi-cert", "__Host-tsumugi"] {
            let cookie = format!("{name}={value}");
            let headers = [("cookie", cookie.as_str()), ("origin", server.url.as_str())];
            let code = outcome(raw_http(&server, "POST /api/v1/accounts.me", &headers, b"{}").await);
            assert!([NO, "signed_out"].contains(&code.as_str()), "{name}: {code}");
        }

        // A stop ends what stands and lets nothing in.
        let open = link(&server, &right, &bearer).await;
        let since = Instant::now();
        let stopped: HowMany = admin.ask(&Command::StopDevices(which(&[tablet]))).await.expect("stopped");
        assert_eq!(stopped.devices, 1);
        is_cut(&open, since).await;
        assert_eq!(me(&server, &right, &bearer).await, "signed_out");
        assert_eq!(coming_in(&server, &right, "visiting_nurse").await, "device_stopped");
        let _: HowMany = admin.ask(&Command::ReleaseDevices(which(&[tablet]))).await.expect("released");

        // Revocation reaches open links and resumed connections, whose handshake asks for nothing.
        let bearer = token(&server, &right, "visiting_nurse").await;
        let open = link(&server, &right, &bearer).await;
        let since = Instant::now();
        let revoke = RevokeCertificate { fingerprint: made.fingerprint.clone(), reason: "紛失".to_owned() };
        let _: Done = admin.ask(&Command::RevokeCertificate(revoke)).await.expect("revoked");
        is_cut(&open, since).await;
        assert_eq!(me(&server, &right, &bearer).await, "signed_out");
        let resumed = shaken(&server, &right).await.expect("it resumes");
        assert_eq!(resumed.get_ref().1.handshake_kind(), Some(HandshakeKind::Resumed));
        drop(resumed);
        assert_eq!(coming_in(&server, &right, "visiting_nurse").await, NO);

        // Nobody is taken at a header's word, and where one is required there is no way without.
        server.under(&with(FLOOR, "certificate_required", "true"));
        let claimed = [
            ("x-client-cert", made.fingerprint.as_str()),
            ("x-ssl-client-verify", "SUCCESS"),
            ("x-forwarded-client-cert", "Hash=0;Verify=SUCCESS"),
        ];
        assert_eq!(coming_in(&server, &none, "visiting_nurse").await, NO);
        assert_eq!(outcome(ask(&server, &none, &sign_in(&server, "visiting_nurse", "body"), &claimed).await), NO);
        let body = sign_in(&server, "visiting_nurse", "body").ask_json();
        let headers = [&[("content-type", "application/json")], claimed.as_slice()].concat();
        let main = raw_http(&server, "POST /api/v1/accounts.sign_in", &headers, body.as_bytes()).await;
        assert_eq!(outcome(main), NO);
        assert_eq!(coming_in(&server, &none, "daughter").await, "ok", "families are exempt");
        assert_eq!(coming_in(&server, &client(&server, Some(&bound)), "visiting_nurse").await, "ok");

        // The operator issues and revokes too; curl reads the file; our clock ends what no other clock has ended.
        let (folder, data) = (Folder::new("operator"), server.setup.data.to_string_lossy().into_owned());
        let file = folder.path().join("device.p12").to_string_lossy().into_owned();
        let said = tsumugi(&["cert", "issue", "--data", &data, "--out", &file, &tablet.to_string()]);
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.status.success(), "{text}{}", String::from_utf8_lossy(&said.stderr));
        let word = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).expect(name).trim().to_owned();
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, &server.ca).expect("a file");
        let curl = || {
            let mut curl = Program::new("curl");
            curl.args(["-s", "--cert-type", "P12", "--cert", &format!("{file}:{}", word("passphrase"))]);
            curl.arg("--cacert").arg(&ca).args(["--header", "content-type: application/json", "--data", &body]);
            let said = curl.arg(format!("https://{}/api/v1/accounts.sign_in", certificate_door(&server))).output();
            String::from_utf8(said.expect("curl runs").stdout).expect("text")
        };
        let answer = curl();
        assert!(answer.contains("\"ok\""), "{answer}");
        server.turn_clock(Duration::from_secs(366 * 24 * 60 * 60));
        let answer = curl();
        assert!(answer.contains(NO), "{answer}");
        let said = tsumugi(&["cert", "revoke", "--data", &data, "--reason", "紛失", &word("fingerprint")]);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let list = tsumugi(&["cert", "crl", "--data", &data]);
        assert!(String::from_utf8_lossy(&list.stdout).contains("BEGIN X509 CRL"));
    }
}

promise! {
    async fn which_devices_come_in_is_the_regions_rule(engine: Engine) {
        let lax = with(FLOOR, "own_devices", "\"office_decides\"");
        let server = Server::start_with_certificates(engine, &lax, &Outside::new().pem()).await;
        let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
        let approve = |device, attestations: Option<Vec<Attestation>>, permission| {
            Command::ApproveDevice(ApproveDevice { device, attestations, permission })
        };
        let own = DeviceId(new_id());
        let private = RegisterDevice { ownership: Ownership::Private, ..of_office(own, true) };
        let _: Done = nurse.ask(&Command::RegisterDevice(private.clone())).await.expect("registered");
        assert_eq!(admin.refused(&approve(own, None, None)).await.code, "device_not_permitted");
        let permission =
            Permission { date: "2026-11-01".into(), signer: "山崎".into(), scope: "訪問先での連絡".into() };
        let undated = Permission { date: "きのう".into(), ..permission.clone() };
        assert_eq!(admin.refused(&approve(own, None, Some(undated))).await.code, "bad_field");
        let none = Some(Vec::new());
        let missing = admin.refused(&approve(own, none, Some(permission.clone()))).await;
        assert_eq!(missing.code, "device_attestation_missing");
        assert_eq!(nurse.refused(&approve(own, None, Some(permission.clone()))).await.code, "other_office");
        let physician = server.person("physician").await;
        assert_eq!(physician.refused(&Command::StopDevices(which(&[own]))).await.code, "other_office");
        let _: Done = admin.ask(&approve(own, None, Some(permission))).await.expect("approved");
        let mine: DeviceList = nurse.ask(&Command::MyDevices(Nothing {})).await.expect("a list");
        assert_eq!((mine.devices[0].state, mine.devices[0].permitted), (DeviceState::Approved, true));
        let tablet = device(&nurse, &admin).await;
        let (of_own, of_tablet) = (issued(&admin, own).await, issued(&admin, tablet).await);

        // clause("004§9i")
        server.under(&with(&lax, "remote_lock", "\"must\""));
        let (nurse, admin) = (nurse.twin(), admin.twin());
        let other = DeviceId(new_id());
        let _: Done = nurse.ask(&Command::RegisterDevice(of_office(other, true))).await.expect("registered");
        assert_eq!(admin.refused(&approve(other, None, None)).await.code, "remote_lock_required");
        let wiped = [MUST.as_slice(), &[Attestation::RemoteWipe]].concat();
        let _: Done = admin.ask(&approve(other, Some(wiped), None)).await.expect("approved");

        // clause("001§19-3a") clause("001-guide§19")
        server.under(&with(&with(FLOOR, "own_devices", "\"forbidden\""), "device_binding", "\"required\""));
        let (nurse, admin) = (nurse.twin(), admin.twin());
        let again = RegisterDevice { device: DeviceId(new_id()), ..private };
        let of_the_office = of_office(DeviceId(new_id()), true);
        assert_eq!(nurse.refused(&Command::RegisterDevice(again)).await.code, "byod_forbidden");
        let unknown = client(&server, None);
        assert_eq!(coming_in(&server, &unknown, "visiting_nurse").await, "device_not_registered");
        assert_eq!(coming_in(&server, &unknown, "daughter").await, "ok", "families are exempt");
        let (own, of_office) = (client(&server, Some(&Identity::of(&of_own))), client(&server, Some(&Identity::of(&of_tablet))));
        assert_eq!(coming_in(&server, &own, "visiting_nurse").await, "device_not_registered");
        assert_eq!(coming_in(&server, &of_office, "visiting_nurse").await, "ok");

        let stopped: HowMany = admin.ask(&Command::StopDevices(all_of(&admin))).await.expect("all of the office");
        assert_eq!(stopped.devices, 3);
        for tls in [&own, &of_office] {
            assert_eq!(coming_in(&server, tls, "visiting_nurse").await, "device_stopped");
        }
        let without = WhichDevices { reason: " ".to_owned(), ..which(&[tablet]) };
        assert_eq!(admin.refused(&Command::ReleaseDevices(without)).await.code, "reason_missing");
        let _: HowMany = admin.ask(&Command::ReleaseDevices(which(&[tablet]))).await.expect("released");
        assert_eq!(coming_in(&server, &of_office, "visiting_nurse").await, "ok");

        // Who was never let in is not let in by a stop and a release; who is given up does not come back.
        let applied = DeviceId(new_id());
        let another = RegisterDevice { device: applied, ..of_the_office };
        let _: Done = nurse.ask(&Command::RegisterDevice(another)).await.expect("registered");
        let _: HowMany = admin.ask(&Command::StopDevices(which(&[applied]))).await.expect("stopped");
        let _: HowMany = admin.ask(&Command::ReleaseDevices(which(&[applied]))).await.expect("released");
        let ledger: DeviceList = admin.ask(&Command::ListDevices(Nothing {})).await.expect("a list");
        let state = ledger.devices.iter().find(|one| one.id == applied).map(|one| one.state);
        assert_eq!(state, Some(DeviceState::Applied));
        assert_eq!(admin.refused(&Command::RetireDevices(which(&[]))).await.code, "bad_field");
        let given_up: HowMany = admin.ask(&Command::RetireDevices(which(&[tablet]))).await.expect("given up");
        assert_eq!(given_up.devices, 1);
        assert_eq!(coming_in(&server, &of_office, "visiting_nurse").await, NO, "its certificate is revoked");
        let released: HowMany = admin.ask(&Command::ReleaseDevices(which(&[tablet]))).await.expect("nothing");
        assert_eq!(released.devices, 0);
    }
}

promise! {
    async fn a_session_stands_no_longer_than_its_certificate(engine: Engine) {
        let outside = Outside::new();
        let server = Server::start_with_certificates(engine, FLOOR, &outside.pem()).await;
        let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
        let tablet = device(&nurse, &admin).await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
        let short = outside.issue(|p| p.not_after = date_time_ymd(1970, 1, 1) + now + Duration::from_secs(600));
        let bind = RegisterCertificate { device: tablet, certificate: short.certificate.clone() };
        let _: Done = admin.ask(&Command::RegisterCertificate(bind)).await.expect("bound");
        let tls = client(&server, Some(&short));
        let bearer = token(&server, &tls, "visiting_nurse").await;
        let open = link(&server, &tls, &bearer).await;
        assert_eq!(me(&server, &tls, &bearer).await, "ok");
        // By our clock alone: the handshakes' still finds it good, and nobody was idle for so long.
        server.turn_clock(Duration::from_secs(660));
        is_cut(&open, Instant::now()).await;
        assert_eq!(me(&server, &tls, &bearer).await, NO);
        assert_eq!(coming_in(&server, &tls, "visiting_nurse").await, NO);
        let ends = async || Rows::of(&server).await.audit_of("sessions.certificate_end").await.len();
        until("its end is in the audit", PATIENCE, async || (ends().await == 1).then_some(())).await;
        assert!(nurse.is_signed_in().await, "who came in without one stays");
    }
}

promise! {
    async fn what_is_done_with_devices_is_in_the_audit(engine: Engine) {
        let server = Server::start(engine).await;
        let (nurse, admin) = (server.person("visiting_nurse").await, server.person("office_admin").await);
        let tablet = device(&nurse, &admin).await;
        let made = issued(&admin, tablet).await;
        let foreign = RegisterCertificate { device: tablet, certificate: Outside::new().issue(|_| {}).certificate };
        let revoke = RevokeCertificate { fingerprint: made.fingerprint, reason: "かなりあ".to_owned() };
        for command in [
            Command::RegisterCertificate(foreign),
            Command::RevokeCertificate(revoke),
            Command::StopDevices(which(&[tablet])),
            Command::ReleaseDevices(which(&[tablet])),
            Command::RetireDevices(which(&[tablet])),
        ] {
            let _: serde_json::Value = admin.ask(&command).await.expect("done");
        }
        let mut rows = Rows::of(&server).await;
        // Of two certificates one was revoked by its admin, the other with the device.
        for (act, times) in [
            ("devices.register", 1),
            ("devices.approve", 1),
            ("devices.issue_certificate", 1),
            ("devices.register_certificate", 1),
            ("devices.revoke_certificate", 2),
            ("devices.stop", 1),
            ("devices.release", 1),
            ("devices.retire", 1),
        ] {
            assert_eq!(rows.audit_of(act).await.len(), times, "{act}");
        }
        let written = rows.audit().await;
        assert!(written.iter().all(|row| !format!("{row:?}").contains("かなりあ")));
    }
}
