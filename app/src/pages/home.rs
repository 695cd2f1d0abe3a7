//! `/`: redirects to the credentials.

use crate::{components::response::redirect_to, route::Route};
use leptos::prelude::*;

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    redirect_to(Route::Credentials.path())
}
