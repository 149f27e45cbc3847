//! Whoever is shut out hears nothing from then on, and nothing more is done in her name (T24).

mod ways;

use crate::audit::verifies;
use crate::bound_devices::link_of;
use crate::devices::{self, FLOOR, Outside, with};
use crate::harness::{
    Engine, Folder, Link, PATIENCE, Person, PostOffice, Rows, Server, Setup, SignInSheet, confirmed, draft,
    free_port, fresh_group, new_id, promise, until,
};
use crate::sharing::{Desk, line, share};
use crate::staff::{comes_in, newcomer, office_of};
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AccountState, ChangePassword, ChangeRoster, CloseAccount, Command, CreateFree, DeviceId,
    DeviceList, EndAffiliation, Event, Me, Nothing, OpenRecovery, RegisterCertificate, ReportLossMine, Reset,
    RevokeCertificate, RoomId, RoomMade, SessionList, SetState, SignedIn, TokenIn, WhichRecovery, WhichRoom,
    WhichSession,
};
use uuid::Uuid;
use ways::Way;

/// Who is shut out in a round, on the door she came by, and the room in which she listens.
struct Victim<'a> {
    who: Came<'a>,
    room: RoomId,
    link: Link,
}

enum Came<'a> {
    Main(Box<Person<'a>>),
    Certificate(Box<WithDevice>),
}

/// What somebody came with at the door for certificates.
struct WithDevice {
    token: String,
    device: DeviceId,
    /// Of a certificate that was bound for this round.
    fingerprint: Option<String>,
    identity: Arc<rustls::ClientConfig>,
}

impl<'a> Victim<'a> {
    fn person(&self) -> &Person<'a> {
        match &self.who {
            Came::Main(her) => her,
            Came::Certificate(_) => unreachable!("asked at the main door only"),
        }
    }

    fn with(&self) -> &WithDevice {
        match &self.who {
            Came::Certificate(with) => with,
            Came::Main(_) => unreachable!("asked at the door for certificates only"),
        }
    }
}

/// A client, and the fingerprint of its certificate where that was bound for it.
type Certified = (Option<String>, Arc<rustls::ClientConfig>);

/// Everything that the rounds share.
struct World<'a> {
    server: &'a Server,
    mail: &'a PostOffice,
    outside: &'a Outside,
    room: RoomId,
    author: Person<'a>,
    admin: Person<'a>,
    second: Person<'a>,
    colleague: SignInSheet,
    physician: Person<'a>,
    nurse: Person<'a>,
    /// Her own session, and the password of the moment.
    pharmacist: Person<'a>,
    password: String,
    tablet: DeviceId,
    identity: Arc<rustls::ClientConfig>,
}

impl<'a> World<'a> {
    async fn of(server: &'a Server, mail: &'a PostOffice, outside: &'a Outside) -> Self {
        let admin = server.person_anew("office_admin").await;
        let colleague = crate::administering::colleague(server, &admin).await;
        let mut others = vec!["physician", "pharmacist", "visiting_nurse"];
        // She may be the nurse.
        others.extend((server.sheet(&colleague).role != "visiting_nurse").then_some(colleague.as_str()));
        let group = fresh_group(server, &others).await;
        let (tablet, identity) = devices::nurses_tablet(server).await;
        let second = comes_in(server, mail, &admin, "second@new.example").await;
        Rows::of(server).await.make_admin(second.me.affiliations[0].id.0).await;
        Self {
            server,
            mail,
            outside,
            room: group.room,
            author: server.person("office_admin").await,
            admin,
            second,
            colleague: server.sheet(&colleague).clone(),
            physician: server.person_anew("physician").await,
            nurse: server.person("visiting_nurse").await,
            pharmacist: server.person_anew("pharmacist").await,
            password: server.sheet("pharmacist").password.clone(),
            tablet,
            identity,
        }
    }

    fn pharmacists_sheet(&self) -> SignInSheet {
        SignInSheet { password: self.password.clone(), ..self.server.sheet("pharmacist").clone() }
    }

    /// Somebody comes in, to be shut out.
    async fn comes(&self, round: usize, way: Way) -> Victim<'a> {
        let (her, room) = match way {
            Way::Ended | Way::OthersEnded | Way::SignedOut => {
                (Person::sign_in(self.server, self.server.sheet("physician")).await, self.room)
            }
            Way::Suspended | Way::Restricted => {
                (Person::sign_in(self.server, &self.colleague).await, self.room)
            }
            Way::PasswordChanged | Way::PasswordReset | Way::LossReported => {
                (Person::sign_in(self.server, &self.pharmacists_sheet()).await, self.room)
            }
            Way::DeviceStopped => {
                return self.comes_with(self.tablet, (None, self.identity.clone())).await;
            }
            Way::DeviceRetired => {
                let phone = devices::device(&self.nurse, &self.admin).await;
                return self.comes_with(phone, self.certified(phone).await).await;
            }
            Way::CertificateRevoked => {
                return self.comes_with(self.tablet, self.certified(self.tablet).await).await;
            }
            Way::FactorsGivenUp | Way::PlaceEnded | Way::Closed => {
                let email = format!("new-{round}@new.example");
                let her = comes_in(self.server, self.mail, &self.admin, &email).await;
                let room = self.room_with(&her).await;
                (her, room)
            }
            Way::RosterChanged => {
                let her = self.one_of_a_roster(&format!("desk-{round}@new.example")).await;
                let room = self.room_with(&her).await;
                (her, room)
            }
        };
        if way == Way::FactorsGivenUp {
            crate::passkeys::register(&her).await;
        }
        let link = her.link().await;
        Victim { who: Came::Main(Box::new(her)), room, link }
    }

    async fn comes_with(&self, device: DeviceId, (fingerprint, identity): Certified) -> Victim<'a> {
        let token = devices::token(self.server, &identity, "visiting_nurse").await;
        let link = devices::link(self.server, &identity, &token).await;
        let with = WithDevice { token, device, fingerprint, identity };
        Victim { who: Came::Certificate(Box::new(with)), room: self.room, link }
    }

    /// A client with a certificate of its own for that device.
    async fn certified(&self, device: DeviceId) -> Certified {
        let before = self.certificates(device).await;
        let identity = self.outside.issue(|_| {});
        let bind = RegisterCertificate { device, certificate: identity.certificate.clone() };
        did(&self.admin, Command::RegisterCertificate(bind)).await;
        let new = self.certificates(device).await.into_iter().find(|one| !before.contains(one));
        (new, devices::client(self.server, Some(&identity)))
    }

    async fn certificates(&self, device: DeviceId) -> Vec<String> {
        let ledger: DeviceList = self.admin.ask(&Command::ListDevices(Nothing {})).await.expect("a list");
        let device = ledger.devices.into_iter().find(|one| one.id == device).expect("it stands there");
        device.certificates.into_iter().map(|one| one.fingerprint).collect()
    }

    /// A room in which she listens to the author.
    async fn room_with(&self, her: &Person<'_>) -> RoomId {
        Rows::of(self.server).await.meet(her.me.account.0, self.author.me.account.0).await;
        let room = RoomId(new_id());
        let invite = vec![her.me.account];
        let make = CreateFree { room, title: "試し".into(), aim: "試し".into(), invite };
        let _: RoomMade = self.author.ask(&Command::CreateFree(make)).await.expect("made");
        let _: RoomMade = her.ask(&Command::Accept(WhichRoom { room })).await.expect("joined");
        room
    }

    /// Somebody who acts for an account that two share.
    async fn one_of_a_roster(&self, email: &str) -> Person<'a> {
        let ask = newcomer(office_of(&self.admin.me), email);
        let account = ask.account;
        did(&self.admin, Command::RegisterStaff(ask)).await;
        let people = [line("山田 花子", "やまだ はなこ"), line("佐藤 次郎", "さとう じろう")];
        did(&self.admin, share(account, self.admin.me.account, &people)).await;
        let mail = until("the link arrives", PATIENCE, async || {
            self.mail.mails().into_iter().filter(|mail| mail.to == [email]).nth(1)
        })
        .await;
        let mut desk = Desk::enter_by(self.server, email, mail.token(), &new_password()).await;
        desk.act_as(people[0].id).await
    }

    /// She is shut out; when this is back, the answer has come.
    async fn shut_out(&mut self, way: Way, victim: &Victim<'_>) {
        let account = || victim.person().me.account;
        let reason = || "試し".to_owned();
        match way {
            Way::Ended => {
                let seen: SessionList =
                    victim.person().ask(&Command::ListSessions(Nothing {})).await.expect("a list");
                let session = seen.sessions.iter().find(|seen| seen.is_this).expect("its own").session;
                did(&self.physician, Command::EndSession(WhichSession { session })).await;
            }
            Way::OthersEnded => did(&self.physician, Command::EndOtherSessions(Nothing {})).await,
            Way::SignedOut => did(victim.person(), Command::SignOut(Nothing {})).await,
            Way::Suspended => self.set(account(), AccountState::Suspended).await,
            Way::Restricted => self.set(account(), AccountState::Restricted).await,
            Way::DeviceStopped => {
                did(&self.admin, Command::StopDevices(devices::which(&[victim.with().device]))).await;
            }
            Way::DeviceRetired => {
                did(&self.admin, Command::RetireDevices(devices::which(&[victim.with().device]))).await;
            }
            Way::CertificateRevoked => {
                let fingerprint = victim.with().fingerprint.clone().expect("one of its own");
                let revoke = RevokeCertificate { fingerprint, reason: reason() };
                did(&self.admin, Command::RevokeCertificate(revoke)).await;
            }
            Way::PasswordChanged => {
                let new = new_password();
                let current = std::mem::replace(&mut self.password, new.clone());
                let change = ChangePassword { current, new, token_in: TokenIn::Body };
                let changed: SignedIn =
                    self.pharmacist.ask(&Command::ChangePassword(change)).await.expect("changed");
                self.pharmacist =
                    Person::with_token(self.server, &changed.token.expect("a token in the body")).await;
            }
            Way::PasswordReset => {
                self.password = new_password();
                let link = link_of(self.server, &self.server.sheet("pharmacist").email);
                let reset = Command::Reset(Reset { link, password: self.password.clone() });
                did(&self.pharmacist, reset).await;
            }
            Way::LossReported => {
                did(victim.person(), Command::ReportLossMine(ReportLossMine { device: None })).await;
            }
            Way::FactorsGivenUp => {
                let open = OpenRecovery { account: account(), reason: reason() };
                let case: WhichRecovery = self.admin.ask(&Command::OpenRecovery(open)).await.expect("opened");
                did(&self.second, Command::ApproveRecovery(case)).await;
            }
            Way::PlaceEnded => {
                let affiliation = victim.person().me.affiliations[0].id;
                let end = EndAffiliation { affiliation, reason: reason() };
                did(&self.admin, Command::EndAffiliation(end)).await;
            }
            Way::Closed => {
                let close = CloseAccount { account: account(), password: crate::staff::NEW.to_owned() };
                did(victim.person(), Command::CloseAccount(close)).await;
            }
            Way::RosterChanged => {
                let add = vec![line("鈴木 三郎", "すずき さぶろう")];
                let change = ChangeRoster { account: account(), add, remove: Vec::new(), reason: reason() };
                did(&self.admin, Command::ChangeRoster(change)).await;
            }
        }
    }

    async fn set(&self, account: AccountId, state: AccountState) {
        did(&self.admin, Command::SetState(SetState { account, state, reason: "試し".to_owned() })).await;
    }

    /// What follows, so that the next round finds everything as it was.
    async fn restore(&mut self, way: Way, victim: &Victim<'_>) {
        match way {
            Way::Suspended | Way::Restricted => {
                self.set(victim.person().me.account, AccountState::Active).await;
            }
            Way::DeviceStopped => {
                did(&self.admin, Command::ReleaseDevices(devices::which(&[self.tablet]))).await;
            }
            Way::PasswordReset => {
                self.pharmacist = Person::sign_in(self.server, &self.pharmacists_sheet()).await;
            }
            Way::LossReported => {
                self.pharmacist = Person::sign_in(self.server, &self.pharmacists_sheet()).await;
                self.shut_out(Way::PasswordChanged, victim).await;
            }
            _ => {}
        }
    }

    /// What she is told when she asks.
    async fn code(&self, victim: &Victim<'_>) -> String {
        match &victim.who {
            Came::Main(her) => {
                her.ask::<Me>(&Command::Me(Nothing {})).await.err().map_or("ok".to_owned(), |no| no.code)
            }
            Came::Certificate(with) => devices::me(self.server, &with.identity, &with.token).await,
        }
    }

    /// One round: the posts that reached her.
    async fn round(&mut self, round: usize, way: Way) -> Round {
        let mut victim = self.comes(round, way).await;
        let drafts: Vec<_> = (0..5).map(|n| draft(victim.room, &format!("{round}-{n}"))).collect();
        let mut tokens = Vec::new();
        for draft in &drafts {
            tokens.push(self.author.preview(draft).await.expect("a preview").token);
        }
        let posts: Vec<_> =
            drafts.iter().zip(&tokens).map(|(draft, token)| confirmed(draft, Some(token))).collect();
        let (first, rest) = posts.split_first().expect("five");
        let (late, busy) = rest.split_last().expect("four");
        let author = self.author.twin();
        let _: tsumugi_protocol::Sent = author.ask(&Command::Send(first.clone())).await.expect("a post");
        victim.link.posted(first.draft.post).await;
        let posting = async {
            for post in busy {
                let _: tsumugi_protocol::Sent =
                    author.ask(&Command::Send(post.clone())).await.expect("a post");
            }
        };
        tokio::join!(posting, self.shut_out(way, &victim));
        let code = self.code(&victim).await;
        assert!(["signed_out", "device_stopped"].contains(&code.as_str()), "{way:?}: {code}");
        let _: tsumugi_protocol::Sent = author.ask(&Command::Send(late.clone())).await.expect("a post");
        assert_eq!(victim.link.closed().await.code, Some(4420), "{way:?}");
        let mut heard = vec![first.draft.post.0];
        while let Some(event) = victim.link.event_or_end().await {
            if let Event::Posted { post, .. } = event {
                assert_ne!(post.id, late.draft.post, "{way:?}: what was said after the answer reached her");
                heard.push(post.id.0);
            }
        }
        self.restore(way, &victim).await;
        Round { way, heard }
    }
}

/// Somebody does something that the server grants.
async fn did(who: &Person<'_>, command: Command) {
    let _: serde_json::Value = who.ask(&command).await.expect("done");
}

/// One that is neither guessable nor like an earlier one: no neighbours on a keyboard, no runs, every class.
fn new_password() -> String {
    let letters = |set: &[u8; 5], byte: &u8| char::from(set[usize::from(byte % 5)]);
    let chance = Uuid::new_v4().into_bytes();
    chance
        .chunks(2)
        .flat_map(|two| [letters(b"qzpT5", &two[0]), letters(b"mB9hJ", &two[1])])
        .chain("-T9q".chars())
        .collect()
}

/// What a round left.
struct Round {
    way: Way,
    /// Posts that reached her, the first one from before.
    heard: Vec<Uuid>,
}

/// A server with a door for certificates that sends mail, in a region where accounts may be shared.
async fn region(engine: Engine, mail: &PostOffice, outside: &Outside) -> Server {
    let folder = Folder::new("server");
    let (rules, ca) = (folder.path().join("profile.toml"), folder.path().join("outside.pem"));
    fs::write(&rules, with(FLOOR, "shared_account", "\"discouraged\"")).expect("a file");
    fs::write(&ca, outside.pem()).expect("a file");
    let setup = Setup {
        certificates: Some((free_port(), ca)),
        profile: Some(rules),
        environment: mail.settings(),
        ..Setup::new(engine, folder.path(), true).await
    };
    Server::of(setup, folder)
}

promise! {
    async fn nothing_that_was_committed_after_it_reaches_who_is_shut_out_by_whatever_way(engine: Engine) {
        let (outside, mail) = (Outside::new(), PostOffice::open());
        let server = region(engine, &mail, &outside).await;
        let mut world = World::of(&server, &mail, &outside).await;
        let mut rounds = Vec::new();
        for (n, way) in Way::rounds(engine).into_iter().enumerate() {
            rounds.push(world.round(n, way).await);
        }
        // The order of commits is that of the audit: what reached her lies before what shut her out.
        let acts = Rows::of(&server).await.acts().await;
        let posts = acts.iter().enumerate().filter(|(_, (act, _))| act == "posts.send");
        let place: BTreeMap<Uuid, usize> = posts.filter_map(|(at, (_, subject))| Some((subject.as_ref().copied()?, at))).collect();
        let (mut before, mut busy) = (0, 0);
        for (n, round) in rounds.iter().enumerate() {
            let first = place[&round.heard[0]];
            let shut_out = first + acts[first..].iter().position(|(act, _)| act == round.way.act()).expect("it is written down");
            for post in &round.heard {
                assert!(place[post] < shut_out, "round {n}, {:?}: a post of {} after {shut_out}", round.way, place[post]);
            }
            before += round.heard.len() - 1;
            busy += acts[first..shut_out].iter().filter(|(act, _)| act == "posts.send").count() - 1;
        }
        println!("{} shut out; of {busy} posts committed just before, {before} reached them, and none from after", rounds.len());
        verifies(&server).await;
    }
}
