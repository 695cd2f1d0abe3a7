//! Where a page says what happened. The regions are on the page before they are filled, so that screen readers
//! notice; they must not hold anything but words.

use super::{erase::Erase, response::Place, words};
use crate::api::error::ApiError;
use leptos::prelude::*;

/// One line with role `alert` for an error, empty while there is none.
#[component]
pub(crate) fn Alert(
    /// What went wrong.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let words = move || {
        error.get().map(|error| {
            let log_in = matches!(error, ApiError::SignedOut).then(|| {
                // A page load, so that nothing of the ended session stays in memory.
                view! { " " <a href=Place::Credentials.log_in() rel="external">"Log in"</a> }
            });
            view! { <span>{words::sentence(&error)}{log_in}</span> }.erase()
        })
    };
    view! { <p class="message alert" role="alert">{words}</p> }.erase()
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// The page itself does not show it.
    Seen(&'static str),
    /// The page shows it, but does not say it.
    Unseen(&'static str),
}

/// One line with role `status` for what was done.
#[component]
pub(crate) fn Status(
    /// What was done.
    #[prop(into)]
    done: Signal<Option<Done>>,
) -> impl IntoView {
    let words = move || {
        done.get().map(|done| {
            let (class, words) = match done {
                Done::Seen(words) => ("seen", words),
                Done::Unseen(words) => ("unseen", words),
            };
            view! { <span class=class>{words}</span> }
        })
    };
    view! { <p class="message status" role="status">{words}</p> }.erase()
}
