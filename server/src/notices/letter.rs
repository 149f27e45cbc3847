//! A mail about an account, from its words to its row in the outbox.

use super::words::{self, Words};
use crate::accounts::Address;
use crate::app::App;
use crate::bodies::{Body, FORMAT, body_of};
use crate::crypto::random;
use crate::crypto::seal::Key;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{AccountId, Lang, Millis, NoticeKind};
use uuid::Uuid;

/// Where a link leads: the only mails that carry one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the first sign-in.
    First,
    /// To a new password.
    Reset,
    /// To a confirmed e-mail address.
    Email,
    /// To a sign-in from a device that is not in the ledger.
    Exception,
    /// To the form of an office that applies.
    Application,
}

impl Way {
    /// The page that opens. The token goes into the fragment, which no browser ever sends.
    #[must_use]
    pub const fn page(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Reset => "reset",
            Self::Email => "email",
            Self::Exception => "exception",
            Self::Application => "apply",
        }
    }
}

/// A mail to one address.
pub struct Letter {
    kind: &'static str,
    words: Words,
    to: Address,
    lang: Lang,
    link: Option<Secret>,
    good_until: Option<Millis>,
}

/// The sealed part of a mail that waits.
#[derive(Serialize, Deserialize)]
pub struct LetterBody {
    /// Format of this object.
    pub v: u8,
    /// Address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// A row of the outbox.
#[derive(Debug, Clone, Copy)]
pub struct LetterId(pub Uuid);

body_of!(LetterBody, "mail_outbox", LetterId);

impl Letter {
    /// The mail of a notice; it has no link.
    #[must_use]
    pub fn notice(kind: NoticeKind, to: Address, lang: Lang) -> Self {
        Self {
            kind: kind.as_str(),
            words: words::of_notice(kind, lang),
            to,
            lang,
            link: None,
            good_until: None,
        }
    }

    /// A mail with a link that is good until then.
    #[must_use]
    pub fn with_link(
        app: &App,
        way: Way,
        token: &Secret,
        to: Address,
        lang: Lang,
        good_until: Millis,
    ) -> Self {
        let link = Secret::new(format!("{}/{}#{}", app.outward.origin, way.page(), token.reveal()));
        let words = words::of_way(way, lang);
        Self { kind: "link", words, to, lang, link: Some(link), good_until: Some(good_until) }
    }

    /// Posts it with the commit of this act. Where mail is not configured, its row says so and holds nothing.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn post(&self, app: &App, tx: &mut Tx, account: AccountId, key: &Key) -> Result<()> {
        let (id, now) = (LetterId(random::new_id(&app.clock)), app.clock.now());
        let Some(mail) = &app.outward.mail else {
            return Ok(tx.insert_mail(id, account, self.kind, "not_configured", None, None, now).await?);
        };
        let link = self.link.as_ref().map(Secret::reveal);
        let text = words::mail(&self.words, link, &app.outward.origin, &mail.sender, self.lang);
        let subject = format!("[Tsumugi] {}", self.words.subject);
        let body = LetterBody { v: FORMAT, to: self.to.as_str().to_owned(), subject, text };
        let sealed = body.sealed(key, id)?;
        tx.insert_mail(id, account, self.kind, "waiting", Some(&sealed), self.good_until, now).await?;
        Ok(())
    }
}
