//! Whether somebody may come in from where she is: the certificate that was shown, and what the rules say about it.

use super::Rules;
use super::store::{self, DeviceRow};
use crate::accounts::store::{AccountRow, AffiliationRow, affiliations};
use crate::app::App;
use crate::crypto::certificate::About;
use crate::crypto::device_authority::Fingerprint;
use crate::error::Result;
use crate::exceptions::Lifts;
use crate::sessions::Bound;
use crate::store::Conn;
use tsumugi_protocol::{Code, DeviceId, ExceptionId, Millis};

/// A certificate that was shown in a handshake; who showed it has its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// By which it is recognised.
    pub fingerprint: Fingerprint,
    /// The beginning of its time.
    from: Millis,
    /// The end of its time.
    until: Millis,
}

impl Shown {
    /// Of a certificate's bytes; one that cannot be read has no time.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        let about = About::of(certificate);
        let nothing = (Millis(i64::MAX), Millis(i64::MIN));
        let (from, until) = about.map_or(nothing, |about| (about.from, about.until));
        Self { fingerprint: Fingerprint::of(certificate), from, until }
    }

    /// What a session that is opened with it is bound to.
    #[must_use]
    pub fn bound(&self) -> Bound {
        Bound { fingerprint: self.fingerprint, until: self.until }
    }

    /// Whether it is in its time by our clock.
    #[must_use]
    pub fn is_in_time(&self, now: Millis) -> bool {
        self.from <= now && now < self.until
    }
}

/// What lets somebody in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admission {
    /// The device, where it is known.
    pub device: Option<DeviceId>,
    /// The exception under which she comes in, and when that ends at the latest.
    pub exception: Option<(ExceptionId, Millis)>,
}

impl Admission {
    /// Decides for an account that has shown who it is; asked by every way in, before its act and inside it. An exception that
    /// is in force lifts the rule of devices for who shows none, and no other (001§24): also her own, where she shows that one.
    ///
    /// # Errors
    /// `client_certificate_required` for a certificate that is unknown, revoked, out of its time, or of somebody else; and as
    /// [`Rules::may_come_in`].
    pub async fn of(
        app: &App,
        conn: &mut Conn,
        account: &AccountRow,
        shown: (Option<Fingerprint>, Option<ExceptionId>),
    ) -> Result<Self> {
        let places = affiliations(conn, account.id).await?;
        Self::among(app, conn, (account, &places), shown).await
    }

    /// The same for an account whose places were read.
    ///
    /// # Errors
    /// As [`Admission::of`].
    pub async fn among(
        app: &App,
        conn: &mut Conn,
        (account, places): (&AccountRow, &[AffiliationRow]),
        (shown, claimed): (Option<Fingerprint>, Option<ExceptionId>),
    ) -> Result<Self> {
        let rules = Rules::of(app, places.iter().map(|place| place.profile.as_str()));
        let device = match shown {
            None => None,
            Some(fingerprint) => Some(
                known(conn, fingerprint, app.clock.now())
                    .await?
                    // Also her own is good only while she works for the office whose ledger it stands in.
                    .filter(|device| {
                        device.account.is_none_or(|holder| holder == account.id)
                            && places.iter().any(|place| place.office == Some(device.office))
                    })
                    .ok_or(Code::ClientCertificateRequired)?,
            ),
        };
        let by_rule = rules.may_come_in(account.kind, device.as_ref());
        if device.is_some() || (by_rule.is_ok() && claimed.is_none()) {
            by_rule?;
            return Ok(Self { device: device.map(|device| device.id), exception: None });
        }
        let lifts = Lifts::of(conn, (account.id, claimed), app.clock.now()).await?;
        // What another region or office of hers asks stands.
        let others = places.iter().filter(|place| !lifts.frees(place));
        Rules::of(app, others.map(|place| place.profile.as_str())).may_come_in(account.kind, None)?;
        match lifts.under(places, claimed) {
            Some(exception) => Ok(Self { device: None, exception: Some(exception) }),
            None => by_rule.map(|()| Self::default()).map_err(Into::into),
        }
    }
}

/// The device of a certificate that stands.
async fn known(conn: &mut Conn, fingerprint: Fingerprint, now: Millis) -> Result<Option<DeviceRow>> {
    let Some(found) = store::certificate(conn, fingerprint).await? else { return Ok(None) };
    if found.revoked_at.is_some() || found.not_after <= now {
        return Ok(None);
    }
    Ok(store::device(conn, found.device).await?)
}
