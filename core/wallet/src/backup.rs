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
        drop(self.vault_mut().backup(file, options)?);
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        tx.log(now_ms, "backup", "a sealed copy of everything, to a file")?;
        tx.commit()?;
        self.reached("backup-begin");
        let report = self.vault_mut().backup(file, options)?.run(progress)?;
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
    let info = kosha_vault::verify(file, Secret::of(unlock)?.unlock(), &env, scratch, progress)?;
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

/// A fault, as it is told.
pub(crate) fn failed(fault: BackupFault) -> Error {
    let (code, reason) = match fault {
        BackupFault::NotABackup => ("not-a-backup", "This file is not a backup. Nothing was changed."),
        BackupFault::Newer(_) => ("newer-backup", "The backup was made by a newer version of Kosha."),
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
        BackupFault::Mixed => (
            "backup-mixed",
            "This backup is put together of pieces that do not belong together. It cannot be used.",
        ),
        BackupFault::NoSecret => (
            "backup-needs-secret",
            "A backup has to open on another device. Give the vault a passphrase or a recovery phrase first.",
        ),
        BackupFault::Unsound => ("backup-unsound", "The vault inside this backup is damaged in parts."),
        _ => ("backup-altered", "This backup was changed or damaged. It cannot be used."),
    };
    Error::Backup { code, reason }
}
