//! Handing one mail to the configured mail server.

use super::letter::{LetterBody, LetterId};
use crate::config::{Mail, MailTls};
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::{Duration, UNIX_EPOCH};
use tsumugi_protocol::Millis;

/// How long the mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a mail did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The mail server will never take it.
    Refused,
    /// The mail server took no mail now.
    Later,
    /// The mail server was not reached, or is not the one it should be.
    Unreached,
}

impl Unsent {
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Refused => "refused for good",
            Self::Later => "refused for now",
            Self::Unreached => "the mail server was not reached",
        }
    }
}

/// Sends it; the same row always gives the same Message-ID, so that one that leaves twice can be told.
pub(super) async fn send(
    mail: &Mail,
    origin: &str,
    id: LetterId,
    body: &LetterBody,
    now: Millis,
) -> Result<(), Unsent> {
    let message = message(mail, id, body, now).ok_or(Unsent::Refused)?;
    let transport = transport(mail, origin).await?;
    match transport.send(message).await {
        Ok(_) => Ok(()),
        // A server that does not take us at all, as with a password that changed, says nothing of this mail.
        Err(error) if error.is_permanent() => match transport.test_connection().await {
            Ok(true) => Err(Unsent::Refused),
            Ok(false) | Err(_) => Err(Unsent::Unreached),
        },
        Err(error) if error.is_transient() => Err(Unsent::Later),
        Err(_) => Err(Unsent::Unreached),
    }
}

fn message(mail: &Mail, id: LetterId, body: &LetterBody, now: Millis) -> Option<Message> {
    let (_, host) = mail.sender.rsplit_once('@')?;
    let from = Mailbox::new(Some("Tsumugi".to_owned()), mail.sender.parse().ok()?);
    let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).ok()?);
    let mut message = Message::builder()
        .from(from)
        .to(Mailbox::new(None, body.to.parse().ok()?))
        .subject(body.subject.clone())
        .date(at)
        .message_id(Some(format!("<{}@{host}>", id.0.simple())))
        .header(ContentType::TEXT_PLAIN)
        .body(body.text.clone())
        .ok()?;
    // No machine answers it.
    let name = HeaderName::new_from_ascii("Auto-Submitted".to_owned()).ok()?;
    message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
    Some(message)
}

async fn transport(mail: &Mail, origin: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, Unsent> {
    let (host, port) = mail.place().ok_or(Unsent::Unreached)?;
    let tls = match mail.tls {
        MailTls::None => Tls::None,
        MailTls::Starttls => Tls::Required(parameters(mail, host).await?),
        MailTls::Tls => Tls::Wrapper(parameters(mail, host).await?),
    };
    let own = origin.trim_start_matches("https://").split(':').next().unwrap_or("localhost");
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(port)
        .tls(tls)
        .hello_name(ClientId::Domain(own.to_owned()))
        .timeout(Some(PATIENCE));
    if let (Some(user), Some(file)) = (&mail.user, &mail.password_file) {
        let password = read(file).await?;
        builder = builder.credentials(Credentials::new(user.clone(), password.trim_end().to_owned()));
    }
    Ok(builder.build())
}

/// The certificate is checked against the machine's authorities, and one more where it is named.
async fn parameters(mail: &Mail, host: &str) -> Result<TlsParameters, Unsent> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(file) = &mail.ca {
        let certificate =
            Certificate::from_pem(read(file).await?.as_bytes()).map_err(|_| Unsent::Unreached)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|_| Unsent::Unreached)
}

async fn read(file: &std::path::Path) -> Result<String, Unsent> {
    tokio::fs::read_to_string(file).await.map_err(|_| Unsent::Unreached)
}
