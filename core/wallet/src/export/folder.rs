//! The folder of an export: new files alone, readable by their owner alone, with names that say nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

/// Where everything is written.
pub(super) struct Folder {
    root: PathBuf,
    made: bool,
}

pub(super) fn failed(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Error::DiskFull
        }
        _ => Error::Io,
    }
}

/// Names below the folder, so that nothing else is ever removed.
const PARTS: [&str; 3] = ["fhir", "earlier", "attachments"];
const FILES: [&str; 2] = ["index.html", "log.json"];

impl Folder {
    /// Makes the folder, or takes an empty one. [`Error::NotEmpty`] when it holds anything.
    pub(super) fn prepare(root: &Path) -> Result<Self, Error> {
        let made = match fs::read_dir(root) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(Error::NotEmpty);
                }
                false
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make(root)?;
                true
            }
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(Error::NotEmpty),
            Err(error) => return Err(failed(&error)),
        };
        Ok(Self { root: root.to_owned(), made })
    }

    /// A new file; `name` is relative, with `/`.
    pub(super) fn create(&mut self, name: &str) -> Result<File, Error> {
        let path = self.root.join(name);
        if let Some(parent) = path.parent().filter(|parent| !parent.exists()) {
            make(parent)?;
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(|error| failed(&error))
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> Result<(), Error> {
        fs::rename(self.root.join(from), self.root.join(to)).map_err(|error| failed(&error))
    }

    pub(super) fn discard(&mut self, name: &str) -> Result<(), Error> {
        fs::remove_file(self.root.join(name)).map_err(|error| failed(&error))
    }

    /// Everything is on the disk.
    pub(super) fn settle(&self) -> Result<(), Error> {
        let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all());
        for part in PARTS.iter().map(|part| self.root.join(part)).filter(|part| part.exists()) {
            for entry in fs::read_dir(&part).map_err(|error| failed(&error))? {
                sync(&entry.map_err(|error| failed(&error))?.path()).map_err(|error| failed(&error))?;
            }
            sync(&part).map_err(|error| failed(&error))?;
        }
        for file in FILES.iter().map(|file| self.root.join(file)).filter(|file| file.exists()) {
            sync(&file).map_err(|error| failed(&error))?;
        }
        sync(&self.root).map_err(|error| failed(&error))
    }

    /// Takes back what was written. Best effort: the error that led here is what is told.
    pub(super) fn remove(self) {
        for part in PARTS {
            let _ = fs::remove_dir_all(self.root.join(part));
        }
        for file in FILES {
            let _ = fs::remove_file(self.root.join(file));
        }
        if self.made {
            let _ = fs::remove_dir(&self.root);
        }
    }
}

fn make(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed(&error))
}
