//! From a backup to a vault's folder: every frame opened, every hash compared, rows and files put where they belong.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufReader, Seek as _, SeekFrom, Write as _};

use kosha_crypto::BackupKey;
use kosha_crypto::digest::Sha256;
use rusqlite::Connection;
use zeroize::Zeroizing;

use super::head::Head;
use super::manifest::{FileNote, Manifest};
use super::scan::{Ending, Scan};
use super::segment::{Kind, Reader};
use super::{BackupFault, GROWING, SMALL, entry, scan, target};
use crate::error::Result;
use crate::folder::Folder;
use crate::schema;

/// A backup whose head was opened.
pub(super) struct Source<'a> {
    pub(super) file: &'a File,
    pub(super) head: &'a Head,
    pub(super) key: &'a BackupKey,
}

/// What a backup holds, found without reading all of it.
pub(super) struct Found {
    pub(super) manifest: Manifest,
    /// Number of segments up to the last manifest that counts.
    segments: usize,
    /// Bytes up to there.
    pub(super) bytes: u64,
}

/// Finds the last run that counts. With `last_whole` it is the last one of which, and in front of which, every seal
/// holds; what follows it is passed over.
///
/// Errors: [`BackupFault::CutShort`], [`BackupFault::Surplus`], `Altered`, `Mixed`.
pub(super) fn find(source: &Source<'_>, last_whole: bool) -> Result<Found> {
    let Source { file, head, key } = *source;
    let Scan { mut segments, ending } = scan::scan(file, head)?;
    let mut broken = match ending {
        Ending::Broken(fault) => Some(fault),
        _ => None,
    };
    if last_whole {
        let sound = scan::sound(file, head, key, &segments, &mut |_| {})?;
        if sound < segments.len() {
            broken = Some(BackupFault::Altered);
        }
        segments.truncate(sound);
    } else if let Some(fault) = broken {
        return Err(fault.into());
    }
    let Some(last) = scan::last(file, head, key, &segments)? else {
        let foreign = (ending == Ending::Foreign).then_some(BackupFault::Altered);
        return Err(broken.or(foreign).unwrap_or(BackupFault::CutShort { whole: false }).into());
    };
    if !last_whole && let Some(fault) = scan::behind(ending, last.at + 1 == segments.len()) {
        return Err(fault.into());
    }
    let bytes = segments.get(last.at).map_or(0, |span| span.end);
    Ok(Found { manifest: last.manifest, segments: last.at + 1, bytes })
}

/// Builds the vault of the last run that counts in an empty folder.
pub(super) fn build(
    source: &Source<'_>,
    found: &Found,
    folder: &Folder,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<()> {
    let conn = schema::create(&folder.database())?;
    let mut building = Building {
        conn: &conn,
        folder,
        files: HashMap::new(),
        current: None,
        in_run: false,
        buffer: Zeroizing::new(Vec::new()),
    };
    let mut input = BufReader::with_capacity(1 << 17, source.file);
    input.seek(SeekFrom::Start(u64::try_from(source.head.bytes.len()).unwrap_or(u64::MAX)))?;
    let mut link = scan::first(source.head);
    let mut last = None;
    for _ in 0..found.segments {
        let mut segment = Reader::new(&mut input, source.key, source.head.backup, link)?;
        link = match segment.kind {
            Kind::Files => {
                building.pieces(&mut segment)?;
                segment.finish()?
            }
            Kind::Rows => {
                building.rows(&mut segment)?;
                segment.finish()?
            }
            Kind::Manifest => {
                let (manifest, next) = scan::manifest(segment)?;
                building.in_run = false;
                last = Some(manifest);
                next
            }
        };
        progress(input.stream_position()?.min(found.bytes), found.bytes);
    }
    building.close()?;
    let manifest = last.ok_or(BackupFault::CutShort { whole: false })?;
    building.compare(&manifest)?;
    let files = std::mem::take(&mut building.files);
    drop(building);
    // What no manifest lists was left by a run that did not end, or went since.
    let listed: HashMap<[u8; 16], FileNote> = manifest.files.iter().map(|note| (note.name, *note)).collect();
    for name in files.keys().filter(|name| !listed.contains_key(*name)) {
        fs::remove_file(folder.file(name))?;
    }
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    conn.close().map_err(|(_, error)| error.into())
}

/// The file that is being written.
struct Current {
    name: [u8; 16],
    file: File,
    len: u64,
    hash: Sha256,
}

struct Building<'a> {
    conn: &'a Connection,
    folder: &'a Folder,
    files: HashMap<[u8; 16], (u64, [u8; 32])>,
    current: Option<Current>,
    /// Whether rows of the run at hand were met: the small tables were emptied for them.
    in_run: bool,
    buffer: Zeroizing<Vec<u8>>,
}

impl Building<'_> {
    fn close(&mut self) -> Result<()> {
        if let Some(current) = self.current.take() {
            current.file.sync_all()?;
            self.files.insert(current.name, (current.len, current.hash.finish()));
        }
        Ok(())
    }

    fn pieces(&mut self, segment: &mut Reader<'_>) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        while let Some((kind, len)) = entry::next(segment)? {
            if kind != entry::PIECE {
                return Err(BackupFault::Altered.into());
            }
            entry::content(segment, len, &mut buffer)?;
            let (name, offset, bytes) = target::piece(&buffer)?;
            if offset == 0 {
                self.close()?;
                // A run that broke off may have left a front of the same file.
                let file = File::create(self.folder.file(&name))?;
                self.current = Some(Current { name, file, len: 0, hash: Sha256::new() });
            }
            let current = self.current.as_mut().filter(|file| file.name == name && file.len == offset);
            let current = current.ok_or(BackupFault::Altered)?;
            current.file.write_all(bytes)?;
            current.hash.update(bytes);
            current.len += u64::try_from(bytes.len()).unwrap_or(0);
        }
        self.buffer = buffer;
        Ok(())
    }

    fn rows(&mut self, segment: &mut Reader<'_>) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        self.conn.execute_batch("BEGIN")?;
        if !self.in_run {
            for table in SMALL {
                self.conn.execute_batch(&format!("DELETE FROM {table}"))?;
            }
            self.in_run = true;
        }
        while let Some((kind, len)) = entry::next(segment)? {
            if kind == entry::PADDING {
                entry::padding(segment, len)?;
                continue;
            }
            let table = entry::is_table(kind).ok_or(BackupFault::Altered)?;
            entry::content(segment, len, &mut buffer)?;
            entry::insert(self.conn, table, &buffer)?;
        }
        self.conn.execute_batch("COMMIT")?;
        self.buffer = buffer;
        Ok(())
    }

    /// Compares rows and files with the manifest.
    fn compare(&self, manifest: &Manifest) -> Result<()> {
        let growing = GROWING.iter().zip(&manifest.growing);
        for (table, extent) in growing.chain(SMALL.iter().zip(&manifest.small)) {
            let (count, last): (i64, i64) = self.conn.query_row(
                &format!("SELECT count(*),ifnull(max(n),0) FROM {table}"),
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            if u64::try_from(count) != Ok(extent.count) || last != extent.last {
                return Err(BackupFault::Altered.into());
            }
        }
        for note in &manifest.files {
            if self.files.get(&note.name) != Some(&(note.len, note.hash)) {
                return Err(BackupFault::Altered.into());
            }
        }
        Ok(())
    }
}
