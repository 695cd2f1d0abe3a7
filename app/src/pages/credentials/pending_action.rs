//! The pending actions of the page, and their words.

use crate::{components::messages::Done, done::CredentialsDone};
use claviger_types::CredentialKind::{self, ApiKey, BundleKey};

/// An action that needs the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PendingAction {
    /// Shows the value of a key.
    View(CredentialKind),
    /// Copies a key to the clipboard.
    Copy(CredentialKind),
    /// Resets a key.
    Reset(CredentialKind),
    /// Resets both keys.
    ResetBoth,
}

impl PendingAction {
    /// The pending action that an address names. Only resets work without WebAssembly.
    pub(super) fn from_query(name: &str) -> Option<Self> {
        [Self::Reset(ApiKey), Self::Reset(BundleKey), Self::ResetBoth]
            .into_iter()
            .find(|ask| ask.name() == name)
    }

    /// The name of the action in an address, and the id of its button.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::View(ApiKey) => "view-api-key",
            Self::View(BundleKey) => "view-bundle-key",
            Self::Copy(ApiKey) => "copy-api-key",
            Self::Copy(BundleKey) => "copy-bundle-key",
            Self::Reset(ApiKey) => "reset-api-key",
            Self::Reset(BundleKey) => "reset-bundle-key",
            Self::ResetBoth => "reset-both-keys",
        }
    }

    /// The label of the button.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::View(ApiKey) => "View API key",
            Self::View(BundleKey) => "View bundle key",
            Self::Copy(ApiKey) => "Copy API key",
            Self::Copy(BundleKey) => "Copy bundle key",
            Self::Reset(ApiKey) => "Reset API key",
            Self::Reset(BundleKey) => "Reset bundle key",
            Self::ResetBoth => "Reset both keys",
        }
    }

    /// The exact effect of the action.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::View(ApiKey) => "The API key will be shown on this page for 30 seconds.",
            Self::View(BundleKey) => "The bundle key will be shown on this page for 30 seconds.",
            Self::Copy(ApiKey) => "The API key will be put on the clipboard, without being shown.",
            Self::Copy(BundleKey) => "The bundle key will be put on the clipboard, without being shown.",
            Self::Reset(ApiKey) => "A new API key will replace this one, which stops working at once.",
            Self::Reset(BundleKey) => "A new bundle key will replace this one, which stops working at once.",
            Self::ResetBoth => {
                "New keys will replace both the API key and the bundle key, which stop working at once."
            }
        }
    }

    /// The message after the action is done.
    pub(super) fn done(self) -> Done {
        match self {
            Self::View(ApiKey) => Done::screen_reader_only("API key shown. It hides in 30 seconds."),
            Self::View(BundleKey) => Done::screen_reader_only("Bundle key shown. It hides in 30 seconds."),
            Self::Copy(ApiKey) => Done::visible("API key copied"),
            Self::Copy(BundleKey) => Done::visible("Bundle key copied"),
            Self::Reset(ApiKey) => Done::visible("API key reset. The old key no longer works."),
            Self::Reset(BundleKey) => Done::visible("Bundle key reset. The old key no longer works."),
            Self::ResetBoth => Done::visible("Both keys reset. The old keys no longer work."),
        }
    }

    /// Whether the action works only after WebAssembly has started.
    pub(super) const fn needs_script(self) -> bool {
        matches!(self, Self::View(_) | Self::Copy(_))
    }
}

impl From<CredentialsDone> for PendingAction {
    fn from(done: CredentialsDone) -> Self {
        match done {
            CredentialsDone::ApiKey => Self::Reset(ApiKey),
            CredentialsDone::BundleKey => Self::Reset(BundleKey),
            CredentialsDone::BothKeys => Self::ResetBoth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_ask_for_a_reset_and_for_nothing_else() {
        assert_eq!(PendingAction::from_query("reset-api-key"), Some(PendingAction::Reset(ApiKey)));
        assert_eq!(PendingAction::from_query("reset-bundle-key"), Some(PendingAction::Reset(BundleKey)));
        assert_eq!(PendingAction::from_query("reset-both-keys"), Some(PendingAction::ResetBoth));
        assert_eq!(PendingAction::from_query("view-api-key"), None);
        assert_eq!(PendingAction::from_query(""), None);
    }
}
