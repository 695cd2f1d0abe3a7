//! Settings that are refused or cause a warning, because they are probably not intended.

use super::*;

const PUBLIC: (&str, &str) = ("CLAVIGER_PUBLIC_URL", "https://keys.example.org");

#[test]
fn registration_is_closed_once_there_is_a_public_url_unless_it_is_opened() {
    let registration = |variables: &[(&str, &str)]| with(variables).unwrap().registration;
    assert_eq!(registration(&[]), Registration::Open);
    assert_eq!(registration(&[PUBLIC]), Registration::Closed);
    assert_eq!(registration(&[PUBLIC, ("CLAVIGER_REGISTRATION", "open")]), Registration::Open);
    let in_file = with_file("[claviger]\npublic-url = \"https://keys.example.org\"").unwrap();
    assert_eq!(in_file.registration, Registration::Closed);
}

#[test]
fn a_misspelt_variable_is_an_error() {
    let text = complaint(with(&[("CLAVIGER_REGISTRATON", "closed")]), "CLAVIGER_REGISTRATON");
    assert!(text.contains("did you mean CLAVIGER_REGISTRATION?"), "{text}");
}

#[test]
fn a_misspelt_key_in_the_section_of_leptos_is_an_error() {
    let text = complaint(with_file("site-adr = \"0.0.0.0:80\""), "site-adr");
    assert!(text.contains("line 4"), "{text}");
}

#[test]
fn a_line_that_is_no_toml_is_not_repeated() {
    let text = complaint(with_file("[claviger]\ndatabase-url = \"postgres://u:hunter2@h/x\n"), "line 5");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for (variables, complains_of) in [
        (&[("CLAVIGER_PUBLIC_URL", "http://keys.example.org")][..], "only over https"),
        (&[("CLAVIGER_TRUSTED_PROXIES", "0.0.0.0/0")], "trusts everybody"),
        (&[("CLAVIGER_LIMITS_PER_SECOND", "500")], "is 500 requests a second, more than the 120 a minute"),
        (&[("CLAVIGER_BUNDLE_SERVICES", "")], "is set, but empty"),
        (&[("CLAVIGER_DATABASE_INSECURE", "yes")], "must be allow or refuse"),
    ] {
        let text = complaint(with(variables), variables[0].0);
        assert!(text.contains(complains_of), "{text}");
    }
    with(&[("CLAVIGER_LIMITS_PER_SECOND", "500"), ("CLAVIGER_LIMITS_PER_MINUTE", "500")]).unwrap();
}

#[test]
fn an_address_to_listen_on_may_have_spaces_around_it() {
    assert_eq!(with(&[("LEPTOS_SITE_ADDR", " 0.0.0.0:80 ")]).unwrap().leptos.site_addr.port(), 80);
}

#[test]
fn what_is_likely_not_meant_is_pointed_out() {
    let warnings = |variables: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        let data = [("CLAVIGER_DATA_DIR", folder.path().to_str().unwrap())];
        set_mode(folder.path(), 0o700);
        with(&[&data, variables].concat()).unwrap().warnings().join("\n")
    };
    assert!(!warnings(&[]).contains("CLAVIGER_TRUSTED_PROXIES"));
    let open = ("CLAVIGER_REGISTRATION", "open");
    let text = warnings(&[PUBLIC, open]);
    assert!(text.contains("CLAVIGER_TRUSTED_PROXIES names no proxy"), "{text}");
    assert!(text.contains("anybody who signs up may use all of the API"), "{text}");
    let chosen = [PUBLIC, open, ("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1"), ("CLAVIGER_BUNDLE_QUOTA", "100")];
    let text = warnings(&chosen);
    assert!(!text.contains("names no proxy") && !text.contains("anybody"), "{text}");
}

#[test]
fn a_data_folder_that_others_can_read_is_pointed_out_and_one_that_all_can_write_refused() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = with(&[("CLAVIGER_DATA_DIR", folder.path().to_str().unwrap())]).unwrap();
    set_mode(folder.path(), 0o755);
    configuration.make_data_folder().unwrap();
    let text = configuration.warnings().join("\n");
    assert!(text.contains("others have access to the data folder") && text.contains("0755"), "{text}");
    set_mode(folder.path(), 0o777);
    let text = configuration.make_data_folder().unwrap_err().to_string();
    assert!(text.starts_with("everybody may write to the data folder"), "{text}");
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}
