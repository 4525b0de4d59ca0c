//! The file for the QR code of a share: made before anything is shared, so that a path that cannot be written stops
//! nothing halfway.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::output::{Failure, Status};
use crate::{new_file, words};

/// A file that waits for its picture. A file that was not there before goes again when no picture comes.
pub(crate) struct Picture {
    file: File,
    path: PathBuf,
    svg: bool,
    unneeded: bool,
}

impl Picture {
    /// Makes sure that `path` names a format and can be written. A file that holds something is left as it is.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let svg = match extension.to_ascii_lowercase().as_str() {
            "png" => false,
            "svg" => true,
            _ => return Err(Failure::usage(words::text("qr-ending"))),
        };
        if path.metadata().is_ok_and(|found| found.is_file() && found.len() > 0) {
            return Err(new_file::taken());
        }
        let unneeded = !path.exists();
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(|error| {
                let other = || Failure::new(Status::Failed, "qr-not-written", words::text("qr-notWritable"));
                let mut failure = new_file::refusal(error.kind()).unwrap_or_else(other);
                failure.then(words::text("qr-nothingShared"));
                failure
            })?;
        Ok(Self { file, path: path.to_owned(), svg, unneeded })
    }

    /// Writes the code of `link`.
    pub(crate) fn write(mut self, link: &str) -> Result<(), Failure> {
        let written = self.bytes(link).and_then(|bytes| {
            self.file.set_len(0).ok()?;
            self.file.write_all(&bytes).ok()
        });
        self.unneeded &= written.is_none();
        written.ok_or_else(|| Failure::new(Status::Partly, "qr-not-written", words::text("qr-lost")))
    }

    fn bytes(&self, link: &str) -> Option<Vec<u8>> {
        if self.svg { kosha::qr::svg(link).ok().map(String::into_bytes) } else { kosha::qr::png(link).ok() }
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        if self.unneeded {
            drop(std::fs::remove_file(&self.path));
        }
    }
}
