//! The program as a process of its own: what it leaves on the disk, what it says, and how it ends.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
};

/// The program in a shell without a umask, in this folder.
fn claviger(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("umask 000; exec {} {arguments}", env!("CARGO_BIN_EXE_claviger"))])
        .env_clear()
        .env("CLAVIGER_DATA_DIR", folder.join("data"))
        .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The lines that a server says until it serves.
fn introduction(server: &mut Child) -> (String, BufReader<std::process::ChildStdout>) {
    let mut output = BufReader::new(server.stdout.take().unwrap());
    let mut introduction = String::new();
    while !introduction.contains("registration:") {
        assert_ne!(output.read_line(&mut introduction).unwrap(), 0, "the server ended: {introduction}");
    }
    (introduction, output)
}

fn signal(process: &Child, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", process.id())]).status().unwrap();
    assert!(sent.success());
}

fn modes(folder: &Path) -> Vec<(String, u32)> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (entry.file_name().into_string().unwrap(), mode)
        })
        .collect()
}

#[test]
fn whatever_the_umask_every_file_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = claviger(folder.path(), "serve").spawn().unwrap();
    introduction(&mut server);
    let found = modes(&folder.path().join("data"));
    for name in ["claviger.db", "claviger.db-wal", "claviger.db.lock", "master.key", "installation.json"] {
        assert!(found.iter().any(|(file, _)| file == name), "{name} is not among {found:?}");
    }
    assert!(found.iter().all(|(_, mode)| mode & 0o077 == 0), "{found:?}");
    assert_eq!(modes(folder.path())[0], ("data".to_owned(), 0o700));
    signal(&server, "TERM");
    assert!(server.wait().unwrap().success());
}

#[test]
fn a_server_says_what_it_serves_and_that_it_has_stopped() {
    let folder = tempfile::tempdir().unwrap();
    for last in ["TERM", "HUP"] {
        let mut server = claviger(folder.path(), "serve").spawn().unwrap();
        let (said, mut output) = introduction(&mut server);
        let version = format!("Claviger {} serves on http://127.0.0.1:", env!("CARGO_PKG_VERSION"));
        assert!(said.starts_with(&version), "{said}");
        let data = folder.path().join("data");
        assert!(said.contains(&format!("database:     {}/claviger.db", data.display())), "{said}");
        assert!(said.contains(&format!("data folder:  {}", data.display())), "{said}");
        assert!(said.contains("public URL:   http://localhost:"), "{said}");
        for harmless in ["USR1", "USR2"] {
            signal(&server, harmless);
        }
        signal(&server, last);
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "Claviger has stopped.\n", "after {last}");
        assert!(server.wait().unwrap().success(), "after {last}");
    }
}

#[test]
fn a_server_on_an_older_database_says_so_at_every_start_until_that_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup"));
    let create = "account create --organisation Acme --name Ada --email ada@example.org";
    assert!(claviger(folder.path(), create).status().unwrap().success());
    std::fs::copy(data.join("claviger.db"), &backup).unwrap();
    assert!(claviger(folder.path(), "account disable --account acme").status().unwrap().success());
    std::fs::copy(&backup, data.join("claviger.db")).unwrap();

    let notes_of = |arguments: &str| {
        let mut server = claviger(folder.path(), arguments).spawn().unwrap();
        introduction(&mut server);
        signal(&server, "TERM");
        let ended = server.wait_with_output().unwrap();
        assert!(ended.status.success());
        String::from_utf8(ended.stderr).unwrap()
    };
    let older = "The database is older than what this installation has seen: it holds";
    for _ in 0..2 {
        let notes = notes_of("serve");
        assert!(notes.contains("The database is older than what this installation has seen"), "{notes}");
        assert!(notes.contains("ERROR") && notes.contains("claviger key reset --all --yes"), "{notes}");
    }
    assert!(!notes_of("serve --accept-older-database").contains(older));
    assert!(!notes_of("serve").contains(older));
}

#[test]
fn a_second_server_is_refused_whatever_its_data_folder() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut first = claviger(folder.path(), "serve").spawn().unwrap();
    introduction(&mut first);
    let data = folder.path().join("data");
    let second = claviger(elsewhere.path(), "serve")
        .env("CLAVIGER_DATABASE_URL", format!("sqlite://{}/claviger.db", data.display()))
        .env("CLAVIGER_MASTER_KEY", std::fs::read_to_string(data.join("master.key")).unwrap())
        .output()
        .unwrap();
    let notes = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success());
    assert!(notes.contains("another server runs on "), "{notes}");
    signal(&first, "TERM");
    assert!(first.wait().unwrap().success());
}
