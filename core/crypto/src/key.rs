//! The 32 bytes behind every key handle. Private: nothing outside this crate sees them.

use secrecy::{ExposeSecret as _, SecretBox};

use crate::{CryptoError, Entropy};

/// 32 secret bytes on the heap, wiped on drop.
pub(crate) struct Key(SecretBox<[u8; 32]>);

impl Key {
    /// Draw a new one.
    pub(crate) fn random(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        let mut drawn = Ok(());
        let key = Self::filled_by(|out| drawn = entropy.fill(out));
        drawn.map(|()| key)
    }

    /// Let `fill` write the bytes where they will stay.
    pub(crate) fn filled_by(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        Self(SecretBox::init_with_mut(fill))
    }

    /// Copy out of a longer buffer that the caller wipes.
    pub(crate) fn copied_from(bytes: &[u8]) -> Result<Self, CryptoError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| CryptoError::Malformed("a key is 32 bytes"))?;
        Ok(Self::filled_by(|out| out.copy_from_slice(bytes)))
    }

    /// The bytes, for one operation.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }
}

/// `Debug` that names the type and nothing else.
macro_rules! redacted {
    ($($name:ident),* $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
pub(crate) use redacted;

redacted!(Key);
