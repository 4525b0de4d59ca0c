//! Putting a restored vault in the place of another one, so that at any moment a whole vault is there.
//!
//! The new vault is whole beside the place before anything moves. Where the system can exchange two names in one step,
//! it does. Elsewhere two renames do: the old one becomes `<name>.replaced-<hex>`, then `<name>.restored-<hex>` takes the
//! place. When the process ends between the two, [`settle_replacement`] does the second at the next open.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::folder::{Folder, is_drawn, parent, sync_folder};

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

/// Removes the vaults that earlier restores put aside here: how many. To be called when the one in the place was opened.
pub fn discard_replaced(place: &Path) -> Result<u64> {
    settle_replacement(place)?;
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
