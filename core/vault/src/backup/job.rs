//! One run of a backup: prepared while the vault stands still, written while it may be used again.

use std::fmt;
use std::fs::File;
use std::io::Seek as _;
use std::path::Path;
use std::sync::Arc;

use kosha_crypto::digest::Sha256;
use kosha_crypto::id::{AttachmentId, VaultId};
use kosha_crypto::{Entropy, Slot, padme};
use rusqlite::Connection;
use zeroize::Zeroizing;

use super::entry::{self, PADDING, PIECE, PIECE_FRONT, Value};
use super::files::{FileToWrite, Had, Taken, Wanted, missing, pieces};
use super::manifest::{BackupInfo, FileNote, Manifest};
use super::plan::{self, Plan};
use super::seals::Seals;
use super::segment::{Kind, Writer};
use super::target::{Owner, Target};
use super::{BackupFault, GROWING, SMALL, place};
use crate::error::{Error, Part, Result};
use crate::folder::Folder;
use crate::rows::Rows;
use crate::schema;
use crate::state::State;
use crate::unlock;
use crate::vault::Vault;

/// A segment of rows or files ends behind this many bytes: what is lost when a run breaks off.
const SEGMENT: u64 = 16 * 1024 * 1024;

/// How a backup is made.
#[derive(Debug, Clone, Copy, Default)]
pub struct BackupOptions {
    /// Make it anew even where something could be added.
    pub full: bool,
    /// Now, Unix milliseconds.
    pub now_ms: i64,
}

/// Why a run added to a file, or made it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// There was no backup in this file yet.
    First,
    /// What is new was added.
    Added,
    /// A new one was asked for.
    Asked,
    /// The vault's keys were replaced (after a deletion, say), so nothing can be added to the old one.
    KeysReplaced,
    /// A passphrase or phrase was changed, added or removed, so the old one would open otherwise than the vault.
    SecretsChanged,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Why it added or began anew.
    pub why: Why,
    /// What the backup now says about itself.
    pub info: BackupInfo,
    /// Versions of records that were taken.
    pub versions: u64,
    /// Documents that were taken.
    pub documents: u64,
    /// Entries of the log that were taken.
    pub log_entries: u64,
    /// Attachments that were taken.
    pub attachments: u64,
    /// Attachments of an unfinished run that were found whole and not written again.
    pub reused: u64,
    /// Attachments that were taken although their files are damaged: attach or import them again, and make a full backup.
    pub damaged: Vec<AttachmentId>,
    /// Bytes written.
    pub written: u64,
}

/// A run that is prepared. It has its own view of the vault as it was then; the vault may change meanwhile.
pub struct BackupJob {
    conn: Connection,
    folder: Folder,
    entropy: Arc<dyn Entropy>,
    vault: VaultId,
    target: Target,
    plan: Plan,
    state: Vec<u8>,
    records: u64,
    note: String,
    now_ms: i64,
    files: Vec<Wanted>,
}

impl fmt::Debug for BackupJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupJob").field("vault", &self.vault).finish_non_exhaustive()
    }
}

/// A file that is fit for a run of this vault: read where something is to be added to it, and locked until it is written
/// or dropped.
pub struct BackupTarget(Target);

impl fmt::Debug for BackupTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupTarget").field("why", &self.0.why).finish_non_exhaustive()
    }
}

/// The vault at one moment.
struct View {
    conn: Connection,
    state: State,
    slots: Vec<Slot>,
}

impl Vault {
    /// Looks at `file` for a backup, without a change to what is in it. Where the file holds a backup of this vault, the
    /// run will add to it, and every seal of it is opened first; where that is not possible (keys or secrets were replaced)
    /// or not wanted, a new one is made beside it and takes its place when it is whole.
    ///
    /// `progress` is told bytes read and bytes in all, where there is something to read.
    ///
    /// Errors: [`Error::Backup`] with [`BackupFault::NoSecret`], `NotABackup`, `OtherVault`, `OtherCopy`, `Newer`,
    /// `Altered`, `HeadAltered`, `CutShort`, `Surplus`, `Mixed`, `NoFolder`, `IsFolder`, `InsideVault`, `DanglingLink`;
    /// [`Error::InUse`] when another process writes the file; [`Error::Damaged`] when the vault is known not to be sound
    /// and a backup would be replaced by it, or when rows are missing in it.
    pub fn backup_target(
        &mut self,
        file: &Path,
        options: BackupOptions,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupTarget> {
        let place = place::for_backup(file, self.place())?;
        let view = self.view()?;
        let entropy = Arc::clone(&self.env.entropy);
        let (vault, root) = (self.keys.vault, &self.keys.root);
        let owner = Owner { vault, root, slots: &view.slots, entropy: entropy.as_ref() };
        let target = Target::open(&place, &owner, options.full)?;
        self.plan(&view, &target)?;
        target.authenticate(progress)?;
        Ok(BackupTarget(target))
    }

    /// Prepares a run into `target`, found since the vault was opened: looks at what is new. Writes nothing yet.
    ///
    /// Errors: as of [`Vault::backup_target`].
    pub fn backup_to(&mut self, target: BackupTarget, options: BackupOptions) -> Result<BackupJob> {
        let BackupTarget(target) = target;
        let view = self.view()?;
        let plan = self.plan(&view, &target)?;
        let vault = self.keys.vault;
        let entropy = Arc::clone(&self.env.entropy);
        let plain = Zeroizing::new(plan.state.encode());
        let state = self.keys.own.state().seal(vault, plan.state.sequence, &plain, entropy.as_ref())?;
        let mut files: Vec<(i64, Wanted)> = self
            .stored
            .attachments()
            .map(|attachment| {
                let key = self.attachment_key(attachment).ok();
                let wanted =
                    Wanted { id: attachment.id, name: attachment.name, content: attachment.len, key };
                (attachment.row, wanted)
            })
            .collect();
        files.sort_by_key(|(row, _)| *row);
        Ok(BackupJob {
            conn: view.conn,
            folder: self.folder.clone(),
            vault,
            target,
            plan,
            state,
            records: u64::try_from(self.index.len()).unwrap_or(u64::MAX),
            note: self.checkpoint(options.now_ms)?.note,
            now_ms: options.now_ms,
            files: files.into_iter().map(|(_, file)| file).collect(),
            entropy,
        })
    }

    /// [`Vault::backup_target`] and [`Vault::backup_to`] at once.
    pub fn backup(&mut self, file: &Path, options: BackupOptions) -> Result<BackupJob> {
        let target = self.backup_target(file, options, &mut |_, _| {})?;
        self.backup_to(target, options)
    }

    fn view(&self) -> Result<View> {
        let conn = schema::open(&self.folder.database())?;
        conn.execute_batch("PRAGMA query_only=ON; BEGIN")?;
        let state = unlock::read_state(&conn, &self.keys.own, self.keys.vault)?;
        let state = state.ok_or(Error::Damaged(Part::State))?;
        let mut slots: Vec<Slot> = Vec::new();
        plan::rows(&conn, 's', i64::MIN, |_, row| {
            slots.extend(plan::travelling(row)?);
            Ok(())
        })?;
        if slots.is_empty() { Err(BackupFault::NoSecret.into()) } else { Ok(View { conn, state, slots }) }
    }

    fn plan(&self, view: &View, target: &Target) -> Result<Plan> {
        // What is damaged here may be whole in the backup that would go.
        if let Some(problem) = self.problems().first().filter(|_| target.replaces()) {
            return Err(Error::Damaged(problem.place));
        }
        let hasher = Rows(self.keys.own.state().row_hasher());
        Plan::make(&view.conn, &hasher, &view.state, target.base.as_ref())
    }

    /// Whether `path` is in the vault's own folder, or would be once it is made: nothing but the vault belongs there.
    pub fn holds(&self, path: &Path) -> Result<bool> {
        Ok(place::is_inside(path, self.place())?)
    }
}

/// Tells how far a run is.
struct Progress<'a> {
    done: u64,
    total: u64,
    tell: &'a mut dyn FnMut(u64, u64),
}

impl Progress<'_> {
    fn add(&mut self, bytes: u64) {
        self.done += bytes;
        self.total = self.total.max(self.done);
        (self.tell)(self.done, self.total);
    }
}

impl BackupJob {
    /// Writes what is new. The run counts when this returns: then everything is on the disk. A run that breaks off
    /// leaves what was there before; the next one finds its whole pieces and goes on.
    ///
    /// `progress` is told bytes done and bytes in all, as far as known.
    ///
    /// Errors: those of the file system; [`Error::Damaged`] when an attachment's file is gone.
    pub fn run(mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<BackupReport> {
        let mut files = self.files_to_write()?;
        let total = self.plan.bytes + files.iter().map(|file| file.len - file.offset()).sum::<u64>();
        let mut progress = Progress { done: 0, total, tell: progress };
        (progress.tell)(0, total);
        self.target.prepare()?;
        let target = &self.target;
        let mut out =
            Writer::new(&target.file, &target.key, target.head.backup, self.entropy.as_ref(), target.next);
        let attachments = files.iter().filter(|file| !matches!(file.had, Some(Had::Whole(_)))).count();
        let mut listed = Vec::with_capacity(files.len());
        let mut taken = Taken::default();
        // The front of a file can only be continued right behind it.
        files.sort_by_key(|file| !file.is_front());
        for file in files {
            listed.push(self.write_file(&mut out, file, &mut progress, &mut taken)?);
        }
        let attachments = attachments.saturating_sub(usize::try_from(taken.reused).unwrap_or(0));
        if out.is_open() {
            out.end()?;
        }
        self.write_rows(&mut out, &mut progress)?;
        listed.sort_by_key(|note| note.name);
        let base = target.base.as_ref();
        let manifest = Manifest {
            run: base.map_or(0, |base| base.run).saturating_add(1),
            made_ms: self.now_ms,
            sequence: self.plan.state.sequence,
            set: self.plan.set,
            grown: self.plan.grown,
            growing: self.plan.growing,
            small: self.plan.small,
            records: self.records,
            note: self.note.clone(),
            files: listed,
        };
        out.begin(Kind::Manifest)?;
        out.put(&manifest.encode())?;
        out.end()?;
        let written = out.written;
        let fresh = |table: char| {
            let at = GROWING.iter().position(|other| *other == table).unwrap_or(0);
            let before = base.and_then(|base| base.growing.get(at)).map_or(0, |extent| extent.count);
            self.plan.growing.get(at).map_or(0, |extent| extent.count).saturating_sub(before)
        };
        let (versions, documents, log_entries) = (fresh('h'), fresh('d'), fresh('l'));
        let why = target.why;
        let size = self.target.settle()?;
        Ok(BackupReport {
            why,
            info: manifest.info(self.vault, size),
            versions,
            documents,
            log_entries,
            attachments: u64::try_from(attachments).unwrap_or(u64::MAX),
            reused: taken.reused,
            damaged: taken.damaged,
            written,
        })
    }

    /// Every file that the vault has, with what of it the backup has.
    fn files_to_write(&mut self) -> Result<Vec<FileToWrite>> {
        let mut had: std::collections::HashMap<[u8; 16], Had> = std::collections::HashMap::new();
        for note in self.target.base.iter().flat_map(|base| &base.files) {
            had.insert(note.name, Had::Whole(*note));
        }
        let count = self.target.kept.len();
        let mut lens = Vec::with_capacity(self.files.len());
        for wanted in &self.files {
            let found = std::fs::metadata(self.folder.file(&wanted.name));
            let len = found.map_err(|error| missing(wanted.id, &error))?.len();
            // A file that was cut never takes the place of one that a backup has whole.
            if kosha_crypto::stream::sealed_len(wanted.content) != Ok(len) {
                return Err(Error::Damaged(Part::Attachment(wanted.id)));
            }
            lens.push(len);
        }
        let sizes: std::collections::HashMap<[u8; 16], u64> =
            self.files.iter().map(|file| file.name).zip(lens.iter().copied()).collect();
        for (at, kept) in std::mem::take(&mut self.target.kept).into_iter().enumerate() {
            let Some(size) = sizes.get(&kept.name) else { continue };
            if kept.len == *size || (at + 1 == count && kept.len < *size) {
                had.insert(kept.name, Had::Kept(kept));
            }
        }
        let files = std::mem::take(&mut self.files).into_iter().zip(lens);
        Ok(files
            .map(|(wanted, len)| {
                let had = had.remove(&wanted.name);
                FileToWrite { wanted, len, had }
            })
            .collect())
    }

    fn write_file(
        &self,
        out: &mut Writer<'_>,
        file: FileToWrite,
        progress: &mut Progress<'_>,
        taken: &mut Taken,
    ) -> Result<FileNote> {
        let FileToWrite { wanted, len, had } = file;
        let Wanted { id, name, .. } = wanted;
        let kept = match had {
            Some(Had::Whole(note)) if note.len == len => return Ok(note),
            Some(Had::Whole(_)) => return Err(Error::Damaged(Part::Attachment(id))),
            Some(Had::Kept(kept)) => Some(kept),
            None => None,
        };
        let mut source = File::open(self.folder.file(&name)).map_err(|error| missing(id, &error))?;
        let mut seals = Seals::new(self.vault, id, wanted.key.as_ref(), wanted.content);
        let mut offset = 0;
        let mut hash = Sha256::new();
        if let Some(kept) = kept {
            pieces(&mut source, id, kept.len, |_, content| {
                seals.take(content);
                hash.update(content);
                Ok(())
            })?;
            offset = kept.len;
            // The file was made anew since: what was left is of the one before.
            if hash.clone().finish() != kept.hash.finish() {
                source.rewind()?;
                seals = Seals::new(self.vault, id, wanted.key.as_ref(), wanted.content);
                (offset, hash) = (0, Sha256::new());
            }
        }
        taken.reused += u64::from(offset == len);
        pieces(&mut source, id, len - offset, |at, content| {
            seals.take(content);
            hash.update(content);
            room(out, Kind::Files)?;
            out.put(&entry::front(PIECE, PIECE_FRONT + content.len())?)?;
            out.put(&name)?;
            out.put(&(offset + at).to_le_bytes())?;
            out.put(content)?;
            progress.add(u64::try_from(content.len()).unwrap_or(0));
            Ok(())
        })?;
        if !seals.hold() {
            taken.damaged.push(id);
        }
        Ok(FileNote { name, len, hash: hash.finish() })
    }

    fn write_rows(&self, out: &mut Writer<'_>, progress: &mut Progress<'_>) -> Result<()> {
        for table in SMALL {
            plan::rows(&self.conn, table, i64::MIN, |n, row| {
                room(out, Kind::Rows)?;
                match table {
                    's' if plan::travelling(row)?.is_none() => Ok(()),
                    'z' => {
                        let sequence = i64::try_from(self.plan.state.sequence);
                        let sequence = sequence.map_err(|_| Error::Damaged(Part::State))?;
                        let values = [Value::Number(sequence), Value::Blob(&self.state)];
                        entry::put_row(out, table, n, &values)
                    }
                    _ => entry::put_row(out, table, n, &entry::values(table, row)?),
                }
            })?;
        }
        for (table, after) in GROWING.into_iter().zip(self.plan.after) {
            plan::rows(&self.conn, table, after, |n, row| {
                room(out, Kind::Rows)?;
                let before = out.taken;
                entry::put_row(out, table, n, &entry::values(table, row)?)?;
                progress.add(out.taken - before);
                Ok(())
            })?;
        }
        Self::pad(out)?;
        out.end().map(|_| ())
    }

    /// Zeros up to the Padmé size of the run, so that its size tells little.
    fn pad(out: &mut Writer<'_>) -> Result<()> {
        const ZEROS: [u8; 4096] = [0; 4096];
        let front = entry::FRONT as u64;
        room(out, Kind::Rows)?;
        let mut missing = padme(out.taken + front) - out.taken;
        while missing >= front {
            room(out, Kind::Rows)?;
            let len = (missing - front).min(SEGMENT);
            out.put(&entry::front(PADDING, usize::try_from(len).unwrap_or(0))?)?;
            let mut left = usize::try_from(len).unwrap_or(0);
            while left > 0 {
                let now = left.min(ZEROS.len());
                out.put(ZEROS.get(..now).unwrap_or_default())?;
                left -= now;
            }
            missing -= front + len;
        }
        Ok(())
    }
}

/// Makes sure that a segment of this kind is open and not full.
fn room(out: &mut Writer<'_>, kind: Kind) -> Result<()> {
    if out.is_open() && out.in_segment() >= SEGMENT {
        out.end()?;
    }
    if out.is_open() { Ok(()) } else { out.begin(kind) }
}
