//! What can be wrong with a configuration, in words for the operator. A value that may hold a secret is never
//! repeated.

use std::{io, path::PathBuf};

/// Why the configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// The file is there, but it cannot be read.
    #[error("{file} cannot be read: {problem}")]
    Unreadable {
        /// Which file.
        file: String,
        /// What the operating system said.
        problem: io::ErrorKind,
    },
    /// The file has no section for leptos.
    #[error("{file} lacks the section [[workspace.metadata.leptos]]")]
    NoLeptosSection {
        /// Which file.
        file: String,
    },
    /// leptos does not understand its section, or one of its variables.
    #[error("[[workspace.metadata.leptos]] in {file}, or a variable LEPTOS_… that overrides it: {problem}")]
    LeptosSection {
        /// Which file.
        file: String,
        /// What leptos said.
        problem: String,
    },
    /// The file is no TOML, or holds a key that is not known, or one of the wrong type.
    #[error("{file}, line {line}: {problem}")]
    Table {
        /// Which file.
        file: String,
        /// Where in it.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A value is wrong.
    #[error("{name} {problem}")]
    Value {
        /// The variable, or the key and its file.
        name: String,
        /// What is wrong with it.
        problem: ValueError,
    },
    /// A relative path cannot be made absolute.
    #[error("the working directory cannot be found")]
    NoWorkingDirectory,
    /// The name of the data folder cannot be written in a URL.
    #[error("the name of the data folder {} is not Unicode", folder.display())]
    FolderName {
        /// Which folder.
        folder: PathBuf,
    },
    /// The data folder is not there and cannot be made.
    #[error("the data folder {} cannot be made: {problem}", folder.display())]
    DataFolder {
        /// Which folder.
        folder: PathBuf,
        /// What stands in the way.
        problem: String,
    },
    /// Everybody on the machine could put another master key or database in its place.
    #[error("everybody may write to the data folder {} (mode {mode:04o}); make it `chmod 700`", folder.display())]
    OpenFolder {
        /// Which folder.
        folder: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A variable that looks like one of ours sets nothing.
    #[error("{name} is no setting; is it {nearest}?")]
    UnknownVariable {
        /// Which variable.
        name: String,
        /// The setting that is named most like it.
        nearest: &'static str,
    },
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// It holds bytes that are no text.
    #[error("is not Unicode")]
    NotUnicode,
    /// It is set, but to nothing.
    #[error("is set, but empty")]
    Empty,
    /// An address to listen on is wanted.
    #[error("is `{0}`, but must be an address and a port, such as 127.0.0.1:3000")]
    NotASocketAddress(String),
    /// An origin is wanted.
    #[error("is `{0}`, but must be http:// or https://, a host and perhaps a port, and nothing behind it")]
    NotAnOrigin(String),
    /// A number is wanted.
    #[error("is `{0}`, but must be a whole number from 1 to 1000000")]
    NotALimit(String),
    /// No minute could hold as many.
    #[error("is {0} requests a second, more than the {1} a minute")]
    MoreThanAMinute(u32, u32),
    /// Browsers would keep no session.
    #[error("is `{0}`, but browsers keep a session only over https://, or on localhost")]
    KeepsNoSession(String),
    /// Whoever sends a request could then say where it comes from.
    #[error("holds `{0}`, which trusts everybody; list the proxies")]
    Everybody(String),
    /// A number is wanted, and any number but none.
    #[error("is `{0}`, but must be a whole number from 1 on")]
    NotACount(String),
    /// Yes or no is wanted.
    #[error("is `{0}`, but must be true or false")]
    NotABoolean(String),
    /// Not fit for a header.
    #[error("holds `{0}`, which {1}")]
    NotAName(String, claviger_core::domain::bundle::NameError),
    /// One of two words is wanted.
    #[error("is `{0}`, but must be open or closed")]
    NotARegistration(String),
    /// One of two words is wanted.
    #[error("is `{0}`, but must be allow or refuse")]
    NotAnInsistence(String),
    /// A network or an address is wanted.
    #[error("holds `{0}`, which is neither an address nor a network such as 10.0.0.0/8")]
    NotANetwork(String),
    /// Not fit to begin a key with.
    #[error("is `{0}`: {1}")]
    NotAKeyPrefix(String, claviger_core::credential_key::KeyPrefixError),
    /// Not repeated here: it may hold a password.
    #[error("must be the URL of a mail server, such as smtps://user:password@mail.example.org")]
    NotAMailServer,
    /// An e-mail address is wanted.
    #[error("is `{0}`, but must be an e-mail address, such as Claviger <keys@example.org>")]
    NotASender(String),
    /// One value without the other.
    #[error("is set, but {0} is not: e-mail needs both")]
    Lacks(&'static str),
    /// Not repeated here: it may hold a password.
    #[error("must begin with sqlite: or postgres://")]
    NotADatabase,
}
