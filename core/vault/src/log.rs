//! The access log: entries in their final form, and what is said about the log as a whole.

use std::fmt;

use kosha_crypto::id::WriterId;
use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read, Reader};
use crate::error::{Error, Result};

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

#[cfg(test)]
mod tests {
    use super::*;
    use kosha_crypto::merkle::leaf_hash;

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
