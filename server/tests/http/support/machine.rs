//! The programs that tests need on this machine. Without them tests are skipped and say so, unless the environment
//! demands it, as `make test` does.

use std::{collections::BTreeSet, env, io::Write, path::Path, process::Command, sync::Mutex};

const POSTGRES: &str = "CLAVIGER_TEST_POSTGRES_URL";
const POSTGRES_IS_DEMANDED: &str = "CLAVIGER_TEST_DEMANDS_POSTGRES";
const PROGRAMS_ARE_DEMANDED: &str = "CLAVIGER_TEST_DEMANDS_PROGRAMS";
/// The folder of servers on Debian. It is often not on PATH.
const SERVERS: &str = "/usr/sbin";

/// The URL of the PostgreSQL that the environment names.
pub(crate) fn postgres_url() -> Option<String> {
    let url = env::var(POSTGRES).ok();
    if url.is_none() {
        skip(&format!("the tests on PostgreSQL, because {POSTGRES} names no server"), POSTGRES_IS_DEMANDED);
    }
    url
}

/// Whether a program can be started.
pub(crate) fn has_program(name: &str) -> bool {
    let path = search_path();
    let installed = path.split(':').any(|folder| Path::new(folder).join(name).is_file());
    if !installed {
        skip(&format!("the tests with {name}, because it is not installed"), PROGRAMS_ARE_DEMANDED);
    }
    installed
}

/// Whether Debian's Python has a module.
pub(crate) fn has_python_module(name: &str) -> bool {
    let import = Command::new("/usr/bin/python3").args(["-c", &format!("import {name}")]).output();
    let installed = import.is_ok_and(|done| done.status.success());
    if !installed {
        skip(
            &format!("the tests with {name}, because /usr/bin/python3 has no such module"),
            PROGRAMS_ARE_DEMANDED,
        );
    }
    installed
}

/// The folders in which programs are looked for.
pub(crate) fn search_path() -> String {
    format!("{}:{SERVERS}", env::var("PATH").unwrap_or_default())
}

/// Says, once for each cause, that tests are skipped.
fn skip(what: &str, demanded_by: &str) {
    assert!(env::var_os(demanded_by).is_none(), "{demanded_by} is set, but these cannot run: {what}");
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().is_ok_and(|mut said| said.insert(what.to_owned())) {
        // Past what the test runner keeps to itself: scripts/test.sh looks for the word.
        let line = format!("SKIPPED: {what}; `make test` installs it\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
