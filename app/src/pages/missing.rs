//! The content for an address without a page.

use crate::{
    components::{boxed::BoxedView, frame, response},
    route::Route,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub(crate) fn MissingPage() -> impl IntoView {
    response::not_found();
    let content = view! {
        <Title text="Page not found"/>
        <h1 id="title" tabindex="-1">"Page not found"</h1>
        <p>"There is nothing at this address."</p>
        <p><a href=Route::Credentials.path()>"Go to API credentials"</a></p>
    };
    frame::signed_out(content.boxed())
}
