//! `/guide`: what the two keys are and how a request carries them.

use crate::{
    api::session::{Viewer, viewer},
    components::{erase::Erase, frame, loading, response::Place},
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub(crate) fn GuidePage() -> impl IntoView {
    let data = loading::load(viewer);
    view! {
        <Title text="Guide"/>
        {loading::signed_in(data, Place::Guide, guide)}
    }
    .erase()
}

fn guide(viewer: &Viewer) -> AnyView {
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
            <h2 id="request">"A request"</h2>
            <pre role="region" aria-labelledby="request" tabindex="0"><code>
                "GET /your/path HTTP/1.1\nHost: the address of the API\nApiKey: clv_api_…\nBundleKey: clv_bdl_…"
            </code></pre>
            <h2>"Treat both as secrets"</h2>
            <ul>
                <li>"Whoever has both keys can call the API in the name of your organisation."</li>
                <li>"Keep them in the secret store of your servers. They do not belong in source code, in a mobile app, or in a page that a browser loads."</li>
                <li>"Use them over https only, and keep them out of addresses and logs."</li>
                <li>"If one may have been seen by somebody else, reset it. The old key is refused from that moment on."</li>
            </ul>
            <p><a href="/credentials">"Go to your API credentials"</a></p>
        </div>
    };
    frame::signed_in(viewer, Place::Guide, content.erase())
}
