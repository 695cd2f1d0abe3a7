//! Small dealings with the browser. On the server none of this runs, and nothing here must be needed to read a page.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

/// What the whole application knows about its own start.
#[derive(Clone, Copy)]
struct Hydration {
    /// True once the WebAssembly has taken over the page.
    done: RwSignal<bool>,
    /// True until the page that came from the server has been left for another one.
    first_page: StoredValue<bool>,
}

/// Makes [`hydrated`] and [`focus_heading`] work in everything below the caller.
pub(crate) fn provide_hydration() {
    let hydration = Hydration { done: RwSignal::new(false), first_page: StoredValue::new(true) };
    provide_context(hydration);
    Effect::new(move |_| hydration.done.set(true));
}

/// Whether controls that need WebAssembly may be used. False in the server's HTML.
pub(crate) fn hydrated() -> Signal<bool> {
    use_context::<Hydration>().map_or_else(|| Signal::from(false), |hydration| hydration.done.into())
}

/// Moves the focus to the heading when somebody comes from another page without a page load, as a page load would
/// have made a screen reader start from the top.
pub(crate) fn focus_heading() {
    let Some(Hydration { first_page, .. }) = use_context() else { return };
    Effect::new(move |_| {
        if first_page.get_value() {
            first_page.set_value(false);
        } else {
            focus_soon("title".to_owned());
        }
    });
}

/// A page that comes back from the back/forward cache may belong to a session that has ended: it starts anew.
pub(crate) fn reload_when_restored() {
    Effect::new(|_| {
        let _lives_as_long_as_the_page = window_event_listener(ev::pageshow, |event| {
            if event.persisted() {
                reload();
            }
        });
    });
}

/// Loads the page again from the server.
pub(crate) fn reload() {
    let _ = location().reload();
}

/// Loads another page from the server.
pub(crate) fn go(path: &str) {
    let _ = location().assign(path);
}

/// Takes the query off the address, so that a reload does not repeat what it said.
pub(crate) fn forget_query(path: &str) {
    if location().search().is_ok_and(|search| !search.is_empty())
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// The element with this id, if it is there and of this type.
pub(crate) fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// The same, once what was just changed is on the page.
pub(crate) fn focus_soon(id: String) {
    request_animation_frame(move || focus(&id));
}

/// Calls this once what was just changed is on the page and has taken the focus.
pub(crate) fn after_next_frame(call: fn()) {
    request_animation_frame(move || request_animation_frame(call));
}

/// How much of the page is seen at a time.
pub(crate) fn window_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0)
}
