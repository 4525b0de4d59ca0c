//! The manifest that ends a run: what the vault holds, and what of it the backup has.

use std::fmt;

use kosha_crypto::SetHash;
use zeroize::Zeroizing;

use super::{GROWING, SMALL};
use crate::bytes::{Malformed, Read, Reader, put_length, put_sized};

const LAYOUT: u8 = 1;

/// An attachment's file inside a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileNote {
    pub(super) name: [u8; 16],
    /// Length as sealed.
    pub(super) len: u64,
    /// SHA-256 of the sealed file.
    pub(super) hash: [u8; 32],
}

/// How far a table has been taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Extent {
    /// Number of rows.
    pub(super) count: u64,
    /// The highest `n`; 0 without rows.
    pub(super) last: i64,
}

/// What ends a run.
#[derive(Clone)]
pub(super) struct Manifest {
    /// Number of the run, from 1.
    pub(super) run: u32,
    pub(super) made_ms: i64,
    /// Sequence of the vault's state.
    pub(super) sequence: u64,
    /// Set-hash of all rows, device slots left out.
    pub(super) set: SetHash,
    /// Set-hash of the rows of the growing tables alone.
    pub(super) grown: SetHash,
    /// Of the tables of [`GROWING`], in that order.
    pub(super) growing: [Extent; 5],
    /// Of the tables of [`SMALL`], in that order.
    pub(super) small: [Extent; 6],
    /// Number of current records.
    pub(super) records: u64,
    /// The log's signed checkpoint.
    pub(super) note: String,
    pub(super) files: Vec<FileNote>,
}

/// What a backup says about itself.
#[derive(Clone, PartialEq, Eq)]
pub struct BackupInfo {
    /// The vault it is of.
    pub vault: kosha_crypto::id::VaultId,
    /// When its last run was made, Unix milliseconds.
    pub made_ms: i64,
    /// How many runs it holds.
    pub runs: u32,
    /// Number of transactions of the vault at that time. A later state has more.
    pub sequence: u64,
    /// Number of current records.
    pub records: u64,
    /// Number of attachments.
    pub attachments: u64,
    /// The log's signed checkpoint of that time.
    pub checkpoint: String,
    /// Size of the file in bytes.
    pub size: u64,
}

impl fmt::Debug for BackupInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupInfo").field("vault", &self.vault).finish_non_exhaustive()
    }
}

impl Manifest {
    pub(super) fn info(&self, vault: kosha_crypto::id::VaultId, size: u64) -> BackupInfo {
        BackupInfo {
            vault,
            made_ms: self.made_ms,
            runs: self.run,
            sequence: self.sequence,
            records: self.records,
            attachments: u64::try_from(self.files.len()).unwrap_or(u64::MAX),
            checkpoint: self.note.clone(),
            size,
        }
    }

    /// Layout, then the fields as they stand above, then zeros up to the Padmé size.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(512 + self.files.len() * 56));
        out.push(LAYOUT);
        out.extend_from_slice(&self.run.to_le_bytes());
        out.extend_from_slice(&self.made_ms.to_le_bytes());
        out.extend_from_slice(&self.sequence.to_le_bytes());
        out.extend_from_slice(self.set.as_bytes());
        out.extend_from_slice(self.grown.as_bytes());
        for extent in self.growing.iter().chain(&self.small) {
            out.extend_from_slice(&extent.count.to_le_bytes());
            out.extend_from_slice(&extent.last.to_le_bytes());
        }
        out.extend_from_slice(&self.records.to_le_bytes());
        put_sized(&mut out, self.note.as_bytes());
        put_length(&mut out, self.files.len());
        for file in &self.files {
            out.extend_from_slice(&file.name);
            out.extend_from_slice(&file.len.to_le_bytes());
            out.extend_from_slice(&file.hash);
        }
        let padded = kosha_crypto::padme(u64::try_from(out.len()).unwrap_or(0));
        let padded = usize::try_from(padded).unwrap_or(out.len());
        out.resize(padded, 0);
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Read<Self> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != LAYOUT {
            return Err(Malformed);
        }
        let run = reader.u32()?;
        let made_ms = reader.i64()?;
        let sequence = reader.u64()?;
        let set = SetHash::from_bytes(reader.array()?);
        let grown = SetHash::from_bytes(reader.array()?);
        let mut growing = [Extent::default(); GROWING.len()];
        let mut small = [Extent::default(); SMALL.len()];
        for extent in growing.iter_mut().chain(&mut small) {
            *extent = Extent { count: reader.u64()?, last: reader.i64()? };
        }
        let records = reader.u64()?;
        let note = reader.text()?.to_owned();
        let count = reader.length()?;
        let mut table = Reader::new(reader.take(count.checked_mul(56).ok_or(Malformed)?)?);
        let mut files = Vec::with_capacity(count);
        while !table.is_empty() {
            files.push(FileNote { name: table.array()?, len: table.u64()?, hash: table.array()? });
        }
        if reader.take(reader.remaining())?.iter().any(|byte| *byte != 0) {
            return Err(Malformed);
        }
        Ok(Self { run, made_ms, sequence, set, grown, growing, small, records, note, files })
    }
}
