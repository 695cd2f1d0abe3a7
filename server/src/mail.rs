//! E-mail by SMTP. It must not know the content of the messages.

use claviger_app::server::mail::{MailMessage, Mailer, NotSent};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use secrecy::{ExposeSecret, SecretString};
use std::{future::Future, pin::Pin, time::Duration};
use tokio::time::timeout;

/// The time limit for sending one message: a browser waits for the answer meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

/// The settings for sending e-mail.
#[derive(Clone)]
pub struct MailSettings {
    /// The URL with `smtp://` or `smtps://`; it may contain a password.
    url: SecretString,
    from: Mailbox,
}

// The URL may contain a password.
claviger_core::opaque_debug!(MailSettings);

impl MailSettings {
    /// Parses the URL of a mail server and the sender address: `Claviger <keys@example.org>`.
    ///
    /// # Errors
    /// The setting that is invalid.
    pub fn parse(url: SecretString, from: &str) -> Result<Self, WrongMailSetting> {
        let from = from.parse().map_err(|_| WrongMailSetting::From)?;
        let settings = Self { url, from };
        if settings.transport().is_ok() { Ok(settings) } else { Err(WrongMailSetting::Url) }
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, lettre::transport::smtp::Error> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(self.url.expose_secret())?;
        Ok(builder.timeout(Some(PATIENCE)).build())
    }
}

/// The setting that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongMailSetting {
    /// The URL is not the URL of a mail server.
    Url,
    /// The sender is not an e-mail address.
    From,
}

/// Sends e-mail through one mail server.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

impl SmtpMailer {
    /// Creates the mailer. It does not connect yet.
    ///
    /// # Errors
    /// The transport cannot be created.
    pub fn new(settings: &MailSettings) -> Result<Self, NotSent> {
        let transport = settings.transport().map_err(|error| NotSent(error.to_string()))?;
        Ok(Self { transport, from: settings.from.clone(), patience: PATIENCE })
    }

    async fn deliver(&self, message: MailMessage) -> Result<(), NotSent> {
        // Parse an address and not a mailbox: as a mailbox, `x<vic@example.org>` would be sent to another address
        // than its text.
        let to: Address = message.to.parse().map_err(|_| NotSent("not an address to send to".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(message.text)
            .map_err(|error| NotSent(error.to_string()))?;
        // The transport's own time limit is for each step, and does not cover a server that accepts the connection
        // and sends nothing.
        let sent = timeout(self.patience, self.transport.send(message)).await;
        let sent = sent.map_err(|_| NotSent("the mail server did not answer in time".to_owned()))?;
        sent.map(|_| ()).map_err(|error| NotSent(error.to_string()))
    }
}

impl Mailer for SmtpMailer {
    fn send(&self, message: MailMessage) -> Pin<Box<dyn Future<Output = Result<(), NotSent>> + Send + '_>> {
        Box::pin(self.deliver(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_core::domain::member::Email;
    use tokio::net::TcpListener;

    #[test]
    fn every_address_that_a_member_can_have_can_be_sent_to_as_it_is() {
        let parts = [
            "a",
            "ü",
            "字",
            "'",
            "+",
            "-",
            ".",
            "_",
            "%",
            "1",
            "<",
            ">",
            "@",
            ",",
            "\"",
            " ",
            ":",
            "\\",
            "(",
            "é\u{301}",
        ];
        let mut taken = 0;
        for first in parts {
            for second in parts {
                for third in parts {
                    for text in [
                        format!("{first}{second}{third}@example.org"),
                        format!("a@{first}{second}{third}.org"),
                    ] {
                        let Ok(email) = Email::parse(&text) else { continue };
                        let address: Address = email.as_str().parse().unwrap_or_else(|_| panic!("{text}"));
                        assert_eq!(address.to_string(), email.as_str());
                        taken += 1;
                    }
                }
            }
        }
        assert!(taken > 100, "{taken}");
    }

    #[tokio::test]
    async fn a_mail_server_that_accepts_and_says_nothing_is_given_up() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", silent.local_addr().unwrap());
        let settings = MailSettings::parse(url.into(), "keys@example.org").unwrap();
        let mailer =
            SmtpMailer { patience: Duration::from_millis(200), ..SmtpMailer::new(&settings).unwrap() };
        let to = "ada@example.org".to_owned();
        let message = MailMessage { to, subject: "Hello".to_owned(), text: "Hello".to_owned() };
        let sent = timeout(Duration::from_secs(5), mailer.send(message)).await;
        assert!(matches!(sent, Ok(Err(NotSent(cause))) if cause.contains("in time")));
    }
}
