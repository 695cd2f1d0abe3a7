//! Compares the settings in README.md and Leptos.toml with the settings in code.

use super::*;
use crate::telemetry;
use std::collections::BTreeSet;

const README: &str = include_str!("../../../../README.md");
const LEPTOS_TOML: &str = include_str!("../../../../Leptos.toml");

/// Variables without a key in the tables of this program.
const ENVIRONMENT_ONLY: [&str; 4] = [MASTER_KEY, leptos::ADDRESS, leptos::SITE_ROOT, telemetry::VARIABLE];

/// Fails with the names that only one of the two sets contains.
fn assert_same(document: &str, named: &BTreeSet<&str>, settings: &BTreeSet<&str>) {
    let missing: Vec<_> = settings.difference(named).collect();
    let unknown: Vec<_> = named.difference(settings).collect();
    assert!(missing.is_empty(), "{document} lacks {missing:?}");
    assert!(unknown.is_empty(), "{document} names {unknown:?}, which no setting is");
}

fn keys_of_settings() -> BTreeSet<&'static str> {
    setting::ALL.iter().map(Names::key).collect()
}

/// A row of the table in README.md.
struct Row {
    variable: &'static str,
    default: &'static str,
}

impl Row {
    /// The default, if the cell begins with a value and not with words.
    fn default_value(&self) -> Option<&'static str> {
        self.default.strip_prefix('`').and_then(|rest| rest.split('`').next())
    }
}

fn readme_rows() -> Vec<Row> {
    let table = README.lines().skip_while(|line| !line.starts_with("| Variable | Default |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        Row { variable: cells[1].trim_matches('`'), default: cells[2] }
    })
    .collect()
}

#[test]
fn the_table_in_the_readme_has_a_row_for_each_setting_and_for_nothing_else() {
    let rows: Vec<&str> = readme_rows().iter().map(|row| row.variable).collect();
    let documented: BTreeSet<&str> = rows.iter().copied().collect();
    let settings: BTreeSet<&str> = setting::ALL.iter().map(Names::variable).chain(ENVIRONMENT_ONLY).collect();
    assert_same("README.md", &documented, &settings);
    assert_eq!(documented.len(), rows.len(), "a setting has two rows: {rows:?}");
}

#[test]
fn setting_what_the_readme_calls_the_default_changes_nothing() {
    let unset = format!("{:?}", with(&[]).unwrap());
    let rows = readme_rows();
    let stated = rows.iter().filter_map(|row| Some((row.variable, row.default_value()?)));
    let stated: Vec<_> = stated.filter(|(variable, _)| *variable != telemetry::VARIABLE).collect();
    assert!(stated.contains(&("CLAVIGER_LIMITS_PER_MINUTE", "120")), "{stated:?}");
    for default in stated {
        assert_eq!(format!("{:?}", with(&[default]).unwrap()), unset, "{default:?}");
    }
}

/// Whether a setting has no default value.
fn is_unset(configuration: &Configuration, variable: &str) -> bool {
    match variable {
        "CLAVIGER_PUBLIC_URL" => configuration.public_url.is_none(),
        "CLAVIGER_TRUSTED_PROXIES" => configuration.trusted_proxies == TrustedProxies::default(),
        "CLAVIGER_DATABASE_URL" => {
            Some(&configuration.database_url) == DatabaseUrl::in_folder(&configuration.data_folder).as_ref()
        }
        "CLAVIGER_MASTER_KEY" => configuration.master_key.is_none(),
        "CLAVIGER_BUNDLE_QUOTA" => configuration.bundle.quota.is_none(),
        "CLAVIGER_BUNDLE_DAYS" => configuration.bundle.days.is_none(),
        "CLAVIGER_VERIFY_ADDR" => configuration.verify_addr.is_none(),
        "CLAVIGER_METRICS_ADDR" => configuration.metrics_addr.is_none(),
        "CLAVIGER_SMTP_URL" | "CLAVIGER_MAIL_FROM" => configuration.mail.is_none(),
        "LEPTOS_SITE_ROOT" => configuration.leptos.site_root.ends_with("/site"),
        _ => false,
    }
}

#[test]
fn where_the_readme_states_no_value_there_is_no_default_value() {
    let configuration = with(&[]).unwrap();
    for row in readme_rows().iter().filter(|row| row.default_value().is_none()) {
        assert!(is_unset(&configuration, row.variable), "{}: {}", row.variable, row.default);
    }
}

/// The file in which every key that is commented out is active.
fn leptos_toml_with_every_key() -> String {
    let lines = LEPTOS_TOML.lines().map(|line| {
        let offered = line.strip_prefix("# ").filter(|rest| {
            let key = rest.split_once(" = ").map(|(key, _)| key);
            key.is_some_and(|key| key.chars().all(|character| matches!(character, 'a'..='z' | '-')))
        });
        offered.unwrap_or(line)
    });
    lines.map(|line| format!("{line}\n")).collect()
}

/// The keys of a table and of its nested tables, as errors name them.
fn keys_of(path: &str, table: &toml::Table) -> BTreeSet<String> {
    let keys = table.iter().flat_map(|(key, value)| {
        let path = format!("{path}.{key}");
        value.as_table().map_or_else(|| BTreeSet::from([path.clone()]), |table| keys_of(&path, table))
    });
    keys.collect()
}

#[test]
fn the_file_has_each_setting_set_or_commented_out_and_nothing_else() {
    let text = leptos_toml_with_every_key();
    let file: toml::Table = toml::from_str(&text).unwrap();
    let keys = keys_of("claviger", file["claviger"].as_table().unwrap());
    assert_same("Leptos.toml", &keys.iter().map(String::as_str).collect(), &keys_of_settings());
    let (_folder, file) = file_of(&text);
    let configuration = Configuration::read(&file, &Environment::holding(&[])).unwrap();
    assert_eq!(configuration.public_url, WebOrigin::parse("https://keys.example.org"));
    assert_eq!(configuration.data_folder, Path::new("/var/lib/claviger"));
    assert_eq!(configuration.database_url.as_str(), "postgres://claviger@localhost/claviger");
}

#[test]
fn the_file_names_the_variable_of_each_key_in_the_same_paragraph() {
    for names in setting::ALL {
        let key = names.key().rsplit('.').next().unwrap();
        let has_key = |paragraph: &&str| {
            let mut lines = paragraph.lines().map(|line| line.trim_start_matches("# "));
            lines.any(|line| line.starts_with(&format!("{key} = ")))
        };
        let mut paragraphs = LEPTOS_TOML.split("\n\n").filter(has_key);
        assert!(paragraphs.any(|paragraph| paragraph.contains(names.variable())), "{}", names.variable());
    }
    let named = LEPTOS_TOML.split(|character: char| !matches!(character, 'A'..='Z' | '_'));
    let known: Vec<&str> = setting::ALL.iter().map(Names::variable).collect();
    for variable in named.filter(|word| word.starts_with("CLAVIGER_")) {
        assert!(known.contains(&variable), "Leptos.toml names {variable}, which is no setting");
    }
}

#[test]
fn what_the_file_sets_is_what_holds_without_it() {
    let (tables, _) = LEPTOS_TOML.split_once("\n[claviger]\n").unwrap();
    let (_folder, without) = file_of(tables);
    let without = Configuration::read(&without, &Environment::holding(&[])).unwrap();
    let (_folder, with) = file_of(LEPTOS_TOML);
    let with = Configuration::read(&with, &Environment::holding(&[])).unwrap();
    let printed = |mut configuration: Configuration| {
        configuration.leptos.site_root = "".into();
        format!("{configuration:?}")
    };
    assert_eq!(printed(with), printed(without));
}

/// The allowed keys of the file, as the parser lists them for an unknown key.
fn parsed_keys(table: &str) -> BTreeSet<String> {
    let error = complaint(with_file(&format!("[{table}]\nno-such-key = 1")), "no-such-key");
    let (_, expected) = error.split_once("expected ").unwrap();
    expected.split('`').skip(1).step_by(2).map(|key| format!("{table}.{key}")).collect()
}

#[test]
fn the_parser_takes_the_key_of_each_setting_and_no_other() {
    let tables = ["claviger.limits", "claviger.bundle"];
    let mut keys = parsed_keys("claviger");
    for table in tables {
        assert!(keys.remove(table), "{table}");
        keys.extend(parsed_keys(table));
    }
    assert_same("the parser", &keys.iter().map(String::as_str).collect(), &keys_of_settings());
}
