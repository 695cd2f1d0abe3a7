//! Turns what the core answers into what the pages show.

use super::{
    caller::Refusal,
    credential::DisclosedKey,
    error::{ApiError, CredentialKind, Field, FieldError, Moment, Permission, Problem},
};
use claviger_core::{
    authentication::{session::SessionError, sign_in::SignInError},
    clock::Timestamp,
    credential_key::CredentialKey,
    domain::{
        credential,
        field_errors::{EmailProblem, FieldErrors, PasswordError},
        member::EmailError,
        permission,
        text::TextError,
    },
    internal_error::InternalError,
    limits::throttle::Throttled,
    reauthentication::ActionError,
    use_cases::{links::LinkError, sign_up::SignUpError},
};
use std::time::Duration;
use time::{OffsetDateTime, macros::format_description};

impl From<CredentialKind> for credential::CredentialKind {
    fn from(kind: CredentialKind) -> Self {
        match kind {
            CredentialKind::ApiKey => Self::ApiKey,
            CredentialKind::BundleKey => Self::BundleKey,
        }
    }
}

impl From<credential::CredentialKind> for CredentialKind {
    fn from(kind: credential::CredentialKind) -> Self {
        match kind {
            credential::CredentialKind::ApiKey => Self::ApiKey,
            credential::CredentialKind::BundleKey => Self::BundleKey,
        }
    }
}

impl From<&CredentialKey> for DisclosedKey {
    fn from(key: &CredentialKey) -> Self {
        Self { kind: key.kind().into(), value: key.expose().to_owned() }
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        let seconds = timestamp.as_micros().div_euclid(1_000_000);
        let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let machine = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        let person = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
        // Neither form can fail: both ask only for what every time has.
        Self { iso: time.format(machine).unwrap_or_default(), text: time.format(person).unwrap_or_default() }
    }
}

/// Whole seconds, rounded up: whoever waits as long as they are told must not be told to wait again.
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
                let missing = |field| FieldError { field, problem: Problem::Missing };
                let email = email.then(|| missing(Field::Email));
                let password = password.then(|| missing(Field::Password));
                Self::Told(ApiError::Invalid(email.into_iter().chain(password).collect()))
            }
            SignInError::NotAnEmail(error) => {
                let problem = email_problem(EmailProblem::Form(error));
                Self::Told(ApiError::Invalid(vec![FieldError { field: Field::Email, problem }]))
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
            SignUpError::Invalid(fields) => Self::Told(ApiError::Invalid(field_errors(fields))),
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
            ActionError::NotPermitted { permission, admins } => {
                ApiError::NotPermitted { permission: permission.into(), admins }
            }
            ActionError::WrongPassword { wait } => ApiError::WrongPassword { wait_seconds: seconds(wait) },
            ActionError::Throttled(throttled) => throttled.into(),
            ActionError::TooOften(wait) => ApiError::TooOften { seconds: seconds(wait) },
            ActionError::Busy => ApiError::Busy,
            ActionError::Stale { kind, at, by } => ApiError::Stale { kind: kind.into(), at: at.into(), by },
            ActionError::Gone => ApiError::Gone,
            ActionError::AdminsOnly => ApiError::AdminsOnly,
            ActionError::BeyondOwnPermissions => ApiError::BeyondOwnPermissions,
            ActionError::LastAdmin => ApiError::LastAdmin,
            ActionError::TooManyInvitations => ApiError::TooManyInvitations,
            ActionError::RoleInUse => ApiError::RoleInUse,
            ActionError::RoleNameTaken => {
                ApiError::Invalid(vec![FieldError { field: Field::RoleName, problem: Problem::Taken }])
            }
            ActionError::Invalid(fields) => ApiError::Invalid(field_errors(fields)),
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
            LinkError::Invalid(fields) => ApiError::Invalid(field_errors(fields)),
            LinkError::Throttled(throttled) => throttled.into(),
            LinkError::Busy => ApiError::Busy,
            LinkError::InternalError(failure) => return Self::Failed(failure),
        })
    }
}

impl From<Permission> for permission::Permission {
    fn from(permission: Permission) -> Self {
        match permission {
            Permission::ApiCredentialsManagement => Self::ApiCredentialsManagement,
            Permission::MemberManagement => Self::MemberManagement,
            Permission::AuditLog => Self::AuditLog,
        }
    }
}

impl From<permission::Permission> for Permission {
    fn from(permission: permission::Permission) -> Self {
        match permission {
            permission::Permission::ApiCredentialsManagement => Self::ApiCredentialsManagement,
            permission::Permission::MemberManagement => Self::MemberManagement,
            permission::Permission::AuditLog => Self::AuditLog,
        }
    }
}

pub(super) fn field_errors(fields: FieldErrors) -> Vec<FieldError> {
    let problems = [
        (Field::Organisation, fields.organisation.map(text_problem)),
        (Field::Name, fields.name.map(text_problem)),
        (Field::Email, fields.email.map(email_problem)),
        (Field::Password, fields.password.map(password_problem)),
    ];
    problems
        .into_iter()
        .filter_map(|(field, problem)| problem.map(|problem| FieldError { field, problem }))
        .collect()
}

pub(super) const fn text_problem(error: TextError) -> Problem {
    match error {
        TextError::Missing => Problem::Missing,
        TextError::TooLong(most) => Problem::TooLong(most),
        TextError::Unprintable => Problem::Unprintable,
    }
}

const fn email_problem(problem: EmailProblem) -> Problem {
    match problem {
        EmailProblem::Form(EmailError::Text(error)) => text_problem(error),
        EmailProblem::Form(EmailError::Form) => Problem::NotAnEmail,
        EmailProblem::Taken => Problem::Taken,
    }
}

const fn password_problem(error: PasswordError) -> Problem {
    match error {
        PasswordError::Missing => Problem::Missing,
        PasswordError::TooShort(least) => Problem::TooShort(least),
        PasswordError::TooLong(most) => Problem::TooLong(most),
        PasswordError::Common => Problem::Common,
        PasswordError::MadeOfNames => Problem::MadeOfNames,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_worded_for_machines_and_for_people() {
        let moment = Moment::from(Timestamp::from_micros(1_795_409_160_999_999));
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
