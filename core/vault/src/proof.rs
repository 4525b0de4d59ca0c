//! What can be shown of the log to someone who trusts neither the vault nor its device.

use std::fmt;

use kosha_crypto::merkle::Tree;
use zeroize::Zeroizing;

use crate::error::{Error, Part, Result};
use crate::log::Checkpoint;
use crate::rows::blob;
use crate::schema::scan;
use crate::vault::Vault;

/// An entry with its way to the root (RFC 9162 section 2.1.3).
#[derive(Clone, PartialEq, Eq)]
pub struct ProvenEntry {
    /// Its number in the log, from 0.
    pub index: u64,
    /// The canonical entry.
    pub canonical: Zeroizing<Vec<u8>>,
    /// What was hashed in front of it.
    pub salt: Zeroizing<[u8; 32]>,
    /// Audit path, from the leaf upwards.
    pub path: Vec<[u8; 32]>,
}

impl fmt::Debug for ProvenEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvenEntry").field("index", &self.index).finish_non_exhaustive()
    }
}

/// That the log as it was once is the beginning of the log as it is (RFC 9162 section 2.1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consistency {
    /// Number of entries then.
    pub size: u64,
    /// Root over them.
    pub root: [u8; 32],
    /// The proof.
    pub path: Vec<[u8; 32]>,
}

/// A part of the log that verifies with the log's public key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// The log as it is now, signed.
    pub checkpoint: Checkpoint,
    /// The public key in C2SP form.
    pub verifier: String,
    /// The chosen entries, ascending.
    pub entries: Vec<ProvenEntry>,
    /// The way from an earlier size to now, where one was asked for.
    pub since: Option<Consistency>,
}

impl Vault {
    /// Proves that `entries` are in the log, and that the log of `since` entries is its beginning. Repeated numbers count
    /// once. Takes time for the whole log once, then logarithmic time for each entry.
    ///
    /// [`Error::UnknownEntry`] for a number or size beyond the log; [`Error::Damaged`] where the stored leaves are not
    /// those of the tree, so that no proof of them would hold.
    pub fn prove(&self, entries: &[u64], since: Option<u64>) -> Result<LogProof> {
        let signer = self.keys.signer.as_ref().ok_or(Error::Damaged(Part::LogSigner))?;
        let checkpoint = self.checkpoint(0)?;
        let tree = Tree::new(self.leaves()?);
        if tree.root_at(checkpoint.size) != Some(checkpoint.root) || tree.size() != checkpoint.size {
            return Err(Error::Damaged(Part::LogSigner));
        }
        let mut wanted = entries.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let entries = wanted
            .into_iter()
            .map(|index| {
                let path = tree.inclusion(index, checkpoint.size).ok_or(Error::UnknownEntry(index))?;
                let opened = self.opened_entry(index)?;
                Ok(ProvenEntry { index, canonical: opened.canonical, salt: opened.salt, path })
            })
            .collect::<Result<_>>()?;
        let since = since
            .map(|size| {
                let both = tree.root_at(size).zip(tree.consistency(size, checkpoint.size));
                let (root, path) = both.ok_or(Error::UnknownEntry(size))?;
                Ok::<_, Error>(Consistency { size, root, path })
            })
            .transpose()?;
        Ok(LogProof { verifier: signer.public().verifier_text(), checkpoint, entries, since })
    }

    /// The leaf hashes as they are stored.
    pub(crate) fn leaves(&self) -> Result<Vec<[u8; 32]>> {
        let mut leaves = Vec::new();
        let damaged = Error::Damaged(Part::Rows('l'));
        let whole = scan(&self.conn, 'l', "h", |n, row| {
            let leaf = blob(row, 1).ok().and_then(|leaf| <[u8; 32]>::try_from(leaf).ok());
            if usize::try_from(n).ok() != leaves.len().checked_add(1) {
                return Err(Error::Damaged(Part::Rows('l')));
            }
            leaves.push(leaf.ok_or(Error::Damaged(Part::Rows('l')))?);
            Ok(())
        })?;
        if whole { Ok(leaves) } else { Err(damaged) }
    }
}
