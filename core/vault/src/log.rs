//! The access log: entries in their final form, and what is said about the log as a whole.

use std::fmt;

use kosha_crypto::id::WriterId;
use kosha_crypto::merkle::leaf_hash;
use kosha_crypto::{Field, LogKey, Place};
use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read, Reader};
use crate::error::{Error, Part, Result};
use crate::rows::{blob, id};
use crate::vault::Vault;

const VERSION: u8 = 1;
/// Longest name of an event, in bytes.
const MAX_EVENT: usize = 256;
/// Longest detail of an event, in bytes.
const MAX_DETAIL: usize = 64 * 1024;

/// One thing that happened.
#[derive(Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number in the log, from 0.
    pub index: u64,
    /// The installation that wrote it.
    pub writer: WriterId,
    /// When, Unix milliseconds.
    pub time_ms: i64,
    /// What, as the caller's word.
    pub event: String,
    /// More about it, as the caller's text.
    pub detail: String,
}

impl fmt::Debug for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogEntry").field("index", &self.index).finish_non_exhaustive()
    }
}

/// A signed statement about the whole log: who holds it can tell later whether the log was cut or rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of entries.
    pub size: u64,
    /// Root of the Merkle tree over them (RFC 6962 section 2.1).
    pub root: [u8; 32],
    /// The signed note (C2SP signed-note and tlog-checkpoint).
    pub note: String,
    /// Fingerprint of the key that signed it.
    pub fingerprint: String,
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Canonical entry v1, the bytes that the leaf hash covers; frozen:
/// `version | writer | time i64 | event length u32 | event | detail length u32 | detail`.
pub(crate) fn canonical(
    writer: WriterId,
    time_ms: i64,
    event: &str,
    detail: &str,
) -> Result<Zeroizing<Vec<u8>>> {
    if event.len() > MAX_EVENT || detail.len() > MAX_DETAIL {
        return Err(Error::TooLarge("a log entry holds 256 bytes of event and 64 KiB of detail"));
    }
    let mut out = Zeroizing::new(Vec::with_capacity(33 + event.len() + detail.len()));
    out.push(VERSION);
    out.extend_from_slice(writer.as_bytes());
    out.extend_from_slice(&time_ms.to_le_bytes());
    put(&mut out, event);
    put(&mut out, detail);
    Ok(out)
}

/// Reads what [`canonical`] wrote.
pub(crate) fn decode(index: u64, bytes: &[u8]) -> Read<LogEntry> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != VERSION {
        return Err(Malformed);
    }
    let writer = WriterId::from_bytes(reader.array()?);
    let time_ms = reader.i64()?;
    let mut text = || -> Read<String> {
        let len = usize::try_from(reader.u32()?).map_err(|_| Malformed)?;
        std::str::from_utf8(reader.take(len)?).map(str::to_owned).map_err(|_| Malformed)
    };
    let (event, detail) = (text()?, text()?);
    reader.finish()?;
    Ok(LogEntry { index, writer, time_ms, event, detail })
}

/// An entry with what its leaf hash was made of.
pub(crate) struct Opened {
    pub(crate) entry: LogEntry,
    pub(crate) salt: Zeroizing<[u8; 32]>,
    pub(crate) canonical: Zeroizing<Vec<u8>>,
}

impl LogEntry {
    /// Reads a canonical entry, as a proof holds it. Foreign bytes: [`Error::Damaged`] when they are none.
    pub fn from_canonical(index: u64, bytes: &[u8]) -> Result<Self> {
        decode(index, bytes).map_err(|_| Error::Damaged(Part::LogEntry(index)))
    }
}

impl Vault {
    /// At most `limit` entries of the log after the one numbered `after` (from the start if absent), oldest first.
    pub fn log(&self, after: Option<u64>, limit: usize) -> Result<Vec<LogEntry>> {
        let size = self.state.as_ref().map_or(0, |state| state.log.size());
        let first = after.map_or(0, |after| after.saturating_add(1));
        (first..size).take(limit).map(|index| self.log_entry(index)).collect()
    }

    /// Number of entries in the log.
    pub fn log_len(&self) -> u64 {
        self.state.as_ref().map_or(0, |state| state.log.size())
    }

    pub(crate) fn log_entry(&self, index: u64) -> Result<LogEntry> {
        self.opened_entry(index).map(|opened| opened.entry)
    }

    pub(crate) fn opened_entry(&self, index: u64) -> Result<Opened> {
        let part = Part::LogEntry(index);
        let row = i64::try_from(index).ok().and_then(|n| n.checked_add(1)).ok_or(Error::Damaged(part))?;
        self.one("SELECT w,k,b,h FROM l WHERE n=?1", row, part, |row| {
            let writer = WriterId::from_bytes(id(row, 0)?);
            let place = Place::log_entry(self.keys.vault, writer, index);
            let key = self.keys.own.epochs().unwrap_record(&place, blob(row, 1)?).map_err(|_| Malformed)?;
            let mut buffer = Zeroizing::new(Vec::new());
            let plain =
                key.open_into(&place, Field::Body, blob(row, 2)?, &mut buffer).map_err(|_| Malformed)?;
            let (salt, canonical) = plain.split_first_chunk::<32>().ok_or(Malformed)?;
            let stored: [u8; 32] = blob(row, 3)?.try_into().map_err(|_| Malformed)?;
            let entry = decode(index, canonical)?;
            if leaf_hash(salt, canonical) != stored || entry.writer != writer {
                return Err(Malformed);
            }
            Ok(Opened { entry, salt: Zeroizing::new(*salt), canonical: Zeroizing::new(canonical.to_vec()) })
        })
    }

    /// A signed statement about the log as it is now. `_now_ms` is not part of it: a checkpoint of the same log is the
    /// same note at any time.
    pub fn checkpoint(&self, _now_ms: i64) -> Result<Checkpoint> {
        let signer = self.keys.signer.as_ref().ok_or(Error::Damaged(Part::LogSigner))?;
        let state = self.state.as_ref().ok_or(Error::Damaged(Part::State))?;
        let (size, root) = (state.log.size(), state.log.root());
        let note = signer.checkpoint(size, &root)?;
        Ok(Checkpoint { size, root, note, fingerprint: signer.fingerprint() })
    }

    /// The key that signs the log; absent when its row is damaged.
    pub fn log_key(&self) -> Option<LogKey> {
        self.keys.signer.as_ref().map(kosha_crypto::LogSigner::public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: a proof about an old entry must stay valid.
    #[test]
    fn canonical_entry_and_leaf_are_frozen() {
        let writer = WriterId::from_bytes([0x11; 16]);
        let bytes = canonical(writer, 1_700_000_000_000, "share", "für zwei Tage").unwrap();
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .flat_map(|b| [b >> 4, b & 15])
                .map(|n| char::from(b"0123456789abcdef"[usize::from(n)]))
                .collect::<String>()
        };
        assert_eq!(
            hex(&bytes),
            "01111111111111111111111111111111110068e5cf8b0100000500000073686172650e\
             00000066c3bc72207a7765692054616765"
        );
        assert_eq!(
            hex(&leaf_hash(&[0x22; 32], &bytes)),
            "86000af541bef49e6ed05c045a8e1ffb6b2ac7dd00918ed26b36d92f55f67217"
        );
        let entry = decode(7, &bytes).unwrap();
        assert_eq!((entry.index, entry.time_ms, entry.event.as_str()), (7, 1_700_000_000_000, "share"));
        for len in 0..bytes.len() {
            assert!(decode(7, &bytes[..len]).is_err(), "cut to {len}");
        }
    }
}
