//! What the server says about a form that it refused without JavaScript: the error stands in the address of the page,
//! and what was typed in a cookie. It must not be asked for in the browser, which knows its own errors.

use super::loading::{self, Awaited};
use crate::wire::{error::ApiError, form_draft::FormDraft};
use serde::{Deserialize, Serialize};

/// An error that came with the address of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    /// The path of the server function that refused.
    pub(crate) path: String,
    /// Why.
    pub(crate) error: ApiError,
}

/// A refused form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedForm {
    /// What was typed.
    pub(crate) draft: FormDraft,
    /// Why it was refused.
    pub(crate) error: Option<ApiError>,
    /// The path of the server function that refused it.
    pub(crate) path: String,
}

impl RefusedForm {
    /// Why the form of this function was refused, if that one was.
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

/// In the browser nothing is refused before a page is drawn.
#[cfg(not(feature = "ssr"))]
pub(crate) fn from_query() -> Option<Refused> {
    None
}

/// The form that was refused before this page was drawn; the default where none was.
pub(crate) fn form() -> Awaited<RefusedForm> {
    let refused = from_query();
    loading::load(move || refused_form(refused.clone()))
}

/// What was typed into a form that was refused, with why.
pub(crate) async fn refused_form(refused: Option<Refused>) -> RefusedForm {
    let Some(Refused { path, error }) = refused else { return RefusedForm::default() };
    #[cfg(feature = "ssr")]
    let draft = crate::api::account::form_draft().await.unwrap_or_default();
    #[cfg(not(feature = "ssr"))]
    let draft = FormDraft::default();
    RefusedForm { draft, error: Some(error), path }
}
