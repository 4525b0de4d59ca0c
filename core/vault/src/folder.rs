//! The folder of a vault: its files, its one owner, and writing that survives a power cut.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use kosha_crypto::Entropy;

use crate::error::{Error, Result};
use crate::unplaced::Unplaced;

const DATABASE: &str = "vault.db";
const LOCK: &str = "lock";
const FILES: &str = "files";
/// Every name in a vault's folder; what is being written has `.tmp` behind it.
const NAMES: [&str; 9] = [
    DATABASE,
    "vault.db-wal",
    "vault.db-shm",
    "vault.db-journal",
    LOCK,
    FILES,
    "index",
    "search",
    "emergency",
];

/// 32 hexadecimal digits.
pub(crate) fn hex(bytes: &[u8; 16]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Whether this is a name that was drawn at random: [`hex`] of 16 bytes.
pub(crate) fn is_drawn(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether everything in a folder has the name of a vault's file.
pub(crate) fn holds_only_a_vault(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.into_iter().all(|entry| {
        let name = entry.map(|entry| entry.file_name());
        let known = |name: &str| NAMES.contains(&name.strip_suffix(".tmp").unwrap_or(name));
        name.is_ok_and(|name| name.to_str().is_some_and(known))
    })
}

/// The folder in which `place` is.
pub(crate) fn parent(place: &Path) -> Result<&Path> {
    match place.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(parent) => Ok(parent),
        None => Err(Error::Exists),
    }
}

/// Paths of a vault's files.
#[derive(Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// Being the only owner of a vault, or one of its readers; ends when dropped, and when the process ends.
pub(crate) struct Ownership {
    lock: File,
    /// Others may read at the same time, and nobody writes.
    pub(crate) shared: bool,
}

impl Drop for Ownership {
    fn drop(&mut self) {
        // Closing alone is not enough: a process that another thread is just starting holds the file until it runs.
        let _ = self.lock.unlock();
    }
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join(DATABASE)
    }

    pub(crate) fn wal(&self) -> PathBuf {
        self.root.join("vault.db-wal")
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.root.join(FILES)
    }

    /// The file of an attachment.
    pub(crate) fn file(&self, name: &[u8; 16]) -> PathBuf {
        self.files().join(hex(name))
    }

    /// The same before it is whole.
    pub(crate) fn temporary(&self, name: &[u8; 16]) -> PathBuf {
        self.files().join(format!("{}.tmp", hex(name)))
    }

    /// Takes ownership, or [`Error::InUse`]. Where nothing can be written it is shared with other readers; that keeps out
    /// writers too, who may reach the same folder in another way.
    pub(crate) fn own(&self) -> Result<Ownership> {
        let path = self.root.join(LOCK);
        let (lock, shared) =
            match File::options().read(true).write(true).create(true).truncate(false).open(&path) {
                Ok(lock) => (lock, false),
                // Without the lock nobody can tell whether someone writes.
                Err(error) if is_refusal(&error) => {
                    (File::open(&path).map_err(|_| Error::NotWritable)?, true)
                }
                Err(error) => return Err(error.into()),
            };
        match if shared { lock.try_lock_shared() } else { lock.try_lock() } {
            Ok(()) => Ok(Ownership { lock, shared }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Everything that was built in it is on the disk.
    pub(crate) fn settle(&self) -> Result<()> {
        File::open(self.database())?.sync_all()?;
        self.sync_files()?;
        sync_folder(&self.root)
    }

    /// Flushes the folder of attachment files.
    pub(crate) fn sync_files(&self) -> Result<()> {
        sync_folder(&self.files())
    }

    /// Removes files that `keep` does not know, and what was never finished. Other names are left alone.
    pub(crate) fn sweep(&self, keep: impl Fn(&str) -> bool, orphans: bool) -> Result<()> {
        let entries = match fs::read_dir(self.files()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let stem = name.strip_suffix(".tmp");
            let base = stem.unwrap_or(name);
            if is_drawn(base) && (stem.is_some() || (orphans && !keep(base))) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Whether the system says that nothing can be written there.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
}

/// Flushes a folder, so that names made or changed in it survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// Builds a vault in a sibling folder under a random name and moves it to its place in one step. Where something is
/// already there (other than an empty folder) nothing is changed.
pub(crate) fn create_whole(
    place: &Path,
    entropy: &dyn Entropy,
    build: impl FnOnce(&Folder) -> Result<()>,
) -> Result<()> {
    let is_free = match fs::symlink_metadata(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(error.into()),
        Ok(found) => found.is_dir() && fs::read_dir(place)?.next().is_none(),
    };
    if !is_free {
        return Err(Error::Exists);
    }
    let parent = parent(place)?;
    if !parent.is_dir() {
        return Err(Error::NoParent);
    }
    let unplaced = Unplaced::make(parent, entropy)?;
    let folder = unplaced.folder();
    build(&folder)?;
    File::create(folder.root().join(LOCK))?.sync_all()?;
    folder.settle()?;
    unplaced.put(place)
}
