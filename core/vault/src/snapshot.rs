//! What is in memory, kept as sealed files beside the database so that the next unlock need not build it again.
//!
//! `"KSHX" | format u32 | sequence u64 | stream`: the stream ([`kosha_crypto::stream`]) is sealed under a key that goes
//! with the state key, at a place that binds vault, file and sequence. A file that is missing, cut, altered, of another
//! format or of other keys is no file at all: everything here can be made again from the database.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};

use kosha_crypto::id::VaultId;
use kosha_crypto::stream::{HEADER, SEALED_CHUNK};
use kosha_crypto::{Entropy, Place, StateKey, StreamOpener, StreamSealer};
use zeroize::Zeroizing;

use crate::bytes::Reader;
use crate::error::{Error, Result};
use crate::folder::{Folder, sync_folder};

const MAGIC: [u8; 4] = *b"KSHX";
const FORMAT: u32 = 1;
/// Bytes before the stream.
const HEAD: usize = 16;
/// Largest file that is read: 1 GiB.
const MAX: u64 = 1 << 30;

/// The files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The index of records, documents and attachments.
    Index = 1,
    /// The searched text.
    Search = 2,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Search => "search",
        }
    }
}

/// Takes plaintext and writes it sealed.
pub(crate) struct Sink<'a> {
    file: &'a mut File,
    sealer: StreamSealer,
    sealed: Vec<u8>,
}

impl Sink<'_> {
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.sealer.update(bytes, &mut self.sealed)?;
        if !self.sealed.is_empty() {
            self.file.write_all(&self.sealed)?;
            self.sealed.clear();
        }
        Ok(())
    }
}

/// Where and under what a file is kept.
pub(crate) struct Keeper<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) keys: &'a StateKey,
    pub(crate) vault: VaultId,
}

impl Keeper<'_> {
    /// Replaces the file by what `fill` puts into it: whole, or not at all.
    pub(crate) fn write(
        &self,
        kind: Kind,
        sequence: u64,
        entropy: &dyn Entropy,
        fill: impl FnOnce(&mut Sink<'_>) -> Result<()>,
    ) -> Result<()> {
        let path = self.folder.root().join(kind.name());
        let temporary = path.with_extension("tmp");
        let written = (|| {
            let mut file = File::create(&temporary)?;
            let mut sealed = Vec::with_capacity(2 * SEALED_CHUNK);
            sealed.extend_from_slice(&MAGIC);
            sealed.extend_from_slice(&FORMAT.to_le_bytes());
            sealed.extend_from_slice(&sequence.to_le_bytes());
            let place = Place::snapshot(self.vault, kind as u8, sequence);
            let sealer = StreamSealer::new(&self.keys.snapshot(), &place, entropy, &mut sealed)?;
            let mut sink = Sink { file: &mut file, sealer, sealed };
            fill(&mut sink)?;
            let Sink { sealer, mut sealed, .. } = sink;
            sealer.finish(&mut sealed)?;
            file.write_all(&sealed)?;
            file.sync_all()?;
            fs::rename(&temporary, &path)?;
            sync_folder(self.folder.root())
        })();
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// The sequence at which the file was made, and its plaintext with zeros behind it.
    pub(crate) fn read(&self, kind: Kind) -> Option<(u64, Zeroizing<Vec<u8>>)> {
        let mut file = File::open(self.folder.root().join(kind.name())).ok()?;
        let size = file.metadata().ok().filter(|about| about.is_file() && about.len() <= MAX)?.len();
        let mut head = [0; HEAD + HEADER];
        file.read_exact(&mut head).ok()?;
        let (head, stream) = head.split_first_chunk::<HEAD>()?;
        let mut reader = Reader::new(head);
        if reader.array() != Ok(MAGIC) || reader.u32() != Ok(FORMAT) {
            return None;
        }
        let sequence = reader.u64().ok()?;
        let place = Place::snapshot(self.vault, kind as u8, sequence);
        let sealed = size.checked_sub(u64::try_from(HEAD).ok()?)?;
        let opener = StreamOpener::of_sealed_len(&self.keys.snapshot(), &place, stream, sealed).ok()?;
        // Each chunk is read behind the plaintext of the one before and opened where it stands.
        let mut plain = Zeroizing::new(Vec::with_capacity(usize::try_from(sealed).ok()?));
        for index in 0..opener.chunks() {
            let start = plain.len();
            let (_, len) = opener.sealed_range(index)?;
            (&mut file).take(u64::try_from(len).ok()?).read_to_end(&mut plain).ok()?;
            let opened = opener.open_in_place(index, plain.get_mut(start..)?).ok()?;
            plain.truncate(start + opened);
        }
        Some((sequence, plain))
    }

    /// Takes both files away, and what a process that ended left of one; errors only where one stays.
    pub(crate) fn remove(folder: &Folder) -> Result<()> {
        for kind in [Kind::Index, Kind::Search] {
            let path = folder.root().join(kind.name());
            for path in [path.with_extension("tmp"), path] {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(Error::from(error));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kosha_crypto::{SystemEntropy, VaultKeys};

    use super::*;

    #[test]
    fn whole_or_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        let (mine, other) =
            (VaultKeys::generate(&SystemEntropy).unwrap(), VaultKeys::generate(&SystemEntropy).unwrap());
        let vault = VaultId::random(&SystemEntropy).unwrap();
        let keeper = Keeper { folder: &folder, keys: mine.state(), vault };
        assert!(keeper.read(Kind::Index).is_none());
        for len in [0, 1, 65_535, 65_536, 65_537, 300_000] {
            let content: Vec<u8> = (0..len).map(|n: u32| n.to_le_bytes()[1]).collect();
            keeper
                .write(Kind::Index, 7, &SystemEntropy, |sink| {
                    content.chunks(1000).try_for_each(|piece| sink.put(piece))
                })
                .unwrap();
            let (sequence, read) = keeper.read(Kind::Index).unwrap();
            assert_eq!(sequence, 7);
            assert!(read.starts_with(&content) && read[content.len()..].iter().all(|byte| *byte == 0));
        }
        // A write that fails leaves the file before.
        keeper.write(Kind::Index, 8, &SystemEntropy, |_| Err(Error::DiskFull)).unwrap_err();
        assert_eq!(keeper.read(Kind::Index).unwrap().0, 7);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        // Another vault, other keys, another file, any flipped bit, any cut.
        assert!(Keeper { keys: other.state(), ..keeper }.read(Kind::Index).is_none());
        let vault = VaultId::random(&SystemEntropy).unwrap();
        assert!(Keeper { vault, folder: &folder, keys: mine.state() }.read(Kind::Index).is_none());
        let keeper = Keeper { vault: keeper.vault, folder: &folder, keys: mine.state() };
        let path = place.path().join("index");
        fs::copy(&path, place.path().join("search")).unwrap();
        assert!(keeper.read(Kind::Search).is_none());
        let whole = fs::read(&path).unwrap();
        for at in (0..34).chain([40, 65_000, 66_000, whole.len() - 1]) {
            let mut flipped = whole.clone();
            flipped[at] ^= 4;
            fs::write(&path, flipped).unwrap();
            assert!(keeper.read(Kind::Index).is_none(), "byte {at}");
        }
        for len in [0, 15, 16, 33, 34, 49, 50, 65_600, whole.len() - 1] {
            fs::write(&path, &whole[..len]).unwrap();
            assert!(keeper.read(Kind::Index).is_none(), "cut to {len}");
        }
        fs::write(&path, &whole).unwrap();
        assert!(keeper.read(Kind::Index).is_some());
        Keeper::remove(&folder).unwrap();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
