//! The e-mails of this installation, and what sends them. It must not know how mail is sent.

use std::{future::Future, pin::Pin, sync::Arc};

/// One message to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct MailMessage {
    /// The e-mail address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

// It holds a link.
claviger_core::opaque_debug!(MailMessage);

impl MailMessage {
    /// Somebody is invited. The names are what others chose, so none stands in the subject, and the first line is ours.
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

    /// Somebody else wants to use an address that this person has.
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

    /// Somebody is to confirm their new address.
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

/// A name as mail programs make no link of it: whoever chooses a name must not choose where the reader clicks.
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

/// Why a message was not sent, for the log.
#[derive(Debug)]
pub struct NotSent(pub String);

/// Sends messages.
pub trait Mailer: Send + Sync {
    /// Hands a message to the mail server.
    fn send(&self, message: MailMessage) -> Pin<Box<dyn Future<Output = Result<(), NotSent>> + Send + '_>>;
}

/// What sends the messages of this installation; none where it sends none.
#[derive(Clone, Default)]
pub struct OutgoingMail(pub Option<Arc<dyn Mailer>>);

claviger_core::opaque_debug!(OutgoingMail);
