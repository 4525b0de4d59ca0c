//! Anchors in files. Weak: who can put an older vault back can mostly put an older file back as well.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::{AnchorStore, AnchorStoreError};

/// Longest file that is read.
const MOST: u64 = 4096;

/// One file for each name, in a folder outside of the vault's. It notices a vault that was replaced by mistake, by a
/// synchronising service or by someone who reached the vault's folder alone.
#[derive(Debug, Clone)]
pub struct FileAnchors {
    folder: PathBuf,
}

impl FileAnchors {
    /// In this folder, which is made by the first write.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self, name: &str) -> Result<PathBuf, AnchorStoreError> {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if plain && !name.is_empty() && name.len() <= 64 {
            Ok(self.folder.join(name))
        } else {
            Err(AnchorStoreError::Unavailable)
        }
    }
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    make(folder)?;
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(folder)?.sync_all()
}

impl AnchorStore for FileAnchors {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, AnchorStoreError> {
        let file = match File::open(self.path(name)?) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(AnchorStoreError::Unavailable),
        };
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes).map_err(|_| AnchorStoreError::Unavailable)?;
        Ok(Some(bytes))
    }

    fn write(&self, name: &str, anchor: &[u8]) -> Result<(), AnchorStoreError> {
        replace(&self.folder, &self.path(name)?, anchor).map_err(|_| AnchorStoreError::Unavailable)
    }
}
