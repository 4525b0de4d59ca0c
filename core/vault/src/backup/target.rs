//! The file that a backup goes to: added to where that is right, else made anew beside it. Never overwritten unseen.

use std::fs::{File, TryLockError};
use std::io::{self, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use kosha_crypto::digest::Sha256;
use kosha_crypto::id::VaultId;
use kosha_crypto::{BackupKey, Entropy, RootKey, Slot};
use zeroize::Zeroizing;

use super::head::Head;
use super::job::Why;
use super::manifest::Manifest;
use super::scan::{Scan, Span};
use super::segment::{Kind, Link, Reader};
use super::{BackupFault, entry, scan};
use crate::error::{Error, Result};
use crate::folder::{parent, sync_folder};

/// An attachment's file, or the front of one, that an unfinished run left behind.
pub(super) struct Kept {
    pub(super) name: [u8; 16],
    pub(super) len: u64,
    pub(super) hash: Sha256,
}

/// Where a run is written.
pub(super) struct Target {
    pub(super) file: File,
    pub(super) head: Head,
    pub(super) key: BackupKey,
    /// Everything in front of this offset stays.
    end: u64,
    /// Where the next segment belongs.
    pub(super) next: Link,
    /// The run that this one builds on.
    pub(super) base: Option<Manifest>,
    /// Its segments and those in front of them.
    rests_on: Vec<Span>,
    /// What an unfinished run left, in order; only the last may be the front of a file.
    pub(super) kept: Vec<Kept>,
    pub(super) why: Why,
    /// The backup's place, and where it is made while it is not there yet.
    place: PathBuf,
    part: Option<PathBuf>,
    /// Held so that nobody else writes the backup that is to be replaced.
    replaced: Option<File>,
}

/// What a vault brings to its backup.
pub(super) struct Owner<'a> {
    pub(super) vault: VaultId,
    pub(super) root: &'a RootKey,
    pub(super) slots: &'a [Slot],
    pub(super) entropy: &'a dyn Entropy,
}

fn lock(file: &File) -> Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::InUse),
        // A file system without locks is no reason to go without a backup.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

fn open_existing(path: &Path) -> Result<Option<File>> {
    match File::options().read(true).write(true).open(path) {
        Ok(file) if file.metadata()?.is_file() => lock(&file).map(|()| Some(file)),
        Ok(_) => Err(BackupFault::NotABackup.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Err(BackupFault::NotABackup.into()),
        Err(error) => Err(error.into()),
    }
}

impl Target {
    /// Looks at the file at `place` and decides. Writes nothing into it; where a new one is to be made beside it, that one is
    /// there, empty, from here on.
    pub(super) fn open(place: &Path, owner: &Owner<'_>, full: bool) -> Result<Self> {
        let Some(file) = open_existing(place)? else {
            return Self::beside(place, owner, Why::First, None);
        };
        if file.metadata()?.len() == 0 {
            return Self::beside(place, owner, Why::First, Some(file));
        }
        let head = match Head::read(&mut &file) {
            Ok(head) => head,
            Err(Error::Backup(fault @ (BackupFault::Altered | BackupFault::CutShort { .. }))) => {
                (&file).seek(SeekFrom::Start(0))?;
                return match Head::named(&mut &file) {
                    Some(vault) if vault == owner.vault && full => {
                        Self::beside(place, owner, Why::Asked, Some(file))
                    }
                    Some(vault) if vault == owner.vault => Err(fault.into()),
                    _ => Err(BackupFault::HeadAltered.into()),
                };
            }
            Err(error) => return Err(error),
        };
        if head.vault != owner.vault {
            return Err(BackupFault::OtherVault.into());
        }
        if full {
            return Self::beside(place, owner, Why::Asked, Some(file));
        }
        let Some(key) = head.own_key(owner.root)? else {
            return Self::beside(place, owner, Why::KeysReplaced, Some(file));
        };
        if !head.opens_like(owner.slots) {
            return Self::beside(place, owner, Why::SecretsChanged, Some(file));
        }
        let target = Self::go_on(file, head, key, Why::Added, place, None)?;
        if target.base.is_none() {
            return Err(BackupFault::CutShort { whole: false }.into());
        }
        Ok(target)
    }

    /// A new file beside the place, or the unfinished one that is there.
    fn beside(place: &Path, owner: &Owner<'_>, why: Why, replaced: Option<File>) -> Result<Self> {
        let part = part_of(place)?;
        if let Some(file) = open_existing(&part)? {
            match Self::unfinished(file, owner, why, place, &part) {
                Ok(Some(mut target)) => {
                    target.replaced = replaced;
                    return Ok(target);
                }
                Ok(None) => {}
                Err(error) => return Err(error),
            }
        }
        let (head, key) = Head::make(owner.vault, owner.slots, owner.root, owner.entropy)?;
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part)?;
        lock(&file)?;
        let next = scan::first(&head);
        Ok(Self {
            file,
            head,
            key,
            end: 0,
            next,
            base: None,
            rests_on: Vec::new(),
            kept: Vec::new(),
            why,
            place: place.to_owned(),
            part: Some(part),
            replaced,
        })
    }

    /// Goes on with an unfinished file of this vault. `None` when it is of no use and may be made anew.
    fn unfinished(
        file: File,
        owner: &Owner<'_>,
        why: Why,
        place: &Path,
        part: &Path,
    ) -> Result<Option<Self>> {
        if file.metadata()?.len() == 0 {
            return Ok(None);
        }
        let head = match Head::read(&mut &file) {
            Ok(head) if head.vault == owner.vault => head,
            Ok(_) => return Err(BackupFault::OtherVault.into()),
            // Not even the head was written.
            Err(Error::Backup(BackupFault::CutShort { .. })) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(key) = head.own_key(owner.root)? else { return Ok(None) };
        if !head.opens_like(owner.slots) {
            return Ok(None);
        }
        match Self::go_on(file, head, key, why, place, Some(part)) {
            // With a manifest it would have been moved to its place, unless the power went in between: made anew.
            Ok(target) if target.base.is_none() => Ok(Some(target)),
            Ok(_) | Err(Error::Backup(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Finds what of the file stays.
    fn go_on(
        file: File,
        head: Head,
        key: BackupKey,
        why: Why,
        place: &Path,
        part: Option<&Path>,
    ) -> Result<Self> {
        let Scan { mut segments, ending } = scan::scan(&file, &head)?;
        let last = scan::last(&file, &head, &key, &segments)?;
        let behind = last.as_ref().map_or(0, |last| last.at + 1);
        // An unfinished run is cut away or gone on with; nothing else is.
        match scan::behind(ending, behind == segments.len()) {
            None | Some(BackupFault::CutShort { .. }) => {}
            Some(_) if behind == 0 => return Err(BackupFault::Altered.into()),
            Some(fault) => return Err(fault.into()),
        }
        let mut kept = Kepts::default();
        let start = u64::try_from(head.bytes.len()).unwrap_or(u64::MAX);
        let (mut end, mut next) = match behind.checked_sub(1).and_then(|at| segments.get(at)) {
            Some(span) => (span.end, span.next),
            None => (start, scan::first(&head)),
        };
        let mut source = BufReader::with_capacity(1 << 17, &file);
        for span in segments.get(behind..).unwrap_or_default() {
            let segment = scan::open(&mut source, &head, &key, span)?;
            // Rows of a run that did not end are those of another moment: they are cut away.
            if segment.kind != Kind::Files {
                break;
            }
            if kept.take(segment).is_err() {
                break;
            }
            (end, next) = (span.end, span.next);
        }
        segments.truncate(behind);
        Ok(Self {
            rests_on: segments,
            head,
            key,
            end,
            next,
            base: last.map(|last| last.manifest),
            kept: kept.files,
            why,
            place: place.to_owned(),
            part: part.map(Path::to_owned),
            replaced: None,
            file,
        })
    }

    /// Opens every frame that the run will rest on: a run is only worth what stands in front of it. `progress` is told
    /// bytes read and bytes in all.
    ///
    /// Errors: [`BackupFault::Altered`].
    pub(super) fn authenticate(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let total = self.rests_on.last().map_or(0, |span| span.end);
        let tell = &mut |at| progress(at, total);
        let sound = scan::sound(&self.file, &self.head, &self.key, &self.rests_on, tell)?;
        if sound == self.rests_on.len() { Ok(()) } else { Err(BackupFault::Altered.into()) }
    }

    /// Whether an earlier backup goes when this one is whole.
    pub(super) fn replaces(&self) -> bool {
        !matches!(self.why, Why::First | Why::Added)
    }

    /// Cuts away what an unfinished run left behind, and stands where the next segment begins.
    pub(super) fn prepare(&self) -> Result<()> {
        let mut file = &self.file;
        file.set_len(self.end)?;
        file.seek(SeekFrom::Start(self.end))?;
        if self.end == 0 {
            file.write_all(&self.head.bytes)?;
        }
        Ok(())
    }

    /// Removes what a broken-off run left that was to replace this backup: this one is whole and newer. What is not this
    /// vault's, or is being written, stays.
    fn clear_unfinished(&self) {
        let Ok(part) = part_of(&self.place) else { return };
        let Ok(Some(file)) = open_existing(&part) else { return };
        if Head::read(&mut &file).is_ok_and(|head| head.vault == self.head.vault) {
            // Left where it cannot be removed: it is sealed, and the next full run takes it up.
            let _ = std::fs::remove_file(&part);
        }
    }

    /// Everything is on the disk, and then in its place: the size of the file.
    pub(super) fn settle(self) -> Result<u64> {
        self.file.sync_all()?;
        let size = self.file.metadata()?.len();
        match &self.part {
            Some(part) => std::fs::rename(part, &self.place)?,
            None => self.clear_unfinished(),
        }
        sync_folder(parent(&self.place)?)?;
        drop(self.replaced);
        Ok(size)
    }
}

/// Where a backup is made that does not stand in its place yet.
fn part_of(place: &Path) -> Result<PathBuf> {
    let mut name = place.file_name().ok_or(Error::Invalid("a backup needs a file name"))?.to_owned();
    name.push(".part");
    Ok(place.with_file_name(name))
}

/// Collects what pieces there are of which files.
#[derive(Default)]
struct Kepts {
    files: Vec<Kept>,
}

impl Kepts {
    /// Takes in a segment of pieces, all of it or, on an error, none.
    fn take(&mut self, mut segment: Reader<'_>) -> Result<()> {
        let before = self.files.len();
        let last = self.files.last().map(|kept| (kept.len, kept.hash.clone()));
        let result = self.pieces(&mut segment).and_then(|()| segment.finish());
        if result.is_err() {
            self.files.truncate(before);
            if let (Some(kept), Some((len, hash))) = (self.files.last_mut(), last) {
                (kept.len, kept.hash) = (len, hash);
            }
        }
        result.map(|_| ())
    }

    fn pieces(&mut self, segment: &mut Reader<'_>) -> Result<()> {
        let mut buffer = Zeroizing::new(Vec::new());
        while let Some((kind, len)) = entry::next(segment)? {
            if kind != entry::PIECE {
                return Err(BackupFault::Altered.into());
            }
            entry::content(segment, len, &mut buffer)?;
            let (name, offset, bytes) = piece(&buffer)?;
            if offset == 0 {
                self.files.push(Kept { name, len: 0, hash: Sha256::new() });
            }
            let kept = self.files.last_mut().filter(|kept| kept.name == name && kept.len == offset);
            let kept = kept.ok_or(BackupFault::Altered)?;
            kept.hash.update(bytes);
            kept.len += u64::try_from(bytes.len()).unwrap_or(0);
        }
        Ok(())
    }
}

/// Name, offset and bytes of a piece of a file.
pub(super) fn piece(content: &[u8]) -> Result<([u8; 16], u64, &[u8])> {
    let split = || {
        let (name, rest) = content.split_first_chunk::<16>()?;
        let (offset, bytes) = rest.split_first_chunk::<8>()?;
        Some((*name, u64::from_le_bytes(*offset), bytes))
    };
    split().ok_or_else(|| BackupFault::Altered.into())
}
