//! Credentials: the data of the page, and the actions that need the password.

use super::session::Viewer;
use crate::wire::{error::ApiError, formatted_time::FormattedTime, proof::Proof};
use claviger_types::{CredentialKind, Generation};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    crate::done::CredentialsDone,
    crate::server::caller::Caller,
    claviger_core::claviger::Claviger,
    server::{confirm_and_act, reset},
};

/// The data of `/credentials`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialsPage {
    /// The signed-in member.
    pub viewer: Viewer,
    /// The part of the credentials that the member may see.
    pub access: Access,
}

/// The part of the credentials that a member may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of it a page, and a box weighs more in the browser"
)]
pub enum Access {
    /// The member may see both keys, masked.
    Permitted {
        api_key: CredentialSummary,
        bundle_key: CredentialSummary,
        /// The markup that describes the bundle and shows how much was used. The server writes this markup, so the browser does
        /// not have to load code that draws it. A member typed no part of it.
        report: String,
    },
    /// The member may see nothing, because the permission is missing.
    Refused {
        /// The names of the admins who can grant the permission.
        admins: Vec<String>,
    },
}

/// The masked form of a key. Every member with the permission may see it without a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialSummary {
    pub kind: CredentialKind,
    /// Each reset adds one. A request to reset a key names the generation that it replaces.
    pub generation: Generation,
    /// `clv_api_••••••••abcd`
    pub masked: String,
    /// The time when the key was created.
    pub created_at: FormattedTime,
    /// The name of the member who created the key.
    pub created_by: String,
    /// The last request that used the key.
    pub last_used: Option<LastUse>,
}

/// The last use of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// The time of the request.
    pub at: FormattedTime,
    /// The time since the request, in words.
    pub ago: String,
    /// The address from which the request came.
    pub from: String,
}

/// The value of a key. The page holds it only while it shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedKey {
    pub kind: CredentialKind,
    pub value: String,
}

impl std::fmt::Debug for DisclosedKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DisclosedKey")
    }
}

/// Returns the data of `/credentials` for the signed-in member.
#[server(name = ReadCredentialsPage, endpoint = "credentials")]
pub async fn credentials_page() -> Result<CredentialsPage, ApiError> {
    let caller = Caller::current()?;
    let session = caller.session().await?;
    let overview = caller.claviger.credentials(&session).await.map_err(|error| caller.refuse(error))?;
    let access = Access::of(&caller.claviger, overview).map_err(|error| caller.refuse(error))?;
    Ok(CredentialsPage { viewer: (&session).into(), access })
}

/// Discloses a key so that the page can show it.
#[server(endpoint = "view_credential")]
pub async fn view_credential(
    #[server(default)] csrf: String,
    kind: CredentialKind,
    #[server(flatten)] proof: Proof,
) -> Result<DisclosedKey, ApiError> {
    use claviger_core::use_cases::credentials::View;

    Caller::current()?.require_script()?;
    let act = async |claviger: Claviger, confirmed| claviger.view(confirmed).await;
    let mut keys = confirm_and_act(&csrf, View::new(kind), proof, act).await?;
    keys.pop().ok_or(ApiError::Malformed)
}

/// Discloses a key so that the page can put it on the clipboard.
#[server(endpoint = "copy_credential")]
pub async fn copy_credential(
    #[server(default)] csrf: String,
    kind: CredentialKind,
    #[server(flatten)] proof: Proof,
) -> Result<DisclosedKey, ApiError> {
    use claviger_core::use_cases::credentials::Copy;

    Caller::current()?.require_script()?;
    let act = async |claviger: Claviger, confirmed| claviger.copy(confirmed).await;
    let mut keys = confirm_and_act(&csrf, Copy::new(kind), proof, act).await?;
    keys.pop().ok_or(ApiError::Malformed)
}

/// Replaces a key and discloses the new key. `generation` is the generation that the page shows. A plain form does not get the
/// key, but a redirect to `/credentials?done=reset-api-key` (or `reset-bundle-key`).
#[server(endpoint = "reset_credential")]
pub async fn reset_credential(
    #[server(default)] csrf: String,
    kind: CredentialKind,
    generation: Generation,
    #[server(flatten)] proof: Proof,
) -> Result<Vec<DisclosedKey>, ApiError> {
    use claviger_core::use_cases::credentials::Reset;

    let action = Reset::one(kind, generation);
    let done = match kind {
        CredentialKind::ApiKey => CredentialsDone::ApiKey,
        CredentialKind::BundleKey => CredentialsDone::BundleKey,
    };
    reset(&csrf, action, proof, done).await
}

/// Replaces both keys in one transaction and discloses the new keys, the API key first. A plain form gets a redirect to
/// `/credentials?done=reset-both-keys`.
#[server(endpoint = "reset_both_credentials")]
pub async fn reset_both_credentials(
    #[server(default)] csrf: String,
    api_key_generation: Generation,
    bundle_key_generation: Generation,
    #[server(flatten)] proof: Proof,
) -> Result<Vec<DisclosedKey>, ApiError> {
    use claviger_core::use_cases::credentials::Reset;

    let action = Reset::both(api_key_generation, bundle_key_generation);
    reset(&csrf, action, proof, CredentialsDone::BothKeys).await
}

#[cfg(feature = "ssr")]
mod server {
    //! The code that the actions share.

    use super::{
        Access, ApiError, Claviger, CredentialSummary, CredentialsDone, DisclosedKey, LastUse, Proof,
    };
    use crate::{
        server::caller::{Caller, keep_session},
        static_html::usage::{ago, report},
    };
    use claviger_core::{
        credential_key::CredentialKey,
        internal_error::{InternalError, StoreError},
        reauthentication::{Action, ActionError, Confirmed},
        use_cases::credentials::{self, Disclosure, Overview, Reset},
    };

    /// Checks the proof for an action, runs the action, and gives the browser its new session token.
    pub(super) async fn confirm_and_act<A: Action>(
        csrf: &str,
        action: A,
        proof: Proof,
        act: impl AsyncFnOnce(Claviger, Confirmed<A>) -> Result<Disclosure, ActionError>,
    ) -> Result<Vec<DisclosedKey>, ApiError> {
        let caller = Caller::current()?;
        let session = caller.session_for_change(csrf).await?;
        let confirmed = caller.confirm(session, action, proof).await?;
        let disclosure =
            act(caller.claviger.clone(), confirmed).await.map_err(|error| caller.refuse(error))?;
        keep_session(&disclosure.session_token);
        Ok(disclosure.keys.iter().map(DisclosedKey::from).collect())
    }

    /// Resets keys. A plain form does not get the new keys, because no script could hide them again on its page.
    pub(super) async fn reset(
        csrf: &str,
        action: Reset,
        proof: Proof,
        done: CredentialsDone,
    ) -> Result<Vec<DisclosedKey>, ApiError> {
        let act = async |claviger: Claviger, confirmed| claviger.reset(confirmed).await;
        let keys = confirm_and_act(csrf, action, proof, act).await?;
        if Caller::current()?.is_plain_form() {
            leptos_axum::redirect(&done.address());
            return Ok(Vec::new());
        }
        Ok(keys)
    }

    impl From<&CredentialKey> for DisclosedKey {
        fn from(key: &CredentialKey) -> Self {
            Self { kind: key.kind(), value: key.expose().to_owned() }
        }
    }

    impl Access {
        pub(super) fn of(claviger: &Claviger, overview: Overview) -> Result<Self, InternalError> {
            match overview {
                Overview::Refused { admins } => Ok(Self::Refused { admins }),
                Overview::Permitted { keys: summaries, bundle, usage } => {
                    let mut summaries =
                        summaries.iter().map(|summary| CredentialSummary::of(claviger, summary));
                    let mut next = || summaries.next().ok_or(StoreError::Damaged("credential"));
                    Ok(Self::Permitted {
                        api_key: next()?,
                        bundle_key: next()?,
                        report: report(bundle.as_ref(), &usage),
                    })
                }
            }
        }
    }

    impl CredentialSummary {
        fn of(claviger: &Claviger, summary: &credentials::CredentialSummary) -> Self {
            Self {
                kind: summary.kind,
                generation: summary.generation,
                masked: claviger.masked(summary),
                created_at: summary.created_at.into(),
                created_by: summary.created_by.clone(),
                last_used: summary.last_used().map(|(at, from)| LastUse {
                    ago: ago(claviger.now().since(at)),
                    at: at.into(),
                    from: from.to_owned(),
                }),
            }
        }
    }
}
