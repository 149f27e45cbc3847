//! Whoever is shut out hears nothing from then on, and nothing more is done in her name (T24).

use crate::audit::verifies;
use crate::devices::{self, FLOOR, Outside};
use crate::harness::{
    Engine, Link, Person, Rows, Server, SignInSheet, confirmed, draft, fresh_group, promise,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AccountState, AffiliationId, ChangePassword, Command, DeviceId, Done, EndRole, Event, HowMany,
    IncidentId, IncidentKind, IncidentList, Me, Nothing, ReportMine, Role, RoomId, SecureAct, SecureIncident,
    SessionList, SetState, SignedIn, TokenIn, WhichSession,
};
use uuid::Uuid;

/// How somebody is shut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Her other device ends this session.
    Ended,
    /// Her other device ends all but its own.
    OthersEnded,
    /// She leaves.
    SignedOut,
    Suspended,
    Restricted,
    /// The device with the certificate that she came with is stopped.
    DeviceStopped,
    /// An admin secures her account after a report.
    Secured,
    /// A role that she had ends.
    RoleEnded,
    /// Her other device changes the password.
    PasswordChanged,
}

const WAYS: [Way; 8] = [
    Way::Ended,
    Way::OthersEnded,
    Way::SignedOut,
    Way::Suspended,
    Way::Restricted,
    Way::DeviceStopped,
    Way::Secured,
    Way::RoleEnded,
];

impl Way {
    /// Each in its turn; a new password, which is hashed and compared with earlier ones, once in 25.
    fn of(round: usize) -> Self {
        if round % 25 == 24 { Self::PasswordChanged } else { WAYS[round % WAYS.len()] }
    }

    /// What the audit calls it.
    fn act(self) -> &'static str {
        match self {
            Self::Ended => "sessions.end",
            Self::OthersEnded => "sessions.end_others",
            Self::SignedOut => "accounts.sign_out",
            Self::Suspended => "accounts.suspend",
            Self::Restricted => "accounts.restrict",
            Self::DeviceStopped => "devices.stop",
            Self::Secured => "incidents.secure",
            Self::RoleEnded => "roles.end",
            Self::PasswordChanged => "accounts.change_password",
        }
    }

    fn rounds(engine: Engine) -> usize {
        match engine {
            Engine::Sqlite => 500,
            Engine::Postgres => 100,
        }
    }
}

/// Who is shut out in a round, on the door she came by.
enum Victim<'a> {
    Main(Box<Person<'a>>),
    Certificates(String),
}

/// Everything that the rounds share.
struct World<'a> {
    server: &'a Server,
    room: RoomId,
    author: Person<'a>,
    admin: Person<'a>,
    colleague: SignInSheet,
    /// Where the colleague works.
    place: AffiliationId,
    physician: Person<'a>,
    /// Her own session, and the password of the moment.
    pharmacist: Person<'a>,
    password: String,
    tablet: DeviceId,
    /// About the colleague.
    incident: IncidentId,
    identity: Arc<rustls::ClientConfig>,
}

impl<'a> World<'a> {
    async fn of(server: &'a Server) -> Self {
        let admin = server.person_anew("office_admin").await;
        let colleague = crate::administering::colleague(server, &admin).await;
        let mut others = vec!["physician", "pharmacist", "visiting_nurse"];
        // She may be the nurse.
        others.extend((server.sheet(&colleague).role != "visiting_nurse").then_some(colleague.as_str()));
        let group = fresh_group(server, &others).await;
        let (tablet, identity) = devices::nurses_tablet(server).await;
        let incident = incident_about(server, &admin, &colleague).await;
        Self {
            server,
            incident,
            room: group.room,
            author: server.person("office_admin").await,
            admin,
            place: server.person_anew(&colleague).await.me.affiliations[0].id,
            colleague: server.sheet(&colleague).clone(),
            physician: server.person_anew("physician").await,
            pharmacist: server.person_anew("pharmacist").await,
            password: server.sheet("pharmacist").password.clone(),
            tablet,
            identity,
        }
    }

    /// Somebody comes in, to be shut out.
    async fn comes(&self, way: Way) -> (Victim<'a>, Link) {
        let who = match way {
            Way::Ended | Way::OthersEnded | Way::SignedOut => self.server.sheet("physician").clone(),
            Way::RoleEnded => {
                Rows::of(self.server).await.make_admin(self.place.0).await;
                self.colleague.clone()
            }
            Way::Suspended | Way::Restricted | Way::Secured => self.colleague.clone(),
            Way::PasswordChanged => {
                SignInSheet { password: self.password.clone(), ..self.server.sheet("pharmacist").clone() }
            }
            Way::DeviceStopped => {
                let token = devices::token(self.server, &self.identity, "visiting_nurse").await;
                let link = devices::link(self.server, &self.identity, &token).await;
                return (Victim::Certificates(token), link);
            }
        };
        let her = Person::sign_in(self.server, &who).await;
        let link = her.link().await;
        (Victim::Main(Box::new(her)), link)
    }

    /// She is shut out; when this is back, the answer has come.
    async fn shut_out(&mut self, way: Way, victim: &Victim<'_>) {
        let account = || match victim {
            Victim::Main(her) => her.me.account,
            Victim::Certificates(_) => unreachable!("asked at the main door only"),
        };
        match way {
            Way::Ended => {
                let Victim::Main(her) = victim else { unreachable!("at the main door") };
                let seen: SessionList = her.ask(&Command::ListSessions(Nothing {})).await.expect("a list");
                let session = seen.sessions.iter().find(|seen| seen.is_this).expect("its own").session;
                let end = Command::EndSession(WhichSession { session });
                let _: Done = self.physician.ask(&end).await.expect("ended");
            }
            Way::OthersEnded => {
                let end = Command::EndOtherSessions(Nothing {});
                let _: Done = self.physician.ask(&end).await.expect("ended");
            }
            Way::SignedOut => {
                let Victim::Main(her) = victim else { unreachable!("at the main door") };
                let _: Done = her.ask(&Command::SignOut(Nothing {})).await.expect("signed out");
            }
            Way::Suspended => self.set(account(), AccountState::Suspended).await,
            Way::Restricted => self.set(account(), AccountState::Restricted).await,
            Way::DeviceStopped => {
                let stop = Command::StopDevices(devices::which(&[self.tablet]));
                let _: HowMany = self.admin.ask(&stop).await.expect("stopped");
            }
            Way::Secured => {
                let ask = SecureIncident {
                    incident: self.incident,
                    acts: vec![SecureAct::EndSessions],
                    devices: Vec::new(),
                    reason: "試し".to_owned(),
                };
                let _: Done = self.admin.ask(&Command::SecureIncident(ask)).await.expect("secured");
            }
            Way::RoleEnded => {
                let (affiliation, role) = (self.place, Role::OfficeAdmin);
                let end = EndRole { affiliation, role, reason: "試し".to_owned() };
                let _: Done = self.admin.ask(&Command::EndRole(end)).await.expect("ended");
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
        }
    }

    async fn set(&self, account: AccountId, state: AccountState) {
        let set = Command::SetState(SetState { account, state, reason: "試し".to_owned() });
        let _: Done = self.admin.ask(&set).await.expect("set");
    }

    /// What follows, so that the next round finds everything as it was.
    async fn restore(&self, way: Way, victim: &Victim<'_>) {
        match (way, victim) {
            (Way::Suspended | Way::Restricted, Victim::Main(her)) => {
                self.set(her.me.account, AccountState::Active).await;
            }
            (Way::DeviceStopped, _) => {
                let release = Command::ReleaseDevices(devices::which(&[self.tablet]));
                let _: HowMany = self.admin.ask(&release).await.expect("released");
            }
            _ => {}
        }
    }

    /// What she is told when she asks.
    async fn code(&self, victim: &Victim<'_>) -> String {
        match victim {
            Victim::Main(her) => {
                her.ask::<Me>(&Command::Me(Nothing {})).await.err().map_or("ok".to_owned(), |no| no.code)
            }
            Victim::Certificates(token) => devices::me(self.server, &self.identity, token).await,
        }
    }

    /// One round: the posts that reached her.
    async fn round(&mut self, round: usize, way: Way) -> Round {
        let (victim, mut link) = self.comes(way).await;
        let drafts: Vec<_> = (0..5).map(|n| draft(self.room, &format!("{round}-{n}"))).collect();
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
        link.posted(first.draft.post).await;
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
        assert_eq!(link.closed().await.code, Some(4420), "{way:?}");
        let mut heard = vec![first.draft.post.0];
        while let Some(event) = link.event_or_end().await {
            if let Event::Posted { post, .. } = event {
                assert_ne!(post.id, late.draft.post, "{way:?}: what was said after the answer reached her");
                heard.push(post.id.0);
            }
        }
        self.restore(way, &victim).await;
        Round { way, heard }
    }
}

/// Trouble that a colleague of the admin has reported.
async fn incident_about(server: &Server, admin: &Person<'_>, colleague: &str) -> IncidentId {
    let text = Some("画面が出ない".to_owned());
    let trouble = ReportMine { kind: IncidentKind::Trouble, device: None, text };
    let her = server.person_anew(colleague).await;
    let _: Done = her.ask(&Command::ReportMine(trouble)).await.expect("taken");
    let all: IncidentList = admin.ask(&Command::ListIncidents(Nothing {})).await.expect("a list");
    all.incidents.first().expect("hers").id
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

promise! {
    async fn nothing_that_was_committed_after_it_reaches_who_is_shut_out_by_whatever_way(engine: Engine) {
        let outside = Outside::new();
        let server = Server::start_with_certificates(engine, FLOOR, &outside.pem()).await;
        let mut world = World::of(&server).await;
        let mut rounds = Vec::new();
        for n in 0..Way::rounds(engine) {
            if n % 50 == 49 {
                // What she does to accounts wants a proof that is not too old.
                world.admin = server.person_anew("office_admin").await;
            }
            rounds.push(world.round(n, Way::of(n)).await);
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
