//! An operator's errands: what the command line asks of a data folder. The server that runs on the folder carries them
//! out, or, when none does, the command line itself (`operator.rs`); the code is the same.

use super::account::{first_link, handed_link};
use super::start::store_config;
use super::{role, roster, sentence, verification};
use crate::accounts::store::AccountRow;
use crate::accounts::{self, AccountBody, CaseDays, LinkPurpose};
use crate::app::App;
use crate::audit::Entry;
use crate::backups::{self, Made, Places};
use crate::config::Config;
use crate::crypto::device_authority::Fingerprint;
use crate::devices::{self, Turning};
use crate::error::Result as Answer;
use crate::import::{self, Flaws, WaysIn, World};
use crate::offices;
use crate::pledges;
use crate::sessions;
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tsumugi_protocol::{
    AccountId, AccountState, CertifyKey, DeviceId, GovernanceRole, ImportMode, IssueCertificate, Millis,
    OfficeId, Role, Verdict,
};
use uuid::Uuid;

/// What is asked for, as one JSON line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Errand {
    /// A region from the text of its two files; first links for everybody who has no password yet, if wanted.
    Import {
        /// world.toml
        world: String,
        /// posts.jsonl
        posts: String,
        /// Whether links are made.
        links: bool,
    },
    /// A new link for one account: to the first sign-in or, where it has a password, to a new one.
    HandOutLink {
        /// Its e-mail address.
        email: String,
    },
    /// Lists the accounts.
    ListAccounts,
    /// Opens a locked sign-in.
    UnlockAccount {
        /// The account's e-mail address.
        email: String,
        /// Why.
        reason: String,
    },
    /// Keeps everybody out of an account.
    SuspendAccount {
        /// Its e-mail address.
        email: String,
        /// Why.
        reason: String,
    },
    /// Lets a suspended or restricted account be used again.
    RestoreAccount {
        /// Its e-mail address.
        email: String,
        /// Why.
        reason: String,
    },
    /// Closes an account for good.
    CloseAccount {
        /// Its e-mail address.
        email: String,
        /// The enquiry.
        reason: String,
    },
    /// Lets an administrator close an account in its holder's stead.
    OpenSupportCase {
        /// The account's e-mail address.
        email: String,
        /// What was asked, and by whom.
        enquiry: String,
        /// Whose administrators may close it; without it, the only office she works for.
        office: Option<Uuid>,
        /// For how many days; without them, for as long as is usual.
        days: Option<u32>,
    },
    /// Lists what waits to be verified.
    ListVerifications,
    /// Decides about a verification.
    DecideVerification {
        /// Which.
        verification: Uuid,
        /// What.
        verdict: Verdict,
        /// Why.
        reason: String,
    },
    /// Lists who holds which role.
    ListRoles,
    /// Offers somebody a role, or writes the head of an office down.
    GrantRole {
        /// The account's e-mail address.
        email: String,
        /// Which role.
        role: Role,
        /// With which of its places, where it has several.
        place: Option<Uuid>,
        /// The day on which it was explained.
        explained_on: Option<String>,
        /// Which duty of the guideline she holds.
        holds: Option<GovernanceRole>,
    },
    /// Ends a role.
    EndRole {
        /// The account's e-mail address.
        email: String,
        /// Which role.
        role: Role,
        /// With which of its places, where it has several.
        place: Option<Uuid>,
        /// Why.
        reason: String,
    },
    /// Registers the people of a list.
    ImportRoster {
        /// For which office.
        office: Uuid,
        /// The file's text.
        csv: String,
        /// What is done with it.
        mode: ImportMode,
    },
    /// Lists the ledger of devices.
    ListDevices,
    /// Takes a device out of use.
    StopDevice {
        /// Which.
        device: Uuid,
        /// Why.
        reason: String,
    },
    /// Puts a stopped device back to where it stood.
    ReleaseDevice {
        /// Which.
        device: Uuid,
        /// Why.
        reason: String,
    },
    /// Gives a device up.
    RetireDevice {
        /// Which.
        device: Uuid,
        /// Why.
        reason: String,
    },
    /// Issues a certificate for a device.
    IssueCertificate {
        /// Which.
        device: Uuid,
        /// Whether the file is closed the old way.
        legacy: bool,
    },
    /// Issues a certificate for a key that a device made itself.
    CertifyKey {
        /// Which device.
        device: Uuid,
        /// The request (PEM).
        request: String,
    },
    /// Revokes a certificate.
    RevokeCertificate {
        /// Its SHA-256.
        fingerprint: String,
        /// Why.
        reason: String,
    },
    /// The list of revoked certificates.
    RevocationList,
    /// Makes a backup.
    Backup {
        /// The folder it goes to.
        to: String,
    },
    /// Moves a demo's clock on, as if so much time had gone by.
    TurnClock {
        /// Seconds.
        seconds: u64,
    },
}

/// What is told while it is carried out, a JSON line each; the last one is `done` or `failed`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// Posts that are through, of how many.
    Progress {
        /// So far.
        done: u64,
        /// In all.
        of: u64,
    },
    /// A sentence for whoever asked.
    Line {
        /// The sentence.
        text: String,
    },
    /// One of the things that are wrong.
    Wrong {
        /// Where and what.
        text: String,
    },
    /// A first link to hand on.
    Link(Link),
    /// A certificate that was issued, for whoever keeps it.
    Certificate {
        /// The file, in base64.
        pkcs12: String,
        /// What opens it.
        passphrase: String,
        /// By which it is recognised.
        fingerprint: String,
    },
    /// A certificate for a key that was made elsewhere.
    Certified {
        /// The certificate (PEM).
        certificate: String,
        /// By which it is recognised.
        fingerprint: String,
    },
    /// A link to a new password, to hand on.
    ResetLink(Link),
    /// How many people still have no sign-in.
    Waiting {
        /// People.
        people: usize,
    },
    /// Carried out.
    Done,
    /// Not carried out.
    Failed {
        /// Why, in one sentence.
        why: String,
    },
}

/// A link, as it is written for whoever hands it on.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Whose.
    pub name: String,
    /// Her address.
    pub email: String,
    /// Where her browser goes.
    pub link: String,
}

/// Where an errand's words go.
pub struct Ear(pub Sender<Told>);

impl Ear {
    pub(super) async fn tell(&self, told: Told) -> Result<(), String> {
        self.0.send(told).await.map_err(|_| "nobody listens any more".to_owned())
    }

    /// A sentence for whoever asked.
    pub(super) async fn line(&self, text: impl Into<String>) -> Result<(), String> {
        self.tell(Told::Line { text: text.into() }).await
    }

    /// Progress may be skipped: the next one says more.
    pub(super) fn progress(&self, done: u64, of: u64) {
        self.0.try_send(Told::Progress { done, of }).ok();
    }
}

impl Errand {
    fn act(&self) -> &'static str {
        match self {
            Self::Import { .. } => "operator.import",
            Self::HandOutLink { .. } => "operator.hand_out_link",
            Self::ListAccounts => "operator.list_accounts",
            Self::UnlockAccount { .. } => "operator.unlock_account",
            Self::SuspendAccount { .. } => "operator.suspend_account",
            Self::RestoreAccount { .. } => "operator.restore_account",
            Self::CloseAccount { .. } => "operator.close_account",
            Self::OpenSupportCase { .. } => "operator.open_support_case",
            Self::ListVerifications => "operator.list_verifications",
            Self::DecideVerification { .. } => "operator.decide_verification",
            Self::ListRoles => "operator.list_roles",
            Self::GrantRole { .. } => "operator.grant_role",
            Self::EndRole { .. } => "operator.end_role",
            Self::ImportRoster { .. } => "operator.import_roster",
            Self::ListDevices => "operator.list_devices",
            Self::StopDevice { .. } => "operator.stop_device",
            Self::ReleaseDevice { .. } => "operator.release_device",
            Self::RetireDevice { .. } => "operator.retire_device",
            Self::IssueCertificate { .. } => "operator.issue_certificate",
            Self::CertifyKey { .. } => "operator.certify_key",
            Self::RevokeCertificate { .. } => "operator.revoke_certificate",
            Self::RevocationList => "operator.revocation_list",
            Self::Backup { .. } => "operator.backup",
            Self::TurnClock { .. } => "operator.turn_clock",
        }
    }

    /// Carries it out for a person of this machine, known by her user id.
    ///
    /// # Errors
    /// One sentence; what was carried out before it stands.
    pub async fn run(self, app: &App, config: &Config, operator: u32, ear: &Ear) -> Result<(), String> {
        record(app, self.act(), operator).await.map_err(sentence)?;
        match self {
            Self::Import { world, posts, links } => bring_in(app, config, (world, posts), links, ear).await,
            Self::HandOutLink { email } => hand_out(app, config, &email, ear).await,
            Self::ListAccounts => list_accounts(app, ear).await,
            Self::UnlockAccount { email, reason } => unlock(app, &email, &reason).await,
            Self::SuspendAccount { email, reason } => {
                set_state(app, &email, AccountState::Suspended, &reason).await
            }
            Self::RestoreAccount { email, reason } => {
                set_state(app, &email, AccountState::Active, &reason).await
            }
            Self::CloseAccount { email, reason } => {
                let account = found(app, &email).await?.id;
                accounts::close_as_operator(app, account, &reason).await.map_err(sentence)
            }
            Self::OpenSupportCase { email, enquiry, office, days } => {
                open_case(app, (&email, &enquiry), office.map(OfficeId), days, ear).await
            }
            Self::ListVerifications => verification::list(app, ear).await,
            Self::DecideVerification { verification, verdict, reason } => {
                verification::decide(app, verification, verdict, &reason).await
            }
            Self::ListRoles => role::list(app, ear).await,
            Self::GrantRole { email, role, place, explained_on, holds } => {
                let account = found(app, &email).await?.id;
                role::grant(app, (account, place), role, (explained_on, holds), ear).await
            }
            Self::EndRole { email, role, place, reason } => {
                let account = found(app, &email).await?.id;
                role::end(app, (account, place), role, &reason).await
            }
            Self::ImportRoster { office, csv, mode } => {
                roster::bring_in(app, (OfficeId(office), &csv), mode, ear).await
            }
            Self::ListDevices => list_devices(app, ear).await,
            Self::StopDevice { device, reason } => turn_device(app, device, Turning::Stop, &reason).await,
            Self::ReleaseDevice { device, reason } => {
                turn_device(app, device, Turning::Release, &reason).await
            }
            Self::RetireDevice { device, reason } => turn_device(app, device, Turning::Retire, &reason).await,
            Self::IssueCertificate { device, legacy } => issue(app, device, legacy, ear).await,
            Self::CertifyKey { device, request } => certify(app, device, request, ear).await,
            Self::RevokeCertificate { fingerprint, reason } => revoke(app, &fingerprint, &reason).await,
            Self::RevocationList => {
                ear.line(devices::revocation_list(app).await.map_err(sentence)?.trim_end()).await
            }
            Self::Backup { to } => back_up(app, config, &to, ear).await,
            Self::TurnClock { seconds } if config.turnable_clock => {
                app.clock.advance(Duration::from_secs(seconds));
                // What follows from the hour now is done before anybody is told that it is late.
                sessions::end_overdue(app).await.map_err(sentence)?;
                accounts::forget_old_sign_ins(app).await.map_err(sentence)?;
                pledges::settle(app).await.map_err(sentence)?;
                offices::remind_of_leavers(app).await.map_err(sentence)
            }
            Self::TurnClock { .. } => {
                Err("only a demo that was started with --clock has one to turn".to_owned())
            }
        }
    }
}

async fn back_up(app: &App, config: &Config, to: &str, ear: &Ear) -> Result<(), String> {
    let places = Places::of(config, store_config(config));
    match backups::make(app, &places, Path::new(to)).await.map_err(sentence)? {
        Made::Whole(generation) => {
            ear.line(format!("the backup of {generation} is in {to}: rows in content-{generation}, keys in keys-{generation}"))
                .await?;
            ear.line(format!(
                "keep the keys, the master key and the newest {} apart from the rows",
                config.destroyed_list().display()
            ))
            .await
        }
        Made::Busy => Err("another backup is being made there".to_owned()),
    }
}

async fn list_accounts(app: &App, ear: &Ear) -> Result<(), String> {
    let row = |state: &str, lock: &str, second: &str, last: &str, email: &str| {
        format!("{state:<10}  {lock:<17}  {second:<13}  {last:<17}  {email}")
    };
    ear.line(row("STATE", "LOCKED UNTIL", "SECOND FACTOR", "LAST SIGN-IN", "E-MAIL")).await?;
    for seen in accounts::all(app).await.map_err(sentence)? {
        let lock = seen.locked_until.map_or("-".to_owned(), moment);
        let second = if seen.passkeys == 0 { "-" } else { "passkey" };
        let last = seen.last_sign_in.map_or("never".to_owned(), moment);
        let email = if seen.email.is_empty() { "-" } else { &seen.email };
        ear.line(row(seen.state.as_str(), &lock, second, &last, email)).await?;
    }
    Ok(())
}

async fn unlock(app: &App, email: &str, reason: &str) -> Result<(), String> {
    let account = found(app, email).await?.id;
    match accounts::unlock_as_operator(app, account, reason).await.map_err(sentence)? {
        true => Ok(()),
        false => Err("this sign-in is not locked".to_owned()),
    }
}

async fn set_state(app: &App, email: &str, state: AccountState, reason: &str) -> Result<(), String> {
    let account = found(app, email).await?.id;
    match accounts::set_state_as_operator(app, account, state, reason).await.map_err(sentence)? {
        true => Ok(()),
        false => Err(format!("the account is {} already", state.as_str())),
    }
}

async fn open_case(
    app: &App,
    (email, enquiry): (&str, &str),
    office: Option<OfficeId>,
    days: Option<u32>,
    ear: &Ear,
) -> Result<(), String> {
    let days = days.map_or(Some(CaseDays::USUAL), CaseDays::of);
    let days = days.ok_or_else(|| "a case stands for 1 to 30 days".to_owned())?;
    let account = found(app, email).await?.id;
    let offices = accounts::SupportCase::offices(app, account).await.map_err(sentence)?;
    let office = one_of(&offices, office)?;
    let about = (account, office);
    let until = accounts::open_support_case(app, about, enquiry, days).await.map_err(sentence)?;
    ear.line(format!("an administrator of the office may close this account until {}", moment(until))).await
}

/// The office that is meant: the one that is named, or the only one there is.
fn one_of(offices: &[(OfficeId, String)], named: Option<OfficeId>) -> Result<OfficeId, String> {
    match (offices, named) {
        ([], _) => Err("this account belongs to no office: close it with `account close`".to_owned()),
        (all, Some(named)) if all.iter().any(|(id, _)| *id == named) => Ok(named),
        ([(only, _)], None) => Ok(*only),
        (all, _) => {
            let list: Vec<String> = all.iter().map(|(id, name)| format!("{id} {name}")).collect();
            Err(format!("say for which office with --office: {}", list.join(", ")))
        }
    }
}

/// A moment, to the minute.
pub(super) fn moment(at: Millis) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(at) => at.strftime("%Y-%m-%dT%H:%MZ").to_string(),
        Err(_) => "-".to_owned(),
    }
}

/// The account of an address.
async fn found(app: &App, email: &str) -> Result<AccountRow, String> {
    let hash = AccountBody::found_by(app, email);
    let known = {
        let mut view = app.store.view().await.map_err(|error| error.to_string())?;
        let found = accounts::store::account_by_email(view.conn(), hash.as_bytes()).await;
        found.map_err(|error| error.to_string())?
    };
    known.ok_or_else(|| "no account of this folder has this e-mail address".to_owned())
}

async fn list_devices(app: &App, ear: &Ear) -> Result<(), String> {
    for device in devices::all(app).await.map_err(sentence)? {
        let (kind, owner, state) = (device.kind.as_str(), device.ownership.as_str(), device.state.as_str());
        ear.line(format!("{}  {state:<9} {kind:<9} {owner:<17} {}", device.id, device.name)).await?;
        for one in device.certificates {
            let state = if one.revoked { "revoked" } else { "stands" };
            ear.line(format!("    {}  {state}", one.fingerprint)).await?;
        }
    }
    Ok(())
}

async fn turn_device(app: &App, device: Uuid, turning: Turning, reason: &str) -> Result<(), String> {
    match devices::turn_as_operator(app, DeviceId(device), turning, reason).await.map_err(sentence)? {
        true => Ok(()),
        false => Err("the device is not in a state from which that leads anywhere".to_owned()),
    }
}

async fn issue(app: &App, device: Uuid, legacy: bool, ear: &Ear) -> Result<(), String> {
    let ask = IssueCertificate { device: DeviceId(device), legacy };
    let made = devices::issue_certificate(app, None, ask).await.map_err(sentence)?;
    let (pkcs12, passphrase, fingerprint) = (made.pkcs12, made.passphrase, made.fingerprint);
    ear.tell(Told::Certificate { pkcs12, passphrase, fingerprint }).await
}

async fn certify(app: &App, device: Uuid, request: String, ear: &Ear) -> Result<(), String> {
    let ask = CertifyKey { device: DeviceId(device), request };
    let made = devices::certify(app, None, ask).await.map_err(sentence)?;
    let (certificate, fingerprint) = (made.certificate, made.fingerprint);
    ear.tell(Told::Certified { certificate, fingerprint }).await
}

async fn revoke(app: &App, fingerprint: &str, reason: &str) -> Result<(), String> {
    let fingerprint =
        Fingerprint::read(fingerprint).ok_or("a fingerprint has 64 hexadecimal digits".to_owned())?;
    match devices::revoke_as_operator(app, fingerprint, reason).await.map_err(sentence)? {
        true => Ok(()),
        false => Err("it was revoked before".to_owned()),
    }
}

/// Whoever may use the command line is known by her user id on this machine; it is in the audit before anything is done.
async fn record(app: &App, act: &'static str, operator: u32) -> Answer<()> {
    let detail = Some(format!(r#"{{"operator":{operator}}}"#));
    let entry = Entry { at: app.clock.now(), act, detail, ..Entry::default() };
    let inner = app.clone();
    app.store.act(async move |tx: &mut Tx| Ok(inner.audit.append(tx, &entry).await?)).await
}

async fn bring_in(
    app: &App,
    config: &Config,
    (world, posts): (String, String),
    links: bool,
    ear: &Ear,
) -> Result<(), String> {
    // Large files take a while to read: not on a thread that serves people.
    let inner = app.clone();
    let read = tokio::task::spawn_blocking(move || World::read_with_posts(&world, &posts, &inner.policies));
    let (world, posts) = match read.await.map_err(|_| "the files could not be read".to_owned())? {
        Ok(read) => read,
        Err(flaws) => return refuse(&flaws, ear).await,
    };
    let taken = import::addresses_taken(app, &world).await.map_err(sentence)?;
    if !taken.0.is_empty() {
        return refuse(&taken, ear).await;
    }
    // Nobody has a password yet: its holder sets it by a first link.
    let is_new = import::settle(app, &world, &WaysIn::default()).await.map_err(sentence)?;
    let (count, mut through) = (posts.len() as u64, 0);
    let new = import::replay(app, &world, posts, |more| {
        through += more;
        ear.progress(through, count);
    });
    let new = new.await.map_err(sentence)?;
    let region = if is_new { "the region is new" } else { "the region was there already" };
    ear.line(format!("{region}; {new} of {count} posts were new")).await?;
    let waiting = import::without_sign_in(app, &world).await.map_err(sentence)?;
    if !links {
        return ear.tell(Told::Waiting { people: waiting.len() }).await;
    }
    let ids: Vec<AccountId> = waiting.iter().map(|(account, _)| *account).collect();
    let handed = accounts::hand_out_links(app, &ids).await.map_err(sentence)?;
    for (account, token) in handed {
        let Some((_, person)) = waiting.iter().find(|(id, _)| *id == account) else { continue };
        let (name, email) = (person.name.clone(), person.email.clone());
        ear.tell(Told::Link(Link { name, email, link: first_link(config, &token) })).await?;
    }
    Ok(())
}

/// Tells everything that is wrong, a line each, and sums it up.
async fn refuse(flaws: &Flaws, ear: &Ear) -> Result<(), String> {
    for flaw in &flaws.0 {
        ear.tell(Told::Wrong { text: flaw.to_string() }).await?;
    }
    Err(flaws.summed_up())
}

async fn hand_out(app: &App, config: &Config, email: &str, ear: &Ear) -> Result<(), String> {
    let account = found(app, email).await?;
    if !account.is_active {
        return Err(format!("this account is {}: nobody signs in with it", account.state.as_str()));
    }
    let handed = accounts::hand_out_link(app, account.id).await.map_err(sentence)?;
    let (purpose, token) = handed.ok_or_else(|| {
        "this account was suspended or closed meanwhile: nobody signs in with it".to_owned()
    })?;
    let link = handed_link(config, purpose, &token);
    let made = Link { name: String::new(), email: email.to_owned(), link };
    ear.tell(if purpose == LinkPurpose::Reset { Told::ResetLink(made) } else { Told::Link(made) }).await
}
