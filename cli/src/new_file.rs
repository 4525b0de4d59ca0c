//! Files that the command writes for the person: always new ones, nothing is ever written over.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::output::{Failure, Status};
use crate::words;

/// What is said where there is something already.
pub(crate) fn taken() -> Failure {
    Failure::new(Status::Failed, "file-exists", words::text("file-taken"))
}

/// Makes a file that is not there yet.
pub(crate) fn create(path: &Path) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    // Records are in it: nobody else on this computer is to read them.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| refusal(error.kind()).unwrap_or_else(|| error.into()))
}

/// What is said where a file could not be made, when the reason is its place.
pub(crate) fn refusal(kind: ErrorKind) -> Option<Failure> {
    let (code, id) = match kind {
        ErrorKind::AlreadyExists => return Some(taken()),
        ErrorKind::NotFound | ErrorKind::NotADirectory => ("file-no-folder", "file-noFolder"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            ("file-not-writable", "file-notWritable")
        }
        _ => return None,
    };
    Some(Failure::new(Status::Failed, code, words::text(id)))
}

/// Writes all of a new file, or leaves none.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // What is not whole is not left behind under the name of the whole.
        drop(std::fs::remove_file(path));
    }
    Ok(written?)
}
