//! Links that are good once: how somebody without a password comes in, sets a new one, or shows that an address is hers.

use super::store::{self, AccountRow};
use super::{AccountBody, Address};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT, body_of};
use crate::crypto::seal::{self, Key};
use crate::crypto::secret::Secret;
use crate::crypto::tokens::{Purpose, TokenHash};
use crate::error::Result;
use crate::notices::{Letter, Notice, Way};
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;
use tsumugi_protocol::{AccountId, Code, Lang, Millis, NoticeKind};
use uuid::Uuid;

/// What a link is for; it is nothing for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// The first sign-in.
    First,
    /// A new password.
    Reset,
    /// A new e-mail address.
    Email,
    /// A sign-in from a device that is not in the ledger (004§10a).
    Exception,
}

impl LinkPurpose {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first_sign_in",
            Self::Reset => "password_reset",
            Self::Email => "email_change",
            Self::Exception => "exception",
        }
    }

    /// Where such a link leads.
    #[must_use]
    pub const fn way(self) -> Way {
        match self {
            Self::First => Way::First,
            Self::Reset => Way::Reset,
            Self::Email => Way::Email,
            Self::Exception => Way::Exception,
        }
    }

    fn span(self, app: &App) -> Duration {
        match self {
            Self::First => Duration::from_secs(u64::from(app.policies.first_link_hours()) * 60 * 60),
            Self::Reset | Self::Email | Self::Exception => app.policies.reset_link(),
        }
    }
}

/// What a link carries along, sealed with its account's key.
#[derive(Serialize, Deserialize)]
pub struct LinkBody {
    /// Format of this object.
    pub v: u8,
    /// The address to be.
    pub email: String,
}

/// A link's place for its sealed part: the first half of its hash.
#[derive(Debug, Clone, Copy)]
pub struct LinkPlace(pub Uuid);

body_of!(LinkBody, "links", LinkPlace);

impl LinkPlace {
    pub(super) fn of(TokenHash(hash): &TokenHash) -> Self {
        Self(Uuid::from_slice(hash.get(..16).unwrap_or_default()).unwrap_or_default())
    }
}

/// A first link about to be handed out: its text is shown once, only the hash is kept.
#[derive(Debug, Clone, Copy)]
pub struct FirstLink {
    account: AccountId,
    hash: TokenHash,
}

impl FirstLink {
    /// The text to hand out, and what is stored of it.
    #[must_use]
    pub fn of(app: &App, account: AccountId) -> (Secret, Self) {
        let (text, hash) = app.tokens.issue(Purpose::Link);
        (text, Self { account, hash })
    }

    /// Keeps it and ends the account's earlier ones: a link that went astray is dead once a new one is made.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn write(&self, app: &App, tx: &mut Tx, now: Millis) -> Result<()> {
        let until = now.plus(LinkPurpose::First.span(app));
        write(app, tx, &self.hash, (self.account, LinkPurpose::First), None, (now, until)).await
    }
}

async fn write(
    app: &App,
    tx: &mut Tx,
    hash: &TokenHash,
    (account, purpose): (AccountId, LinkPurpose),
    sealed: Option<&[u8]>,
    (now, expires): (Millis, Millis),
) -> Result<()> {
    tx.end_links(account, purpose, now).await?;
    tx.insert_link(&hash.0, account, purpose, sealed, (now, expires)).await?;
    let detail = Some(format!(r#"{{"purpose":"{}"}}"#, purpose.as_str()));
    let entry =
        Entry { at: now, act: "accounts.link_made", subject: Some(account.0), detail, ..Entry::default() };
    Ok(app.audit.append(tx, &entry).await?)
}

/// A link to the form of an office that has no account yet: it is good again and again until its time is over.
#[derive(Clone)]
pub struct MailedForm {
    text: Secret,
    hash: TokenHash,
}

impl MailedForm {
    /// One that is made now; it is good once it is stored.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let (text, hash) = app.tokens.issue(Purpose::Link);
        Self { text, hash }
    }

    /// What is stored of it.
    #[must_use]
    pub const fn hash(&self) -> &[u8] {
        &self.hash.0
    }

    /// Mails it; the mail belongs to whoever of the desk had it sent, and is sealed with the case's key.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn send(
        &self,
        app: &App,
        tx: &mut Tx,
        (to, lang, until): (Address, Lang, Millis),
        (by, key): (AccountId, &Key),
    ) -> Result<()> {
        Letter::with_link(app, Way::Application, &self.text, to, lang, until).post(app, tx, by, key).await
    }
}

/// A link that goes by mail, so that nobody but the holder of the address ever sees it.
#[derive(Clone)]
pub struct MailedLink {
    text: Secret,
    hash: TokenHash,
    purpose: LinkPurpose,
    span: Option<Duration>,
}

impl MailedLink {
    /// One that is made now; it is good once it is sent.
    #[must_use]
    pub fn of(app: &App, purpose: LinkPurpose) -> Self {
        let (text, hash) = app.tokens.issue(Purpose::Link);
        Self { text, hash, purpose, span: None }
    }

    /// Good for so long, in place of what is usual.
    #[must_use]
    pub fn good_for(mut self, span: Duration) -> Self {
        self.span = Some(span);
        self
    }

    /// What is stored of it.
    pub(super) const fn hash(&self) -> &TokenHash {
        &self.hash
    }

    /// To the account's own address.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn send(&self, app: &App, tx: &mut Tx, account: &AccountRow, now: Millis) -> Result<()> {
        let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
        let own = AccountBody::open(&key, account.id, &account.sealed)?.email;
        let Some(to) = Address::read(&own) else { return Ok(()) };
        self.write(app, tx, account, (to, None), now).await
    }

    /// To an address that may become the account's.
    pub(super) async fn send_to(
        &self,
        app: &App,
        tx: &mut Tx,
        account: &AccountRow,
        to: Address,
        now: Millis,
    ) -> Result<()> {
        let body = LinkBody { v: FORMAT, email: to.as_str().to_owned() };
        self.write(app, tx, account, (to, Some(body)), now).await
    }

    async fn write(
        &self,
        app: &App,
        tx: &mut Tx,
        account: &AccountRow,
        (to, body): (Address, Option<LinkBody>),
        now: Millis,
    ) -> Result<()> {
        let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
        let sealed = body.map(|body| body.sealed(&key, LinkPlace::of(&self.hash))).transpose()?;
        let purpose = self.purpose;
        let until = now.plus(self.span.unwrap_or_else(|| purpose.span(app)));
        write(app, tx, &self.hash, (account.id, purpose), sealed.as_deref(), (now, until)).await?;
        let letter = Letter::with_link(app, purpose.way(), &self.text, to, account.lang, until);
        letter.post(app, tx, account.id, &key).await
    }
}

/// The holder of a link that was shown, if it still can be used for that.
///
/// # Errors
/// `rate_limited` for a place that keeps showing spent links; `link_spent` for one that is unknown, used, too old, for
/// something else, or of an account that nobody comes in with.
pub(super) async fn holder(
    app: &App,
    source: IpAddr,
    shown: &str,
    purpose: LinkPurpose,
) -> Result<(TokenHash, AccountRow)> {
    let link = app.tokens.recognise(Purpose::Link, shown).ok_or(Code::LinkSpent)?;
    // A link that was good once is a token that has ended: who keeps showing it waits.
    let look = app.lookups.turn(source, || app.clock.monotonic()).await?;
    let account = owner(app, &link, purpose).await;
    if !matches!(account, Ok(None)) {
        look.was_no_fault();
    }
    Ok((link, account?.ok_or(Code::LinkSpent)?))
}

async fn owner(app: &App, link: &TokenHash, purpose: LinkPurpose) -> Result<Option<AccountRow>> {
    let mut view = app.store.view().await?;
    let found = store::account_of_link(view.conn(), &link.0, purpose, app.clock.now()).await?;
    let Some(account) = found else { return Ok(None) };
    Ok(store::account(view.conn(), account).await?.filter(|account| account.is_active))
}

/// Makes a first link for each of these accounts that may sign in and has no password yet; the others get none.
///
/// # Errors
/// When they cannot be stored; then none is good.
pub async fn hand_out_links(app: &App, accounts: &[AccountId]) -> Result<Vec<(AccountId, Secret)>> {
    let made: Vec<(Secret, FirstLink)> = accounts.iter().map(|id| FirstLink::of(app, *id)).collect();
    let links: Vec<FirstLink> = made.iter().map(|(_, link)| *link).collect();
    let (inner, now) = (app.clone(), app.clock.now());
    let written = app
        .store
        .act(async move |tx: &mut Tx| -> Result<Vec<AccountId>> {
            let mut written = Vec::new();
            for link in &links {
                let account = store::account(tx.conn(), link.account).await?;
                if account.is_some_and(|account| account.is_active && account.password_hash.is_none()) {
                    link.write(&inner, tx, now).await?;
                    written.push(link.account);
                }
            }
            Ok(written)
        })
        .await?;
    let handed = made.into_iter().map(|(text, link)| (link.account, text));
    Ok(handed.filter(|(account, _)| written.contains(account)).collect())
}

/// Makes a link for one account that may sign in, to hand on: to the first sign-in or, where it has a password, to a new
/// one. Its holder is told of the latter.
///
/// # Errors
/// When it cannot be stored; then it is not good.
pub async fn hand_out_link(app: &App, account: AccountId) -> Result<Option<(LinkPurpose, Secret)>> {
    let (text, hash) = app.tokens.issue(Purpose::Link);
    let (inner, now) = (app.clone(), app.clock.now());
    let made = app
        .store
        .act(async move |tx: &mut Tx| -> Result<Option<LinkPurpose>> {
            let account = store::account(tx.conn(), account).await?.filter(|account| account.is_active);
            let Some(account) = account else { return Ok(None) };
            if account.password_hash.is_none() {
                let until = now.plus(LinkPurpose::First.span(&inner));
                write(&inner, tx, &hash, (account.id, LinkPurpose::First), None, (now, until)).await?;
                return Ok(Some(LinkPurpose::First));
            }
            let until = now.plus(LinkPurpose::Reset.span(&inner));
            write(&inner, tx, &hash, (account.id, LinkPurpose::Reset), None, (now, until)).await?;
            Notice::of(NoticeKind::PasswordResetAsked).tell(&inner, tx, account.id).await?;
            Ok(Some(LinkPurpose::Reset))
        })
        .await?;
    Ok(made.map(|purpose| (purpose, text)))
}
