//! The wait that the server imposes after wrong passwords, counted down on the page. The server counts independently. The
//! countdown only prevents attempts that the server would refuse.

use super::{boxed::BoxedView, text};
use crate::wire::error::ApiError;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

/// The interval of the countdown. It is short enough to show each second, and to correct the countdown at once after the computer
/// has slept.
const TICK_MS: u32 = 250;

/// The phase of the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// There is no wait.
    None,
    Running,
    Over,
}

/// The wait that belongs to an error. Copies refer to the same wait.
#[derive(Clone, Copy)]
pub(crate) struct Wait {
    phase: RwSignal<Phase>,
    seconds: RwSignal<u64>,
    /// A counter that increases with each error, so that the countdown of an earlier error ends.
    round: StoredValue<u32>,
}

impl Wait {
    /// Starts a countdown whenever the error requires a wait.
    pub(crate) fn after(error: RwSignal<Option<ApiError>>) -> Self {
        let wait =
            Self { phase: RwSignal::new(Phase::None), seconds: RwSignal::new(0), round: StoredValue::new(0) };
        Effect::new(move |_| {
            let seconds = error.with(|error| error.as_ref().map_or(0, ApiError::wait_seconds));
            wait.start(seconds);
        });
        wait
    }

    /// Whether the server would refuse another attempt.
    pub(crate) fn is_running(self) -> bool {
        self.phase.get() == Phase::Running
    }

    /// The same as [`is_running`](Self::is_running), but without tracking.
    pub(crate) fn is_running_now(self) -> bool {
        self.phase.try_get_untracked() == Some(Phase::Running)
    }

    /// Whether a wait has ended.
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
                // If the clock was set back, the wait must not become longer than the server said.
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

/// The remaining time, for sighted people. It is not a live region: a screen reader would announce every second.
#[component]
pub(crate) fn Countdown(
    /// The wait to count down.
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
