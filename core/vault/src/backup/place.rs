//! Putting a restored vault in the place of another one, so that at any moment a whole vault is there.
//!
//! The new vault is whole beside the place before anything moves. Where the system can exchange two names in one step,
//! it does. Elsewhere two renames do: the old one becomes `<name>.replaced-<hex>`, then `<name>.restored-<hex>` takes the
//! place. When the process ends between the two, [`settle_replacement`] does the second at the next open.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::BackupFault;
use crate::error::{Error, Result};
use crate::folder::{Folder, is_drawn, parent, sync_folder};

/// Most links that are followed one after another.
const MOST_LINKS: usize = 40;
const REPLACED: &str = ".replaced-";
const RESTORED: &str = ".restored-";

fn sibling(place: &Path, mark: &str, suffix: &str) -> Result<PathBuf> {
    let mut name = place.file_name().ok_or(Error::Exists)?.to_owned();
    name.push(mark);
    name.push(suffix);
    Ok(place.with_file_name(name))
}

/// Folders beside `place` with this mark: their suffix and path.
fn siblings(place: &Path, mark: &str) -> Result<Vec<(String, PathBuf)>> {
    let Some(name) = place.file_name().and_then(|name| name.to_str()) else { return Ok(Vec::new()) };
    let front = format!("{name}{mark}");
    let entries = match fs::read_dir(parent(place)?) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let suffix = name.to_str().and_then(|name| name.strip_prefix(&front));
        let Some(suffix) = suffix else { continue };
        if is_drawn(suffix) {
            found.push((suffix.to_owned(), entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// Finishes a replacement that broke off between its two renames. Nothing is done where something is in the place.
pub fn settle_replacement(place: &Path) -> Result<()> {
    match fs::symlink_metadata(place) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let replaced = siblings(place, REPLACED)?;
    for (suffix, restored) in siblings(place, RESTORED)? {
        if replaced.iter().any(|(other, _)| *other == suffix) {
            fs::rename(restored, place)?;
            return sync_folder(parent(place)?);
        }
    }
    Ok(())
}

/// Where something really is whose path may itself be a link, and whether it was one. Links in front of the last name need
/// no care: only the last one would be moved or replaced instead of what it leads to. `None`: it leads round in a circle.
fn follow(place: &Path) -> Result<Option<(PathBuf, bool)>> {
    let mut found = place.to_owned();
    for number in 0..MOST_LINKS {
        match fs::symlink_metadata(&found) {
            Ok(there) if there.file_type().is_symlink() => {
                found = parent(&found)?.join(fs::read_link(&found)?);
            }
            // A name of its own, to have something beside it: for `.`, and for links that end in `..`.
            Ok(_) if number > 0 || found.file_name().is_none() => {
                return Ok(Some((fs::canonicalize(&found)?, number > 0)));
            }
            Ok(_) => return Ok(Some((found, false))),
            Err(error) if is_absence(&error) => return Ok(Some((found, number > 0))),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Where the vault of `place` is: what a link leads to, so that it is never the link that is moved or replaced. A
/// replacement that broke off there is finished.
///
/// Errors: [`Error::DanglingLink`]: a vault is not made at the end of such a link, which may lead to a drive that is not
/// connected.
pub fn resolve_place(place: &Path) -> Result<PathBuf> {
    let (found, linked) = follow(place)?.ok_or(Error::DanglingLink)?;
    settle_replacement(&found)?;
    if linked && !found.exists() { Err(Error::DanglingLink) } else { Ok(found) }
}

/// The file that is meant for a backup of the vault in `vault`, a link followed.
pub(super) fn for_backup(file: &Path, vault: &Path) -> Result<PathBuf> {
    if file.is_dir() {
        return Err(BackupFault::IsFolder.into());
    }
    let (file, linked) = follow(file)?.ok_or(BackupFault::DanglingLink)?;
    if linked && !file.exists() {
        return Err(BackupFault::DanglingLink.into());
    }
    let folder = fs::canonicalize(parent(&file)?).map_err(|error| {
        if is_absence(&error) { BackupFault::NoFolder.into() } else { Error::from(error) }
    })?;
    if !folder.is_dir() {
        return Err(BackupFault::NoFolder.into());
    }
    if folder.starts_with(fs::canonicalize(vault)?) { Err(BackupFault::InsideVault.into()) } else { Ok(file) }
}

/// Whether `path` is inside the folder `vault`, or would be once it is made.
pub(super) fn is_inside(path: &Path, vault: &Path) -> io::Result<bool> {
    let (vault, path) = (fs::canonicalize(vault)?, std::path::absolute(path)?);
    for front in path.ancestors() {
        let Ok(mut whole) = fs::canonicalize(front) else { continue };
        for part in path.strip_prefix(front).unwrap_or(Path::new("")).components() {
            match part {
                Component::ParentDir => drop(whole.pop()),
                other => whole.push(other),
            }
        }
        return Ok(whole.starts_with(vault));
    }
    Ok(false)
}

/// Removes the vaults that earlier restores put aside here: how many. To be called when the one in the place was opened.
pub fn discard_replaced(place: &Path) -> Result<u64> {
    let place = &resolve_place(place)?;
    let mut removed = 0;
    for mark in [REPLACED, RESTORED] {
        for (_, path) in siblings(place, mark)? {
            fs::remove_dir_all(path)?;
            removed += 1;
        }
    }
    sync_folder(parent(place)?)?;
    Ok(removed)
}

/// Moves the whole vault at `new` to the place of the one at `place`: where the old one is then. Nobody else may have
/// the old vault open.
pub(super) fn replace(new: &Path, place: &Path, suffix: &str) -> Result<PathBuf> {
    let _owned = Folder::new(place).own()?;
    let aside = sibling(place, REPLACED, suffix)?;
    let folder = parent(place)?;
    if exchanges() {
        fs::rename(new, &aside)?;
        sync_folder(folder)?;
        if exchange(&aside, place)? {
            sync_folder(folder)?;
            return Ok(aside);
        }
        fs::rename(&aside, new)?;
    }
    let whole = sibling(place, RESTORED, suffix)?;
    fs::rename(new, &whole)?;
    sync_folder(folder)?;
    fs::rename(place, &aside)?;
    fs::rename(&whole, place)?;
    sync_folder(folder)?;
    Ok(aside)
}

/// Whether two names can be exchanged in one step. Android is left out: before version 11 its processes are ended for
/// trying.
const fn exchanges() -> bool {
    cfg!(any(target_os = "linux", target_vendor = "apple"))
}

/// Exchanges two names; `false` where the file system cannot.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP | Errno::PERM) => Ok(false),
        Err(error) => Err(io::Error::from(error).into()),
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_that_broke_off_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("vault");
        let suffix = "0123456789abcdef0123456789abcdef";
        let restored = sibling(&place, RESTORED, suffix).unwrap();
        fs::create_dir(&restored).unwrap();
        fs::write(restored.join("new"), "").unwrap();
        settle_replacement(&place).unwrap();
        assert!(!place.exists(), "a vault that replaced nothing yet waits");
        fs::create_dir(sibling(&place, REPLACED, suffix).unwrap()).unwrap();
        settle_replacement(&place).unwrap();
        assert!(place.join("new").exists());
        assert_eq!(discard_replaced(&place).unwrap(), 1);
        assert!(place.join("new").exists());
    }
}
