//! The browser's clipboard. It must not decide which text is put there.

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsValue, intern};
use web_sys::{Blob, BlobPropertyBag, Clipboard, ClipboardItem};

const TEXT: &str = "text/plain";

/// Puts a promised text on the clipboard. Call this function directly in an event handler of a user action, or the browser
/// refuses. The promise of a [`blob`] may then take time. If the promise is rejected, the clipboard does not change.
pub(crate) fn write_promised(text: &Promise) -> Result<Promise, JsValue> {
    let record = Object::new();
    Reflect::set(&record, &JsValue::from_str(intern(TEXT)), text)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&record)?;
    Ok(clipboard()?.write(&Array::of1(&item)))
}

pub(crate) fn write(text: &str) -> Result<Promise, JsValue> {
    Ok(clipboard()?.write_text(text))
}

/// Converts a text to the form that the clipboard accepts.
pub(crate) fn blob(text: &str) -> Result<JsValue, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(TEXT);
    Blob::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(text)), &options).map(Into::into)
}

/// Returns the clipboard. It is missing if the connection is not secure.
fn clipboard() -> Result<Clipboard, JsValue> {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() { Err(JsValue::UNDEFINED) } else { Ok(clipboard) }
}
