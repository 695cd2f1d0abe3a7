//! The browser's clipboard. It must not decide what is put there.

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsValue, intern};
use web_sys::{Blob, BlobPropertyBag, Clipboard, ClipboardItem};

const TEXT: &str = "text/plain";

/// Puts a text on the clipboard that is still to come. Must be called in the handler of what somebody did, or the
/// browser refuses; the promise of a [`blob`] may then take its time. Where it is rejected, the clipboard stays as it is.
pub(crate) fn write_promised(text: &Promise) -> Result<Promise, JsValue> {
    let record = Object::new();
    Reflect::set(&record, &JsValue::from_str(intern(TEXT)), text)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&record)?;
    Ok(clipboard()?.write(&Array::of1(&item)))
}

/// Puts a text on the clipboard.
pub(crate) fn write(text: &str) -> Result<Promise, JsValue> {
    Ok(clipboard()?.write_text(text))
}

/// A text in the form that the clipboard takes.
pub(crate) fn blob(text: &str) -> Result<JsValue, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(TEXT);
    Blob::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(text)), &options).map(Into::into)
}

/// Missing where the connection is not secure.
fn clipboard() -> Result<Clipboard, JsValue> {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() { Err(JsValue::UNDEFINED) } else { Ok(clipboard) }
}
