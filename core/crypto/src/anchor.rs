//! The anchor: what is kept outside of a vault so that an older copy of it, or another vault in its place, is noticed.
//!
//! ```text
//!   0   4  "KANC"
//!   4   1  version, 1
//!   5  16  vault id
//!  21  32  fingerprint of the log's key (SHA-256 of the public key)
//!  53  16  instance id, new with every restore; zero for vaults that have none
//!  69   8  sequence of the vault's state, big-endian
//!  77  32  SHA-256 of the state at that sequence
//! 109   8  size of the log, big-endian
//! 117  32  root of the log
//! 149  32  HMAC-SHA256 of all before, under HKDF(log signing seed, "kosha/v1/anchor")
//! ```
//!
//! The key comes from the log's signing seed since that outlives every replacement of the vault's keys and a restore. Whoever
//! keeps an anchor can lose it or hand out an older one; a changed or invented one is refused.

use crate::key::Key;
use crate::{LogKey, LogSigner, VaultId, mac};

/// Length of an anchor in bytes.
pub const ANCHOR_LEN: usize = 181;
const MAGIC: &[u8; 4] = b"KANC";
const VERSION: u8 = 1;

/// Where a vault stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The vault.
    pub vault: VaultId,
    /// Random, new with every restore, so that a restored vault is told from an old copy.
    pub instance: [u8; 16],
    /// Number of transactions so far. An older copy has fewer.
    pub sequence: u64,
    /// SHA-256 of the state at that time.
    pub state: [u8; 32],
    /// Number of entries in the log.
    pub log_size: u64,
    /// Merkle root over them.
    pub log_root: [u8; 32],
}

/// Why an anchor was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorError {
    /// Not an anchor, cut, or changed.
    #[error("the anchor is damaged")]
    Damaged,
    /// Written by a newer version.
    #[error("the anchor is of a version that is not known here")]
    Unsupported,
    /// An anchor of another vault, or of a vault whose log has another key.
    #[error("the anchor is of another vault")]
    OtherVault,
}

fn authenticate(key: &Key, bytes: &[u8]) -> [u8; 32] {
    mac::hmac_sha256(key.expose(), &[bytes])
}

impl Anchor {
    /// The bytes to keep outside of the vault.
    pub fn seal(&self, signer: &LogSigner) -> Vec<u8> {
        let mut out = Vec::with_capacity(ANCHOR_LEN);
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        out.extend_from_slice(self.vault.as_bytes());
        out.extend_from_slice(&signer.public().fingerprint_bytes());
        out.extend_from_slice(&self.instance);
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out.extend_from_slice(&self.state);
        out.extend_from_slice(&self.log_size.to_be_bytes());
        out.extend_from_slice(&self.log_root);
        let tag = authenticate(&signer.anchor_key(), &out);
        out.extend_from_slice(&tag);
        out
    }

    /// Read what [`Anchor::seal`] gave for this vault and log.
    pub fn open(bytes: &[u8], vault: VaultId, signer: &LogSigner) -> Result<Self, AnchorError> {
        let Unchecked { anchor, key, body, tag } = Unchecked::read(bytes)?;
        if anchor.vault != vault || key != signer.public().fingerprint_bytes() {
            return Err(AnchorError::OtherVault);
        }
        let held = mac::equal(&authenticate(&signer.anchor_key(), body), &tag);
        if held { Ok(anchor) } else { Err(AnchorError::Damaged) }
    }
}

/// The fields of an anchor, nothing checked.
struct Unchecked<'a> {
    anchor: Anchor,
    /// Fingerprint of the log's key.
    key: [u8; 32],
    /// What the tag covers.
    body: &'a [u8],
    tag: [u8; 32],
}

impl<'a> Unchecked<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, AnchorError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(AnchorError::Damaged)?;
        let [version] = take(&mut rest)?;
        if version != VERSION {
            return Err(AnchorError::Unsupported);
        }
        let vault = VaultId::from_bytes(take(&mut rest)?);
        let key = take(&mut rest)?;
        let anchor = Anchor {
            vault,
            instance: take(&mut rest)?,
            sequence: u64::from_be_bytes(take(&mut rest)?),
            state: take(&mut rest)?,
            log_size: u64::from_be_bytes(take(&mut rest)?),
            log_root: take(&mut rest)?,
        };
        let body = bytes.get(..ANCHOR_LEN - 32).ok_or(AnchorError::Damaged)?;
        let tag = take(&mut rest)?;
        if rest.is_empty() { Ok(Self { anchor, key, body, tag }) } else { Err(AnchorError::Damaged) }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], AnchorError> {
    let (front, behind) = rest.split_first_chunk::<N>().ok_or(AnchorError::Damaged)?;
    *rest = behind;
    Ok(*front)
}

impl LogKey {
    /// SHA-256 of the public key.
    pub fn fingerprint_bytes(&self) -> [u8; 32] {
        crate::digest::sha256(&[self.as_bytes()])
    }
}
