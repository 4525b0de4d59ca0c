//! A vault that is being built, in a hidden folder beside its place, until it is moved there in one step.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use kosha_crypto::Entropy;

use crate::error::{Error, Result};
use crate::folder::{Folder, hex, holds_only_a_vault, is_drawn, parent, sync_folder};

/// How often another name is tried where somebody else clears away at the same moment.
const TRIES: usize = 8;

/// The folder; removed when dropped, unless it was moved away.
pub(crate) struct Unplaced {
    path: PathBuf,
    suffix: String,
    /// Locked as long as its maker is at work: what is there without a lock was left by a process that ended.
    lock: Option<File>,
}

/// Makes a folder that nobody but its owner can look into: sizes and times of files tell something too.
fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl Unplaced {
    /// Makes one in `parent`, with its folder of attachments, and removes those that a process left which was ended.
    pub(crate) fn make(parent: &Path, entropy: &dyn Entropy) -> Result<Self> {
        clear_left(parent);
        let mut name = [0; 16];
        let mut tries = 0;
        loop {
            entropy.fill(&mut name)?;
            let suffix = hex(&name);
            let path = parent.join(format!(".{suffix}.tmp"));
            create_private(&path)?;
            tries += 1;
            let lock = match owned(&path)? {
                Lock::Held(folder) => Some(folder),
                Lock::Unknown => None,
                Lock::Lost if tries < TRIES => continue,
                Lock::Lost => return Err(io::Error::from(io::ErrorKind::ResourceBusy).into()),
            };
            let made = Self { path, suffix, lock };
            create_private(&made.folder().files())?;
            return Ok(made);
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// 32 random hexadecimal digits.
    pub(crate) fn suffix(&self) -> &str {
        &self.suffix
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::new(&self.path)
    }

    /// Moves it, whole, to `place`, where nothing or an empty folder is: else [`Error::Exists`].
    pub(crate) fn put(self, place: &Path) -> Result<()> {
        match fs::rename(&self.path, place) {
            Ok(()) => {
                self.moved();
                sync_folder(parent(place)?)
            }
            Err(error) => Err(match error.kind() {
                io::ErrorKind::AlreadyExists
                | io::ErrorKind::DirectoryNotEmpty
                | io::ErrorKind::NotADirectory => Error::Exists,
                _ => error.into(),
            }),
        }
    }

    /// To be called when the folder has another name.
    pub(crate) fn moved(mut self) {
        self.path = PathBuf::new();
        self.lock = None;
    }
}

impl Drop for Unplaced {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // What cannot be removed is removed by the next one that is made here; its bytes are sealed.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// The lock of a folder that was just made.
enum Lock {
    Held(File),
    /// The file system has no locks.
    Unknown,
    /// Somebody is clearing it away, or has.
    Lost,
}

fn owned(path: &Path) -> io::Result<Lock> {
    let folder = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lock::Lost),
        other => other?,
    };
    Ok(match folder.try_lock() {
        Ok(()) if path.exists() => Lock::Held(folder),
        Ok(()) | Err(TryLockError::WouldBlock) => Lock::Lost,
        Err(TryLockError::Error(_)) => Lock::Unknown,
    })
}

/// Removes what was left behind in `parent`. Best effort: nobody waits for it.
fn clear_left(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let hidden = name.to_str().and_then(|name| name.strip_prefix('.')?.strip_suffix(".tmp"));
        let ours = hidden.is_some_and(is_drawn);
        if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && holds_only_a_vault(&entry.path()) {
            let Ok(folder) = File::open(entry.path()) else { continue };
            if folder.try_lock().is_ok() {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Unplaced;
    use kosha_crypto::SystemEntropy;
    use std::fs;

    #[test]
    fn what_an_ended_process_left_is_cleared_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let at = |name: &str| parent.path().join(name);
        let left = at(".0123456789abcdef0123456789abcdef.tmp");
        fs::create_dir_all(left.join("files")).unwrap();
        fs::write(left.join("vault.db"), b"half").unwrap();
        fs::write(left.join("index.tmp"), b"half").unwrap();
        let others = [
            (".fedcba9876543210fedcba9876543210.tmp", "letter.txt"),
            (".notours.tmp", "vault.db"),
            ("0123456789abcdef0123456789abcdef.tmp", "vault.db"),
        ];
        for (folder, file) in others {
            fs::create_dir(at(folder)).unwrap();
            fs::write(at(folder).join(file), b"mine").unwrap();
        }
        let first = Unplaced::make(parent.path(), &SystemEntropy).unwrap();
        assert!(!left.exists());
        let second = Unplaced::make(parent.path(), &SystemEntropy).unwrap();
        assert!(first.path().exists() && second.path().exists(), "the first one's maker is at work");
        assert!(others.iter().all(|(folder, file)| at(folder).join(file).exists()));
        let path = first.path().to_owned();
        drop(first);
        assert!(!path.exists());
        let place = at("vault");
        second.put(&place).unwrap();
        assert!(place.join("files").exists());
    }
}
