//! The value of a key while the page may hold it. The value must not outlive its deadline, whatever timers do.

use leptos::prelude::*;

/// The time after which the value is removed.
const LIFETIME_MS: f64 = 30_000.0;

/// A value and its remaining seconds.
#[derive(Clone, Copy)]
pub(super) struct Disclosure {
    value: RwSignal<Option<String>>,
    seconds: RwSignal<u32>,
    deadline: StoredValue<f64>,
}

impl Disclosure {
    /// Creates a disclosure without a value.
    pub(super) fn new() -> Self {
        Self { value: RwSignal::new(None), seconds: RwSignal::new(0), deadline: StoredValue::new(0.0) }
    }

    /// Holds a value from `now` on. `now` is in milliseconds.
    pub(super) fn show(self, value: String, now: f64) {
        self.deadline.set_value(now + LIFETIME_MS);
        self.seconds.set(seconds(LIFETIME_MS));
        self.value.set(Some(value));
    }

    /// Removes the value. Returns whether there was a value.
    pub(super) fn hide(self) -> bool {
        self.value.try_maybe_update(|value| {
            let held = value.take().is_some();
            (held, held)
        }) == Some(true)
    }

    /// Removes the value after its time. Returns whether this call removed it. A clock that was set back also removes it.
    pub(super) fn tick(self, now: f64) -> bool {
        let Some(left) = self.deadline.try_get_value().map(|deadline| deadline - now) else { return false };
        if left <= 0.0 || left > LIFETIME_MS {
            return self.hide();
        }
        let left = seconds(left);
        if self.seconds.try_get_untracked() != Some(left) {
            let _ = self.seconds.try_set(left);
        }
        false
    }

    /// The value, if one is held.
    pub(super) fn value(self) -> Option<String> {
        self.value.get()
    }

    /// The value, without tracking.
    pub(super) fn value_now(self) -> Option<String> {
        self.value.get_untracked()
    }

    /// Whether a value is held.
    pub(super) fn is_shown(self) -> bool {
        self.value.with(Option::is_some)
    }

    /// Whether a value is held, without tracking.
    pub(super) fn is_shown_now(self) -> bool {
        self.value.try_with_untracked(Option::is_some) == Some(true)
    }

    /// The remaining seconds.
    pub(super) fn seconds(self) -> u32 {
        self.seconds.get()
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 30 000")]
fn seconds(milliseconds: f64) -> u32 {
    (milliseconds / 1000.0).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_at_1000(test: impl FnOnce(Disclosure)) {
        let owner = Owner::new();
        owner.with(|| {
            let disclosure = Disclosure::new();
            disclosure.show("value".to_owned(), 1000.0);
            test(disclosure);
        });
    }

    #[test]
    fn a_value_is_gone_after_thirty_seconds_of_the_clock() {
        shown_at_1000(|disclosure| {
            assert!(!disclosure.tick(30_999.0));
            assert!(disclosure.is_shown_now());
            assert!(disclosure.tick(31_000.0));
            assert!(!disclosure.is_shown_now());
            assert!(!disclosure.tick(31_200.0), "it hides once only");
        });
    }

    #[test]
    fn a_clock_that_jumps_either_way_ends_the_showing() {
        shown_at_1000(|disclosure| assert!(disclosure.tick(9_000_000.0)));
        shown_at_1000(|disclosure| assert!(disclosure.tick(500.0)));
    }

    #[test]
    fn the_seconds_count_down() {
        shown_at_1000(|disclosure| {
            assert_eq!(disclosure.seconds.get_untracked(), 30);
            disclosure.tick(2_500.0);
            assert_eq!(disclosure.seconds.get_untracked(), 29);
            disclosure.tick(30_900.0);
            assert_eq!(disclosure.seconds.get_untracked(), 1);
        });
    }

    #[test]
    fn a_hidden_value_is_forgotten() {
        shown_at_1000(|disclosure| {
            assert!(disclosure.hide());
            assert_eq!(disclosure.value_now(), None);
            assert!(!disclosure.hide());
        });
    }
}
