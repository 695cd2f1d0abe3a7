//! The words for every error, and for some successes. They must not name a cause that the closed set of errors does not contain.

use super::bidi::isolate;
use crate::wire::error::ApiError;
use claviger_types::{CredentialKind, Field, FieldProblem, Permission};

/// The name of a key in a heading.
pub(crate) const fn key_title(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ApiKey => "API key",
        CredentialKind::BundleKey => "Bundle key",
    }
}

/// The refusal for a member without a permission.
pub(crate) fn no_permission(permission: Permission) -> String {
    format!("You need the \"{}\" permission", permission.title())
}

/// The words of an error, as one sentence or a few sentences. [`wait_sentence`] adds the words for a wait. Names are isolated.
pub(crate) fn sentence(error: &ApiError) -> String {
    match error {
        ApiError::Malformed => "The request could not be read. Reload the page and try again.".to_owned(),
        ApiError::Invalid(errors) => errors
            .first()
            .map_or("Some fields are wrong.", |first| problem_without_number(first.field, first.problem))
            .to_owned(),
        ApiError::SignedOut => "Your session has ended. Nothing was done.".to_owned(),
        ApiError::WrongCredentials { wait_seconds } => before_wait("Wrong email or password", *wait_seconds),
        ApiError::ProofRefused { wait_seconds } => before_wait("Wrong password", *wait_seconds),
        ApiError::NotPermitted { permission, admins } => {
            let mut text = format!("{}. Nothing was done.", no_permission(*permission));
            if !admins.is_empty() {
                text += &format!(" Ask {}.", any_of(admins));
            }
            text
        }
        ApiError::CrossSite => {
            "This did not come from a page of this site. Nothing was done. Reload the page and try again."
                .to_owned()
        }
        ApiError::RegistrationClosed => {
            "Registration is closed. Ask the operator of this installation for an account.".to_owned()
        }
        ApiError::InsecureConnection => {
            "This page was opened over plain HTTP, so your browser would drop the \
            session and you would not stay logged in. Open it over https, or on localhost."
                .to_owned()
        }
        ApiError::ScriptNeeded => "Viewing and copying a key need JavaScript. Nothing was done.".to_owned(),
        ApiError::Stale { at, by, .. } => {
            format!("This key was already reset at {} by {}", at.text, isolate(by))
        }
        ApiError::Gone => "This is not there any more. Nothing was done. Reload the page.".to_owned(),
        ApiError::AdminsOnly => "Only an admin may do this. Nothing was done.".to_owned(),
        ApiError::BeyondOwnPermissions => {
            "You cannot give a permission that you do not have. Nothing was done.".to_owned()
        }
        ApiError::LastAdmin => {
            "This is the last active admin, who must stay one. Nothing was done.".to_owned()
        }
        ApiError::RoleInUse => {
            "Members have this role. Give them another one first. Nothing was done.".to_owned()
        }
        ApiError::TooManyInvitations => {
            "100 invitations are open, and there can be no more. Withdraw one that is not \
            needed. Nothing was done."
                .to_owned()
        }
        ApiError::EmailTaken => {
            "Somebody has an account with this address already, and an address can belong to one \
            organisation only. Log in with it, or ask for an invitation to another address."
                .to_owned()
        }
        ApiError::UnusableLink => {
            "This link does not work, or not any more. Ask whoever gave it to you for a new one.".to_owned()
        }
        ApiError::Waiting { seconds } => before_wait("Too many wrong passwords", *seconds),
        ApiError::TooOften { .. } => "This was done too often, so this time nothing was done.".to_owned(),
        ApiError::Locked => {
            "Too many wrong passwords. Only an admin or the operator can unlock this before a day has passed."
                .to_owned()
        }
        ApiError::Busy => {
            "The server is busy with other passwords. Nothing was done. Try again in a moment.".to_owned()
        }
        ApiError::Unavailable => {
            "The database does not answer right now. Nothing was changed. Try again in a moment.".to_owned()
        }
        ApiError::Unconfirmed => {
            "The database did not say in time whether the change was made. Load the page again to see, before \
             you try once more."
                .to_owned()
        }
        ApiError::Unreachable => {
            "The server could not be reached. Check your connection and try again.".to_owned()
        }
        ApiError::Internal { request_id } => {
            let mut text = "Something went wrong on the server. Nothing was done.".to_owned();
            if is_id(request_id) {
                text += &format!(" The operator finds the cause under {request_id}.");
            }
            text
        }
    }
}

/// The words for the problem of a field.
pub(crate) fn problem(field: Field, problem: FieldProblem) -> String {
    match problem {
        FieldProblem::TooLong(most) => format!("Use at most {most} characters."),
        FieldProblem::TooShort(least) => format!("Use at least {least} characters."),
        other => problem_without_number(field, other).to_owned(),
    }
}

const fn problem_without_number(field: Field, problem: FieldProblem) -> &'static str {
    match (problem, field) {
        (FieldProblem::Missing, Field::Organisation) => "Enter the name of your organisation.",
        (FieldProblem::Missing, Field::Name) => "Enter your name.",
        (FieldProblem::Missing, Field::Email) => "Enter your email address.",
        (FieldProblem::Missing, Field::Password) => "Enter your password.",
        (FieldProblem::Missing, Field::NewPassword) => "Enter a new password.",
        (FieldProblem::Missing, Field::RoleName) => "Enter a name for the role.",
        (FieldProblem::Taken, Field::RoleName) => "There is a role with this name already.",
        (FieldProblem::TooLong(_), _) => "This is too long.",
        (FieldProblem::TooShort(_), _) => "This is too short.",
        (FieldProblem::Unprintable, _) => "Remove the characters that cannot be printed.",
        (FieldProblem::NotAnEmail, _) => "Enter an email address, such as ada@example.org.",
        (FieldProblem::Taken, _) => "Somebody has an account with this email address already.",
        (FieldProblem::Common, _) => "This password is among the first to be guessed. Choose another one.",
        (FieldProblem::MadeOfNames, _) => {
            "This password is made of the names on this form. Choose another one."
        }
    }
}

/// Adds the full stop only if the words for a wait follow.
fn before_wait(what: &str, seconds: u64) -> String {
    format!("{what}{}", if seconds == 0 { "" } else { "." })
}

/// `Wait 30 seconds before the next try.`, or nothing if there is no wait.
pub(crate) fn wait_sentence(seconds: u64) -> Option<String> {
    (seconds > 0).then(|| format!("Wait {} before the next try.", duration(seconds)))
}

/// `1 second`, `30 seconds`, `29 minutes 1 second`.
pub(crate) fn duration(seconds: u64) -> String {
    let of = |number: u64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match (seconds / 60, seconds % 60) {
        (0, seconds) => of(seconds, "second"),
        (minutes, 0) => of(minutes, "minute"),
        (minutes, seconds) => format!("{} {}", of(minutes, "minute"), of(seconds, "second")),
    }
}

/// `Ada`, `Ada or Grace`, `Ada, Grace or Barbara`.
fn any_of(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| isolate(name)).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Whether a text looks like a request id. The error may come from the address of the page, which an attacker can write, so the
/// page shows a request id only if it passes this check.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::formatted_time::FormattedTime;
    use claviger_types::FieldError;

    fn moment() -> FormattedTime {
        FormattedTime {
            iso: "2026-11-23T04:46:00Z".to_owned(),
            text: "23 November 2026, 04:46 UTC".to_owned(),
        }
    }

    #[test]
    fn a_wrong_password_names_the_wait_only_if_there_is_one() {
        let wait = |seconds| {
            let error = ApiError::ProofRefused { wait_seconds: seconds };
            (sentence(&error), wait_sentence(error.wait_seconds()))
        };
        assert_eq!(wait(0), ("Wrong password".to_owned(), None));
        let words = "Wait 30 seconds before the next try.".to_owned();
        assert_eq!(wait(30), ("Wrong password.".to_owned(), Some(words)));
    }

    #[test]
    fn a_wait_is_said_to_the_second() {
        for (seconds, words) in [
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "1 minute 1 second"),
            (3_600, "60 minutes"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn a_stale_reset_says_when_and_by_whom() {
        let error = ApiError::Stale { kind: CredentialKind::ApiKey, at: moment(), by: "Ada".to_owned() };
        assert_eq!(
            sentence(&error),
            "This key was already reset at 23 November 2026, 04:46 UTC by \u{2068}Ada\u{2069}"
        );
    }

    #[test]
    fn a_missing_permission_names_all_admins() {
        let admins = ["Ada", "Grace", "Barbara"].map(str::to_owned).to_vec();
        assert_eq!(
            sentence(&ApiError::NotPermitted { permission: Permission::ApiCredentialsManagement, admins }),
            "You need the \"API credentials management\" permission. Nothing was done. \
             Ask \u{2068}Ada\u{2069}, \u{2068}Grace\u{2069} or \u{2068}Barbara\u{2069}."
        );
        assert!(
            sentence(&ApiError::NotPermitted { permission: Permission::AuditLog, admins: vec![] })
                .ends_with("Nothing was done.")
        );
    }

    #[test]
    fn only_what_looks_like_a_request_id_is_shown() {
        let of = |id: &str| sentence(&ApiError::Internal { request_id: id.to_owned() });
        assert!(of("0199-abc").contains("under 0199-abc"));
        assert!(!of("call 555 1234").contains("call"));
        assert!(!of("").contains("under"));
    }

    #[test]
    fn a_number_is_said_where_a_field_is_too_long_or_short() {
        assert_eq!(problem(Field::Password, FieldProblem::TooShort(15)), "Use at least 15 characters.");
        assert_eq!(problem(Field::Name, FieldProblem::TooLong(100)), "Use at most 100 characters.");
    }

    #[test]
    fn every_error_and_problem_has_words_of_its_own() {
        let errors = [
            ApiError::Malformed,
            ApiError::Invalid(vec![FieldError { field: Field::Password, problem: FieldProblem::Missing }]),
            ApiError::SignedOut,
            ApiError::WrongCredentials { wait_seconds: 0 },
            ApiError::ProofRefused { wait_seconds: 0 },
            ApiError::NotPermitted { permission: Permission::MemberManagement, admins: vec![] },
            ApiError::Gone,
            ApiError::AdminsOnly,
            ApiError::BeyondOwnPermissions,
            ApiError::LastAdmin,
            ApiError::RoleInUse,
            ApiError::TooManyInvitations,
            ApiError::EmailTaken,
            ApiError::UnusableLink,
            ApiError::CrossSite,
            ApiError::RegistrationClosed,
            ApiError::InsecureConnection,
            ApiError::Stale { kind: CredentialKind::BundleKey, at: moment(), by: "Ada".to_owned() },
            ApiError::Waiting { seconds: 30 },
            ApiError::TooOften { seconds: 30 },
            ApiError::Locked,
            ApiError::Busy,
            ApiError::Unavailable,
            ApiError::Unconfirmed,
            ApiError::Unreachable,
            ApiError::Internal { request_id: "1".to_owned() },
        ];
        let words: std::collections::HashSet<_> = errors.iter().map(sentence).collect();
        assert_eq!(words.len(), errors.len());

        let problems = [
            FieldProblem::Missing,
            FieldProblem::TooLong(1),
            FieldProblem::TooShort(1),
            FieldProblem::Unprintable,
            FieldProblem::NotAnEmail,
            FieldProblem::Taken,
            FieldProblem::Common,
            FieldProblem::MadeOfNames,
        ];
        let words: std::collections::HashSet<_> =
            problems.iter().map(|each| problem(Field::Email, *each)).collect();
        assert_eq!(words.len(), problems.len());
    }
}
