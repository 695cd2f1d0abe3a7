//! How a command tells the server that runs on the same data folder what it changed, so that it holds at once: a line over
//! a socket in that folder, which only its owner can reach.

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
/// Held by the server that has the socket. Two that start at once would each find none, and the second take the first's.
const LOCK: &str = "control.lock";
/// A path that is longer does not fit into the address of a socket, which has 108 bytes on Linux and 104 elsewhere.
const LONGEST_PATH: usize = 100;
/// How long a command waits for the server. One that was stopped, or has no descriptors left, still lets it connect.
const PATIENCE: Duration = Duration::from_secs(5);
const DONE: &str = "done\n";
/// Asks for the settings; no account has this for an identifier.
const ASK_SETTINGS: &str = "SETTINGS\n";

/// Whether a server was there to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// It holds from now on.
    Notified,
    /// It holds when one starts.
    NotRunning,
}

/// The socket, taken for this server.
pub(crate) struct Control {
    listener: UnixListener,
    path: PathBuf,
    /// What the server works with, in JSON; empty until it is announced.
    settings: String,
    _lock: File,
}

impl Control {
    /// Whether a socket can be made in this folder, before anything else is.
    ///
    /// # Errors
    /// Its name is too long.
    pub(crate) fn fits_in(data_folder: &Path) -> io::Result<()> {
        std::os::unix::net::SocketAddr::from_pathname(data_folder.join(SOCKET)).map(|_| ())
    }

    /// Takes the socket. What a server left that was killed is replaced.
    ///
    /// # Errors
    /// Another server has it, or it cannot be made.
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

    /// Says what is answered to a command that asks for the settings.
    pub(crate) fn announce(&mut self, settings: &RunningSettings) -> io::Result<()> {
        self.settings = serde_json::to_string(settings)?;
        Ok(())
    }

    /// Listens to commands, for ever.
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
                    tracing::warn!(%problem, "a command could not be heard");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // One that is left over is replaced at the next start.
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
            tracing::error!(%problem, account = account.as_str(), "its keys are refused until it can be read again");
            writer.write_all(b"the account cannot be read\n").await
        }
    }
}

/// Tells the server of this data folder that an account was changed. From the answer on, the change holds there.
///
/// # Errors
/// The server did not say that it is done.
pub(crate) async fn notify(data_folder: &Path, account: &AccountId) -> io::Result<Notice> {
    let Some(answer) = ask(data_folder, &format!("{}\n", account.as_str())).await? else {
        return Ok(Notice::NotRunning);
    };
    if answer == DONE { Ok(Notice::Notified) } else { Err(io::Error::other(answer.trim().to_owned())) }
}

/// What the server of this data folder works with; none where no server runs on it.
///
/// # Errors
/// The server did not say it.
pub(crate) async fn settings(data_folder: &Path) -> io::Result<Option<RunningSettings>> {
    let Some(answer) = ask(data_folder, ASK_SETTINGS).await? else { return Ok(None) };
    Ok(Some(serde_json::from_str(&answer)?))
}

/// Sends a line to the server of this data folder, and answers the line that it says; none where no server runs on it.
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
                // The last where the name of the folder is too long for a socket, so that no server can run on it either.
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

/// A path of the socket that fits into an address, however long that of the folder is.
struct ShortPath {
    path: PathBuf,
    /// What the path leads through.
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
