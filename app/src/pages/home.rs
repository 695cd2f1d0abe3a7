//! `/`: leads to the credentials.

use crate::components::response::{Place, lead_to};
use leptos::prelude::*;

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    lead_to(Place::Credentials.path())
}
