//! Unknown variables with Claviger's prefix: most likely misspelt, so that the intended setting is not in effect. It
//! must not know what the settings mean.

use super::{
    MASTER_KEY,
    environment::Environment,
    error::ConfigurationError,
    setting::{self, Names},
};

const PREFIX: &str = "CLAVIGER_";

/// Variables that other programs set: the tests and scripts of this project, and Kubernetes, which describes a
/// service named `claviger` to every container beside it.
const FOREIGN: [&str; 6] = [
    "CLAVIGER_TEST_",
    "CLAVIGER_CACHE",
    "CLAVIGER_ROOT",
    "CLAVIGER_SCREENSHOTS",
    "CLAVIGER_SERVICE_",
    "CLAVIGER_PORT",
];

/// Settings that were renamed: the old name and the current one.
const RENAMED: [(&str, Names); 1] = [("CLAVIGER_BRAND", setting::KEY_PREFIX)];

pub(super) fn refuse_variables(environment: &Environment) -> Result<(), ConfigurationError> {
    let known: Vec<&str> = setting::ALL.iter().map(Names::variable).chain([MASTER_KEY]).collect();
    for name in environment.names().filter(|name| name.starts_with(PREFIX)) {
        let is_foreign = FOREIGN.iter().any(|foreign| name.starts_with(foreign));
        if !is_foreign && !known.contains(&name) {
            let renamed = RENAMED.iter().find(|(old, _)| *old == name).map(|(_, new)| new.variable());
            let nearest = renamed.or_else(|| known.iter().min_by_key(|known| distance(known, name)).copied());
            let nearest = nearest.unwrap_or_default();
            return Err(ConfigurationError::UnknownVariable { name: name.to_owned(), nearest });
        }
    }
    Ok(())
}

/// The Levenshtein distance: how many characters must be inserted, deleted or substituted to turn one text into the
/// other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, character) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (column, candidate) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(character != *candidate);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str) -> Option<String> {
        refuse_variables(&Environment::holding(&[(name, "1")])).err().map(|problem| problem.to_string())
    }

    #[test]
    fn a_misspelt_variable_is_named_with_the_one_that_was_meant() {
        for (wrong, meant) in [
            ("CLAVIGER_REGISTRATON", "CLAVIGER_REGISTRATION"),
            ("CLAVIGER_PUBLICURL", "CLAVIGER_PUBLIC_URL"),
            ("CLAVIGER_LIMIT_PER_SECOND", "CLAVIGER_LIMITS_PER_SECOND"),
            ("CLAVIGER_MASTERKEY", "CLAVIGER_MASTER_KEY"),
            ("CLAVIGER_BRAND", "CLAVIGER_KEY_PREFIX"),
        ] {
            let complaint = refused(wrong).unwrap();
            assert!(complaint.starts_with(wrong) && complaint.ends_with(&format!("{meant}?")), "{complaint}");
        }
    }

    #[test]
    fn variables_of_others_are_let_be() {
        for name in [
            "CLAVIGER_TEST_POSTGRES_URL",
            "CLAVIGER_ROOT",
            "CLAVIGER_PORT_3000_TCP_ADDR",
            "CLAVIGER_SERVICE_HOST",
            "PATH",
        ] {
            assert_eq!(refused(name), None, "{name}");
        }
    }

    #[test]
    fn every_setting_is_known() {
        for names in setting::ALL {
            assert_eq!(refused(names.variable()), None);
        }
        assert_eq!(refused(MASTER_KEY), None);
    }
}
