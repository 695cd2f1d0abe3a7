//! The data about a form that the server refused without JavaScript. The address of the page contains the error, and a cookie
//! contains the typed text. The browser must not ask for this data, because it knows its own errors.

use super::loading::{self, Awaited};
use crate::wire::{error::ApiError, form_draft::FormDraft};
use serde::{Deserialize, Serialize};

/// An error from the address of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    /// The path of the server function that refused the form.
    pub(crate) path: String,
    /// The reason for the refusal.
    pub(crate) error: ApiError,
}

/// A form that the server refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedForm {
    /// The typed values.
    pub(crate) draft: FormDraft,
    /// The reason for the refusal.
    pub(crate) error: Option<ApiError>,
    /// The path of the server function that refused the form.
    pub(crate) path: String,
}

impl RefusedForm {
    /// The error, if this function refused the form.
    pub(crate) fn of(&self, function: &str) -> Option<ApiError> {
        self.error.clone().filter(|_| self.path == function)
    }
}

/// The error in the address of this page, if there is one.
#[cfg(feature = "ssr")]
pub(crate) fn from_query() -> Option<Refused> {
    use leptos::{prelude::WithUntracked, server_fn::error::ServerFnUrlError};

    let query = leptos_router::hooks::use_query_map();
    query.with_untracked(|query| {
        let path = query.get("__path")?;
        let error = ServerFnUrlError::<ApiError>::decode_err(&query.get("__err")?);
        Some(Refused { path, error })
    })
}

/// Returns nothing in the browser, because there no form is refused before the page is rendered.
#[cfg(not(feature = "ssr"))]
pub(crate) fn from_query() -> Option<Refused> {
    None
}

/// Loads the form that was refused before this page was rendered. Without a refused form it returns the default.
pub(crate) fn form() -> Awaited<RefusedForm> {
    let refused = from_query();
    loading::load(move || refused_form(refused.clone()))
}

/// Combines the error with the typed values of the refused form.
pub(crate) async fn refused_form(refused: Option<Refused>) -> RefusedForm {
    let Some(Refused { path, error }) = refused else { return RefusedForm::default() };
    #[cfg(feature = "ssr")]
    let draft = crate::api::account::form_draft().await.unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let draft = FormDraft::default();
    RefusedForm { draft, error: Some(error), path }
}
