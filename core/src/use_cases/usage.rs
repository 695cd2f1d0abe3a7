//! How much an account used, day by day, as people see it. It must not know how it is counted.

use crate::{
    claviger::Claviger,
    domain::account::AccountId,
    store::{self, Connection, StoreError},
    verification::{PASSED, day_of},
};

/// How many days are shown.
pub const DAYS: usize = 30;

/// How the requests of the last thirty days ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The days, today the last.
    pub days: Vec<DayOfUsage>,
}

/// How the requests of a day ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayOfUsage {
    /// Which day, counted from 1970-01-01 in UTC.
    pub day: i64,
    /// How many passed.
    pub passed: u64,
    /// How many were refused, and why: the word of each reason, in order.
    pub refused: Vec<(String, u64)>,
}

impl DayOfUsage {
    /// How many were refused, for whatever reason.
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
