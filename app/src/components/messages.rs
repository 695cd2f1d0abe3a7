//! The place where a page reports what happened. The regions are on the page before they contain a message, so that screen
//! readers notice the message. They must contain only words.

use super::{bidi, boxed::BoxedView, browser, text, wait::Wait};
use crate::{route::Route, wire::error::ApiError};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use web_sys::{Element, HtmlElement};

/// The time after which a status disappears.
const STATUS_SECONDS: u32 = 6;
/// The minimum time that a status stays after the pointer has left it.
const SECONDS_AFTER_POINTING: u32 = 2;
const MESSAGES: &str = "messages";
/// Selects a key in clear, or a new link.
const SHOWN: &str = ".key-value.shown, .link";
/// The distance between an element that is scrolled into view and the element that covered it.
const MARGIN: f64 = 16.0;

/// One line with role `alert` for an error. It is empty if there is no error.
#[component]
pub(crate) fn Alert(
    /// The error, if there is one.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
    /// The wait after the error, if a [`super::wait::Countdown`] beside this line counts it down.
    #[prop(optional)]
    wait: Option<Wait>,
) -> impl IntoView {
    let words = move || {
        error.get().map(|error| {
            if wait.is_some_and(Wait::is_over) {
                return view! { <span>"You can try again now."</span> }.boxed();
            }
            if matches!(error, ApiError::SignedOut) {
                // The link loads the page, so that no data of the ended session stays in memory.
                let log_in = view! { <a href=Route::Credentials.log_in() rel="external">"Log in"</a> };
                return view! { <span>{text::sentence(&error)} " " {log_in}</span> }.boxed();
            }
            // If a countdown shows the wait, this text is only for screen readers: they announce it once, and it does not change.
            let is_counted = wait.is_some_and(Wait::is_running);
            let wait = text::wait_sentence(error.wait_seconds()).map(|words| {
                view! { " " <span class:visually-hidden=is_counted>{words}</span> }
            });
            view! { <span>{bidi::sentence(&text::sentence(&error))}{wait}</span> }.boxed()
        })
    };
    view! { <p class="message alert" role="alert">{words}</p> }.boxed()
}

/// A message that reports a completed action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// The page itself does not show the result, so the message is visible.
    Visible(String),
    /// The page shows the result, but a screen reader does not announce it. So the message is for screen readers only.
    ScreenReaderOnly(String),
}

impl Done {
    /// Creates a message for a result that the page itself does not show.
    pub(crate) fn visible(words: impl Into<String>) -> Self {
        Self::Visible(words.into())
    }

    /// Creates a message for a result that the page shows, but that a screen reader does not announce.
    pub(crate) fn screen_reader_only(words: impl Into<String>) -> Self {
        Self::ScreenReaderOnly(words.into())
    }
}

/// One line with role `status` for a completed action.
#[component]
fn Status(
    /// The message, if there is one.
    done: RwSignal<Option<Done>>,
) -> impl IntoView {
    let words = move || {
        done.get().map(|done| {
            let (class, words) = match &done {
                Done::Visible(words) => ("seen", words),
                Done::ScreenReaderOnly(words) => ("visually-hidden", words),
            };
            view! { <span class=class>{bidi::sentence(words)}</span> }
        })
    };
    view! { <p class="message status" role="status">{words}</p> }.boxed()
}

/// The messages of a page. A status disappears by itself, but not while the pointer or the focus is in it. An error stays. Each
/// message can be closed.
#[component]
pub(crate) fn Messages(
    /// The last completed action.
    status: RwSignal<Option<Done>>,
    /// The last error.
    error: RwSignal<Option<ApiError>>,
    /// Whether the messages are part of the page, at its top. Otherwise they report actions anywhere on the page.
    #[prop(optional)]
    in_flow: bool,
    /// More messages of the page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let round = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let is_seen = status.with(|done| matches!(done, Some(Done::Visible(_))));
        let is_said = status.with(Option::is_some) || error.with(Option::is_some);
        round.update_value(|round| *round = round.wrapping_add(1));
        if is_seen {
            spawn_local(leave(status, round, in_flow));
        }
        if is_said && !in_flow {
            browser::after_next_frame(reveal);
        }
    });
    let has_status = move || status.with(|done| matches!(done, Some(Done::Visible(_))));
    let has_error = move || error.with(Option::is_some);
    let forget = move |forget: fn(RwSignal<Option<Done>>, RwSignal<Option<ApiError>>)| {
        if in_flow {
            keep_room();
        }
        forget(status, error);
    };
    let class = if in_flow { "messages in-flow" } else { "messages" };
    view! {
        <div class=class id=MESSAGES>
            <div class="toast">
                <Status done=status/>
                {close(has_status, move || forget(|status, _| status.set(None)))}
            </div>
            <div class="toast">
                <Alert error/>
                {close(has_error, move || forget(|_, error| error.set(None)))}
            </div>
            {children.map(|children| children())}
        </div>
    }
    .boxed()
}

/// The button that closes a message. It appears only after hydration, because it needs a script.
pub(crate) fn close(
    is_there: impl Fn() -> bool + Send + Sync + 'static,
    forget: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let hydrated = browser::hydrated();
    let button = move || {
        (hydrated.get() && is_there()).then(|| {
            view! { <button type="button" class="close" aria-label="Close message" on:click=move |_| forget()></button> }
        })
    };
    button.boxed()
}

/// Removes a status after its time, unless another message has appeared in the meantime.
async fn leave(status: RwSignal<Option<Done>>, round: StoredValue<u32>, in_flow: bool) {
    let Some(own) = round.try_get_value() else { return };
    let mut left = STATUS_SECONDS;
    while left > 0 {
        TimeoutFuture::new(1_000).await;
        if round.try_get_value() != Some(own) {
            return;
        }
        left = if is_pointed_at() { left.max(SECONDS_AFTER_POINTING) } else { left - 1 };
    }
    if in_flow {
        keep_room();
    }
    let _ = status.try_set(None);
}

/// Keeps the space of a closed message in the flow, so that no element moves while the visitor is about to click it.
fn keep_room() {
    if let Some(messages) = browser::element::<HtmlElement>(MESSAGES) {
        let height = messages.get_bounding_client_rect().height();
        let _ = messages.style().set_property("min-block-size", &format!("{height}px"));
    }
}

fn is_pointed_at() -> bool {
    browser::element::<Element>(MESSAGES)
        .is_some_and(|element| element.matches(":hover, :focus-within").unwrap_or(false))
}

/// Scrolls the focused element, and a shown key or link, out from under the messages. The focused element, and the key or link in
/// the section of the focused element, must not leave the window at the top as a result.
fn reveal() {
    let window_height = browser::window_height();
    let free = browser::element::<Element>(MESSAGES)
        .map(|element| element.get_bounding_client_rect())
        .filter(|messages| messages.height() > 0.0)
        .map_or(window_height, |messages| messages.top());
    let Some(focused) = document().active_element().filter(|element| element.tag_name() != "BODY") else {
        return;
    };
    let section = focused.closest("section").ok().flatten();
    let own = section.and_then(|section| section.query_selector(SHOWN).ok().flatten());
    let other = document().query_selector(SHOWN).ok().flatten();
    let place = |element: Element| element.get_bounding_client_rect();
    let (focused, own, other) = (place(focused), own.map(place), other.map(place));
    let down = [Some(&focused), own.as_ref(), other.as_ref()]
        .into_iter()
        .flatten()
        .filter(|place| place.bottom() > free && place.top() < window_height)
        .map(|place| place.bottom() - free + MARGIN)
        .fold(0.0, f64::max);
    // If the visitor has scrolled away from the focused element, the scroll position does not change.
    let highest = own.map_or(focused.top().max(MARGIN), |own| own.top().min(focused.top()));
    let scroll = down.min(highest - MARGIN);
    if scroll != 0.0 {
        window().scroll_by_with_x_and_y(0.0, scroll);
    }
}
