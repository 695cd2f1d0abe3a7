//! The entry point of the program in the browser: it hydrates the page that the server sent. It must not do anything else.

use claviger_app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// The script in the page calls this function.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
