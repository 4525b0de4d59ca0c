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
mod files;
mod head;
mod job;
mod manifest;
mod place;
mod plan;
mod restore;
mod scan;
mod seals;
mod segment;
mod target;

pub use job::{BackupJob, BackupOptions, BackupReport, BackupTarget, Why};
pub use manifest::BackupInfo;
pub use place::{discard_replaced, resolve_place, settle_replacement};
pub use restore::{RestoreOptions, RestoreReport, is_taken, restore, verify};

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
    /// Behind the end stand bytes that are none of a backup; what it holds is whole.
    #[error("something that does not belong to this backup stands behind its end")]
    Surplus,
    /// The front is damaged so that it does not say whose backup it is. Choose another file.
    #[error("the front of this backup was changed or damaged")]
    HeadAltered,
    /// Pieces of several backups, or in another order.
    #[error("this backup is put together of pieces that do not belong together")]
    Mixed,
    /// Every seal holds, and the vault inside is not sound.
    #[error("the vault inside this backup is not sound")]
    Unsound,
    /// The vault has neither a passphrase nor a recovery phrase, so no other device could open a backup.
    #[error("a backup needs a passphrase or a recovery phrase")]
    NoSecret,
    /// There is no file at this place to read a backup from.
    #[error("there is no file at this place")]
    Missing,
    /// The folder in which the backup's file is to be made is not there.
    #[error("there is no folder for the backup")]
    NoFolder,
    /// A folder was named where a file is needed.
    #[error("this is a folder")]
    IsFolder,
    /// The backup would be in the folder of its own vault, and be lost together with it.
    #[error("this place is inside the vault")]
    InsideVault,
    /// The backup's place is a link that leads to nothing.
    #[error("this is a link that leads to nothing")]
    DanglingLink,
    /// The folder in which a backup is verified cannot be written.
    #[error("the folder for temporary files cannot be written")]
    NoScratch,
}
