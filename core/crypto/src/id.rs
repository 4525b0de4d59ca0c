//! Random identifiers of 16 bytes, one type for each thing they name.

use crate::entropy::{Entropy, draw};
use crate::{CryptoError, text};

/// A text that is not 32 lowercase hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is 32 lowercase hexadecimal digits")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Draw a new one.
            pub fn random(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
                Ok(Self(draw(entropy)?))
            }
            /// From its 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
            /// Its 16 bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&text::hex(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), text::hex(&self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text::unhex(text).map(Self).ok_or(IdError)
            }
        }
    )*};
}

ids! {
    /// One record, through all its versions.
    RecordId
    /// One person of the vault. Never part of associated data.
    PersonId
    /// One file or answer that came in.
    DocumentId
    /// One attachment's content.
    AttachmentId
    /// One grant of consent.
    GrantId
    /// One share made under a grant.
    ShareId
    /// One vault. Bound in the associated data of everything sealed in it, so it stays the same through backup and
    /// restore; what changes at a restore is the vault's instance id, which is not used here.
    VaultId
    /// One writer: an installation that makes versions and log entries.
    WriterId
    /// One epoch key.
    EpochId
    /// One small sealed thing (grant, share, setting).
    ItemId
    /// One slot of the vault.
    SlotId
    /// One header key.
    HeaderKeyId
    /// One backup file.
    BackupId
}

/// Which version of a record: who wrote it and the how-manieth of that writer. Ordered by writer, then counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The installation that wrote it.
    pub writer: WriterId,
    /// Counts up from 1 within the record, whoever writes.
    pub counter: u64,
}
