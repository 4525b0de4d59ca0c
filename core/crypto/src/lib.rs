//! Keys and envelopes of Kosha: the only place that holds key bytes.

pub mod digest;
pub mod envelope;
pub mod hpke;
pub mod id;
pub mod jwe;
pub mod link;
pub mod log;
pub mod merkle;
pub mod passcode;
pub mod slot;
pub mod stream;
pub mod ticket;
pub mod token;

mod aead;
mod entropy;
mod error;
mod join;
mod key;
mod key_set;
mod keys;
mod keystore;
mod mac;
mod padding;
mod place;
mod set_hash;
mod text;

pub use entropy::{Entropy, SystemEntropy};
pub use envelope::WRAPPED_KEY_LEN;
pub use error::{CryptoError, KeystoreError, SlotError};
pub use id::{
    AttachmentId, DocumentId, EpochId, GrantId, HeaderKeyId, IdError, ItemId, PersonId, RecordId, ShareId,
    SlotId, VaultId, Version, WriterId,
};
pub use key_set::{EpochKey, Epochs, MAX_EPOCHS, PersonKeys, SealedRecord, VaultKeys};
pub use keys::{AttachmentKey, HeaderKey, ItemKey, RecordKey, RootKey, StateKey};
pub use keystore::{Availability, DeviceKeystore, Secret};
pub use link::{LinkKey, LinkSecret};
pub use log::{LogKey, LogSigner};
pub use padding::padme;
pub use passcode::PasscodeHash;
pub use place::{AAD_LEN, Field, Place};
pub use set_hash::{RowHash, RowHasher, SetHash};
pub use slot::{KdfStrength, Slot, SlotKind};
pub use stream::{StreamOpener, StreamSealer};
pub use ticket::TicketKey;
pub use token::Token;
pub use zeroize::Zeroizing;
