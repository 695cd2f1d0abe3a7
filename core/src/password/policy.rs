//! Which new passwords are too easy to guess. It must not know how passwords are stored.

use crate::domain::field_errors::PasswordError;
use zxcvbn::zxcvbn;

/// The log10 of the minimum number of guesses that a new password must take. According to zxcvbn, 10¹⁰ guesses is the
/// least that protects well against offline guessing of a slow hash; its highest score begins there. Fifteen characters
/// without any pattern take 10¹⁵ guesses; three common words in a row take fewer than 10¹⁰.
const LEAST_GUESSES_LOG10: f64 = 10.0;

/// The number of characters that zxcvbn gets. Its running time grows faster than the length of the text, and this many
/// are enough to judge a password.
const MOST_JUDGED: usize = 100;

/// Shorter parts of names also occur in many unrelated words.
const SHORTEST_NAME: usize = 3;

/// Refuses a password that is easy to guess. The password may be derived from `names`.
///
/// # Errors
/// [`PasswordError::Common`] if it is easy to guess for any attacker; [`PasswordError::MadeOfNames`] if it is easy to
/// guess only with the names.
pub(super) fn check(password: &str, names: &[&str]) -> Result<(), PasswordError> {
    let folded = password.to_lowercase();
    let names = parts_of(names);
    if !is_guessable(password, &names) && !is_guessable_beside(&folded, &names) {
        return Ok(());
    }
    if is_guessable(password, &[]) { Err(PasswordError::Common) } else { Err(PasswordError::MadeOfNames) }
}

/// Whether the password contains a name, and the rest of it is easy to guess. zxcvbn alone does not detect this: it
/// rates four names in a row like four well-chosen words.
fn is_guessable_beside(folded: &str, names: &[String]) -> bool {
    let rest = names.iter().fold(folded.to_owned(), |rest, name| rest.replace(name, ""));
    rest.len() < folded.len() && is_guessable(&rest, &[])
}

fn is_guessable(password: &str, names: &[String]) -> bool {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    zxcvbn(&judged(password), &names).guesses_log10() < LEAST_GUESSES_LOG10
}

/// The parts of the names that a password may be made of: each name, its words, and its words joined, in lower case,
/// the longest first. The words of an e-mail address are the parts between its signs, and the part before the `@`.
fn parts_of(names: &[&str]) -> Vec<String> {
    let mut parts = Vec::new();
    for name in names {
        let name = name.trim().to_lowercase();
        let words: Vec<&str> = name.split(|character: char| !character.is_alphanumeric()).collect();
        parts.push(words.concat());
        parts.extend(words.into_iter().map(str::to_owned));
        if let Some((local, host)) = name.split_once('@') {
            parts.push(local.replace(|character: char| !character.is_alphanumeric(), ""));
            parts.extend([local.to_owned(), host.to_owned()]);
        }
        parts.push(name);
    }
    parts.retain(|part| part.chars().count() >= SHORTEST_NAME);
    parts.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    parts.dedup();
    parts
}

/// The beginning of the password, in a form that zxcvbn can judge in milliseconds.
///
/// zxcvbn tries every way to read signs as letters (`$` as s, `(` as c), and each additional sign at least doubles the
/// number of ways: a hundred characters with all the signs take more than a second. So only two kinds of sign are kept.
/// The others are replaced by the character on the same key, so that rows of keys are still found. Digits are kept,
/// because they cost little.
fn judged(password: &str) -> String {
    let mut kept = Vec::new();
    let judge = |character| match without_shift(character) {
        Some(_) if kept.contains(&character) => character,
        Some(_) if kept.len() < 2 => {
            kept.push(character);
            character
        }
        Some(plain) => plain,
        None => character,
    };
    password.chars().take(MOST_JUDGED).map(judge).collect()
}

/// For each sign that zxcvbn reads as a letter: a character on a key nearby that zxcvbn does not read as a letter, or a
/// digit.
const fn without_shift(character: char) -> Option<char> {
    Some(match character {
        '!' => '1',
        '@' => '2',
        '$' => '4',
        '%' => '5',
        '(' => '9',
        '+' => '=',
        '{' | '[' => ']',
        '<' => ',',
        '|' => '\\',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["Northwind Traders", "Ada Lovelace", "ada.l@example.org"];

    #[test]
    fn a_password_that_everybody_guesses_is_common() {
        for password in [
            "passwordpassword",
            "123456789012345",
            "qwertyuiopasdfg",
            "aaaaaaaaaaaaaaa",
            "iloveyou1234567",
            "Password12345678!",
            "!@#$%^&*()_+QWERTY",
            "monkeydragonfootball",
            "               ",
        ] {
            assert_eq!(check(password, &[]), Err(PasswordError::Common), "{password}");
            assert_eq!(check(password, &NAMES), Err(PasswordError::Common), "{password}");
        }
    }

    #[test]
    fn a_password_made_of_names_is_refused() {
        for password in [
            "northwindtraders1",
            "NORTHWIND-TRADERS",
            "NorthwindTraders!!",
            "n0rthw1ndtr4ders",
            "sredartdniwhtron",
            "northwindtraders-billing",
            "traders northwind 2024",
            "ada lovelace ada lovelace",
            "Northwind-Traders-Ada-Lovelace",
            "ada.l@example.org…",
            "adal.northwind.17!",
            "example.org/northwind",
            "lovelace password 12345",
        ] {
            assert_eq!(check(password, &NAMES), Err(PasswordError::MadeOfNames), "{password}");
        }
    }

    #[test]
    fn names_of_any_alphabet_count() {
        assert_eq!(check("МОСКВА-москва-МОСКВА", &["Москва"]), Err(PasswordError::MadeOfNames));
    }

    #[test]
    fn without_the_names_the_same_passwords_are_accepted() {
        for password in ["northwindtraders1", "ada lovelace ada lovelace", "northwindtraders-billing"] {
            assert_eq!(check(password, &[]), Ok(()), "{password}");
        }
    }

    #[test]
    fn a_password_that_is_hard_to_guess_is_accepted() {
        for password in [
            "correct horse battery staple",
            "violet cabin rapid moss 12",
            "k7Qm9x2LpWv4TzR",
            "830471659217730",
            "ada likes green tea at dawn",
            "(k7Qm]9x2{Lp$Wv4@TzR!",
            "мой дядя самых честных правил",
        ] {
            assert_eq!(check(password, &NAMES), Ok(()), "{password}");
        }
    }

    #[test]
    fn short_and_empty_names_say_nothing() {
        assert_eq!(check("correct horse battery staple", &["or", "", " ", "a b", "e"]), Ok(()));
    }

    #[test]
    fn names_give_their_words_together_and_alone() {
        assert_eq!(
            parts_of(&["Ada.L@Example.org", "Ada"]),
            ["ada.l@example.org", "adalexampleorg", "example.org", "example", "ada.l", "adal", "ada", "org"]
        );
    }

    #[test]
    fn two_kinds_of_sign_stay_and_the_rest_become_their_keys() {
        assert_eq!(judged("p@$$w!rd (@) %<|+{["), "p@$$w1rd 9@) 5,\\=]]");
    }

    #[test]
    fn no_password_takes_long_to_judge() {
        // Without `judged`, this password takes fifteen seconds in a build without optimisation.
        let judged = judged(&"4@8({[<369!1|7$5+%20".repeat(50));
        assert_eq!(judged.chars().count(), MOST_JUDGED);
        let mut signs: Vec<char> = judged.chars().filter(|sign| without_shift(*sign).is_some()).collect();
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(signs, ['(', '@']);
    }
}
