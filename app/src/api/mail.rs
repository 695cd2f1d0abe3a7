//! E-mail: whether what was made was sent, and on the server the letters. It must not know how mail is sent.

use serde::{Deserialize, Serialize};

/// Whether something was sent by e-mail besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mailed {
    /// This installation sends no e-mail.
    #[default]
    Off,
    /// The mail server took it.
    Sent,
    /// The mail server did not take it, or could not be reached.
    Failed,
}

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    /// The link itself.
    pub link: String,
    /// Whether it was sent to whom it is for.
    pub mailed: Mailed,
}

#[cfg(feature = "ssr")]
pub use letters::{Letter, Mailer, NotSent, OutgoingMail};

#[cfg(feature = "ssr")]
mod letters {
    //! The letters, and what sends them.

    use std::{fmt, future::Future, pin::Pin, sync::Arc};

    /// One letter to one person.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Letter {
        /// The e-mail address.
        pub to: String,
        /// One line.
        pub subject: String,
        /// Plain text.
        pub text: String,
    }

    /// Never what it says: it holds a link.
    impl fmt::Debug for Letter {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("Letter")
        }
    }

    impl Letter {
        /// Somebody is invited.
        pub(in crate::api) fn invitation(
            to: &str,
            name: &str,
            organisation: &str,
            inviter: &str,
            link: &str,
        ) -> Self {
            Self {
                to: to.to_owned(),
                subject: format!("Join {organisation} on Claviger"),
                text: format!(
                    "Hello {name},\n\n{inviter} invites you to {organisation}. Choose a password within 7 days:\n\n\
                     {link}\n\nThe link works once. If you do not know what this is about, leave it alone.\n"
                ),
            }
        }

        /// Somebody is to confirm their new address.
        pub(in crate::api) fn confirmation(to: &str, name: &str, link: &str) -> Self {
            Self {
                to: to.to_owned(),
                subject: "Confirm your email address".to_owned(),
                text: format!(
                    "Hello {name},\n\nto log in to Claviger with this address from now on, open this within 24 \
                     hours:\n\n{link}\n\nIf you do not know what this is about, leave it alone.\n"
                ),
            }
        }
    }

    /// Why a letter was not sent, for the log.
    #[derive(Debug)]
    pub struct NotSent(pub String);

    /// Sends letters.
    pub trait Mailer: Send + Sync {
        /// Hands a letter to the mail server.
        fn send(&self, letter: Letter) -> Pin<Box<dyn Future<Output = Result<(), NotSent>> + Send + '_>>;
    }

    /// What sends the letters of this installation; none where it sends none.
    #[derive(Clone, Default)]
    pub struct OutgoingMail(pub Option<Arc<dyn Mailer>>);

    impl fmt::Debug for OutgoingMail {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("OutgoingMail")
        }
    }
}
