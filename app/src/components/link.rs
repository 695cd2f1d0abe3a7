//! A newly created link for a member to hand on. It is shown once, because only its hash is stored.

use super::{boxed::BoxedView, browser, clipboard};
use crate::route::Route;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// The purpose of a link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// The link accepts an invitation.
    Invitation,
    /// The link lets a member choose a new password.
    Password,
}

impl LinkKind {
    /// Finds the kind of a link from its path.
    pub(crate) fn of(link: &str) -> Self {
        if link.contains(Route::Join.prefix()) { Self::Invitation } else { Self::Password }
    }

    /// The label of the field.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Invitation => "Invitation link",
            Self::Password => "Password link",
        }
    }

    /// The id of the field. It differs for each kind, because a page may show one link of each kind.
    const fn id(self) -> &'static str {
        match self {
            Self::Invitation => "invitation-link",
            Self::Password => "password-link",
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::Invitation => {
                "It works once, for 7 days. Hand it to that person only: it is not shown again."
            }
            Self::Password => {
                "It works once, for 24 hours. Hand it to that person only: it is not shown again."
            }
        }
    }
}

/// Moves the focus to the link that was just put on the page. This also scrolls the link into view.
pub(crate) fn focus_link(kind: LinkKind) {
    browser::focus_soon(kind.id().to_owned());
}

/// The field with the link, and the button that copies it.
pub(crate) fn field(link: String) -> AnyView {
    let kind = LinkKind::of(&link);
    let (id, hint_id) = (kind.id(), format!("{}-hint", kind.id()));
    let hydrated = browser::hydrated();
    let copied = RwSignal::new(None);
    let text = link.clone();
    let copy = move |_| {
        let written = clipboard::write(&text).map(JsFuture::from);
        spawn_local(async move {
            let is_copied = match written {
                Ok(written) => written.await.is_ok(),
                Err(_) => false,
            };
            let words = if is_copied { "Link copied" } else { "The browser did not allow copying" };
            let _ = copied.try_set(Some(words));
        });
    };
    view! {
        <div class="field link">
            <label for=id>{kind.label()}</label>
            <div>
                // Without a script, the autofocus attribute scrolls the link into view.
                <input id=id type="text" readonly=true autofocus=true value=link aria-describedby=hint_id.clone()/>
                <button type="button" class="button needs-script" disabled=move || !hydrated.get() on:click=copy>
                    "Copy link"
                </button>
            </div>
            <p class="hint" id=hint_id>{kind.hint()}</p>
            // This status is here and not among the messages of the page, because those are behind the dialog if the dialog shows
            // the link.
            <p class="link-status" role="status">{move || copied.get()}</p>
        </div>
    }
    .boxed()
}
