//! The entry point of the browser's half: it takes over the page that the server sent. It must not do anything else.

use claviger_app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that the page brings.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
