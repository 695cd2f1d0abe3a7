//! The master key: the one secret outside the database, which wraps all other keys. It must not know what those keys
//! are for.

use crate::random::{NoRandomness, Random, bytes};
use aes_kw::{
    KeyInit, KwAes256,
    cipher::{Array, consts::U32},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

const LENGTH: usize = 32;

/// A master key and a line break have 45 characters. Reading a little further detects a file that is too long.
const MOST_READ: u64 = 256;

/// The secret that wraps the installation's keys and the data keys of the accounts. It is wiped from memory when
/// dropped.
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

/// Why a text is not a master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedMasterKey {
    /// It is not Base64.
    #[error("is not Base64")]
    NotBase64,
    /// It decodes to this many bytes instead of 32.
    #[error("decodes to {0} bytes instead of {LENGTH}")]
    Length(usize),
}

/// Why the master key cannot be read or written, or cannot unwrap a key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The text is not a master key.
    #[error("the master key {0}")]
    Malformed(MalformedMasterKey),
    /// The file does not hold a master key.
    #[error("the master key in {} {problem}", path.display())]
    MalformedFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with its content.
        problem: MalformedMasterKey,
    },
    /// Other users have access to the file.
    #[error("others have access to {} (mode {mode:04o}); make it `chmod 600`", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Another master key wrapped this key, or the wrapped key was changed.
    #[error("the master key is not the one that this database was made with")]
    Wrong,
    /// The text is not the result of wrapping.
    #[error("a wrapped key is damaged")]
    Damaged,
}

impl MasterKey {
    /// Makes a new master key.
    ///
    /// # Errors
    /// [`NoRandomness`] if the random source fails.
    pub fn generate(random: &dyn Random) -> Result<Self, NoRandomness> {
        bytes(random).map(Self)
    }

    /// Reads 32 bytes from Base64. Ignores spaces and line breaks around it, because shells and editors add them.
    ///
    /// # Errors
    /// [`MasterKeyError::Malformed`] if the text is not Base64 or does not decode to 32 bytes.
    pub fn parse(base64: &str) -> Result<Self, MasterKeyError> {
        decode(base64).map_err(MasterKeyError::Malformed)
    }

    /// Reads the file that [`write_new_file`](Self::write_new_file) wrote. Returns `None` if there is no such file.
    ///
    /// # Errors
    /// Fails if the file cannot be read, if other users have access to it, or if it does not hold a master key.
    pub fn read_file(path: &Path) -> Result<Option<Self>, MasterKeyError> {
        let failed = |source| MasterKeyError::File { path: path.to_owned(), source };
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        // Reads the mode of the open file, so that the mode and the content belong to the same file.
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Exposed { path: path.to_owned(), mode });
        }
        let mut text = Zeroizing::new(String::with_capacity(MOST_READ as usize));
        file.take(MOST_READ).read_to_string(&mut text).map_err(failed)?;
        decode(&text)
            .map(Some)
            .map_err(|problem| MasterKeyError::MalformedFile { path: path.to_owned(), problem })
    }

    /// Writes the key into a new file that only its owner may read, and waits until it is on disk. An existing file is
    /// never overwritten: its key may be the only one that can decrypt a database.
    ///
    /// # Errors
    /// [`MasterKeyError::File`] if the file exists already or cannot be written.
    pub fn write_new_file(&self, path: &Path) -> Result<(), MasterKeyError> {
        self.write(path).map_err(|source| MasterKeyError::File { path: path.to_owned(), source })
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        // Allocated at its full size, because a string that grows leaves copies in memory.
        let mut text = Zeroizing::new(String::with_capacity(2 * LENGTH));
        STANDARD.encode_string(self.0.as_slice(), &mut text);
        text.push('\n');
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // A file with part of a key would only prevent the next start from making a complete one.
            let _ = fs::remove_file(path);
            return Err(error);
        }
        // The directory holds the file's name, so it must reach the disk too.
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
    }

    /// Wraps a key with AES-KW (RFC 3394) and encodes it in Base64. The same key always gives the same text.
    pub(crate) fn wrap(&self, key: &[u8; 32]) -> String {
        STANDARD.encode(self.cipher().wrap_fixed_key::<U32>(key.into()))
    }

    /// Unwraps the result of [`wrap`](Self::wrap).
    ///
    /// # Errors
    /// [`MasterKeyError::Damaged`] if the text is not the result of wrapping; [`MasterKeyError::Wrong`] if another
    /// master key wrapped it.
    pub(crate) fn unwrap(&self, wrapped: &str) -> Result<Zeroizing<[u8; 32]>, MasterKeyError> {
        let wrapped = STANDARD.decode(wrapped).map_err(|_| MasterKeyError::Damaged)?;
        let wrapped: [u8; LENGTH + aes_kw::IV_LEN] =
            wrapped.try_into().map_err(|_| MasterKeyError::Damaged)?;
        let mut key = Zeroizing::new([0; LENGTH]);
        self.cipher().unwrap_key(&wrapped, &mut *key).map_err(|_| MasterKeyError::Wrong)?;
        Ok(key)
    }

    fn cipher(&self) -> KwAes256 {
        KwAes256::new(Array::cast_from_core(&self.0))
    }
}

fn decode(base64: &str) -> Result<MasterKey, MalformedMasterKey> {
    let decoded = STANDARD.decode(base64.trim_ascii()).map_err(|_| MalformedMasterKey::NotBase64)?;
    let decoded = Zeroizing::new(decoded);
    let mut key = Zeroizing::new([0; LENGTH]);
    if decoded.len() != LENGTH {
        return Err(MalformedMasterKey::Length(decoded.len()));
    }
    key.copy_from_slice(&decoded);
    Ok(MasterKey(key))
}

crate::opaque_debug!(MasterKey);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn new() -> MasterKey {
        MasterKey::generate(&SystemRandom).unwrap()
    }

    /// Writes a file with this mode and content into a new directory. The directory is deleted when the first returned
    /// value is dropped.
    fn file(mode: u32, content: &str) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (directory, path)
    }

    #[test]
    fn a_key_is_wrapped_as_the_standard_says() {
        // RFC 3394, section 4.6: 256 bits of key data under a key of 256 bits.
        let sequence: Vec<u8> = (0..LENGTH as u8).collect();
        let master = MasterKey::parse(&STANDARD.encode(sequence)).unwrap();
        let key = *b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\
            \x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f";
        let wrapped = b"\x28\xc9\xf4\x04\xc4\xb8\x10\xf4\xcb\xcc\xb3\x5c\xfb\x87\xf8\x26\
            \x3f\x57\x86\xe2\xd8\x0e\xd3\x26\xcb\xc7\xf0\xe7\x1a\x99\xf4\x3b\xfb\x98\x8b\x9b\x7a\x02\xdd\x21";
        assert_eq!(master.wrap(&key), STANDARD.encode(wrapped));
        assert_eq!(*master.unwrap(&STANDARD.encode(wrapped)).unwrap(), key);
    }

    #[test]
    fn another_master_key_unwraps_nothing() {
        let wrapped = new().wrap(&[7; 32]);
        assert!(matches!(new().unwrap(&wrapped), Err(MasterKeyError::Wrong)));
    }

    #[test]
    fn a_wrapped_key_with_any_bit_changed_is_refused() {
        let master = new();
        let wrapped = STANDARD.decode(master.wrap(&[7; 32])).unwrap();
        for bit in 0..wrapped.len() * 8 {
            let mut changed = wrapped.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let unwrapped = master.unwrap(&STANDARD.encode(changed));
            assert!(matches!(unwrapped, Err(MasterKeyError::Wrong)), "bit {bit}");
        }
    }

    #[test]
    fn what_was_never_wrapped_is_damaged() {
        let master = new();
        let wrapped = master.wrap(&[7; 32]);
        for text in ["", "*", &wrapped[4..], &format!("AAAA{wrapped}"), &format!("{wrapped}\n")] {
            assert!(matches!(master.unwrap(text), Err(MasterKeyError::Damaged)), "{text:?}");
        }
    }

    #[test]
    fn a_text_that_is_no_master_key_is_refused() {
        let problem = |text: &str| match MasterKey::parse(text) {
            Err(MasterKeyError::Malformed(problem)) => problem,
            other => panic!("{other:?}"),
        };
        assert_eq!(problem("*"), MalformedMasterKey::NotBase64);
        for length in [0, 31, 33] {
            assert_eq!(problem(&STANDARD.encode(vec![0; length])), MalformedMasterKey::Length(length));
        }
    }

    #[test]
    fn line_breaks_around_a_master_key_do_not_matter() {
        let text = STANDARD.encode([1; LENGTH]);
        let wrapped = |text: &str| MasterKey::parse(text).unwrap().wrap(&[7; 32]);
        assert_eq!(wrapped(&format!(" {text}\r\n")), wrapped(&text));
    }

    #[test]
    fn a_written_master_key_is_read_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        let master = new();
        master.write_new_file(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        let read = MasterKey::read_file(&path).unwrap().unwrap();
        assert_eq!(read.wrap(&[7; 32]), master.wrap(&[7; 32]));
    }

    #[test]
    fn a_file_that_is_there_is_never_written_to() {
        let (_directory, path) = file(0o600, "kept");
        let error = new().write_new_file(&path).unwrap_err();
        assert!(
            matches!(&error, MasterKeyError::File { source, .. } if source.kind() == ErrorKind::AlreadyExists)
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "kept");
    }

    #[test]
    fn a_missing_file_is_no_error() {
        let directory = tempfile::tempdir().unwrap();
        assert!(MasterKey::read_file(&directory.path().join("master.key")).unwrap().is_none());
    }

    #[test]
    fn a_file_that_others_have_access_to_is_refused() {
        for mode in [0o640, 0o604, 0o620, 0o610, 0o644, 0o666] {
            let (_directory, path) = file(mode, &STANDARD.encode([1; LENGTH]));
            let error = MasterKey::read_file(&path).unwrap_err();
            assert!(matches!(error, MasterKeyError::Exposed { mode: found, .. } if found == mode));
            let message = error.to_string();
            assert!(message.contains(&format!("{mode:04o}")) && message.contains(path.to_str().unwrap()));
        }
    }

    #[test]
    fn a_file_its_owner_may_only_read_is_accepted() {
        let (_directory, path) = file(0o400, &STANDARD.encode([1; LENGTH]));
        assert!(MasterKey::read_file(&path).unwrap().is_some());
    }

    #[test]
    fn a_file_that_holds_no_master_key_is_named() {
        let (_directory, path) = file(0o600, "");
        let error = MasterKey::read_file(&path).unwrap_err();
        assert!(matches!(
            error,
            MasterKeyError::MalformedFile { problem: MalformedMasterKey::Length(0), .. }
        ));
        assert!(error.to_string().contains(path.to_str().unwrap()));
        let (_directory, path) = file(0o600, &"A".repeat(100_000));
        assert!(matches!(MasterKey::read_file(&path), Err(MasterKeyError::MalformedFile { .. })));
    }

    #[test]
    fn what_is_no_file_is_named() {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let error = MasterKey::read_file(directory.path()).unwrap_err();
        assert!(matches!(&error, MasterKeyError::File { path, .. } if path == directory.path()));
    }
}
