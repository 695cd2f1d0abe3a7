//! The control socket: a command sends a line to the running server of the same data folder, so that a change takes
//! effect at once. Only the owner of the folder can reach the socket. It must not know what was changed.

mod running;

pub(crate) use running::RunningSettings;

use claviger_core::{claviger::Claviger, domain::account::AccountId};
use std::{
    fs::{File, TryLockError},
    io,
    os::{
        fd::AsRawFd,
        unix::fs::{OpenOptionsExt, PermissionsExt},
    },
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    time::timeout,
};

/// The socket's name in the data folder.
const SOCKET: &str = "control.sock";
/// Locked by the server that owns the socket. Without it, two servers that start at once would both find no server,
/// and the second would take the socket of the first.
const LOCK: &str = "control.lock";
/// A longer path does not fit into a socket address, which has 108 bytes on Linux and 104 elsewhere.
const LONGEST_PATH: usize = 100;
/// How long a command waits for the server. A suspended server, or one without free file descriptors, accepts the
/// connection but does not answer.
const PATIENCE: Duration = Duration::from_secs(5);
const DONE: &str = "done\n";
/// Asks for the settings. No account has this identifier.
const ASK_SETTINGS: &str = "SETTINGS\n";

/// Whether a server was notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The running server was notified: the change is in effect now.
    Notified,
    /// No server runs: the change takes effect at the next start.
    NotRunning,
}

/// The control socket, owned by this server.
pub(crate) struct Control {
    listener: UnixListener,
    path: PathBuf,
    /// The settings of the server as JSON; empty until `announce` is called.
    settings: String,
    _lock: File,
}

impl Control {
    /// Checks whether a socket can be created in this folder, before anything else is created.
    ///
    /// # Errors
    /// The path is too long.
    pub(crate) fn fits_in(data_folder: &Path) -> io::Result<()> {
        std::os::unix::net::SocketAddr::from_pathname(data_folder.join(SOCKET)).map(|_| ())
    }

    /// Takes ownership of the socket. A socket that a killed server left behind is replaced.
    ///
    /// # Errors
    /// Another server owns the socket, or it cannot be created.
    pub(crate) async fn take(data_folder: &Path) -> io::Result<Self> {
        let lock = File::options().create(true).append(true).mode(0o600).open(data_folder.join(LOCK))?;
        lock.try_lock().map_err(|problem| match problem {
            TryLockError::WouldBlock => {
                io::Error::new(io::ErrorKind::AddrInUse, "another server runs on this data folder")
            }
            TryLockError::Error(problem) => problem,
        })?;
        let path = data_folder.join(SOCKET);
        match std::fs::remove_file(&path) {
            Err(problem) if problem.kind() != io::ErrorKind::NotFound => return Err(problem),
            _ => {}
        }
        let listener = UnixListener::bind(ShortPath::of(data_folder)?.path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path, settings: String::new(), _lock: lock })
    }

    /// Stores the settings, to answer commands that ask for them.
    pub(crate) fn announce(&mut self, settings: &RunningSettings) -> io::Result<()> {
        self.settings = serde_json::to_string(settings)?;
        Ok(())
    }

    /// Answers commands until the task is aborted.
    pub(crate) async fn serve(&self, claviger: &Claviger) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let (claviger, settings) = (claviger.clone(), self.settings.clone());
                    tokio::spawn(async move {
                        if let Err(problem) = answer(stream, &claviger, &settings).await {
                            tracing::warn!(%problem, "a command could not be answered");
                        }
                    });
                }
                Err(problem) => {
                    tracing::warn!(%problem, "a command could not be received");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // If the file stays, the next start replaces it.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn answer(stream: UnixStream, claviger: &Claviger, settings: &str) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).await?;
    if line == ASK_SETTINGS {
        return writer.write_all(format!("{settings}\n").as_bytes()).await;
    }
    let Some(account) = line.strip_suffix('\n').and_then(AccountId::parse) else {
        return writer.write_all(b"not understood\n").await;
    };
    match claviger.refresh(&account).await {
        Ok(()) => writer.write_all(DONE.as_bytes()).await,
        Err(problem) => {
            tracing::error!(%problem, account = account.as_str(), "the account cannot be read; its keys are refused until it can");
            writer.write_all(b"the account cannot be read\n").await
        }
    }
}

/// Notifies the server of this data folder that an account was changed. When this returns, the change is in effect
/// there.
///
/// # Errors
/// The server did not confirm the change.
pub(crate) async fn notify(data_folder: &Path, account: &AccountId) -> io::Result<Notice> {
    let Some(answer) = ask(data_folder, &format!("{}\n", account.as_str())).await? else {
        return Ok(Notice::NotRunning);
    };
    if answer == DONE { Ok(Notice::Notified) } else { Err(io::Error::other(answer.trim().to_owned())) }
}

/// Returns the settings of the server of this data folder; `None` if no server runs on it.
///
/// # Errors
/// The server did not answer with its settings.
pub(crate) async fn settings(data_folder: &Path) -> io::Result<Option<RunningSettings>> {
    let Some(answer) = ask(data_folder, ASK_SETTINGS).await? else { return Ok(None) };
    Ok(Some(serde_json::from_str(&answer)?))
}

/// Sends a line to the server of this data folder and returns its answer; `None` if no server runs on it.
async fn ask(data_folder: &Path, line: &str) -> io::Result<Option<String>> {
    ask_within(PATIENCE, data_folder, line).await
}

async fn ask_within(patience: Duration, data_folder: &Path, line: &str) -> io::Result<Option<String>> {
    let answer = timeout(patience, converse(data_folder, line)).await;
    answer.unwrap_or_else(|_| {
        let words = format!("it gave no answer within {} seconds", patience.as_secs());
        Err(io::Error::new(io::ErrorKind::TimedOut, words))
    })
}

async fn converse(data_folder: &Path, line: &str) -> io::Result<Option<String>> {
    let short = match ShortPath::of(data_folder) {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(None),
        short => short?,
    };
    let stream = match UnixStream::connect(&short.path).await {
        Ok(stream) => stream,
        Err(problem)
            if matches!(
                problem.kind(),
                // `InvalidInput` means that the path of the folder is too long for a socket, so that no server can
                // run on it either.
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::InvalidInput
            ) =>
        {
            return Ok(None);
        }
        Err(problem) => return Err(problem),
    };
    let (reader, mut writer) = stream.into_split();
    writer.write_all(line.as_bytes()).await?;
    let mut answer = String::new();
    BufReader::new(reader).read_line(&mut answer).await?;
    Ok(Some(answer))
}

/// A path of the socket that fits into a socket address, even if the path of the folder is long.
struct ShortPath {
    path: PathBuf,
    /// The open folder that the path goes through.
    _folder: Option<File>,
}

impl ShortPath {
    fn of(data_folder: &Path) -> io::Result<Self> {
        let path = data_folder.join(SOCKET);
        if path.as_os_str().len() <= LONGEST_PATH {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(data_folder)?;
        let path = format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd()).into();
        Ok(Self { path, _folder: Some(folder) })
    }
}

#[cfg(test)]
mod tests;
