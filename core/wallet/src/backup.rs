//! Sealed copies of the whole vault, in one file that grows.

use std::path::Path;

use kosha_crypto::RecoveryPhrase;
use kosha_vault::{BackupFault, BackupInfo, BackupOptions, Durability, Env, Why};
use serde::Serialize;

use crate::unlocking::{self, Ways};
use crate::{Environment, Error, Session, Unlock, date};

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupSeen {
    /// When its last run was made, RFC 3339.
    pub made: String,
    /// How many runs it holds.
    pub runs: u32,
    /// Number of records.
    pub records: u64,
    /// Number of attachments.
    pub attachments: u64,
    /// Number of changes to the vault until then; a later state has more.
    pub sequence: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// The log's signed checkpoint of that time.
    pub checkpoint: String,
}

/// What a run took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupNew {
    /// Versions of records.
    pub records: u64,
    /// Files that came in.
    pub documents: u64,
    /// Attachments.
    pub attachments: u64,
    /// Entries of the log.
    pub log: u64,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    /// `new`, `added` or `replaced`.
    pub outcome: &'static str,
    /// Why an earlier backup was replaced: `asked`, `keys-replaced`, `secrets-changed`; absent where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// What was new.
    pub new: BackupNew,
    /// Attachments that an unfinished run had left whole, and that were not written again.
    pub reused: u64,
    /// Bytes written.
    pub written: u64,
    /// Ids of attachments that were taken although their files are damaged; absent in JSON where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<String>,
    /// What the backup now holds.
    pub backup: BackupSeen,
}

impl BackupSeen {
    pub(crate) fn of(info: &BackupInfo) -> Self {
        Self {
            made: date::rfc3339(info.made_ms),
            runs: info.runs,
            records: info.records,
            attachments: info.attachments,
            sequence: info.sequence,
            bytes: info.size,
            checkpoint: info.checkpoint.clone(),
        }
    }
}

impl Session {
    /// Makes a backup in `file`, or adds what is new to the one that is there. It opens with the vault's passphrase or
    /// recovery phrase of today, and with nothing of this device. `full` makes it anew. A backup of something else is
    /// never overwritten.
    ///
    /// A backup to which something is to be added is read first, every seal of it: nothing is ever added to a damaged one.
    ///
    /// `progress` is told bytes done and bytes in all. A run that breaks off leaves what was there; the next one goes on.
    pub fn backup(
        &mut self,
        file: &Path,
        full: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupReport, Error> {
        let now_ms = self.environment().now_ms();
        let options = BackupOptions { full, now_ms };
        // A file that cannot be used is told before anything is written down.
        let mut read = 0;
        let target = self
            .vault_mut()
            .backup_target(file, options, &mut |done, total| {
                read = total;
                progress(done, total);
            })
            .map_err(of_backup)?;
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        tx.log(now_ms, "backup", "a sealed copy of everything, to a file")?;
        tx.commit()?;
        self.reached("backup-begin");
        let report = self
            .vault_mut()
            .backup_to(target, options)
            .and_then(|job| job.run(&mut |done, total| progress(read + done, read + total)))
            .map_err(of_backup)?;
        self.reached("backup-durable");
        self.keep_anchor();
        let (outcome, reason) = match report.why {
            Why::First => ("new", None),
            Why::Added => ("added", None),
            Why::Asked => ("replaced", Some("asked")),
            Why::KeysReplaced => ("replaced", Some("keys-replaced")),
            _ => ("replaced", Some("secrets-changed")),
        };
        Ok(BackupReport {
            outcome,
            reason,
            new: BackupNew {
                records: report.versions,
                documents: report.documents,
                attachments: report.attachments,
                log: report.log_entries,
            },
            reused: report.reused,
            written: report.written,
            damaged: report.damaged.iter().map(ToString::to_string).collect(),
            backup: BackupSeen::of(&report.info),
        })
    }
}

/// Reads all of a backup, makes the vault of it in a folder below `scratch`, verifies everything, and removes the folder.
/// Needs no vault. `scratch` needs as much room as the backup has bytes.
pub fn verify_backup(
    file: &Path,
    unlock: &Unlock<'_>,
    environment: &Environment,
    scratch: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<BackupSeen, Error> {
    let env = Env { entropy: environment.entropy.clone() };
    let info = kosha_vault::verify(file, Secret::of(unlock)?.unlock(), &env, scratch, progress);
    let info = info.map_err(of_backup)?;
    Ok(BackupSeen::of(&info))
}

/// What opens a backup: never this device, which may not be the one that made it.
pub(crate) enum Secret<'a> {
    Passphrase(&'a [u8]),
    Phrase(RecoveryPhrase),
}

impl<'a> Secret<'a> {
    pub(crate) fn of(unlock: &Unlock<'a>) -> Result<Self, Error> {
        match unlock {
            Unlock::Passphrase(passphrase) => Ok(Self::Passphrase(passphrase)),
            Unlock::Recovery(words) => Ok(Self::Phrase(unlocking::phrase(words)?)),
            Unlock::Device => Err(Error::Locked { ways: Ways::default() }),
        }
    }

    pub(crate) fn unlock(&self) -> kosha_vault::Unlock<'_> {
        match self {
            Self::Passphrase(passphrase) => kosha_vault::Unlock::Passphrase(passphrase),
            Self::Phrase(phrase) => kosha_vault::Unlock::Recovery(phrase),
        }
    }
}

/// An error of a command that works on a backup, as it is told: what could not be read or written may not be the vault's.
pub(crate) fn of_backup(error: kosha_vault::Error) -> Error {
    match error {
        kosha_vault::Error::Io(_) => Error::Backup {
            code: "backup-io",
            reason: "The system could not read or write the file of the backup, or the folder that it is in.",
        },
        other => other.into(),
    }
}

/// A fault, as it is told.
pub(crate) fn failed(fault: BackupFault) -> Error {
    let (code, reason) = match fault {
        BackupFault::Newer(format) => return Error::NewerBackup { format },
        BackupFault::NotABackup => ("not-a-backup", "This file is not a backup. Nothing was changed."),
        BackupFault::OtherVault => (
            "backup-of-another-vault",
            "This file holds the backup of another vault. It was left alone; choose another file.",
        ),
        BackupFault::OtherCopy => (
            "backup-of-another-copy",
            "This file holds a backup made by another copy of this vault. It was left alone; choose another file.",
        ),
        BackupFault::CutShort { whole: true } => {
            ("backup-unfinished", "The end of this backup is missing. What it held before that is whole.")
        }
        BackupFault::CutShort { .. } => {
            ("backup-cut-short", "A part of this backup is missing, so it cannot be used.")
        }
        BackupFault::Surplus => (
            "backup-surplus",
            "Behind the end of this backup stands something that does not belong to it. What it holds before that is whole.",
        ),
        BackupFault::HeadAltered => (
            "backup-head-altered",
            "This may be a backup whose beginning is damaged, so that it does not say which vault it is of. It was left alone; choose another file.",
        ),
        BackupFault::Mixed => (
            "backup-mixed",
            "This backup is put together of pieces that do not belong together. It cannot be used as it is.",
        ),
        BackupFault::NoSecret => (
            "backup-needs-secret",
            "A backup has to open on another device. Give the vault a passphrase or a recovery phrase first.",
        ),
        BackupFault::Unsound => ("backup-unsound", "The vault inside this backup is damaged in parts."),
        BackupFault::Missing => (
            "backup-not-found",
            "There is no such file. Check its name, and whether the drive that it is on is connected.",
        ),
        BackupFault::NoFolder => (
            "backup-no-folder",
            "The folder for the backup does not exist. Make it first, or choose another one.",
        ),
        BackupFault::IsFolder => {
            ("backup-is-folder", "This is a folder. A backup is one file: add a name for it.")
        }
        BackupFault::InsideVault => (
            "inside-vault",
            "This is inside the folder of the vault: what is there is lost together with the vault. Choose another place, best on another drive.",
        ),
        BackupFault::DanglingLink => (
            "dangling-link",
            "The name of the backup is a link that leads to nothing. Check whether the drive that it leads to is connected, or choose another file.",
        ),
        BackupFault::NoScratch => (
            "no-scratch",
            "Nothing can be written in the folder for temporary files, in which a backup is verified.",
        ),
        _ => ("backup-altered", "This backup was changed or damaged. It cannot be used as it is."),
    };
    Error::Backup { code, reason }
}
