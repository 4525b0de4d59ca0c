//! A keyed hash of the set of all sealed rows, kept up to date at one addition per change.
//!
//! The sum modulo 2^256 of HMAC-SHA256 of each row: an additive multiset hash (Clarke et al., "Incremental Multiset Hash
//! Functions and Their Application to Memory Integrity Checking", ASIACRYPT 2003, MSet-Add-Hash; there with a random
//! offset, which is not needed where the sum is stored sealed).

use ring::hmac;

use crate::key::redacted;
use crate::keys::StateKey;
use crate::mac;

/// The contribution of one row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RowHash([u8; 32]);

/// Hashes rows; made for one scan or transaction, since its key schedule cannot be wiped in place.
pub struct RowHasher(hmac::Key);

impl StateKey {
    /// Start hashing rows.
    pub fn row_hasher(&self) -> RowHasher {
        RowHasher(hmac::Key::new(hmac::HMAC_SHA256, self.set.expose()))
    }
}

impl RowHasher {
    /// HMAC of `table` (2 bytes, big-endian) and each part with its length (8 bytes, big-endian) in front: row id,
    /// version, and each sealed column or its [`crate::envelope::fingerprint`].
    pub fn row(&self, table: u16, parts: &[&[u8]]) -> RowHash {
        let mut input = Input { context: hmac::Context::with_key(&self.0), buffer: [0; 192], filled: 0 };
        input.put(&table.to_be_bytes());
        for part in parts {
            input.put(&(part.len() as u64).to_be_bytes());
            input.put(part);
        }
        input.flush();
        let context = input.context;
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        RowHash(out)
    }
}

/// Hands small parts on together: most rows fit in one piece.
struct Input {
    context: hmac::Context,
    buffer: [u8; 192],
    filled: usize,
}

impl Input {
    fn put(&mut self, part: &[u8]) {
        let end = self.filled.saturating_add(part.len());
        if let Some(room) = self.buffer.get_mut(self.filled..end) {
            room.copy_from_slice(part);
            self.filled = end;
        } else {
            self.flush();
            self.context.update(part);
        }
    }

    fn flush(&mut self) {
        self.context.update(self.buffer.get(..self.filled).unwrap_or_default());
        self.filled = 0;
    }
}

/// The hash of a set of rows. Equal sets have equal hashes in whatever order they were made.
#[derive(Clone, Copy)]
pub struct SetHash([u8; 32]);

impl SetHash {
    /// The hash of no rows.
    pub const EMPTY: Self = Self([0; 32]);

    /// From stored bytes, big-endian.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store, inside the sealed state.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A row came in.
    pub fn add(&mut self, row: &RowHash) {
        let mut carry = false;
        for (sum, word) in self.0.as_chunks_mut::<8>().0.iter_mut().zip(row.0.as_chunks::<8>().0).rev() {
            let (value, first) = u64::from_be_bytes(*sum).overflowing_add(u64::from_be_bytes(*word));
            let (value, second) = value.overflowing_add(u64::from(carry));
            *sum = value.to_be_bytes();
            carry = first | second;
        }
    }

    /// A row went.
    pub fn remove(&mut self, row: &RowHash) {
        let mut borrow = false;
        for (sum, word) in self.0.as_chunks_mut::<8>().0.iter_mut().zip(row.0.as_chunks::<8>().0).rev() {
            let (value, first) = u64::from_be_bytes(*sum).overflowing_sub(u64::from_be_bytes(*word));
            let (value, second) = value.overflowing_sub(u64::from(borrow));
            *sum = value.to_be_bytes();
            borrow = first | second;
        }
    }
}

impl PartialEq for SetHash {
    fn eq(&self, other: &Self) -> bool {
        mac::equal(&self.0, &other.0)
    }
}

impl Eq for SetHash {}

redacted!(RowHash, RowHasher, SetHash);
