//! Backup: one sealed file that grows by what is new, is read whole before it is believed, and becomes a vault again.
//!
//! ```text
//! file      head | segment …
//! segment   header (clear) | frame … ; key of its own; bound to its number and to the segment before
//! run       segments of files (attachments), then of rows, then one manifest; only with the manifest does it count
//! ```
//!
//! Rows and attachment files go in as they are sealed in the vault, and once more under the backup's key. A run holds
//! what is new: rows of tables that only grow, behind those of the run before; the small tables whole; attachment files
//! that are not in the backup yet. Byte formats: `docs/formats.md`, Backup.

mod build;
mod entry;
mod head;
mod job;
mod manifest;
mod place;
mod plan;
mod restore;
mod scan;
mod segment;
mod target;

pub use job::{BackupJob, BackupOptions, BackupReport, Why};
pub use manifest::BackupInfo;
pub use place::{discard_replaced, settle_replacement};
pub use restore::{RestoreOptions, RestoreReport, restore, verify};

/// Tables that only grow while the root key stays: a run takes the rows behind those of the run before.
const GROWING: [char; 5] = ['h', 'b', 'd', 'f', 'l'];
/// Tables that are small, and whole in every run.
const SMALL: [char; 6] = ['s', 'v', 'w', 'p', 'i', 'z'];

/// Why a file is not taken as a backup, or not as this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupFault {
    /// The file is something else. Choose another one.
    #[error("this file is not a backup")]
    NotABackup,
    /// Made by a newer version of this program. Update the program.
    #[error("this backup was made by a newer version of the program (format {0})")]
    Newer(u8),
    /// It is the backup of another vault. Choose another file.
    #[error("this backup belongs to another vault")]
    OtherVault,
    /// It is of this vault, and holds what this copy of the vault never had: both were used after one was restored.
    /// Choose another file, or have it replaced on purpose.
    #[error("this backup was made by another copy of this vault")]
    OtherCopy,
    /// Bytes are not those that were written.
    #[error("this backup was changed or damaged")]
    Altered,
    /// The end is missing: a run was not finished, or the file was cut. With `whole`, an earlier run in it is whole.
    #[error("the end of this backup is missing")]
    CutShort {
        /// Whether the state of an earlier run can be restored.
        whole: bool,
    },
    /// Pieces of several backups, or in another order.
    #[error("this backup is put together of pieces that do not belong together")]
    Mixed,
    /// Every seal holds, and the vault inside is not sound.
    #[error("the vault inside this backup is not sound")]
    Unsound,
    /// The vault has neither a passphrase nor a recovery phrase, so no other device could open a backup.
    #[error("a backup needs a passphrase or a recovery phrase")]
    NoSecret,
}
