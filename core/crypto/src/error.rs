//! What can go wrong, without a word about what was inside.

/// Why an operation on keys or sealed bytes was refused. Carries no key, no plaintext and no length of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// The source of randomness failed; nothing was sealed.
    #[error("no randomness could be drawn")]
    Entropy,
    /// The bytes do not open: another key, another place, or changed.
    #[error("the sealed bytes do not open here")]
    Refused,
    /// The bytes have not the shape of the format; the text names the rule that was broken.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// A version or algorithm that this build does not know.
    #[error("written in a version or algorithm that is not known here")]
    Unsupported,
    /// More bytes than the format can carry.
    #[error("too large for the format")]
    TooLarge,
    /// The bytes name a key that is not in the given set.
    #[error("sealed with a key that is not in this set")]
    UnknownKey,
    /// Argon2 parameters outside of what is accepted ([`crate::slot::KdfStrength`]).
    #[error("key derivation parameters outside the accepted range")]
    KdfParameters,
}

/// What a platform keystore answers instead of doing what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoreError {
    /// There is no keystore, or it cannot be used now (device locked, no screen lock set).
    #[error("the device keystore is not available now")]
    Unavailable,
    /// The person dismissed the request for a finger, face or code.
    #[error("the request was dismissed")]
    Cancelled,
    /// There is no key under that label: never made, deleted, or made invalid by the platform. Another slot is needed.
    #[error("the device key is gone")]
    KeyMissing,
    /// The key is there, the sealed bytes are not its own.
    #[error("the device key does not open these bytes")]
    Refused,
    /// The platform failed in another way.
    #[error("the device keystore failed")]
    Failed,
}

/// Why a slot did not give up the root key. The variants ask for different things of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SlotError {
    /// The slot is whole; the passphrase or device key is not the one it was made with.
    #[error("the slot is whole and the key is another one")]
    WrongKey,
    /// The slot's bytes were changed or cut. Another slot or a backup is needed.
    #[error("the slot is damaged")]
    Damaged,
    /// The slot is whole and of a kind or version that this build does not know.
    #[error("the slot is of a kind that is not known here")]
    Unsupported,
    /// The slot is of another kind than the call: a passphrase for a device slot, or the other way round.
    #[error("the slot is of another kind")]
    OtherKind,
    /// The keystore did not do its part.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// Randomness, parameters or sizes.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}
