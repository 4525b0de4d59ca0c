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
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&table.to_be_bytes());
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        RowHash(out)
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
        let mut carry = 0;
        for (sum, byte) in self.0.iter_mut().zip(&row.0).rev() {
            let [high, low] = (u16::from(*sum) + u16::from(*byte) + carry).to_be_bytes();
            *sum = low;
            carry = u16::from(high);
        }
    }

    /// A row went.
    pub fn remove(&mut self, row: &RowHash) {
        let mut borrow = 0;
        for (sum, byte) in self.0.iter_mut().zip(&row.0).rev() {
            let [high, low] = (256 + u16::from(*sum) - u16::from(*byte) - borrow).to_be_bytes();
            *sum = low;
            borrow = 1 - u16::from(high);
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
