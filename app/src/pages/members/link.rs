//! A link that was just made, to be handed on. It is shown once: only its hash is kept.

use super::roster::Roster;
use crate::components::{browser, clipboard, erase::Erase, messages::Done};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkKind {
    /// To become a member.
    Invitation,
    /// To choose a new password.
    Password,
}

impl LinkKind {
    fn of(link: &str) -> Self {
        if link.contains("/join/") { Self::Invitation } else { Self::Password }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Invitation => "Invitation link",
            Self::Password => "Password link",
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

/// The place of a link of this kind; empty while there is none.
pub(super) fn panel(roster: Roster, kind: LinkKind) -> impl Fn() -> Option<AnyView> + Send + Clone {
    move || roster.link.get().filter(|link| LinkKind::of(link) == kind).map(|link| field(roster, kind, link))
}

fn field(roster: Roster, kind: LinkKind, link: String) -> AnyView {
    let hydrated = browser::hydrated();
    let copied = link.clone();
    let copy = move |_| {
        let written = clipboard::write(&copied).map(JsFuture::from);
        spawn_local(async move {
            let copied = match written {
                Ok(written) => written.await.is_ok(),
                Err(_) => false,
            };
            let words = if copied { "Link copied" } else { "The browser did not allow copying" };
            let _ = roster.status.try_set(Some(Done::Seen(words)));
        });
    };
    view! {
        <div class="field link">
            <label for="link">{kind.label()}</label>
            <div>
                <input id="link" type="text" readonly=true value=link aria-describedby="link-hint"/>
                <button type="button" class="button needs-script" disabled=move || !hydrated.get() on:click=copy>
                    "Copy link"
                </button>
            </div>
            <p class="hint" id="link-hint">{kind.hint()}</p>
        </div>
    }
    .erase()
}
