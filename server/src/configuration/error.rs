//! The errors of a configuration, in words for the operator. They must not repeat a value that may contain a secret.

use std::{io, path::PathBuf};

/// Why the configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// The file exists, but cannot be read.
    #[error("{file} cannot be read: {problem}")]
    Unreadable {
        file: String,
        /// The error of the operating system.
        problem: io::ErrorKind,
    },
    /// The file has no section for leptos.
    #[error("{file} lacks the section [[workspace.metadata.leptos]]")]
    NoLeptosSection { file: String },
    /// leptos does not understand its section, or one of its variables.
    #[error("[[workspace.metadata.leptos]] in {file}, or a variable LEPTOS_… that overrides it: {problem}")]
    LeptosSection {
        file: String,
        /// The error of leptos.
        problem: String,
    },
    /// The file is not TOML, or contains an unknown key or a value of the wrong type.
    #[error("{file}, line {line}: {problem}")]
    Table { file: String, line: usize, problem: String },
    #[error("{name} {problem}")]
    Value {
        /// The variable, or the key and its file.
        name: String,
        problem: ValueError,
    },
    /// A relative path cannot be made absolute.
    #[error("the working directory cannot be found")]
    NoWorkingDirectory,
    /// The name of the data folder cannot be part of a URL.
    #[error("the name of the data folder {} is not Unicode", folder.display())]
    FolderName { folder: PathBuf },
    /// The data folder does not exist and cannot be created.
    #[error("the data folder {} cannot be made: {problem}", folder.display())]
    DataFolder { folder: PathBuf, problem: String },
    /// Other users of the machine could replace the master key or the database.
    #[error("everybody may write to the data folder {} (mode {mode:04o}); make it `chmod 700`", folder.display())]
    OpenFolder {
        folder: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A variable begins like the settings of Claviger, but is not one.
    #[error("{name} is not a setting; did you mean {nearest}?")]
    UnknownVariable {
        name: String,
        /// The setting with the most similar name.
        nearest: &'static str,
    },
}

/// The problem with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// It contains bytes that are not text.
    #[error("is not Unicode")]
    NotUnicode,
    /// It is set, but empty.
    #[error("is set, but empty")]
    Empty,
    /// It must be an address to listen on.
    #[error("is `{0}`, but must be an address and a port, such as 127.0.0.1:3000")]
    NotASocketAddress(String),
    /// It must be an origin.
    #[error("is `{0}`, but must be http:// or https://, a host and optionally a port, and nothing behind it")]
    NotAnOrigin(String),
    /// It must be a number in the range of limits.
    #[error("is `{0}`, but must be a whole number from 1 to 1000000")]
    NotALimit(String),
    /// The limit per second is higher than the limit per minute.
    #[error("is {0} requests a second, more than the {1} a minute")]
    MoreThanAMinute(u32, u32),
    /// Browsers would not keep the session cookie.
    #[error("is `{0}`, but browsers keep a session only over https://, or on localhost")]
    KeepsNoSession(String),
    /// Every client could then forge its address.
    #[error("holds `{0}`, which trusts everybody; list the proxies")]
    Everybody(String),
    /// It must be a number greater than zero.
    #[error("is `{0}`, but must be a whole number from 1 on")]
    NotACount(String),
    /// It must be `true` or `false`.
    #[error("is `{0}`, but must be true or false")]
    NotABoolean(String),
    /// It cannot be sent in a header.
    #[error("holds `{0}`, which {1}")]
    NotAName(String, claviger_core::domain::bundle::NameError),
    /// It must be one of two words.
    #[error("is `{0}`, but must be open or closed")]
    NotARegistration(String),
    /// It must be one of two words.
    #[error("is `{0}`, but must be allow or refuse")]
    NotAnInsistence(String),
    /// It must be a network or an address.
    #[error("holds `{0}`, which is neither an address nor a network such as 10.0.0.0/8")]
    NotANetwork(String),
    /// It cannot be the prefix of a key.
    #[error("is `{0}`: {1}")]
    NotAKeyPrefix(String, claviger_core::credential_key::KeyPrefixError),
    /// The error does not repeat the value: it may contain a password.
    #[error("must be the URL of a mail server, such as smtps://user:password@mail.example.org")]
    NotAMailServer,
    /// It must be an e-mail address.
    #[error("is `{0}`, but must be an e-mail address, such as Claviger <keys@example.org>")]
    NotASender(String),
    /// One of two settings that need each other is missing.
    #[error("is set, but {0} is not: e-mail needs both")]
    Lacks(&'static str),
    /// The error does not repeat the value: it may contain a password.
    #[error("must begin with sqlite: or postgres://")]
    NotADatabase,
}
