//! `/guide`: the purpose of the two keys, the way a request carries them, and a form to try them.

mod trial;

use crate::{
    api::guide::{GuidePage as Page, guide_page},
    components::{boxed::BoxedView, frame, loading},
    route::Route,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub(crate) fn GuidePage() -> impl IntoView {
    let data = loading::load(guide_page);
    view! {
        <Title text="Guide"/>
        {loading::signed_in(data, Route::Guide, guide)}
    }
    .boxed()
}

fn guide(page: &Page) -> AnyView {
    let trial = if page.can_try {
        trial::form()
    } else {
        view! { <p>"The gateway asks at an address that pages cannot reach, so there is nothing to try here."</p> }.boxed()
    };
    let content = view! {
        <h1 id="title" tabindex="-1">"Guide"</h1>
        <div class="prose">
            <p class="lead">"Every request to the API carries two keys, each in a header of its own."</p>
            <dl class="facts">
                <div>
                    <dt>"API key"</dt>
                    <dd>"Says who calls: your organisation. It goes into the header " <code>"ApiKey"</code> "."</dd>
                </div>
                <div>
                    <dt>"Bundle key"</dt>
                    <dd>"Says what your organisation has bought. It goes into the header " <code>"BundleKey"</code> "."</dd>
                </div>
            </dl>
            <h2>"Treat both as secrets"</h2>
            <ul>
                <li>"Keep them in the secret store of your servers: not in source code, a mobile app, or a page."</li>
                <li>"If one may have been seen by somebody else, "<a href=Route::Credentials.path()>"reset it"</a>". The old key is refused from that moment on."</li>
            </ul>
            <h2 id="first">"Send your first request"</h2>
            <p>"These ask whether your keys are good. The status 204 says yes. Requests to the API itself carry the same two headers. If your bundle holds only some services, name one of them in the header "<code>"Service"</code>"."</p>
            <h3 id="try">"Try it"</h3>
            {trial}
            <div class="examples" inner_html=page.markup.clone()></div>
        </div>
    };
    frame::signed_in(&page.viewer, Route::Guide, content.boxed())
}
