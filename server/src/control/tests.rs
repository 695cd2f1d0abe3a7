use super::*;

#[tokio::test]
async fn a_folder_with_a_long_name_can_be_served_and_asked() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("a".repeat(125));
    std::fs::create_dir(&long).unwrap();
    let control = Control::take(&long).await.unwrap();
    let served = tokio::spawn(async move {
        let (stream, _) = control.listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut line = String::new();
        BufReader::new(reader).read_line(&mut line).await.unwrap();
        writer.write_all(line.to_uppercase().as_bytes()).await.unwrap();
    });
    assert_eq!(ask(&long, "hello\n").await.unwrap().as_deref(), Some("HELLO\n"));
    served.await.unwrap();
    assert_eq!(ask(&long, "hello\n").await.unwrap(), None, "nobody serves there any more");
}

#[tokio::test]
async fn a_server_that_gives_no_answer_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let _silent = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
    let told = ask_within(Duration::from_secs(1), folder.path(), "acme\n").await.unwrap_err();
    assert_eq!(told.to_string(), "it gave no answer within 1 seconds");
}

#[tokio::test]
async fn of_servers_that_start_at_once_one_has_the_socket() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = tokio::join!(Control::take(folder.path()), Control::take(folder.path()));
    assert_ne!(one.is_ok(), other.is_ok());
    let refused = one.as_ref().err().or(other.as_ref().err()).unwrap();
    assert_eq!(refused.to_string(), "another server runs on this data folder");
    drop((one, other));
    Control::take(folder.path()).await.unwrap();
}
