//! Converts the answers of the core into the data that the pages show.

use super::caller::Refusal;
use crate::wire::{error::ApiError, formatted_time::FormattedTime, proof::Proof};
use claviger_core::{
    authentication::{session::SessionError, sign_in::SignInError},
    clock::Timestamp,
    internal_error::InternalError,
    limits::throttle::Throttled,
    password::PasswordAttempt,
    reauthentication::{self, ActionError},
    use_cases::{links::LinkError, sign_up::SignUpError},
};
use claviger_types::{Field, FieldError, FieldProblem};
use std::time::Duration;
use time::{OffsetDateTime, macros::format_description};

impl From<Proof> for reauthentication::Proof {
    fn from(proof: Proof) -> Self {
        match proof {
            Proof::Password { password } => Self::Password(PasswordAttempt::new(&password)),
        }
    }
}

impl From<Timestamp> for FormattedTime {
    fn from(timestamp: Timestamp) -> Self {
        let seconds = timestamp.as_micros().div_euclid(1_000_000);
        let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let machine = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        let person = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
        // Neither format can fail: both use only parts that every time has.
        Self { iso: time.format(machine).unwrap_or_default(), text: time.format(person).unwrap_or_default() }
    }
}

/// Whole seconds, rounded up. After a wait of this length, the server must not ask the caller to wait again.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl From<Throttled> for ApiError {
    fn from(throttled: Throttled) -> Self {
        match throttled {
            Throttled::Wait(duration) => Self::Waiting { seconds: seconds(duration) },
            Throttled::Locked => Self::Locked,
        }
    }
}

impl From<InternalError> for Refusal {
    fn from(failure: InternalError) -> Self {
        Self::Failed(failure)
    }
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Ended => Self::Told(ApiError::SignedOut),
            SessionError::ForeignForm => Self::Told(ApiError::CrossSite),
            SessionError::InternalError(failure) => Self::Failed(failure),
        }
    }
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Missing { email, password } => {
                let missing = |field| FieldError { field, problem: FieldProblem::Missing };
                let email = email.then(|| missing(Field::Email));
                let password = password.then(|| missing(Field::Password));
                Self::Told(ApiError::Invalid(email.into_iter().chain(password).collect()))
            }
            SignInError::NotAnEmail(error) => {
                let refused = FieldError { field: Field::Email, problem: error.into() };
                Self::Told(ApiError::Invalid(vec![refused]))
            }
            SignInError::Wrong { wait } => {
                Self::Told(ApiError::WrongCredentials { wait_seconds: seconds(wait) })
            }
            SignInError::Throttled(throttled) => Self::Told(throttled.into()),
            SignInError::Busy => Self::Told(ApiError::Busy),
            SignInError::InternalError(failure) => Self::Failed(failure),
        }
    }
}

impl From<SignUpError> for Refusal {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Closed => Self::Told(ApiError::RegistrationClosed),
            SignUpError::Invalid(fields) => Self::Told(ApiError::Invalid(fields.list())),
            SignUpError::Throttled(throttled) => Self::Told(throttled.into()),
            SignUpError::Busy => Self::Told(ApiError::Busy),
            SignUpError::InternalError(failure) => Self::Failed(failure),
        }
    }
}

impl From<ActionError> for Refusal {
    fn from(error: ActionError) -> Self {
        Self::Told(match error {
            ActionError::SignedOut => ApiError::SignedOut,
            ActionError::NotPermitted { permission, admins } => ApiError::NotPermitted { permission, admins },
            ActionError::ProofRefused { wait } => ApiError::ProofRefused { wait_seconds: seconds(wait) },
            ActionError::Throttled(throttled) => throttled.into(),
            ActionError::TooOften(wait) => ApiError::TooOften { seconds: seconds(wait) },
            ActionError::Busy => ApiError::Busy,
            ActionError::Stale { kind, at, by } => ApiError::Stale { kind, at: at.into(), by },
            ActionError::Gone => ApiError::Gone,
            ActionError::AdminsOnly => ApiError::AdminsOnly,
            ActionError::BeyondOwnPermissions => ApiError::BeyondOwnPermissions,
            ActionError::LastAdmin => ApiError::LastAdmin,
            ActionError::TooManyInvitations => ApiError::TooManyInvitations,
            ActionError::RoleInUse => ApiError::RoleInUse,
            ActionError::RoleNameTaken => {
                ApiError::Invalid(vec![FieldError { field: Field::RoleName, problem: FieldProblem::Taken }])
            }
            ActionError::Invalid(fields) => ApiError::Invalid(fields.list()),
            ActionError::InternalError(failure) => return Self::Failed(failure),
        })
    }
}

impl From<LinkError> for Refusal {
    fn from(error: LinkError) -> Self {
        Self::Told(match error {
            LinkError::Unusable => ApiError::UnusableLink,
            LinkError::EmailTaken => ApiError::EmailTaken,
            LinkError::TooOften(wait) => ApiError::TooOften { seconds: seconds(wait) },
            LinkError::Invalid(fields) => ApiError::Invalid(fields.list()),
            LinkError::Throttled(throttled) => throttled.into(),
            LinkError::Busy => ApiError::Busy,
            LinkError::InternalError(failure) => return Self::Failed(failure),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_worded_for_machines_and_for_people() {
        let moment = FormattedTime::from(Timestamp::from_micros(1_795_409_160_999_999));
        assert_eq!(moment.iso, "2026-11-23T04:46:00Z");
        assert_eq!(moment.text, "23 November 2026, 04:46 UTC");
    }

    #[test]
    fn a_part_of_a_second_counts_as_a_whole_one() {
        assert_eq!(seconds(Duration::ZERO), 0);
        assert_eq!(seconds(Duration::from_millis(1)), 1);
        assert_eq!(seconds(Duration::from_secs(30)), 30);
        assert_eq!(seconds(Duration::from_millis(29_001)), 30);
    }
}
