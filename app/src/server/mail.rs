//! The e-mails of this installation, and the trait that sends them. It must not know how mail is sent.

use std::{future::Future, pin::Pin, sync::Arc};

/// One message to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct MailMessage {
    /// The e-mail address of the recipient.
    pub to: String,
    /// The subject, on one line.
    pub subject: String,
    /// The body, as plain text.
    pub text: String,
}

// The message contains a link.
claviger_core::opaque_debug!(MailMessage);

impl MailMessage {
    /// The invitation. Other people chose the names in it, so the subject contains no name, and our own text is the first line.
    pub(crate) fn invitation(to: &str, name: &str, organisation: &str, inviter: &str, link: &str) -> Self {
        Self {
            to: to.to_owned(),
            subject: "You are invited to an organisation on Claviger".to_owned(),
            text: format!(
                "This is an invitation to an organisation on Claviger.\n\n    Organisation: {}\n    Invited by: {}\n    \
                 For: {}\n\nTo accept it, choose a password within 7 days:\n\n{link}\n\nThe link works once. If \
                 you do not know what this is about, leave it alone.\n",
                without_links(organisation),
                without_links(inviter),
                without_links(name),
            ),
        }
    }

    /// The notice that another account tried to use the e-mail address of this person.
    pub(crate) fn address_in_use(to: &str) -> Self {
        Self {
            to: to.to_owned(),
            subject: "Somebody tried to use your email address".to_owned(),
            text: "Somebody with another account on Claviger tried to log in with this address from now on. That \
                   was refused, because you have an account with it. They were not told so.\n\nIf it was you, log \
                   in with the account that you have. Otherwise there is nothing to do.\n"
                .to_owned(),
        }
    }

    /// The request to confirm a new e-mail address.
    pub(crate) fn confirmation(to: &str, name: &str, link: &str) -> Self {
        Self {
            to: to.to_owned(),
            subject: "Confirm your email address".to_owned(),
            text: format!(
                "Hello {},\n\nto log in to Claviger with this address from now on, open this within 24 \
                 hours:\n\n{link}\n\nIf you do not know what this is about, leave it alone.\n",
                without_links(name),
            ),
        }
    }
}

/// Breaks up a name so that mail programs do not turn it into a link. A person who chooses a name must not be able to choose the
/// target of a click.
fn without_links(name: &str) -> String {
    let mut apart = String::new();
    for (place, character) in name.char_indices() {
        apart.push(character);
        let follows = name[place + character.len_utf8()..].chars().next();
        if matches!(character, '.' | ':' | '@' | '/') && follows.is_some_and(|next| !next.is_whitespace()) {
            apart.push(' ');
        }
    }
    apart
}

/// The reason why a message was not sent, for the log.
#[derive(Debug)]
pub struct NotSent(pub String);

/// Sends messages.
pub trait Mailer: Send + Sync {
    /// Sends a message to the mail server.
    fn send(&self, message: MailMessage) -> Pin<Box<dyn Future<Output = Result<(), NotSent>> + Send + '_>>;
}

/// The mailer of this installation; `None` if the installation sends no e-mail.
#[derive(Clone, Default)]
pub struct OutgoingMail(pub Option<Arc<dyn Mailer>>);

claviger_core::opaque_debug!(OutgoingMail);
