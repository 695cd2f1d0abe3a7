//! A form in which a member pastes two keys and checks whether they are valid. The keys must go only to the verify route. So the
//! fields have no names, which prevents a browser from putting the keys into an address, and the form is emptied when the page is
//! left.

use crate::components::{boxed::BoxedView, browser};
use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlFormElement, HtmlInputElement, RequestInit, Response, SubmitEvent};

const ROUTE: &str = "/v1/verify";
/// The fields: the id, the label, and the name in the request.
const FIELDS: [(&str, &str, &str); 3] = [
    ("try-api-key", "API key", "api_key"),
    ("try-bundle-key", "Bundle key", "bundle_key"),
    ("try-service", "Service", "service"),
];

/// The request and its answer, as the page shows them.
#[derive(Clone)]
struct Exchange {
    request: String,
    answer: String,
}

pub(super) fn form() -> AnyView {
    let hydrated = browser::hydrated();
    let (pending, exchange) = (RwSignal::new(false), RwSignal::new(None::<Exchange>));
    forget_when_left(exchange);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = FIELDS.map(|(id, _, name)| (name, value(id)));
        pending.set(true);
        spawn_local(async move {
            let answer = ask(&question(&typed, Clone::clone)).await;
            let answer = answer.unwrap_or_else(|_| "The server could not be reached. Try again.".to_owned());
            let request = format!(
                "POST {ROUTE}\nContent-Type: application/json\n\n{}",
                question(&typed, |key| masked(key))
            );
            exchange.set(Some(Exchange { request, answer }));
            pending.set(false);
        });
    };
    let fields = FIELDS.map(|(id, label, name)| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id type="text" autocomplete="off" autocapitalize="off" spellcheck="false" required=name != "service"/>
            </div>
        }
    });
    let shown = move || {
        exchange.get().map(|exchange| {
            view! {
                <h4 id="try-request">"Request"</h4>
                <pre role="region" aria-labelledby="try-request" tabindex="0"><code>{exchange.request}</code></pre>
                <h4 id="try-answer">"Answer"</h4>
                <pre role="region" aria-labelledby="try-answer" tabindex="0"><code>{exchange.answer}</code></pre>
            }
            .boxed()
        })
    };
    view! {
        <p>"Paste your keys to ask this installation about them. Name a service if your bundle holds only some. It counts as a request."</p>
        <form class="trial" id="trial" on:submit=submit>
            {fields}
            <button type="submit" class="button primary" disabled=move || !hydrated.get() || pending.get()>"Try it"</button>
        </form>
        <div class="exchange" aria-live="polite">{shown}</div>
    }
    .boxed()
}

fn value(id: &str) -> String {
    browser::element::<HtmlInputElement>(id).map(|input| input.value().trim().to_owned()).unwrap_or_default()
}

/// Removes the keys when the browser leaves the page.
fn forget_when_left(exchange: RwSignal<Option<Exchange>>) {
    Effect::new(move |_| {
        let left = window_event_listener(ev::pagehide, move |_| {
            exchange.set(None);
            if let Some(form) = browser::element::<HtmlFormElement>("trial") {
                form.reset();
            }
        });
        on_cleanup(move || left.remove());
    });
}

/// The body of the request. `show` formats each key.
fn question(typed: &[(&str, String)], show: impl Fn(&String) -> String) -> String {
    let fields = typed.iter().filter(|(name, text)| *name != "service" || !text.is_empty());
    let lines: Vec<String> = fields
        .map(|(name, text)| {
            let text = if *name == "service" { text.clone() } else { show(text) };
            let quoted = js_sys::JSON::stringify(&JsValue::from_str(&text)).map(String::from);
            format!("  \"{name}\": {}", quoted.unwrap_or_default())
        })
        .collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// The end of a key, which is enough to identify the key.
fn masked(key: &str) -> String {
    let end: Vec<char> = key.chars().rev().take(4).collect();
    format!("…{}", end.into_iter().rev().collect::<String>())
}

/// Sends the request and returns the status and the body of the answer.
async fn ask(question: &str) -> Result<String, JsValue> {
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&JsValue::from_str(question));
    let headers = js_sys::Object::new();
    js_sys::Reflect::set(&headers, &"content-type".into(), &"application/json".into())?;
    options.set_headers(&headers);
    let answer: Response =
        JsFuture::from(window().fetch_with_str_and_init(ROUTE, &options)).await?.dyn_into()?;
    let body = JsFuture::from(answer.text()?).await?.as_string().unwrap_or_default();
    let body = match js_sys::JSON::parse(&body) {
        Ok(value) => {
            js_sys::JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &2.into())?.into()
        }
        Err(_) => body,
    };
    Ok(format!("{} {}\n\n{body}", answer.status(), answer.status_text()))
}
