//! Where a page says what happened. The regions are on the page before they are filled, so that screen readers
//! notice; they must not hold anything but words.

use super::{bidi, boxed::BoxedView, browser, text, wait::Wait};
use crate::{route::Route, wire::error::ApiError};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use web_sys::{Element, HtmlElement};

/// How long a status stays.
const STATUS_SECONDS: u32 = 6;
/// The least that it stays once nobody points at it any more.
const SECONDS_AFTER_POINTING: u32 = 2;
const MESSAGES: &str = "messages";
/// A key in clear, or a link that was made.
const SHOWN: &str = ".key-value.shown, .link";
/// Between what is scrolled into view and what it was hidden by.
const MARGIN: f64 = 16.0;

/// One line with role `alert` for an error, empty while there is none.
#[component]
pub(crate) fn Alert(
    /// What went wrong.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
    /// The wait after the error, where a [`super::wait::Countdown`] beside this counts it down.
    #[prop(optional)]
    wait: Option<Wait>,
) -> impl IntoView {
    let words = move || {
        error.get().map(|error| {
            if wait.is_some_and(Wait::is_over) {
                return view! { <span>"You can try again now."</span> }.boxed();
            }
            if matches!(error, ApiError::SignedOut) {
                // A page load, so that nothing of the ended session stays in memory.
                let log_in = view! { <a href=Route::Credentials.log_in() rel="external">"Log in"</a> };
                return view! { <span>{text::sentence(&error)} " " {log_in}</span> }.boxed();
            }
            // What the countdown shows is only read out here: this text is announced once and does not change.
            let is_counted = wait.is_some_and(Wait::is_running);
            let wait = text::wait_sentence(error.wait_seconds()).map(|words| {
                view! { " " <span class:visually-hidden=is_counted>{words}</span> }
            });
            view! { <span>{bidi::sentence(&text::sentence(&error))}{wait}</span> }.boxed()
        })
    };
    view! { <p class="message alert" role="alert">{words}</p> }.boxed()
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// The page itself does not show it.
    Visible(String),
    /// The page shows it, but does not say it.
    ScreenReaderOnly(String),
}

impl Done {
    /// What the page itself does not show.
    pub(crate) fn visible(words: impl Into<String>) -> Self {
        Self::Visible(words.into())
    }

    /// What the page shows, but does not say.
    pub(crate) fn screen_reader_only(words: impl Into<String>) -> Self {
        Self::ScreenReaderOnly(words.into())
    }
}

/// One line with role `status` for what was done.
#[component]
fn Status(
    /// What was done.
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

/// The messages of a page. A status leaves by itself, but not while somebody points at it or has the focus in it; an error
/// stays. Each can be closed.
#[component]
pub(crate) fn Messages(
    /// What was done last.
    status: RwSignal<Option<Done>>,
    /// What went wrong last.
    error: RwSignal<Option<ApiError>>,
    /// Whether they come with the page, at its top, instead of from what somebody does somewhere on it.
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

/// The button that closes a message. There is none before there is a script that could.
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

/// Takes a status away once its time is over, unless another message came meanwhile.
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

/// Leaves the room of a message in the flow empty, so that nothing moves while somebody reaches for it.
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

/// Scrolls what has the focus, and a key or link that is shown, to where it is seen: not under the messages. The key or link
/// of the section in which somebody acted, and what has the focus, must not leave the window at its top for that.
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
    // Where somebody has scrolled away from what has the focus, they are left where they are.
    let highest = own.map_or(focused.top().max(MARGIN), |own| own.top().min(focused.top()));
    let scroll = down.min(highest - MARGIN);
    if scroll != 0.0 {
        window().scroll_by_with_x_and_y(0.0, scroll);
    }
}
