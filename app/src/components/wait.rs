//! The wait that the server imposes after wrong passwords, counted down on the page. The server counts for itself: this
//! only keeps people from sending what would be refused.

use super::{boxed::BoxedView, text};
use crate::wire::error::ApiError;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

/// Often enough that each second is seen, and that a computer which slept is up to date at once.
const TICK_MS: u32 = 250;

/// How far the wait is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nobody has to wait.
    None,
    Running,
    Over,
}

/// The wait that belongs to an error; copies are the same wait.
#[derive(Clone, Copy)]
pub(crate) struct Wait {
    phase: RwSignal<Phase>,
    seconds: RwSignal<u64>,
    /// Goes up with each error, so that the countdown of an earlier one ends.
    round: StoredValue<u32>,
}

impl Wait {
    /// Counts down whenever the error asks for a wait.
    pub(crate) fn after(error: RwSignal<Option<ApiError>>) -> Self {
        let wait =
            Self { phase: RwSignal::new(Phase::None), seconds: RwSignal::new(0), round: StoredValue::new(0) };
        Effect::new(move |_| {
            let seconds = error.with(|error| error.as_ref().map_or(0, ApiError::wait_seconds));
            wait.start(seconds);
        });
        wait
    }

    /// Whether a next attempt would be refused.
    pub(crate) fn is_running(self) -> bool {
        self.phase.get() == Phase::Running
    }

    /// The same, read once.
    pub(crate) fn is_running_now(self) -> bool {
        self.phase.try_get_untracked() == Some(Phase::Running)
    }

    /// Whether there was a wait, and it is over.
    pub(crate) fn is_over(self) -> bool {
        self.phase.get() == Phase::Over
    }

    fn start(self, seconds: u64) {
        self.round.update_value(|round| *round = round.wrapping_add(1));
        if seconds == 0 {
            self.phase.set(Phase::None);
            return;
        }
        self.seconds.set(seconds);
        self.phase.set(Phase::Running);
        let round = self.round.get_value();
        let end = js_sys::Date::now() + whole_milliseconds(seconds);
        spawn_local(async move {
            loop {
                TimeoutFuture::new(TICK_MS).await;
                if self.round.try_get_value() != Some(round) {
                    return;
                }
                let left = whole_seconds(end - js_sys::Date::now());
                // A clock that was set back must not make the wait longer than the server said.
                if left == 0 || left > seconds {
                    self.phase.set(Phase::Over);
                    return;
                }
                if self.seconds.get_untracked() != left {
                    self.seconds.set(left);
                }
            }
        });
    }
}

/// How long is left, for people who see it. It is no live region: a screen reader would read every second.
#[component]
pub(crate) fn Countdown(
    /// What is counted down.
    wait: Wait,
) -> impl IntoView {
    let words =
        move || wait.is_running().then(|| format!("Try again in {}.", text::duration(wait.seconds.get())));
    view! { <p class="wait" role="timer">{words}</p> }.boxed()
}

#[expect(clippy::cast_precision_loss, reason = "waits are an hour at most")]
fn whole_milliseconds(seconds: u64) -> f64 {
    seconds as f64 * 1000.0
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "negative ones become 0")]
fn whole_seconds(milliseconds: f64) -> u64 {
    (milliseconds / 1000.0).ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_over_when_its_last_second_is() {
        assert_eq!(whole_seconds(29_001.0), 30);
        assert_eq!(whole_seconds(1.0), 1);
        assert_eq!(whole_seconds(0.0), 0);
        assert_eq!(whole_seconds(-5.0), 0);
    }
}
