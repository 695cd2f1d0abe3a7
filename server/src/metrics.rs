//! The metrics: counters and durations in the text format of Prometheus. It must not know accounts or keys.

use claviger_core::{claviger::Claviger, verification::Reason};
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{array, time::Instant};

/// The buckets from one microsecond to ten milliseconds, in seconds: a decision takes a few microseconds.
const BUCKETS: [f64; 9] = [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 1e-3, 1e-2];

/// The metrics of the server. If they are off, counting does nothing.
pub struct Metrics {
    passed: Counter,
    refused: [Counter; Reason::ALL.len()],
    malformed: Counter,
    seconds: Histogram,
    password_checks: Gauge,
    sessions: Gauge,
    accounts: Gauge,
    handle: Option<PrometheusHandle>,
}

claviger_core::opaque_debug!(Metrics);

impl Metrics {
    /// Metrics that are off.
    #[must_use]
    pub fn off() -> Self {
        Self {
            passed: Counter::noop(),
            refused: array::from_fn(|_| Counter::noop()),
            malformed: Counter::noop(),
            seconds: Histogram::noop(),
            password_checks: Gauge::noop(),
            sessions: Gauge::noop(),
            accounts: Gauge::noop(),
            handle: None,
        }
    }

    /// Metrics that are on.
    ///
    /// # Errors
    /// The exporter refuses its settings.
    pub fn on() -> Result<Self, BuildError> {
        let name = "claviger_verification_seconds";
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(name.to_owned()), &BUCKETS)?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // A local recorder, not the one of the process, so that one process can run two servers, as the tests do.
        Ok(metrics::with_local_recorder(&recorder, || {
            describe();
            gauge!("claviger_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
            let outcome =
                |outcome: &'static str| counter!("claviger_verifications_total", "outcome" => outcome);
            Self {
                passed: outcome("passed"),
                refused: Reason::ALL.map(|reason| outcome(reason.as_str())),
                malformed: outcome("request_malformed"),
                seconds: histogram!(name),
                password_checks: gauge!("claviger_password_checks"),
                sessions: gauge!("claviger_sessions"),
                accounts: gauge!("claviger_accounts"),
                handle: Some(handle),
            }
        }))
    }

    /// Starts measuring a verification.
    pub(crate) fn start(&self) -> Option<Instant> {
        self.handle.as_ref().map(|_| Instant::now())
    }

    /// Counts a verification that passed or was refused.
    pub(crate) fn verified(&self, refused: Option<Reason>, started: Option<Instant>) {
        let place = refused.and_then(|reason| Reason::ALL.iter().position(|known| *known == reason));
        match place.and_then(|place| self.refused.get(place)) {
            Some(counter) => counter.increment(1),
            None => self.passed.increment(1),
        }
        if let Some(started) = started {
            self.seconds.record(started.elapsed().as_secs_f64());
        }
    }

    /// Counts a malformed request.
    pub(crate) fn malformed(&self) {
        self.malformed.increment(1);
    }

    /// Returns the metrics in the format of Prometheus; `None` if they are off.
    pub(crate) async fn render(&self, claviger: &Claviger) -> Option<String> {
        let handle = self.handle.as_ref()?;
        self.password_checks.set(as_float(claviger.password_checks()));
        self.accounts.set(as_float(claviger.loaded_accounts()));
        // NaN if the database does not answer, so that the other metrics can still be scraped.
        let sessions = claviger.count_sessions().await;
        self.sessions.set(sessions.map_or(f64::NAN, as_float));
        handle.run_upkeep();
        Some(handle.render())
    }
}

fn describe() {
    metrics::describe_counter!("claviger_verifications_total", "Verifications, by how they ended");
    metrics::describe_histogram!("claviger_verification_seconds", "How long a decision took");
    metrics::describe_gauge!("claviger_password_checks", "Passwords that are being checked or wait for it");
    metrics::describe_gauge!("claviger_sessions", "Sessions that have not ended");
    metrics::describe_gauge!("claviger_accounts", "Accounts whose keys are in memory");
    metrics::describe_gauge!("claviger_build_info", "Which version runs");
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts beyond 2^53 of these")]
fn as_float(number: usize) -> f64 {
    number as f64
}
