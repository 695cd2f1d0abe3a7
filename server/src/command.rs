//! The command line: parses the arguments, runs one command, and sets the exit code. It must not know how a command
//! works.

mod account;
mod arguments;
mod audit;
mod bundle;
mod changed;
mod check;
mod key;
mod member;
mod password;
mod serve;

use crate::{
    application::{self, StartError},
    configuration::{Configuration, ConfigurationError, ConfigurationFile, Environment},
    control,
    telemetry::{self, TelemetryError},
};
use clap::{Parser, Subcommand};
use claviger_core::{
    claviger::{Claviger, Opened},
    clock::SystemClock,
    installation::opening::Opening,
    random::SystemRandom,
    settings::Patience,
};
use rustix::fs::Mode;
use std::{
    ffi::OsString,
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

/// Keeps an organisation's API credentials, and lets its people view, copy and reset them.
#[derive(Debug, Parser)]
#[command(name = "claviger", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages; this is also the default without a command
    Serve(serve::Options),
    /// Check whether the installation could be served as it is configured; creates nothing
    Check(check::Check),
    /// Create, list, limit and disable accounts
    #[command(subcommand)]
    Account(account::Command),
    /// Show and change the bundles of accounts
    #[command(subcommand)]
    Bundle(bundle::Command),
    /// Reset keys, of one account or of all
    #[command(subcommand)]
    Key(key::Command),
    /// Unlock members and reset their passwords
    #[command(subcommand)]
    Member(member::Command),
    /// Check the audit records
    #[command(subcommand)]
    Audit(audit::Command),
}

impl Command {
    /// Only the commands that begin an installation may create a database. Any other command would report about a
    /// new, empty installation, as `audit verify` in a wrong folder once did.
    fn opening(&self) -> Opening {
        match self {
            Self::Account(account::Command::Create(_)) => Opening::Making,
            _ => Opening::Existing,
        }
    }

    /// Whether the command depends on the settings of the server, which the shell of the operator may lack.
    fn depends_on_settings(&self) -> bool {
        matches!(
            self,
            Self::Account(account::Command::Create(_))
                | Self::Bundle(bundle::Command::Set(_))
                | Self::Member(member::Command::ResetPassword(_))
        )
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("the server stopped: {0}")]
    Serve(io::Error),
    #[error("nothing was done: the running server does not answer with its settings: {0}")]
    Control(io::Error),
    #[error(transparent)]
    Account(#[from] account::AccountError),
    #[error(transparent)]
    Bundle(#[from] bundle::BundleCommandError),
    #[error(transparent)]
    Check(#[from] check::CheckError),
    #[error(transparent)]
    Key(#[from] key::KeyCommandError),
    #[error(transparent)]
    Member(#[from] member::MemberCommandError),
    #[error(transparent)]
    Audit(#[from] audit::AuditError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

/// The input and outputs of a command.
struct Terminal<'a> {
    stdin: &'a mut dyn Read,
    /// The result of the command.
    stdout: &'a mut dyn Write,
    /// Warnings and hints for the operator.
    stderr: &'a mut dyn Write,
}

impl Terminal<'_> {
    /// Prints a value as one line of JSON.
    fn print_json(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut *self.stdout, value)?;
        writeln!(self.stdout)
    }
}

/// Runs the command that the arguments name.
pub async fn run(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(answer) => {
            let printed = answer.print();
            return exit_code(printed.is_ok().then_some(answer.exit_code()));
        }
    };
    // Override the umask of the shell: other users must not access any file that this program creates.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let (mut stdin, mut stdout, mut stderr) = (io::stdin(), io::stdout(), io::stderr());
    let mut terminal = Terminal { stdin: &mut stdin, stdout: &mut stdout, stderr: &mut stderr };
    let file = ConfigurationFile::beside_executable();
    let done = match file {
        Ok(file) => execute(arguments, &file, &environment, &mut terminal).await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done if stderr is closed.
            let _ = writeln!(io::stderr(), "claviger: {error}");
            ExitCode::FAILURE
        }
    }
}

/// clap's exit codes are 0 for requested output, such as the help, and 2 for invalid arguments.
fn exit_code(code: Option<i32>) -> ExitCode {
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

async fn execute(
    arguments: Arguments,
    file: &ConfigurationFile,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> Result<(), CommandError> {
    let command = arguments.command.unwrap_or(Command::Serve(serve::Options::default()));
    telemetry::start(environment, if matches!(command, Command::Serve(_)) { "info" } else { "warn" })?;
    if telemetry::is_silent(environment) {
        writeln!(terminal.stderr, "claviger: RUST_LOG hides the whole log of claviger, even errors")?;
    }
    let mut configuration = Configuration::read(file, environment)?;
    if let Command::Serve(options) = command {
        return serve::serve(&configuration, options, terminal).await;
    }
    if let Command::Check(check) = command {
        return Ok(check.perform(&configuration, terminal).await?);
    }
    if command.depends_on_settings() {
        let running = control::settings(&configuration.data_folder).await.map_err(CommandError::Control)?;
        if running.is_some_and(|running| !running.apply_to(&mut configuration)) {
            return Err(CommandError::Control(io::ErrorKind::InvalidData.into()));
        }
    }
    configuration.patience = Patience::of_commands();
    let opening = command.opening();
    let Opened { claviger, new_master_key_file, older, .. } =
        application::open(&configuration, opening, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    remind_of_master_key(terminal, new_master_key_file.as_deref())?;
    serve::warn_of_older_database(terminal, older)?;
    let done = perform(command, &configuration, &claviger, terminal).await;
    if let Err(problem) = claviger.raise_mark().await {
        writeln!(terminal.stderr, "claviger: the installation mark is not up to date: {problem}")?;
    }
    claviger.close().await;
    done
}

async fn perform(
    command: Command,
    configuration: &Configuration,
    claviger: &Claviger,
    terminal: &mut Terminal<'_>,
) -> Result<(), CommandError> {
    match command {
        // Both ran before the database was opened.
        Command::Serve(_) | Command::Check(_) => Ok(()),
        Command::Account(command) => {
            let (folder, base_url) = (&configuration.data_folder, configuration.base_url());
            Ok(command.perform(claviger, folder, &base_url, terminal).await?)
        }
        Command::Bundle(command) => {
            Ok(command.perform(claviger, &configuration.data_folder, terminal).await?)
        }
        Command::Key(command) => Ok(command.perform(claviger, &configuration.data_folder, terminal).await?),
        Command::Member(command) => {
            Ok(command.perform(claviger, &configuration.base_url(), terminal).await?)
        }
        Command::Audit(command) => Ok(command.perform(claviger, terminal).await?),
    }
}

/// Reminds the operator to back up a new master key. Without a backup, its loss makes all keys unreadable.
fn remind_of_master_key(terminal: &mut Terminal<'_>, file: Option<&Path>) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    writeln!(
        terminal.stderr,
        "A master key was made: {}\nBack it up now, apart from the database. Without it the keys cannot be viewed again.",
        file.display()
    )
}

#[cfg(test)]
mod tests;
