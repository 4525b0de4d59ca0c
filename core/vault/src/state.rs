//! The sealed state: one row that stands for all others, written anew in every transaction.

use kosha_crypto::merkle::Frontier;
use kosha_crypto::{RowHash, SetHash};

use crate::bytes::{Malformed, Read, Reader, put_sized};

const VERSION: u8 = 1;

/// What the vault must hold.
#[derive(Clone)]
pub(crate) struct State {
    /// Number of transactions so far; stored in clear beside the seal and bound in its associated data.
    pub(crate) sequence: u64,
    /// Number of rows in the set.
    pub(crate) count: u64,
    /// Keyed hash of the set of all sealed rows.
    pub(crate) set: SetHash,
    /// The log's Merkle tree.
    pub(crate) log: Frontier,
    /// The checkpoint signed last, or empty.
    pub(crate) note: String,
}

impl State {
    pub(crate) fn empty() -> Self {
        Self { sequence: 0, count: 0, set: SetHash::EMPTY, log: Frontier::default(), note: String::new() }
    }

    pub(crate) fn add(&mut self, row: &RowHash) {
        self.set.add(row);
        self.count += 1;
    }

    pub(crate) fn remove(&mut self, row: &RowHash) {
        self.set.remove(row);
        self.count = self.count.saturating_sub(1);
    }

    /// `version | count u64 | set-hash | log frontier, sized | note, sized`.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        out.push(VERSION);
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(self.set.as_bytes());
        put_sized(&mut out, &self.log.to_bytes());
        put_sized(&mut out, self.note.as_bytes());
        out
    }

    pub(crate) fn decode(sequence: u64, bytes: &[u8]) -> Read<Self> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let count = reader.u64()?;
        let set = SetHash::from_bytes(reader.array()?);
        let log = Frontier::from_bytes(reader.sized()?).map_err(|_| Malformed)?;
        let note = reader.text()?.to_owned();
        reader.finish()?;
        Ok(Self { sequence, count, set, log, note })
    }
}
