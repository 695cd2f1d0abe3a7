//! Each setting from each source, and each invalid value.

mod documented;
mod sensible;

use super::*;
use claviger_core::settings::Registration;
use secrecy::ExposeSecret;
use std::{ffi::OsString, path::Path};

const HEADER: &str = "[[workspace.metadata.leptos]]\noutput-name = \"claviger\"\nsite-root = \"site\"\n";

/// A folder with a file that contains this text after the section of leptos.
fn file(tables: &str) -> (tempfile::TempDir, ConfigurationFile) {
    file_of(&format!("{HEADER}{tables}"))
}

fn file_of(text: &str) -> (tempfile::TempDir, ConfigurationFile) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Leptos.toml"), text).unwrap();
    let file = ConfigurationFile::in_folder(folder.path()).unwrap();
    (folder, file)
}

fn embedded() -> ConfigurationFile {
    ConfigurationFile::in_folder(Path::new("/there/is/no/such/folder")).unwrap()
}

fn with(variables: &[(&str, &str)]) -> Result<Configuration, ConfigurationError> {
    Configuration::read(&embedded(), &Environment::holding(variables))
}

fn with_file(tables: &str) -> Result<Configuration, ConfigurationError> {
    let (_folder, file) = file(tables);
    Configuration::read(&file, &Environment::holding(&[]))
}

/// Returns the text of an error, and asserts that it contains `names`.
fn complaint(result: Result<Configuration, ConfigurationError>, names: &str) -> String {
    let text = result.unwrap_err().to_string();
    assert!(text.contains(names), "{text} does not name {names}");
    text
}

#[test]
fn e_mail_needs_a_server_and_a_sender() {
    let (url, from) = (
        ("CLAVIGER_SMTP_URL", "smtps://ada:hunter2@mail.example.org"),
        ("CLAVIGER_MAIL_FROM", "Keys <a@b.org>"),
    );
    assert!(with(&[]).unwrap().mail.is_none());
    let mail = with(&[url, from]).unwrap().mail.unwrap();
    assert_eq!(format!("{mail:?}"), "MailSettings");
    complaint(with(&[url]), "CLAVIGER_MAIL_FROM");
    complaint(with(&[from]), "CLAVIGER_SMTP_URL");
    complaint(with(&[url, ("CLAVIGER_MAIL_FROM", "nobody")]), "CLAVIGER_MAIL_FROM is `nobody`");
    let text =
        complaint(with(&[("CLAVIGER_SMTP_URL", "http://ada:hunter2@x"), from]), "CLAVIGER_SMTP_URL must be");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn links_made_without_a_request_begin_with_the_public_url_or_the_own_address() {
    let base = |variables: &[(&str, &str)]| with(variables).unwrap().base_url();
    assert_eq!(base(&[("CLAVIGER_PUBLIC_URL", "https://keys.example.org/")]), "https://keys.example.org");
    assert_eq!(base(&[("LEPTOS_SITE_ADDR", "0.0.0.0:80")]), "http://localhost:80");
    assert_eq!(base(&[("LEPTOS_SITE_ADDR", "192.0.2.1:3000")]), "http://192.0.2.1:3000");
}

#[test]
fn without_a_file_the_built_in_copy_serves() {
    let configuration = with(&[]).unwrap();
    assert_eq!(configuration.leptos.site_addr.to_string(), "127.0.0.1:3000");
    assert_eq!(&*configuration.leptos.output_name, "claviger");
    assert_eq!(configuration.limits, Limits { per_second: 15, per_minute: 120 });
    assert_eq!(configuration.registration, Registration::Open);
    assert_eq!(configuration.key_prefix.as_str(), "clv");
    assert_eq!(configuration.public_url, None);
    assert_eq!(configuration.trusted_proxies, TrustedProxies::default());
    assert!(configuration.master_key.is_none());
    assert!(!configuration.live_reload);
}

#[test]
fn the_defaults_hold_where_the_file_says_nothing() {
    let (said, unsaid) = (with(&[]).unwrap(), with_file("").unwrap());
    assert_eq!(said.limits, unsaid.limits);
    assert_eq!(said.registration, unsaid.registration);
    assert_eq!(said.key_prefix.as_str(), unsaid.key_prefix.as_str());
    assert_eq!(said.data_folder, unsaid.data_folder);
}

#[test]
fn the_file_sets_every_value() {
    let tables = "site-addr = \"0.0.0.0:80\"\n[claviger]\npublic-url = \"https://keys.example.org/\"\n\
        registration = \"closed\"\ntrusted-proxies = [\"10.0.0.0/8\", \"::1\"]\nkey-prefix = \"acme\"\n\
        data-dir = \"store\"\ndatabase-url = \"postgres://db/claviger\"\n\
        verify-addr = \"127.0.0.1:81\"\nmetrics-addr = \"127.0.0.1:82\"\n\
        [claviger.limits]\nper-second = 7\nper-minute = 70\n\
        [claviger.bundle]\nname = \"gold\"\nservices = [\"maps\", \"geo\"]\nquota = 9\ndays = 3\ntrial = true\n";
    let (folder, file) = file(tables);
    let configuration = Configuration::read(&file, &Environment::holding(&[])).unwrap();
    assert_eq!(configuration.leptos.site_addr.to_string(), "0.0.0.0:80");
    assert_eq!(configuration.public_url, WebOrigin::parse("https://keys.example.org"));
    assert_eq!(configuration.registration, Registration::Closed);
    assert!(configuration.trusted_proxies.contains("10.9.9.9".parse().unwrap()));
    assert_eq!(configuration.key_prefix.as_str(), "acme");
    assert_eq!(configuration.data_folder, folder.path().join("store"));
    assert_eq!(configuration.database_url.as_str(), "postgres://db/claviger");
    assert_eq!(configuration.limits, Limits { per_second: 7, per_minute: 70 });
    assert_eq!(configuration.verify_addr, "127.0.0.1:81".parse().ok());
    assert_eq!(configuration.metrics_addr, "127.0.0.1:82".parse().ok());
    let bundle = DefaultBundle {
        name: BundleName::parse("gold").unwrap(),
        services: Services::parse("geo maps").unwrap(),
        quota: Some(9),
        days: Some(3),
        is_trial: true,
    };
    assert_eq!(configuration.bundle, bundle);
}

#[test]
fn what_is_wrong_with_a_bundle_is_named() {
    for (name, wrong) in [
        ("CLAVIGER_BUNDLE_NAME", "Gold bundle"),
        ("CLAVIGER_BUNDLE_SERVICES", "maps;geo"),
        ("CLAVIGER_BUNDLE_QUOTA", "0"),
        ("CLAVIGER_BUNDLE_DAYS", "4294967296"),
        ("CLAVIGER_BUNDLE_TRIAL", "yes"),
        ("CLAVIGER_VERIFY_ADDR", "3001"),
        ("CLAVIGER_METRICS_ADDR", "everywhere"),
    ] {
        let complaint = complaint(with(&[(name, wrong)]), name);
        assert!(complaint.contains(wrong), "{complaint}");
    }
}

#[test]
fn the_environment_overrides_the_file() {
    let tables = "[claviger]\npublic-url = \"https://file.example\"\nregistration = \"open\"\n\
        trusted-proxies = [\"10.0.0.0/8\"]\nkey-prefix = \"file\"\ndata-dir = \"file\"\n\
        database-url = \"postgres://file\"\n[claviger.limits]\nper-second = 1\nper-minute = 1\n";
    let (_folder, file) = file(tables);
    let environment = Environment::holding(&[
        ("CLAVIGER_PUBLIC_URL", "https://keys.example.org"),
        ("CLAVIGER_REGISTRATION", "closed"),
        ("CLAVIGER_TRUSTED_PROXIES", "192.0.2.1"),
        ("CLAVIGER_KEY_PREFIX", "acme"),
        ("CLAVIGER_DATA_DIR", "/srv/claviger"),
        ("CLAVIGER_DATABASE_URL", "sqlite:///srv/other.db"),
        ("CLAVIGER_LIMITS_PER_SECOND", "7"),
        ("CLAVIGER_LIMITS_PER_MINUTE", "70"),
        ("CLAVIGER_MASTER_KEY", "bWFzdGVyIGtleQ=="),
        ("LEPTOS_SITE_ADDR", "0.0.0.0:80"),
        ("LEPTOS_WATCH", "ON"),
    ]);
    let configuration = Configuration::read(&file, &environment).unwrap();
    assert_eq!(configuration.public_url, WebOrigin::parse("https://keys.example.org"));
    assert_eq!(configuration.registration, Registration::Closed);
    assert_eq!(configuration.trusted_proxies, TrustedProxies::parse("192.0.2.1").unwrap());
    assert_eq!(configuration.key_prefix.as_str(), "acme");
    assert_eq!(configuration.data_folder, Path::new("/srv/claviger"));
    assert_eq!(configuration.database_url.as_str(), "sqlite:///srv/other.db");
    assert_eq!(configuration.limits, Limits { per_second: 7, per_minute: 70 });
    assert_eq!(configuration.master_key.unwrap().expose_secret(), "bWFzdGVyIGtleQ==");
    assert_eq!(configuration.leptos.site_addr.to_string(), "0.0.0.0:80");
    assert!(configuration.live_reload);
}

#[test]
fn each_wrong_variable_is_named() {
    for (name, value, complains_of) in [
        ("CLAVIGER_PUBLIC_URL", "keys.example.org", "`keys.example.org`"),
        ("CLAVIGER_PUBLIC_URL", "https://keys.example.org/portal", "nothing behind it"),
        ("CLAVIGER_REGISTRATION", "maybe", "must be open or closed"),
        ("CLAVIGER_TRUSTED_PROXIES", "10.0.0.1, proxy", "`proxy`"),
        ("CLAVIGER_KEY_PREFIX", "not a prefix", "`not a prefix`"),
        ("CLAVIGER_DATABASE_URL", "mysql://localhost", "must begin with"),
        ("CLAVIGER_LIMITS_PER_SECOND", "0", "from 1 to"),
        ("CLAVIGER_LIMITS_PER_MINUTE", "lots", "`lots`"),
        ("CLAVIGER_MASTER_KEY", " ", "empty"),
        ("CLAVIGER_DATA_DIR", "", "empty"),
        ("LEPTOS_SITE_ADDR", "localhost", "`localhost`"),
    ] {
        let text = complaint(with(&[(name, value)]), name);
        assert!(text.contains(complains_of), "{text}");
    }
}

#[test]
fn each_wrong_key_of_the_file_is_named() {
    for (tables, key) in [
        ("[claviger]\npublic-url = \"x\"", "claviger.public-url"),
        ("[claviger]\nregistration = \"x\"", "claviger.registration"),
        ("[claviger]\ntrusted-proxies = [\"x\"]", "claviger.trusted-proxies"),
        ("[claviger]\nkey-prefix = \"\"", "claviger.key-prefix"),
        ("[claviger]\ndatabase-url = \"x\"", "claviger.database-url"),
        ("[claviger.limits]\nper-second = 0", "claviger.limits.per-second"),
        ("[claviger.limits]\nper-minute = -1", "claviger.limits.per-minute"),
    ] {
        let text = complaint(with_file(tables), key);
        assert!(text.contains("Leptos.toml"), "{text}");
    }
}

#[test]
fn unknown_keys_are_named_with_their_line() {
    for (tables, key) in [
        ("[claviger]\nregistratoin = \"closed\"", "registratoin"),
        ("[claviger.limits]\nper-hour = 9", "per-hour"),
        ("[clavigre]\nkey-prefix = \"x\"", "clavigre"),
    ] {
        let text = complaint(with_file(tables), key);
        assert!(text.contains("line "), "{text}");
    }
    assert!(complaint(with_file("[claviger]\nregistratoin = \"closed\""), "line 5").contains("Leptos.toml"));
}

#[test]
fn values_of_the_wrong_type_are_named_with_their_line() {
    complaint(with_file("[claviger]\nkey-prefix = 7"), "line 5");
    complaint(with_file("[claviger]\nkey-prefix = "), "line 5");
    complaint(with_file("[claviger.limits]\nper-second = \"many\""), "line 5");
}

#[test]
fn a_master_key_in_the_file_is_refused_and_not_repeated() {
    let text = complaint(with_file("[claviger]\nmaster-key = \"c2VjcmV0\""), "master-key");
    assert!(!text.contains("c2VjcmV0"), "{text}");
}

#[test]
fn a_wrong_database_url_is_not_repeated() {
    let text =
        complaint(with(&[("CLAVIGER_DATABASE_URL", "mysql://me:hunter2@db")]), "CLAVIGER_DATABASE_URL");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_configuration_prints_no_secret() {
    let variables =
        [("CLAVIGER_MASTER_KEY", "c2VjcmV0"), ("CLAVIGER_DATABASE_URL", "postgres://me:hunter2@db/claviger")];
    let printed = format!("{:?}", with(&variables).unwrap());
    assert!(!printed.contains("c2VjcmV0") && !printed.contains("hunter2"), "{printed}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    let broken = || std::os::unix::ffi::OsStringExt::from_vec(vec![0xff]);
    for name in ["CLAVIGER_KEY_PREFIX", "CLAVIGER_MASTER_KEY", "LEPTOS_SITE_ADDR", "LEPTOS_SITE_ROOT"] {
        let environment = Environment::new(move |asked| (asked == name).then(|| -> OsString { broken() }));
        let text = complaint(Configuration::read(&embedded(), &environment), name);
        assert!(text.contains("not Unicode"), "{text}");
    }
}

#[test]
fn a_file_without_a_section_for_leptos_is_refused() {
    let (_folder, file) = file_of("[claviger]\nkey-prefix = \"acme\"\n");
    complaint(Configuration::read(&file, &Environment::holding(&[])), "[[workspace.metadata.leptos]]");
}

#[test]
fn what_leptos_does_not_understand_is_passed_on() {
    let (_folder, file) =
        file_of("[[workspace.metadata.leptos]]\noutput-name = \"x\"\nreload-port = \"many\"\n");
    complaint(Configuration::read(&file, &Environment::holding(&[])), "reload-port");
}

#[test]
fn a_file_that_cannot_be_read_is_no_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("Leptos.toml")).unwrap();
    let error = ConfigurationFile::in_folder(folder.path()).unwrap_err();
    assert!(error.to_string().contains("Leptos.toml cannot be read"), "{error}");
}

#[test]
fn the_site_lies_beside_the_file_wherever_the_server_was_started() {
    let (folder, file) = file("");
    let configuration = Configuration::read(&file, &Environment::holding(&[])).unwrap();
    assert_eq!(Path::new(&*configuration.leptos.site_root), folder.path().join("site"));
}

#[test]
fn the_site_that_the_environment_names_counts_from_the_working_directory() {
    let configuration = with(&[("LEPTOS_SITE_ROOT", "target/site")]).unwrap();
    assert_eq!(&*configuration.leptos.site_root, "target/site");
}

#[test]
fn without_the_list_of_hashes_pages_ask_for_plain_names() {
    assert!(!with(&[]).unwrap().leptos.hash_files);
}

#[test]
fn the_database_lies_in_the_data_folder() {
    let configuration = with(&[("CLAVIGER_DATA_DIR", "/srv/claviger")]).unwrap();
    assert_eq!(configuration.database_url.as_str(), "sqlite:///srv/claviger/claviger.db");
}

#[test]
fn the_data_folder_is_in_the_working_directory() {
    let here = std::env::current_dir().unwrap();
    assert_eq!(with(&[]).unwrap().data_folder, here.join("data"));
}

#[cfg(unix)]
#[test]
fn the_data_folder_is_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let configuration = with(&[("CLAVIGER_DATA_DIR", folder.to_str().unwrap())]).unwrap();
    configuration.make_data_folder().unwrap();
    configuration.make_data_folder().unwrap();
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_file_in_place_of_the_data_folder_is_an_error() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    std::fs::write(&folder, "").unwrap();
    let configuration = with(&[("CLAVIGER_DATA_DIR", folder.to_str().unwrap())]).unwrap();
    let error = configuration.make_data_folder().unwrap_err();
    assert!(error.to_string().contains("cannot be made"), "{error}");
}

#[test]
fn the_core_is_told_what_was_set() {
    let configuration =
        with(&[("CLAVIGER_DATA_DIR", "/srv/claviger"), ("CLAVIGER_REGISTRATION", "closed")]).unwrap();
    let settings = configuration.settings();
    assert_eq!(settings.database_url, "sqlite:///srv/claviger/claviger.db");
    assert_eq!(settings.data_dir, Path::new("/srv/claviger"));
    assert_eq!(settings.limits, Limits { per_second: 15, per_minute: 120 });
    assert_eq!(settings.registration, Registration::Closed);
}
