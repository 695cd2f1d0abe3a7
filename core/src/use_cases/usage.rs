//! The usage of an account, day by day, as pages show it. It must not know how requests are counted.

use crate::{
    claviger::Claviger,
    domain::account::AccountId,
    store::{self, Connection, StoreError},
    verification::{PASSED, day_of},
};

/// The number of days that are shown.
pub const DAYS: usize = 30;

/// The outcomes of the requests of the last thirty days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The days in order; today is the last.
    pub days: Vec<DayOfUsage>,
}

/// The outcomes of the requests of one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayOfUsage {
    /// The day, counted from 1970-01-01 in UTC.
    pub day: i64,
    /// The number of requests that passed.
    pub passed: u64,
    /// The number of refused requests for each reason, sorted by the name of the reason.
    pub refused: Vec<(String, u64)>,
}

impl DayOfUsage {
    /// The number of refused requests, for all reasons together.
    #[must_use]
    pub fn refused_in_all(&self) -> u64 {
        self.refused.iter().map(|(_, count)| count).sum()
    }
}

impl Claviger {
    pub(crate) async fn recent_usage(
        &self,
        connection: &mut Connection,
        account: &AccountId,
    ) -> Result<Usage, StoreError> {
        let today = day_of(self.now());
        let first = today - i64::try_from(DAYS).unwrap_or(0) + 1;
        let rows = store::usage::since(connection, account, first).await?;
        let of_day = |day| {
            let mut of_day = DayOfUsage { day, ..DayOfUsage::default() };
            for row in rows.iter().filter(|row| row.day == day) {
                if row.outcome == PASSED {
                    of_day.passed = row.count;
                } else {
                    of_day.refused.push((row.outcome.clone(), row.count));
                }
            }
            of_day
        };
        Ok(Usage { days: (first..=today).map(of_day).collect() })
    }
}
