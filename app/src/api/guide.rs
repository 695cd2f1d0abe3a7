//! The guide: how a client sends a request, with the address of this installation in the examples.

use super::session::Viewer;
use crate::wire::error::ApiError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The data of `/guide`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidePage {
    /// The signed-in member.
    pub viewer: Viewer,
    /// The markup of the examples and of the list of reasons. The server writes this markup, so no browser loads it twice.
    pub markup: String,
    /// Whether a page can call the verify route. A page cannot call it if the verify route has an address of its own.
    pub can_try: bool,
}

/// Returns the data of `/guide` for the signed-in member.
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
