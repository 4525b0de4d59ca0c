//! Reading a backup whole: to say that it is sound, or to have the vault back.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use kosha_crypto::DeviceKeystore;

use super::build::{self, Found, Source};
use super::head::Head;
use super::manifest::BackupInfo;
use super::{BackupFault, place};
use crate::error::{Error, Problem, Result};
use crate::folder::{Folder, holds_only_a_vault, parent};
use crate::unplaced::Unplaced;
use crate::vault::{Env, Unlock, Vault};

/// How a vault is restored.
#[derive(Default)]
pub struct RestoreOptions<'a> {
    /// Whether a vault that is at the place is to be replaced; it is put aside, not removed.
    pub replace: bool,
    /// Whether to take the last whole run where the end of the file is missing, or is damaged behind it.
    pub last_whole: bool,
    /// Whether to take a vault that opens and is not sound in every part: what is damaged is named in the report.
    pub damaged: bool,
    /// The keystore of this device and the label of its key: to open the restored vault.
    pub device: Option<(&'a dyn DeviceKeystore, &'a str)>,
}

impl fmt::Debug for RestoreOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestoreOptions").field("replace", &self.replace).finish_non_exhaustive()
    }
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// What the backup says about itself.
    pub info: BackupInfo,
    /// Where the vault is that was at the place before.
    pub replaced: Option<PathBuf>,
    /// What is damaged in the restored vault; empty unless that was accepted.
    pub problems: Vec<Problem>,
}

/// Reads all of a backup: every frame, every manifest, and, in a folder below `scratch` that is removed again, the vault
/// that it makes, with every seal, the set of rows, the files and the log.
///
/// `progress` is told bytes read and bytes in all.
///
/// Errors: [`Error::Backup`] by name, [`Error::WrongKey`], [`Error::NoSlot`], and those of the file system.
pub fn verify(
    file: &Path,
    unlock: Unlock<'_>,
    env: &Env,
    scratch: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<BackupInfo> {
    let (file, head) = open(file)?;
    let key = head.key(&unlock)?;
    let source = Source { file: &file, head: &head, key: &key };
    let found = build::find(&source, false)?;
    let folder = Unplaced::make(scratch, env.entropy.as_ref()).map_err(|error| match error {
        Error::Io(_) => BackupFault::NoScratch.into(),
        other => other,
    })?;
    build::build(&source, &found, &folder.folder(), progress)?;
    let (vault, problems) = inside(folder.path(), unlock, env, &found)?;
    drop(vault);
    if !problems.is_empty() {
        return Err(BackupFault::Unsound.into());
    }
    Ok(found.manifest.info(head.vault, found.bytes))
}

/// Restores the vault of a backup to `place` and opens it. Everything that [`verify`] looks at is looked at before
/// anything at the place is touched; at any moment a whole vault is there. `finish` is called with the restored vault
/// before it comes to its place: what it stores appears with it or not at all.
///
/// Errors: as of [`verify`]; [`Error::Exists`] where something is at the place and is not to be replaced;
/// [`Error::InUse`] when the vault to be replaced is open; [`Error::DanglingLink`], [`Error::NoParent`]. Where `place` is
/// a link, what it leads to is the place, and the link stays.
pub fn restore(
    file: &Path,
    place: &Path,
    unlock: Unlock<'_>,
    env: &Env,
    options: &RestoreOptions<'_>,
    progress: &mut dyn FnMut(u64, u64),
    finish: &mut dyn FnMut(&mut Vault, &BackupInfo) -> Result<()>,
) -> Result<(Vault, RestoreReport)> {
    let place = &place::resolve_place(place)?;
    if !parent(place)?.is_dir() {
        return Err(Error::NoParent);
    }
    let taken = is_taken(place)?;
    if taken && !options.replace {
        return Err(Error::Exists);
    }
    let (file, head) = open(file)?;
    let key = head.key(&unlock)?;
    let source = Source { file: &file, head: &head, key: &key };
    let found = build::find(&source, options.last_whole)?;
    let folder = Unplaced::make(parent(place)?, env.entropy.as_ref())?;
    build::build(&source, &found, &folder.folder(), progress)?;
    let info = found.manifest.info(head.vault, found.bytes);
    let (mut vault, problems) = inside(folder.path(), unlock, env, &found)?;
    if !problems.is_empty() && !options.damaged {
        return Err(BackupFault::Unsound.into());
    }
    if let Some((keystore, label)) = options.device {
        let key = vault.new_device_key(keystore, label, "")?;
        vault.put_device_key(&key)?;
    }
    // Its past is told from that of the vault that was backed up.
    vault.new_instance()?;
    finish(&mut vault, &info)?;
    drop(vault);
    folder.folder().settle()?;
    let replaced = if taken {
        let aside = place::replace(folder.path(), place, folder.suffix())?;
        folder.moved();
        Some(aside)
    } else {
        folder.put(place)?;
        None
    };
    Ok((Vault::open(place, unlock, env.clone())?, RestoreReport { info, replaced, problems }))
}

fn open(path: &Path) -> Result<(File, Head)> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => BackupFault::Missing.into(),
        _ => Error::from(error),
    })?;
    if !file.metadata()?.is_file() {
        return Err(BackupFault::NotABackup.into());
    }
    let head = Head::read(&mut &file)?;
    Ok((file, head))
}

/// Opens what was built and looks at everything in it: what is damaged.
fn inside(folder: &Path, unlock: Unlock<'_>, env: &Env, found: &Found) -> Result<(Vault, Vec<Problem>)> {
    let unsound = |error| match error {
        Error::Damaged(_) | Error::NotAVault => BackupFault::Unsound.into(),
        other => other,
    };
    let vault = Vault::open(folder, unlock, env.clone()).map_err(unsound)?;
    if vault.anchor().is_some_and(|anchor| anchor.sequence != found.manifest.sequence) {
        return Err(BackupFault::Altered.into());
    }
    let problems = vault.check(&mut |_, _| {}).map_err(unsound)?.problems;
    Ok((vault, problems))
}

/// Whether a vault is at the place, or what is left of one; `false` where nothing is, or an empty folder. Anything else is
/// not ours to move: [`Error::NotAVault`].
pub fn is_taken(place: &Path) -> Result<bool> {
    match fs::symlink_metadata(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
        Ok(found) if found.is_dir() => {
            let taken = fs::read_dir(place)?.next().is_some();
            let ours = Folder::new(place).database().exists() || holds_only_a_vault(place);
            if taken && !ours { Err(Error::NotAVault) } else { Ok(taken) }
        }
        Ok(_) => Err(Error::NotAVault),
    }
}
