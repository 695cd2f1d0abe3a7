//! The guide: how a request is sent, with this installation's address in it.

use super::session::Viewer;
use crate::wire::error::ApiError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What `/guide` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidePage {
    /// Who looks.
    pub viewer: Viewer,
    /// The markup of the examples and of the list of reasons. Written by the server, so that no browser loads it twice.
    pub markup: String,
    /// Whether a page may ask the verify route: not where it has an address of its own.
    pub can_try: bool,
}

/// What `/guide` shows to whoever is signed in.
#[server(name = ReadGuidePage, endpoint = "guide")]
pub async fn guide_page() -> Result<GuidePage, ApiError> {
    use crate::server::caller::Caller;

    let caller = Caller::current()?;
    let session = caller.session().await?;
    let facts = &caller.facts;
    let address = facts.verify_url.as_deref().unwrap_or(&facts.base_url);
    let markup = crate::static_html::examples::markup(address, caller.claviger.key_prefix().as_str());
    Ok(GuidePage { viewer: (&session).into(), markup, can_try: facts.verify_url.is_none() })
}
