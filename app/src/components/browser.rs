//! Small functions that use the browser. None of them runs on the server, so a page must be readable without them.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

/// The state of the hydration, for the whole application.
#[derive(Clone, Copy)]
struct Hydration {
    /// True after the WebAssembly has hydrated the page.
    done: RwSignal<bool>,
    /// True until the visitor goes from the page that the server sent to another page.
    first_page: StoredValue<bool>,
}

/// Provides the context for [`hydrated`] and [`focus_heading`] to all components below the caller.
pub(crate) fn provide_hydration() {
    let hydration = Hydration { done: RwSignal::new(false), first_page: StoredValue::new(true) };
    provide_context(hydration);
    Effect::new(move |_| hydration.done.set(true));
}

/// Whether a visitor can use the controls that need WebAssembly. False in the HTML from the server.
pub(crate) fn hydrated() -> Signal<bool> {
    use_context::<Hydration>().map_or_else(|| Signal::from(false), |hydration| hydration.done.into())
}

/// Moves the focus to the heading after a change of page without a page load. A page load would make a screen reader start from
/// the top; this replaces it.
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

/// Reloads a page that the browser restores from the back/forward cache, because its session may have ended.
pub(crate) fn reload_when_restored() {
    Effect::new(|_| {
        let _lives_as_long_as_the_page = window_event_listener(ev::pageshow, |event| {
            if event.persisted() {
                reload();
            }
        });
    });
}

pub(crate) fn reload() {
    let _ = location().reload();
}

/// Loads another page from the server.
pub(crate) fn go(path: &str) {
    let _ = location().assign(path);
}

/// Removes the query from the address, so that a reload does not repeat its message.
pub(crate) fn forget_query(path: &str) {
    if location().search().is_ok_and(|search| !search.is_empty())
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// The element with this id, if it exists and has this type.
pub(crate) fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

pub(crate) fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// Moves the focus to the element with this id after the current changes are on the page.
pub(crate) fn focus_soon(id: String) {
    request_animation_frame(move || focus(&id));
}

/// Calls the function after the current changes are on the page and the focus has moved.
pub(crate) fn after_next_frame(call: fn()) {
    request_animation_frame(move || request_animation_frame(call));
}

/// The height of the visible part of the page.
pub(crate) fn window_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0)
}
